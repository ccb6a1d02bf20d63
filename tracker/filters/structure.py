"""Who holds a role: as it is on record, as it was at the beginning, or as it is now that bodies became others.

On record is what the record says today. A role that was handed over is then its first holder's; a role of a body
that has ended is now that of its successors, before it is handed over as well as afterwards. A body that was
split has several successors, and each counts as the holder until the role is handed over to one of them.
"""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from policies.models import FormerRole, Organisation, Responsibility, Role, Successions
from tracker.filters.base import Choice

THEN, NOW = "then", "now"


def structure_filter():
    """The filter by which people choose; the filters of organisations read it."""
    return Choice(
        _("Organisations that have ended"),
        ((THEN, _("As it was then: under their own name")), (NOW, _("As it is now: with their successors"))),
        {THEN: Q, NOW: Q},
        help_text=_("Goes with a lead or an organisation. Without it, roles count as they are on record"),
    )


def holdings(structure, *, organisation=None, lineage=None, lead=False):
    """Querysets of rows with an `initiative`: in those of any of them a body, or a lineage, holds a role.

    `structure` is THEN, NOW or empty for what is on record. `lead` asks for the lead only.
    """
    role = {"role": Role.LEAD} if lead else {}
    if structure == NOW:
        return (Responsibility.objects.filter(organisation__in=_counted(organisation, lineage), **role),)
    body = {"organisation": organisation} if organisation else {"organisation__lineage": lineage}
    held = Responsibility.objects.filter(**body, **role)
    if structure != THEN:
        return (held,)
    taken_over = FormerRole.objects.filter(
        initiative=OuterRef("initiative"), role=OuterRef("role"), successor=OuterRef("organisation")
    )
    first = FormerRole.objects.filter(**body, **role)
    return (held.filter(~Exists(taken_over)), first.filter(~Exists(taken_over)))


def _counted(organisation, lineage):
    """Ids of the bodies whose work is now that of the body or lineage."""
    chains = Successions()
    if organisation:
        return chains.counted_as(organisation.pk)
    lineages = dict(Organisation.objects.values_list("pk", "lineage"))
    return {pk for pk in lineages if lineage in {lineages[one] for one in chains.heirs(pk) or [pk]}}


def holds(structure, **who):
    """The condition on initiatives that goes with `holdings`."""
    found = Q()
    for rows in holdings(structure, **who):
        found |= Q(Exists(rows.filter(initiative=OuterRef("pk"))))
    return found
