"""Other processes, as the system tells of them: whether they still run, and which ones use our files.

Linux is read from /proc, because a bare machine has no `ps`; elsewhere `ps` and `lsof` are asked.
"""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

PROC = Path("/proc")
ON_LINUX = (PROC / "self" / "stat").exists()


def mark(pid: int) -> str | None:
    """Text that tells this process from a later one with the same number: the time of its start.

    None when it has ended; a zombie, which only waits to be collected, has ended.
    """
    if not ON_LINUX:
        state, _, started = _output("ps", "-o", "state=,lstart=", "-p", str(pid)).strip().partition(" ")
        return None if not state or state.startswith("Z") else started.strip()
    try:
        text = (PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    # The second field is the program's name in brackets, and may itself hold spaces and brackets.
    fields = text.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else fields[19]


def working_in(directory: Path) -> list[int]:
    """Running processes whose working directory is this one."""
    if not ON_LINUX:
        return _numbers(_output("lsof", "-t", "-a", "-d", "cwd", "--", str(directory)))
    wanted = os.path.realpath(directory)
    return [pid for pid in _all() if _target(PROC / str(pid) / "cwd") == wanted and mark(pid)]


def holding(path: Path) -> list[int]:
    """Running processes, other than this one, that have this file open."""
    if not ON_LINUX:
        found = _numbers(_output("lsof", "-t", "--", str(path)))
    else:
        wanted = os.path.realpath(path)
        found = [pid for pid in _all() if wanted in _open_files(pid) and mark(pid)]
    return [pid for pid in found if pid != os.getpid()]


def signal_process(pid: int, number: int) -> None:
    """Send a signal; a process that has ended already is no error."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def signal_group(leader: int, number: int) -> None:
    """Send a signal to what a process started with its own session left behind, itself included."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def end_all_in(directory: Path, seconds: float = 5.0) -> None:
    """Kill every process that works in this directory, and wait until they are gone."""
    limit = time.monotonic() + seconds
    while (pids := working_in(directory)) and time.monotonic() < limit:
        for pid in pids:
            signal_process(pid, signal.SIGKILL)
        time.sleep(0.05)


def _all() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def _open_files(pid: int) -> set[str]:
    try:
        return {_target(entry) for entry in (PROC / str(pid) / "fd").iterdir()}
    except OSError:  # it ended, or belongs to somebody else
        return set()


def _target(link: Path) -> str:
    try:
        return os.readlink(link)
    except OSError:
        return ""


def _output(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603
    except FileNotFoundError:
        return ""


def _numbers(text: str) -> list[int]:
    return [int(word) for word in text.split() if word.isdigit()]
