"""A dock as the main window would show it, over the database of a test."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from cms_desktop.db.login import LoginSession
from cms_desktop.ui import theme
from cms_desktop.ui.background import Background
from cms_desktop.ui.commands import CommandRegistry
from cms_desktop.ui.module_dock import ModuleDock
from cms_desktop.ui.tokens import DARK, LIGHT
from cms_desktop.ui.workplace import FileChooser, Workplace


class MemorySettings(dict[str, Any]):
    def set(self, key: str, value: Any) -> None:
        self[key] = value


class FolderChooser(FileChooser):
    """Saves everything into one folder, without asking."""

    def __init__(self, folder: pathlib.Path) -> None:
        super().__init__()
        self.saved_to = folder
        self.is_left = False
        self.to_open: pathlib.Path | None = None

    def save_as(self, title: str, name: str, pattern: str = "") -> pathlib.Path | None:
        return None if self.is_left else self.saved_to / name

    def open_file(self, title: str, pattern: str = "") -> pathlib.Path | None:
        return self.to_open


class Desk:
    """A workplace that remembers where it was sent and what was said."""

    def __init__(self, session: LoginSession, folder: pathlib.Path, company: int = 1) -> None:
        self.went: list[tuple[str, str, dict[str, Any]]] = []
        self.said: list[str] = []
        self.session, self.files = session, FolderChooser(folder)
        chosen = session.company(company)
        self.registry = CommandRegistry(lambda function: function in chosen.functions)
        self.background = Background(lambda: session.database.unit_of_work(company))
        self.errors: list[Any] = []
        self.background.error_unhandled.connect(self.errors.append)
        self.workplace = Workplace(
            person=session.person, company=chosen, background=self.background, commands=self.registry, settings=MemorySettings(),
            files=self.files, go_to=lambda module, page, **what: self.went.append((module, page, what)),
            say=lambda tone, title, detail="", action="", on_action=None: self.said.append(f"{title} {detail}".strip()),
        )  # fmt: skip


def show_dock(qtbot: QtBot, dock: ModuleDock, registry: CommandRegistry, commands: list[Any]) -> QMainWindow:
    """The dock in a window of the size of the pictures, its shortcuts bound."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    if theme.current() is not LIGHT or not app.property("fonts"):
        theme.load_fonts()
        theme.apply(app, LIGHT)
        app.setProperty("fonts", True)
    window = QMainWindow()
    theme.dress(window)
    qtbot.addWidget(window)
    registry.register(*commands)
    registry.bind(dock, dock.name)
    window.addDockWidget(Qt.DockWidgetArea.TopDockWidgetArea, dock)
    window.resize(1390, 820)
    theme.dress(window)
    window.show()
    window.activateWindow()
    return window


@contextmanager
def dark() -> Iterator[None]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, DARK)
    try:
        yield
    finally:
        theme.apply(app, LIGHT)


def picture(window: QMainWindow, name: str) -> None:
    """Light and dark pictures, when a folder for them is named in CMS_PICTURES."""
    folder = os.environ.get("CMS_PICTURES")
    if not folder:
        return
    QApplication.processEvents()
    window.grab().save(f"{folder}/{name}-light.png")
    with dark():
        QApplication.processEvents()
        window.grab().save(f"{folder}/{name}-dark.png")
