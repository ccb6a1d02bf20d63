"""Opening rounds: who may, what is asked, and what stays as it was."""

import datetime

import pytest
from django.utils import timezone

from policies import permissions
from policies.actions import rounds, signoff
from policies.actions.action import NotAllowedError, RuleError
from policies.models import Responsibility, RoundRequest
from tests.policies import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_register")]

FROM, TO = datetime.date(2026, 10, 1), datetime.date(2026, 10, 31)


@pytest.fixture
def administrator(db):
    return factories.user(is_administrator=True)


@pytest.fixture
def lead(db):
    return factories.organisation()


def led(lead, make=factories.policy, **values):
    """A live record with its lead."""
    made = make(**({"status": "published"} | values))
    factories.responsibility(initiative=made, organisation=lead)
    return made


def open_round(by, **values):
    sound = {"name": "October", "about_from": FROM, "about_to": TO, "days": 10}
    return rounds.open_round(by=by, **sound | values)


def on(monkeypatch, text):
    """Let it be another day."""
    today = datetime.date.fromisoformat(text)
    monkeypatch.setattr(timezone, "localdate", lambda *args: today)
    return today


def asked(opened):
    return set(opened.requests.values_list("initiative", "organisation"))


def test_every_lead_is_asked_about_live_policies_and_commitments(administrator, lead):
    policy, commitment = led(lead), led(factories.organisation(), factories.commitment)
    led(lead, status="draft")
    led(lead, status="closed")
    led(lead, factories.partnership)
    factories.policy(status="published")  # without a lead there is nobody to ask
    factories.responsibility(initiative=policy, organisation=factories.organisation(), role="supporting")
    opened = open_round(administrator)
    leads = {
        one.pk: Responsibility.objects.get(initiative=one, role="lead").organisation_id for one in (policy, commitment)
    }
    assert asked(opened) == set(leads.items())


def test_one_organisation_or_one_collection(administrator, lead):
    mine, other = led(lead), led(factories.organisation())
    below = led(factories.organisation(), factories.commitment, parent=other)
    item = factories.collection_item(initiative=other)
    assert {pk for pk, _ in asked(open_round(administrator, organisation=lead))} == {mine.pk}
    inside = open_round(administrator, name="Others", collection=item.collection)
    assert {pk for pk, _ in asked(inside)} == {other.pk, below.pk}
    with pytest.raises(RuleError, match="Nothing would be asked for"):
        open_round(administrator, name="Both", collection=item.collection, organisation=lead)


@pytest.mark.parametrize(
    ("today", "days", "deadline"),
    [
        ("2026-11-24", 10, "2026-12-08"),
        ("2026-12-18", 5, "2026-12-29"),  # over Christmas and the substitute for Boxing Day
        ("2026-03-26", 10, "2026-04-13"),  # over Easter
        ("2026-12-24", 1, "2026-12-29"),
    ],
)
def test_the_deadline_counts_working_days_only(administrator, lead, monkeypatch, today, days, deadline):
    led(lead)
    on(monkeypatch, today)
    assert open_round(administrator, days=days).deadline == datetime.date.fromisoformat(deadline)


def test_what_was_asked_stays(administrator, lead):
    policy = led(lead)
    opened = open_round(administrator)
    before = asked(opened)
    led(lead)
    signoff.end(by=administrator, initiative=policy, version=1, status="closed", outcome="met", reason="Done.")
    Responsibility.objects.filter(initiative=policy).update(organisation=factories.organisation())
    assert asked(opened) == before == {(policy.pk, lead.pk)}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"about_to": datetime.date(2026, 9, 30)}, "must be the same as or after"),
        ({"name": " October "}, "a round with this name"),
    ],
)
def test_what_is_refused(administrator, lead, values, words):
    led(lead)
    open_round(administrator)
    with pytest.raises(RuleError, match=words):
        open_round(administrator, **({"name": "November"} | values))


