"""What the launcher says, in few and calm words."""

import contextlib
import sys
import time
from collections.abc import Iterator


class Terminal:
    """Standard output; a terminal that was closed meanwhile is no reason to stop."""

    def line(self, text: str = "") -> None:
        self._write(f"{text}\n")

    @contextlib.contextmanager
    def step(self, doing: str, done: str = "done") -> Iterator[None]:
        """One line for one step: what is being done, and how long it took once it is."""
        began = time.monotonic()
        self._write(f"{doing} ... ")
        try:
            yield
        except BaseException:
            self._write("not done\n")
            raise
        self._write(f"{done} in {time.monotonic() - began:.1f} s\n")

    @contextlib.contextmanager
    def section(self, doing: str) -> Iterator[None]:
        """A step whose own program reports its progress below the line."""
        began = time.monotonic()
        self._write(f"{doing}\n")
        yield
        self._write(f"{doing}: done in {time.monotonic() - began:.1f} s\n")

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.write(text)
            sys.stdout.flush()
