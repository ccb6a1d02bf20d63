"""Working days in England: round Christmas, Easter, substitute days and the turn of the year."""

import datetime

import pytest

from policies import working_days


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "works"),
    [
        ("2026-11-24", True),
        ("2026-11-28", False),  # Saturday
        ("2026-11-29", False),  # Sunday
        ("2026-04-03", False),  # Good Friday
        ("2026-04-06", False),  # Easter Monday
        ("2026-05-04", False),  # Early May
        ("2026-05-25", False),  # Spring
        ("2026-08-31", False),  # Summer
        ("2026-12-24", True),
        ("2026-12-25", False),
        ("2026-12-28", False),  # Boxing Day fell on a Saturday
        ("2026-12-29", True),
        ("2027-12-27", False),  # Christmas fell on a Saturday
        ("2027-12-28", False),  # and Boxing Day on a Sunday
        ("2022-01-03", False),  # New Year fell on a Saturday
        ("2022-09-19", False),  # the State Funeral
        ("2023-05-08", False),  # the Coronation
        ("2026-03-17", True),  # a holiday in Northern Ireland
        ("2026-08-03", True),  # and in Scotland
        ("2026-01-02", True),  # and there too
    ],
)
def test_when_people_in_england_work(text, works):
    assert working_days.is_working_day(day(text)) is works


@pytest.mark.parametrize(
    ("start", "number", "end"),
    [
        ("2026-11-24", 0, "2026-11-24"),
        ("2026-11-28", 0, "2026-11-28"),
        ("2026-11-24", 10, "2026-12-08"),
        ("2026-11-27", 1, "2026-11-30"),
        ("2026-11-28", 1, "2026-11-30"),
        ("2026-12-17", 5, "2026-12-24"),
        ("2026-12-18", 5, "2026-12-29"),
        ("2026-12-24", 5, "2027-01-05"),
        ("2026-04-02", 1, "2026-04-07"),
        ("2026-03-26", 10, "2026-04-13"),
    ],
)
def test_counting_on_and_back(start, number, end):
    start, end = day(start), day(end)
    assert working_days.after(start, number) == end
    assert working_days.passed(start, end) == number
    if number and working_days.is_working_day(start):
        assert working_days.before(end, number) == start


def test_nothing_has_passed_before_the_start():
    assert working_days.passed(day("2026-11-24"), day("2026-11-23")) == 0


def test_a_number_of_days_is_not_negative():
    with pytest.raises(ValueError, match="not negative"):
        working_days.after(day("2026-11-24"), -1)


@pytest.mark.parametrize("end", ["2026-11-24", "2026-11-28", "2026-12-28", "2027-01-04"])
@pytest.mark.parametrize("number", [0, 1, 5, 20])
def test_the_latest_start_is_the_last_from_which_as_many_have_passed(end, number):
    start = working_days.latest_start(day(end), number)
    assert working_days.passed(start, day(end)) == number
    later = start + datetime.timedelta(days=1)
    assert number == 0 or working_days.passed(later, day(end)) == number - 1
