"""Contested links: an organisation says it in its own name, changes and takes back only that, and gives its grounds."""

import pytest

from policies.actions.action import NotAllowedError, RuleError
from policies.actions.assertions import assert_link, withdraw_link
from policies.actions.initiatives import set_parts
from policies.actions.revisions import start_revision
from policies.actions.signoff import approve, submit
from policies.models import OutcomeLink
from tests.policies import factories

pytestmark = pytest.mark.django_db

SAID = {"direction": "worsens", "horizon": "short", "pathway": "More traffic."}


class Scene:
    """A published policy that improves an outcome, its lead, and a supporting department."""

    def __init__(self):
        self.lead, self.partner = factories.organisation(), factories.organisation()
        self.policy = factories.policy(status="published")
        factories.responsibility(initiative=self.policy, organisation=self.lead, role="lead")
        factories.responsibility(initiative=self.policy, organisation=self.partner, role="supporting")
        self.own = factories.outcome_link(initiative=self.policy)
        self.outcome = self.own.outcome
        self.editor = factories.member("editor", self.partner)

    def say(self, by=None, organisation=None, **said):
        return assert_link(
            by=by or self.editor,
            initiative=self.policy,
            organisation=organisation or self.partner,
            outcome=self.outcome,
            **(SAID | said),
        )


@pytest.fixture
def scene():
    return Scene()


def test_both_stand_and_neither_changes_the_other(scene):
    link = scene.say(evidence=" A count of cars. ")
    assert (link.asserted_by, link.direction, link.basis) == (scene.partner, "worsens", "judged")
    assert link.evidence == "A count of cars."
    scene.own.refresh_from_db()
    assert scene.own.direction == "improves"
    assert scene.policy.outcome_links.count() == 2


def test_said_anew_it_is_the_same_row(scene):
    first = scene.say()
    again = scene.say(direction="mixed")
    assert (again.pk, again.direction) == (first.pk, "mixed")


def test_what_the_lead_changes_in_the_record_leaves_it_alone(scene):
    said = scene.say()
    editor, approver = factories.member("editor", scene.lead), factories.member("approver", scene.lead)
    copy = start_revision(by=editor, initiative=scene.policy)
    copy = set_parts(by=editor, initiative=copy, version=copy.version, part="outcomes", rows=[])
    copy = submit(by=editor, initiative=copy, version=copy.version)
    approve(by=approver, initiative=copy, version=copy.version)
    assert list(scene.policy.outcome_links.all()) == [said]


def test_taken_back_it_goes_and_the_record_s_own_stays(scene):
    withdraw_link(by=scene.editor, link=scene.say())
    assert list(scene.policy.outcome_links.all()) == [scene.own]


@pytest.mark.parametrize(
    "said",
    [{"direction": "up"}, {"horizon": ""}, {"pathway": " "}, {"pathway": "", "evidence": ""}],
)
def test_it_says_which_way_when_and_on_what_grounds(scene, said):
    with pytest.raises(RuleError, match="Say "):
        scene.say(**said)
    assert not OutcomeLink.objects.filter(asserted_by=scene.partner).exists()


def test_it_is_not_said_to_be_stated_in_the_text(scene):
    with pytest.raises(TypeError, match="stated_in_text"):
        scene.say(stated_in_text=True)


def test_nobody_touches_another_organisation_s_words(scene):
    said = scene.say()
    other = factories.organisation()
    factories.responsibility(initiative=scene.policy, organisation=other, role="funder")
    for by in (factories.member("approver", other), factories.member("editor", scene.lead), factories.user()):
        with pytest.raises(NotAllowedError):
            scene.say(by=by)
        with pytest.raises(NotAllowedError):
            withdraw_link(by=by, link=said)
    with pytest.raises(NotAllowedError, match="own links are changed in the record"):
        withdraw_link(by=scene.editor, link=scene.own)


@pytest.mark.parametrize("status", ["draft", "in_review", "closed", "withdrawn"])
def test_it_is_about_published_records(status):
    scene = Scene()
    policy = factories.policy(status=status)
    factories.responsibility(initiative=policy, organisation=scene.partner, role="supporting")
    with pytest.raises(NotAllowedError):
        assert_link(by=scene.editor, initiative=policy, organisation=scene.partner, outcome=scene.outcome, **SAID)
