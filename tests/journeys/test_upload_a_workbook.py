"""An editor uploads a workbook with mistakes, mends them, confirms, and takes it all back: 320 px wide, by keyboard."""

import pytest

from policies.models import Initiative, Policy
from tests.policies.workbook.test_files import xlsx
from tests.policies.workbook.test_uploads import FUND, PROMISE, rows
from tracker.tasks import work_off_uploads


def chosen(one, path, **sheets):
    """Write a workbook, and choose it in the form."""
    path.write_bytes(xlsx({name: rows(*lines) for name, lines in sheets.items()}))
    one.page.set_input_files("input[type=file]", path)


def enters(one, role, name, then):
    """Walk to a link or button of the main part with Tab, press Enter, and wait for the page of that title."""
    wanted = one.page.locator("main").get_by_role(role, name=name, exact=True).first
    wanted.wait_for()
    for _ in range(60):
        if wanted.evaluate("e => e === document.activeElement"):
            break
        one.page.keyboard.press("Tab")
    assert wanted.evaluate("e => e === document.activeElement"), f"{name} is not reached by Tab"
    one.page.keyboard.press("Enter")
    one.page.get_by_role("heading", level=1).filter(has_text=then).wait_for()


def is_sound(one):
    """Nothing for axe, nothing sideways, nothing on the console."""
    assert one.faults() == []
    assert one.overflow <= 0
    assert one.complaints == []


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_from_mistakes_to_records_and_back(visitor, someone, tmp_path, script):
    one = visitor(width=320, script=script)
    one.signs_in(someone("editor", "dft"))
    # Given a workbook with two mistakes
    one.goes_to("/workbook/")
    if script:
        is_sound(one)
    chosen(one, tmp_path / "kerbs.xlsx", policies=[FUND | {"form": "funding"}], commitments=[PROMISE | {"lead": "dtf"}])
    # When it is uploaded
    enters(one, "button", "Upload and check", "The workbook cannot be used yet")
    # Then both are told at once, with what is accepted, and nothing is written
    assert one.sees("2 problems to fix")
    assert one.sees("“funding” is not one of the choices for form.")
    assert one.sees("strategy, white_paper, green_paper, bill, fund, programme")
    assert not Policy.objects.filter(short_code="kerbs").exists()
    if script:
        is_sound(one)
    # When they are mended
    enters(one, "link", "Upload the fixed workbook", "Add or change many records")
    chosen(one, tmp_path / "kerbs.xlsx", policies=[FUND], commitments=[PROMISE])
    enters(one, "button", "Upload and check", "Check what the workbook would do")
    # Then it shows what would be added, and does so once confirmed
    assert one.sees("Kerbs fund")
    assert one.sees("A thousand kerbs")
    if script:
        is_sound(one)
    enters(one, "button", "Add and change these records", "The workbook is in the register")
    fund = Policy.objects.get(short_code="kerbs")
    assert one.sees(fund.reference)
    if script:
        is_sound(one)
    # And it can be taken back whole
    enters(one, "link", "Undo this upload", "Undo this upload?")
    if script:
        is_sound(one)
    enters(one, "button", "Undo this upload", "This upload was undone")
    assert one.sees("The upload was undone")
    assert not Initiative.objects.filter(title__in=["Kerbs fund", "A thousand kerbs"]).exists()
    if script:
        is_sound(one)


def test_a_large_workbook_tells_how_far_it_is(visitor, someone, tmp_path):
    one, plain = visitor(), visitor(script=False)
    editor = someone("editor", "dft")
    for each in (one, plain):
        each.signs_in(editor)
    one.goes_to("/workbook/")
    many = [FUND | {"short_code": f"f{n}", "title": f"Fund {n}"} for n in range(501)]
    chosen(one, tmp_path / "many.xlsx", policies=many)
    one.presses("Upload and check")
    assert one.sees("0 of 501 rows read")
    is_sound(one)
    address = one.page.url.removeprefix(one.address)
    plain.goes_to(address)
    work_off_uploads()
    # The page turns into the result by itself; without JavaScript its link does it.
    one.page.get_by_role("heading", name="Check what the workbook would do").wait_for()
    is_sound(one)
    plain.page.get_by_role("link", name="See how far it is now").click()
    assert plain.sees("Check what the workbook would do")
