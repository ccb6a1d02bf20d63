"""A sound initiative spoilt one way at a time, continued: partnerships, measures, funds and the record."""

import datetime

import pytest

from policies.models import Status
from tests.policies import factories
from tests.tracker.checks.sound import bare, codes, days, one, place, role, rows, sound
from tests.tracker.checks.spoiling import ENDED, LOCAL, change, put, several, without

pytestmark = pytest.mark.usefixtures("empty_register")


def indicator(**values):
    """A published indicator, under the measure that the sound record has."""
    return lambda made: made.measures.update(indicator=factories.indicator(**({"is_health": True} | values)), words="")


def measures(*horizons, **values):
    """Measures of health in words instead of the record's own, by how soon they show."""

    def put_instead(made):
        made.measures.all().delete()
        for horizon in horizons:
            factories.measure(initiative=made, is_health=True, horizon=horizon, **values)

    return put_instead


def criterion(**values):
    """One more allocation criterion."""
    return lambda made: factories.criterion(initiative=made, **values)


def target(**values):
    """Columns of the record's measure."""
    return change("measures", {}, **values)


def ends(day, precision="day", **values):
    """A fund of three years that a long-term measure follows, ended on a day."""
    return several(
        put(form="fund", start_date=datetime.date(2021, 4, 1), start_precision="day", end_date=day,
            end_precision=precision, **values),
        criterion(is_health=True),
        measures("long"),
    )  # fmt: skip


WHOLE = {"target_value": 5, "target_date": datetime.date(2030, 3, 31), "baseline_value": 1}
IN_2024 = datetime.date(2024, 3, 31)

POLICY = [
    ("MET003 quiet: early and late", measures("short", "long"), set()),
    ("MET003 quiet: one measure", measures("long"), set()),
    ("MET003 quiet: of one it is not known", measures("short", "short", ""), set()),
    ("MET003 quiet: not known of any", measures("", ""), set()),
    ("MET003 quiet: late ones are for targeting", several(measures("long"), lambda m: factories.measure(initiative=m, horizon="long", purpose="targeting")), set()),
    ("MET003 two early", measures("short", "short"), {"MET003"}),
    ("MET003 three late", measures("long", "long", "long"), {"MET003"}),
    ("MET003 by the indicator's horizon", several(measures("short"), lambda m: factories.measure(initiative=m, indicator=factories.indicator(horizon="short"), words="")), {"MET003"}),
    ("MET003 quiet: the measure says otherwise than its indicator", several(measures("short"), lambda m: factories.measure(initiative=m, indicator=factories.indicator(horizon="short"), words="", horizon="long")), set()),
    ("MET004 quiet: no target", target(target_date=datetime.date(2030, 3, 31)), set()),
    ("MET004 quiet: whole", target(**WHOLE), set()),
    ("MET004 quiet: a baseline in words", target(**WHOLE | {"baseline_value": None, "baseline_text": "4% in 2019"}), set()),
    ("MET004 quiet: nought is a baseline", target(**WHOLE | {"baseline_value": 0}), set()),
    ("MET004 no baseline", target(**WHOLE | {"baseline_value": None}), {"MET004"}),
    ("MET004 no date", target(**WHOLE | {"target_date": None}), {"MET004"}),
    ("MET004 quiet: closed", several(target(target_value=5), put(status=Status.CLOSED, **ENDED)), set()),
    ("FND003 quiet: no criteria are known", measures("long"), set()),
    ("FND003 quiet: nothing of health is measured", several(criterion(), change("measures", {}, is_health=False)), {"FND002", "MET002"}),
    ("FND003 quiet: a formula weighs health", several(criterion(), criterion(is_health=True, stage="formula")), set()),
    ("FND003 quiet: a measure of health is for targeting", several(criterion(is_health=True, stage="bid_assessment"), criterion(), lambda m: factories.measure(initiative=m, is_health=True, purpose="targeting")), set()),
    ("FND003 quiet: bids are all that is scored, and health counts there", several(criterion(stage="bid_assessment"), criterion(is_health=True, stage="bid_assessment")), set()),
    ("FND003 health counts for bids alone", several(criterion(), criterion(is_health=True, stage="bid_assessment")), {"FND003"}),
    ("FND003 and FND002", criterion(), {"FND002", "FND003"}),
    ("FND005 quiet: it ends five years after the start", ends(datetime.date(2026, 4, 1)), set()),
    ("FND005 quiet: the year in which it ends is all that is known", ends(datetime.date(2026, 1, 1), "year"), set()),
    ("FND005 quiet: no end on record", ends(None, ""), set()),
    ("FND005 quiet: only early measures", several(ends(IN_2024), measures("short")), set()),
    ("FND005 quiet: it is not known how soon they show", several(ends(IN_2024), measures("")), set()),
    ("FND005 quiet: its target comes first", several(ends(IN_2024), target(target_date=IN_2024)), set()),
    ("FND005 quiet: no money", several(ends(IN_2024), put(form="strategy")), set()),
    ("FND005 a day before", ends(datetime.date(2026, 3, 31)), {"FND005"}),
    ("FND005 a later target does not help", several(ends(IN_2024), target(target_date=datetime.date(2035, 3, 31))), {"FND005"}),
    ("FND005 the month before the last", ends(datetime.date(2026, 3, 1), "month"), {"FND005"}),
    ("FND005 money without a fund", several(ends(IN_2024), put(form="programme", value_gbp=1)), {"FND005"}),
    ("REC003 quiet: an address is enough", put(source_title="", source_url="https://www.example.org/paper"), set()),
    ("REC003 neither", put(source_title=""), {"REC003"}),
    ("REC003 quiet: a draft", put(source_title="", status=Status.DRAFT), set()),
    ("REC004 quiet: a policy has no due date", put(due_date=None), set()),
]  # fmt: skip


