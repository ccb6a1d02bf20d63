"""Celery's beat, which also says in the database that it is alive.

The worker's heartbeat cannot tell: it stops when either of the two is dead.
"""

import structlog
from celery.beat import PersistentScheduler
from django.db import DatabaseError, close_old_connections

log = structlog.get_logger(__name__)

SAYS_SO_WITH = "heartbeat"  # the entry of the plan that goes out most regularly


class Scheduler(PersistentScheduler):
    """The usual one; each time that it asks for the worker's heartbeat it leaves its own."""

    def apply_entry(self, entry, producer=None):
        """Send a task; the database being away is no reason to send none."""
        if entry.name == SAYS_SO_WITH:
            from tracker.actions import scans

            close_old_connections()
            try:
                scans.beat_heart("beat")
            except DatabaseError as error:
                log.warning("beat_unheard", error=type(error).__name__)
        super().apply_entry(entry, producer=producer)
