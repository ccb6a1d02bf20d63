"""What runs on one state directory: the lock, the guard, and the programs in their order."""

from collections.abc import Callable
from pathlib import Path

from config.embedded.guard import Guard
from config.embedded.lock import Lock
from config.embedded.paths import State
from config.embedded.service import Service


class Installation:
    """Holds the lock, starts programs and tells the guard of them, and stops all in reverse order."""

    def __init__(self, state: State, tell: Callable[[str], None] = lambda _: None) -> None:
        self.state = state
        self.services: list[Service] = []
        self._tell = tell
        self._lock = Lock(state.lock)
        self._guard: Guard | None = None
        self._remove: Path | None = None

    def open(self, remove: Path | None = None) -> None:
        """Take the lock, which ends what an earlier start left behind, and start the guard.

        `remove` is a directory that the guard deletes when it must act. Raises StartError.
        """
        self._lock.acquire(self._tell)
        self._remove = remove
        self._guard = self._new_guard()

    def note(self, **facts: object) -> None:
        """Say in the lock file who runs here, for `status`, `stop` and a second start."""
        self._lock.note(**facts)

    def start(self, *services: Service) -> None:
        """Start programs after those that run already. Raises StartError when the system refuses."""
        for service in services:
            service.kept_open = (self._lock.fd,)
            service.start()
            self.services.append(service)
            self._watched_by_guard(service)

    def restart(self, service: Service) -> None:
        """Start again what has ended, once everything that it left is gone. Raises StartError."""
        if self._guard:
            self._guard.ended(service.pid)
        service.end_rest()
        service.start()
        self._watched_by_guard(service)

    def forget(self, service: Service) -> None:
        """A program that had only one thing to do has done it."""
        service.stop()
        self.services.remove(service)
        if self._guard:
            self._guard.ended(service.pid)

    def keep_guarded(self) -> None:
        """Start another guard when somebody killed it."""
        if self._guard and not self._guard.alive():
            self._guard = self._new_guard()
            for service in self.services:
                self._watched_by_guard(service)

    def hurry(self) -> None:
        """End the programs at once instead of waiting for what they are doing."""
        for service in self.services:
            service.hurry()

    def close(self, tell: Callable[[Service, bool], None] = lambda *_: None) -> None:
        """Stop everything in reverse order, dismiss the guard and let go of the lock."""
        for service in reversed(self.services):
            tell(service, service.stop())
        self.services.clear()
        if self._guard:
            self._guard.bye()
            self._guard = None
        self._lock.release()

    def _new_guard(self) -> Guard:
        return Guard(self.state.logs / "guard.log", self._remove)

    def _watched_by_guard(self, service: Service) -> None:
        if self._guard:
            self._guard.started(service, rank=self.services.index(service))
