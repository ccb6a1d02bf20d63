"""All that an initiative's own page shows, in a number of queries that does not grow with it."""

from decimal import Decimal

from django.db.models import Count, F, Prefetch, Sum
from django.utils.translation import gettext_lazy as _

from policies.models import (
    Allocation,
    AllocationCriterion,
    CapitalLink,
    CollectionItem,
    Dependency,
    Footprint,
    FormerRole,
    Initiative,
    Kind,
    Measure,
    Organisation,
    OutcomeLink,
    Responsibility,
    Role,
    Sector,
    Update,
)
from tracker.web import money

# In the order in which the page shows them: the sides of the table.
SECTORS = (
    (Sector.NATIONAL, _("National government")),
    (Sector.NHS, _("NHS")),
    (Sector.LOCAL_GOVERNMENT, _("Local government")),
    (Sector.OTHER, _("Other bodies")),
)
DEPTHS = {
    4: _("Answers for it"),
    3: _("Delivers it"),
    2: _("Supports or funds it"),
    1: _("Bids, receives or is consulted only"),
}
MOST_ALLOCATIONS = 20
MOST_UPDATES = 6


def whole(queryset, user):
    """The one initiative of a queryset with everything that hangs on it, or None."""
    everybody = Organisation.objects.prefetch_related(Prefetch("successors", Organisation.objects.by_name()))
    parts = (
        ("responsibilities", Responsibility.objects.order_by("-depth", "role", "organisation__name")),
        ("capital_links", CapitalLink.objects.select_related("capital").order_by("weight", "capital__position")),
        (
            "outcome_links",
            OutcomeLink.objects.select_related("outcome", "asserted_by").order_by(
                "outcome__position", F("asserted_by").asc(nulls_first=True)
            ),
        ),
        ("former_roles", FormerRole.objects.select_related("organisation", "successor").order_by("-until", "role")),
        ("footprints", Footprint.objects.select_related("area").order_by("area__name")),
        (
            "criteria",
            AllocationCriterion.objects.order_by("round", F("weight_percent").desc(nulls_last=True), "criterion"),
        ),
        ("measures", Measure.objects.select_related("indicator").order_by("purpose", "pk")),
        ("collection_items", CollectionItem.objects.select_related("collection").order_by("collection__name")),
        (
            "dependencies",
            Dependency.objects.filter(depends_on__in=Initiative.objects.visible_to(user)).select_related("depends_on"),
        ),
        (
            "dependants",
            Dependency.objects.filter(initiative__in=Initiative.objects.visible_to(user)).select_related("initiative"),
        ),
    )
    return (
        queryset.select_related("published_by", "ended_by")
        .prefetch_related(
            *(Prefetch(name, rows) for name, rows in parts), Prefetch("responsibilities__organisation", everybody)
        )
        .first()
    )


def parts(initiative, user):
    """What the page needs beside the record itself."""
    roles = list(initiative.responsibilities.all())
    readable = Initiative.objects.visible_to(user)
    return {
        "lead": next((role.organisation for role in roles if role.role == Role.LEAD), None),
        "sectors": by_sector(roles),
        "former_roles": list(initiative.former_roles.all()),
        "capitals": list(initiative.capital_links.all()),
        "outcomes": list(initiative.outcome_links.all()),
        "places": [footprint.area for footprint in initiative.footprints.all()],
        "rounds": by_round(initiative.criteria.all()),
        "measures": list(initiative.measures.all()),
        "collections": [item.collection for item in initiative.collection_items.all()],
        "dependencies": list(initiative.dependencies.all()),
        "dependants": list(initiative.dependants.all()),
        "parent": readable.filter(pk=initiative.parent_id).first() if initiative.parent_id else None,
        "children": below(initiative, readable),
        "updates": latest_updates(initiative),
        "allocations": allocations(initiative),
    }


def latest_updates(initiative):
    """What was last reported, latest first, with who reported it."""
    found = Update.objects.filter(initiative=initiative).select_related("by")
    return list(found.order_by("-reported_on")[:MOST_UPDATES])


def by_sector(roles):
    """Roles by side of the table: (sector, its name, its roles, the deepest in words). Sides without roles stay."""
    found = []
    for role in roles:
        role.depth_words = DEPTHS[role.depth]
    for sector, name in SECTORS:
        mine = [role for role in roles if role.organisation.sector == sector]
        if mine or sector != Sector.OTHER:
            found.append({
                "sector": sector, "name": name, "roles": mine,
                "depth": DEPTHS[max(role.depth for role in mine)] if mine else None,
            })  # fmt: skip
    return found


def by_round(criteria):
    """Allocation criteria by round, with how many of each are measures of health, and what the weights add up to."""
    rounds = {}
    for criterion in criteria:
        rounds.setdefault(criterion.round, []).append(criterion)
    return [
        {"name": name, "criteria": rows, "health": sum(row.is_health for row in rows), "weights": money.weights(rows)}
        for name, rows in rounds.items()
    ]


def below(initiative, readable):
    """The policies, commitments and partnerships under a policy, each with its lead."""
    if initiative.kind == Kind.COMMITMENT:
        return []
    lead = Responsibility.objects.filter(role=Role.LEAD).select_related("organisation")
    rows = readable.filter(parent=initiative).order_by("kind", F("due_date").asc(nulls_last=True), "reference")
    return list(rows.prefetch_related(Prefetch("responsibilities", lead, to_attr="leads")))


def allocations(initiative):
    """The largest allocations to places, how many there are in all, and their sum in pounds."""
    rows = Allocation.objects.filter(initiative=initiative)
    whole = rows.aggregate(number=Count("pk"), total=Sum("amount_gbp", default=Decimal(0)))
    largest = rows.select_related("area").order_by("-amount_gbp", "pk")[:MOST_ALLOCATIONS] if whole["number"] else []
    return {**whole, "largest": list(largest)}
