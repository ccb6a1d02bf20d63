"""Two pages of the journey: six plain questions, and who should be in it, with the letters that ask them."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from policies.actions.action import StaleVersionError
from policies.models import Area, Initiative, Organisation, Outcome, PlainAnswer, Responsibility
from tests.policies import factories

pytestmark = [pytest.mark.usefixtures("landscape"), pytest.mark.django_db]

ALL_UNSURE = dict.fromkeys(("builds", "people", "together", "nature", "first", "worse"), "not-sure")
COUNCIL = "E06000065"


@pytest.fixture
def draft(person, client):
    """A draft of DfT whose editor has signed in."""
    by = person("editor", "dft")
    client.force_login(by)
    draft = factories.commitment(title="Quiet streets", summary="Slower, with fewer cars.", created_by=by)
    factories.responsibility(initiative=draft, organisation=Organisation.objects.get(code="dft"), role="lead")
    return draft


@pytest.fixture
def placed(draft):
    """The draft with a place and an outcome."""
    factories.footprint(initiative=draft, area=Area.objects.get(gss_code=COUNCIL))
    factories.outcome_link(initiative=draft, outcome=Outcome.objects.get(code="physical_activity"))
    return draft


def address(name, draft):
    return reverse(f"journey_{name}", kwargs={"reference": draft.reference})


def send(client, name, draft, data, query=""):
    draft.refresh_from_db()
    return client.post(address(name, draft) + query, {"version": draft.version, **data})


def ticked(html, name):
    """Values of the boxes or radios of a name that are checked."""
    return {
        re.search(r'value="([^"]*)"', tag)[1]
        for tag in re.findall(rf'<input[^>]*name="{name}"[^>]*>', html)
        if re.search(r"\bchecked\b", tag)
    }


class TestQuestions:
    def test_propose_and_save_no_link(self, draft, client):
        answer = send(client, "questions", draft, ALL_UNSURE | {"builds": ["homes", "travel"], "nature": ["green"]})
        assert answer["Location"] == address("capitals", draft)
        assert PlainAnswer.objects.filter(initiative=draft).count() == 7
        assert not draft.capital_links.exists()
        assert not draft.outcome_links.exists()
        page = client.get(answer["Location"]).content.decode()
        assert "Your answers propose 2 capitals and 5 outcomes." in page
        assert ticked(page, "primary") == {"financial_physical"}
        assert ticked(page, "secondary") == {"natural"}
        assert "Proposed by your answers: It builds or mends homes." in page

    def test_outcomes_come_ticked_with_their_reasons_and_the_pathway_written(self, draft, client):
        send(client, "questions", draft, ALL_UNSURE | {"builds": ["homes"], "first": ["poorer"]})
        page = client.get(address("outcomes", draft)).content.decode()
        assert ticked(page, "outcomes") == {"housing_and_health", "mental_wellbeing", "healthy_life_expectancy"}
        assert "Proposed by your answers: The poorest places have the fewest years in good health." in page
        where = {"reference": draft.reference, "code": "housing_and_health"}
        page = client.get(reverse("journey_outcome", kwargs=where)).content.decode()
        assert "Warm, safe and secure homes keep people well.</textarea>" in page
        assert ticked(page, "stated") == {"no"}, "a proposal is a judgement"
        assert ticked(page, "direction") == set(), "which way it goes is for the person to say"

    def test_what_was_saved_is_not_ticked_over(self, draft, client):
        factories.outcome_link(initiative=draft, outcome=Outcome.objects.get(code="obesity"))
        factories.capital_link(initiative=draft)
        answer = send(client, "questions", draft, ALL_UNSURE | {"builds": ["homes"]})
        assert answer["Location"] == address("tasks", draft)
        page = client.get(address("outcomes", draft)).content.decode()
        assert ticked(page, "outcomes") == {"obesity"}
        assert "Proposed by your answers" in page, "it still says what was proposed"
        assert ticked(client.get(address("capitals", draft)).content.decode(), "secondary") == set()

    def test_not_sure_is_an_answer(self, draft, client):
        send(client, "questions", draft, ALL_UNSURE)
        page = client.get(address("capitals", draft)).content.decode()
        assert "Your answers propose nothing. Select the capitals and outcomes yourself." in page
        assert ticked(page, "primary") == set()

    def test_answers_can_be_changed_and_read_again(self, draft, client):
        send(client, "questions", draft, ALL_UNSURE | {"builds": ["homes"]})
        kept = PlainAnswer.objects.get(question="worse").pk
        send(client, "questions", draft, ALL_UNSURE | {"builds": ["roads"]})
        assert PlainAnswer.objects.get(question="worse").pk == kept
        assert ticked(client.get(address("questions", draft)).content.decode(), "builds") == {"roads"}
        answers = client.get(address("check", draft)).content.decode()
        assert "Roads, airports or other ways for vehicles" in answers

    def test_are_optional_in_the_task_list(self, draft, client):
        page = client.get(address("tasks", draft)).content.decode()
        assert "of 7 parts are completed" in page
        for title in ("Six plain questions", "Who should be in this?"):
            assert re.search(rf"{re.escape(title)}\s*</a>.*?Optional", page, re.S), title

    def test_no_stands_alone_and_all_that_was_ticked_stays(self, draft, client):
        page = send(client, "questions", draft, ALL_UNSURE | {"builds": ["homes", "no"]}).content.decode()
        assert "Select either “No” or “Not sure” alone" in page
        assert ticked(page, "builds") == {"homes", "no"}
        assert not PlainAnswer.objects.exists()

    def test_a_stale_save_shows_both(self, draft, client):
        old = draft.version
        send(client, "questions", draft, ALL_UNSURE)
        page = client.post(address("questions", draft), {"version": old, **ALL_UNSURE, "builds": "homes"})
        assert page.status_code == 409
        assert "Homes: building, mending or warming them" in page.content.decode()

    def test_they_are_nobody_else_s_business(self, draft, client):
        send(client, "questions", draft, ALL_UNSURE)
        history = client.get(reverse("commitment", kwargs={"reference": draft.reference})).content.decode()
        assert "not-sure" not in history


class TestWhoIsProposed:
    def test_asks_for_places_and_for_what_it_is_about(self, draft, client):
        page = client.get(address("who", draft)).content.decode()
        assert "No places are recorded" in page
        assert address("places", draft) in page
        assert 'name="bodies"' not in page

    def test_says_why(self, placed, client):
        page = client.get(address("who", placed)).content.decode()
        for words in (
            "Holds public health there (Health and Social Care Act 2012, section 12).",
            "It covers North Yorkshire (91%) since 1 April 2023.",
            "This bears on: Physical activity",
            "Which powers it needs, and why",
        ):
            assert words in page

    def test_a_wide_place_is_served_by_a_class_that_says_how_many(self, draft, client):
        factories.footprint(initiative=draft, area=Area.objects.get(gss_code="E92000001"))
        factories.outcome_link(initiative=draft, outcome=Outcome.objects.get(code="smoking_prevalence"))
        page = client.get(address("who", draft)).content.decode()
        assert "It stands for 153 bodies. In each place one of them holds public health there" in page

    def test_who_is_in_it_already_is_marked_and_not_offered(self, placed, client):
        council = Organisation.objects.get(code=COUNCIL)
        factories.responsibility(initiative=placed, organisation=council, role="delivery")
        page = client.get(address("who", placed)).content.decode()
        assert "North Yorkshire Council: delivery" in page
        assert f'value="{COUNCIL}"' not in page

    def test_takes_as_many_queries_for_many_places(self, placed, client):
        def queries():
            client.get(address("who", placed))
            with CaptureQueriesContext(connection) as asked:
                client.get(address("who", placed))
            return len(asked)

        factories.footprint(initiative=placed, area=Area.objects.get(gss_code="E07000106"))
        few = queries()
        for code in ("E47000001", "E12000001", "E10000016"):
            factories.footprint(initiative=placed, area=Area.objects.get(gss_code=code))
        assert queries() <= few <= 35


class TestInvitations:
    def ask(self, client, draft, **more):
        words = {"bodies": [COUNCIL], f"role_{COUNCIL}": "supporting", f"letter_{COUNCIL}": "Dear all,\n\njoin us."}
        return send(client, "who", draft, words | more)

    def test_a_letter_is_written_for_the_user_and_unindented(self, placed, client):
        page = client.get(address("who", placed)).content.decode()
        letter = re.search(rf'name="letter_{COUNCIL}"[^>]*>(.*?)</textarea>', page, re.S)[1]
        assert letter.startswith("To North Yorkshire Council&#10;&#10;We ask you to take part in the commitment")
        assert "- holds public health (Health and Social Care Act 2012, section 12)" in letter
        assert "\n" not in letter, "indenting what a choice reveals cannot touch it"

    def test_is_kept_with_the_role_and_its_reason(self, placed, client):
        assert self.ask(client, placed)["Location"] == address("who", placed)
        held = Responsibility.objects.get(initiative=placed, organisation__code=COUNCIL)
        assert (held.role, held.basis, held.answer) == ("supporting", "judged", "proposed")
        assert held.invitation.replace("\r", "") == "Dear all,\n\njoin us."
        assert held.note.startswith("Proposed for its powers: public health")
        assert placed.responsibilities.filter(role="lead").exists(), "others stay"

    def test_can_be_sent_by_mail_to_people_who_are_not_here(self, placed, client, person):
        self.ask(client, placed)
        page = client.get(address("who", placed)).content.decode()
        assert "Nobody from it uses this service yet" in page
        mail = urlsplit(re.search(r'href="(mailto:[^"]+)"', page)[1].replace("&amp;", "&"))
        body = parse_qs(mail.query)["body"][0]
        assert "The role that we propose: supporting" in body
        assert f"/commitments/{placed.reference}/" in body
        assert "+" not in unquote(mail.query).split("body=")[1][:20]
        person("reader", COUNCIL)
        assert "Its people find the invitation in My work" in client.get(address("who", placed)).content.decode()

    def test_is_read_by_the_invited_before_publication(self, placed, client, read, person):
        self.ask(client, placed)
        speaker = person("editor", COUNCIL)
        work = read("/my-work/", by=speaker)
        where = reverse(
            "answer_role", kwargs={"reference": placed.reference, "organisation": COUNCIL, "role": "supporting"}
        )
        assert where in work.links("/roles/")
        assert "with an invitation to read" in work.main
        assert "join us." in read(where).main

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            ({}, "Select at least one body, or continue without asking"),
            ({"bodies": ["atlantis"]}, "There is a problem"),
            ({"bodies": [COUNCIL]}, "Select the role of North Yorkshire Council"),
            ({"bodies": [COUNCIL], f"role_{COUNCIL}": "lead"}, "role of North Yorkshire Council"),
            (
                {"bodies": [COUNCIL], f"role_{COUNCIL}": "funder", f"letter_{COUNCIL}": " "},
                "Enter the invitation to North Yorkshire Council",
            ),
            (
                {"bodies": [COUNCIL], f"role_{COUNCIL}": "funder", f"letter_{COUNCIL}": "x" * 3001},
                "characters or",
            ),
            ({"bodies": [COUNCIL], f"role_{COUNCIL}": "funder", f"letter_{COUNCIL}": "a\0b"}, "There is a problem"),
        ],
    )
    def test_every_wrong_answer_says_what_to_do(self, placed, client, data, words):
        page = send(client, "who", placed, data)
        text = page.content.decode()
        assert page.status_code == 200
        assert "There is a problem" in text
        assert words in text
        assert placed.responsibilities.count() == 1

    def test_what_is_written_to_a_body_that_is_not_ticked_is_not_sent(self, placed, client):
        self.ask(client, placed, **{"role_yny-ca": "funder", "letter_yny-ca": "A slip."})
        assert not placed.responsibilities.filter(organisation__code="yny-ca").exists()

    def test_hostile_words_are_shown_as_words(self, placed, client):
        nasty = "<script>alert(1)</script></textarea> {{ 7*7 }}"
        Initiative.objects.filter(pk=placed.pk).update(title=nasty)
        self.ask(client, placed, **{f"letter_{COUNCIL}": nasty})
        page = client.get(address("who", placed)).content.decode()
        assert "<script>alert(1)" not in page
        assert "49" not in re.findall(r"\b49\b", page)

    def test_somebody_who_was_faster_is_not_overwritten(self, placed, client, monkeypatch):
        from tracker.web.views import journey_steps

        def stale(**_):
            raise StaleVersionError(placed)

        monkeypatch.setattr(journey_steps.initiatives, "set_parts", stale)
        page = self.ask(client, placed)
        assert page.status_code == 409
        assert "join us." in page.content.decode()
