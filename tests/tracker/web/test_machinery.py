"""Organisations and thresholds through the pages: adding, changing, ending, handing over, another number."""

import pytest
from django.urls import reverse

from policies.models import FormerRole, Organisation, Responsibility
from tests.policies import factories
from tracker.models import ThresholdValue
from tracker.web import links

pytestmark = [pytest.mark.usefixtures("landscape"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def administrator(person, client):
    user = person(administrator=True)
    client.force_login(user)
    return user


def at(name, **named):
    return reverse(name, kwargs=named)


def body(code):
    return Organisation.objects.get(code=code)


def day(name, words):
    return dict(zip((f"{name}-day", f"{name}-month", f"{name}-year"), words.split(), strict=True))


class TestOrganisations:
    def test_are_added_on_purpose(self, client):
        data = {"name": "Office for Quiet", "abbreviation": "OQ", "kind": "agency", "sector": "national",
                "aliases": "Quiet Office\nquiet office\n\n  The  Quiet ", "follows": "phe"}  # fmt: skip
        answer = client.post(at("organisation_add"), data)
        assert answer["Location"] == at("organisation", code="oq")
        made = body("oq")
        assert made.lineage == body("phe").lineage
        assert set(made.aliases.values_list("name", flat=True)) == {"Quiet Office", "The Quiet"}

    def test_with_a_name_that_is_there_ask_whether_it_is_another(self, client):
        data = {"name": "Department for Transport", "kind": "agency", "sector": "national"}
        text = client.post(at("organisation_add"), data).content.decode()
        assert "Select the box if it is none of them" in text
        assert "Department for Transport (Government department)" in text
        assert client.post(at("organisation_add"), data | {"another": "on"}).status_code == 302

    def test_are_changed_and_marked(self, client, read):
        page = client.get(at("organisation_edit", code="dft")).content.decode()
        seen = page.split('name="seen" value="')[1].split('"')[0]
        data = {
            "name": "Department of Transport",
            "abbreviation": "DfT",
            "sector": "national",
            "aliases": "",
            "seen": seen,
        }
        assert client.post(at("organisation_edit", code="dft"), data).status_code == 302
        assert "name" in body("dft").by_hand
        assert "Department of Transport" in read(at("organisation", code="dft")).main

    def test_changed_by_two_at_once_lose_nothing(self, client):
        page = client.get(at("organisation_edit", code="dft")).content.decode()
        seen = page.split('name="seen" value="')[1].split('"')[0]
        Organisation.objects.filter(code="dft").update(abbreviation="DT")
        data = {"name": "Mine", "abbreviation": "DfT", "sector": "national", "aliases": "", "seen": seen}
        text = client.post(at("organisation_edit", code="dft"), data).content.decode()
        assert "Somebody else has changed this organisation" in text
        assert 'value="Mine"' in text
        again = text.split('name="seen" value="')[1].split('"')[0]
        assert client.post(at("organisation_edit", code="dft"), data | {"seen": again}).status_code == 302
        assert body("dft").name == "Mine"

    def test_are_ended_and_lead_on_to_handing_over(self, client, read):
        data = {**day("on", "5 7 2024"), "reason": "The order", "first": "dhsc", "second": "dfe", "third": ""}
        answer = client.post(at("organisation_end", code="dft"), data)
        assert answer["Location"] == at("hand_over", code="dft")
        assert {one.code for one in body("dft").successors.all()} == {"dhsc", "dfe"}
        page = read(at("organisation", code="dft"))
        assert "It ended on 5 July 2024. The reason: “The order”." in page.main
        assert at("organisation_end", code="dft") not in page.links()
        assert "Department for Transport" in read(at("reassign")).main

    @pytest.mark.parametrize(
        ("name", "data", "message"),
        [
            ("organisation_end", {"reason": "R"}, "Enter the day on which it ended"),
            ("organisation_end", {**day("on", "5 7 2024"), "reason": ""}, "Enter the reason"),
            ("organisation_end", {**day("on", "5 7 2024"), "reason": "R", "first": "zzqq"}, "Nothing on record is"),
            ("organisation_end", {**day("on", "5 7 2024"), "reason": "R", "first": "dluhc"}, "its successor is"),
            ("organisation_end", {**day("on", "5 7 2024"), "reason": "R", "first": "dft"}, "its own successor"),
            ("organisation_end", {**day("on", "5 7 2099"), "reason": "R"}, "today or an earlier day"),
            ("organisation_edit", {"name": "", "sector": "national", "seen": "1"}, "Enter the name"),
            ("organisation_edit", {"name": "N", "sector": "moon", "seen": "1"}, "Select the sector from the list"),
            ("organisation_edit", {"name": "N", "sector": "nhs", "seen": "1", "aliases": "x" * 201}, "200 characters"),
            ("organisation_edit", {"name": "N", "sector": "nhs", "seen": "1", "active_from-year": "20"}, "4 numbers"),
        ],
    )
    def test_every_wrong_answer_says_what_to_do(self, client, name, data, message):
        text = client.post(at(name, code="dft"), data).content.decode()
        assert "There is a problem" in text
        assert message in text
        assert body("dft").active_to is None

    def test_that_have_ended_get_no_new_role_by_the_journey(self, client):
        draft = factories.commitment()
        factories.responsibility(initiative=draft, organisation=body("dft"))
        address = reverse("journey_roles", kwargs={"reference": draft.reference})
        data = {"version": draft.version, "organisation": "dluhc", "role": "delivery"}
        text = client.post(address, data).content.decode()
        assert "ended on 9 July 2024; its successor is Ministry of Housing, Communities and Local Government" in text
        assert client.post(address, data | {"organisation": "dhsc"}).status_code == 302


class TestHandingOver:
    def test_all_in_one_go(self, client, read):
        roles = Responsibility.objects.filter(organisation=body("dluhc"))
        led = roles.filter(role="lead").select_related("initiative")[0].initiative
        total = roles.count()
        page = read(at("hand_over", code="dluhc"))
        assert f"All {total} records" in page.main
        data = {"successor": body("mhclg").pk, "which": "all", **day("on", "9 7 2024")}
        text = client.post(at("hand_over", code="dluhc"), data, follow=True).content.decode()
        assert f"{total} roles are handed over to Ministry of Housing" in text
        assert "It holds no role that waits" in text
        record = read(links.record(led))
        assert "Lead until 9 July 2024: Department for Levelling Up, Housing and Communities, then" in record.main

    def test_only_those_that_are_selected_and_to_another(self, client):
        roles = list(Responsibility.objects.filter(organisation=body("dluhc"))[:2])
        data = {"successor": "another", "other": "dft", "which": "chosen",
                "records": [role.initiative_id for role in roles], **day("on", "9 7 2024")}  # fmt: skip
        client.post(at("hand_over", code="dluhc"), data)
        assert set(FormerRole.objects.values_list("successor__code", flat=True)) == {"dft"}
        assert FormerRole.objects.count() == 2

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"successor": ""}, "Select the organisation"),
            ({"successor": "another", "other": ""}, "Enter the other organisation"),
            ({"successor": "another", "other": "zzqq"}, "Nothing on record is called"),
            ({"successor": "another", "other": "beis"}, "its successors are"),
            ({"successor": "0"}, "Select the organisation from the list"),
            ({"which": ""}, "Select which records"),
            ({"which": "chosen"}, "Select one or more records"),
            ({"which": "chosen", "records": ["0"]}, "Select"),
            ({"on-day": ""}, "must include a day"),
            ({"on-year": "2000"}, "before the organisation began"),
        ],
    )
    def test_every_wrong_answer_says_what_to_do(self, client, change, message):
        data = {"successor": body("mhclg").pk, "which": "all", **day("on", "9 7 2024")} | change
        text = client.post(at("hand_over", code="dluhc"), data).content.decode()
        assert "There is a problem" in text
        assert message in text
        assert not FormerRole.objects.exists()

    def test_people_go_with_it(self, client, read):
        mover = factories.member("editor", body("dluhc"), name="Moe Mover")
        assert "Moe Mover" in read(at("move_members", code="dluhc")).main
        data = {"successor": body("mhclg").pk, "people": [mover.pk]}
        client.post(at("move_members", code="dluhc"), data)
        assert mover.memberships.get().organisation.code == "mhclg"

    def test_of_people_nobody_is_no_answer(self, client):
        factories.member("editor", body("dluhc"))
        text = client.post(at("move_members", code="dluhc"), {"successor": body("mhclg").pk}).content.decode()
        assert "Select one or more people" in text


