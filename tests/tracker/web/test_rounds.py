"""The pages of update rounds: opening one, who has reported, and my own part of it."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from policies.models import Collection, Initiative, Organisation, Round, RoundRequest, Update
from tests.policies import factories

pytestmark = [pytest.mark.usefixtures("landscape"), pytest.mark.django_db]

FORM = {
    "name": "October 2026",
    "about_from-day": "1", "about_from-month": "10", "about_from-year": "2026",
    "about_to-day": "31", "about_to-month": "10", "about_to-year": "2026",
    "lead": "everybody", "records": "all", "days": "10",
}  # fmt: skip


@pytest.fixture
def administrator(person):
    return person(administrator=True)


def asked(*codes, deadline=14, opened=0, **values):
    """A round of today (or of `opened` days ago) about what these organisations lead."""
    today = timezone.localdate()
    made = factories.round_(
        opened_on=today - datetime.timedelta(days=opened), deadline=today + datetime.timedelta(days=deadline), **values
    )
    for code in codes:
        body = Organisation.objects.get(code=code)
        led = Initiative.objects.live().filter(responsibilities__organisation=body, responsibilities__role="lead")
        RoundRequest.objects.bulk_create(
            RoundRequest(round=made, initiative=each, organisation=body) for each in led.exclude(kind="partnership")
        )
    return made


class TestOpening:
    def test_an_administrator_asks_everybody(self, client, read, administrator):
        client.force_login(administrator)
        assert reverse("round_start") in read("/rounds/").links()
        answer = client.post("/rounds/open/", FORM)
        opened = Round.objects.get()
        assert answer["Location"] == f"/rounds/{opened.pk}/"
        live = Initiative.objects.live().filter(kind__in=["policy", "commitment"], responsibilities__role="lead")
        assert opened.requests.count() == live.count() > 100
        page = read(answer["Location"])
        assert "Updates are due by" in page.main
        assert f"Asked {live.count()}" in page.main

    def test_an_approver_asks_their_own(self, client, read, person):
        client.force_login(person("approver", "dft"))
        page = read("/rounds/open/")
        assert "All lead organisations" not in page.main
        assert client.post("/rounds/open/", FORM).status_code == 200, "the choice is not theirs"
        assert client.post("/rounds/open/", FORM | {"lead": "dhsc"}).status_code == 200
        assert not Round.objects.exists()
        client.post("/rounds/open/", FORM | {"lead": "dft"})
        assert set(RoundRequest.objects.values_list("organisation__code", flat=True)) == {"dft"}

    def test_one_collection(self, client, administrator):
        client.force_login(administrator)
        client.post("/rounds/open/", FORM | {"records": "collection", "collection": "core_2021"})
        assert Round.objects.get().collection == Collection.objects.get(code="core_2021")

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            ({"name": " "}, "Enter what the round is called"),
            ({"name": "x\0"}, "The name"),
            ({"about_from-day": "32"}, "The first day"),
            ({"about_to-year": "2025"}, "The last day must be the same as or after the first day"),
            ({"lead": "nobody"}, "lead organisations"),
            ({"records": ""}, "Select which records are asked about"),
            ({"records": "collection"}, "Select a collection"),
            ({"records": "collection", "collection": "none\0"}, "ollection"),
            ({"days": "0"}, "1"),
            ({"days": "61"}, "60"),
            ({"days": "ten"}, "whole number"),
            ({"lead": "cabinet-office", "records": "collection", "collection": "core_2021"}, "Nothing would be asked"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(self, client, administrator, data, words):
        client.force_login(administrator)
        answer = client.post("/rounds/open/", FORM | data)
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "There is a problem" in text
        assert words in text
        assert 'value="2026"' in text
        assert not Round.objects.exists()

    def test_who_is_let_in(self, client, person):
        for address in ("/rounds/", "/rounds/open/"):
            assert client.get(address)["Location"] == f"/account/login/?next={address}"
        for role in ("editor", "reader"):
            client.force_login(person(role, "dft"))
            assert client.get("/rounds/").status_code == 200
            assert client.get("/rounds/open/").status_code == 403
            assert client.post("/rounds/open/", FORM | {"lead": "dft"}).status_code == 403

    def test_calling_off(self, client, read, person, administrator):
        opened = asked("dft", organisation=Organisation.objects.get(code="dft"))
        client.force_login(person("approver", "dhsc"))
        assert "Call off" not in read(f"/rounds/{opened.pk}/").main
        assert client.post(f"/rounds/{opened.pk}/call-off/").status_code == 403
        approver = person("approver", "dft")
        client.force_login(approver)
        assert client.get(f"/rounds/{opened.pk}/call-off/").status_code == 405
        assert len(read("/my-work/").links("/log/")) > 1
        answer = client.post(f"/rounds/{opened.pk}/call-off/")
        assert "The round is called off" in read(answer["Location"]).main
        assert "Updates due (0)" in read("/my-work/").main
        assert client.post("/rounds/999999/call-off/").status_code == 404


class TestCompleteness:
    def test_counts_by_lead_with_the_records_behind_them(self, read, administrator):
        opened = asked("dft", "dfe", opened=10)
        one, two = RoundRequest.objects.filter(organisation__code="dft")[:2]
        factories.update(initiative=one.initiative, reported_on=timezone.localdate())
        page = read(f"/rounds/{opened.pk}/", by=administrator)
        number = RoundRequest.objects.filter(organisation__code="dft").count()
        assert f"Department for Transport {number} 1 0 {number - 1} 0" in page.main
        narrowed = read(f"/rounds/{opened.pk}/?lead=dft&state=in_time")
        assert "1 record " in narrowed.main
        assert one.initiative.title in narrowed.main
        rest = read(f"/rounds/{opened.pk}/?lead=dft&state=waiting&state=missing")
        assert two.initiative.title in rest.main
        assert f"{number - 1} records" in rest.main

    def test_late_and_missing(self, read, administrator):
        opened = asked("dft", opened=30, deadline=-10)
        one = RoundRequest.objects.first()
        factories.update(initiative=one.initiative, reported_on=timezone.localdate())
        page = read(f"/rounds/{opened.pk}/?state=late", by=administrator)
        assert "Reported late 1" in page.main
        assert one.initiative.title in page.main
        assert "Deadline passed" in page.main

    @pytest.mark.parametrize(
        ("deadline", "said"), [(-1, ""), (-9, "Approvers of the leads are told"), (-30, "and administrators are told")]
    )
    def test_who_has_been_told(self, read, administrator, deadline, said):
        page = read(f"/rounds/{asked('dft', opened=60, deadline=deadline).pk}/", by=administrator)
        assert said in page.main
        assert ("are told" in page.main) is bool(said)

    def test_what_a_reader_cannot_see_is_not_counted(self, read, person):
        opened = asked("dft")
        Initiative.objects.filter(round_requests__round=opened).update(sensitivity="official_sensitive")
        assert "Asked 0" in read(f"/rounds/{opened.pk}/", by=person("reader", "dfe")).main
        assert "Asked 0" not in read(f"/rounds/{opened.pk}/", by=person("reader", "dft")).main

    @pytest.mark.parametrize(
        ("query", "words"),
        [
            ("state=nonsense", "nonsense"),
            ("lead=nobody", "nobody"),
            ("lead=%00", "There is a problem"),
            ("colour=red", "no filter called"),
            ("q=%00", "There is a problem"),
        ],
    )
    def test_a_filter_that_is_not_understood(self, read, administrator, query, words):
        page = read(f"/rounds/{asked('dft').pk}/?{query}", by=administrator)
        assert page.title.startswith("Error: ")
        assert words in page.main
        assert "Nothing is shown" in page.main

    def test_there_is_no_such_round(self, client, administrator):
        client.force_login(administrator)
        for address in ("/rounds/999999999/", "/rounds/99999999999999999999/", "/rounds/x/"):
            assert client.get(address).status_code == 404
        assert client.get("/rounds/?page=x").status_code == 200

    @pytest.mark.parametrize("address", ["/rounds/", "/rounds/{}/", "/my-work/"])
    def test_the_number_of_queries_is_constant(self, client, person, address):
        approver = person("approver", "dft")
        client.force_login(approver)
        opened = asked("dft")
        few = self.queries(client, address.format(opened.pk))
        for _ in range(5):
            opened = asked("dft", "dhsc", "dfe", "defra", "beis")
        assert self.queries(client, address.format(opened.pk)) <= few <= 40

    @staticmethod
    def queries(client, address):
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)


class TestMyPart:
    def test_one_click_from_my_work(self, client, read, person):
        asked("dft")
        record = Initiative.objects.get(short_code="gear-change")
        factories.update(initiative=record, rag="amber", narrative="Bids are in.", reported_on="2026-01-31")
        editor = person("editor", "dft")
        before = read("/my-work/", by=editor)
        assert "Bids are in." in before.main
        record.refresh_from_db()
        data = {"version": record.version, "unchanged": "yes"}
        answer = client.post(f"/log/{record.reference}/update/?from=my-work", data)
        assert answer["Location"] == "/my-work/"
        after = read("/my-work/")
        assert f"The update on {record.title} is recorded." in after.main
        assert f"/log/{record.reference}/update/?from=my-work" not in after.links()
        assert Update.objects.filter(initiative=record, reported_on=timezone.localdate(), rag="amber").exists()

    def test_a_record_of_two_rounds_is_due_once_by_the_earlier_deadline(self, read, person):
        asked("dft", name="Later", deadline=20)
        asked("dft", name="Sooner", deadline=10)
        page = read("/my-work/", by=person("editor", "dft"))
        assert "Later" not in page.main
        assert page.main.count("Sooner, due by") == min(20, RoundRequest.objects.count() // 2)

    def test_a_missed_deadline_says_how_long_ago(self, read, person):
        asked("dft", opened=40, deadline=-14)
        assert "working days ago" in read("/my-work/", by=person("editor", "dft")).main

    def test_what_others_lead_is_not_due_from_me(self, read, person):
        asked("dft")
        for who in (person("editor", "dhsc"), person("reader", "dft"), person(administrator=True)):
            assert "Updates due (0)" in read("/my-work/", by=who).main

    def test_a_new_lead_takes_over_what_is_due(self, read, person):
        opened = asked("dft")
        record = Initiative.objects.get(short_code="gear-change")
        record.responsibilities.filter(role="lead").update(organisation=Organisation.objects.get(code="dhsc"))
        assert f"/policies/{record.reference}/" in read("/my-work/", by=person("editor", "dhsc")).links()
        assert "Department for Transport" in read(f"/rounds/{opened.pk}/").main

    def test_a_role_says_how_long_it_has_waited(self, read, person):
        held = factories.responsibility(
            initiative=Initiative.objects.get(short_code="changing-futures"),
            organisation=Organisation.objects.get(code="nhs-england"),
            role="delivery",
            given_at=timezone.now() - datetime.timedelta(days=30),
        )
        Initiative.objects.filter(pk=held.initiative_id).update(published_at=held.given_at)
        assert "NHSE: Delivery, waiting for 2" in read("/my-work/", by=person("editor", "nhs-england")).main
