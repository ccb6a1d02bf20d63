"""A state directory that the servers' account may enter, which pytest's own directories forbid it."""

import shutil
import tempfile
from pathlib import Path

import pytest

from config.embedded.paths import State
from tests.servers import fast_directory


@pytest.fixture
def state():
    root = Path(tempfile.mkdtemp(prefix="tracker-test-", dir=fast_directory()))
    root.chmod(0o711)
    yield State(root)
    shutil.rmtree(root, ignore_errors=True)
