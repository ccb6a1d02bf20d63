"""What a report is. Page, file and API show the same object: plain values, none of them markup.

Numbers stay numbers, and each says where its rows are: the name of a list and the filters under which that list
shows exactly them. Whoever shows a report makes addresses of these.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.http import QueryDict

TEXT, COUNT, MONEY, PERCENT = "text", "count", "money", "percent"
SHARES, BARS, DOTS, MATRIX = "shares", "bars", "dots", "matrix"


@dataclass(frozen=True)
class Rows:
    """The rows behind a number: `list` is policies, commitments or partnerships, `count` how many it shows."""

    list: str
    filters: Mapping[str, object]
    count: int


@dataclass(frozen=True)
class Record:
    """The page of one record."""

    kind: str
    reference: str


@dataclass(frozen=True)
class Cell:
    """One value of a table, None where it is not known.

    `kind` says how to show it: text, count, money (pounds) or percent (a share from 0 to 1). A count is one of
    `rows`, unless `of` names what else is counted. A percentage stands for the rows of its part.
    """

    value: object
    kind: str = TEXT
    rows: Rows | None = None
    record: Record | None = None
    of: str = ""


@dataclass(frozen=True)
class Table:
    """Numbers under a caption. `columns` are pairs of heading and the kind of its cells."""

    caption: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Picture:
    """A picture described, not drawn. `data` by kind:

    shares: `parts` (label, number) and `what`; bars: `bars` (label, number), `what` and `unit`;
    dots: `done`, `total`, `filled` and `empty`; matrix: `columns`, `rows` (label, numbers) and `what`.
    """

    kind: str
    title: str
    sentence: str
    data: Mapping[str, object]


@dataclass(frozen=True)
class Finding:
    """One answer: what was found in a sentence, a picture, and the numbers in tables."""

    code: str
    title: str
    sentence: str
    picture: Picture | None
    tables: Sequence[Table]
    note: str = ""
    source: str = ""


@dataclass(frozen=True)
class Result:
    """A report as of a time. `coverage` comes first: how much of the record there is to judge by.

    `last_scan` is the scan that finished last, or None.
    """

    title: str
    portfolio: str
    coverage: Finding
    findings: Sequence[Finding]
    as_of: datetime.datetime
    last_scan: object


class Report:
    """A report of the catalogue. `filterset(data, user=...)` reads what is asked, `result` answers it."""

    code: ClassVar[str]
    title: ClassVar[str]
    description: ClassVar[str]

    def filterset(self, data=None, *, user=None, form=None):
        """The report's filters, bound; `form` is the base class for pages that print it their own way."""
        raise NotImplementedError

    def result(self, filterset, *, user=None) -> Result:
        """The answer to filters that are understood; with others, a ValueError."""
        raise NotImplementedError

    def run(self, data=None, *, user=None) -> Result:
        """Read and answer at once. Raises ValueError for filters that are not understood."""
        return self.result(self.filterset(data, user=user), user=user)


def querydict(data):
    """Filters as an address has them, from one or from a mapping of names to values or lists."""
    if isinstance(data, QueryDict):
        return data.copy()
    query = QueryDict(mutable=True)
    for name, value in (data or {}).items():
        query.setlist(name, value if isinstance(value, list | tuple) else [value])
    return query


def count(value, rows=None, of=""):
    """A cell with a number of rows, or of something else that the rows have."""
    return Cell(value, COUNT, rows, of=of)


def money(value, rows=None):
    """A cell with pounds."""
    return Cell(value, MONEY, rows)


def percent(value, rows=None):
    """A cell with a share from 0 to 1, None where there is nothing to have a share of."""
    return Cell(value, PERCENT, rows)


def text(value, kind="", reference=""):
    """A cell with words, which may name a record."""
    return Cell(value, record=Record(kind, reference) if reference else None)
