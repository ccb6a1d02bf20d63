"""One supervised program: how it is started, known to be ready, and stopped."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.embedded import processes
from config.embedded.errors import StartError

SHOWN_LINES = 15


@dataclass
class Service:
    """A program with its own session, its output in a log file, and a way to end it.

    `ready` answers whether it serves by now. `prepare` runs before each start. `stop_signal` asks it to
    end within `grace` seconds; then comes `last_signal`, and at last SIGKILL to all that it started.
    `kept_open` are file descriptors that it inherits. `alone` says that whatever works in `directory`
    belongs to it, in whatever session: so it is with the processes of a database server. `shown` sends
    its output to our own instead of the log.
    """

    name: str
    command: list[str]
    log: Path
    directory: Path
    environment: dict[str, str]
    ready: Callable[[], bool] | None = None
    prepare: Callable[[], None] | None = None
    stop_signal: int = signal.SIGTERM
    last_signal: int = signal.SIGKILL
    grace: float = 10.0
    account: dict[str, Any] = field(default_factory=dict)
    kept_open: tuple[int, ...] = ()
    alone: bool = False
    shown: bool = False
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started_at: float = field(default=0.0, init=False)
    _log_start: int = field(default=0, init=False)

    def start(self) -> None:
        """Start the program. Raises StartError when the system refuses."""
        if self.prepare:
            self.prepare()
        try:
            with self.log.open("ab") as log:
                self._log_start = log.tell()
                self.process = subprocess.Popen(  # noqa: S603
                    self.command,
                    cwd=self.directory,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=None if self.shown else log,
                    stderr=None if self.shown else subprocess.STDOUT,
                    start_new_session=True,
                    pass_fds=self.kept_open,
                    **self.account,
                )
        except OSError as error:
            raise StartError(f"{self.name} cannot be started: {error}.") from error
        self.started_at = time.monotonic()

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    @property
    def status(self) -> int | None:
        """Exit status, negative for a signal; None while it runs."""
        return self.process.poll() if self.process else None

    def alive(self) -> bool:
        """Whether it runs; the first False after its end also collects it."""
        return self.process is not None and self.process.poll() is None

    def wait_ready(self, seconds: float, pause: Callable[[float], None] = time.sleep) -> float:
        """Wait until it serves; the seconds that took. Raises StartError with the end of its log."""
        step = 0.02
        while not (self.ready is None or self.ready()):
            waited = time.monotonic() - self.started_at
            if not self.alive():
                raise StartError(f"{self.name} {self.how_it_ended()} while it was starting.{self.last_lines()}")
            if waited > seconds:
                raise StartError(f"{self.name} did not answer within {seconds:.0f} seconds.{self.last_lines()}")
            pause(step)
            step = min(step * 1.3, 0.25)
        return time.monotonic() - self.started_at

    def how_it_ended(self) -> str:
        """In words, for somebody who reads the terminal."""
        code = self.process.returncode if self.process else None
        if code is not None and code < 0:
            return f"was ended by {_signal_name(-code)}"
        return f"ended with status {code}"

    def last_lines(self) -> str:
        """The end of what it wrote since its last start, indented under the name of the log."""
        with contextlib.suppress(OSError), self.log.open("rb") as log:
            log.seek(max(self._log_start, os.fstat(log.fileno()).st_size - 16_384))
            lines = log.read().decode(errors="replace").rstrip().splitlines()[-SHOWN_LINES:]
            return "".join(f"\n    {line}" for line in [f"The end of {self.log}:", *lines])
        return ""

    def stop(self) -> bool:
        """End it and all that it started; True when it ended in its own time."""
        if self.process is None:
            return True
        willing = True
        if self.alive():
            processes.signal_process(self.process.pid, self.stop_signal)
            willing = self._ended_within(self.grace)
            if not willing:
                processes.signal_process(self.process.pid, self.last_signal)
                self._ended_within(5.0)
        self.end_rest()
        self.process.wait()
        return willing

    def hurry(self) -> None:
        """Shorten a stop that is under way, or make the next one short."""
        self.grace = 0.0
        if self.process is not None and self.process.returncode is None:
            processes.signal_process(self.process.pid, self.last_signal)

    def end_rest(self) -> None:
        """End at once whatever is left of it, such as the workers of a program that was killed."""
        if self.process is not None:
            processes.signal_group(self.process.pid, signal.SIGKILL)
        if self.alone:
            processes.end_all_in(self.directory)

    def _ended_within(self, seconds: float) -> bool:
        try:
            self.process.wait(seconds)  # type: ignore[union-attr]
        except subprocess.TimeoutExpired:
            return False
        return True


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
