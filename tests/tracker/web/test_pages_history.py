"""The history on a record's page: who, when and what, in words, from the rows that triggers write."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from policies.actions import initiatives
from policies.models import Capital, Initiative, Organisation
from tests.policies import steps
from tracker.actions import scans
from tracker.models import Flag
from tracker.web.history import history

pytestmark = pytest.mark.django_db


@pytest.fixture
def approver(person):
    """Somebody who may do all to a record of the health department."""
    return person("approver", "dhsc")


@pytest.fixture
def record(landscape, approver):
    """A new commitment of the health department."""
    lead = Organisation.objects.get(code="dhsc")
    return initiatives.create(by=approver, kind="commitment", form="commitment", lead=lead, title="A first title")


def entries(record, user=None):
    found, _cut = history(Initiative.objects.get(pk=record.pk), user or record.created_by)
    for entry in found:
        entry.changes = [change[:3] for change in entry.changes]
    return found


def test_a_change_is_told_from_old_to_new_with_its_author(record, approver):
    initiatives.edit(by=approver, initiative=record, version=1, title="A better title", value_gbp=2_000_000)
    latest = max(entries(record), key=lambda entry: len(entry.changes))
    assert latest.by == approver.name
    assert ("Title", "A first title", "A better title") in latest.changes
    assert ("Value, pounds", None, "£2,000,000") in latest.changes
    assert not any(label in ("Version", "Updated at") for label, _old, _new in latest.changes)


def test_links_are_told_by_the_names_of_what_they_link(record, approver):
    capital = Capital.objects.get(code="human")
    rows = [{"capital": capital, "weight": "primary"}]
    initiatives.set_parts(by=approver, initiative=record, version=1, part="capitals", rows=rows)
    initiatives.set_parts(by=approver, initiative=record, version=2, part="capitals", rows=[])
    changes = [change for entry in entries(record) for change in entry.changes]
    assert ("Capital added", None, f"{capital.name}, Primary") in changes
    assert ("Capital removed", f"{capital.name}, Primary", None) in changes


def test_raw_sql_is_in_it_too(record):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE policies_initiative SET title = 'By hand' WHERE id = %s", [record.pk])
    assert any(new == "By hand" for entry in entries(record) for _label, _old, new in entry.changes)


def test_the_name_of_a_draft_stays_hidden_from_those_who_cannot_see_it(record, approver):
    lead = Organisation.objects.get(code="dhsc")
    above = initiatives.create(by=approver, kind="policy", form="strategy", lead=lead, title="Not for all")
    public = steps.publish(record, by=approver)
    steps.revised(
        public, lambda copy: initiatives.edit(by=approver, initiative=copy, version=1, parent=above), by=approver
    )

    def told(user):
        return [new for entry in entries(record, user) for label, _old, new in entry.changes if label == "Parent"]

    assert told(AnonymousUser()) == ["a record that you cannot see"]
    assert told(approver) == ["Not for all"]


def test_a_page_shows_the_history_of_a_loaded_record(read, landscape):
    page = read("/policies/MHCLG-0001/")
    assert "Added to the register" in page.text
    assert "capitals" in page.text


@pytest.mark.django_db(transaction=True)
def test_one_look_of_the_checks_is_one_entry_though_each_check_commits_by_itself():
    record = Initiative.objects.get(reference="MHCLG-0004")
    scans.scan_all()
    looks = [entry for entry in history(record, AnonymousUser())[0] if entry.title == "The checks looked again"]
    assert len(looks) == 1, "the scan that loaded the landscape; this one found nothing new"
    raised = {change.after.partition(":")[0] for change in looks[0].changes}
    assert raised == set(Flag.objects.about(record).values_list("check_code", flat=True))
    assert len(raised) > 1


@pytest.mark.django_db(transaction=True)
def test_what_a_record_said_before_it_was_published_is_for_those_who_could_read_it(record, approver, person):
    """A draft's wording may have been taken out for a reason; and names are for readers who have signed in."""
    initiatives.edit(by=approver, initiative=record, version=1, title="A title that was thought better of")
    initiatives.edit(by=approver, initiative=record, version=2, title="A title for all")
    steps.publish(record, by=approver)
    for reader in (AnonymousUser(), person("editor", "dft")):
        told = [change for entry in entries(record, reader) for change in entry.changes]
        assert told == [("Status", "In review", "Published")]
    for reader in (approver, person("reader", "dhsc"), person(administrator=True)):
        told = [change for entry in entries(record, reader) for change in entry.changes]
        assert ("Title", "A title that was thought better of", "A title for all") in told


def test_names_are_for_readers_who_have_signed_in(record, approver, person):
    steps.publish(record, by=approver)
    assert {entry.by for entry in entries(record, AnonymousUser())} == {""}
    assert approver.name in {entry.by for entry in entries(record, person())}
