"""Sign-off through the pages: sending, deciding, taking back, revising, ending and reopening."""

import re

import pytest
from django.urls import reverse

from policies.models import Initiative, Organisation, SignOff, Status
from tests.policies import factories
from tests.tracker.web.conftest import Page

pytestmark = [pytest.mark.usefixtures("landscape"), pytest.mark.django_db]

FORBIDDEN_WORDS = re.compile(r"\b(please|sorry|valid|invalid|forbidden|this field)\b", re.IGNORECASE)


def address(name, initiative, **more):
    return reverse(f"journey_{name}", kwargs={"reference": initiative.reference, **more})


@pytest.fixture
def editor(person):
    return person("editor", "dft")


@pytest.fixture
def approver(person):
    return person("approver", "dft")


@pytest.fixture
def draft(editor):
    made = factories.commitment(reference="DFT-0900", title="Quiet streets in 50 towns", created_by=editor)
    factories.responsibility(initiative=made, organisation=Organisation.objects.get(code="dft"), role="lead")
    return made


@pytest.fixture
def gear_change():
    return Initiative.objects.get(short_code="gear-change")


@pytest.fixture
def post(client):
    """A function that signs somebody in and posts a page with the version that the record has now."""

    def send(by, name, initiative, data=(), **more):
        client.force_login(by)
        version = Initiative.objects.get(pk=initiative.pk).version
        return client.post(address(name, initiative), {"version": version, **dict(data), **more})

    return send


@pytest.fixture
def sent(draft, editor, post):
    assert post(editor, "check", draft, words="Agreed with HMT.")["Location"] == address("submitted", draft)
    return draft


def fresh(initiative):
    return Initiative.objects.get(pk=initiative.pk)


class TestSending:
    def test_the_page_says_who_can_approve(self, read, draft, editor, approver, person):
        person("approver", "dhsc")
        main = read(address("check", draft), by=editor).main
        assert f"These people can approve it: {approver.name}." in main

    def test_a_lead_without_another_approver_is_told_what_to_do(self, read, draft, approver):
        main = read(address("check", draft), by=approver).main
        assert "Nobody else can approve for Department for Transport yet. An administrator can add an approver." in main

    def test_what_was_sent_is_told_to_the_approver(self, read, sent, editor, approver):
        page = read(address("review", sent), by=approver)
        assert f"{editor.name} sent this for review on" in page.main
        assert "Agreed with HMT." in page.main
        assert "Publish it" in page.main
        assert "Ask for changes" in page.main

    def test_the_sender_waits_and_can_take_it_back(self, read, sent, editor, approver, post):
        page = read(address("review", sent), by=editor)
        assert f"{approver.name}. You sent it, so somebody else decides." in page.main
        assert "What do you decide?" not in page.main
        assert address("take_back", sent) in page.links("/log/")
        assert post(editor, "take_back", sent)["Location"] == address("tasks", sent)
        assert fresh(sent).status == Status.DRAFT

    def test_its_pages_lead_to_the_review_meanwhile(self, client, sent, editor):
        client.force_login(editor)
        for name in ("tasks", "check", "words", "dates", "roles"):
            answer = client.get(address(name, sent), follow=True)
            assert answer.redirect_chain[-1][0] == address("review", sent), name

    def test_words_typed_meanwhile_are_refused_and_kept_on_the_page(self, sent, editor, post):
        text = post(editor, "words", sent, title="Other words", summary="Typed in vain").content.decode()
        assert "is in review. Take it back to change it." in text
        assert "Typed in vain" in text
        assert fresh(sent).title == "Quiet streets in 50 towns"

    def test_a_stale_page_asks_to_look_again(self, client, draft, editor):
        client.force_login(editor)
        answer = client.post(address("check", draft), {"version": 99, "words": "Kept words"})
        text = answer.content.decode()
        assert "Somebody else changed this record. Check the answers again." in text
        assert "Kept words" in text
        assert fresh(draft).status == Status.DRAFT

    def test_twice_sends_once(self, sent, editor, post):
        answer = post(editor, "check", sent)
        assert answer["Location"] == address("tasks", sent)
        assert SignOff.objects.filter(initiative=sent, step="submitted").count() == 1


