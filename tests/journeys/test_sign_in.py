"""Signing in and out and a new password, by keyboard where it matters; every page and error looked at by axe."""

import re

from django.core import mail

from tests.journeys.conftest import PASSWORD

FOCUSED = "e => e === document.activeElement"


def test_by_keyboard_alone(visitor, someone):
    """Given a reader without a mouse, when they sign in wrongly, then the focus leads them to what is wrong."""
    someone("reader", "dhsc", email="keys@test.example")
    reader = visitor()
    keyboard = reader.page.keyboard
    reader.goes_to("/account/login/")
    reader.page.focus("input[name=login]")
    keyboard.press("Enter")
    # Nothing typed: two errors, in the summary and at the fields in the same words
    summary = reader.page.locator(".govuk-error-summary")
    assert summary.evaluate(FOCUSED)
    assert summary.locator("a").all_inner_texts() == ["Enter the email address", "Enter the password"]
    at_fields = reader.page.locator(".govuk-error-message").all_inner_texts()
    assert [words.removeprefix("Error:").strip() for words in at_fields] == summary.locator("a").all_inner_texts()
    assert reader.page.title() == "Error: Sign in - Policy alignment tracker"
    assert reader.faults() == []
    assert reader.overflow_at(320) <= 0
    # Only the address typed: it is kept, and the link leads to the password
    keyboard.press("Tab")
    keyboard.press("Enter")
    assert reader.focused == "id_login"
    keyboard.type("keys@test.example")
    keyboard.press("Enter")
    assert summary.evaluate(FOCUSED)
    keyboard.press("Tab")
    keyboard.press("Enter")
    assert reader.focused == "id_password"
    assert reader.page.input_value("input[name=login]") == "keys@test.example"
    # A wrong password says nothing of which of the two is wrong
    keyboard.type("not the password")
    keyboard.press("Enter")
    assert summary.evaluate(FOCUSED)
    assert reader.sees("The email address or the password is not right")
    assert reader.faults() == []
    # Then the right one
    reader.page.focus("#id_password")
    keyboard.type(PASSWORD)
    keyboard.press("Enter")
    reader.page.wait_for_selector("text=Sign out")
    assert reader.page.url == reader.address + "/"
    assert reader.complaints == []


def test_signing_out(visitor, someone):
    """The button signs out at once; the page that asks is there for those who come by its address."""
    reader = visitor()
    reader.signs_in(someone("editor", "dft"))
    reader.goes_to("/account/logout/")
    assert reader.faults() == []
    assert reader.overflow_at(320) <= 0
    reader.presses("Sign out")
    reader.page.wait_for_selector("text=Sign in")
    assert not reader.sees("Sign out")


def test_a_new_password_by_email(visitor, someone):
    """Given somebody who forgot, when they follow the link in the mail, then the new password lets them in."""
    user = someone("editor", "dft", email="forgot@test.example")
    faults, one = [], visitor()

    def looks():
        one.page.wait_for_selector("h1")
        faults.extend(one.faults())
        if one.overflow_at(320) > 0:
            faults.append(f"{one.page.url}: too wide at 320 px")

    one.goes_to("/account/login/")
    one.page.click("text=Choose a new password")
    button = one.page.locator("main button[type=submit]")
    button.click()
    assert one.sees("Enter the email address")
    looks()
    one.page.fill("input[name=email]", user.email)
    button.click()
    looks()
    link = re.search(r"/account/password/reset/key/\S+", mail.outbox[-1].body)[0]
    one.goes_to(link)
    looks()
    one.page.fill("input[name=password1]", "short")
    one.page.fill("input[name=password2]", "short")
    button.click()
    assert one.page.locator(".govuk-error-summary").evaluate(FOCUSED)
    looks()
    for name in ("password1", "password2"):
        one.page.fill(f"input[name={name}]", "river table moon")
    button.click()
    looks()
    assert one.sees("Your password has changed")
    one.goes_to(link)
    assert one.sees("This link no longer works")
    looks()
    one.signs_in(user, "river table moon")
    one.page.wait_for_selector("text=Sign out")
    assert faults == []
    assert one.complaints == []
