"""What the landscape must say, worked out from the loaded rows (its README states the expected answers)."""

from collections import Counter, defaultdict

import pytest
from django.db.models import Q

from policies.models import (
    AllocationCriterion,
    CapitalLink,
    Commitment,
    Initiative,
    Measure,
    OutcomeLink,
    Partnership,
    Policy,
    Responsibility,
)

pytestmark = pytest.mark.usefixtures("landscape")

CORE, WIDER, HEALTH = "core_2021", "wider_2021", "health_2021"


def policies(*collections):
    return Policy.objects.filter(collection_items__collection__code__in=collections)


def shares(found):
    pounds = Counter()
    for link in CapitalLink.objects.filter(initiative__in=found, weight="primary").select_related(
        "initiative", "capital"
    ):
        pounds[link.capital.code] += link.initiative.value_gbp or 0
    total = sum(pounds.values())
    return tuple(
        round(float(100 * pounds[code] / total), 1) for code in ("financial_physical", "human", "social", "natural")
    )


def depths(found, sector):
    deepest = {policy.pk: 0 for policy in found}
    roles = Responsibility.objects.filter(initiative__in=found, organisation__sector=sector)
    for pk, depth in roles.values_list("initiative_id", "depth"):
        deepest[pk] = max(deepest[pk], depth)
    return deepest.values()


def test_the_register_holds_the_whole_landscape():
    assert (Policy.objects.count(), Commitment.objects.count(), Partnership.objects.count()) == (49, 68, 28)
    assert Counter(policies(CORE, WIDER, HEALTH).values_list("collection_items__collection__code", flat=True)) == {
        CORE: 17,
        WIDER: 21,
        HEALTH: 11,
    }
    assert set(Initiative.objects.values_list("status", flat=True)) == {"published"}


def test_values():
    for found, count, valued, billions in (
        (policies(CORE), 17, 14, 54.57),
        (policies(CORE, WIDER), 38, 30, 181.77),
    ):
        values = list(found.values_list("value_gbp", flat=True))
        assert len(values) == count
        assert len([value for value in values if value]) == valued
        assert round(float(sum(value or 0 for value in values)) / 10**9, 2) == billions


def test_tilt():
    assert shares(policies(CORE)) == (84.3, 10.7, 5.0, 0.0)
    assert shares(policies(CORE).exclude(short_code="ukib")) == (73.7, 17.9, 8.4, 0.0)
    assert shares(policies(CORE, WIDER)) == (91.4, 6.1, 2.5, 0.0)
    assert shares(policies(CORE, WIDER).exclude(short_code="integrated-rail-plan"))[0] == 81.7


def test_every_policy_has_one_primary_capital():
    counts = Counter(CapitalLink.objects.filter(weight="primary").values_list("initiative_id", flat=True))
    assert set(counts) == set(Policy.objects.values_list("pk", flat=True))
    assert set(counts.values()) == {1}


@pytest.mark.parametrize(
    ("sets", "funds", "with_health", "criteria", "of_health"),
    [([CORE], 7, 0, 45, 0), ([CORE, WIDER], 12, 1, 61, 1)],
)
def test_health_in_criteria(sets, funds, with_health, criteria, of_health):
    rows = AllocationCriterion.objects.filter(initiative__in=policies(*sets))
    assert rows.values("initiative").distinct().count() == funds
    assert rows.filter(is_health=True).values("initiative").distinct().count() == with_health
    assert (rows.count(), rows.filter(is_health=True).count()) == (criteria, of_health)


@pytest.mark.parametrize(("sets", "count"), [([CORE], 1), ([CORE, WIDER], 4), ([HEALTH], 10)])
def test_nhs_role(sets, count):
    assert sum(depth > 0 for depth in depths(policies(*sets), "nhs")) == count


