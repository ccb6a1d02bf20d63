"""A named organisation finds the role that it was given, and answers it."""

import pytest

from policies.models import Initiative, Organisation, Responsibility


@pytest.mark.parametrize("width", [320])
def test_from_my_work_to_the_record(visitor, someone, width):
    changing = Initiative.objects.get(short_code="changing-futures")
    body = Organisation.objects.get(code="nhs-england")
    Responsibility.objects.create(initiative=changing, organisation=body, role="delivery")
    # Given somebody who writes for NHS England
    speaker = visitor(width=width)
    speaker.signs_in(someone("editor", "nhs-england"))
    # When they open what waits for them, and dispute a role without saying why
    speaker.page.click("text=My work")
    speaker.page.wait_for_selector("#roles")
    faults = speaker.faults()
    speaker.page.locator("main").get_by_role("link", name="Answer for Changing Futures, Delivery").click()
    speaker.page.check("input[name=answer][value=disputed]")
    speaker.presses("Save the answer")
    speaker.page.wait_for_selector(".govuk-error-summary")
    faults += speaker.faults()
    assert speaker.sees("Enter why your organisation disputes the role")
    assert speaker.overflow <= 0
    speaker.page.click(".govuk-error-summary a")
    assert speaker.focused == "id_reasons"
    # And say why
    speaker.page.keyboard.type("Nobody asked us.")
    speaker.presses("Save the answer")
    # Then it stands beside the role, for everybody to read
    speaker.page.wait_for_selector("text=The answer stands beside the role")
    faults += speaker.faults()
    reader = visitor(script=False)
    reader.goes_to(f"/policies/{changing.reference}/")
    assert reader.sees("“Nobody asked us.”")
    assert faults == []
    assert speaker.complaints == []
