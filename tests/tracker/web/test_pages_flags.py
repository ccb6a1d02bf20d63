"""A flag's page: what was found, the proof as a table, what to do, and what became of it."""

import datetime

import pytest
from django.utils import timezone

from policies.models import Initiative
from tests.policies import deciding
from tracker.models import Flag
from tracker.web import display, evidence

from .conftest import flag

pytestmark = pytest.mark.django_db

ADDRESS = "/flags/NHS001:policy:MHCLG-0001/"


def test_it_says_what_why_and_what_to_do(read, landscape):
    found = Flag.objects.get(fingerprint="NHS001:policy:MHCLG-0001")
    page = read(ADDRESS)
    assert found.summary in page.text
    for heading in ("What to do", "What proves it", "Why it matters", "History of this flag"):
        assert heading in page.text
    assert "/policies/MHCLG-0001/" in page.links()
    assert "/checks/NHS001/" in page.links()


def test_a_pair_links_both_and_its_evidence_links_them_too(read, landscape):
    pair = Flag.objects.filter(check_code="DEP001").first()
    links = read(f"/flags/{pair.fingerprint}/").links("/policies/")
    for one in (pair.initiative, pair.other):
        assert links.count(f"/policies/{one.reference}/") >= 2


def test_what_is_not_there_is_not_found(read, landscape):
    read("/flags/NHS001:policy:NONE-0001/", status=404)


def test_a_flag_about_a_draft_is_not_found(read, empty_register, many):
    record = many(1)[0]
    Initiative.objects.filter(pk=record.pk).update(status="draft", published_at=None, published_by=None)
    read(f"/flags/NHS001:policy:{record.reference}/", status=404)
    assert "0 flags" in read("/flags/").text


def test_its_history_tells_each_turn_of_machine_and_people(read, empty_register, many, registrar_user):
    record = many(1)[0]
    one = Flag.objects.get(check_code="NHS001")
    rows = Flag.objects.filter(pk=one.pk)
    rows.update(evidence_digest="1" * 32, summary="Something else was found.")
    deciding.flag_decision(flag=one, by=registrar_user, words="We ask the board in May.")
    deciding.flag_comment(flag=one, by=registrar_user, words="The board meets in June.")
    # What one test writes is all of one moment for the triggers, so people's steps come last.
    rows.update(resolved_at=timezone.now())
    text = read(f"/flags/NHS001:policy:{record.reference}/").text
    told = text[text.index("History of this flag") :]
    for turn in ("Raised", "The evidence changed", "Resolved: the checks", "Acknowledged", "Comment"):
        assert turn in told
    assert told.rindex("Comment") < told.rindex("Acknowledged") < told.rindex("Raised"), "latest first"
    assert "We ask the board in May." in told
    assert "The board meets in June." in told


def test_a_dismissed_flag_says_by_whom_and_why(read, empty_register, many, registrar_user, person):
    record = many(1)[0]
    one = deciding.dismissal(
        flag=Flag.objects.get(check_code="NHS001"),
        by=registrar_user,
        words="Agreed by both ministers.",
        organisation=record.responsibilities.get(role="lead").organisation,
    )
    address = f"/flags/NHS001:policy:{record.reference}/"
    text = read(address).text
    assert "Dismissed: An accepted trade-off" in text
    assert "Agreed by both ministers." in text
    assert f"To be looked at again on {display.date(one.review_on)}" in text
    assert "Department for Transport, on" in text
    assert registrar_user.name not in text, "names of people are for readers who have signed in"
    assert registrar_user.name in read(address, by=person()).text


class TestWhyItIsOpenAgain:
    @pytest.fixture
    def one(self, empty_register, many):
        many(1)
        return Flag.objects.get(check_code="NHS001")

    def text(self, read, one):
        return read(f"/flags/{one.fingerprint}/").text

    def test_nothing_is_said_while_nobody_has_decided(self, read, one):
        text = self.text(read, one)
        assert "No decision yet." in text
        assert "Open again" not in text

    def test_the_review_date_has_come(self, read, one):
        today = timezone.localdate()
        deciding.dismissal(flag=one, decided_on=today - datetime.timedelta(days=9), review_on=today)
        assert f"Open again. It was set aside until {display.date(today)}." in self.text(read, one)

    def test_the_evidence_changed_and_how(self, read, one):
        deciding.dismissal(flag=one)
        Flag.objects.filter(pk=one.pk).update(
            evidence_digest="1" * 32,
            summary="“Many 1” is not flagged.",
            evidence={"rows": [{"Initiative": "MANY-0001", "Value, pounds": 5}]},
        )
        text = self.text(read, one)
        assert "Open again. What it was set aside for has changed." in text
        assert "[added: not ]" in text
        assert "New: Initiative: MANY-0001; Value, pounds: £5" in text

    def test_somebody_took_the_decision_back(self, read, one, person):
        who = person("approver", "dft")
        deciding.dismissal(
            flag=one, taken_back_at=timezone.now(), taken_back_by=who, taken_back_reason="The bid was changed."
        )
        text = self.text(read, one)
        assert "An administrator took the decision back on" in text
        assert "The bid was changed." in text
        assert who.name not in text

    def test_it_was_resolved_and_came_back(self, read, one):
        Flag.objects.filter(pk=one.pk).update(times_opened=2)
        assert "found it again after it was resolved" in self.text(read, one)


def test_commitments_that_are_judged_with_a_policy_are_counted(read, empty_register, many):
    policy = many(1)[0]
    for child in many(2, kind="commitment", prefix="CHILD", parent=policy):
        child.capital_links.all().delete()
        child.outcome_links.all().delete()
        child.responsibilities.exclude(role="lead").delete()
    assert (
        "2 commitments under it that add nothing of their own" in read(f"/flags/NHS001:policy:{policy.reference}/").text
    )


@pytest.mark.parametrize(
    "odd",
    [{}, [], "words", 7, None, {"rows": [1, None]}, {"rows": [{"A": {"b": [1, True]}}]}, {"facts": ["x"], "z": 1}],
)
def test_any_evidence_can_be_shown(read, empty_register, many, odd):
    record = many(1)[0]
    flag(record, "CAP001", "medium", evidence=odd if odd is not None else {}).save()
    assert "What proves it" in read(f"/flags/CAP001:policy:{record.reference}/").text


def test_numbers_of_pounds_are_shown_as_money():
    assert evidence.shown(200000000.0, "Value, pounds") == "£200,000,000"
    assert evidence.shown(3, "Initiatives") == "3"
    assert evidence.shown(None) is None
    assert evidence.shown({"a": [True, None]}) == "a: Yes, not recorded"


def test_a_flag_of_a_check_that_is_gone_can_still_be_read(read, empty_register, many):
    record = many(1)[0]
    flag(record, "OLD001").save()
    assert "OLD001" in read(f"/flags/OLD001:policy:{record.reference}/").text
    assert "OLD001" in read(f"/policies/{record.reference}/").text
