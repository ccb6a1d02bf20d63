"""The change log: the queue of record. Triggers write it; scans, feeds and webhooks read it."""

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models


class XidField(models.Field):
    """A PostgreSQL `xid8`: the 64-bit number of a transaction, which never wraps."""

    def db_type(self, connection):
        return "xid8"

    def from_db_value(self, value, expression, connection):
        return None if value is None else int(value)

    def get_prep_value(self, value):
        return None if value is None else str(int(value))


class ChangeQuerySet(models.QuerySet):
    """Reading by cursor. The cursor is a transaction number, never a row id."""

    def settled(self, *, after, before):
        """Changes of the transactions numbered `after` (included) to `before` (left out).

        With `before` taken from `horizon()`, every one of them has ended, so none can appear later: a
        reader that goes on from `before` misses nothing, however late a transaction committed.
        """
        return self.filter(xid__gte=after, xid__lt=before).order_by("xid", "id")

    def of_another_cluster(self):
        """Rows numbered by transactions that this cluster has not had: what a restored backup brings along."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
            return self.filter(xid__gte=cursor.fetchone()[0])


class Change(models.Model):
    """One inserted, updated or deleted row of the register."""

    INSERT, UPDATE, DELETE = "i", "u", "d"

    at = models.DateTimeField()
    xid = XidField()
    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    operation = models.CharField(max_length=1)
    initiative_ids = ArrayField(models.BigIntegerField())
    outcome_ids = ArrayField(models.BigIntegerField())

    objects = ChangeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["xid", "id"], name="change_cursor")]
        constraints = [
            models.CheckConstraint(condition=models.Q(operation__in=["i", "u", "d"]), name="change_operation_known")
        ]

    def __str__(self):
        return f"{self.operation} {self.table_name} {self.row_id}"

    @staticmethod
    def horizon():
        """The number below which every transaction has ended: how far it is safe to read."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            return cursor.fetchone()[0]
