"""What a row of history says beside the one before it: each column that differs, in words, with what sort it is."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.models import (
    Allocation,
    AllocationCriterion,
    Area,
    Capital,
    CapitalLink,
    Collection,
    CollectionItem,
    Dependency,
    Footprint,
    FormerRole,
    Indicator,
    Initiative,
    Measure,
    Organisation,
    Outcome,
    OutcomeLink,
    Precision,
    Responsibility,
    SignOff,
    Update,
)
from tracker.web import differences, display

# What a change can be about, as the timeline is narrowed by it.
SORTS = {
    "wording": gettext_lazy("Wording"),
    "dates": gettext_lazy("Dates and money"),
    "roles": gettext_lazy("Roles"),
    "links": gettext_lazy("Links and places"),
    "measures": gettext_lazy("Measures and criteria"),
    "updates": gettext_lazy("Progress updates"),
    "flags": gettext_lazy("Flags"),
    "signoff": gettext_lazy("Sign-off and publication"),
}
DATES_AND_MONEY = {"start_date", "end_date", "due_date", "review_date", "value_gbp", "value_note", "price_year"}
SIGN_OFF = {"status", "ended_reason", "ended_outcome"}

# What follows from other columns, or says only that something changed.
SILENT = {
    "id", "version", "updated_at", "created_at", "created_by", "published_at", "published_by", "ended_at",
    "ended_by", "initiative", "answered_by", "answered_at", "by", "at", "reference",
    "start_precision", "end_precision", "due_precision", "revises", "revision_base", "submitted_at", "submitted_by",
    "invitation", "replied_by", "replied_at", "given_at", "moved_from_precision", "moved_to_precision",
    "moved_by", "move_decided_by", "move_decided_at",
}  # fmt: skip
# What was proposed for a date is for those who work on the record; once approved, it is the record's date.
PROPOSALS = {"moved_from", "moved_to", "moved_reason_code", "moved_reason", "move_state", "move_words"}


class Change(NamedTuple):
    """One thing that changed. `whole` says that it came or went, so that only one side has words."""

    label: str
    before: Any
    after: Any
    sort: str
    whole: bool = False

    @property
    def marked(self):
        """The new words with what left and what came marked, where that says more than two whole texts."""
        return differences.marked(self.before, self.after) if self.sort != "flags" else None


@dataclass(frozen=True)
class Part:
    """Rows that hang on an initiative: what one is called, and the columns that say which one it is."""

    model: type
    one: str
    names: tuple[str, ...]
    sort: str


PARTS = (
    Part(CapitalLink, gettext_lazy("Capital"), ("capital", "weight"), "links"),
    Part(OutcomeLink, gettext_lazy("Outcome"), ("outcome", "direction", "asserted_by"), "links"),
    Part(Responsibility, gettext_lazy("Role"), ("organisation", "role"), "roles"),
    Part(FormerRole, gettext_lazy("Earlier role"), ("organisation", "role", "until"), "roles"),
    Part(Footprint, gettext_lazy("Place"), ("area",), "links"),
    Part(Measure, gettext_lazy("Measure"), ("words", "indicator"), "measures"),
    Part(AllocationCriterion, gettext_lazy("Allocation criterion"), ("criterion", "round"), "measures"),
    Part(Allocation, gettext_lazy("Allocation"), ("area", "amount_gbp"), "dates"),
    Part(CollectionItem, gettext_lazy("Collection"), ("collection",), "links"),
    Part(Dependency, gettext_lazy("Dependency"), ("depends_on",), "links"),
    Part(Update, gettext_lazy("Progress update"), ("reported_on", "rag"), "updates"),
    Part(SignOff, gettext_lazy("Sign-off"), ("step",), "signoff"),
)
WHOLE = Part(Initiative, gettext_lazy("Record"), ("title",), "wording")
NAMED = {
    Area: "name", Capital: "name", Organisation: "name", Outcome: "name", Indicator: "name", Collection: "name",
    Initiative: "title",
}  # fmt: skip


class Words:
    """Values of history in words; the names of other records are looked up once for all."""

    def __init__(self, rows, user, *, proposals=True):
        self.silent = SILENT if proposals else SILENT | PROPOSALS
        wanted = defaultdict(set)
        for part, events in rows.items():
            for column in part.model._meta.concrete_fields:
                if column.is_relation and column.related_model in NAMED and column.name != "initiative":
                    wanted[column.related_model] |= {getattr(event, column.attname) for event in events}
        self.names = {}
        for model, ids in wanted.items():
            readable = model.objects.visible_to(user) if model is Initiative else model.objects.all()
            self.names[model] = dict(readable.filter(pk__in=ids - {None}).values_list("pk", NAMED[model]))

    def value(self, model, event, name):
        """One column of a row, as people read it; None when it is empty."""
        column = model._meta.get_field(name)
        value = getattr(event, column.attname)
        if value is None or value == "":
            return None
        if column.is_relation:
            return self.names.get(column.related_model, {}).get(value, _("a record that you cannot see"))
        if column.choices:
            return str(dict(column.flatchoices).get(value, value))
        return self._plain(event, name, value)

    def _plain(self, event, name, value):
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, datetime.datetime):
            return display.datetime(value)
        if isinstance(value, datetime.date):
            precision = getattr(event, name.replace("_date", "_precision"), "") if "_date" in name else ""
            return display.period(value, precision or Precision.DAY)
        if isinstance(value, Decimal):
            return display.money_exact(value) if name.endswith("_gbp") else display.number(value)
        return str(value)

    def row(self, part, event):
        """Which row it is: "Department for Transport, Lead"."""
        found = (self.value(part.model, event, name) for name in part.names)
        return ", ".join(word for word in found if word)

    def differences(self, part, before, now):
        """A Change for each column that differs and says something."""
        found = []
        for column in part.model._meta.concrete_fields:
            if column.name in self.silent or not hasattr(now, column.attname):
                continue
            if column.name.startswith("move") and getattr(now, "move_state", "approved") != "approved":
                continue  # a date that nobody has approved is between those who write and approve
            old, new = (self.value(part.model, event, column.name) for event in (before, now))
            if old != new:
                label = str(column.verbose_name)
                found.append(Change(label[:1].upper() + label[1:], old, new, _sort(part, column.name)))
        return found

    def of_part(self, part, before, now):
        """What happened to a row that hangs on the record."""
        if now.pgh_label == "insert":
            return [Change(_("%(part)s added") % {"part": part.one}, None, self.row(part, now), part.sort, True)]
        if now.pgh_label == "delete":
            return [Change(_("%(part)s removed") % {"part": part.one}, self.row(part, now), None, part.sort, True)]
        if before is None:
            return []
        which = f"{part.one} {self.row(part, now)}"
        return [
            change._replace(label=f"{which}: {change.label.lower()}") for change in self.differences(part, before, now)
        ]


def _sort(part, name):
    """What sort of change one of a column is."""
    if part is not WHOLE:
        return part.sort
    return "dates" if name in DATES_AND_MONEY else "signoff" if name in SIGN_OFF else "wording"
