"""The guard: a small process that ends everything when the supervisor dies without saying goodbye.

It reads one JSON object a line from a pipe. Only the supervisor has the other end, so the end of the
pipe before a "bye" means that the supervisor was killed.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from operator import itemgetter
from pathlib import Path
from typing import IO, Any

from config.embedded import processes
from config.embedded.paths import PROJECT
from config.embedded.service import Service

LONGEST_GRACE = 10.0


class Guard:
    """The supervisor's side: tells the guard what was started and what has ended."""

    def __init__(self, log: Path, remove: Path | None = None) -> None:
        """Start the guard; `remove` is a directory to delete if it has to act."""
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "config.embedded.guard"],
                cwd=PROJECT,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        if remove:
            self._tell({"remove": str(remove)})

    def alive(self) -> bool:
        return self._process.poll() is None

    def started(self, service: Service, rank: int) -> None:
        """Tell of a program that runs by now; the higher its rank, the earlier it is to be ended."""
        pid = service.pid
        if pid is None:
            return
        self._tell(
            {
                "started": pid,
                "rank": rank,
                "mark": processes.mark(pid),
                "signal": int(service.stop_signal),
                "grace": min(service.grace, LONGEST_GRACE),
                "directory": str(service.directory) if service.alone else None,
            }
        )

    def ended(self, pid: int | None) -> None:
        self._tell({"ended": pid})

    def bye(self) -> None:
        """Everything was stopped in order: the guard has nothing left to do and ends."""
        self._tell({"bye": True})
        with contextlib.suppress(OSError):
            self._process.stdin.close()  # type: ignore[union-attr]
        self._process.wait()

    def _tell(self, message: dict[str, object]) -> None:
        with contextlib.suppress(OSError):  # without its guard the supervisor still does its work
            self._process.stdin.write(json.dumps(message).encode() + b"\n")  # type: ignore[union-attr]
            self._process.stdin.flush()  # type: ignore[union-attr]


def watch(pipe: IO[str]) -> None:
    """Follow the messages until the pipe ends, then act unless "bye" was the last word."""
    started: dict[int, dict[str, Any]] = {}
    remove: str | None = None
    for line in pipe:
        message = json.loads(line)
        if "bye" in message:
            return
        if "remove" in message:
            remove = message["remove"]
        elif "started" in message:
            started[message["started"]] = message
        else:
            started.pop(message["ended"], None)
    for message in sorted(started.values(), key=itemgetter("rank"), reverse=True):
        end(message)
    if remove:
        shutil.rmtree(remove, ignore_errors=True)


def end(message: dict[str, Any]) -> None:
    """End one program and what it started, first politely."""
    pid = message["started"]
    if message["mark"] is not None and processes.mark(pid) == message["mark"]:
        processes.signal_process(pid, message["signal"])
        limit = time.monotonic() + message["grace"]
        while processes.mark(pid) == message["mark"] and time.monotonic() < limit:
            time.sleep(0.05)
        if processes.mark(pid) == message["mark"]:
            processes.signal_process(pid, signal.SIGKILL)
    processes.signal_group(pid, signal.SIGKILL)
    if message["directory"]:
        processes.end_all_in(Path(message["directory"]))


if __name__ == "__main__":
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    os.chdir("/")
    watch(sys.stdin)
