"""What people do with flags: who may, what holds and for how long, and what happens when two are at it at once."""

import datetime
import threading

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from policies.actions.action import NotAllowedError, RuleError
from policies.models import Initiative
from tests.policies import deciding, factories
from tracker.actions import flags as acts
from tracker.decisions import FlagComment, FlagDecision, Side
from tracker.models import Flag

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
SOON = TODAY + datetime.timedelta(days=30)


class Scene:
    """A published record and another, each with its lead and people, and a flag about the one and about both."""

    def __init__(self):
        self.lead, self.other_lead = (
            factories.responsibility(role="lead", initiative=factories.policy(status="published")) for _ in range(2)
        )
        self.record, self.other = self.lead.initiative, self.other_lead.initiative
        self.editor, self.approver, self.reader = (
            factories.member(role, self.lead.organisation) for role in ("editor", "approver", "reader")
        )
        self.other_approver = factories.member("approver", self.other_lead.organisation)
        self.flag = factories.flag(initiative=self.record)
        self.pair = factories.flag(initiative=self.record, other=self.other, subject="pair")


@pytest.fixture
def scene():
    return Scene()


def fresh(flag):
    return acts.with_all(Flag.objects.with_state()).get(pk=flag.pk)


def on(flag, key=""):
    return [(flag, key, acts.seen(fresh(flag)))]


def acknowledge(by, flag, key="", **more):
    values = {"owner": by, "plan": "Ask the boards.", "due_on": SOON} | more
    return acts.acknowledge(by=by, on=more.pop("on", None) or on(flag, key), **values)


def dismiss(by, flag, key="", **more):
    values = {"reason": "trade_off", "comment": "Agreed by both.", "review_on": SOON} | more
    return acts.dismiss(by=by, on=on(flag, key), **values)


def state(flag):
    return fresh(flag).state


class TestAcknowledging:
    def test_names_an_owner_a_plan_and_a_date(self, scene):
        (row,) = acknowledge(scene.editor, scene.flag)
        assert (row.owner, row.words, row.due_on, row.side) == (scene.editor, "Ask the boards.", SOON, "first")
        assert row.organisation == scene.lead.organisation
        assert state(scene.flag) == "acknowledged"
        assert scene.flag in Flag.objects.needing_attention()

    def test_holds_through_new_evidence_and_ends_when_the_flag_comes_back(self, scene):
        acknowledge(scene.editor, scene.flag)
        Flag.objects.filter(pk=scene.flag.pk).update(evidence_digest="1" * 32)
        assert state(scene.flag) == "acknowledged"
        Flag.objects.filter(pk=scene.flag.pk).update(times_opened=2)
        assert state(scene.flag) == "reopened"

    @pytest.mark.parametrize(
        "wrong", [{"plan": " "}, {"due_on": TODAY - datetime.timedelta(days=1)}, {"owner": factories.user}]
    )
    def test_needs_all_three_sound(self, scene, wrong):
        wrong = {name: value() if callable(value) else value for name, value in wrong.items()}
        with pytest.raises(RuleError):
            acknowledge(scene.editor, scene.flag, **wrong)
        assert not FlagDecision.objects.exists()

    def test_is_not_what_undoes_a_dismissal(self, scene):
        dismiss(scene.approver, scene.flag)
        with pytest.raises(RuleError, match="Take that decision back first"):
            acknowledge(scene.editor, scene.flag)

    def test_another_member_can_own_it(self, scene):
        (row,) = acknowledge(scene.editor, scene.flag, owner=scene.reader)
        assert row.owner == scene.reader


class TestDismissing:
    def test_sets_the_flag_aside_with_a_name(self, scene):
        (row,) = dismiss(scene.approver, scene.flag)
        assert (row.by, row.reason, row.words, row.review_on) == (
            scene.approver, "trade_off", "Agreed by both.", SOON,
        )  # fmt: skip
        assert state(scene.flag) == "dismissed"
        assert scene.flag not in Flag.objects.needing_attention()
        assert scene.flag in Flag.objects.set_aside()

    def test_ends_when_the_evidence_changes(self, scene):
        dismiss(scene.approver, scene.flag)
        Flag.objects.filter(pk=scene.flag.pk).update(evidence_digest="1" * 32)
        assert state(scene.flag) == "reopened"
        assert scene.flag in Flag.objects.needing_attention()

    def test_ends_on_the_review_date(self, scene):
        deciding.dismissal(flag=scene.flag, decided_on=TODAY - datetime.timedelta(days=9), review_on=TODAY)
        assert state(scene.flag) == "reopened"

    @pytest.mark.parametrize("days", [-1, 0, 367])
    def test_is_for_a_year_at_most(self, scene, days):
        with pytest.raises(RuleError, match="within a year"):
            dismiss(scene.approver, scene.flag, review_on=TODAY + datetime.timedelta(days=days))

    def test_takes_the_day_a_year_from_now(self, scene):
        dismiss(scene.approver, scene.flag, review_on=acts.a_year_on(TODAY))
        assert state(scene.flag) == "dismissed"

    def test_a_leap_day_has_an_end_too(self):
        assert acts.a_year_on(datetime.date(2028, 2, 29)) == datetime.date(2029, 2, 28)

    @pytest.mark.parametrize("wrong", [{"reason": "dull"}, {"reason": ""}, {"comment": "\n"}])
    def test_needs_a_reason_and_words(self, scene, wrong):
        with pytest.raises(RuleError):
            dismiss(scene.approver, scene.flag, **wrong)

    def test_of_what_is_resolved_is_refused(self, scene):
        Flag.objects.filter(pk=scene.flag.pk).update(resolved_at=timezone.now())
        with pytest.raises(RuleError, match="resolved"):
            dismiss(scene.approver, scene.flag)


