"""Checks on published values: quiet where something is not known, and exact where all is."""

import datetime

import pytest

from policies.models import Area, Indicator
from tests.policies import factories
from tests.tracker.checks.sound import bare, codes, days, one, place, rows, sound
from tests.tracker.checks.spoiling import put, told_of

pytestmark = pytest.mark.usefixtures("empty_register")

NORWICH, MANCHESTER, ENGLAND, EAST_OF_ENGLAND = "E07000148", "E08000003", "E92000001", "E12000006"


def observe(indicator, year, value, gss_code=ENGLAND, *, years=1, **values):
    """A value of the years up to the end of one."""
    return factories.observation(
        indicator=indicator,
        area=Area.objects.get(gss_code=gss_code),
        period_start=datetime.date(year - years + 1, 1, 1),
        period_end=datetime.date(year, 12, 31),
        value=value,
        **values,
    )


def followed(*, at=(ENGLAND,), frequency="annual", polarity="lower", **values):
    """A sound policy in places, with one measure by an indicator."""
    made = sound("policy", title="The plan")
    made.footprints.all().delete()
    for gss_code in at:
        place(made, gss_code)
    indicator = factories.indicator(name="Smoking", is_health=True, frequency=frequency, polarity=polarity, unit="%")
    made.measures.update(indicator=indicator, words="", **values)
    return made, indicator


TO_FIVE = {
    "baseline_value": 15, "baseline_date": datetime.date(2019, 12, 31),
    "target_value": 5, "target_date": datetime.date(2029, 12, 31),
}  # fmt: skip


def test_an_indicator_without_any_observation_may_well_be_published():
    made, _ = followed(at=[NORWICH], **TO_FIVE)
    assert codes(made) == set()


@pytest.mark.parametrize(
    ("at", "observed"),
    [
        ([NORWICH], [NORWICH]),
        ([EAST_OF_ENGLAND], [NORWICH]),  # within it
        ([NORWICH, MANCHESTER], [MANCHESTER]),  # one of them
        ([], [MANCHESTER]),  # it names no place
    ],
)
def test_measured_here(at, observed):
    made, indicator = followed(at=at)
    for gss_code in observed:
        observe(indicator, 2025, 12, gss_code)
    assert rows("MET005", made) == []


@pytest.mark.parametrize(
    ("at", "where"), [([NORWICH], "Norwich"), ([NORWICH, MANCHESTER], "any of its 2 places")], ids=["one", "two"]
)
def test_not_measured_here(at, where):
    made, indicator = followed(at=at)
    observe(indicator, 2025, 12, EAST_OF_ENGLAND)
    found = one("MET005", made)
    assert found["fingerprint"] == f"MET005:policy:{made.reference}:measure:{made.measures.get().pk}"
    assert found["sentence"] == (
        f"“Smoking” should show the effect of “The plan”, and has no observation on record for {where}."
    )
    assert codes(made) == {"MET005"}


def test_a_commitment_is_measured_where_its_live_policy_acts():
    made, indicator = followed(at=[NORWICH])
    observe(indicator, 2025, 12, MANCHESTER)
    under = bare("commitment", parent=made)
    factories.measure(initiative=under, indicator=indicator, words="")
    assert len(rows("MET005", under)) == 1
    put(status="draft", published_at=None)(made)
    assert rows("MET005", under) == []


# The way from 15 in 2019 to 5 in 2029 is 9 at the end of 2025; a tenth of the way is 1.
@pytest.mark.parametrize(
    "how",
    [
        lambda i: observe(i, 2025, 9),
        lambda i: observe(i, 2025, "9.99"),  # hardly a tenth of the way behind
        lambda i: observe(i, 2025, 3),  # ahead
        lambda i: observe(i, 2019, 20),  # of the baseline's own year
        lambda i: (observe(i, 2024, 20), observe(i, 2025, 9)),  # behind before, not now
        lambda i: observe(i, 2025, 20, EAST_OF_ENGLAND),  # elsewhere
        lambda i: (observe(i, 2024, 9, sex="female"), observe(i, 2025, 20, sex="male")),  # half of the people
        lambda i: (observe(i, 2025, 20, age="16 to 24"), observe(i, 2025, 9, age="65 and over")),  # which?
        lambda i: (observe(i, 2025, 12, sex="male"), observe(i, 2025, 7, sex="female")),  # 9.5 on the mean
    ],
)
def test_on_track_or_not_known(how):
    made, indicator = followed(**TO_FIVE)
    how(indicator)
    assert rows("MET006", made) == []


