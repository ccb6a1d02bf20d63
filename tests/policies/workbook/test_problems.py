"""Every fault that a row can have: what is said, where, and what would be accepted."""

import re

import pytest

from policies.actions.people import registrar
from policies.models import Organisation, OrganisationAlias
from policies.workbook.importing import import_workbook
from policies.workbook.problems import WorkbookError
from policies.workbook.sheets import SHEETS
from tests.policies.workbook.tables import commitment, policy, workbook
from tests.policies.written import written

pytestmark = pytest.mark.usefixtures("landscape")

KNOWN = "MHCLG-0001"
LUF_OUTCOME = {"initiative": KNOWN, "outcome": "obesity", "direction": "improves", "horizon": "long"}
LUF_CRITERION = {
    "initiative": KNOWN,
    "round": "1",
    "stage": "formula",
    "criterion": "Population",
    "measure_type": "other",
}


def refused(**sheets):
    before = written()
    with pytest.raises(WorkbookError) as caught:
        import_workbook(by=registrar(), tables=workbook(**sheets))
    assert written() == before
    return caught.value.problems


CASES = {
    "empty": (
        {"policies": policy(title=" ")},
        "policies, row 2, column title: The title is empty.",
    ),
    "too long": (
        {"policies": policy(title="x" * 251)},
        "policies, row 2, column title: The title has 251 characters. There is room for 250. Shorten it by 1.",
    ),
    "unknown character": (
        {"policies": policy(summary="a\x00b")},
        "policies, row 2, column summary: The text holds a character that cannot be kept.",
    ),
    "nothing to see": (
        {"policies": policy(title="\u200b\u2060")},
        "policies, row 2, column title: The text holds characters that nobody can see.",
    ),
    "turned words": (
        {"policies": policy(summary="a\u202eb")},
        "policies, row 2, column summary: The text holds characters that nobody can see.",
    ),
    "choice": (
        {"policies": policy(form="scheme")},
        (
            "policies, row 2, column form: “scheme” is not one of the choices for form. Rows are counted by it. "
            "Write one of those that are accepted. Accepted: strategy, white_paper, green_paper, bill, fund, programme."
        ),
    ),
    "date": (
        {"policies": policy(start_date="31/03/2027")},
        "policies, row 2, column start_date: “31/03/2027” is not a date.",
    ),
    "no such day": (
        {"policies": policy(start_date="2027-02-30")},
        "policies, row 2, column start_date: “2027-02-30” is not a date.",
    ),
    "precision alone": (
        {"policies": policy(start_date="", start_precision="year")},
        "policies, row 2, column start_date: There is a start precision and no date.",
    ),
    "order of dates": (
        {"policies": policy(start_date="2027-01-02", end_date="2027-01-01")},
        "policies, row 2, column end_date: It ends on 2027-01-01 and begins on 2027-01-02.",
    ),
    "money": (
        {"policies": policy(value_gbp="4.8bn")},
        "policies, row 2, column value_gbp: “4.8bn” is not a number.",
    ),
    "not a number": (
        {"policies": policy(value_gbp="NaN")},
        "policies, row 2, column value_gbp: “NaN” is not a number.",
    ),
    "below zero": (
        {"policies": policy(value_gbp="-5")},
        "policies, row 2, column value_gbp: “-5” is below zero.",
    ),
    "too large": (
        {"policies": policy(value_gbp="1" + "0" * 14)},
        "policies, row 2, column value_gbp: “100000000000000” is too large.",
    ),
    "pennies": (
        {"policies": policy(value_gbp="1.005")},
        "policies, row 2, column value_gbp: “1.005” has too many decimal places.",
    ),
    "price year": (
        {"policies": policy(price_year="21")},
        "policies, row 2, column price_year: “21” is not a year between 1990 and 2100.",
    ),
    "address": (
        {"policies": policy(source_url="www.gov.uk/x")},
        "policies, row 2, column source_url: “www.gov.uk/x” is not a web address.",
    ),
    "organisation": (
        {"policies": policy(lead="Department for Transprt")},
        (
            "policies, row 2, column lead: No organisation is known as “Department for Transprt”. It is never made "
            "up from a file. Give its code, its GOV.UK name, its GSS or ODS code, or its name in "
            "full. Accepted: dft, dcms."
        ),
    ),
    "place": (
        {"policies": policy(places="E92000001;E99999999")},
        "policies, row 2, column places: No place is known as “E99999999”.",
    ),
    "ended place": (
        {"policies": policy(start_date="2024-01-01", places="E07000026")},
        (
            "policies, row 2, column places: E07000026 (Allerdale) ended on 2023-03-31, before "
            "2024-01-01. The place had "
            "another code by then. Give the code of the time. Accepted: E06000063 (Cumberland)."
        ),
    ),
    "collection": (
        {"policies": policy(collections="core")},
        "policies, row 2, column collections: No collection is known as “core”.",
    ),
    "reference": (
        {"policies": policy(reference="policy one")},
        "policies, row 2, column reference: “POLICY ONE” does not look like a reference.",
    ),
    "described twice": (
        {"policies": [policy(), policy(title="Again")]},
        "policies, row 3, column reference: DHSC-9001 is described in row 2 of policies too.",
    ),
    "other kind": (
        {"policies": policy(reference="PSHIP-0001")},
        "policies, row 2, column reference: PSHIP-0001 is a partnership.",
    ),
    "short code of another": (
        {"policies": policy(reference="MHCLG-0002", short_code="luf")},
        "policies, row 2, column short_code: “luf” is the short code of MHCLG-0001.",
    ),
    "new reference": (
        {"policies": policy(short_code="luf")},
        "policies, row 2, column reference: “luf” has the reference MHCLG-0001.",
    ),
    "closed by a row": (
        {"policies": policy(status="closed")},
        "policies, row 2, column status: A row cannot make an initiative closed.",
    ),
    "back to draft": (
        {"policies": policy(reference=KNOWN, status="draft")},
        "policies, row 2, column status: MHCLG-0001 is published. What was public stays public.",
    ),
    "parent": (
        {"commitments": commitment(parent="DHSC-8000")},
        "commitments, row 2, column parent: No initiative is known as “DHSC-8000”.",
    ),
    "parent is a commitment": (
        {"policies": policy(), "commitments": [commitment(), commitment(reference="DHSC-9003", parent="DHSC-9002")]},
        "commitments, row 3, column parent: DHSC-9002 is a commitment.",
    ),
    "scope": (
        {"partnerships": {"title": "A deal", "form": "town_deal", "health_in_scope": "maybe"}},
        "partnerships, row 2, column health_in_scope: “maybe” is neither true nor false.",
    ),
    "initiative": (
        {"roles": {"initiative": "MHCLG-01", "organisation": "dhsc", "role": "delivery"}},
        "roles, row 2, column initiative: No initiative is known as “MHCLG-01”.",
    ),
    "two leads": (
        {"policies": policy(lead="dhsc"), "roles": {"initiative": "DHSC-9001", "organisation": "dft", "role": "lead"}},
        (
            "roles, row 2, column role: Row 2 of policies names Department of Health and Social Care as the lead. One "
            "organisation answers for an initiative. Make one of them co-lead. Accepted: co-lead."
        ),
    ),
    "a role twice": (
        {
            "roles": [
                {"initiative": spelling, "organisation": "dhsc", "role": "delivery"} for spelling in (KNOWN, "luf")
            ]
        },
        "roles, row 3, column role: Row 2 is about the same thing.",
    ),
    "capital": (
        {"capital_links": {"initiative": KNOWN, "capital": "physical", "weight": "secondary"}},
        (
            "capital_links, row 2, column capital: No capital is known as “physical”. It is never "
            "made up from a file. Give "
            "the code of one of the four capitals. Accepted: financial and physical, "
            "financial_physical, human, natural, social."
        ),
    ),
    "second primary": (
        {"capital_links": {"initiative": KNOWN, "capital": "human", "weight": "primary"}},
        "capital_links, row 2, column weight: MHCLG-0001 has another primary capital.",
    ),
    "outcome": (
        {"outcome_links": LUF_OUTCOME | {"outcome": "obsity"}},
        "outcome_links, row 2, column outcome: No outcome is known as “obsity”.",
    ),
    "strength": (
        {"outcome_links": LUF_OUTCOME | {"strength": "5"}},
        "outcome_links, row 2, column strength: “5” is not one of the choices for strength.",
    ),
    "weight": (
        {"criteria": LUF_CRITERION | {"weight_percent": "120"}},
        "criteria, row 2, column weight_percent: “120” is not between 0 and 100.",
    ),
    "indicator": (
        {"criteria": LUF_CRITERION | {"indicator": "fingertips:9036"}},
        (
            "criteria, row 2, column indicator: No indicator is known as “fingertips:9036”. It is "
            "never made up from a file. "
            "Give its code: publisher, colon, number. Accepted: fingertips:9"
        ),
    ),
    "measure of nothing": (
        {"measures": {"initiative": KNOWN, "words": "", "unit": "years"}},
        "measures, row 2, column words: The row names no indicator and has no words.",
    ),
    "target before start": (
        {"measures": {"initiative": KNOWN, "words": "x", "baseline_date": "2027-01-01", "target_date": "2026-01-01"}},
        "measures, row 2, column target_date: The target, 2026-01-01, is before the start, 2027-01-01.",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_one_fault_one_sentence(name):
    sheets, words = CASES[name]
    (problem,) = refused(**sheets)
    assert str(problem).startswith(words)
    assert problem.what
    assert problem.why
    assert problem.fix


def test_all_faults_of_a_file_come_at_once_and_in_reading_order():
    found = refused(
        roles={"initiative": "NOPE-0001", "organisation": "nobody", "role": "boss"},
        policies=[policy(form="x", value_gbp="y"), policy(reference="DHSC-9003", start_date="z")],
    )
    assert [(p.sheet, p.row, p.column) for p in found] == [
        ("policies", 2, "form"),
        ("policies", 2, "value_gbp"),
        ("policies", 3, "start_date"),
        ("roles", 2, "initiative"),
        ("roles", 2, "organisation"),
        ("roles", 2, "role"),
    ]
    assert (found[1].value, found[0].allowed[0]) == ("y", "strategy")


def test_a_faulty_row_does_not_make_rows_that_name_it_faulty():
    found = refused(
        policies=policy(form="x"),
        commitments=commitment(),
        roles={"initiative": "DHSC-9001", "organisation": "dhsc", "role": "delivery"},
    )
    assert [(p.sheet, p.column) for p in found] == [("policies", "form")]


def test_a_name_of_two_bodies_is_not_guessed():
    OrganisationAlias.objects.create(organisation=Organisation.objects.get(code="dwp"), name="Department for Transport")
    (problem,) = refused(policies=policy(lead="Department for Transport"))
    assert "is the name of more than one organisation" in problem.what
    assert problem.allowed == ("dft", "dwp")


def test_a_title_of_two_records_is_not_guessed():
    for reference in ("DHSC-9001", "DHSC-9005"):
        import_workbook(by=registrar(), tables=workbook(policies=policy(reference=reference, title="Twins")))
    (problem,) = refused(policies=policy(reference="", title="twins"))
    assert problem.allowed == ("DHSC-9001", "DHSC-9005")


def test_words_that_readers_of_government_pages_do_not_want():
    words = [str(case) for _, case in CASES.values()] + [c.guidance for sheet in SHEETS for c in sheet.columns]
    assert not re.search(r"\b(please|sorry|invalid|valid|forbidden)\b", " ".join(words), re.I)
