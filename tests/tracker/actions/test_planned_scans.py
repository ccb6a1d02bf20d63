"""Full scans are planned in parts that any number of workers do; a part that dies is done by the next."""

import threading

import pytest
from django.db import connections, transaction

from policies.actions.action import NotAllowedError
from policies.models import Initiative
from tests.conftest import TODAY
from tests.policies import factories
from tests.tracker.actions.test_scans import make_policy, register, settled_scan, standing  # noqa: F401
from tracker import tasks
from tracker.actions import scans
from tracker.checks.base import Sql
from tracker.checks.catalogue import catalogue
from tracker.models import Flag, Scan, ScanPart, ScanStatus, StaleCheck


def parts():
    return list(ScanPart.objects.order_by("position").values_list("code", flat=True))


def plan():
    return scans.scan_all(today=TODAY, here=False).scan


def test_a_plan_has_a_part_for_each_check_and_writes_no_flag(landscape):
    before = standing()
    Flag.objects.all().delete()
    scan = plan()
    assert (scan.status, scan.finished_at) == (ScanStatus.RUNNING, None)
    assert parts() == list(catalogue())
    assert not Flag.objects.exists()
    while scans.work_one():
        pass
    scan.refresh_from_db()
    assert scan.status == ScanStatus.DONE
    assert standing() == before
    assert scan.opened == len(before) == sum(numbers[0] for numbers in scan.counts.values())
    assert set(scan.timings) == set(catalogue())
    assert not ScanPart.objects.exists()


def test_a_plan_that_nobody_has_begun_will_do_for_the_next_who_asks(landscape):
    first = plan()
    assert plan() == first
    scans.work_one()
    second = plan()
    assert second != first, "what is done has not seen what came later"
    while scans.work_one():
        pass
    assert set(Scan.objects.running()) == set()


def test_a_plan_for_another_day_is_another_plan(landscape):
    assert plan() != scans.scan_all(today=TODAY.replace(day=1), here=False).scan


def test_several_workers_share_the_parts_and_none_does_one_twice(register):  # noqa: F811
    before = standing()
    Flag.objects.all().delete()
    scan, done = plan(), []

    def work():
        while scans.work_one(scan):
            done.append(1)
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    scan.refresh_from_db()
    assert scan.status == ScanStatus.DONE
    assert len(done) == len(catalogue())
    assert standing() == before


