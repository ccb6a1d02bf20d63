"""Who should be in this: six questions, proposals, an invitation, another role, and a contested link."""

import pytest

from policies.models import Initiative, Organisation, Responsibility
from tests.policies import factories

TITLE = "Quiet streets in North Yorkshire by 2029"


class Traveller:
    """Somebody whose every page is measured, and looked at by axe."""

    def __init__(self, visitor, faults):
        self.visitor, self.page, self.faults = visitor, visitor.page, faults

    def looks(self):
        self.page.wait_for_load_state("domcontentloaded")
        self.faults += self.visitor.faults()
        if self.visitor.overflow > 0:
            self.faults.append(f"{self.page.url}: {self.visitor.overflow} px too wide")

    def goes_to(self, path):
        self.visitor.goes_to(path)
        self.looks()

    def presses(self, text):
        self.visitor.presses(text)
        self.looks()

    def ticks(self, name, *values):
        for value in values:
            self.page.check(f"input[name='{name}'][value='{value}']")


@pytest.fixture
def draft(gear_change, someone):
    """A draft of DfT for North Yorkshire."""
    by = someone("editor", "dft", email="writer@dft.example")
    draft = factories.commitment(title=TITLE, parent=gear_change, created_by=by, summary="Slower streets.")
    factories.responsibility(initiative=draft, organisation=Organisation.objects.get(code="dft"), role="lead")
    return draft


def answers_the_questions(writer, draft):
    """They forget one, mix “Not sure” with an answer, and mend both."""
    page = writer.page
    writer.goes_to(f"/log/{draft.reference}/")
    page.locator(".govuk-task-list").get_by_role("link", name="Six plain questions", exact=True).click()
    writer.looks()
    writer.ticks("builds", "travel", "roads")
    for name in ("people", "together", "nature"):
        writer.ticks(name, "no")
    writer.ticks("first", "everybody")
    writer.presses("Save and continue")
    assert writer.visitor.sees("Select an answer to “Could anybody be worse off?”, or “Not sure”")
    page.locator(".govuk-error-summary a").first.press("Enter")
    assert page.evaluate("document.activeElement.name") == "worse"
    page.keyboard.press("Space")
    writer.presses("Save and continue")


def confirms_what_is_proposed(writer, draft):
    """Capitals and outcomes come ticked, with the reason, and are saved only now."""
    page = writer.page
    assert writer.visitor.sees("Your answers propose 1 capital and")
    assert writer.visitor.sees("Proposed by your answers: It builds ways to walk, cycle, or go by bus or train.")
    assert page.is_checked("input[name=primary][value=financial_physical]")
    assert not draft.capital_links.exists()
    writer.presses("Save and continue")
    page.locator(".govuk-task-list").get_by_role("link", name="Health outcomes", exact=True).click()
    writer.looks()
    assert page.is_checked("input[name=outcomes][value=physical_activity]")
    for code in ("violence_and_injury", "air_quality_mortality"):
        page.uncheck(f"input[name=outcomes][value={code}]")
    writer.presses("Save and continue")
    assert page.input_value("#id_pathway") == "People who walk, cycle or take the bus move more."
    writer.ticks("direction", "improves")
    writer.ticks("horizon", "short")
    writer.presses("Save and continue")
    link = draft.outcome_links.get()
    assert (link.outcome.code, link.basis) == ("physical_activity", "judged")


def invites_the_council(writer, draft):
    """Without places nobody is proposed; with one, the council is, for what it holds there."""
    page = writer.page
    page.locator(".govuk-task-list").get_by_role("link", name="Who should be in this?", exact=True).click()
    writer.looks()
    page.click("text=Add the places")
    page.fill("#id_place", "E06000065")
    writer.presses("Add")
    writer.goes_to(f"/log/{draft.reference}/who/")
    assert writer.visitor.sees("Holds public health there (Health and Social Care Act 2012, section 12).")
    writer.ticks("bodies", "E06000065")
    writer.presses("Add them and keep the invitations")
    assert writer.visitor.sees("Select the role of North Yorkshire Council")
    page.click(".govuk-error-summary a")
    assert writer.visitor.focused == "id_role_E06000065"
    page.select_option("#id_role_E06000065", "consulted")
    letter = page.input_value("#id_letter_E06000065")
    page.fill("#id_letter_E06000065", f"Dear colleagues,\n\n{letter}")
    writer.presses("Add them and keep the invitations")
    assert writer.visitor.sees("The roles and invitations are kept.")
    assert page.get_by_role("link", name="Send it by email").get_attribute("href").startswith("mailto:?subject=Invit")


