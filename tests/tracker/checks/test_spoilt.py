"""A sound initiative spoilt one way at a time: exactly the checks concerned object, and no other."""

import datetime

import pytest

from policies.models import Initiative, Status
from tests.policies import factories
from tests.tracker.checks.sound import bare, builds, codes, days, link, moment, one, organisation, place, role, sound
from tests.tracker.checks.spoiling import (
    ENDED,
    LOCAL,
    NHS,
    answered,
    change,
    moved_twice,
    put,
    says,
    several,
    told_of,
    without,
)  # fmt: skip
from tracker.checks import facts

pytestmark = pytest.mark.usefixtures("empty_register")


# What is done to a sound policy, and the codes of the checks that then object to it.
POLICY = [
    ("nothing", lambda made: None, set()),
    ("DEP004 no answer for 20 working days and one", several(put(published_at=moment(-60)), change("responsibilities", {"role": "supporting"}, given_at=moment(-29))), {"DEP004"}),
    ("DEP004 quiet: 20 working days", several(put(published_at=moment(-60)), change("responsibilities", {"role": "supporting"}, given_at=moment(-28))), set()),
    ("DEP004 quiet: published later", several(put(published_at=moment(-28)), change("responsibilities", {"role": "supporting"}, given_at=moment(-90))), set()),
    ("DEP005 disputed, and so answered", several(put(published_at=moment(-60)), change("responsibilities", {"role": "supporting"}, given_at=moment(-60), **answered("disputed"))), {"DEP005"}),
    ("DEP005 by the lead itself", change("responsibilities", {"role": "lead"}, **answered("disputed")), {"DEP005"}),
    ("DEP005 quiet: accepted", change("responsibilities", {"role": "supporting"}, **answered("accepted")), set()),
    ("DEP005 quiet: accepted with conditions", change("responsibilities", {"role": "supporting"}, **answered("accepted_with_conditions")), set()),
    ("DEP005 quiet: another role", change("responsibilities", {"role": "supporting"}, proposed_role="funder", **answered("other_role")), set()),
    ("DEP005 quiet: a draft", several(put(status=Status.DRAFT), change("responsibilities", {"role": "supporting"}, **answered("disputed"))), set()),
    ("OUT003 neither pathway nor evidence", change("outcome_links", {}, pathway="", evidence=""), {"OUT003"}),
    ("OUT003 quiet: evidence alone", change("outcome_links", {}, pathway="", evidence="A trial."), set()),
    ("OUT003 quiet: mixed", change("outcome_links", {}, pathway="", direction="mixed"), set()),
    ("OUT004 wider gap", change("outcome_links", {}, gap="widens"), {"OUT004"}),
    ("OUT004 quiet: not known", change("outcome_links", {}, gap="unknown"), set()),
    ("OUT004 quiet: narrower", change("outcome_links", {}, gap="narrows"), set()),
    ("OUT004 quiet: it does not improve the average", change("outcome_links", {}, gap="widens", direction="mixed"), set()),
    ("DEP004 quiet: leads and classes of bodies", several(put(published_at=moment(-60)), without("responsibilities", role="supporting"), lambda m: m.responsibilities.update(given_at=moment(-60))), set()),
    ("CAP001 no capital", without("capital_links"), {"CAP001"}),
    ("CAP004 large and bricks alone", several(put(value_gbp=100_000_000), without("capital_links"), lambda m: builds(m, "financial_physical")), {"CAP004"}),
    ("CAP004 quiet: a pound less", several(put(value_gbp=99_999_999), without("capital_links"), lambda m: builds(m, "financial_physical")), set()),
    ("CAP004 quiet: another capital too", several(put(value_gbp=500_000_000), change("capital_links", {"weight": "primary"}, weight="secondary"), change("capital_links", {"capital__code": "financial_physical"}, weight="primary")), set()),
    ("CAP004 quiet: people alone", several(put(value_gbp=500_000_000), without("capital_links", weight="secondary")), set()),
    ("OUT001 no outcome", without("outcome_links"), {"OUT001"}),
    ("OUT002 harm", lambda m: link(m, "air_quality_mortality", "worsens"), {"OUT002"}),
    ("OUT002 quiet: mitigated", lambda m: link(m, "air_quality_mortality", "worsens", mitigation="Electric."), set()),
    ("OUT002 quiet: mixed", lambda m: link(m, "air_quality_mortality", "mixed"), set()),
    ("OUT005 a second speaker says the opposite", lambda m: says(m, "worsens"), {"OUT005"}),
    ("OUT005 quiet: it agrees", lambda m: says(m, "improves"), set()),
    ("OUT005 quiet: it says mixed", lambda m: says(m, "mixed"), set()),
    ("OUT005 quiet: of another outcome", lambda m: says(m, "worsens", "air_quality_mortality"), set()),
    ("OUT006 stated nowhere", change("outcome_links", {}, stated_in_text=False), {"OUT006"}),
    ("OUT006 quiet: one of two is stated", lambda m: link(m, "obesity", stated_in_text=False), set()),
    ("LOC001 no local role", without("responsibilities", **LOCAL), {"LOC001"}),
    ("LOC002 only bids", change("responsibilities", LOCAL, role="bidder"), {"LOC002"}),
    ("LOC002 only consulted and receiving", several(change("responsibilities", LOCAL, role="consulted"), lambda m: role(m, "gmca", "recipient")), {"LOC002"}),
    ("LOC002 quiet: funds", change("responsibilities", LOCAL, role="funder"), set()),
    ("LOC002 quiet: bids and delivers", lambda m: role(m, "gmca", "bidder"), set()),
    ("NHS001 no NHS role", without("responsibilities", **NHS), {"NHS001"}),
    ("NHS001 for human capital alone", several(without("responsibilities", **NHS), change("outcome_links", {}, direction="mixed")), {"NHS001"}),
    ("NHS001 quiet: neither improves nor human", several(without("responsibilities", **NHS), change("outcome_links", {}, direction="mixed"), without("capital_links", capital__code="human")), set()),
    ("NHS001 quiet: an ICB is enough", several(without("responsibilities", **NHS), lambda m: role(m, "wy-icb", "supporting")), set()),
    ("NHS001 quiet: a disputed role is a role", change("responsibilities", NHS, **answered("disputed")), {"DEP005"}),
    ("NHS002 only consulted", change("responsibilities", NHS, role="consulted"), {"NHS002"}),
    ("FND001 a fund without criteria", put(form="fund"), {"FND001"}),
    ("FND002 criteria without health", several(put(form="fund"), lambda m: factories.criterion(initiative=m)), {"FND002", "FND003"}),
    ("FND002 in a programme too", lambda m: factories.criterion(initiative=m), {"FND002", "FND003"}),
    ("FND quiet: a measure of health among them", several(put(form="fund"), lambda m: factories.criterion(initiative=m), lambda m: factories.criterion(initiative=m, is_health=True)), set()),
    ("MET002 no health measure", change("measures", {}, is_health=False), {"MET002"}),
    ("MET002 quiet: a health indicator", several(without("measures"), lambda m: factories.measure(initiative=m, indicator=factories.indicator(is_health=True), words="")), set()),
    ("MET002 quiet: nothing improves", several(without("measures"), change("outcome_links", {}, direction="mixed")), set()),
    ("DLV002 silent for 91 days", put(published_at=moment(-91)), {"DLV002"}),
    ("DLV002 quiet: 90 days", put(published_at=moment(-90)), set()),
    ("DLV002 quiet: updated since", several(put(published_at=moment(-300)), lambda m: factories.update(initiative=m, reported_on=days(-10))), set()),
    ("DLV002 an old update", several(put(published_at=moment(-300)), lambda m: factories.update(initiative=m, reported_on=days(-91))), {"DLV002"}),
    ("DLV003 red twice", told_of({"rag": "red"}, {"rag": "red"}), {"DLV003"}),
    ("DLV003 quiet: red once", told_of({"rag": "red"}), set()),
    ("DLV003 quiet: red before, not now", told_of({"rag": "red"}, {"rag": "red"}, {"rag": "amber"}), set()),
    ("DLV003 quiet: not in a row", told_of({"rag": "red"}, {"rag": "green"}, {"rag": "red"}), set()),
    ("DLV004 moved twice", moved_twice("approved", "approved"), {"DLV004"}),
    ("DLV004 quiet: moved once", moved_twice("approved"), set()),
    ("DLV004 quiet: the second waits", moved_twice("approved", "proposed"), set()),
    ("DLV004 quiet: the others were declined or replaced", moved_twice("declined", "approved", "replaced"), set()),
    ("REC001 no lead", without("responsibilities", role="lead"), {"REC001"}),
    ("REC002 the lead has ended", change("responsibilities", {"role": "lead"}, organisation=lambda m: organisation("beis")), {"REC002"}),
    ("draft", several(put(status=Status.DRAFT), without("capital_links"), without("responsibilities")), set()),
    ("withdrawn", several(put(status=Status.WITHDRAWN, **ENDED), without("outcome_links")), set()),
    ("closed", several(put(status=Status.CLOSED, **ENDED), without("responsibilities")), set()),
]  # fmt: skip


