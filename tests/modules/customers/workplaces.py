"""A workplace over a house, for tests of screens."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from cms_desktop.db.login import LoginSession
from cms_desktop.ui.background import Background
from cms_desktop.ui.workplace import FileChooser, Workplace
from tests.house import House


class MemorySettings:
    """Settings that end with the test."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def get(self, key: str) -> Any:
        return self.values.get(key)

    def set(self, key: str, value: Any) -> None:
        self.values[key] = value


class ToldFiles(FileChooser):
    """Answers with the path it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.path: pathlib.Path | None = None

    def save_as(self, title: str, name: str, pattern: str = "") -> pathlib.Path | None:
        return self.path

    def open_file(self, title: str, pattern: str = "") -> pathlib.Path | None:
        return self.path


@contextmanager
def opened_workplace(house: House, login: str = "marta.bellini", settings: MemorySettings | None = None) -> Iterator[Workplace]:
    session: LoginSession = house.log_in(login)
    company = session.company(1)
    background = Background(lambda: session.database.unit_of_work(company.company_id))
    said: list[tuple[str, ...]] = []
    place = Workplace(
        person=session.person, company=company, background=background, commands=None, settings=settings or MemorySettings(),
        files=ToldFiles(), go_to=lambda *_what, **_more: None, say=lambda *what: said.append(what),
    )  # fmt: skip
    place.setProperty("said", said)
    try:
        yield place
    finally:
        background.blockSignals(True)  # what is still under way has nobody to come back to
        background.close()
        session.close()


def until(qtbot: Any, condition: Callable[[], object], timeout: int = 8000) -> None:
    qtbot.waitUntil(lambda: bool(condition()), timeout=timeout)
