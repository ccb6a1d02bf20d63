"""`manage.py scan`: run the checks now, here."""

import datetime
import time

from django.core.management.base import BaseCommand

from tracker.actions import scans

# How long to wait for a scan that is running, such as the worker's own.
PATIENCE_SECONDS = 60


class Command(BaseCommand):
    help = "Runs the checks on what has changed, or with --full on everything, and says what came of it."

    def add_arguments(self, parser):
        parser.add_argument("--full", action="store_true", help="look at everything, changed or not")
        parser.add_argument(
            "--today", type=datetime.date.fromisoformat, help="the date that the checks go by, such as 2026-11-24"
        )

    def handle(self, *, full, today, **options):
        run = scans.scan_all if full else scans.scan_changes
        until = time.monotonic() + PATIENCE_SECONDS
        while (result := run(today=today, reason="command")).busy:
            if time.monotonic() > until:
                self.stderr.write("Another scan is running. Its flags will be there when it ends.")
                raise SystemExit(1)
            time.sleep(0.2)
        if result.scan is None:
            self.stdout.write("Nothing has changed since the last scan.")
            return
        scan = result.scan
        self.stdout.write(
            f"{scan.get_kind_display()}: {scan.initiatives:,} initiatives, {scan.opened:,} flags opened, "
            f"{scan.changed:,} changed, {scan.resolved:,} resolved."
        )
        for code, error in scan.errors.items():
            self.stderr.write(f"{code} failed and left its flags as they were: {error}")
        if scan.errors:
            raise SystemExit(1)
