"""Somebody watches a place; a flag opens there after a save and a scan; the email holds it; one click stops it."""

import re

import pytest
from django.core import mail

from policies.models import Area
from tests.policies import factories
from tests.tracker.actions.test_scans import settled_scan
from tracker.actions import notices
from tracker.models import Flag


def seen(visitor, script=True):
    """What is wrong with the page as it is now. Without JavaScript only its width can be looked at."""
    found = visitor.faults() if script else []
    if (over := visitor.overflow_at(320)) > 0:
        found.append(f"{visitor.page.url}: {over} px too wide at 320 px")
    return found


def watches_manchester(reader, script):
    """From My work, first with errors; returns what is wrong with the pages on the way."""
    reader.goes_to("/my-work/")
    reader.page.get_by_role("link", name="See what you watch and add to it").click()
    faults = seen(reader, script)
    reader.page.get_by_role("link", name="Watch a place").click()
    reader.page.get_by_label("Within minutes").check()
    reader.presses("Watch")
    reader.page.wait_for_selector(".govuk-error-summary")
    faults += seen(reader, script)
    reader.page.click(".govuk-error-summary a")
    assert not script or reader.focused == "id_thing"
    assert reader.page.get_by_label("Within minutes").is_checked(), "good answers are kept"
    reader.page.fill("#id_thing", "E08000003")
    reader.presses("Watch")
    reader.page.wait_for_selector("text=You watch it from now on")
    assert reader.sees("Manchester")
    return faults + seen(reader, script)


def sweeps():
    """What beat and the worker do."""
    settled_scan()
    for pk in notices.people_due():
        notices.send(user=factories.models.User(pk=pk))


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_from_watching_to_stopping(visitor, someone, settings, script):
    # Given somebody who reads, and a register that is scanned
    settings.SITE_ADDRESS = (reader := visitor(script=script)).address
    settled_scan()
    user = someone("reader", "dft")
    reader.signs_in(user)
    faults = watches_manchester(reader, script)
    # When nothing happens there, nothing is sent
    sweeps()
    assert mail.outbox == []
    # When a policy for Manchester is saved, in which the NHS has no role, and the checks have run
    saved = factories.policy(status="published", title="Trams for all")
    factories.footprint(initiative=saved, area=Area.objects.get(gss_code="E08000003"))
    sweeps()
    # Then one email names its flags
    (message,) = mail.outbox
    flag = Flag.objects.standing().filter(initiative=saved).first()
    assert message.to == [user.email]
    assert flag.summary in message.body
    # And its link leads to the flag
    reader.goes_to(f"/flags/{flag.fingerprint}/")
    assert reader.sees("Trams for all")
    # And the link at its end stops the emails, without sign-in
    link = re.search(r"/watches/off/watch\.\S+", message.body)[0]
    outside = visitor(script=script)
    outside.goes_to(link)
    faults += seen(outside, script)
    outside.presses("Stop the emails")
    assert outside.sees("You get no more emails about “Manchester”.")
    faults += seen(outside, script)
    # So that the next flag is told to nobody, and the list still has the place
    factories.footprint(initiative=factories.policy(status="published"), area=Area.objects.get(gss_code="E08000003"))
    sweeps()
    assert len(mail.outbox) == 1
    reader.goes_to("/watches/")
    assert reader.sees("Not now: no emails are sent")
    assert faults == []
    assert reader.complaints == outside.complaints == []


def test_pages_of_watches_and_of_administration(visitor, someone):
    """Every new page in its states: no fault, no sideways scrolling."""
    chief, faults = visitor(), []
    user = someone(administrator=True)
    chief.signs_in(user)
    area = Area.objects.get(gss_code="E08000003")
    one = factories.watch(user=user, area=area)
    factories.watch(user=user, search=factories.saved_search(user=user, place="flags", query="colour=red"))
    factories.severity_value(check_code="LOC001")
    factories.threshold_value(check_code="CAP004", name="value")
    factories.upload(state="failed", file_name="a-very-long-name-" * 8 + ".xlsx")
    factories.stale_check(code="NHS001", error="ValueError: " + "odd" * 60)
    factories.failed_notice(error="OSError: away")
    factories.requeue(by=user)
    for path in (
        "/watches/",
        f"/watches/{one.pk}/",
        f"/watches/{one.pk}/stop/",
        "/watches/new/place/",
        "/watches/new/outcome/",
        "/watches/new/initiative/?of=MHCLG-0001",
        "/watches/list/?query=severity%3Dhigh",
        "/watches/off/watch.0/",
        "/flags/?severity=high&place=E08000003",
        "/administration/",
        "/administration/background/",
        "/administration/background/check/NHS001/",
        "/administration/severities/",
        "/administration/severities/LOC001/",
        "/administration/severities/LOC001/reset/",
        "/administration/thresholds/CAP004/value/reset/",
        "/checks/LOC001/",
    ):
        chief.goes_to(path)
        faults += seen(chief)
    assert faults == []
