"""Remembers of what something was made, so that a later start does not make it again."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def fingerprint(sources: Iterable[Path]) -> str:
    """SHA-256 of the names and contents of these files and of all files in these directories."""
    sha = hashlib.sha256()
    for source in sources:
        found = sorted(path for path in source.rglob("*") if path.is_file()) if source.is_dir() else [source]
        for path in found:
            if path.is_file() and "__pycache__" not in path.parts:
                sha.update(str(path.relative_to(source.parent)).encode())
                sha.update(hashlib.sha256(path.read_bytes()).digest())
    return sha.hexdigest()


def holds(stamp: Path, value: str) -> bool:
    try:
        return stamp.read_text() == value
    except OSError:
        return False
