"""A session that ends, a search to keep, a record as it was: seen in a browser, at both widths."""

import os
from pathlib import Path

from django.contrib.sessions.models import Session
from django.utils import timezone

from policies.actions import initiatives, revisions
from policies.models import Initiative, Organisation
from tests.policies import steps

PICTURES = os.environ.get("TRACKER_PICTURES")


def looked_at(visitor, name):
    """What is wrong with the page as it stands; with TRACKER_PICTURES, also a picture at each width."""
    faults = visitor.faults()
    for width in (1280, 320):
        if (over := visitor.overflow_at(width)) > 0:
            faults.append(f"{name}: {over} px too wide at {width}")
        if PICTURES:
            visitor.page.set_viewport_size({"width": width, "height": 900})
            visitor.page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)
            visitor.page.set_viewport_size({"width": 1280, "height": 900})
    return faults


def test_what_was_typed_comes_back_after_the_sign_in(visitor, someone):
    """Given an editor who writes for longer than a session lasts"""
    editor = someone("editor", "dft", email="editor@test.example")
    lead = Organisation.objects.get(code="dft")
    draft = initiatives.create(by=editor, kind="commitment", form="commitment", lead=lead, title="Quiet streets")
    one = visitor()
    one.signs_in(editor)
    one.goes_to(f"/log/{draft.reference}/words/")
    one.page.fill("#id_title", "Quiet streets in 50 towns")
    one.page.fill("#id_summary", "Slower streets,\nwritten over a long lunch.")
    # When the session ends and they save
    Session.objects.all().delete()
    one.presses("Save and continue")
    assert one.sees("You were signed out, so nothing has been saved yet.")
    faults = looked_at(one, "kept-sign-in")
    one.page.fill("input[name=login]", editor.email)
    one.page.fill("input[name=password]", "correct horse battery")
    one.presses("Sign in")
    # Then they are on the page again, with all that they typed, and saving is one press
    assert one.page.url.endswith(f"/log/{draft.reference}/words/")
    assert one.sees("You were signed out. Check what you typed and save again.")
    assert one.page.input_value("#id_title") == "Quiet streets in 50 towns"
    assert one.page.input_value("#id_summary") == "Slower streets,\nwritten over a long lunch."
    faults += looked_at(one, "kept-back")
    assert Initiative.objects.get(pk=draft.pk).title == "Quiet streets"
    one.presses("Save and continue")
    assert one.page.url.endswith(f"/log/{draft.reference}/")
    assert Initiative.objects.get(pk=draft.pk).title == "Quiet streets in 50 towns"
    assert faults == []
    assert one.complaints == []


def test_a_search_is_kept_and_opened_again(visitor, someone):
    """Given a reader with filters on, when they save the search, then it opens the same list from My work."""
    reader = visitor()
    reader.signs_in(someone("reader", "dft"))
    reader.goes_to("/policies/?form=fund&nhs_role=none")
    faults = looked_at(reader, "search-offer")
    reader.page.click("text=Save this search")
    reader.page.fill("#id_name", "")
    reader.presses("Save the search")
    assert reader.sees("Enter the name of the search")
    faults += looked_at(reader, "search-name")
    reader.page.fill("#id_name", "Funds without the NHS")
    reader.presses("Save the search")
    assert reader.sees("The search is saved.")
    reader.page.click("text=My work")
    faults += looked_at(reader, "search-my-work")
    reader.page.click("text=Funds without the NHS")
    assert reader.page.url.endswith("/policies/?form=fund&nhs_role=none")
    reader.goes_to("/saved-searches/")
    faults += looked_at(reader, "search-list")
    reader.page.get_by_role("link", name="Delete Funds without the NHS").click()
    faults += looked_at(reader, "search-delete")
    reader.presses("Delete the search")
    assert reader.sees("You have saved no search")
    assert faults == []
    assert reader.complaints == []


def test_the_history_of_a_record_and_a_day_of_it(visitor, someone, gear_change):
    """Given a record that was revised, then its differences can be read, and the record on a day."""
    approver = someone("approver", "dft")

    def change(copy):
        summary = f"{copy.summary} And half of all journeys in towns will be cycled or walked by 2030."
        initiatives.edit(by=approver, initiative=copy, version=1, summary=summary, value_gbp=2_500_000_000)
        initiatives.set_parts(by=approver, initiative=copy, version=2, part="capitals", rows=[])

    steps.revised(gear_change, change, by=approver)
    revisions.start_revision(by=approver, initiative=gear_change)
    reader = visitor()
    reader.goes_to(f"/policies/{gear_change.reference}/")
    reader.page.click("text=See the history by day, or the record on an earlier day")
    assert reader.sees("half of all journeys")
    faults = looked_at(reader, "history")
    reader.page.fill("#id_as_of-day", "31")
    reader.page.fill("#id_as_of-month", "2")
    reader.page.fill("#id_as_of-year", "2026")
    reader.presses("Show the record")
    assert reader.page.title().startswith("Error: ")
    faults += looked_at(reader, "history-error")
    reader.page.locator(".govuk-error-summary a").first.click()
    assert reader.focused == "id_as_of-day"
    today = timezone.localdate()
    for part in ("day", "month", "year"):
        reader.page.fill(f"#id_as_of-{part}", str(getattr(today, part)))
    reader.presses("Show the record")
    assert reader.page.url.endswith(f"?as_of={today.isoformat()}")
    assert reader.sees("This is how the record stood at the end of")
    faults += looked_at(reader, "as-of")
    reader.goes_to(f"/policies/{gear_change.reference}/?as_of=2001-01-01")
    faults += looked_at(reader, "as-of-nothing")
    assert faults == []
    assert reader.complaints == []
