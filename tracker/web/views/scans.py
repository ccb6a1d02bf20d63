"""When the checks ran, how long they took and what came of it; and how far a scan is that runs now."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from policies import permissions
from policies.actions.action import announcer
from tracker.actions import scans
from tracker.checks.catalogue import catalogue
from tracker.filters import ScanFilter
from tracker.models import Scan, ScanStatus
from tracker.web.listing import Listing, tidied
from tracker.web.page import page, trail

AGAIN_SECONDS = 2


@require_safe
def listing(request):
    """Finished scans, the latest first, and those that run now."""
    if address := tidied(request):
        return redirect(address)
    visible = Scan.objects.visible_to(request.user)
    found = Listing(request, ScanFilter, visible.finished(), api=reverse("api-scan-list"))
    context = {
        "listing": found,
        "form": found.form,
        "running": [progress(scan) for scan in visible.running()],
        "may_start": permissions.is_administrator(request.user),
        "breadcrumbs": trail((_("Checks"), reverse("checks"))),
    }
    return page(request, "scans/list.html", context)


@never_cache
@require_safe
def record(request, pk):
    """One scan: how far it is, or what came of it, check by check."""
    scan = Scan.objects.visible_to(request.user).select_related("asked_by").filter(pk=pk).first()
    if scan is None:
        raise Http404
    running = scan.status == ScanStatus.RUNNING
    context = {
        "scan": scan,
        "progress": progress(scan) if running else None,
        "again": AGAIN_SECONDS if running else None,
        "checks": _parts(scan) if running else _checks(scan),
        "faults": permissions.is_administrator(request.user),
        "breadcrumbs": trail((_("Checks"), reverse("checks")), (_("Scans"), reverse("scans"))),
    }
    return page(request, "scans/record.html", context)


@login_required
@require_POST
def start(request):
    """Plan a scan of everything, and show how far it is."""
    if not permissions.is_administrator(request.user):
        raise PermissionDenied(_("Only an administrator can run all checks."))
    scan = scans.ask_for_scan(by=request.user)
    transaction.on_commit(announcer.announce)
    messages.success(request, _("All checks run now. You can leave this page and come back."))
    return redirect("scan", pk=scan.pk)


def progress(scan):
    """How far a scan is: checks done, of how many, for how long."""
    parts = list(scan.parts.values_list("done_at", flat=True))
    done = sum(at is not None for at in parts)
    return {
        "scan": scan,
        "done": done,
        "total": len(parts),
        "percent": done * 100 // len(parts) if parts else 100,
        "seconds": (timezone.now() - scan.started_at).total_seconds(),
    }


def _parts(scan):
    """The checks of a scan that runs: those that are done with what came of them, the others waiting."""
    return [
        {
            "code": part.code,
            "title": _title(part.code),
            "done": part.done_at is not None,
            "seconds": part.seconds if part.done_at else None,
            "counts": [part.opened, part.changed, part.reopened, part.resolved],
            "error": part.error,
        }
        for part in scan.parts.order_by("position")
    ]


def _checks(scan):
    """The checks of a finished scan, in the order of the catalogue."""
    return [
        {
            "code": code,
            "title": _title(code),
            "done": True,
            "seconds": scan.timings[code],
            "counts": scan.counts.get(code, [0, 0, 0, 0]),
            "error": scan.errors.get(code, ""),
        }
        for code in sorted(scan.timings, key=_position)
    ]


def _title(code):
    check = catalogue().get(code)
    return check.title if check else _("a check that is no more")


def _position(code):
    codes = list(catalogue())
    return codes.index(code) if code in codes else len(codes)
