"""What administration reads: people whom a user may see, and what ended organisations still hold."""

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from policies.actions.people import REGISTRAR
from policies.actions.succession import HANDED_OVER
from policies.models import Initiative, Membership, Organisation, Responsibility, Role, Successions, User


def people(organisations):
    """Everybody, or those who act for one of the organisations; never the account that stands for files."""
    found = User.objects.exclude(email=REGISTRAR["email"])
    if organisations is None:
        return found
    return found.filter(Exists(Membership.objects.filter(user=OuterRef("pk"), organisation__in=organisations)))


def roles(organisation=None):
    """Roles that organisations which have ended hold in records that are not over; of one, or of all."""
    found = Responsibility.objects.filter(
        organisation__active_to__lte=timezone.localdate(),
        initiative__status__in=HANDED_OVER,
        initiative__revises=None,
    )
    return found.filter(organisation=organisation) if organisation else found


def bodies():
    """Each ended organisation that holds something: itself, how many records it leads, other roles, people, heirs.

    Three queries and those of `Successions`, however many there are.
    """
    held = {
        row["organisation"]: row
        for row in roles()
        .order_by()
        .values("organisation")
        .annotate(leads=Count("pk", filter=Q(role=Role.LEAD)), others=Count("pk", filter=~Q(role=Role.LEAD)))
    }
    acting = dict(
        Membership.objects.filter(organisation__active_to__lte=timezone.localdate())
        .order_by()
        .values_list("organisation")
        .annotate(number=Count("pk"))
    )
    if not (held or acting):
        return []
    successions = Successions()
    ids = {pk: successions.heirs(pk) for pk in {*held, *acting}}
    wanted = {*ids, *(heir for heirs in ids.values() for heir in heirs)}
    known = {one.pk: one for one in Organisation.objects.filter(pk__in=wanted).by_name()}
    return [
        {
            "organisation": known[pk],
            "leads": held.get(pk, {}).get("leads", 0),
            "others": held.get(pk, {}).get("others", 0),
            "people": acting.get(pk, 0),
            "heirs": [known[heir] for heir in ids[pk]],
        }
        for pk in sorted(ids, key=lambda pk: known[pk].name.lower())
    ]


def heirs(organisation):
    """The organisations that do its work now, by name."""
    return list(Organisation.objects.filter(pk__in=Successions().heirs(organisation.pk)).by_name())


def records(organisation, user):
    """The records in which an ended organisation holds a role, each with `held`: those roles."""
    mine = roles(organisation).select_related("initiative").order_by("initiative__reference", "-depth", "role")
    found = {}
    visible = set(Initiative.objects.visible_to(user).filter(responsibilities__in=mine).values_list("pk", flat=True))
    for role in mine:
        if role.initiative_id in visible:
            record = found.setdefault(role.initiative_id, role.initiative)
            record.held = [*getattr(record, "held", []), role]
    return list(found.values())