@pytest.mark.parametrize(
    "values",
    [
        {"baseline_value": None},
        {"baseline_date": None},
        {"target_value": None},
        {"target_date": None},
        {"unit": "people"},
        {"target_value": 15},
    ],
    ids=lambda values: next(iter(values)),
)
def test_a_target_that_is_not_whole_is_not_judged(values):
    made, indicator = followed(**TO_FIVE | values)
    observe(indicator, 2025, 20)
    assert rows("MET006", made) == []


@pytest.mark.parametrize("unit", ["", "%", "percent of adults", "per cent"])
def test_per_cent_goes_by_several_names(unit):
    made, indicator = followed(**TO_FIVE, unit=unit)
    observe(indicator, 2025, 20)
    assert len(rows("MET006", made)) == 1


def test_off_track():
    made, indicator = followed(**TO_FIVE)
    observe(indicator, 2025, "10.1")
    found = one("MET006", made)
    assert found["sentence"] == (
        "“The plan” is off track: “Smoking” stands at 10.1% in England for the period to 31 December 2025; "
        "on a straight line to its target of 5% it would be 9%."
    )
    assert codes(made) == {"MET006"}


def test_an_indicator_of_one_sex_is_read_for_it():
    made, indicator = followed(**TO_FIVE)
    observe(indicator, 2025, 20, sex="female")
    assert len(rows("MET006", made)) == 1


def test_after_its_date_a_target_stays():
    made, indicator = followed(**TO_FIVE | {"target_date": datetime.date(2022, 12, 31)})
    observe(indicator, 2025, "6.1")
    assert "it would be 5%." in one("MET006", made)["sentence"]


def test_a_target_that_goes_up_is_behind_when_it_is_below():
    made, indicator = followed(**TO_FIVE | {"baseline_value": 5, "target_value": 15}, polarity="higher")
    observe(indicator, 2025, "9.9")
    assert len(rows("MET006", made)) == 1
    indicator.observations.update(value=20)
    assert rows("MET006", made) == []


def test_the_country_is_read_where_places_are_several_and_nothing_where_there_is_none():
    made, indicator = followed(at=[NORWICH, MANCHESTER], **TO_FIVE)
    observe(indicator, 2025, 20, NORWICH)
    assert rows("MET006", made) == []
    place(made, ENGLAND)
    observe(indicator, 2025, 14)
    assert "stands at 14% in England" in one("MET006", made)["sentence"]


def test_a_measure_for_targeting_has_no_track():
    made, indicator = followed(**TO_FIVE, purpose="targeting")
    observe(indicator, 2025, 20)
    assert rows("MET006", made) == []


GREEN, AMBER = {"rag": "green"}, {"rag": "amber"}


@pytest.mark.parametrize(
    ("reports", "values"),
    [
        ([], (10, 12)),
        ([AMBER], (10, 12)),
        ([GREEN, AMBER], (10, 12)),
        ([GREEN], (12, 10)),
        ([GREEN], (12, 12)),
        ([GREEN], (12,)),
    ],
)
def test_no_watermelon(reports, values):
    made, indicator = followed()
    told_of(*reports)(made)
    for number, value in enumerate(values):
        observe(indicator, 2025 - len(values) + 1 + number, value)
    assert rows("MET007", made) == []


def test_periods_of_another_length_are_not_compared():
    made, indicator = followed()
    told_of(GREEN)(made)
    observe(indicator, 2024, 10, years=3)
    observe(indicator, 2025, 12)
    assert rows("MET007", made) == []
    observe(indicator, 2023, 11)
    assert one("MET007", made)["proof"]["rows"][0]["Period before to"] == "2023-12-31"


