"""The main journey: sign in, log a commitment, check, publish, see its flags; change it, and see them resolve."""

import time

import pytest

from policies.models import Initiative
from tests.conftest import TODAY
from tracker.actions import scans
from tracker.models import Flag


def scanned():
    """What the worker does within seconds, done here at once; other transactions may hold it back a little."""
    for _ in range(300):
        result = scans.scan_changes(today=TODAY)
        if not result.unsettled and not result.busy:
            return
        time.sleep(0.1)
    raise AssertionError("changes did not settle within 30 seconds")


class Writer:
    """Somebody who logs a commitment, page by page."""

    def __init__(self, visitor, faults):
        self.visitor, self.page, self.found = visitor, visitor.page, faults

    def looks(self):
        """Every page they come by is measured, and axe looks at it."""
        self.found += self.visitor.faults()
        if self.visitor.overflow > 0:
            self.found.append(f"{self.page.url}: {self.visitor.overflow} px too wide")

    def opens(self, task):
        self.page.locator(".govuk-task-list").get_by_role("link", name=task, exact=True).click()
        self.looks()

    def goes_on(self):
        self.visitor.presses("Save and continue")
        self.looks()

    def picks(self, name, value):
        self.page.check(f"input[name={name}][value={value}]")


WANTED = ("No local government role", "No NHS role", "Nothing measures it", "No health measure")


def starts(writer, gear_change):
    """They forget the title, and the page takes them to it."""
    page = writer.page
    writer.visitor.goes_to(f"/policies/{gear_change.reference}/")
    page.click("text=Log a commitment under it")
    writer.looks()
    writer.goes_on()
    assert writer.visitor.sees("Enter what is promised")
    page.click(".govuk-error-summary a")
    assert writer.visitor.focused == "id_title"
    page.fill("#id_title", "Quiet streets in 50 towns by 2029")
    writer.goes_on()


def says_what_and_when(writer):
    """Words and dates, with a month misspelt on the way."""
    page = writer.page
    writer.opens("What it says")
    page.fill("#id_summary", "Slower streets around schools.")
    page.fill("#id_source_title", "Gear Change, page 9")
    writer.goes_on()
    writer.opens("Dates and money")
    for part, typed in (("day", "31"), ("month", "Febuary"), ("year", "2029")):
        page.fill(f"#id_due-{part}", typed)
    writer.goes_on()
    assert writer.visitor.sees("The due date must be a real date")
    assert page.input_value("#id_due-month") == "Febuary"
    page.fill("#id_due-month", "March")
    writer.goes_on()


def says_what_it_builds_and_moves(writer):
    """A capital, an outcome, and a place whose name fits several."""
    page = writer.page
    writer.opens("The four capitals")
    writer.picks("primary", "financial_physical")
    writer.goes_on()
    writer.opens("Health outcomes")
    writer.picks("outcomes", "physical_activity")
    writer.goes_on()
    for name, value in (("direction", "improves"), ("horizon", "short"), ("stated", "yes")):
        writer.picks(name, value)
    page.fill("#id_pathway", "People walk more.")
    writer.goes_on()
    writer.opens("Places")
    page.fill("#id_place", "Greater")
    writer.visitor.presses("Add")
    writer.looks()
    assert writer.visitor.sees("Which one do you mean?")
    page.get_by_label("Greater Manchester").first.check()
    writer.visitor.presses("Add")
    page.click("text=Continue")


def sends_for_review(writer):
    """All answers are there to check; sending says the reference and who decides."""
    writer.page.click("text=Check the answers")
    writer.looks()
    for words in ("31 March 2029", "Slower streets around schools.", "Greater Manchester", "People walk more"):
        assert writer.visitor.sees(words)
    writer.visitor.presses("Send for review")
    writer.looks()
    commitment = Initiative.objects.get(title="Quiet streets in 50 towns by 2029")
    assert writer.visitor.sees(commitment.reference)
    return commitment


def decides(approver, reference, decision="publish", words=""):
    """A second person finds it in their work, reads it, and decides."""
    page = approver.page
    approver.visitor.goes_to("/my-work/")
    page.locator(f"main a[href='/log/{reference}/review/']").click()
    approver.looks()
    approver.visitor.presses("Send the decision")
    assert approver.visitor.sees("Select whether you publish it or ask for changes")
    approver.looks()
    approver.picks("decision", decision)
    if words:
        page.fill("#id_words", words)
    approver.visitor.presses("Send the decision")
    approver.looks()


