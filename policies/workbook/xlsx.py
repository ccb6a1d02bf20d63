"""Writing a book as XLSX, with drop-downs and a marked-up table on each sheet."""

import datetime
from io import BytesIO

import xlsxwriter

from policies.workbook.book import ROWS_WITH_LISTS, list_places, looks_like_formula, printable

# A list that stands in the rule itself has room for this many characters.
MOST_IN_RULE = 255


def write(book):
    """The bytes of the file. Text stays text, whatever it begins with."""
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as workbook:
        workbook.set_properties({"title": book.title, "category": book.marking})
        writer = _Writer(workbook, list_places(book))
        writer.cover(book)
        for page in book.pages:
            writer.page(page, book.marking)
    return file.getvalue()


class _Writer:
    def __init__(self, workbook, places):
        self.workbook, self.places = workbook, places
        wrapped = {"text_wrap": True, "valign": "top"}
        self.title = workbook.add_format({"bold": True, "font_size": 16})
        self.strong = workbook.add_format({"bold": True, "valign": "top"})
        self.text = workbook.add_format(wrapped)
        self.quoted = workbook.add_format({**wrapped, "quote_prefix": True})
        self.date = workbook.add_format({**wrapped, "num_format": "yyyy-mm-dd"})

    def cover(self, book):
        sheet = self.workbook.add_worksheet("cover")
        sheet.set_column(0, 0, 60)
        sheet.set_column(1, 1, 80)
        rows = book.cover()
        first = len(rows) - len(book.pages) - 1
        for index, row in enumerate(rows):
            style = self.title if index == 0 else self.strong if index in (1, first) else self.text
            for column, text in enumerate(row):
                self.put(sheet, index, column, text or None, style)
        for index, page in enumerate(book.pages, start=first + 1):
            sheet.write_url(index, 0, f"internal:'{page.name}'!A1", string=page.name)

    def page(self, page, marking):
        sheet = self.workbook.add_worksheet(page.name)
        self.put(sheet, 0, 0, page.title, self.title)
        for index, line in enumerate(page.lines, start=1):
            # Beside the table's first column these lines may run on to the right.
            self.put(sheet, index, 0, line, None)
        top = page.header_row
        last = top + max(len(page.rows), 1)
        for index, row in enumerate(page.rows, start=top + 1):
            for column, value in enumerate(row):
                self.put(sheet, index, column, value, self.text)
        sheet.add_table(
            top,
            0,
            last,
            len(page.headings) - 1,
            {
                "name": f"table_{page.name}",
                "columns": [{"header": heading.name, "header_format": self.strong} for heading in page.headings],
                "style": "Table Style Light 1",
                "autofilter": False,
            },
        )
        for column, heading in enumerate(page.headings):
            sheet.set_column(column, column, heading.width)
            if page.is_filled_in:
                self.offer(sheet, top + 1, last + ROWS_WITH_LISTS, column, heading)
        sheet.freeze_panes(top + 1, 1)
        sheet.set_footer(f"&C{marking}")

    def put(self, sheet, row, column, value, style):
        """One cell; what looks like a formula is marked as text for good."""
        if value is None or value == "":
            return
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value, style)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, style)
        elif isinstance(value, datetime.date):
            sheet.write_datetime(row, column, value, self.date)
        else:
            text = printable(str(value))
            sheet.write_string(row, column, text, self.quoted if looks_like_formula(text) else style)

    def offer(self, sheet, first, last, column, heading):
        """A drop-down of what the column accepts. Other spellings may be typed: the import knows more of them."""
        if heading.listed in self.places:
            begin, end = self.places[heading.listed]
            source = f"=codes!$B${begin + 1}:$B${end + 1}"
        elif heading.accepted and len(",".join(heading.accepted)) <= MOST_IN_RULE:
            source = list(heading.accepted)
        else:
            return
        rule = {"validate": "list", "source": source, "error_type": "information"}
        rule |= {"error_title": heading.name, "error_message": "This is not on the list. The import may not know it."}
        sheet.data_validation(first, column, last, column, rule)
