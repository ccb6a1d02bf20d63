"""The plugin that starts the tests' servers: for whom, when, and what it leaves."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.embedded.paths import PROJECT

SUITE = """
import os, pathlib, time, psycopg, redis

def test_it():
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        durable = connection.execute("SHOW fsync").fetchone()[0]
    redis.from_url(os.environ["REDIS_URL"]).ping()
    here = pathlib.Path(__file__).parent
    (here / f"seen-{os.getpid()}").write_text(f"{os.environ['TRACKER_STATE_DIR']} {durable} {'PGHOST' in os.environ}")
    if (here / "linger").exists():
        time.sleep(60)

def test_another():
    pass
"""


@pytest.fixture
def suite(tmp_path):
    (tmp_path / "test_suite.py").write_text(SUITE)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p tests.servers -p xdist.plugin -p no:cacheprovider\n")
    return tmp_path


def pytest_on(suite, *arguments, **variables):
    inherited = {
        name: value for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "REDIS_URL", "TRACKER_STATE_DIR") and not name.startswith("PYTEST_")
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "-q", "--rootdir", str(suite), "-c", str(suite / "pytest.ini"),
         *arguments, str(suite)],
        cwd=PROJECT, env={**inherited, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **variables}, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        # A shell that puts the tests in the background has them ignore Ctrl-C, and they would hand that on.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip


def seen(suite):
    return [path.read_text().split() for path in suite.glob("seen-*")]


def test_the_servers_start_with_the_session_and_nothing_of_them_is_left(suite):
    done = pytest_on(suite, PGHOST="elsewhere")
    assert "2 passed" in done.communicate(timeout=60)[0]
    [(directory, durable, has_pghost)] = seen(suite)
    assert (durable, has_pghost) == ("off", "False")
    assert not Path(directory).exists()


def test_parallel_processes_share_one_pair_of_servers(suite):
    (suite / "test_more.py").write_text(SUITE)
    done = pytest_on(suite, "-n", "2", "--dist", "loadfile")
    assert "4 passed" in done.communicate(timeout=60)[0]
    assert len({directory for directory, *_ in seen(suite)}) == 1


def test_collecting_starts_nothing(suite):
    (suite / "conftest.py").write_text(
        "import os, pathlib\n"
        "def pytest_collection_finish():\n"
        "    assert not pathlib.Path(os.environ['TRACKER_STATE_DIR']).exists()\n"
    )
    done = pytest_on(suite, "--collect-only")
    assert "2 tests collected" in done.communicate(timeout=60)[0]


def test_an_address_that_was_given_is_used(suite):
    variables = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
    done = pytest_on(suite, **variables)
    assert "2 passed" in done.communicate(timeout=60)[0]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_session_leaves_nothing(suite, how):
    (suite / "linger").touch()
    run = pytest_on(suite)
    limit = time.monotonic() + 60
    while not seen(suite) or not seen(suite)[0]:
        assert time.monotonic() < limit
        time.sleep(0.05)
    os.kill(run.pid, how)
    run.communicate(timeout=60)
    directory = Path(seen(suite)[0][0])
    while directory.exists() and time.monotonic() < limit:
        time.sleep(0.05)
    assert not directory.exists()
