"""What every table of the register gets: history, and a line in the change log, both written by triggers.

Triggers and not signals: a bulk write, an `update()`, raw SQL and the admin pass through them alike.
"""

import pghistory
import pgtrigger

# One body for all tables. `initiative_ids` and `outcome_ids` are the register's neighbours of the row, from
# both its old and its new state, so that a reader knows what a deleted or re-pointed row used to belong to.
CHANGE_SQL = """
IF TG_OP = 'UPDATE' AND ({old}) IS NOT DISTINCT FROM ({new}) THEN
    RETURN NULL;
END IF;
INSERT INTO policies_change (at, xid, table_name, row_id, operation, initiative_ids, outcome_ids)
VALUES (
    clock_timestamp(), pg_current_xact_id(), TG_TABLE_NAME, COALESCE(NEW.id, OLD.id), lower(left(TG_OP, 1)),
    ARRAY(SELECT DISTINCT key FROM unnest(ARRAY[{initiatives}]::bigint[]) AS key WHERE key IS NOT NULL),
    ARRAY(SELECT DISTINCT key FROM unnest(ARRAY[{outcomes}]::bigint[]) AS key WHERE key IS NOT NULL)
);
RETURN NULL;
"""


def _both(columns):
    return ", ".join(f"{row}.{column}" for column in columns for row in ("NEW", "OLD"))


def recorded(*, initiatives=(), outcomes=(), exclude=()):
    """Record every insert, update and delete of a model, whoever makes it and however.

    `initiatives` and `outcomes` name the row's columns that hold ids of those; they go into the change log.
    `exclude` names columns that are nobody's business (a password's digest, when a token was last used) or that
    the others determine; a change of these alone is recorded nowhere.
    """

    def decorate(model):
        pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            append_only=True,
            exclude=list(exclude) or None,
        )(model)
        told = [field.column for field in model._meta.concrete_fields if field.name not in exclude]
        body = CHANGE_SQL.format(
            initiatives=_both(initiatives),
            outcomes=_both(outcomes),
            old=", ".join(f"OLD.{column}" for column in told),
            new=", ".join(f"NEW.{column}" for column in told),
        )
        pgtrigger.register(
            pgtrigger.Trigger(
                name="log_change",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=pgtrigger.Func(body),
            )
        )(model)
        return model

    return decorate
