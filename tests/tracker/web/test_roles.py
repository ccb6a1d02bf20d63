"""Two-sided roles on the pages: proposing another role, replying, and all roles of one's organisations."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from policies.models import Initiative, Organisation
from tests.policies import factories

pytestmark = [pytest.mark.usefixtures("landscape"), pytest.mark.django_db]


@pytest.fixture
def held():
    """NHS England's role in Changing Futures, which MHCLG leads."""
    return factories.responsibility(
        initiative=Initiative.objects.get(short_code="changing-futures"),
        organisation=Organisation.objects.get(code="nhs-england"),
        role="delivery",
    )


@pytest.fixture
def lead(held):
    """The code of the lead organisation."""
    return held.initiative.responsibilities.get(role="lead").organisation.code


def address(held, name="answer_role"):
    where = {"reference": held.initiative.reference, "organisation": held.organisation.code, "role": held.role}
    return reverse(name, kwargs=where)


def record(held):
    return reverse("policy", kwargs={"reference": held.initiative.reference})


def propose(client, person, held, role="supporting"):
    client.force_login(person("editor", "nhs-england"))
    data = {"answer": "other_role", "proposed_role": role, "because": "We have no staff for it."}
    answer = client.post(address(held), data)
    held.refresh_from_db()
    return answer


class TestProposing:
    def test_stands_beside_the_role_for_everybody(self, client, read, person, held):
        assert propose(client, person, held)["Location"] == record(held)
        client.logout()
        text = read(record(held)).main
        assert "Proposes another role: Supporting “We have no staff for it.”" in text
        assert "Change the answer" not in text

    def test_the_answer_comes_back_as_it_was_given(self, client, read, person, held):
        propose(client, person, held)
        page = read(address(held))
        assert "Proposes another role: Supporting" in page.main
        assert "We have no staff for it.</textarea>" in page.html

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            ({"answer": "other_role"}, "Select which role would be right"),
            ({"answer": "other_role", "proposed_role": "supporting"}, "Enter why that role would be right"),
            ({"answer": "other_role", "proposed_role": "delivery", "because": "Hm"}, "Which role would be right"),
            ({"answer": "other_role", "proposed_role": "lead", "because": "Hm"}, "Which role would be right"),
            ({"answer": "other_role", "proposed_role": "\0", "because": "Hm\0"}, "There is a problem"),
        ],
    )
    def test_every_wrong_answer_says_what_to_do(self, client, person, held, data, words):
        client.force_login(person("editor", "nhs-england"))
        text = client.post(address(held), data).content.decode()
        assert "There is a problem" in text
        assert words in text
        held.refresh_from_db()
        assert held.answer == "proposed"

    def test_the_record_leads_its_people_to_the_answer(self, read, person, held):
        assert address(held) in read(record(held), by=person("editor", "nhs-england")).links("/roles/")
        assert read(record(held), by=person("reader", "nhs-england")).links("/roles/") == []