def mends(writer):
    """They add who has a role, and a measure of health."""
    page = writer.page
    page.click("text=Change this record")
    writer.looks()
    writer.visitor.presses("Start a revision")
    writer.opens("Who has a role")
    for body, role in (("Local authorities in England", "delivery"), ("NHS bodies", "supporting")):
        page.fill("#id_organisation", body)
        writer.picks("role", role)
        writer.visitor.presses("Add")
        writer.looks()
    page.click("text=Continue")
    writer.opens("Measures")
    writer.picks("what", "indicator")
    page.fill("#id_indicator", "Healthy life expectancy at birth")
    writer.visitor.presses("Add")
    writer.looks()
    page.click("text=Continue")
    page.click("text=Check the answers")
    writer.looks()
    assert writer.visitor.sees("What the revision changes")
    writer.visitor.presses("Send for review")
    writer.looks()


@pytest.mark.parametrize("width", [1280])
def test_log_check_publish_and_mend(visitor, someone, gear_change, width):
    scanned()
    faults = []
    # Given an editor and an approver of DfT
    writer, approver = Writer(visitor(width=width), faults), Writer(visitor(width=width), faults)
    writer.visitor.signs_in(someone("editor", "dft"))
    approver.visitor.signs_in(someone("approver", "dft"))
    # When one logs a commitment under a policy, and the other asks for changes and then publishes it
    starts(writer, gear_change)
    says_what_and_when(writer)
    says_what_it_builds_and_moves(writer)
    commitment = sends_for_review(writer)
    decides(approver, commitment.reference, "changes", "Say which page.")
    writer.visitor.goes_to(f"/log/{commitment.reference}/")
    assert writer.visitor.sees("Say which page.")
    sends_for_review(writer)
    decides(approver, commitment.reference)
    # Then the checks flag what it lacks
    scanned()
    approver.page.click("text=See the record and its flags")
    approver.looks()
    for flag in WANTED:
        assert approver.visitor.sees(flag)
    # When they add it in a revision
    writer.visitor.goes_to(f"/commitments/{commitment.reference}/")
    mends(writer)
    decides(approver, f"{commitment.reference}-R1")
    # Then those flags are resolved
    scanned()
    writer.visitor.goes_to(f"/commitments/{commitment.reference}/")
    for flag in WANTED:
        assert not writer.page.locator("main").get_by_role("link", name=flag, exact=True).count()
    assert Flag.objects.about(commitment).filter(check_code="NHS001", resolved_at__isnull=False).exists()
    assert faults == []
    assert writer.visitor.complaints == approver.visitor.complaints == []


def test_two_people_on_one_page(visitor, someone, gear_change):
    """Given two editors on the same page, when the second saves, then both versions are shown and nothing is lost."""
    first, second = visitor(), visitor()
    first.signs_in(someone("editor", "dft"))
    second.signs_in(someone("editor", "dft"))
    first.goes_to(f"/log/{gear_change.reference}/")
    first.presses("Start a revision")
    first.page.wait_for_selector(".govuk-task-list")
    revision = Initiative.objects.get(revises=gear_change)
    for one in (first, second):
        one.goes_to(f"/log/{revision.reference}/words/")
    first.page.fill("#id_summary", "What the first one wrote.")
    first.presses("Save and continue")
    second.page.fill("#id_summary", "What the second one wrote.")
    second.presses("Save and continue")
    assert second.sees("Somebody else changed this record")
    assert second.sees("What the first one wrote.")
    assert second.sees("What the second one wrote.")
    assert second.faults() == []
    second.presses("Save what I typed")
    second.page.wait_for_selector(".govuk-task-list")
    revision.refresh_from_db()
    assert revision.summary == "What the second one wrote."


def test_without_javascript(visitor, someone, gear_change):
    """The journey needs no script: a draft, one answer, and its page."""
    writer = visitor(script=False)
    writer.signs_in(someone("editor", "dft"))
    writer.goes_to(f"/log/?parent={gear_change.reference}")
    writer.page.fill("#id_title", "Plain promise")
    writer.presses("Save and continue")
    writer.page.click("text=Measures")
    writer.page.check("input[name=what][value=words]")
    writer.page.fill("#id_words", "Children who walk to school")
    writer.page.check("input[name=is_health][value=yes]")
    writer.presses("Add")
    assert writer.sees("Children who walk to school (health)")
    assert Initiative.objects.get(title="Plain promise").measures.get().is_health
