"""Working out what a file would change: everything is read and compared before anything is written."""

from collections.abc import Callable
from dataclasses import dataclass, field

from policies.actions.bulk import Batch, InitiativeChange
from policies.models import Initiative, Responsibility, Role
from policies.workbook import cells, initiative_rows, link_rows, staleness
from policies.workbook.differences import of_initiative
from policies.workbook.lookups import Lookups
from policies.workbook.problems import CellError, Problem
from policies.workbook.sheets import BY_NAME, INITIATIVES, LINKS, SHEETS
from policies.workbook.values import KEPT

TOLD_EVERY = 200
ORDER = {sheet.name: position for position, sheet in enumerate(SHEETS)}


@dataclass
class Count:
    """How many rows of a sheet are new, different, or as they were."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass
class Plan:
    """What a file means: its problems, or the batch that would bring the register up to it.

    `differences` are the rows that add or change something, with what was there before.
    """

    tables: dict
    lookups: Lookups
    problems: list = field(default_factory=list)
    batch: Batch = field(default_factory=Batch)
    counts: dict = field(default_factory=dict)
    differences: list = field(default_factory=list)
    heard: Callable[[int], None] | None = None
    rows_read: int = 0

    def read(self, sheet, number, row):
        """The values of a row by column name. Cells with problems are left out; the problems are kept."""
        self.rows_read += 1
        if self.heard and self.rows_read % TOLD_EVERY == 0:
            self.heard(self.rows_read)
        values = {}
        for name, text in row.items():
            column = sheet.column(name)
            if text.strip() == KEPT:
                continue
            try:
                values[name] = cells.read(column, text, sheet.model, self.lookups)
            except CellError as error:
                self.problems.append(error.at(sheet.name, number, name, text))
        return values

    def problem(self, sheet, number, column, value, what, why, fix, allowed=()):
        """Keep a problem that only shows when rows are seen together."""
        self.problems.append(Problem(sheet.name, number, column, str(value), what, why, fix, tuple(allowed)))


def make_plan(tables, rules=None, heard=None):
    """Compare tables with the register. The number of queries does not grow with the rows.

    `rules` say which records the file's author can see, and what else they may not do: `personal.Rules`, or
    None for those who set the register up. `heard` is told now and then how many rows have been read.
    """
    plan = Plan(tables, Lookups(rules.visible() if rules else Initiative.objects.filter(revises=None)), heard=heard)
    plan.counts = {sheet.name: Count() for sheet in SHEETS if sheet.name in tables}
    described = []
    for sheet in INITIATIVES:
        if sheet.name in tables:
            described += initiative_rows.read(plan, sheet, tables[sheet.name])
    drafts = {s.name: link_rows.read(plan, s, tables[s.name]) for s in LINKS if s.name in tables}
    link_rows.check_leads(plan, drafts.get("roles", []))
    _in_reading_order(plan)
    if plan.problems:
        return plan
    entries = set(described) | {draft.entry for rows in drafts.values() for draft in rows}
    for name, rows in drafts.items():
        link_rows.compare(plan, BY_NAME[name], rows)
    leads = _leads(entries)
    link_rows.put_leads(plan, entries, leads)
    initiative_rows.compare_sets(plan, described)
    _collect(plan, entries, leads)
    for entry in described:
        count = plan.counts[entry.at[0]]
        which = "added" if entry.is_new else "changed" if entry.fields or entry.is_moved else "unchanged"
        setattr(count, which, getattr(count, which) + 1)
        if which != "unchanged":
            plan.differences.append(of_initiative(plan, entry))
    plan.differences.sort(key=lambda d: (ORDER[d.sheet], d.row))
    staleness.check(plan)
    if rules:
        rules.check(plan, leads)
    _in_reading_order(plan)
    return plan


def _leads(entries):
    """The present lead role of each initiative that has one."""
    known = {entry.initiative.pk: entry for entry in entries if not entry.is_new}
    rows = Responsibility.objects.filter(initiative__in=known, role=Role.LEAD)
    return {known[row.initiative_id]: row for row in rows}


def _collect(plan, entries, leads):
    organisations = plan.lookups.organisations
    for entry in sorted(entries, key=lambda entry: entry.at or ("", 0)):
        if not (entry.is_new or entry.fields or entry.rows_change):
            continue
        before = leads[entry].organisation_id if entry in leads else None
        plan.batch.initiatives.append(
            InitiativeChange(
                entry.initiative, entry.fields, organisations.get(entry.lead or before), lead_before=before
            )
        )


def _in_reading_order(plan):
    columns = {sheet.name: [column.name for column in sheet.columns] for sheet in SHEETS}
    plan.problems.sort(key=lambda p: (ORDER[p.sheet], p.row or 0, columns[p.sheet].index(p.column) if p.column else -1))
