"""The launcher as a person meets it: start, second start, kills, Ctrl-C, and what it says."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import psycopg
import pytest

from config import embedded
from config.embedded import processes
from config.embedded.lock import running
from config.embedded.paths import PROJECT
from config.supervisor import applications
from config.supervisor.__main__ import main

PATIENCE = 30.0


class Run:
    """One start of the stand-in, its output in a file."""

    def __init__(self, state, port, *arguments, **environment):
        self.state, self.port = state, port
        self.output = state.root / f"output-{time.monotonic_ns()}"
        inherited = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.config.standin", str(port), *arguments],
                cwd=PROJECT,
                env={**inherited, "TRACKER_STATE_DIR": str(state.root), **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self):
        return self.output.read_text()

    def wait_for(self, pattern):
        limit = time.monotonic() + PATIENCE
        while not re.search(pattern, self.said()):
            assert time.monotonic() < limit, f"never said {pattern}:\n{self.said()}"
            assert self.process.poll() is None, self.said()
            time.sleep(0.02)
        return self

    def ended(self):
        return self.process.wait(PATIENCE)

    def pid_of(self, name):
        """The first process of a service: it works in the data directory or was named in its command."""
        if name in ("PostgreSQL", "Valkey"):
            directory = self.state.postgres if name == "PostgreSQL" else self.state.valkey
            return min(processes.working_in(directory))
        children = [pid for pid in processes.holding(self.state.lock) if pid != self.process.pid]
        return next(pid for pid in children if os.path.realpath(f"/proc/{pid}/fd/1").endswith(f"/{name}.log"))


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def start(state, port):
    runs = []

    def one(*arguments, **environment):
        runs.append(Run(state, port, *arguments, **environment))
        return runs[-1]

    yield one
    for run in runs:
        if run.process.poll() is None:
            run.process.send_signal(signal.SIGTERM)
            run.process.wait(PATIENCE)


def nothing_runs(state):
    limit = time.monotonic() + PATIENCE
    while (left := processes.holding(state.lock)) and time.monotonic() < limit:
        time.sleep(0.05)
    return not left


def called(state):
    return (state.root / "called").read_text().replace(" --skip-checks", "").splitlines()


def test_a_start_loads_everything_says_where_it_is_and_stops_on_ctrl_c(start, state, port):
    run = start().wait_for("is ready")
    assert f"http://127.0.0.1:{port}" in run.said()
    assert "49 policies" in run.said()
    run.wait_for("reader@example.org  secret")
    assert called(state) == [
        "migrate --noinput", "collectstatic --noinput", "load_landscape", "demo_users",
        "await_first_scan --timeout 120",
    ]  # fmt: skip
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as page:
        assert page.read().decode() == state.database_url
    run.process.send_signal(signal.SIGINT)
    assert run.ended() == 0
    assert "the data are kept" in run.said()
    assert nothing_runs(state)


def test_a_later_start_keeps_the_data_and_does_only_what_is_left_to_do(start, state):
    run = start().wait_for("Ctrl-C stops")
    with psycopg.connect(state.database_url) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    run.process.send_signal(signal.SIGTERM)
    assert run.ended() == 0
    (state.root / "called").unlink()
    (state.root / "collected").mkdir()  # the stand-in collects nothing

    start().wait_for("Ctrl-C stops")
    assert called(state) == ["migrate --noinput"]
    with psycopg.connect(state.database_url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_reset_deletes_the_data_and_loads_again(start, state):
    run = start().wait_for("Ctrl-C stops")
    with psycopg.connect(state.database_url) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    run.process.send_signal(signal.SIGTERM)
    run.ended()

    start("--reset").wait_for("Ctrl-C stops")
    assert called(state).count("load_landscape") == 2
    with psycopg.connect(state.database_url) as connection:
        assert connection.execute("SELECT to_regclass('kept')").fetchone() == (None,)


@pytest.mark.skipif(not processes.ON_LINUX, reason="finds the processes in /proc")
def test_whatever_is_killed_comes_back(start, state, port):
    run = start().wait_for("Ctrl-C stops")
    for name in ("worker", "web", "beat", "Valkey", "PostgreSQL"):
        before = run.pid_of(name)
        os.kill(before, signal.SIGKILL)
        run.wait_for(rf"{name} was ended by SIGKILL; starting it again in 0\.5 s")
        run.wait_for(f"{name} is back")
        assert run.pid_of(name) != before
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as page:
        assert page.status == 200
    with psycopg.connect(state.database_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_killed_supervisor_leaves_nothing_and_the_next_start_works(start, state):
    run = start().wait_for("Ctrl-C stops")
    run.process.kill()
    run.ended()
    assert nothing_runs(state)
    start().wait_for("Ctrl-C stops")


@pytest.mark.skipif(not processes.ON_LINUX, reason="finds the processes in /proc")
def test_when_everything_is_killed_at_once_the_next_start_works(start, state):
    run = start().wait_for("Ctrl-C stops")
    for pid in processes.holding(state.lock):
        os.kill(pid, signal.SIGKILL)
    run.ended()
    start().wait_for("Ctrl-C stops")


def test_a_second_start_is_told_about_the_first_and_changes_nothing(start, state, port):
    first = start().wait_for("Ctrl-C stops")
    second = start()
    assert second.ended() == 1
    assert f"Already running at http://127.0.0.1:{port}" in second.said()
    assert first.process.poll() is None
    assert running(state.lock)["pid"] == first.process.pid


def test_a_port_in_use_is_a_sentence_that_names_a_free_one(start, state, port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        run = start()
        assert run.ended() == 1
    assert re.search(rf"Port {port} is in use .*make run PORT=\d+`", run.said())
    assert not state.postgres.exists()


def test_a_command_that_fails_stops_everything_and_shows_why(start, state):
    run = start(STANDIN_FAILS="migrate")
    assert run.ended() == 1
    assert "`manage.py migrate` ended with status 1" in run.said()
    assert "the table is on fire" in run.said()
    assert nothing_runs(state)


def test_a_first_scan_that_does_not_come_is_no_reason_to_stop(start):
    run = start(STANDIN_FAILS="await_first_scan").wait_for("Ctrl-C stops")
    assert "flags follow when a scan has finished" in run.said()


def test_ctrl_c_while_starting_stops_what_runs_by_then(start, state):
    run = start().wait_for("Bringing the database")
    run.process.send_signal(signal.SIGINT)
    assert run.ended() == 0
    assert nothing_runs(state)
    assert "is ready" not in run.said()


def test_servers_that_the_environment_names_are_used_and_left_running(start, state, port):
    theirs = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
    for _ in range(2):
        run = start(**theirs).wait_for("Ctrl-C stops")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as page:
            assert page.read().decode() == theirs["DATABASE_URL"]
        run.process.send_signal(signal.SIGTERM)
        assert run.ended() == 0
    assert not state.postgres.exists()
    assert not state.valkey.exists()
    # Whether data that others look after are complete is asked of them at each start.
    assert called(state).count("load_landscape") == 2
    with psycopg.connect(theirs["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, (False, False)),
        ({"DATABASE_URL": "", "REDIS_URL": ""}, (False, False)),
        ({"DATABASE_URL": "postgresql://elsewhere/db"}, (True, False)),
        ({"REDIS_URL": "redis://elsewhere"}, (False, True)),
        ({"DATABASE_URL": embedded.default_database_url()}, (False, False)),
    ],
)
def test_each_server_is_started_unless_the_environment_names_another(given, expected):
    assert applications.external(given) == expected


def test_status_and_stop_from_another_terminal(start, state, port):
    run = start().wait_for("Ctrl-C stops")

    def other(command):
        return subprocess.run(
            [sys.executable, "-m", "config.supervisor", command], cwd=PROJECT, capture_output=True, text=True,
            env={**os.environ, "TRACKER_STATE_DIR": str(state.root)}, check=False,
        )  # fmt: skip

    assert other("status").stdout == f"Running at http://127.0.0.1:{port} (process {run.process.pid}).\n"
    assert other("stop").stdout == "Stopped.\n"
    assert run.ended() == 0
    assert other("status").returncode == 1
    assert other("stop").stdout == "Nothing is running.\n"


@pytest.mark.parametrize("port", ["abc", "", "80 80", "-1", "8000; ls", "٨٠٠٠", "123456"])
def test_a_port_that_is_no_number_is_said_in_a_sentence(port, capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("TRACKER_STATE_DIR", str(tmp_path))
    assert main(["run", f"--port={port}"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("PORT must be a number from 1 to 65535")
    assert "usage" not in said
