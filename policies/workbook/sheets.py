"""The sheets and columns of the workbook. Template, import, export and their help all come from here."""

import enum
from dataclasses import dataclass

from policies.models import (
    PARTNERSHIP_FORMS,
    POLICY_FORMS,
    AllocationCriterion,
    Basis,
    CapitalLink,
    CapitalWeight,
    Direction,
    Gap,
    Horizon,
    Initiative,
    Kind,
    Measure,
    OutcomeLink,
    Precision,
    Purpose,
    Responsibility,
    Role,
    Stage,
    Status,
)


class Cell(enum.Enum):
    """What a column holds; `cells` turns text into each and says what is wrong with it."""

    TEXT = "Text"
    LONG_TEXT = "Text of any length"
    DATE = "Date, such as 2027-03-31"
    MONEY = "Pounds in digits, such as 4800000000"
    NUMBER = "Number"
    WHOLE = "Whole number"
    YEAR = "Year, such as 2021"
    YES_NO = "true or false"
    CHOICE = "One of a list"
    ADDRESS = "Web address"
    CODE = "Code or name of something that the register knows"
    CODES = "Codes with ; between them"


@dataclass(frozen=True)
class Column:
    """A column: what it is called, what goes in it, and where that is kept.

    `field` is the model's field, by default of the column's own name. `default` fills an empty cell of a
    new row. `lookup` names what a code stands for.
    """

    name: str
    guidance: str
    cell: Cell = Cell.TEXT
    required: bool = False
    choices: tuple = ()
    lookup: str = ""
    field: str = ""
    default: object = None

    @property
    def attribute(self):
        """The attribute of the model's instances in which the value is kept."""
        field = self.field or self.name
        return f"{field}_id" if self.cell is Cell.CODE and self.lookup != "initiative" else field

    @property
    def title(self):
        """The name in words, for the template and for pages."""
        return self.name.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Sheet:
    """A sheet: rows of one model. `key` are the columns that tell one row from another."""

    name: str
    guidance: str
    model: type
    columns: tuple
    key: tuple
    kind: str = ""

    def column(self, name):
        """A column by name, or None."""
        return next((column for column in self.columns if column.name == name), None)

    @property
    def required(self):
        """Names of the columns that a file cannot do without."""
        return [column.name for column in self.columns if column.required]


def _choice(name, guidance, choices, **more):
    return Column(name, guidance, Cell.CHOICE, choices=tuple(getattr(c, "value", c) for c in choices), **more)


def _dated(name, guidance, field):
    """A date and how much of it is known."""
    return (
        Column(f"{name}_date", guidance, Cell.DATE, field=f"{field}_date"),
        _choice(
            f"{name}_precision",
            "How much of the date is known",
            Precision,
            field=f"{field}_precision",
            default="",
        ),
    )


_REFERENCE = Column("reference", "Public reference, such as DHSC-0042. Leave empty for a new record: it gets one")
_VERSION = Column(
    "version", "Leave as it is, empty for a new record. It shows whether others saved the record since", Cell.WHOLE
)
_SHORT_CODE = Column("short_code", "A short name to refer to it by")
_TITLE = Column("title", "What it is called", required=True)
_SUMMARY = Column("summary", "What it is, in a sentence or two", Cell.LONG_TEXT)
_STATUS = _choice("status", "Where it stands on the register. A new row without one is a draft", Status)
_LEAD = Column("lead", "The organisation that leads: code or name", Cell.CODE, lookup="organisation")
_MONEY = (
    Column("value_gbp", "Its value in pounds", Cell.MONEY),
    Column("value_note", "What the value covers"),
)
_PLACES = Column("places", "GSS codes of the places that it names", Cell.CODES, lookup="area")
_SOURCE = (
    Column("source_title", "The document that says so"),
    Column("source_url", "Where to read it", Cell.ADDRESS),
)
_TEXTS = (
    Column("source_quote", "The words of the source", Cell.LONG_TEXT),
    Column("notes", "Anything a reader should know", Cell.LONG_TEXT),
)
_INITIATIVE = Column("initiative", "Reference or short code", Cell.CODE, required=True, lookup="initiative")
_HEALTH = Column("is_health", "Whether it measures health or wellbeing", Cell.YES_NO, default=False)
_INDICATOR = Column("indicator", "Code of a published indicator", Cell.CODE, lookup="indicator")


def _basis(default):
    return _choice("basis", "Whether the source says it or somebody judged it", Basis, default=default)


