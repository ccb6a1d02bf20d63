"""A killed supervisor leaves nothing behind, and two never share a state directory."""

import io
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from config.embedded import guard, processes
from config.embedded.installation import Installation
from config.embedded.lock import AlreadyRunningError, Lock, running
from config.embedded.paths import PROJECT
from config.embedded.service import Service

SLEEP = [sys.executable, "-I", "-S", "-c", "import time; time.sleep(60)"]


def sleeper(directory, **more):
    return Service("sleeper", SLEEP, directory / "log", directory, dict(os.environ), **more)


def gone(pid, seconds=10.0):
    limit = time.monotonic() + seconds
    while (alive := processes.mark(pid)) and time.monotonic() < limit:
        time.sleep(0.02)
    return alive is None


def test_a_second_start_is_told_where_the_first_one_runs(tmp_path):
    first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    first.acquire(print)
    first.note(address="http://127.0.0.1:8000")
    with pytest.raises(AlreadyRunningError, match=r"http://127\.0\.0\.1:8000"):
        second.acquire(print)
    first.release()
    second.acquire(print)
    second.release()


def test_what_a_dead_supervisor_left_is_ended_before_the_lock_is_taken(tmp_path):
    code = (
        "import subprocess, sys; from pathlib import Path; from config.embedded.lock import Lock\n"
        f"lock = Lock(Path({str(tmp_path / 'lock')!r})); lock.acquire(print); lock.note()\n"
        f"print(subprocess.Popen({SLEEP!r}, pass_fds=[lock.fd], stdout=-3, stderr=-3).pid, flush=True)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    left = int(done.stdout)
    assert running(tmp_path / "lock") is None
    assert processes.holding(tmp_path / "lock") == [left]
    lock, told = Lock(tmp_path / "lock"), []
    lock.acquire(told.append, patience=0.2)
    assert told
    assert gone(left)
    lock.release()


def test_the_note_of_a_process_that_ended_counts_for_nothing(tmp_path):
    (tmp_path / "lock").write_text(json.dumps({"pid": os.getpid(), "mark": "another time", "address": "x"}))
    assert running(tmp_path / "lock") is None
    (tmp_path / "lock").write_text("")
    assert running(tmp_path / "lock") is None


def messages(service, *more):
    started = {
        "started": service.pid, "rank": 0, "mark": processes.mark(service.pid),
        "signal": int(signal.SIGTERM), "grace": 5.0, "directory": None,
    }  # fmt: skip
    return io.StringIO("".join(json.dumps(message) + "\n" for message in (started, *more)))


@pytest.mark.parametrize(("last_word", "ended"), [([], True), ([{"bye": True}], False)], ids=["end of pipe", "goodbye"])
def test_the_guard_acts_only_when_there_was_no_goodbye(tmp_path, last_word, ended):
    service = sleeper(tmp_path)
    service.start()
    guard.watch(messages(service, *last_word))
    assert service.alive() is not ended
    service.stop()


def test_the_guard_leaves_alone_what_has_ended_before(tmp_path):
    service = sleeper(tmp_path)
    service.start()
    guard.watch(messages(service, {"ended": service.pid}))
    assert service.alive()
    service.stop()


def test_the_guard_ends_the_highest_rank_first_and_deletes_what_it_was_told_to(tmp_path, monkeypatch):
    order = []
    monkeypatch.setattr(guard, "end", lambda message: order.append(message["started"]))
    (tmp_path / "temporary").mkdir()
    lines = [{"remove": str(tmp_path / "temporary")}]
    lines += [{"started": pid, "rank": rank} for pid, rank in ((11, 0), (12, 2), (13, 1))]
    guard.watch(io.StringIO("".join(json.dumps(line) + "\n" for line in lines)))
    assert order == [12, 13, 11]
    assert not (tmp_path / "temporary").exists()


def test_a_killed_guard_is_replaced_and_the_new_one_knows_everything(state):
    state.logs.mkdir()
    code = f"""
import os, signal, time
from pathlib import Path
from config.embedded.installation import Installation
from config.embedded.paths import State
from config.embedded.service import Service
state = State(Path({str(state.root)!r}))
installation = Installation(state)
installation.open()
service = Service("sleeper", {SLEEP!r}, state.logs / "log", state.root, dict(os.environ))
installation.start(service)
os.kill(installation._guard._process.pid, signal.SIGKILL)
installation._guard._process.wait()
installation.keep_guarded()
print(service.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert gone(int(done.stdout))


def test_closing_stops_in_reverse_order_and_frees_the_lock(state):
    state.logs.mkdir()
    installation = Installation(state)
    installation.open()
    first, second = sleeper(state.root), sleeper(state.root)
    installation.start(first, second)
    order = []
    installation.close(lambda service, willing: order.append((service, willing)))
    assert order == [(second, True), (first, True)]
    lock = Lock(state.lock)
    lock.acquire(print, patience=0)
    lock.release()