@pytest.mark.parametrize(("how", "expected"), [pytest.param(how, codes, id=name) for name, how, codes in POLICY])
def test_a_policy(how, expected):
    made = sound("policy")
    how(made)
    assert codes(made) == expected


# The same for a commitment that stands alone, due in a year.
COMMITMENT = [
    ("nothing", lambda made: None, set()),
    ("CAP001", without("capital_links"), {"CAP001"}),
    ("OUT001", without("outcome_links"), {"OUT001"}),
    ("LOC001", without("responsibilities", **LOCAL), {"LOC001"}),
    ("NHS001", without("responsibilities", **NHS), {"NHS001"}),
    ("MET001 and MET002 without a measure", without("measures"), {"MET001", "MET002", "REC004"}),
    ("MET001 quiet: one in words", change("measures", {}, is_health=False), {"MET002"}),
    ("DLV001 due yesterday", put(due_date=days(-1), due_precision="day"), {"DLV001"}),
    ("DLV001 quiet: due today", put(due_date=days(0), due_precision="day"), set()),
    ("DLV001 quiet: no date", put(due_date=None, due_precision=""), {"REC004"}),
    ("DLV001 quiet: closed", put(due_date=days(-1), due_precision="day", status=Status.CLOSED, **ENDED), set()),
    ("REC001", without("responsibilities", role="lead"), {"REC001", "REC004"}),
]  # fmt: skip


