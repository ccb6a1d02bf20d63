"""Adding, changing and ending organisations. Only administrators do, and never as a side effect of anything else."""

import pghistory
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from policies import permissions
from policies.actions.action import NotAllowedError, RuleError, action
from policies.models import Organisation, OrganisationAlias, OrganisationSuccession, Precision, Successions

DETAILS = (
    "name",
    "abbreviation",
    "kind",
    "sector",
    "active_from",
    "active_from_precision",
    "active_to",
    "active_to_precision",
)


class ChangedMeanwhileError(RuleError):
    """Somebody else changed the organisation since the page was made."""


def _require_administrator(by):
    if not permissions.is_administrator(by):
        raise NotAllowedError(f"{by} is not an administrator")


def in_words(day):
    """9 July 2024."""
    return f"{day.day} {day:%B} {day.year}"


def ended_in_words(organisation):
    """That a body has ended, when, and who does its work now: "DLUHC ended on 9 July 2024; ..."."""
    heirs = Organisation.objects.filter(pk__in=Successions().heirs(organisation.pk)).by_name()
    names = [heir.name for heir in heirs]
    begun = f"{organisation.name} ended on {in_words(organisation.active_to)}"
    if not names:
        return f"{begun}; no successor is recorded."
    if len(names) == 1:
        return f"{begun}; its successor is {names[0]}."
    return f"{begun}; its successors are {', '.join(names[:-1])} and {names[-1]}."


def refuse_ended(*organisations):
    """Bodies that have ended get nothing new. Raises RuleError, which names the successors."""
    for organisation in organisations:
        if organisation.has_ended:
            raise RuleError(ended_in_words(organisation))


def seen(organisation):
    """What tells whether somebody else has changed a body since: the number of its last line of history."""
    history = organisation._meta.apps.get_model("policies", "OrganisationEvent")
    return history.objects.filter(pgh_obj=organisation.pk).aggregate(last=Max("pgh_id"))["last"] or 0


@action
def add_organisation(*, by, name, kind, sector, abbreviation="", aliases=(), active_from=None, follows=None):
    """Add a body. One that follows another counts as one with it: it takes that one's lineage."""
    _require_administrator(by)
    code = _free_code(abbreviation or name)
    organisation = Organisation.objects.create(
        code=code,
        name=name,
        abbreviation=abbreviation,
        kind=kind,
        sector=sector,
        lineage=follows.lineage if follows else code,
        active_from=active_from,
        active_from_precision=Precision.DAY if active_from else "",
        by_hand=sorted({*DETAILS, "aliases", "successors"}),
    )
    _put_aliases(organisation, aliases)
    return organisation


def _free_code(words):
    """A code that nothing has: the words in small letters with hyphens, with a number if need be."""
    base = slugify(words)[:70].strip("-").replace("_", "-") or "organisation"
    taken = set(Organisation.objects.filter(code__startswith=base).values_list("code", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(code for code in (base, *numbered) if code not in taken)


@action
def edit_organisation(*, by, organisation, last_seen, aliases, **details):
    """Change a body. Raises ChangedMeanwhileError when somebody else has since `last_seen`.

    What is changed is marked, so that loading the reference files again leaves it as it is.
    """
    _require_administrator(by)
    if unknown := set(details) - set(DETAILS):
        raise TypeError(f"not details of an organisation: {', '.join(sorted(unknown))}")
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if seen(organisation) != last_seen:
        raise ChangedMeanwhileError("Somebody else has changed this organisation. Compare what it says now, and save.")
    changed = {name for name, value in details.items() if getattr(organisation, name) != value}
    for name in changed:
        setattr(organisation, name, details[name])
    if organisation.active_from and organisation.active_to and organisation.active_to < organisation.active_from:
        raise RuleError("The day on which it ended must be the same as or after the day on which it began.")
    if organisation.active_to is None and organisation.ended_reason:
        organisation.ended_reason = ""
        changed.add("ended_reason")
    if _put_aliases(organisation, aliases):
        changed.add("aliases")
    _save_by_hand(organisation, changed)
    return organisation


def _save_by_hand(organisation, changed):
    if changed:
        organisation.by_hand = sorted({*organisation.by_hand, *changed})
        organisation.save(update_fields=[*(changed - {"aliases", "successors"}), "by_hand"])


def _put_aliases(organisation, names):
    """Make the other names of a body those that are given; says whether that changed anything."""
    wanted = {name.lower(): name for name in names}
    others = OrganisationAlias.objects.filter(name__in=names).exclude(organisation=organisation)
    for alias in others.select_related("organisation"):
        raise RuleError(f"“{alias.name}” is already another name of {alias.organisation.name}.")
    present = {alias.name.lower(): alias for alias in organisation.aliases.all()}
    gone = [alias.pk for key, alias in present.items() if key not in wanted]
    OrganisationAlias.objects.filter(pk__in=gone).delete()
    new = [name for key, name in wanted.items() if key not in present]
    OrganisationAlias.objects.bulk_create(OrganisationAlias(organisation=organisation, name=name) for name in new)
    return bool(gone or new)


@action
def end_organisation(*, by, organisation, on, successors, reason):
    """A body is no more from a day on. Its roles wait to be handed over; see `succession`."""
    _require_administrator(by)
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if organisation.active_to is not None:
        raise RuleError(f"{organisation.name} ended on {in_words(organisation.active_to)} already.")
    if not reason.strip():
        raise RuleError("Enter why it ended.")
    if organisation.active_from and on < organisation.active_from:
        raise RuleError(f"It began on {in_words(organisation.active_from)}. Enter that day or a later one.")
    if on > timezone.localdate():
        raise RuleError("Enter today or an earlier day. Ending an organisation cannot be planned ahead.")
    for successor in successors:
        if successor.pk == organisation.pk:
            raise RuleError("An organisation cannot be its own successor.")
    refuse_ended(*successors)
    organisation.active_to, organisation.active_to_precision = on, Precision.DAY
    organisation.ended_reason = reason.strip()
    with pghistory.context(reason=organisation.ended_reason):
        _save_by_hand(organisation, {"active_to", "active_to_precision", "ended_reason", "successors"})
        OrganisationSuccession.objects.bulk_create(
            [OrganisationSuccession(predecessor=organisation, successor=successor) for successor in successors],
            ignore_conflicts=True,
        )
    return organisation