class TestDeciding:
    def test_publishing_makes_it_public(self, client, sent, approver, post):
        answer = post(approver, "review", sent, decision="publish")
        assert answer["Location"] == address("published", sent)
        assert client.get(answer["Location"]).status_code == 200
        client.logout()
        assert client.get(f"/commitments/{sent.reference}/").status_code == 200

    def test_asking_for_changes_tells_the_writer(self, read, sent, editor, approver, post):
        answer = post(approver, "review", sent, decision="changes", words="Name the towns.")
        assert answer["Location"] == "/my-work/"
        main = read(address("tasks", sent), by=editor).main
        assert f"{approver.name} asked for changes on" in main
        assert "Name the towns." in main
        assert "Changes requested" in read("/my-work/", by=editor).main

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            ({}, "Select whether you publish it or ask for changes"),
            ({"decision": "burn"}, "Select"),
            ({"decision": "changes"}, "Enter what must change"),
            ({"decision": "changes", "words": "   "}, "Enter what must change"),
            ({"decision": "changes", "words": "x" * 2001}, "What must change must be 2000 characters or fewer"),
        ],
    )
    def test_a_wrong_answer_says_what_to_do(self, sent, approver, post, data, message):
        text = post(approver, "review", sent, data).content.decode()
        assert "There is a problem" in text
        assert message in text
        assert not FORBIDDEN_WORDS.search(Page(post(approver, "review", sent, data)).main)
        assert fresh(sent).status == Status.IN_REVIEW

    @pytest.mark.parametrize("who", ["sender", "editor", "reader", "stranger"])
    def test_only_another_approver_decides(self, sent, editor, person, post, who):
        people = {
            "sender": lambda: editor,
            "editor": lambda: person("editor", "dft"),
            "reader": lambda: person("reader", "dft"),
            "stranger": lambda: person("approver", "dhsc"),
        }
        answer = post(people[who](), "review", sent, decision="publish")
        assert answer.status_code == (404 if who == "stranger" else 403)
        assert fresh(sent).status == Status.IN_REVIEW

    def test_a_decision_on_what_has_moved_on_does_nothing(self, client, sent, editor, approver, post):
        post(editor, "take_back", sent)
        answer = post(approver, "review", sent, decision="publish")
        assert answer["Location"] == address("tasks", sent)
        assert "This record has moved on" in client.get(answer["Location"]).content.decode()
        assert fresh(sent).status == Status.DRAFT


class TestRevision:
    @pytest.fixture
    def copy(self, gear_change, editor, post):
        answer = post(editor, "revise", gear_change)
        copy = Initiative.objects.get(revises=gear_change)
        assert answer["Location"] == address("tasks", copy)
        return copy

    def test_a_published_record_says_how_it_is_changed(self, client, gear_change, editor):
        client.force_login(editor)
        answer = client.get(address("tasks", gear_change), follow=True)
        assert answer.redirect_chain[-1][0] == address("revise", gear_change)
        assert "Start a revision" in answer.content.decode()

    def test_changes_wait_for_an_approver(self, client, read, gear_change, copy, editor, approver, post):
        post(editor, "words", copy, title="Gear Change, revised", form="strategy", summary="Anew.")
        post(editor, "places", copy, place="E47000001")
        page = read(address("check", copy), by=editor)
        assert "What the revision changes" in page.main
        assert "Gear Change, revised" in page.main
        client.logout()
        assert "Gear Change, revised" not in read(f"/policies/{gear_change.reference}/").main
        post(editor, "check", copy)
        review = read(address("review", copy), by=approver).main
        for words in ("What it says: Title", "Gear Change, revised", "Places: Places", "Greater Manchester"):
            assert words in review
        answer = post(approver, "review", copy, decision="publish")
        assert answer["Location"] == address("published", gear_change)
        client.logout()
        assert "Gear Change, revised" in read(f"/policies/{gear_change.reference}/").main

    def test_an_unchanged_one_says_so(self, read, copy, editor):
        assert "The revision changes nothing yet" in read(address("check", copy), by=editor).main

    def test_it_is_found_from_the_record_and_from_my_work(self, read, gear_change, copy, editor):
        assert address("tasks", copy) in read(address("revise", gear_change), by=editor).links("/log/")
        assert address("tasks", copy) in read("/my-work/", by=editor).links("/log/")

    def test_it_is_in_no_list_search_or_api(self, client, copy, editor, person):
        for reader in (editor, person("approver", "dft"), person(administrator=True)):
            client.force_login(reader)
            for page in ("/policies/?q=gear+change", "/search/?q=gear+change", "/api/v1/policies?q=gear+change"):
                answer = client.get(page)
                assert (answer.status_code, copy.reference in answer.content.decode()) == (200, False), page
            assert client.get(f"/policies/{copy.reference}/").status_code == 404
            assert client.get(f"/api/v1/policies/{copy.reference}").status_code == 404

    def test_discarding_it_leads_back_to_the_record(self, gear_change, copy, editor, post):
        answer = post(editor, "discard", copy)
        assert answer["Location"] == f"/policies/{gear_change.reference}/"
        assert not Initiative.objects.filter(pk=copy.pk).exists()
        assert fresh(gear_change).status == Status.PUBLISHED

    def test_its_steps_are_not_told_to_the_public(self, read, gear_change, copy, editor, approver, post):
        post(editor, "check", copy, words="Between us.")
        for reader, known in ((None, False), (approver, True)):
            main = read(f"/policies/{gear_change.reference}/", by=reader).main if reader else None
            if main is None:
                main = Page(_anonymous(gear_change)).main
            assert ("Revision started" in main) is known
            assert ("Between us." in main) is known


