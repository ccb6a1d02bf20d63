"""Reading a workbook from an XLSX or ODS file. What is wrong with the file itself is a sentence too."""

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from policies.workbook.problems import Problem, WorkbookError
from policies.workbook.reader import MAX_BYTES, table_from, unknown_sheet
from policies.workbook.sheets import BY_NAME

MAX_RATIO = 100
MAX_MEMBERS = 100
# Titles and notes may stand over the header, but not more of them than this.
HEADER_WITHIN = 20
SECONDS = 20
# Sheets for people to read; the importer has no use for them.
FOR_READERS = {"cover", "guidance", "codes"}
OLD_OR_ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UNREADABLE, WITH_ERRORS = 3, 4
UNPACKING = Path(__file__).with_name("unpacking.py")


def read_file(name, content):
    """The sheets of a file as `read_folder` gives them. `name` is what its author calls it.

    Raises WorkbookError with all that is wrong.
    """
    check_package(name, content)
    tables, problems, seen = {}, [], set()
    for title, rows in _unpack(name, content):
        sheet = title.strip().lower().replace(" ", "_")
        if sheet in FOR_READERS or not any(cell.strip() for row in rows for cell in row):
            continue
        if sheet not in BY_NAME:
            problems.append(unknown_sheet(title))
            continue
        if sheet in seen:
            what = f"There is more than one sheet called “{sheet}”."
            problems.append(_whole(title, what, "Which one counts is unknown.", "Keep one of them."))
            continue
        seen.add(sheet)
        first = _header_at(BY_NAME[sheet], rows)
        try:
            tables[sheet] = table_from(sheet, rows[first:], header_row=first + 1)
        except WorkbookError as error:
            problems.extend(error.problems)
    if not tables and not problems:
        what, fix = "There are no sheets with rows here.", "Name the sheets as in the template."
        problems.append(_whole(name, what, "The names of the sheets say what is in them.", fix, tuple(BY_NAME)))
    if problems:
        raise WorkbookError(problems)
    return tables


def check_package(name, content):
    """Look at the list of parts alone, before anything is unpacked. Raises WorkbookError."""
    smaller = "Check that it is the right file, or split it into several files."
    if len(content) > MAX_BYTES:
        _refuse(name, "The file is larger than 20 MB.", "A workbook of this register is far smaller.", smaller)
    if content.startswith(OLD_OR_ENCRYPTED):
        _refuse(
            name,
            "The file has a password, or is in a format of Excel before 2007.",
            "What is in it cannot be read.",
            "Take the password off, and save it as XLSX or ODS.",
        )
    try:
        with ZipFile(BytesIO(content)) as package:
            members = package.infolist()
    # A damaged list of parts breaks the reading of it in many ways.
    except (BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        _refuse_unreadable(name)
    if len(members) > MAX_MEMBERS:
        _refuse(name, f"The file has {len(members)} parts.", f"At most {MAX_MEMBERS} are read.", smaller)
    size, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    if size > MAX_BYTES:
        _refuse(name, "The file unpacks to more than 20 MB.", "It would keep others waiting.", smaller)
    if size > MAX_RATIO * max(packed, 1):
        _refuse(name, "The file is packed unusually tightly.", "Files made to do harm are.", smaller)
    if any(member.flag_bits & 1 for member in members):
        _refuse(name, "The file has a password.", "What is in it cannot be read.", "Take the password off.")
    if not {member.filename for member in members} & {"xl/workbook.xml", "content.xml"}:
        _refuse_unreadable(name)


def _unpack(name, content):
    command = [sys.executable, "-P", str(UNPACKING)]
    try:
        # No part of the command comes from the file.
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        done = None
    # Below zero: it was stopped at a limit.
    if done is None or done.returncode < 0 or done.returncode == UNREADABLE:
        _refuse_unreadable(name)
    if done.returncode == WITH_ERRORS:
        cells = ", ".join(json.loads(done.stdout)[:10])
        _refuse(
            name,
            f"A formula shows an error in {cells}.",
            "Its value is unknown, and an empty cell would take away what the register has.",
            "Mend the formula, or write the value in its place.",
        )
    done.check_returncode()
    return json.loads(done.stdout)


def _header_at(sheet, rows):
    """The index of the row that names the most columns; the first row if none does."""
    names = {column.name for column in sheet.columns}

    def known(index):
        return len({cell.strip().lower().replace(" ", "_") for cell in rows[index]} & names)

    return max(range(min(len(rows), HEADER_WITHIN)), key=lambda index: (known(index), -index))


def _refuse_unreadable(name):
    _refuse(
        name,
        "The file cannot be read as a spreadsheet.",
        "It is damaged, has a password, or is of another format.",
        "Open it in a spreadsheet program, and save it as XLSX or ODS.",
    )


def _refuse(name, what, why, fix):
    raise WorkbookError([_whole(name, what, why, fix)])


def _whole(name, what, why, fix, allowed=()):
    return Problem(name, None, "", "", what, why, fix, allowed)
