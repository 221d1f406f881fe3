"""What every dock is given: the person, the chosen company, the way to the database, commands, settings, and the way to other docks."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from cms_desktop.db.login import CompanyChoice, Person
from cms_desktop.ui.background import Background


class Settings(Protocol):
    """Small remembered things of this person on this post (layouts, views). Values are JSON."""

    def get(self, key: str) -> Any: ...

    def set(self, key: str, value: Any) -> None: ...


class FileChooser:
    """Asks where to save or what to open. Journeys without a screen put another one in its place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._parent = parent

    def save_as(self, title: str, name: str, pattern: str = "") -> pathlib.Path | None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        path, _ = QFileDialog.getSaveFileName(self._parent, title, str(pathlib.Path(folder) / name), pattern)
        return pathlib.Path(path) if path else None

    def open_file(self, title: str, pattern: str = "") -> pathlib.Path | None:
        path, _ = QFileDialog.getOpenFileName(self._parent, title, "", pattern)
        return pathlib.Path(path) if path else None

    def folder(self, title: str) -> pathlib.Path | None:
        path = QFileDialog.getExistingDirectory(self._parent, title)
        return pathlib.Path(path) if path else None

    def show(self, path: pathlib.Path) -> None:
        """Open a file with the system's program for it."""
        from PySide6.QtCore import QUrl

        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


class Workplace(QObject):
    """One company opened by one person. A switch of company makes a new workplace and new docks."""

    def __init__(
        self,
        *,
        person: Person,
        company: CompanyChoice,
        background: Background,
        commands: Any,
        settings: Settings,
        files: FileChooser,
        go_to: Callable[..., None],
        say: Callable[..., None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.person, self.company, self.background = person, company, background
        self.commands, self.settings, self.files = commands, settings, files
        self._go_to, self._say = go_to, say
        self._section_makers: dict[str, list[Callable[[], Sequence[Any]]]] = {}

    def may(self, function: str) -> bool:
        """Whether the person holds the function here. Only for what is shown; the database decides what is done."""
        return function in self.company.functions

    def go_to(self, module: str, page: str, **what: Any) -> None:
        """Open another module's page; `what` is handed to the dock's `show_page_for` (query=ListQuery, record=id …)."""
        self._go_to(module, page, **what)

    def show_history(self, table_name: str, record_id: int, title: str = "") -> None:
        """Storico of any record ("customers.contract", id), over the window: who changed what, when, from what to what."""
        self._go_to("history", table_name, record=record_id, title=title)

    def provide_sections(self, subject: str, make: Callable[[], Sequence[Any]]) -> None:
        """A module shows something about another one's records ("customers.customer"): `make` gives its OverviewSections when they are
        first wanted. So what stands below shows what stands above, and knows nothing of it."""
        self._section_makers.setdefault(subject, []).append(make)

    def sections_of(self, subject: str) -> list[Any]:
        """All sections provided for a subject, in the order they were provided."""
        return [section for make in self._section_makers.get(subject, ()) for section in make()]

    def say(self, tone: str, title: str, detail: str = "", action: str = "", on_action: Callable[[], None] | None = None) -> None:
        """A toast: only for things done."""
        self._say(tone, title, detail, action, on_action)
