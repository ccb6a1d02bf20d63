"""What codes and names in a file stand for. Everything is read once, so no row costs a query."""

import difflib
from collections import defaultdict
from dataclasses import dataclass, field

from policies.models import (
    Area,
    Capital,
    Collection,
    Indicator,
    Initiative,
    Organisation,
    OrganisationAlias,
    Outcome,
)
from policies.workbook.problems import CellError
from policies.workbook.values import Codes, same

LISTED_IN_FULL = 20
# Looking for near spellings costs milliseconds each, so a file that is wrong throughout gets only so many.
MOST_SUGGESTIONS = 200
SHORT = 5
WORDS = {
    "organisation": (
        "organisation",
        "Give its code, its GOV.UK name, its GSS or ODS code, or its name in full.",
    ),
    "area": ("place", "Give its nine-character GSS code."),
    "capital": ("capital", "Give the code of one of the four capitals."),
    "outcome": ("outcome", "Give the code of an outcome."),
    "indicator": ("indicator", "Give its code: publisher, colon, number."),
    "collection": ("collection", "Give the code of a collection."),
    "initiative": ("initiative", "Give the reference or short code of one on the register or in this file."),
}


@dataclass(eq=False)
class Entry:
    """An initiative on the register or in the file, and what the file says of it.

    `at` is the sheet and row that describe it. `lead`, `places` and `collections` are what the file wants,
    None where it is silent. `before` are the values that the file changes, by the model's attribute or the
    sheet's column. `version` is the state that the row was made from, if it says. `rows_change` is set when
    rows that hang on it will be written, `is_moved` when that is because of its lead, places or collections.
    """

    initiative: Initiative
    fields: set = field(default_factory=set)
    at: tuple | None = None
    lead: int | None = None
    lead_at: tuple | None = None
    places: set | None = None
    collections: set | None = None
    version: int | None = None
    before: dict = field(default_factory=dict)
    rows_change: bool = False
    is_moved: bool = False

    @property
    def is_new(self):
        """Whether it is not on the register yet."""
        return self.initiative.pk is None

    def set(self, attribute, value):
        """Take a value from the file, and note whether it is another than before."""
        present = getattr(self.initiative, attribute)
        if not same(present, value):
            self.before.setdefault(attribute, present)
            setattr(self.initiative, attribute, value)
            self.fields.add(attribute.removesuffix("_id"))


class Lookups:
    """Dictionaries from every accepted spelling to what it means; initiatives of the file are added.

    `initiatives` are those that a row may name: what its author cannot see does not exist for them.
    """

    def __init__(self, initiatives):
        self.organisations = {row.pk: row for row in Organisation.objects.all()}
        self.areas = {row.pk: row for row in Area.objects.prefetch_related("successors")}
        self._meanings = {
            "organisation": self._organisations(),
            "area": _spellings((pk, [row.gss_code]) for pk, row in self.areas.items()),
            "capital": _spellings((row.pk, [row.code], [row.name]) for row in Capital.objects.all()),
            "outcome": _spellings((row.pk, [row.code], [row.name]) for row in Outcome.objects.all()),
            "indicator": _spellings((pk, [code]) for pk, code in Indicator.objects.values_list("pk", "code")),
            "collection": _spellings((row.pk, [row.code], [row.name]) for row in Collection.objects.all()),
            "initiative": {},
        }
        self._suggestions = {}
        self.codes = Codes()
        self.entries = {row.pk: Entry(row) for row in initiatives.defer("search")}
        self.codes.know("initiative", {pk: entry.initiative.reference for pk, entry in self.entries.items()})
        for entry in self.entries.values():
            self.know(entry)

    def _organisations(self):
        aliases = defaultdict(list)
        for pk, name in OrganisationAlias.objects.values_list("organisation_id", "name"):
            aliases[pk].append(name)
        return _spellings(
            (row.pk, [row.code], [row.govuk_slug, row.gss_code, row.ods_code], [row.name, *aliases[row.pk]])
            for row in self.organisations.values()
        )

    def know(self, entry):
        """Let rows refer to an initiative by its reference and its short code."""
        for spelling in (entry.initiative.reference, entry.initiative.short_code):
            if spelling:
                self._meanings["initiative"].setdefault(spelling.lower(), {entry})

    def entry(self, spelling):
        """The initiative of a reference or short code, or None."""
        return next(iter(self._meanings["initiative"].get(spelling.lower(), ())), None)

    def find(self, lookup, text):
        """What a text stands for: an id, or an Entry. Raises CellError if nothing, or several things."""
        meanings = self._meanings[lookup]
        found = meanings.get(text.lower(), set())
        if len(found) == 1:
            return next(iter(found))
        noun, fix = WORDS[lookup]
        if found:
            codes = sorted(self.organisations[pk].code for pk in found)
            raise CellError(
                f"“{text}” is the name of more than one {noun}.",
                "Which one is meant is unknown.",
                "Give its code.",
                codes,
            )
        near = sorted(meanings) if len(meanings) <= LISTED_IN_FULL else self._near(lookup, text)
        raise CellError(f"No {noun} is known as “{text}”.", "It is never made up from a file.", fix, near)

    def _near(self, lookup, text):
        key = lookup, text.lower()
        if key not in self._suggestions:
            if len(self._suggestions) >= MOST_SUGGESTIONS:
                return []
            self._suggestions[key] = self._nearest(lookup, text)
        return self._suggestions[key]

    def _nearest(self, lookup, text):
        # Two letters that have changed places are two thirds of an abbreviation.
        cutoff = 0.6 if len(text) <= SHORT else 0.7
        near = difflib.get_close_matches(text.lower(), self._meanings[lookup], n=3, cutoff=cutoff)
        if lookup != "organisation":
            return [spelling.upper() if lookup in ("initiative", "area") else spelling for spelling in near]
        codes = [self.organisations[pk].code for spelling in near for pk in sorted(self._meanings[lookup][spelling])]
        return list(dict.fromkeys(codes))


def _spellings(rows):
    """Meanings by spelling in small letters. An earlier group of spellings wins over a later one."""
    groups = defaultdict(lambda: defaultdict(set))
    for pk, *spellings in rows:
        for rank, group in enumerate(spellings):
            for spelling in filter(None, group):
                groups[rank][spelling.lower()].add(pk)
    meanings = {}
    for rank in sorted(groups):
        for spelling, found in groups[rank].items():
            meanings.setdefault(spelling, found)
    return meanings
