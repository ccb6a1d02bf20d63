"""manage.py load_reference: places, bodies, capitals, outcomes and indicators."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from policies.actions.people import registrar
from policies.actions.reference import FOLDER, ReferenceFileError, load_reference


class Command(BaseCommand):
    """Loads the reference files, and says what each did. Loading again changes nothing."""

    help = "Load places, organisations, capitals, outcomes and indicators from policies/reference."

    def add_arguments(self, parser):
        """A folder other than the project's own."""
        parser.add_argument("--folder", type=Path, default=FOLDER, help="folder with the reference files")

    def handle(self, *, folder, **options):
        """Load, or stop with one line that names file and row."""
        try:
            load_reference(by=registrar(), folder=folder, say=lambda loaded: self.stdout.write(f"  {loaded}"))
        except (ReferenceFileError, FileNotFoundError) as error:
            raise CommandError(str(error)) from error