@pytest.mark.parametrize(("how", "expected"), [pytest.param(how, codes, id=name) for name, how, codes in COMMITMENT])
def test_a_commitment_that_stands_alone(how, expected):
    made = sound("commitment")
    how(made)
    assert codes(made) == expected


# What a commitment has of its own beyond a lead and a measure, and what the checks then want of it.
OWN = [
    ("only a lead: its policy is judged for it", lambda made: None, set()),
    ("a role of its own", lambda made: role(made, "dhsc", "supporting"), {"CAP001", "OUT001", "LOC001"}),
    ("a capital of its own", lambda made: builds(made, "natural"), {"OUT001", "LOC001"}),
    ("an outcome of its own", lambda made: link(made), {"CAP001", "LOC001", "NHS001", "MET002"}),
]


@pytest.mark.parametrize(("how", "expected"), [pytest.param(how, codes, id=name) for name, how, codes in OWN])
def test_a_commitment_under_a_policy(how, expected):
    made = bare("commitment", parent=sound("policy"))
    role(made, "dft", "lead")
    factories.measure(initiative=made)
    how(made)
    assert codes(made) == expected


def test_a_commitments_health_measure_counts_for_its_policy():
    policy = sound("policy")
    policy.measures.all().delete()
    under = bare("commitment", parent=policy)
    role(under, "dft", "lead")
    role(under, "dhsc", "delivery")
    factories.measure(initiative=under)
    assert codes(policy) == {"MET002"}
    under.measures.update(is_health=True)
    assert codes(policy) == set()


