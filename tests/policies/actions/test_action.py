"""What every action does afterwards: a word to the workers, which costs nobody anything."""

import threading
import time

import pytest
from celery import Celery
from django.db import transaction
from structlog.testing import capture_logs

from policies.actions import action as module
from policies.actions.action import Announcer, RuleError, action
from policies.models import Collection
from tests.policies import factories

SOON = 0.2


@pytest.fixture
def announcing(settings):
    settings.ANNOUNCE_CHANGES = True


def wait_for(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


class Broker:
    """Takes tasks; holds the sender while `open` is not set."""

    def __init__(self):
        self.sent, self.open = [], threading.Event()
        self.open.set()

    def send_task(self, name, **_options):
        self.sent.append(name)
        assert self.open.wait(20)


@pytest.fixture
def broker(monkeypatch):
    broker = Broker()
    monkeypatch.setattr(module, "current_app", broker)
    yield broker
    broker.open.set()


@pytest.fixture
def told(monkeypatch):
    """How often the announcer was called, and what other connections could see then."""
    calls = []

    class Listener:
        def announce(self):
            calls.append(Collection.objects.filter(code__startswith="told-").count())

    monkeypatch.setattr(module, "announcer", Listener())
    return calls


@pytest.mark.usefixtures("announcing")
class TestAnnouncer:
    def test_names_the_task_that_scans(self, broker):
        from tracker.tasks import scan_changes

        Announcer().announce()
        wait_for(lambda: broker.sent)
        assert broker.sent == [scan_changes.name]

    def test_does_not_wait_for_a_broker_that_takes_long(self, broker):
        broker.open.clear()
        announcer, start = Announcer(), time.monotonic()
        for _ in range(100):
            announcer.announce()
        assert time.monotonic() - start < SOON

    def test_merges_words_while_one_is_on_its_way(self, broker):
        broker.open.clear()
        announcer = Announcer()
        announcer.announce()
        wait_for(lambda: broker.sent)
        for _ in range(100):
            announcer.announce()
        broker.open.set()
        wait_for(lambda: len(broker.sent) == 2)
        time.sleep(SOON)
        assert len(broker.sent) == 2

    @pytest.mark.parametrize("address", ["redis+socket:///nowhere/redis.sock", "redis://127.0.0.1:1/0"])
    def test_neither_waits_nor_raises_when_the_broker_is_down(self, address, monkeypatch):
        app = Celery("nobody", broker=address, set_as_current=False)
        app.conf.broker_transport_options = {"socket_connect_timeout": 2, "max_retries": 1}
        monkeypatch.setattr(module, "current_app", app)
        announcer, start = Announcer(), time.monotonic()
        with capture_logs() as logs:
            announcer.announce()
            assert time.monotonic() - start < SOON
            wait_for(lambda: logs)
        assert [line["event"] for line in logs] == ["scan_not_announced"]

    def test_goes_on_once_the_broker_is_back(self, broker, monkeypatch):
        def fail(name, **_options):
            raise ConnectionError(name)

        announcer = Announcer()
        with monkeypatch.context() as patch, capture_logs() as logs:
            patch.setattr(broker, "send_task", fail)
            announcer.announce()
            wait_for(lambda: logs)
        announcer.announce()
        wait_for(lambda: broker.sent)

    def test_is_silent_where_the_setting_says_so(self, broker, settings):
        settings.ANNOUNCE_CHANGES = False
        Announcer().announce()
        time.sleep(SOON)
        assert broker.sent == []


@action
def put(*, by, code, fail=False):
    """Write a row, and perhaps think better of it."""
    Collection.objects.create(code=code, name="Set")
    if fail:
        raise RuleError("No.")
    return code


@pytest.mark.usefixtures("committed")
class TestAction:
    def test_announces_when_its_rows_can_be_seen(self, told):
        assert put(by=factories.user(), code="told-1") == "told-1"
        assert told == [1]

    def test_announces_nothing_when_it_fails(self, told):
        with pytest.raises(RuleError):
            put(by=factories.user(), code="told-1", fail=True)
        assert told == []
        assert not Collection.objects.filter(code="told-1").exists()

    def test_announces_nothing_when_what_is_around_it_fails(self, told):
        by = factories.user()

        @transaction.atomic
        def both():
            put(by=by, code="told-1")
            put(by=by, code="told-2", fail=True)

        with pytest.raises(RuleError):
            both()
        assert told == []

    def test_within_another_transaction_announces_at_its_end(self, told):
        by = factories.user()
        with transaction.atomic():
            put(by=by, code="told-1")
            put(by=by, code="told-2")
            assert told == []
        assert told == [2, 2]

    def test_needs_a_name(self):
        with pytest.raises(TypeError):
            put(code="told-1")
