"""Are the flags that stand those that a look at everything would leave? Compares, and writes nothing."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from policies.models import Change
from tracker.actions import scans
from tracker.actions.reconcile import prepared
from tracker.checks.base import Scope
from tracker.checks.limits import configured
from tracker.models import Flag, ScanCursor, ScanPart

COMPARE_SQL = """
WITH found AS MATERIALIZED (
    SELECT DISTINCT ON (fingerprint) fingerprint, found_severity::text AS severity, sentence::text AS summary,
           md5(proof::jsonb::text) AS digest
    FROM ({query}) AS breach ({columns})
    ORDER BY fingerprint, digest
), standing AS (
    SELECT fingerprint, severity, summary, evidence_digest AS digest FROM tracker_flag
    WHERE check_code = %(code)s AND resolved_at IS NULL
)
SELECT fingerprint,
       CASE WHEN standing.digest IS NULL THEN 'missing' WHEN found.digest IS NULL THEN 'left over' ELSE 'outdated' END
FROM found FULL JOIN standing USING (fingerprint)
WHERE (found.severity, found.summary, found.digest) IS DISTINCT FROM
      (standing.severity, standing.summary, standing.digest)
ORDER BY fingerprint
"""

# How often to begin anew when somebody writes between the scan and the comparison.
TRIES = 5


@dataclass(frozen=True)
class Difference:
    """A flag that is missing, left over or outdated, by its fingerprint."""

    code: str
    fingerprint: str
    what: str


def verify(*, today=None):
    """Scan what has changed, then compare every check's flags with a look at everything.

    Returns the differences, and whether the register kept still enough to be sure of them.
    """
    today = today or timezone.localdate()
    for _ in range(TRIES):
        scans.scan_changes(today=today, reason="verify")
        scans.work_off()
        with transaction.atomic():
            # One snapshot for all checks and for the question whether something came in after the scan.
            if not connection.savepoint_ids:  # inside a larger transaction its own isolation holds
                connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            found = _of_no_check()
            found += [difference for code, check in configured().items() for difference in _compare(code, check, today)]
            still = not _unscanned()
        if not found or still:
            return found, True
    return found, False


def _compare(code, check, today):
    query, columns, parameters = prepared(check, Scope(today))
    with connection.cursor() as cursor:
        cursor.execute(COMPARE_SQL.format(query=query, columns=columns), parameters | {"code": code})
        return [Difference(code, fingerprint, what) for fingerprint, what in cursor.fetchall()]


def _unscanned():
    cursor = ScanCursor.objects.get(name=scans.CURSOR).xid
    return Change.objects.filter(xid__gte=cursor).exists() or ScanPart.objects.filter(done_at=None).exists()


def _of_no_check():
    """Standing flags of checks that are no more: nothing would find them again."""
    gone = Flag.objects.standing().exclude(check_code__in=configured()).values_list("check_code", "fingerprint")
    return [Difference(code, fingerprint, "left over") for code, fingerprint in gone]
