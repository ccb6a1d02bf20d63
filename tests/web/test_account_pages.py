"""Signing in and out, and new passwords: every page is ours, and the words say what to do."""

import html
import re

import pytest
from django.core import mail
from django.urls import get_resolver

from policies.models import User
from tracker.web.account_urls import urlpatterns

PASSWORD = "some long words"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
UNPLAIN = re.compile(r"\b(please|sorry|invalid|forbidden|this field is required)\b", re.IGNORECASE)


@pytest.fixture(autouse=True)
def _no_limits(settings):
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def person(db):
    return User.objects.create_user(email="person@example.gov.uk", name="A. Person", password=PASSWORD)


def errors(response):
    page = response.content.decode()
    summary = re.search(r'error-summary__list">(.*?)</ul>', page, re.DOTALL)
    return [html.unescape(line) for line in re.findall(r">([^<>]+)</a>", summary[1])] if summary else []


def heading(response):
    return re.search(r"<h1[^>]*>(.*?)</h1>", response.content.decode())[1]


def is_ours(response):
    page = response.content.decode()
    return "app-header" in page and page.count("<h1") == 1 and not UNPLAIN.search(re.sub(r"<[^>]+>", " ", page))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["login", "signup", "inactive", "password/reset", "password/reset/done", "password/reset/key/done"]
)
def test_pages_before_signing_in_are_ours(client, path):
    response = client.get(f"/account/{path}/")
    assert response.status_code == 200
    assert is_ours(response)


@pytest.mark.parametrize("path", ["logout", "password/change"])
def test_pages_when_signed_in_are_ours(client, person, path):
    client.force_login(person, backend=BACKEND)
    assert is_ours(client.get(f"/account/{path}/"))


def test_nothing_of_allauths_own_pages_can_be_reached():
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str) and name.startswith("account_")}
    assert names == {pattern.name for pattern in urlpatterns}


def test_signing_in_and_out(client, person):
    response = client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    assert response.status_code == 302
    assert "_auth_user_id" in client.session
    assert client.post("/account/logout/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_signing_in_leads_back_to_where_one_was(client, person):
    page = client.get("/account/login/?next=/flags/").content.decode()
    assert '<input type="hidden" name="next" value="/flags/">' in page
    response = client.post("/account/login/", {"login": person.email, "password": PASSWORD, "next": "/flags/"})
    assert response["Location"] == "/flags/"


@pytest.mark.parametrize("email", ["person@example.gov.uk", "nobody@example.gov.uk"])
def test_a_wrong_password_and_an_unknown_address_are_told_alike(client, person, email):
    response = client.post("/account/login/", {"login": email, "password": "wrong words here"})
    assert errors(response) == ["The email address or the password is not right"]
    assert f'value="{email}"' in response.content.decode()
    assert "wrong words here" not in response.content.decode()


@pytest.mark.django_db
def test_nothing_typed(client):
    assert errors(client.post("/account/login/", {})) == ["Enter the email address", "Enter the password"]
    assert errors(client.post("/account/password/reset/", {})) == ["Enter the email address"]


def test_a_switched_off_account_is_told_so(client, person):
    User.objects.filter(pk=person.pk).update(is_active=False)
    response = client.post("/account/login/", {"login": person.email, "password": PASSWORD}, follow=True)
    assert "switched off" in response.content.decode() or "not right" in response.content.decode()
    assert "_auth_user_id" not in client.session


def reset_link(client, person):
    client.post("/account/password/reset/", {"email": person.email})
    assert "Choose a new password" in mail.outbox[0].subject
    return re.search(r"https?://[^/\s]+(/account/password/reset/key/\S+)", mail.outbox[0].body)[1]


def test_a_new_password_by_email(client, person):
    response = client.get(reset_link(client, person), follow=True)
    assert heading(response) == "Choose a new password"
    address = response.request["PATH_INFO"]
    assert errors(client.post(address, {})) == ["Enter the new password", "Enter the new password again"]
    assert errors(client.post(address, {"password1": "short", "password2": "short"})) == [
        "The new password must be 12 characters or more"
    ]
    assert errors(client.post(address, {"password1": "river table moon", "password2": "other"})) == [
        "The new password again must be the same as the new password"
    ]
    done = client.post(address, {"password1": "river table moon", "password2": "river table moon"}, follow=True)
    assert heading(done) == "Your password has changed"
    person.refresh_from_db()
    assert person.check_password("river table moon")


@pytest.mark.django_db
def test_a_link_that_no_longer_works(client):
    response = client.get("/account/password/reset/key/1-bad/", follow=True)
    assert heading(response) == "This link no longer works"
    assert is_ours(response)


@pytest.mark.django_db
def test_an_unknown_address_gets_the_same_page_and_a_mail_that_says_so(client):
    response = client.post("/account/password/reset/", {"email": "o'nobody@example.gov.uk"})
    assert response["Location"] == "/account/password/reset/done/"
    assert "no account has it" in mail.outbox[0].body


def test_changing_a_password(client, person):
    client.force_login(person, backend=BACKEND)
    wrong = {"oldpassword": "not this one", "password1": "river table moon", "password2": "river table moon"}
    assert errors(client.post("/account/password/change/", wrong)) == ["The current password is not right"]
    client.post("/account/password/change/", {**wrong, "oldpassword": PASSWORD})
    person.refresh_from_db()
    assert person.check_password("river table moon")


@pytest.mark.django_db
def test_too_many_tries_get_a_page_of_ours(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    client.post("/account/password/reset/", {"email": "a@example.gov.uk"})
    response = client.post("/account/password/reset/", {"email": "a@example.gov.uk"})
    assert response.status_code == 429
    assert is_ours(response)
