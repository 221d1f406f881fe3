"""Passwords remembered on this post, in the keyring of the system and nowhere else. A keyring may be slow: never on the screen's thread."""

from __future__ import annotations

import threading

from cms_desktop.db.profile import ConnectionProfile
from cms_desktop.db.secret_store import forget_secret, keep_secret, keyring_is_usable, read_secret


class RememberedPasswords:
    """One entry per server, database and login."""

    def are_possible(self) -> bool:
        """Whether this post has a keyring."""
        return keyring_is_usable()

    def read(self, profile: ConnectionProfile, login: str) -> str | None:
        return read_secret(_name(profile, login)) if login else None

    def keep(self, profile: ConnectionProfile, login: str, password: str) -> None:
        keep_secret(_name(profile, login), password)

    def forget(self, profile: ConnectionProfile, login: str) -> None:
        forget_secret(_name(profile, login))

    def replace(self, profile: ConnectionProfile, login: str, password: str) -> threading.Thread:
        """Follow a change of password, if the old one was remembered. Returns at once."""

        def work() -> None:
            if self.read(profile, login) is not None:
                self.keep(profile, login, password)

        thread = threading.Thread(target=work, name="keyring", daemon=True)
        thread.start()
        return thread


def _name(profile: ConnectionProfile, login: str) -> str:
    return f"{profile.name}/{profile.database}/{login}"
