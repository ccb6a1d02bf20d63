"""Scans: make the flags true.

What changed is read from the change log, looked at and written in one transaction with the cursor's move: a scan
that dies half-way never happened, and the next one does its work. A look at everything is planned instead: the
transaction that moves the cursor writes one part a check, and any number of workers do the parts at the same time,
each in a transaction of its own. A part that dies is still waiting, so nothing is lost either way.

One check's flags are written by one transaction at a time (`_alone`), whose statement sees all that was committed
before: whichever comes last has seen the most, so an older look never undoes a newer one.
"""

import datetime
import random
import time
import zlib
from dataclasses import dataclass, field

import structlog
from django.db import connection, transaction
from django.utils import timezone

from policies import permissions
from policies.actions.action import NotAllowedError, action
from policies.models import Change, Initiative
from tracker.actions.neighbourhood import neighbourhood, of_initiatives
from tracker.actions.reconcile import Outcome, reconcile
from tracker.checks.base import Scope
from tracker.checks.limits import configured
from tracker.models import Flag, Heartbeat, Scan, ScanCursor, ScanKind, ScanPart, ScanStatus, Slot, StaleCheck

log = structlog.get_logger(__name__)

CURSOR = "scan"

# Checks that crash are tried again after this long, then twice as long, and so on up to the longest.
AGAIN_SECONDS, LONGEST_SECONDS = 5, 3600
PATIENCE_SECONDS = 600
LOOK_AGAIN_SECONDS = 0.05
# The first key of the advisory locks that keep the writers of one check's flags apart.
CHECK_LOCK = 0x_C4EC


@dataclass
class Result:
    """What came of an attempt to scan: the scan, if there was anything to look at; and whether to try again."""

    scan: Scan | None = None
    busy: bool = False
    unsettled: bool = False
    errors: dict = field(default_factory=dict)


def scan_changes(*, today=None, reason="change", here=True) -> Result:
    """Scan what has changed since the last scan; plan a scan of everything, if no smaller answer is known.

    With `here` a planned scan is worked off before this returns; without, it is left to the workers.
    """
    return _scan(today=today, reason=reason, full=False, here=here)


def scan_all(*, today=None, reason="request", here=True) -> Result:
    """Scan everything, whatever has changed."""
    return _scan(today=today, reason=reason, full=True, here=here)


def scan_nightly(*, due, today=None, here=True) -> Result | None:
    """The full scan of a day, once however often it is asked for."""
    with transaction.atomic():
        _, mine = Slot.objects.get_or_create(name="nightly scan", due=due)
        planned = _scan(today=today, reason="nightly", full=True, here=False) if mine else None
        if planned and planned.busy:
            # Another scan holds the cursor: the slot goes back, and the task comes again.
            transaction.set_rollback(True)
    return _finished(planned) if planned and planned.scan and here else planned


def scan_some(*, codes=None, initiatives=None, today=None, reason="command") -> Result:
    """Scan some checks in full, or all checks around some initiatives. The change log and its cursor stay as is."""
    started, by_clock, today = timezone.now(), today is None, today or timezone.localdate()
    if initiatives is None:
        with transaction.atomic():
            scan = _plan(ScanKind.SELECTED, codes, today, reason, by_clock=by_clock)
        return _finished(Result(scan))
    with transaction.atomic():
        checks = {code: check for code, check in configured().items() if codes is None or code in codes}
        scan = _run(of_initiatives(initiatives), checks, (), started, today, reason, ScanKind.SELECTED)
    return Result(scan, errors=scan.errors)


@action
def ask_for_scan(*, by):
    """Plan a scan of everything for the workers, because an administrator wants it. Returns the planned scan."""
    if not permissions.is_administrator(by):
        raise NotAllowedError(f"{by} is not an administrator")
    return _plan(ScanKind.FULL, None, timezone.localdate(), "request", by_clock=True, asked_by=by)


