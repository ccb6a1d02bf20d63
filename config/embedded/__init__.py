"""PostgreSQL and a Redis-compatible server from Python packages, for `make run` and `make test`.

Importing this package starts nothing and needs neither Django nor the server packages. The functions
named here are all that settings use; `python -m config.supervisor` and tests/servers.py use the modules.
"""

from config.embedded.paths import (
    celery_broker_url,
    default_database_url,
    default_redis_url,
    nothing_listens,
    state_dir,
)

__all__ = [
    "celery_broker_url",
    "default_database_url",
    "default_redis_url",
    "nothing_listens",
    "state_dir",
]
