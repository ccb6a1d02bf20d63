"""The start page: what the register holds, and what does not add up in it."""

from collections import Counter

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from policies.models import Initiative, Kind
from tracker.checks.base import FAMILIES
from tracker.models import Flag, FlagState, Severity
from tracker.web import flagged, links
from tracker.web.page import latest_scan, page

MOST_SEVERE = 5


@require_safe
def home(request):
    """Counts that lead to their rows, and the most severe flags."""
    flags = Flag.objects.visible_to(request.user).needing_attention()
    context = {
        "holds": holds(request.user),
        "severities": by_severity(flags),
        "families": by_family(flags),
        "set_aside": Flag.objects.visible_to(request.user).set_aside().count(),
        "set_aside_rows": links.rows("flags", state=FlagState.DISMISSED),
        "worst": flagged.with_checks(worst(flags.with_state())),
        "all_flags": links.rows("flags"),
    }
    return page(request, "home/home.html", context, scan=latest_scan(request.user))


def holds(user):
    """How many records of each kind there are, and the pounds of policies."""
    rows = Initiative.objects.visible_to(user).order_by().values("kind")
    found = {
        row["kind"]: row
        for row in rows.annotate(
            number=Count("pk"), valued=Count("pk", filter=Q(value_gbp__isnull=False)), pounds=Sum("value_gbp")
        )
    }
    nothing = {"number": 0, "valued": 0, "pounds": None}
    return {kind: found.get(kind, nothing) | {"href": links.rows(links.LISTS[kind])} for kind in Kind.values} | {
        "valued_href": links.rows("policies", has_value=True, sort="-value")
    }


def by_severity(flags):
    """How many flags of each severity need attention."""
    numbers = dict(flags.order_by().values_list("severity").annotate(number=Count("pk")))
    return [
        {
            "code": severity.value,
            "label": severity.label,
            "number": numbers.get(severity, 0),
            "href": links.rows("flags", severity=severity.value),
        }
        for severity in Severity
    ]


def by_family(flags):
    """How many flags each family of checks has, by severity."""
    tally = Counter()
    for code, severity, number in flags.order_by().values_list("check_code", "severity").annotate(n=Count("pk")):
        tally[code[:3], severity] += number
        tally[code[:3], ""] += number
    return [
        {
            "name": _(name),
            "total": tally[family, ""],
            "href": links.rows("flags", family=family),
            "severities": [
                {"code": s, "number": tally[family, s], "href": links.rows("flags", family=family, severity=s)}
                for s in Severity.values
            ],
        }
        for family, name in FAMILIES.items()
    ]


def worst(flags):
    """The most severe flags, no two of one check: what somebody should read first."""
    latest = flags.order_by("check_code", "-changed_at", "fingerprint").distinct("check_code")
    chosen = Flag.objects.filter(pk__in=latest.values("pk"), severity=Severity.HIGH).with_state()
    return chosen.by_severity().select_related("initiative", "other")[:MOST_SEVERE]
