"""What the tests of the database layer share."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cms_desktop.db.local_server import LocalServer
from tests.cluster import throw_away_place


@pytest.fixture
def server_folder() -> Iterator[Path]:
    """A folder of its own for a local server; whatever still runs in it is stopped at the end."""
    outer = Path(tempfile.mkdtemp(prefix="cms-server-", dir=throw_away_place()))
    outer.chmod(0o711)
    folder = outer / "server"
    try:
        yield folder
    finally:
        LocalServer(folder, throw_away=True).stop()
        shutil.rmtree(outer, ignore_errors=True)