def beat_heart(name="worker"):
    """Say that background work goes on."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def _scan(*, today, reason, full, here):
    started, by_clock = timezone.now(), today is None
    today = today or timezone.localdate()
    ScanCursor.objects.get_or_create(name=CURSOR)
    with transaction.atomic():
        cursor = ScanCursor.objects.select_for_update(skip_locked=True).filter(name=CURSOR).first()
        if cursor is None:
            return Result(busy=True)
        horizon = Change.horizon()
        if moved := horizon < cursor.xid:
            Change.objects.of_another_cluster().delete()
        around = neighbourhood(cursor.xid, horizon, full=full or moved or cursor.xid == 0)
        result = Result(unsettled=Change.objects.filter(xid__gte=horizon).exists())
        if around.everything:
            result.scan = _plan(ScanKind.FULL, None, today, reason, by_clock=by_clock, of_public=around.of_public)
        else:
            StaleCheck.objects.exclude(code__in=configured()).delete()  # of checks that are no more
            stale = list(StaleCheck.objects.all())
            due = {one.code for one in stale if one.try_at <= started}
            if not around.empty or due:
                skipped = {one.code for one in stale} - due
                checks = {code: check for code, check in configured().items() if code not in skipped}
                result.scan = _run(around, checks, due, started, today, reason, ScanKind.INCREMENTAL)
                result.errors = result.scan.errors
        if cursor.xid != horizon and (
            result.scan or Change.objects.filter(xid__gte=cursor.xid, xid__lt=horizon).exists()
        ):
            cursor.xid = horizon
            cursor.save(update_fields=["xid"])
    return _finished(result) if around.everything and here else result


def _run(around, checks, stale, started, today, reason, kind):
    """Look at a neighbourhood with some checks, now; with those that are stale, at everything."""
    total, errors, timings, counts = Outcome(), {}, {}, {}
    for code, check in checks.items():
        if around.empty and code not in stale:
            continue
        scope = Scope(today) if code in stale else around.scope(check, today)
        outcome, seconds, error = _look(check, scope, started)
        total.add(outcome)
        timings[code] = seconds
        if outcome.any():
            counts[code] = outcome.as_list()
        if error:
            errors[code] = error
        elif code in stale:
            StaleCheck.objects.filter(code=code).delete()
    scan = Scan.objects.create(
        kind=kind,
        status=ScanStatus.FAILED if errors else ScanStatus.DONE,
        reason=reason,
        as_of=today,
        started_at=started,
        finished_at=timezone.now(),
        initiatives=len(around.own),
        errors=errors,
        timings=timings,
        counts=counts,
        of_public=around.of_public,
        **total.as_columns(),
    )
    _tell(scan)
    return scan


def _look(check, scope, now):
    """One check on one scope: what came of it, how many seconds it took, and why it failed if it did.

    One broken check must not stop the others; its flags stay as they were, and it will be run in full.
    """
    clock = time.perf_counter()
    outcome, error = Outcome(), ""
    try:
        with transaction.atomic():
            _alone(check.code)
            outcome = reconcile(check, scope, now)
    except Exception as fault:
        log.exception("check_failed", check=check.code)
        error = f"{type(fault).__name__}: {fault}"[:500]
        _put_off(check.code, error)
    return outcome, round(time.perf_counter() - clock, 4), error


def _alone(code):
    """Wait until nobody else writes this check's flags; nobody else does until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [CHECK_LOCK, zlib.crc32(code.encode()) - 2**31])


def _put_off(code, error):
    stale, new = StaleCheck.objects.get_or_create(code=code, defaults={"error": error})
    tries = 1 if new else stale.tries + 1
    pause = min(AGAIN_SECONDS * 2 ** min(tries - 1, 12), LONGEST_SECONDS) * random.uniform(0.8, 1.2)  # noqa: S311
    StaleCheck.objects.filter(code=code).update(
        error=error, tries=tries, try_at=timezone.now() + datetime.timedelta(seconds=pause)
    )


def _plan(kind, codes, today, reason, *, by_clock, of_public=True, asked_by=None):
    """Write down a scan of some checks, or of all, as parts that wait. One that nobody has begun will do as well."""
    wanted = [code for code in configured() if codes is None or code in codes]
    same = {"by_clock": True} if by_clock else {"by_clock": False, "as_of": today}
    for waiting in Scan.objects.running().filter(kind=kind, **same):
        # Rows that this transaction has locked are begun by nobody before it ends, so they will see what it sees.
        untouched = waiting.parts.filter(done_at=None).select_for_update(skip_locked=True)
        if {part.code for part in untouched} == set(wanted) == set(waiting.parts.values_list("code", flat=True)):
            return waiting
    scan = Scan.objects.create(
        kind=kind,
        status=ScanStatus.RUNNING,
        reason=reason,
        as_of=today,
        by_clock=by_clock,
        started_at=timezone.now(),
        of_public=of_public,
        asked_by=asked_by,
    )
    ScanPart.objects.bulk_create(
        ScanPart(scan=scan, code=code, position=position) for position, code in enumerate(wanted, start=1)
    )
    return scan


