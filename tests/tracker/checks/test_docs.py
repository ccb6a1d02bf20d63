"""docs/checks says what the code says."""

import pytest
from django.core.management import CommandError, call_command

from tracker.checks.catalogue import catalogue
from tracker.management.commands import check_docs


def test_the_pages_are_up_to_date():
    call_command("check_docs", check=True)


def test_a_changed_text_is_noticed(monkeypatch):
    monkeypatch.setattr(catalogue()["NHS001"], "title", "Something else")
    with pytest.raises(CommandError, match=r"README\.md|NHS001\.md"):
        call_command("check_docs", check=True)


def test_what_is_missing_is_written_and_what_is_left_over_goes(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(check_docs, "FOLDER", tmp_path)
    (tmp_path / "OLD001.md").write_text("gone")
    call_command("check_docs")
    assert {path.name for path in tmp_path.iterdir()} == {"README.md", *(f"{code}.md" for code in catalogue())}
    assert "100,000,000" in (tmp_path / "CAP004.md").read_text()
