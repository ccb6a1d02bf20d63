"""DEP: opposing effects, uncoordinated outcomes, departments alone."""

import pytest

from policies.models import OrganisationSuccession, Outcome, Sensitivity, Status
from tests.policies import factories
from tests.tracker.checks.sound import bare, days, link, one, organisation, place, role, rows, sound

pytestmark = pytest.mark.usefixtures("empty_register")

HARTLEPOOL, LEEDS, TEES_VALLEY, ENGLAND = "E06000001", "E08000035", "E47000006", "E92000001"


def pair(*, harm_places=(ENGLAND,), good_places=(ENGLAND,), harm_lead="hmt", good_lead="dft", harm=None, good=None):
    """Two policies, one worsening what the other improves."""
    one_side = bare("policy", title="Harm", **(harm or {}))
    other_side = bare("policy", title="Good", **(good or {}))
    for made, lead, places, direction in (
        (one_side, harm_lead, harm_places, "worsens"),
        (other_side, good_lead, good_places, "improves"),
    ):
        if lead:
            role(made, lead, "lead")
        for code in places:
            place(made, code)
        link(made, "air_quality_mortality", direction)
    return one_side, other_side


class TestOpposingEffects:
    @pytest.mark.parametrize(
        "how",
        [
            {"good_lead": "hmt"},
            {"harm_lead": "mhclg-2018", "good_lead": "dluhc"},
            {"harm_places": (HARTLEPOOL,), "good_places": (LEEDS,)},
            {"harm_places": ()},
            {"harm_lead": None},
            {
                "harm": {"end_date": days(-10), "end_precision": "day"},
                "good": {"start_date": days(-9), "start_precision": "day"},
            },
            {"harm": {"status": Status.DRAFT}},
            {"good": {"status": Status.DRAFT}},
        ],
        ids=[
            "one lead",
            "one lineage",
            "other places",
            "places unknown",
            "no lead",
            "one after the other",
            "harm in draft",
            "good in draft",
        ],
    )
    def test_quiet(self, how):
        pair(**how)
        assert rows("DEP001") == []

    def test_quiet_when_both_pull_one_way_or_another_is_moved(self):
        first, second = pair()
        first.outcome_links.update(direction="mixed")
        assert rows("DEP001") == []
        first.outcome_links.update(direction="improves")
        assert rows("DEP001") == []
        second.outcome_links.update(direction="worsens", outcome=factories.outcome())
        assert rows("DEP001") == []

    @pytest.mark.parametrize(
        "how",
        [
            {},
            {"harm_places": (HARTLEPOOL,), "good_places": (TEES_VALLEY,)},
            {"harm_places": (TEES_VALLEY,), "good_places": (ENGLAND,)},
            {
                "harm": {"end_date": days(-9), "end_precision": "day"},
                "good": {"start_date": days(-9), "start_precision": "day"},
            },
        ],
        ids=["England", "a part of the other", "England over all", "periods that share a day"],
    )
    def test_loud(self, how):
        harm, good = pair(**how)
        found = one("DEP001")
        first, second = sorted([harm.reference, good.reference])
        assert found["fingerprint"] == f"DEP001:pair:{first}+{second}:air_quality_mortality"
        assert (found["found_subject"], found["found_severity"]) == ("pair", "high")
        assert (found["found_initiative"], found["found_other"]) == (harm.pk, good.pk)
        assert found["sentence"] == "“Harm” (HMT) worsens air quality, which “Good” (DfT) improves."
        assert [row["Direction"] for row in found["proof"]["rows"]] == ["Worsens", "Improves"]

    def test_seen_from_either_side(self):
        harm, good = pair()
        stranger = sound()
        assert rows("DEP001", harm) == rows("DEP001", good) == rows("DEP001")
        assert rows("DEP001", stranger) == []

    def test_a_commitment_without_places_acts_where_its_policy_does(self):
        harm, good = pair(harm_places=(HARTLEPOOL,))
        under = bare("commitment", title="Promise", parent=harm)
        role(under, "hmt", "lead")
        link(under, "air_quality_mortality", "worsens")
        harm.outcome_links.all().delete()
        assert one("DEP001")["found_initiative"] == under.pk
        place(under, LEEDS)
        good.footprints.all().delete()
        place(good, HARTLEPOOL)
        assert rows("DEP001") == []


