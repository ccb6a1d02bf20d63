"""Makes a check's flags what the check finds: one statement a check, and no write where nothing changed."""

from dataclasses import asdict, dataclass, replace

from django.db import connection
from django.utils.translation import get_language

from tracker.checks.base import Check, Scope, Sql

# The parts of a data-modifying WITH all see the table as it was before, so that `reopened` counts rightly.
RECONCILE_SQL = """
WITH found AS MATERIALIZED (
    SELECT DISTINCT ON (fingerprint) fingerprint, found_severity::text AS severity, found_subject::text AS subject,
           found_initiative::bigint AS initiative_id, found_other::bigint AS other_id,
           found_outcome::bigint AS outcome_id, found_organisation::bigint AS organisation_id,
           found_area::bigint AS area_id, sentence::text AS summary, evidence, digest
    FROM (
        SELECT *, md5(evidence::text) AS digest
        FROM (SELECT *, proof::jsonb AS evidence FROM ({query}) AS breach ({columns})) AS told OFFSET 0
    ) AS weighed
    ORDER BY fingerprint, digest
), before AS (
    SELECT found.fingerprint, flag.resolved_at IS NOT NULL AS was_resolved
    FROM found JOIN tracker_flag AS flag USING (fingerprint)
    WHERE flag.resolved_at IS NOT NULL OR flag.evidence_digest <> found.digest OR flag.summary <> found.summary
       OR flag.severity <> found.severity OR flag.subject <> found.subject
       OR (flag.initiative_id, flag.other_id, flag.outcome_id, flag.organisation_id, flag.area_id)
          IS DISTINCT FROM
          (found.initiative_id, found.other_id, found.outcome_id, found.organisation_id, found.area_id)
), changed AS (
    UPDATE tracker_flag AS flag
    SET severity = found.severity, subject = found.subject, initiative_id = found.initiative_id,
        other_id = found.other_id, outcome_id = found.outcome_id, organisation_id = found.organisation_id,
        area_id = found.area_id,
        summary = found.summary, evidence = found.evidence, evidence_digest = found.digest,
        changed_at = %(now)s, times_opened = flag.times_opened + before.was_resolved::int, resolved_at = NULL
    FROM found JOIN before USING (fingerprint)
    WHERE flag.fingerprint = found.fingerprint
    RETURNING 1
), opened AS (
    INSERT INTO tracker_flag (
        fingerprint, check_code, severity, subject, initiative_id, other_id, outcome_id, organisation_id, area_id,
        summary, evidence, evidence_digest, first_seen_at, changed_at, times_opened
    )
    SELECT fingerprint, %(code)s, severity, subject, initiative_id, other_id, outcome_id, organisation_id, area_id,
           summary, evidence, digest, %(now)s, %(now)s, 1
    FROM found
    WHERE NOT EXISTS (SELECT FROM tracker_flag AS flag WHERE flag.fingerprint = found.fingerprint)
    RETURNING 1
), resolved AS (
    UPDATE tracker_flag AS flag SET resolved_at = %(now)s
    WHERE flag.check_code = %(code)s AND flag.resolved_at IS NULL
      AND (%(everything)s OR flag.initiative_id = ANY(%(scope)s) OR flag.other_id = ANY(%(scope)s))
      AND NOT EXISTS (SELECT FROM found WHERE found.fingerprint = flag.fingerprint)
    RETURNING 1
)
SELECT (SELECT count(*) FROM opened), (SELECT count(*) FROM changed),
       (SELECT count(*) FROM before WHERE was_resolved), (SELECT count(*) FROM resolved)
"""


@dataclass
class Outcome:
    """How many flags a reconciliation opened, changed (those reopened included), reopened and resolved."""

    opened: int = 0
    changed: int = 0
    reopened: int = 0
    resolved: int = 0

    def add(self, other):
        """Sum up over checks."""
        self.opened += other.opened
        self.changed += other.changed
        self.reopened += other.reopened
        self.resolved += other.resolved

    def any(self):
        """Whether a flag was written."""
        return any(self.as_list())

    def as_list(self):
        """The four numbers in the order of their names."""
        return [self.opened, self.changed, self.reopened, self.resolved]

    def as_columns(self):
        """The four numbers by the names of the columns that keep them."""
        return asdict(self)


def reconcile(check: Check, scope: Scope, now) -> Outcome:
    """Write what a check finds within a scope: open, refresh, reopen, resolve."""
    query, columns, parameters = prepared(check, scope)
    parameters |= {
        "now": now,
        "code": check.code,
        "everything": scope.initiatives is None,
        "scope": sorted(scope.initiatives or ()),
    }
    with connection.cursor() as cursor:
        cursor.execute(RECONCILE_SQL.format(query=query, columns=columns), parameters)
        return Outcome(*cursor.fetchone())


# Statements that were put together from querysets, with the parameters; that takes longer than to run them.
PREPARED = {}
MOST_PREPARED = 1000


class Ids(frozenset):
    """Stands for the scope's initiatives in a statement that is kept."""


IDS = Ids()


def prepared(check, scope):
    """A check's query over a scope with named parameters, and its columns in the order in which it selects them."""
    if type(check).found is not Check.found:  # it writes its statement itself, which takes no time
        return compiled(check.found(scope))
    limits = tuple(sorted(check.limits.items()))
    whole = scope.initiatives is None
    key = (type(check), type(check).breaches, limits, check.severity, scope.today, whole, get_language())
    if key not in PREPARED:
        if len(PREPARED) >= MOST_PREPARED:
            PREPARED.clear()
        PREPARED[key] = compiled(check.found(replace(scope, initiatives=None if whole else IDS)))
    statement, columns, parameters = PREPARED[key]
    ids = sorted(scope.initiatives or ())
    return statement, columns, {name: ids if value is IDS else value for name, value in parameters.items()}


def _plain(value):
    """A parameter as the database takes it."""
    return sorted(value) if isinstance(value, frozenset) and value is not IDS else value


def compiled(found):
    """A check's query with named parameters, and its columns in the order in which it selects them."""
    from tracker.checks.base import COLUMNS

    if isinstance(found, Sql):
        statement, parameters = found.compiled()
        return statement, ", ".join(COLUMNS), {name: _plain(value) for name, value in parameters.items()}
    statement, positional = found.query.sql_with_params()
    names = [f"p{number}" for number in range(len(positional))]
    return (
        statement % tuple(f"%({name})s" for name in names),
        ", ".join(COLUMNS),
        dict(zip(names, map(_plain, positional), strict=True)),
    )
