"""Orders of events, and numbers, that once left flags wrong."""

import datetime

import pytest
from django.utils import timezone

from policies.actions.action import RuleError
from policies.models import Area, Outcome
from tests.policies import factories
from tests.tracker.checks.sound import bare, role, rows
from tracker.actions import scans, thresholds, verifying
from tracker.checks.catalogue import catalogue
from tracker.checks.limits import configured
from tracker.models import Flag, Scan, ScanPart, StaleCheck


def test_a_part_of_an_old_plan_goes_by_the_day_on_which_it_is_done(landscape):
    scan = scans.scan_all(here=False).scan
    Scan.objects.update(as_of=timezone.localdate() - datetime.timedelta(days=1))
    due = bare("commitment", due_date=timezone.localdate() - datetime.timedelta(days=1), due_precision="day")
    while scans.work_one():
        pass
    assert Flag.objects.standing().about(due).filter(check_code="DLV001").exists()
    scan.refresh_from_db()
    assert scan.as_of == timezone.localdate()


def test_a_part_of_a_plan_with_a_date_goes_by_that(landscape):
    day = timezone.localdate() - datetime.timedelta(days=2)
    due = bare("commitment", due_date=timezone.localdate() - datetime.timedelta(days=1), due_precision="day")
    assert scans.scan_all(today=day).scan.as_of == day
    assert not Flag.objects.standing().about(due).filter(check_code="DLV001").exists()


def test_verifying_works_off_what_is_planned_before_it_compares(landscape):
    Flag.objects.all().delete()
    scans.scan_all(here=False)
    assert verifying.verify() == ([], True)
    assert not ScanPart.objects.exists()


def test_what_a_check_that_is_no_more_left_behind_goes(landscape):
    StaleCheck.objects.create(code="OLD002", error="x")
    old = factories.flag(fingerprint="OLD001:policy:X", check_code="OLD001")
    assert [one.what for one in verifying.verify()[0] if one.code == "OLD001"] == ["left over"]
    number = Scan.objects.count()
    scans.scan_changes()
    assert not StaleCheck.objects.exists()
    assert Scan.objects.count() == number, "nothing was looked at, so there is no scan"
    scans.scan_all()
    old.refresh_from_db()
    assert old.resolved_at is not None


@pytest.mark.parametrize(
    ("code", "name"), [(code, name) for code, check in catalogue().items() for name in check.thresholds]
)
def test_no_check_crashes_at_the_most_that_its_threshold_can_be(landscape, code, name):
    administrator = factories.user(is_administrator=True)
    default = catalogue()[code].thresholds[name]
    most = next((n for unit, n in thresholds.MOST.items() if default.unit.startswith(unit)), thresholds.MOST_OF_OTHERS)
    with pytest.raises(RuleError, match="up to"):
        thresholds.set_threshold(by=administrator, code=code, name=name, value=most + 1, reason="Too much")
    thresholds.set_threshold(by=administrator, code=code, name=name, value=most, reason="The most")
    scan = scans.scan_some(codes=[code]).scan
    assert scan.errors == {}
    assert configured()[code].limit(name) == most


class TestWhatIsAboveAndHidden:
    """Public flags say nothing of the places of a policy that not everybody may read."""

    @pytest.mark.parametrize(
        "above", [{"status": "draft"}, {"status": "published", "sensitivity": "official_sensitive"}]
    )
    @pytest.mark.parametrize("code", ["DEP001", "DEP007", "DEP010"])
    def test_does_not_stand_in(self, empty_register, above, code):
        hidden = factories.policy(
            **({"published_at": timezone.now()} if above["status"] == "published" else {}), **above
        )
        area = Area.objects.get(gss_code="E08000024")
        factories.footprint(initiative=hidden, area=area)
        mine = self.pair(hidden, area, code)
        assert rows(code) == []
        factories.footprint(initiative=mine, area=area)
        assert len(rows(code)) == 1, "its own places do"

    def pair(self, hidden, area, code):
        outcome, indicator = Outcome.objects.first(), factories.indicator()
        found = []
        for lead, direction, target, title in (("dhsc", "improves", 10, "mend"), ("dft", "worsens", 20, "mends")):
            one = bare("commitment", title=f"We will {title} every pavement in the town by 2030", parent=None)
            role(one, lead, "lead")
            way = direction if code == "DEP001" else "improves"
            factories.outcome_link(initiative=one, outcome=outcome, direction=way, pathway="So.")
            factories.measure(
                initiative=one, indicator=indicator, words="", target_value=target,
                target_date=datetime.date(2030, 1, 1),
            )  # fmt: skip
            found.append(one)
        mine, theirs = found
        type(mine).objects.filter(pk=mine.pk).update(parent=hidden)
        factories.footprint(initiative=theirs, area=area)
        return mine
