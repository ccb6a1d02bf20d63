"""The checks on the register as it stood at the end of a day in the past.

History becomes temporary tables under the names of the register's own, which PostgreSQL then finds first: every
check runs unchanged on what was on record that day. The transaction is rolled back, so nothing is written.
"""

from dataclasses import dataclass, field

from django.apps import apps
from django.db import connection, transaction

from policies.as_of import end_of
from policies.models import Initiative
from tracker.actions.findings import Look
from tracker.checks.base import Scope
from tracker.checks.limits import configured

LAY_OUT_SQL = """
CREATE TEMP TABLE "{table}" ON COMMIT DROP AS
SELECT {columns} FROM (
    SELECT DISTINCT ON (pgh_obj_id) * FROM "{events}"
    WHERE pgh_created_at < %(moment)s ORDER BY pgh_obj_id, pgh_id DESC
) AS last WHERE pgh_label <> 'delete'
"""


@dataclass
class Past:
    """What the checks find on a past day: findings by check, and how many live initiatives there were."""

    initiatives: int = 0
    findings: dict = field(default_factory=dict)


def scan_as_of(day) -> Past:
    """Run every check, as it is set now, on the register of a past day and with that day's date."""
    with transaction.atomic():
        lay_out(end_of(day))
        findings = {code: Look(check, Scope(day)).find() for code, check in configured().items()}
        found = Past(Initiative.objects.live().count(), findings)
        transaction.set_rollback(True)
    return found


def lay_out(moment):
    """Make temporary tables of the register's state at a moment; they go when the transaction ends.

    Tables without history (what is worked out from others, such as the closure of areas) stay as they are now.
    """
    with connection.cursor() as cursor:
        for model in apps.get_app_config("policies").get_models():
            history = getattr(model, "pgh_event_model", None)
            if history is not None and not model._meta.proxy:
                for statement in _statements(model, history):
                    cursor.execute(statement, {"moment": moment} if "%(moment)s" in statement else None)


def _statements(model, history):
    table, events = model._meta.db_table, history._meta.db_table
    kept = {column.column for column in history._meta.concrete_fields}
    columns = ", ".join(
        f'"{one.column}"' if one.column in kept else f'NULL::{one.db_type(connection) or "text"} AS "{one.column}"'
        for one in model._meta.concrete_fields
    )
    yield LAY_OUT_SQL.format(table=table, columns=columns, events=events)
    for one in model._meta.concrete_fields:
        if one.primary_key:  # statements that group by it count on its key
            yield f'ALTER TABLE pg_temp."{table}" ADD PRIMARY KEY ("{one.column}")'
        elif one.many_to_one:
            yield f'CREATE INDEX ON pg_temp."{table}" ("{one.column}")'
    yield f'ANALYZE pg_temp."{table}"'
