"""The briefing's findings, recomputed to the digit: against the rows, and against the answers written down."""

from decimal import Decimal

import pytest

from tests.tracker.reports.answers import Answers
from tests.tracker.reports.reading import column, finding, run, table

pytestmark = pytest.mark.usefixtures("landscape")

CORE, WIDER, HEALTH = "core_2021", "wider_2021", "health_2021"
PORTFOLIOS = [(CORE,), (CORE, WIDER), (HEALTH,), ()]
CAPITALS = 4


def report(collections):
    return run(*(collections or ["all"]))


def tenths(shares):
    return [float(round(100 * share, 1)) for share in shares[:CAPITALS]]


def written(answer, expected):
    """An answer worked out from the rows is also the one that was written down."""
    assert answer == expected
    return answer


@pytest.mark.parametrize(
    ("collections", "shares", "numbers", "pounds", "valued"),
    [
        ((CORE,), [84.3, 10.7, 5.0, 0.0], [12, 3, 2, 0], "54570000000", 14),
        ((CORE, WIDER), [91.4, 6.1, 2.5, 0.0], None, "181774500000", 30),
    ],
)
def test_tilt(collections, shares, numbers, pounds, valued):
    tilt, answers = finding(report(collections), "tilt"), Answers(*collections)
    assert tenths(column(tilt, "Share of value")) == written(answers.shares(), shares)
    assert column(tilt, "Policies")[:CAPITALS] == answers.count_by_capital()
    assert column(tilt, "Value")[:CAPITALS] == list(answers.by_capital().values())
    if numbers:
        assert answers.count_by_capital() == numbers
    total = table(tilt)["All with a primary capital"]
    assert total["Value"] == Decimal(pounds)
    assert total["Policies"] - total["Without a value"] == valued


def test_tilt_without_the_largest_policy():
    tilt = finding(run(CORE), "tilt")
    without = column(tilt, "Without the largest, UK Infrastructure Bank", 1)
    assert tenths(without) == written(Answers(CORE).shares(without="ukib"), [73.7, 17.9, 8.4, 0.0])


def test_tilt_split_over_secondary_capitals_keeps_every_pound():
    split = column(finding(run(CORE), "tilt"), "Split over secondary capitals too", 1)
    assert sum(split) == pytest.approx(Decimal(1), abs=Decimal("0.00001"))
    assert split[0] < Decimal("0.843")
    assert split[3] > 0


@pytest.mark.parametrize(
    ("collections", "expected"), [((CORE,), (7, 0, 45, 0)), ((CORE, WIDER), (12, 1, None, None)), ((), (14, 3, 63, 3))]
)
def test_health_in_criteria(collections, expected):
    found = table(finding(report(collections), "health-in-criteria"))
    every, healthy = found["Allocation criteria recorded"], found["A measure of health among them"]
    answer = every["Policies"], healthy["Policies"], every["Criteria"], healthy["Criteria"]
    assert answer == Answers(*collections).criteria()
    assert all(e in (None, a) for a, e in zip(answer, expected, strict=True))


@pytest.mark.parametrize(
    ("collections", "held", "policies"), [((CORE,), 1, 17), ((CORE, WIDER), 4, 38), ((HEALTH,), 10, 11)]
)
def test_nhs_role(collections, held, policies):
    answers, nhs = Answers(*collections), finding(report(collections), "nhs-role")
    assert column(nhs, "Policies") == [held, policies - held]
    assert len(answers.holding("nhs")) == held
    assert set(column(nhs, "Policy", 1)) == {answers.policies[r]["title"] for r in answers.holding("nhs")}


@pytest.mark.parametrize(
    ("collections", "expected"), [((CORE,), (6, 4, 7, Decimal(28_000_000_000))), ((CORE, WIDER), (17, 4, 17, None))]
)
def test_local_government_role(collections, expected):
    local = finding(report(collections), "local-government-role")
    bidding = table(local)["Only bids, receives or is consulted"]["Value"]
    answer = (*column(local, "Policies"), bidding)
    assert answer == Answers(*collections).local()
    assert answer[:3] == expected[:3]
    assert expected[3] in (None, bidding)