class TestTheRecord:
    def test_says_beside_an_ended_name_until_when_and_who_is_now(self, read):
        role = Responsibility.objects.filter(organisation__code="dluhc", role="lead").select_related("initiative")[0]
        assert "(until 9 July 2024; now MHCLG)" in read(links.record(role.initiative)).main

    def test_says_nothing_beside_one_that_exists(self, read):
        assert "(until" not in read("/policies/DHSC-0001/").main


class TestThresholds:
    CHANGE = {"code": "CAP004", "threshold": "value"}

    def test_are_changed_with_a_reason_that_stands_on_the_check_s_page(self, client, read, administrator):
        data = {"value": "50,000,000", "reason": "Smaller funds matter"}
        assert client.post(at("threshold", **self.CHANGE), data)["Location"] == at("thresholds")
        assert ThresholdValue.objects.get().value == 50_000_000
        page = read("/checks/CAP004/")
        assert "50,000,000" in page.main
        assert "Changed from 100,000,000 on" in page.main
        assert "Smaller funds matter" in page.main
        assert administrator.name in page.main
        client.logout()
        assert administrator.name not in read("/checks/CAP004/").main
        (limit,) = client.get("/api/v1/checks/CAP004").json()["thresholds"]
        assert (limit["value"], limit["default"]) == (50_000_000, 100_000_000)

    def test_show_their_history(self, client, read):
        for value, reason in (("5", "First reason"), ("6", "Second reason")):
            client.post(at("threshold", **self.CHANGE), {"value": value, "reason": reason})
        page = read(at("threshold", **self.CHANGE))
        assert page.main.index("Second reason") < page.main.index("First reason")
        assert "Changes so far (2)" in page.main

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            ({"value": "", "reason": "R"}, "Enter the new value"),
            ({"value": "lots", "reason": "R"}, "must be a number"),
            ({"value": "NaN", "reason": "R"}, "must be a number"),
            ({"value": "0", "reason": "R"}, "above 0"),
            ({"value": "5.5", "reason": "R"}, "whole number"),
            ({"value": "9" * 40, "reason": "R"}, "digits"),
            ({"value": "5", "reason": ""}, "Enter the reason"),
            ({"value": "5", "reason": "x" * 501}, "500 characters or fewer"),
            ({"value": "100000000", "reason": "R"}, "already"),
        ],
    )
    def test_every_wrong_answer_says_what_to_do_and_stays(self, client, data, message):
        text = client.post(at("threshold", **self.CHANGE), data).content.decode()
        assert "There is a problem" in text
        assert message in text
        assert data["reason"][:100] in text
        assert not ThresholdValue.objects.exists()

    def test_go_back_to_the_default(self, client, read):
        client.post(at("threshold", **self.CHANGE), {"value": "5", "reason": "First"})
        assert at("threshold_reset", **self.CHANGE) in read(at("threshold", **self.CHANGE)).links()
        assert "Enter the reason" in client.post(at("threshold_reset", **self.CHANGE), {}).content.decode()
        answer = client.post(at("threshold_reset", **self.CHANGE), {"reason": "It was right"})
        assert answer["Location"] == at("thresholds")
        assert not ThresholdValue.objects.exists()
        page = read(at("threshold", **self.CHANGE))
        assert "back to the default" in page.main
        assert "It was right" in page.main
        assert at("threshold_reset", **self.CHANGE) not in page.links()


