"""Handing over what an organisation held when it ended: in bulk, with history, and never twice."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from policies.actions import initiatives, revisions, signoff, succession
from policies.actions.action import NotAllowedError, RuleError, StaleVersionError
from policies.models import Change, FormerRole, Membership, Organisation, Responsibility
from tests.policies import factories
from tracker.actions import scans
from tracker.models import Flag

pytestmark = pytest.mark.django_db

ON = datetime.date(2024, 7, 9)


@pytest.fixture
def administrator():
    return factories.user(is_administrator=True)


@pytest.fixture
def old():
    return factories.organisation(name="Old", lineage="one-lineage", active_to=ON)


@pytest.fixture
def new():
    return factories.organisation(name="New", lineage="one-lineage")


def held(old, role="lead", status="published", **more):
    return factories.responsibility(organisation=old, role=role, initiative=factories.policy(status=status), **more)


def hand_over(by, old, new, *roles, on=ON):
    return succession.hand_over(
        by=by, organisation=old, successor=new, on=on, records=[role.initiative for role in roles]
    )


class TestHandingOver:
    def test_moves_the_role_with_its_note_and_keeps_who_held_it(self, administrator, old, new):
        role = held(old, note="By the white paper", source_title="White paper")
        assert hand_over(administrator, old, new, role) == 1
        role.refresh_from_db()
        assert (role.organisation, role.role, role.note, role.source_title) == (
            new, "lead", "By the white paper", "White paper",
        )  # fmt: skip
        former = FormerRole.objects.get()
        assert (former.organisation, former.role, former.until, former.successor, former.by) == (
            old, "lead", ON, new, administrator,
        )  # fmt: skip

    def test_leaves_records_that_were_not_chosen(self, administrator, old, new):
        chosen, other = held(old), held(old)
        hand_over(administrator, old, new, chosen)
        assert list(Responsibility.objects.filter(organisation=old)) == [other]

    @pytest.mark.parametrize("status", ["closed", "withdrawn"])
    def test_leaves_what_is_over_under_the_old_name(self, administrator, old, new, status):
        with pytest.raises(RuleError, match="holds no role"):
            hand_over(administrator, old, new, held(old, status=status))

    def test_moves_drafts_too(self, administrator, old, new):
        assert hand_over(administrator, old, new, held(old, status="draft")) == 1

    def test_moves_the_version_so_that_nobody_saves_over_it(self, administrator, old, new):
        role = held(old, status="draft")
        hand_over(administrator, old, new, role)
        with pytest.raises(StaleVersionError):
            initiatives.edit(by=administrator, initiative=role.initiative, version=1, title="Late")

    @pytest.mark.parametrize(("lineage", "answer"), [("one-lineage", "accepted"), ("another", "proposed")])
    def test_asks_again_unless_it_is_the_same_body_under_another_name(self, administrator, old, lineage, answer):
        role = held(old, "delivery", answer="accepted", answered_by=administrator, answered_at=timezone.now())
        hand_over(administrator, old, factories.organisation(lineage=lineage), role)
        role.refresh_from_db()
        assert role.answer == answer

    def test_leaves_nothing_behind_of_what_the_old_body_and_the_lead_said(self, administrator, old):
        before = timezone.now() - datetime.timedelta(days=30)
        role = held(
            old,
            "delivery",
            answer="other_role",
            answer_words="We would rather support",
            proposed_role="supporting",
            answered_by=administrator,
            answered_at=before,
            reply="Agreed",
            replied_by=administrator,
            replied_at=before,
        )
        hand_over(administrator, old, factories.organisation(), role)
        role.refresh_from_db()
        assert (role.answer, role.answer_words, role.proposed_role, role.reply) == ("proposed", "", "", "")
        assert (role.answered_by, role.replied_by, role.replied_at) == (None, None, None)
        assert role.given_at > before, "the new body has its own time to answer"

    def test_doubles_no_role_that_the_successor_has(self, administrator, old, new):
        role = held(old, "supporting")
        factories.responsibility(initiative=role.initiative, organisation=new, role="supporting")
        assert hand_over(administrator, old, new, role) == 1
        assert [r.organisation for r in role.initiative.responsibilities.all()] == [new]
        assert FormerRole.objects.get().organisation == old

    def test_moves_every_role_in_a_record(self, administrator, old, new):
        role = held(old)
        factories.responsibility(initiative=role.initiative, organisation=old, role="funder")
        assert hand_over(administrator, old, new, role) == 2

    def test_takes_as_many_statements_for_60_records_as_for_2(self, administrator, old, new):
        few, many = [held(old) for _ in range(2)], [held(old) for _ in range(60)]
        counts = []
        for roles in (few, many):
            with CaptureQueriesContext(connection) as asked:
                hand_over(administrator, old, new, *roles)
            counts.append(len(asked))
        assert counts[0] == counts[1] <= 20

    def test_is_in_the_history_of_each_record(self, administrator, old, new):
        from tracker.web.history import history

        role = held(old)
        hand_over(administrator, old, new, role)
        entries, _cut = history(role.initiative, administrator)
        entry = next(entry for entry in entries if entry.by)
        changes = {(change.label, change.before, change.after) for change in entry.changes}
        assert ("Role New, Lead: organisation", "Old", "New") in changes
        assert ("Earlier role added", None, "Old, Lead, 9 July 2024") in changes
        assert entry.by == administrator.name


class TestRevisions:
    """A working copy that is open goes with its record, and brings nothing of the old body back."""

    @pytest.fixture
    def opened(self, administrator, old):
        role = held(old)
        factories.responsibility(initiative=role.initiative, organisation=old, role="funder", note="Before")
        return role.initiative, revisions.start_revision(by=administrator, initiative=role.initiative)

    def publish(self, copy):
        copy.refresh_from_db()
        copy = signoff.submit(by=factories.user(is_administrator=True), initiative=copy, version=copy.version)
        return signoff.approve(by=factories.user(is_administrator=True), initiative=copy, version=copy.version)

    def test_and_are_published_with_the_successor(self, administrator, old, new, opened):
        record, copy = opened
        assert succession.hand_over(by=administrator, organisation=old, successor=new, on=ON, records=[record]) == 2
        assert {role.organisation for role in copy.responsibilities.all()} == {new}
        self.publish(copy)
        assert {(role.organisation, role.role) for role in record.responsibilities.all()} == {
            (new, "lead"),
            (new, "funder"),
        }
        assert FormerRole.objects.filter(initiative=record).count() == 2

    def test_and_what_was_taken_away_on_them_goes(self, administrator, old, new, opened):
        record, copy = opened
        copy.responsibilities.filter(role="funder").delete()
        succession.hand_over(by=administrator, organisation=old, successor=new, on=ON, records=[record])
        self.publish(copy)
        assert [(role.organisation, role.role) for role in record.responsibilities.all()] == [(new, "lead")]

    def test_are_not_handed_over_by_themselves(self, administrator, old, new, opened):
        _record, copy = opened
        with pytest.raises(RuleError, match="holds no role"):
            succession.hand_over(by=administrator, organisation=old, successor=new, on=ON, records=[copy])


class TestRefusals:
    def test_members_hand_nothing_over(self, old, new):
        for role in ("editor", "approver"):
            with pytest.raises(NotAllowedError):
                hand_over(factories.member(role, old), old, new, held(old, "funder"))

    def test_of_a_body_that_exists(self, administrator, new):
        with pytest.raises(RuleError, match="has not ended"):
            hand_over(administrator, new, factories.organisation(), held(new))

    def test_to_itself_or_to_one_that_has_ended(self, administrator, old):
        role = held(old)
        with pytest.raises(RuleError, match="another organisation"):
            hand_over(administrator, old, old, role)
        with pytest.raises(RuleError, match="ended on"):
            hand_over(administrator, old, factories.organisation(active_to=ON), role)

    def test_before_it_began(self, administrator, new):
        old = factories.organisation(active_from=datetime.date(2020, 1, 1), active_to=ON)
        with pytest.raises(RuleError, match="before the organisation began"):
            hand_over(administrator, old, new, held(old), on=datetime.date(2019, 1, 1))

    def test_a_second_time(self, administrator, old, new):
        role = held(old)
        hand_over(administrator, old, new, role)
        with pytest.raises(RuleError, match="any more"):
            hand_over(administrator, old, new, role)


class TestPeople:
    def test_act_for_the_successor_in_the_role_that_they_had(self, administrator, old, new):
        mover, stays = factories.member("editor", old), factories.member("editor", old)
        number = succession.move_members(by=administrator, organisation=old, successor=new, people=[mover])
        assert number == 1
        assert [(m.organisation, m.role) for m in mover.memberships.all()] == [(new, "editor")]
        assert stays.memberships.get().organisation == old

    @pytest.mark.parametrize(("there", "after"), [("reader", "editor"), ("approver", "approver")])
    def test_keep_the_higher_role_where_they_had_two(self, administrator, old, new, there, after):
        person = factories.member("editor", old)
        factories.membership(user=person, organisation=new, role=there)
        succession.move_members(by=administrator, organisation=old, successor=new, people=[person])
        assert [(m.organisation, m.role) for m in Membership.objects.filter(user=person)] == [(new, after)]

    def test_are_moved_by_administrators_only(self, old, new):
        person = factories.member("approver", old)
        with pytest.raises(NotAllowedError):
            succession.move_members(by=person, organisation=old, successor=new, people=[person])


class TestFlags:
    def test_that_the_lead_has_ended_go_when_all_is_handed_over(self, landscape, administrator):
        old, new = (Organisation.objects.get(code=code) for code in ("dluhc", "mhclg"))
        roles = list(Responsibility.objects.filter(organisation=old).select_related("initiative"))
        led = [role.initiative.reference for role in roles if role.role == "lead"]
        standing = Flag.objects.standing().filter(check_code="REC002", initiative__reference__in=led)
        assert standing.count() == len(led) > 0
        hand_over(administrator, old, new, *roles)
        assert {pk for ids in Change.objects.filter(table_name="policies_formerrole").values_list(
            "initiative_ids", flat=True) for pk in ids} == {role.initiative_id for role in roles}  # fmt: skip
        scans.scan_all()
        assert standing.count() == 0
        assert Flag.objects.filter(check_code="REC002", initiative__reference__in=led).count() == len(led)


@pytest.mark.usefixtures("committed")
class TestRaces:
    def test_two_who_hand_the_same_over_do_it_once(self, at_once):
        one, other = (factories.user(is_administrator=True) for _ in range(2))
        old = factories.organisation(active_to=ON)
        heirs = [factories.organisation(), factories.organisation()]
        role = held(old)
        results = at_once(lambda: hand_over(one, old, heirs[0], role), lambda: hand_over(other, old, heirs[1], role))
        assert sorted(type(result).__name__ for result in results) == ["RuleError", "int"]
        assert FormerRole.objects.filter(initiative=role.initiative).count() == 1
