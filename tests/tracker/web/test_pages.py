"""Every page answers, is named, says as of when, and is honest about what is not known."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from policies.actions import initiatives
from policies.models import Initiative, Responsibility, Status
from tracker.models import Flag, Scan

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate().isoformat()

ADDRESSES = {
    "/": "Do England's policies add up to better health? - Policy alignment tracker",
    "/policies/": "Policies - Policy alignment tracker",
    "/commitments/": "Commitments - Policy alignment tracker",
    "/partnerships/": "Partnerships - Policy alignment tracker",
    "/policies/MHCLG-0001/": "Levelling Up Fund - Policies - Policy alignment tracker",
    "/policies/MHCLG-0001/history/": "History of Levelling Up Fund - Policies - Policy alignment tracker",
    "/policies/MHCLG-0001/?as_of=nonsense": "Error: History of Levelling Up Fund - Policies - Policy alignment tracker",
    f"/policies/MHCLG-0001/?as_of={TODAY}": "Levelling Up Fund - Policies - Policy alignment tracker",
    "/partnerships/PSHIP-0001/": "Greater Manchester Agreement - Partnerships - Policy alignment tracker",
    "/flags/": "Flags - Policy alignment tracker",
    "/flags/NHS001:policy:MHCLG-0001/": "No NHS role - Flags - Policy alignment tracker",
    "/checks/": "Checks - Policy alignment tracker",
    "/checks/CAP002/": None,
    "/reports/": "Reports - Policy alignment tracker",
    "/reports/briefings-tests/": "The briefing’s tests - Reports - Policy alignment tracker",
    "/accessibility/": "Accessibility statement - Policy alignment tracker",
    "/cookies/": "Cookies - Policy alignment tracker",
    "/feedback/": None,
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_is_named_has_one_heading_and_says_when_the_checks_ran(read, landscape, address):
    page = read(address)
    assert len(re.findall("<h1", page.html)) == 1
    assert "Checks last ran on" in page.text
    assert ADDRESSES[address] in (None, page.title)
    ids = re.findall(r'\bid="([^"]+)"', page.html)
    assert len(ids) == len(set(ids)), "an id is used twice"


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_page_takes_a_post(client, landscape, address):
    assert client.post(address).status_code == 405


def test_before_the_first_scan_no_page_speaks_of_results(read, empty_register):
    home = read("/")
    assert "Not checked yet" in home.text
    assert "Checks last ran" not in home.text
    assert "not run yet" in read("/checks/").text


class TestHome:
    def test_each_count_is_that_of_the_list_it_leads_to(self, read, landscape):
        home = read("/")
        for kind, name in (("policy", "policies"), ("commitment", "commitments"), ("partnership", "partnerships")):
            number = Initiative.objects.filter(kind=kind).count()
            assert f">{number}<span" in home.html
            assert f"{number} {name}" in read(f"/{name}/").text

    def test_flags_are_counted_by_severity(self, read, landscape):
        home = read("/")
        for severity in ("high", "medium", "low"):
            number = Flag.objects.standing().filter(severity=severity).count()
            address = f"/flags/?severity={severity}"
            assert address in home.links()
            assert f"{number} flags" in read(address).text

    def test_no_flag_is_not_called_aligned(self, read, landscape):
        assert "not thereby aligned" in read("/").text

    def test_the_worst_flags_are_of_different_checks(self, read, landscape):
        codes = re.findall(r'app-code">([A-Z]{3}\d{3})<', read("/").html)
        assert len(codes) == len(set(codes)) == 5


class TestRecord:
    def test_a_wrong_kind_or_spelling_leads_to_the_right_address(self, client, landscape):
        for address in ("/commitments/MHCLG-0001/", "/policies/mhclg-0001/"):
            assert client.get(address).headers["Location"] == "/policies/MHCLG-0001/"

    @pytest.mark.parametrize("reference", ["NONE-0001", "%00", "a b", "é"])
    def test_what_is_not_there_is_not_found(self, read, landscape, reference):
        assert "Page not found" in read(f"/policies/{reference}/", status=404).text

    def test_a_draft_is_found_by_its_organisation_only(self, read, client, landscape, person):
        editor, stranger = person("editor", "dhsc"), person("editor", "dft")
        lead = Responsibility.objects.filter(organisation__code="dhsc").first().organisation
        draft = initiatives.create(by=editor, kind="partnership", form="town_deal", lead=lead, title="A secret plan")
        address = reverse("partnership", kwargs={"reference": draft.reference})
        read(address, status=404)
        assert "A secret plan" not in read("/partnerships/").text
        read(address, status=404, by=stranger)

    def test_sides_without_a_role_are_not_called_uninvolved(self, read, landscape):
        page = read("/policies/MHCLG-0001/")
        assert "No role recorded" in page.text
        assert "not involved" not in page.text.lower()

    def test_what_nobody_recorded_says_so(self, read, empty_register, many):
        bare = many(1)[0]
        bare.capital_links.all().delete()
        bare.outcome_links.all().delete()
        text = read(f"/policies/{bare.reference}/").text
        assert "No capital is recorded" in text
        assert "No health outcome is recorded" in text
        assert "No measure is recorded" in text
        assert "No allocation criterion is recorded" in text

    def test_a_covered_commitment_says_that_its_policy_is_judged(self, read, landscape):
        policy = Initiative.objects.get(reference="MHCLG-0001")
        commitment = policy.children.get()
        commitment.capital_links.all().delete()
        commitment.outcome_links.all().delete()
        commitment.responsibilities.exclude(role="lead").delete()
        text = read(f"/commitments/{commitment.reference}/").text
        assert "judged together with its policy" in text
        assert "The checks found nothing" not in text or "does not say that it is aligned" in text

    def test_flags_say_what_to_do(self, read, landscape):
        page = read("/policies/MHCLG-0001/")
        for flag in Flag.objects.about(Initiative.objects.get(reference="MHCLG-0001")).standing():
            assert flag.summary in page.text
            assert reverse("flag", kwargs={"fingerprint": flag.fingerprint}) in page.links()
        assert "What to do:" in page.text

    def test_a_resolved_flag_is_kept_apart(self, read, landscape):
        Flag.objects.filter(initiative__reference="MHCLG-0001").update(resolved_at="2026-11-25T10:00Z")
        text = read("/policies/MHCLG-0001/").text
        assert "were raised and are resolved" in text
        assert "That does not say that it is aligned" in text

    def test_a_closed_record_says_why_and_is_not_judged(self, read, landscape, registrar_user):
        many = Initiative.objects.filter(reference="MHCLG-0001")
        many.update(
            status=Status.WITHDRAWN,
            ended_at="2026-11-24T10:00Z",
            ended_by=registrar_user,
            ended_reason="Merged.",
            ended_outcome="dropped",
        )
        assert "Withdrawn on 24 November 2026. Dropped. Merged." in read("/policies/MHCLG-0001/").text

    def test_markup_in_a_record_is_shown_as_text(self, read, empty_register, many):
        record = many(1)[0]
        Initiative.objects.filter(pk=record.pk).update(title="<script>alert(1)</script>", summary="<b>x</b>")
        for address in ("/policies/", f"/policies/{record.reference}/", "/flags/"):
            assert "<script>alert" not in read(address).html

    def test_only_who_may_change_a_record_is_offered_to(self, read, client, landscape, person):
        address, change = "/policies/DHSC-0001/", "/log/DHSC-0001/"
        assert change not in read(address).links()
        assert change not in read(address, by=person("reader", "dhsc")).links()
        assert change not in read(address, by=person("editor", "dft")).links()
        links = read(address, by=person("editor", "dhsc")).links()
        assert change in links
        assert "/log/?parent=DHSC-0001" in links

    def test_only_who_may_log_is_offered_to(self, read, client, landscape, person):
        assert read("/commitments/").links("/log/") == []
        assert read("/commitments/", by=person("editor", "dft")).links("/log/") == ["/log/?kind=commitment"]


class TestChecks:
    def test_the_catalogue_counts_standing_flags(self, read, landscape):
        page = read("/checks/")
        number = Flag.objects.standing().filter(check_code="NHS001").count()
        assert f">{number}<span" in page.html
        assert "/flags/?check=NHS001&state=open&state=reopened&state=acknowledged&state=dismissed" in page.links()

    def test_a_check_shows_its_four_parts_and_thresholds(self, read, landscape):
        from tracker.checks.catalogue import catalogue

        check = catalogue()["CAP002"]
        text = read("/checks/CAP002/").text
        for words in (check.text()["flags"], check.text()["source"], *(t.source for t in check.thresholds.values())):
            assert re.sub(r"\s+", " ", words) in text

    def test_every_check_has_a_page(self, client, landscape):
        from tracker.checks.catalogue import catalogue

        for code in catalogue():
            assert client.get(f"/checks/{code}/").status_code == 200

    def test_an_unknown_check_is_not_found(self, read, landscape):
        read("/checks/XYZ999/", status=404)


def test_a_failed_check_is_told_on_the_start_page(read, landscape):
    Scan.objects.update(status="failed")
    assert "One or more checks failed" in read("/").text
