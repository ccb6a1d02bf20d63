"""Every kind of page in a real browser: axe finds nothing, nothing scrolls sideways, nothing is blocked or fails."""

from pathlib import Path

import pytest
from django.conf import settings

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

playwright = pytest.importorskip("playwright.sync_api")

CHROMIUM = Path("/usr/bin/chromium")
AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"]
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
MISSING = "/nothing-here/"
PAGES = [
    "/",
    "/policies/",
    "/policies/?form=fund&nhs_role=none&collection=core_2021&missing=value&sort=-value",
    "/policies/?q=xylophone-orchestra-nowhere",
    "/policies/?bogus=1&lead=nobody",
    "/commitments/",
    "/partnerships/",
    "/policies/MHCLG-0001/",
    "/partnerships/PSHIP-0001/",
    "/flags/",
    "/flags/?severity=awful",
    "/flags/CAP002:register/",
    "/checks/",
    "/checks/CAP002/",
    "/reports/",
    "/reports/briefings-tests/",
    "/reports/briefings-tests/?collection=nonsense",
    "/accessibility/",
    "/cookies/",
    "/feedback/",
    MISSING,
]


@pytest.fixture
def browser():
    """Chromium, as the machine has it."""
    if not (CHROMIUM.exists() and AXE.exists()):
        pytest.skip("needs chromium and axe-core")
    with playwright.sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_pages(browser, live_server, landscape, width, scripts):
    tab = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts).new_page()
    said = []
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    problems = []
    for address in PAGES:
        said.clear()
        tab.goto(live_server.url + address)
        problems += [f"{address}: {words}" for words in said if "404" not in words or address != MISSING]
        if not scripts:
            problems += [f"{address}: no heading"] * (tab.locator("h1").count() != 1)
            continue
        if tab.evaluate("document.documentElement.scrollWidth > innerWidth"):
            problems.append(f"{address}: scrolls sideways")
        tab.evaluate(AXE.read_text() + ";1")
        for found in tab.evaluate(f"axe.run({{runOnly: {RULES}}})")["violations"]:
            problems.append(f"{address}: {found['id']} {found['nodes'][0]['html'][:120]}")
    assert problems == []


def test_the_errors_of_a_filter_take_the_focus_and_lead_to_it(browser, live_server, landscape):
    tab = browser.new_page()
    tab.goto(live_server.url + "/policies/?lead=nobody")
    assert tab.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    tab.click(".govuk-error-summary a")
    assert tab.evaluate("document.activeElement.name") == "lead"


def test_a_number_of_the_report_opens_its_rows(browser, live_server, landscape):
    tab = browser.new_page()
    tab.goto(live_server.url + "/reports/briefings-tests/")
    tab.locator("#nhs-role-table-1").get_by_role("link", name="16 No role recorded, Policies").click()
    assert tab.locator("h1").inner_text() == "Policies"
    assert tab.locator(".app-count").inner_text().startswith("16 ")


def test_a_filter_is_applied_without_scripts(browser, live_server, landscape):
    tab = browser.new_context(java_script_enabled=False).new_page()
    tab.goto(live_server.url + "/policies/")
    tab.select_option("#id_form", "fund")
    tab.click("text=Apply filters")
    assert tab.url.endswith("/policies/?form=fund")
