"""What happened to a record, in words: read from the history that database triggers write.

Each row of history is the record as it stood after a change, so what changed is the difference from the row
before. Rows of one transaction make one entry, whatever tables they are of.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field, replace

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policies import permissions
from policies.as_of import event_model
from policies.models import (
    PUBLIC,
    PUBLIC_STEPS,
    AllocationCriterion,
    CapitalLink,
    Footprint,
    Initiative,
    Measure,
    OutcomeLink,
    Responsibility,
    Sensitivity,
    SignOff,
    SignOffStep,
    Status,
)
from tracker.decisions import DecisionKind, FlagDecision
from tracker.models import Flag
from tracker.web.changes import PARTS, WHOLE, Change, Words

MOST_ROWS = 300  # of one table, on the record's own page
ONE_LOOK = datetime.timedelta(minutes=5)
MOST_OF_ALL = 2000  # on the page of its history: no page may grow without bound


@dataclass
class Entry:
    """One transaction's changes to a record. `sort` is set where the entry itself says something."""

    title: str
    at: datetime.datetime
    by: str = ""
    text: str = ""
    changes: list = field(default_factory=list)
    sort: str = ""
    public: bool = True
    by_checks: bool = False

    def only(self, sort):
        """The entry with its changes of one sort; None when it has none."""
        changes = [change for change in self.changes if change.sort == sort]
        if not changes and self.sort != sort:
            return None
        return replace(self, changes=changes, text=self.text if self.sort == sort else "")


def history(initiative, user, *, most=MOST_ROWS):
    """Entries about an initiative, latest first, and whether older ones were left out.

    What a record said while it was not public is for those who could read it then. Names of people are for
    readers who have signed in.
    """
    rows, cut = {}, False
    for part in (WHOLE, *PARTS):
        found = _rows(part, initiative, most)
        cut = cut or len(found) == most
        rows[part] = found
    words = Words(rows, user, proposals=permissions.sees_drafts_of(user, initiative))
    groups = defaultdict(list)
    for part, events in rows.items():
        for before, now in _steps(events):
            groups[_save(now)].append((part, before, now))
    sees_all = permissions.sees_drafts_of(user, initiative)
    entries = {
        key: entry
        for key, steps in groups.items()
        if (entry := _entry(steps, words, None if sees_all else rows[WHOLE])) is not None
    }
    _add_flags(entries, initiative, user, most, None if sees_all else rows[WHOLE])
    shown = [entry for entry in entries.values() if entry.changes or entry.text or entry.sort]
    if not user.is_authenticated:
        shown = [replace(entry, by="") for entry in shown]
    return _folded(sorted(shown, key=lambda entry: entry.at, reverse=True)), cut


def _folded(entries):
    """Looks of the checks that follow each other closely as one: a full scan commits each check by itself."""
    found = []
    for entry in entries:
        last = found[-1] if found else None
        if last and last.by_checks and entry.by_checks and last.at - entry.at <= ONE_LOOK:
            found[-1] = replace(last, at=entry.at, changes=entry.changes + last.changes)
        else:
            found.append(entry)
    return found


def _rows(part, initiative, most):
    column = "pgh_obj" if part is WHOLE else "initiative"
    events = event_model(part.model).objects.filter(**{column: initiative.pk}).select_related("pgh_context")
    return sorted(events.order_by("-pgh_id")[:most], key=lambda event: event.pgh_id)


def _save(event):
    """What the rows that one save wrote have in common."""
    return event.pgh_created_at, event.pgh_context_id


def _steps(events):
    """Pairs of a row of history and the one before it of the same record; None before the first."""
    last = {}
    for event in events:
        yield last.get(event.pgh_obj_id), event
        last[event.pgh_obj_id] = event


def author(event):
    """The name of who made a change; empty when it is not on record."""
    return str(event.pgh_context.metadata.get("by_name", "")) if event.pgh_context else ""


def is_public(event):
    """Whether everybody could read the record when it stood like this."""
    return event is not None and event.status in PUBLIC and event.sensitivity == Sensitivity.OFFICIAL


def _then(whole, moment):
    """The record's own row of history at a moment, that moment's writes included."""
    return next((event for event in reversed(whole) if event.pgh_created_at <= moment), None)


def _entry(steps, words, hidden_by):
    """The entry of one save. With `hidden_by`, the record's own rows, what was not public is left out of it."""
    own = [(before, now) for part, before, now in steps if part is WHOLE]
    entry = _told(steps, words)
    if hidden_by is None:
        return entry
    if not entry.public:
        return None
    after = own[-1][1] if own else _then(hidden_by, entry.at)
    if not is_public(after):
        return None
    was = own[0][0] if own else after
    if was is not None and not is_public(was):
        # What made it public is told; what it said before is not.
        entry.changes = [change for change in entry.changes if change.sort == "signoff"]
    return entry


