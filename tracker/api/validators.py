"""Entity tags: a caller that has the current state of an address is told so in a few bytes (304).

The tag stands for the state of the whole register, so it costs one small query and no look at the rows.
"""

import functools
import hashlib
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.http import parse_etags

# Every write to what the API shows adds a row to one of three logs. The highest number alone would not do: a
# writer with a lower one may commit later. So writers that have not finished, seen by the locks that they hold
# on the logs, belong to the state: once they end, it is another. Read before the rows are, a tag can only be
# older than its answer, which costs a needless answer and never a stale one.
STATE_SQL = """
SELECT (SELECT max(id) FROM policies_change),
       (SELECT max(pgh_id) FROM tracker_flagevent),
       (SELECT max(id) FROM tracker_scan),
       (SELECT string_agg(virtualtransaction, ',' ORDER BY virtualtransaction) FROM pg_locks
        WHERE locktype = 'relation' AND mode = 'RowExclusiveLock'
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND relation IN ('policies_change'::regclass, 'tracker_flagevent'::regclass, 'tracker_scan'::regclass))
"""


@functools.cache
def _program():
    """A digest of the program that makes the answers: another program may say the same state differently."""
    digest = hashlib.sha256()
    for package in ("policies", "tracker"):
        for path in sorted(Path(settings.BASE_DIR, package).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def etag(request):
    """The tag of a public answer at this address. The day is in it, since dismissals end on one."""
    with connection.cursor() as cursor:
        cursor.execute(STATE_SQL)
        state = cursor.fetchone()
    parts = (request.build_absolute_uri(), timezone.localdate(), _program(), *state)
    return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def knows(request, tag):
    """Whether the caller already has the answer of this tag. A bare * is no tag and gets an answer."""
    return tag in parse_etags(request.headers.get("If-None-Match", ""))
