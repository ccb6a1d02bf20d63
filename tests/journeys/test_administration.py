"""An administrator invites somebody, who joins by the mail's link; then hands over what an ended body held."""

import re

import pytest
from django.core import mail

from policies.models import FormerRole, Membership, Responsibility

PASSWORD = "three odd words here"


def link():
    return re.search(r"http://[^/]+(/join/\S+)", mail.outbox[-1].body)[1]


@pytest.fixture
def looks_sound():
    """A function that looks at a visitor's page; what it found is checked at the end."""
    faults, seen = [], set()

    def look(who):
        seen.add(who)
        who.page.wait_for_selector("main")
        faults.extend(who.faults())
        if who.overflow > 0:
            faults.append(f"{who.page.url}: {who.overflow} px too wide")

    yield look
    assert faults == []
    assert [complaint for who in seen for complaint in who.complaints] == []


@pytest.fixture(params=[320])
def admin(request, visitor, someone):
    """An administrator, signed in, at a wide or a narrow window."""
    one = visitor(width=request.param)
    one.width = request.param
    one.signs_in(someone(administrator=True))
    return one


def test_an_administrator_invites_somebody_who_joins(visitor, admin, looks_sound):
    # When they invite somebody, at first without saying for which organisation
    admin.page.get_by_role("link", name="Administration").click()
    admin.page.get_by_role("link", name="Invitations").click()
    admin.page.get_by_role("link", name="Invite somebody").click()
    admin.page.fill("#id_name", "Gale Guest")
    admin.page.fill("#id_email", "gale@test.example")
    admin.presses("Send the invitation")
    admin.page.wait_for_selector(".govuk-error-summary")
    looks_sound(admin)
    admin.page.keyboard.press("Tab")
    admin.page.keyboard.press("Enter")
    assert admin.focused == "id_organisation"
    admin.page.keyboard.type("DHSC")
    admin.page.locator("input[name=role][value=editor]").focus()
    admin.page.keyboard.press("Space")
    admin.page.keyboard.press("Enter")
    admin.page.wait_for_selector("text=The invitation is sent to gale@test.example")
    looks_sound(admin)

    # Then the guest joins by the link, after a password that is too short
    guest = visitor(width=admin.width)
    guest.goes_to(link())
    looks_sound(guest)
    guest.page.focus("#id_password1")
    guest.page.keyboard.type("short")
    guest.page.keyboard.press("Enter")
    guest.page.wait_for_selector(".govuk-error-summary")
    looks_sound(guest)
    assert guest.sees("must be 12 characters or more")
    for field in ("#id_password1", "#id_password2"):
        guest.page.fill(field, PASSWORD)
    guest.presses("Join")
    guest.page.wait_for_selector("text=You have joined Department of Health and Social Care")
    guest.page.fill("input[name=login]", "gale@test.example")
    guest.page.fill("input[name=password]", PASSWORD)
    guest.presses("Sign in")
    guest.page.get_by_role("link", name="My work").click()
    assert guest.sees("You act for Department of Health and Social Care")
    assert Membership.objects.get(user__email="gale@test.example").role == "editor"


def test_an_administrator_hands_over_what_an_ended_body_held(visitor, admin, looks_sound):
    held = Responsibility.objects.filter(organisation__code="dluhc").count()
    # When the administrator hands over all that DLUHC held
    admin.goes_to("/administration/reassign/")
    looks_sound(admin)
    admin.page.get_by_role("link", name="Department for Levelling Up, Housing and Communities").click()
    admin.page.get_by_label(f"All {held} records").check()
    looks_sound(admin)
    admin.presses("Hand over")
    # Then nothing waits, and a record says who led it until when
    admin.page.wait_for_selector("text=roles are handed over to Ministry of Housing")
    looks_sound(admin)
    former = FormerRole.objects.filter(role="lead", initiative__kind="policy").select_related("initiative").first()
    reader = visitor(width=admin.width)
    reader.goes_to(f"/policies/{former.initiative.reference}/")
    looks_sound(reader)
    assert reader.sees("Lead until 9 July 2024: Department for Levelling Up, Housing and Communities, then Ministry")


def test_without_javascript_a_choice_of_records_can_be_made(visitor, someone):
    admin = visitor(script=False)
    admin.signs_in(someone(administrator=True))
    admin.goes_to("/administration/reassign/dluhc/")
    admin.page.get_by_label("Only those that I select").check()
    admin.page.locator("input[name=records]").first.check()
    admin.presses("Hand over")
    assert admin.sees("1 role is handed over")
    assert FormerRole.objects.count() == 1
