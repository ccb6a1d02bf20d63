"""Who holds a role: as on record, as it was then, as it is now; before and after it is handed over."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from policies.actions.succession import hand_over
from policies.models import Initiative
from tests.policies import factories
from tracker.filters import FlagFilter, InitiativeFilter
from tracker.models import Flag

pytestmark = [pytest.mark.usefixtures("empty_register"), pytest.mark.django_db]

ON = datetime.date(2024, 7, 9)


class Scene:
    """Old was split into One and Two; Other has nothing to do with it. Each leads a policy."""

    def __init__(self):
        self.bodies = {
            "old": factories.organisation(active_to=ON, lineage="old-lineage"),
            "one": factories.organisation(lineage="old-lineage"),
            "two": factories.organisation(lineage="two-lineage"),
            "other": factories.organisation(lineage="other-lineage"),
        }
        for heir in ("one", "two"):
            factories.organisation_succession(predecessor=self.bodies["old"], successor=self.bodies[heir])
        self.led = {}
        for name, body in self.bodies.items():
            self.led[name] = factories.policy(status="published")
            factories.responsibility(initiative=self.led[name], organisation=body)

    def hand_over(self, to):
        hand_over(
            by=factories.user(is_administrator=True),
            organisation=self.bodies["old"],
            successor=self.bodies[to],
            on=ON,
            records=[self.led["old"]],
        )

    def found(self, by, name, structure, filterset=InitiativeFilter):
        value = self.bodies[name].lineage if by == "lead_lineage" else self.bodies[name].code
        query = f"{by}={value}" + (f"&structure={structure}" if structure else "")
        queryset = (Flag if filterset is FlagFilter else Initiative).objects.all()
        filters = filterset(QueryDict(query), queryset=queryset, user=AnonymousUser())
        assert filters.form.is_valid(), filters.form.errors
        ids = {getattr(row, "initiative_id", row.pk) for row in filters.qs}
        return {name for name, policy in self.led.items() if policy.pk in ids}


@pytest.fixture
def scene():
    return Scene()


@pytest.mark.parametrize("by", ["lead", "organisation"])
class TestABody:
    @pytest.mark.parametrize(
        ("name", "structure", "found"),
        [
            ("old", "", {"old"}),
            ("old", "then", {"old"}),
            ("old", "now", {"old", "one", "two"}),
            ("one", "", {"one"}),
            ("one", "then", {"one"}),
            ("one", "now", {"one", "old"}),
            ("two", "now", {"two", "old"}),
            ("other", "now", {"other"}),
            ("other", "then", {"other"}),
        ],
    )
    def test_before_anything_is_handed_over(self, scene, by, name, structure, found):
        assert scene.found(by, name, structure) == found

    @pytest.mark.parametrize(
        ("name", "structure", "found"),
        [
            ("old", "", set()),
            ("old", "then", {"old"}),
            ("two", "", {"two", "old"}),
            ("two", "then", {"two"}),
            ("two", "now", {"two", "old"}),
            ("one", "now", {"one"}),
        ],
    )
    def test_once_it_is_handed_over(self, scene, by, name, structure, found):
        scene.hand_over("two")
        assert scene.found(by, name, structure) == found


class TestALineage:
    @pytest.mark.parametrize("filterset", [InitiativeFilter, FlagFilter])
    @pytest.mark.parametrize(
        ("name", "structure", "handed", "found"),
        [
            ("old", "", False, {"old", "one"}),
            ("two", "", False, {"two"}),
            ("two", "now", False, {"two", "old"}),
            ("two", "then", False, {"two"}),
            ("two", "", True, {"two", "old"}),
            ("two", "then", True, {"two"}),
            ("old", "then", True, {"old", "one"}),
            ("other", "now", True, {"other"}),
        ],
    )
    def test_counts_with_its_successors_or_without(self, scene, filterset, name, structure, handed, found):
        for policy in scene.led.values():
            factories.flag(initiative=policy)
        if handed:
            scene.hand_over("two")
        assert scene.found("lead_lineage", name, structure, filterset) == found


def test_a_chain_of_hand_overs_leads_back_to_the_first(scene):
    scene.hand_over("two")
    two = scene.bodies["two"]
    type(two).objects.filter(pk=two.pk).update(active_to=ON)
    two.refresh_from_db()
    hand_over(
        by=factories.user(is_administrator=True),
        organisation=two,
        successor=scene.bodies["other"],
        on=ON,
        records=[scene.led["old"]],
    )
    assert scene.found("lead", "old", "then") == {"old"}
    assert scene.found("lead", "two", "then") == {"two"}
    assert scene.found("lead", "other", "then") == {"other"}
    assert scene.found("lead", "other", "") == {"other", "old"}


def test_without_an_organisation_it_narrows_nothing(scene):
    for structure in ("then", "now"):
        filters = InitiativeFilter(QueryDict(f"structure={structure}"), queryset=Initiative.objects.all())
        assert filters.qs.count() == 4


def test_another_word_is_an_error(scene):
    filters = InitiativeFilter(QueryDict("structure=soon&lead=dft"), queryset=Initiative.objects.all())
    assert not filters.form.is_valid()
    assert not filters.qs.exists()
