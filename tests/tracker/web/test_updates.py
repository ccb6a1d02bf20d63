"""Recording progress through the pages: in full, in one click, and every wrong answer."""

import pytest
from django.urls import reverse

from policies.models import Initiative, Update
from tests.tracker.web.conftest import Page

pytestmark = [pytest.mark.usefixtures("landscape"), pytest.mark.django_db]


@pytest.fixture
def record():
    """A policy of DfT."""
    return Initiative.objects.get(short_code="gear-change")


@pytest.fixture
def approver(person, client):
    """An approver of DfT, signed in."""
    user = person("approver", "dft")
    client.force_login(user)
    return user


def address(record):
    return reverse("journey_update", kwargs={"reference": record.reference})


def send(client, record, **data):
    record.refresh_from_db()
    sound = {"version": record.version, "rag": "amber", "narrative": "Bids came late.", "moved": "no"}
    return client.post(address(record), sound | data)


MOVED = {
    "moved": "yes",
    "moved_to-day": "31",
    "moved_to-month": "3",
    "moved_to-year": "2031",
    "moved_reason_code": "procurement",
    "moved_reason": "Bids came late.",
}


def updates_of(page):
    """The section of progress updates, as it is marked up."""
    return page.html.split('<section id="updates"')[1].split("</section>")[0]


@pytest.mark.usefixtures("approver")
def test_an_update_in_full(record, client, read):
    before = record.end_date
    answer = send(client, record, spent_gbp="£1.5m", **MOVED)
    assert answer.status_code == 302
    kept = Update.objects.get(initiative=record)
    assert (kept.rag, kept.spent_gbp, kept.moved_from, kept.move_state) == ("amber", 1_500_000, before, "proposed")
    record.refresh_from_db()
    assert record.end_date == before, "the date waits for somebody else"
    page = read(answer["Location"])
    assert "The new date waits for another approver" in page.main
    assert "Amber: at risk" in page.main
    assert "by Approver" in updates_of(page)
    assert "Waiting for approval" in updates_of(page)
    assert "New date 31 March 2031. Procurement. Bids came late." in page.main
    client.logout()
    page = read(answer["Location"])
    assert "Approver" not in updates_of(page)
    assert "2031" not in page.main, "what is only proposed is for those who work on the record"


@pytest.mark.usefixtures("approver")
def test_a_new_date_may_be_a_year(record, client):
    send(client, record, **MOVED | {"moved_to-day": "", "moved_to-month": ""})
    kept = Update.objects.get(initiative=record)
    assert (kept.moved_to.year, kept.moved_to_precision) == (2031, "year")


@pytest.mark.usefixtures("approver")
def test_nothing_has_changed_is_one_click(record, client, read):
    assert "Nothing has changed" not in read(address(record)).main
    send(client, record, spent_gbp="5")
    Update.objects.update(reported_on="2026-01-31")
    page = read(address(record))
    assert "Nothing has changed" in page.main
    assert "Bids came late." in page.main
    record.refresh_from_db()
    assert client.post(address(record), {"version": record.version, "unchanged": "yes"}).status_code == 302
    first, second = Update.objects.order_by("reported_on")
    assert (first.rag, first.narrative, first.spent_gbp) == (second.rag, second.narrative, second.spent_gbp)


@pytest.mark.usefixtures("approver")
@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"rag": ""}, "Select how it is going"),
        ({"narrative": " "}, "Enter what has happened"),
        ({"moved": ""}, "Select yes if the date has moved"),
        ({"moved": "yes", "moved_reason": "Late.", "moved_reason_code": "events"}, "Enter the new date"),
        (MOVED | {"moved_reason": ""}, "Enter what people should know about it"),
        (MOVED | {"moved_reason_code": ""}, "Select the main reason"),
        (MOVED | {"moved_reason_code": "weather"}, "Select"),
        ({"spent_gbp": "-5"}, "The amount spent"),
        (MOVED | {"moved_to-year": "1900"}, "The new date must be the same as or after the start date"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(record, client, data, words):
    Initiative.objects.filter(pk=record.pk).update(start_date="2020-07-28", start_precision="day")
    answer = send(client, record, **data)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Update.objects.exists()


@pytest.mark.usefixtures("approver")
@pytest.mark.parametrize("data", [{}, {"unchanged": "yes"}])
def test_somebody_was_faster(record, client, data):
    send(client, record)
    answer = send(client, record, version=1, **data)
    assert answer.status_code == 409


def test_who_is_let_in(record, person, client):
    assert client.get(address(record)).status_code == 302
    client.force_login(person("approver", "dhsc"))
    assert client.get(address(record)).status_code == 403


@pytest.mark.usefixtures("approver")
def test_the_page_is_linked_for_published_records_only(record, client, read):
    tasks = reverse("journey_tasks", kwargs={"reference": record.reference})
    assert address(record) in Page(client.get(tasks, follow=True)).links()
    assert address(record) in read(f"/policies/{record.reference}/").links()
    Initiative.objects.filter(pk=record.pk).update(status="draft", published_at=None, published_by=None)
    assert address(record) not in read(tasks).links()
    assert client.get(address(record)).status_code == 403
