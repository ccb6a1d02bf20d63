"""DEP005 and DEP006: disputed roles, and names on a cover."""

import pytest

from policies.models import Sensitivity, Status
from tests.policies import factories
from tests.tracker.checks.sound import bare, moment, one, role, rows, sound

pytestmark = pytest.mark.usefixtures("empty_register")


def commitment(policy, lead="dft", **values):
    """A published commitment of a policy, with a lead."""
    made = bare("commitment", parent=policy, **values)
    if lead:
        role(made, lead, "lead")
    return made


class TestDisputed:
    def test_what_it_says(self):
        policy = bare("policy", title="Plan")
        held = role(policy, "dfe", "supporting")
        values = {"answer": "disputed", "answer_words": "We were not asked.", "answered_by": factories.user()}
        type(held).objects.filter(pk=held.pk).update(answered_at=moment(-3), **values)
        found = one("DEP005", policy)
        assert found["fingerprint"] == f"DEP005:policy:{policy.reference}:dfe:supporting"
        assert found["found_severity"] == "high"
        day = moment(-3)
        assert found["sentence"] == (
            f"Department for Education disputes its role in “Plan” (Supporting), as it said on {day:%-d %B %Y}."
        )
        assert {"label": "In its words", "value": "We were not asked."} in found["proof"]["facts"]


class TestNamedWithoutCommitment:
    def test_quiet_without_commitments(self):
        policy = sound()
        assert rows("DEP006") == rows("DEP006", policy) == []

    @pytest.mark.parametrize("what", ["lead", "co-lead", "accountable", "delivery"])
    def test_quiet_when_it_carries_one(self, what):
        policy = sound()
        commitment(policy)
        under = commitment(policy, lead=None)
        role(under, "dhsc", what)
        assert rows("DEP006") == []

    def test_quiet_when_it_carries_one_under_a_former_name(self):
        policy = bare("policy")
        role(policy, "mhclg-2018", "supporting")
        commitment(policy, lead="dluhc")
        assert rows("DEP006") == []

    @pytest.mark.parametrize(
        "values", [{"status": Status.DRAFT, "published_at": None}, {"sensitivity": Sensitivity.SENSITIVE}]
    )
    def test_quiet_when_no_commitment_can_be_seen(self, values):
        policy = sound()
        commitment(policy, **values)
        assert rows("DEP006") == []

    def test_quiet_when_nobody_is_known_to_carry_any(self):
        policy = sound()
        commitment(policy, lead=None)
        assert rows("DEP006") == []

    @pytest.mark.parametrize(("body", "what"), [("dhsc", "funder"), ("gmca", "supporting"), ("dhsc", "consulted")])
    def test_quiet_for_other_roles_and_bodies(self, body, what):
        policy = bare("policy")
        role(policy, body, what)
        commitment(policy)
        assert rows("DEP006") == []

    def test_quiet_when_it_disputes_the_role_or_the_policy_is_a_draft(self):
        policy = bare("policy", status=Status.DRAFT, published_at=None)
        role(policy, "dhsc", "supporting")
        commitment(policy)
        assert rows("DEP006") == []

    @pytest.mark.parametrize("what", ["supporting", "consulted"])
    def test_loud_when_it_has_a_small_part_in_one(self, what):
        policy = sound(title="Plan")
        under = commitment(policy, title="Promise")
        role(under, "dhsc", what)
        found = one("DEP006", policy)
        assert found["fingerprint"] == f"DEP006:policy:{policy.reference}:dhsc:supporting"
        assert found["sentence"] == (
            "Department of Health and Social Care supports “Plan” and does not lead or deliver the one published"
            " commitment under it."
        )
        assert [row["Led or delivered by"] for row in found["proof"]["rows"]] == ["Department for Transport"]

    def test_counts_what_everybody_may_read(self):
        policy = bare("policy", title="Plan")
        role(policy, "dhsc", "co-lead")
        commitment(policy)
        commitment(policy, lead=None)
        commitment(policy, sensitivity=Sensitivity.SENSITIVE)
        found = one("DEP006")
        assert (
            " co-leads “Plan” and leads or delivers none of the 2 published commitments under it."
            in (found["sentence"])
        )
        assert sorted(row["Led or delivered by"] for row in found["proof"]["rows"]) == [
            "Department for Transport",
            "Nobody on record",
        ]

    def test_seen_from_the_commitment(self):
        policy = sound()
        under = commitment(policy)
        assert len(rows("DEP006", policy, under)) == 1
        assert rows("DEP006", bare("policy")) == []
