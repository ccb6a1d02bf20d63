"""Scans: read what changed, look at what it touches, make the flags true, and move the cursor on.

All of a scan is one transaction with its cursor's move: a scan that dies half-way never happened, and the next
one does its work.
"""

import time
from dataclasses import dataclass, field

import structlog
from django.db import OperationalError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from policies.models import PUBLIC, Change, Initiative, OutcomeLink, Sensitivity
from tracker.actions.reconcile import Outcome, reconcile
from tracker.checks.base import Scope
from tracker.checks.limits import configured
from tracker.models import Heartbeat, Scan, ScanCursor, ScanKind, ScanStatus, Slot, StaleCheck

log = structlog.get_logger(__name__)

CURSOR = "scan"

# Rows of these tables bear on any number of initiatives, so a change in one calls for a full scan.
BEARS_ON_ALL = {
    f"policies_{name}"
    for name in (
        "organisation",
        "organisationsuccession",
        "area",
        "areapart",
        "areasuccession",
        "capital",
        "outcome",
        "indicator",
        "observation",  # by the hundred thousand: their triggers name no initiatives, so that loading them stays fast
        "power",
        "powersign",
    )
} | {"tracker_thresholdvalue"}

# Past this many changed initiatives, looking at everything is cheaper than naming them.
TOO_MANY = 5000


# A change is told by the record that it is of: a draft under a public policy, or one that needs another record,
# names that record too. Deleted records are in history.
TOUCHES_PUBLIC_SQL = """
WITH public AS MATERIALIZED (
    SELECT DISTINCT pgh_obj_id AS id FROM policies_initiativeevent WHERE status = ANY(%s) AND sensitivity = %s
)
SELECT EXISTS (
    SELECT FROM policies_change AS change
    WHERE xid >= %s::text::xid8 AND xid < %s::text::xid8 AND cardinality(initiative_ids) > 0
    AND CASE table_name
        WHEN 'policies_initiative' THEN row_id IN (SELECT id FROM public)
        WHEN 'policies_signoff' THEN false -- what a step makes public changes the record too
        WHEN 'policies_dependency' THEN NOT EXISTS (
            SELECT FROM unnest(initiative_ids) AS named WHERE named NOT IN (SELECT id FROM public)
        )
        ELSE EXISTS (SELECT FROM unnest(initiative_ids) AS named WHERE named IN (SELECT id FROM public))
    END
)
"""


@dataclass
class Neighbourhood:
    """What a batch of changes can bear on. `everything` means that no smaller answer is known."""

    everything: bool = False
    own: frozenset = frozenset()
    outcome: frozenset = frozenset()
    of_public: bool = True  # whether what changed is, or ever was, for everybody to read

    @property
    def empty(self):
        """Nothing that a check looks at has changed."""
        return not self.everything and not self.own

    def scope(self, check, today):
        """What a check has to look at again."""
        if self.everything or check.reach == "all":
            return Scope(today)
        return Scope(today, self.outcome if check.reach == "outcome" else self.own)


@dataclass
class Result:
    """What came of an attempt to scan: the scan, if there was anything to look at; and whether to try again."""

    scan: Scan | None = None
    busy: bool = False
    unsettled: bool = False
    errors: dict = field(default_factory=dict)


def scan_changes(*, today=None, reason="change") -> Result:
    """Scan what has changed since the last scan; everything, if there was none yet."""
    return _scan(today=today, reason=reason, full=False)


def scan_all(*, today=None, reason="request") -> Result:
    """Scan everything, whatever has changed."""
    return _scan(today=today, reason=reason, full=True)


def scan_nightly(*, due, today=None) -> Result | None:
    """The full scan of a day, once however often it is asked for."""
    with transaction.atomic():
        _, mine = Slot.objects.get_or_create(name="nightly scan", due=due)
        return scan_all(today=today, reason="nightly") if mine else None


