"""Background jobs: each calls one action and nothing else. All can be repeated, lost or doubled without harm."""

import random

from celery import shared_task
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from policies.models import User
from policies.workbook import uploads
from tracker.actions import digests, notices, scans

AGAIN_SECONDS = 1
# One that has waited as long has been asked for anew.
NOTICE_SECONDS = 60


@shared_task(name="tracker.tasks.scan_changes", bind=True, max_retries=30)
def scan_changes(self):
    """Scan what has changed. Tries again while another scan runs or a writer has not finished."""
    result = scans.scan_changes(here=False)
    work_off_scans()
    if result.busy or result.unsettled:
        raise self.retry(countdown=_soon())


def _soon():
    """Seconds until another try; by chance, so that those who met once do not meet again."""
    return AGAIN_SECONDS * random.uniform(1, 2)  # noqa: S311  no secret


def work_off_scans():
    """Set as many workers on the planned scans as may be, unless some are at it; close those that are done."""
    scans.close_finished()
    if scans.waits_for_workers():
        for _ in range(settings.SCAN_WORKERS):
            work_on_scan.delay()


@shared_task(name="tracker.tasks.work_on_scan")
def work_on_scan():
    """Do one part of a planned scan and ask for the next, so that other work gets its turn between two."""
    if scans.work_one():
        work_on_scan.delay()


@shared_task(
    name="tracker.tasks.scan_all", autoretry_for=(DatabaseError,), retry_backoff=True, retry_jitter=True, max_retries=5
)
def scan_all(reason="request"):
    """Plan a scan of everything and set the workers on it."""
    scans.scan_all(reason=reason, here=False)
    work_off_scans()


@shared_task(
    name="tracker.tasks.scan_nightly", bind=True, autoretry_for=(DatabaseError,), retry_backoff=True, max_retries=30
)
def scan_nightly(self):
    """The full scan of the day: dates pass, and flags with them, though nobody wrote anything."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    result = scans.scan_nightly(due=midnight, here=False)
    work_off_scans()
    if result is not None and result.busy:
        raise self.retry(countdown=_soon())


@shared_task(
    name="tracker.tasks.plan_digests",
    autoretry_for=(DatabaseError,),
    retry_backoff=True,
    retry_jitter=True,
    max_retries=5,
)
def plan_digests():
    """Ask for the email of the day of everybody for whom something waits."""
    day = timezone.localdate()
    for pk in digests.people_waited_for(today=day):
        send_digest.delay(pk, day.isoformat())


@shared_task(
    name="tracker.tasks.send_digest",
    autoretry_for=(DatabaseError, OSError),
    retry_backoff=60,
    retry_jitter=True,
    max_retries=5,
)
def send_digest(pk, day):
    """Send one person the email of a day, if something still waits. One that comes a day late is dropped."""
    if day == timezone.localdate().isoformat():
        digests.send(user=User.objects.get(pk=pk), day=timezone.localdate())


@shared_task(name="tracker.tasks.sweep_notices", autoretry_for=(DatabaseError,), retry_backoff=True, max_retries=3)
def sweep_notices():
    """Ask for the email of everybody for whom something is new on what they watch."""
    for pk in notices.people_due():
        send_notice.apply_async([pk], expires=NOTICE_SECONDS)


@shared_task(name="tracker.tasks.send_notice")
def send_notice(pk):
    """Send one person what is new. A failure is noted in the database, and the next sweeps try again."""
    notices.deliver(user=User.objects.get(pk=pk))


@shared_task(name="tracker.tasks.work_off_uploads")
def work_off_uploads():
    """Read and apply the workbooks that wait. They wait in the database, so a lost message costs seconds."""
    uploads.work_off()


@shared_task(name="tracker.tasks.beat_heart")
def beat_heart():
    """Say that the worker hears."""
    scans.beat_heart()
