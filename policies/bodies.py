"""Who should be in an initiative: the bodies that hold, at its places, the powers that bear on it.

Which fields of powers bear on it follows from its outcomes, the words of its title and summary or, where these
say nothing, from its capitals (`PowerSign`). Who holds them there follows from its footprint, by the containment
of the day that is asked about (`AreaPart`), and from the Acts (`Power`). The number of queries does not grow.
"""

import datetime
import re
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from policies.models import (
    Area,
    AreaKind,
    AreaPart,
    AreaRelation,
    Domain,
    Organisation,
    OrganisationKind,
    Power,
    PowerSign,
)

# More bodies of one type than this are proposed as a class: nobody writes to 30 councils one by one.
MOST_BODIES = 15
# The share of a place from which a board counts as the place's own; the same as in check NHS003.
OWN_SHARE = 0.5

DISTRICTS = (
    AreaKind.UNITARY,
    AreaKind.METROPOLITAN_DISTRICT,
    AreaKind.LONDON_BOROUGH,
    AreaKind.NON_METROPOLITAN_DISTRICT,
)
# The class that stands for all bodies of a type, by its code.
CLASSES = {
    OrganisationKind.LOCAL_AUTHORITY: "local-authorities",
    OrganisationKind.COMBINED_AUTHORITY: "combined-authorities",
    OrganisationKind.ICB: "icb",
}
ORDER = [*CLASSES, OrganisationKind.OTHER]
FIELDS = list(Domain)
# A power that a council has only where a wider body does not hold the other one.
YIELDS = {"local-transport-plan": "local-transport-plan-combined"}


@dataclass(frozen=True)
class Ground:
    """One power of a body, and what of the initiative it bears on, in words."""

    power: Power
    bears_on: tuple


@dataclass(frozen=True)
class Cover:
    """A place of the footprint that a wider body covers: its share, 0 to 1, and since when (None: not known)."""

    area: Area
    share: float
    since: datetime.date | None


@dataclass
class Proposal:
    """A body to ask. `number` is how many bodies a class stands for; `held` are its roles so far."""

    organisation: Organisation
    grounds: list
    covers: list = field(default_factory=list)
    held: list = field(default_factory=list)
    number: int | None = None


@dataclass(frozen=True)
class Bodies:
    """What is proposed, and from what: `lacks` names what is not recorded yet ("places", "outcomes")."""

    proposals: list
    bearing: dict
    lacks: tuple


def proposed(initiative, *, today=None):
    """The bodies to ask, those that have a role already among them."""
    bearing = bearing_on(initiative)
    areas = [footprint.area for footprint in initiative.footprints.select_related("area")]
    lacks = (("places",) if not areas else ()) + (("outcomes",) if not bearing else ())
    if lacks:
        return Bodies([], bearing, lacks)
    powers = list(Power.objects.filter(domain__in=bearing).select_related("organisation"))
    wide = any(area.kind == AreaKind.COUNTRY for area in areas)
    there = _everywhere if wide else _there
    found = _with_grounds(there(areas, today or timezone.localdate()), powers, bearing)
    proposals = _named_classes(found, powers, bearing) + _as_classes(found, wide=wide)
    held = defaultdict(list)
    for role in initiative.responsibilities.all():
        held[role.organisation_id].append(role)
    for proposal in proposals:
        proposal.held = held[proposal.organisation.pk]
    return Bodies(sorted(proposals, key=_order), bearing, ())


def _order(proposal):
    kind = proposal.organisation.kind
    return (ORDER.index(kind) if kind in ORDER else len(ORDER), proposal.organisation.name.lower())


def bearing_on(initiative):
    """Fields of powers that bear on an initiative, each with why: names of outcomes, quoted words, or capitals."""
    outcomes = set(initiative.outcome_links.values_list("outcome", flat=True))
    capitals = set(initiative.capital_links.values_list("capital", flat=True))
    text = f"{initiative.title} {initiative.summary}"
    by_outcome, by_word, by_capital = defaultdict(list), defaultdict(list), defaultdict(list)
    for sign in PowerSign.objects.select_related("outcome", "capital").order_by("outcome__position", "pk"):
        if sign.outcome_id in outcomes:
            by_outcome[sign.domain].append(sign.outcome.name)
        elif sign.capital_id in capitals:
            by_capital[sign.domain].append(sign.capital.name)
        elif sign.word and (used := re.search(rf"\b{re.escape(sign.word)}\w*", text, re.IGNORECASE)):
            by_word[sign.domain].append(f"“{used[0]}”")
    found = {
        domain: tuple(dict.fromkeys(by_outcome[domain] + by_word[domain]))
        for domain in FIELDS
        if domain in by_outcome.keys() | by_word.keys()
    }
    return found or {domain: tuple(by_capital[domain]) for domain in FIELDS if domain in by_capital}


def _everywhere(_areas, today):
    """Every body of the types, with no cover: England as a whole is the place."""
    return [(body, []) for body in _bodies(today).filter(area__isnull=False)]


def _bodies(today):
    return (
        Organisation.objects.active_on(today)
        .filter(kind__in=CLASSES, is_collective=False)
        .select_related("area")
        .by_name()
    )


def _there(areas, today):
    """Pairs of each body whose area is, holds or lies in a place of the footprint, and what it covers of it."""
    districts = _districts(areas, today)
    covers = _covers(districts, today)
    boards = [area for area in areas if area.kind in (AreaKind.ICB, AreaKind.NHS_REGION)]
    if boards and len(boards) == len(areas):
        districts, covers = _mostly_in(boards, districts, covers)
    ids = districts.keys() | covers.keys()
    return [(body, covers.get(body.area_id, [])) for body in _bodies(today).filter(area__in=ids)]