def work_one(scan=None):
    """Do the first part that waits and that nobody does, of one scan or of any. Says whether there was one."""
    with transaction.atomic():
        waiting = ScanPart.objects.filter(done_at=None, **({"scan": scan} if scan else {}))
        part = (
            waiting.select_for_update(skip_locked=True, of=["self"])
            .select_related("scan")
            .order_by("scan_id", "position")
            .first()
        )
        if part is not None:
            _do(part)
    close_finished()
    return part is not None


def _do(part):
    outcome = Outcome()
    check = configured().get(part.code)
    if check is not None:  # a check may be gone by the time that an old plan is worked off
        outcome, part.seconds, part.error = _look(check, Scope(_day(part.scan)), timezone.now())
        if not part.error:
            StaleCheck.objects.filter(code=part.code).delete()
    for name, number in outcome.as_columns().items():
        setattr(part, name, number)
    part.done_at = timezone.now()
    part.save()


def _day(scan):
    """The date that a planned scan goes by: today's, however old the plan, unless it was given one."""
    return timezone.localdate() if scan.by_clock else scan.as_of


def work_off():
    """Do every part that waits, and wait for those that others do. Gives up when that takes too long."""
    until = time.monotonic() + PATIENCE_SECONDS
    while ScanPart.objects.filter(done_at=None).exists() and time.monotonic() < until:
        if not work_one():
            time.sleep(LOOK_AGAIN_SECONDS)


def close_finished():
    """Add up planned scans of which every part is done. Whoever comes second finds nothing to do."""
    ready = Scan.objects.running().exclude(pk__in=ScanPart.objects.filter(done_at=None).values("scan"))
    for pk in ready.values_list("pk", flat=True):
        with transaction.atomic():
            scan = Scan.objects.select_for_update().get(pk=pk)
            if scan.status == ScanStatus.RUNNING:
                _close(scan)


def _close(scan):
    total = Outcome()
    for part in scan.parts.order_by("position"):
        outcome = Outcome(part.opened, part.changed, part.reopened, part.resolved)
        total.add(outcome)
        scan.timings[part.code] = part.seconds
        if outcome.any():
            scan.counts[part.code] = outcome.as_list()
        if part.error:
            scan.errors[part.code] = part.error
    if scan.kind == ScanKind.FULL:  # what a check that is no more has left behind
        gone = Flag.objects.standing().exclude(check_code__in=configured())
        total.resolved += gone.update(resolved_at=timezone.now())
    scan.status = ScanStatus.FAILED if scan.errors else ScanStatus.DONE
    scan.as_of = _day(scan)
    scan.finished_at = timezone.now()
    scan.initiatives = Initiative.objects.live().count()
    for name, number in total.as_columns().items():
        setattr(scan, name, number)
    scan.save()
    scan.parts.all().delete()
    _tell(scan)


def _finished(result):
    """Work a planned scan off here, beside whoever else does, and wait for the parts that others hold."""
    until = time.monotonic() + PATIENCE_SECONDS
    while (scan := Scan.objects.get(pk=result.scan.pk)).status == ScanStatus.RUNNING:
        if not work_one(scan):
            if time.monotonic() > until:
                break
            time.sleep(LOOK_AGAIN_SECONDS)
    return Result(scan, result.busy, result.unsettled, scan.errors)


def waits_for_workers():
    """Whether parts of a planned scan wait and nobody is at any of them."""
    with transaction.atomic():
        waiting = ScanPart.objects.filter(done_at=None)
        free = waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)
        return 0 < len(free) == waiting.count()


def _tell(scan):
    log.info(
        "scanned",
        scan=scan.pk,
        kind=scan.kind,
        opened=scan.opened,
        resolved=scan.resolved,
        failed=sorted(scan.errors),
    )
