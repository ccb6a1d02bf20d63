"""Deciding on a moved date through the pages."""

import pytest
from django.urls import reverse

from policies.models import Initiative, Update
from tests.policies import factories

pytestmark = [pytest.mark.usefixtures("landscape"), pytest.mark.django_db]


@pytest.fixture
def record():
    """A policy of DfT."""
    return Initiative.objects.get(short_code="gear-change")


@pytest.fixture
def proposal(record):
    """Its end, moved from what is on record by somebody of DfT."""
    return factories.moved(
        initiative=record, moved_from=record.end_date, moved_from_precision=record.end_precision,
        moved_to="2031-03-31", moved_by=factories.user(name="Pat Proposer"),
    )  # fmt: skip


def address(record):
    return reverse("decide_move", kwargs={"reference": record.reference})


def send(client, record, **data):
    record.refresh_from_db()
    return client.post(address(record), {"version": record.version} | data)


def test_my_work_leads_to_it(read, person, proposal, record):
    page = read("/my-work/", by=person("approver", "dft"))
    assert address(record) in page.links("/moves/")
    assert "proposed by Pat Proposer" in page.main
    assert address(record) in read(f"/policies/{record.reference}/").links("/moves/")
    for other in (person("editor", "dft"), person("approver", "dhsc"), proposal.moved_by):
        assert read("/my-work/", by=other).links("/moves/") == []
        assert read(f"/policies/{record.reference}/", by=other).links("/moves/") == []


def test_an_administrator_is_asked_where_nobody_else_can(read, person, proposal, record):
    administrator = person(administrator=True)
    assert address(record) in read("/my-work/", by=administrator).links("/moves/")
    factories.membership(
        user=proposal.moved_by, organisation=record.responsibilities.get(role="lead").organisation, role="approver"
    )
    assert address(record) in read("/my-work/", by=administrator).links("/moves/"), "the proposer alone is nobody"
    person("approver", "dft")
    assert read("/my-work/", by=administrator).links("/moves/") == []


def test_approving(client, read, person, proposal, record):
    client.force_login(person("approver", "dft"))
    page = read(address(record))
    assert "31 March 2031" in page.main
    assert "Bids came late." in page.main
    answer = send(client, record, decision="approve")
    assert "The date on record has moved" in read(answer["Location"]).main
    record.refresh_from_db()
    assert (str(record.end_date), record.end_precision) == ("2031-03-31", "day")
    client.logout()
    assert "31 March 2031. Funding. Bids came late." in read(f"/policies/{record.reference}/").main


def test_declining(client, read, person, proposal, record):
    approver = person("approver", "dft")
    client.force_login(approver)
    before = record.end_date
    answer = send(client, record, decision="decline", reasons="The money is there.")
    page = read(answer["Location"])
    assert "Declined: The money is there." in page.main
    record.refresh_from_db()
    assert record.end_date == before
    client.logout()
    assert "The money is there" not in read(f"/policies/{record.reference}/").html


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Select whether you approve the new date"),
        ({"decision": "perhaps"}, "Select"),
        ({"decision": "decline", "reasons": " "}, "Enter why it is declined"),
        ({"decision": "decline", "reasons": "x" * 301}, "300"),
        ({"decision": "approve", "version": "1", "reasons": ""}, "The record has changed since you opened this page"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_decided(client, person, proposal, record, data, words):
    Initiative.objects.filter(pk=record.pk).update(version=7)
    client.force_login(person("approver", "dft"))
    answer = send(client, record, **data)
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    assert words in answer.content.decode()
    proposal.refresh_from_db()
    assert proposal.move_state == "proposed"


def test_after_a_change_the_page_carries_the_answer_and_the_new_version(client, person, proposal, record):
    client.force_login(person("approver", "dft"))
    Initiative.objects.filter(pk=record.pk).update(version=7)
    text = send(client, record, decision="decline", reasons="Not <yet>.", version="1").content.decode()
    assert 'name="version" value="7"' in text
    assert "Not &lt;yet&gt;." in text


def test_who_is_let_in(client, person, proposal, record):
    assert client.get(address(record)).status_code == 302
    for who in (person("editor", "dft"), person("approver", "dhsc"), proposal.moved_by):
        client.force_login(who)
        assert client.get(address(record)).status_code == 403
        assert send(client, record, decision="approve").status_code == 403
    assert Update.objects.get(pk=proposal.pk).move_state == "proposed"


def test_where_nothing_waits_one_is_led_on(client, read, person, record):
    client.force_login(person("approver", "dft"))
    answer = client.get(address(record))
    assert "No new date waits for approval" in read(answer["Location"]).main
    for reference in ("NONE-0001", "x%00y"):
        assert client.get(f"/moves/{reference}/").status_code == 404
