"""The two servers: PostgreSQL and Valkey on Unix sockets, with their data in the state directory."""

import locale
import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from config.embedded import accounts, binaries
from config.embedded.accounts import Account
from config.embedded.errors import StartError
from config.embedded.paths import DATABASE, DATABASE_USER, POSTGRES_SOCKET, VALKEY_SOCKET, State
from config.embedded.service import Service

START_SECONDS = 60.0  # recovery after a crash replays at most max_wal_size
# The builtin provider sorts by code point on every machine alike; docker-compose.yml says the same.
LOCALE = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
# pg_trgm asks the C library what a letter is; with plain C, "Môn" would be the words "M" and "n".
LETTERS = "C.UTF-8"
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_wal_size": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
}
# For tests, whose data nobody keeps; shared memory as a file among them, so that it is deleted with them.
NOT_DURABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "dynamic_shared_memory_type": "mmap",
}
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}


def prepare(state: State) -> Account:
    """Make the state directory and what both servers share; the account they will run under.

    Raises StartError when the machine does not allow it.
    """
    account = accounts.server_account()
    accounts.make_root(state.root, account)
    state.logs.mkdir(mode=0o700, exist_ok=True)  # mail may be printed there
    accounts.own_directory(state.sockets, account)
    return account


def postgres(state: State, account: Account, *, durable: bool = True, kept_open: tuple[int, ...] = ()) -> Service:
    """PostgreSQL on this state's data, which are made if there are none.

    Raises StartError when the data come from another major version or the programs do not run here.
    """
    programs = binaries.postgres_programs(account, state.programs)
    settings = {
        **SETTINGS,
        "unix_socket_directories": '"' + str(state.sockets).replace('"', '""') + '"',
        **({} if durable else NOT_DURABLE),
    }
    command = [str(programs / "postgres"), "-D", str(state.postgres)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]

    def before_start() -> None:
        if state.postgres.is_dir():
            _check_data(state.postgres, account)
        else:
            _make_cluster(programs / "initdb", state, account, durable=durable)
        service.end_rest()
        for stale in (state.postgres / "postmaster.pid", state.sockets / f"{POSTGRES_SOCKET}.lock"):
            stale.unlink(missing_ok=True)

    service = Service(
        name="PostgreSQL",
        command=command,
        log=state.logs / "postgresql.log",
        directory=state.postgres,
        environment=ENVIRONMENT,
        ready=lambda: database_answers(state),
        prepare=before_start,
        stop_signal=signal.SIGINT,  # ends sessions and writes a checkpoint
        last_signal=signal.SIGQUIT,  # ends at once; the next start recovers
        grace=20.0,
        account=account.popen_arguments(),
        kept_open=kept_open,
        alone=True,
    )
    return service


def valkey(state: State, account: Account, *, durable: bool = True, kept_open: tuple[int, ...] = ()) -> Service:
    """Valkey on this state's data. Raises StartError when its program does not run here."""
    path = state.sockets / VALKEY_SOCKET
    command = [str(binaries.valkey_program(account, state.programs)), "--port", "0"]
    command += ["--unixsocket", str(path), "--unixsocketperm", "700", "--dir", str(state.valkey)]
    command += ["--save", "", "--appendonly", "yes" if durable else "no", "--appendfsync", "everysec"]

    def before_start() -> None:
        accounts.own_directory(state.valkey, account)
        service.end_rest()
        path.unlink(missing_ok=True)

    service = Service(
        name="Valkey",
        command=command,
        log=state.logs / "valkey.log",
        directory=state.valkey,
        environment=ENVIRONMENT,
        ready=lambda: broker_answers(path),
        prepare=before_start,
        account=account.popen_arguments(),
        kept_open=kept_open,
        alone=True,
    )
    return service


def database_answers(state: State) -> bool:
    """Whether the embedded PostgreSQL takes connections; makes our database on the first that succeeds."""
    import psycopg

    if not (state.sockets / POSTGRES_SOCKET).exists():
        return False
    try:
        with psycopg.connect(
            host=str(state.sockets), user=DATABASE_USER, dbname="postgres", connect_timeout=5, autocommit=True
        ) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if not found:
                connection.execute(f'CREATE DATABASE "{DATABASE}"')
    except psycopg.OperationalError:
        return False
    return True


def broker_answers(path: Path) -> bool:
    """Whether a Redis-compatible server on this socket has its data in memory and answers."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2.0)
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _check_data(data: Path, account: Account) -> None:
    """Raise StartError unless these are data that the carried PostgreSQL can serve under this account."""
    try:
        written_by = (data / "PG_VERSION").read_text().strip()
    except OSError:
        written_by = "an unknown version"
    ours = binaries.postgres_major_version()
    if written_by != ours:
        raise StartError(
            f"The data in {data} were written by PostgreSQL {written_by} and this is PostgreSQL {ours}: "
            "move them away, or start afresh with `make run ARGS=--reset`, which deletes them."
        )
    if data.stat().st_uid != account.uid:
        raise StartError(f"{data} belongs to another user: start as that user, or set TRACKER_STATE_DIR elsewhere.")


def _make_cluster(initdb: Path, state: State, account: Account, *, durable: bool) -> None:
    """Make the data directory beside its final place and rename it, so that a half-made one is never used."""
    inside = state.root / "postgresql.unfinished"
    if inside.exists():
        shutil.rmtree(inside)
    accounts.own_directory(inside, account)
    target = inside / "data"
    command = [str(initdb), "-D", str(target), f"--username={DATABASE_USER}", "--auth=trust", *LOCALE]
    command += ["--no-instructions"] + ([] if durable else ["--no-sync"])
    command += [f"--lc-ctype={LETTERS}"] if _system_has(LETTERS) else []
    done = subprocess.run(  # noqa: S603
        command, env=ENVIRONMENT, cwd=inside, capture_output=True, check=False, **account.popen_arguments()
    )
    if done.returncode != 0:
        said = (done.stdout + done.stderr).decode(errors="replace").strip().splitlines()[-5:]
        raise StartError(
            "PostgreSQL could not make its data directory; initdb said:" + "".join(f"\n    {line}" for line in said)
        )
    target.rename(state.postgres)
    if durable:
        _sync(state.root)
    inside.rmdir()


def _system_has(character_type: str) -> bool:
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, character_type)
    except locale.Error:
        return False
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return True


def _sync(directory: Path) -> None:
    """Make the names in a directory durable."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
