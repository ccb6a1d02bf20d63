"""A fund with its money, a white paper with its promises, a partnership: seen wide and narrow, begun by keyboard."""

import os

import pytest

from policies.models import Initiative
from tests.journeys.test_log_a_commitment import Writer

WIDTHS = pytest.mark.parametrize("width", [320])


class Logger(Writer):
    """Somebody who logs a policy or a partnership, and looks at every page on the way."""

    def looks(self):
        super().looks()
        if folder := os.environ.get("KINDS_SHOTS"):
            self.shot = getattr(self, "shot", 0) + 1
            width = self.page.viewport_size["width"]
            self.page.screenshot(path=f"{folder}/{self.name}-{width}-{self.shot:02d}.png", full_page=True)

    def begins(self, kind):
        """From the start page of the journey, by keyboard alone."""
        self.visitor.goes_to("/log/")
        self.looks()
        self.page.locator("main button").focus()
        self.page.keyboard.press("Enter")
        self.looks()
        assert self.visitor.sees("Select what you want to log")
        self.page.locator(".govuk-error-summary a").first.focus()
        self.page.keyboard.press("Enter")
        assert self.visitor.focused == "id_kind"
        steps = {"policy": 0, "commitment": 1, "partnership": 2}[kind]
        self.page.keyboard.press("Space")
        for _ in range(steps):
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**kind=*")
        self.looks()

    def adds(self, name="Add"):
        self.visitor.presses(name)
        self.looks()

    def row(self, words):
        return self.page.locator(".app-kept__row", has_text=words)


@pytest.fixture
def logger(visitor, someone, width, request):
    """An approver of DfT at the width of the test."""
    made = Logger(visitor(width=width), [])
    made.name = request.node.originalname.removeprefix("test_")
    made.visitor.signs_in(someone("approver", "dft"))
    return made


def adds_criteria(logger):
    """Two, the first with a weight that cannot be; then one is mended, so that they make a whole."""
    page, sees = logger.page, logger.visitor.sees
    # When they add criteria, the first with a weight that cannot be
    logger.opens("Fund criteria")
    page.fill("#id_round", "round 1")
    logger.picks("stage", "bid_assessment")
    page.fill("#id_criterion", "Need for quiet")
    page.fill("#id_weight_percent", "600")
    logger.picks("measured", "economic")
    logger.adds()
    assert sees("The weight must be 100 or less")
    page.fill("#id_weight_percent", "60")
    logger.adds()
    # Then the page says that the weights do not make a whole
    assert sees("add up to 60%, not 100%")
    page.fill("#id_criterion", "Health of the people")
    page.fill("#id_weight_percent", "50")
    logger.picks("measured", "health")
    logger.adds()
    assert sees("add up to 110%, not 100%")
    # When they mend it in place, then it does
    logger.row("Health of the people").get_by_role("link", name="Change").click()
    logger.looks()
    page.fill("#id_weight_percent", "40")
    logger.goes_on()
    assert sees("40% of the weight is health")
    page.click("main >> text=Continue")


def pastes_allocations(logger):
    """With two lines that are wrong; then one is mended and one removed."""
    page, sees = logger.page, logger.visitor.sees
    # When they paste allocations, with two lines that are wrong
    logger.opens("Allocations")
    page.click("text=Add many at once from a list")
    logger.looks()
    page.fill("#id_lines", "E06000001, 25,000,000\nNowhere at all, 1\nE06000002")
    logger.goes_on()
    assert sees("Line 2: Nothing on record is called “Nowhere at all”")
    assert sees("Line 3: Enter an amount after the place")
    page.click(".govuk-error-summary a >> nth=0")
    assert logger.visitor.focused == "id_lines"
    page.fill("#id_lines", "E06000001, 25,000,000\nMiddlesbrough, 10m")
    logger.goes_on()
    # Then they are told that it is more than there is
    assert sees("2 allocations were added.")
    assert sees("£5,000,000 more than the value")
    logger.row("Middlesbrough").get_by_role("link", name="Change").click()
    logger.looks()
    page.fill("#id_amount_gbp", "5m")
    logger.goes_on()
    assert sees("2 allocations, £30,000,000 of £30,000,000")
    logger.row("Hartlepool").get_by_role("button", name="Remove").click()
    logger.looks()
    page.click("main >> text=Continue")
    logger.looks()


@WIDTHS
def test_a_fund_with_its_criteria_and_allocations(logger):
    page, sees = logger.page, logger.visitor.sees
    # Given a new fund
    logger.begins("policy")
    logger.goes_on()
    assert sees("Select what it is")
    page.fill("#id_title", "Quiet streets fund")
    logger.picks("form", "fund")
    logger.goes_on()
    fund = Initiative.objects.get(title="Quiet streets fund")
    logger.opens("Dates and money")
    page.fill("#id_value_gbp", "30m")
    page.fill("#id_price_year", "2026")
    logger.goes_on()
    # When they say by what rules it is handed out, and where it goes
    adds_criteria(logger)
    pastes_allocations(logger)
    # Then all of it is there to check
    page.click("text=Check the answers")
    logger.looks()
    for words in ("Need for quiet 60%", "Middlesbrough", "£30m in 2026 prices"):
        assert sees(words)
    logger.visitor.goes_to(f"/policies/{fund.reference}/")
    logger.looks()
    assert sees("weights add up to 100%; 40% of the weight is health")
    assert (logger.found, logger.visitor.complaints) == ([], [])


