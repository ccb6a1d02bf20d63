"""What every action shares: one transaction, a name in history, and a word to the scanner afterwards."""

import functools
import threading

import pghistory
import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction

log = structlog.get_logger(__name__)

# The task is named, not imported: the register knows nothing of the tracker that reads it.
SCAN_TASK = "tracker.tasks.scan_changes"


class StaleVersionError(Exception):
    """Somebody else saved the record first. `current` is the record as it now stands."""

    def __init__(self, current):
        super().__init__(f"{current.reference} is at version {current.version}")
        self.current = current


class NotAllowedError(Exception):
    """The person may not do this to this record."""


class RuleError(Exception):
    """The record's state does not allow this; the message says what to do."""


class GoneError(RuleError):
    """Somebody else discarded the draft, or published the revision, a moment before."""


def action(function):
    """Make a function an action: atomic, attributed to `by`, announced once committed."""

    @functools.wraps(function)
    def run(*, by, **arguments):
        with transaction.atomic(), pghistory.context(by=by.pk, by_name=by.name, action=function.__name__):
            result = function(by=by, **arguments)
            transaction.on_commit(announcer.announce)
        return result

    return run


class Announcer:
    """Tells the workers that there is something to scan, without making anybody wait for the broker.

    A lost word costs seconds, never a change: beat sweeps the change log. Words that come while one is on
    its way are merged into one.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._wanted = threading.Event()
        self._thread = None

    def announce(self):
        """Ask for a scan soon, and return at once."""
        if not settings.ANNOUNCE_CHANGES:
            return
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._send_when_wanted, name="announcer", daemon=True)
                self._thread.start()
        self._wanted.set()

    def _send_when_wanted(self):
        while self._wanted.wait():
            self._wanted.clear()
            try:
                current_app.send_task(SCAN_TASK, retry=False)
            except Exception as error:  # noqa: BLE001 - whatever the broker's trouble is, the sweep makes up for it
                log.warning("scan_not_announced", error=str(error))


announcer = Announcer()
