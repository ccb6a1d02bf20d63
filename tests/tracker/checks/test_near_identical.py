"""DEP010: near-identical commitments of two departments."""

import pytest

from policies.models import Sensitivity, Status
from tests.policies import factories
from tests.tracker.checks.sound import bare, link, one, place, role, rows
from tracker.checks import near_identical

pytestmark = pytest.mark.usefixtures("empty_register")

HARTLEPOOL, LEEDS = "E06000001", "E08000035"
ONE, OTHER = "Plant one million trees in towns by 2030", "Plant one million trees in our towns by 2030"


def commitment(title, lead, *, gss=LEEDS, outcome="green_space_access", **values):
    """A published commitment that moves an outcome somewhere."""
    made = bare("commitment", title=title, **values)
    role(made, lead, "lead")
    if gss:
        place(made, gss)
    if outcome:
        link(made, outcome)
    return made


def two(**other):
    """Two near-identical commitments, the second made otherwise."""
    return commitment(ONE, "defra"), commitment(**({"title": OTHER, "lead": "dluhc"} | other))


@pytest.mark.parametrize(
    "other",
    [
        {"title": "Build one million homes in towns by 2030"},
        {"lead": "defra"},
        {"lead": "gmca"},
        {"gss": HARTLEPOOL},
        {"gss": None},
        {"outcome": "obesity"},
        {"outcome": None},
        {"status": Status.DRAFT, "published_at": None},
    ],
    ids=lambda how: " ".join(f"{key} {value}" for key, value in how.items()),
)
def test_quiet(other):
    first, second = two(**other)
    assert rows("DEP010") == rows("DEP010", first) == rows("DEP010", second) == []


def test_quiet_for_one_lineage_and_for_policies():
    commitment(ONE, "mhclg-2018")
    commitment(OTHER, "dluhc")
    made = bare("policy", title=ONE)
    role(made, "defra", "lead")
    link(made, "green_space_access")
    place(made, LEEDS)
    assert rows("DEP010") == []


def below(first, second):
    """Put both under one policy."""
    type(first).objects.filter(pk__in=[first.pk, second.pk]).update(parent=bare("policy"))


def below_a_partnership(first, second):
    """Put the second under a partnership that the first's department is in."""
    above = bare("partnership")
    role(above, "defra", "co-lead")
    type(second).objects.filter(pk=second.pk).update(parent=above)


LINKS = {
    "a policy above both": below,
    "a partnership": below_a_partnership,
    "a dependency": lambda first, second: factories.dependency(initiative=first, depends_on=second),
    "a dependency the other way": lambda first, second: factories.dependency(initiative=second, depends_on=first),
    "any role": lambda first, second: role(second, "defra", "consulted"),
    "a role of a former self": lambda first, second: role(first, "mhclg-2018", "supporting"),
}


@pytest.mark.parametrize("how", LINKS.values(), ids=LINKS)
def test_quiet_when_something_links_them(how):
    first, second = two()
    assert len(rows("DEP010")) == 1
    how(first, second)
    assert rows("DEP010") == rows("DEP010", first) == []


@pytest.mark.parametrize("gss", [LEEDS, "E92000001"])
def test_loud(gss):
    first, second = two(gss=gss)
    found = one("DEP010")
    assert found == one("DEP010", first) == one("DEP010", second)
    ends = sorted([first.reference, second.reference])
    assert found["fingerprint"] == f"DEP010:pair:{ends[0]}+{ends[1]}"
    assert (found["found_subject"], found["found_severity"]) == ("pair", "medium")
    assert found["sentence"] == (
        f"“{ONE}” (Defra) and “{OTHER}” (DLUHC) have nearly the same title and move the same outcome, and nothing on"
        " record links them."
    )
    assert rows("DEP010", bare("policy")) == []


def test_what_a_commitment_lacks_it_has_from_its_policy():
    policy = bare("policy", sensitivity=Sensitivity.OFFICIAL)
    link(policy, "green_space_access")
    place(policy, LEEDS)
    first = commitment(ONE, "defra", gss=None, outcome=None, parent=policy)
    commitment(OTHER, "dluhc")
    assert first.pk in (one("DEP010", policy, first)["found_initiative"], one("DEP010")["found_other"])
    link(first, "obesity")
    assert rows("DEP010") == []


def test_a_large_scope_gives_the_same_as_a_small_one(monkeypatch):
    first, _second = two()
    small = rows("DEP010", first)
    monkeypatch.setattr(near_identical, "FEW", 0)
    assert rows("DEP010", first) == small != []
    assert rows("DEP010", bare("policy")) == []
