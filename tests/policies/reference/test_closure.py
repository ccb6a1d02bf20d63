"""Which place lies in which: facts of England, and the rules of the computation."""

import datetime

import pytest

from policies.actions.closure import pairs
from policies.models import Area, AreaClosure

TEES_VALLEY, NORTH_EAST, ENGLAND, UK = "E47000006", "E12000001", "E92000001", "K02000001"


def above(code):
    return set(AreaClosure.objects.filter(descendant__gss_code=code).values_list("ancestor__gss_code", flat=True))


def below(code, **where):
    return set(
        AreaClosure.objects.filter(ancestor__gss_code=code, **where).values_list("descendant__gss_code", flat=True)
    )


@pytest.mark.usefixtures("landscape")
class TestEngland:
    def test_hartlepool_lies_in_tees_valley_the_north_east_and_england(self):
        assert {"E06000001", TEES_VALLEY, NORTH_EAST, ENGLAND, UK} <= above("E06000001")

    @pytest.mark.parametrize("code", ["E06000012", "E06000013"])
    def test_north_lincolnshire_lies_in_yorkshire_and_in_an_authority_that_spans_regions(self, code):
        assert "E12000003" in above(code)
        assert "E47000017" in above(code)
        assert "E12000004" not in above(code)

    def test_a_district_lies_in_its_county_s_combined_authority(self):
        assert {"E10000003", "E47000008", "E12000006"} <= above("E07000010")

    def test_a_district_of_two_icbs_lies_in_both_and_in_the_one_that_followed(self):
        assert {"E54000022", "E54000023", "E54000068", "E40000007"} <= above("E07000244")

    def test_an_ended_district_lies_in_what_it_became_and_above(self):
        found = above("E07000168")
        assert {"E10000023", "E06000065", "E47000012", "E12000003"} <= found

    def test_nothing_is_inferred_through_a_place_that_straddles_a_border(self):
        """North Yorkshire lies partly in West Yorkshire's ICB; Scarborough does not."""
        assert "E54000054" in above("E06000065")
        assert "E54000054" not in above("E07000168")

    def test_a_place_that_was_split_lies_in_none_of_its_successors(self):
        assert not {"E54000067", "E54000069", "E54000070"} & above("E54000034")
        assert below("E54000034") & below("E54000070")

    def test_boroughs_lie_in_the_greater_london_authority(self):
        assert len(below("E61000001", descendant__kind="london_borough")) == 33

    def test_england_holds_every_place_in_use_and_itself(self):
        in_use = set(Area.objects.exclude(kind="country").values_list("gss_code", flat=True))
        assert in_use | {ENGLAND} == below(ENGLAND)
        assert below(UK) == set(Area.objects.values_list("gss_code", flat=True))

    def test_there_are_296_districts_in_use(self):
        kinds = ["unitary", "metropolitan_district", "london_borough", "non_metropolitan_district"]
        assert Area.objects.filter(kind__in=kinds, active_to=None).count() == 296


def day(year):
    return datetime.date(year, 1, 1)


def closure(parts, successions=(), areas="abcd"):
    filled = [(*row, None, None) if len(row) == 3 else row for row in parts]
    return {"".join(pair) for pair in pairs(areas=areas, parts=filled, successions=successions)} - {
        x * 2 for x in areas
    }


def test_a_part_of_a_part_is_a_part():
    assert closure([("a", "b", 1), ("b", "c", 1)]) == {"ba", "cb", "ca"}


def test_a_partial_step_counts_at_the_bottom_only():
    assert closure([("a", "b", 0.5), ("b", "c", 1)]) == {"ba", "cb", "ca"}
    assert closure([("a", "b", 1), ("b", "c", 0.5)]) == {"ba", "cb"}


def test_wholes_of_different_times_are_not_joined():
    assert closure([("a", "b", 1, None, day(2010)), ("b", "c", 1, day(2015), None)]) == {"ba", "cb"}


def test_a_successor_leads_to_a_later_time():
    assert closure([("a", "d", 1, None, day(2010)), ("b", "c", 1, day(2015), None)], [("a", "b")]) == {
        "da",
        "cb",
        "ba",
        "ca",
    }


def test_a_split_leads_nowhere():
    assert closure([], [("a", "b"), ("a", "c")]) == set()


def test_a_circle_ends():
    assert closure([("a", "b", 1), ("b", "a", 1)]) == {"ba", "ab"}
