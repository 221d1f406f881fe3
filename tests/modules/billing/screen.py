"""A billing dock in a window of its own, over a real house."""

from __future__ import annotations

import pathlib
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from cms_desktop.db.login import LoginSession
from cms_desktop.modules.billing.dock import BillingDock
from cms_desktop.ui.background import Background
from cms_desktop.ui.commands import CommandRegistry
from cms_desktop.ui.workplace import FileChooser, Workplace


class Memory:
    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def get(self, key: str) -> Any:
        return self.values.get(key)

    def set(self, key: str, value: Any) -> None:
        self.values[key] = value


class ChosenFiles(FileChooser):
    """Answers every question with a folder of the test and remembers what was opened."""

    def __init__(self, place: pathlib.Path) -> None:
        super().__init__()
        self.place, self.shown = place, list[pathlib.Path]()

    def save_as(self, title: str, name: str, pattern: str = "") -> pathlib.Path:
        return self.place / name

    def folder(self, title: str) -> pathlib.Path:
        return self.place

    def show(self, path: pathlib.Path) -> None:
        self.shown.append(path)


class Screen:
    """`press` sends keys to what has the focus; `wait` lets the program work until something holds."""

    def __init__(self, qtbot: QtBot, session: LoginSession, place: pathlib.Path, size: tuple[int, int] = (1400, 900)) -> None:
        self.qtbot, self.said, self.errors = qtbot, list[tuple[Any, ...]](), list[Any]()
        company = session.company(1)
        self.background = Background(lambda: session.database.unit_of_work(1))
        self.background.error_unhandled.connect(self.errors.append)
        self.files = ChosenFiles(place)
        registry = CommandRegistry(lambda function: function in company.functions)
        self.workplace = Workplace(
            person=session.person, company=company, background=self.background, commands=registry, settings=Memory(), files=self.files,
            go_to=lambda *_where, **_what: None, say=lambda *words: self.said.append(words),
        )  # fmt: skip
        self.dock = BillingDock(self.workplace)
        registry.bind(self.dock, "billing")
        self.window = QMainWindow()
        self.window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.dock)
        self.window.resize(*size)
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.settle()

    def wait(self, condition: Callable[[], Any], timeout: int = 15_000) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=timeout)

    def settle(self) -> None:
        """Until nothing runs any more."""
        self.qtbot.wait(550)  # a dock reloads at most twice a second
        self.wait(lambda: not self.dock.is_making() and not self.background.is_busy())
        self.qtbot.wait(60)

    def press(self, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        target = self.window.focusWidget() or self.window
        state = Qt.KeyboardModifier.NoModifier
        for one in modifiers:
            state |= one
        self.qtbot.keyClick(target, key, state)

    def open(self, page: str, **what: Any) -> None:
        self.dock.show_page_for(page, **what)
        self.settle()

    def close(self) -> None:
        self.background.close()
        self.window.close()
