"""Thresholds as administrators change them: with a reason, in history, and seen by the next scan."""

from decimal import Decimal

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from policies.actions.action import NotAllowedError, RuleError
from policies.models import Change
from tests.policies import factories
from tests.tracker.actions.test_scans import settled_scan
from tracker.actions import scans
from tracker.actions.neighbourhood import neighbourhood
from tracker.actions.thresholds import reset_threshold, set_threshold
from tracker.checks.catalogue import catalogue
from tracker.checks.limits import configured, current
from tracker.models import Flag, ThresholdValue

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return factories.user(is_administrator=True)


def put(by, value, code="CAP004", name="value", reason="Smaller funds matter too"):
    return set_threshold(by=by, code=code, name=name, value=Decimal(value), reason=reason)


def test_a_change_is_what_the_check_goes_by(administrator):
    put(administrator, "5000000")
    assert current() == {"CAP004": {"value": 5_000_000}}
    check = catalogue()["CAP004"]
    assert check(current()["CAP004"]).limit("value") == 5_000_000
    assert check().limit("value") == check.thresholds["value"].value == 100_000_000


def test_without_a_change_defaults_hold():
    assert current() == {}
    assert catalogue()["CAP002"](current().get("CAP002")).limit("share") == 60


def test_a_second_change_takes_the_place_of_the_first_and_both_are_in_history(administrator):
    put(administrator, 5_000_000)
    put(administrator, 100_000_000, reason="Back to what it was")
    assert ThresholdValue.objects.count() == 1
    events = apps.get_model("tracker", "ThresholdValueEvent").objects.order_by("pgh_id")
    assert [(event.value, event.reason) for event in events] == [
        (5_000_000, "Smaller funds matter too"),
        (100_000_000, "Back to what it was"),
    ]


@pytest.mark.parametrize("role", ["reader", "editor", "approver"])
def test_members_change_none(role):
    with pytest.raises(NotAllowedError):
        put(factories.member(role, factories.organisation()), 5)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"value": 0}, "above 0"),
        ({"value": -1}, "above 0"),
        ({"value": "1e30"}, "up to"),
        ({"value": "1.5"}, "whole number"),
        ({"value": 100_000_000}, "is 100,000,000 already"),
        ({"value": 5, "reason": " "}, "Enter why"),
        ({"value": 5, "code": "ZZZ001"}, "No check has"),
        ({"value": 5, "name": "nothing"}, "No check has"),
        ({"value": 101, "code": "CAP002", "name": "share"}, "up to 100"),
    ],
)
def test_what_is_refused(administrator, how, message):
    with pytest.raises(RuleError, match=message):
        put(administrator, **how)
    assert not ThresholdValue.objects.exists()


def test_a_row_of_a_threshold_that_is_gone_is_passed_over(administrator):
    factories.threshold_value(check_code="ZZZ001", name="value")
    factories.threshold_value(check_code="CAP004", name="gone")
    assert current() == {}


class TestTheWayBack:
    def test_leads_to_the_default_and_its_reason_to_history(self, administrator):
        put(administrator, 5)
        reset_threshold(by=administrator, code="CAP004", name="value", reason="It was right")
        assert current() == {}
        events = apps.get_model("tracker", "ThresholdValueEvent").objects.order_by("pgh_id")
        assert [event.pgh_label for event in events] == ["insert", "update", "delete"]
        assert events.last().reason == "It was right"
        assert Change.objects.filter(table_name="tracker_thresholdvalue", operation="d").exists()

    def test_is_for_administrators_with_a_reason_and_from_a_change(self, administrator):
        for change, message in (({}, "at its default already"), ({"name": "nothing"}, "No check has")):
            with pytest.raises(RuleError, match=message):
                reset_threshold(**({"by": administrator, "code": "CAP004", "name": "value", "reason": "R"} | change))
        put(administrator, 5)
        with pytest.raises(RuleError, match="Enter why"):
            reset_threshold(by=administrator, code="CAP004", name="value", reason=" ")
        with pytest.raises(NotAllowedError):
            reset_threshold(by=factories.user(), code="CAP004", name="value", reason="R")
        assert current() == {"CAP004": {"value": 5}}


class TestScanning:
    def test_goes_by_the_change(self, landscape, administrator):
        flags = Flag.objects.standing().filter(check_code="CAP004")
        before = flags.count()
        put(administrator, 10**12, reason="None is so large")
        scans.scan_all()
        assert (before, flags.count()) == (4, 0)
        put(administrator, 1, reason="All are as large")
        scans.scan_all()
        assert flags.count() >= before

    def test_a_change_bears_on_everything(self, landscape, administrator):
        put(administrator, 1)
        last = Change.objects.filter(table_name="tracker_thresholdvalue").latest("xid").xid
        assert neighbourhood(last, last + 1, full=False).everything

    def test_reads_all_of_them_in_one_query(self, landscape, administrator):
        put(administrator, 5)
        put(administrator, 30, code="DLV002", name="days")
        with CaptureQueriesContext(connection) as asked:
            configured()
        reading = [query for query in asked if "tracker_thresholdvalue" in query["sql"]]
        assert len(reading) == 1
        assert len([query for query in asked if "tracker_severityvalue" in query["sql"]]) == 1

    @pytest.mark.django_db(transaction=True)
    def test_once_committed_the_next_sweep_scans_everything(self):
        settled_scan()
        put(factories.user(is_administrator=True), 5)
        assert settled_scan().scan.kind == "full"