def proposes_another_role(council):
    """The council reads the letter in My work, and would rather deliver."""
    page = council.page
    council.goes_to("/my-work/")
    page.locator("main").get_by_role("link", name=f"Answer for {TITLE}, Consulted").click()
    council.looks()
    assert council.visitor.sees("Dear colleagues,")
    council.ticks("answer", "other_role")
    council.presses("Save the answer")
    assert council.visitor.sees("Select which role would be right")
    council.ticks("proposed_role", "delivery")
    page.fill("#id_because", "The streets are ours.")
    council.presses("Save the answer")
    assert council.visitor.sees("Proposes another role: Delivery")


def gives_it(writer):
    """The lead finds it in My work, and gives the role."""
    writer.goes_to("/my-work/")
    writer.page.locator("main").get_by_role("link", name="Reply to North Yorkshire Council").click()
    writer.looks()
    writer.presses("Save the reply")
    assert writer.visitor.sees("Select what you say to that")
    writer.ticks("decision", "give")
    writer.page.fill("#id_comment", "With pleasure.")
    writer.presses("Save the reply")
    assert writer.visitor.sees("The role is changed, and counts as accepted.")
    assert writer.visitor.sees("The lead replies: “With pleasure.”")


@pytest.mark.parametrize("width", [320])
def test_from_six_questions_to_a_role_that_both_sides_want(visitor, someone, draft, width):
    faults = []
    # Given an editor of DfT who is not a health person
    writer = Traveller(visitor(width=width), faults)
    writer.visitor.signs_in(draft.created_by)
    # When they answer plain questions, confirm what these propose, and ask the council that holds the powers
    answers_the_questions(writer, draft)
    confirms_what_is_proposed(writer, draft)
    invites_the_council(writer, draft)
    # And the council proposes another role
    council = Traveller(visitor(width=width), faults)
    council.visitor.signs_in(someone("editor", "E06000065"))
    proposes_another_role(council)
    # Then the lead can give it, and both sides' words stand
    gives_it(writer)
    held = Responsibility.objects.get(initiative=draft, organisation__code="E06000065")
    assert (held.role, held.answer, held.answer_words) == ("delivery", "accepted", "The streets are ours.")
    assert faults == []
    assert writer.visitor.complaints == council.visitor.complaints == []


@pytest.mark.parametrize("width", [320])
def test_a_second_department_says_the_opposite(visitor, someone, gear_change, width):
    faults = []
    # Given DHSC, which supports a plan of DfT that says that it improves physical activity
    factories.responsibility(
        initiative=gear_change, organisation=Organisation.objects.get(code="dhsc"), role="supporting"
    )
    link = gear_change.outcome_links.select_related("outcome").first()
    health = Traveller(visitor(width=width), faults)
    health.visitor.signs_in(someone("editor", "dhsc"))
    # When one of its editors says otherwise, at first without grounds
    health.goes_to(f"/policies/{gear_change.reference}/")
    health.page.click("text=Say what your organisation sees in it")
    health.looks()
    health.page.select_option("#id_outcome", link.outcome.code)
    health.presses("Continue")
    opposite = "worsens" if link.direction == "improves" else "improves"
    health.ticks("direction", opposite)
    health.ticks("horizon", "long")
    health.presses("Save")
    assert health.visitor.sees("Enter how it works, or what the evidence is")
    health.page.fill("#id_evidence", "Our count of three towns.")
    health.presses("Save")
    # Then everybody reads both, marked as contested
    reader = visitor(width=width, script=False)
    reader.goes_to(f"/policies/{gear_change.reference}/")
    for words in ("Contested", "according to Department of Health and Social Care", "Our count of three towns."):
        assert reader.sees(words)
    # And it can be taken back
    health.goes_to(f"/policies/{gear_change.reference}/links/")
    health.page.get_by_role("link", name="Change or take back").click()
    health.looks()
    health.presses("Take it back")
    assert not Initiative.objects.get(pk=gear_change.pk).outcome_links.exclude(asserted_by=None).exists()
    assert faults == []
    assert health.visitor.complaints == []
