"""`manage.py scan`: what it says, and that it waits for a scan that is running."""

import pytest
from django.core.management import call_command

from tracker.actions import scans
from tracker.management.commands import scan as command

pytestmark = pytest.mark.usefixtures("landscape")


def test_a_full_scan_says_what_came_of_it(capsys):
    call_command("scan", full=True)
    assert "Full scan: 145 initiatives" in capsys.readouterr().out


def test_it_waits_for_another_scan(capsys, monkeypatch):
    answers = iter([scans.Result(busy=True), scans.Result(busy=True), scans.Result()])
    monkeypatch.setattr(scans, "scan_changes", lambda **_: next(answers))
    call_command("scan")
    assert "Nothing has changed since the last scan." in capsys.readouterr().out


def test_it_gives_up_in_the_end_and_says_so(capsys, monkeypatch):
    monkeypatch.setattr(command, "PATIENCE_SECONDS", 0.3)
    monkeypatch.setattr(scans, "scan_changes", lambda **_: scans.Result(busy=True))
    with pytest.raises(SystemExit, match="1"):
        call_command("scan")
    assert "Another scan is running" in capsys.readouterr().err
