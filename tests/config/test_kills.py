"""Random kills of worker, beat and broker under a stream of changes: nothing is lost, nothing is doubled.

A few kills in the usual run; `TRACKER_LONG=1` makes it 50 under 10,000 (`make soak`) changes.
"""

import os
import random
import subprocess
import threading

import psycopg
import pytest

from config.embedded import processes

from .test_whole import CAUGHT_UP, connection, site, until  # noqa: F401

LONG = bool(os.environ.get("TRACKER_LONG"))
KILLS, CHANGES = (50, 10_000) if LONG else (3, 300)
NAMES = ["worker", "beat", "Valkey"]

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not processes.ON_LINUX, reason="finds the processes in /proc"),
]

WRITES = [
    (
        "UPDATE policies_initiative SET value_gbp = 1 + (random() * 1e9)::int, title = title || ' ' WHERE id = %(id)s"
        " AND length(title) < 190"
    ),
    "DELETE FROM policies_capitallink WHERE initiative_id = %(id)s AND weight = 'secondary'",
    (
        "UPDATE policies_outcomelink SET direction = CASE direction WHEN 'improves' THEN 'worsens' ELSE 'improves' END"
        " WHERE initiative_id = %(id)s"
    ),
    (
        "INSERT INTO policies_capitallink"
        " (initiative_id, capital_id, weight, rationale, basis, source_title, source_url)"
        " SELECT %(id)s, id, 'secondary', '', 'judged', '', '' FROM policies_capital ORDER BY random() LIMIT 1"
        " ON CONFLICT DO NOTHING"
    ),
    "UPDATE policies_measure SET is_health = NOT is_health WHERE initiative_id = %(id)s",
]


class Writer(threading.Thread):
    """Changes records one after the other, each in a transaction of its own, until it has made enough."""

    def __init__(self, address, changes, seed):
        super().__init__()
        self.address, self.changes, self.chance, self.fault = address, changes, random.Random(seed), None

    def run(self):
        try:
            with psycopg.connect(self.address, autocommit=True) as connection:
                ids = [row[0] for row in connection.execute("SELECT id FROM policies_initiative ORDER BY id")]
                for _ in range(self.changes):
                    connection.execute(self.chance.choice(WRITES), {"id": self.chance.choice(ids)})
        except psycopg.Error as error:
            self.fault = error


def test_random_kills_under_changes_lose_nothing_and_double_nothing(site, connection):  # noqa: F811
    until(lambda: connection.execute(CAUGHT_UP).fetchone()[0], "the first scan")
    before = connection.execute("SELECT max(id) FROM policies_change").fetchone()[0]
    writers = [Writer(site.state.database_url, CHANGES // 2, seed) for seed in (1, 2)]
    for writer in writers:
        writer.start()
    chance = random.Random(3)
    for number in range(KILLS):
        name = chance.choice(NAMES)
        back = site.output.read_text().count(f"{name} is back.")
        site.kill(name)
        until(
            lambda name=name, back=back: site.output.read_text().count(f"{name} is back.") > back,
            f"{name} never came back from kill {number + 1}",
        )
    for writer in writers:
        writer.join()
    assert [writer.fault for writer in writers] == [None, None]
    changed = connection.execute("SELECT count(*) FROM policies_change WHERE id > %s", [before]).fetchone()[0]
    assert changed >= CHANGES / 4, "the stream of changes was a stream"
    until(lambda: connection.execute(CAUGHT_UP).fetchone()[0], "changes were left unscanned")
    twice = "SELECT fingerprint FROM tracker_flag GROUP BY fingerprint HAVING count(*) > 1"
    assert connection.execute(twice).fetchall() == []
    try:
        assert "Every flag is as a look at everything would leave it." in site.manage("scan", "--verify")
    except subprocess.CalledProcessError as error:
        raise AssertionError(error.stderr) from error