def _told(steps, words):
    first = steps[0][2]
    entry = Entry(_("Changed"), first.pgh_created_at, by=author(first))
    created = any(part is WHOLE and now.pgh_label == "insert" for part, _before, now in steps)
    for part, before, now in steps:
        if part is WHOLE:
            if title := _title(before, now):
                entry.title, entry.sort = title, "signoff"
            entry.changes += words.differences(part, before, now) if before else []
        elif part.model is SignOff:
            _tell_sign_off(entry, now)
        elif not (created and now.pgh_label == "insert"):
            entry.changes += words.of_part(part, before, now)
    if created:
        entry.text = _contents([part for part, _before, now in steps if now.pgh_label == "insert"])
    return entry


def _tell_sign_off(entry, event):
    """The step is the title, and what was said with it the text; steps between writers and approvers stay there."""
    entry.title, entry.text, entry.sort = str(SignOffStep(event.step).label), event.words, "signoff"
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
            Status.CHANGES_REQUESTED: _("Changes requested"),
        }.get(now.status, "")
    return ""


def _add_flags(entries, initiative, user, most, hidden_by):
    """Flags that came and went, at the moments when they did: those whose every record the user may read."""
    found = event_model(Flag).objects.filter(Q(initiative=initiative.pk) | Q(other=initiative.pk))
    events = sorted(
        found.select_related("pgh_context").defer("evidence").order_by("-pgh_id")[:most], key=lambda e: e.pgh_id
    )
    ids = {pk for event in events for pk in (event.initiative_id, event.other_id)} - {None, initiative.pk}
    readable = {initiative.pk, None}
    if ids:
        readable |= set(Initiative.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    told_of = set()
    for before, now in _steps(events):
        if not {now.initiative_id, now.other_id} <= readable:
            continue
        if hidden_by is not None and not is_public(_then(hidden_by, now.pgh_created_at)):
            continue
        told_of.add(now.pgh_obj_id)
        if told := _flag_change(before, now):
            entry = entries.setdefault(
                _save(now),
                Entry(_("The checks looked again"), now.pgh_created_at, by=author(now), by_checks=True),
            )
            entry.changes.append(told)
    _add_decisions(entries, told_of, most)


def _flag_change(before, now):
    """What became of a flag, or None when only its evidence moved."""
    words = f"{now.check_code}: {now.summary}"
    if now.pgh_label == "insert":
        return Change(_("Flag raised"), None, words, "flags", True)
    if now.pgh_label == "delete" or before is None:
        return None
    if (before.resolved_at is None) != (now.resolved_at is None):
        return Change(_("Flag resolved") if now.resolved_at else _("Flag raised again"), None, words, "flags", True)
    return None


def _add_decisions(entries, flags, most):
    """What people decided on the flags whose history is told, under the same conditions."""
    for row in FlagDecision.objects.filter(flag__in=flags).select_related("by", "taken_back_by", "flag")[:most]:
        words = f"{row.flag.check_code}: {row.flag.summary}"
        said = _("Flag dismissed") if row.kind == DecisionKind.DISMISSED else _("Flag acknowledged")
        steps = [(row.at, row.by, said)]
        if row.taken_back_at:
            steps.append((row.taken_back_at, row.taken_back_by, _("Decision on a flag taken back")))
        for at, by, what in steps:
            entry = entries.setdefault((at, by.pk), Entry(_("Decided on flags"), at, by=by.name))
            entry.changes.append(Change(what, None, words, "flags", True))


def _contents(parts):
    """How much came with a new record: "With 2 capitals, 3 outcomes and 4 roles."."""
    counts = [
        (_number(CapitalLink, parts), lambda n: ngettext("%(n)s capital", "%(n)s capitals", n)),
        (_number(OutcomeLink, parts), lambda n: ngettext("%(n)s outcome", "%(n)s outcomes", n)),
        (_number(Responsibility, parts), lambda n: ngettext("%(n)s role", "%(n)s roles", n)),
        (_number(Footprint, parts), lambda n: ngettext("%(n)s place", "%(n)s places", n)),
        (_number(Measure, parts), lambda n: ngettext("%(n)s measure", "%(n)s measures", n)),
        (_number(AllocationCriterion, parts), lambda n: ngettext("%(n)s criterion", "%(n)s criteria", n)),
    ]
    said = [words(number) % {"n": number} for number, words in counts if number]
    if not said:
        return ""
    listed = (
        said[0] if len(said) == 1 else _("%(most)s and %(last)s") % {"most": ", ".join(said[:-1]), "last": said[-1]}
    )
    return _("With %(things)s.") % {"things": listed}


def _number(model, parts):
    return sum(part.model is model for part in parts)
