"""The page of background work, putting back from it, and whether readiness hears worker and beat."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from config.beat import Scheduler
from policies.models import Change
from tests.policies import factories
from tracker import tasks
from tracker.models import Heartbeat, ScanPart, StaleCheck

pytestmark = pytest.mark.django_db


def ago(seconds):
    return timezone.now() - datetime.timedelta(seconds=seconds)


def heard(**seconds):
    Heartbeat.objects.all().delete()
    for name, age in seconds.items():
        factories.heartbeat(name=name, at=ago(age))


class TestReadiness:
    def checks(self, client):
        answer = client.get("/readyz").json()
        return answer["checks"]

    def test_is_green_while_both_are_heard(self, client):
        heard(worker=20, beat=20)
        checks = self.checks(client)
        assert checks["worker"]["ok"]
        assert checks["beat"]["ok"]

    @pytest.mark.parametrize("silent", ["worker", "beat"])
    def test_is_red_90_seconds_after_one_was_heard_last(self, client, silent):
        ages = {"worker": 5, "beat": 5, silent: 91}
        heard(**ages)
        assert client.get("/readyz").status_code == 503
        checks = self.checks(client)
        assert {name: checks[name]["ok"] for name in ages} == {"worker": True, "beat": True, silent: False}
        heard(**(ages | {silent: 85}))
        assert self.checks(client)[silent]["ok"]

    def test_is_red_when_one_was_never_heard(self, client):
        heard()
        checks = self.checks(client)
        assert (checks["worker"]["ok"], checks["beat"]["ok"]) == (False, False)

    def test_a_worker_that_is_alive_and_deaf_is_not_heard(self, client):
        """Its heartbeat is a task, which only a worker that hears the broker does."""
        heard(worker=100)
        assert not self.checks(client)["worker"]["ok"]
        tasks.beat_heart.run()
        assert self.checks(client)["worker"]["ok"]


class TestBeat:
    @pytest.fixture
    def scheduler(self, monkeypatch):
        sent = []
        monkeypatch.setattr("config.beat.close_old_connections", lambda: None)  # the test's own is not old
        monkeypatch.setattr("celery.beat.Scheduler.apply_entry", lambda self, entry, producer=None: sent.append(entry))
        one = Scheduler.__new__(Scheduler)
        one.sent = sent
        return one

    class Entry:
        def __init__(self, name):
            self.name = name

    def test_says_that_it_is_alive_with_the_worker_s_heartbeat(self, scheduler):
        heard()
        scheduler.apply_entry(self.Entry("sweep"))
        assert not Heartbeat.objects.exists()
        scheduler.apply_entry(self.Entry("heartbeat"))
        assert Heartbeat.objects.get().name == "beat"
        assert len(scheduler.sent) == 2

    def test_goes_on_without_a_database(self, scheduler, monkeypatch):
        def away(_name):
            from django.db import OperationalError

            raise OperationalError("away")

        monkeypatch.setattr("tracker.actions.scans.beat_heart", away)
        scheduler.apply_entry(self.Entry("heartbeat"))
        assert len(scheduler.sent) == 1

    def test_has_an_entry_of_that_name(self):
        from config.beat import SAYS_SO_WITH
        from config.celery import app

        app.finalize()
        assert SAYS_SO_WITH in app.conf.beat_schedule


class TestPage:
    @pytest.fixture(autouse=True)
    def administrator(self, person, client):
        user = person(administrator=True)
        client.force_login(user)
        return user

    def test_with_nothing_to_tell(self, read, empty_register):
        Change.objects.all().delete()
        heard(worker=1, beat=1)
        main = read("/administration/background/").main
        assert "What failed (0)" in main
        assert "What runs (0)" in main
        assert "not heard" not in main
        assert "start beat first" not in main

    def test_names_who_is_not_heard(self, read):
        heard(worker=300)
        main = read("/administration/background/").main
        assert main.count("not heard") >= 2
        assert "start beat first" in main

    def test_tells_what_waits_runs_and_failed_with_why(self, read):
        running = factories.scan(status="running", finished_at=None)
        for position in range(3):
            done = timezone.now() if position else None
            ScanPart.objects.create(scan=running, code=f"FAC{position}", position=position, done_at=done)
        factories.upload(taken_at=timezone.now(), total=40, done=10, file_name="busy.xlsx")
        factories.upload(file_name="idle.xlsx")
        factories.upload(state="failed", file_name="broken.xlsx")
        factories.upload(state="failed", content=None, file_name="gone.xlsx")
        factories.stale_check(code="NHS001", error="ValueError: odd", tries=3)
        factories.failed_notice(times=12, error="OSError: away")
        factories.watch(frequency="instant")
        factories.news()
        factories.slot(name="nightly scan")
        main = read("/administration/background/").main
        for words in (
            "2 of 3 checks", "10 of 40 rows", "Upload of broken.xlsx", "not kept any more", "ValueError: odd (3 tries",
            "OSError: away (12 tries, no more)", "People to be told of news", "Nightly scan", "What failed (4)",
        ):  # fmt: skip
            assert words in main, words

    def test_puts_back(self, client, read, administrator):
        factories.stale_check(code="NHS001", tries=3, try_at=timezone.now() + datetime.timedelta(hours=1))
        address = reverse("requeue", kwargs={"work": "check", "name": "NHS001"})
        assert address in read("/administration/background/").links()
        assert "runs over everything" in read(address).main
        assert StaleCheck.objects.get().try_at > timezone.now(), "opening it does nothing"
        assert client.post(address)["Location"] == "/administration/background/"
        assert StaleCheck.objects.get().try_at <= timezone.now()
        main = read("/administration/background/").main
        assert "Check NHS001" in main
        assert administrator.name in main

    @pytest.mark.parametrize("work", ["upload", "notice"])
    def test_puts_back_the_others_too(self, client, read, work):
        name = factories.upload(state="failed").pk if work == "upload" else factories.failed_notice().user_id
        address = reverse("requeue", kwargs={"work": work, "name": name})
        assert address in read("/administration/background/").links()
        assert client.post(address).status_code == 302
        assert "Put back lately" in read("/administration/background/").main

    def test_an_upload_whose_file_is_gone_says_what_to_do(self, client):
        one = factories.upload(state="failed", content=None)
        address = reverse("requeue", kwargs={"work": "upload", "name": one.pk})
        text = client.post(address).content.decode()
        assert "There is a problem" in text
        assert "to upload it again." in text

    def test_the_queries_do_not_grow(self, client):
        counts = []
        for number in (1, 8):
            for _ in range(number):
                factories.upload(state="failed")
                factories.upload(taken_at=timezone.now())
                factories.stale_check()
                factories.failed_notice()
                factories.requeue(work="notice", name=str(factories.user().pk))
                factories.slot()
            with CaptureQueriesContext(connection) as asked:
                client.get("/administration/background/")
            counts.append(len(asked))
        assert counts[0] == counts[1]
