"""manage.py load_landscape: the levelling-up policies of 2021, through the same import as any spreadsheet."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from policies.actions.people import registrar
from policies.actions.reference import FOLDER, ReferenceFileError, load_reference
from policies.workbook.importing import import_workbook
from policies.workbook.problems import WorkbookError
from policies.workbook.reader import read_folder


class Command(BaseCommand):
    """Loads reference data, then the landscape. Loading again changes nothing."""

    help = "Load reference data and the landscape of 2021: policies, commitments, partnerships and their rows."

    def add_arguments(self, parser):
        """A folder other than the project's own."""
        parser.add_argument(
            "--folder", type=Path, default=FOLDER / "landscape_2021", help="folder with a CSV file for each sheet"
        )

    def handle(self, *, folder, **options):
        """Load, or list every problem and stop with status 1."""
        by = registrar()
        self.stdout.write("Reference data")
        try:
            load_reference(by=by, say=lambda loaded: self.stdout.write(f"  {loaded}"))
            self.stdout.write("Landscape of 2021")
            plan = import_workbook(by=by, tables=read_folder(folder))
        except (ReferenceFileError, FileNotFoundError) as error:
            raise CommandError(str(error)) from error
        except WorkbookError as error:
            for problem in error.problems:
                self.stderr.write(f"  {problem}")
            raise CommandError(f"Nothing was loaded: {error}.") from error
        for sheet, count in plan.counts.items():
            self.stdout.write(
                f"  {sheet.replace('_', ' ').capitalize()}: {count.added} added, {count.changed} changed, "
                f"{count.unchanged} up to date"
            )
