"""The daily email: who gets it, what it says, how often, and what stops it."""

import datetime

import pytest
from django.core import mail
from django.utils import timezone

from policies.models import User
from tests.policies import factories
from tracker import tasks
from tracker.actions import digests
from tracker.models import Slot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_register")]

OPENED = datetime.date(2026, 11, 24)  # a Tuesday
DEADLINE = datetime.date(2026, 12, 8)
DUE_FOR_APPROVERS, DUE_FOR_ADMINISTRATORS = datetime.date(2026, 12, 15), datetime.date(2026, 12, 22)
SATURDAY, CHRISTMAS = datetime.date(2026, 11, 28), datetime.date(2026, 12, 25)


@pytest.fixture(autouse=True)
def nobody_else():
    """The people of the demonstration, if any, wait for nothing."""
    User.objects.update(wants_digest=False)


@pytest.fixture
def lead(db):
    return factories.organisation(name="Department for Tests")


@pytest.fixture
def record(lead):
    made = factories.policy(status="published", title="Ducks & <drakes>")
    factories.responsibility(initiative=made, organisation=lead)
    return made


@pytest.fixture
def editor(lead):
    return factories.member("editor", lead, email="editor@factory.example")


@pytest.fixture
def request_(record, lead):
    opened = factories.round_(name="October", opened_on=OPENED, deadline=DEADLINE)
    return factories.round_request(round=opened, initiative=record, organisation=lead)


def days_on_which_it_goes(person, start, end):
    """Send every day, as beat does, and say on which days something went."""
    found, day = [], start
    while day <= end:
        if person.pk in digests.people_waited_for(today=day) and digests.send(user=person, day=day):
            found.append(day.isoformat())
        day += datetime.timedelta(days=1)
    return found


class TestUpdates:
    def test_an_editor_is_asked(self, editor, request_, record):
        assert digests.people_waited_for(today=OPENED) == [editor.pk]
        assert digests.send(user=editor, day=OPENED)
        (message,) = mail.outbox
        assert message.to == ["editor@factory.example"]
        assert message.subject == "Policy alignment tracker: what waits for you (1)"
        assert "UPDATES DUE (1)" in message.body
        assert f"{record.reference} Ducks & <drakes>" in message.body, "plain text is not escaped"
        assert "Due 8 December 2026 (October)" in message.body
        assert f"http://127.0.0.1:8000/log/{record.reference}/update/" in message.body
        assert "DEADLINE" not in message.body

    def test_not_every_day(self, editor, request_):
        went = days_on_which_it_goes(editor, OPENED, datetime.date(2027, 3, 1))
        assert went == ["2026-11-24", "2026-12-04", "2026-12-09", "2026-12-15", "2026-12-22"]

    def test_a_day_without_email_is_made_up_for_once(self, editor, request_):
        assert digests.send(user=editor, day=datetime.date(2026, 12, 7))
        assert days_on_which_it_goes(editor, datetime.date(2026, 12, 7), DEADLINE) == []

    def test_whoever_has_reported_meanwhile_gets_nothing(self, editor, request_, record):
        assert digests.people_waited_for(today=OPENED) == [editor.pk]
        factories.update(initiative=record, reported_on=OPENED)
        assert not digests.send(user=editor, day=OPENED)
        assert mail.outbox == []
        assert not Slot.objects.filter(name=f"digest {editor.pk}").exists()

    def test_two_beats_send_once(self, editor, request_):
        assert digests.send(user=editor, day=OPENED)
        assert not digests.send(user=editor, day=OPENED)
        assert digests.people_waited_for(today=OPENED) == []
        assert len(mail.outbox) == 1

    def test_a_refusing_mail_server_is_tried_again(self, editor, request_, settings):
        backend = settings.EMAIL_BACKEND
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nothing listens there
        with pytest.raises(OSError):  # noqa: PT011  whatever the network says
            digests.send(user=editor, day=OPENED)
        settings.EMAIL_BACKEND = backend
        assert digests.send(user=editor, day=OPENED)

    @pytest.mark.parametrize("day", [SATURDAY, CHRISTMAS])
    def test_nothing_goes_on_a_day_off(self, editor, request_, day):
        assert digests.people_waited_for(today=day) == []
        assert not digests.send(user=editor, day=day)

    def test_a_round_that_was_called_off_asks_nobody(self, editor, request_):
        asked = request_.round
        asked.called_off_at, asked.called_off_by = timezone.now(), editor
        asked.save()
        assert digests.people_waited_for(today=OPENED) == []


