"""Facts about an initiative as SQL conditions: checks, filters and reports all use these, so they agree.

Each is an expression for a queryset of initiatives, or with `outer` for one that refers to an initiative by
another column.
"""

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q

from policies.models import (
    AllocationCriterion,
    AreaClosure,
    AreaKind,
    CapitalLink,
    CapitalWeight,
    Direction,
    Footprint,
    Initiative,
    Kind,
    Measure,
    OrganisationKind,
    OutcomeLink,
    Purpose,
    Responsibility,
    Role,
    Sector,
    Sensitivity,
    Stage,
    Status,
)

FINANCIAL_PHYSICAL = "financial_physical"
# Who counts as a department where departments are compared: national bodies that lead. Councils lead too, and are none.
NATIONAL_BODIES = (OrganisationKind.DEPARTMENT, OrganisationKind.AGENCY, OrganisationKind.NHS_NATIONAL)
# A measure of health or wellbeing, by its own mark or its indicator's.
HEALTHY = Q(is_health=True) | Q(indicator__is_health=True)
# The stages at which criteria choose places; to score bids is to choose among projects.
PICKS_PLACES = [Stage.PLACE_INDEX, Stage.PLACE_SELECTION, Stage.FORMULA, Stage.TARGETING]
CAPITALS = (FINANCIAL_PHYSICAL, "human", "social", "natural")


def roles(sector=None, min_depth=None, outer="pk"):
    """The roles of an initiative, of one sector, of at least a depth."""
    found = Responsibility.objects.filter(initiative=OuterRef(outer))
    if sector:
        found = found.filter(organisation__sector=sector)
    if min_depth:
        found = found.filter(depth__gte=min_depth)
    return found


def has_role(sector, outer="pk"):
    """A body of the sector has a role of any depth."""
    return Exists(roles(sector, outer=outer))


def has_deep_role(sector, outer="pk"):
    """A body of the sector has a role beyond bidding, receiving and being consulted (depth 2 or more)."""
    return Exists(roles(sector, min_depth=2, outer=outer))


def only_shallow(sector):
    """The sector has roles, and all are of depth 1."""
    return Q(has_role(sector)) & ~Q(has_deep_role(sector))


def has_lead():
    """A lead organisation is recorded."""
    return Exists(roles().filter(role=Role.LEAD))


def has_role_beside_lead():
    """A role other than the lead's is recorded."""
    return Exists(roles().exclude(role=Role.LEAD))


def has_nhs_role():
    """An NHS body has a role."""
    return has_role(Sector.NHS)


def has_local_role():
    """A local government body has a role."""
    return has_role(Sector.LOCAL_GOVERNMENT)


def has_second_national():
    """A national body of another lineage than the lead's has a role: a renamed body is not a second one."""
    return Exists(_beside_the_lead())


def has_second_department():
    """A government department of another lineage than the lead's has a role."""
    return Exists(_beside_the_lead().filter(organisation__kind=OrganisationKind.DEPARTMENT))


def _beside_the_lead():
    same = Responsibility.objects.filter(
        initiative=OuterRef("initiative"),
        role=Role.LEAD,
        organisation__lineage=OuterRef("organisation__lineage"),
    )
    return roles(Sector.NATIONAL).exclude(role=Role.LEAD).filter(~Exists(same))


def capital_links(outer="pk"):
    """The capitals that an initiative builds."""
    return CapitalLink.objects.filter(initiative=OuterRef(outer))


def has_capital(code=None, weight=None):
    """A capital is linked: any, one by code, or one as primary or secondary."""
    links = capital_links()
    if code:
        links = links.filter(capital__code=code)
    if weight:
        links = links.filter(weight=weight)
    return Exists(links)


def has_primary(code):
    """The primary capital is this one."""
    return has_capital(code, CapitalWeight.PRIMARY)


def primary_of(code):
    """Ids of the initiatives that mainly build one capital, for `pk__in`."""
    links = CapitalLink.objects.filter(capital__code=code, weight=CapitalWeight.PRIMARY)
    return links.values("initiative")


def exists(queryset):
    """A correlated queryset has a row, as a condition that combines with others."""
    return Q(Exists(queryset))


def outcome_links(direction=None, outer="pk"):
    """The outcomes that an initiative moves, in one direction or any."""
    links = OutcomeLink.objects.filter(initiative=OuterRef(outer))
    return links.filter(direction=direction) if direction else links


def has_outcome(direction=None):
    """An outcome is linked, in one direction or any."""
    return Exists(outcome_links(direction))


def improves_outcome():
    """It claims to improve a health outcome."""
    return has_outcome(Direction.IMPROVES)


def has_stated_outcome():
    """Its own text states one of the outcomes that it is linked to."""
    return Exists(outcome_links().filter(stated_in_text=True))


# In SQL over an initiative `i`: what is above it and stands in for what it does not say of itself. What is not live, or
# not for everybody who may read `i`, does not, since flags tell what they found to the readers of `i`.
STANDS_IN = """(
    SELECT above.id FROM policies_initiative AS above
    WHERE above.id = i.parent_id AND above.status = 'published'
      AND (above.sensitivity = 'official' OR above.sensitivity = i.sensitivity)
)"""


