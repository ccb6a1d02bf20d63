"""Signing in: closed to sign-up, ended after 12 hours, and kept out of caches."""

import pytest
from django.conf import settings
from django.urls import reverse

from tracker.web import accounts

pytestmark = pytest.mark.django_db


def test_nobody_opens_an_account_for_themselves(client, landscape):
    response = client.post(reverse("account_signup"), {"email": "a@b.example", "password1": "x" * 20})
    assert "_auth_user_id" not in client.session
    assert response.status_code in (200, 403)


def test_signed_in_pages_are_not_stored(client, landscape, person):
    assert "no-store" not in client.get("/").headers.get("Cache-Control", "")
    client.force_login(person("reader", "dhsc"))
    for address in ("/", "/policies/", "/policies/MHCLG-0001/", "/nothing-here/"):
        assert "no-store" in client.get(address).headers["Cache-Control"]


def test_a_session_ends_after_its_longest_time_however_busy(client, landscape, person, monkeypatch):
    now = 1_000_000.0
    monkeypatch.setattr(accounts.time, "time", lambda: now)
    user = person("reader", "dhsc")
    client.force_login(user)
    assert user.name in client.get("/").content.decode()
    now += settings.SESSION_ABSOLUTE_AGE - 1
    assert user.name in client.get("/policies/?form=fund").content.decode()
    now += 2
    response = client.get("/policies/?form=fund")
    assert response.status_code == 302
    assert response.headers["Location"] == f"{reverse('account_login')}?next=/policies/%3Fform%3Dfund"
    assert "no-store" in response.headers["Cache-Control"]
    assert user.name not in client.get("/").content.decode()


def test_the_new_session_after_that_is_whole(client, landscape, person, monkeypatch):
    now = 1_000_000.0
    monkeypatch.setattr(accounts.time, "time", lambda: now)
    user = person("reader", "dhsc")
    client.force_login(user)
    client.get("/")
    now += settings.SESSION_ABSOLUTE_AGE + 1
    client.get("/")
    client.force_login(user)
    now += 60
    assert user.name in client.get("/").content.decode()


def test_signing_in_with_a_password(client, landscape, person):
    user = person("reader", "dhsc", email="reader@test.example")
    response = client.post(
        reverse("account_login"), {"login": "reader@test.example", "password": "correct horse battery"}
    )
    assert response.headers["Location"] == "/"
    assert user.name in client.get("/").content.decode()


def test_pages_may_be_closed_to_those_who_have_not_signed_in(client, landscape, settings):
    settings.PUBLIC_READING = False
    assert "0 policies" in client.get("/policies/").content.decode().replace("<strong>0</strong>", "0")
    assert client.get("/policies/MHCLG-0001/").status_code == 404
    assert client.get("/flags/NHS001:policy:MHCLG-0001/").status_code == 404
