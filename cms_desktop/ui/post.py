"""This post (postazione): its name, and what it remembers without a database: theme, language, the company to open."""

from __future__ import annotations

import json
import pathlib
import socket
from collections.abc import Callable, MutableMapping
from typing import Any

import platformdirs

from cms_desktop.db.preferences import save_preference
from cms_desktop.db.profile import APP
from cms_desktop.ui.background import Background

SCALES = (100, 115, 130, 150)
SCALE_VARIABLE = "QT_SCALE_FACTOR"


def scale_screen(post: Post, environment: MutableMapping[str, str]) -> None:
    """Before the application is made: letters and all around them by the person's choice, over that of the system."""
    if post.scale != 100 and SCALE_VARIABLE not in environment:
        environment[SCALE_VARIABLE] = str(post.scale / 100)


class Post:
    """A small JSON file of the machine's user. A broken file is as good as none."""

    def __init__(self, name: str, file: pathlib.Path) -> None:
        self.name, self._file = name, file
        try:
            self._facts: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self._facts = {}

    @classmethod
    def of_this_machine(cls) -> Post:
        return cls(socket.gethostname(), platformdirs.user_config_path(APP) / "post.json")

    @property
    def theme(self) -> str:
        return str(self._facts.get("theme", "system"))

    @property
    def language(self) -> str:
        return str(self._facts.get("language", "it"))

    @property
    def scale(self) -> int:
        """Size of everything on the screen, percent; works from the next start."""
        found = self._facts.get("scale", 100)
        return found if found in SCALES else 100

    def keep_scale(self, percent: int) -> None:
        self._keep("scale", percent)

    def company_of(self, login: str) -> int:
        """The company this person always opens here; 0 when none was chosen."""
        return int(self._facts.get("companies", {}).get(login, 0))

    @property
    def lock_minutes(self) -> int:
        """After how many idle minutes the screen locks here; 0 when the company says it. It can only be sooner than the company says."""
        return int(self._facts.get("lock_minutes", 0))

    def keep_lock_minutes(self, minutes: int) -> None:
        self._keep("lock_minutes", minutes)

    def keep_theme(self, theme: str) -> None:
        self._keep("theme", theme)

    def keep_language(self, language: str) -> None:
        self._keep("language", language)

    def keep_company(self, login: str, company_id: int) -> None:
        self._keep("companies", self._facts.get("companies", {}) | {login: company_id})

    def _keep(self, key: str, value: Any) -> None:
        self._facts[key] = value
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps(self._facts, indent=1), encoding="utf-8")
        fresh.replace(self._file)


class PreferenceStore:
    """Remembered things of the person on this post, read once at the start, written behind the screen's back."""

    def __init__(self, background: Background, post: str, stored: dict[str, Any]) -> None:
        self._background, self._post, self._values = background, post, dict(stored)

    def get(self, key: str) -> Any:
        return self._values.get(key)

    def values(self) -> dict[str, Any]:
        """Everything remembered, for a window that takes the place of this one."""
        return dict(self._values)

    def set(self, key: str, value: Any) -> None:
        """Store any JSON value; None forgets it. Unchanged values cost nothing."""
        if self._values.get(key) == value:
            return
        if value is None:
            self._values.pop(key, None)
        else:
            self._values[key] = value
        self._background.run(self._background, self._saving(key, value), key=f"preference {key}", failed=lambda _error: None)

    def _saving(self, key: str, value: Any) -> Callable[[Any], None]:
        return lambda unit: save_preference(unit, self._post, key, value)
