"""Deciding on a moved date: a second person, once, on what they saw."""

import datetime
import threading

import pytest
from django.db import connection

from policies.actions import signoff, updates
from policies.actions.action import NotAllowedError, RuleError, StaleVersionError
from policies.models import Initiative, Update
from tests.policies import factories

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 3, 31)
LATER = datetime.date(2029, 3, 1)


class Scene:
    """A commitment whose editor has proposed another date."""

    def __init__(self):
        self.lead = factories.organisation(abbreviation="FACT")
        self.proposer = factories.member("approver", self.lead)
        self.second = factories.member("approver", self.lead)
        values = {"status": "published", "due_date": DAY, "due_precision": "day"}
        self.record = factories.commitment(**values)
        factories.responsibility(initiative=self.record, organisation=self.lead)
        self.propose(DAY)

    def propose(self, reported_on, by=None):
        self.record.refresh_from_db()
        self.record = updates.record_update(
            by=by or self.proposer, initiative=self.record, version=self.record.version, reported_on=reported_on,
            rag="amber", narrative="Late.", moved_to=LATER, moved_precision="month", moved_reason_code="scope",
            moved_reason="More was asked.",
        )  # fmt: skip

    @property
    def update(self):
        return Update.objects.get(initiative=self.record, reported_on=DAY)

    def decide(self, by, *, approve=True, **more):
        version = Initiative.objects.get(pk=self.record.pk).version
        values = {"update": self.update, "version": version, "approve": approve} | more
        return updates.decide_move(by=by, **values)

    @property
    def due(self):
        fresh = Initiative.objects.get(pk=self.record.pk)
        return fresh.due_date, fresh.due_precision


@pytest.fixture
def scene(db):
    return Scene()


def test_approval_moves_the_records_date(scene):
    before = scene.record.version
    assert scene.decide(scene.second, words=" Agreed. ").version == before + 1
    assert scene.due == (LATER, "month")
    kept = scene.update
    assert (kept.move_state, kept.move_decided_by, kept.move_words) == ("approved", scene.second, "Agreed.")
    assert kept.move_decided_at is not None
    events = Update.pgh_event_model.objects.filter(pgh_obj_id=kept.pk).select_related("pgh_context").order_by("pgh_id")
    assert [event.pgh_context.metadata["by_name"] for event in events] == [scene.proposer.name, scene.second.name]


def test_declining_moves_nothing_and_says_why(scene):
    with pytest.raises(RuleError, match="Say why"):
        scene.decide(scene.second, approve=False, words=" ")
    scene.decide(scene.second, approve=False, words="The money is there.")
    assert scene.due == (DAY, "day")
    assert (scene.update.move_state, scene.update.move_words) == ("declined", "The money is there.")


def test_after_a_refusal_another_may_be_proposed(scene):
    scene.decide(scene.second, approve=False, words="No.")
    scene.propose(DAY)
    assert (scene.update.move_state, scene.update.move_words, scene.update.move_decided_by) == ("proposed", "", None)


def test_nobody_decides_on_their_own_proposal(scene):
    with pytest.raises(NotAllowedError):
        scene.decide(scene.proposer)
    scene.proposer.is_administrator = True
    scene.proposer.save()
    with pytest.raises(NotAllowedError):
        scene.decide(scene.proposer)
    assert scene.due == (DAY, "day")


def test_whoever_reports_again_that_day_has_not_proposed(scene):
    scene.record.refresh_from_db()
    updates.record_update(
        by=scene.second,
        initiative=scene.record,
        version=scene.record.version,
        reported_on=DAY,
        rag="red",
        narrative="X",
    )
    assert (scene.update.by, scene.update.moved_by) == (scene.second, scene.proposer)
    with pytest.raises(NotAllowedError):
        scene.decide(scene.proposer)
    scene.decide(scene.second)
    assert scene.due == (LATER, "month")


@pytest.mark.parametrize(("role", "whose"), [("editor", "lead"), ("reader", "lead"), ("approver", "other")])
def test_only_approvers_of_the_lead_decide(scene, role, whose):
    body = scene.lead if whose == "lead" else factories.organisation()
    with pytest.raises(NotAllowedError):
        scene.decide(factories.member(role, body))


def test_an_administrator_may(scene):
    scene.decide(factories.user(is_administrator=True))
    assert scene.due == (LATER, "month")


def test_a_decision_is_made_once(scene):
    scene.decide(scene.second)
    with pytest.raises(RuleError, match="decided on or replaced"):
        scene.decide(factories.member("approver", scene.lead), approve=False, words="No.")
    assert scene.update.move_state == "approved"


def test_a_second_proposal_of_the_day_is_not_approved_unseen(scene):
    version = Initiative.objects.get(pk=scene.record.pk).version
    scene.propose(DAY)
    with pytest.raises(StaleVersionError):
        scene.decide(scene.second, version=version)


def test_a_date_that_was_changed_meanwhile_is_not_overwritten(scene):
    Initiative.objects.filter(pk=scene.record.pk).update(due_date=datetime.date(2027, 1, 1))
    with pytest.raises(RuleError, match="has changed since"):
        scene.decide(scene.second)
    assert scene.update.move_state == "proposed"
    scene.decide(scene.second, approve=False, words="Propose it anew.")


def test_a_closed_record_keeps_its_date(scene):
    scene.record.refresh_from_db()
    signoff.end(
        by=scene.second,
        initiative=scene.record,
        version=scene.record.version,
        status="closed",
        outcome="met",
        reason="Done.",
    )
    with pytest.raises(RuleError, match="closed or withdrawn"):
        scene.decide(scene.second)


def test_an_approved_move_of_a_day_is_not_written_over(scene):
    scene.decide(scene.second)
    scene.record.refresh_from_db()
    with pytest.raises(RuleError, match="later update"):
        updates.record_update(
            by=scene.proposer, initiative=scene.record, version=scene.record.version, reported_on=DAY, rag="red",
            narrative="X", moved_to=datetime.date(2031, 1, 1), moved_reason="Again.",
        )  # fmt: skip
    assert scene.update.moved_to == LATER


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_does():
    scene = Scene()
    others = [scene.second, factories.member("approver", scene.lead)]
    version = Initiative.objects.get(pk=scene.record.pk).version
    start, said = threading.Barrier(2), []

    def decide(person, approve):
        try:
            start.wait()
            scene.decide(person, approve=approve, words="So be it.", version=version)
            said.append("done")
        except StaleVersionError:
            said.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=pair) for pair in zip(others, (True, False), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["done", "stale"]
    approved = scene.update.move_state == "approved"
    assert scene.due == ((LATER, "month") if approved else (DAY, "day"))
