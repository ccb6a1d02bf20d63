"""Small workbooks for tests: rows as dictionaries, missing columns as empty cells."""

from policies.workbook.reader import Table
from policies.workbook.sheets import BY_NAME


def table(sheet, *rows, columns=None):
    """A table as a reader gives it; every column that some row names is there."""
    names = columns or [c.name for c in BY_NAME[sheet].columns if c.required or any(c.name in row for row in rows)]
    filled = [{name: row.get(name, "") for name in names} for row in rows]
    return Table(sheet, names, list(enumerate(filled, start=2)))


def workbook(**sheets):
    """Tables by sheet; each value is a row or a list of rows."""
    return {name: table(name, *(rows if isinstance(rows, list) else [rows])) for name, rows in sheets.items()}


def policy(**values):
    return {"reference": "DHSC-9001", "title": "A policy", "form": "strategy"} | values


def commitment(**values):
    return {"reference": "DHSC-9002", "title": "A promise", "parent": "DHSC-9001"} | values
