"""The scan engine: incremental and full agree, nothing is lost, nothing is doubled, nothing is written for nothing."""

import threading
import time

import pytest
from django.db import connection, connections, transaction

from policies.actions import initiatives
from policies.models import Capital, CapitalLink, Change, Initiative, Organisation, Outcome, OutcomeLink, Responsibility
from tests.conftest import TODAY
from tests.policies import deciding, steps
from tracker.actions import scans
from tracker.checks.base import Sql
from tracker.checks.catalogue import catalogue
from tracker.models import Flag, Scan, ScanCursor, ScanKind, ScanStatus, StaleCheck


def settled_scan(**arguments):
    """Scan changes until none is left, as the sweep would; returns the first result that found some to scan.

    Transactions of other databases may hold changes back, and make a second look needed that finds nothing.
    """
    arguments.setdefault("today", TODAY)
    first = None
    for _ in range(300):
        result = scans.scan_changes(**arguments)
        first = first or (result if result.scan else None)
        if not result.unsettled and not result.busy:
            return first or result
        time.sleep(0.1)
    raise AssertionError("changes did not settle within 30 seconds")


def standing():
    """All standing flags with what they say, for comparing."""
    return set(Flag.objects.standing().values_list("fingerprint", "severity", "summary", "evidence_digest"))


@pytest.fixture
def register(transactional_db, registrar_user):
    """The landscape, committed and scanned, in a test that needs real transactions."""
    settled_scan()
    return registrar_user


def make_policy(by, reference="TEST-0001", **fields):
    """A bare published policy, as a bulk load would make it."""
    from django.utils import timezone

    return Initiative.objects.create(
        **{
            "kind": "policy",
            "form": "programme",
            "reference": reference,
            "title": f"Test policy {reference}",
            "status": "published",
            "created_by": by,
            "published_by": by,
            "published_at": timezone.now(),
        }
        | fields
    )


def test_second_scan_writes_nothing(landscape):
    events = Flag.pgh_event_models["update"].objects
    before = (standing(), events.count())
    scan = scans.scan_all(today=TODAY).scan
    assert (scan.opened, scan.changed, scan.reopened, scan.resolved) == (0, 0, 0, 0)
    assert (standing(), events.count()) == before


def test_first_scan_of_changes_looks_at_everything(landscape):
    ScanCursor.objects.all().delete()
    Flag.objects.all().delete()
    assert scans.scan_changes(today=TODAY).scan.kind == ScanKind.FULL


def test_nothing_changed_nothing_scanned(register):
    before = Scan.objects.count()
    assert settled_scan().scan is None
    assert Scan.objects.count() == before


@pytest.mark.parametrize(
    "change",
    [
        lambda p: OutcomeLink.objects.filter(initiative=p("gear-change")).delete(),
        lambda p: CapitalLink.objects.filter(initiative=p("luf")).delete(),
        lambda p: Responsibility.objects.filter(initiative=p("luf"), role="lead").delete(),
        lambda p: Responsibility.objects.filter(initiative=p("gear-change")).exclude(role="lead").delete(),
        lambda p: Initiative.objects.filter(short_code="english-freeports").update(
            status="closed",
            ended_at="2026-01-01T00:00Z",
            ended_by=p("luf").created_by,
            ended_reason="over",
            ended_outcome="not_recorded",
        ),
        lambda p: Initiative.objects.filter(short_code="luf").update(value_gbp=1),
        lambda p: Initiative.objects.filter(kind="commitment", parent=p("net-zero-strategy")).update(parent=p("luf")),
        lambda p: OutcomeLink.objects.filter(outcome__code="obesity").update(direction="mixed"),
        lambda p: OutcomeLink.objects.filter(direction="worsens").update(mitigation="Electric lorries only."),
        lambda p: OutcomeLink.objects.filter(direction="worsens").update(outcome=Outcome.objects.get(code="obesity")),
        lambda p: p("gear-change").criteria.model.objects.filter(initiative=p("luf")).update(is_health=True),
        lambda p: p("luf").measures.model.objects.all().delete(),
        lambda p: Organisation.objects.filter(code="dft").update(lineage="environment"),
        lambda p: p("luf").footprints.all().delete(),
    ],
)
def test_incremental_scan_ends_where_a_full_one_does(register, change):
    """Each kind of change, made in bulk and unseen by any action, leaves the flags that a full scan would."""

    def policy(short_code):
        return Initiative.objects.get(short_code=short_code)

    change(policy)
    before = standing()
    result = settled_scan()
    assert result.scan is not None
    assert result.scan.status == ScanStatus.DONE
    after = standing()
    full = scans.scan_all(today=TODAY).scan
    assert (full.opened, full.changed, full.resolved) == (0, 0, 0)
    assert standing() == after
    assert before != after or result.scan.opened == result.scan.resolved == 0


