"""What a row of a file would add or change, cell by cell, for its author to look at before it is done."""

from dataclasses import dataclass

from policies.workbook.lookups import Entry
from policies.workbook.revising import is_published
from policies.workbook.sheets import BY_NAME, Cell
from policies.workbook.values import cell, words

ADDED, CHANGED = "added", "changed"
SETS = {"lead", "places", "collections"}


@dataclass(frozen=True)
class Difference:
    """A row that is new or changes something. `cells` are triples of column, text before and text after."""

    sheet: str
    row: int
    name: str
    what: str
    cells: tuple
    entry: Entry

    def as_json(self):
        """What is kept of it; see `Upload.differences`."""
        return {
            "revision": is_published(self.entry),
            "sheet": self.sheet,
            "row": self.row,
            "name": self.name,
            "what": self.what,
            "cells": [list(triple) for triple in self.cells],
        }


def name_of(initiative):
    """What a person calls a record, new or known."""
    return f"{initiative.reference} {initiative.title}".strip()


def of_initiative(plan, entry):
    """The difference that a row of policies, commitments or partnerships makes."""
    sheet, row = BY_NAME[entry.at[0]], entry.at[1]
    cells = []
    for column in sheet.columns:
        attribute = column.name if column.name in SETS else _attribute(column)
        if entry.is_new:
            before, after = "", _shown(plan, entry, column)
        elif attribute in entry.before:
            before, after = (
                words(cell(column, entry.before[attribute], plan.lookups.codes)),
                _shown(plan, entry, column),
            )
        else:
            continue
        if before != after:
            cells.append((column.name, before, after))
    return Difference(
        sheet.name, row, name_of(entry.initiative), ADDED if entry.is_new else CHANGED, tuple(cells), entry
    )


def _attribute(column):
    return "parent_id" if column.lookup == "initiative" else column.attribute


def _shown(plan, entry, column):
    """The new text of a cell of an initiative's own row."""
    if column.name == "version":
        return ""
    if column.name == "parent" and entry.initiative.parent is not None:
        parent = entry.initiative.parent
        return parent.reference or parent.short_code or parent.title
    if column.name in SETS:
        value = getattr(entry, column.name)
        return words(cell(column, value, plan.lookups.codes)) if value or column.cell is Cell.CODES else ""
    return words(cell(column, getattr(entry.initiative, _attribute(column)), plan.lookups.codes))


def of_link(plan, sheet, draft, before):
    """The difference that a row of another sheet makes; `before` are the values that change, None for a new row."""
    cells = []
    for column in sheet.columns:
        attribute = column.attribute
        if column.name == "initiative" or attribute not in (draft.values if before is None else before):
            continue
        old = words(cell(column, before[attribute], plan.lookups.codes)) if before is not None else ""
        new = words(cell(column, draft.values[attribute], plan.lookups.codes))
        if old != new:
            cells.append((column.name, old, new))
    what = ADDED if before is None else CHANGED
    return Difference(sheet.name, draft.number, name_of(draft.entry.initiative), what, tuple(cells), draft.entry)
