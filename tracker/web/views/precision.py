"""How far each check can be trusted: how often it was right, and how often people said that it was wrong."""

import datetime

from django.db.models import Aggregate, Count, DurationField, F, Q
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker.checks.catalogue import catalogue
from tracker.decisions import FlagDecision
from tracker.models import Flag, FlagState
from tracker.web import flag_steps, links
from tracker.web.page import page, trail

STANDING = [FlagState.OPEN, FlagState.REOPENED, FlagState.ACKNOWLEDGED, FlagState.DISMISSED]
MOST_DISPUTES = 20


class Median(Aggregate):
    """The middle value, as PostgreSQL works it out."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def tallies(user, code=None):
    """The numbers of each check that has ever raised a flag, in one query: {code: {raised, resolved, ...}}."""
    flags = Flag.objects.visible_to(user).with_state()
    flags = flags.filter(check_code=code) if code else flags
    disputed = Q(pk__in=FlagDecision.objects.disputing().values("flag"))
    resolved = Q(state=FlagState.RESOLVED)
    rows = (
        flags.order_by()
        .values("check_code")
        .annotate(
            raised=Count("pk"),
            resolved=Count("pk", filter=resolved),
            standing=Count("pk", filter=~resolved),
            disputed=Count("pk", filter=disputed),
            reopened=Count("pk", filter=Q(state=FlagState.REOPENED)),
            median=Median(F("resolved_at") - F("first_seen_at"), filter=resolved),
        )
    )
    return {row.pop("check_code"): row for row in rows}


NOTHING = {"raised": 0, "resolved": 0, "standing": 0, "disputed": 0, "reopened": 0, "median": None}


def numbers(found, code):
    """One check's numbers, each with the address of its rows."""
    tally = {**NOTHING, **found.get(code, {})}
    states = {
        "raised": {"state": [*STANDING, FlagState.RESOLVED]},
        "resolved": {"state": FlagState.RESOLVED},
        "standing": {"state": STANDING},
        "disputed": {"state": [*STANDING, FlagState.RESOLVED], "reason": "disputed"},
        "reopened": {"state": FlagState.REOPENED},
    }
    counts = {
        name: {"number": tally[name], "href": links.rows("flags", check=code, **more) if tally[name] else ""}
        for name, more in states.items()
    }
    share = tally["disputed"] / tally["raised"] if tally["raised"] else None
    return {**counts, "share": share, "median": in_words(tally["median"])}


def in_words(duration: datetime.timedelta | None):
    """A length of time, as exactly as anybody needs it; empty for none."""
    if duration is None:
        return ""
    days, hours = duration.days, round(duration.total_seconds() / 3600)
    if hours < 1:
        return _("under an hour")
    if days < 2:
        return _("%(number)s hours") % {"number": hours} if hours > 1 else _("1 hour")
    return _("%(number)s days") % {"number": days}


def disputes(user, code):
    """The decisions that say a check is wrong, latest first: those that were not taken back."""
    flags = Flag.objects.visible_to(user).filter(check_code=code)
    rows = FlagDecision.objects.disputing().filter(flag__in=flags)
    named = user.is_authenticated
    return [
        {"flag": row.flag, "words": row.words, "by": flag_steps.speaker(row, named=named), "at": row.at}
        for row in rows.select_related("flag", "by", "organisation").order_by("-at", "-pk")[:MOST_DISPUTES]
    ]


@require_safe
def listing(request):
    """Every check, those that were most often called wrong first."""
    found = tallies(request.user)
    rows = [{"check": check, **numbers(found, code)} for code, check in catalogue().items()]
    rows.sort(key=lambda row: (-row["disputed"]["number"], -(row["share"] or 0), row["check"].code))
    context = {"rows": rows, "breadcrumbs": trail((_("Checks"), links.rows("checks")))}
    return page(request, "checks/precision.html", context)
