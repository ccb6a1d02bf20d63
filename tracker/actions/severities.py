"""Changing how severe a check's flags are, and going back to the defaults, which stay in code."""

from django.utils import timezone

from policies import permissions
from policies.actions.action import NotAllowedError, RuleError, action
from tracker.checks.catalogue import catalogue
from tracker.models import Severity, SeverityValue


@action
def set_severity(*, by, code, severity, reason):
    """Give all flags of a check another severity from the next scan on, which then looks at everything.

    The change log tells the scan (see `tracker.actions.scans.BEARS_ON_ALL`). A check whose severity depends on the
    row has the one that is set for all of them. Raises RuleError for a check that there is none of, and for no change.
    """
    _allow(by, code)
    if severity not in Severity.values:
        raise RuleError("Select the severity from the list.")
    held = _held(code)
    if held and held.severity == severity:
        raise RuleError(f"It is {Severity(severity).label.lower()} already. Select another severity.")
    return _write(by, code, severity, reason)


@action
def reset_severity(*, by, code, reason):
    """Let the check say again how severe its flags are. The reason stands in history, since the row goes."""
    _allow(by, code)
    if _held(code) is None:
        raise RuleError("It is at its default already.")
    _write(by, code, _held(code).severity, reason).delete()


def _allow(by, code):
    if not permissions.is_administrator(by):
        raise NotAllowedError(f"{by} is not an administrator")
    if code not in catalogue():
        raise RuleError(f"There is no check {code}.")


def _held(code):
    return SeverityValue.objects.select_for_update().filter(check_code=code).first()


def _write(by, code, severity, reason):
    if not reason.strip():
        raise RuleError("Enter why it is changed.")
    row, _ = SeverityValue.objects.update_or_create(
        check_code=code, defaults={"severity": severity, "reason": reason.strip(), "by": by, "at": timezone.now()}
    )
    return row
