"""Reading a workbook from a folder of CSV files. Other formats give the same `Table` objects."""

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

from policies.workbook.problems import Problem, WorkbookError
from policies.workbook.sheets import BY_NAME

MAX_BYTES = 20_000_000
MAX_ROWS = 50_000


@dataclass
class Table:
    """A sheet as read: its columns, and its rows of text by column, with their numbers.

    `header` are the column names as they stand side by side, with the gaps between them.
    """

    sheet: str
    columns: list
    rows: list = field(default_factory=list)
    header: list = field(default_factory=list)

    def address(self, row, column):
        """The cell as a spreadsheet calls it, such as C7; empty if it is not one cell."""
        if not row or column not in self.header:
            return ""
        letters, number = "", self.header.index(column) + 1
        while number:
            number, last = divmod(number - 1, 26)
            letters = chr(ord("A") + last) + letters
        return f"{letters}{row}"


def read_folder(folder):
    """The sheets of a folder of CSV files, one file a sheet. Raises WorkbookError with all that is wrong."""
    folder, tables, problems = Path(folder), {}, []
    for path in sorted(folder.glob("*.csv")):
        if path.stem not in BY_NAME:
            problems.append(unknown_sheet(path.stem))
            continue
        try:
            tables[path.stem] = _read(path)
        except WorkbookError as error:
            problems.extend(error.problems)
    if not tables and not problems:
        problems.append(
            Problem(
                str(folder.name),
                None,
                "",
                "",
                "There are no sheets here.",
                "A workbook is a folder with a CSV file for each sheet.",
                "Put the files in the folder, named after their sheets.",
                tuple(BY_NAME),
            )
        )
    if problems:
        raise WorkbookError(problems)
    return tables


def _read(path):
    if path.stat().st_size > MAX_BYTES:
        raise WorkbookError(
            [
                _whole(
                    path.stem,
                    "The file is larger than 20 MB.",
                    "A sheet of this register is far smaller.",
                    "Check that it is the right file.",
                )
            ]
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise WorkbookError(
            [
                _whole(
                    path.stem,
                    f"The file is not UTF-8: see line {line}.",
                    "Accents and pound signs would be lost.",
                    "Save it as “CSV UTF-8”.",
                )
            ]
        ) from error
    try:
        return table_from(path.stem, csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        what = "The file cannot be read as CSV."
        why = "A quotation mark is open, or a cell is longer than 130,000 characters."
        raise WorkbookError([_whole(path.stem, what, why, "Save it again from a spreadsheet.")]) from error


def table_from(sheet, lines, header_row=1):
    """A table from rows of cells, the first of which are the column names. Raises WorkbookError.

    `header_row` is the number that a spreadsheet shows beside the column names.
    """
    lines = iter(lines)
    header = [str(name).strip().lower().replace(" ", "_") for name in next(lines, [])]
    problems = list(_header_problems(sheet, header, header_row))
    table = Table(sheet, [name for name in header if name], header=header)
    for number, cells in enumerate(lines, start=header_row + 1):
        if not any(cell.strip() for cell in cells):
            continue
        if number > MAX_ROWS:
            problems.append(
                _whole(
                    sheet,
                    f"There are more than {MAX_ROWS:,} rows.",
                    "A file of that size would keep others waiting.",
                    "Split it into several files.",
                )
            )
            break
        if any(cell.strip() for cell in cells[len(header) :]):
            problems.append(
                Problem(
                    sheet,
                    number,
                    "",
                    "",
                    "The row has more cells than there are columns.",
                    "What they mean is unknown.",
                    "Put text that holds a comma in double quotes, or name the column.",
                )
            )
        table.rows.append((number, {name: cell for name, cell in zip(header, cells, strict=False) if name}))
    if problems:
        raise WorkbookError(problems)
    return table


def _header_problems(sheet, header, row):
    known = BY_NAME[sheet]
    names = tuple(column.name for column in known.columns)
    for name in dict.fromkeys(header):
        if name and name not in names:
            yield Problem(
                sheet,
                row,
                name,
                name,
                f"There is no column “{name}” on this sheet.",
                "Its cells would be lost.",
                "Rename it, or take it out.",
                names,
            )
        if name and header.count(name) > 1:
            yield Problem(
                sheet,
                row,
                name,
                name,
                f"The column “{name}” is there twice.",
                "Which one counts is unknown.",
                "Keep one of them.",
            )
    for name in known.required:
        if name not in header:
            yield Problem(
                sheet,
                row,
                name,
                "",
                f"The column “{name}” is missing.",
                "Every row needs it.",
                f"Add the column: {known.column(name).guidance}.",
            )


def _whole(sheet, what, why, fix):
    return Problem(sheet, None, "", "", what, why, fix)


def unknown_sheet(name):
    """The problem of a sheet that is none of the register's."""
    return Problem(
        name,
        None,
        "",
        name,
        f"There is no sheet called “{name}”.",
        "Its rows would be lost.",
        "Rename it, or take it out.",
        tuple(BY_NAME),
    )
