"""Signals: the first asks for an orderly stop, the second for a quick one."""

import contextlib
import select
import signal
import socket
from collections.abc import Callable
from types import FrameType


class StopRequestedError(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


class Stopping:
    """Turns signals into an exception at the places that wait, and only there."""

    def __init__(self) -> None:
        self.requests = 0
        self.on_hurry: Callable[[], None] = lambda: None
        self._wake, self._woken = socket.socketpair()
        self._wake.setblocking(False)
        self._woken.setblocking(False)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # wakes `pause` when a program ends
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._requested)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # under nohup a closed terminal is no request
            signal.signal(signal.SIGHUP, self._requested)

    def pause(self, seconds: float) -> None:
        """Wait until the time is over, a program has ended, or a stop is requested.

        Raises StopRequestedError in the last case.
        """
        self.check()
        select.select([self._woken], [], [], max(seconds, 0.0))
        with contextlib.suppress(BlockingIOError):
            self._woken.recv(4096)
        self.check()

    def check(self) -> None:
        """Raise StopRequestedError when a stop was requested."""
        if self.requests:
            raise StopRequestedError

    def _requested(self, _number: int, _frame: FrameType | None) -> None:
        self.requests += 1
        if self.requests > 1:
            self.on_hurry()
