"""Reading XLSX and ODS: the same tables as from CSV, and files that are refused before they do harm."""

import datetime
import io
import subprocess
import time
import zipfile

import odswriter
import pytest
import xlsxwriter

from policies.actions.reference import FOLDER
from policies.workbook import files
from policies.workbook.files import read_file
from policies.workbook.problems import WorkbookError
from policies.workbook.reader import read_folder
from policies.workbook.sheets import BY_NAME, Cell

HEADER = ["initiative", "purpose", "words", "is_health", "target_value", "target_date"]
ROW = ["DHSC-0001", "target", "Life expectancy, in years", True, 0.1, datetime.date(2027, 3, 31)]
LARGE = ["DHSC-0002", "target", "Pounds", False, 4800000000, datetime.date(2027, 4, 1)]


def xlsx(sheets):
    """An XLSX file; a sheet is a list of rows, or a dictionary of cells by row and column."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            cells = rows if isinstance(rows, dict) else _by_place(rows)
            for (row, column), value in cells.items():
                if isinstance(value, datetime.date):
                    sheet.write_datetime(row, column, value, day)
                else:
                    sheet.write(row, column, value)
    return file.getvalue()


def _by_place(rows):
    return {(i, j): value for i, row in enumerate(rows) for j, value in enumerate(row) if value != ""}


def ods(sheets):
    """An ODS file; a sheet is a list of rows."""
    file = io.BytesIO()
    with odswriter.writer(file) as book:
        for name, rows in sheets.items():
            sheet = book.new_sheet(name)
            for row in rows:
                sheet.writerow(row)
    return file.getvalue()


def packed(parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return file.getvalue()


def refused(content):
    with pytest.raises(WorkbookError) as caught:
        read_file("forty.xlsx", content)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("write", [xlsx, ods])
def test_cells_become_the_text_that_the_importer_reads(write):
    table = read_file("a", write({"measures": [HEADER, ROW, LARGE]}))["measures"]
    assert table.columns == HEADER
    assert table.rows == [
        (2, dict(zip(HEADER, [*ROW[:3], "true", "0.1", "2027-03-31"], strict=True))),
        (3, dict(zip(HEADER, [*LARGE[:3], "false", "4800000000", "2027-04-01"], strict=True))),
    ]


def _typed(column, text):
    if not text or column is None:
        return text
    if column.cell is Cell.DATE:
        return datetime.date.fromisoformat(text)
    if column.cell is Cell.YES_NO:
        return text == "true"
    return float(text) if column.cell in (Cell.MONEY, Cell.NUMBER, Cell.YEAR) else text


@pytest.mark.parametrize("write", [xlsx, ods])
def test_the_whole_landscape_reads_as_it_does_from_csv(write):
    tables = read_folder(FOLDER / "landscape_2021")
    sheets = {}
    for name, table in tables.items():
        columns = [BY_NAME[name].column(column) for column in table.columns]
        rows = [[_typed(column, row[column.name]) for column in columns] for _, row in table.rows]
        sheets[name] = [[name], ["Notes stand here"], table.columns, *rows]
    found = read_file("a", write(sheets))
    assert list(found) == list(tables)
    for name, table in found.items():
        assert table.columns == tables[name].columns
        wanted = [{key: text.replace("\r\n", "\n") for key, text in row.items()} for _, row in tables[name].rows]
        assert [row for _, row in table.rows] == wanted


def test_a_reader_that_is_not_there_is_no_fault_of_the_file(monkeypatch, tmp_path):
    monkeypatch.setattr(files, "UNPACKING", tmp_path / "none.py")
    with pytest.raises(subprocess.CalledProcessError):
        read_file("a", xlsx({"measures": [HEADER]}))


@pytest.mark.parametrize("write", [xlsx, ods])
def test_titles_over_the_header_keep_the_numbers_of_the_rows(write):
    rows = [["Measures"], ["How it will be judged"], ["Initiative", "Words"], ["A-0001", "Years"], [""], ["A-0002"]]
    sheets = {"Cover": [["The register"]], "Measures": rows, "Sheet1": []}
    tables = read_file("a", write(sheets))
    assert list(tables) == ["measures"]
    assert [number for number, _ in tables["measures"].rows] == [4, 6]


@pytest.mark.parametrize("write", [xlsx, ods])
def test_all_faults_of_all_sheets_come_at_once(write):
    sheets = {
        "polices": [["title"], ["x"]],
        "capital links": [["Capital links"], ["initiative", "capital", "colour"], ["A-0001", "human", "red"]],
        "capital_links": [["initiative", "capital", "weight"], ["A-0001", "human", "primary"]],
    }
    texts = refused(write(sheets))
    assert "There is no sheet called “polices”." in texts[0]
    assert texts[1].startswith("capital_links, row 2, column colour: There is no column “colour”")
    assert texts[2].startswith("capital_links, row 2, column weight: The column “weight” is missing.")
    assert any("There is more than one sheet called “capital_links”." in text for text in texts)


def test_a_cell_is_called_as_a_spreadsheet_calls_it():
    gap = ["initiative", "purpose", "", "words"]
    table = read_file("a", xlsx({"measures": [["Title"], gap, ["A-0001", "target", "", "x"]]}))["measures"]
    assert [table.address(3, column) for column in ("initiative", "words", "unit")] == ["A3", "D3", ""]
    assert table.address(None, "words") == ""
    table.header = [str(number) for number in range(60)]
    assert [table.address(1, str(number)) for number in (25, 26, 51, 52)] == ["Z1", "AA1", "AZ1", "BA1"]


def test_a_workbook_without_rows():
    (text,) = refused(xlsx({"Sheet1": []}))
    assert text.startswith("forty.xlsx: There are no sheets with rows here.")
    assert "Accepted: policies, commitments" in text


BOMBS = {
    "The file is larger than 20 MB.": lambda: b"PK" + bytes(20_000_000),
    "The file has 101 parts.": lambda: packed({f"xl/{n}": "" for n in range(101)}),
    "The file unpacks to more than 20 MB.": lambda: packed({"xl/workbook.xml": " " * 20_000_001}),
    "The file is packed unusually tightly.": lambda: packed({"xl/workbook.xml": " " * 5_000_000}),
}


@pytest.mark.parametrize("sentence", BOMBS)
def test_bombs_are_refused_unopened_in_under_a_tenth_of_a_second(sentence):
    content = BOMBS[sentence]()
    began = time.perf_counter()
    (text,) = refused(content)
    assert time.perf_counter() - began < 0.1
    assert sentence in text


def test_one_cell_in_the_last_corner_ends_the_reading_and_not_the_reader():
    content = xlsx({"measures": {(0, 0): "initiative", (0, 1): "words", (1_048_575, 16_383): "x"}})
    assert len(content) < 10_000
    (text,) = refused(content)
    assert "The file cannot be read as a spreadsheet." in text


def test_one_long_text_that_thousands_of_cells_point_at_is_refused():
    content = xlsx({"measures": [HEADER, *([["A-0001", "target", "x" * 30_000]] * 2_100)]})
    assert len(content) < 100_000
    (text,) = refused(content)
    assert "cannot be read as a spreadsheet" in text or "packed unusually tightly" in text


def test_formulas_give_their_values_and_errors_are_never_taken_for_empty_cells():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("measures")
        sheet.write_row(0, 0, ["initiative", "words", "target_value"])
        sheet.write_row(1, 0, ["A-0001", "Years"])
        sheet.write_formula(1, 2, "=40+2", None, 42)
        sheet.write_row(2, 0, ["A-0001", "Pounds"])
        sheet.write_formula(2, 2, "=A2/0", None, "#DIV/0!")
    (text,) = refused(file.getvalue())
    assert "A formula shows an error in C3." in text
    mended = [["initiative", "words", "target_value"], ["A-0001", "Years", 42]]
    assert read_file("a", xlsx({"measures": mended}))["measures"].rows[0][1]["target_value"] == "42"


def with_password():
    content = bytearray(ods({"measures": [HEADER]}))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


BROKEN = {
    "nothing": (b"", "cannot be read as a spreadsheet"),
    "csv": (b"initiative,words\nA-0001,x\n", "cannot be read as a spreadsheet"),
    "another package": (packed({"word/document.xml": "<a/>"}), "cannot be read as a spreadsheet"),
    "not xml": (packed({"xl/workbook.xml": "nonsense <"}), "cannot be read as a spreadsheet"),
    "cut short": (xlsx({"measures": [HEADER, ROW]})[:-40], "cannot be read as a spreadsheet"),
    "old or encrypted": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "The file has a password, or is in"),
    "encrypted part": (with_password(), "The file has a password."),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_files_are_a_sentence(case):
    content, sentence = BROKEN[case]
    (text,) = refused(content)
    assert sentence in text


@pytest.mark.parametrize("write", [xlsx, ods])
def test_every_way_to_cut_or_change_a_file_is_a_sentence_or_a_table(write):
    content = write({"measures": [HEADER, ROW]})
    for at in range(0, len(content), max(1, len(content) // 12)):
        for changed in (content[:at], content[:at] + b"\xff\x00\xff" + content[at + 3 :]):
            assert _sentences(changed) is not None


def _sentences(content):
    """What is said of a file: nothing if it was read, and never an error of another kind."""
    try:
        read_file("forty.xlsx", content)
    except WorkbookError as error:
        return [str(problem) for problem in error.problems]
    return []