POLICIES = Sheet(
    "policies",
    "Strategies, papers, bills, funds and programmes",
    Initiative,
    (
        _REFERENCE,
        _SHORT_CODE,
        _TITLE,
        _choice("form", "What it is", POLICY_FORMS, required=True),
        _SUMMARY,
        _STATUS,
        _LEAD,
        *_dated("start", "When it began or was published", "start"),
        *_dated("end", "When it ended or will end", "end"),
        *_MONEY,
        Column("price_year", "The year whose prices the value is in", Cell.YEAR),
        _PLACES,
        Column("collections", "Codes of the collections that it belongs to", Cell.CODES, lookup="collection"),
        *_SOURCE,
        *_TEXTS,
        _VERSION,
    ),
    key=("reference", "short_code"),
    kind=Kind.POLICY,
)
COMMITMENTS = Sheet(
    "commitments",
    "Promises, under a policy or on their own",
    Initiative,
    (
        _REFERENCE,
        Column("parent", "Reference or short code of what it stands under", Cell.CODE, lookup="initiative"),
        _TITLE,
        _SUMMARY,
        _STATUS,
        _LEAD,
        *_dated("due", "When it is due", "due"),
        *_MONEY,
        _PLACES,
        *_SOURCE,
        *_TEXTS,
        _VERSION,
    ),
    key=("reference",),
    kind=Kind.COMMITMENT,
)
PARTNERSHIPS = Sheet(
    "partnerships",
    "Arrangements between national and local bodies",
    Initiative,
    (
        _REFERENCE,
        _SHORT_CODE,
        _TITLE,
        _choice("form", "What it is", PARTNERSHIP_FORMS, required=True),
        _SUMMARY,
        _STATUS,
        *_dated("agreed", "When it was agreed", "start"),
        *_dated("end", "When its term ends or ended", "end"),
        *_MONEY,
        Column("health_in_scope", "Whether it is about health among other things", Cell.YES_NO),
        _PLACES,
        *_SOURCE,
        *_TEXTS,
        _VERSION,
    ),
    key=("reference", "short_code"),
    kind=Kind.PARTNERSHIP,
)
ROLES = Sheet(
    "roles",
    "Who does what. A role that nobody stated has no row",
    Responsibility,
    (
        _INITIATIVE,
        Column("organisation", "Code or name", Cell.CODE, required=True, lookup="organisation"),
        _choice("role", "What it does. One organisation at most is the lead", Role, required=True),
        _basis(Basis.STATED),
        Column("note", "In what way"),
        *_SOURCE,
    ),
    key=("initiative", "organisation", "role"),
)
CAPITAL_LINKS = Sheet(
    "capital_links",
    "Which of the four capitals it builds",
    CapitalLink,
    (
        _INITIATIVE,
        Column("capital", "Code or name", Cell.CODE, required=True, lookup="capital"),
        _choice("weight", "Primary for the one that it mainly builds", CapitalWeight, required=True),
        Column("rationale", "Why", Cell.LONG_TEXT),
        _basis(Basis.JUDGED),
        *_SOURCE,
    ),
    key=("initiative", "capital"),
)
OUTCOME_LINKS = Sheet(
    "outcome_links",
    "Which health outcomes it moves, and how",
    OutcomeLink,
    (
        _INITIATIVE,
        Column("outcome", "Code or name", Cell.CODE, required=True, lookup="outcome"),
        _choice("direction", "Which way it moves the outcome", Direction, required=True),
        _choice("strength", "1 weak, 2 middling, 3 strong; empty if not known", ("1", "2", "3")),
        _choice("horizon", "Short is within about five years", Horizon, required=True),
        _choice("gap", "What happens to the gap between the worst-off and the rest", Gap, default=Gap.UNKNOWN),
        Column("stated_in_text", "Whether its own text says so", Cell.YES_NO, default=False),
        Column("pathway", "How it works", Cell.LONG_TEXT),
        Column("evidence", "What shows that it works", Cell.LONG_TEXT),
        Column("mitigation", "How harm is limited", Cell.LONG_TEXT),
        _basis(Basis.JUDGED),
        *_SOURCE,
    ),
    key=("initiative", "outcome"),
)
CRITERIA = Sheet(
    "criteria",
    "How a fund chooses places, bids or people",
    AllocationCriterion,
    (
        _INITIATIVE,
        Column("round", "Which round, and which part of it", required=True),
        _choice("stage", "Where it counts", Stage, required=True),
        Column("criterion", "What is looked at", required=True),
        Column("weight_percent", "Its weight, 0 to 100; empty if not published", Cell.NUMBER),
        Column("measure_type", "What sort of thing it measures", required=True),
        _HEALTH,
        _INDICATOR,
        Column("notes", "Anything a reader should know"),
        *_SOURCE,
    ),
    key=("initiative", "round", "criterion"),
)
MEASURES = Sheet(
    "measures",
    "How it will be judged",
    Measure,
    (
        _INITIATIVE,
        _choice("purpose", "What the measure is for", Purpose, default=Purpose.PROGRESS),
        _INDICATOR,
        Column("words", "The measure in words"),
        _HEALTH,
        Column("baseline_value", "The value at the start", Cell.NUMBER),
        Column("baseline_text", "The start in words"),
        Column("baseline_date", "The day of the start", Cell.DATE),
        Column("target_value", "The value to be reached", Cell.NUMBER),
        Column("target_date", "By when", Cell.DATE),
        Column("unit", "What the values are in"),
        *_SOURCE,
    ),
    key=("initiative", "purpose", "indicator", "words"),
)

INITIATIVES = (POLICIES, PARTNERSHIPS, COMMITMENTS)
LINKS = (ROLES, CAPITAL_LINKS, OUTCOME_LINKS, CRITERIA, MEASURES)
SHEETS = (POLICIES, COMMITMENTS, PARTNERSHIPS, *LINKS)
BY_NAME = {sheet.name: sheet for sheet in SHEETS}
