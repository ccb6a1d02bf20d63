"""DEP007: clashing targets."""

import datetime

import pytest

from policies.models import Indicator, Status
from tests.policies import factories
from tests.tracker.checks.sound import bare, one, place, rows

pytestmark = pytest.mark.usefixtures("empty_register")

HARTLEPOOL, LEEDS = "E06000001", "E08000035"
MARCH = datetime.date(2030, 3, 31)


def indicator():
    """One published indicator."""
    return Indicator.objects.filter(code__startswith="fingertips").order_by("code")[0]


def aims(value=60, by=MARCH, *, gss=LEEDS, series=None, unit="", **values):
    """A published policy with a target."""
    made = bare(**({"kind": "policy"} | values))
    if gss:
        place(made, gss)
    factories.measure(
        initiative=made, indicator=series or indicator(), words="", target_value=value, target_date=by, unit=unit
    )
    return made


@pytest.mark.parametrize(
    "other",
    [
        {"value": 60},
        {"value": None},
        {"by": None},
        {"by": datetime.date(2031, 4, 1)},
        {"by": datetime.date(2029, 3, 30)},
        {"gss": HARTLEPOOL},
        {"gss": "E92000001"},
        {"gss": None},
        {"unit": "thousands of people"},
        {"status": Status.DRAFT, "published_at": None},
    ],
    ids=lambda how: " ".join(f"{key} {value}" for key, value in how.items()),
)
def test_quiet(other):
    first = aims()
    second = aims(**({"value": 65} | other))
    assert rows("DEP007") == rows("DEP007", first) == rows("DEP007", second) == []


def test_quiet_with_another_indicator_or_within_one_initiative():
    made = aims()
    aims(65, series=Indicator.objects.exclude(pk=indicator().pk).order_by("code")[0])
    factories.measure(
        initiative=made, indicator=indicator(), words="", purpose="targeting", target_value=70, target_date=MARCH
    )
    assert rows("DEP007") == []


@pytest.mark.parametrize("by", [MARCH, datetime.date(2031, 3, 31), datetime.date(2029, 3, 31)])
def test_loud(by):
    first = aims(title="One")
    second = aims(65, by, title="Other")
    found = one("DEP007")
    assert found == one("DEP007", first) == one("DEP007", second)
    ends = sorted([first.reference, second.reference])
    assert found["fingerprint"] == f"DEP007:pair:{ends[0]}+{ends[1]}:{indicator().code}"
    assert (found["found_severity"], found["found_subject"]) == ("high", "pair")
    assert found["sentence"].startswith(
        f"“One” aims for 60 by 31 March 2030 and “Other” for 65 by {by:%-d %B %Y}, both for “{indicator().name}”"
    )
    assert found["sentence"].endswith(" in Leeds.")
    assert [row["Target"] for row in found["proof"]["rows"]] == [60, 65]
    assert rows("DEP007", bare("policy")) == []


def test_a_commitment_without_places_aims_where_its_policy_does():
    policy = bare("policy")
    place(policy, LEEDS)
    under = aims(gss=None, kind="commitment", parent=policy)
    aims(65)
    assert under.pk in (one("DEP007")["found_initiative"], one("DEP007")["found_other"])
    place(under, HARTLEPOOL)
    assert rows("DEP007") == []


def test_three_initiatives_of_which_two_agree_are_two_pairs_with_one_flag_each():
    for value in (60, 60, 65):
        place(aims(value), HARTLEPOOL)
    found = rows("DEP007")
    assert len(found) == len({row["fingerprint"] for row in found}) == 2
    assert all(row["proof"]["rows"][0]["Places"] == "Hartlepool, Leeds" for row in found)