def test_a_save_opens_flags_and_its_mending_resolves_them(register):
    policy = make_policy(register, form="fund", value_gbp=200_000_000)
    CapitalLink.objects.create(
        initiative=policy, capital=Capital.objects.get(code="financial_physical"), weight="primary"
    )
    settled_scan()
    own = Flag.objects.about(policy)
    codes = set(own.standing().values_list("check_code", flat=True))
    assert codes == {"CAP004", "FND001", "LOC001", "OUT001", "REC001", "REC003"}
    Responsibility.objects.create(initiative=policy, organisation=Organisation.objects.get(code="dft"), role="lead")
    CapitalLink.objects.create(initiative=policy, capital=Capital.objects.get(code="human"), weight="secondary")
    settled_scan()
    codes = set(own.standing().values_list("check_code", flat=True))
    assert codes == {"FND001", "LOC001", "NHS001", "OUT001", "REC003"}
    gone = own.get(check_code="CAP004")
    assert gone.resolved_at is not None
    CapitalLink.objects.filter(initiative=policy, capital__code="human").delete()
    settled_scan()
    gone.refresh_from_db()
    assert (gone.resolved_at, gone.times_opened) == (None, 2)


def test_a_deleted_initiative_takes_its_flags_with_it(register):
    policy = make_policy(register)
    settled_scan()
    assert Flag.objects.about(policy).exists()
    policy.delete()
    settled_scan()
    assert not Flag.objects.filter(fingerprint__contains="TEST-0001").exists()


def test_what_people_decide_is_not_the_machines(register):
    flag = Flag.objects.standing().filter(check_code="NHS001").first()
    decision = deciding.flag_decision(flag=flag, by=register, words="Ask the boards.")
    Initiative.objects.filter(pk=flag.initiative_id).update(title="Another title")
    settled_scan()
    flag.refresh_from_db()
    decision.refresh_from_db()
    assert "Another title" in flag.summary
    assert (decision.by, decision.words, decision.superseded_at) == (register, "Ask the boards.", None)
    assert Flag.objects.with_state().get(pk=flag.pk).state == "acknowledged"


def test_a_check_that_crashes_is_shown_stops_nobody_and_catches_up(register, monkeypatch):
    flags = set(Flag.objects.standing().filter(check_code="OUT001").values_list("pk", flat=True))
    policy = make_policy(register)
    broken = catalogue()["OUT001"]
    monkeypatch.setattr(broken, "found", lambda self, scope: Sql("SELECT 1 / 0", {}), raising=False)
    scan = settled_scan().scan
    assert scan.status == ScanStatus.FAILED
    assert list(scan.errors) == ["OUT001"]
    assert set(Flag.objects.standing().filter(check_code="OUT001").values_list("pk", flat=True)) == flags
    assert Flag.objects.about(policy).filter(check_code="CAP001").exists()
    monkeypatch.undo()
    StaleCheck.objects.update(try_at=scan.finished_at)
    scan = settled_scan().scan
    assert scan.status == ScanStatus.DONE
    assert Flag.objects.about(policy).filter(check_code="OUT001").exists()
    assert not StaleCheck.objects.exists()


