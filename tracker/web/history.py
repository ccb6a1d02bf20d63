"""What happened to a record, in words: read from the history that database triggers write.

Each row of history is the record as it stood after a change, so what changed is the difference from the row
before. Rows of one transaction make one entry, whatever tables they are of.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from policies import permissions
from policies.models import (
    PUBLIC,
    PUBLIC_STEPS,
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
    SignOffStep,
    Status,
    Update,
)
from tracker.web import display

MOST_ROWS = 300  # of one table: more is not read by anybody, and no page may grow without bound

# What follows from other columns, or says only that something changed.
SILENT = {
    "id", "version", "updated_at", "created_at", "created_by", "published_at", "published_by", "ended_at",
    "ended_by", "initiative", "answered_by", "answered_at", "by", "at", "reference",
    "start_precision", "end_precision", "due_precision", "revises", "revision_base", "submitted_at", "submitted_by",
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """Rows that hang on an initiative: what one is called, and the columns that say which one it is."""

    model: type
    one: str
    names: tuple[str, ...]


PARTS = (
    Part(CapitalLink, gettext_lazy("Capital"), ("capital", "weight")),
    Part(OutcomeLink, gettext_lazy("Outcome"), ("outcome", "direction")),
    Part(Responsibility, gettext_lazy("Role"), ("organisation", "role")),
    Part(FormerRole, gettext_lazy("Earlier role"), ("organisation", "role", "until")),
    Part(Footprint, gettext_lazy("Place"), ("area",)),
    Part(Measure, gettext_lazy("Measure"), ("words", "indicator")),
    Part(AllocationCriterion, gettext_lazy("Allocation criterion"), ("criterion", "round")),
    Part(Allocation, gettext_lazy("Allocation"), ("area", "amount_gbp")),
    Part(CollectionItem, gettext_lazy("Collection"), ("collection",)),
    Part(Dependency, gettext_lazy("Dependency"), ("depends_on",)),
    Part(Update, gettext_lazy("Progress update"), ("reported_on", "rag")),
    Part(SignOff, gettext_lazy("Sign-off"), ("step",)),
)
WHOLE = Part(Initiative, gettext_lazy("Record"), ("title",))
NAMED = {
    Area: "name", Capital: "name", Organisation: "name", Outcome: "name", Indicator: "name", Collection: "name",
    Initiative: "title",
}  # fmt: skip


@dataclass
class Entry:
    """One transaction's changes to a record."""

    title: str
    at: datetime.datetime
    by: str = ""
    text: str = ""
    changes: list = field(default_factory=list)
    public: bool = True


def history(initiative, user):
    """Entries about an initiative, latest first, and whether older ones were left out.

    What a record said before it was published is for those who could read it then. Names of people are for
    readers who have signed in.
    """
    rows, cut = {}, False
    for part in (WHOLE, *PARTS):
        found = _rows(part, initiative)
        cut = cut or len(found) == MOST_ROWS
        rows[part] = found
    words = _Words(rows, user)
    groups = defaultdict(list)
    for part, events in rows.items():
        for before, now in _steps(events):
            groups[now.pgh_created_at, now.pgh_context_id].append((part, before, now))
    entries = [_entry(steps, words) for steps in groups.values()]
    shown = [entry for entry in entries if entry.changes or entry.text or entry.title != _("Changed")]
    if not permissions.sees_drafts_of(user, initiative):
        shown = [entry for entry in shown if entry.public]
        # All events of a transaction carry one time, so what was done in the one that published it is shown.
        public = min((event.pgh_created_at for event in rows[WHOLE] if event.status in PUBLIC), default=None)
        shown = [entry for entry in shown if public and entry.at >= public]
    if not user.is_authenticated:
        shown = [replace(entry, by="") for entry in shown]
    return sorted(shown, key=lambda entry: entry.at, reverse=True), cut


def _rows(part, initiative):
    model = apps.get_model("policies", f"{part.model.__name__}Event")
    column = "pgh_obj" if part is WHOLE else "initiative"
    events = model.objects.filter(**{column: initiative.pk}).select_related("pgh_context")
    return sorted(events.order_by("-pgh_id")[:MOST_ROWS], key=lambda event: event.pgh_id)


