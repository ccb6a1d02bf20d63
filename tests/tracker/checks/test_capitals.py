"""CAP002: portfolios, weighed against a plain recomputation from the rows."""

from collections import defaultdict
from decimal import Decimal

import pytest

from policies.models import Initiative, Sensitivity
from tests.tracker.checks.sound import bare, builds, one, place, role, rows
from tracker.models import Flag


def portfolio(values, capital="financial_physical", lead="dft", **fields):
    """A policy of each value with its capital; a pair gives another capital."""
    made = []
    for value in values:
        value, main = value if isinstance(value, tuple) else (value, capital)
        policy = bare("policy", value_gbp=value, **fields)
        builds(policy, main)
        if lead:
            role(policy, lead, "lead")
        made.append(policy)
    return made


def keys():
    """Which portfolios are flagged."""
    return {row["fingerprint"].removeprefix("CAP002:") for row in rows("CAP002")}


@pytest.mark.usefixtures("empty_register")
class TestTilt:
    def test_quiet_with_four(self):
        portfolio([1, 1, 1, 1])
        assert keys() == set()

    def test_loud_with_five(self):
        portfolio([1, 1, 1, 1, 1])
        assert keys() == {"register", "department:transport"}

    def test_quiet_just_below_60_per_cent(self):
        portfolio([10, 10, 10, 29, (41, "human")])
        assert keys() == set()

    def test_loud_at_60_per_cent(self):
        portfolio([10, 10, 10, 30, (40, "human")])
        assert keys() == {"register", "department:transport"}

    def test_quiet_without_any_pound(self):
        portfolio([None] * 6)
        assert keys() == set()

    def test_those_without_a_value_count_as_members_only(self):
        portfolio([100, None, None, None, None])
        found = {row["fingerprint"]: row for row in rows("CAP002")}["CAP002:register"]
        facts = {fact["label"]: fact["value"] for fact in found["proof"]["facts"]}
        assert facts["Initiatives with a primary capital"] == 5
        assert facts["Of them without a value"] == 4

    def test_a_policy_under_another_counts_for_itself_and_for_what_is_above(self):
        umbrella = bare("policy")
        programme = bare("policy", parent=umbrella, value_gbp=1)
        builds(programme, "financial_physical")
        for _ in range(4):
            builds(bare("commitment", parent=programme, value_gbp=1), "financial_physical")
        wanted = {"register", f"policy:{programme.reference}", f"policy:{umbrella.reference}"}
        assert keys() == wanted

    def test_quiet_for_drafts_and_sensitive_records(self):
        portfolio([1] * 4)
        portfolio([1], status="draft")
        portfolio([1], sensitivity=Sensitivity.SENSITIVE)
        assert keys() == set()

    def test_those_without_a_primary_capital_are_left_out(self):
        portfolio([1] * 4)
        bare("policy", value_gbp=1)
        assert keys() == set()

    def test_renamed_departments_are_one_portfolio(self):
        portfolio([1] * 3, lead="mhclg-2018")
        portfolio([1] * 2, lead="dluhc")
        assert keys() == {"register", "department:housing-communities"}

    def test_a_policy_with_its_commitments(self):
        (policy,) = portfolio([None], lead=None)
        for _ in range(4):
            under = bare("commitment", parent=policy, value_gbp=10)
            builds(under, "financial_physical")
        assert keys() == {"register", f"policy:{policy.reference}"}
        found = {row["fingerprint"]: row for row in rows("CAP002")}[f"CAP002:policy:{policy.reference}"]
        assert found["found_initiative"] == policy.pk

    def test_a_place_smaller_than_a_country(self):
        for policy in portfolio([1] * 5, lead=None):
            place(policy, "E06000001")
            place(policy, "E92000001")
        assert keys() == {"register", "place:E06000001"}

    def test_the_sentence_and_its_table(self):
        policies = portfolio([50, 10, 10, 10, (20, "human")], lead=None)
        builds(policies[0], "natural", "secondary")
        builds(policies[0], "social", "secondary")
        found = one("CAP002")
        assert found["sentence"] == (
            "The whole register has 80.0% of its pounds in financial and physical capital, by the primary capital "
            "of each initiative."
        )
        table = {row["Capital"]: row for row in found["proof"]["rows"]}
        split = {name: row["Share with secondary links"] for name, row in table.items()}
        assert split == {"Financial and physical": "55.0%", "Human": "20.0%", "Social": "12.5%", "Natural": "12.5%"}


@pytest.mark.usefixtures("landscape")
def test_against_a_plain_recomputation():
    """Every portfolio of the landscape that is flagged, added up again in Python."""
    pounds, split, members = defaultdict(Decimal), defaultdict(Decimal), defaultdict(int)
    for initiative in Initiative.objects.live().prefetch_related(
        "capital_links__capital", "responsibilities__organisation", "footprints__area"
    ):
        links = list(initiative.capital_links.all())
        main = [link.capital.name for link in links if link.weight == "primary"]
        others = [link.capital.name for link in links if link.weight == "secondary"]
        if not main:
            continue
        leads = {
            r.organisation.lineage
            for r in initiative.responsibilities.all()
            if r.role == "lead" and r.organisation.kind == "department"
        }
        portfolios = {"register"} | {f"department:{lineage}" for lineage in leads}
        portfolios |= {f"place:{f.area.gss_code}" for f in initiative.footprints.all() if f.area.kind != "country"}
        value = initiative.value_gbp or Decimal(0)
        for key in portfolios:
            members[key] += 1
            pounds[key, main[0]] += value
            split[key, main[0]] += value / 2 if others else value
            for name in others:
                split[key, name] += value / 2 / len(others)
    tilted = set()
    names = ("Financial and physical", "Human", "Social", "Natural")
    for key, count in members.items():
        total = sum(pounds[key, name] for name in names)
        assert total == pytest.approx(sum(split[key, name] for name in names))
        if count >= 5 and total and max(pounds[key, name] for name in names) >= total * Decimal("0.6"):
            tilted.add(key)
    flags = Flag.objects.standing().filter(check_code="CAP002").exclude(fingerprint__contains=":policy:")
    assert {flag.fingerprint.removeprefix("CAP002:") for flag in flags} == tilted
    for flag in flags:
        key = flag.fingerprint.removeprefix("CAP002:")
        total = sum(pounds[key, name] for name in names)
        for row in flag.evidence["rows"]:
            assert Decimal(str(row["Pounds"])) == pounds[key, row["Capital"]]
            assert row["Share with secondary links"] == f"{100 * split[key, row['Capital']] / total:.1f}%"
