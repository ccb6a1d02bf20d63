"""Keeps everything running: what ends by itself is started again, each time after a longer wait."""

import time
from dataclasses import dataclass

from config.embedded.errors import StartError
from config.embedded.installation import Installation
from config.embedded.service import Service
from config.supervisor.stopping import Stopping
from config.supervisor.terminal import Terminal

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds before a new start
CALM = 60.0  # seconds after which an earlier end is forgotten
LOOK_EVERY = 1.0
LOG_SHOWN_AFTER = 3  # ends in a row


@dataclass
class Record:
    """What is remembered of one program."""

    ends: int = 0
    due: float | None = None
    returning: bool = False


class Watch:
    """Looks after the services of an installation until a stop is requested."""

    def __init__(self, installation: Installation, terminal: Terminal, stopping: Stopping) -> None:
        self.installation = installation
        self.terminal = terminal
        self.stopping = stopping
        self.records = {service.name: Record() for service in installation.services}

    def forever(self) -> None:
        """Return never; StopRequestedError ends it."""
        while True:
            for service in self.installation.services:
                self._look_after(service, self.records[service.name])
            self.installation.keep_guarded()
            self.stopping.pause(self._until_next())

    def _until_next(self) -> float:
        due = [record.due for record in self.records.values() if record.due is not None]
        if any(record.returning for record in self.records.values()):
            return 0.2
        return min([LOOK_EVERY, *(moment - time.monotonic() for moment in due)])

    def _look_after(self, service: Service, record: Record) -> None:
        if record.due is not None:
            if time.monotonic() >= record.due:
                self._start(service, record)
        elif not service.alive():
            self._plan(service, record, service.how_it_ended())
        elif record.returning and (service.ready is None or service.ready()):
            record.returning = False
            self.terminal.line(f"{service.name} is back.")

    def _plan(self, service: Service, record: Record, how: str) -> None:
        now = time.monotonic()
        if now - service.started_at > CALM:
            record.ends = 0
        wait = min(FIRST_WAIT * 2**record.ends, LONGEST_WAIT)
        record.ends += 1
        record.due = now + wait
        record.returning = False
        self.terminal.line(f"{service.name} {how}; starting it again in {wait:g} s.")
        if record.ends == LOG_SHOWN_AFTER:
            self.terminal.line(f"{service.name} keeps ending.{service.last_lines()}")

    def _start(self, service: Service, record: Record) -> None:
        record.due = None
        try:
            self.installation.restart(service)
        except StartError as error:
            service.started_at = time.monotonic()
            self._plan(service, record, f"could not be started ({error})")
        else:
            record.returning = True