def test_a_scan_that_dies_leaves_its_work_to_the_next(register, monkeypatch):
    policy = make_policy(register)
    monkeypatch.setattr(scans.Scan.objects, "create", lambda **_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        settled_scan()
    assert not Flag.objects.about(policy).exists()
    monkeypatch.undo()
    settled_scan()
    assert Flag.objects.about(policy).exists()


def test_a_transaction_that_commits_late_is_not_skipped(register):
    """It began first, a later one was scanned before it ended, and its flags still come."""
    begun, go_on = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            make_policy(register, "TEST-0001")
            begun.set()
            go_on.wait(20)
        connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    assert begun.wait(10)
    make_policy(register, "TEST-0002")
    result = scans.scan_changes(today=TODAY)
    assert result.unsettled
    go_on.set()
    thread.join()
    settled_scan()
    flagged = set(Flag.objects.filter(initiative__reference__startswith="TEST").values_list("initiative__reference"))
    assert flagged == {("TEST-0001",), ("TEST-0002",)}


def test_a_rolled_back_change_opens_nothing(register):
    with transaction.atomic():
        make_policy(register)
        transaction.set_rollback(True)
    assert settled_scan().scan is None


def test_one_scan_at_a_time(register):
    make_policy(register)
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
    assert scans.scan_changes(today=TODAY).busy
    done.set()
    thread.join()
    settled_scan()
    assert Flag.objects.filter(fingerprint="REC001:policy:TEST-0001").count() == 1


def test_many_scanners_under_many_writers_end_true(register):
    """Eight writers and three scanners at once: afterwards the flags are those of a full scan, each once."""
    stop = threading.Event()
    failures = []

    def write(number):
        try:
            for step in range(6):
                policy = make_policy(register, f"W{number}-{step + 1:04d}")
                OutcomeLink.objects.create(
                    initiative=policy, outcome=Outcome.objects.first(), direction="improves", horizon="long"
                )
                if step % 3 == 2:
                    policy.delete()
        except Exception as error:  # noqa: BLE001 - reported by the assertion below
            failures.append(error)
        connections.close_all()

    def scan():
        while not stop.is_set():
            try:
                scans.scan_changes(today=TODAY)
            except Exception as error:  # noqa: BLE001 - reported by the assertion below
                failures.append(error)
            time.sleep(0.01)
        connections.close_all()

    scanners = [threading.Thread(target=scan) for _ in range(3)]
    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in scanners + writers:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in scanners:
        thread.join()
    assert failures == []
    settled_scan()
    incremental = standing()
    full = scans.scan_all(today=TODAY).scan
    assert (full.opened, full.changed, full.resolved) == (0, 0, 0)
    assert standing() == incremental
    assert len(incremental) == len({fingerprint for fingerprint, *_ in incremental})


def test_an_action_is_seen_through_the_change_log(register, person):
    approver = person("approver", "dft")
    draft = initiatives.create(
        by=approver,
        kind="commitment",
        form="commitment",
        lead=Organisation.objects.get(code="dft"),
        title="Quiet roads",
    )
    settled_scan()
    assert not Flag.objects.about(draft).exists(), "a draft is not judged"
    published = steps.publish(draft, by=approver)
    settled_scan()
    assert "MET001" in set(Flag.objects.about(published).values_list("check_code", flat=True))


def test_nightly_scan_runs_once_a_night(landscape):
    from django.utils import timezone

    due = timezone.now().replace(microsecond=0)
    assert scans.scan_nightly(due=due, today=TODAY).scan is not None
    assert scans.scan_nightly(due=due, today=TODAY) is None


def test_a_scan_is_a_constant_number_of_statements(landscape, django_assert_max_num_queries):
    """A handful for each check, however many initiatives there are."""
    with django_assert_max_num_queries(14 * len(catalogue()) + 30):
        scans.scan_all(today=TODAY)


def test_the_cursor_is_at_the_horizon_after_a_scan(register):
    make_policy(register)
    settled_scan()
    cursor = ScanCursor.objects.get(name=scans.CURSOR).xid
    assert not Change.objects.filter(xid__gte=cursor).exists()
    with connection.cursor() as sql:
        sql.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        assert cursor <= sql.fetchone()[0]


def test_a_restored_backup_is_scanned_anew(register):
    """In a new cluster transactions are numbered from the start: the old cursor and log lie in its future."""
    ahead = Change.horizon() + 1_000_000
    ScanCursor.objects.filter(name=scans.CURSOR).update(xid=ahead)
    Change.objects.filter(pk__in=Change.objects.values("pk")[:5]).update(xid=ahead)
    make_policy(register)
    result = settled_scan()
    assert result.scan.kind == ScanKind.FULL
    assert Flag.objects.filter(fingerprint="REC001:policy:TEST-0001").exists()
    assert settled_scan().scan is None
