"""Revisions: a published record is changed on a working copy, which becomes public when an approver says so.

The copy is an initiative of its own, so that every page, form, rule and check works on it as on any draft. When
it is approved, what was changed on it is carried over to the record row by row, so that ids, history and the
answers of other organisations stay; what others changed on the record meanwhile stays too, unless the revision
changes the same thing.
"""

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone

from policies.actions import dependencies
from policies.actions.action import RuleError, action
from policies.actions.guarding import require
from policies.actions.initiatives import EDITABLE, PARTS, own_rows
from policies.models import Initiative, SignOff, SignOffStep, Status

# What the two sides say of a row, and when it was made: it is said on the record itself, never on a copy.
OTHER_SIDE = {
    "answer", "answer_words", "proposed_role", "answered_by", "answered_at", "reply", "replied_by", "replied_at",
    "given_at",
}  # fmt: skip


@action
def start_revision(*, by, initiative):
    """The working copy of a published record: the one that is open, or a new one."""
    require(by, "edit", initiative)
    original = Initiative.objects.select_for_update().get(pk=initiative.pk)
    opened = Initiative.objects.filter(revises=original).first()
    if opened is not None:
        return opened
    if original.status != Status.PUBLISHED:
        raise RuleError("Only a published record can be revised. Reopen it first if it was closed or withdrawn.")
    number = (original.sign_offs.aggregate(last=Max("revision"))["last"] or 0) + 1
    copied = {name: getattr(original, name) for name in EDITABLE}
    copy = Initiative.objects.create(
        kind=original.kind,
        reference=f"{original.reference}-R{number}",
        sensitivity=original.sensitivity,
        revises=original,
        revision_base=snapshot(original),
        created_by=by,
        **copied,
    )
    for model, _key in PARTS.values():
        rows = [model(initiative=copy, **_values(row)) for row in own_rows(model, original)]
        model.objects.bulk_create(rows)
    SignOff.objects.create(initiative=original, revision=number, step=SignOffStep.STARTED, by=by)
    return copy


def snapshot(initiative):
    """What a writer can change of a record, as JSON: its fields, and the rows of each part."""
    told = {
        "fields": {_column(name): getattr(initiative, _column(name)) for name in sorted(EDITABLE)},
        "parts": {
            part: [{field.attname: getattr(row, field.attname) for field in _content(model)} for row in rows]
            for part, (model, _key) in PARTS.items()
            for rows in [own_rows(model, initiative)]
        },
    }
    return json.loads(json.dumps(told, cls=DjangoJSONEncoder))


def carry_over(copy):
    """Make a record say what its working copy says, where the copy was changed; returns the record.

    Called within an action. Raises RuleError when the record no longer allows what the copy says.
    """
    original = Initiative.objects.select_for_update().get(pk=copy.revises_id)
    base, now = copy.revision_base, snapshot(copy)
    try:
        with transaction.atomic():
            _carry_fields(original, copy, base["fields"], now["fields"])
            for part, (model, key) in PARTS.items():
                if part in base["parts"]:
                    _carry_rows(original, copy, model, key, base["parts"][part])
            dependencies.refuse_circle(copy.submitted_by, original)
    except IntegrityError as error:
        raise RuleError(
            "The published record has changed since, and does not allow this any more. Ask for changes: "
            + str(error).splitlines()[0]
        ) from error
    return Initiative.objects.get(pk=original.pk)


def _carry_fields(original, copy, before, now):
    changed = [name for name in EDITABLE if now[_column(name)] != before.get(_column(name))]
    for name in changed:
        setattr(original, name, getattr(copy, name))
    original.updated_at = timezone.now()
    original.version = F("version") + 1
    original.save(update_fields=[*changed, "version", "updated_at"])


def _carry_rows(original, copy, model, key, base):
    before = {_key_of(key, row): row for row in base}
    mine = {tuple(_plain(getattr(row, name)) for name in key): row for row in own_rows(model, copy)}
    theirs = {tuple(_plain(getattr(row, name)) for name in key): row for row in own_rows(model, original)}
    gone = [theirs[k].pk for k in before if k not in mine and k in theirs]
    model.objects.filter(pk__in=gone).delete()
    # What steps down goes first: an initiative has one primary capital at any moment.
    for k, row in sorted(mine.items(), key=lambda item: getattr(item[1], "weight", "") == "primary"):
        values = _values(row)
        if k in before:
            values = {name: value for name, value in values.items() if _plain(value) != before[k].get(name)}
        if k not in theirs:
            if values or k not in before:
                model.objects.create(initiative=original, **_values(row))
        elif changed := [name for name, value in values.items() if getattr(theirs[k], name) != value]:
            for name in changed:
                setattr(theirs[k], name, values[name])
            theirs[k].save(update_fields=changed)


def _content(model):
    """The columns of a part that are the writer's."""
    return [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key
        and not field.generated
        and field.name != "initiative"
        and field.name not in OTHER_SIDE
        and not getattr(field, "auto_now_add", False)
    ]


def _values(row):
    return {field.attname: getattr(row, field.attname) for field in _content(type(row))}


def _column(name):
    return Initiative._meta.get_field(name).attname


def _plain(value):
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def _key_of(key, row):
    return tuple(row.get(name) for name in key)
