"""Who is proposed: by place, tier and day; on which grounds; and when a class stands for too many."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from policies import bodies
from policies.models import Area, Capital, Organisation, Outcome
from tests.policies import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("landscape")]

TODAY = datetime.date(2026, 11, 24)


def made(*places, outcomes=("physical_activity",), capitals=(), **values):
    """A draft with places, improved outcomes and capitals."""
    initiative = factories.policy(**{"title": "A plan"} | values)
    for code in places:
        factories.footprint(initiative=initiative, area=Area.objects.get(gss_code=code))
    for code in outcomes:
        factories.outcome_link(initiative=initiative, outcome=Outcome.objects.get(code=code))
    for code in capitals:
        factories.capital_link(initiative=initiative, capital=Capital.objects.get(code=code))
    return initiative


def found(initiative, today=TODAY):
    """Proposals by the name of the body."""
    return {each.organisation.name: each for each in bodies.proposed(initiative, today=today).proposals}


def powers(proposal):
    return {ground.power.code for ground in proposal.grounds}


class TestLacking:
    """Quiet where nothing is known: nobody is proposed, and the page can say what to add."""

    def test_places(self):
        result = bodies.proposed(made())
        assert (result.proposals, result.lacks) == ([], ("places",))

    def test_what_it_is_about(self):
        result = bodies.proposed(made("E06000065", outcomes=()))
        assert (result.proposals, result.lacks, result.bearing) == ([], ("outcomes",), {})


class TestBearing:
    def test_follows_from_outcomes_with_their_names(self):
        bearing = bodies.bearing_on(made(outcomes=["physical_activity", "air_quality_mortality"]))
        assert bearing["transport"] == ("Physical activity", "Air quality")
        assert "housing" not in bearing

    def test_follows_from_words_of_title_and_summary(self):
        bearing = bodies.bearing_on(made(title="Warm homes", summary="Fewer Homeless people", outcomes=[]))
        assert set(bearing["housing"]) == {"“homes”", "“Homeless”"}

    @pytest.mark.parametrize("title", ["Business rates", "Unschooled", "Abroad", "The Home Office"])
    def test_is_quiet_where_a_word_only_looks_like_one(self, title):
        assert bodies.bearing_on(made(title=title, outcomes=[])) == {}

    def test_follows_from_capitals_only_where_nothing_else_says(self):
        assert bodies.bearing_on(made(outcomes=[], capitals=["natural"])) == {
            "environment": ("Natural",), "planning": ("Natural",),
        }  # fmt: skip
        assert "planning" not in bodies.bearing_on(made(capitals=["natural"]))


class TestOnePlace:
    def test_a_unitary_council_its_combined_authority_and_its_board(self):
        proposals = found(made("E06000065"))
        council = proposals["North Yorkshire Council"]
        (cover,) = proposals["NHS Humber and North Yorkshire Integrated Care Board"].covers
        assert {"public-health", "highways"} <= powers(council)
        assert "local-transport-plan" not in powers(council), "its combined authority holds it"
        assert "local-transport-plan-combined" in powers(proposals["York and North Yorkshire Combined Authority"])
        assert (cover.area.name, cover.share) == ("North Yorkshire", pytest.approx(0.9129))
        assert not any("West Yorkshire" in name or "Lancashire" in name for name in proposals), "mere touches"

    def test_two_tiers_each_with_its_own_powers(self):
        proposals = found(made("E07000106", outcomes=["housing_and_health", "smoking_prevalence"]))
        assert powers(proposals["Canterbury City Council"]) == {
            "council-housing", "homelessness", "housing-standards", "local-plan",
        }  # fmt: skip
        assert powers(proposals["Kent County Council"]) == {"public-health", "county-planning"}

    def test_a_council_outside_combined_authorities_makes_the_transport_plan(self):
        assert "local-transport-plan" in powers(found(made("E06000046"))["Isle of Wight Council"])

    def test_a_district_without_the_power_is_not_proposed(self):
        assert "Canterbury City Council" not in found(made("E07000106", outcomes=["smoking_prevalence"]))

    def test_a_place_that_was_replaced_leads_to_its_successor(self):
        craven = Area.objects.get(name="Craven")
        assert "North Yorkshire Council" in found(made(craven.gss_code))

    def test_boards_of_the_day_that_is_asked_about(self):
        before = found(made("E09000007"), today=datetime.date(2026, 3, 31))
        assert "NHS North Central London Integrated Care Board" in before
        assert "NHS West and North London Integrated Care Board" in found(made("E09000007"))

    def test_of_a_board_s_area_those_that_mostly_lie_in_it(self):
        proposals = found(made("E54000054", outcomes=["smoking_prevalence"]))
        assert "Leeds City Council" in proposals
        assert "North Yorkshire Council" not in proposals, "it only touches it"

    def test_a_mayor_who_oversees_the_police_stands_in_for_commissioners(self):
        proposals = found(made("E08000003", outcomes=["violence_and_injury"]))
        assert "police-mayor" in powers(proposals["Greater Manchester Combined Authority"])
        assert "Police and crime commissioners" not in proposals
        assert "Police and crime commissioners" in found(made("E07000106", outcomes=["violence_and_injury"]))

    def test_roles_that_a_body_has_stand_with_it(self):
        initiative = made("E06000065")
        council = Organisation.objects.get(name="North Yorkshire Council")
        role = factories.responsibility(initiative=initiative, organisation=council, role="delivery")
        assert found(initiative)["North Yorkshire Council"].held == [role]


class TestManyPlaces:
    def test_england_is_served_by_classes_with_how_many_they_stand_for(self):
        proposals = found(made("E92000001"))
        assert set(proposals) == {"Local authorities in England", "Combined authorities", "Integrated care boards"}
        assert proposals["Integrated care boards"].number == 36
        assert "public-health" in powers(proposals["Local authorities in England"])

    def test_too_many_of_a_type_become_their_class_and_others_stay(self):
        proposals = found(made("E12000007"))
        assert proposals["Local authorities in England"].number == 33
        assert "Greater London Authority" in proposals
        assert sum(name.startswith("NHS ") for name in proposals) == 4

    def test_ten_are_not_too_many(self):
        names = list(found(made("E47000001")))
        assert sum(name.endswith("Council") for name in names) == 10
        assert "Local authorities in England" not in names

    def test_takes_as_many_queries_as_one_place(self):
        def queries(initiative):
            with CaptureQueriesContext(connection) as asked:
                bodies.proposed(initiative, today=TODAY)
            return len(asked)

        one = queries(made("E07000106"))
        assert (
            queries(
                made("E47000001", "E12000007", "E10000006", "E10000016", outcomes=["obesity", "violence_and_injury"])
            )
            <= one
            <= 15
        )
