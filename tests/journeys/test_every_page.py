"""Every page in every state: no fault found by axe, no sideways scrolling at 320 px, nothing said by the console."""

import re

import pytest

from policies.models import Initiative
from tracker.checks import facts
from tracker.models import Flag


def reading_pages():
    """Addresses of every page for readers, in every state that an address can bring about."""
    pages = [
        "/",
        "/policies/",
        "/policies/?collection=core_2021&nhs_role=none",
        "/policies/?form=nonsense",
        "/policies/?q=zzzzzz",
        "/commitments/",
        "/commitments/?page=2",
        "/partnerships/",
        "/flags/",
        "/flags/?page=2&severity=high",
        "/flags/?check=nonsense",
        "/checks/",
        "/checks/NHS001/",
        "/checks/CAP002/",
        "/reports/",
        "/reports/briefings-tests/",
        "/reports/briefings-tests/?collection=core_2021&collection=wider_2021",
        "/reports/briefings-tests/?collection=nonsense",
        "/accessibility/",
        "/cookies/",
        "/feedback/",
        "/account/login/",
        "/account/password/reset/",
        "/policies/NONE-0001/",
        "/nowhere/",
    ]
    for kind, many in (("policy", "policies"), ("commitment", "commitments"), ("partnership", "partnerships")):
        pages.append(f"/{many}/{Initiative.objects.filter(kind=kind).first().reference}/")
    covered = Initiative.objects.filter(facts.covered_by_parent()).first()
    pages.append(f"/commitments/{covered.reference}/")
    for flag in Flag.objects.standing().order_by("subject").distinct("subject"):
        pages.append(f"/flags/{flag.fingerprint}/")
    return pages


def test_every_page_for_readers(visitor):
    faults = []
    wide, narrow, plain = visitor(), visitor(width=320), visitor(script=False)
    for path in reading_pages():
        status = wide.goes_to(path)
        faults += wide.faults()
        if wide.page.locator("h1").count() != 1:
            faults.append(f"{path}: not one h1")
        if not wide.page.title().endswith(" - Policy alignment tracker"):
            faults.append(f"{path}: titled {wide.page.title()}")
        if ("nonsense" in path) != wide.page.title().startswith("Error: "):
            faults.append(f"{path}: titled {wide.page.title()}")
        assert narrow.goes_to(path) == status
        if narrow.overflow > 0:
            faults.append(f"{path}: {narrow.overflow} px too wide at 320 px")
        plain.goes_to(path)
        # Only the button that folds the filters away on a narrow screen is the script's own.
        if missing := words(wide) - words(plain) - {"Show", "Hide"}:
            faults.append(f"{path}: without JavaScript it does not say {sorted(missing)[:5]}")
    assert faults == []
    assert wide.complaints == narrow.complaints == []


def words(visitor):
    """The words of a page's main part, less times, which change by the minute."""
    text = visitor.page.locator("main").text_content()
    return {word for word in re.findall(r"[A-Za-z]{3,}|£?\d[\d,.]*", text) if not re.fullmatch(r"\d{1,2}", word)}


def test_the_documentation_of_the_api(visitor):
    reader = visitor()
    assert reader.goes_to("/api/v1/docs") == 200
    reader.page.wait_for_selector(".opblock")
    assert reader.page.locator(".opblock").count() >= 15
    assert [complaint for complaint in reader.complaints if "style" not in complaint.lower()] == []


def test_no_letter_or_crown_of_gov_uk(visitor):
    reader = visitor()
    reader.goes_to("/")
    font = reader.page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily")
    assert "GDS Transport" not in font
    assert "crown" not in reader.page.content().lower().replace("crown copyright", "")


def test_by_keyboard_alone(visitor, someone):
    """Given a reader without a mouse, when they sign in wrongly, then the focus leads them to what is wrong."""
    someone("reader", "dhsc", email="keys@test.example")
    reader = visitor()
    reader.goes_to("/account/login/")
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate("document.activeElement.className").startswith("govuk-skip-link")
    reader.page.keyboard.press("Enter")
    assert reader.page.url.endswith("#main-content")
    reader.page.focus("input[name=login]")
    reader.page.keyboard.type("keys@test.example")
    reader.page.keyboard.press("Enter")
    summary = reader.page.locator(".govuk-error-summary")
    assert summary.evaluate("e => e === document.activeElement")
    reader.page.keyboard.press("Tab")
    reader.page.keyboard.press("Enter")
    assert reader.focused == "id_password"
    assert reader.page.input_value("input[name=login]") == "keys@test.example"
    reader.page.keyboard.type("correct horse battery")
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_selector("text=Sign out")
    assert reader.page.url == reader.address + "/"
    assert reader.faults() == []


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_from_the_report_to_a_row_and_its_flag(visitor, script):
    """A number in the report leads to as many rows; a row to its record, a flag to its check."""
    reader = visitor(script=script)
    # Given the report on the levelling-up policies of 2021
    reader.goes_to("/")
    reader.page.click("text=The briefing's tests")
    # When the reader opens the number of policies without a role for local government
    table = reader.page.locator("table", has_text="Policies by role of local government").first
    number = table.locator("tr", has_text="No role recorded").locator("a").first
    count = int(number.inner_text().split()[0])
    number.click()
    # Then the list says the same number and shows as many rows
    assert reader.sees(f"{count} policies")
    assert reader.page.locator("tbody tr").count() == count
    # And a policy leads to its flags, and a flag to its check
    reader.page.locator("tbody tr a").first.click()
    reader.page.locator("main").get_by_role("link", name="No local government role").first.click()
    assert reader.sees("What proves it")
    reader.page.locator("main").get_by_role("link", name="More about the check LOC001").click()
    assert reader.page.url.endswith("/checks/LOC001/")
