"""`manage.py check_docs`: the pages of docs/checks, written from the checks' own text."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tracker.checks.base import FAMILIES
from tracker.checks.catalogue import catalogue

FOLDER = Path(settings.BASE_DIR) / "docs" / "checks"
HEADS = {"flags": "What it flags", "why": "Why it matters", "do": "What to do", "source": "Source"}


def pages():
    """Name and text of every page: an index, and one for each check."""
    checks = catalogue()
    lines = [
        "# The checks",
        "",
        "Written by `manage.py check_docs` from the code, which is where to change them.",
    ]
    for family, title in FAMILIES.items():
        own = [check for code, check in checks.items() if code.startswith(family)]
        lines += ["", f"## {title}", "", "| code | check | severity | about |", "|---|---|---|---|"]
        lines += [f"| [{c.code}]({c.code}.md) | {c.title} | {c.severity} | {c.subject} |" for c in own]
    found = {"README.md": "\n".join([*lines, ""])}
    for code, check in checks.items():
        found[f"{code}.md"] = page(check)
    return found


def page(check):
    """The page of one check."""
    lines = [f"# {check.code}: {check.title}", "", f"{check.family_title()}. Severity: {check.severity}."]
    for part, words in check.text().items():
        lines += ["", f"## {HEADS[part]}", "", words]
    if check.thresholds:
        lines += ["", "## Thresholds", "", "| name | value | unit | source |", "|---|---|---|---|"]
        lines += [f"| {name} | {t.value:,} | {t.unit} | {t.source} |" for name, t in check.thresholds.items()]
    return "\n".join([*lines, ""])


class Command(BaseCommand):
    help = "Writes docs/checks from the checks' own text; with --check, says whether it is up to date."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a page is out of date")

    def handle(self, *, check, **options):
        wanted = pages()
        present = {path.name: path.read_text() for path in FOLDER.glob("*.md")}
        stale = sorted(name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name))
        if check and stale:
            raise CommandError(f"Out of date: {', '.join(stale)}. Run manage.py check_docs.")
        if check:
            return
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name in stale:
            if name in wanted:
                (FOLDER / name).write_text(wanted[name])
            else:
                (FOLDER / name).unlink()
        self.stdout.write(f"{len(stale)} of {len(wanted)} pages written.")
