"""A computer on which the program was just installed."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cms_desktop.db.local_house import open_local
from cms_desktop.db.local_server import LocalServer
from cms_desktop.db.login import log_in
from cms_desktop.db.profile import LOCAL, ProfileStore
from cms_desktop.first_start import FirstStart
from cms_desktop.ui.login.empty_page import EmptyServerPage
from cms_desktop.ui.login.window import LoginWindow
from tests.cluster import throw_away_place


def test_an_empty_computer_gets_two_companies_and_somebody_can_come_in() -> None:
    folder = throw_away_place() / f"cms-first-{uuid.uuid4().hex[:8]}"
    server = LocalServer(folder, throw_away=True)
    try:
        profile = open_local(server, LOCAL)
        first = FirstStart(server, profile)
        assert not first.has_company()
        said: list[str] = []
        login, password = first.load_demo(said.append)
        assert first.has_company() and said
        session = log_in(profile, login, password)
        assert [company.name for company in session.companies] == ["Vigilanza Aurora S.r.l."]
        session.close()
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


class _Empty:
    """A server without companies whose loading is over at once."""

    def load_demo(self, progress: Callable[[str], None]) -> tuple[str, str]:
        progress("Aziende e persone")
        return "marta.bellini", "ponte verde tegola 7"


def test_the_login_window_offers_the_demo_where_there_is_no_company(qtbot: QtBot, tmp_path: Path) -> None:
    store = ProfileStore(tmp_path / "profiles.json")
    window = LoginWindow(store, lambda profile: profile, lambda _login: 0, keep_company=lambda _login, _company: None)
    qtbot.addWidget(window)
    window.first_start = lambda _profile: _Empty()
    window.show()
    window._on_reached((LOCAL, 0.001))
    qtbot.waitUntil(lambda: isinstance(window.stack.currentWidget(), EmptyServerPage), timeout=5000)
    page = window.stack.currentWidget()
    qtbot.keyClick(page.load, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.stack.currentWidget() is window.credentials, timeout=5000)
    assert (window.credentials.login.text(), window.credentials.password.text()) == ("marta.bellini", "ponte verde tegola 7")
    window.finish()
