"""FND004: money against need, exact where need is known, and silent where what is not known could change the answer."""

import datetime

import pytest

from policies.models import Area, Indicator
from tests.policies import factories
from tests.tracker.checks.sound import codes, one, rows, sound

pytestmark = pytest.mark.usefixtures("empty_register")

PEOPLE = "fingertips:90362"
FEMALE, MALE = "ons_els:healthy-life-expectancy-female", "ons_els:healthy-life-expectancy-male"


def places(number):
    """So many unitary authorities."""
    return list(Area.objects.filter(kind="unitary", active_to=None).order_by("gss_code")[:number])


def years(area, value, *, code=PEOPLE, end=2023, **values):
    """Healthy life expectancy in a place."""
    period = {"period_start": datetime.date(end - 2, 1, 1), "period_end": datetime.date(end, 12, 31)}
    indicator = Indicator.objects.get(code=code)
    return factories.observation(indicator=indicator, area=area, value=value, **period | values)


def fund(amounts, **values):
    """A sound policy that gives pounds to places, from the place with the shortest years to that with the longest."""
    made = sound("policy", title="The fund", **values)
    found = places(len(amounts))
    for area, amount in zip(found, amounts, strict=True):
        factories.allocation(initiative=made, area=area, amount_gbp=amount)
    return made, found


def known(found, **values):
    """One more year in each place than in the one before."""
    for number, area in enumerate(found):
        years(area, 50 + number, **values)


EVEN, LESS = [10] * 20, [9] + [10] * 19


def test_an_even_share_is_a_quarter():
    made, found = fund(EVEN)
    known(found)
    assert rows("FND004", made) == []


def test_fewer_than_twenty_places_say_little():
    made, found = fund(LESS[:19])
    known(found)
    assert rows("FND004", made) == []


def test_no_pounds_at_all():
    made, found = fund([0] * 20)
    known(found)
    assert rows("FND004", made) == []


def test_need_that_is_not_known_flags_nothing():
    made, _found = fund([0] * 5 + [10] * 15)
    assert rows("FND004", made) == []


def test_a_draft_is_not_judged():
    made, found = fund(LESS)
    known(found)
    type(made).objects.filter(pk=made.pk).update(status="draft")
    assert rows("FND004", made) == []


def test_less_than_a_quarter():
    made, found = fund(LESS)
    known(found)
    flag = one("FND004", made)
    assert flag["sentence"] == (
        "The quarter of places with the shortest healthy life expectancy receives 24.6% of the pounds of “The fund”."
    )
    assert flag["proof"]["rows"][0] == {
        "Place": found[0].name, "Healthy life expectancy, years": 50.0, "Pounds": 9.0,
    }  # fmt: skip
    assert len(flag["proof"]["rows"]) == 5
    assert {"label": "Healthy life expectancy at birth, period to", "value": "2023-12-31"} in flag["proof"]["facts"]
    assert codes(made) == {"FND004"}


def test_rounds_and_projects_of_a_place_add_up():
    made, found = fund(LESS)
    known(found)
    factories.allocation(initiative=made, area=found[0], amount_gbp=1, round="Second")
    assert rows("FND004", made) == []


def test_a_quarter_of_places_is_rounded_up():
    made, found = fund([10] * 21)
    known(found)
    assert rows("FND004", made) == []


def test_places_that_tie_with_the_last_belong_to_the_quarter():
    made, found = fund(LESS)
    known(found[:5])
    known(found[6:])
    years(found[5], 54)
    made.allocations.filter(area=found[5]).update(amount_gbp=11)
    assert rows("FND004", made) == []


@pytest.mark.parametrize(("unknown", "flagged"), [(1, True), (2, False)])
def test_pounds_of_places_that_are_not_known_count_for_the_quarter(unknown, flagged):
    made, found = fund([9] * 5 + [10] * 14 + [unknown])
    known(found[:19])
    assert (rows("FND004", made) != []) == flagged
    if flagged:
        flag = one("FND004", made)
        assert "receives at most 24.7%" in flag["sentence"]
        assert {"label": "Places where it is not known", "value": 1} in flag["proof"]["facts"]


def test_the_mean_of_men_and_women():
    made, found = fund(LESS)
    for number, area in enumerate(found):
        years(area, 40 + number, sex="male")
        years(area, 60 + number, sex="female")
    assert one("FND004", made)["proof"]["rows"][0]["Healthy life expectancy, years"] == 50.0


def test_the_newer_of_two_publishers_in_its_latest_period():
    made, found = fund(LESS)
    known(found[::-1])
    known(found[::-1], code=FEMALE, end=2024, sex="female")
    assert rows("FND004", made) == []
    known(found, code=FEMALE, end=2025, sex="female")
    known(found, code=MALE, end=2025, sex="male")
    assert {"label": "Healthy life expectancy at birth, period to", "value": "2025-12-31"} in one("FND004", made)[
        "proof"
    ]["facts"]


def test_one_sex_alone_is_not_known():
    made, found = fund(LESS)
    known(found, code=FEMALE, sex="female")
    assert rows("FND004", made) == []