def test_green_while_it_moves_the_wrong_way():
    made, indicator = followed()
    told_of(AMBER, GREEN)(made)
    observe(indicator, 2024, 10)
    observe(indicator, 2025, 12)
    found = one("MET007", made)
    assert (
        found["sentence"] == "“The plan” was reported green on 17 November 2026, while “Smoking” moved the wrong way."
    )
    assert found["proof"]["rows"][0] | {"Latest": "12", "Before": "10"} == found["proof"]["rows"][0]
    assert codes(made) == {"MET007"}


def test_green_while_it_is_off_track():
    made, indicator = followed(**TO_FIVE)
    told_of(GREEN)(made)
    observe(indicator, 2025, 12)
    assert one("MET007", made)["sentence"].endswith("while “Smoking” is off track.")
    assert codes(made) == {"MET006", "MET007"}


def test_names_with_commas_are_told_apart():
    made, indicator = followed(**TO_FIVE)
    told_of(GREEN)(made)
    observe(indicator, 2025, 20)
    second = factories.indicator(name="Walks, rides", polarity="higher")
    factories.measure(initiative=made, indicator=second, words="")
    observe(second, 2024, 9)
    observe(second, 2025, 8)
    assert "while “Smoking” and “Walks, rides” are off track or moved" in one("MET007", made)["sentence"]


@pytest.mark.parametrize("polarity", ["none", "higher"])
def test_which_way_is_wrong_goes_by_the_indicator_or_else_the_target(polarity):
    made, indicator = followed(polarity=polarity, **TO_FIVE | {"baseline_value": 20, "target_value": 30})
    told_of(GREEN)(made)
    observe(indicator, 2024, 40)
    observe(indicator, 2025, 39)
    assert len(rows("MET007", made)) == 1


def test_without_polarity_or_target_no_way_is_wrong():
    made, indicator = followed(polarity="none")
    told_of(GREEN)(made)
    observe(indicator, 2024, 40)
    observe(indicator, 2025, 39)
    assert rows("MET007", made) == []


@pytest.mark.parametrize(
    ("frequency", "end", "stale"),
    [
        ("annual", days(0).replace(year=2024), False),
        ("annual", days(-1).replace(year=2024), True),
        ("Annual", days(-1).replace(year=2024), True),
        ("quarterly", days(0).replace(month=5), False),
        ("quarterly", days(-1).replace(month=5), True),
        ("every 4 to 6 years", days(0).replace(year=2014), False),
        ("every 4 to 6 years", days(-1).replace(year=2014), True),
        ("every 3 years", days(-1).replace(year=2020), True),
        ("", days(-1).replace(year=2004), False),
        ("when asked", days(-1).replace(year=2004), False),
    ],
)
def test_older_than_twice_the_frequency(frequency, end, stale):
    made, indicator = followed(frequency=frequency)
    observe(indicator, 2010, 10).delete()
    factories.observation(
        indicator=indicator, area=Area.objects.get(gss_code=ENGLAND), period_start=end, period_end=end
    )
    assert codes(made) == ({"MET008"} if stale else set())


def test_the_newest_value_of_its_places_is_what_counts():
    made, indicator = followed(at=[NORWICH, MANCHESTER])
    observe(indicator, 2020, 10, NORWICH)
    observe(indicator, 2025, 10)  # England's says nothing of them
    assert one("MET008", made)["sentence"] == (
        "“Smoking”, by which “The plan” is judged, has no observation here after 31 December 2020; "
        "its frequency is annual."
    )
    observe(indicator, 2025, 10, MANCHESTER)
    assert rows("MET008", made) == []


def test_what_names_no_place_goes_by_the_newest_anywhere():
    made, indicator = followed(at=[])
    observe(indicator, 2020, 10, NORWICH)
    assert len(rows("MET008", made)) == 1
    observe(indicator, 2025, 10, MANCHESTER)
    assert rows("MET008", made) == []


def test_what_is_not_measured_here_is_not_stale_too():
    made, indicator = followed(at=[NORWICH])
    observe(indicator, 2010, 10, MANCHESTER)
    assert codes(made) == {"MET005"}


def test_a_second_indicator_does_not_stand_in_for_the_first():
    made, indicator = followed(at=[NORWICH])
    observe(indicator, 2010, 10, NORWICH)
    for other in Indicator.objects.exclude(pk=indicator.pk)[:2]:
        observe(other, 2025, 10, NORWICH)
    assert codes(made) == {"MET008"}
