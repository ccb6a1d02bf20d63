"""Reports: the list of them, and each for the portfolio that the address names."""

from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker.reports.catalogue import REPORTS
from tracker.web import links, reporting
from tracker.web.forms import FilterForm
from tracker.web.listing import tidied
from tracker.web.page import page, trail


@require_safe
def listing(request):
    """Every report there is."""
    return page(request, "reports/list.html", {"reports": list(REPORTS.values())})


@require_safe
def record(request, code):
    """One report. A portfolio that is not understood gives no figures, and says why."""
    report = REPORTS.get(code)
    if report is None:
        raise Http404
    if address := tidied(request):
        return redirect(address)
    filterset = report.filterset(request.GET, user=request.user, form=FilterForm)
    form = filterset.form
    form.full_clean()
    for name in set(request.GET) - set(form.fields):
        message = _("This report has no choice called “%(name)s”. Take it out of the address.")
        form.add_error(None, message % {"name": name[:60]})
    context = {
        "report": report,
        "form": form,
        "path": request.path,
        "breadcrumbs": trail((_("Reports"), links.rows("reports"))),
    }
    if form.errors:
        return page(request, "reports/record.html", context | {"result": None})
    result = report.result(filterset, user=request.user)
    context |= {
        "result": result,
        "as_of": result.as_of,
        "coverage": reporting.finding(result.coverage),
        "findings": [reporting.finding(found) for found in result.findings],
    }
    return page(request, "reports/record.html", context, scan=result.last_scan)
