"""The whole life of a policy, by people new to the service: 320 px wide and by keyboard alone.

From a white paper's text to a policy with three commitments; signed off by a second person; answered by a council and
an ICB; forty more by workbook, with five bad rows; a date that moves; one that is closed; and all of it handed over
when the department ends.
"""

import datetime

import pytest

from policies.models import FormerRole, Initiative, Organisation, Update
from tests.policies.workbook.test_files import xlsx
from tests.policies.workbook.test_uploads import rows

PAPER = "Parks and pitches for all"
PROMISES = ("Reopen 200 parks by 2029", "A pitch in every ward by 2030", "Free swimming for under-16s from 2028")
ICB = "NHS North East and North Cumbria Integrated Care Board"


class Hands:
    """Somebody at a keyboard, who looks at every page that they come to."""

    def __init__(self, visitor, user, found):
        self.visitor, self.page, self.found = visitor, visitor.page, found
        visitor.signs_in(user)
        self.page.wait_for_selector("text=Sign out")

    def comes_to(self, heading):
        """Wait for the page of that heading, and look at it."""
        self.page.get_by_role("heading", level=1).filter(has_text=heading).wait_for()
        self.looks()

    def looks(self):
        self.found += self.visitor.faults()
        if self.visitor.overflow > 0:
            self.found.append(f"{self.page.url}: {self.visitor.overflow} px too wide")

    def goes_to(self, path):
        self.visitor.goes_to(path)

    def reaches(self, wanted):
        """Walk to something with Tab; of a group of radio buttons, to the one at which Tab stops."""
        wanted.wait_for()
        here = "(e) => e === document.activeElement || (e.type === 'radio' && e.name === document.activeElement.name)"
        for _ in range(150):
            if wanted.evaluate(here):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{wanted} is not reached by Tab on {self.page.url}")

    def enters(self, role, name, *, exact=True):
        """Press Enter on a link or button of the main part."""
        self.reaches(self.page.locator("main").get_by_role(role, name=name, exact=exact).first)
        self.page.keyboard.press("Enter")

    def types(self, name, words):
        """Put words into a field, in place of what is there."""
        self.reaches(self.page.locator(f"main [name='{name}']"))
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(words)

    def picks(self, name, value):
        """Choose a radio button, with the arrows where Tab stops at another."""
        wanted = self.page.locator(f"main input[name='{name}'][value='{value}']")
        self.reaches(wanted)
        self.page.keyboard.press("Space")
        for _ in range(40):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{name} {value} is not reached with the arrows")

    def ticks(self, name, value):
        self.reaches(self.page.locator(f"main input[name='{name}'][value='{value}']"))
        self.page.keyboard.press("Space")

    def sees(self, words):
        return self.visitor.sees(words)


def logs_the_paper(editor):
    """Given a white paper's text, they log it, and its three promises one after the other."""
    editor.goes_to("/log/?kind=policy")
    editor.comes_to("Log a policy")
    editor.types("title", PAPER)
    editor.picks("form", "white_paper")
    editor.enters("button", "Save and continue")
    editor.comes_to(PAPER)
    paper = Initiative.objects.get(title=PAPER)
    editor.enters("link", "What it says")
    editor.comes_to("What it says")
    editor.types("summary", "Green space and sport within reach of every child.")
    editor.types("source_title", f"{PAPER}, page 4")
    editor.types("source_quote", "Every child will have a park, a pitch and a pool within reach.")
    editor.enters("button", "Save and continue")
    editor.comes_to(PAPER)
    editor.enters("link", "Places")
    editor.comes_to("Places")
    editor.types("place", "E06000001")
    editor.enters("button", "Add")
    editor.page.wait_for_selector("text=Hartlepool (")
    for body, role in (("Hartlepool Borough Council", "delivery"), ("QHM", "supporting")):
        editor.goes_to(f"/log/{paper.reference}/roles/")
        editor.comes_to("Who has a role")
        editor.types("organisation", body)
        editor.picks("role", role)
        editor.enters("button", "Add")
        editor.page.wait_for_selector(f"text={'Borough Council' if role == 'delivery' else ICB}: ")
    editor.goes_to(f"/log/{paper.reference}/commitments/")
    for number, promise in enumerate(PROMISES, 1):
        editor.types("title", promise)
        editor.types("due-year", str(2028 + number))
        editor.enters("button", "Add this commitment")
        editor.page.locator(".app-kept__row", has_text=promise).wait_for()
    editor.looks()
    return paper, [Initiative.objects.get(title=promise) for promise in PROMISES]


def sends(editor, record):
    editor.goes_to(f"/log/{record.reference}/check/")
    editor.comes_to("Check the answers")
    editor.enters("button", "Send for review")
    editor.comes_to("Sent for review")


def publishes(approver, record):
    """When a second person finds it in their work, and publishes it."""
    approver.goes_to("/my-work/")
    approver.comes_to("My work")
    approver.enters("link", record.title)
    approver.comes_to("Review")
    approver.picks("decision", "publish")
    approver.enters("button", "Send the decision")
    approver.comes_to("Published")


def answers(body, answer, field="", words=""):
    """Then the bodies that it names find their roles, and answer."""
    body.goes_to("/my-work/")
    body.comes_to("My work")
    body.enters("link", f"Answer for {PAPER}", exact=False)
    body.comes_to("Answer for")
    body.picks("answer", answer)
    if field:
        body.types(field, words)
    body.enters("button", "Save the answer")
    body.page.wait_for_selector("text=The answer stands beside the role")
    body.looks()


def forty(paper):
    """Forty more promises under the paper."""
    return [
        {
            "parent": paper.reference,
            "title": f"Ground {number} mended",
            "lead": "dcms",
            "due_date": datetime.date(2029, 3, 31),
            "due_precision": "day",
        }
        for number in range(1, 41)
    ]


