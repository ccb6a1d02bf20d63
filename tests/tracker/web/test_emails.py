"""Getting the daily email or not: on one's own page, and by the link in the email."""

import pytest
from django.test import Client

from tracker.actions import digests

pytestmark = pytest.mark.django_db


def stop_link(user):
    return f"/emails/stop/{digests.token_of(user)}/"


def wants(user):
    user.refresh_from_db()
    return user.wants_digest


def test_ones_own_page(client, read, person):
    assert client.get("/emails/")["Location"] == "/account/login/?next=/emails/"
    user = person("reader", "dft")
    client.force_login(user)
    assert "/emails/" in read("/my-work/").links()
    for answer, wanted in (("no", False), ("yes", True)):
        assert client.post("/emails/", {"wanted": answer})["Location"] == "/my-work/"
        assert wants(user) is wanted
    text = client.post("/emails/", {}).content.decode()
    assert "Select yes if you want the email" in text
    assert wants(user) is True


def test_the_link_stops_them_without_sign_in(person, read):
    user = person("editor", "dft")
    outside = Client(enforce_csrf_checks=True)
    assert "Stop the emails" in outside.get(stop_link(user)).content.decode()
    assert wants(user) is True, "programs that look for harmful links open them too"
    answer = outside.post(stop_link(user), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert wants(user) is False
    assert "You get no more emails" in read(stop_link(user)).main


@pytest.mark.parametrize("token", ["1", "1:forged", "%00", "x:y:z"])
def test_a_forged_link_stops_nothing(client, person, token):
    user = person("editor", "dft")
    assert client.post(f"/emails/stop/{token}/").status_code == 404
    assert wants(user) is True


def test_stopping_is_in_history_under_ones_own_name(client, person):
    user = person("editor", "dft")
    client.post(stop_link(user))
    event = type(user).pgh_event_model.objects.filter(pgh_obj=user.pk).order_by("-pgh_id").first()
    assert event.wants_digest is False
    assert event.pgh_context.metadata["by_name"] == user.name
