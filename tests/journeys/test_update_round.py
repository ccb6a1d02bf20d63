"""A round is opened, a lead answers in one click, another proposes a date, and a second person approves it."""

import pytest
from django.utils import timezone

from policies.models import Initiative, Round, RoundRequest, Update
from tests.policies import factories


@pytest.fixture
def reported():
    """DfT reported on two of its policies long ago."""
    found = []
    led = Initiative.objects.filter(
        kind="policy", status="published", responsibilities__role="lead", responsibilities__organisation__code="dft"
    )
    for record in led.order_by("reference")[:2]:
        factories.update(initiative=record, reported_on="2026-01-31", rag="amber", narrative="Bids are in.")
        found.append(record)
    return found


@pytest.mark.parametrize("width", [320])
def test_from_the_opening_to_an_approved_date(visitor, someone, reported, width):
    first, second = reported
    # Given an approver of DfT who opens a round for what it leads
    chief = visitor(width=width)
    chief.signs_in(someone("approver", "dft"))
    faults = opens_a_round(chief)
    # When an editor says that nothing has changed in one, and proposes another date for the other
    editor = visitor(width=width)
    editor.signs_in(someone("editor", "dft"))
    faults += says_that_nothing_has_changed(editor, first)
    faults += proposes_a_date(editor, second)
    # Then the round's page shows both
    chief.goes_to(f"/rounds/{Round.objects.get().pk}/?state=in_time")
    assert chief.sees("2 records")
    assert chief.sees(first.title)
    faults += seen(chief)
    # And the approver, who did not propose it, decides
    faults += approves(chief, second)
    second.refresh_from_db()
    assert (second.end_date.year, second.end_precision) == (2031, "year")
    assert Update.objects.get(initiative=second, reported_on=timezone.localdate()).move_state == "approved"
    # And everybody can read that it moved, and why
    reader = visitor(script=False, width=width)
    reader.goes_to(f"/policies/{second.reference}/")
    assert reader.sees("to 2031. Procurement. No bidder came.")
    assert reader.overflow <= 0
    assert faults == []
    assert chief.complaints == editor.complaints == []


def opens_a_round(chief):
    """First with too few days, then with ten; returns what is wrong with the pages on the way."""
    chief.goes_to("/rounds/")
    faults = seen(chief)
    chief.page.get_by_role("button", name="Open an update round").click()
    chief.page.fill("#id_days", "0")
    chief.presses("Open the round")
    chief.page.wait_for_selector(".govuk-error-summary")
    faults += seen(chief)
    chief.page.click(".govuk-error-summary a")
    assert chief.focused == "id_days"
    chief.page.keyboard.press("Control+a")
    chief.page.keyboard.type("10")
    chief.presses("Open the round")
    chief.page.wait_for_selector("text=The round is open")
    assert chief.sees("Department for Transport")
    return faults + seen(chief)


def says_that_nothing_has_changed(editor, record):
    """From My work, by keyboard alone."""
    asked = RoundRequest.objects.count()
    editor.goes_to("/my-work/")
    assert editor.sees(f"Updates due ({asked})")
    faults = seen(editor)
    name = f"Nothing has changed in {record.title}"
    editor.page.locator("main").get_by_role("button", name=name, exact=True).focus()
    editor.page.keyboard.press("Enter")
    editor.page.wait_for_selector(f"text=Updates due ({asked - 1})")
    return faults + seen(editor)


def proposes_a_date(editor, record):
    """First without one, then with a year."""
    editor.page.locator("main").get_by_role("link", name=f"Update {record.title}", exact=True).click()
    editor.page.check("input[name=rag][value=red]")
    editor.page.check("input[name=moved][value=yes]")
    editor.presses("Record the update")
    editor.page.wait_for_selector(".govuk-error-summary")
    faults = seen(editor)
    editor.page.fill("#id_moved_to-year", "2031")
    editor.page.check("input[name=moved_reason_code][value=procurement]")
    editor.page.fill("#id_moved_reason", "No bidder came.")
    editor.presses("Record the update")
    editor.page.wait_for_selector("text=The new date waits for another approver")
    editor.goes_to(f"/policies/{record.reference}/")
    assert editor.sees("Waiting for approval")
    return faults + seen(editor)


def approves(chief, record):
    """First declines without a word, then approves."""
    chief.goes_to("/my-work/")
    faults = seen(chief)
    chief.page.locator("main").get_by_role("link", name=f"Decide on the date of {record.title}").click()
    chief.page.check("input[name=decision][value=decline]")
    chief.presses("Save the decision")
    chief.page.wait_for_selector(".govuk-error-summary")
    faults += seen(chief)
    chief.page.check("input[name=decision][value=approve]")
    chief.presses("Save the decision")
    chief.page.wait_for_selector("text=The date on record has moved")
    return faults


def seen(one):
    """What is wrong with the page that somebody sees."""
    too_wide = [f"{one.page.url}: {one.overflow} px too wide"] if one.overflow > 0 else []
    return too_wide + one.faults()


def test_everything_works_without_javascript(visitor, someone, reported):
    first, _ = reported
    editor = visitor(script=False, width=320)
    approver = someone("approver", "dft")
    RoundRequest.objects.create(
        round=factories.round_(opened_on=timezone.localdate(), deadline=timezone.localdate().replace(year=2030)),
        initiative=first,
        organisation=first.responsibilities.get(role="lead").organisation,
    )
    editor.signs_in(approver)
    editor.goes_to("/my-work/")
    editor.presses(f"Nothing has changed in {first.title}")
    assert editor.sees("Updates due (0)")
    for path in ("/rounds/", "/rounds/open/", "/emails/", f"/rounds/{Round.objects.get().pk}/?state=nonsense"):
        editor.goes_to(path)
        assert editor.overflow <= 0


def test_the_pages_of_the_daily_email(visitor, someone):
    from tracker.actions import digests

    person = someone("editor", "dft")
    reader = visitor(width=320)
    reader.goes_to(f"/emails/stop/{digests.token_of(person)}/")
    faults = seen(reader)
    reader.presses("Stop the emails")
    reader.page.wait_for_selector("text=You get no more emails")
    faults += seen(reader)
    reader.signs_in(person)
    reader.goes_to("/emails/")
    faults += seen(reader)
    assert reader.page.is_checked("input[name=wanted][value=no]")
    assert faults == []
    assert reader.complaints == []
