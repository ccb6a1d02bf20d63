"""Sound rows of every table, for tests that break them in raw SQL."""

from django.apps import apps
from django.db import connection
from django.utils import timezone

from tests.policies import deciding, factories


def models_of_ours():
    """Every table's model of the two apps, save those of history, which no rule is written about."""
    found = []
    for label in ("policies", "tracker"):
        for model in apps.get_app_config(label).get_models():
            if not model._meta.proxy and not hasattr(model, "pgh_tracked_model"):
                found.append(model)
    return found


def history_models():
    """The event tables."""
    return [model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]


BY_TABLE = {model._meta.db_table.partition("_")[2]: make for model, make in deciding.BY_MODEL.items()}

# Further sound rows that statements refer to, by the name that they use.
NAMED = {
    "policy": factories.policy,
    "commitment": factories.commitment,
    "partnership": factories.partnership,
    "published": lambda: factories.policy(status="published"),
    "closed": lambda: factories.policy(status="closed"),
    "in_review": lambda: factories.policy(
        status="in_review", submitted_by=factories.user(), submitted_at=timezone.now()
    ),
    "withdrawn": lambda: factories.policy(status="withdrawn"),
    "revision": factories.revision,
    "approval": lambda: factories.sign_off(step="published", asked_by=factories.user()),
    "named": lambda: factories.policy(short_code="named"),
    "person": factories.user,
    "dismissal": deciding.dismissal,
    "moved": factories.moved,
    "told_of": lambda: factories.news(sign_off=factories.sign_off()),
    "approved": lambda: factories.moved(move_state="approved"),
    "coded": lambda: factories.organisation(
        govuk_slug="a-slug", govuk_code="CODE1", gss_code="E98000001", ods_code="ODS1"
    ),
    "consulted": lambda: factories.responsibility(role="consulted"),
    "secondary": lambda: factories.capital_link(weight="secondary"),
}


class Rows(dict):
    """Ids of sound rows by name: a table's name without its app, or one of NAMED. Made when first asked for."""

    def __missing__(self, name):
        if name in ("umbrella", "under"):
            self._nest("umbrella", "under", factories.policy)
        elif name in ("deal", "deal_below"):
            self._nest("deal", "deal_below", factories.partnership)
        else:
            self[name] = (NAMED.get(name) or BY_TABLE[name])().pk
        return self[name]

    def _nest(self, above, below, make):
        parent = make()
        self[above], self[below] = parent.pk, make(parent=parent).pk


def copy(table, row, changes):
    """SQL that inserts a copy of a row, save for its id and the columns in `changes` (SQL by column)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND table_name = %s AND column_name <> 'id' AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        columns = [name for (name,) in cursor.fetchall()]
    assert set(changes) <= set(columns), f"{table} has no column {set(changes) - set(columns)}"
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(changes.get(name, f'"{name}"') for name in columns)
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE id = {row}"
