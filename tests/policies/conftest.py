"""For tests whose writes are really committed, since other connections must see them."""

import threading

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from tests.policies.models import sound


@pytest.fixture
def committed(db):
    """Transactions of this test are real. What it adds is deleted afterwards, so that the landscape stays.

    Not `django_db(transaction=True)`: that empties every table, and the landscape takes seconds to load. The
    connection that is in a test's own transaction gives way to another one for the time of the test.
    """
    aside = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = aside.copy()
    last = _last_ids()
    try:
        yield
    finally:
        _delete_after(last)
        connection.close()
        connections[DEFAULT_DB_ALIAS] = aside


def _last_ids():
    last = {}
    with connection.cursor() as cursor:
        for model in sound.models_of_ours():
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {model._meta.db_table}")
            last[model._meta.db_table] = cursor.fetchone()[0]
    return last


def _delete_after(last):
    """References are looked at when the transaction ends, so only the log, which deletions go into, comes last."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in sorted(last, key=lambda table: table == "policies_change"):
            cursor.execute(f"DELETE FROM {table} WHERE id > {last[table]}")


@pytest.fixture
def at_once():
    """A function that runs functions at the same moment, a thread and a connection each.

    Gives what each returned or raised, in their order.
    """

    def run(*functions):
        barrier, results = threading.Barrier(len(functions)), [None] * len(functions)

        def call(position, function):
            try:
                barrier.wait(timeout=20)
                results[position] = function()
            except Exception as error:  # noqa: BLE001 - the test looks at it
                results[position] = error
            finally:
                connection.close()

        threads = [threading.Thread(target=call, args=pair) for pair in enumerate(functions)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert not any(thread.is_alive() for thread in threads), "a thread still waits"
        return results

    return run