class TestSettling:
    def test_the_lead_finds_it_in_my_work_and_on_the_record(self, client, read, person, held, lead):
        propose(client, person, held)
        editor = person("editor", lead)
        work = read("/my-work/", by=editor)
        assert "Answers that wait for your reply (1)" in work.main
        assert address(held, "settle_role") in work.links("/roles/")
        assert address(held, "settle_role") in read(record(held)).links("/roles/")

    def test_given_the_role_changes(self, client, read, person, held, lead):
        propose(client, person, held)
        client.force_login(person("editor", lead))
        answer = client.post(address(held, "settle_role"), {"decision": "give", "comment": "Gladly."})
        assert answer["Location"] == f"{record(held)}#roles"
        held.refresh_from_db()
        assert (held.role, held.answer) == ("supporting", "accepted")
        page = read(record(held))
        assert "The lead replies: “Gladly.”" in page.main
        assert "Answers that wait for your reply" not in read("/my-work/").main

    def test_kept_both_stand_and_the_reply_can_be_changed(self, client, read, person, held, lead):
        propose(client, person, held)
        client.force_login(person("editor", lead))
        client.post(address(held, "settle_role"), {"decision": "keep", "reply": "Somebody must."})
        page = read(record(held))
        assert "“We have no staff for it.”" in page.main
        assert "The lead replies: “Somebody must.”" in page.main
        assert "Change the reply" in page.main
        assert "Somebody must.</textarea>" in read(address(held, "settle_role")).html
        history = page.main.split("History of this record")[1]
        assert "Somebody must." in history

    @pytest.mark.parametrize("given", ["disputed", "accepted_with_conditions"])
    def test_a_dispute_and_conditions_get_a_reply_too(self, client, read, person, held, lead, given):
        client.force_login(person("editor", "nhs-england"))
        client.post(address(held), {"answer": given, "reasons": "No.", "conditions": "Money."})
        client.force_login(person("editor", lead))
        assert "Keep the role" not in read(address(held, "settle_role")).main
        assert "Enter your reply" in client.post(address(held, "settle_role"), {}).content.decode()
        client.post(address(held, "settle_role"), {"reply": "Let us talk."})
        held.refresh_from_db()
        assert (held.answer, held.reply) == (given, "Let us talk.")

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            ({}, "Select what you say to that"),
            ({"decision": "keep"}, "Enter your reply"),
            ({"decision": "burn"}, "There is a problem"),
            ({"decision": "keep", "reply": "x" * 2001}, "characters or"),
            ({"decision": "keep", "reply": "a\0"}, "There is a problem"),
        ],
    )
    def test_every_wrong_answer_says_what_to_do(self, client, person, held, lead, data, words):
        propose(client, person, held)
        client.force_login(person("editor", lead))
        text = client.post(address(held, "settle_role"), data).content.decode()
        assert "There is a problem" in text
        assert words in text
        held.refresh_from_db()
        assert held.reply == ""

    def test_a_role_that_it_has_already_is_said(self, client, person, held, lead):
        factories.responsibility(initiative=held.initiative, organisation=held.organisation, role="supporting")
        propose(client, person, held)
        client.force_login(person("editor", lead))
        text = client.post(address(held, "settle_role"), {"decision": "give"}).content.decode()
        assert "The organisation has that role already" in text

    def test_nothing_to_reply_to_leads_to_the_record(self, client, person, held, lead):
        client.force_login(person("editor", lead))
        assert client.get(address(held, "settle_role"))["Location"] == record(held)

    @pytest.mark.parametrize(
        ("role", "organisation", "status"),
        [
            (None, None, 403), ("reader", "LEAD", 403), ("editor", "LEAD", 200), ("approver", "LEAD", 200),
            ("editor", "nhs-england", 403), ("approver", "dft", 403),
        ],
    )  # fmt: skip
    def test_who_may(self, client, person, held, lead, role, organisation, status):
        propose(client, person, held)
        client.force_login(person(role, lead if organisation == "LEAD" else organisation))
        assert client.get(address(held, "settle_role")).status_code == status
        assert client.post(address(held, "settle_role"), {}).status_code == status

    def test_asks_for_sign_in(self, client, held):
        for where in (address(held, "settle_role"), reverse("my_roles")):
            assert client.get(where)["Location"] == f"/account/login/?next={where}"

    @pytest.mark.parametrize(
        "where", ["/roles/NONE-0001/dft/lead/reply/", "/roles/%00/dft/lead/reply/", "/roles/DFT-0005/%00/x/"]
    )
    def test_what_is_not_there_is_not_found(self, client, person, where):
        client.force_login(person(administrator=True))
        assert client.get(where).status_code == 404


class TestAllRoles:
    def test_shows_every_role_answered_or_not(self, client, read, person, held):
        propose(client, person, held)
        page = read("/my-work/roles/")
        assert "Proposes another role: Supporting" in page.main
        assert address(held) in page.links("/roles/")

    def test_a_reader_reads_and_answers_nothing(self, read, person, held):
        page = read("/my-work/roles/", by=person("reader", "nhs-england"))
        assert "Changing Futures" in page.main
        assert page.links("/roles/") == []

    def test_teaches_somebody_without_one(self, read, person):
        assert "No role is recorded for your organisations" in read("/my-work/roles/", by=person()).main

    def test_has_pages_and_a_constant_number_of_queries(self, client, read, person, many):
        client.force_login(person("editor", "dft"))

        def queries():
            client.get("/my-work/roles/")
            with CaptureQueriesContext(connection) as asked:
                client.get("/my-work/roles/")
            return len(asked)

        few = queries()
        many(60)
        assert queries() <= few <= 12
        assert "?page=2" in read("/my-work/roles/").links("?")
        assert read("/my-work/roles/?page=2").links("?") != []
        assert read("/my-work/roles/?page=nonsense").links("?") == ["?page=2"]
