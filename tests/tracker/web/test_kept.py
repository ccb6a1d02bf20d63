"""A session that ends while somebody writes: what they typed comes back to them after the sign-in, to nobody else."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from policies.actions import initiatives
from policies.models import Initiative, Organisation, Responsibility, Update
from tests.policies import factories
from tracker.web import accounts, kept

pytestmark = [pytest.mark.usefixtures("landscape"), pytest.mark.django_db]

PASSWORD = "correct horse battery"
NOTICE = "You were signed out. Check what you typed and save again."


@pytest.fixture
def editor(person):
    return person("editor", "dft", email="editor@test.example")


@pytest.fixture
def record(editor):
    """A draft."""
    lead = Organisation.objects.get(code="dft")
    return initiatives.create(by=editor, kind="policy", form="strategy", lead=lead, title="Gear Change")


@pytest.fixture
def published():
    return Initiative.objects.get(short_code="gear-change")


def words(record):
    return reverse("journey_words", kwargs={"reference": record.reference})


def sign_in(client, user, then="/"):
    address = f"{reverse('account_login')}?next={then}"
    return client.post(address, {"login": user.email, "password": PASSWORD, "next": then})


def end_sessions():
    Session.objects.all().delete()


def write_after_the_end(client, user, address, data):
    """Somebody is signed in, opens a page, is away for too long, and sends what they wrote."""
    sign_in(client, user)
    assert client.get(address).status_code == 200
    end_sessions()
    answer = client.post(address, data)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
    return answer


TYPED = {
    "title": "Gear Change, anew",
    "form": "strategy",
    "summary": "Words that took\nan hour to write.",
    "source_title": "Ünïcode 🚲",
    "version": "1",
    "csrfmiddlewaretoken": "secret-token",
}


class TestTheSamePerson:
    def test_finds_everything_filled_in_and_saves_it(self, client, record, editor):
        answer = write_after_the_end(client, editor, words(record), TYPED | {"version": record.version})
        assert "what you typed is there again" in client.get(answer["Location"]).content.decode()
        answer = sign_in(client, editor, words(record))
        assert answer["Location"] == words(record)
        page = client.get(words(record)).content.decode()
        assert NOTICE in page
        for typed in ("Gear Change, anew", "an hour to write.", "Ünïcode 🚲"):
            assert typed in page
        record.refresh_from_db()
        assert record.title != TYPED["title"], "nothing is saved by itself"
        assert client.post(words(record), TYPED | {"version": record.version}).status_code == 302
        record.refresh_from_db()
        assert record.title == TYPED["title"]
        assert NOTICE not in client.get(words(record)).content.decode()

    def test_finds_it_again_after_loading_the_page_anew(self, client, record, editor):
        write_after_the_end(client, editor, words(record), TYPED)
        sign_in(client, editor)
        for _time in range(2):
            assert "Gear Change, anew" in client.get(words(record)).content.decode()

    def test_is_told_when_somebody_else_saved_meanwhile(self, client, record, editor):
        write_after_the_end(client, editor, words(record), TYPED | {"version": record.version})
        Initiative.objects.filter(pk=record.pk).update(version=record.version + 1, title="Theirs")
        sign_in(client, editor)
        page = client.get(words(record)).content.decode()
        assert f'name="version" value="{record.version}"' in page
        answer = client.post(words(record), TYPED | {"version": record.version})
        assert answer.status_code == 409

    def test_a_session_that_is_too_old_keeps_it_too(self, client, record, editor, monkeypatch):
        now = 1_000_000.0
        monkeypatch.setattr(accounts.time, "time", lambda: now)
        sign_in(client, editor)
        client.get(words(record))
        now += 13 * 60 * 60
        assert client.post(words(record), TYPED).status_code == 302
        sign_in(client, editor)
        assert "Gear Change, anew" in client.get(words(record)).content.decode()

    @pytest.mark.parametrize("name", ["start", "answer", "update", "places", "dates"])
    def test_on_every_page_with_questions(self, client, record, published, editor, name):
        held = Responsibility.objects.create(
            initiative=record, organisation=Organisation.objects.get(code="dft"), role="delivery"
        )
        address, data, sees = {
            "start": (
                f"{reverse('journey_start')}?kind=commitment",
                {"title": "Typed before the end"},
                "Typed before the end",
            ),
            "answer": (
                reverse("answer_role", args=(record.reference, "dft", held.role)),
                {"answer": "disputed", "reasons": "Reasons at length"},
                "Reasons at length",
            ),
            "update": (
                reverse("journey_update", kwargs={"reference": published.reference}),
                {"rag": "red", "narrative": "Late, at length", "moved": "no", "version": "1"},
                "Late, at length",
            ),
            "places": (reverse("journey_places", args=(record.reference,)), {"place": "Nowhere at all"}, "Nowhere at"),
            "dates": (reverse("journey_dates", args=(record.reference,)), {"start-day": "77"}, 'value="77"'),
        }[name]
        write_after_the_end(client, editor, address, data)
        sign_in(client, editor)
        page = client.get(address).content.decode()
        assert NOTICE in page
        assert sees in page
        assert not Update.objects.filter(narrative="Late, at length").exists()
        assert not Initiative.objects.filter(title="Typed before the end").exists()

    @pytest.mark.parametrize(
        ("name", "data"), [("places", {"remove": "1"}), ("check", {}), ("update", {"unchanged": "yes"})]
    )
    def test_a_button_without_answers_only_gets_the_notice(self, client, record, published, editor, name, data):
        about = published if name == "update" else record
        address = reverse(f"journey_{name}", args=(about.reference,))
        Update.objects.create(initiative=published, reported_on="2026-11-01", rag="green", by=editor)
        write_after_the_end(client, editor, address, {"version": record.version, **data})
        sign_in(client, editor)
        page = client.get(address).content.decode()
        assert NOTICE in page
        assert "There is a problem" not in page


class TestAPageFromBeforeTheSignIn:
    """Two tabs: somebody signs in again in one, and sends what they wrote in the other, whose token is now old."""

    @pytest.fixture
    def browser(self, editor, record):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(editor)
        browser.get(words(record))
        return browser

    def test_shows_what_was_typed(self, browser, record):
        answer = browser.post(words(record), TYPED, headers={"Origin": "http://testserver"})
        assert answer["Location"] == words(record)
        page = browser.get(words(record)).content.decode()
        assert NOTICE in page
        assert "Gear Change, anew" in page

    @pytest.mark.parametrize("origin", [None, "null", "https://testserver", "http://elsewhere.example"])
    def test_takes_nothing_from_elsewhere(self, browser, record, origin):
        answer = browser.post(words(record), TYPED, headers={"Origin": origin} if origin else {})
        assert answer.status_code == 403
        assert kept.KEY not in browser.session

    def test_a_page_that_fills_nothing_in_says_what_happened(self, browser):
        answer = browser.post("/account/logout/", headers={"Origin": "http://testserver"})
        assert answer.status_code == 403


class TestNobodyElse:
    def test_sees_it_who_signs_in_next(self, client, record, editor, person):
        other = person("editor", "dft", email="other@test.example")
        write_after_the_end(client, editor, words(record), TYPED)
        sign_in(client, other)
        page = client.get(words(record)).content.decode()
        assert "Gear Change, anew" not in page
        assert NOTICE not in page
        assert kept.KEY not in client.session
        end_sessions()
        sign_in(client, editor)
        assert "Gear Change, anew" not in client.get(words(record)).content.decode()

    def test_gets_anything_kept_who_was_never_signed_in(self, client, record, editor):
        client.post(words(record), TYPED)
        assert kept.KEY not in client.session
        sign_in(client, editor)
        assert NOTICE not in client.get(words(record)).content.decode()

    @pytest.mark.parametrize("cookie", ["", "nonsense", "0" * 64, "0" * 64 + ":forged"])
    def test_forges_whose_it_is(self, client, record, cookie):
        client.cookies[kept.COOKIE] = cookie
        client.post(words(record), TYPED)
        assert kept.KEY not in client.session

    def test_sees_it_elsewhere(self, client, record, editor):
        write_after_the_end(client, editor, words(record), TYPED)
        sign_in(client, editor)
        for address in (f"{words(record)}?from=check", reverse("journey_start")):
            assert NOTICE not in client.get(address).content.decode()

    def test_sees_it_for_ever(self, client, record, editor, monkeypatch):
        write_after_the_end(client, editor, words(record), TYPED)
        sign_in(client, editor)
        later = kept.time.time() + kept.LONGEST + 1
        monkeypatch.setattr(kept.time, "time", lambda: later)
        assert NOTICE not in client.get(words(record)).content.decode()

    def test_who_lost_the_right_to_the_record_sees_it(self, client, record, editor):
        write_after_the_end(client, editor, words(record), TYPED)
        editor.memberships.all().delete()
        sign_in(client, editor)
        answer = client.get(words(record))
        assert answer.status_code == 403
        assert "Gear Change, anew" not in answer.content.decode()


class TestWhatIsNotKept:
    def test_secrets_and_tokens(self, client, record, editor):
        write_after_the_end(client, editor, words(record), TYPED | {"new_password": "hunter2"})
        held = dict(client.session[kept.KEY]["pairs"])
        assert held["title"] == TYPED["title"]
        assert "hunter2" not in str(held)
        assert "secret-token" not in str(held)

    def test_a_change_of_password(self, client, editor):
        address = reverse("account_change_password")
        write_after_the_end(client, editor, address, {"oldpassword": PASSWORD, "password1": "x" * 20})
        assert kept.KEY not in client.session

    @pytest.mark.parametrize("data", [{"summary": "x" * 100_001}, {f"name{n}": "x" for n in range(301)}])
    def test_more_than_a_form_holds(self, client, record, editor, data):
        write_after_the_end(client, editor, words(record), data)
        assert kept.KEY not in client.session


def test_the_cookie_says_nothing_and_is_for_the_service_alone(client, editor):
    sign_in(client, editor)
    client.get("/")
    cookie = client.cookies[kept.COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"]
    assert editor.email not in cookie.value
    assert kept.COOKIE in client.get("/cookies/").content.decode()


def test_who_only_reads_gets_no_cookie(client):
    client.get("/policies/")
    assert kept.COOKIE not in client.cookies


class TestPagesBesideTheJourney:
    """The same on pages that are no part of the journey: rounds, moved dates, replies, administration."""

    def comes_back(self, client, user, address, field, words):
        write_after_the_end(client, user, address, {field: words})
        sign_in(client, user, then=address)
        text = client.get(address).content.decode()
        assert NOTICE in text
        assert words in text

    def test_opening_a_round(self, client, person):
        user = person("approver", "dft", email="editor@test.example")
        self.comes_back(client, user, reverse("round_start"), "name", "October, with its bank holiday")

    def test_a_reply_to_an_answer(self, client, editor, published):
        held = published.responsibilities.exclude(role="lead").select_related("organisation").first()
        now = timezone.now()
        Responsibility.objects.filter(pk=held.pk).update(
            answer="disputed", answer_words="No.", answered_by=editor, answered_at=now
        )
        address = reverse(
            "settle_role",
            kwargs={"reference": published.reference, "organisation": held.organisation.code, "role": held.role},
        )
        self.comes_back(client, editor, address, "reply", "We heard you, and keep it.")

    def test_a_decision_on_a_moved_date(self, client, person, published):
        user = person("approver", "dft", email="editor@test.example")
        _moved(published)
        address = reverse("decide_move", kwargs={"reference": published.reference})
        self.comes_back(client, user, address, "reasons", "Not without a new plan.")

    def test_administration(self, client, person):
        user = person(administrator=True, email="editor@test.example")
        address = reverse("organisation_end", kwargs={"code": "dft"})
        self.comes_back(client, user, address, "reason", "Announced in the autumn.")


def _moved(record):
    Update.objects.create(
        initiative=record, reported_on=timezone.localdate(), rag="red", narrative="Late", by=factories.user(),
        moved_to="2031-12-31", moved_to_precision="year", moved_reason_code="funding", moved_reason="No money",
        move_state="proposed", moved_by=factories.user(),
    )  # fmt: skip
