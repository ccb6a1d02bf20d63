"""Importing: what is added, what is changed, what stays, who may, and at what cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from policies.actions import initiatives
from policies.actions.action import NotAllowedError, StaleVersionError
from policies.actions.people import registrar
from policies.actions.reference import FOLDER
from policies.models import (
    CapitalLink,
    Commitment,
    Footprint,
    Initiative,
    Measure,
    Organisation,
    Outcome,
    OutcomeLink,
    Partnership,
    Policy,
    Responsibility,
)
from policies.workbook import importing
from policies.workbook.importing import import_workbook
from policies.workbook.reader import read_folder
from tests.policies import factories, steps
from tests.policies.workbook.tables import commitment, policy, workbook
from tests.policies.written import written

pytestmark = pytest.mark.usefixtures("landscape")

LUF = "MHCLG-0001"


def put(by=None, **sheets):
    return import_workbook(by=by or registrar(), tables=workbook(**sheets))


def counted(plan, sheet):
    count = plan.counts[sheet]
    return count.added, count.changed, count.unchanged


def test_the_landscape_twice_changes_nothing():
    ids = {model: set(model.objects.values_list("pk", flat=True)) for model in (Initiative, Responsibility, Measure)}
    before = written()
    plan = import_workbook(by=registrar(), tables=read_folder(FOLDER / "landscape_2021"))
    assert written() == before
    assert {sheet: counted(plan, sheet) for sheet in plan.counts} == {
        "policies": (0, 0, 49),
        "commitments": (0, 0, 68),
        "partnerships": (0, 0, 28),
        "roles": (0, 0, 318),
        "capital_links": (0, 0, 84),
        "outcome_links": (0, 0, 92),
        "criteria": (0, 0, 63),
        "measures": (0, 0, 166),
    }
    assert all(set(model.objects.values_list("pk", flat=True)) == found for model, found in ids.items())


def test_a_dry_run_counts_and_writes_nothing():
    before = written()
    plan = import_workbook(by=registrar(), tables=workbook(policies=policy()), dry_run=True)
    assert counted(plan, "policies") == (1, 0, 0)
    assert written() == before


def test_a_new_policy_with_all_that_hangs_on_it():
    put(
        policies=policy(
            status="published",
            lead="Department of Health and Social Care",
            start_date="2027-01-01",
            start_precision="year",
            value_gbp="£1,500,000",
            places="E06000001; E12000001",
            collections="core_2021",
            source_title="A plan",
            source_url="https://example.org/plan",
        ),
        commitments=commitment(due_date="2030-03-31", lead="dhsc"),
        roles=[{"initiative": "DHSC-9001", "organisation": "QWO", "role": "delivery", "basis": "judged"}],
        capital_links={"initiative": "DHSC-9001", "capital": "Human", "weight": "primary"},
        outcome_links={
            "initiative": "DHSC-9001",
            "outcome": "obesity",
            "direction": "improves",
            "horizon": "long",
            "strength": "2",
            "stated_in_text": "yes",
        },
        criteria={
            "initiative": "DHSC-9001",
            "round": "1",
            "stage": "formula",
            "criterion": "Need",
            "weight_percent": "40",
            "measure_type": "health",
            "is_health": "true",
            "indicator": "fingertips:90362",
        },
        measures={
            "initiative": "DHSC-9002",
            "indicator": "fingertips:90362",
            "is_health": "true",
            "target_value": "65.5",
        },
    )
    made = Policy.objects.get(reference="DHSC-9001")
    assert (made.value_gbp, made.start_precision, made.version) == (1_500_000, "year", 1)
    assert made.published_by == made.created_by == registrar()
    assert set(made.areas.values_list("name", flat=True)) == {"Hartlepool", "North East"}
    lead = made.responsibilities.get(role="lead")
    assert (lead.organisation.code, lead.source_url) == ("dhsc", "https://example.org/plan")
    assert made.responsibilities.get(role="delivery").organisation.code == "wy-icb"
    assert made.capital_links.get().basis == "judged"
    link = made.outcome_links.get()
    assert (link.strength, link.gap, link.stated_in_text) == (2, "unknown", True)
    promise = Commitment.objects.get(reference="DHSC-9002")
    assert (promise.parent, promise.due_precision, promise.status) == (made, "day", "draft")
    assert promise.measures.get().purpose == "progress"


def test_matching_by_short_code_and_changing_what_differs():
    before = Policy.objects.get(reference=LUF)
    plan = put(policies=policy(reference="", short_code="LUF", title="The Levelling Up Fund", form="fund"))
    after = Policy.objects.get(pk=before.pk)
    assert counted(plan, "policies") == (0, 1, 0)
    assert (after.title, after.reference, after.version) == ("The Levelling Up Fund", LUF, before.version + 1)
    assert after.value_gbp == before.value_gbp, "a column that the file lacks leaves its field alone"
    assert after.areas.count() == 1


def test_a_cell_that_is_there_and_empty_empties_its_field():
    put(policies=policy(reference=LUF, title="Levelling Up Fund", form="fund", summary="", places="", status=""))
    after = Policy.objects.get(reference=LUF)
    assert (after.summary, after.areas.count(), after.status) == ("", 0, "published")


def test_places_follow_the_cell():
    row = policy(reference=LUF, title="Levelling Up Fund", form="fund")
    put(policies=row | {"places": "E92000001;E06000001"})
    kept = Footprint.objects.get(initiative__reference=LUF, area__gss_code="E92000001").pk
    plan = put(policies=row | {"places": "E92000001;S92000003"})
    assert counted(plan, "policies") == (0, 1, 0)
    found = Footprint.objects.filter(initiative__reference=LUF)
    assert set(found.values_list("area__gss_code", flat=True)) == {"E92000001", "S92000003"}
    assert found.filter(pk=kept).exists()


def test_a_changed_row_keeps_its_id_and_moves_the_version():
    link = OutcomeLink.objects.get(initiative__reference=LUF, outcome__code="mental_wellbeing")
    version = link.initiative.version
    row = {"initiative": LUF, "outcome": "mental_wellbeing", "direction": "mixed", "horizon": "long"}
    assert counted(put(outcome_links=row), "outcome_links") == (0, 1, 0)
    link.refresh_from_db()
    assert (link.direction, link.initiative.version) == ("mixed", version + 1)
    before = written()
    assert counted(put(outcome_links=row), "outcome_links") == (0, 0, 1)
    assert written() == before


def test_the_lead_gives_way_to_another():
    put(policies=policy(reference=LUF, title="Levelling Up Fund", form="fund", lead="dluhc"))
    assert Responsibility.objects.get(initiative__reference=LUF, role="lead").organisation.code == "dluhc"
    put(roles={"initiative": LUF, "organisation": "mhclg", "role": "lead", "note": "since 2024"})
    lead = Responsibility.objects.get(initiative__reference=LUF, role="lead")
    assert (lead.organisation.code, lead.note) == ("mhclg", "since 2024")


def test_primary_capitals_can_be_swapped_in_one_file():
    rows = [
        {"initiative": LUF, "capital": "social", "weight": "primary"},
        {"initiative": LUF, "capital": "financial_physical", "weight": "secondary"},
    ]
    assert counted(put(capital_links=rows), "capital_links") == (0, 2, 0)
    assert CapitalLink.objects.get(initiative__reference=LUF, weight="primary").capital.code == "social"


def test_rows_that_the_file_does_not_name_stay():
    roles = Responsibility.objects.count()
    put(roles={"initiative": LUF, "organisation": "dhsc", "role": "consulted"})
    assert Responsibility.objects.count() == roles + 1


def test_new_records_without_a_reference_get_the_next_of_their_series():
    plan = put(
        policies=[
            policy(reference="", title="One", lead="dhsc"),
            policy(reference="", title="Two", lead="dhsc"),
            policy(reference="", title="Nobody's"),
        ],
        partnerships={"title": "A deal", "form": "town_deal"},
    )
    assert counted(plan, "policies") == (3, 0, 0)
    assert list(
        Policy.objects.filter(title__in=["One", "Two"]).order_by("reference").values_list("reference", flat=True)
    ) == [
        "DHSC-0033",
        "DHSC-0034",
    ]
    assert Policy.objects.get(title="Nobody's").reference == "GOV-0002"
    assert Partnership.objects.get(title="A deal").reference == "PSHIP-0029"


def test_a_record_without_a_reference_is_known_again_by_its_title():
    row = policy(reference="", title="One", lead="dhsc")
    promise = {"title": "First step", "parent": "DHSC-9001"}
    put(policies=[row, policy()], commitments=promise)
    before = written()
    plan = put(policies=[row, policy()], commitments=promise)
    assert counted(plan, "policies") == (0, 0, 2)
    assert counted(plan, "commitments") == (0, 0, 1)
    assert written() == before


@pytest.mark.parametrize(
    "spelling",
    [
        "mhclg-2018",
        "ministry-of-housing-communities-and-local-government-2018-2021",
        "MHCLG-2018",
        "Ministry of Housing, Communities and Local Government (2018 to 2021)",
    ],
)
def test_ways_to_name_a_body(spelling):
    before = written()
    assert counted(put(roles={"initiative": LUF, "organisation": spelling, "role": "lead"}), "roles") == (0, 0, 1)
    assert written() == before


def test_codes_of_places_name_their_councils_and_old_codes_too():
    for code, name in (
        ("E06000001", "Hartlepool Borough Council"),
        ("E08000016", "Barnsley Metropolitan Borough Council"),
    ):
        put(roles={"initiative": LUF, "organisation": code, "role": "bidder"})
        assert Responsibility.objects.filter(initiative__reference=LUF, organisation__name=name).exists()


def test_a_place_that_has_ended_is_taken_for_a_time_when_it_was():
    put(policies=policy(start_date="2020-01-01", places="E07000026"))
    assert Policy.objects.get(reference="DHSC-9001").areas.get().name == "Allerdale"


def test_another_organisation_s_assertion_is_left_alone():
    other = OutcomeLink.objects.create(
        initiative=Policy.objects.get(reference=LUF),
        outcome=Outcome.objects.get(code="obesity"),
        direction="worsens",
        horizon="short",
        asserted_by=Organisation.objects.get(code="dhsc"),
    )
    row = {"initiative": LUF, "outcome": "obesity", "direction": "improves", "horizon": "long"}
    assert counted(put(outcome_links=row), "outcome_links") == (1, 0, 0)
    other.refresh_from_db()
    assert other.direction == "worsens"


class TestWhoMay:
    def test_an_editor_writes_drafts_for_their_organisation_only(self, person):
        editor = person("editor", "dhsc")
        put(by=editor, policies=policy(lead="dhsc"))
        assert Policy.objects.get(reference="DHSC-9001").created_by == editor
        before = written()
        with pytest.raises(NotAllowedError):
            put(by=editor, policies=policy(reference="DFT-9001", lead="dft"))
        with pytest.raises(NotAllowedError):
            put(by=editor, policies=policy(reference=LUF, title="Ours now", form="fund", lead="dhsc"))
        with pytest.raises(NotAllowedError):
            put(by=editor, roles={"initiative": LUF, "organisation": "dhsc", "role": "consulted"})
        assert written() == before

    @pytest.mark.parametrize("role", ["editor", "approver"])
    def test_nobody_publishes_or_changes_what_is_public_alone(self, person, role):
        """It takes two people, so a file makes drafts."""
        somebody = person(role, "mhclg-2018")
        before = written()
        with pytest.raises(NotAllowedError):
            put(by=somebody, policies=policy(lead="mhclg-2018", status="published"))
        with pytest.raises(NotAllowedError):
            put(by=somebody, policies=policy(reference=LUF, title="Renamed", form="fund", lead="mhclg-2018"))
        assert written() == before

    def test_a_reader_and_a_stranger_write_nothing_and_an_administrator_everything(self, person):
        for nobody in (person("reader", "dhsc"), person()):
            with pytest.raises(NotAllowedError):
                put(by=nobody, policies=policy(lead="dhsc"))
        put(by=person(administrator=True), policies=policy(reference=LUF, title="Renamed", form="fund"))
        assert Policy.objects.get(reference=LUF).title == "Renamed"


def _rename(record, title):
    initiatives.edit(by=factories.user(is_administrator=True), initiative=record, version=record.version, title=title)


def test_somebody_who_was_faster_is_not_overwritten(monkeypatch):
    """An edit that lands between reading and writing: the import stops, and the edit stays."""
    make_plan = importing.make_plan

    def meanwhile(tables, *more):
        plan = make_plan(tables, *more)
        luf = Initiative.objects.get(reference=LUF)
        steps.revised(luf, lambda copy: _rename(copy, "Edited meanwhile"), by=factories.user(is_administrator=True))
        return plan

    monkeypatch.setattr(importing, "make_plan", meanwhile)
    with pytest.raises(StaleVersionError):
        put(policies=policy(reference=LUF, title="From the file", form="fund"))


def test_queries_do_not_grow_with_rows():
    def queries(rows):
        names = [f"DHSC-{9100 + number}" for number in range(rows)]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            put(
                policies=[policy(reference=name, lead="dhsc", places="E06000001", title=name) for name in names],
                roles=[{"initiative": name, "organisation": "QWO", "role": "delivery"} for name in names],
                outcome_links=[
                    {"initiative": name, "outcome": "obesity", "direction": "improves", "horizon": "long"}
                    for name in names
                ],
                measures=[{"initiative": name, "words": "Weight"} for name in names],
            )
        Initiative.objects.filter(reference__in=names).delete()
        return len(captured)

    assert queries(3) == queries(60)
