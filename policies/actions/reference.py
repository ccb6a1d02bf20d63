"""Loading reference data: places, bodies and their powers, capitals, outcomes, indicators and collections.

The files of `policies/reference` are the source; what they say replaces what the tables hold. Rows are
compared first and only differences are written, a set at a time, so loading again writes nothing. Rows that
the files do not name stay (an organisation that somebody added), save for how areas lie in each other. What an
administrator has changed of an organisation stays too, column by column: `Organisation.by_hand` names them.
"""

import csv
import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from policies.actions import closure
from policies.actions.action import action
from policies.models import (
    Area,
    AreaClosure,
    AreaPart,
    AreaSuccession,
    Capital,
    Collection,
    Indicator,
    Organisation,
    OrganisationAlias,
    OrganisationSuccession,
    Outcome,
    Power,
    PowerSign,
)

FOLDER = Path(__file__).resolve().parent.parent / "reference"


class ReferenceFileError(Exception):
    """A reference file names something that does not exist; the message says which file, row and code."""


@dataclass(frozen=True)
class Loaded:
    """What loading did to one table."""

    name: str
    total: int
    added: int
    changed: int
    removed: int

    def __str__(self):
        done = ((self.added, "added"), (self.changed, "changed"), (self.removed, "removed"))
        words = ", ".join(f"{count:,} {what}" for count, what in done if count)
        return f"{self.name}: {self.total:,} ({words or 'up to date'})"


@action
def load_reference(*, by, folder=FOLDER, say=lambda loaded: None):
    """Load every reference file of a folder, in one transaction; `say` hears of each table as it is done.

    Raises ReferenceFileError, and then nothing is loaded.
    """
    folder, done = Path(folder), []
    for step in STEPS:
        counts = step.run(folder)
        done.append(Loaded(step.name, step.model.objects.count(), *counts))
        say(done[-1])
    return done


def _areas(folder):
    for row in _File(folder, "areas.csv"):
        values = row.plain("name", "official_name", "kind", "date_precision", "ods_code", "source")
        yield (row["gss_code"],), values | row.dates("active_from", "active_to")


def _area_successions(folder):
    codes = _ids(Area, "gss_code")
    for row in _File(folder, "areas.csv"):
        for successor in row.list("successors"):
            yield (codes[row["gss_code"]], row.find(codes, "successors", successor)), {}


def _area_parts(folder):
    codes = _ids(Area, "gss_code")
    for row in _File(folder, "area_parts.csv"):
        dates = row.dates("active_from", "active_to")
        key = (row.find(codes, "part"), row.find(codes, "whole"), row["relation"], dates["active_from"])
        yield key, {"share": Decimal(row["share"]), "active_to": dates["active_to"], "basis": row["basis"]}


def _capitals(folder):
    for row in _File(folder, "capitals.csv"):
        yield (row["code"],), row.plain("name", "definition") | {"position": int(row["position"])}


def _outcomes(folder):
    for row in _File(folder, "outcomes.csv"):
        yield (row["code"],), row.plain("name", "definition", "priority") | {"position": int(row["position"])}


def _collections(folder):
    for row in _File(folder, "collections.csv"):
        yield (row["code"],), row.plain("name", "description")


_ORGANISATION_TEXT = [
    "name",
    "abbreviation",
    "kind",
    "sector",
    "lineage",
    "govuk_slug",
    "govuk_code",
    "gss_code",
    "ods_code",
    "active_from_precision",
    "active_to_precision",
    "source_title",
    "source_url",
]


def _by_hand():
    """By the code of an organisation: what an administrator has changed of it, which the file no longer says."""
    return dict(Organisation.objects.exclude(by_hand=[]).values_list("code", "by_hand"))


def _organisations(folder):
    areas, by_hand = _ids(Area, "gss_code"), _by_hand()
    for row in _File(folder, "organisations.csv"):
        values = row.plain(*_ORGANISATION_TEXT) | row.dates("active_from", "active_to")
        values["is_collective"] = row["is_collective"] == "true"
        values["area_id"] = row.find(areas, "area")
        kept = by_hand.get(row["code"], ())
        yield (row["code"],), {column: value for column, value in values.items() if column not in kept}


def _organisation_successions(folder):
    codes, by_hand = _ids(Organisation, "code"), _by_hand()
    for row in _File(folder, "organisations.csv"):
        if "successors" in by_hand.get(row["code"], ()):
            continue
        for successor in row.list("successors"):
            yield (codes[row["code"]], row.find(codes, "successors", successor)), {}


def _aliases(folder):
    """A name stands for one body, whatever its capitals; the file says for which."""
    codes = _ids(Organisation, "code")
    mine = {code for code, columns in _by_hand().items() if "aliases" in columns}
    present, kept = {}, set()
    for name, code in OrganisationAlias.objects.values_list("name", "organisation__code"):
        present[name.lower()] = name
        if code in mine:
            kept.add(name.lower())
    for row in _File(folder, "organisations.csv"):
        for name in row.list("aliases"):
            if row["code"] in mine or name.lower() in kept:
                continue
            yield (present.get(name.lower(), name),), {"organisation_id": codes[row["code"]]}


_INDICATOR_TEXT = [
    "publisher",
    "publisher_id",
    "name",
    "definition",
    "unit",
    "polarity",
    "frequency",
    "horizon",
    "theme",
    "source",
]