def _in_use(today):
    return Q(active_from=None) | Q(active_from__lte=today), Q(active_to=None) | Q(active_to__gte=today)


def _districts(areas, today):
    """Districts in use that are in the places, or that took the place of those that were."""
    found = Area.objects.filter(
        *_in_use(today), kind__in=DISTRICTS, closure_below__descendant__closure_above__ancestor__in=areas
    )
    return {area.pk: area for area in found.distinct()}


def _covers(districts, today):
    """Counties, combined authorities and boards (ids), with the districts that each covers.

    A board covers a district of which it holds half or more; where none does, the one with the most.
    """
    relations = (AreaRelation.COUNTY, AreaRelation.COMBINED_AUTHORITY, AreaRelation.ICB)
    parts = AreaPart.objects.filter(*_in_use(today), relation__in=relations)
    covers, boards, county_of = defaultdict(list), defaultdict(list), defaultdict(list)
    for part in parts.filter(part__in=districts).order_by("part__name", "pk"):
        district = districts[part.part_id]
        cover = Cover(district, float(part.share), part.active_from)
        if part.relation == AreaRelation.ICB:
            boards[district.pk].append((part.whole_id, cover))
            continue
        covers[part.whole_id].append(cover)
        if part.relation == AreaRelation.COUNTY:
            county_of[part.whole_id].append(cover)
    for part in parts.filter(part__in=county_of, relation=AreaRelation.COMBINED_AUTHORITY):
        covers[part.whole_id] += [Cover(c.area, c.share, part.active_from) for c in county_of[part.part_id]]
    for found in boards.values():
        most = max(cover.share for _board, cover in found)
        for board, cover in found:
            if cover.share >= OWN_SHARE or cover.share == most:
                covers[board].append(cover)
    return covers


def _mostly_in(boards, districts, covers):
    """Of districts that a board's area merely touches, those that mostly lie in it."""
    names = {board.pk for board in boards if board.kind == AreaKind.ICB}
    names |= set(
        AreaPart.objects.filter(whole__in=boards, relation=AreaRelation.NHS_REGION).values_list("part", flat=True)
    )
    kept = {cover.area.pk for board in names for cover in covers.get(board, [])}
    left = {whole: [cover for cover in found if cover.area.pk in kept] for whole, found in covers.items()}
    return {pk: area for pk, area in districts.items() if pk in kept}, {
        pk: found for pk, found in left.items() if found
    }


def _with_grounds(bodies, powers, bearing):
    by_tier, by_body = defaultdict(list), defaultdict(list)
    for power in powers:
        ground = Ground(power, bearing[power.domain])
        if power.organisation_id:
            by_body[power.organisation_id].append(ground)
        else:
            by_tier[power.body_kind, power.tier].append(ground)
    found = []
    for body, covers in bodies:
        if grounds := by_tier[body.kind, body.area.kind] + by_body[body.pk]:
            found.append(Proposal(body, sorted(grounds, key=_domain), covers))
    return _yield_to_wider(found)


def _domain(ground):
    return FIELDS.index(ground.power.domain), bool(ground.power.condition), ground.power.code


def _yield_to_wider(found):
    """Take from councils the powers that a wider body among those found holds in their place."""
    places = defaultdict(set)
    for proposal in found:
        for ground in proposal.grounds:
            places[ground.power.code] |= {cover.area.pk for cover in proposal.covers}
    for proposal in found:
        here = {proposal.organisation.area_id, *(cover.area.pk for cover in proposal.covers)}
        proposal.grounds = [
            ground for ground in proposal.grounds if not here & places[YIELDS.get(ground.power.code, "")]
        ]
    return [proposal for proposal in found if proposal.grounds]


def _named_classes(found, powers, bearing):
    """Classes that hold a power by name, such as police commissioners, unless bodies found hold that field in all.

    That is so where combined authorities with a power of the same field cover every district.
    """
    fields = defaultdict(list)
    for power in powers:
        if power.organisation_id and power.organisation.is_collective:
            fields[power.organisation].append(Ground(power, bearing[power.domain]))
    districts = {p.organisation.area_id for p in found if p.organisation.area.kind in DISTRICTS}
    districts |= {cover.area.pk for proposal in found for cover in proposal.covers}
    proposals = []
    for body, grounds in fields.items():
        domains = {ground.power.domain for ground in grounds}
        served = {
            cover.area.pk
            for proposal in found
            if proposal.organisation.kind == OrganisationKind.COMBINED_AUTHORITY
            and domains <= {ground.power.domain for ground in proposal.grounds}
            for cover in proposal.covers
        }
        if not districts or districts - served:
            proposals.append(Proposal(body, grounds))
    return proposals


def _as_classes(found, *, wide):
    """Bodies one by one; those of a type that are too many, or that act in the whole country, as their class."""
    by_kind = defaultdict(list)
    for proposal in found:
        by_kind[proposal.organisation.kind].append(proposal)
    classes = {body.code: body for body in Organisation.objects.filter(code__in=CLASSES.values())}
    proposals = []
    for kind, members in by_kind.items():
        body = classes.get(CLASSES[kind])
        if body is None or not (wide or len(members) > MOST_BODIES):
            proposals += members
            continue
        grounds = {ground.power.code: ground for member in members for ground in member.grounds}
        proposals.append(Proposal(body, sorted(grounds.values(), key=_domain), number=len(members)))
    return proposals
