"""The landscape's answers, worked out from the CSV rows alone: no database, none of the tracker's code."""

import csv
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

REFERENCE = Path(__file__).resolve().parents[3] / "policies" / "reference"
BEYOND_BIDDING = {"lead", "co-lead", "accountable", "delivery", "supporting", "funder"}


def read(name):
    with (REFERENCE / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


class Answers:
    """What the report must say of some collections; of everything without one."""

    def __init__(self, *collections):
        self.bodies = {row["code"]: row for row in read("organisations.csv")}
        self.policies = {
            row["reference"]: row
            for row in read("landscape_2021/policies.csv")
            if not collections or set(collections) & set(row["collections"].split(";"))
        }
        self.roles = self._of("roles.csv")
        self.leads = {
            row["initiative"]: self.bodies[row["organisation"]]["lineage"]
            for row in self.roles
            if row["role"] == "lead"
        }

    def _of(self, name):
        return [row for row in read(f"landscape_2021/{name}") if row["initiative"] in self.policies]

    def value(self, reference):
        return Decimal(self.policies[reference]["value_gbp"] or 0)

    def by_capital(self, without=""):
        """Pounds by primary capital, leaving out the policy with a short code."""
        pounds = Counter({code: Decimal(0) for code in ("financial_physical", "human", "social", "natural")})
        for row in self._of("capital_links.csv"):
            if row["weight"] == "primary" and self.policies[row["initiative"]]["short_code"] != without:
                pounds[row["capital"]] += self.value(row["initiative"])
        return pounds

    def shares(self, without=""):
        """The same as percentages with one place."""
        pounds = self.by_capital(without)
        return [round(float(100 * amount / sum(pounds.values())), 1) for amount in pounds.values()]

    def count_by_capital(self):
        links = Counter(row["capital"] for row in self._of("capital_links.csv") if row["weight"] == "primary")
        return [links[code] for code in ("financial_physical", "human", "social", "natural")]

    def criteria(self):
        """Policies with criteria, of them with a measure of health, criteria, of them measures of health."""
        rows = self._of("criteria.csv")
        healthy = [row for row in rows if row["is_health"] == "true"]
        return len({r["initiative"] for r in rows}), len({r["initiative"] for r in healthy}), len(rows), len(healthy)

    def holding(self, sector, roles=None):
        """The policies in which a body of the sector has a role, or one of some roles."""
        return {
            row["initiative"]
            for row in self.roles
            if self.bodies[row["organisation"]]["sector"] == sector and (roles is None or row["role"] in roles)
        }

    def local(self):
        """Policies beyond bidding, only bidding, none; and the pounds of the second."""
        deep = self.holding("local_government", BEYOND_BIDDING)
        shallow = self.holding("local_government") - deep
        none = len(self.policies) - len(deep) - len(shallow)
        return len(deep), len(shallow), none, sum(self.value(reference) for reference in shallow)

    def second_department(self):
        return {
            row["initiative"]
            for row in self.roles
            if row["role"] != "lead"
            and self.bodies[row["organisation"]]["kind"] == "department"
            and self.bodies[row["organisation"]]["lineage"] != self.leads.get(row["initiative"])
        }

    def pursuers(self):
        """Lead lineages by outcome."""
        found = defaultdict(set)
        for row in self._of("outcome_links.csv"):
            if row["direction"] == "improves" and row["initiative"] in self.leads:
                found[row["outcome"]].add(self.leads[row["initiative"]])
        return found

    def commitments(self):
        """Commitments, and those with a measure of health."""
        healthy_indicators = {row["code"] for row in read("indicators.csv") if row["is_health"] == "true"}
        under = {row["reference"] for row in read("landscape_2021/commitments.csv") if row["parent"] in self.policies}
        healthy = {
            row["initiative"]
            for row in read("landscape_2021/measures.csv")
            if row["initiative"] in under and (row["is_health"] == "true" or row["indicator"] in healthy_indicators)
        }
        return len(under), len(healthy)
