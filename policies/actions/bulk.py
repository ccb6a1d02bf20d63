"""Writing many initiatives with their rows at once, by a number of statements that does not grow with them.

The caller works out what differs (see `policies.workbook`); here it is checked against the person's
permission and against what others saved meanwhile, and written.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.utils import timezone

from policies import permissions
from policies.actions.action import NotAllowedError, StaleVersionError, action
from policies.actions.initiatives import next_reference, prefix_for
from policies.actions.people import REGISTRAR
from policies.models import (
    WRITABLE,
    CapitalWeight,
    Initiative,
    Kind,
    Organisation,
    Status,
)

SERIES = {Kind.PARTNERSHIP: "PSHIP"}
SERIES_WITHOUT_LEAD = "GOV"
BATCH = 500


@dataclass(eq=False)
class InitiativeChange:
    """An initiative to insert (it has no id yet) or to update, and what else is known of it.

    `fields` are those that changed; none means that only its rows did. `lead` is the organisation that
    leads it from now on, `lead_before` the id of the one that did.
    """

    initiative: Initiative
    fields: set = field(default_factory=set)
    lead: Organisation | None = None
    lead_before: int | None = None

    @property
    def is_published_now(self):
        """Whether this change makes it public."""
        initiative = self.initiative
        return initiative.status == Status.PUBLISHED and (initiative.pk is None or "status" in self.fields)


@dataclass
class Batch:
    """What to write. `added` are unsaved rows, `altered` pairs of a row and its changed fields."""

    initiatives: list = field(default_factory=list)
    added: list = field(default_factory=list)
    altered: list = field(default_factory=list)
    removed: list = field(default_factory=list)

    def __bool__(self):
        return bool(self.initiatives or self.added or self.altered or self.removed)


@action
def save_batch(*, by, batch):
    """Write a batch, all or nothing.

    Raises NotAllowedError when the person does not write for a lead, or when the batch would make something
    public or change what is public: that takes two people, see `policies.actions.signoff`. Administrators, who
    load what was published elsewhere, may.
    Raises StaleVersionError when somebody saved one of the records since it was read.
    """
    _require_permission(by, batch.initiatives)
    new = [change for change in batch.initiatives if change.initiative.pk is None]
    old = [change for change in batch.initiatives if change.initiative.pk is not None]
    _require_current(old)
    _insert(by, new)
    _update(by, old)
    _write_rows(batch)


def _require_permission(by, changes):
    if by.email == REGISTRAR["email"] or permissions.is_administrator(by):
        return
    writes = permissions.organisations_of(by, permissions.WRITERS)
    for change in changes:
        initiative = change.initiative
        lead = change.lead_before if initiative.pk else getattr(change.lead, "pk", None)
        if lead is None and initiative.pk is not None and initiative.created_by_id == by.pk:
            continue
        if lead not in writes:
            raise NotAllowedError(f"{by} does not write for the lead of {initiative}")
        if change.is_published_now or initiative.status not in WRITABLE:
            raise NotAllowedError(f"{by} may not make {initiative} public, or change it while it is")


def _require_current(changes):
    """Lock the rows, and make sure that nobody was faster."""
    known = {change.initiative.pk: change.initiative.version for change in changes}
    locked = Initiative.objects.filter(pk__in=known).order_by("pk").select_for_update()
    for pk, version in locked.values_list("pk", "version"):
        if version != known[pk]:
            raise StaleVersionError(Initiative.objects.get(pk=pk))


def _insert(by, changes):
    _give_references([change for change in changes if not change.initiative.reference])
    now = timezone.now()
    for change in changes:
        initiative = change.initiative
        initiative.created_by = by
        if change.is_published_now:
            initiative.published_at, initiative.published_by = now, by
    fresh = [change.initiative for change in changes]
    # What may have others under it comes first.
    for level in (False, True):
        rows = [row for row in fresh if (row.kind == Kind.COMMITMENT) is level]
        Initiative.objects.bulk_create(rows, batch_size=BATCH)


def _give_references(changes):
    series = defaultdict(list)
    for change in changes:
        prefix = SERIES.get(change.initiative.kind) or (prefix_for(change.lead) if change.lead else SERIES_WITHOUT_LEAD)
        series[prefix].append(change.initiative)
    taken = Counter()
    for prefix in sorted(series):
        first = int(next_reference(prefix).rpartition("-")[2])
        for initiative in series[prefix]:
            initiative.reference = f"{prefix}-{first + taken[prefix]:04d}"
            taken[prefix] += 1


def _update(by, changes):
    now, columns = timezone.now(), {"version", "updated_at"}
    for change in changes:
        initiative = change.initiative
        if change.is_published_now:
            initiative.published_at, initiative.published_by = now, by
            change.fields.update({"published_at", "published_by"})
        initiative.version += 1
        initiative.updated_at = now
        columns |= change.fields
    if changes:
        rows = [change.initiative for change in changes]
        Initiative.objects.bulk_update(rows, sorted(columns), batch_size=BATCH)


def _write_rows(batch):
    """Removals, then changes, then additions, so that no constraint is broken on the way."""
    for model, rows in _by_model(batch.removed).items():
        model.objects.filter(pk__in=[row.pk for row in rows]).delete()
    columns = defaultdict(set)
    for row, fields in batch.altered:
        columns[type(row)] |= fields
    for model, rows in _by_model(row for row, _ in batch.altered).items():
        # An initiative has one primary capital at any moment, so what steps down goes first.
        for primary in (False, True):
            part = [row for row in rows if (getattr(row, "weight", "") == CapitalWeight.PRIMARY) is primary]
            model.objects.bulk_update(part, sorted(columns[model]), batch_size=BATCH)
    for model, rows in _by_model(batch.added).items():
        model.objects.bulk_create(rows, batch_size=BATCH)


def _by_model(rows):
    models = defaultdict(list)
    for row in rows:
        models[type(row)].append(row)
    return models