def _anonymous(record):
    from django.test import Client

    return Client().get(f"/policies/{record.reference}/")


class TestEnding:
    def test_closing_asks_for_an_outcome_and_a_reason(self, client, gear_change, approver, post):
        text = post(approver, "end", gear_change).content.decode()
        for message in ("Select what came of it", "Enter the reason"):
            assert text.count(message) >= 2
        answer = post(approver, "end", gear_change, outcome="partly_met", reason="30 of 50 towns.")
        assert answer["Location"] == f"/policies/{gear_change.reference}/"
        main = Page(client.get(answer["Location"])).main
        assert "Met in part. 30 of 50 towns." in main
        assert fresh(gear_change).status == Status.CLOSED

    def test_dropping_makes_it_withdrawn(self, gear_change, approver, post):
        post(approver, "end", gear_change, outcome="dropped", reason="No money.")
        assert fresh(gear_change).status == Status.WITHDRAWN

    def test_reopening_asks_why(self, client, gear_change, approver, post):
        post(approver, "end", gear_change, outcome="met", reason="Done.")
        assert address("reopen", gear_change) in Page(client.get(address("revise", gear_change))).links("/log/")
        assert "Enter the reason" in post(approver, "reopen", gear_change).content.decode()
        answer = post(approver, "reopen", gear_change, reason="Not done after all.")
        assert fresh(gear_change).status == Status.PUBLISHED
        assert "Not done after all." in Page(client.get(answer["Location"])).main, "its history says why"

    def test_a_draft_is_discarded_and_not_ended(self, draft, editor, approver, client):
        client.force_login(approver)
        for name in ("end", "reopen"):
            assert client.get(address(name, draft)).status_code == 403
        client.force_login(editor)
        assert client.get(address("discard", draft)).status_code == 200

    def test_a_published_record_is_not_discarded(self, gear_change, approver, client):
        client.force_login(approver)
        assert client.get(address("discard", gear_change)).status_code == 403


SIGN_OFF = ["check", "submitted", "review", "take_back", "revise", "published", "discard", "end", "reopen"]


@pytest.mark.parametrize(
    ("role", "organisation", "draft_pages", "public_pages"),
    [
        (None, None, {404}, {403}),
        ("reader", "dft", {403}, {403}),
        ("editor", "dft", {200, 302, 403, 404}, {200, 302, 403}),
        ("approver", "dft", {200, 302, 403, 404}, {200, 302, 403}),
        ("editor", "dhsc", {404}, {403}),
        ("approver", "dhsc", {404}, {403}),
        ("administrator", None, {200, 302, 403, 404}, {200, 302, 403}),
    ],
)
def test_who_may_be_where(draft, gear_change, client, person, role, organisation, draft_pages, public_pages):
    client.force_login(person(administrator=True) if role == "administrator" else person(role, organisation))
    assert {client.get(address(name, draft)).status_code for name in SIGN_OFF} == draft_pages
    assert {client.get(address(name, gear_change)).status_code for name in SIGN_OFF} == public_pages


@pytest.mark.parametrize("name", SIGN_OFF)
def test_signed_out_people_sign_in_first(client, draft, name):
    assert client.get(address(name, draft))["Location"] == f"/account/login/?next={address(name, draft)}"


def test_hostile_words_are_shown_as_words(read, client, sent, editor, approver, post):
    nasty = "<script>alert(1)</script> {{ 7*7 }}"
    post(approver, "review", sent, decision="changes", words=nasty)
    html = read(address("tasks", sent), by=editor).html
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html
