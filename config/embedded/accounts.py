"""The account that the servers run under, and directories that it may use and others may not."""

import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.embedded.errors import StartError

ELSEWHERE = "set DATABASE_URL and REDIS_URL to servers that run elsewhere"


@dataclass(frozen=True)
class Account:
    """A user's numbers, and whether processes must be moved to it because we run as root."""

    uid: int
    gid: int
    other: bool

    def popen_arguments(self) -> dict[str, Any]:
        """What `subprocess.Popen` needs to run a program under this account, without any extra group."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.other else {}


def ourselves() -> Account:
    """The account that this process runs under."""
    return Account(os.geteuid(), os.getegid(), other=False)


def server_account() -> Account:
    """Ourselves; for root, whom PostgreSQL refuses, `nobody`.

    Raises StartError when the system does not allow that.
    """
    if os.geteuid() != 0:
        try:
            pwd.getpwuid(os.geteuid())
        except KeyError:
            raise StartError(
                f"User number {os.geteuid()} has no entry in /etc/passwd, which PostgreSQL needs: "
                f"add one, or {ELSEWHERE}."
            ) from None
        return ourselves()
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise StartError(
            f"PostgreSQL does not run as root, and there is no user 'nobody': run as another user, or {ELSEWHERE}."
        ) from None
    account = Account(entry.pw_uid, entry.pw_gid, other=True)
    try:
        subprocess.run(["/bin/sh", "-c", ":"], check=True, cwd="/", **account.popen_arguments())
    except (OSError, subprocess.SubprocessError):
        raise StartError(
            "PostgreSQL does not run as root, and this root may not start programs as 'nobody' "
            f"(it lacks CAP_SETUID): run as another user, or {ELSEWHERE}."
        ) from None
    return account


def make_root(path: Path, account: Account) -> None:
    """Make the state directory when it is missing, and check that we may write and the account may enter.

    A directory that is there keeps its mode: it is not ours to change. Raises StartError.
    """
    try:
        for missing in reversed([each for each in (path, *path.parents) if not each.exists()]):
            missing.mkdir()
            missing.chmod(0o711 if account.other or missing != path else 0o700)
    except OSError as error:
        raise StartError(_not_writable(path, error.strerror)) from error
    if not path.is_dir() or not os.access(path, os.W_OK | os.X_OK):
        raise StartError(_not_writable(path, "not a directory that you may write to"))
    if account.other and not may_enter(path, account):
        raise StartError(
            f"The servers run as 'nobody', who may not enter {path}: "
            "set TRACKER_STATE_DIR to a directory that is open to all, such as one in /var/lib."
        )


def own_directory(path: Path, account: Account) -> None:
    """Make a directory inside the state directory that the account alone may use, or check that it is so.

    Raises StartError when it belongs to somebody else or cannot be made.
    """
    try:
        path.mkdir(mode=0o700, exist_ok=True)
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode):
            raise StartError(f"{path} is not a directory: remove it, or set TRACKER_STATE_DIR elsewhere.")
        if found.st_uid not in (account.uid, os.geteuid()):
            raise StartError(f"{path} belongs to another user: start as that user, or set TRACKER_STATE_DIR elsewhere.")
        if found.st_uid != account.uid:
            os.chown(path, account.uid, account.gid)
        path.chmod(0o700)
    except OSError as error:
        raise StartError(_not_writable(path, error.strerror)) from error


def _not_writable(path: Path, why: str | None) -> str:
    return f"{path} cannot be used ({why}): set TRACKER_STATE_DIR to a directory you may write to, or {ELSEWHERE}."


def may_enter(path: Path, account: Account) -> bool:
    """Whether the account can work in this directory; asked by trying, so that no rule is left out."""
    try:
        done = subprocess.run(  # noqa: S603
            ["/bin/sh", "-c", 'cd "$1"', "sh", str(path)],
            check=False,
            capture_output=True,
            cwd="/",
            **account.popen_arguments(),
        )
    except OSError:
        return False
    return done.returncode == 0
