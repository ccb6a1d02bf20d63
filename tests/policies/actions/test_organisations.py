"""Adding, changing and ending organisations, and that reference files leave what a person has changed."""

import datetime

import pytest
from django.utils import timezone

from policies.actions import initiatives, organisations
from policies.actions.action import NotAllowedError, RuleError
from policies.actions.people import registrar
from policies.actions.reference import load_reference
from policies.models import Organisation, OrganisationAlias, Successions
from tests.policies import factories
from tests.policies.written import written

pytestmark = pytest.mark.django_db

ENDED = datetime.date(2024, 7, 9)


@pytest.fixture
def administrator():
    return factories.user(is_administrator=True)


def edit(by, organisation, **changes):
    """Change some details, the others being what they are."""
    details = {name: getattr(organisation, name) for name in ("name", "abbreviation", "sector")}
    aliases = changes.pop("aliases", [alias.name for alias in organisation.aliases.all()])
    seen = changes.pop("last_seen", organisations.seen(organisation))
    return organisations.edit_organisation(
        by=by, organisation=organisation, last_seen=seen, aliases=aliases, **details | changes
    )


def end(by, organisation, *successors, on=ENDED, reason="The order of 2024"):
    return organisations.end_organisation(by=by, organisation=organisation, on=on, successors=successors, reason=reason)


class TestWho:
    @pytest.mark.parametrize("role", ["reader", "editor", "approver"])
    def test_members_do_none_of_it(self, role):
        body = factories.organisation()
        member = factories.member(role, body)
        for act in (
            lambda: organisations.add_organisation(by=member, name="N", kind="other", sector="other"),
            lambda: edit(member, body, name="N"),
            lambda: end(member, body),
        ):
            with pytest.raises(NotAllowedError):
                act()


class TestAdding:
    def test_gives_a_code_of_its_own(self, administrator):
        told = {"by": administrator, "kind": "other", "sector": "other"}
        one = organisations.add_organisation(name="Office for Älter Things", **told)
        two = organisations.add_organisation(name="Office for Alter Things", **told)
        three = organisations.add_organisation(name="?!", **told)
        assert (one.code, two.code) == ("office-for-alter-things", "office-for-alter-things-2")
        assert three.code == "organisation"
        assert one.lineage == one.code

    def test_under_a_new_name_counts_as_one_with_the_old(self, administrator):
        old = factories.organisation(lineage="the-lineage")
        new = organisations.add_organisation(
            by=administrator, name="New", kind="department", sector="national", follows=old, aliases=["The New One"]
        )
        assert new.lineage == "the-lineage"
        assert [alias.name for alias in new.aliases.all()] == ["The New One"]


class TestChanging:
    def test_marks_only_what_has_changed(self, administrator):
        body = factories.organisation()
        assert edit(administrator, body).by_hand == []
        assert edit(administrator, body, abbreviation="XY").by_hand == ["abbreviation"]
        assert edit(administrator, body, aliases=["Another"]).by_hand == ["abbreviation", "aliases"]

    def test_of_what_somebody_else_has_changed_is_refused(self, administrator):
        body = factories.organisation()
        before = organisations.seen(body)
        edit(administrator, body, name="First")
        with pytest.raises(organisations.ChangedMeanwhileError):
            edit(administrator, body, name="Second", last_seen=before)
        body.refresh_from_db()
        assert body.name == "First"

    def test_of_a_name_that_another_body_has_is_refused(self, administrator):
        other = factories.organisation_alias(name="Shared")
        with pytest.raises(RuleError, match=f"already another name of {other.organisation.name}"):
            edit(administrator, factories.organisation(), aliases=["Shared"])

    def test_keeps_other_names_that_stay(self, administrator):
        body = factories.organisation()
        kept = factories.organisation_alias(organisation=body, name="Kept")
        factories.organisation_alias(organisation=body, name="Gone")
        edit(administrator, body, aliases=["kept", "New"])
        assert set(body.aliases.values_list("name", flat=True)) == {"Kept", "New"}
        assert OrganisationAlias.objects.get(name="Kept").pk == kept.pk

    def test_of_dates_keeps_their_order(self, administrator):
        body = factories.organisation(active_from=datetime.date(2020, 1, 1))
        with pytest.raises(RuleError, match="same as or after"):
            edit(administrator, body, active_to=datetime.date(2019, 1, 1), active_to_precision="day")

    def test_that_it_has_not_ended_after_all_takes_the_reason_away(self, administrator):
        body = end(administrator, factories.organisation())
        again = edit(administrator, body, active_to=None, active_to_precision="")
        assert (again.active_to, again.ended_reason, again.has_ended) == (None, "", False)


