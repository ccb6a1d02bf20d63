"""Emails about what people watch: nothing new is nothing sent, nothing is told twice, and what is told is true."""

import datetime
import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connections
from django.utils import timezone

from policies.models import Area, AreaClosure, Outcome, User
from tests.policies import deciding, factories
from tracker import tasks
from tracker.actions import newsroom, notice_mail, notices, watching
from tracker.models import Flag
from tracker.watches import FailedNotice, News, Told, Watch

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_register")]

LONDON = timezone.get_default_timezone()


def at(day, hour=12):
    """A moment of November or December 2026, by London's clock."""
    return datetime.datetime.combine(datetime.date.fromisoformat(f"2026-{day}"), datetime.time(hour), tzinfo=LONDON)


@pytest.fixture
def user():
    return factories.user(email="watcher@factory.example", name="Wat Cher")


@pytest.fixture
def place():
    made = factories.area(name="Duckworth")
    factories.area_closure(ancestor=made, descendant=made)
    return made


@pytest.fixture
def record(place):
    made = factories.policy(status="published", title="Ducks & <drakes>")
    factories.footprint(initiative=made, area=place)
    return made


def watch(user, thing, kind="place", frequency="instant"):
    return watching.watch(by=user, kind=kind, frequency=frequency, thing=thing)


def sweep(now=None):
    """What beat and the worker do together; says who got an email."""
    return [pk for pk in notices.people_due(now=now) if notices.deliver(user=User(pk=pk), now=now)]


def resolve(flag):
    Flag.objects.filter(pk=flag.pk).update(resolved_at=timezone.now())


def reopen(flag):
    flag.refresh_from_db()
    Flag.objects.filter(pk=flag.pk).update(resolved_at=None, times_opened=flag.times_opened + 1)


def step(record, what="revised", **more):
    more = {"asked_by": factories.user()} if what in ("published", "revised") else {"words": "Why."}
    return factories.sign_off(initiative=record, step=what, **more)


class TestQuiet:
    def test_nobody_watches(self, record):
        factories.flag(initiative=record)
        assert sweep() == []
        assert News.objects.count() == 0

    def test_what_was_there_when_watching_began(self, user, place, record):
        factories.flag(initiative=record)
        step(record, "published")
        watch(user, place)
        assert sweep() == []
        assert mail.outbox == []

    def test_somewhere_else(self, user, place):
        watch(user, place)
        elsewhere = factories.policy(status="published")
        factories.footprint(initiative=elsewhere, area=Area.objects.get(gss_code="E08000003"))
        factories.flag(initiative=elsewhere)
        step(elsewhere, "published")
        assert sweep() == []

    def test_resolved_before_it_could_be_told(self, user, place, record):
        watch(user, place)
        flag = factories.flag(initiative=record)
        assert notices.people_due() == [user.pk]
        resolve(flag)
        assert not notices.send(user=user)
        assert mail.outbox == []

    def test_dismissed_meanwhile(self, user, place, record):
        watch(user, place)
        flag = factories.flag(initiative=record)
        deciding.dismissal(flag=flag)
        assert sweep() == []

    def test_not_readable_any_more(self, user, place, record):
        watch(user, place)
        factories.flag(initiative=record)
        type(record).objects.update(sensitivity="official_sensitive")
        assert sweep() == []

    def test_somebody_else_s_draft(self, user, place):
        watch(user, place)
        draft = factories.policy()
        factories.footprint(initiative=draft, area=place)
        factories.flag(initiative=draft)
        assert sweep() == []

    @pytest.mark.parametrize("values", [{"is_active": False}])
    def test_people_who_have_left(self, user, place, record, values):
        watch(user, place)
        factories.flag(initiative=record)
        User.objects.filter(pk=user.pk).update(**values)
        assert sweep() == []
        assert not notices.send(user=user)

    def test_a_watch_that_is_off(self, user, place, record):
        one = watch(user, place)
        watching.change_frequency(by=user, watch=one, frequency="off")
        factories.flag(initiative=record)
        assert sweep() == []
        one.refresh_from_db()
        watching.change_frequency(by=user, watch=one, frequency="instant")
        assert sweep() == [], "what came meanwhile is not news"

    def test_changed_evidence_is_no_new_flag(self, user, place, record):
        flag = factories.flag(initiative=record)
        watch(user, place)
        Flag.objects.filter(pk=flag.pk).update(summary="Otherwise", changed_at=timezone.now())
        assert sweep() == []

    def test_a_record_that_ended_again_before_it_could_be_told(self, user, record):
        watch(user, record, "initiative")
        step(record, "reopened")
        type(record).objects.filter(pk=record.pk).update(
            status="closed", ended_by=user, ended_at=timezone.now(), ended_reason="R", ended_outcome="not_recorded"
        )
        assert sweep() == []

    def test_a_search_that_is_not_understood_any_more(self, user, record):
        search = factories.saved_search(user=user, place="flags", query="colour=red")
        watch(user, search, "search")
        factories.flag(initiative=record)
        assert sweep() == []