def uploads(editor, folder, paper):
    """When they upload forty more with five bad rows, the messages alone say how to mend them."""
    good = forty(paper)
    bad = [dict(row) for row in good]
    bad[2]["lead"] = "dcmss"
    bad[9]["title"] = ""
    bad[17]["due_date"] = "31 Febuary 2029"
    bad[25]["parent"] = "DCMS-9999"
    bad[39]["due_precision"] = "week"
    file = folder / "forty.xlsx"
    editor.goes_to("/workbook/")
    editor.comes_to("Add or change many records")
    file.write_bytes(xlsx({"commitments": rows(*bad)}))
    editor.page.set_input_files("input[type=file]", file)
    editor.enters("button", "Upload and check")
    editor.comes_to("The workbook cannot be used yet")
    assert editor.sees("5 problems to fix")
    for cell in ("C4 (lead)", "B11 (title)", "D19 (due_date)", "A27 (parent)", "E41 (due_precision)"):
        assert editor.sees(cell), cell
    assert not Initiative.objects.filter(title__startswith="Ground").exists()
    editor.enters("link", "Upload the fixed workbook")
    editor.comes_to("Add or change many records")
    file.write_bytes(xlsx({"commitments": rows(*good)}))
    editor.page.set_input_files("input[type=file]", file)
    editor.enters("button", "Upload and check")
    editor.comes_to("Check what the workbook would do")
    editor.enters("button", "Add and change these records")
    editor.comes_to("The workbook is in the register")
    assert Initiative.objects.filter(parent=paper, title__startswith="Ground").count() == 40


def moves_a_date(editor, approver, promise):
    """A date that moves waits for a second person."""
    editor.goes_to(f"/log/{promise.reference}/update/")
    editor.comes_to("Record an update")
    editor.picks("rag", "red")
    editor.types("narrative", "No bidder came.")
    editor.picks("moved", "yes")
    editor.types("moved_to-year", "2033")
    editor.picks("moved_reason_code", "procurement")
    editor.types("moved_reason", "No bidder came.")
    editor.enters("button", "Record the update")
    editor.page.wait_for_selector("text=The new date waits for another approver")
    assert Initiative.objects.get(pk=promise.pk).due_date.year == 2029
    approver.goes_to("/my-work/")
    approver.enters("link", f"Decide on the date of {promise.title}")
    approver.comes_to(promise.title[:10])
    approver.picks("decision", "approve")
    approver.enters("button", "Save the decision")
    approver.page.wait_for_selector("text=The date on record has moved")
    assert Initiative.objects.get(pk=promise.pk).due_date.year == 2033
    assert Update.objects.get(initiative=promise).move_state == "approved"


def closes(approver, promise):
    """One is closed, with what came of it."""
    approver.goes_to(f"/log/{promise.reference}/end/")
    approver.comes_to("Close or withdraw this record")
    approver.picks("outcome", "partly_met")
    approver.types("reason", "30 of 50 wards have one.")
    approver.enters("button", "Save")
    approver.page.wait_for_selector("text=Met in part. 30 of 50 wards have one.")
    approver.looks()


def hands_over(administrator):
    """The department ends, and its successor takes over what it held."""
    administrator.goes_to("/administration/organisations/dcms/end/")
    administrator.comes_to("End")
    for part, typed in (("day", "1"), ("month", "11"), ("year", "2026")):
        administrator.types(f"on-{part}", typed)
    administrator.types("reason", "Announced on 1 November 2026.")
    administrator.types("first", "dsit")
    administrator.page.keyboard.press("Enter")
    administrator.page.wait_for_url("**/administration/reassign/dcms/")
    administrator.comes_to("Hand over")
    administrator.picks("which", "all")
    administrator.enters("button", "Hand over")
    administrator.page.wait_for_selector("text=roles are handed over to")
    administrator.looks()


@pytest.mark.parametrize("width", [320])
def test_from_the_white_paper_to_the_successor_department(visitor, someone, tmp_path, width):
    found = []

    def hands(user):
        return Hands(visitor(width=width), user, found)

    # Given an editor and an approver of DCMS
    editor, approver = hands(someone("editor", "dcms")), hands(someone("approver", "dcms"))
    # When a policy with three commitments is logged, and a second person publishes all four
    paper, promises = logs_the_paper(editor)
    for record in (paper, *promises):
        sends(editor, record)
        publishes(approver, record)
    # Then the council and the ICB answer the roles that they were given
    council = Organisation.objects.get(gss_code="E06000001").code
    answers(hands(someone("editor", council)), "accepted_with_conditions", "conditions", "With money for two wardens.")
    answers(hands(someone("editor", "QHM")), "disputed", "reasons", "Nobody asked us.")
    # When forty more come by workbook, a date moves and one is closed
    uploads(editor, tmp_path, paper)
    moves_a_date(editor, approver, promises[0])
    closes(approver, promises[1])
    # And the department ends
    hands_over(hands(someone(administrator=True)))
    # Then its successor leads all that is live, and the record says who led it until when
    for record in (paper, promises[0], promises[2]):
        assert record.responsibilities.get(role="lead").organisation.code == "dsit"
    assert FormerRole.objects.filter(initiative=paper, organisation__code="dcms").exists()
    reader = visitor(width=width)
    reader.goes_to(f"/policies/{paper.reference}/")
    for words in ("With money for two wardens.", "Nobody asked us.", "Lead until 1 November 2026"):
        assert reader.sees(words)
    assert found == []
    assert [complaint for who in (editor, approver) for complaint in who.visitor.complaints] == []
