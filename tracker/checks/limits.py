"""The numbers and severities that checks go by now: what administrators have set, in place of the defaults in code."""

from collections import defaultdict

from tracker.checks.catalogue import catalogue
from tracker.models import SeverityValue, ThresholdValue


def as_default(value, default):
    """A stored value in the kind of number that the check's own is."""
    return int(value) if isinstance(default, int) else type(default)(value)


def changed(code=None):
    """Rows of thresholds that were set, by check and name; of one check, or of all in one query."""
    rows = ThresholdValue.objects.select_related("by")
    rows = rows.filter(check_code=code) if code else rows
    checks = catalogue()
    return {
        (row.check_code, row.name): row
        for row in rows
        if row.check_code in checks and row.name in checks[row.check_code].thresholds
    }


def current():
    """By check: the values in place of its defaults, by name. One query for all checks."""
    checks, found = catalogue(), defaultdict(dict)
    for (code, name), row in changed().items():
        found[code][name] = as_default(row.value, checks[code].thresholds[name].value)
    return found


def changed_severities(code=None):
    """Rows of severities that were set, by check; of one check, or of all in one query."""
    rows = SeverityValue.objects.select_related("by")
    rows = rows.filter(check_code=code) if code else rows
    return {row.check_code: row for row in rows if row.check_code in catalogue()}


def severities():
    """By check: the severity of all its flags, where one was set. One query for all checks."""
    return {code: row.severity for code, row in changed_severities().items()}


def configured():
    """Every check by its code, ready to run with what administrators have set. A query each for the two kinds."""
    limits, set_ones = current(), severities()
    return {code: kind(limits.get(code), set_ones.get(code)) for code, kind in catalogue().items()}


def value(code, name):
    """The number that a check goes by now; for a report that speaks of the same thing."""
    return current().get(code, {}).get(name, catalogue()[code].thresholds[name].value)
