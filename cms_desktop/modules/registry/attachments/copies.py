"""Temporary copies of attachments for other programs: read-only, in a folder of this program alone, gone when it ends.

What another program still holds open when we leave is removed at the next start.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pathlib
import shutil
import stat
import tempfile
import threading

import psutil

from cms_desktop.modules.registry.attachments.rules import name_on_disk

PREFIX = "cms-desktop-"


class TemporaryCopies:
    """Where copies lie; made when the first is needed."""

    def __init__(self, place: pathlib.Path | None = None) -> None:
        self._place = place or pathlib.Path(tempfile.gettempdir())
        self._folder: pathlib.Path | None = None
        self._lock = threading.Lock()

    def folder(self) -> pathlib.Path:
        """Closed to other accounts (mkdtemp sees to it)."""
        with self._lock:
            if self._folder is None:
                self.remove_abandoned()
                self._folder = pathlib.Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=self._place))
                atexit.register(self.remove)
            return self._folder

    def place_for(self, attachment_id: int, name: str) -> pathlib.Path:
        """Where the copy of an attachment lies, or will: a folder of its own keeps its name."""
        folder = self.folder() / str(attachment_id)
        folder.mkdir(exist_ok=True)
        return folder / name_on_disk(name)

    def close_for_writing(self, path: pathlib.Path) -> pathlib.Path:
        """A change to the copy would be lost: no program may make one."""
        path.chmod(stat.S_IRUSR)
        return path

    def remove(self) -> None:
        with self._lock:
            folder, self._folder = self._folder, None
        if folder is not None:
            _remove(folder)

    def remove_abandoned(self) -> None:
        """The copies of programs that ended without taking theirs away."""
        for folder in self._place.glob(f"{PREFIX}*-*"):
            owner = folder.name.removeprefix(PREFIX).split("-")[0]
            if owner.isdigit() and int(owner) != os.getpid() and not psutil.pid_exists(int(owner)):
                _remove(folder)


def _remove(folder: pathlib.Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with contextlib.suppress(OSError):
                path.chmod(stat.S_IRUSR | stat.S_IWUSR)  # some systems do not remove what may not be written
    shutil.rmtree(folder, ignore_errors=True)


COPIES = TemporaryCopies()
