"""What checks find, read without writing a flag: for previews, for past days, for comparisons."""

from dataclasses import dataclass

from django.db import connection

from tracker.actions.reconcile import compiled

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


def find(check, scope, only=None):
    """Findings of a check within a scope, in the order of their fingerprints; `only` those of these fingerprints."""
    query, columns, parameters = compiled(check.found(scope))
    condition = "" if only is None else "WHERE fingerprint = ANY(%(only)s)"
    parameters = dict(parameters) | ({"only": sorted(only)} if only is not None else {})
    with connection.cursor() as cursor:
        cursor.execute(FOUND_SQL.format(query=query, columns=columns, condition=condition), parameters)
        return [Finding(type(check), *row) for row in cursor.fetchall()]


def fingerprints(check, scope):
    """The fingerprints alone of what a check finds within a scope."""
    query, columns, parameters = compiled(check.found(scope))
    with connection.cursor() as cursor:
        cursor.execute(FINGERPRINTS_SQL.format(query=query, columns=columns), parameters)
        return {fingerprint for (fingerprint,) in cursor.fetchall()}
