"""The measurements. Each figure is a median of runs, floor and subject taken in turns; ratios are what counts."""

import os
import statistics
import sys
import time
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from benchmarks import peers
from benchmarks.generate import fill
from policies.actions.people import registrar
from policies.models import Initiative
from tracker.actions import scans
from tracker.actions.findings import Look
from tracker.actions.preview import what_if_published
from tracker.actions.reconcile import reconcile
from tracker.checks.base import COLUMNS, Scope, Sql
from tracker.checks.limits import configured
from tracker.models import Flag

RUNS = 5
CHANGES = 40
PEER_SIZES = (100, 1_000)

# Every table that a full scan reads, once, without an index: what no scan can be faster than.
TABLES = (
    "initiative",
    "footprint",
    "capitallink",
    "outcomelink",
    "responsibility",
    "measure",
    "allocationcriterion",
    "update",
)

SCAN_HEADING = (
    "| policies | rows read | flags | heap read, ms | who breaches, ms | ÷ heap read | median check ÷ heap read "
    "| scan, nothing new, ms | first scan, ms | one change p50, p95, ms | what if, ms |\n" + "|---" * 11 + "|"
)
PEER_HEADING = "| policies | found by each | SQL, ms | pySHACL ÷ SQL | ORM loops ÷ SQL |\n|---|---|---|---|---|"
RECONCILE_HEADING = "| flags of one check | unchanged, µs a flag | rows written |\n|---|---|---|"


def report(sizes):
    """All tables, as text for the README."""
    scanning, reconciling, slowest = [], [], ""
    for size in sizes:
        with register(f"bench_{size}", size):
            row, slowest = scanned(size)
            scanning.append(row)
            reconciling.append(reconciled())
    peering = []
    for size in PEER_SIZES:
        with register(f"bench_peers_{size}", size):
            peering.append(compared(size))
    worst = f"The slowest checks at the largest size, in heap reads: {slowest}."
    lines = [SCAN_HEADING, *scanning, "", worst, "", RECONCILE_HEADING, *reconciling, "", PEER_HEADING, *peering]
    return "\n".join(lines)


@contextmanager
def register(name, size):
    """A database of its own with a synthetic register, taken away afterwards."""
    original = connection.settings_dict["NAME"]
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0, skip_checks=True)
        call_command("load_reference", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115
        fill(size, registrar())
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = original
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def scanned(size):
    """A row of the table of scans, and the slowest checks in words."""
    rows = sum(one(f"SELECT count(*) FROM policies_{table}") for table in TABLES)
    first = clock(lambda: scans.scan_all(reason="bench"))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tracker_flag")
    heap, second, by_check = [], [], {}
    for _ in range(RUNS):
        heap.append(clock(heap_read))
        for code, seconds in who_breaches().items():
            by_check.setdefault(code, []).append(seconds)
        second.append(clock(lambda: scans.scan_all(reason="bench")))
    heap, second = statistics.median(heap), statistics.median(second)
    checks = {code: statistics.median(times) for code, times in by_check.items()}
    total = sum(checks.values())
    changes = sorted(change_one(number) for number in range(CHANGES))
    preview = statistics.median(preview_one(number) for number in range(RUNS))
    cells = [
        f"{size:,}",
        f"{rows:,}",
        f"{Flag.objects.count():,}",
        f"{heap:.0f}",
        f"{total:.0f}",
        f"{total / heap:.0f} x",
        f"{statistics.median(checks.values()) / heap:.1f} x",
        f"{second:.0f}",
        f"{first:.0f}",
        f"{changes[CHANGES // 2]:.0f}, {changes[CHANGES * 95 // 100]:.0f}",
        f"{preview:.0f}",
    ]
    print(f"{size}: {dict(sorted(checks.items(), key=lambda pair: -pair[1]))}", file=sys.stderr)
    slowest = sorted(checks, key=checks.get, reverse=True)[:5]
    return f"| {' | '.join(cells)} |", ", ".join(f"{code} {checks[code] / heap:.1f}" for code in slowest)


def heap_read():
    """Read every row of the tables that a scan reads."""
    for table in TABLES:
        one(f"SELECT count(*) FROM policies_{table}")


def who_breaches():
    """Milliseconds that each check takes to say who breaches it, sentences and evidence left aside."""
    today, found = timezone.localdate(), {}
    for code, check in configured().items():
        found[code] = clock(Look(check, Scope(today)).fingerprints)
    return found


def change_one(number):
    """Change one policy, and scan what that bears on."""
    policies = Initiative.objects.filter(kind="policy").order_by("pk")
    policy = policies[(number * 7919) % policies.count()]
    Initiative.objects.filter(pk=policy.pk).update(title=f"Changed {number}")
    return clock(lambda: scans.scan_changes(reason="bench"))


def preview_one(number):
    """What if a policy were published that is a draft for the moment."""
    policies = Initiative.objects.filter(kind="policy").order_by("pk")
    policy = policies[(number * 6007) % policies.count()]
    with transaction.atomic():
        Initiative.objects.filter(pk=policy.pk).update(status="draft", published_at=None, published_by=None)
        taken = clock(lambda: what_if_published(Initiative.objects.get(pk=policy.pk), user=registrar()))
        transaction.set_rollback(True)
    return taken


def reconciled():
    """A row of the table of reconciling: a check that finds just what stands, so that nothing is to be written."""
    code = "LOC001"
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE found ON COMMIT DROP AS SELECT fingerprint, severity AS found_severity, subject AS"
                " found_subject, initiative_id AS found_initiative, other_id AS found_other, outcome_id AS"
                " found_outcome, organisation_id AS found_organisation, area_id AS found_area, summary AS sentence,"
                " evidence AS proof FROM tracker_flag WHERE check_code = %s AND resolved_at IS NULL",
                [code],
            )
            cursor.execute("ANALYZE found")
        check = configured()[code]
        check.found = lambda scope: Sql(f"SELECT {', '.join(COLUMNS)} FROM found", {})
        number = one("SELECT count(*) FROM found")
        outcomes = []
        taken = statistics.median(
            clock(lambda: outcomes.append(reconcile(check, Scope(timezone.localdate()), timezone.now())))
            for _ in range(RUNS)
        )
        written = sum(sum(outcome.as_list()) for outcome in outcomes)
        transaction.set_rollback(True)
    return f"| {number:,} | {taken * 1000 / max(number, 1):.2f} | {written} |"


def compared(size):
    """A row of the table of peers; an error when they do not find the same."""
    today = timezone.localdate()
    graph, shapes = peers.as_graphs()
    found, sql, loops, shacl = [], [], [], []
    for _ in range(3):
        sql.append(clock(lambda: found.append(peers.in_sql(today))))
        loops.append(clock(lambda: found.append(peers.in_loops())))
    shacl.append(clock(lambda: found.append(peers.in_shacl(graph, shapes))))
    if any(one != found[0] for one in found):
        raise AssertionError("the peers do not find the same")
    sql = statistics.median(sql)
    return (
        f"| {size:,} | {len(found[0]):,} | {sql:.1f} | {statistics.median(shacl) / sql:,.0f} x "
        f"| {statistics.median(loops) / sql:,.0f} x |"
    )


def one(sql):
    """The one value of a statement, with indexes left aside."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_indexonlyscan = off; SET LOCAL enable_indexscan = off")
        cursor.execute(sql)
        return cursor.fetchone()[0]


def clock(work):
    """Milliseconds that some work takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000
