"""The servers that the tests need, as an early pytest plugin (`-p tests.servers` in pyproject.toml).

At import it names them in DATABASE_URL and REDIS_URL, before Django reads its settings, unless the
environment names others. They start with the session, in a directory of their own, and are stopped and
deleted at its end, on Ctrl-C too. The processes of pytest-xdist inherit the addresses and share the servers.
"""

import contextlib
import os
import shutil
import tempfile
import uuid
from pathlib import Path

import pytest

from config.embedded import servers
from config.embedded.errors import StartError
from config.embedded.installation import Installation
from config.embedded.paths import State, without_libpq_variables

ROOM = 1_500_000_000  # bytes: the register, once for each of four processes, and its log


def fast_directory() -> Path:
    """Where to keep data that nobody keeps: in memory when there is room, else with other temporary files.

    A cluster is a thousand small files, and making them on disk takes longer than most tests.
    """
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK):
        found = os.statvfs(memory)
        if found.f_bavail * found.f_frsize > ROOM and not found.f_flag & os.ST_NOEXEC:
            return memory
    return Path(tempfile.gettempdir())


class TestServers:
    """Names the servers at once; starts and stops them when pytest says so."""

    __test__ = False

    def __init__(self) -> None:
        self.state = State(fast_directory() / f"tracker-tests-{uuid.uuid4().hex[:12]}")
        self.installation: Installation | None = None
        self.postgres = not os.environ.get("DATABASE_URL")
        self.valkey = not os.environ.get("REDIS_URL")

    def name_in(self, environment: os._Environ[str]) -> None:
        environment["TRACKER_STATE_DIR"] = str(self.state.root)
        if self.postgres:
            for name in set(environment) - set(without_libpq_variables(dict(environment))):
                del environment[name]
            environment["DATABASE_URL"] = self.state.database_url
        if self.valkey:
            environment["REDIS_URL"] = self.state.redis_url

    def start(self) -> None:
        """Start what the environment did not name. Raises StartError; nothing is left then."""
        if not (self.postgres or self.valkey):
            return
        try:
            account = servers.prepare(self.state)
            self.installation = Installation(self.state)
            self.installation.open(remove=self.state.root)
            if self.valkey:
                self.installation.start(servers.valkey(self.state, account, durable=False))
            if self.postgres:
                self.installation.start(servers.postgres(self.state, account, durable=False))
            for service in self.installation.services:
                service.wait_ready(servers.START_SECONDS)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop and delete everything; calling it again does nothing."""
        if self.installation:
            for service in self.installation.services:
                service.hurry()  # nobody keeps these data
            self.installation.close()
            self.installation = None
        for left in (self.state.root, self.state.sockets):
            with contextlib.suppress(FileNotFoundError):
                shutil.rmtree(left)


SERVERS: TestServers | None = None
if "PYTEST_XDIST_WORKER" not in os.environ:
    SERVERS = TestServers()
    SERVERS.name_in(os.environ)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the servers, before pytest-xdist starts its processes."""
    if SERVERS and not session.config.getoption("collectonly"):
        try:
            SERVERS.start()
        except StartError as error:
            pytest.exit(f"The tests need their servers. {error}", returncode=pytest.ExitCode.USAGE_ERROR)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Stop them, after every process of pytest-xdist has deleted its database."""
    if SERVERS:
        SERVERS.stop()
