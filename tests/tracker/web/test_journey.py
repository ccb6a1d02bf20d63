"""Logging a commitment through the pages: the whole way, every wrong answer, every role, and two people at once."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from policies.models import Area, Footprint, Initiative, Organisation, Responsibility, Status

pytestmark = [pytest.mark.usefixtures("landscape"), pytest.mark.django_db]

STEPS = ["words", "dates", "places", "questions", "capitals", "outcomes", "roles", "who", "measures"]
FORBIDDEN_WORDS = re.compile(r"\b(please|sorry|valid|invalid|forbidden|this field)\b", re.IGNORECASE)


@pytest.fixture
def approver(person, client):
    """An approver of DfT, signed in."""
    user = person("approver", "dft")
    client.force_login(user)
    return user


def address(name, reference, **more):
    return reverse(f"journey_{name}", kwargs={"reference": reference, **more})


@pytest.fixture
def draft(approver, client):
    """A draft as the start page makes it, under Gear Change."""
    answer = client.post(
        reverse("journey_start"),
        {"title": "Quiet streets in 50 towns by 2029", "parent": "gear-change", "lead": _dft().pk},
    )
    assert answer.status_code == 302
    return Initiative.objects.get(title="Quiet streets in 50 towns by 2029")


def _dft():
    return Organisation.objects.get(code="dft")


def send(client, name, draft, data, *, query="", **more):
    """Post a page's answers with the version that the record has now."""
    draft.refresh_from_db()
    return client.post(address(name, draft.reference, **more) + query, {"version": draft.version, **data})


def fill_in(client, draft):
    """Every page, with good answers."""
    answers = [
        ("words", {"title": draft.title, "summary": "Slower streets.", "source_title": "Gear Change, page 9"}),
        ("dates", {"due-day": "31", "due-month": "March", "due-year": "2029", "value_gbp": "£1.5m"}),
        ("places", {"place": "E92000001"}),
        ("capitals", {"primary": "financial_physical", "secondary": ["human"], "rationale": "Kerbs."}),
        ("roles", {"organisation": "local-authorities", "role": "delivery"}),
        ("roles", {"organisation": "NHS bodies", "role": "consulted"}),
        ("measures", {"what": "indicator", "indicator": "fingertips:90362", "target_value": "64", "unit": "Years"}),
    ]
    for name, data in answers:
        answer = send(client, name, draft, data)
        assert answer.status_code == 302, name
    answer = send(client, "outcomes", draft, {"outcomes": ["physical_activity", "air_quality_mortality"]})
    assert answer["Location"].endswith("/outcomes/physical_activity/?then=air_quality_mortality")
    one = {"direction": "improves", "horizon": "short", "stated": "yes", "pathway": "People walk more."}
    answer = send(client, "outcome", draft, one, code="physical_activity", query="?then=air_quality_mortality")
    assert answer["Location"].endswith("/outcomes/air_quality_mortality/")
    answer = send(client, "outcome", draft, one | {"stated": "no"}, code="air_quality_mortality")
    assert answer["Location"] == address("tasks", draft.reference)


def test_start_makes_a_draft_under_the_policy(draft, approver):
    assert (draft.kind, draft.status, draft.created_by) == ("commitment", Status.DRAFT, approver)
    assert draft.parent.short_code == "gear-change"
    assert draft.reference.startswith("DFT-")
    assert [r.role for r in draft.responsibilities.all()] == ["lead"]


def test_the_whole_way_to_a_published_commitment(draft, client, person):
    fill_in(client, draft)
    tasks = client.get(address("tasks", draft.reference)).content.decode()
    assert "7 of 7 parts are completed" in tasks
    answers = client.get(address("check", draft.reference)).content.decode()
    for words in ("31 March 2029", "£1.5m", "England", "Slower streets.", "NHS bodies", "Healthy life expectancy"):
        assert words in answers
    answer = send(client, "check", draft, {})
    assert answer["Location"] == address("submitted", draft.reference)
    client.force_login(person("approver", "dft"))
    answer = send(client, "review", draft, {"decision": "publish"})
    assert answer["Location"] == address("published", draft.reference)
    draft.refresh_from_db()
    assert draft.status == Status.PUBLISHED
    assert draft.value_gbp == 1_500_000
    links = {link.outcome.code: link for link in draft.outcome_links.select_related("outcome")}
    assert links["physical_activity"].stated_in_text is True
    assert links["air_quality_mortality"].basis == "judged"
    assert draft.capital_links.get(weight="primary").rationale == "Kerbs."
    assert draft.measures.get().is_health is True
    client.logout()
    assert draft.title in client.get(reverse("commitment", kwargs={"reference": draft.reference})).content.decode()


