"""Administration: who may open what, and that every page takes as many queries with much as with little."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from policies.models import MembershipRole, Organisation, User
from tests.policies import factories

pytestmark = [pytest.mark.usefixtures("landscape"), pytest.mark.django_db]

# Address by name; who may open it: "administrator", or "approver" too.
PAGES = {
    "administration": "approver",
    "people": "approver",
    "person": "administrator",
    "person_details": "administrator",
    "person_access": "administrator",
    "person_administrator": "administrator",
    "person_join": "administrator",
    "person_membership": "administrator",
    "invitations": "approver",
    "invite": "approver",
    "organisations": "administrator",
    "organisation_add": "administrator",
    "organisation": "administrator",
    "organisation_edit": "administrator",
    "organisation_end": "administrator",
    "reassign": "administrator",
    "hand_over": "administrator",
    "move_members": "administrator",
    "thresholds": "administrator",
    "threshold": "administrator",
    "threshold_reset": "administrator",
    "background": "administrator",
    "requeue": "administrator",
    "severities": "administrator",
    "severity": "administrator",
    "severity_reset": "administrator",
}
NAMED = {
    "organisation": {"code": "dhsc"},
    "organisation_edit": {"code": "dhsc"},
    "organisation_end": {"code": "dhsc"},
    "hand_over": {"code": "dluhc"},
    "move_members": {"code": "dluhc"},
    "threshold": {"code": "CAP004", "threshold": "value"},
    "threshold_reset": {"code": "DEP004", "threshold": "days"},
    "severity": {"code": "CAP004"},
    "requeue": {"work": "check", "name": "FAC001"},
    "severity_reset": {"code": "DEP004"},
}
VISITORS = ("nobody", "reader", "editor", "approver", "administrator", "inactive")


@pytest.fixture
def somebody():
    """A person who acts for DHSC, once, and another who acts for a body that has ended."""
    factories.member("reader", Organisation.objects.get(code="dluhc"))
    factories.threshold_value(check_code="DEP004", name="days", value=15)
    factories.severity_value(check_code="DEP004")
    factories.stale_check(code="FAC001")
    return factories.member("editor", Organisation.objects.get(code="dhsc"), name="Sam Somebody")


def address(name, somebody):
    named = dict(NAMED.get(name, {}))
    if name.startswith("person"):
        named["pk"] = somebody.pk
    if name == "person_membership":
        named["code"] = "dhsc"
    return reverse(name, kwargs=named)


def visit(client, person, visitor):
    if visitor in MembershipRole.values:
        client.force_login(person(visitor, "dhsc"))
    if visitor == "administrator":
        client.force_login(person(administrator=True))
    if visitor == "inactive":
        one = person(administrator=True)
        client.force_login(one)
        User.objects.filter(pk=one.pk).update(is_active=False)


@pytest.mark.parametrize("visitor", VISITORS)
@pytest.mark.parametrize("name", PAGES)
def test_who_may_open_what(client, person, somebody, name, visitor):
    visit(client, person, visitor)
    answer = client.get(address(name, somebody))
    if visitor in ("nobody", "inactive"):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/")
        return
    may = visitor == "administrator" or visitor == PAGES[name]
    assert answer.status_code == (200 if may else 403)
    assert ("Only administrators" in answer.content.decode()) != may


@pytest.mark.parametrize("name", [name for name in PAGES if PAGES[name] == "administrator"])
def test_what_only_administrators_open_only_they_send(client, person, somebody, name):
    client.force_login(person("approver", "dhsc"))
    lists = ("background", "organisations", "organisation", "person", "reassign", "severities", "thresholds")
    refused = (403, 405) if name in lists else (403,)
    assert client.post(address(name, somebody), {}).status_code in refused


def test_every_address_is_in_the_table():
    from tracker.web.administration_urls import urlpatterns

    posted = {"invitation_resend", "invitation_revoke"}
    assert {pattern.name for pattern in urlpatterns} == set(PAGES) | posted


def test_the_link_is_in_the_navigation_of_administrators_only(read, person):
    assert "/administration/" not in read("/").html
    assert "/administration/" not in read("/", by=person("approver", "dhsc")).html
    assert 'href="/administration/"' in read("/", by=person(administrator=True)).html


def test_an_approver_is_led_to_the_people_of_their_organisation(read, person):
    assert "/administration/people/" in read("/my-work/", by=person("approver", "dhsc")).links()
    assert "/administration/people/" not in read("/my-work/", by=person("editor", "dhsc")).links()


@pytest.mark.parametrize(
    "missing",
    [
        "/people/0/",
        "/people/999999999/",
        "/organisations/none/",
        "/reassign/dhsc/",
        "/reassign/none/",
        "/thresholds/CAP004/none/",
        "/thresholds/ZZZ001/value/",
        "/thresholds/cap004/value/",
        "/reassign/phe/people/",
        "/thresholds/CAP004/value/reset/",
        "/severities/CAP004/reset/",
        "/severities/ZZZ001/",
        "/background/check/ZZZ001/",
        "/background/upload/0/",
        "/background/moon/1/",
        "/background/notice/99999999999999999999/",
        "/severities/cap004/",
    ],
)
def test_what_is_not_there_is_not_found(client, person, missing):
    client.force_login(person(administrator=True))
    assert client.get(f"/administration{missing}").status_code == 404


def queries(client, name, somebody):
    client.get(address(name, somebody))
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address(name, somebody)).status_code == 200
    return len(asked)


@pytest.mark.parametrize("name", PAGES)
def test_takes_as_many_queries_with_much_as_with_little(client, person, somebody, name):
    client.force_login(person(administrator=True))
    ended = Organisation.objects.get(code="dluhc")
    factories.invitation()
    few = queries(client, name, somebody)
    for _ in range(12):
        factories.member("editor", ended)
        factories.invitation()
        factories.membership(user=somebody)
        factories.responsibility(organisation=ended, initiative=factories.policy(status="published"))
        gone = factories.organisation(active_to="2024-01-01")
        factories.organisation_succession(predecessor=gone)
        factories.responsibility(organisation=gone, initiative=factories.policy(status="published"))
        factories.threshold_value(check_code="CAP004")
    assert queries(client, name, somebody) == few <= 25
