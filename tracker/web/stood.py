"""An initiative's record as it stood at the end of a day, with all that hung on it, from history.

Shown only as far as the reader may see it now, and never what it said while it was not public, unless the
reader could read it then.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Prefetch, prefetch_related_objects

from policies import as_of, permissions
from policies.models import (
    DEPTH,
    Allocation,
    AllocationCriterion,
    Area,
    Capital,
    CapitalLink,
    CapitalWeight,
    Collection,
    CollectionItem,
    Dependency,
    Footprint,
    Indicator,
    Initiative,
    Measure,
    Organisation,
    Outcome,
    OutcomeLink,
    Responsibility,
    Role,
    Update,
    User,
)
from tracker.models import Flag
from tracker.web import records
from tracker.web.history import is_public

PARTS = (
    CapitalLink, OutcomeLink, Responsibility, Footprint, Measure, AllocationCriterion, Allocation, CollectionItem,
    Dependency, Update,
)  # fmt: skip
# What the rows point to, read as it was called then.
NAMED = (Organisation, Capital, Outcome, Area, Indicator, Collection, User)


@dataclass
class Stood:
    """What came of looking: the record then, or None with the reason `not_there` or `not_public`."""

    initiative: Initiative | None = None
    reason: str = ""
    parts: dict = field(default_factory=dict)


def stood(initiative, user, day):
    """The record of an initiative that the user may read now, as it stood at the end of a day."""
    moment = as_of.end_of(day)
    then = as_of.by_id(Initiative, moment, [initiative.pk]).get(initiative.pk)
    sees_all = permissions.sees_drafts_of(user, initiative)
    if not sees_all and not is_public(then):
        return Stood(reason="not_public")
    if then is None:
        return Stood(reason="not_there")
    rows = {model: as_of.rows(model, moment, initiative=initiative.pk) for model in PARTS}
    _name(rows, moment)
    return Stood(then, parts=_parts(then, rows, user, moment))


def _name(rows, moment):
    """Put what each row points to beside it, as it was called then."""
    for target in NAMED:
        columns = [
            (model, column)
            for model in rows
            for column in model._meta.concrete_fields
            if column.is_relation and column.related_model is target
        ]
        ids = {getattr(row, column.attname) for model, column in columns for row in rows[model]}
        found = as_of.by_id(target, moment, ids)
        if target is Organisation:  # an ended one is shown with those that follow it
            prefetch_related_objects(list(found.values()), Prefetch("successors", Organisation.objects.by_name()))
        for model, column in columns:
            for row in rows[model]:
                if (one := found.get(getattr(row, column.attname))) is not None:
                    setattr(row, column.name, one)


def _parts(then, rows, user, moment):
    """The same names as `records.parts`, so that the same tables show them."""
    roles = sorted(
        rows[Responsibility], key=lambda role: (-DEPTH[role.role], role.role, role.organisation.name.lower())
    )
    for role in roles:
        role.depth = DEPTH[role.role]
        role.settle_address = role.answer_address = ""  # it is answered on the record as it is now
    above = {then.parent_id, *(row.depends_on_id for row in rows[Dependency])} - {None}
    readable = Initiative.objects.visible_to(user).in_bulk(above)
    for row in rows[Dependency]:
        row.depends_on = readable.get(row.depends_on_id)
    capitals = sorted(rows[CapitalLink], key=lambda r: (r.weight != CapitalWeight.PRIMARY, r.capital.position))
    money = sorted(rows[Allocation], key=lambda row: (-row.amount_gbp, row.pk))
    criteria = sorted(rows[AllocationCriterion], key=_criterion)
    return {
        "lead": next((role.organisation for role in roles if role.role == Role.LEAD), None),
        "sectors": records.by_sector(roles),
        "capitals": capitals,
        "outcomes": sorted(rows[OutcomeLink], key=lambda row: (row.outcome.position, row.pk)),
        "places": sorted((row.area for row in rows[Footprint]), key=lambda area: area.name),
        "rounds": records.by_round(criteria),
        "measures": sorted(rows[Measure], key=lambda row: (row.purpose, row.pk)),
        "collections": sorted((row.collection for row in rows[CollectionItem]), key=lambda one: one.name),
        "dependants": [],
        "dependencies": [row for row in rows[Dependency] if row.depends_on_id in readable],
        "parent": readable.get(then.parent_id),
        "updates": sorted(rows[Update], key=lambda row: row.reported_on, reverse=True),
        "allocations": {
            "number": len(money),
            "total": sum((row.amount_gbp for row in money), Decimal(0)),
            "largest": money[: records.MOST_ALLOCATIONS],
        },
        "flags": _flags(then, user, moment),
    }


def _criterion(row):
    weight = row.weight_percent
    return row.round, weight is None, -(weight or 0), row.criterion


def _flags(then, user, moment):
    """The flags that stood then, of those whose every record the user may read."""
    sides = [as_of.rows(Flag, moment, resolved_at=None, **{side: then.pk}) for side in ("initiative", "other")]
    flags = {flag.pk: flag for side in sides for flag in side}
    others = {pk for flag in flags.values() for pk in (flag.initiative_id, flag.other_id)} - {None}
    readable = set(Initiative.objects.visible_to(user).filter(pk__in=others).values_list("pk", flat=True))
    shown = [flag for flag in flags.values() if {flag.initiative_id, flag.other_id} - {None} <= readable]
    order = {"high": 0, "medium": 1, "low": 2}
    return sorted(shown, key=lambda flag: (order.get(flag.severity, 3), flag.check_code, flag.fingerprint))
