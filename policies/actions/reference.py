"""Loading reference data: places, bodies, capitals, outcomes, indicators and collections.

The files of `policies/reference` are the source; what they say replaces what the tables hold. Rows are
compared first and only differences are written, a set at a time, so loading again writes nothing. Rows that
the files do not name stay (an organisation that somebody added), save for how areas lie in each other.
"""

import csv
import datetime
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from policies.actions import closure
from policies.actions.action import action
from policies.models import (
    Area,
    AreaPart,
    AreaSuccession,
    Capital,
    Collection,
    Indicator,
    Organisation,
    OrganisationAlias,
    OrganisationSuccession,
    Outcome,
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
    removed: int = 0

    def __str__(self):
        if not (self.added or self.changed or self.removed):
            return f"{self.name}: {self.total}, all up to date"
        return f"{self.name}: {self.total} ({self.added} added, {self.changed} changed, {self.removed} removed)"


@action
def load_reference(*, by, folder=FOLDER, say=lambda loaded: None):
    """Load every reference file of a folder, in one transaction; `say` hears of each table as it is done.

    Raises ReferenceFileError, and then nothing is loaded.
    """
    loaded = []
    for step in (_areas, _area_successions, _area_parts, _closure, _capitals, _outcomes, _collections, _organisations,
                 _organisation_successions, _aliases, _indicators):
        loaded.append(step(Path(folder)))
        say(loaded[-1])
    return loaded


def _areas(folder):
    rows = {}
    for _, row in _read(folder / "areas.csv"):
        values = _plain(row, "name", "official_name", "kind", "date_precision", "ods_code", "source")
        rows[(row["gss_code"],)] = values | _dates(row, "active_from", "active_to")
    return _put("Areas", Area, ("gss_code",), rows)


def _area_successions(folder):
    codes = _ids(Area, "gss_code")
    return _put_pairs("Area successions", AreaSuccession, folder / "areas.csv", "gss_code", codes, prune=True)


def _area_parts(folder):
    path, codes, rows = folder / "area_parts.csv", _ids(Area, "gss_code"), {}
    for number, row in _read(path):
        dates = _dates(row, "active_from", "active_to")
        part, whole = (_find(codes, row[name], path, number, name) for name in ("part", "whole"))
        rows[(part, whole, row["relation"], dates["active_from"])] = {
            "share": Decimal(row["share"]),
            "active_to": dates["active_to"],
            "basis": row["basis"],
        }
    return _put("Areas in areas", AreaPart, ("part_id", "whole_id", "relation", "active_from"), rows, prune=True)


def _closure(folder):
    added, removed = closure.recompute()
    return Loaded("Places within places", closure.AreaClosure.objects.count(), added, 0, removed)


def _capitals(folder):
    return _put("Capitals", Capital, ("code",), _coded(folder / "capitals.csv", "name", "definition", number="position"))


def _outcomes(folder):
    return _put("Outcomes", Outcome, ("code",), _coded(folder / "outcomes.csv", "name", "definition", number="position"))


def _collections(folder):
    return _put("Collections", Collection, ("code",), _coded(folder / "collections.csv", "name", "description"))


def _organisations(folder):
    path, areas, rows = folder / "organisations.csv", _ids(Area, "gss_code"), {}
    for number, row in _read(path):
        values = _plain(
            row, "name", "abbreviation", "kind", "sector", "lineage", "govuk_slug", "govuk_code", "gss_code",
            "ods_code", "active_from_precision", "active_to_precision", "source_title", "source_url",
        )
        values |= _dates(row, "active_from", "active_to")
        values["is_collective"] = row["is_collective"] == "true"
        values["area_id"] = _find(areas, row["area"], path, number, "area") if row["area"] else None
        rows[(row["code"],)] = values
    return _put("Organisations", Organisation, ("code",), rows)


def _organisation_successions(folder):
    codes = _ids(Organisation, "code")
    return _put_pairs("Organisation successions", OrganisationSuccession, folder / "organisations.csv", "code", codes)


def _aliases(folder):
    """A name stands for one body; the file says for which, whatever its capitals."""
    codes, rows = _ids(Organisation, "code"), {}
    present = {name.lower(): name for name in OrganisationAlias.objects.values_list("name", flat=True)}
    for _, row in _read(folder / "organisations.csv"):
        for name in _list(row["aliases"]):
            rows[(present.get(name.lower(), name),)] = {"organisation_id": codes[row["code"]]}
    return _put("Other names of organisations", OrganisationAlias, ("name",), rows)


def _indicators(folder):
    path, rows = folder / "indicators.csv", {}
    capitals, outcomes = _ids(Capital, "code"), _ids(Outcome, "code")
    for number, row in _read(path):
        values = _plain(
            row, "publisher", "publisher_id", "name", "definition", "unit", "polarity", "frequency", "horizon", "theme", "source"
        )
        values["is_health"] = row["is_health"] == "true"
        values["capital_id"] = _find(capitals, row["capital"], path, number, "capital") if row["capital"] else None
        values["outcome_id"] = _find(outcomes, row["outcome"], path, number, "outcome") if row["outcome"] else None
        rows[(row["code"],)] = values
    return _put("Indicators", Indicator, ("code",), rows)


def _read(path):
    """The rows of a file with their numbers as a spreadsheet shows them, so the first is 2."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from enumerate(csv.DictReader(file), start=2)


def _plain(row, *names):
    return {name: row[name] for name in names}


def _dates(row, *names):
    return {name: datetime.date.fromisoformat(row[name]) if row[name] else None for name in names}


def _list(cell):
    return [item for item in cell.split(";") if item]


def _ids(model, column):
    return dict(model.objects.values_list(column, "pk"))


def _find(codes, code, path, number, column):
    if code not in codes:
        raise ReferenceFileError(f"{path.name}, row {number}, column {column}: nothing has the code {code}.")
    return codes[code]


def _coded(path, *names, number=None):
    rows = {}
    for _, row in _read(path):
        rows[(row["code"],)] = _plain(row, *names) | ({number: int(row[number])} if number else {})
    return rows


def _put_pairs(name, model, path, code, codes, *, prune=False):
    rows = {}
    for number, row in _read(path):
        for successor in _list(row["successors"]):
            rows[(codes[row[code]], _find(codes, successor, path, number, "successors"))] = {}
    return _put(name, model, ("predecessor_id", "successor_id"), rows, prune=prune)


def _put(name, model, key, rows, *, prune=False):
    """Make a table hold `rows` (values by key), writing only differences; three statements at most."""
    present = {tuple(getattr(row, column) for column in key): row for row in model.objects.all()}
    added = [model(**dict(zip(key, found, strict=True)), **values) for found, values in rows.items() if found not in present]
    changed, columns = [], set()
    for found, values in rows.items():
        row = present.get(found)
        different = [column for column, value in values.items() if row is not None and getattr(row, column) != value]
        for column in different:
            setattr(row, column, values[column])
        if different:
            changed.append(row)
            columns.update(different)
    removed = [row.pk for found, row in present.items() if prune and found not in rows]
    model.objects.filter(pk__in=removed).delete()
    if changed:
        model.objects.bulk_update(changed, sorted(columns), batch_size=500)
    model.objects.bulk_create(added, batch_size=1000)
    return Loaded(name, len(rows), len(added), len(changed), len(removed))
