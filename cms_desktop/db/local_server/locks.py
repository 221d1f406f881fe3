"""Locks between processes that the system itself lifts when their holder dies, however it dies."""

from __future__ import annotations

import contextlib
import os
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from cms_desktop.core.errors import ServerUnreachable

WAIT_SECONDS = 240.0


class FileLock:
    """An exclusive lock on a file; also excludes other threads of the same process."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._handle: int | None = None

    def try_acquire(self) -> bool:
        """Take the lock if it is free."""
        handle = os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600)
        if _lock(handle) and self._is_still_there(handle):
            self._handle = handle
            return True
        os.close(handle)
        return False

    def _is_still_there(self, handle: int) -> bool:
        """The last holder may have removed the file: a lock on what nobody else finds excludes nobody."""
        try:
            return os.path.samestat(os.fstat(handle), self.file.stat())
        except OSError:
            return False

    def release(self) -> None:
        if self._handle is not None:
            handle, self._handle = self._handle, None
            _unlock(handle)
            os.close(handle)


@contextlib.contextmanager
def exclusive(file: Path, *, seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the lock of `file` for a while.

    Raises ServerUnreachable when another client does not let go within `seconds`.
    """
    lock = FileLock(file)
    end = time.monotonic() + seconds
    while not lock.try_acquire():
        if time.monotonic() > end:
            raise ServerUnreachable(
                "Un altro programma sta avviando il server locale da troppo tempo: chiudere gli altri CMS Desktop e riprovare.",
                key="local_server_busy",
            )
        time.sleep(0.02)
    try:
        yield
    finally:
        lock.release()


class Clients:
    """The clients that use a server now: each holds the lock of a file of its own in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._mine: FileLock | None = None

    @property
    def has_joined(self) -> bool:
        return self._mine is not None

    def join(self) -> None:
        if self._mine is None:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            mine = FileLock(self.folder / f"{os.getpid()}-{uuid.uuid4().hex}")
            if mine.try_acquire():
                self._mine = mine

    def leave(self) -> None:
        if self._mine is not None:
            mine, self._mine = self._mine, None
            mine.release()
            mine.file.unlink(missing_ok=True)

    def count(self) -> int:
        """How many are alive; the traces of those that died are removed."""
        alive = 0
        for file in self.folder.iterdir() if self.folder.is_dir() else ():
            if self._mine is not None and file.name == self._mine.file.name:
                alive += 1
                continue
            other = FileLock(file)
            if other.try_acquire():
                other.release()
                file.unlink(missing_ok=True)
            else:
                alive += 1
        return alive


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        with contextlib.suppress(OSError):
            msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