PARTNERSHIP = [
    ("nothing", lambda made: None, set()),
    ("PAR001 no national member", without("responsibilities", organisation__sector="national"), {"PAR001", "REC001"}),
    ("PAR001 no local member", without("responsibilities", **LOCAL), {"PAR001"}),
    ("PAR002 and PAR003 health and no NHS", several(put(health_in_scope=True), without("responsibilities", **NHS)), {"PAR002", "PAR003"}),
    ("PAR003 alone: health is not in scope", several(put(health_in_scope=False), without("responsibilities", **NHS)), {"PAR003"}),
    ("PAR003 alone: not recorded whether it is", without("responsibilities", **NHS), {"PAR003"}),
    ("PAR002 alone: a town deal", several(put(form="town_deal", health_in_scope=True), without("responsibilities", **NHS)), {"PAR002"}),
    ("quiet: a town deal without health", several(put(form="town_deal"), without("responsibilities", **NHS)), set()),
    ("quiet: no links at all", several(without("capital_links"), without("outcome_links")), set()),
    ("OUT001 where there are capitals", without("outcome_links"), {"OUT001"}),
    ("CAP001 where there are outcomes", without("capital_links"), {"CAP001"}),
    ("quiet: LOC and NHS judge no partnerships", several(put(form="town_deal"), change("responsibilities", LOCAL, role="consulted")), {"PAR004"}),
    ("DLV quiet: old and silent", put(published_at=moment(-900), end_date=datetime.date(2020, 1, 1), end_precision="day"), {"PAR005"}),
]  # fmt: skip


@pytest.mark.parametrize(("how", "expected"), [pytest.param(how, codes, id=name) for name, how, codes in PARTNERSHIP])
def test_a_partnership(how, expected):
    made = sound("partnership", form="devolution_deal")
    how(made)
    assert codes(made) == expected


def test_place_decides_how_much_a_missing_local_role_matters():
    made = sound("policy")
    made.responsibilities.filter(**LOCAL).delete()
    assert one("LOC001", made)["found_severity"] == "medium"
    place(made, "E06000001")
    assert one("LOC001", made)["found_severity"] == "high"


@pytest.mark.parametrize(
    "above",
    [
        {"status": Status.DRAFT},
        {"status": Status.CLOSED, **ENDED},
        {"status": Status.WITHDRAWN, **ENDED},
        {"sensitivity": "official_sensitive"},
    ],
    ids=["draft", "closed", "withdrawn", "sensitive"],
)
def test_only_a_live_policy_that_all_may_read_covers_a_commitment(above):
    parent = sound("policy")
    under = bare("commitment", parent=parent)
    role(under, "dft", "lead")
    factories.measure(initiative=under)
    assert codes(under) == set()
    put(**above)(parent)
    assert codes(under) == {"CAP001", "OUT001", "LOC001", "REC004"}


def test_a_sensitive_policy_covers_its_sensitive_commitments():
    parent = sound("policy", sensitivity="official_sensitive")
    under = bare("commitment", parent=parent, sensitivity="official_sensitive")
    role(under, "dft", "lead")
    factories.measure(initiative=under)
    assert codes(under) == set()


@pytest.mark.parametrize("below", [{"status": "draft"}, {"status": "published", "sensitivity": "official_sensitive"}])
def test_measures_that_not_everybody_may_read_do_not_show_in_filters(below):
    """Whether a list shows a policy must not tell what a draft under it holds."""
    policy = bare("policy")
    under = factories.commitment(parent=policy, **below)
    factories.measure(initiative=under, is_health=True)
    for condition in (facts.has_measure_here_or_below(), facts.has_health_measure()):
        assert not Initiative.objects.filter(condition, pk=policy.pk).exists()
