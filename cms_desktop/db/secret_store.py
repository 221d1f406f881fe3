"""Secrets of this person on this machine: in the system's keyring, or in a file only they can read where there is none.

    keep_secret("local server", "…", fallback=folder / "secret")
    read_secret("local server", fallback=folder / "secret")

Without a `fallback` a secret is kept in the keyring or not at all.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

SERVICE = "CMS Desktop"
DISABLED = "CMS_NO_KEYRING"
"""Environment variable: any value keeps the keyring out of it (services, tests)."""


def keyring_is_usable() -> bool:
    """Whether this session has a keyring that stores and returns secrets."""
    if os.environ.get(DISABLED):
        return False
    try:
        import keyring

        return float(keyring.get_keyring().priority) >= 1
    except Exception:  # a broken backend may raise anything while it is looked up
        return False


def keep_secret(name: str, secret: str, *, fallback: Path | None = None, use_keyring: bool = True) -> bool:
    """Store a secret under `name`; whether it was stored anywhere."""
    if use_keyring and keyring_is_usable() and _in_keyring(name, secret):
        if fallback is not None:
            fallback.unlink(missing_ok=True)
        return True
    if fallback is None:
        return False
    _write_private(fallback, secret)
    return True


def read_secret(name: str, *, fallback: Path | None = None) -> str | None:
    """The secret kept under `name`. The file wins: it exists only where the keyring could not be used last time."""
    if fallback is not None and fallback.exists():
        return fallback.read_text(encoding="utf-8").strip() or None
    if keyring_is_usable():
        import keyring
        from keyring.errors import KeyringError

        with contextlib.suppress(KeyringError):
            return keyring.get_password(SERVICE, name)
    return None


def forget_secret(name: str, *, fallback: Path | None = None) -> None:
    """Remove a secret; nothing happens when there is none."""
    if fallback is not None:
        fallback.unlink(missing_ok=True)
    if keyring_is_usable():
        import keyring
        from keyring.errors import KeyringError

        with contextlib.suppress(KeyringError):
            keyring.delete_password(SERVICE, name)


def _in_keyring(name: str, secret: str) -> bool:
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(SERVICE, name, secret)
        return keyring.get_password(SERVICE, name) == secret
    except KeyringError:
        return False


def _write_private(file: Path, secret: str) -> None:
    """Written whole or not at all, and never readable by others, not even for a moment."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(secret)
    draft.replace(file)
