"""`manage.py scan`: run the checks now, here."""

import datetime
import time

from django.core.management.base import BaseCommand, CommandError

from policies.models import Initiative
from tracker.actions import past, scans, verifying
from tracker.checks.catalogue import catalogue

# How long to wait for a scan that is running, such as the worker's own.
PATIENCE_SECONDS = 60
MOST_NAMED = 20


class Command(BaseCommand):
    help = (
        "Runs the checks on what has changed and says what came of it; with options, on everything, by some checks "
        "only, around one initiative, or on the register as it stood on a past day."
    )

    def add_arguments(self, parser):
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--full", action="store_true", help="look at everything, changed or not")
        what.add_argument("--check", action="append", metavar="CODE", help="run this check in full; may be repeated")
        what.add_argument("--initiative", action="append", metavar="REFERENCE", help="look at this and what is near it")
        what.add_argument(
            "--verify", action="store_true", help="compare the flags with a look at everything; exit 1 if they differ"
        )
        what.add_argument(
            "--as-of",
            type=datetime.date.fromisoformat,
            metavar="DATE",
            help="what the checks find on the register as it stood that day; writes nothing",
        )
        parser.add_argument(
            "--today", type=datetime.date.fromisoformat, help="the date that the checks go by, such as 2026-11-24"
        )

    def handle(self, *, full, check, initiative, verify, as_of, today, **options):
        if as_of:
            self.tell_past(as_of)
        elif verify:
            self.tell_differences(today)
        elif check or initiative:
            self.tell(scans.scan_some(codes=self.codes(check), initiatives=self.ids(initiative), today=today))
        else:
            self.tell(self.patiently(scans.scan_all if full else scans.scan_changes, today))

    def patiently(self, run, today):
        """Scan, waiting for one that runs already."""
        until = time.monotonic() + PATIENCE_SECONDS
        while (result := run(today=today, reason="command")).busy:
            if time.monotonic() > until:
                self.stderr.write("Another scan is running. Its flags will be there when it ends.")
                raise SystemExit(1)
            time.sleep(0.2)
        return result

    def tell(self, result):
        """Say what came of a scan."""
        if result.scan is None:
            self.stdout.write("Nothing has changed since the last scan.")
            return
        scan = result.scan
        seconds = (scan.finished_at - scan.started_at).total_seconds() if scan.finished_at else 0
        self.stdout.write(
            f"{scan.get_kind_display()}: {scan.initiatives:,} initiatives, {scan.opened:,} flags opened, "
            f"{scan.changed:,} changed, {scan.resolved:,} resolved, in {seconds:.1f} seconds."
        )
        for code, error in scan.errors.items():
            self.stderr.write(f"{code} failed and left its flags as they were: {error}")
        if scan.errors:
            raise SystemExit(1)

    def tell_differences(self, today):
        """Say which flags are not as a look at everything would leave them."""
        differences, sure = verifying.verify(today=today)
        for one in differences[:MOST_NAMED]:
            self.stderr.write(f"{one.fingerprint}: {one.what}")
        if len(differences) > MOST_NAMED:
            self.stderr.write(f"and {len(differences) - MOST_NAMED:,} more")
        if differences and not sure:
            raise CommandError("The register kept changing meanwhile. Run this again when fewer people write.")
        if differences:
            raise SystemExit(1)
        self.stdout.write("Every flag is as a look at everything would leave it.")

    def tell_past(self, day):
        """Say what the checks find on a past day."""
        found = past.scan_as_of(day)
        number = sum(map(len, found.findings.values()))
        self.stdout.write(f"On {day:%-d %B %Y} {found.initiatives:,} initiatives were live; {number:,} flags:")
        for code, findings in found.findings.items():
            if findings:
                self.stdout.write(f"  {code} {catalogue()[code].title}: {len(findings):,}")

    def codes(self, named):
        """Codes of checks as they are written in the catalogue."""
        codes = [code.upper() for code in named or ()]
        if unknown := [code for code in codes if code not in catalogue()]:
            raise CommandError(f"There is no check {', '.join(unknown)}. The checks are listed in docs/checks.")
        return codes or None

    def ids(self, references):
        """Ids of initiatives by their references."""
        if not references:
            return None
        found = dict(Initiative.objects.filter(reference__in=references).values_list("reference", "pk"))
        if unknown := [reference for reference in references if reference not in found]:
            raise CommandError(f"Nothing on record has the reference {', '.join(unknown)}.")
        return list(found.values())