class TestTold:
    def test_a_flag_at_a_place(self, user, place, record):
        watch(user, place)
        flag = factories.flag(initiative=record, summary="Ducks & drakes do not add up", severity="high")
        assert sweep() == [user.pk]
        (message,) = mail.outbox
        assert message.to == ["watcher@factory.example"]
        assert message.subject == "Policy alignment tracker: 1 new flag on what you watch"
        assert "Duckworth (1)" in message.body
        assert "High: Ducks & drakes do not add up" in message.body, "plain text is not escaped"
        assert f"http://127.0.0.1:8000/flags/{flag.fingerprint}/" in message.body
        assert sweep() == []

    def test_a_flag_about_the_place_itself(self, user, place):
        watch(user, place)
        factories.flag(initiative=None, area=place, subject="place")
        assert sweep() == [user.pk]

    def test_wider_and_smaller_places_too(self, user, place, record):
        region = factories.area(name="Pondshire")
        AreaClosure.objects.create(ancestor=region, descendant=region)
        AreaClosure.objects.create(ancestor=region, descendant=place)
        watch(user, region)
        factories.flag(initiative=record)
        assert sweep() == [user.pk]

    def test_a_flag_that_opened_again(self, user, place, record):
        flag = factories.flag(initiative=record)
        watch(user, place)
        resolve(flag)
        assert sweep() == []
        reopen(flag)
        assert sweep() == [user.pk]
        assert "Low, raised again: " in mail.outbox[0].body
        resolve(flag)
        reopen(flag)
        assert sweep() == [user.pk]
        assert sweep() == []

    def test_an_outcome_a_body_with_any_role_and_a_record(self, record):
        body, later = factories.organisation(lineage="ducks"), factories.organisation(lineage="ducks")
        outcome = Outcome.objects.get(code="obesity")
        people = [factories.user() for _ in range(3)]
        watch(people[0], outcome, "outcome")
        watch(people[1], body.lineage, "organisation")
        watch(people[2], record, "initiative")
        factories.outcome_link(initiative=record, outcome=outcome)
        factories.responsibility(initiative=record, organisation=later, role="delivery")
        factories.flag(initiative=factories.policy(status="published"), other=record, subject="pair")
        step(record)
        assert sweep() == sorted(person.pk for person in people)
        assert all("2 things are new" in message.subject for message in mail.outbox)

    def test_a_saved_search(self, user, record):
        search = factories.saved_search(user=user, name="Bad", place="flags", query="severity=high")
        watch(user, search, "search")
        factories.flag(initiative=record, severity="low", summary="Mild")
        factories.flag(initiative=record, severity="high", summary="Dire")
        assert sweep() == [user.pk]
        assert "Bad (1)" in mail.outbox[0].body
        assert "Dire" in mail.outbox[0].body
        assert "Mild" not in mail.outbox[0].body

    @pytest.mark.parametrize(
        ("what", "status", "words"),
        [
            ("published", "published", "Published"),
            ("revised", "published", "Revision published"),
            ("reopened", "published", "Reopened"),
            ("closed", "closed", "Closed"),
            ("withdrawn", "withdrawn", "Withdrawn"),
        ],
    )
    def test_steps_of_records(self, user, what, status, words):
        record = factories.policy(status=status)
        watch(user, record, "initiative")
        step(record, "reopened")
        step(record, what)
        assert sweep() == [user.pk]
        assert f"{words}: {record.reference} {record.title}" in mail.outbox[0].body
        assert mail.outbox[0].subject == "Policy alignment tracker: 1 record that you watch changed"

    @pytest.mark.parametrize("what", ["submitted", "started", "changes_requested"])
    def test_steps_between_writers_are_told_to_nobody(self, user, record, what):
        watch(user, record, "initiative")
        factories.sign_off(initiative=record, step=what, words="W")
        assert sweep() == []

    def test_one_email_names_a_flag_once_however_many_watches_it_matches(self, user, place, record):
        watch(user, place)
        watch(user, record, "initiative")
        factories.flag(initiative=record, summary="Only once")
        assert sweep() == [user.pk]
        assert mail.outbox[0].body.count("Only once") == 1
        assert mail.outbox[0].subject.endswith("1 new flag on what you watch")

    def test_nor_is_it_told_again_by_a_slower_watch(self, user, place, record):
        watch(user, place, frequency="weekly")
        watch(user, record, "initiative")
        factories.flag(initiative=record)
        assert sweep() == [user.pk]
        assert sweep(timezone.now() + datetime.timedelta(days=15)) == []

    def test_the_first_are_named_and_the_rest_counted(self, user, place, record):
        watch(user, place)
        for number in range(23):
            factories.flag(initiative=record, severity="high" if number == 22 else "low", summary=f"Flag {number}.")
        sweep()
        body = mail.outbox[0].body
        assert "Duckworth (23)" in body
        assert body.count("/flags/FAC001") == 20
        assert body.index("High: Flag 22.") < body.index("Low: Flag")
        assert "And 3 more." in body
        assert f"http://127.0.0.1:8000/flags/?place={place.gss_code}" in body
        assert sweep() == [], "those that were counted were told too"

    def test_a_flag_that_became_visible_late_is_not_passed_over(self, user, place, record):
        """Its scan began before others, and ended after the news of theirs were told."""
        late = factories.flag(initiative=record)
        resolve(late)
        watch(user, place)
        factories.flag(initiative=record)
        sweep()
        Flag.objects.filter(pk=late.pk).update(resolved_at=None, first_seen_at=at("11-01"), changed_at=at("11-01"))
        News.objects.filter(flag=late).delete()
        assert sweep() == [user.pk]


