"""Changing the numbers that checks go by. The defaults stay in code."""

from django.utils import timezone

from policies import permissions
from policies.actions.action import NotAllowedError, RuleError, action
from tracker.checks.catalogue import catalogue
from tracker.checks.limits import as_default
from tracker.models import ThresholdValue

MOST = 10**13


@action
def set_threshold(*, by, code, name, value, reason):
    """Let a check go by another number from the next scan on, which then looks at everything.

    The change log tells the scan (see `tracker.actions.scans.BEARS_ON_ALL`). Raises RuleError for a check or
    threshold that there is none of, and for a number that the threshold cannot be.
    """
    default = _default(by, code, name)
    if value <= 0 or value >= MOST:
        raise RuleError("Enter a number above 0 and below 10,000,000,000,000.")
    if isinstance(default.value, int) and value != int(value):
        raise RuleError("Enter a whole number.")
    if default.unit.startswith("per cent") and value > 100:
        raise RuleError("Enter a number of per cent up to 100.")
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
