"""What a spreadsheet of ours looks like, whatever its format: a cover, then one table a sheet.

The layout follows the Analysis Function's guidance on spreadsheets: a cover that says what is inside, the
title in A1, one table a sheet with one header row, no merged or hidden cells.
"""

from dataclasses import dataclass

# A spreadsheet program takes a cell that begins with one of these for a formula, full-width forms too.
FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠")
FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
# Rows below the header that offer lists of what is accepted.
ROWS_WITH_LISTS = 500


@dataclass(frozen=True)
class Heading:
    """A column: its name, its width in characters, and what a cell may hold.

    `accepted` are the values themselves; `listed` names the part of the sheet of codes where they stand.
    """

    name: str
    width: int = 20
    accepted: tuple = ()
    listed: str = ""


@dataclass(frozen=True)
class Page:
    """A sheet with one table. `lines` stand over it, below the title."""

    name: str
    title: str
    lines: tuple
    headings: tuple
    rows: list
    is_filled_in: bool = False

    @property
    def header_row(self):
        """The index of the row of column names: the title, the lines and an empty row come before."""
        return len(self.lines) + 2


@dataclass(frozen=True)
class Book:
    """A workbook. `marking` is its security classification; `lines` are what the cover says."""

    title: str
    marking: str
    lines: tuple
    pages: tuple

    def cover(self):
        """Rows of the cover: title, marking, lines, then the sheets and what each holds."""
        rows = [[self.title], [self.marking], *([line] for line in self.lines), [""], ["Sheet", "What it holds"]]
        return rows + [[page.name, page.title] for page in self.pages]


def looks_like_formula(text):
    """Whether a spreadsheet program could take a text for a formula."""
    return isinstance(text, str) and text.startswith(FORMULA_STARTS)


def printable(text):
    """A text without characters that no spreadsheet file can hold."""
    return "".join(
        c
        for c in text.replace("\r\n", "\n").replace("\r", "\n")
        if c in "\n\t" or (c >= " " and c not in "\ufffe\uffff")
    )


def list_places(book):
    """Where each list of the sheet of codes begins and ends: name of the list to a pair of row indexes."""
    page = next((page for page in book.pages if page.name == "codes"), None)
    places = {}
    for index, row in enumerate(page.rows if page else [], start=page.header_row + 1 if page else 0):
        first, _ = places.get(row[0], (index, index))
        places[row[0]] = first, index
    return places