class TestWhen:
    """Monday 23 November 2026; Christmas and its substitutes are Friday and Monday."""

    def days(self, user, place, record, frequency, start, days):
        one = watch(user, place, frequency=frequency)
        Watch.objects.filter(pk=one.pk).update(looked_at=start)
        went = []
        for hours in range(days * 24):
            now = start + datetime.timedelta(hours=hours)
            if now.astimezone(LONDON).hour == 10:
                factories.flag(initiative=record)
            if sweep(now):
                went.append(now.astimezone(LONDON).strftime("%a %d %H"))
        return went

    def test_instant(self, user, place, record):
        went = self.days(user, place, record, "instant", at("11-23", 0), 2)
        assert went == ["Mon 23 10", "Tue 24 10"]

    def test_daily(self, user, place, record):
        went = self.days(user, place, record, "daily", at("12-23", 0), 7)
        assert went == ["Thu 24 08", "Tue 29 08"]

    def test_weekly(self, user, place, record):
        went = self.days(user, place, record, "weekly", at("12-18", 0), 14)
        assert went == ["Mon 21 08", "Tue 29 08"]

    def test_a_morning_without_news_is_no_reason_to_write_at_noon(self, user, place, record):
        one = watch(user, place, frequency="daily")
        Watch.objects.filter(pk=one.pk).update(looked_at=at("11-23", 9))
        assert sweep(at("11-24", 8)) == []
        factories.flag(initiative=record)
        assert sweep(at("11-24", 12)) == []
        assert sweep(at("11-25", 8)) == [user.pk]


