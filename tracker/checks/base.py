"""What a check is, and what it is run with.

A check is a query: `breaches(scope)` returns one queryset of failing rows, with the sentence and the
evidence built in SQL. It writes nothing, and knows neither the clock nor the request: the date it goes by
comes with the scope.
"""

import datetime
import inspect
from dataclasses import dataclass
from typing import ClassVar

from django.db.models import BigIntegerField, BooleanField, CharField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat

from tracker.models import Severity

FAMILIES = {
    "DEP": "Departments aligned",
    "CAP": "The four capitals",
    "OUT": "Health outcomes",
    "LOC": "Local government",
    "NHS": "The NHS",
    "PAR": "Partnerships",
    "MET": "Measures",
    "FND": "Funds",
    "DLV": "Delivery",
    "REC": "The record",
}

# The columns of a breach, in the order in which flags are reconciled.
COLUMNS = (
    "fingerprint",
    "found_severity",
    "found_subject",
    "found_initiative",
    "found_other",
    "found_outcome",
    "found_organisation",
    "found_area",
    "sentence",
    "proof",
)


NOTHING = Value(None, output_field=BigIntegerField())


@dataclass(frozen=True)
class Threshold:
    """A number that a check goes by, its unit and where it comes from."""

    value: object
    unit: str
    source: str


@dataclass(frozen=True)
class Sql:
    """A check's query where one statement says it better than a queryset: its rows are those of COLUMNS."""

    statement: str
    parameters: dict

    def compiled(self):
        """The statement and its parameters, as the scan embeds them."""
        return self.statement, self.parameters


def embedded(queryset, prefix="embedded"):
    """A queryset of ids as text for a statement, with named parameters: for conditions that are written in facts."""
    statement, positional = queryset.order_by().values("pk").query.sql_with_params()
    names = [f"{prefix}{number}" for number in range(len(positional))]
    return statement % tuple(f"%({name})s" for name in names), dict(zip(names, positional, strict=True))


class Within(Func):
    """An id is one of some: one parameter however many they are, so that the statement is the same for every scope."""

    template = "%(expressions)s = ANY(%%s::bigint[])"
    output_field = BooleanField()

    def __init__(self, column, ids):
        super().__init__(column)
        self.ids = ids

    def as_sql(self, compiler, connection, **more):
        """The ids go as they are: whoever runs the statement makes a list of them."""
        sql, parameters = super().as_sql(compiler, connection, **more)
        return sql, [*parameters, self.ids]


@dataclass(frozen=True)
class Scope:
    """What a check is to look at: `initiatives` None means all. `today` is the date that it goes by."""

    today: datetime.date
    initiatives: frozenset | None = None

    def parameters(self):
        """The same for a statement: `everything`, or else `initiatives`; and `today`."""
        return {
            "today": self.today,
            "everything": self.initiatives is None,
            "initiatives": sorted(self.initiatives or ()),
        }

    def over(self, queryset, *columns):
        """Narrow a queryset to rows of which one of the columns is in scope."""
        if self.initiatives is None:
            return queryset
        wanted = Q()
        for column in columns or ("pk",):
            wanted |= Q(Within(F(column), self.initiatives))
        return queryset.filter(wanted)


class Check:
    """One thing the tracker looks for. The docstring's four parts are its help page, everywhere.

    `reach` says how far a changed initiative can alter this check's answers: "own" is itself, what is above
    and below it; "outcome" adds those that share an outcome with it; "all" means every answer.
    """

    code: ClassVar[str]
    title: ClassVar[str]
    severity: ClassVar[str]
    subject: ClassVar[str] = "initiative"
    reach: ClassVar[str] = "own"
    thresholds: ClassVar[dict[str, Threshold]] = {}

    def __init__(self, limits=None, severity=None):
        """`limits` and `severity` stand in place of the check's own; see tracker.checks.limits."""
        self.limits = limits or {}
        self.severity_set = severity
        if severity:
            self.severity = severity

    def breaches(self, scope: Scope) -> QuerySet:
        """Failing rows, each with `sentence` and `proof`; and what `identify` needs."""
        raise NotImplementedError

    def found(self, scope: Scope) -> QuerySet | Sql:
        """Breaches as rows of COLUMNS, ready to become flags."""
        return self.identify(self.breaches(scope)).order_by().values_list(*COLUMNS)

    def identify(self, breaches: QuerySet) -> QuerySet:
        """Add what a flag is about. This is for querysets of initiatives; others override it."""
        return breaches.annotate(
            fingerprint=Concat(Value(f"{self.code}:"), "kind", Value(":"), "reference", output_field=TextField()),
            found_severity=self.severity_expression(),
            found_subject=F("kind"),
            found_initiative=F("pk"),
            found_other=NOTHING,
            found_outcome=NOTHING,
            found_organisation=NOTHING,
            found_area=NOTHING,
        )

    def severity_expression(self):
        """The severity of each breach: the check's own unless it depends on the row."""
        return Value(self.severity, output_field=CharField())

    @classmethod
    def family(cls):
        """The three letters that the code begins with."""
        return cls.code[:3]

    @classmethod
    def family_title(cls):
        """The family in words."""
        return FAMILIES[cls.family()]

    @classmethod
    def text(cls):
        """The docstring's parts: flags, why, do, source. One text for pages, API and documentation."""
        parts, current = {}, None
        heads = {"Flags": "flags", "Why": "why", "Do": "do", "Source": "source"}
        for line in inspect.cleandoc(cls.__doc__).splitlines():
            head, _, rest = line.partition(": ")
            if head in heads:
                current = heads[head]
                parts[current] = rest
            elif current and line.strip():
                parts[current] += " " + line.strip()
        return {part: words[:1].upper() + words[1:] for part, words in parts.items()}

    def limit(self, name):
        """The value of one of the check's thresholds: what was set, or else the default."""
        return self.limits.get(name, self.thresholds[name].value)


REGISTERED: dict[str, type[Check]] = {}


def register(check: type[Check]) -> type[Check]:
    """Put a check in the catalogue; its code must be new and its text whole."""
    if check.code in REGISTERED:
        raise ValueError(f"two checks have the code {check.code}")
    missing = {"flags", "why", "do", "source"} - set(check.text())
    if missing:
        raise ValueError(f"{check.code} does not say: {', '.join(sorted(missing))}")
    if check.severity not in Severity.values or check.family() not in FAMILIES:
        raise ValueError(f"{check.code} has an unknown severity or family")
    REGISTERED[check.code] = check
    return check