class TestWhoMay:
    @pytest.mark.parametrize(
        ("who", "acknowledges", "dismisses"),
        [("editor", True, False), ("approver", True, True), ("reader", False, False), ("other_approver", False, False)],
    )
    def test_people_of_the_lead(self, scene, who, acknowledges, dismisses):
        person = getattr(scene, who)
        for act, may in ((acknowledge, acknowledges), (dismiss, dismisses)):
            if may:
                assert act(person, scene.flag)
            else:
                with pytest.raises(NotAllowedError):
                    act(person, scene.flag)

    def test_administrators_may_both(self, scene):
        administrator = factories.user(is_administrator=True)
        acknowledge(administrator, scene.flag)
        assert dismiss(administrator, scene.flag)[0].organisation is None

    @pytest.mark.parametrize("role", ["bidder", "supporting"])
    def test_a_bidder_or_supporter_may_comment_and_no_more(self, scene, role):
        held = factories.responsibility(initiative=scene.record, role=role)
        member = factories.member("approver", held.organisation)
        said = acts.comment(by=member, flag=scene.flag, organisation=held.organisation, words="We see it otherwise.")
        assert said.organisation == held.organisation
        with pytest.raises(NotAllowedError):
            acknowledge(member, scene.flag)

    def test_a_stranger_and_a_reader_may_not_comment(self, scene):
        for person in (factories.member("approver", factories.organisation()), scene.reader):
            with pytest.raises(NotAllowedError):
                acts.comment(by=person, flag=scene.flag, organisation=scene.lead.organisation, words="Hm.")
        assert not FlagComment.objects.exists()

    def test_of_a_flag_about_a_role_its_holder_too(self, scene):
        held = factories.responsibility(initiative=scene.record, role="delivery")
        flag = factories.flag(initiative=scene.record, organisation=held.organisation)
        assert dismiss(factories.member("approver", held.organisation), flag)

    def test_of_a_flag_about_no_record_its_organisation_or_administrators_alone(self, scene):
        body = factories.organisation()
        tilted = factories.flag(initiative=None, organisation=body, subject="portfolio")
        assert dismiss(factories.member("approver", body), tilted)
        nobodys = factories.flag(initiative=None, subject="outcome")
        with pytest.raises(NotAllowedError):
            dismiss(scene.approver, nobodys)
        assert dismiss(factories.user(is_administrator=True), nobodys)

    def test_nobody_decides_on_what_they_cannot_see(self, scene):
        Initiative.objects.filter(pk=scene.record.pk).update(
            status="draft", published_at=None, published_by=None, sensitivity="official"
        )
        with pytest.raises(NotAllowedError):
            dismiss(scene.other_approver, scene.pair, "second")


class TestPairs:
    def test_each_side_decides_for_itself(self, scene):
        dismiss(scene.approver, scene.pair)
        assert state(scene.pair) == "open"
        assert scene.pair in Flag.objects.needing_attention()
        mine, theirs = ([one.organisation.pk] for one in (scene.lead, scene.other_lead))
        assert scene.pair not in Flag.objects.concerning(mine, undecided=True)
        assert scene.pair in Flag.objects.concerning(theirs, undecided=True)
        assert scene.pair in Flag.objects.concerning(mine)
        dismiss(scene.other_approver, scene.pair)
        assert state(scene.pair) == "dismissed"
        assert [row.side for row in FlagDecision.objects.order_by("pk")] == [Side.FIRST, Side.SECOND]

    def test_are_acknowledged_when_each_side_has_decided_somehow(self, scene):
        dismiss(scene.approver, scene.pair)
        acknowledge(scene.other_approver, scene.pair)
        assert state(scene.pair) == "acknowledged"

    def test_of_one_lead_are_decided_on_once(self, scene):
        factories.responsibility(
            initiative=(twin := factories.policy(status="published")), organisation=scene.lead.organisation, role="lead"
        )
        pair = factories.flag(initiative=scene.record, other=twin, subject="pair")
        assert len(dismiss(scene.approver, pair)) == 2
        assert state(pair) == "dismissed"

    def test_who_acts_for_both_says_for_which(self, scene):
        administrator = factories.user(is_administrator=True)
        with pytest.raises(NotAllowedError):
            dismiss(administrator, scene.pair)
        dismiss(administrator, scene.pair, "second")
        assert FlagDecision.objects.get().side == Side.SECOND


