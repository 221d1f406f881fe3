"""A computer on which the program was just installed."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cms_desktop.db.local_house import open_local
from cms_desktop.db.local_server import LocalServer
from cms_desktop.db.login import log_in
from cms_desktop.db.profile import LOCAL, ProfileStore
from cms_desktop.first_start import FirstStart
from cms_desktop.ui.login.empty_page import EmptyServerPage
from cms_desktop.ui.login.founding_page import FoundingPage
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

    def fiscal_regimes(self) -> list[tuple[str, str]]:
        return [("RF01", "Ordinario")]

    def found_company(self, values: Mapping[str, Any]) -> tuple[str, str]:
        raise NotImplementedError


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


OWN = {
    "name": "Vigilanza Nordest S.r.l.", "vat_number": "00743110157", "pec": "nordest@pec.example", "phone": "0444 123456", "street": "Via Roma",
    "street_number": "5", "postal_code": "36100", "town": "Vicenza", "province_code": "VI", "rea_office": "VI", "rea_number": "123456",
    "share_capital": "50000", "bank_name": "Banca Uno", "iban": "IT60X0542811101000000123456", "person_name": "Anna Rossi",
    "login": "anna.rossi", "password": "un ponte sul fiume 8", "again": "un ponte sul fiume 8",
}  # fmt: skip


def _press(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def _fill(qtbot: QtBot, page: FoundingPage) -> None:
    """Each field of the step is reached by Tab and typed; Ctrl+Enter goes on."""
    for form in page.forms:
        assert page.forms[page.pages.currentIndex()] is form
        for key, field in form.fields.items():
            if key in OWN:
                for _ in range(12):
                    if field.editor.hasFocus():
                        break
                    _press(qtbot, Qt.Key.Key_Tab)
                assert field.editor.hasFocus(), key
                qtbot.keyClicks(QApplication.focusWidget(), OWN[key])
        _press(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_ones_own_company_is_founded_by_keys_and_its_administrator_comes_in(qtbot: QtBot, tmp_path: Path) -> None:
    folder = throw_away_place() / f"cms-own-{uuid.uuid4().hex[:8]}"
    server = LocalServer(folder, throw_away=True)
    try:
        profile = open_local(server, LOCAL)
        window = LoginWindow(ProfileStore(tmp_path / "profiles.json"), lambda one: one, lambda _login: 0, keep_company=lambda *_what: None)
        qtbot.addWidget(window)
        window.first_start = lambda _profile: FirstStart(server, profile)
        window.show()
        window.activateWindow()
        window._on_reached((profile, 0.001))
        qtbot.waitUntil(lambda: isinstance(window.stack.currentWidget(), EmptyServerPage), timeout=10000)
        empty = window.stack.currentWidget()
        empty.own.setFocus()
        _press(qtbot, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: isinstance(window.stack.currentWidget(), FoundingPage), timeout=5000)
        page = window.stack.currentWidget()
        _press(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert page.pages.currentIndex() == 0 and page.field("name").state == "error"  # nothing goes on without what documents need
        page.field("name").editor.setFocus()
        _fill(qtbot, page)
        qtbot.waitUntil(lambda: window.stack.currentWidget() is window.credentials, timeout=20000)
        assert window.credentials.login.text() == "anna.rossi"
        session = log_in(profile, "anna.rossi", OWN["password"])
        [company] = session.companies
        assert company.name == OWN["name"] and "base.administer" in company.functions and "billing.issue" in company.functions
        with session.database.unit_of_work(company.company_id) as unit:
            found = unit.rows(
                sa.text("select tax_code, street, town, province_code, rea_number, share_capital, fiscal_regime from base.company")
            )
            banks = unit.rows(sa.text("select name, iban, is_default from base.bank_account"))
        assert [tuple(row) for row in found] == [("00743110157", "Via Roma", "Vicenza", "VI", "123456", 50000, "RF01")]
        assert [tuple(row) for row in banks] == [("Banca Uno", OWN["iban"], True)]
        session.close()
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def test_a_weak_or_different_password_is_said_at_its_field(qtbot: QtBot) -> None:
    page = FoundingPage([("RF01", "Ordinario")])
    qtbot.addWidget(page)
    page.show()
    form = page.forms[2]
    form.fields["person_name"].set_value("Anna Rossi")
    for login, password, again, wrong in (
        ("Anna Rossi", "un ponte sul fiume 8", "un ponte sul fiume 8", {"login"}),
        ("anna", "corta", "corta", {"password"}),
        ("anna", "un ponte sul fiume 8", "un altro", {"again"}),
        ("anna", "un ponte sul fiume 8", "un ponte sul fiume 8", set()),
    ):
        form.fields["login"].set_value(login)
        form.fields["password"].set_value(password)
        form.fields["again"].set_value(again)
        assert set(form.problems()) == wrong