def test_a_part_whose_worker_dies_waits_for_the_next(register, monkeypatch):  # noqa: F811
    scan = plan()
    monkeypatch.setattr(scans, "reconcile", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        scans.work_one()
    monkeypatch.undo()
    assert parts() == list(catalogue()), "nothing of it is done"
    while scans.work_one():
        pass
    scan.refresh_from_db()
    assert scan.status == ScanStatus.DONE


def test_a_scan_whose_last_worker_died_before_adding_up_is_closed_by_the_next(landscape):
    scan = plan()
    ScanPart.objects.update(done_at=scan.started_at)
    scans.close_finished()
    scan.refresh_from_db()
    assert scan.status == ScanStatus.DONE


def test_what_is_saved_between_plan_and_part_is_not_undone_by_the_part(register):  # noqa: F811
    """A part looks at what stands when it runs; what the sweep wrote meanwhile stays true."""
    scan = plan()
    policy = make_policy(register)
    settled_scan(here=False)
    assert Flag.objects.about(policy).standing().exists()
    while scans.work_one(scan):
        pass
    settled_scan()
    before = standing()
    scans.scan_all(today=TODAY)
    assert standing() == before


def test_a_check_that_crashes_in_a_part_fails_the_scan_and_keeps_its_flags(landscape, monkeypatch):
    kept = set(Flag.objects.filter(check_code="LOC001").values_list("pk", "resolved_at"))
    monkeypatch.setattr(catalogue()["LOC001"], "found", lambda self, scope: Sql("SELECT 1 / 0", {}), raising=False)
    scan = scans.scan_all(today=TODAY).scan
    assert (scan.status, list(scan.errors)) == (ScanStatus.FAILED, ["LOC001"])
    assert "ProgrammingError" in scan.errors["LOC001"]
    assert set(Flag.objects.filter(check_code="LOC001").values_list("pk", "resolved_at")) == kept


def test_a_check_that_crashes_is_tried_ever_less_often(landscape, monkeypatch):
    monkeypatch.setattr(catalogue()["LOC001"], "found", lambda self, scope: Sql("SELECT 1 / 0", {}), raising=False)
    pauses = []
    for _ in range(3):
        scans.scan_all(today=TODAY)
        stale = StaleCheck.objects.get(code="LOC001")
        pauses.append((stale.try_at - Scan.objects.latest().finished_at).total_seconds())
    assert stale.tries == 3
    assert pauses == sorted(pauses)
    assert 3 < pauses[0] < 7
    assert 15 < pauses[2] < 25
    number = Scan.objects.count()
    scans.scan_changes(today=TODAY)
    assert Scan.objects.count() == number, "it is not due yet, and nothing has changed"
    monkeypatch.undo()
    StaleCheck.objects.update(try_at=stale.since)
    assert scans.scan_changes(today=TODAY).scan.status == ScanStatus.DONE
    assert not StaleCheck.objects.exists()


def test_some_checks_alone(landscape):
    Flag.objects.all().delete()
    scan = scans.scan_some(codes=["LOC001", "NHS001"], today=TODAY).scan
    assert set(Flag.objects.values_list("check_code", flat=True)) == {"LOC001", "NHS001"}
    assert (scan.kind, set(scan.timings)) == ("selected", {"LOC001", "NHS001"})


def test_one_initiative_alone(landscape):
    policy = Initiative.objects.get(short_code="luf")
    Flag.objects.all().delete()
    scans.scan_some(initiatives=[policy.pk], today=TODAY)
    assert Flag.objects.about(policy).filter(check_code="FND002").exists()
    assert not Flag.objects.filter(check_code="FND002").exclude(initiative=policy).exists()


def test_only_an_administrator_asks_for_a_scan(landscape, person):
    with pytest.raises(NotAllowedError):
        scans.ask_for_scan(by=person("approver", "dft"))
    administrator = factories.user(is_administrator=True)
    scan = scans.ask_for_scan(by=administrator)
    assert (scan.asked_by, scan.status) == (administrator, ScanStatus.RUNNING)


def test_the_nightly_slot_goes_back_when_another_scan_is_busy(register):  # noqa: F811
    from django.utils import timezone

    from tracker.models import ScanCursor, Slot

    locked, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            ScanCursor.objects.select_for_update().get(name=scans.CURSOR)
            locked.set()
            done.wait(20)
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    assert locked.wait(10)
    due = timezone.now().replace(microsecond=0)
    assert scans.scan_nightly(due=due, today=TODAY).busy
    assert not Slot.objects.filter(due=due).exists()
    done.set()
    thread.join()
    assert scans.scan_nightly(due=due, today=TODAY).scan.status == ScanStatus.DONE


class TestTasks:
    """The workers are set on a plan unless some are at it."""

    @pytest.fixture
    def sent(self, monkeypatch):
        sent = []
        monkeypatch.setattr(tasks.work_on_scan, "delay", lambda: sent.append(1))
        return sent

    def test_nothing_waits_and_nobody_is_sent(self, landscape, sent):
        tasks.work_off_scans()
        assert sent == []

    def test_a_plan_that_waits_is_given_to_the_workers(self, landscape, sent, settings):
        plan()
        settings.SCAN_WORKERS = 3
        tasks.work_off_scans()
        assert len(sent) == 3

    def test_each_part_asks_for_the_next_and_the_last_for_none(self, landscape, sent):
        plan()
        runs = 0
        while len(sent) == runs:
            tasks.work_on_scan()
            runs += 1
        assert runs == len(catalogue()) + 1
        assert not Scan.objects.running().exists()

    def test_nobody_more_is_sent_while_one_is_at_it(self, register, sent):  # noqa: F811
        plan()
        locked, done = threading.Event(), threading.Event()

        def hold():
            with transaction.atomic():
                ScanPart.objects.select_for_update().order_by("position").first()
                locked.set()
                done.wait(20)
            connections.close_all()

        thread = threading.Thread(target=hold)
        thread.start()
        assert locked.wait(10)
        tasks.work_off_scans()
        done.set()
        thread.join()
        assert sent == []
