"""Changing the numbers that checks go by. The defaults stay in code."""

from django.utils import timezone

from policies import permissions
from policies.actions.action import NotAllowedError, RuleError, action
from tracker.checks.catalogue import catalogue
from tracker.checks.limits import as_default
from tracker.models import ThresholdValue

# The most that a threshold can be, by the unit that it is in; beyond it a date or a count would leave its bounds.
MOST = {
    "pounds": 10**13 - 1,
    "per cent": 100,
    "of all trigrams": 1,
    "days": 36_500,
    "working days": 2_500,
    "months": 1_200,
    "years": 100,
}
MOST_OF_OTHERS = 10_000


@action
def set_threshold(*, by, code, name, value, reason):
    """Let a check go by another number from the next scan on, which then looks at everything.

    The change log tells the scan (see `tracker.actions.scans.BEARS_ON_ALL`). Raises RuleError for a check or
    threshold that there is none of, and for a number that the threshold cannot be.
    """
    default = _default(by, code, name)
    most = next((most for unit, most in MOST.items() if default.unit.startswith(unit)), MOST_OF_OTHERS)
    if value <= 0 or value > most:
        raise RuleError(f"Enter a number above 0 and up to {most:,}.")
    if isinstance(default.value, int) and value != int(value):
        raise RuleError("Enter a whole number.")
    value = as_default(value, default.value)
    held = _held(code, name)
    if value == (as_default(held.value, default.value) if held else default.value):
        raise RuleError(f"It is {value:,} already. Enter another number.")
    return _write(by, code, name, value, reason)


@action
def reset_threshold(*, by, code, name, reason):
    """Let a check go by its default again. The reason stands in history, since the row goes."""
    _default(by, code, name)
    held = _held(code, name)
    if held is None:
        raise RuleError("It is at its default already.")
    _write(by, code, name, held.value, reason).delete()


def _default(by, code, name):
    if not permissions.is_administrator(by):
        raise NotAllowedError(f"{by} is not an administrator")
    check = catalogue().get(code)
    if check is None or name not in check.thresholds:
        raise RuleError(f"No check has the threshold {code} {name}.")
    return check.thresholds[name]


def _held(code, name):
    return ThresholdValue.objects.select_for_update().filter(check_code=code, name=name).first()


def _write(by, code, name, value, reason):
    if not reason.strip():
        raise RuleError("Enter why it is changed.")
    row, _ = ThresholdValue.objects.update_or_create(
        check_code=code,
        name=name,
        defaults={"value": value, "reason": reason.strip(), "by": by, "at": timezone.now()},
    )
    return row
