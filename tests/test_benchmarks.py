"""The synthetic register that the benchmarks measure on can still be made, and is judged like any other."""

import pytest

from benchmarks.generate import fill
from policies.models import Initiative, Update
from tests.conftest import TODAY
from tests.policies import factories
from tracker.actions import scans
from tracker.models import Flag

pytestmark = pytest.mark.usefixtures("landscape")


def test_the_synthetic_register_is_made_and_scanned():
    fill(30, factories.user())
    made = Initiative.objects.filter(reference__startswith="BENCH")
    assert (made.filter(kind="policy").count(), made.filter(kind="commitment").count()) == (30, 60)
    assert Update.objects.filter(initiative__in=made).count() == 60
    scan = scans.scan_all(today=TODAY).scan
    assert scan.errors == {}
    assert Flag.objects.filter(initiative__in=made, check_code="MET001").exists()