class TestEscalation:
    """Editors first, a week after the deadline approvers, two weeks after it administrators."""

    @pytest.mark.parametrize(
        ("day", "told"),
        [
            (OPENED, {"editor"}),
            (DEADLINE, {"editor"}),
            (datetime.date(2026, 12, 14), {"editor"}),
            (DUE_FOR_APPROVERS, {"editor", "approver"}),
            (datetime.date(2026, 12, 21), {"editor", "approver"}),
            (DUE_FOR_ADMINISTRATORS, {"editor", "approver", "administrator"}),
        ],
    )
    def test_who_is_told_when(self, editor, lead, request_, day, told):
        people = {"editor": editor, "approver": factories.member("approver", lead)}
        people["administrator"] = factories.user(is_administrator=True)
        factories.member("reader", lead)
        factories.member("approver", factories.organisation())
        assert set(digests.people_waited_for(today=day)) == {people[name].pk for name in told}

    def test_it_is_marked(self, lead, editor, request_):
        approver = factories.member("approver", lead)
        digests.send(user=approver, day=DUE_FOR_APPROVERS)
        assert "DEADLINE MISSED (1)" in mail.outbox[0].body
        assert "due 8 December 2026: 5 working days ago" in mail.outbox[0].body
        assert "UPDATES DUE" not in mail.outbox[0].body

    @pytest.mark.parametrize("others", [[], ["inactive editor"]])
    def test_where_there_is_no_editor_the_approver_is_asked_at_once(self, lead, request_, others):
        for _ in others:
            factories.member("editor", lead, is_active=False)
        approver = factories.member("approver", lead)
        assert digests.people_waited_for(today=OPENED) == [approver.pk]

    def test_once_reported_nobody_is_told(self, lead, editor, request_, record):
        factories.member("approver", lead)
        factories.user(is_administrator=True)
        factories.update(initiative=record, reported_on=DUE_FOR_ADMINISTRATORS)
        assert digests.people_waited_for(today=DUE_FOR_ADMINISTRATORS) == []


def noon(day):
    return datetime.datetime.combine(day, datetime.time(12), tzinfo=datetime.UTC)


class TestOtherThings:
    def test_a_role_is_told_after_5_10_and_20_working_days(self, record):
        body = factories.organisation(abbreviation="NAMED")
        speaker = factories.member("editor", body)
        type(record).objects.update(published_at=noon(OPENED))
        factories.responsibility(initiative=record, organisation=body, role="delivery", given_at=noon(OPENED))
        went = days_on_which_it_goes(speaker, OPENED, datetime.date(2027, 3, 1))
        assert went == ["2026-12-01", "2026-12-08", "2026-12-22"]
        assert "Names NAMED: Delivery. Waiting for 5 working days" in mail.outbox[0].body
        assert "Waiting for 20 working days" in mail.outbox[2].body

    def test_a_moved_date_goes_to_another_approver(self, lead, record):
        proposer, second = factories.member("approver", lead), factories.member("approver", lead)
        moved = factories.moved(initiative=record, moved_by=proposer, moved_to="2031-01-01", moved_to_precision="year")
        type(moved).objects.update(at=noon(OPENED))
        assert days_on_which_it_goes(proposer, OPENED, DEADLINE) == []
        assert days_on_which_it_goes(second, OPENED, DEADLINE) == ["2026-11-25", "2026-12-01", "2026-12-08"]
        assert f"New date 2031, proposed by {proposer.name}: Bids came late." in mail.outbox[0].body

    def test_more_than_twenty_are_counted(self, editor, lead):
        opened = factories.round_(opened_on=OPENED, deadline=DEADLINE)
        for _ in range(23):
            made = factories.policy(status="published")
            factories.responsibility(initiative=made, organisation=lead)
            factories.round_request(round=opened, initiative=made, organisation=lead)
        digests.send(user=editor, day=OPENED)
        assert "UPDATES DUE (23)" in mail.outbox[0].body
        assert "And 3 more." in mail.outbox[0].body
        assert mail.outbox[0].body.count("/update/") == 20

    @pytest.mark.parametrize("values", [{"is_active": False}, {"wants_digest": False}])
    def test_who_gets_none(self, editor, request_, values):
        User.objects.filter(pk=editor.pk).update(**values)
        assert digests.people_waited_for(today=OPENED) == []
        assert not digests.send(user=editor, day=OPENED)

    def test_nothing_waits(self, editor, record):
        assert digests.people_waited_for(today=OPENED) == []
        assert not digests.send(user=editor, day=OPENED)


class TestStopping:
    def test_every_email_carries_the_link(self, editor, request_):
        digests.send(user=editor, day=OPENED)
        headers = mail.outbox[0].extra_headers
        link = headers["List-Unsubscribe"].strip("<>")
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert link in mail.outbox[0].body
        assert digests.user_of(link.rstrip("/").rpartition("/")[2]) == editor

    @pytest.mark.parametrize("token", ["", "1", "1:forged", "x:y", "99999999999999999999:x"])
    def test_a_forged_link_is_nobodys(self, token):
        assert digests.user_of(token) is None


class TestTasks:
    def test_the_plan_sends_each_person_theirs(self, editor, request_, monkeypatch):
        monkeypatch.setattr(timezone, "localdate", _local(OPENED))
        monkeypatch.setattr(tasks.send_digest, "delay", tasks.send_digest.run)
        tasks.plan_digests.run()
        tasks.plan_digests.run()
        assert [message.to for message in mail.outbox] == [[editor.email]]

    def test_a_word_of_yesterday_is_dropped(self, editor, request_, monkeypatch):
        monkeypatch.setattr(timezone, "localdate", _local(OPENED))
        tasks.send_digest.run(editor.pk, "2026-11-23")
        assert mail.outbox == []


def _local(day):
    """A clock that stands at a day, and still tells the day of a moment."""
    real = timezone.localdate
    return lambda value=None, *more: real(value, *more) if value is not None else day