def test_two_organisations_may_use_one_name(administrator, lead):
    other = factories.organisation()
    led(lead), led(other)
    assert open_round(administrator, organisation=lead).pk != open_round(administrator, organisation=other).pk


# Who may open a round for everybody, for their own organisation, for another.
MAY = {
    "administrator": (True, True, True),
    "approver": (False, True, False),
    "editor": (False, False, False),
    "reader": (False, False, False),
    "nobody": (False, False, False),
    "inactive approver": (False, False, False),
    "inactive administrator": (False, False, False),
}


@pytest.mark.parametrize("role", MAY)
def test_who_may_open_a_round_and_call_it_off(role, lead, administrator):
    active = not role.startswith("inactive")
    name = role.removeprefix("inactive ")
    if name in ("administrator", "nobody"):
        person = factories.user(is_administrator=name == "administrator", is_active=active)
    else:
        person = factories.member(name, lead, is_active=active)
    other = factories.organisation()
    led(lead), led(other)
    for number, (body, may) in enumerate(zip((None, lead, other), MAY[role], strict=True)):
        allowed = permissions.may_open_rounds_for(person)
        assert may == (allowed is None or (body is not None and body.pk in allowed))
        standing = open_round(administrator, name=f"Standing {number}", organisation=body)
        if may:
            assert open_round(person, name=f"Round {number}", organisation=body).opened_by == person
            assert rounds.call_off(by=person, asked=standing).called_off_by == person
            continue
        with pytest.raises(NotAllowedError):
            open_round(person, name=f"Round {number}", organisation=body)
        with pytest.raises(NotAllowedError):
            rounds.call_off(by=person, asked=standing)


def test_calling_off_twice_keeps_who_was_first(administrator, lead):
    led(lead)
    opened = rounds.call_off(by=administrator, asked=open_round(administrator))
    again = rounds.call_off(by=factories.user(is_administrator=True), asked=opened)
    assert (again.called_off_by, again.called_off_at) == (administrator, opened.called_off_at)


STATES = [
    ("nobody has reported", "2026-11-24", None, {}, "waiting", True),
    ("on the last day", "2026-12-08", None, {}, "waiting", True),
    ("a day after", "2026-12-09", None, {}, "missing", True),
    ("reported on the first day", "2026-12-09", "2026-11-24", {}, "in_time", False),
    ("reported on the last day", "2026-12-09", "2026-12-08", {}, "in_time", False),
    ("reported after", "2026-12-31", "2026-12-09", {}, "late", False),
    ("reported before it was opened", "2026-12-09", "2026-11-23", {}, "missing", True),
    ("reported later than that day", "2026-12-09", "2026-12-10", {}, "missing", True),
    ("closed without a word", "2026-12-09", None, {"status": "closed"}, "ended", False),
    ("closed after a word", "2026-12-09", "2026-12-01", {"status": "closed"}, "in_time", False),
]


@pytest.mark.parametrize(
    ("day", "reported", "values", "state", "waits"), [s[1:] for s in STATES], ids=[s[0] for s in STATES]
)
def test_how_a_request_stands(day, reported, values, state, waits):
    opened = factories.round_(opened_on=datetime.date(2026, 11, 24), deadline=datetime.date(2026, 12, 8))
    made = factories.round_request(round=opened, initiative=factories.policy(**({"status": "published"} | values)))
    if reported:
        factories.update(initiative=made.initiative, reported_on=reported)
    today = datetime.date.fromisoformat(day)
    assert RoundRequest.objects.with_state(today).get(pk=made.pk).state == state
    assert RoundRequest.objects.outstanding(today).filter(pk=made.pk).exists() is waits


def test_a_round_that_was_called_off_waits_for_nobody(administrator):
    made = factories.round_request(
        round=factories.round_(called_off_at=timezone.now(), called_off_by=administrator),
        initiative=factories.policy(status="published"),
    )
    assert not RoundRequest.objects.outstanding(timezone.localdate()).filter(pk=made.pk).exists()