def pursuers(*leads, outcome="obesity", **values):
    """A published policy of each lead that improves the outcome."""
    made = []
    for lead in leads:
        policy = bare("policy", **values)
        role(policy, lead, "lead")
        link(policy, outcome)
        made.append(policy)
    return made


class TestUncoordinatedOutcome:
    def test_quiet_below_three(self):
        pursuers("dft", "dfe")
        assert rows("DEP002") == []

    def test_quiet_when_a_third_is_a_renamed_second(self):
        pursuers("dft", "mhclg-2018", "dluhc")
        assert rows("DEP002") == []

    def test_quiet_when_a_third_is_a_draft_closed_or_sensitive(self):
        pursuers("dft", "dfe")
        pursuers("defra", status=Status.DRAFT)
        pursuers("dwp", sensitivity=Sensitivity.SENSITIVE)
        assert rows("DEP002") == []

    def test_quiet_when_a_third_worsens_it(self):
        third = pursuers("dft", "dfe", "defra")[2]
        third.outcome_links.update(direction="worsens")
        assert rows("DEP002") == []

    def test_loud(self):
        pursuers("dft", "dfe", "defra")
        found = one("DEP002")
        assert found["fingerprint"] == "DEP002:outcome:obesity"
        assert (found["found_subject"], found["found_severity"]) == ("outcome", "medium")
        expected = "3 lead departments pursue obesity, and nothing on record joins any two of them on it."
        assert found["sentence"] == expected
        assert [row["Lead"] for row in found["proof"]["rows"]] == ["Defra", "DfE", "DfT"]

    @pytest.mark.parametrize("what", ["co-lead", "supporting"])
    def test_quiet_when_one_names_another(self, what):
        first, *_others = pursuers("dft", "dfe", "defra")
        role(first, "dfe", what)
        assert rows("DEP002") == []

    @pytest.mark.parametrize(("body", "what"), [("dfe", "consulted"), ("dwp", "supporting")])
    def test_loud_when_what_is_named_joins_nobody(self, body, what):
        first, *_others = pursuers("dft", "dfe", "defra")
        role(first, body, what)
        assert len(rows("DEP002")) == 1

    def test_quiet_with_a_common_parent(self):
        umbrella = bare("policy")
        first, second, _third = pursuers("dft", "dfe", "defra")
        type(first).objects.filter(pk__in=[first.pk, second.pk]).update(parent=umbrella)
        assert rows("DEP002") == []

    def test_quiet_with_a_dependency(self):
        first, second, _third = pursuers("dft", "dfe", "defra")
        factories.dependency(initiative=first, depends_on=second)
        assert rows("DEP002") == []

    def test_a_partnership_joins_only_on_what_it_pursues(self):
        pursuers("dft", "dfe", "defra")
        table = bare("partnership")
        role(table, "dft", "lead")
        role(table, "dfe", "co-lead")
        assert len(rows("DEP002")) == 1
        link(table, "obesity")
        assert rows("DEP002") == []


class TestDepartmentAlone:
    def alone(self, lead="dft"):
        made = bare("policy", title="Alone")
        role(made, lead, "lead")
        link(made, "obesity")
        link(made, "food_security")
        return made

    def test_loud(self):
        made = self.alone()
        pursuers("dfe", "defra")
        found = one("DEP003", made)
        assert (found["found_subject"], found["found_severity"]) == ("policy", "low")
        assert found["sentence"] == (
            "“Alone” claims 2 outcomes and names no second national organisation; these also lead work on them: "
            "Defra, DfE."
        )

    def test_quiet_when_nobody_else_pursues_them(self):
        made = self.alone()
        assert rows("DEP003", made) == []
        pursuers("dfe", outcome="smoking_prevalence")
        assert rows("DEP003", made) == []

    def test_quiet_when_only_a_renamed_self_does(self):
        made = self.alone("mhclg-2018")
        pursuers("dluhc")
        assert rows("DEP003", made) == []

    def test_quiet_with_one_outcome(self):
        made = self.alone()
        pursuers("dfe")
        made.outcome_links.filter(outcome__code="food_security").delete()
        assert rows("DEP003", made) == []

    @pytest.mark.parametrize(("body", "quiet"), [("dfe", True), ("ukri", True), ("nhs-england", False), ("lga", False)])
    def test_a_second_national_body_makes_it_quiet(self, body, quiet):
        made = self.alone()
        pursuers("defra")
        role(made, body, "consulted")
        assert (rows("DEP003", made) == []) is quiet

    def test_its_own_former_self_is_no_second_body(self):
        made = self.alone("mhclg-2018")
        pursuers("dfe")
        role(made, "dluhc", "supporting")
        assert len(rows("DEP003", made)) == 1