@pytest.mark.parametrize(("how", "expected"), [pytest.param(how, codes, id=name) for name, how, codes in POLICY])
def test_a_policy(how, expected):
    made = sound("policy")
    how(made)
    assert codes(made) == expected


COMMITMENT = [
    ("nothing", lambda made: None, set()),
    ("REC004 no place", without("footprints"), {"REC004"}),
    ("REC004 no due date", put(due_date=None, due_precision=""), {"REC004"}),
    ("REC004 no measure", without("measures"), {"MET001", "MET002", "REC004"}),
    ("REC003", put(source_title=""), {"REC003"}),
    ("MET003", measures("short", "short"), {"MET003"}),
]


@pytest.mark.parametrize(("how", "expected"), [pytest.param(how, codes, id=name) for name, how, codes in COMMITMENT])
def test_a_commitment_that_stands_alone(how, expected):
    made = sound("commitment")
    how(made)
    assert codes(made) == expected


YESTERDAY, LAST_MONTH = days(-1), days(-30).replace(day=1)
PARTNERSHIP = [
    ("PAR004 quiet: one delivers", lambda m: role(m, "gmca", "bidder"), set()),
    ("PAR004 quiet: no local member at all", without("responsibilities", **LOCAL), {"PAR001"}),
    ("PAR004 all are consulted", change("responsibilities", LOCAL, role="consulted"), {"PAR004"}),
    ("PAR004 bidding and receiving", several(change("responsibilities", LOCAL, role="bidder"), lambda m: role(m, "gmca", "recipient")), {"PAR004"}),
    ("PAR005 quiet: neither date", lambda m: None, set()),
    ("PAR005 quiet: it ends today", put(end_date=days(0), end_precision="day"), set()),
    ("PAR005 quiet: some time this month", put(end_date=days(0).replace(day=1), end_precision="month"), set()),
    ("PAR005 quiet: some time this year", put(end_date=datetime.date(2026, 1, 1), end_precision="year"), set()),
    ("PAR005 quiet: its review is today", put(review_date=days(0)), set()),
    ("PAR005 it ended yesterday", put(end_date=YESTERDAY, end_precision="day"), {"PAR005"}),
    ("PAR005 last month", put(end_date=LAST_MONTH, end_precision="month"), {"PAR005"}),
    ("PAR005 last year", put(end_date=datetime.date(2025, 1, 1), end_precision="year"), {"PAR005"}),
    ("PAR005 its review is overdue", put(review_date=YESTERDAY), {"PAR005"}),
    ("PAR005 quiet: closed", put(review_date=YESTERDAY, status=Status.CLOSED, **ENDED), set()),
    ("REC003", put(source_title=""), {"REC003"}),
]  # fmt: skip