class TestFailing:
    @pytest.fixture
    def away(self, settings):
        backend = settings.EMAIL_BACKEND
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nothing listens there
        return lambda: setattr(settings, "EMAIL_BACKEND", backend)

    def test_a_mail_server_that_is_away_is_tried_again_later_and_later(self, user, place, record, away):
        watch(user, place)
        factories.flag(initiative=record)
        now, tries = timezone.now(), []
        for minute in range(60):
            moment = now + datetime.timedelta(minutes=minute)
            before = FailedNotice.objects.filter(user=user).values_list("times", flat=True).first() or 0
            assert sweep(moment) == []
            if FailedNotice.objects.get(user=user).times > before:
                tries.append(minute)
        gaps = [after - before for before, after in itertools.pairwise(tries)]
        assert gaps == sorted(gaps)
        assert 4 <= len(tries) <= 6
        assert Told.objects.count() == 0
        away()
        assert sweep(now + datetime.timedelta(hours=5)) == [user.pk]
        assert not FailedNotice.objects.exists()
        assert len(mail.outbox) == 1

    def test_tries_end(self, user, place, record, away):
        watch(user, place)
        factories.flag(initiative=record)
        now = timezone.now()
        for number in range(30):
            sweep(now + datetime.timedelta(hours=7 * number))
        assert FailedNotice.objects.get().times == notices.MOST_TRIES
        assert "ConnectionRefusedError" in FailedNotice.objects.get().error
        away()
        assert sweep(now + datetime.timedelta(days=30)) == [], "until an administrator puts it back"

    def test_one_person_s_trouble_is_not_another_s(self, user, place, record, monkeypatch):
        other = factories.user()
        watch(user, place)
        watch(other, place)
        factories.flag(initiative=record)
        real = notice_mail.message
        broken = lambda who, parts: 1 / 0 if who.pk == user.pk else real(who, parts)  # noqa: E731
        monkeypatch.setattr(notice_mail, "message", broken)
        assert sweep() == [other.pk]
        assert FailedNotice.objects.get().error.startswith("ZeroDivisionError")


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one():
    user, record = factories.user(), factories.policy(status="published")
    watching.watch(by=user, kind="initiative", frequency="instant", thing=record)
    factories.flag(initiative=record)
    assert notices.people_due() == [user.pk]

    def work(_number):
        try:
            return notices.send(user=user)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(work, range(4))) == [False, False, False, True]
    assert len(mail.outbox) == 1
    assert Told.objects.count() == 1


class TestStopping:
    def test_of_one_watch_the_header_stops_that_one(self, user, place, record):
        one = watch(user, place)
        factories.flag(initiative=record)
        sweep()
        headers = mail.outbox[0].extra_headers
        link = headers["List-Unsubscribe"].strip("<>")
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert link in mail.outbox[0].body
        assert notice_mail.watcher_of(link.rstrip("/").rpartition("/")[2]) == (user, one)

    def test_of_several_it_stops_all_and_each_has_its_own_in_the_text(self, user, place, record):
        first, second = watch(user, place), watch(user, factories.policy(status="published"), "initiative")
        factories.flag(initiative=record)
        factories.flag(initiative=second.initiative)
        sweep()
        (message,) = mail.outbox
        tokens = [line.rstrip("/").rpartition("/")[2] for line in message.body.splitlines() if "/watches/off/" in line]
        assert [notice_mail.watcher_of(token) for token in tokens] == [(user, first), (user, second), (user, None)]
        assert tokens[-1] in message.extra_headers["List-Unsubscribe"]

    @pytest.mark.parametrize("token", ["", "x", "watch.1", "watch.1:forged", "watches.x:y:z", "digest.1:a:b"])
    def test_a_forged_link_is_nobody_s(self, user, token):
        assert notice_mail.watcher_of(token) == (None, None)


class TestTasks:
    def test_the_sweep_asks_for_each(self, user, place, record, monkeypatch):
        watch(user, place)
        factories.flag(initiative=record)
        monkeypatch.setattr(tasks.send_notice, "apply_async", lambda given, **_how: tasks.send_notice.run(*given))
        tasks.sweep_notices.run()
        tasks.sweep_notices.run()
        assert len(mail.outbox) == 1

    def test_every_retry_is_bounded_and_spread(self):
        ours = [task for name, task in tasks.scan_all.app.tasks.items() if name.startswith("tracker.tasks.")]
        assert len(ours) >= 8
        assert all(task.max_retries is not None and task.max_retries <= 30 for task in ours)
        assert all(getattr(task, "retry_jitter", True) for task in ours)


def test_the_queries_of_an_email_do_not_grow_with_what_is_new(user, place, record, django_assert_max_num_queries):
    watch(user, place)
    for _ in range(15):
        factories.flag(initiative=record)
    newsroom.collect()
    with django_assert_max_num_queries(16):
        assert notices.send(user=user)
