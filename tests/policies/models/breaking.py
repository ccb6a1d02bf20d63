"""How a statement that breaks a rule is put: an UPDATE of a sound row, or an INSERT of a copy of it."""

from dataclasses import dataclass, field

from tests.policies.models import sound

TABLES = {
    **{
        name: f"tracker_{name}"
        for name in (
            *("failednotice", "flag", "flagcomment", "flagdecision", "heartbeat", "news", "requeue"),
            *("scan", "scancursor"),
            *("scanpart", "severityvalue", "slot", "stalecheck", "thresholdvalue", "told", "watch"),
        )
    },
    **dict.fromkeys(
        (
            *("policy", "commitment", "partnership", "published", "closed", "named", "umbrella", "under", "deal"),
            *("in_review", "withdrawn", "revision"),
        ),
        "policies_initiative",
    ),
    **dict.fromkeys(("signoff", "approval"), "policies_signoff"),
    "dismissal": "tracker_flagdecision",
    "moved": "policies_update",
    "approved": "policies_update",
    "coded": "policies_organisation",
    "consulted": "policies_responsibility",
    "secondary": "policies_capitallink",
    "told_of": "tracker_news",
}


def _table(name):
    return TABLES.get(name, f"policies_{name}")


@dataclass(frozen=True)
class Change:
    """An UPDATE of a sound row."""

    row: str
    values: str

    def sql(self, rows):
        return f"UPDATE {_table(self.row)} SET {self.values.format_map(rows)} WHERE id = {rows[self.row]}"


@dataclass(frozen=True)
class Again:
    """An INSERT of a copy of a sound row."""

    row: str
    values: dict = field(default_factory=dict)

    def sql(self, rows):
        values = {column: value.format_map(rows) for column, value in self.values.items()}
        return sound.copy(_table(self.row), rows[self.row], values)


def change(row, values):
    return Change(row, values)


def again(row, **values):
    return Again(row, values)


def not_http(**tables):
    return [(f"{name}_source_url_http", change(table, "source_url = 'ftp://a'")) for name, table in tables.items()]


def unknown(*names):
    """`organisation.kind`: a code that is not one of its choices; the rule's name is the table's and column's."""
    pairs = [name.split(".") for name in names]
    return [(f"{table}_{column}_known", change(table.replace("_", ""), f"{column} = '?'")) for table, column in pairs]
