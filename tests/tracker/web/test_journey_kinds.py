"""Logging a policy, a commitment or a partnership: what each begins with, and the tasks that each has."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from policies.models import Initiative, Organisation, Status
from tests.tracker.web.sending import address, complaints, send, words

pytestmark = [pytest.mark.usefixtures("landscape"), pytest.mark.django_db]

START = reverse("journey_start")


@pytest.fixture
def approver(person, client):
    """An approver of DfT, signed in."""
    user = person("approver", "dft")
    client.force_login(user)
    return user


def dft():
    return Organisation.objects.get(code="dft").pk


def begin(client, kind, **data):
    answer = client.post(f"{START}?kind={kind}", {"lead": dft(), **data})
    assert answer.status_code == 302, words(answer)
    return Initiative.objects.get(title=data["title"])


@pytest.fixture
def paper(approver, client):
    """A draft white paper."""
    return begin(client, "policy", title="Decarbonising every street", form="white_paper")


@pytest.fixture
def deal(approver, client):
    """A draft devolution deal with three others in it."""
    members = "MHCLG\n\nE47000006\n Greater Manchester Combined Authority "
    members = members.replace("E47000006", Organisation.objects.filter(sector="nhs").order_by("pk").first().code)
    members = members.replace("MHCLG", "dhsc")
    return begin(client, "partnership", title="A deal for streets", form="devolution_deal", members=members)


class TestWhichKind:
    def test_is_asked_first_with_examples(self, approver, client):
        text = words(client.get(START))
        for said in ("What do you want to log?", "A white or green paper", "Halve rough sleeping", "a town deal"):
            assert said.lower() in text.lower()

    def test_leads_to_the_first_page_of_the_kind(self, approver, client):
        for kind, said in (
            ("policy", "Is it a part of a larger policy?"),
            ("commitment", "What is promised?"),
            ("partnership", "Which other organisations are in it?"),
        ):
            assert said in words(client.get(START, {"kind": kind, "asked": "yes"}))

    @pytest.mark.parametrize("query", [{"asked": "yes"}, {"kind": "bill"}, {"kind": ""}, {"kind": "\0"}])
    def test_that_is_not_said_is_asked_again(self, query, approver, client):
        assert complaints(client.get(START, query))[0].startswith("Select what you want to log")

    def test_of_a_link_under_a_policy_is_a_commitment(self, approver, client):
        policy = Initiative.objects.get(short_code="gear-change")
        text = client.get(START, {"parent": policy.reference}).content.decode()
        assert "What is promised?" in text
        assert policy.title in text

    def test_is_offered_by_each_list(self, approver, client):
        for name, kind in (("policies", "policy"), ("commitments", "commitment"), ("partnerships", "partnership")):
            assert f'href="{START}?kind={kind}"' in client.get(reverse(name)).content.decode()

    def test_is_not_offered_to_readers(self, person, client):
        client.force_login(person("reader", "dft"))
        assert START not in client.get(reverse("policies")).content.decode()
        assert client.get(START).status_code == 403
        assert client.get(START, {"kind": "policy"}).status_code == 403
        assert client.post(f"{START}?kind=policy", {"title": "T"}).status_code == 403


class TestStart:
    def test_of_a_policy_under_another(self, approver, client):
        above = Initiative.objects.filter(kind="policy", parent=None, status="published").first()
        policy = begin(client, "policy", title="Below", form="fund", parent=above.reference)
        assert (policy.kind, policy.form, policy.parent, policy.status) == ("policy", "fund", above, Status.DRAFT)
        assert [role.role for role in policy.responsibilities.all()] == ["lead"]

    def test_of_a_partnership_names_who_is_in_it(self, deal):
        roles = sorted(deal.responsibilities.values_list("role", flat=True))
        assert (deal.kind, deal.form, roles) == ("partnership", "devolution_deal", ["co-lead"] * 3 + ["lead"])

    def test_keeps_the_lead_that_the_address_names(self, person, client):
        user = person("editor", "dft")
        user.memberships.create(organisation=Organisation.objects.get(code="dhsc"), role="editor")
        client.force_login(user)
        text = client.get(START, {"kind": "commitment", "lead": "dhsc"}).content.decode()
        body = Organisation.objects.get(code="dhsc").pk
        assert re.search(rf'value="{body}"[^>]*checked', text)

    @pytest.mark.parametrize("kind", ["policy", "commitment", "partnership"])
    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"title": " ", "lead": "999999", "form": "lottery"},
            {"title": "x" * 251, "lead": "abc", "form": ""},
            {"title": "T\0", "parent": "\0", "members": "\0"},
        ],
    )
    def test_with_wrong_answers_says_what_to_do(self, kind, data, approver, client):
        before = Initiative.objects.count()
        assert complaints(client.post(f"{START}?kind={kind}", data))
        assert Initiative.objects.count() == before

    def test_under_a_policy_that_is_itself_under_one_offers_nothing(self, approver, client):
        below = Initiative.objects.filter(kind="policy", parent__isnull=False).first()
        if below is None:
            above = Initiative.objects.filter(kind="policy").first()
            below = begin(client, "policy", title="Below", form="fund", parent=above.reference)
        data = {"title": "T", "form": "fund", "lead": dft(), "parent": below.reference}
        assert complaints(client.post(f"{START}?kind=policy", data)) == [
            f"Nothing on record is called “{below.reference}”. Check the spelling, or enter a part of its name"
        ]

    def test_names_every_line_that_is_no_organisation(self, approver, client):
        data = {"title": "T", "form": "town_deal", "lead": dft(), "members": "dhsc\nQzxv\n\ndhsc\nWvut"}
        page = client.post(f"{START}?kind=partnership", data)
        assert complaints(page) == [
            "Line 2: Nothing on record is called “Qzxv”. Check the spelling, or enter its code",
            "Line 4: “dhsc” is in the list twice. Remove one of the two",
            "Line 5: Nothing on record is called “Wvut”. Check the spelling, or enter its code",
        ]
        assert "Qzxv" in page.content.decode()

    def test_of_a_partnership_does_not_take_the_lead_twice(self, approver, client):
        data = {"title": "T", "form": "town_deal", "lead": dft(), "members": "dft"}
        assert "it is the lead" in complaints(client.post(f"{START}?kind=partnership", data))[0]


TASKS = {
    "paper": ["Places", "Who has a role", "Measures", "Dependencies", "Commitments", "Where it belongs"],
    "deal": ["Places", "Who is in it", "Measures", "Dependencies", "Where it belongs"],
}


class TestTasks:
    def names(self, client, record):
        text = client.get(address("tasks", record)).content.decode()
        return re.findall(r'class="govuk-link govuk-task-list__link"[^>]*>\s*([^<]+?)\s*<', text)

    def test_of_a_policy(self, paper, client):
        found = self.names(client, paper)
        assert set(TASKS["paper"]) <= set(found)
        assert not {"Fund criteria", "Allocations"} & set(found)

    def test_of_a_fund_are_also_its_money(self, approver, client):
        fund = begin(client, "policy", title="A fund", form="fund")
        assert {"Fund criteria", "Allocations"} <= set(self.names(client, fund))

    def test_of_a_partnership(self, deal, client):
        found = self.names(client, deal)
        assert set(TASKS["deal"]) <= set(found)
        assert not {"Fund criteria", "Allocations", "Commitments"} & set(found)

    def test_that_are_optional_are_not_waited_for(self, paper, client):
        text = words(client.get(address("tasks", paper)))
        assert "0 of 7 parts are completed" in text
        assert "Optional" in text


class TestDates:
    def test_of_a_partnership_have_a_review_and_a_scope(self, deal, client):
        data = {
            "start-year": "2026", "review_date-day": "1", "review_date-month": "4", "review_date-year": "2028",
            "health_in_scope": "no", "value_gbp": "900m", "price_year": "2025",
        }  # fmt: skip
        assert send(client, "dates", deal, data).status_code == 302
        deal.refresh_from_db()
        assert (deal.health_in_scope, deal.price_year, str(deal.review_date)) == (False, 2025, "2028-04-01")
        text = words(client.get(address("check", deal)))
        for said in ("£900m in 2025 prices", "1 April 2028", "Health in scope No", "Agreed 2026"):
            assert said in text
        page = client.get(address("dates", deal)).content.decode()
        assert re.search(r'name="health_in_scope" type="radio" value="no"[^>]*checked', page)

    def test_of_others_have_neither(self, paper, client):
        text = words(client.get(address("dates", paper)))
        assert "reviewed" not in text
        assert "scope" not in text
        assert "due" not in text.lower().replace("endue", "")

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            ({"price_year": "1066"}, "The price year must be 1990 or more"),
            ({"price_year": "3000"}, "The price year must be 2100 or less"),
            ({"price_year": "last"}, "The price year must be a whole number, like 12"),
            ({"price_year": "2026"}, "Enter the amount of money that the price year is about"),
            ({"review_date-day": "31", "review_date-month": "2", "review_date-year": "2028"}, "must be a real date"),
            ({"health_in_scope": "perhaps"}, "from the list"),
            ({"start-year": "2026", "end-year": "2025"}, "The end date must be the same as or after the start date"),
        ],
    )
    def test_that_are_wrong_are_said(self, data, said, deal, client):
        found = complaints(send(client, "dates", deal, data))
        assert any(said in message for message in found), found


class TestAWhitePaperWithThreeCommitments:
    def test_goes_fast(self, paper, client):
        source = {
            "title": paper.title,
            "form": "white_paper",
            "source_title": "The paper",
            "source_url": "https://a.uk/b",
        }
        send(client, "words", paper, source)
        for number in (1, 2, 3):
            data = {"title": f"Promise {number}", "due-year": "2029", "source_quote": f"We will do {number}."}
            answer = send(client, "below", paper, data)
            assert answer["Location"] == address("below", paper), "one stays to add the next"
        made = Initiative.objects.filter(parent=paper).order_by("pk")
        assert [row.title for row in made] == ["Promise 1", "Promise 2", "Promise 3"]
        for row in made:
            assert (row.kind, row.status, row.source_title, row.due_precision) == (
                "commitment", "draft", "The paper", "year",
            )  # fmt: skip
            assert [role.organisation_id for role in row.responsibilities.all()] == [dft()]
        text = client.get(address("below", paper)).content.decode()
        assert all(address("tasks", row) in text for row in made)
        assert "Promise 3" in words(client.get(address("check", paper)))

    def test_leads_from_each_to_the_next(self, paper, client):
        send(client, "below", paper, {"title": "Promise 1"})
        first = Initiative.objects.get(title="Promise 1")
        text = client.get(address("tasks", first)).content.decode()
        assert f'href="{START}?parent={paper.reference}"' in text
        assert "Add the next commitment under" in text

    @pytest.mark.parametrize(
        "data", [{}, {"title": " "}, {"title": "x" * 251}, {"title": "T", "due-month": "3"}, {"title": "T\0"}]
    )
    def test_with_wrong_answers(self, data, paper, client):
        assert complaints(send(client, "below", paper, data))
        assert not Initiative.objects.filter(parent=paper).exists()

    def test_takes_as_many_queries_for_many(self, paper, client):
        def asked():
            client.get(address("below", paper))
            with CaptureQueriesContext(connection) as queries:
                client.get(address("below", paper))
            return len(queries)

        send(client, "below", paper, {"title": "Promise 1"})
        few = asked()
        for number in range(2, 8):
            send(client, "below", paper, {"title": f"Promise {number}"})
        assert asked() == few

    def test_goes_on_after_the_paper_is_sent_for_review(self, paper, client):
        assert send(client, "check", paper, {}).status_code == 302
        assert address("below", paper) in client.get(address("submitted", paper)).content.decode()
        send(client, "below", paper, {"title": "A late promise"})
        assert Initiative.objects.get(title="A late promise").parent == paper

    def test_is_only_for_policies(self, deal, client):
        assert client.get(address("below", deal)).status_code == 404

    def test_without_a_lead_asks_for_one(self, paper, client):
        paper.responsibilities.all().delete()
        assert complaints(send(client, "below", paper, {"title": "T"})) == ["Select which organisation leads it"]
        assert send(client, "below", paper, {"title": "T", "lead": dft()}).status_code == 302
