"""Flags of places and of measures have pages like any other."""

import datetime

import pytest

from policies.models import Area
from tests.conftest import TODAY
from tests.policies import factories
from tests.tracker.checks.test_observed import TO_FIVE, followed, observe
from tests.tracker.checks.test_places import FOUR, NORWICH, crowd
from tracker.actions import scans
from tracker.models import Flag

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_register")]


def test_a_crowded_place(read):
    crowd(*FOUR)
    scans.scan_all(today=TODAY)
    page = read(f"/flags/LOC004:place:{NORWICH}/")
    assert "4 lead departments have initiatives for Norwich" in page.text
    assert f"/policies/?place={NORWICH}" in page.links()
    for lead in ("DfE", "DfT", "DHSC", "MHCLG"):
        assert lead in page.text
    assert "Norwich" in read("/flags/?check=LOC004").text


def test_a_measure_that_is_off_track(read):
    made, indicator = followed(**TO_FIVE)
    observe(indicator, 2025, 12)
    factories.observation(
        indicator=indicator, area=Area.objects.get(gss_code=NORWICH), value=9,
        period_start=datetime.date(2025, 1, 1), period_end=datetime.date(2025, 12, 31),
    )  # fmt: skip
    scans.scan_all(today=TODAY)
    page = read(f"/flags/{Flag.objects.get(check_code='MET006').fingerprint}/")
    assert "stands at 12% in England for the period to 31 December 2025" in page.text
    assert "On a straight line by then" in page.text
    assert f"/policies/{made.reference}/" in page.links()