def _indicators(folder):
    capitals, outcomes = _ids(Capital, "code"), _ids(Outcome, "code")
    for row in _File(folder, "indicators.csv"):
        values = row.plain(*_INDICATOR_TEXT) | {"is_health": row["is_health"] == "true"}
        links = {"capital_id": row.find(capitals, "capital"), "outcome_id": row.find(outcomes, "outcome")}
        yield (row["code"],), values | links


def _powers(folder):
    """One row for each tier or body that the file names."""
    codes = _ids(Organisation, "code")
    for row in _File(folder, "powers.csv"):
        values = row.plain("domain", "words", "condition", "source_title", "source_url")
        for tier in row.list("tiers"):
            yield (row["code"], tier, None), values | row.plain("body_kind")
        for body in row.list("bodies"):
            yield (row["code"], "", row.find(codes, "bodies", body)), values | {"body_kind": ""}


def _power_signs(folder):
    """One row for each outcome, capital and word that the file names."""
    outcomes, capitals = _ids(Outcome, "code"), _ids(Capital, "code")
    for row in _File(folder, "power_signs.csv"):
        domain = row["domain"]
        for code in row.list("outcomes"):
            yield (domain, row.find(outcomes, "outcomes", code), None, ""), {}
        for code in row.list("capitals"):
            yield (domain, None, row.find(capitals, "capitals", code), ""), {}
        for word in row.list("words"):
            yield (domain, None, None, word), {}


class _File:
    """A reference file, row by row."""

    def __init__(self, folder, name):
        self.path = folder / name

    def __iter__(self):
        with self.path.open(encoding="utf-8", newline="") as file:
            for number, cells in enumerate(csv.DictReader(file), start=2):
                yield _Row(self.path.name, number, cells)


class _Row:
    """A row that knows where it stands, so that a fault can be found."""

    def __init__(self, file, number, cells):
        self.file, self.number, self.cells = file, number, cells

    def __getitem__(self, column):
        return self.cells[column]

    def plain(self, *columns):
        return {column: self.cells[column] for column in columns}

    def dates(self, *columns):
        return {
            column: datetime.date.fromisoformat(cell) if (cell := self.cells[column]) else None for column in columns
        }

    def list(self, column):
        return [item for item in self.cells[column].split(";") if item]

    def find(self, ids, column, code=None):
        """The id of the code in a column; None for an empty cell. Raises ReferenceFileError."""
        code = self.cells[column] if code is None else code
        if code and code not in ids:
            raise ReferenceFileError(f"{self.file}, row {self.number}, column {column}: nothing has the code {code}.")
        return ids[code] if code else None


def _ids(model, column):
    return dict(model.objects.values_list(column, "pk"))


def _put(model, key, rows, *, prune):
    """Make a table hold `rows`, values by key, writing only differences; says how many of each kind."""
    present = {tuple(getattr(row, column) for column in key): row for row in model.objects.all()}
    added, changed, columns = [], [], set()
    for found, values in rows.items():
        row = present.get(found)
        if row is None:
            added.append(model(**dict(zip(key, found, strict=True)), **values))
            continue
        different = {column: value for column, value in values.items() if getattr(row, column) != value}
        for column, value in different.items():
            setattr(row, column, value)
        if different:
            changed.append(row)
            columns.update(different)
    removed = [row.pk for found, row in present.items() if prune and found not in rows]
    model.objects.filter(pk__in=removed).delete()
    if changed:
        model.objects.bulk_update(changed, sorted(columns), batch_size=500)
    model.objects.bulk_create(added, batch_size=1000)
    return len(added), len(changed), len(removed)


@dataclass(frozen=True)
class _Step:
    """A table and the function that yields its rows from a folder; `prune` deletes what it does not yield."""

    name: str
    model: type
    key: tuple
    rows: Callable
    prune: bool = False

    def run(self, folder):
        return _put(self.model, self.key, dict(self.rows(folder)), prune=self.prune)


class _Closure(_Step):
    """The one table that is computed from others."""

    def run(self, folder):
        return closure.recompute()


_SUCCESSION = ("predecessor_id", "successor_id")
_PART = ("part_id", "whole_id", "relation", "active_from")

STEPS = [
    _Step("Places", Area, ("gss_code",), _areas),
    _Step("Places that became others", AreaSuccession, _SUCCESSION, _area_successions, prune=True),
    _Step("Places within places, directly", AreaPart, _PART, _area_parts, prune=True),
    _Closure("Places within places, in all", AreaClosure, (), dict),
    _Step("Capitals", Capital, ("code",), _capitals),
    _Step("Outcomes", Outcome, ("code",), _outcomes),
    _Step("Collections", Collection, ("code",), _collections),
    _Step("Organisations", Organisation, ("code",), _organisations),
    _Step("Organisations that became others", OrganisationSuccession, _SUCCESSION, _organisation_successions),
    _Step("Other names of organisations", OrganisationAlias, ("name",), _aliases),
    _Step("Powers of bodies", Power, ("code", "tier", "organisation_id"), _powers, prune=True),
    _Step("What powers bear on", PowerSign, ("domain", "outcome_id", "capital_id", "word"), _power_signs, prune=True),
    _Step("Indicators", Indicator, ("code",), _indicators),
]
