"""DEP008: what an initiative waits for, and whether it comes in time."""

import datetime

import pytest
from django.utils import timezone

from policies.models import Initiative, Status
from tests.policies import factories
from tests.tracker.checks.sound import bare, days, one, rows

pytestmark = pytest.mark.usefixtures("empty_register")


def ended(status, outcome):
    """Columns of a record that has ended."""
    by = factories.user()
    return {
        "status": status,
        "ended_at": timezone.now(),
        "ended_by": by,
        "ended_reason": "Done.",
        "ended_outcome": outcome,
    }


def due(day, precision="day"):
    """Columns of a due date."""
    return {"due_date": day, "due_precision": precision if day else ""}


def waits(needed, own=None):
    """A commitment that needs another."""
    first = bare("commitment", title="First", **(own or due(days(100))))
    second = bare("commitment", title="Second", **needed)
    factories.dependency(initiative=first, depends_on=second)
    return first, second


def test_quiet_when_it_comes_before_or_on_the_day():
    for day in (days(0), days(99), days(100)):
        waits(due(day))
    assert rows("DEP008") == []


@pytest.mark.parametrize(
    ("needed", "own"),
    [
        (due(None), due(days(100))),
        (due(days(900)), due(None)),
        (due(datetime.date(2030, 12, 31), "year"), due(datetime.date(2030, 6, 30))),
        (due(datetime.date(2030, 7, 31)), due(datetime.date(2030, 7, 1), "month")),
    ],
    ids=["its date is unknown", "the own date is unknown", "some day of the year", "some day of the month"],
)
def test_quiet_when_nobody_can_tell(needed, own):
    waits(needed, own)
    assert rows("DEP008") == []


def test_quiet_when_it_is_done_or_a_draft():
    waits({**ended(Status.CLOSED, "met"), **due(days(-5))})
    waits({"status": Status.DRAFT, "published_at": None, **due(days(900))})
    assert rows("DEP008") == []
    first, _second = waits(due(days(900)))
    Initiative.objects.filter(pk=first.pk).update(**ended(Status.CLOSED, "not_met"))
    assert rows("DEP008") == []


@pytest.mark.parametrize(
    ("needed", "words"),
    [
        (
            lambda: due(days(101)),
            f"which is due by {days(101):%-d %B %Y}, later than its own date, {days(100):%-d %B %Y}.",
        ),
        (lambda: due(days(-1)), f"which was due by {days(-1):%-d %B %Y} and has not been closed."),
        (lambda: ended(Status.WITHDRAWN, "dropped"), "which has been withdrawn."),
        (lambda: ended(Status.CLOSED, "partly_met"), "which is closed; how it ended: met in part."),
        (lambda: ended(Status.CLOSED, "not_recorded"), "which is closed; how it ended: not recorded."),
        (
            lambda: {"start_date": days(101), "start_precision": "day", **due(None)},
            f"which starts on {days(101):%-d %B %Y}, later than its own date, {days(100):%-d %B %Y}.",
        ),
    ],
    ids=["later", "overdue", "withdrawn", "closed in part", "closed somehow", "starts later"],
)
def test_loud(needed, words):
    first, second = waits(needed())
    found = one("DEP008")
    assert found == one("DEP008", first) == one("DEP008", second)
    assert found["fingerprint"] == f"DEP008:pair:{first.reference}+{second.reference}"
    assert (found["found_initiative"], found["found_other"]) == (first.pk, second.pk)
    assert found["sentence"] == f"“First” depends on “Second”, {words}"
    assert rows("DEP008", bare("policy")) == []
