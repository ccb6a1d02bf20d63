"""The two servers for real: what they hold, what survives, what they refuse."""

import os
import signal
import time

import psycopg
import pytest
import redis
from kombu import Connection

from config.embedded import celery_broker_url, processes, servers
from config.embedded.errors import StartError
from config.embedded.paths import State


@pytest.fixture
def account(state):
    return servers.prepare(state)


@pytest.fixture
def postgres(state, account):
    service = servers.postgres(state, account, durable=False)
    yield service
    service.hurry()
    service.stop()


@pytest.fixture
def valkey(state, account):
    service = servers.valkey(state, account)
    yield service
    service.stop()


def started(service):
    service.start()
    service.wait_ready(servers.START_SECONDS)
    return service


def test_postgresql_listens_on_its_socket_only_and_sorts_by_code_point(state, postgres):
    started(postgres)
    with psycopg.connect(state.database_url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        provider = "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = current_database()"
        assert connection.execute(provider).fetchone() == ("b", "C.UTF-8")
        assert connection.execute("SELECT lower('ŴY'), 'Z' < 'a'").fetchone() == ("ŵy", True)
    assert state.sockets.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("extension", ["pg_trgm", "unaccent", "btree_gist"])
def test_postgresql_has_the_extensions_that_the_project_may_use(extension, session_database_url):
    with psycopg.connect(session_database_url) as connection:
        found = "SELECT 1 FROM pg_available_extensions WHERE name = %s"
        assert connection.execute(found, [extension]).fetchone()


def test_letters_with_accents_are_letters_to_the_trigrams(session_database_url):
    with psycopg.connect(session_database_url) as connection, connection.transaction(force_rollback=True):
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        assert connection.execute("SELECT similarity('Ynys Môn', 'Ynys Mon') < 1").fetchone() == (True,)
        assert connection.execute("SELECT array_length(show_trgm('môn'), 1)").fetchone() == (4,)


@pytest.fixture
def session_database_url():
    """The tests' own server, which the plugin started in the same way; another one may differ."""
    if "/tracker-tests-" not in os.environ["TRACKER_STATE_DIR"] or "%2F" not in os.environ["DATABASE_URL"]:
        pytest.skip("DATABASE_URL names another server")
    return os.environ["DATABASE_URL"]


def test_postgresql_comes_back_with_its_data_after_being_killed(state, postgres):
    started(postgres)
    with psycopg.connect(state.database_url) as connection:
        connection.execute("SET synchronous_commit TO on")
        connection.execute("CREATE TABLE kept (n int)")
    os.kill(postgres.pid, signal.SIGKILL)
    postgres.process.wait()
    started(postgres)
    with psycopg.connect(state.database_url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_stale_pid_file_that_names_a_living_process_does_not_stop_the_start(state, postgres):
    started(postgres)
    postgres.stop()
    socket_lock = state.sockets / f"{servers.POSTGRES_SOCKET}.lock"
    for stale in (state.postgres / "postmaster.pid", socket_lock):
        stale.write_text(f"{os.getpid()}\n{state.postgres}\n1\n5432\n{state.sockets}\n\n")
    started(postgres)


def test_data_of_another_major_version_are_refused_and_left_alone(state, postgres):
    state.postgres.mkdir()
    (state.postgres / "PG_VERSION").write_text("17\n")
    with pytest.raises(StartError, match=r"PostgreSQL 17 .*--reset"):
        postgres.start()
    assert (state.postgres / "PG_VERSION").read_text() == "17\n"


def test_a_half_made_data_directory_is_made_anew(state, postgres):
    (state.root / "postgresql.unfinished" / "data").mkdir(parents=True)
    started(postgres)
    assert not (state.root / "postgresql.unfinished").exists()


def test_valkey_keeps_what_it_was_given_when_it_is_killed(state, valkey):
    started(valkey)
    with redis.from_url(state.redis_url) as client:
        client.rpush("queue", "task")
    time.sleep(1.2)  # the file is made durable every second
    os.kill(valkey.pid, signal.SIGKILL)
    valkey.process.wait()
    started(valkey)
    with redis.from_url(state.redis_url) as client:
        assert client.lrange("queue", 0, -1) == [b"task"]


def test_a_state_directory_with_an_awkward_name_serves_both_and_celery_too(state):
    awkward = State(state.root / "It's a 100% place")
    account = servers.prepare(awkward)
    services = [servers.valkey(awkward, account), servers.postgres(awkward, account, durable=False)]
    try:
        for service in services:
            started(service)
        with psycopg.connect(awkward.database_url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        with Connection(celery_broker_url(awkward.redis_url)) as connection:
            queue = connection.SimpleQueue("q")
            queue.put({"task": 1})
            assert queue.get(timeout=5).payload == {"task": 1}
            queue.close()
    finally:
        for service in services:
            service.hurry()
            service.stop()


def test_nothing_of_the_servers_is_left_after_a_stop(state, postgres, valkey):
    for service in (started(valkey), started(postgres)):
        assert service.stop()
    assert processes.working_in(state.postgres) == processes.working_in(state.valkey) == []
    assert list(state.sockets.iterdir()) == []
