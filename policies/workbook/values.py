"""From a record to what stands in a cell, and from there to words. `cells` goes the other way."""

import datetime
from decimal import Decimal

from policies.models import Area, Capital, Collection, Indicator, Initiative, Organisation, Outcome
from policies.workbook.sheets import Cell

# Stands in a cell whose content does not fit or may not be shown; whoever reads it leaves the field alone.
KEPT = "(kept as it is)"
# What XLSX holds in one cell.
MOST_CHARACTERS = 32_767
CODED = {
    "organisation": (Organisation, "code"),
    "area": (Area, "gss_code"),
    "capital": (Capital, "code"),
    "outcome": (Outcome, "code"),
    "indicator": (Indicator, "code"),
    "collection": (Collection, "code"),
    "initiative": (Initiative, "reference"),
}


class Codes:
    """Codes by id of everything that a cell can name; each table is read once, when first asked for."""

    def __init__(self):
        self._known = {}

    def of(self, lookup, pk):
        """The code of a row."""
        if lookup not in self._known:
            model, name = CODED[lookup]
            self._known[lookup] = dict(model.objects.values_list("pk", name))
        return self._known[lookup].get(pk, "")

    def know(self, lookup, codes):
        """Use these codes by id for a table, and no others."""
        self._known[lookup] = codes


def cell(column, value, codes):
    """What stands in the cell: text, a number, a date, a boolean or None. Ids become codes."""
    if column.cell is Cell.CODES:
        return "; ".join(sorted(codes.of(column.lookup, pk) for pk in value or ())) or None
    if value is None or value == "":
        return None
    if column.cell is Cell.CODE:
        return codes.of(column.lookup, value) or None
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, bool | int | datetime.date):
        return value
    text = str(value)
    return text if len(text) <= MOST_CHARACTERS else KEPT


def number(value):
    """A number as a spreadsheet keeps it; as text when it has more digits than those keep."""
    short = Decimal(f"{float(value):.15G}")
    if short != value:
        return f"{value.normalize():f}"
    return int(value) if value == value.to_integral_value() else float(value)


def words(value):
    """A cell's content as a person reads it, empty for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}"
    return str(value)


def same(one, other):
    """Whether two values say the same: spaces and the kind of line break are no difference."""
    if isinstance(one, str) and isinstance(other, str):
        return _even(one) == _even(other)
    return one == other


def _even(text):
    return [" ".join(line.split()) for line in text.strip().splitlines()]