def test_changing_answers_keeps_the_rows_that_stay(draft, client):
    fill_in(client, draft)
    before = {link.outcome.code: link.pk for link in draft.outcome_links.select_related("outcome")}
    send(client, "outcomes", draft, {"outcomes": ["physical_activity"]})
    assert {link.outcome.code: link.pk for link in draft.outcome_links.select_related("outcome")} == {
        "physical_activity": before["physical_activity"]
    }
    role = draft.responsibilities.get(role="consulted")
    send(client, "roles", draft, {"remove": role.pk})
    assert not Responsibility.objects.filter(pk=role.pk).exists()
    assert draft.responsibilities.count() == 2


def test_the_lead_cannot_be_taken_away(draft, client):
    lead = draft.responsibilities.get(role="lead")
    send(client, "roles", draft, {"remove": lead.pk})
    assert Responsibility.objects.filter(pk=lead.pk).exists()


def test_a_change_from_the_answers_goes_back_to_them(draft, client):
    answer = send(client, "words", draft, {"title": "Another title"}, query="?from=check")
    assert answer["Location"] == address("check", draft.reference)


def test_a_name_that_fits_several_is_asked_about(draft, client):
    page = send(client, "places", draft, {"place": "Greater"})
    text = page.content.decode()
    assert "Select which one you mean" in text
    pick = re.search(r'name="place_pick" type="radio" value="(\d+)"', text)[1]
    answer = send(client, "places", draft, {"place": "Greater", "place_pick": pick})
    assert answer.status_code == 302
    assert str(draft.footprints.get().area_id) == pick


def test_a_name_that_fits_nothing_says_what_to_do(draft, client):
    page = send(client, "roles", draft, {"organisation": "Qzxv", "role": "delivery"})
    text = page.content.decode()
    assert "Nothing on record is called “Qzxv”. Check the spelling, or enter a part of its name" in text
    assert 'value="Qzxv"' in text


def test_the_same_row_twice_is_refused_with_words(draft, client):
    send(client, "places", draft, {"place": "E92000001"})
    page = send(client, "places", draft, {"place": "E92000001"})
    assert page.status_code == 200
    assert "Two of the rows are about the same thing" in page.content.decode()
    assert draft.footprints.count() == 1


BAD = {
    "start": [
        {},
        {"title": " ", "lead": "999999"},
        {"title": "x" * 251, "lead": "abc"},
        {"title": "T", "parent": "Qzxv"},
        {"title": "T", "parent": "gear\0change"},
    ],
    "words": [
        {},
        {"title": ""},
        {"title": "x" * 251},
        {"title": "T", "source_url": "not an address"},
        {"title": "T", "source_url": "ftp://example.org/paper"},
        {"title": "T", "source_url": "javascript:alert(1)"},
        {"title": "T\0"},
    ],
    "dates": [
        {"due-day": "31", "due-month": "2", "due-year": "2029"},
        {"due-day": "1"},
        {"due-year": "29"},
        {"due-day": "x", "due-month": "y", "due-year": "z"},
        {"value_gbp": "a lot"},
        {"value_gbp": "-5"},
        {"value_gbp": "9" * 30},
    ],
    "places": [{}, {"place": "Qzxv"}, {"place": "x" * 161}, {"place": "Leeds\0"}],
    "capitals": [{}, {"primary": "money"}, {"primary": "human", "secondary": ["human"]}],
    "questions": [
        {},
        {"builds": ["homes"]},
        dict.fromkeys(("builds", "people", "together", "nature", "first"), "not-sure"),
        dict.fromkeys(("builds", "people", "together", "nature", "first", "worse"), "moonbase"),
        dict.fromkeys(("builds", "people", "together", "nature", "first"), "not-sure") | {"worse": ["no", "left-out"]},
    ],
    "outcomes": [{"outcomes": ["happiness"]}],
    "roles": [
        {},
        {"organisation": "dft"},
        {"organisation": "dft", "role": "lead"},
        {"organisation": "dft\0", "role": "delivery"},
        {"role": "delivery"},
    ],
    "measures": [
        {},
        {"what": "indicator"},
        {"what": "indicator", "indicator": "\0"},
        {"what": "words"},
        {"what": "words", "words": "Deaths", "is_health": "maybe"},
        {"what": "words", "words": "Deaths", "is_health": "yes", "target_value": "many"},
        {"what": "words", "words": "Deaths", "is_health": "yes", "target_date-day": "40"},
    ],
    "outcome": [{}, {"direction": "up"}, {"direction": "improves", "horizon": "never", "stated": "x"}],
}