@WIDTHS
def test_a_white_paper_with_three_commitments(logger, gear_change):
    page, sees = logger.page, logger.visitor.sees
    # Given a new white paper
    logger.begins("policy")
    page.fill("#id_title", "Streets for all")
    logger.picks("form", "white_paper")
    logger.goes_on()
    paper = Initiative.objects.get(title="Streets for all")
    # When they put down its three promises, one after the other, the first without its words
    logger.opens("Commitments")
    logger.adds("Add this commitment")
    assert sees("Enter what is promised")
    for number in (1, 2, 3):
        page.fill("#id_title", f"Promise {number} of the paper")
        page.fill("#id_due-year", "2029")
        logger.adds("Add this commitment")
    assert Initiative.objects.filter(parent=paper, kind="commitment").count() == 3
    # Then each has a draft, which leads on to the next
    logger.row("Promise 3 of the paper").get_by_role("link", name="Change").click()
    logger.looks()
    assert sees("Add the next commitment under Streets for all")
    # When they tick two outcomes and stop after the first
    logger.opens("Health outcomes")
    for value in ("physical_activity", "obesity"):
        logger.picks("outcomes", value)
    logger.goes_on()
    for name, value in (("direction", "improves"), ("horizon", "short"), ("stated", "yes")):
        logger.picks(name, value)
    logger.goes_on()
    third = Initiative.objects.get(title="Promise 3 of the paper")
    logger.visitor.goes_to(f"/log/{third.reference}/")
    logger.looks()
    # Then nothing is lost
    assert sees("In progress: 1 of 2 described")
    logger.opens("Health outcomes")
    assert page.locator("input[name=outcomes]:checked").count() == 2
    # When they move it elsewhere, and say what it needs
    logger.visitor.goes_to(f"/log/{third.reference}/")
    logger.opens("Where it belongs")
    page.fill("#id_parent", gear_change.reference)
    logger.goes_on()
    logger.opens("Dependencies")
    logger.adds()
    assert sees("Select which needs which")
    logger.picks("direction", "needs")
    page.fill("#id_other", "Promise 1 of the paper")
    logger.adds()
    assert sees("Needs: Promise 1 of the paper")
    # Then the other way round would be a circle, and the page names it
    first = Initiative.objects.get(title="Promise 1 of the paper")
    logger.visitor.goes_to(f"/log/{first.reference}/dependencies/")
    logger.picks("direction", "needs")
    page.fill("#id_other", third.reference)
    logger.adds()
    assert sees(f"“Promise 1 of the paper” ({first.reference}) needs “Promise 3 of the paper” ({third.reference})")
    assert (logger.found, logger.visitor.complaints) == ([], [])


@WIDTHS
def test_a_partnership_and_who_is_in_it(logger):
    page, sees = logger.page, logger.visitor.sees
    # Given a new partnership, with a name that is not on record
    logger.begins("partnership")
    page.fill("#id_title", "A deal for streets")
    logger.picks("form", "devolution_deal")
    page.fill("#id_members", "dhsc\nNobody at all")
    logger.goes_on()
    assert sees("Line 2: Nothing on record is called “Nobody at all”")
    page.fill("#id_members", "dhsc\nGreater Manchester Combined Authority")
    logger.goes_on()
    # Then who is in it is there
    logger.opens("Who is in it")
    assert sees("Greater Manchester Combined Authority: Co-lead")
    # When one of them turns out to have another role
    logger.row("Department of Health and Social Care").get_by_role("link", name="Change").click()
    logger.looks()
    logger.picks("role", "funder")
    logger.goes_on()
    assert sees("Department of Health and Social Care: Funder")
    page.click("main >> text=Continue")
    # And when they say when it is reviewed
    logger.opens("Dates and money")
    page.fill("#id_review_date-day", "31")
    page.fill("#id_review_date-month", "2")
    page.fill("#id_review_date-year", "2028")
    page.check("input[name=health_in_scope][value=yes]")
    logger.goes_on()
    assert sees("The review date must be a real date")
    page.fill("#id_review_date-month", "3")
    page.fill("#id_start-year", "2026")
    logger.goes_on()
    # And when they measure it, and mend the measure
    logger.opens("Measures")
    logger.picks("what", "words")
    page.fill("#id_words", "Quiet streets")
    page.check("input[name=is_health][value=no]")
    page.fill("#id_target_value", "50")
    logger.adds()
    logger.row("Quiet streets").get_by_role("link", name="Change").click()
    logger.looks()
    page.fill("#id_baseline_value", "12")
    logger.goes_on()
    assert sees("Quiet streets, from 12, target 50")
    page.click("main >> text=Continue")
    page.click("text=Check the answers")
    logger.looks()
    for words in ("31 March 2028", "Health in scope", "from 12, target 50"):
        assert sees(words)
    assert (logger.found, logger.visitor.complaints) == ([], [])
