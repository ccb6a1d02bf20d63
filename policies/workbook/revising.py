"""Changes to what is published: each goes to a revision of its record, on which an approver decides.

A workbook is planned against the records themselves, so that its author sees what would become different. When
it is applied, the rows that change a published record are pointed at the working copy and planned again.
"""

from policies.actions.initiatives import EDITABLE, PARTS
from policies.actions.revisions import start_revision
from policies.models import Initiative, Status
from policies.workbook.reader import Table
from policies.workbook.sheets import BY_NAME
from policies.workbook.values import KEPT

# Columns of an initiative's own row that a working copy has besides its fields.
WITH_ROWS = {"lead", "places"}


def is_published(entry):
    """Whether an entry stands for a published record."""
    return not entry.is_new and entry.before.get("status", entry.initiative.status) == Status.PUBLISHED


def beyond_revision(difference):
    """The columns of a difference that no revision holds: they are the record's own."""
    sheet = BY_NAME[difference.sheet]
    if sheet.model is Initiative:
        return [name for name, _, _ in difference.cells if not _is_copied(sheet.column(name))]
    return [] if sheet.model in {model for model, _key in PARTS.values()} else [""]


def _is_copied(column):
    return column.name in WITH_ROWS or (column.field or column.name) in EDITABLE


def start_revisions(*, by, plan):
    """Open a revision of each published record that a plan changes.

    Returns the tables with their rows pointed at the working copies, and the ids of these.
    """
    copies = {}
    for difference in plan.differences:
        entry = difference.entry
        if is_published(entry) and entry not in copies:
            copies[entry] = start_revision(by=by, initiative=entry.initiative)
    wanted = {(d.sheet, d.row): copies[d.entry] for d in plan.differences if d.entry in copies}
    tables = {
        name: Table(
            name,
            table.columns,
            [(number, _pointed(name, row, wanted.get((name, number)))) for number, row in table.rows],
        )
        for name, table in plan.tables.items()
    }
    return tables, {copy.pk for copy in copies.values()}


def _pointed(name, row, copy):
    """A row about a working copy in place of its record; what the copy does not hold is left alone."""
    if copy is None:
        return row
    sheet = BY_NAME[name]
    if sheet.model is not Initiative:
        return row | {"initiative": copy.reference}
    kept = {column: text if _is_copied(sheet.column(column)) else KEPT for column, text in row.items()}
    return kept | {"reference": copy.reference}
