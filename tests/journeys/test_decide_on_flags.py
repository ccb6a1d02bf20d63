"""Two departments live with a flag about both, and one of them decides on many flags at once."""

import pytest
from django.utils import timezone

from tracker.decisions import FlagDecision
from tracker.models import Flag


@pytest.fixture
def pair():
    """A flag about a policy of the Treasury and one of DfT."""
    return Flag.objects.get(fingerprint__startswith="DEP001:pair:DFT-0001+HMT-0001")


def writes_date(visitor, name, day, month, year):
    for part, value in (("day", day), ("month", month), ("year", year)):
        visitor.page.fill(f"input[name={name}-{part}]", str(value))


def test_one_side_sets_it_aside_and_the_other_sees_and_answers(visitor, someone, pair):
    # Given an approver of DfT on a narrow screen, who uses the keyboard
    dft = visitor(width=320)
    dft.signs_in(someone("approver", "dft"))
    dft.goes_to(f"/flags/{pair.fingerprint}/")
    faults = dft.faults()
    dft.page.locator("main").get_by_role("link", name="Set it aside", exact=True).focus()
    dft.page.keyboard.press("Enter")
    # When they send the form without an answer
    dft.page.wait_for_selector("textarea[name=comment]")
    dft.page.locator("main form button").focus()
    dft.page.keyboard.press("Enter")
    dft.page.wait_for_selector(".govuk-error-summary")
    faults += dft.faults()
    assert dft.overflow <= 0
    # Then the message leads to the question, and answers by keyboard are taken
    dft.page.locator(".govuk-error-summary a").nth(1).focus()
    dft.page.keyboard.press("Enter")
    assert dft.focused == "id_comment"
    dft.page.keyboard.type("Both ministers agreed in May.")
    dft.page.locator("input[name=reason][value=trade_off]").focus()
    dft.page.keyboard.press("Space")
    day = timezone.localdate().replace(day=1)
    writes_date(dft, "review_on", 1, day.month % 12 + 1, day.year + (day.month == 12))
    dft.page.locator("main form button").focus()
    dft.page.keyboard.press("Enter")
    dft.page.wait_for_selector("text=The other side decides for itself")
    faults += dft.faults()
    assert dft.overflow <= 0
    # And the Treasury sees the words and still has to decide; it comments, with no script at all
    treasury = visitor(script=False)
    treasury.signs_in(someone("editor", "hmt"))
    treasury.goes_to("/my-work/")
    treasury.page.locator(f"main a[href='/flags/{pair.fingerprint}/']").click()
    assert treasury.sees("Both ministers agreed in May.")
    assert treasury.sees("No decision yet.")
    treasury.page.locator("main").get_by_role("link", name="Comment on this flag").click()
    treasury.page.fill("textarea[name=words]", "Ours did not.")
    treasury.presses("Save the comment")
    assert treasury.sees("Your comment stands with the flag.")
    dft.goes_to(f"/flags/{pair.fingerprint}/")
    assert dft.sees("Ours did not.")
    assert faults == []
    assert dft.complaints == treasury.complaints == []


@pytest.mark.parametrize("script", [True, False])
def test_many_are_acknowledged_at_once(visitor, someone, script):
    # Given an editor of DfT with a list of what waits for them
    editor = visitor(width=320, script=script)
    editor.signs_in(someone("editor", "dft"))
    editor.goes_to("/flags/?waiting=us")
    faults = editor.faults() if script else []
    # When they tick two and say what will be done
    for number in (1, 2):
        editor.page.check(f"#flag-{number}")
    editor.presses("Acknowledge")
    editor.page.wait_for_selector("h1:has-text('Acknowledge 2 flags')")
    faults += editor.faults() if script else []
    editor.page.fill("textarea[name=plan]", "Ask the boards.")
    today = timezone.localdate()
    writes_date(editor, "due_on", today.day, today.month, today.year)
    editor.presses("Continue")
    # Then they check first, and both are acknowledged
    editor.page.wait_for_selector("text=Check before you decide")
    faults += editor.faults() if script else []
    assert editor.overflow <= 0
    assert not FlagDecision.objects.exists()
    editor.presses("Acknowledge 2 flags")
    editor.page.wait_for_selector("text=2 flags are acknowledged.")
    assert FlagDecision.objects.count() == 2
    assert faults == []
    assert editor.complaints == []
