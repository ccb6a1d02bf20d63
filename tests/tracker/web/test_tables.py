"""Django's admin: it opens for administrators, shows every table, and writes nothing."""

import pytest
from django.urls import reverse

from policies.models import Initiative, User
from tests.policies import deciding
from tests.policies.models import sound
from tests.policies.written import written
from tracker.web.tables import SECRETS, models

pytestmark = [pytest.mark.usefixtures("landscape"), pytest.mark.django_db]


def at(model, page, *arguments):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


@pytest.fixture
def administrator(client, person):
    client.force_login(person(administrator=True))


def test_sends_to_the_service_s_own_sign_in(client):
    answer = client.get("/django-admin/policies/user/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/account/login/")
    assert "/django-admin/policies/user/" in answer.content.decode()
    assert client.post("/django-admin/login/", {"username": "a", "password": "b"}).status_code == 302


@pytest.mark.parametrize("role", ["reader", "approver"])
def test_is_not_for_members(client, person, role):
    client.force_login(person(role, "dhsc"))
    answer = client.get("/django-admin/", follow=True)
    assert answer.status_code == 403
    assert "Only administrators" in answer.content.decode()


def test_is_not_for_an_administrator_who_is_switched_off(client, administrator):
    User.objects.update(is_active=False)
    assert client.get("/django-admin/", follow=True).redirect_chain[-1][0].startswith("/account/login/")


def test_has_every_table(client, administrator):
    text = client.get("/django-admin/").content.decode()
    assert set(models()) == set(sound.models_of_ours())
    for model in models():
        assert at(model, "changelist") in text


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_shows_the_rows_of_a_table_and_changes_none(client, administrator, model):
    secret = {"password": "a-digest-that-nobody-sees"} if model is User else {}
    row = deciding.BY_MODEL[model](**secret)
    assert client.get(at(model, "changelist")).status_code == 200
    page = client.get(at(model, "change", row.pk))
    assert page.status_code == 200
    before = written()
    assert client.post(at(model, "change", row.pk), {}).status_code == 403
    assert client.post(at(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert client.post(at(model, "add"), {}).status_code == 403
    assert client.get(at(model, "add")).status_code == 403
    assert written() == before
    for of, name in SECRETS:
        if of is model:
            assert getattr(row, name) not in page.content.decode()


@pytest.mark.parametrize("lookup", ["password__startswith=md5", "password__regex=(", "email__contains=@"])
def test_nothing_is_looked_up_by_the_address(client, administrator, lookup):
    """What is not shown could be read letter by letter."""
    assert client.get(f"{at(User, 'changelist')}?{lookup}").status_code == 400


def test_leaves_leaving_and_passwords_to_the_service(client, administrator):
    assert client.post("/django-admin/logout/")["Location"] == "/account/logout/"
    assert client.get("/django-admin/password_change/")["Location"] == "/account/password/change/"


def test_takes_as_many_queries_for_a_full_page_as_for_a_short_one(client, administrator, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        assert client.get(at(Initiative, "changelist")).status_code == 200
