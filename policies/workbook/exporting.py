"""The register as a workbook that can be read back: a list of initiatives, or the empty template."""

from collections import defaultdict

from django.db.models import Q

from policies.models import (
    Capital,
    Collection,
    CollectionItem,
    Footprint,
    Indicator,
    Initiative,
    Organisation,
    Outcome,
    Responsibility,
    Role,
    Sensitivity,
)
from policies.workbook import ods, xlsx
from policies.workbook.book import Book, Heading, Page
from policies.workbook.sheets import INITIATIVES, LINKS, SHEETS, Cell
from policies.workbook.values import KEPT, Codes, cell

# More would not be read by a person, and might not be read back; ODS takes several times longer to write.
MOST_RECORDS = {"xlsx": 5_000, "ods": 2_000}
OFFICIAL, SENSITIVE = Sensitivity.OFFICIAL.label, Sensitivity.SENSITIVE.label
WIDTHS = {Cell.LONG_TEXT: 50, Cell.ADDRESS: 30, Cell.CODES: 30, Cell.TEXT: 24}
WIDE = {"title": 50, "source_title": 40, "words": 40, "criterion": 40}
WRITERS = {"xlsx": xlsx.write, "ods": ods.write}
HOW = (
    "Change the cells, or add rows. Then upload the file in the tracker: it shows what would change before it does it.",
    "Rows that a file does not have stay on the register as they are. Nothing is deleted by leaving a row out.",
    f"An empty cell empties its field. {KEPT} leaves it alone: the text is too long, or not yours to see.",
    "The sheet of guidance says what each column holds. The sheet of codes lists the codes with their names.",
)


def write(book, file_format):
    """The bytes of a book as xlsx or ods."""
    return WRITERS[file_format](book)


def template():
    """The empty workbook with every sheet, its guidance and its codes."""
    pages = [_page(sheet, [], Codes()) for sheet in SHEETS]
    title = "Template for policies, commitments and partnerships"
    return Book(title, OFFICIAL, HOW, (*pages, _guidance(SHEETS), _codes()))


def export(initiatives, *, kind, user, lines=()):
    """The initiatives of one kind, as a queryset of what the user may see, with all rows that hang on them.

    `lines` say on the cover which list it is.
    """
    found = list(initiatives.defer("search"))
    sheet = next(sheet for sheet in INITIATIVES if sheet.kind == kind)
    codes = Codes()
    _know_parents(codes, found, user)
    rows = _initiative_rows(sheet, found, codes)
    marking = SENSITIVE if any(row.sensitivity == Sensitivity.SENSITIVE for row in found) else OFFICIAL
    pages = [_page(sheet, rows, codes)]
    pages += [_page(link, _link_rows(link, sheet, found, codes), codes) for link in LINKS]
    title = f"{sheet.name.capitalize()} on the policy alignment tracker"
    return Book(title, marking, (*lines, *HOW), (*pages, _guidance((sheet, *LINKS)), _codes()))


def _know_parents(codes, found, user):
    """References of the records above. One that the reader may not see has no name here."""
    parents = {row.parent_id for row in found} - {None}
    visible = dict(Initiative.objects.visible_to(user).filter(pk__in=parents).values_list("pk", "reference"))
    own = {row.pk: row.reference for row in found}
    codes.know("initiative", dict.fromkeys(parents, KEPT) | visible | own)


def _initiative_rows(sheet, found, codes):
    ids = [row.pk for row in found]
    leads = Responsibility.objects.filter(initiative__in=ids, role=Role.LEAD)
    leads = dict(leads.values_list("initiative", "organisation"))
    sets = {
        "places": _gathered(Footprint.objects.filter(initiative__in=ids).values_list("initiative", "area")),
        "collections": _gathered(
            CollectionItem.objects.filter(initiative__in=ids).values_list("initiative", "collection")
        ),
    }

    def value(column, row):
        if column.name in sets:
            return sets[column.name].get(row.pk)
        if column.name == "lead":
            return leads.get(row.pk)
        return getattr(row, "parent_id" if column.lookup == "initiative" else column.attribute)

    return [[cell(column, value(column, row), codes) for column in sheet.columns] for row in found]


def _gathered(pairs):
    found = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def _link_rows(link, sheet, found, codes):
    """Rows of a sheet that hangs on initiatives; the lead has its own column where there is one."""
    rows = link.model.objects.filter(initiative__in=[row.pk for row in found])
    if link.name == "roles" and sheet.column("lead"):
        rows = rows.exclude(role=Role.LEAD)
    if any(field.name == "asserted_by" for field in link.model._meta.fields):
        rows = rows.filter(asserted_by=None)
    names = {
        column.name: "initiative_id" if column.lookup == "initiative" else column.attribute for column in link.columns
    }
    order = {row.pk: position for position, row in enumerate(found)}
    return [
        [cell(column, getattr(row, names[column.name]), codes) for column in link.columns]
        for row in sorted(rows, key=lambda row: (order[row.initiative_id], row.pk))
    ]


def _page(sheet, rows, codes):
    headings = tuple(
        Heading(
            column.name,
            WIDE.get(column.name, WIDTHS.get(column.cell, 16)),
            column.choices or (("true", "false") if column.cell is Cell.YES_NO else ()),
            column.lookup if column.cell is Cell.CODE else "",
        )
        for column in sheet.columns
    )
    lines = ("This sheet holds one table. An empty cell means that nothing is recorded.",)
    return Page(sheet.name, sheet.guidance, lines, headings, rows, is_filled_in=True)


def _guidance(sheets):
    headings = (
        Heading("sheet", 16),
        Heading("column", 20),
        Heading("what it holds", 50),
        Heading("kind of cell", 30),
        Heading("needed", 10),
        Heading("accepted", 50),
    )
    rows = [
        [
            sheet.name,
            column.name,
            column.guidance,
            column.cell.value,
            "yes" if column.required else "no",
            ", ".join(column.choices) or ("see the sheet of codes" if column.lookup in LISTED else None),
        ]
        for sheet in sheets
        for column in sheet.columns
    ]
    lines = ("One row for each column of each sheet. Dates are written as year, month and day.",)
    return Page("guidance", "What each column holds", lines, headings, rows)


LISTED = {"organisation", "capital", "outcome", "indicator", "collection"}


def _codes():
    """Every list of codes, one below the other: which list, the code, its name."""
    today = Organisation.objects.filter(Q(active_to=None)).order_by("code")
    rows = [["organisation", code, name] for code, name in today.values_list("code", "name")]
    for lookup, model, order in (
        ("capital", Capital, "position"),
        ("outcome", Outcome, "position"),
        ("indicator", Indicator, "code"),
        ("collection", Collection, "code"),
    ):
        rows += [[lookup, code, name] for code, name in model.objects.order_by(order).values_list("code", "name")]
    headings = (Heading("list", 16), Heading("code", 30), Heading("name", 70))
    lines = ("Codes of organisations that have ended are accepted too. Places go by their nine-character GSS codes.",)
    return Page("codes", "Codes and what they stand for", lines, headings, rows)
