"""What the files look like inside: layout, drop-downs, and text that stays text."""

import io
import re
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from policies.workbook import values
from policies.workbook.book import Book, Heading, Page, looks_like_formula, printable
from policies.workbook.exporting import template, write
from policies.workbook.sheets import SHEETS, Cell, Column

pytestmark = pytest.mark.usefixtures("landscape")

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠x", '=HYPERLINK("http://a")']


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name).decode() for name in package.namelist() if name.endswith(".xml")}


def book(*rows, headings=("name", "value")):
    page = Page("things", "Things", ("One table.",), tuple(map(Heading, headings)), [list(row) for row in rows])
    return Book("A book", "OFFICIAL", ("A line.",), (page,))


def cells(content, sheet):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet).to_python()


@pytest.mark.parametrize("file_format", ["xlsx", "ods"])
class TestLayout:
    def test_a_cover_with_marking_then_a_table_with_its_title_in_the_first_cell(self, file_format):
        content = write(book(("a", 1)), file_format)
        names = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
        assert names == ["cover", "things"]
        cover = cells(content, "cover")
        assert [row[0] for row in cover[:3]] == ["A book", "OFFICIAL", "A line."]
        assert cover[-1] == ["things", "Things"]
        rows = cells(content, "things")
        assert (rows[0][0], rows[1][0]) == ("Things", "One table.")
        assert rows[3:] == [["name", "value"], ["a", 1]]

    def test_the_template_has_every_sheet_its_guidance_and_its_codes(self, file_format):
        content = write(template(), file_format)
        names = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
        assert names == ["cover", *(sheet.name for sheet in SHEETS), "guidance", "codes"]
        guidance = cells(content, "guidance")
        described = {(row[0], row[1]) for row in guidance[4:]}
        assert described == {(sheet.name, column.name) for sheet in SHEETS for column in sheet.columns}
        assert ["organisation", "dft", "Department for Transport"] in cells(content, "codes")

    def test_nothing_is_merged_or_hidden(self, file_format):
        text = "".join(parts(write(template(), file_format)).values())
        assert not re.search(r"mergeCell|hidden=.1|columns-spanned|rows-spanned|visibility=.collapse", text)

    @pytest.mark.parametrize("text", FORMULAS)
    def test_no_text_becomes_a_formula(self, file_format, text):
        content = write(book((text, text)), file_format)
        found = parts(content)
        assert not any("<f>" in part or "<f " in part or "table:formula" in part for part in found.values())
        assert cells(content, "things")[4][0].strip() == printable(text).strip()

    def test_what_is_hostile_in_a_title_or_a_name_stays_text(self, file_format):
        evil = "</text:p><table:table/>]]>&\"'<script>"
        content = write(book((evil, "x")), file_format)
        assert cells(content, "things")[4][0] == evil

    def test_characters_that_no_file_can_hold_are_left_out(self, file_format):
        content = write(book(("a\x00b\x08c\ufffe", "x")), file_format)
        assert cells(content, "things")[4][0] == "abc"


class TestDropDowns:
    def test_of_xlsx(self):
        found = parts(write(template(), "xlsx"))
        policies = found["xl/worksheets/sheet2.xml"]
        assert '"strategy,white_paper,green_paper,bill,fund,programme"' in policies.replace("&quot;", '"')
        lists = re.findall(r"codes!\$B\$(\d+):\$B\$(\d+)", policies)
        assert lists
        codes = cells(write(template(), "xlsx"), "codes")
        first, last = map(int, lists[0])
        assert {row[0] for row in codes[first - 1 : last]} == {"organisation"}
        assert codes[last][0] != "organisation"

    def test_of_ods(self):
        content = parts(write(template(), "ods"))["content.xml"]
        assert content.index("content-validations") < content.index("<table:table ")
        assert "cell-content-is-in-list(&quot;strategy&quot;;&quot;white_paper&quot;" in content
        assert re.search(r"is-in-list\(\[\$codes\.\$B\$\d+:\.\$B\$\d+\]\)", content)
        used = set(re.findall(r'table:content-validation-name="(\w+)"', content))
        assert used
        assert used == set(re.findall(r'<table:content-validation [^>]*table:name="(\w+)"', content))

    def test_marks_what_looks_like_a_formula_as_text_for_good(self):
        styles = parts(write(book(("=1", "x")), "xlsx"))["xl/styles.xml"]
        assert 'quotePrefix="1"' in styles


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_seen(text):
    assert looks_like_formula(text)


@pytest.mark.parametrize("text", ["", "a=1", "1-2", " ", 5, None])
def test_other_text_is_not(text):
    assert not looks_like_formula(text)


class TestValues:
    @pytest.mark.parametrize(
        ("value", "cell", "words"),
        [(None, None, ""), ("", None, ""), (True, True, "true"), (False, False, "false"), (3, 3, "3"), ("a", "a", "a")],
    )
    def test_in_a_cell_and_in_words(self, value, cell, words):
        found = values.cell(Column("x", "X"), value, values.Codes())
        assert found is cell or found == cell
        assert values.words(found) == words

    @pytest.mark.parametrize(("one", "other"), [("a\r\nb ", "a\nb"), ("a  b", "a b"), (1, 1)])
    def test_same_whatever_the_spaces(self, one, other):
        assert values.same(one, other)

    @pytest.mark.parametrize(("one", "other"), [("a b", "ab"), ("a\nb", "a b"), ("a", "A"), (None, ""), (1, 2)])
    def test_not_the_same(self, one, other):
        assert not values.same(one, other)

    def test_a_set_of_codes_is_in_order(self):
        codes = values.Codes()
        codes.know("area", {1: "E2", 2: "E1"})
        column = Column("places", "P", Cell.CODES, lookup="area")
        assert values.cell(column, [1, 2], codes) == "E1; E2"
        assert values.cell(column, [], codes) is None
