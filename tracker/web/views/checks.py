"""The catalogue of checks, and the page of each."""

from collections import Counter

from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker.checks.base import FAMILIES
from tracker.checks.catalogue import catalogue
from tracker.checks.limits import as_default, changed, changed_severities, severities
from tracker.models import Flag, FlagState, Severity
from tracker.web import links
from tracker.web.page import page, trail
from tracker.web.views import precision
from tracker.web.views.precision import STANDING


@require_safe
def listing(request):
    """Every check by family, with how many flags of it stand."""
    tallies, set_ones = by_state(request.user), severities()
    families = [
        {
            "code": family,
            "name": _(name),
            "checks": [
                {
                    "check": check,
                    "text": check.text(),
                    "severity": set_ones.get(code, check.severity),
                    **numbers(tallies, code),
                }
                for code, check in catalogue().items()
                if check.family() == family
            ],
        }
        for family, name in FAMILIES.items()
    ]
    context = {"families": [family for family in families if family["checks"]], "total": len(catalogue())}
    return page(request, "checks/list.html", context)


@require_safe
def record(request, code):
    """What one check looks for, why, and what it found."""
    check = catalogue().get(code.upper())
    if check is None:
        raise Http404
    if check.code != code:
        return redirect("check", code=check.code)
    found = precision.numbers(precision.tallies(request.user, check.code), check.code)
    row = changed_severities(check.code).get(check.code)
    context = {
        "check": check,
        "text": check.text(),
        "severity": Severity(row.severity if row else check.severity),
        "severity_row": row,
        "precision": found,
        "disputes": precision.disputes(request.user, check.code) if found["disputed"]["number"] else [],
        "limits": rows(check, changed(check.code) if check.thresholds else {}),
        "breadcrumbs": trail((_("Checks"), links.rows("checks"))),
        **numbers(by_state(request.user, check.code), check.code),
    }
    return page(request, "checks/record.html", context)


def rows(check, set_ones):
    """The thresholds of a check: name, default, the value it goes by now, and the row that changed it or None."""
    found = []
    for name, default in check.thresholds.items():
        row = set_ones.get((check.code, name))
        value = as_default(row.value, default.value) if row else default.value
        found.append({"name": name, "default": default, "value": value, "changed": row})
    return found


def by_state(user, code=None):
    """How many flags each check has in each state."""
    flags = Flag.objects.visible_to(user)
    flags = flags.filter(check_code=code) if code else flags
    rows = flags.with_state().order_by().values_list("check_code", "state").annotate(number=Count("pk"))
    return Counter({(check, state): number for check, state, number in rows})


def numbers(tallies, code):
    """The counts of one check, each with the address of its rows."""

    def counted(states):
        return {"number": sum(tallies[code, s] for s in states), "href": links.rows("flags", check=code, state=states)}

    return {
        "standing": counted(STANDING),
        "resolved": counted([FlagState.RESOLVED]),
        "dismissed": counted([FlagState.DISMISSED]),
    }
