"""A workbook goes round: what is exported reads back as it is, and a changed cell is one change."""

from decimal import Decimal

import pytest

from policies.actions.people import registrar
from policies.actions.undo import ROWS
from policies.models import Initiative, Kind, Organisation, OutcomeLink
from policies.workbook.exporting import export, write
from policies.workbook.files import read_file
from policies.workbook.importing import import_workbook
from tests.policies.written import written

pytestmark = pytest.mark.usefixtures("landscape")

NAMES = {Kind.POLICY: "policies", Kind.COMMITMENT: "commitments", Kind.PARTNERSHIP: "partnerships"}


def exported(kind, file_format, initiatives=None, user=None):
    found = initiatives if initiatives is not None else Initiative.objects.filter(kind=kind).order_by("reference")
    return write(export(found, kind=kind, user=user or registrar()), file_format)


def read_back(content, **more):
    return import_workbook(by=registrar(), tables=read_file("list", content), **more)


@pytest.mark.parametrize("file_format", ["xlsx", "ods"])
@pytest.mark.parametrize("kind", NAMES)
def test_everything_reads_back_unchanged(kind, file_format, person):
    content, before = exported(kind, file_format, user=person(administrator=True)), written()
    plan = read_back(content)
    assert written() == before
    assert plan.differences == []
    assert all(count.added == count.changed == 0 for count in plan.counts.values())
    assert plan.counts[NAMES[kind]].unchanged == Initiative.objects.filter(kind=kind).count()


@pytest.mark.parametrize("file_format", ["xlsx", "ods"])
def test_one_changed_cell_is_one_change_and_ids_survive(file_format, person):
    before = {model: set(model.objects.values_list("pk", flat=True)) for model in (Initiative, *ROWS)}
    tables = read_file("list", exported(Kind.POLICY, file_format, user=person(administrator=True)))
    number, row = tables["policies"].rows[7]
    row["title"] = "Another title"
    plan = import_workbook(by=registrar(), tables=tables)
    (difference,) = plan.differences
    assert (difference.sheet, difference.row, difference.what) == ("policies", number, "changed")
    assert [(column, after) for column, _, after in difference.cells] == [("title", "Another title")]
    assert Initiative.objects.get(reference=row["reference"]).title == "Another title"
    assert {model: set(model.objects.values_list("pk", flat=True)) for model in before} == before


@pytest.mark.parametrize("file_format", ["xlsx", "ods"])
@pytest.mark.parametrize(
    "values",
    [
        {"summary": "One.\r\n\r\nTwo,  with spaces \r\n"},
        {"summary": "x" * 40_000},
        {"notes": "=1+1", "source_quote": "<b>&amp;</b> “quoted” _x0041_ \x0b"},
        {"value_gbp": Decimal("99999999999999.99")},
        {"value_gbp": Decimal("0.10"), "price_year": 2021},
        {"title": "@SUM(A1)", "short_code": "-2"},
        {"title": "007", "value_note": "2021-03-31", "source_title": "TRUE"},
    ],
)
def test_awkward_content_reads_back_unchanged(file_format, values, person):
    found = Initiative.objects.filter(reference="MHCLG-0001")
    found.update(**values)
    plan = read_back(exported(Kind.POLICY, file_format, found, person(administrator=True)))
    assert [difference.cells for difference in plan.differences] == []


@pytest.mark.parametrize("file_format", ["xlsx", "ods"])
def test_a_record_above_that_is_hidden_is_neither_named_nor_taken_away(file_format, person):
    child = Initiative.objects.filter(kind="commitment", parent__isnull=False).first()
    Initiative.objects.filter(pk=child.parent_id).update(sensitivity="official_sensitive")
    found = Initiative.objects.filter(pk=child.pk)
    content = exported(Kind.COMMITMENT, file_format, found, person("editor", "nhs-england"))
    (row,) = read_file("list", content)["commitments"].rows
    assert row[1]["parent"] == "(kept as it is)"
    assert read_back(content).differences == []


def test_what_an_organisation_asserts_for_itself_is_not_in_the_file(person):
    link = OutcomeLink.objects.filter(asserted_by=None).first()
    theirs = Organisation.objects.exclude(pk=link.asserted_by_id).first()
    OutcomeLink.objects.create(
        initiative=link.initiative, outcome=link.outcome, direction="mixed", horizon="long", asserted_by=theirs
    )
    found = Initiative.objects.filter(pk=link.initiative_id)
    kind = found.get().kind
    plan = read_back(exported(kind, "xlsx", found, person(administrator=True)))
    assert plan.differences == []


def test_the_version_of_each_record_is_in_the_file(person):
    tables = read_file("list", exported(Kind.POLICY, "xlsx"))
    versions = dict(Initiative.objects.values_list("reference", "version"))
    assert all(row["version"] == str(versions[row["reference"]]) for _, row in tables["policies"].rows)