@pytest.mark.parametrize(("sets", "beyond", "bidder_only", "none"), [([CORE], 6, 4, 7), ([CORE, WIDER], 17, 4, 17)])
def test_local_government_role(sets, beyond, bidder_only, none):
    found = list(depths(policies(*sets), "local_government"))
    assert sum(depth > 1 for depth in found) == beyond
    assert found.count(1) == bidder_only
    assert found.count(0) == none


def test_fragmentation():
    lineages = dict(
        Responsibility.objects.filter(role="lead", initiative__kind="policy").values_list(
            "initiative_id", "organisation__lineage"
        )
    )
    assert len(set(lineages.values())) == 12
    pursued = defaultdict(set)
    for initiative, outcome in OutcomeLink.objects.filter(initiative__in=lineages).values_list(
        "initiative_id", "outcome__code"
    ):
        pursued[outcome].add(lineages[initiative])
    assert sum(len(leads) >= 3 for leads in pursued.values()) == 7
    assert len(pursued["employment_and_health"]) == 7
    assert {len(pursued[code]) for code in ("mental_wellbeing", "air_quality_mortality", "physical_activity")} == {5}


def test_no_core_commitment_has_a_health_measure():
    commitments = Commitment.objects.filter(parent__in=policies(CORE))
    assert commitments.count() == 18
    assert not Measure.objects.filter(initiative__in=commitments, is_health=True).exists()
    assert Measure.objects.filter(initiative__short_code="town-deals", is_health=True, purpose="progress").exists()


def test_no_devolution_deal_names_an_nhs_body():
    deals = Partnership.objects.filter(form="devolution_deal")
    assert deals.count() == 13
    assert not Responsibility.objects.filter(initiative__in=deals, organisation__sector="nhs").exists()
    scoped = Partnership.objects.filter(health_in_scope=True)
    nhs = Responsibility.objects.filter(organisation__sector="nhs").values("initiative")
    assert scoped.exclude(pk__in=nhs).count() == 5


def test_a_role_that_nobody_stated_is_no_role():
    silent = Policy.objects.get(short_code="luf")
    assert not silent.responsibilities.filter(organisation__sector="nhs").exists()
    assert set(Responsibility.objects.values_list("role", flat=True)) <= {
        "lead",
        "co-lead",
        "accountable",
        "supporting",
        "delivery",
        "funder",
        "bidder",
        "consulted",
    }
    assert Responsibility.objects.filter(initiative__kind="policy").count() == 190 - 55


def test_one_lead_each_but_for_the_manifesto():
    led = Initiative.objects.filter(responsibilities__role="lead")
    assert led.count() == led.distinct().count() == Initiative.objects.count() - 1
    assert Initiative.objects.exclude(pk__in=led).get().short_code == "manifesto-2019"
    bill = Policy.objects.get(short_code="health-care-bill").responsibilities
    assert bill.get(organisation__code="nhs-bodies").role == "co-lead"
    assert "one lead" in bill.get(organisation__code="nhs-bodies").note


def test_places_of_the_time():
    places = set(Policy.objects.get(short_code="opportunity-areas").areas.values_list("gss_code", flat=True))
    assert len(places) == 13
    assert {"E07000168", "E07000191", "E08000017"} <= places
    assert Policy.objects.get(short_code="luf").areas.get().gss_code == "K02000001"
    assert Partnership.objects.get(short_code="workington-town-deal").areas.get().name == "Allerdale"
    assert not Policy.objects.filter(areas=None).exists()
    assert not Partnership.objects.filter(areas=None).exists()


def test_a_change_is_no_level():
    """“Five years more” against an indicator of years must not be read as a target of five years."""
    rows = Measure.objects.filter(indicator__code="fingertips:90362", initiative__kind="commitment")
    assert rows.count() == 2
    assert set(rows.values_list("target_value", "is_health")) == {(None, True)}


def test_pounds_count_once():
    assert not Commitment.objects.filter(~Q(value_gbp=None)).exists()
