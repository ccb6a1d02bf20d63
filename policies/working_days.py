"""Days on which people work in England: not Saturday, not Sunday, and no bank holiday, substitute days included.

The `holidays` library knows the bank holidays: fixed, movable and one-off ones of the past, and by rule those to
come. A bank holiday that is proclaimed later, such as for a coronation, comes with a new version of the library.
"""

import datetime

from holidays.countries import UnitedKingdom

# All years of use at once: the library fills in a year when it is first asked for, and another thread that asks at
# the same moment would be told that the year has no holidays.
_BANK_HOLIDAYS = UnitedKingdom(subdiv="ENG", years=range(2010, 2061))
_DAY = datetime.timedelta(days=1)
_SATURDAY = 5


def is_working_day(day):
    """Whether people in England work on a date."""
    return day.weekday() < _SATURDAY and day not in _BANK_HOLIDAYS


def after(day, number):
    """The working day that is `number` working days after a date; with 0 the date itself, whatever day it is."""
    return _walk(day, number, _DAY)


def before(day, number):
    """The working day that is `number` working days before a date; with 0 the date itself."""
    return _walk(day, number, -_DAY)


def passed(start, end):
    """How many working days have begun after the date `start`, up to and with `end`; 0 when `end` is not later."""
    if end <= start:
        return 0
    return sum(is_working_day(start + _DAY * n) for n in range(1, (end - start).days + 1))


def latest_start(end, number):
    """The last date from which `number` working days have passed by `end`: those before it are further back."""
    while number:
        number -= is_working_day(end)
        end -= _DAY
    return end


def _walk(day, number, step):
    if number < 0:
        raise ValueError("a number of working days is not negative: use `before` or `after`")
    while number:
        day += step
        number -= is_working_day(day)
    return day
