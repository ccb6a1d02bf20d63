"""For machines that watch the service: is the process alive, and can it do its work?"""

import datetime
import shutil

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from policies.models import Change
from tracker.actions.scans import CURSOR
from tracker.models import Heartbeat, ScanCursor

# A worker or beat that has not been heard of for this long is taken for dead or deaf.
HEARTBEAT_LIMIT_SECONDS = 90
# Flags follow a save within seconds; a change that has waited this long means that nobody scans.
WAITING_LIMIT_SECONDS = 60
FREE_DISK_LIMIT_BYTES = 200 * 1024 * 1024


@never_cache
@require_safe
def alive(request):
    """The process answers. Asks nothing of the database, so that a slow one does not get processes killed."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def security_contact(request):
    """security.txt (RFC 9116): where to report a weakness."""
    expires = (timezone.now() + datetime.timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [f"Contact: {settings.FEEDBACK_ADDRESS}", f"Expires: {expires}", "Preferred-Languages: en, cy"]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def ready(request):
    """Everything that the service needs, each with its state; 503 when one is missing."""
    states = {}
    for name, look in (
        ("database", _database),
        ("migrations", _migrations),
        ("worker", lambda: _heard("worker")),
        ("beat", lambda: _heard("beat")),
        ("changes", _changes),
        ("disk", _disk),
    ):
        try:
            states[name] = look()
        except DatabaseError:
            states[name] = {"ok": False, "detail": "the database does not answer"}
    good = all(state["ok"] for state in states.values())
    return JsonResponse({"ready": good, "checks": states}, status=200 if good else 503)


def _database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"ok": True}


def _migrations():
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return {"ok": not waiting, "waiting": waiting}


def _heard(name):
    age = _seconds_since(Heartbeat.objects.filter(name=name).values_list("at", flat=True).first())
    return {"ok": age is not None and age <= HEARTBEAT_LIMIT_SECONDS, "heard_seconds_ago": age}


def _changes():
    cursor = ScanCursor.objects.filter(name=CURSOR).values_list("xid", flat=True).first() or 0
    age = _seconds_since(Change.objects.filter(xid__gte=cursor).aggregate(at=Min("at"))["at"])
    return {"ok": age is None or age <= WAITING_LIMIT_SECONDS, "oldest_unscanned_seconds": age}


def _disk():
    free = shutil.disk_usage(settings.BASE_DIR).free
    return {"ok": free >= FREE_DISK_LIMIT_BYTES, "free_bytes": free}


def _seconds_since(moment):
    return None if moment is None else round((timezone.now() - moment).total_seconds(), 1)
