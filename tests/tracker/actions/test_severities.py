"""Severities as administrators change them: with a reason, in history, and on every flag after the next scan."""

import pytest
from django.apps import apps

from policies.actions.action import NotAllowedError, RuleError
from policies.models import Change
from tests.policies import factories
from tests.tracker.actions.test_scans import settled_scan
from tracker.actions import scans
from tracker.actions.neighbourhood import neighbourhood
from tracker.actions.severities import reset_severity, set_severity
from tracker.checks.limits import configured, severities
from tracker.models import Flag, SeverityValue

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return factories.user(is_administrator=True)


def put(by, severity="low", code="LOC001", reason="It is everywhere"):
    return set_severity(by=by, code=code, severity=severity, reason=reason)


def of_flags(code):
    return set(Flag.objects.standing().filter(check_code=code).values_list("severity", flat=True))


def test_without_a_change_checks_say_how_severe_they_are():
    assert severities() == {}
    assert configured()["LOC001"].severity_set is None


def test_a_row_of_a_check_that_is_gone_is_passed_over():
    factories.severity_value(check_code="ZZZ001")
    assert severities() == {}
    assert "ZZZ001" not in configured()


def test_a_change_holds_for_all_flags_of_the_check_and_of_no_other(landscape, administrator):
    before, others = of_flags("LOC001"), of_flags("NHS001")
    assert len(before) == 2, "its severity depends on the row"
    put(administrator)
    scans.scan_all()
    assert of_flags("LOC001") == {"low"}
    assert of_flags("NHS001") == others
    reset_severity(by=administrator, code="LOC001", reason="It was right")
    scans.scan_all()
    assert of_flags("LOC001") == before


@pytest.mark.parametrize("code", ["CAP004", "DEP001", "DEP003", "DEP004", "NHS001", "CAP002", "OUT005"])
def test_checks_of_every_make_go_by_it(landscape, administrator, code):
    for severity in ("low", "high"):
        put(administrator, severity, code)
        scans.scan_all()
        assert of_flags(code) <= {severity}


def test_changes_and_the_way_back_are_in_history_and_in_the_change_log(administrator):
    put(administrator)
    put(administrator, "high", reason="Worse")
    reset_severity(by=administrator, code="LOC001", reason="It was right")
    events = apps.get_model("tracker", "SeverityValueEvent").objects.order_by("pgh_id")
    assert [(e.pgh_label, e.severity, e.reason) for e in events] == [
        ("insert", "low", "It is everywhere"),
        ("update", "high", "Worse"),
        ("update", "high", "It was right"),
        ("delete", "high", "It was right"),
    ]
    log = Change.objects.filter(table_name="tracker_severityvalue").order_by("pk")
    assert "".join(log.values_list("operation", flat=True)) == "iuud"
    last = log.last().xid
    assert neighbourhood(last, last + 1, full=False).everything


@pytest.mark.django_db(transaction=True)
def test_once_committed_the_next_sweep_scans_everything():
    settled_scan()
    put(factories.user(is_administrator=True))
    assert settled_scan().scan.kind == "full"


@pytest.mark.parametrize("role", ["reader", "editor", "approver"])
def test_members_change_none(administrator, role):
    member = factories.member(role, factories.organisation())
    with pytest.raises(NotAllowedError):
        put(member)
    put(administrator)
    with pytest.raises(NotAllowedError):
        reset_severity(by=member, code="LOC001", reason="R")
    assert severities() == {"LOC001": "low"}


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"severity": "dire"}, "Select the severity"),
        ({"severity": "high"}, "It is high already"),
        ({"reason": " "}, "Enter why"),
        ({"code": "ZZZ001"}, "There is no check"),
    ],
)
def test_what_is_refused(administrator, how, message):
    put(administrator, "high")
    with pytest.raises(RuleError, match=message):
        put(administrator, **how)
    assert severities() == {"LOC001": "high"}


def test_there_is_no_way_back_from_where_nobody_went(administrator):
    with pytest.raises(RuleError, match="at its default already"):
        reset_severity(by=administrator, code="LOC001", reason="R")
    assert not SeverityValue.objects.exists()
