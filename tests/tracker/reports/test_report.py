"""The report as an object: what it takes, what it costs, and what it says when there is nothing to say."""

import dataclasses

import pytest

from policies.models import Collection
from tests.policies import factories
from tests.tracker.reports.reading import REPORT, cells, finding, run
from tracker.models import Scan
from tracker.reports import words
from tracker.reports.base import BARS, COUNT, DOTS, MATRIX, SHARES, TEXT, Cell
from tracker.reports.catalogue import REPORTS
from tracker.web import pictures

DRAWN = {SHARES: pictures.share_bar, BARS: pictures.bar_chart, DOTS: pictures.dot_grid, MATRIX: pictures.matrix}
MOST_QUERIES = 21


@pytest.fixture
def queries(django_assert_max_num_queries, landscape):
    """The report on a portfolio costs no more than so many queries."""

    def count(**asked):
        with django_assert_max_num_queries(MOST_QUERIES):
            return REPORT.run(asked)

    return count


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"collection": ["core_2021", "wider_2021"]},
        {"collection": ["all"]},
        {"collection": ["all"], "lead_lineage": "health"},
    ],
)
def test_queries_are_few(queries, asked):
    queries(**asked)


def test_queries_do_not_grow_with_the_register(landscape, django_assert_num_queries):
    REPORT.run({})
    with django_assert_num_queries(20):
        REPORT.run({})
    core = Collection.objects.get(code="core_2021")
    for _ in range(5):
        policy = factories.policy(status="published", value_gbp=5)
        factories.collection_item(collection=core, initiative=policy)
        factories.responsibility(initiative=policy)
        factories.commitment(parent=policy, status="published")
    with django_assert_num_queries(20):
        REPORT.run({})


def test_the_core_is_what_one_gets_without_asking(landscape):
    assert REPORT.run().portfolio == "Levelling up 2021: core"
    assert REPORT.run({"collection": ""}).portfolio == "Levelling up 2021: core"
    assert REPORT.run({"collection": ["core_2021", "all"]}).portfolio == "Every policy on the register"
    assert REPORT.run({"lead_lineage": "transport"}).portfolio.endswith("led by Department for Transport")


def test_without_the_landscape_everything_is_what_one_gets(empty_register):
    Collection.objects.all().delete()
    assert REPORT.run().portfolio == "Every policy on the register"


@pytest.mark.parametrize("asked", [{"collection": "core"}, {"lead_lineage": "ministry-of-silly-walks"}])
def test_what_is_not_understood_is_refused(landscape, asked):
    filters = REPORT.filterset(asked)
    assert not filters.form.is_valid()
    with pytest.raises(ValueError, match=r"core|silly"):
        REPORT.result(filters)


def test_as_of_and_last_scan(landscape):
    result = run("core_2021")
    assert result.last_scan == Scan.objects.latest()
    assert result.as_of.tzinfo
    assert result.coverage.code == "coverage"
    assert [one.code for one in result.findings] == [
        "tilt",
        "health-in-criteria",
        "nhs-role",
        "local-government-role",
        "fragmentation",
        "health-measures",
        "devolution",
    ]


@pytest.mark.parametrize("collection", ["core_2021", "health_2021", "all"])
def test_every_picture_can_be_drawn_and_every_row_fits_its_columns(landscape, collection):
    result = run(collection)
    for one in (result.coverage, *result.findings):
        drawn = DRAWN[one.picture.kind](one.picture.title, one.picture.sentence, **one.picture.data)
        assert drawn.title
        assert one.picture.sentence
        for part in one.tables:
            assert part.rows
            for row in part.rows:
                assert len(row) == len(part.columns)
                for cell, (_head, kind) in zip(row, part.columns, strict=True):
                    assert cell.kind in (kind, TEXT) or cell.value is None


def test_an_empty_register_is_said_to_be_empty(empty_register):
    result = run("all")
    assert {code: finding(result, code).sentence for code in ("coverage", "tilt", "nhs-role", "devolution")} == {
        "coverage": "There is no live policy in this portfolio, so there is nothing to judge.",
        "tilt": "There is no live policy in this portfolio.",
        "nhs-role": "There is no live policy in this portfolio.",
        "devolution": "No live devolution deal is on the register.",
    }
    assert finding(result, "health-in-criteria").sentence.startswith("No allocation criteria are recorded")
    assert finding(result, "health-measures").sentence == "No live commitment is recorded under this portfolio."
    assert all(one.picture is None for one in (result.coverage, *result.findings))
    numbers = [cell.value for _one, _part, cell in cells(result) if cell.kind == COUNT and cell.of != "outcomes"]
    assert numbers
    assert not any(numbers)


def test_policies_without_links_or_money_are_not_called_aligned(empty_register):
    factories.policy(status="published")
    result = run("all")
    assert finding(result, "tilt").sentence == "No primary capital is recorded for 1 of 1 policy."
    assert finding(result, "nhs-role").sentence == "A role for the NHS is recorded in 0 of 1 policy."
    assert "In 1 no role is recorded." in finding(result, "local-government-role").sentence
    assert finding(result, "fragmentation").sentence.startswith("No lead department is recorded.")
    assert "0 of 1 policy" in result.coverage.sentence


def test_tilt_by_number_where_no_value_is_known(empty_register):
    from policies.models import Capital

    policy = factories.policy(status="published")
    factories.capital_link(initiative=policy, capital=Capital.objects.get(code="human"), weight="primary")
    tilt = finding(run("all"), "tilt")
    assert tilt.sentence.startswith("No value in pounds is recorded, so only policies can be counted")
    assert tilt.picture.title == "Policies by primary capital"
    assert tilt.tables[0].rows[1][2].value is None


def test_words_never_say_not_involved_of_a_gap(landscape):
    for collection in ("core_2021", "health_2021", "all"):
        for one in run(collection).findings:
            assert "not involved" not in one.sentence
            assert " no role" not in one.sentence or "recorded" in one.sentence


def test_values_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Cell(1).value = 2


def test_catalogue():
    assert all(code == report.code and report.title and report.description for code, report in REPORTS.items())


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 7, "none of the 7 policies"),
        (1, 12, "1 of the 12 policies"),
        (13, 13, "all 13 policies"),
        (0, 1, "0 of 1 policy"),
        (1, 1, "1 of 1 policy"),
    ],
)
def test_parts_in_words(part, whole, said):
    assert words.out_of_policies(part, whole) == said


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (0, "£0"),
        (950, "£950"),
        (950_000, "£950,000"),
        (220_000_000, "£220m"),
        (28_000_000_000, "£28bn"),
        (54_570_000_000, "£54.57bn"),
        (1_200_000_000_000, "£1.2tn"),
    ],
)
def test_pounds_in_words(amount, said):
    assert words.pounds(amount) == said
