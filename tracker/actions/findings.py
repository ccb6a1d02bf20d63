"""What checks find, read without writing a flag: for previews, for past days, for comparisons."""

from dataclasses import dataclass

from django.db import connection

from tracker.actions.reconcile import prepared

FOUND_SQL = """
SELECT DISTINCT ON (fingerprint) fingerprint, found_severity::text, found_initiative::bigint, found_other::bigint,
       sentence::text
FROM ({query}) AS breach ({columns})
{condition}
ORDER BY fingerprint, proof::text
"""
# PostgreSQL works out only the columns that are asked for: without sentences and evidence this costs a fraction.
FINGERPRINTS_SQL = "SELECT DISTINCT fingerprint FROM ({query}) AS breach ({columns})"


@dataclass(frozen=True)
class Finding:
    """A flag as it would be: its check, how severe, what about, and in what words."""

    check: type
    fingerprint: str
    severity: str
    initiative: int | None
    other: int | None
    sentence: str


class Look:
    """One check over one scope, put into SQL once and asked as often as needed."""

    def __init__(self, check, scope):
        self.check = type(check)
        self.query, self.columns, self.parameters = prepared(check, scope)

    def fingerprints(self):
        """The fingerprints alone of what it finds."""
        return {fingerprint for (fingerprint,) in self._ask(FINGERPRINTS_SQL)}

    def find(self, only=None):
        """Findings in the order of their fingerprints; with `only`, those of these fingerprints."""
        condition = "" if only is None else "WHERE fingerprint = ANY(%(only)s)"
        more = {} if only is None else {"only": sorted(only)}
        return [Finding(self.check, *row) for row in self._ask(FOUND_SQL, condition=condition, **more)]

    def _ask(self, sql, condition="", **more):
        with connection.cursor() as cursor:
            statement = sql.format(query=self.query, columns=self.columns, condition=condition)
            cursor.execute(statement, self.parameters | more)
            return cursor.fetchall()