class TestLeftToHealth:
    @pytest.fixture(autouse=True)
    def no_priorities(self, empty_register):
        Outcome.objects.update(priority="")

    def test_quiet_when_nobody_pursues_it(self):
        assert rows("DEP009") == []

    @pytest.mark.parametrize("other", ["dft", "gmca"])
    def test_quiet_when_another_leads_too(self, other):
        pursuers("dhsc", "nhs-england", other)
        assert rows("DEP009") == []

    def test_a_commitment_below_counts_where_it_claims_the_outcome_itself(self):
        (policy,) = pursuers("dhsc")
        below = bare("commitment", parent=policy)
        role(below, "dfe", "lead")
        assert len(rows("DEP009")) == 1
        link(below, "obesity")
        assert rows("DEP009") == []

    def test_quiet_when_the_lead_is_not_known(self):
        link(bare("policy"), "obesity")
        assert rows("DEP009") == []

    @pytest.mark.parametrize("values", [{"status": Status.DRAFT}, {"sensitivity": Sensitivity.SENSITIVE}])
    def test_loud_when_others_do_not_count(self, values):
        pursuers("dhsc", "ohid", title="Shown")
        pursuers("dft", title="Hidden", **values)
        found = one("DEP009")
        assert found["fingerprint"] == "DEP009:outcome:obesity"
        assert found["sentence"] == "Only the health department or the NHS leads work on obesity: DHSC, OHID."
        assert {row["Title"] for row in found["proof"]["rows"]} == {"Shown"}

    def test_a_priority_that_nobody_leads(self):
        Outcome.objects.filter(code="obesity").update(priority="Halve it by 2030")
        link(bare("policy", title="Leaderless"), "obesity")
        found = one("DEP009")
        assert found["sentence"] == ("Nobody on record leads work on obesity, which is a priority: Halve it by 2030.")
        assert [row["Lead"] for row in found["proof"]["rows"]] == ["Not recorded"]
        pursuers("dft")
        assert rows("DEP009") == []


def test_lead_gone_names_the_successors():
    made = sound("policy", title="Old", lead="beis")
    found = one("REC002", made)
    assert found["sentence"] == (
        "“Old” is led by Department for Business, Energy and Industrial Strategy, which ended on 7 February 2023; "
        "its work passed to Department for Business and Trade, Department for Energy Security and Net Zero, "
        "Department for Science, Innovation and Technology."
    )
    OrganisationSuccession.objects.filter(predecessor=organisation("beis")).delete()
    assert one("REC002", made)["sentence"].endswith("which ended on 7 February 2023.")
    assert rows("REC002", made, today=organisation("beis").active_to.replace(day=6)) == []
    assert len(rows("REC002", made, today=organisation("beis").active_to)) == 1


class TestWhoCountsAsALeadDepartment:
    """Councils and combined authorities lead initiatives too, and are no departments."""

    def test_a_council_against_a_department_is_no_clash_of_departments(self):
        pair(harm_lead="gmca")
        assert rows("DEP001") == []

    def test_a_council_is_not_the_third_that_pursues_an_outcome(self):
        pursuers("dft", "dfe", "gmca")
        assert rows("DEP002") == []

    def test_nhs_england_is(self):
        pursuers("dft", "dfe", "nhs-england")
        assert len(rows("DEP002")) == 1

    def test_one_department_in_a_councils_plan_joins_no_two(self):
        pursuers("dft", "dfe", "defra")
        (plan,) = pursuers("gmca")
        role(plan, "dft", "supporting")
        assert len(rows("DEP002")) == 1
        role(plan, "dfe", "supporting")
        assert rows("DEP002") == []

    def test_a_council_alone_elsewhere_leaves_a_department_unflagged(self):
        made = TestDepartmentAlone().alone()
        pursuers("gmca")
        assert rows("DEP003", made) == []


def test_a_single_criterion_is_spoken_of_as_one():
    made = sound("policy", title="Small fund")
    factories.criterion(initiative=made)
    assert one("FND002", made)["sentence"] == "The one allocation criterion of “Small fund” is not a measure of health."