@pytest.mark.parametrize(("name", "data"), [(name, data) for name, all_data in BAD.items() for data in all_data])
def test_every_wrong_answer_says_what_to_do_and_keeps_what_was_typed(draft, client, name, data):
    version = Initiative.objects.get(pk=draft.pk).version
    if name == "start":
        page = client.post(reverse("journey_start"), data)
    else:
        more = {"code": "obesity"} if name == "outcome" else {}
        page = send(client, name, draft, data, **more)
    assert page.status_code == 200
    text = page.content.decode()
    assert "There is a problem" in text
    assert "<title>\n    Error: " in text or "<title>Error: " in text.replace("\n", "").replace("  ", "")
    ids = set(re.findall(r'\bid="([^"]+)"', text))
    summary = text[text.index("There is a problem") : text.index("</h1>")]
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert targets
    assert set(targets) <= ids, "every line of the summary leads to a field"
    for message in re.findall(r"<a href=\"#[^\"]+\">([^<]+)</a>", summary):
        assert not FORBIDDEN_WORDS.search(message), message
        assert text.count(message) >= 2, "the field says the same words as the summary"
    for value in data.values():
        for typed in value if isinstance(value, list) else [value]:
            if (
                typed.strip()
                and typed.isprintable()
                and typed.isascii()
                and name not in ("questions", "capitals", "outcomes")
                and len(typed) < 100
            ):
                known = f'value="{typed}"' in text or typed in ("999999", "abc", "maybe", "x", "up", "never", "lead")
                assert known, typed
    assert Initiative.objects.get(pk=draft.pk).version == version, "nothing is saved"


def test_a_stale_save_shows_both_and_loses_nothing(draft, client):
    old = draft.version
    send(client, "words", draft, {"title": "Their title"})
    page = client.post(address("words", draft.reference), {"version": old, "title": "My title", "summary": "Mine"})
    text = page.content.decode()
    assert page.status_code == 409
    for words in ("My title", "Their title", "Mine", "Save what I typed", "Keep what is saved now"):
        assert words in text
    draft.refresh_from_db()
    assert draft.title == "Their title"
    version = re.search(r'name="version" value="(\d+)"', text)[1]
    client.post(address("words", draft.reference), {"version": version, "title": "My title", "summary": "Mine"})
    draft.refresh_from_db()
    assert (draft.title, draft.summary) == ("My title", "Mine")


def test_taking_a_row_away_that_somebody_else_saw_differently(draft, client):
    send(client, "places", draft, {"place": "E92000001"})
    row, old = draft.footprints.get(), draft.version
    send(client, "words", draft, {"title": "Their title"})
    page = client.post(address("places", draft.reference), {"version": old, "remove": row.pk}, follow=True)
    text = page.content.decode()
    assert "Somebody else changed this record, so nothing was removed" in text
    assert "England" in text
    assert draft.footprints.count() == 1


