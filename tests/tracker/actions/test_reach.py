"""What checks on measures, money and places read: each kind of change leaves the flags that a full scan would."""

import datetime

from policies.models import (
    Area,
    Footprint,
    Indicator,
    Initiative,
    Measure,
    Organisation,
    Power,
    PowerSign,
)
from tests.conftest import TODAY
from tests.policies import factories
from tests.tracker.actions.test_scans import register, settled_scan, standing
from tracker.actions import scans
from tracker.models import Flag, ScanKind

__all__ = ["register"]

ENGLAND = "E92000001"


def area(gss_code):
    """A place of the reference data."""
    return Area.objects.get(gss_code=gss_code)


def initiative(code):
    """A record of the landscape."""
    return Initiative.objects.get(reference=code)


def end(**which):
    """Close records."""
    found = Initiative.objects.filter(**which)
    found.update(
        status="closed", ended_at="2026-01-01T00:00Z", ended_by=found[0].created_by, ended_reason="over",
        ended_outcome="not_recorded",
    )  # fmt: skip


def give(number):
    """Give money to so many places."""
    for place in Area.objects.filter(kind="unitary", active_to=None)[:number]:
        factories.allocation(initiative=initiative("MHCLG-0001"), area=place)


def take_part(body, code):
    """Give a body a role."""
    body = Organisation.objects.get(code=body)
    factories.responsibility(initiative=initiative(code), organisation=body, role="supporting")


CHANGES = {
    "a commitment's place": (lambda: Footprint.objects.filter(initiative__kind="commitment").delete(), None),
    "a policy's places": (lambda: Footprint.objects.filter(initiative=initiative("DHSC-0002")).delete(), "REC004"),
    "a horizon": (lambda: Measure.objects.filter(initiative=initiative("DCMS-0005")).update(horizon="long"), "MET003"),
    "a target": (lambda: Measure.objects.exclude(target_value=None).update(baseline_text="4"), "MET004"),
    "a measure": (lambda: Measure.objects.filter(initiative=initiative("DHSC-0018")).delete(), "REC004"),
    "a purpose": (lambda: Measure.objects.filter(is_health=True).update(purpose="targeting"), "FND003"),
    "an end": (lambda: Initiative.objects.filter(reference="PSHIP-0013").update(end_date=TODAY), "PAR005"),
    "a partnership that ends": (lambda: end(kind="partnership", end_date__isnull=False), "PAR005"),
    "a source": (lambda: Initiative.objects.filter(kind="policy").update(source_title="", source_url=""), "REC003"),
    "a role": (lambda: take_part("icb", "DFE-0004"), "NHS003"),
    "an update": (lambda: factories.update(initiative=initiative("DHSC-0018")), None),
    "money": (lambda: give(20), None),
}  # fmt: skip


def test_each_incremental_scan_ends_where_a_full_one_does(register):
    for name, (change, code) in CHANGES.items():
        before = standing()
        change()
        assert settled_scan().scan.kind == ScanKind.INCREMENTAL, name
        after = standing()
        full = scans.scan_all(today=TODAY).scan
        assert (full.opened, full.changed, full.reopened, full.resolved) == (0, 0, 0, 0), name
        assert standing() == after, name
        assert code is None or any(row[0].startswith(code) for row in before ^ after), name


def observe():
    """A value of smoking in England, long ago."""
    year = {"period_start": datetime.date(2020, 1, 1), "period_end": datetime.date(2020, 12, 31)}
    indicator = Indicator.objects.get(code="fingertips:92443")
    factories.observation(indicator=indicator, area=area(ENGLAND), value=14, **year)


def test_what_bears_on_any_number_calls_for_a_full_scan(register):
    observe()
    assert settled_scan().scan.kind == ScanKind.FULL
    assert Flag.objects.standing().filter(check_code="MET008", initiative=initiative("DHSC-0018")).exists()
    for model in (Power, PowerSign):
        model.objects.all().delete()
        assert settled_scan().scan.kind == ScanKind.FULL
