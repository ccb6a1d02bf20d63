"""The change log as a queue: read by transaction, nothing is missed and nothing comes twice."""

import random
import threading
import time

import psycopg
import pytest
from django.db import connection

from policies.models import Change
from tests.policies import factories

pytestmark = pytest.mark.usefixtures("committed")

# A transaction in any database of the server holds the horizon back, so settling may have to be waited for.
PATIENCE_SECONDS = 30
WRITERS, TRANSACTIONS = 6, 35


def another_connection():
    """A connection of our own, in a transaction from its first statement on."""
    parameters = connection.get_connection_params()
    return psycopg.connect(
        **{name: parameters[name] for name in ("dbname", "user", "password", "host", "port") if parameters.get(name)}
    )


def write(other, code):
    """Add a row of the register in another connection's transaction; gives its id."""
    statement = "INSERT INTO policies_collection (code, name, description) VALUES (%s, 'Set', '') RETURNING id"
    return other.execute(statement, [code]).fetchone()[0]


def number_of(other):
    return other.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()[0]


def code():
    return f"log-{factories.number()}"


class Reader:
    """Reads as a scan does: up to the horizon, then on from there."""

    def __init__(self):
        self.cursor = self.start()
        self.read = []

    @staticmethod
    def start():
        """The next transaction's number: nothing that began before is of interest."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
            return cursor.fetchone()[0]

    def go_on(self):
        horizon = max(self.cursor, Change.horizon())
        settled = Change.objects.settled(after=self.cursor, before=horizon)
        self.read += settled.filter(table_name="policies_collection").values_list("row_id", flat=True)
        self.cursor = horizon

    def go_on_past(self, number):
        """Read until a transaction has settled."""
        end = time.monotonic() + PATIENCE_SECONDS
        while self.cursor <= number:
            assert time.monotonic() < end, "another transaction holds the horizon back"
            self.go_on()
            time.sleep(0.01)


class TestTheReader:
    def test_does_not_miss_what_began_first_and_ended_last(self):
        reader = Reader()
        with another_connection() as early, another_connection() as late:
            first = write(early, code())
            second = write(late, code())
            last = number_of(late)
            late.commit()
            reader.go_on()
            assert reader.read == []
            early.commit()
        reader.go_on_past(last)
        assert reader.read == [first, second]

    def test_would_miss_it_if_it_went_by_row_numbers(self):
        """Why the cursor is a transaction and not an id: ids are given out early and seen late."""
        log = Change.objects.filter(table_name="policies_collection").order_by("-id")
        with another_connection() as early, another_connection() as late:
            first = write(early, code())
            write(late, code())
            late.commit()
            cursor = log.values_list("id", flat=True)[0]
            early.commit()
        assert Change.objects.get(table_name="policies_collection", row_id=first).id < cursor

    def test_never_sees_what_was_rolled_back(self):
        reader = Reader()
        with another_connection() as other:
            undone = write(other, code())
            other.rollback()
            kept = write(other, code())
            last = number_of(other)
        reader.go_on_past(last)
        assert reader.read == [kept]
        assert not Change.objects.filter(table_name="policies_collection", row_id=undone).exists()

    def test_never_sees_what_was_rolled_back_to_a_savepoint(self):
        reader = Reader()
        with another_connection() as other:
            kept = write(other, code())
            with pytest.raises(ZeroDivisionError), other.transaction():
                self.write_and_fail(other)
            last = number_of(other)
        reader.go_on_past(last)
        assert reader.read == [kept]

    @staticmethod
    def write_and_fail(other):
        write(other, code())
        raise ZeroDivisionError

    def test_sees_a_transaction_whole(self):
        reader = Reader()
        with another_connection() as other:
            ids = [write(other, code()) for _ in range(3)]
            reader.go_on()
            assert reader.read == []
            last = number_of(other)
        reader.go_on_past(last)
        assert reader.read == ids

    @pytest.mark.parametrize("seed", [1, 2])
    def test_reads_everything_once_however_transactions_interleave(self, seed):
        reader, kept, last = Reader(), [], []
        codes = [[code() for _ in range(3 * TRANSACTIONS)] for _ in range(WRITERS)]

        def work(writer):
            chance = random.Random(f"{seed}-{writer}")
            with another_connection() as other:
                for _ in range(TRANSACTIONS):
                    ids = []
                    for _ in range(chance.randint(1, 3)):
                        ids.append(write(other, codes[writer].pop()))
                        time.sleep(chance.choice([0, 0, 0.001, 0.01]))
                    last.append(number_of(other))
                    if chance.random() < 0.2:
                        other.rollback()
                        continue
                    other.commit()
                    kept.extend(ids)

        threads = [threading.Thread(target=work, args=[writer]) for writer in range(WRITERS)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            reader.go_on()
        for thread in threads:
            thread.join()
        reader.go_on_past(max(last))
        assert len(kept) > WRITERS * TRANSACTIONS
        assert sorted(reader.read) == sorted(kept)


class TestTheLog:
    def test_numbers_a_row_by_its_transaction(self):
        with another_connection() as other:
            row = write(other, code())
            number = number_of(other)
        assert Change.objects.get(table_name="policies_collection", row_id=row).xid == number

    def test_settles_in_the_order_of_transactions(self):
        with another_connection() as early, another_connection() as late:
            began = number_of(early)
            second = write(late, code())
            ended = number_of(late)
            late.commit()
            first = write(early, code())
        found = Change.objects.settled(after=began, before=ended + 1).filter(row_id__in=[first, second])
        assert list(found.values_list("row_id", flat=True)) == [first, second]

    def test_horizon_stops_at_the_oldest_open_transaction(self):
        with another_connection() as other:
            number = number_of(other)
            assert Change.horizon() <= number
            other.rollback()
        reader = Reader()
        reader.cursor = number
        reader.go_on_past(number)
        assert Change.horizon() > number