def test_the_answers_show_all_that_was_answered(draft, client):
    target = {"target_value": "0", "unit": "people", "target_date-year": "2029"}
    target |= {"target_date-day": "31", "target_date-month": "3"}
    send(client, "measures", draft, {"what": "words", "words": "Rough sleepers", "is_health": "no", **target})
    send(client, "roles", draft, {"organisation": "NHS bodies", "role": "supporting", "note": "Lends 2 nurses"})
    stated = {"direction": "improves", "horizon": "short", "stated": "yes"}
    send(client, "outcome", draft, stated, code="obesity")
    send(client, "outcome", draft, stated | {"stated": "no"}, code="food_security")
    text = client.get(address("check", draft.reference)).content.decode()
    for words in (
        "Rough sleepers, target 0 people by 31 March 2029",
        "NHS bodies. Lends 2 nurses",
        "Improves, short term. Stated in its own text",
        "Improves, short term. Not stated in its own text",
    ):
        assert words in text
    assert "target 0 people by 31 March 2029" in client.get(address("measures", draft.reference)).content.decode()
    assert "Lends 2 nurses" in client.get(address("roles", draft.reference)).content.decode()


def test_a_name_that_fits_many_says_that_there_are_more(draft, client):
    text = send(client, "roles", draft, {"organisation": "NHS Trust", "role": "delivery"}).content.decode()
    assert "If yours is not among them, enter more of its name above" in text
    text = send(client, "places", draft, {"place": "Greater M"}).content.decode()
    assert "If yours is not among them" not in text


def test_bodies_that_ended_come_after_those_that_exist(draft, client):
    text = send(client, "roles", draft, {"organisation": "NHS Trust", "role": "delivery"}).content.decode()
    offered = re.findall(r'for="id_organisation_pick[^"]*">\s*([^<]+?)\s*</label>', text)
    assert len(offered) == 8
    assert not [words for words in offered if "ended" in words]


def test_the_policy_of_the_address_is_named(approver, client):
    policy = Initiative.objects.get(short_code="gear-change")
    page = f"{reverse('journey_start')}?parent={policy.reference.lower()}"
    text = client.get(page).content.decode()
    named = re.search(r'name="parent" type="text" value="([^"]*)"', text)[1]
    assert named == f"{policy.reference} {policy.title}"
    client.post(page, {"title": "T", "parent": named, "lead": _dft().pk})
    assert Initiative.objects.get(title="T").parent == policy


@pytest.mark.parametrize("named", ["DFT-9999", "%00", "nothing"])
def test_an_address_that_names_no_policy_chooses_none(approver, client, named):
    text = client.get(f"{reverse('journey_start')}?parent={named}").content.decode()
    field = re.search(r'<input[^>]*name="parent"[^>]*>', text)[0]
    assert not re.search(r'\bvalue="[^"]', field)


@pytest.mark.parametrize("reference", ["DFT-9999", "%00", "DFT-0001%00", "..%2f..", "x" * 300])
def test_there_is_nothing_under_a_wrong_reference(approver, client, reference):
    assert client.get(f"/log/{reference}/").status_code == 404
    assert client.get(f"/log/{reference}/words/").status_code == 404


def test_discard_deletes_the_draft(draft, client):
    assert send(client, "discard", draft, {}).status_code == 302
    assert not Initiative.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize(
    ("role", "organisation", "on_draft", "on_published", "on_start"),
    [
        (None, None, 404, 403, 403),
        ("reader", "dft", 403, 403, 403),
        ("editor", "dft", 200, 200, 200),
        ("approver", "dft", 200, 200, 200),
        ("editor", "dhsc", 404, 403, 200),
        ("approver", "dhsc", 404, 403, 200),
        ("administrator", None, 200, 200, 200),
    ],
)
def test_who_may_be_where(draft, client, person, role, organisation, on_draft, on_published, on_start):
    user = person(administrator=True) if role == "administrator" else person(role, organisation)
    client.force_login(user)
    pages = [address(name, draft.reference) for name in ["tasks", "check", *STEPS]]
    pages.append(address("outcome", draft.reference, code="obesity"))
    assert {client.get(page).status_code for page in pages} == {on_draft}
    Initiative.objects.filter(pk=draft.pk).update(
        status=Status.PUBLISHED, published_at=timezone.now(), published_by=user
    )
    assert {client.get(page, follow=True).status_code for page in pages} == {on_published}
    assert client.get(reverse("journey_start")).status_code == on_start


