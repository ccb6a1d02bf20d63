"""What every page of ours has in common: as of when, and when the checks last ran."""

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.models import Scan, ScanStatus


def latest_scan(user):
    """The scan that finished last, of those that the reader may know of; None before the first one."""
    return Scan.objects.visible_to(user).finished().first()


def page(request, template, context=None, *, status=200, scan=False):
    """Render a page with its times. Pass `scan` when the view has looked it up already; None is a scan too."""
    scan = latest_scan(request.user) if scan is False else scan
    context = {
        "as_of": timezone.now(),
        "last_checked": scan.finished_at if scan else None,
        "never_checked": scan is None,
        "checks_failed": bool(scan and scan.status == ScanStatus.FAILED),
        **(context or {}),
    }
    return render(request, template, context, status=status)


def trail(*links):
    """Breadcrumbs from the start page down: pairs of words and address."""
    from django.urls import reverse

    return [{"text": _("Home"), "href": reverse("home")}, *({"text": str(t), "href": h} for t, h in links)]
