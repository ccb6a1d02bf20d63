"""`make bench`: fills scratch databases and prints ratios against the floors. `python -m benchmarks 1000 10000`."""

import os
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["LOG_LEVEL"] = "ERROR"

SIZES = [1_000, 10_000]
RUNS = 5

# Every table that a full scan reads, once, without an index: what no scan can be faster than.
TABLES = ["initiative", "footprint", "capitallink", "outcomelink", "responsibility", "measure", "allocationcriterion"]


def main(sizes):
    """Measure on the server that DATABASE_URL names; without it, on one that is started for this and deleted."""
    from tests.servers import SERVERS

    SERVERS.start()
    try:
        import django

        django.setup()
        lines = [heading()]
        for size in sizes:
            lines += measure(size)
        report = "\n".join(lines)
        print(report)
        readme = Path(__file__).parent / "README.md"
        start, end = "<!-- figures -->\n", "<!-- /figures -->"
        text = readme.read_text()
        readme.write_text(text[: text.index(start) + len(start)] + report + "\n" + text[text.index(end) :])
    finally:
        SERVERS.stop()


def heading():
    """The table's first two lines."""
    return (
        "| policies | rows read | heap read, ms | full scan, ms | scan / heap read | second scan, ms | flags "
        "| one change, ms |\n|---|---|---|---|---|---|---|---|"
    )


def measure(size):
    """One size: make its database, scan, and take it away again."""
    from django.core.management import call_command
    from django.db import connection

    from policies.actions.people import registrar
    from policies.models import Initiative
    from tracker.actions import scans
    from tracker.models import Flag

    name = f"bench_{size}"
    original = connection.settings_dict["NAME"]
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0, skip_checks=True)
        call_command("load_reference", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115
        from benchmarks.generate import fill

        fill(size, registrar())
        rows = sum(one(f"SELECT count(*) FROM policies_{table}") for table in TABLES)
        first = clock(lambda: scans.scan_all(reason="bench"))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE tracker_flag")
        heap, second = [], []
        for _ in range(RUNS):
            heap.append(clock(heap_read))
            second.append(clock(lambda: scans.scan_all(reason="bench")))
        policy = Initiative.objects.filter(kind="policy")[size // 2]
        changes = []
        for number in range(RUNS):
            Initiative.objects.filter(pk=policy.pk).update(title=f"Changed {number}")
            changes.append(clock(lambda: scans.scan_changes(reason="bench")))
        heap, second, change = (statistics.median(times) for times in (heap, second, changes))
        print(scans.Scan.objects.last().timings, file=sys.stderr)
        ratio = f"{second / heap:.1f} x"
        cells = [f"{size:,}", f"{rows:,}", f"{heap:.0f}", f"{first:.0f}", ratio, f"{second:.0f}"]
        return [f"| {' | '.join([*cells, f'{Flag.objects.count():,}', f'{change:.0f}'])} |"]
    finally:
        connection.close()
        connection.settings_dict["NAME"] = original
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def heap_read():
    """Read every row of the tables that a scan reads."""
    for table in TABLES:
        one(f"SELECT count(*) FROM policies_{table} AS t WHERE t IS NOT NULL OR t IS NULL")


def one(sql):
    """The one value of a statement, with indexes left aside."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_indexonlyscan = off; SET LOCAL enable_indexscan = off")
        cursor.execute(sql)
        return cursor.fetchone()[0]


def clock(work):
    """Milliseconds that some work takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or SIZES)
