"""A flag's page: what was found, the proof as a table, what to do, and what became of it."""

import pytest
from django.utils import timezone

from policies.models import Initiative
from tracker.models import Flag
from tracker.web import evidence

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


def test_its_history_tells_each_turn(read, empty_register, many, registrar_user):
    record = many(1)[0]
    one = Flag.objects.get(check_code="NHS001")
    rows = Flag.objects.filter(pk=one.pk)
    rows.update(evidence_digest="1" * 32, summary="Something else was found.")
    rows.update(acknowledged_at=timezone.now(), acknowledged_by=registrar_user, plan="We ask the board in May.")
    rows.update(resolved_at=timezone.now())
    rows.update(resolved_at=None, times_opened=2)
    text = read(f"/flags/NHS001:policy:{record.reference}/").text
    told = text[text.index("History of this flag") :]
    turns = ["Raised again", "Resolved: the checks", "Acknowledged", "The evidence changed", "Raised"]
    places = [told.rindex(turn) for turn in turns]
    assert places == sorted(places), "latest first"
    assert "We ask the board in May." in text


def test_a_dismissed_flag_says_by_whom_and_why(read, empty_register, many, registrar_user, person):
    record = many(1)[0]
    Flag.objects.filter(check_code="NHS001").update(
        dismissed_at=timezone.now(), dismissed_by=registrar_user, dismissed_digest="0" * 32,
        dismissal_reason="trade_off", dismissal_comment="Agreed by both ministers.", dismissal_review_on="2099-03-01",
    )  # fmt: skip
    text = read(f"/flags/NHS001:policy:{record.reference}/").text
    assert "An accepted trade-off: Agreed by both ministers." in text
    assert "To be reviewed on 1 March 2099" in text
    assert registrar_user.name not in text, "names of people are for readers who have signed in"
    assert registrar_user.name in read(f"/flags/NHS001:policy:{record.reference}/", by=person()).text


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
