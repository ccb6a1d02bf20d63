"""Whatever is done to the register, in whatever order, incremental flags end equal to those of a full scan.

A machine of edits, deletes, roll-backs, crashes, sweeps and planned scans, on the real landscape in a real database.
After each run the flags are compared, check by check, with a look at everything. Each run starts where the one before
ended, so nothing is replayed; `TRACKER_LONG=1` runs a hundred times as many (`make soak`).
"""

import contextlib
import os

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from policies.models import (
    Area,
    Capital,
    CapitalLink,
    Dependency,
    Footprint,
    Initiative,
    Measure,
    Organisation,
    Outcome,
    OutcomeLink,
    Responsibility,
)
from tests.conftest import TODAY
from tests.policies import factories
from tests.tracker.actions.test_scans import make_policy, settled_scan
from tracker.actions import scans, verifying
from tracker.checks.catalogue import catalogue
from tracker.models import Flag, StaleCheck, ThresholdValue

LONG = bool(os.environ.get("TRACKER_LONG"))
NUMBER = st.integers(min_value=0, max_value=10_000)
ENDED = {"ended_at": "2026-01-01T00:00Z", "ended_reason": "over", "ended_outcome": "not_recorded"}


class Crash(BaseException):
    """What a killed process does not catch."""


def pick(rows, number):
    """One row of a queryset, the same for the same number; None when there is none."""
    count = rows.count()
    return rows.order_by("pk")[number % count] if count else None


def take_away(model, number):
    """Delete one row of a part."""
    if row := pick(model.objects.all(), number):
        row.delete()