@pytest.mark.parametrize(("how", "expected"), [pytest.param(how, codes, id=name) for name, how, codes in PARTNERSHIP])
def test_a_partnership(how, expected):
    made = sound("partnership", form="town_deal")
    how(made)
    assert codes(made) == expected


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        ({}, set()),
        ({"status": "draft", "published_at": None}, {"REC004"}),
        ({"sensitivity": "official_sensitive"}, {"REC004"}),
    ],
    ids=["live", "draft", "sensitive"],
)
def test_a_commitment_acts_where_its_live_policy_does(above, expected):
    policy = sound("policy")
    under = bare("commitment", parent=policy)
    role(under, "dft", "lead")
    factories.measure(initiative=under)
    put(**above)(policy)
    assert codes(under) & {"REC004"} == expected
    place(under)
    assert codes(under) & {"REC004"} == set()


def test_the_measures_of_live_public_commitments_count_for_a_policy():
    policy = sound("policy")
    measures("long", "long")(policy)
    under = bare("commitment", parent=policy, status="draft", published_at=None)
    factories.measure(initiative=under, horizon="short")
    assert [row["sentence"] for row in rows("MET003", policy)] == [
        f"The 2 measures of “{policy.title}” are all long-term."
    ]
    put(status="published", published_at=datetime.datetime.now(datetime.UTC), published_by=policy.created_by)(under)
    assert rows("MET003", policy) == []


def test_the_long_measure_of_a_commitment_counts_for_its_fund():
    fund = sound("policy")
    ends(IN_2024)(fund)
    fund.measures.update(horizon="short")
    assert rows("FND005", fund) == []
    under = bare("commitment", parent=fund)
    factories.measure(initiative=under, words="Years in good health", horizon="long")
    found = one("FND005", fund)
    assert found["sentence"] == (
        f"The money of “{fund.title}” ends on 31 March 2024, before its long-term measures can show change"
        " (April 2026)."
    )
    assert [row["Initiative"] for row in found["proof"]["rows"]] == [under.reference]


def test_what_a_target_lacks_is_said_and_its_flag_is_of_the_measure():
    made = sound("policy")
    target(target_value=300_000, unit="homes", words="Homes built")(made)
    found = one("MET004", made)
    assert found["fingerprint"] == f"MET004:policy:{made.reference}:measure:{made.measures.get().pk}"
    assert found["sentence"] == f"The target of “{made.title}” for “Homes built” has no baseline and no date."
    assert {"label": "Target", "value": "300,000 homes"} in found["proof"]["facts"]


def test_how_a_date_of_which_little_is_known_is_said():
    made = sound("partnership", title="The deal", form="town_deal")
    said = {"day": "on 1 March 2022", "month": "in March 2022", "year": "in 2022"}
    for precision, words in said.items():
        put(end_date=datetime.date(2022, 3, 1), end_precision=precision)(made)
        assert one("PAR005", made)["sentence"] == f"The term of “The deal” ended {words}."


def test_all_that_a_commitment_lacks_is_said():
    made = bare("commitment", title="The promise", due_date=None, due_precision="")
    assert one("REC004", made)["sentence"] == (
        "The commitment “The promise” lacks an owner, a due date, a place and a measure."
    )
