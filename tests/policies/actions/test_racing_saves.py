"""Saves by several processes, all at once and on few records: every one that was accepted is in history once.

`TRACKER_LONG=1` makes it 10,000 (`make soak`).
"""

import multiprocessing
import os

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections

from policies.actions import initiatives
from policies.actions.action import StaleVersionError
from policies.models import Initiative
from tests.policies import factories

SAVES = 10_000 if os.environ.get("TRACKER_LONG") else 2_000
PROCESSES, RECORDS = 4, 3


def race(number, ids, by, told):
    """One process: save each record in turn at the version last seen of it, and note what came of that."""
    # The connection of the process that this one was made from stays with that one.
    connections[DEFAULT_DB_ALIAS] = connections[DEFAULT_DB_ALIAS].copy()
    seen = Initiative.objects.in_bulk(ids)
    accepted, refused, failed = [], 0, []
    for turn in range(SAVES // PROCESSES):
        pk, words = ids[turn % len(ids)], f"{number}-{turn}"
        version = seen[pk].version
        try:
            seen[pk] = initiatives.edit(by=by, initiative=seen[pk], version=version, notes=words)
        except StaleVersionError as error:
            refused += 1
            seen[pk] = error.current
            if error.current.version <= version:
                failed.append("refused without a newer version")
        except Exception as error:  # noqa: BLE001 - the test looks at it
            failed.append(repr(error))
        else:
            accepted.append((pk, version + 1, words))
    connection.close()
    told.send((accepted, refused, failed))
    told.close()
    os._exit(0)  # nothing of the test session is this process's to end


def run(ids, by):
    """All processes; gives what each told."""
    context = multiprocessing.get_context("fork")
    racers = []
    for number in range(PROCESSES):
        here, there = context.Pipe(duplex=False)
        racer = context.Process(target=race, args=(number, ids, by, there), daemon=True)
        racer.start()
        there.close()
        racers.append((racer, here))
    told = [here.recv() for _racer, here in racers]
    for racer, _here in racers:
        racer.join(timeout=30)
    return told


@pytest.mark.django_db(transaction=True)
def test_racing_saves_lose_nothing():
    by = factories.user(is_administrator=True)
    ids = [factories.policy().pk for _ in range(RECORDS)]
    told = run(ids, by)

    accepted = [save for saves, _refused, _failed in told for save in saves]
    refused = sum(number for _saves, number, _failed in told)
    assert [fault for _saves, _refused, failed in told for fault in failed] == []
    # Every save was either accepted or refused as stale, and there was a race: some were refused.
    assert len(accepted) + refused == SAVES
    assert refused > SAVES / 20
    assert len(accepted) > SAVES / 20
    for pk in ids:
        mine = sorted((version, words) for key, version, words in accepted if key == pk)
        # No version was given twice and none was left out; the record stands at the last one, with its words.
        assert [version for version, _words in mine] == list(range(2, len(mine) + 2))
        record = Initiative.objects.get(pk=pk)
        assert (record.version, record.notes) == mine[-1]
        # History has each accepted save once, in the order of the versions.
        assert changes_in_history(pk) == mine


def changes_in_history(pk):
    """(version, words) of each row of history whose words are not those of the row before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT version, notes FROM (SELECT pgh_id, version, notes, lag(notes) OVER (ORDER BY pgh_id) AS before"
            " FROM policies_initiativeevent WHERE pgh_obj_id = %s) AS rows"
            " WHERE notes <> '' AND notes IS DISTINCT FROM before ORDER BY pgh_id",
            [pk],
        )
        return cursor.fetchall()