class TestReferenceFiles:
    def test_leave_what_was_changed_and_write_the_rest(self, landscape, administrator):
        dhsc = Organisation.objects.get(code="dhsc")
        edit(administrator, dhsc, name="Department of Health", aliases=["Our own name"])
        Organisation.objects.filter(pk=dhsc.pk).update(govuk_code="XX")
        load_reference(by=registrar())
        dhsc.refresh_from_db()
        assert dhsc.name == "Department of Health"
        assert dhsc.govuk_code != "XX"
        assert [alias.name for alias in dhsc.aliases.all()] == ["Our own name"]
        before = written()
        load_reference(by=registrar())
        assert written() == before

    def test_leave_a_name_that_was_given_to_another(self, landscape, administrator):
        alias = OrganisationAlias.objects.exclude(organisation__code="dhsc").first()
        name, owner = alias.name, alias.organisation
        edit(administrator, owner, aliases=[])
        edit(administrator, Organisation.objects.get(code="dhsc"), aliases=[name])
        load_reference(by=registrar())
        assert OrganisationAlias.objects.get(name=name).organisation.code == "dhsc"

    def test_leave_an_end_and_its_successors(self, landscape, administrator):
        dft = Organisation.objects.get(code="dft")
        end(administrator, dft, Organisation.objects.get(code="dhsc"))
        load_reference(by=registrar())
        dft.refresh_from_db()
        assert dft.active_to == ENDED
        assert [one.code for one in dft.successors.all()] == ["dhsc"]


class TestEnding:
    def test_keeps_day_reason_and_successors(self, administrator):
        body, one, two = (factories.organisation() for _ in range(3))
        ended = end(administrator, body, one, two)
        assert (ended.active_to, ended.active_to_precision, ended.ended_reason) == (ENDED, "day", "The order of 2024")
        assert set(ended.successors.all()) == {one, two}
        assert ended.has_ended

    @pytest.mark.parametrize(
        ("how", "message"),
        [
            ({"reason": " "}, "Enter why"),
            ({"on": datetime.date(2019, 12, 31)}, "began on 1 January 2020"),
            ({"on": timezone.localdate() + datetime.timedelta(days=1)}, "today or an earlier day"),
        ],
    )
    def test_needs_a_reason_and_a_day_that_can_be(self, administrator, how, message):
        body = factories.organisation(active_from=datetime.date(2020, 1, 1))
        with pytest.raises(RuleError, match=message):
            end(administrator, body, **how)

    def test_twice_is_refused(self, administrator):
        body = end(administrator, factories.organisation())
        with pytest.raises(RuleError, match="already"):
            end(administrator, body)

    def test_in_itself_or_in_a_body_that_has_ended_is_refused(self, administrator):
        body = factories.organisation()
        with pytest.raises(RuleError, match="its own successor"):
            end(administrator, body, body)
        gone = end(administrator, factories.organisation(name="Gone"), factories.organisation(name="Heir"))
        with pytest.raises(RuleError, match="Gone ended on 9 July 2024; its successor is Heir"):
            end(administrator, body, gone)


class TestNewRoles:
    @pytest.fixture
    def gone(self, administrator):
        return end(administrator, factories.organisation(name="Gone"), factories.organisation(name="Heir"))

    def test_are_not_given_to_a_body_that_has_ended(self, administrator, gone):
        draft = factories.policy()
        with pytest.raises(RuleError, match="its successor is Heir"):
            initiatives.set_parts(
                by=administrator,
                initiative=draft,
                version=draft.version,
                part="roles",
                rows=[{"organisation": gone, "role": "supporting"}],
            )
        with pytest.raises(RuleError, match="its successor is Heir"):
            initiatives.create(by=administrator, kind="policy", form="strategy", lead=gone, title="T")

    def test_leave_those_that_it_had(self, administrator, gone):
        role = factories.responsibility(organisation=gone)
        row, other = (
            {"organisation": gone, "role": "lead"},
            {"organisation": factories.organisation(), "role": "funder"},
        )
        draft = role.initiative
        initiatives.set_parts(
            by=administrator, initiative=draft, version=draft.version, part="roles", rows=[row, other]
        )
        assert draft.responsibilities.count() == 2


class TestSuccessions:
    def test_are_followed_to_those_that_exist(self):
        first, second = factories.organisation(active_to=ENDED), factories.organisation(active_to=ENDED)
        third, fourth = factories.organisation(), factories.organisation()
        for before, after in ((first, second), (second, third), (second, fourth)):
            factories.organisation_succession(predecessor=before, successor=after)
        chains = Successions()
        assert set(chains.heirs(first.pk)) == {third.pk, fourth.pk}
        assert chains.heirs(third.pk) == [third.pk]
        assert chains.counted_as(third.pk) == {first.pk, second.pk, third.pk}
        assert Successions(ENDED - datetime.timedelta(days=1)).heirs(first.pk) == [first.pk]

    def test_end_where_nobody_followed_and_in_a_circle(self):
        alone = factories.organisation(active_to=ENDED)
        assert Successions().heirs(alone.pk) == []
        assert Successions().counted_as(alone.pk) == {alone.pk}
        one, two = factories.organisation(active_to=ENDED), factories.organisation(active_to=ENDED)
        factories.organisation_succession(predecessor=one, successor=two)
        factories.organisation_succession(predecessor=two, successor=one)
        assert Successions().heirs(one.pk) == []

    def test_take_two_queries_however_many(self, landscape, django_assert_num_queries):
        with django_assert_num_queries(2):
            chains = Successions()
            for pk in list(chains.ended)[:50]:
                chains.heirs(pk)
