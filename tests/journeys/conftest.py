"""A real browser on the real landscape. Journeys read as given, when, then."""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from policies.models import Initiative

PROJECT = Path(settings.BASE_DIR)
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
# Only what is found is told, and no style sheet is asked for a second time.
LEAN = """axe.run(document, {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'], preload: false
}).then(r => r.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target).join(' | ')))"""
PASSWORD = "correct horse battery"


def browser_path():
    """The machine's own Chromium, or None."""
    named = os.environ.get("TRACKER_BROWSER")
    return named or next((path for path in map(shutil.which, NAMES) if path), None)


def pytest_collection_modifyitems(items):
    """Every test here is a journey. Those of a module share a worker; each worker has one browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.xdist_group(f"journeys {item.path.stem}"))
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser():
    """One browser for all journeys of a worker. Without one they are skipped; where one is required they fail."""
    path = browser_path()
    if path is None:
        if os.environ.get("TRACKER_REQUIRE_BROWSER"):
            pytest.fail("No Chromium was found, and TRACKER_REQUIRE_BROWSER asks for the journeys to run.")
        pytest.skip("No Chromium was found.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield running
        running.close()


class Visitor:
    """A person with a browser window. Remembers what the console and the network said."""

    def __init__(self, browser, address, *, width=1280, script=True):
        self.address = address
        # The page's own policy stays in force, so whatever it blocks is heard as a complaint.
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script, base_url=address
        )
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)

    def _heard(self, message):
        # The browser itself says so of a page that is meant to be refused.
        if message.type == "error" and "the server responded with a status of 4" not in message.text:
            self.complaints.append(message.text)

    def _asked(self, request):
        if not request.url.startswith((self.address, "data:")):
            self.complaints.append(f"asked {request.url}")

    def goes_to(self, path):
        """Open an address; returns the status."""
        return self.page.goto(self.address + path).status

    def signs_in(self, user, password=PASSWORD):
        """By the form, as anybody would."""
        self.goes_to("/account/login/")
        self.page.fill("input[name=login]", user.email)
        self.page.fill("input[name=password]", password)
        self.page.click("main button[type=submit]")

    def presses(self, text):
        """Press a button of the page's main part."""
        self.page.locator("main").get_by_role("button", name=text, exact=True).click()

    def sees(self, text):
        """Whether a text is on the page."""
        return text in self.page.inner_text("body")

    @property
    def focused(self):
        """The id of the element that has the focus."""
        return self.page.evaluate("document.activeElement.id")

    @property
    def overflow(self):
        """How many pixels the page is wider than its window. Waits for the page that a press has led to."""
        self.page.wait_for_load_state("domcontentloaded")
        self.page.wait_for_selector("main")
        return self.page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")

    def faults(self):
        """What axe finds on the page, WCAG 2.2 AA and good practice, with where."""
        self.page.wait_for_selector("main")
        self.page.evaluate(AXE.read_text() + ";0")
        found = self.page.evaluate(LEAN)
        return [f"{self.page.url}: {fault}" for fault in found]

    def overflow_at(self, width, height=256):
        """The same at another width, as when the page is enlarged: 1280 by 1024 at 400 % is 320 by 256."""
        before = self.page.viewport_size
        self.page.set_viewport_size({"width": width, "height": height})
        over = self.overflow
        self.page.set_viewport_size(before)
        return over

    def leaves(self):
        """Close the window."""
        self.context.close()


@pytest.fixture
def visitor(browser, live_server):
    """A function that makes a visitor: `visitor(width=320)`, `visitor(script=False)`."""
    visitors = []

    def make(**how):
        visitors.append(Visitor(browser, live_server.url, **how))
        return visitors[-1]

    yield make
    for one in visitors:
        one.leaves()


@pytest.fixture
def someone(person):
    """A function that makes a person who can sign in: `someone("approver", "dft")`."""
    return person


@pytest.fixture
def gear_change():
    """The cycling and walking plan of 2020."""
    return Initiative.objects.get(short_code="gear-change")
