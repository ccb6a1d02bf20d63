"""Every page in every state: no fault found by axe, no sideways scrolling at 320 px, nothing said by the console."""

import re

import pytest
from django.utils import timezone

from policies.models import Initiative
from tracker.checks import facts
from tracker.models import Flag

# The Cabinet Office leads no policy of the core collection.
EMPTY_PORTFOLIO = "collection=core_2021&lead_lineage=cabinet-office"


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
        f"/reports/briefings-tests/?{EMPTY_PORTFOLIO}",
        "/search/",
        "/search/?q=housing",
        "/search/?q=zzzzqqq",
        "/accessibility/",
        "/cookies/",
        "/feedback/",
        "/policies/MHCLG-0001/history/",
        "/policies/MHCLG-0001/history/?about=flags",
        "/policies/MHCLG-0001/history/?about=other",
        "/policies/MHCLG-0001/?as_of=nonsense",
        "/policies/MHCLG-0001/?as_of=2001-01-01",
        f"/policies/MHCLG-0001/?as_of={timezone.localdate().isoformat()}",
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
    wide, plain = visitor(), visitor(script=False)
    for path in reading_pages():
        wide.goes_to(path)
        faults += wide.faults()
        if wide.page.locator("h1").count() != 1:
            faults.append(f"{path}: not one h1")
        if not wide.page.title().endswith(" - Policy alignment tracker"):
            faults.append(f"{path}: titled {wide.page.title()}")
        if ("nonsense" in path) != wide.page.title().startswith("Error: "):
            faults.append(f"{path}: titled {wide.page.title()}")
        if (over := wide.overflow_at(320)) > 0:
            faults.append(f"{path}: {over} px too wide at 320 px")
        plain.goes_to(path)
        # Only the button that folds the filters away on a narrow screen is the script's own.
        if missing := words(wide) - words(plain) - {"Show", "Hide"}:
            faults.append(f"{path}: without JavaScript it does not say {sorted(missing)[:5]}")
    assert faults == []
    assert wide.complaints == []


def words(visitor):
    """The words of a page's main part, less times, which change by the minute."""
    text = visitor.page.locator("main").text_content()
    return {word for word in re.findall(r"[A-Za-z]{3,}|£?\d[\d,.]*", text) if not re.fullmatch(r"\d{1,2}", word)}


def test_the_documentation_of_the_api(visitor):
    reader = visitor()
    assert reader.goes_to("/api/v1/docs") == 200
    reader.page.wait_for_selector(".opblock")
    assert reader.page.locator(".opblock").count() >= 15
    assert reader.overflow_at(320) <= 0
    assert [complaint for complaint in reader.complaints if "style" not in complaint.lower()] == []
    # What the documentation's own script draws is its makers'; only the frame is ours.
    reader.page.evaluate("document.getElementById('swagger-ui').replaceChildren()")
    assert reader.faults() == []
    plain = visitor(script=False)
    plain.goes_to("/api/v1/docs")
    assert plain.sees("The full documentation needs JavaScript")
    assert plain.page.locator("main a[href='/api/v1/policies']").count() == 1


def test_no_letter_or_crown_of_gov_uk(visitor):
    reader = visitor()
    reader.goes_to("/")
    font = reader.page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily")
    assert "GDS Transport" not in font
    assert "crown" not in reader.page.content().lower().replace("crown copyright", "")


def test_pages_for_those_who_have_signed_in(visitor, someone, gear_change):
    """What somebody who may write sees; a reader who asks for a writer's page is told why not."""
    faults = []
    draft = f"/log/?parent={gear_change.reference}"
    for role, pages in (
        (
            "approver",
            [
                "/",
                "/policies/",
                f"/policies/{gear_change.reference}/",
                "/account/password/change/",
                draft,
                "/my-work/roles/",
                "/workbook/",
            ],
        ),
        ("reader", ["/", f"/policies/{gear_change.reference}/", draft, "/workbook/", "/nowhere/"]),
        (
            "editor",
            ["/policies/?form=fund", "/saved-searches/", "/saved-searches/new/?list=policies&query=form%3Dfund"],
        ),
    ):
        one = visitor()
        one.signs_in(someone(role, "dft"))
        for path in pages:
            status = one.goes_to(path)
            assert status == {
                "/nowhere/": 404,
                **dict.fromkeys((draft, "/workbook/"), 403 if role == "reader" else 200),
            }.get(path, 200)
            faults += one.faults()
            if one.overflow_at(320) > 0:
                faults.append(f"{path}: too wide for a {role} at 320 px")
            assert one.sees("Sign out")
        assert one.complaints == []
    assert faults == []


def test_long_words_stay_on_the_page(visitor, gear_change):
    """Given a record whose every text is as long as it may be, in words that cannot be broken."""
    long = "Infrastrukturentwicklungsmaßnahme" * 7
    changed = {
        "title": long,
        "summary": f"{long} {long} " * 9,
        "source_quote": long * 3,
        "source_title": long,
        "notes": long,
    }
    Initiative.objects.filter(pk=gear_change.pk).update(source_url="https://example.org/" + "a" * 400, **changed)
    Initiative.objects.filter(parent=gear_change).update(title=long)
    flag = Flag.objects.standing().filter(initiative=gear_change).first()
    Flag.objects.filter(pk=flag.pk).update(summary=f"“{long}” {long}")
    faults, reader = [], visitor()
    for path in (
        f"/policies/{gear_change.reference}/",
        "/policies/?sort=title",
        f"/commitments/?parent={gear_change.reference}",
        f"/flags/{flag.fingerprint}/",
        "/flags/?lead=dft",
        "/policies/?q=" + long,
    ):
        reader.goes_to(path)
        faults += reader.faults()
        for width in (1280, 320):
            if (over := reader.overflow_at(width)) > 0:
                faults.append(f"{path}: {over} px too wide at {width}")
    assert faults == []


def test_rows_become_blocks_on_a_narrow_screen(visitor, gear_change):
    """A table of words names the column at each cell, hides nothing, and axe agrees at that width too."""
    faults, reader = [], visitor(width=320)
    for path in ("/policies/", "/commitments/", "/partnerships/", "/checks/", f"/policies/{gear_change.reference}/"):
        reader.goes_to(path)
        faults += reader.faults()
        for region in reader.page.locator(".app-table:has(.app-table--stack)").all():
            if region.evaluate("e => e.scrollWidth > e.clientWidth"):
                faults.append(f"{path}: a table scrolls sideways")
    assert faults == []
    label = reader.page.locator("td[data-label]").first
    shown = label.evaluate("e => getComputedStyle(e, '::before').content")
    assert label.get_attribute("data-label") in shown


def test_filters_without_javascript(visitor):
    """The form of the filters needs no script, and says which are on."""
    reader = visitor(script=False)
    reader.goes_to("/policies/")
    reader.page.select_option("#id_nhs_role", "none")
    reader.page.get_by_label("Levelling up 2021: core").check()
    reader.presses("Apply filters")
    assert reader.page.url.endswith("/policies/?nhs_role=none&collection=core_2021")
    assert reader.sees("16 policies")
    reader.page.get_by_role("link", name="Clear filters").click()
    assert reader.sees("49 policies")


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
