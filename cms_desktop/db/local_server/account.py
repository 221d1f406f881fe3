"""The system account the server runs as: ourselves, or an ordinary one when we are root (PostgreSQL refuses root)."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

NAMES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """`user_id` None: the account this process runs as."""

    user_id: int | None = None
    group_id: int | None = None

    @property
    def is_another(self) -> bool:
        return self.user_id is not None

    def own(self, path: Path) -> None:
        """Give a file or a folder that we made to this account."""
        if sys.platform != "win32" and self.user_id is not None and self.group_id is not None:
            os.chown(path, self.user_id, self.group_id)

    def may_enter(self, folder: Path) -> bool:
        """Whether it can reach what is in `folder`; folders that do not exist yet are not looked at."""
        if not self.is_another:
            return True
        absolute = folder.resolve()
        return all(self._has(part, stat.S_IXUSR) for part in (absolute, *absolute.parents) if part.exists())

    def may_read(self, file: Path) -> bool:
        """Whether it can reach and read `file`."""
        return not self.is_another or (self.may_enter(file.parent) and self._has(file.resolve(), stat.S_IRUSR))

    def _has(self, path: Path, right: int) -> bool:
        found = path.stat()
        if found.st_uid == self.user_id:
            return bool(found.st_mode & right)
        if found.st_gid == self.group_id:
            return bool(found.st_mode & (right >> 3))
        return bool(found.st_mode & (right >> 6))


def service_account() -> Account:
    """Ourselves, or `postgres` or `nobody` for root."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return Account()
    import pwd

    for name in NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(user_id=entry.pw_uid, group_id=entry.pw_gid)
    return Account(user_id=65534, group_id=65534)
