"""What goes on in the background: what waits, what runs, what failed and why, and who is alive."""

import datetime

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policies.actions.uploads import SILENT_FOR
from policies.models import Change, Upload, UploadState, User
from policies.models.upload import WORK
from tracker.actions import notices
from tracker.actions.newsroom import latest
from tracker.actions.scans import CURSOR
from tracker.checks.catalogue import catalogue
from tracker.models import Heartbeat, Scan, ScanCursor, ScanPart, Slot, StaleCheck
from tracker.watches import FailedNotice, Requeue, RequeuedWork
from tracker.web.display import time
from tracker.web.views.health import HEARTBEAT_LIMIT_SECONDS

LATEST = 20
PROCESSES = ("worker", "beat")


def heartbeats(now):
    """Each process that must be heard of: name, when it last was (or None), and whether that is recent enough."""
    heard = dict(Heartbeat.objects.values_list("name", "at"))
    limit = now - datetime.timedelta(seconds=HEARTBEAT_LIMIT_SECONDS)
    return [
        {"name": name, "at": heard.get(name), "ok": bool(heard.get(name) and heard[name] >= limit)}
        for name in dict.fromkeys([*PROCESSES, *sorted(heard)])
    ]


def waiting(now):
    """What waits: words, how many, and since when the oldest does."""
    cursor = ScanCursor.objects.filter(name=CURSOR).values_list("xid", flat=True).first() or 0
    changes = Change.objects.filter(xid__gte=cursor).aggregate(number=Count("pk"), since=Min("at"))
    idle = Upload.objects.filter(state__in=WORK).exclude(taken_at__gte=now - SILENT_FOR)
    uploads = idle.aggregate(number=Count("pk"), since=Min("at"))
    told = notices.due_watches(now).filter(after__lt=latest(), user__is_active=True)
    people = told.aggregate(number=Count("user", distinct=True))
    parts = ScanPart.objects.filter(done_at=None).aggregate(number=Count("pk"), since=Min("scan__started_at"))
    return [
        {"what": _("Changes not scanned yet"), **changes},
        {"what": _("Parts of scans"), **parts},
        {"what": _("Uploads"), **uploads},
        {"what": _("People to be told of news"), **people, "since": None},
    ]


def running(now):
    """What is under way, scans and uploads in a worker's hands: by whom, since when, and how far it has come."""
    scans = Scan.objects.running().select_related("asked_by")
    scans = scans.annotate(total=Count("parts"), done=Count("parts", filter=Q(parts__done_at__isnull=False)))
    found = [
        {
            "what": f"{scan.get_kind_display()} {scan.pk}",
            "by": scan.asked_by.name if scan.asked_by else "",
            "since": scan.started_at,
            "far": _("%(done)s of %(total)s checks") % {"done": scan.done, "total": scan.total},
        }
        for scan in scans
    ]
    uploads = Upload.objects.filter(state__in=WORK, taken_at__gte=now - SILENT_FOR).select_related("by")
    return found + [
        {
            "what": _("Upload of %(name)s") % {"name": upload.file_name},
            "by": upload.by.name,
            "since": upload.at,
            "far": _("%(done)s of %(total)s rows") % {"done": upload.done, "total": upload.total},
        }
        for upload in uploads
    ]


def failed():
    """What failed, why, and where an administrator can put it back."""
    return [*_uploads(), *_checks(), *_notices()]


def _back(work, name):
    return reverse("requeue", kwargs={"work": str(work), "name": name})


def _uploads():
    for upload in Upload.objects.filter(state=UploadState.FAILED).select_related("by").order_by("-at")[:LATEST]:
        why = _("The worker’s log has it under upload_failed, number %(n)s") % {"n": upload.pk}
        gone = upload.content is None
        yield {
            "what": _("Upload of %(name)s by %(person)s") % {"name": upload.file_name, "person": upload.by.name},
            "why": _("Its file is not kept any more") if gone else why,
            "since": upload.at,
            "back": "" if gone else _back(RequeuedWork.UPLOAD, upload.pk),
        }


def _checks():
    for row in StaleCheck.objects.order_by("code"):
        check = catalogue().get(row.code)
        yield {
            "what": _("Check %(code)s") % {"code": f"{row.code} {check.title}" if check else row.code},
            "why": _tried(row.error or _("Not known"), row.tries, row.try_at),
            "since": row.since,
            "back": _back(RequeuedWork.CHECK, row.code),
        }


def _tried(error, times, next_at):
    """The error, how often it was tried, and when it is tried next, None for never."""
    more = _("no more") if next_at is None else _("the next at %(time)s") % {"time": time(next_at)}
    return f"{error} ({ngettext('%(n)s try', '%(n)s tries', times) % {'n': times}}, {more})"


def _notices():
    for row in FailedNotice.objects.select_related("user").order_by("-since")[:LATEST]:
        ended = row.times >= notices.MOST_TRIES
        yield {
            "what": _("Email of news to %(person)s") % {"person": row.user.name},
            "why": _tried(row.error, row.times, None if ended else row.next_at),
            "since": row.since,
            "back": _back(RequeuedWork.NOTICE, row.user_id),
        }


def put_back():
    """The last work that was put back: what, by whom, when."""
    rows = list(Requeue.objects.select_related("by").order_by("-pk")[:LATEST])
    people = User.objects.filter(pk__in=[row.name for row in rows if row.work == RequeuedWork.NOTICE])
    names = {str(pk): name for pk, name in people.values_list("pk", "name")}
    for row in rows:
        row.shown = names.get(row.name, row.name) if row.work == RequeuedWork.NOTICE else row.name
    return rows


def slots():
    """The last planned runs that somebody took."""
    return Slot.objects.order_by("-due", "-pk")[:LATEST]
