"""The real landscape's answers, as computed independently of this code and written down in docs/checks."""

import pytest

from policies.models import Initiative
from tracker.models import Flag

pytestmark = pytest.mark.usefixtures("landscape")

# Check, kind: flags in all, and among the 17 policies of `core_2021`.
POLICIES = {
    "FND001": (4, 2),
    "FND002": (11, 7),
    "LOC001": (20, 7),
    "LOC002": (5, 4),
    "NHS001": (33, 15),
    "NHS002": (1, 0),
    "OUT001": (0, 0),
    "CAP001": (0, 0),
    "OUT002": (1, 1),
    "OUT006": (26, 14),
    "LOC003": (0, 0),
    "NHS003": (1, 0),
    "FND003": (2, 2),
    "FND004": (0, 0),
    "REC003": (0, 0),
}
PARTNERSHIPS = {"PAR001": 0, "PAR002": 5, "PAR003": 13, "PAR004": 0, "PAR005": 7}


@pytest.mark.parametrize(("code", "expected"), POLICIES.items())
def test_policies_flagged(code, expected):
    flags = Flag.objects.standing().filter(check_code=code, subject="policy")
    core = Initiative.objects.filter(collection_items__collection__code="core_2021")
    assert (flags.count(), flags.filter(initiative__in=core).count()) == expected


@pytest.mark.parametrize(("code", "expected"), PARTNERSHIPS.items())
def test_partnerships_flagged(code, expected):
    assert Flag.objects.standing().filter(check_code=code, subject="partnership").count() == expected


def test_wellbeing_is_watched_by_two_funds_that_pick_places_without_it():
    """The briefing's own example: the Towns Fund and the Future High Streets Fund are evaluated by wellbeing."""
    flags = Flag.objects.standing().filter(check_code="FND003").order_by("fingerprint")
    assert [flag.summary for flag in flags] == [
        f"“{title}” measures health or wellbeing to follow its progress, and picks places without it."
        for title in ("Towns Fund: town deals", "Future High Streets Fund")
    ]


def test_opportunity_areas_name_places_and_no_board():
    flag = Flag.objects.get(check_code="NHS003")
    assert flag.summary == (
        "“Opportunity Areas” should improve health, and no role is held by the integrated care boards of Blackpool, "
        "Bradford, Derby and 10 more of its places."
    )
    boards = {row["Place"]: row["Boards there"] for row in flag.evidence["rows"]}
    assert boards["Blackpool"] == "NHS Lancashire and South Cumbria Integrated Care Board"
    assert boards["Norwich"] == "NHS Norfolk and Suffolk Integrated Care Board"


def test_most_commitments_are_hard_to_measure():
    flags = Flag.objects.standing().filter(check_code="REC004")
    assert flags.count() == 54
    assert Flag.objects.get(check_code="REC004", initiative__reference="DHSC-0012").summary == (
        "The commitment “50 million more GP surgery appointments a year” lacks a due date and a measure."
    )


def test_targets_without_a_start_or_a_date():
    flags = Flag.objects.standing().filter(check_code="MET004")
    assert flags.count() == 11
    assert flags.get(initiative__reference="MHCLG-0015").summary == (
        "The target of “300,000 net additional homes a year on average” for “Net additional dwellings” has no baseline "
        "and no date."
    )


@pytest.mark.parametrize("code", ["LOC004", "MET005", "MET006", "MET007", "MET008", "FND004", "FND005"])
def test_what_the_landscape_does_not_know_is_not_flagged(code):
    """It names few places, has no observations, allocations or updates, and its funds no long-term measure."""
    assert not Flag.objects.filter(check_code=code).exists()


def test_the_one_harm_is_the_freeports():
    flag = Flag.objects.get(check_code="OUT002", subject="policy")
    assert flag.initiative.short_code == "english-freeports"
    assert flag.summary == "“English Freeports” worsens air quality and no mitigation is recorded."


def test_the_whole_register_is_tilted_and_the_share_is_said():
    flag = Flag.objects.get(fingerprint="CAP002:register")
    assert "86.5% of its pounds in financial and physical capital" in flag.summary
    shares = {row["Capital"]: row["Share of pounds"] for row in flag.evidence["rows"]}
    assert shares == {"Financial and physical": "86.5%", "Human": "11.2%", "Social": "2.3%", "Natural": "0.0%"}


def test_renamed_departments_are_one():
    """MHCLG of 2018 and DLUHC: 12 policies and 1, weighed together under the name of their heir."""
    flag = Flag.objects.get(fingerprint="CAP002:department:housing-communities")
    assert flag.summary.startswith("MHCLG has ")
    assert {"label": "Initiatives with a primary capital", "value": 13} in flag.evidence["facts"]


OUTCOMES = {"healthy_life_expectancy", "cancer_outcomes", "infant_and_maternal_health", "smoking_prevalence"}


def test_four_outcomes_are_left_to_health():
    """Smoking, cancer, mothers' and babies' health and healthy life itself: nobody else leads on them."""
    flags = Flag.objects.standing().filter(check_code="DEP009")
    assert {flag.fingerprint for flag in flags} == {f"DEP009:outcome:{code}" for code in OUTCOMES}
    said = flags.get(outcome__code="healthy_life_expectancy").summary
    assert said == "Only the health department or the NHS leads work on healthy life expectancy: DHSC, NHSE."


def test_freeports_pull_against_what_four_departments_do_for_clean_air():
    flags = Flag.objects.standing().filter(check_code="DEP001")
    assert {flag.initiative.short_code for flag in flags} == {"english-freeports"}
    leads = flags.values_list("other__reference", flat=True)
    assert len(leads) == 8
    assert {reference.split("-")[0] for reference in leads} == {"BEIS", "DEFRA", "DFT", "MHCLG"}


def test_capitals_that_departments_leave_out():
    flags = Flag.objects.standing().filter(check_code="CAP003", fingerprint__contains=":department:")
    assert sorted(flag.summary for flag in flags) == [
        "DHSC: none of the 8 initiatives with a capital on record builds natural capital.",
        "DfE: none of the 5 initiatives with a capital on record builds financial and physical or natural capital.",
        "DfT: none of the 5 initiatives with a capital on record builds social capital.",
        "HMT: none of the 5 initiatives with a capital on record builds social capital.",
    ]


def test_departments_named_without_a_commitment():
    """Whoever co-leads a plan and carries nothing of it, as far as the record says."""
    flags = Flag.objects.standing().filter(check_code="DEP006")
    assert sorted(flag.fingerprint.removeprefix("DEP006:policy:") for flag in flags) == [
        "DHSC-0002:cabinet-office:co-lead",
        "DHSC-0006:mhclg-2018:co-lead",
        "DHSC-0007:cabinet-office:co-lead",
        "MHCLG-0001:dft:co-lead",
        "MHCLG-0001:hmt:co-lead",
    ]


@pytest.mark.parametrize("code", ["DEP005", "DEP007", "DEP008", "DEP010", "OUT003", "OUT004"])
def test_what_its_sources_do_not_say_is_not_flagged(code):
    """The landscape has no answers, targets by indicator, dependencies, or known effects on the gap; each claim has
    its pathway."""
    assert not Flag.objects.filter(check_code=code).exists()


def test_every_flag_says_a_whole_sentence():
    for flag in Flag.objects.all():
        assert flag.summary.endswith(".")
        assert "None" not in flag.summary.split()[1:]
        assert "  " not in flag.summary
        assert flag.evidence["facts"] or flag.evidence["rows"]
