"""The whole program over a house of its own: a person types into the login window, then works."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cms_desktop.app import Program
from cms_desktop.db.profile import ConnectionProfile, ProfileStore
from cms_desktop.ui import theme
from cms_desktop.ui.post import Post
from cms_desktop.ui.tokens import LIGHT
from cms_desktop.ui.translation import use_language
from tests.house import PASSWORD, House

Wait = Callable[..., None]


@dataclass
class FakePlace:
    """The house's cluster in the place of the local server."""

    profile: ConnectionProfile
    released: int = 0
    asked: list[str] = field(default_factory=list)

    def reach(self, profile: ConnectionProfile) -> ConnectionProfile:
        self.asked.append(profile.name)
        return replace(profile, hosts=self.profile.hosts) if profile.is_local else profile

    def release(self) -> None:
        self.released += 1


@dataclass
class Journey:
    """A program and the hands of the person before it."""

    program: Program
    place: FakePlace
    bot: QtBot
    folder: pathlib.Path
    finished: list[bool] = field(default_factory=list)

    @property
    def login(self) -> Any:
        assert self.program.login is not None
        return self.program.login

    @property
    def window(self) -> Any:
        return self.program.open.window

    @property
    def dock(self) -> Any:
        return self.window.current_dock()

    def until(self, happened: Callable[[], object], seconds: float = 10) -> None:
        self.bot.waitUntil(lambda: bool(happened()), timeout=round(seconds * 1000))

    def type_login(self, login: str, password: str = PASSWORD) -> None:
        page = self.login.credentials
        for widget, text in ((page.login, login), (page.password, password)):
            widget.setFocus()
            widget.selectAll()
            QTest.keyClicks(widget, text)
        QTest.keyClick(page.password, Qt.Key.Key_Return)

    def enter(self, login: str, company: int = 0) -> None:
        """Log in; `company` is the digit pressed when several are offered."""
        if self.program.login is None:
            self.program.show_login()
        self.type_login(login)
        if company:
            self.until(lambda: hasattr(self.login.stack.currentWidget(), "list"))
            QTest.keyClick(self.login.stack.currentWidget().list, Qt.Key(Qt.Key.Key_0.value + company))
        self.until(lambda: self.program.open is not None)

    def use_own_persons(self) -> None:
        """Log in as persons made by `add_person`: their roles carry this house's name."""
        profile = self.program.profiles.load()[0]
        self.program.profiles.save([replace(profile, role_prefix="")])

    def refusal(self) -> str:
        """The sentence shown in the login window."""
        page = self.login.credentials
        self.until(page.message.isVisible)
        return str(page.message.text())


@pytest.fixture
def journey(house: House, qtbot: QtBot, tmp_path: pathlib.Path, qapp: QApplication) -> Iterator[Journey]:
    store = ProfileStore(tmp_path / "profiles.json")
    store.save([replace(house.profile, name="Questa postazione", hosts="127.0.0.1")])
    place = FakePlace(house.profile)
    program = Program(qapp, Post("posto 1", tmp_path / "post.json"), place=place, profiles=store)
    made = Journey(program, place, qtbot, tmp_path)
    program.finished.connect(lambda: made.finished.append(True))
    yield made
    if program.open is not None:
        for dock in program.open.window.open_docks():
            dock.set_dirty(False)
        program.open.window.close()
    elif program.login is not None:
        program.login.close()
    made.until(lambda: bool(made.finished))
    use_language("it")
    theme.apply(qapp, LIGHT)