def test_signing_in_leads_back_to_the_page(draft, client):
    client.logout()
    for name in ["tasks", "check", *STEPS]:
        answer = client.get(address(name, draft.reference))
        assert answer.status_code == 302
        assert answer["Location"] == f"{reverse('account_login')}?next={address(name, draft.reference)}"


def test_a_policy_can_be_revised_by_the_same_pages(approver, client):
    policy = Initiative.objects.get(short_code="gear-change")
    answer = send(client, "revise", policy, {})
    copy = Initiative.objects.get(revises=policy)
    assert answer["Location"] == address("tasks", copy.reference)
    answer = send(client, "dates", copy, {"start-year": "2020", "end-year": "2019"})
    assert "The end date must be the same as or after the start date" in answer.content.decode()
    answer = send(client, "words", copy, {"title": policy.title, "form": "strategy", "summary": "Anew."})
    assert answer.status_code == 302
    copy.refresh_from_db()
    assert copy.summary == "Anew."


def test_hostile_words_are_shown_as_words(draft, client):
    nasty = "<script>alert(1)</script> {{ 7*7 }} ' OR 1=1"
    send(client, "words", draft, {"title": nasty, "summary": nasty})
    for name in ("tasks", "check", "words"):
        text = client.get(address(name, draft.reference)).content.decode()
        assert "<script>alert(1)" not in text
        assert "&lt;script&gt;alert(1)" in text
        assert "{{ 7*7 }}" in text


def test_a_place_that_was_replaced_can_still_be_named(draft, client):
    ended = Area.objects.filter(active_to__isnull=False, kind="non_metropolitan_district").first()
    send(client, "places", draft, {"place": ended.gss_code})
    assert Footprint.objects.filter(initiative=draft, area=ended).exists()


class TestSimilar:
    def rename(self, draft, title):
        Initiative.objects.filter(pk=draft.pk).update(title=title)

    def test_a_promise_that_was_made_before_is_shown_with_its_owner(self, draft, client):
        self.rename(draft, "55,000 more full-time nurses for the NHS in England")
        text = client.get(address("tasks", draft.reference)).content.decode()
        assert "Has somebody promised this already?" in text
        assert "50,000 more full-time equivalent NHS nurses in England" in text
        assert "led by Department of Health and Social Care" in text

    def test_quiet_for_a_new_one(self, draft, client):
        self.rename(draft, "Quiet streets in fifty towns")
        assert "promised this already" not in client.get(address("tasks", draft.reference)).content.decode()

    def test_quiet_once_published(self, draft, client):
        self.rename(draft, "55,000 more full-time nurses for the NHS in England")
        send(client, "check", draft, {})
        assert "promised this already" not in client.get(address("tasks", draft.reference)).content.decode()

    def test_a_draft_of_another_organisation_stays_unknown(self, draft, client, person):
        theirs = Initiative.objects.get(title__contains="NHS nurses in England")
        Initiative.objects.filter(pk=theirs.pk).update(status="draft")
        self.rename(draft, "55,000 more full-time nurses for the NHS in England")
        assert theirs.title not in client.get(address("tasks", draft.reference)).content.decode()


@pytest.mark.parametrize("name", ["start", "check"])
def test_rights_that_are_lost_between_the_page_and_its_sending_are_said(draft, client, monkeypatch, name):
    """Somebody ends a membership while the form is open: the page for it, and nothing saved."""
    from policies.actions import signoff
    from policies.actions.action import NotAllowedError
    from tracker.web.views import journey_start

    def refuse(**_):
        raise NotAllowedError

    if name == "start":
        monkeypatch.setattr(journey_start.initiatives, "create", refuse)
    else:
        monkeypatch.setattr(signoff, "submit", refuse)
    if name == "start":
        answer = client.post(reverse("journey_start"), {"title": "Too late", "lead": _dft().pk})
    else:
        answer = send(client, "check", draft, {})
    assert answer.status_code == 403
    assert "Only people who write for the lead organisation" in answer.content.decode()
