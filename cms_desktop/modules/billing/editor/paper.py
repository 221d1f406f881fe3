"""A PDF that is looked at, not kept: written to a temporary folder and opened with the system's program."""

from __future__ import annotations

import pathlib
import tempfile

from cms_desktop.ui.workplace import Workplace


def open_paper(workplace: Workplace, name: str, content: bytes) -> pathlib.Path:
    path = pathlib.Path(tempfile.mkdtemp(prefix="cms-")) / name
    path.write_bytes(content)
    workplace.files.show(path)
    return path
