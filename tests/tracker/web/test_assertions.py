"""Contested links on the pages: said in one's own name, read by everybody, changed by nobody else."""

import pytest
from django.urls import reverse

from policies.models import Initiative, Organisation, OutcomeLink
from tests.policies import factories

pytestmark = [pytest.mark.usefixtures("landscape"), pytest.mark.django_db]

SAID = {"direction": "worsens", "horizon": "short", "gap": "unknown", "evidence": "Our own count."}


@pytest.fixture
def policy():
    """Gear Change of DfT, which DHSC supports."""
    policy = Initiative.objects.get(short_code="gear-change")
    dhsc = Organisation.objects.get(code="dhsc")
    policy.responsibilities.filter(organisation=dhsc).delete()
    factories.responsibility(initiative=policy, organisation=dhsc, role="supporting")
    return policy


def listing(policy):
    return f"/policies/{policy.reference}/links/"


def one(policy, organisation="dhsc", outcome="physical_activity"):
    return f"{listing(policy)}{organisation}/{outcome}/"


def test_both_stand_side_by_side_marked_as_contested(client, read, person, policy):
    client.force_login(person("editor", "dhsc"))
    assert client.post(one(policy), SAID)["Location"] == f"/policies/{policy.reference}/#outcomes"
    client.logout()
    page = read(f"/policies/{policy.reference}/")
    outcomes = page.main.split("Health outcomes it moves")[1].split("Who has a role")[0]
    assert outcomes.count("Contested") == 2
    assert "according to the record itself" in outcomes
    assert "according to Department of Health and Social Care" in outcomes
    assert "Our own count." in outcomes


def test_agreement_is_not_called_contested(client, read, person, policy):
    client.force_login(person("editor", "dhsc"))
    own = policy.outcome_links.get(outcome__code="physical_activity")
    client.post(one(policy), SAID | {"direction": own.direction})
    page = read(f"/policies/{policy.reference}/")
    assert "Contested" not in page.main
    assert "according to Department of Health and Social Care" in page.main


def test_from_the_record_to_the_outcome(client, read, person, policy):
    page = read(f"/policies/{policy.reference}/", by=person("editor", "dhsc"))
    assert listing(policy) in page.links()
    answer = client.post(listing(policy), {"organisation": "dhsc", "outcome": "cancer_outcomes"})
    assert answer["Location"] == one(policy, outcome="cancer_outcomes")
    assert "Nobody has said anything about this outcome yet" in read(answer["Location"]).main


def test_it_comes_back_as_it_was_said_and_can_be_taken_back(client, read, person, policy):
    client.force_login(person("editor", "dhsc"))
    client.post(one(policy), SAID)
    assert one(policy) in read(listing(policy)).links()
    page = read(one(policy))
    assert "Our own count.</textarea>" in page.html
    assert "The record itself" in page.main
    client.post(one(policy), {"remove": "yes"})
    assert not OutcomeLink.objects.filter(initiative=policy, asserted_by__code="dhsc").exists()
    assert client.post(one(policy), {"remove": "yes"}).status_code == 302, "twice does no harm"
    history = read(f"/policies/{policy.reference}/").main.split("History of this record")[1]
    assert "Outcome removed" in history
    assert "Department of Health and Social Care" in history


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Select which way it should go"),
        (SAID | {"direction": "up"}, "There is a problem"),
        (SAID | {"evidence": " "}, "Enter how it works, or what the evidence is"),
        (SAID | {"evidence": "x" * 1001}, "characters or"),
        (SAID | {"source_url": "javascript:alert(1)"}, "There is a problem"),
        (SAID | {"source_url": "ftp://example.org/a"}, "There is a problem"),
        (SAID | {"pathway": "a\0b"}, "There is a problem"),
    ],
)
def test_every_wrong_answer_says_what_to_do(client, person, policy, data, words):
    client.force_login(person("editor", "dhsc"))
    page = client.post(one(policy), data)
    assert page.status_code == 200
    text = page.content.decode()
    assert "There is a problem" in text
    assert words in text
    assert not OutcomeLink.objects.filter(initiative=policy, asserted_by__code="dhsc").exists()


@pytest.mark.parametrize("data", [{}, {"organisation": "dhsc"}, {"outcome": "obesity", "organisation": "dft"}])
def test_a_choice_is_needed(client, person, policy, data):
    client.force_login(person("editor", "dhsc"))
    assert "There is a problem" in client.post(listing(policy), data).content.decode()


def test_who_speaks_for_two_says_for_which(client, person, policy):
    both = person("editor", "dhsc")
    nhs = Organisation.objects.get(code="nhs-england")
    factories.membership(user=both, organisation=nhs, role="editor")
    factories.responsibility(initiative=policy, organisation=nhs, role="consulted")
    client.force_login(both)
    text = client.post(listing(policy), {"outcome": "obesity"}).content.decode()
    assert "Select for which organisation you speak" in text


@pytest.mark.parametrize(
    ("role", "organisation", "status"),
    [
        (None, None, 403), ("reader", "dhsc", 403), ("editor", "dhsc", 200), ("approver", "dhsc", 200),
        ("editor", "dft", 403), ("approver", "dft", 403), ("approver", "hmt", 403), ("administrator", None, 200),
    ],
)  # fmt: skip
def test_who_may(client, person, policy, role, organisation, status):
    user = person(administrator=True) if role == "administrator" else person(role, organisation)
    client.force_login(user)
    for where in (listing(policy), one(policy)):
        assert client.get(where).status_code == status
        assert client.post(where, {}).status_code == status
    if status == 403:
        assert client.post(one(policy), SAID).status_code == 403
        assert not OutcomeLink.objects.filter(initiative=policy, asserted_by__code="dhsc").exists()


def test_nobody_speaks_for_another_organisation(client, person, policy):
    client.force_login(person("editor", "dhsc"))
    for organisation in ("dft", "nhs-england", "nobody"):
        assert client.post(one(policy, organisation), SAID).status_code == 403


def test_asks_for_sign_in(client, policy):
    for where in (listing(policy), one(policy)):
        assert client.get(where)["Location"] == f"/account/login/?next={where}"


@pytest.mark.parametrize(
    "where", ["/policies/NONE-0001/links/", "/commitments/DFT-0005/links/", "/policies/%00/links/", "ONE"]
)
def test_what_is_not_there_is_not_found(client, person, policy, where):
    client.force_login(person("editor", "dhsc"))
    assert client.get(one(policy, outcome="happiness") if where == "ONE" else where).status_code == 404


def test_a_draft_of_others_does_not_exist_and_an_ended_record_is_not_spoken_about(client, person, policy):
    client.force_login(person("editor", "dhsc"))
    draft = factories.policy()
    assert client.get(reverse("policy_links", kwargs={"reference": draft.reference})).status_code == 404
    closed = factories.policy(status="closed")
    factories.responsibility(initiative=closed, organisation=Organisation.objects.get(code="dhsc"), role="supporting")
    assert client.get(listing(closed)).status_code == 403
