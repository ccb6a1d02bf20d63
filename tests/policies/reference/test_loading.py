"""Loading reference data: complete, repeatable, and clear about what is wrong."""

import io
import shutil

import pytest
from django.core.management import CommandError, call_command

from policies.actions.people import registrar
from policies.actions.reference import FOLDER, ReferenceFileError, load_reference
from policies.models import Area, AreaPart, Capital, Change, Indicator, Organisation, Outcome
from tests.policies.written import written

pytestmark = pytest.mark.usefixtures("landscape")


@pytest.fixture
def folder(tmp_path):
    """A copy of the reference files that a test may edit."""
    shutil.copytree(FOLDER, tmp_path / "reference")
    return tmp_path / "reference"


def replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_everything_is_there():
    assert (Capital.objects.count(), Outcome.objects.count(), Area.objects.count()) == (4, 17, 464)
    assert (Organisation.objects.count(), Indicator.objects.count()) == (781, 114)
    assert Organisation.objects.filter(kind="department").count() == 48
    assert Organisation.objects.filter(kind="icb", is_collective=False, active_to=None).count() == 36


def test_ended_codes_know_their_successors():
    assert list(Area.objects.get(gss_code="E07000026").successors.values_list("name", flat=True)) == ["Cumberland"]
    beis = Organisation.objects.get(code="beis")
    assert set(beis.successors.values_list("code", flat=True)) == {"desnz", "dbt", "dsit"}
    assert Organisation.objects.get(code="ncl-icb").successors.get().ods_code == "Z9B2Z"


def test_a_council_whose_code_changed_is_one_body_known_by_both():
    barnsley = Organisation.objects.get(aliases__name="E08000016")
    assert (barnsley.gss_code, barnsley.active_to) == ("E08000038", None)


def test_loading_again_writes_nothing():
    before = written()
    loaded = load_reference(by=registrar())
    assert written() == before
    assert all(not (step.added or step.changed or step.removed) for step in loaded)


def test_a_corrected_cell_changes_its_row_and_no_other(folder):
    before = Organisation.objects.get(code="dft").pk
    replace(folder / "organisations.csv", "dft,Department for Transport,DfT", "dft,Department of Transport,DfT")
    changes = Change.objects.count()
    loaded = {step.name: step for step in load_reference(by=registrar(), folder=folder)}
    assert (loaded["Organisations"].changed, loaded["Organisations"].added) == (1, 0)
    assert Change.objects.count() == changes + 1
    assert Organisation.objects.get(name="Department of Transport").pk == before


def test_a_part_that_the_file_no_longer_names_goes_and_the_closure_follows(folder):
    path = folder / "area_parts.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("E06000001,E47000006")), encoding="utf-8")
    loaded = {step.name: step for step in load_reference(by=registrar(), folder=folder)}
    assert loaded["Places within places, directly"].removed == 1
    assert loaded["Places within places, in all"].removed == 1
    assert not AreaPart.objects.filter(part__gss_code="E06000001", whole__gss_code="E47000006").exists()


def test_organisations_that_somebody_added_stay():
    Organisation.objects.create(code="own", name="Our own", kind="other", sector="other", lineage="own")
    load_reference(by=registrar())
    assert Organisation.objects.filter(code="own").exists()


def test_an_unknown_code_is_named_with_file_and_row_and_nothing_is_loaded(folder):
    replace(folder / "organisations.csv", "E47000001,,E47000001", "E47000001,,E47999999")
    before = written()
    with pytest.raises(ReferenceFileError, match=r"organisations.csv, row \d+, column area: .* E47999999"):
        load_reference(by=registrar(), folder=folder)
    assert written() == before


def test_the_command_prints_a_line_for_each_table():
    output = io.StringIO()
    call_command("load_reference", stdout=output)
    assert "  Places: 464 (up to date)\n" in output.getvalue()
    assert "  Organisations: 781 (up to date)\n" in output.getvalue()


def test_from_nothing_everything_is_added(empty_register):
    Indicator.objects.all().delete()
    loaded = {step.name: step for step in load_reference(by=registrar())}
    assert str(loaded["Indicators"]) == "Indicators: 114 (114 added)"


def test_the_command_says_which_file_is_missing(folder):
    (folder / "indicators.csv").unlink()
    with pytest.raises(CommandError, match=r"indicators\.csv"):
        call_command("load_reference", folder=folder, stdout=io.StringIO())


def test_loading_takes_the_same_number_of_queries_however_many_rows(folder, django_assert_max_num_queries):
    with django_assert_max_num_queries(60):
        load_reference(by=registrar(), folder=folder)
