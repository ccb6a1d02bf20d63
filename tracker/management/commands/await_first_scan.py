"""`manage.py await_first_scan`: wait until the workers have scanned the register once."""

import time

from django.core.management.base import BaseCommand, CommandError

from policies.actions.action import announcer
from tracker.models import Scan, ScanKind


class Command(BaseCommand):
    help = "Waits for the first full scan by a worker. Fails with what to look at when none comes."

    def add_arguments(self, parser):
        parser.add_argument("--timeout", type=float, default=120, help="seconds to wait at most")

    def handle(self, *, timeout, **options):
        until = time.monotonic() + timeout
        announcer.announce()
        while not (scan := Scan.objects.finished().filter(kind=ScanKind.FULL).first()):
            if time.monotonic() > until:
                raise CommandError("No scan has finished. Look at the worker's log for the reason.")
            time.sleep(0.2)
        self.stdout.write(f"{scan.initiatives:,} initiatives scanned, {scan.opened:,} flags opened.")
