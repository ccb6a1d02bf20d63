"""Undoing a whole upload: what it added goes, what it changed or removed is as it was. History keeps both.

What was there before is read from history, where triggers have written every row of the batch under one
context. Nothing is undone where somebody has changed a row since.
"""

from dataclasses import dataclass

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from policies import permissions
from policies.actions import uploads
from policies.actions.action import NotAllowedError, RuleError, action
from policies.models import (
    AllocationCriterion,
    CapitalLink,
    CapitalWeight,
    CollectionItem,
    Footprint,
    Initiative,
    Kind,
    Measure,
    OutcomeLink,
    Responsibility,
    Role,
    SignOff,
    SignOffStep,
    UploadState,
)

ROWS = (Footprint, CollectionItem, Responsibility, CapitalLink, OutcomeLink, AllocationCriterion, Measure)
# Not put back: the number of an initiative's state goes on, whatever the state says.
GOES_ON = {"version", "updated_at"}
BATCH = 500
INSERT, DELETE = "insert", "delete"


@dataclass(frozen=True)
class Blocker:
    """A record that was changed since, so that undoing would take that away too."""

    reference: str
    title: str
    why: str
    by: str = ""
    at: object = None


class ChangedSinceError(Exception):
    """Somebody has changed records since. `blockers` says which, who and when."""

    def __init__(self, blockers):
        super().__init__(f"{len(blockers)} records were changed since")
        self.blockers = blockers


@action
def undo_upload(*, by, upload):
    """Take an applied upload back. Raises NotAllowedError, RuleError or ChangedSinceError; then nothing happens."""
    upload = uploads.lock(upload, UploadState.APPLIED)
    if upload.by_id != by.pk and not permissions.is_administrator(by):
        raise NotAllowedError(f"{by} did not upload {upload}")
    written = {model: _Written(model, upload.context) for model in (*ROWS, Initiative)}
    whole = written[Initiative]
    present = {row.pk: row for row in Initiative.objects.filter(pk__in=whole.ids).order_by("pk").select_for_update()}
    blockers = _blockers(by, written, present)
    if blockers:
        raise ChangedSinceError(blockers)
    for model in ROWS:
        model.objects.filter(pk__in=written[model].added).delete()
    for model in ROWS:
        _put_back(model, written[model])
    _put_back_initiatives(whole, present)
    _stamp_discarded(by, [present[pk] for pk in sorted(whole.added)])
    _delete_initiatives(whole.added)
    upload.state, upload.undone_at = UploadState.UNDONE, timezone.now()
    upload.save(update_fields=["state", "undone_at"])
    return upload


class _Written:
    """What a context wrote to one table: ids of rows added, changed and removed, and the rows as they were."""

    def __init__(self, model, context):
        events = apps.get_model("policies", f"{model.__name__}Event").objects
        first, self.last = {}, {}
        for event in events.filter(pgh_context=context).order_by("pgh_id"):
            first.setdefault(event.pgh_obj_id, event)
            self.last[event.pgh_obj_id] = event
        self.ids = set(self.last)
        self.added = {pk for pk, event in first.items() if event.pgh_label == INSERT}
        self.removed = {pk for pk, event in self.last.items() if event.pgh_label == DELETE} - self.added
        self.changed = self.ids - self.added - self.removed
        others = events.filter(pgh_obj_id__in=self.ids).exclude(pgh_context=context).select_related("pgh_context")
        self.before, self.since = {}, {}
        for event in others.order_by("pgh_id"):
            pk = event.pgh_obj_id
            if event.pgh_id < first[pk].pgh_id:
                self.before[pk] = event
            else:
                self.since[pk] = event

    def initiative(self, pk):
        """The id of the initiative that a row belongs to."""
        event = self.last[pk]
        return getattr(event, "initiative_id", pk)


def _blockers(by, written, present):
    found = {}
    for table in written.values():
        for pk, event in table.since.items():
            record = present.get(table.initiative(pk))
            if record is not None:
                told = event.pgh_context.metadata if event.pgh_context else {}
                changed = Blocker(
                    record.reference, record.title, "changed since", told.get("by_name", ""), event.pgh_created_at
                )
                found.setdefault(record.pk, changed)
    whole = written[Initiative]
    for pk in sorted(whole.ids - present.keys()):
        event = whole.last[pk]
        found.setdefault(pk, Blocker(event.reference, event.title, "deleted since"))
    below = Initiative.objects.filter(parent__in=whole.added).exclude(pk__in=whole.added).select_related("parent")
    for child in below:
        found.setdefault(child.pk, Blocker(child.reference, child.title, f"stands under {child.parent.reference}"))
    rows = Initiative.objects.filter(pk__in=present.keys()).prefetch_related("responsibilities")
    given_away = _given_away(by, written[Responsibility])
    for record in rows:
        if record.pk not in given_away and not permissions.allowed(by, "edit", record):
            found.setdefault(record.pk, Blocker(record.reference, record.title, "is not yours to change any more"))
    return sorted(found.values(), key=lambda blocker: blocker.reference)


def _given_away(by, roles):
    """Records whose lead the batch itself changed, from an organisation that the person still writes for."""
    writes = permissions.may_lead_for(by)
    removed = (roles.last[pk] for pk in roles.removed)
    return {
        event.initiative_id
        for event in removed
        if event.role == Role.LEAD and (writes is None or event.organisation_id in writes)
    }


def _columns(model):
    return [field for field in model._meta.concrete_fields if not field.generated and field.name not in GOES_ON]


def _restore(row, event):
    for field in _columns(type(row)):
        if hasattr(event, field.attname) and not field.primary_key:
            setattr(row, field.attname, getattr(event, field.attname))


def _put_back(model, table):
    """Changed rows get their earlier values, and removed ones come back under their ids."""
    rows = list(model.objects.filter(pk__in=table.changed).select_for_update())
    for row in rows:
        _restore(row, table.before[row.pk])
    names = [field.name for field in _columns(model) if not field.primary_key]
    # An initiative has one primary capital at any moment, so what steps down goes first.
    for primary in (False, True):
        part = [row for row in rows if (getattr(row, "weight", "") == CapitalWeight.PRIMARY) is primary]
        model.objects.bulk_update(part, names, batch_size=BATCH)
    back = []
    for pk in sorted(table.removed):
        row = model(pk=pk)
        _restore(row, table.last[pk])
        back.append(row)
    model.objects.bulk_create(back, batch_size=BATCH)


def _put_back_initiatives(table, present):
    rows = [present[pk] for pk in sorted(table.changed)]
    now = timezone.now()
    for row in rows:
        _restore(row, table.before[row.pk])
        row.version += 1
        row.updated_at = now
    names = [field.name for field in _columns(Initiative) if not field.primary_key]
    if rows:
        Initiative.objects.bulk_update(rows, [*names, *GOES_ON], batch_size=BATCH)


def _stamp_discarded(by, records):
    """A revision that goes leaves its mark with the record that it revised."""
    SignOff.objects.bulk_create(
        SignOff(initiative_id=r.revises_id, revision=r.revision_number, step=SignOffStep.DISCARDED, by=by)
        for r in records
        if r.revises_id
    )


def _delete_initiatives(ids):
    """What stands under others goes first."""
    try:
        with transaction.atomic():
            Initiative.objects.filter(pk__in=ids, kind=Kind.COMMITMENT).delete()
            Initiative.objects.filter(pk__in=ids, parent__in=ids).delete()
            Initiative.objects.filter(pk__in=ids).delete()
    except (IntegrityError, ProtectedError) as error:
        raise RuleError("Other records refer to what this upload added. Move them first.") from error
