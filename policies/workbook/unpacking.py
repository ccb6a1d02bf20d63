"""Opens a spreadsheet of unknown origin in a process of its own, with little memory and time.

A few bytes can claim a cell in the last row and column, and whoever reads them then asks for room for
all the cells between. Here that ends this process and no other. Run as a script: the file comes in on
standard input, and its sheets go out as JSON: a list of pairs of a name and rows of text.
"""

import datetime
import json
import re
import resource
import sys
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

from python_calamine import CalamineWorkbook

MEMORY_BYTES = 600_000_000
CPU_SECONDS = 10
MOST_TEXT = 60_000_000
UNREADABLE, WITH_ERRORS = 3, 4
ERROR_CELL = re.compile(rb'<c\b(?=[^>]*\st="e")[^>]*\sr="([A-Z]+[0-9]+)"')


def text_of(value):
    """What the importer reads for a cell: ISO dates, digits without exponent, true or false."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        number = f"{Decimal(repr(value)):f}"
        return number.rstrip("0").rstrip(".") if "." in number else number
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value)


def sheets_of(content):
    """Names and rows of every sheet, hidden ones too, each row at the number that a spreadsheet shows."""
    workbook = CalamineWorkbook.from_filelike(BytesIO(content))
    for name in workbook.sheet_names:
        rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        yield name, [[text_of(value) for value in row] for row in rows]


def error_cells(content):
    """Cells of an XLSX that show an error such as #REF!; the reader would take them for empty ones."""
    with ZipFile(BytesIO(content)) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/")]
        return [cell.decode() for name in sheets for cell in ERROR_CELL.findall(package.read(name))]


def main():
    """Read, write, and say by the exit code whether the file could be read."""
    for limit, most in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_SECONDS)):
        resource.setrlimit(limit, (most, most))
    try:
        content = sys.stdin.buffer.read()
        wrong, sheets = error_cells(content), list(sheets_of(content))
        # One text that many cells point at grows only when it is written out.
        if sum(len(cell) for _, rows in sheets for row in rows for cell in row) > MOST_TEXT:
            return UNREADABLE
    # A damaged file can end in a panic of the reader, which is no Exception.
    except BaseException:  # noqa: BLE001
        return UNREADABLE
    json.dump(wrong or sheets, sys.stdout)
    return WITH_ERRORS if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
