"""One lock for each state directory: who holds it knows that no older server or worker is left.

Every program that is started inherits the lock's open file, so the lock stays taken until the last of
them has ended, even when the supervisor was killed.
"""

import fcntl
import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from config.embedded import processes
from config.embedded.errors import StartError

PATIENCE = 20.0  # seconds in which the guard of a killed supervisor may end what was left


class AlreadyRunningError(StartError):
    """A supervisor that is alive has this state directory; `facts` is what it noted."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = facts
        super().__init__(
            f"Already running at {facts.get('address', 'another terminal')} (process {facts['pid']}): "
            "use that, or stop it there with Ctrl-C or here with `make stop`."
        )


class Lock:
    """The lock file, which also holds a note on who has it: pid, mark of the process, address."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fd = -1

    def acquire(self, tell: Callable[[str], None], patience: float = PATIENCE) -> None:
        """Take the lock; first end what a killed supervisor left behind, if anything.

        Raises AlreadyRunningError, or StartError when the leftovers cannot be ended.
        """
        self.fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if self._try():
            return
        facts = running(self.path)
        if facts:
            self.release()
            raise AlreadyRunningError(facts)
        tell("Waiting for what an earlier start left behind")
        for number in (None, signal.SIGTERM, signal.SIGKILL):
            for pid in processes.holding(self.path) if number else ():
                processes.signal_process(pid, number)
            if self._within(patience if number is None else 5.0):
                return
        self.release()
        raise StartError(
            f"Something still holds {self.path}: end these processes first: {processes.holding(self.path)}."
        )

    def note(self, **facts: object) -> None:
        """Write who holds the lock, for later starts and for `status` and `stop`."""
        pid = os.getpid()
        text = json.dumps({"pid": pid, "mark": processes.mark(pid), **facts}).encode()
        os.ftruncate(self.fd, 0)
        os.pwrite(self.fd, text, 0)

    def release(self) -> None:
        """Let go; the lock is free once everything that inherited it has ended too."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def _try(self) -> bool:
        try:
            fcntl.flock(self.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _within(self, seconds: float) -> bool:
        limit = time.monotonic() + seconds
        while not (taken := self._try()) and time.monotonic() < limit:
            time.sleep(0.1)
        return taken


def running(path: Path) -> dict[str, Any] | None:
    """What the supervisor that holds this lock noted, or None when it has ended."""
    try:
        facts = json.loads(path.read_text())
        alive = processes.mark(facts["pid"]) == facts["mark"]
    except (OSError, ValueError, KeyError):
        return None
    return facts if alive else None