class TestSeverities:
    def test_are_changed_with_a_reason_that_stands_on_the_check_s_page(self, client, read, administrator):
        assert at("severity", code="CAP004") in read(at("severities")).links()
        data = {"severity": "low", "reason": "Everybody knows"}
        assert client.post(at("severity", code="CAP004"), data)["Location"] == at("severities")
        assert "Everybody knows" in read(at("severities")).main
        page = read("/checks/CAP004/")
        assert "Everybody knows" in page.main
        assert administrator.name in page.main
        client.logout()
        assert administrator.name not in read("/checks/CAP004/").main
        assert client.get("/api/v1/checks/CAP004").json()["severity"] == "low"

    def test_go_back_to_the_default(self, client, read):
        client.post(at("severity", code="CAP004"), {"severity": "low", "reason": "First"})
        client.post(at("severity_reset", code="CAP004"), {"reason": "It was right"})
        page = read(at("severity", code="CAP004"))
        assert "back to the default" in page.main
        assert page.main.index("It was right") < page.main.index("First")

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            ({"reason": "R"}, "Select the severity"),
            ({"severity": "dire", "reason": "R"}, "Select the severity"),
            ({"severity": "low", "reason": ""}, "Enter the reason"),
        ],
    )
    def test_every_wrong_answer_says_what_to_do(self, client, data, message):
        text = client.post(at("severity", code="CAP004"), data).content.decode()
        assert "There is a problem" in text
        assert message in text