def acts_somewhere():
    """It names a place; a commitment that names none acts where the live policy above it does."""
    above = Footprint.objects.filter(initiative=OuterRef("parent"), initiative__status=Status.PUBLISHED)
    readable = Q(initiative__sensitivity=Sensitivity.OFFICIAL) | Q(initiative__sensitivity=OuterRef("sensitivity"))
    return Q(Exists(Footprint.objects.filter(initiative=OuterRef("pk")))) | Q(kind=Kind.COMMITMENT) & Q(
        Exists(above.filter(readable))
    )


def has_criteria():
    """Allocation criteria are recorded."""
    return Exists(AllocationCriterion.objects.filter(initiative=OuterRef("pk")))


def health_criteria():
    """Its allocation criteria that are measures of health."""
    return AllocationCriterion.objects.filter(is_health=True, initiative=OuterRef("pk"))


def has_health_criterion():
    """One of its allocation criteria is a measure of health."""
    return Exists(health_criteria())


def targets_health():
    """A criterion that picks places is a measure of health, or a measure of health is recorded for targeting.

    Where only the scoring of bids is recorded, it is that which picks places.
    """
    picks = AllocationCriterion.objects.filter(initiative=OuterRef("pk"), stage__in=PICKS_PLACES)
    targeting = Measure.objects.filter(HEALTHY, initiative=OuterRef("pk"), purpose=Purpose.TARGETING)
    return (
        Q(Exists(health_criteria().filter(stage__in=PICKS_PLACES)))
        | Q(has_health_criterion()) & ~Q(Exists(picks))
        | Q(Exists(targeting))
    )


def has_measure():
    """A measure of its own is recorded."""
    return Exists(Measure.objects.filter(initiative=OuterRef("pk")))


def has_measure_here_or_below():
    """A measure is recorded, its own or one of its commitments'."""
    below = Measure.objects.filter(initiative__in=_public_commitments())
    return Q(has_measure()) | Q(Exists(below.filter(initiative__parent=OuterRef("pk"))))


def _public_commitments():
    """Live commitments that everybody may read: what others hold in drafts must not show in what lists say."""
    return Initiative.objects.live().public().commitments().values("pk")


def has_health_measure(purpose=None):
    """One of its measures, or of its live commitments' measures, is one of health or wellbeing; of one purpose."""
    healthy = Measure.objects.filter(HEALTHY)
    if purpose:
        healthy = healthy.filter(purpose=purpose)
    return Q(Exists(healthy.filter(initiative=OuterRef("pk")))) | Q(
        Exists(
            healthy.filter(
                initiative__parent=OuterRef("pk"),
                initiative__in=_public_commitments(),
            )
        )
    )


def has_value():
    """A value in pounds is recorded."""
    return Q(value_gbp__isnull=False)


def has_source():
    """A document or an address is recorded as where it comes from."""
    return ~Q(source_title="") | ~Q(source_url="")


def names_places():
    """It names a place smaller than a country."""
    return Exists(Footprint.objects.filter(initiative=OuterRef("pk")).exclude(area__kind=AreaKind.COUNTRY))


def overlap(one, other):
    """The footprints of two initiatives, given by columns, have a place in common; unknown ones have none."""
    here = AreaClosure.objects.filter(ancestor__footprints__initiative=OuterRef(one))
    there = AreaClosure.objects.filter(
        ancestor__footprints__initiative=OuterRef(OuterRef(other)), descendant=OuterRef("descendant")
    )
    return Exists(here.filter(Exists(there)))


def carries_own():
    """It has links, or roles beyond a lead: a commitment that is judged apart from its policy."""
    return Q(has_capital()) | Q(has_outcome()) | Q(Exists(roles().exclude(role=Role.LEAD)))


def covered_by_parent():
    """A commitment that adds nothing to the policy above it, and is judged together with it.

    Only a live policy is judged, and only one that whoever reads the commitment may read can answer for it.
    """
    judged_above = Initiative.objects.live().filter(pk=OuterRef("parent"), kind=Kind.POLICY)
    readable = Exists(judged_above.filter(Q(sensitivity=Sensitivity.OFFICIAL) | Q(sensitivity=OuterRef("sensitivity"))))
    return Q(kind=Kind.COMMITMENT) & Q(readable) & ~carries_own()


def judged(scope, *, partnerships=False):
    """Live policies, and live commitments that no policy above covers: see `covered_by_parent`.

    With `partnerships`, also live partnerships that have links.
    """
    wanted = Q(kind=Kind.POLICY) | Q(kind=Kind.COMMITMENT) & ~covered_by_parent()
    if partnerships:
        wanted |= Q(kind=Kind.PARTNERSHIP) & (Q(has_capital()) | Q(has_outcome()))
    return scope.over(Initiative.objects.live()).filter(wanted)


def with_lead(initiatives):
    """Add `lead_name` and `lead_lineage`: the lead organisation's, empty where no lead is recorded."""
    return initiatives.annotate(
        lead_role=FilteredRelation("responsibilities", condition=Q(responsibilities__role=Role.LEAD)),
    ).annotate(
        lead_name=F("lead_role__organisation__name"),
        lead_short=F("lead_role__organisation__abbreviation"),
        lead_lineage=F("lead_role__organisation__lineage"),
    )
