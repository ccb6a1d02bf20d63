"""The real thing, as `make run` starts it: what is killed in the middle of a scan costs nothing."""

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

from config.embedded import processes
from config.embedded.paths import PROJECT
from config.supervisor import applications

PATIENCE = 90.0
OPEN = "SELECT count(*) FROM tracker_flag WHERE initiative_id = %s AND check_code = 'CAP001' AND resolved_at IS NULL"
SCAN_WAITS = "SELECT count(*) FROM pg_locks WHERE relation = 'tracker_flag'::regclass AND NOT granted"
CAUGHT_UP = "SELECT NOT EXISTS (SELECT 1 FROM policies_change c, tracker_scancursor s WHERE c.xid >= s.xid)"

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not processes.ON_LINUX, reason="finds the processes in /proc"),
]


def until(question, what):
    limit = time.monotonic() + PATIENCE
    while not (answer := question()):
        assert time.monotonic() < limit, f"in vain: {what}"
        time.sleep(0.05)
    return answer


class Site:
    """`python -m config.supervisor run` on a state directory of its own."""

    def __init__(self, state, port):
        self.state, self.port = state, port
        self.output = state.root / "output"
        given = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "TRACKER_STATE_DIR")}
        given |= {
            "TRACKER_STATE_DIR": str(state.root),
            "SWEEP_SECONDS": "1",
            "STATIC_ROOT": str(state.root / "static"),
            "STATICFILES_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
        }
        self.given = given
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.supervisor", "run", "--port", str(port)],
                cwd=PROJECT,
                env=given,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self, text):
        assert self.process.poll() is None, self.output.read_text()
        return text in self.output.read_text()

    def kill(self, name):
        log = os.path.realpath(self.state.logs / f"{name.lower()}.log")
        mine = (pid for pid in processes.holding(self.state.lock) if os.path.realpath(f"/proc/{pid}/fd/1") == log)
        os.kill(min(mine), signal.SIGKILL)

    def manage(self, *arguments):
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT,
            env=applications.environment(self.state, self.port, self.given),
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def answers(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as page:
            return page.status == 200


@pytest.fixture
def site(state):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = Site(state, port)
    until(lambda: running.said("Ctrl-C stops"), "the site was never ready")
    yield running
    running.process.send_signal(signal.SIGTERM)
    running.process.wait(PATIENCE)


@pytest.fixture
def connection(site):
    with psycopg.connect(site.state.database_url, autocommit=True) as opened:
        yield opened


def three_policies_with_capitals(connection):
    """Numbers of policies that a check flags as soon as their links to capitals are gone."""
    found = connection.execute(
        "SELECT DISTINCT i.id FROM policies_initiative i JOIN policies_capitallink l ON l.initiative_id = i.id"
        " WHERE i.kind = 'policy' AND i.status = 'published' ORDER BY 1 LIMIT 3"
    ).fetchall()
    return [row[0] for row in found]


def test_worker_broker_and_web_are_killed_in_the_middle_of_a_scan_and_nothing_is_lost(site, connection):
    """A lock on the flags holds each scan in its middle, so that the kill is sure to hit it there."""
    until(lambda: connection.execute(CAUGHT_UP).fetchone()[0], "the first scan")
    for name, initiative in zip(["worker", "Valkey", "web"], three_policies_with_capitals(connection), strict=True):
        assert connection.execute(OPEN, [initiative]).fetchone() == (0,)
        with psycopg.connect(site.state.database_url) as holder:
            holder.execute("LOCK TABLE tracker_flag IN EXCLUSIVE MODE")
            connection.execute("DELETE FROM policies_capitallink WHERE initiative_id = %s", [initiative])
            until(lambda: connection.execute(SCAN_WAITS).fetchone()[0], "no scan took up the change")
            site.kill(name)
        until(lambda name=name: site.said(f"{name} is back."), f"{name} never came back")
        until(lambda i=initiative: connection.execute(OPEN, [i]).fetchone() == (1,), f"no flag after killing {name}")
    until(lambda: connection.execute(CAUGHT_UP).fetchone()[0], "changes were left unscanned")
    assert site.answers()

    twice = "SELECT fingerprint FROM tracker_flag GROUP BY fingerprint HAVING count(*) > 1"
    assert connection.execute(twice).fetchall() == []
    assert re.search(r" 0 flags opened, 0 changed, 0 resolved", site.manage("scan", "--full"))