def test_fragmentation():
    found = table(finding(run("all"), "fragmentation"))
    assert found["Live policies"]["This portfolio"] == 49
    assert found["Lead departments"]["This portfolio"] == written(len(set(Answers().leads.values())), 12)
    second = found["Policies that name a second department"]["This portfolio"]
    assert second == written(len(Answers().second_department()), 11)
    crowded = found["Outcomes pursued by 3 or more lead departments"]["This portfolio"]
    assert crowded == written(sum(1 for leads in Answers().pursuers().values() if len(leads) >= 3), 7)
    assert found["Outcomes in all"]["This portfolio"] == 17


def test_outcomes_by_departments():
    found = table(finding(run("all"), "fragmentation"), 1)
    ranked = [(row["Lead departments"], name) for name, row in found.items()]
    assert sorted((number for number, _name in ranked), reverse=True)[:4] == [7, 5, 5, 5]
    assert ranked[0][1] == "Work and health"
    assert {name for number, name in ranked if number == 5} == {
        "Mental health and wellbeing",
        "Air quality",
        "Physical activity",
    }
    assert sorted(n for n, _ in ranked if n) == sorted(len(leads) for leads in Answers().pursuers().values())


def test_the_whole_register_stands_beside_a_portfolio():
    found = table(finding(run(CORE), "fragmentation"))
    assert found["Lead departments"] == {"What": "Lead departments", "This portfolio": 6, "Whole register": 12}


@pytest.mark.parametrize(("collections", "expected"), [((CORE,), (18, 0)), ((CORE, WIDER), None), ((), (68, 7))])
def test_progress_measures(collections, expected):
    found = table(finding(report(collections), "health-measures"))
    answer = (
        found["Live commitments"]["Commitments"],
        found["With a measure of health or wellbeing"]["Commitments"],
    )
    assert answer == Answers(*collections).commitments()
    assert expected in (None, answer)


@pytest.mark.parametrize("collections", PORTFOLIOS)
def test_devolution_deals(collections):
    found = table(finding(report(collections), "devolution"))
    deal = found["Devolution deal"]
    assert (deal["Partnerships"], deal["With an NHS member"], deal["No NHS member recorded"]) == (13, 0, 13)
    assert found["Health devolution"]["With an NHS member"] == 1


SENTENCES = {
    "tilt": """
        Of £54.57bn in 14 policies with a value, 84.3% goes to financial and physical capital, 10.7% to human and 5.0%
        to social. No policy mainly builds natural capital.""",
    "health-in-criteria": """
        None of the 7 policies with recorded criteria for giving out money has a measure of health among them. Of all
        their criteria, 0 of 45 measure health.""",
    "nhs-role": """
        A role for the NHS is recorded in 1 of the 17 policies: Gear Change: a bold vision for cycling and walking.""",
    "local-government-role": """
        Local government leads, delivers, supports or funds 6 of the 17 policies. In 4, worth £28bn, it only bids,
        receives or is consulted. In 7 no role is recorded.""",
    "fragmentation": """
        There are 6 lead departments. A second department is named in 3 of the 17 policies. 3 or more pursue 2 of the
        17 outcomes. Most departments, 5, pursue: work and health. On the whole register: 12 lead departments, 11 of 49
        policies with a second one, and 7 of 17 outcomes pursued by 3 or more.""",
    "health-measures": """
        None of the 18 commitments has a measure of health or wellbeing on record. Any measure at all is on record for
        4.""",
    "devolution": """
        None of the 13 devolution deals has an NHS body on record as a member. Agreements on health devolution are
        counted apart: 1 of 1 with an NHS member.""",
}


@pytest.mark.parametrize(("code", "sentence"), SENTENCES.items())
def test_sentences(code, sentence):
    assert finding(run(CORE), code).sentence == " ".join(sentence.split())


def test_a_capital_without_recorded_values_is_not_said_to_get_nothing():
    said = finding(run("all"), "tilt").sentence
    assert said.endswith("No value is recorded for the 3 policies that mainly build natural capital.")


def test_sources_and_judgement_are_named():
    result = run(CORE)
    assert all(one.source and one.picture for one in result.findings)
    assert "9 of the 17 policies was judged by an analyst" in finding(result, "tilt").note