def _steps(events):
    """Pairs of a row of history and the one before it of the same record; None before the first."""
    last = {}
    for event in events:
        yield last.get(event.pgh_obj_id), event
        last[event.pgh_obj_id] = event


class _Words:
    """Values of history in words; the names of other records are looked up once for all."""

    def __init__(self, rows, user):
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
        """(what, value before, value now) for each column that differs and says something."""
        found = []
        for column in part.model._meta.concrete_fields:
            if column.name in SILENT or not hasattr(now, column.attname):
                continue
            old, new = (self.value(part.model, event, column.name) for event in (before, now))
            if old != new:
                label = str(column.verbose_name)
                found.append((label[:1].upper() + label[1:], old, new))
        return found


def author(event):
    """The name of who made a change; empty when it is not on record."""
    return str(event.pgh_context.metadata.get("by_name", "")) if event.pgh_context else ""


def _entry(steps, words):
    first = steps[0][2]
    entry = Entry(_("Changed"), first.pgh_created_at, by=author(first))
    added = {part for part, before, now in steps if now.pgh_label == "insert"}
    created = WHOLE in added
    for part, before, now in steps:
        if part is WHOLE:
            entry.title = _title(before, now) or entry.title
            entry.changes += words.differences(part, before, now) if before else []
        elif part.model is SignOff:
            _tell_sign_off(entry, now)
        elif created and now.pgh_label == "insert":
            continue
        else:
            entry.changes += _part_changes(part, before, now, words)
    if created:
        entry.text = _contents([part for part, _before, now in steps if now.pgh_label == "insert"])
    return entry


def _tell_sign_off(entry, event):
    """The step is the title, and what was said with it the text; steps between writers and approvers stay there."""
    entry.title = str(SignOffStep(event.step).label)
    entry.text = event.words
    entry.public = event.step in PUBLIC_STEPS


def _title(before, now):
    if now.pgh_label == "insert":
        return _("Added to the register")
    if now.pgh_label == "delete":
        return _("Deleted")
    if before and before.status != now.status:
        return {
            Status.PUBLISHED: _("Published"),
            Status.CLOSED: _("Closed"),
            Status.WITHDRAWN: _("Withdrawn"),
            Status.IN_REVIEW: _("Sent for review"),
        }.get(now.status, _("Changed"))
    return ""


def _part_changes(part, before, now, words):
    if now.pgh_label == "insert":
        return [(_("%(part)s added") % {"part": part.one}, None, words.row(part, now))]
    if now.pgh_label == "delete":
        return [(_("%(part)s removed") % {"part": part.one}, words.row(part, now), None)]
    if before is None:
        return []
    which = words.row(part, now)
    return [
        (f"{part.one} {which}: {label.lower()}", old, new) for label, old, new in words.differences(part, before, now)
    ]


def _contents(parts):
    """How much came with a new record: "With 2 capitals, 3 outcomes and 4 roles."."""
    counts = [
        (parts_of(CapitalLink, parts), lambda n: ngettext("%(n)s capital", "%(n)s capitals", n)),
        (parts_of(OutcomeLink, parts), lambda n: ngettext("%(n)s outcome", "%(n)s outcomes", n)),
        (parts_of(Responsibility, parts), lambda n: ngettext("%(n)s role", "%(n)s roles", n)),
        (parts_of(Footprint, parts), lambda n: ngettext("%(n)s place", "%(n)s places", n)),
        (parts_of(Measure, parts), lambda n: ngettext("%(n)s measure", "%(n)s measures", n)),
        (parts_of(AllocationCriterion, parts), lambda n: ngettext("%(n)s criterion", "%(n)s criteria", n)),
    ]
    said = [words(number) % {"n": number} for number, words in counts if number]
    if not said:
        return ""
    listed = (
        said[0] if len(said) == 1 else _("%(most)s and %(last)s") % {"most": ", ".join(said[:-1]), "last": said[-1]}
    )
    return _("With %(things)s.") % {"things": listed}


def parts_of(model, parts):
    """How many of these rows are of one table."""
    return sum(part.model is model for part in parts)
