"""Our own processes: web, worker and beat, and the management commands that a start needs."""

import http.client
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

from config import embedded
from config.embedded.paths import PROJECT, State, without_libpq_variables
from config.embedded.service import Service
from config.supervisor.ports import HOST


def address(port: int) -> str:
    return f"http://{HOST}:{port}"


def environment(state: State, port: int, given: Mapping[str, str]) -> dict[str, str]:
    """What every process of ours finds in its environment: the addresses, said outright.

    The site runs as a real one does, with DEBUG off, but for cookies over plain HTTP on this machine.
    """
    inherited = dict(given) if given.get("DATABASE_URL") else without_libpq_variables(dict(given))
    return {
        **inherited,
        "DATABASE_URL": given.get("DATABASE_URL") or state.database_url,
        "REDIS_URL": given.get("REDIS_URL") or state.redis_url,
        "TRACKER_STATE_DIR": str(state.root),
        "TRACKER_DEMO_FILE": str(state.sign_ins),
        "DEBUG": given.get("DEBUG") or "false",
        "SECRET_KEY": given.get("SECRET_KEY") or secret_key(state),
        "SECURE_COOKIES": given.get("SECURE_COOKIES") or "false",
        "DEMONSTRATION": given.get("DEMONSTRATION") or "true",
        "SITE_ADDRESS": given.get("SITE_ADDRESS") or address(port),
        "PYTHONUNBUFFERED": "1",
    }


def secret_key(state: State) -> str:
    """The installation's own key, made at its first start; empty while its directory is not there to write in.

    What is wrong with the directory is said by the step that opens it.
    """
    try:
        if not state.secret.is_file():
            state.secret.touch(mode=0o600)
            state.secret.write_text(secrets.token_urlsafe(60))
        return state.secret.read_text()
    except OSError:
        return ""


def management(state: State, variables: dict[str, str], *arguments: str) -> Service:
    """One of Django's management commands; its output goes to manage.log."""
    return Service(
        name=f"`manage.py {arguments[0]}`",
        command=[sys.executable, "manage.py", *arguments],
        log=state.logs / "manage.log",
        directory=PROJECT,
        # What is shown while it loads is progress, not the log.
        environment={**variables, "LOG_LEVEL": variables.get("LOG_LEVEL") or "WARNING"},
    )


def processes(state: State, variables: dict[str, str], port: int) -> list[Service]:
    """Worker, web and beat, in the order of their start; they stop in the reverse order."""
    run = [sys.executable, "-m"]
    web = [*run, "gunicorn", "config.wsgi:application", "--bind", f"{HOST}:{port}"]
    web += ["--workers", "2", "--threads", "4", "--graceful-timeout", "10", "--no-control-socket"]
    celery = [*run, "celery", "-A", "config.celery"]
    worker = [*celery, "worker", "--loglevel", "INFO", "--concurrency", "2", "-Ofair"]
    worker += ["--prefetch-multiplier", "1", "--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", "--loglevel", "INFO", "--schedule", str(state.beat_schedule)]
    common = {"directory": PROJECT, "environment": variables}
    return [
        # A task under way may end by itself; one that takes longer is repeated at the next start.
        Service(name="worker", command=worker, log=state.logs / "worker.log", grace=30.0, **common),
        Service(
            name="web",
            command=web,
            log=state.logs / "web.log",
            grace=15.0,
            ready=lambda: answers(port),
            **common,
        ),
        Service(name="beat", command=beat, log=state.logs / "beat.log", grace=5.0, **common),
    ]


def answers(port: int) -> bool:
    """Whether a web server answers on this port, whatever it says."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5.0)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def static_root(given: Mapping[str, str]) -> Path:
    """Where collected static files go, as the settings have it."""
    return Path(given.get("STATIC_ROOT") or PROJECT / "build" / "collected")


def static_sources() -> list[Path]:
    """What a new collection of static files depends on."""
    return [
        PROJECT / "build" / "static",
        PROJECT / "tracker" / "web" / "assets",
        PROJECT / "requirements.txt",
    ]


def landscape_sources() -> list[Path]:
    """What a new load of the reference data and the landscape depends on."""
    return [PROJECT / "policies" / "reference"]


def external(given: Mapping[str, str]) -> tuple[bool, bool]:
    """Whether the database and the broker are somebody else's: DATABASE_URL and REDIS_URL are set."""
    return (
        given.get("DATABASE_URL", "") not in ("", embedded.default_database_url()),
        given.get("REDIS_URL", "") not in ("", embedded.default_redis_url()),
    )


def given_environment() -> dict[str, str]:
    """The environment with what `.env` adds to it, as the settings read it too."""
    from environs import Env

    Env().read_env(str(PROJECT / ".env"), recurse=False, override=False)
    return dict(os.environ)
