"""News: what came to be, in the order in which it can be seen, for the emails to people who watch.

Flags and sign-offs are written by many transactions that end in any order, so a reader that went by their times or
numbers could pass over one that ended late. One collector at a time gives each a number once it can be seen.
"""

from django.db import connection
from django.db.models import Max

from policies.models.signoff import PUBLIC_STEPS
from tracker.watches import News

# The number of the lock that one collector holds until its transaction ends.
LOCK = 4_500_001

FLAGS_SQL = """
INSERT INTO tracker_news (flag_id, opening, at)
SELECT flag.id, flag.times_opened, now() FROM tracker_flag AS flag
WHERE flag.resolved_at IS NULL
  AND NOT EXISTS (SELECT FROM tracker_news AS old WHERE old.flag_id = flag.id AND old.opening = flag.times_opened)
ORDER BY flag.id
"""
RECORDS_SQL = """
INSERT INTO tracker_news (sign_off_id, at)
SELECT step.id, now() FROM policies_signoff AS step
WHERE step.step = ANY(%s) AND NOT EXISTS (SELECT FROM tracker_news AS old WHERE old.sign_off_id = step.id)
ORDER BY step.id
"""


def collect():
    """Number what is new. A flag that opened and was resolved between two collections is nobody's news."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(FLAGS_SQL)
        cursor.execute(RECORDS_SQL, [[str(step) for step in PUBLIC_STEPS]])


def latest():
    """The number of the last news; 0 before the first."""
    return News.objects.aggregate(last=Max("pk"))["last"] or 0
