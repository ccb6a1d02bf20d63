"""The pages of scans: what ran, how far it is, and who may start one."""

import pytest

from tests.conftest import TODAY
from tests.policies import factories
from tracker.actions import scans
from tracker.checks.base import Sql
from tracker.checks.catalogue import catalogue
from tracker.models import Scan, ScanPart

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("landscape")]


@pytest.fixture
def administrator():
    return factories.user(is_administrator=True)


def test_the_list_says_when_and_what_came_of_it(read):
    scan = scans.scan_all(today=TODAY).scan
    page = read("/scans/")
    assert f"/scans/{scan.pk}/" in page.links()
    assert "Full scan" in page.main
    assert "Run all checks now" not in page.main


def test_a_scan_shows_each_check(read):
    page = read(f"/scans/{scans.scan_all(today=TODAY).scan.pk}/")
    for code, check in catalogue().items():
        assert f"/checks/{code}/" in page.links()
        assert check.title in page.main


def test_a_running_scan_says_how_far_it_is(read):
    scan = scans.scan_all(today=TODAY, here=False).scan
    for _ in range(3):
        scans.work_one()
    total = len(catalogue())
    page = read(f"/scans/{scan.pk}/")
    assert f"3 of {total} checks done" in page.main
    assert page.main.count("waiting") == total - 3
    assert "tracker/progress" in page.html
    assert f"3 of {total} checks done" in read("/scans/").main


def test_a_finished_scan_does_not_ask_again(read):
    assert "tracker/progress" not in read(f"/scans/{scans.scan_all(today=TODAY).scan.pk}/").html


def test_why_a_check_failed_is_for_administrators(read, administrator, person, monkeypatch):
    monkeypatch.setattr(catalogue()["LOC001"], "found", lambda self, scope: Sql("SELECT 1 / 0", {}), raising=False)
    address = f"/scans/{scans.scan_all(today=TODAY).scan.pk}/"
    for reader in (None, person("approver", "dft")):
        page = read(address, by=reader)
        assert "1 check failed and left its flags as they were" in page.main
        assert "ProgrammingError" not in page.html
    assert "ProgrammingError" in read(address, by=administrator).main


def test_scans_of_drafts_alone_are_not_told_to_the_public(read, person):
    hidden = factories.scan(of_public=False)
    read(f"/scans/{hidden.pk}/", status=404)
    assert f"/scans/{hidden.pk}/" not in read("/scans/").links()
    assert f"/scans/{hidden.pk}/" in read("/scans/", by=person("reader", "dft")).links()


def test_an_administrator_starts_one_and_sees_how_far_it_is(client, read, administrator):
    assert "Run all checks now" in read("/scans/", by=administrator).main
    answer = client.post("/scans/start/")
    scan = Scan.objects.running().get()
    assert answer["Location"] == f"/scans/{scan.pk}/"
    assert (scan.reason, scan.asked_by) == ("request", administrator)
    assert f"0 of {len(catalogue())} checks done" in read(answer["Location"]).main
    assert "Run all checks now" not in read("/scans/").main, "one runs already"


def test_nobody_else_starts_one(client, person):
    client.force_login(person("approver", "dft"))
    assert client.post("/scans/start/").status_code == 403
    assert not ScanPart.objects.exists()


def test_the_list_takes_as_many_queries_for_many_as_for_few(client, django_assert_max_num_queries):
    for _ in range(30):
        factories.scan()
    with django_assert_max_num_queries(12):
        client.get("/scans/")