class Register(RuleBasedStateMachine):
    """Writers, scanners and accidents."""

    user = None
    made = 0

    def initiative(self, number):
        return pick(Initiative.objects.filter(revises=None), number)

    @rule(number=NUMBER, value=st.sampled_from([None, 1, 99_999_999, 200_000_000, 10**10]))
    def change_value(self, number, value):
        Initiative.objects.filter(pk=self.initiative(number).pk).update(value_gbp=value, title=f"Title {number}")

    @rule(number=NUMBER)
    def publish_or_end(self, number):
        one = self.initiative(number)
        rows = Initiative.objects.filter(pk=one.pk)
        if one.status == "published":
            rows.update(status="closed", ended_by=self.user, **ENDED)
        elif one.status in ("closed", "withdrawn"):
            back = dict.fromkeys(("ended_at", "ended_by")) | {"ended_reason": "", "ended_outcome": ""}
            rows.update(status="published", **back)
        else:
            rows.update(
                status="published", published_at="2026-01-01T00:00Z", published_by=self.user, submitted_at=None,
                submitted_by=None,
            )  # fmt: skip

    @rule(number=NUMBER)
    def make_one(self, number):
        Register.made += 1
        make_policy(self.user, f"MADE-{Register.made:04d}", value_gbp=number)

    @rule(number=NUMBER)
    def delete_one(self, number):
        one = pick(Initiative.objects.filter(children=None, revises=None, status="published"), number)
        if one:
            one.delete()

    @rule(number=NUMBER, other=NUMBER)
    def move_a_commitment(self, number, other):
        under = pick(Initiative.objects.filter(kind="commitment"), number)
        above = pick(Initiative.objects.filter(kind="policy", revises=None), other)
        if under and above:
            Initiative.objects.filter(pk=under.pk).update(parent=above)

    @rule(number=NUMBER, other=NUMBER, direction=st.sampled_from(["improves", "worsens", "mixed"]))
    def link_an_outcome(self, number, other, direction):
        wanted = {"initiative": self.initiative(number), "outcome": pick(Outcome.objects.all(), other)}
        if not OutcomeLink.objects.filter(**wanted).exists():
            OutcomeLink.objects.create(**wanted, direction=direction, horizon="long")

    @rule(number=NUMBER, direction=st.sampled_from(["improves", "worsens"]))
    def turn_an_outcome(self, number, direction):
        link = pick(OutcomeLink.objects.all(), number)
        if link:
            OutcomeLink.objects.filter(pk=link.pk).update(direction=direction, pathway="", mitigation="")

    @rule(number=NUMBER, other=NUMBER)
    def build_a_capital(self, number, other):
        wanted = {"initiative": self.initiative(number), "capital": pick(Capital.objects.all(), other)}
        if not CapitalLink.objects.filter(**wanted).exists():
            CapitalLink.objects.create(**wanted, weight="secondary")

    @rule(number=NUMBER, other=NUMBER, role=st.sampled_from(["delivery", "consulted", "supporting", "co-lead"]))
    def give_a_role(self, number, other, role):
        body = pick(Organisation.objects.filter(active_to=None), other)
        wanted = {"initiative": self.initiative(number), "organisation": body}
        if not Responsibility.objects.filter(**wanted).exists():
            Responsibility.objects.create(**wanted, role=role)

    @rule(number=NUMBER, other=NUMBER)
    def name_a_place(self, number, other):
        wanted = {"initiative": self.initiative(number), "area": pick(Area.objects.filter(active_to=None), other)}
        Footprint.objects.get_or_create(**wanted)

    @rule(number=NUMBER, healthy=st.booleans())
    def measure_it(self, number, healthy):
        factories.measure(initiative=self.initiative(number), is_health=healthy, words=f"Measure {number}")

    @rule(number=NUMBER, other=NUMBER)
    def depend(self, number, other):
        one, another = self.initiative(number), self.initiative(other)
        if one.pk < another.pk and not Dependency.objects.filter(initiative=another, depends_on=one).exists():
            Dependency.objects.create(initiative=another, depends_on=one)

    @rule(number=NUMBER, reported=st.sampled_from(["red", "green"]))
    def report(self, number, reported):
        factories.update(initiative=self.initiative(number), rag=reported, reported_on=TODAY)

    @rule(
        number=NUMBER,
        model=st.sampled_from([OutcomeLink, CapitalLink, Responsibility, Footprint, Measure, Dependency]),
    )
    def take_a_part_away(self, number, model):
        take_away(model, number)

    @rule(number=NUMBER, lineage=st.sampled_from(["transport", "environment", "health"]))
    def regroup_a_department(self, number, lineage):
        body = pick(Organisation.objects.filter(kind="department"), number)
        Organisation.objects.filter(pk=body.pk).update(lineage=lineage)

    @rule(value=st.sampled_from([1, 50, 100]))
    def set_a_threshold(self, value):
        ThresholdValue.objects.update_or_create(
            check_code="CAP002", name="share", defaults={"value": value, "reason": "A trial.", "by": self.user}
        )

    @rule(number=NUMBER)
    def change_and_roll_back(self, number):
        with transaction.atomic():
            self.delete_one(number)
            self.make_one(number)
            transaction.set_rollback(True)

    @rule()
    def sweep(self):
        scans.scan_changes(today=TODAY, here=False)

    @rule()
    def plan_everything(self):
        scans.scan_all(today=TODAY, here=False)

    @rule(parts=st.integers(min_value=1, max_value=30))
    def work(self, parts):
        for _ in range(parts):
            if not scans.work_one():
                break

    @rule(after=st.integers(min_value=0, max_value=40), planned=st.booleans())
    def a_scanner_dies(self, after, planned):
        """Killed after so many checks: what its transaction wrote is gone."""
        true, seen = scans.reconcile, []

        def dying(*arguments):
            if len(seen) == after:
                raise Crash
            seen.append(1)
            return true(*arguments)

        scans.reconcile = dying
        try:
            with contextlib.suppress(Crash):
                scans.work_one() if planned else scans.scan_changes(today=TODAY, here=False)
        finally:
            scans.reconcile = true

    @rule(number=NUMBER)
    def a_check_crashes(self, number):
        code = list(catalogue())[number % len(catalogue())]
        true = scans.reconcile

        def breaking(check, *rest):
            if check.code == code:
                raise ValueError("a planted fault")
            return true(check, *rest)

        scans.reconcile = breaking
        try:
            scans.scan_changes(today=TODAY, here=False)
        finally:
            scans.reconcile = true

    def teardown(self):
        """Let the sweep come until nothing waits; then the flags are those of a look at everything."""
        StaleCheck.objects.update(try_at="2026-01-01T00:00Z")
        settled_scan()
        while scans.work_one():
            pass
        differences, sure = verifying.verify(today=TODAY)
        assert sure
        assert differences == []
        marks = Flag.objects.values_list("fingerprint", flat=True)
        assert len(set(marks)) == len(marks)


@pytest.mark.django_db(transaction=True)
def test_incremental_flags_end_equal_to_a_full_scan(registrar_user):
    settled_scan()
    Register.user = registrar_user
    run_state_machine_as_test(
        Register,
        settings=settings(
            max_examples=200 if LONG else 2,
            stateful_step_count=40 if LONG else 20,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # each run starts from where the last ended: it can be neither replayed nor shrunk
            suppress_health_check=list(HealthCheck),
        ),
    )
