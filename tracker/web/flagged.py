"""Flags as pages show them: counts by severity, and those about one initiative."""

from collections import Counter, defaultdict

from django.db.models import Count

from tracker.checks.catalogue import catalogue
from tracker.models import Flag, FlagState, Severity


def counts(ids, user):
    """Standing flags of each initiative by severity, most severe first, and those set aside apart from them:
    {id: {"high": 2, "low": 1, "dismissed": 1}}."""
    found = defaultdict(Counter)
    standing = Flag.objects.standing().visible_to(user).with_state()
    for side in ("initiative", "other"):
        rows = standing.filter(**{f"{side}__in": ids}).order_by().values_list(side, "severity", "state")
        for pk, severity, state, number in rows.annotate(number=Count("pk")):
            found[pk][FlagState.DISMISSED if state == FlagState.DISMISSED else severity] += number
    order = [*Severity.values, FlagState.DISMISSED.value]
    return {pk: {each: tally[each] for each in order if tally[each]} for pk, tally in found.items()}


def about(initiative, user):
    """Every flag about an initiative that the user may see, most severe first, each with its check."""
    flags = Flag.objects.about(initiative).visible_to(user).with_state().by_severity()
    return with_checks(flags.select_related("initiative", "other"))


def with_checks(flags):
    """A list of flags, each with `check`: its class in the catalogue, or None when that check is gone."""
    checks = catalogue()
    flags = list(flags)
    for flag in flags:
        flag.check = checks.get(flag.check_code)
    return flags
