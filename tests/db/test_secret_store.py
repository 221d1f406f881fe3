"""Secrets: in the keyring, or in a file only their owner reads."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordSetError

from cms_desktop.db.secret_store import forget_secret, keep_secret, keyring_is_usable, read_secret


class MemoryKeyring(KeyringBackend):
    """A keyring that works."""

    priority = 5

    def __init__(self, *, locked: bool = False) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = locked

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise PasswordSetError("locked")
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.kept.pop((service, username), None)


@pytest.fixture
def working_keyring(monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    monkeypatch.delenv("CMS_NO_KEYRING", raising=False)
    backend = MemoryKeyring()
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
    return backend


def test_a_secret_goes_to_the_keyring_and_to_no_file(working_keyring: MemoryKeyring, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    assert keyring_is_usable()
    assert keep_secret("owner", "s3cret", fallback=file)
    assert not file.exists()
    assert read_secret("owner", fallback=file) == "s3cret"
    forget_secret("owner", fallback=file)
    assert read_secret("owner", fallback=file) is None


def test_a_locked_keyring_gives_way_to_a_private_file(working_keyring: MemoryKeyring, tmp_path: Path) -> None:
    working_keyring.locked = True
    file = tmp_path / "deeper" / "secret"
    assert keep_secret("owner", "s3cret", fallback=file)
    assert read_secret("owner", fallback=file) == "s3cret"
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_without_keyring_and_file_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CMS_NO_KEYRING", "1")
    assert not keep_secret("owner", "s3cret")
    assert read_secret("owner") is None
