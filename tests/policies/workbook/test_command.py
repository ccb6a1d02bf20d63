"""manage.py load_landscape: what it prints, and how it fails."""

import io
import shutil

import pytest
from django.core.management import CommandError, call_command

from policies.actions.reference import FOLDER
from policies.models import Policy
from tests.policies.written import written


def test_from_nothing_and_again(empty_register):
    first, second = io.StringIO(), io.StringIO()
    call_command("load_landscape", stdout=first)
    assert "  Policies: 49 added, 0 changed, 0 up to date\n" in first.getvalue()
    assert "  Outcome links: 92 added, 0 changed, 0 up to date\n" in first.getvalue()
    assert Policy.objects.count() == 49
    before = written()
    call_command("load_landscape", stdout=second)
    assert "  Policies: 0 added, 0 changed, 49 up to date\n" in second.getvalue()
    assert written() == before


def test_a_wrong_file_lists_every_problem_and_loads_nothing(landscape, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(FOLDER / "landscape_2021", folder)
    path = folder / "policies.csv"
    text = path.read_text(encoding="utf-8").replace(",fund,", ",funding,", 2)
    path.write_text(text, encoding="utf-8")
    before, errors = written(), io.StringIO()
    with pytest.raises(CommandError, match=r"Nothing was loaded: 2 problems\."):
        call_command("load_landscape", folder=folder, stdout=io.StringIO(), stderr=errors)
    assert errors.getvalue().count("“funding” is not one of the choices for form.") == 2
    assert written() == before
