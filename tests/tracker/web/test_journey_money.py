"""A fund's criteria and allocations through the pages: added, changed, removed, pasted, and what they add up to."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from policies.actions import initiatives
from policies.models import Area, Indicator, Organisation
from tests.tracker.web.sending import address, complaints, send, words
from tracker.checks.catalogue import catalogue

pytestmark = [pytest.mark.usefixtures("landscape"), pytest.mark.django_db]

NEED = {
    "round": "round 1",
    "stage": "bid_assessment",
    "criterion": "Need",
    "weight_percent": "60",
    "measured": "economic",
}
HEALTH = NEED | {"criterion": "Health", "weight_percent": "40", "measured": "health"}


@pytest.fixture
def fund(person, client):
    """A draft fund of £100m."""
    user = person("editor", "dft")
    client.force_login(user)
    lead = Organisation.objects.get(code="dft")
    return initiatives.create(
        by=user, kind="policy", form="fund", lead=lead, title="Streets fund", value_gbp=Decimal(100_000_000)
    )


@pytest.fixture
def paper(person, client):
    """A draft white paper, which hands out nothing."""
    lead = Organisation.objects.get(code="dft")
    return initiatives.create(by=person("editor", "dft"), kind="policy", form="white_paper", lead=lead, title="Paper")


class TestCriteria:
    def test_are_added_with_what_they_add_up_to(self, fund, client):
        send(client, "criteria", fund, NEED)
        text = words(client.get(address("criteria", fund)))
        assert "add up to 60%, not 100%. Check them with the source." in text
        assert "In progress: weights add up to 60%" in words(client.get(address("tasks", fund)))
        send(client, "criteria", fund, HEALTH)
        text = words(client.get(address("criteria", fund)))
        assert "not 100%" not in text
        assert "40% of the weight is health" in text
        assert fund.criteria.get(criterion="Health").is_health is True
        assert "Need 60%" in words(client.get(address("check", fund)))

    def test_of_other_rounds_and_stages_add_up_apart(self, fund, client):
        send(client, "criteria", fund, NEED | {"weight_percent": "100"})
        send(client, "criteria", fund, HEALTH | {"weight_percent": "100", "round": "round 2"})
        send(client, "criteria", fund, HEALTH | {"criterion": "Sickness", "weight_percent": "100", "stage": "formula"})
        text = words(client.get(address("criteria", fund)))
        assert "not 100%" not in text
        assert text.count("100% of the weight is health") == 2

    def test_without_weights_are_counted(self, fund, client):
        send(client, "criteria", fund, NEED | {"weight_percent": ""})
        send(client, "criteria", fund, HEALTH)
        text = words(client.get(address("criteria", fund)))
        assert "40%, without 1 criterion whose weight is not recorded" in text
        assert "1 of 2 are measures of health" in text
        assert "not 100%" not in text, "the missing weight may make it up"

    def test_by_an_indicator_take_its_word_on_health(self, fund, client):
        indicator = Indicator.objects.filter(is_health=True).first()
        send(client, "criteria", fund, NEED | {"measured": "indicator", "indicator": indicator.code})
        row = fund.criteria.get()
        assert (row.indicator, row.is_health) == (indicator, True)

    def test_change_in_place(self, fund, client):
        send(client, "criteria", fund, NEED)
        row = fund.criteria.get()
        page = client.get(address("criterion", fund, pk=row.pk)).content.decode()
        assert 'value="Need"' in page
        answer = send(client, "criterion", fund, NEED | {"criterion": "Great need", "weight_percent": "100"}, pk=row.pk)
        assert answer["Location"] == address("criteria", fund)
        assert (fund.criteria.get().pk, fund.criteria.get().criterion) == (row.pk, "Great need")

    def test_keep_a_finer_word_for_what_they_measure(self, fund, client):
        send(client, "criteria", fund, NEED)
        row = fund.criteria.get()
        fund.criteria.update(measure_type="jobs in reach")
        send(client, "criterion", fund, NEED | {"measured": "other", "is_health": "no"}, pk=row.pk)
        assert fund.criteria.get().measure_type == "jobs in reach"

    def test_are_removed(self, fund, client):
        send(client, "criteria", fund, NEED)
        send(client, "criteria", fund, {"remove": fund.criteria.get().pk})
        assert not fund.criteria.exists()

    def test_are_said_once(self, fund, client):
        send(client, "criteria", fund, NEED)
        page = send(client, "criteria", fund, NEED | {"stage": "formula"})
        assert "Two of the rows are about the same thing" in words(page)
        assert fund.criteria.count() == 1

    @pytest.mark.parametrize("name", ["criteria", "criterion"])
    @pytest.mark.parametrize(
        ("data", "said"),
        [
            ({}, "Enter the round"),
            ({"weight_percent": "100.01"}, "The weight must be 100 or less"),
            ({"weight_percent": "-1"}, "The weight must be 0 or more"),
            ({"weight_percent": "half"}, "The weight must be a number, like 12.5"),
            ({"stage": "lottery"}, "from the list"),
            ({"round": "x" * 81}, "The round must be 80 characters or fewer"),
            ({"criterion": "x" * 251}, "The criterion must be 250 characters or fewer"),
            ({"criterion": "a\0b"}, "hidden control characters"),
            ({"measured": "indicator"}, "Enter an indicator"),
            ({"measured": "indicator", "indicator": "Qzxv"}, "Nothing on record is called “Qzxv”"),
            ({"measured": "other"}, "Select yes if it measures health or wellbeing"),
        ],
    )
    def test_that_are_wrong_are_said(self, name, data, said, fund, client):
        send(client, "criteria", fund, HEALTH)
        before = list(fund.criteria.values_list())
        more = {"pk": before[0][0]} if name == "criterion" else {}
        found = complaints(send(client, name, fund, NEED | data if data else {}, **more))
        assert any(said in message for message in found), found
        assert list(fund.criteria.values_list()) == before

    def test_are_no_task_of_a_white_paper(self, fund, paper, client):
        assert client.get(address("criteria", paper)).status_code == 404
        assert client.get(address("allocations", paper)).status_code == 404

    def test_of_what_is_no_fund_any_more_can_still_be_removed(self, fund, client):
        send(client, "criteria", fund, NEED)
        type(fund).objects.filter(pk=fund.pk).update(form="strategy")
        assert client.get(address("criteria", fund)).status_code == 200

    def test_of_another_record_are_not_found(self, fund, client):
        assert client.get(address("criterion", fund, pk=999999)).status_code == 404


PLACE = {"area": "E06000001", "amount_gbp": "25m", "round": "round 1"}


class TestAllocations:
    def test_are_added_with_their_sum(self, fund, client):
        send(client, "allocations", fund, PLACE)
        text = words(client.get(address("allocations", fund)))
        assert "1 allocation, £25,000,000 of £100,000,000" in text
        assert "Hartlepool (E06000001): £25,000,000. round 1" in text
        assert "£25,000,000" in words(client.get(address("check", fund)))

    def test_of_more_than_the_fund_has_are_warned_about(self, fund, client):
        send(client, "allocations", fund, PLACE | {"amount_gbp": "120m"})
        text = words(client.get(address("allocations", fund)))
        assert "The allocations add up to £20,000,000 more than the value of £100,000,000" in text
        assert "In progress: more than the value" in words(client.get(address("tasks", fund)))

    def test_change_in_place_and_are_removed(self, fund, client):
        send(client, "allocations", fund, PLACE)
        row = fund.allocations.get()
        page = client.get(address("allocation", fund, pk=row.pk)).content.decode()
        assert 'value="25,000,000"' in page
        send(client, "allocation", fund, {"area": "E06000002", "amount_gbp": "5", "decided_on-year": "2026",
                                          "decided_on-month": "3", "decided_on-day": "1"}, pk=row.pk)  # fmt: skip
        now = fund.allocations.get()
        assert (now.pk, now.area.gss_code, now.amount_gbp, str(now.decided_on)) == (
            row.pk,
            "E06000002",
            5,
            "2026-03-01",
        )
        send(client, "allocations", fund, {"remove": row.pk})
        assert not fund.allocations.exists()

    @pytest.mark.parametrize("name", ["allocations", "allocation"])
    @pytest.mark.parametrize(
        ("data", "said"),
        [
            ({"area": ""}, "Enter a place"),
            ({"area": "Qzxv"}, "Nothing on record is called “Qzxv”"),
            ({"area": "\0"}, "hidden control characters"),
            ({"amount_gbp": "-1"}, "The amount must be 0 or more"),
            ({"amount_gbp": "lots"}, "The amount must be an amount in pounds"),
            ({"amount_gbp": ""}, "Enter the amount"),
            ({"amount_gbp": "9" * 30}, "The amount"),
            ({"round": "x" * 81}, "The round must be 80 characters or fewer"),
            ({"decided_on-day": "1"}, "The date of the decision must include a month and a year"),
        ],
    )
    def test_that_are_wrong_are_said(self, name, data, said, fund, client):
        send(client, "allocations", fund, PLACE | {"area": "E06000003"})
        before = list(fund.allocations.values_list())
        more = {"pk": before[0][0]} if name == "allocation" else {}
        found = complaints(send(client, name, fund, PLACE | data, **more))
        assert any(said in message for message in found), found
        assert list(fund.allocations.values_list()) == before

    def test_of_many_places_come_in_pages(self, fund, client):
        areas = Area.objects.filter(active_to=None, gss_code__startswith="E06").order_by("gss_code")[:55]
        lines = "\n".join(f"{area.gss_code}, 1,000" for area in areas)
        send(client, "paste_allocations", fund, {"lines": lines})
        text = client.get(address("allocations", fund)).content.decode()
        assert text.count('name="remove"') == 50
        assert "?page=2" in text
        text = client.get(address("allocations", fund) + "?page=2").content.decode()
        assert text.count('name="remove"') == 5


class TestPaste:
    def paste(self, client, fund, lines, **more):
        return send(client, "paste_allocations", fund, {"lines": lines, **more})

    def test_takes_codes_names_commas_tabs_and_pounds(self, fund, client):
        lines = (
            "E06000001, 25,000,000\n\nMiddlesbrough, £2.5m\nE06000003\t1,000\nBristol, City of, 7\nE06000004; 3k\n"
            "Darlington £9"
        )
        answer = self.paste(client, fund, lines, round="round 1")
        assert answer["Location"] == address("allocations", fund), words(answer)
        assert dict(fund.allocations.values_list("area__gss_code", "amount_gbp")) == {
            "E06000001": 25_000_000, "E06000002": 2_500_000, "E06000003": 1000, "E06000023": 7, "E06000004": 3000,
            "E06000005": 9,
        }  # fmt: skip
        assert set(fund.allocations.values_list("round", flat=True)) == {"round 1"}

    def test_says_all_that_is_wrong_line_by_line_and_keeps_nothing(self, fund, client):
        lines = "E06000001, 1\nQzxv, 2\nE06000002\nE06000003, lots\n, 5\nHartlepool, 6\nE06000004, -5"
        page = self.paste(client, fund, lines)
        assert complaints(page) == [
            "Line 2: Nothing on record is called “Qzxv”. Check the spelling, or enter its code",
            "Line 3: Enter an amount after the place, like E06000001, 25,000,000",
            "Line 4: “lots” must be an amount in pounds, like 1,500,000 or 2.5m, and not below 0",
            "Line 5: Enter a place before the amount",
            "Line 6: Hartlepool is already on line 1. Keep one of the two lines",
            "Line 7: “-5” must be an amount in pounds, like 1,500,000 or 2.5m, and not below 0",
        ]
        assert "Qzxv, 2" in page.content.decode()
        assert not fund.allocations.exists()

    def test_replaces_what_is_there_for_the_round_and_leaves_the_rest(self, fund, client):
        self.paste(client, fund, "E06000001, 1\nE06000002, 2")
        before = {row.area.gss_code: row.pk for row in fund.allocations.select_related("area")}
        page = client.get(self.paste(client, fund, "E06000001, 10\nE06000003, 3")["Location"])
        assert "1 allocation was added, 1 was replaced." in words(page)
        rows = {row.area.gss_code: (row.pk, int(row.amount_gbp)) for row in fund.allocations.select_related("area")}
        assert rows["E06000001"] == (before["E06000001"], 10)
        assert rows["E06000002"] == (before["E06000002"], 2)
        assert len(rows) == 3

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            ({"lines": ""}, "Enter at least one place and its amount"),
            ({"lines": "E06000001, 1\0"}, "hidden control characters"),
            ({"lines": "x" * 60001}, "characters or fewer"),
            ({"lines": "E06000001, 1\n" * 1001}, "Enter at most 1,000 lines at a time: there are 1,001"),
            ({"lines": "Qzxv, 1\n" * 30}, "10 more lines have problems"),
            ({"lines": "E06000001, 1", "decided_on-year": "26"}, "The date of the decision"),
            ({"lines": "E06000001, 1", "round": "x" * 81}, "The round of all of them must be 80 characters or fewer"),
        ],
    )
    def test_that_is_wrong_is_said(self, data, said, fund, client):
        found = complaints(send(client, "paste_allocations", fund, data))
        assert any(said in message for message in found), found
        assert not fund.allocations.exists()

    def test_asks_the_database_no_more_often_for_more_lines(self, fund, client):

        def asked(lines):
            with CaptureQueriesContext(connection) as queries:
                self.paste(client, fund, lines)
            return len([q for q in queries if q["sql"].startswith("SELECT") and "policies_area" in q["sql"]])

        few = asked("Qzxv, 1\nE06000001, x")
        assert asked("\n".join(f"E0600{number:04d}, x" for number in range(1, 60))) == few


class TestQueries:
    @pytest.mark.parametrize("name", ["allocations", "criteria", "tasks", "check"])
    def test_are_as_many_for_many_rows(self, name, fund, client):

        def asked():
            client.get(address(name, fund))
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address(name, fund)).status_code == 200
            return len(queries)

        def fill(number):
            areas = Area.objects.filter(active_to=None, gss_code__startswith="E0").order_by("gss_code")[:number]
            send(client, "paste_allocations", fund, {"lines": "\n".join(f"{area.gss_code}, 1" for area in areas)})
            for each in range(number // 5):
                send(client, "criteria", fund, NEED | {"criterion": f"Need {each}", "weight_percent": "1"})

        fill(10)
        few = asked()
        fill(40)
        # The page that sends for review also runs every check, to say what publishing would bring.
        assert asked() == few <= (3 * len(catalogue()) + 50 if name == "check" else 45)

    def test_of_the_record_page_show_sums_of_weights(self, fund, client):
        send(client, "criteria", fund, NEED)
        send(client, "criteria", fund, HEALTH)
        text = words(client.get(f"/policies/{fund.reference}/"))
        assert re.search(r"Scoring of bids: weights add up to 100%; 40% of the weight is health\.", text)
