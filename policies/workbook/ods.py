"""Writing a book as ODS, with the same drop-downs."""

import datetime
from io import BytesIO

import odswriter

from policies.workbook.book import ROWS_WITH_LISTS, list_places, printable

BOLD = "bold"
# Width of a character in centimetres, about.
CHARACTER_CM = 0.2


def write(book):
    """The bytes of the file. Text stays text, whatever it begins with: no cell is written as a formula."""
    file = BytesIO()
    with odswriter.writer(file) as document:
        writer = _Writer(document, list_places(book))
        writer.sheet("cover", book.cover(), [60, 80], bold={0, 1})
        for page in book.pages:
            writer.page(page)
    return file.getvalue()


class _Writer:
    def __init__(self, document, places):
        self.document, self.places, self.rules = document, places, {}
        self.dom = document.dom
        self.spreadsheet = self.dom.getElementsByTagName("office:spreadsheet")[0]
        self.styles = self.dom.getElementsByTagName("office:automatic-styles")[0]
        self.widths = {}
        style = self._add(self.styles, "style:style", {"style:name": BOLD, "style:family": "table-cell"})
        self._add(style, "style:text-properties", {"fo:font-weight": "bold"})

    def page(self, page):
        lines = [[page.title], *([line] for line in page.lines), [], [heading.name for heading in page.headings]]
        rules = [self._rule(heading) if page.is_filled_in else "" for heading in page.headings]
        widths = [heading.width for heading in page.headings]
        table = self.sheet(page.name, [*lines, *page.rows], widths, bold={0, page.header_row})
        if any(rules):
            self._spare_row(table, rules)
            for row in table.getElementsByTagName("table:table-row")[page.header_row + 1 :]:
                for cell, rule in zip(row.childNodes, rules, strict=False):
                    if rule:
                        cell.setAttribute("table:content-validation-name", rule)

    def sheet(self, name, rows, widths, bold):
        """A sheet with its rows; returns its element."""
        sheet = self.document.new_sheet(name)
        for width in widths:
            self._add(sheet.table, "table:table-column", {"table:style-name": self._width(width)})
        for index, row in enumerate(rows):
            sheet.writerow([_value(value) for value in row])
            for cell in sheet.table.lastChild.childNodes:
                self._paragraphs(cell)
                if index in bold:
                    cell.setAttribute("table:style-name", BOLD)
        return sheet.table

    def _paragraphs(self, cell):
        """A line break inside of a cell is a paragraph of its own."""
        paragraph = cell.firstChild
        if paragraph is None or "\n" not in paragraph.firstChild.data:
            return
        cell.removeChild(paragraph)
        for line in paragraph.firstChild.data.split("\n"):
            made = self._add(cell, "text:p", {})
            if line:
                made.appendChild(self.dom.createTextNode(line))

    def _spare_row(self, table, rules):
        """Empty rows that offer their lists, told once."""
        row = self._add(table, "table:table-row", {"table:number-rows-repeated": str(ROWS_WITH_LISTS)})
        for _ in rules:
            self._add(row, "table:table-cell", {})

    def _width(self, characters):
        name = f"width{characters}"
        if name not in self.widths:
            style = self._add(self.styles, "style:style", {"style:name": name, "style:family": "table-column"})
            size = f"{characters * CHARACTER_CM:.1f}cm"
            self._add(style, "style:table-column-properties", {"style:column-width": size})
            self.widths[name] = style
        return name

    def _rule(self, heading):
        """The name of the rule that offers what a column accepts; made when first asked for. Empty for none."""
        if heading.listed in self.places:
            begin, end = self.places[heading.listed]
            listed = f"[$codes.$B${begin + 1}:.$B${end + 1}]"
        elif heading.accepted:
            listed = ";".join(f'"{value}"' for value in heading.accepted)
        else:
            return ""
        if listed not in self.rules:
            if not self.rules:
                self.all_rules = self.dom.createElement("table:content-validations")
                self.spreadsheet.insertBefore(self.all_rules, self.spreadsheet.firstChild)
            self.rules[listed] = f"rule{len(self.rules) + 1}"
            attributes = {
                "table:name": self.rules[listed],
                "table:condition": f"of:cell-content-is-in-list({listed})",
                "table:allow-empty-cell": "true",
                "table:base-cell-address": "$cover.$A$1",
                "table:display-list": "unsorted",
            }
            rule = self._add(self.all_rules, "table:content-validation", attributes)
            self._add(rule, "table:error-message", {"table:message-type": "information", "table:display": "true"})
        return self.rules[listed]

    def _add(self, parent, name, attributes):
        element = self.dom.createElement(name)
        for key, value in attributes.items():
            element.setAttribute(key, value)
        parent.appendChild(element)
        return element


def _value(value):
    if isinstance(value, str):
        return printable(value) or None
    return value if value is None or isinstance(value, bool | int | float | datetime.date) else str(value)