class TestTakingBack:
    def test_opens_the_flag_again_and_keeps_what_was_decided(self, scene):
        (row,) = dismiss(scene.approver, scene.flag, reason="disputed")
        acts.take_back(by=scene.approver, flag=scene.flag, decision=row, reason="We looked again.")
        row.refresh_from_db()
        assert (row.taken_back_by, row.taken_back_reason) == (scene.approver, "We looked again.")
        assert state(scene.flag) == "reopened"
        assert not FlagDecision.objects.disputing().exists()

    def test_of_a_dismissal_is_for_approvers_and_needs_a_reason(self, scene):
        (row,) = dismiss(scene.approver, scene.flag)
        with pytest.raises(NotAllowedError):
            acts.take_back(by=scene.editor, flag=scene.flag, decision=row, reason="No.")
        with pytest.raises(RuleError):
            acts.take_back(by=scene.approver, flag=scene.flag, decision=row, reason=" ")

    def test_of_the_other_sides_decision_is_refused(self, scene):
        (row,) = dismiss(scene.approver, scene.pair)
        with pytest.raises(NotAllowedError):
            acts.take_back(by=scene.other_approver, flag=scene.pair, decision=row, reason="No.")

    def test_twice_is_told(self, scene):
        (row,) = acknowledge(scene.editor, scene.flag)
        acts.take_back(by=scene.editor, flag=scene.flag, decision=row, reason="Not ours.")
        with pytest.raises(acts.ChangedError):
            acts.take_back(by=scene.editor, flag=scene.flag, decision=row, reason="Not ours.")


class TestAtOnce:
    def test_a_second_decision_supersedes_the_first_and_both_stay(self, scene):
        acknowledge(scene.editor, scene.flag)
        dismiss(scene.approver, scene.flag)
        assert [bool(row.superseded_at) for row in FlagDecision.objects.order_by("pk")] == [True, False]

    def test_what_changed_since_it_was_read_is_not_decided_on(self, scene):
        before = on(scene.flag)
        Flag.objects.filter(pk=scene.flag.pk).update(evidence_digest="1" * 32)
        with pytest.raises(acts.ChangedError):
            acts.dismiss(by=scene.approver, on=before, reason="trade_off", comment="Fine.", review_on=SOON)
        before = on(scene.flag)
        acknowledge(scene.editor, scene.flag)
        with pytest.raises(acts.ChangedError):
            acts.dismiss(by=scene.approver, on=before, reason="trade_off", comment="Fine.", review_on=SOON)
        assert FlagDecision.objects.count() == 1

    def test_many_are_all_decided_on_or_none(self, scene):
        flags = [scene.flag, factories.flag(initiative=scene.record), factories.flag(initiative=scene.other)]
        together = [pair for flag in flags for pair in on(flag)]
        with pytest.raises(NotAllowedError):
            acts.acknowledge(by=scene.editor, on=together, owner=scene.editor, plan="Ask.", due_on=SOON)
        assert not FlagDecision.objects.exists()
        rows = acts.acknowledge(by=scene.editor, on=together[:2], owner=scene.editor, plan="Ask.", due_on=SOON)
        assert len(rows) == 2

    def test_forty_take_as_many_statements_as_two(self, scene):
        def asked(number):
            together = [pair for _ in range(number) for pair in on(factories.flag(initiative=scene.record))]
            with CaptureQueriesContext(connection) as queries:
                acts.acknowledge(by=scene.editor, on=together, owner=scene.editor, plan="Ask.", due_on=SOON)
            return len(queries)

        assert asked(2) == asked(40) <= 25


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_decide_in_the_same_moment_one_is_told():
    scene = Scene()
    before, start, ends = on(scene.flag), threading.Barrier(2), []

    def run(person):
        start.wait(10)
        try:
            acts.dismiss(by=person, on=before, reason="trade_off", comment="Fine.", review_on=SOON)
            ends.append("saved")
        except acts.ChangedError:
            ends.append("told")
        finally:
            connections.close_all()

    people = [scene.approver, factories.member("approver", scene.lead.organisation)]
    threads = [threading.Thread(target=run, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(ends) == ["saved", "told"]
    assert FlagDecision.objects.count() == 1
