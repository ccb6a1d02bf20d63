"""Who the servers run as, and the directories they get."""

import os
import pwd
import stat
import subprocess
from pathlib import Path

import pytest

from config.embedded import accounts
from config.embedded.accounts import Account
from config.embedded.errors import StartError

OURSELVES = accounts.ourselves()


def no_entry(_):
    raise KeyError


def test_a_user_without_an_entry_is_pointed_to_another_server(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    monkeypatch.setattr(pwd, "getpwuid", no_entry)
    with pytest.raises(StartError, match="DATABASE_URL"):
        accounts.server_account()


def test_root_moves_the_servers_to_nobody(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: None)
    account = accounts.server_account()
    assert account.other
    assert account.popen_arguments() == {"user": account.uid, "group": account.gid, "extra_groups": []}
    assert account.uid == pwd.getpwnam("nobody").pw_uid


def test_root_without_nobody_is_pointed_to_another_server(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", no_entry)
    with pytest.raises(StartError, match="DATABASE_URL"):
        accounts.server_account()


def test_root_that_may_not_change_users_is_pointed_to_another_server(monkeypatch):
    def refused(*_, **__):
        raise PermissionError

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(subprocess, "run", refused)
    with pytest.raises(StartError, match="CAP_SETUID"):
        accounts.server_account()


def test_a_missing_state_directory_is_made_with_its_parents(tmp_path):
    accounts.make_root(tmp_path / "one" / "two", OURSELVES)
    assert stat.S_IMODE((tmp_path / "one" / "two").stat().st_mode) == 0o700


def test_a_directory_that_is_there_keeps_its_mode(tmp_path):
    tmp_path.chmod(0o750)
    accounts.make_root(tmp_path, OURSELVES)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o750


def test_a_state_directory_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StartError, match="TRACKER_STATE_DIR"):
        accounts.make_root(tmp_path / "file" / "state", OURSELVES)


def test_a_state_directory_that_is_a_file_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StartError, match="TRACKER_STATE_DIR"):
        accounts.make_root(tmp_path / "file", OURSELVES)


def test_a_state_directory_that_the_servers_may_not_enter_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(accounts, "may_enter", lambda *_: False)
    with pytest.raises(StartError, match="nobody"):
        accounts.make_root(tmp_path / "state", Account(os.geteuid(), os.getegid(), other=True))


def test_an_own_directory_is_for_the_account_alone(tmp_path):
    accounts.own_directory(tmp_path / "run", OURSELVES)
    assert stat.S_IMODE((tmp_path / "run").stat().st_mode) == 0o700


def test_a_directory_of_somebody_else_is_not_used(tmp_path, monkeypatch):
    (tmp_path / "run").mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(StartError, match="belongs to another user"):
        accounts.own_directory(tmp_path / "run", Account(54322, 54322, other=False))


def test_a_link_to_a_directory_is_not_used(tmp_path):
    (tmp_path / "run").symlink_to(tmp_path)
    with pytest.raises(StartError, match="not a directory"):
        accounts.own_directory(tmp_path / "run", OURSELVES)


def test_may_enter_asks_the_system():
    assert accounts.may_enter(Path("/"), OURSELVES)
    assert not accounts.may_enter(Path("/no/such/place"), OURSELVES)