def beat_heart(name="worker"):
    """Say that background work goes on."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def _scan(*, today, reason, full):
    started = timezone.now()
    today = today or timezone.localdate()
    ScanCursor.objects.get_or_create(name=CURSOR)
    with transaction.atomic():
        try:
            cursor = ScanCursor.objects.select_for_update(nowait=True).get(name=CURSOR)
        except OperationalError:
            return Result(busy=True)
        horizon = Change.horizon()
        if moved := horizon < cursor.xid:
            Change.objects.of_another_cluster().delete()
        around = _neighbourhood(cursor.xid, horizon, full=full or moved or cursor.xid == 0)
        stale = set(StaleCheck.objects.values_list("code", flat=True))
        result = Result(unsettled=Change.objects.filter(xid__gte=horizon).exists())
        if not around.empty or stale:
            result.scan = _run(around, stale, started, today, reason)
            result.errors = result.scan.errors
        if cursor.xid != horizon and (
            result.scan or Change.objects.filter(xid__gte=cursor.xid, xid__lt=horizon).exists()
        ):
            cursor.xid = horizon
            cursor.save(update_fields=["xid"])
    return result


def _run(around, stale, started, today, reason):
    total, errors, timings = Outcome(), {}, {}
    for code, check in configured().items():
        scope = Scope(today) if code in stale else around.scope(check, today)
        if around.empty and code not in stale:
            continue
        clock = time.perf_counter()
        try:
            with transaction.atomic():
                total.add(reconcile(check, scope, started))
        except Exception as error:
            # One broken check must not stop the others; its flags stay as they were, and it will be run in full.
            log.exception("check_failed", check=code)
            errors[code] = f"{type(error).__name__}: {error}"[:500]
            StaleCheck.objects.get_or_create(code=code)
        else:
            if code in stale:
                StaleCheck.objects.filter(code=code).delete()
        timings[code] = round(time.perf_counter() - clock, 4)
    scan = Scan.objects.create(
        kind=ScanKind.FULL if around.everything else ScanKind.INCREMENTAL,
        status=ScanStatus.FAILED if errors else ScanStatus.DONE,
        reason=reason,
        as_of=today,
        started_at=started,
        finished_at=timezone.now(),
        initiatives=Initiative.objects.live().count() if around.everything else len(around.own),
        opened=total.opened,
        changed=total.changed,
        reopened=total.reopened,
        resolved=total.resolved,
        errors=errors,
        timings=timings,
        of_public=around.of_public,
    )
    log.info(
        "scanned",
        scan=scan.pk,
        kind=scan.kind,
        opened=scan.opened,
        resolved=scan.resolved,
        failed=sorted(errors),
    )
    return scan


def _neighbourhood(after, before, *, full):
    """What the changes of a span of transactions bear on."""
    if full:
        return Neighbourhood(everything=True)
    changes = Change.objects.settled(after=after, before=before).order_by()
    if changes.filter(table_name__in=BEARS_ON_ALL).exists():
        return Neighbourhood(everything=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(DISTINCT i) FROM policies_change, unnest(initiative_ids) AS i"
            " WHERE xid >= %s::text::xid8 AND xid < %s::text::xid8",
            [after, before],
        )
        changed = frozenset(cursor.fetchone()[0] or ())
        cursor.execute(
            "SELECT array_agg(DISTINCT o) FROM policies_change, unnest(outcome_ids) AS o"
            " WHERE xid >= %s::text::xid8 AND xid < %s::text::xid8",
            [after, before],
        )
        outcomes = set(cursor.fetchone()[0] or ())
    if not changed:
        return Neighbourhood()
    of_public = _touches_public(after, before)
    if len(changed) > TOO_MANY:
        return Neighbourhood(everything=True, of_public=of_public)
    family = Initiative.objects.filter(Q(pk__in=changed) | Q(parent__in=changed) | Q(children__in=changed))
    own = changed | frozenset(family.values_list("pk", flat=True))
    outcomes |= set(OutcomeLink.objects.filter(initiative__in=own).values_list("outcome_id", flat=True))
    sharing = OutcomeLink.objects.filter(outcome__in=outcomes).values_list("initiative_id", flat=True)
    return Neighbourhood(own=own, outcome=own | frozenset(sharing), of_public=of_public)


def _touches_public(after, before):
    """Whether something that everybody can read, or once could, is among the changes of a span of transactions."""
    with connection.cursor() as cursor:
        cursor.execute(TOUCHES_PUBLIC_SQL, [PUBLIC, Sensitivity.OFFICIAL, after, before])
        return cursor.fetchone()[0]
