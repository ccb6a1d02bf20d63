"""Where a local installation keeps its files, and the URLs that follow from it.

Everything here is computed from the environment; nothing is created and nothing is started.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

APPLICATION = "policy-alignment-tracker"
PROJECT = Path(__file__).resolve().parents[2]
DATABASE = "tracker"
DATABASE_USER = "tracker"
POSTGRES_SOCKET = ".s.PGSQL.5432"
VALKEY_SOCKET = "valkey.sock"
# The address of a Unix socket has 104 bytes on macOS and 108 on Linux, with the closing zero.
LONGEST_SOCKET_PATH = 103
NOTHING_LISTENS = (
    "Nothing listens in {where}: start everything with `make run`, "
    "or set DATABASE_URL to a PostgreSQL server that runs."
)


def state_dir() -> Path:
    """The directory of everything that a local installation writes.

    TRACKER_STATE_DIR when it is set; for root a system directory, because the servers then run under
    another account that may not enter root's home; else `var` in the checkout.
    """
    chosen = os.environ.get("TRACKER_STATE_DIR")
    if chosen:
        return Path(os.path.abspath(os.path.expanduser(chosen)))
    if os.geteuid() == 0:
        return Path("/var/lib") / APPLICATION
    return PROJECT / "var"


def default_database_url() -> str:
    """URL of the embedded PostgreSQL of this state directory, whether or not it runs."""
    return State(state_dir()).database_url


def default_redis_url() -> str:
    """URL of the embedded Valkey of this state directory, as redis-py reads it."""
    return State(state_dir()).redis_url


def celery_broker_url(redis_url: str) -> str:
    """The same server as Celery writes it: sockets have another scheme there, other URLs are the same."""
    scheme, separator, rest = redis_url.partition("://")
    if scheme != "unix" or not separator:
        return redis_url
    path, _, query = rest.partition("?")
    number = next((part[3:] for part in query.split("&") if part.startswith("db=")), "0")
    return f"redis+socket://{path}?virtual_host={number}"


def nothing_listens(database_url: str) -> str | None:
    """What to tell somebody whose connection failed, when the URL is that of the embedded server.

    None for any other URL: then the driver's own words say more.
    """
    state = State(state_dir())
    if database_url != state.database_url:
        return None
    return NOTHING_LISTENS.format(where=state.sockets)


def without_libpq_variables(environment: dict[str, str]) -> dict[str, str]:
    """A copy without PGHOST, PGOPTIONS and their like, which bend every connection."""
    return {name: value for name, value in environment.items() if not name.startswith("PG")}


@dataclass(frozen=True)
class State:
    """The state directory with the names of what is in it."""

    root: Path

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def postgres(self) -> Path:
        return self.root / "postgresql"

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    @property
    def programs(self) -> Path:
        """Copies of the server programs, made only when the servers' account cannot reach the originals."""
        return self.root / "programs"

    @property
    def beat_schedule(self) -> Path:
        return self.root / "beat-schedule"

    @property
    def secret(self) -> Path:
        """The key with which this installation signs cookies and links."""
        return self.root / "secret-key"

    @property
    def sign_ins(self) -> Path:
        return self.root / "demo-sign-ins.txt"

    @property
    def loaded(self) -> Path:
        """What was loaded last, so that a later start can leave it out."""
        return self.root / "loaded"

    @property
    def scanned(self) -> Path:
        """There once a first scan has finished."""
        return self.root / "scanned"

    @property
    def sockets(self) -> Path:
        """Directory of both sockets; elsewhere when the path cannot be a socket's address.

        That is when it is too long, or has a comma, which libpq takes for a list of hosts.
        """
        inside = self.root / "run"
        if len(os.fsencode(inside / POSTGRES_SOCKET)) <= LONGEST_SOCKET_PATH and "," not in str(inside):
            return inside
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return Path(f"/tmp/{APPLICATION}-{os.geteuid()}-{digest}")  # noqa: S108 (made 0700, owner checked)

    @property
    def database_url(self) -> str:
        return f"postgresql://{DATABASE_USER}@{quote(str(self.sockets), safe='')}/{DATABASE}"

    @property
    def redis_url(self) -> str:
        return f"unix://{quote(str(self.sockets / VALKEY_SOCKET))}?db=0"
