"""One supervised program: start, readiness, stop."""

import os
import signal
import sys
import time

import pytest

from config.embedded import processes
from config.embedded.errors import StartError
from config.embedded.service import Service


def python(tmp_path, code, **more):
    return Service(
        name="toy",
        command=[sys.executable, "-c", code],
        log=tmp_path / "toy.log",
        directory=tmp_path,
        environment=dict(os.environ),
        **more,
    )


def test_a_program_that_ends_while_starting_shows_the_end_of_its_log(tmp_path):
    (tmp_path / "toy.log").write_text("an older run\n")
    service = python(tmp_path, "print('the disk is full'); raise SystemExit(3)", ready=lambda: False)
    service.start()
    with pytest.raises(StartError, match=r"ended with status 3(.|\n)*the disk is full") as caught:
        service.wait_ready(10)
    assert "an older run" not in str(caught.value)


def test_a_program_that_never_answers_is_given_up(tmp_path):
    service = python(tmp_path, "import time; time.sleep(60)", ready=lambda: False)
    service.start()
    with pytest.raises(StartError, match="did not answer"):
        service.wait_ready(0.2)
    service.grace = 1
    service.stop()


def test_a_program_that_is_not_there_is_a_sentence(tmp_path):
    service = python(tmp_path, "")
    service.command = ["/no/such/program"]
    with pytest.raises(StartError, match="cannot be started"):
        service.start()


def test_a_willing_program_ends_by_itself(tmp_path):
    service = python(tmp_path, "import time; time.sleep(60)")
    service.start()
    assert service.stop()
    assert service.how_it_ended() == "was ended by SIGTERM"


def test_an_unwilling_program_is_ended_with_all_that_it_started(tmp_path):
    code = (
        "import os, signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    service = python(tmp_path, code, grace=0.2, ready=lambda: (tmp_path / "toy.log").read_text().endswith("\n"))
    service.start()
    service.wait_ready(10)
    child = int((tmp_path / "toy.log").read_text())
    assert not service.stop()
    assert service.how_it_ended() == "was ended by SIGKILL"
    limit = time.monotonic() + 5
    while processes.mark(child) and time.monotonic() < limit:
        time.sleep(0.02)
    assert processes.mark(child) is None


def test_a_process_is_known_by_its_start_and_a_zombie_has_ended(tmp_path):
    service = python(tmp_path, "import time; time.sleep(60)")
    service.start()
    assert processes.mark(service.pid) not in (None, processes.mark(1))
    assert processes.working_in(tmp_path) == [service.pid]
    os.kill(service.pid, signal.SIGKILL)
    os.waitid(os.P_PID, service.pid, os.WEXITED | os.WNOWAIT)  # it has ended and is not collected
    assert processes.mark(service.pid) is None
    assert processes.working_in(tmp_path) == []
    service.stop()
