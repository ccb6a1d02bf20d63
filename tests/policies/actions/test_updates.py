"""Reporting progress: who may, of what, once a day; and proposing another date."""

import datetime

import pytest
from django.utils import timezone

from policies.actions import initiatives, updates
from policies.actions.action import NotAllowedError, RuleError, StaleVersionError
from policies.models import Initiative, Update
from tests.policies import factories, steps

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 3, 31)
LATER = datetime.date(2029, 3, 31)
NEXT = datetime.date(2026, 6, 30)


@pytest.fixture
def lead(db):
    return factories.organisation(abbreviation="FACT")


@pytest.fixture
def approver(lead):
    return factories.member("approver", lead)


@pytest.fixture(params=["policy", "commitment"])
def record(request, lead, approver):
    """A published record of each kind that reports."""
    form = "fund" if request.param == "policy" else "commitment"
    made = initiatives.create(by=approver, kind=request.param, form=form, lead=lead, title="A promise")
    name = "end" if request.param == "policy" else "due"
    made = initiatives.edit(
        by=approver, initiative=made, version=1, **{f"{name}_date": DAY, f"{name}_precision": "year"}
    )
    return steps.publish(made, by=approver)


def tell(by, record, **values):
    record = Initiative.objects.get(pk=record.pk)
    sound = {"version": record.version, "reported_on": DAY, "rag": "green", "narrative": "On time."}
    return updates.record_update(by=by, initiative=record, **sound | values)


def runs_to(record):
    """The date that a record runs to, and how well it is known."""
    name = "due" if record.kind == "commitment" else "end"
    fresh = Initiative.objects.get(pk=record.pk)
    return getattr(fresh, f"{name}_date"), getattr(fresh, f"{name}_precision")


def test_an_update_is_kept_and_the_record_moves_on(record, approver):
    assert tell(approver, record, rag="amber", narrative=" Late. ", spent_gbp=5).version == record.version + 1
    kept = Update.objects.get(initiative=record)
    assert (kept.rag, kept.narrative, kept.spent_gbp, kept.by, kept.moved_to) == ("amber", "Late.", 5, approver, None)
    assert runs_to(record) == (DAY, "year")


def test_a_moved_date_is_a_proposal(record, approver):
    tell(approver, record, moved_to=LATER, moved_precision="month", moved_reason_code="funding", moved_reason=" Late. ")
    kept = Update.objects.get(initiative=record)
    assert (kept.moved_from, kept.moved_from_precision) == (DAY, "year")
    assert (kept.moved_to, kept.moved_to_precision) == (LATER, "month")
    assert (kept.moved_reason_code, kept.moved_reason, kept.moved_by) == ("funding", "Late.", approver)
    assert (kept.move_state, kept.move_decided_by) == ("proposed", None)
    assert runs_to(record) == (DAY, "year"), "the date on record waits"


def test_the_same_date_known_better_is_a_move(record, approver):
    tell(approver, record, moved_to=DAY, moved_reason="The day is known.")
    assert Update.objects.get(initiative=record).moved_to_precision == "day"


def test_the_second_of_a_day_takes_the_place_of_the_first(record, approver):
    tell(approver, record, rag="red", moved_to=LATER, moved_reason="Bids came late.")
    tell(approver, record, narrative="In hand.")
    kept = Update.objects.get(initiative=record)
    assert (kept.rag, kept.narrative, kept.moved_from, kept.moved_to) == ("green", "In hand.", DAY, LATER)
    tell(approver, record, moved_to=datetime.date(2030, 3, 31), moved_reason="Later still.")
    kept.refresh_from_db()
    assert (kept.moved_from, kept.moved_to) == (DAY, datetime.date(2030, 3, 31))
    history = Update.pgh_event_model.objects.filter(pgh_obj_id=kept.pk).order_by("pgh_id")
    assert [each.rag for each in history] == ["red", "green", "green"]


def test_a_later_proposal_takes_the_place_of_one_that_waits(record, approver):
    tell(approver, record, moved_to=LATER, moved_reason="Bids came late.")
    tell(approver, record, reported_on=DAY + datetime.timedelta(days=30), narrative="Nothing new.")
    tell(approver, record, reported_on=NEXT, moved_to=datetime.date(2030, 3, 31), moved_reason="Later still.")
    assert list(Update.objects.order_by("reported_on").values_list("move_state", flat=True)) == [
        "replaced",
        "",
        "proposed",
    ]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"moved_to": LATER}, "Enter why"),
        ({"moved_to": LATER, "moved_reason": "None.", "moved_reason_code": "weather"}, "Enter why"),
        ({"moved_to": DAY, "moved_precision": "year", "moved_reason": "None."}, "the same as the date on record"),
        ({"reported_on": timezone.localdate() + datetime.timedelta(days=1)}, "today or an earlier day"),
    ],
)
def test_what_is_refused_changes_nothing(record, approver, values, words):
    with pytest.raises(RuleError, match=words):
        tell(approver, record, **values)
    assert not Update.objects.exists()
    assert Initiative.objects.get(pk=record.pk).version == record.version


def test_an_end_does_not_come_before_the_start(record, approver):
    if record.kind == "commitment":
        return
    Initiative.objects.filter(pk=record.pk).update(start_date=DAY, start_precision="day")
    with pytest.raises(RuleError, match="after the start date"):
        tell(approver, record, moved_to=datetime.date(2020, 1, 1), moved_reason="Early.")


def test_a_draft_has_no_updates(lead, approver):
    draft = initiatives.create(by=approver, kind="policy", form="fund", lead=lead, title="A fund")
    with pytest.raises(RuleError, match="Only a published record"):
        tell(approver, draft)


def test_others_do_not_report(record):
    with pytest.raises(NotAllowedError):
        tell(factories.member("approver", factories.organisation()), record)


def test_a_stale_report_is_refused(record, approver):
    with pytest.raises(StaleVersionError):
        tell(approver, record, version=record.version - 1)
