"""CAP003: a capital that a portfolio leaves out."""

import pytest

from policies.models import Sensitivity, Status
from tests.tracker.checks.sound import bare, builds, one, place, role, rows

pytestmark = pytest.mark.usefixtures("empty_register")

CAPITALS = ("financial_physical", "human", "social", "natural")


def portfolio(*capitals, **values):
    """A published policy for each of the capitals."""
    made = []
    for capital in capitals:
        made.append(bare("policy", **values))
        if capital:
            builds(made[-1], capital)
    return made


def test_quiet_below_five():
    portfolio(*["human"] * 4)
    assert rows("CAP003") == []


def test_quiet_when_a_fifth_has_no_capital_or_does_not_count():
    portfolio(*["human"] * 4, None)
    portfolio("human", status=Status.DRAFT)
    portfolio("human", sensitivity=Sensitivity.SENSITIVE)
    assert rows("CAP003") == []


def test_quiet_when_all_four_are_built_if_only_beside_others():
    first, *_others = portfolio("human", "human", "human", "social", "financial_physical")
    builds(first, "natural", "secondary")
    assert rows("CAP003") == []


def test_loud():
    portfolio("human", "human", "human", "social", "human")
    found = one("CAP003")
    assert found["fingerprint"] == "CAP003:register"
    assert (found["found_subject"], found["found_severity"]) == ("portfolio", "medium")
    assert found["sentence"] == (
        "The whole register: none of the 5 initiatives with a capital on record builds financial and physical or"
        " natural capital."
    )
    assert [row["Initiatives linked to it"] for row in found["proof"]["rows"]] == [0, 4, 1, 0]


def test_departments_and_places_are_portfolios_too():
    made = portfolio(*["human"] * 5, *CAPITALS)
    for policy in made[:5]:
        role(policy, "mhclg-2018" if policy is made[0] else "dluhc", "lead")
        place(policy, "E08000035")
    assert {row["fingerprint"] for row in rows("CAP003")} == {
        "CAP003:department:housing-communities",
        "CAP003:place:E08000035",
    }
