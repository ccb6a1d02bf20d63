"""Writing initiatives and all that hangs on them."""

from django.db import IntegrityError, connection, transaction
from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr

from policies import permissions
from policies.actions import dependencies
from policies.actions.action import NotAllowedError, RuleError, action
from policies.actions.guarding import require, require_writable, take_version
from policies.actions.organisations import refuse_ended
from policies.actions.parents import parents_in_words
from policies.models import (
    UNPUBLISHED,
    Allocation,
    AllocationCriterion,
    CapitalLink,
    ChosenOutcome,
    Dependency,
    Footprint,
    Initiative,
    Measure,
    Organisation,
    OutcomeLink,
    PlainAnswer,
    Responsibility,
    Role,
    SignOff,
    SignOffStep,
    Submission,
)

# What an editor may change by `edit`; the rest follows from other actions or never changes.
EDITABLE = {
    "title",
    "summary",
    "form",
    "parent",
    "source_title",
    "source_url",
    "source_quote",
    "notes",
    "start_date",
    "start_precision",
    "end_date",
    "end_precision",
    "due_date",
    "due_precision",
    "review_date",
    "value_gbp",
    "value_note",
    "price_year",
    "health_in_scope",
}

# The rows that hang on an initiative: how one is told from another, so that those that stay keep their ids.
# Each key is the part's natural key, unique within an initiative by a constraint of its model, and never an id
# of the row itself: whoever copies a record or brings two copies together pairs their rows by it.
PARTS = {
    "allocations": (Allocation, ("area_id", "round", "project")),
    "capitals": (CapitalLink, ("capital_id",)),
    "chosen_outcomes": (ChosenOutcome, ("outcome_id",)),
    "criteria": (AllocationCriterion, ("round", "criterion")),
    "dependencies": (Dependency, ("depends_on_id",)),
    "outcomes": (OutcomeLink, ("outcome_id", "asserted_by_id")),
    "roles": (Responsibility, ("organisation_id", "role")),
    "measures": (Measure, ("purpose", "indicator_id", "words")),
    "places": (Footprint, ("area_id",)),
    "questions": (PlainAnswer, ("question", "option")),
}


SAME_THING = "Two of the rows are about the same thing. Keep one of them."


def next_reference(prefix):
    """The next free public reference of a series, such as DHSC-0042; callers hold it until they commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"reference:{prefix}"])
    last = (
        Initiative.objects.filter(reference__regex=rf"^{prefix}-[0-9]+$")
        .annotate(number=Cast(Substr("reference", len(prefix) + 2), IntegerField()))
        .aggregate(last=Max("number"))["last"]
    )
    return f"{prefix}-{(last or 0) + 1:04d}"


# A reference holds 24 characters: this many, a hyphen and up to five digits.
PREFIX_LENGTH = 18


def prefix_for(organisation):
    """The series of an organisation's references: its abbreviation's letters and digits, in capitals.

    Bodies whose names begin alike may share a series; the numbers still differ.
    """
    letters = "".join(
        c for c in (organisation.abbreviation or organisation.code).upper() if c.isascii() and c.isalnum()
    )
    return (letters if letters[:1].isalpha() else f"ORG{letters}")[:PREFIX_LENGTH]


@action
def create(*, by, kind, lead, title, submission="", **fields):
    """Start a draft, led by an organisation for which the person writes.

    `submission` stands for a form with its answers: sent again, it gives the draft that it made before.
    """
    allowed = permissions.may_lead_for(by)
    if allowed is not None and lead.pk not in allowed:
        raise NotAllowedError(f"{by} does not write for {lead}")
    refuse_ended(lead)
    reference = next_reference(prefix_for(lead))  # from here on, others who start one for this lead wait
    if submission and (made := Submission.objects.filter(user=by, key=submission).first()):
        return made.initiative
    with parents_in_words():
        initiative = Initiative.objects.create(
            kind=kind, title=title, reference=reference, created_by=by, **_editable(fields)
        )
    Responsibility.objects.create(initiative=initiative, organisation=lead, role=Role.LEAD)
    if submission:
        Submission.objects.create(user=by, key=submission, initiative=initiative)
    return initiative


def _editable(fields):
    unknown = set(fields) - EDITABLE
    if unknown:
        raise TypeError(f"not fields that can be edited: {', '.join(sorted(unknown))}")
    return fields


@action
def edit(*, by, initiative, version, **fields):
    """Change fields of a draft or a revision that stands at `version`."""
    require(by, "edit", initiative)
    require_writable(initiative)
    initiative = take_version(initiative, version)
    for name, value in _editable(fields).items():
        setattr(initiative, name, value)
    with parents_in_words():
        initiative.save(update_fields=list(fields))
    return initiative


@action
def set_parts(*, by, initiative, version, part, rows):
    """Make the rows of one part, such as capitals or places, those that are given. PARTS names them all.

    `rows` are dictionaries of column values. A row that was there is updated in place, so that its id and
    history go on; one that is no longer given is deleted. Other organisations' assertions are not touched.
    """
    require(by, "edit", initiative)
    require_writable(initiative)
    initiative = take_version(initiative, version)
    put_rows(initiative, part, rows)
    if part == "dependencies":
        dependencies.refuse_circle(by, initiative)
    return initiative


def put_rows(initiative, part, rows):
    """The rows of a part, set for an action that has asked for permission and taken the version."""
    model, key = PARTS[part]
    present = {tuple(getattr(row, name) for name in key): row for row in own_rows(model, initiative)}
    given = {tuple(_column(row, name) for name in key): row for row in rows}
    if len(given) < len(rows):
        raise RuleError(SAME_THING)
    if part == "roles":
        refuse_ended(*Organisation.objects.filter(pk__in={body for body, role in given.keys() - present.keys()}))
    if part == "roles" and sum(role == Role.LEAD for _, role in given) > 1:
        raise RuleError("Only one organisation can be the lead. Make the others co-leads.")
    model.objects.filter(pk__in=[row.pk for k, row in present.items() if k not in given]).delete()
    # What steps down goes first: an initiative has one lead and one primary capital at any moment.
    for k, values in sorted(given.items(), key=lambda item: item[1].get("weight") == "primary"):
        _put(model, initiative, present.get(k), values)


def own_rows(model, initiative):
    """The rows of a part that the record's writers keep: all but what other organisations assert."""
    rows = model.objects.filter(initiative=initiative).order_by("pk")
    return list(rows.filter(asserted_by=None) if model is OutcomeLink else rows)


def _column(row, name):
    if name in row:
        return row[name]
    related = row.get(name.removesuffix("_id"))
    if name.endswith("_id"):
        return related.pk if related is not None else None
    return row.get(name, model_default(name))


def model_default(name):
    """What a key column holds when a row does not say."""
    return {"purpose": "progress", "words": "", "round": "", "project": ""}.get(name)


def _put(model, initiative, row, values):
    if row is None:
        model.objects.create(initiative=initiative, **values)
        return
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)


@action
def discard(*, by, initiative, version):
    """Delete a draft that was never published, or a revision. Its history stays."""
    require(by, "edit", initiative)
    if initiative.status not in UNPUBLISHED:
        raise RuleError("A published record cannot be deleted. Close or withdraw it instead.")
    require_writable(initiative)
    initiative = take_version(initiative, version)
    if initiative.revises_id:
        SignOff.objects.create(
            initiative_id=initiative.revises_id, revision=initiative.revision_number, step=SignOffStep.DISCARDED, by=by
        )
    try:
        with transaction.atomic():
            initiative.delete()
    except IntegrityError as error:
        raise RuleError("Other records stand under this draft. Move them first.") from error
