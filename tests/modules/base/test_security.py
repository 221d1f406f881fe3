"""Who is in, who was refused, who is locked: on the screen, with figures that equal the rows behind them."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Iterator

import psycopg
import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from cms_desktop.core.errors import LoginRefused
from cms_desktop.core.listing import ListQuery
from cms_desktop.db.login import log_in
from cms_desktop.modules.base import actions, queries
from cms_desktop.modules.base.commands import commands
from cms_desktop.modules.base.dock import BaseDock
from cms_desktop.ui.tiles import KpiTile
from tests.access.arranged import add_person, connect_as, own_profile
from tests.house import PASSWORD, House
from tests.modules.base.screens import Desk, picture, show_dock
from tests.modules.base.test_dock import answer_yes

Shown = tuple[BaseDock, QMainWindow]


@pytest.fixture
def desk(house: House, qtbot: QtBot, tmp_path: pathlib.Path) -> Iterator[Desk]:
    """pippo is locked after wrong passwords at his post, marta works, carlo looks at the data with psql; somebody tries names."""
    add_person(house, "pippo.prova", (1, ("customers.read",)))
    with house.owner() as owner:
        owner.execute("update base.person set display_name = 'Pippo Rossi' where login = 'pippo.prova'")
        owner.execute("update base.security_rule set password_days = 90")
        owner.execute(
            "update base.person set password_changed_at = now() - interval '70 days' where login in ('rita.revisore', 'dora.doppia')"
        )
        owner.execute("update base.person set password_changed_at = now() where login not in ('rita.revisore', 'dora.doppia')")
    for _ in range(6):
        with pytest.raises(LoginRefused):
            log_in(own_profile(house), "pippo.prova", "sbagliata")
    marta = house.log_in("marta.bellini")
    session = house.log_in("anna.admin")
    made = Desk(session, tmp_path)
    with marta.database.connect() as connection, house.person("carlo.conti") as carlo:
        connection.execute("select sec.report_session(%s, 1, 1500, false)", (marta.token,))
        connection.commit()
        carlo.execute("set application_name = 'psql'")
        yield made
    qtbot.waitUntil(lambda: not made.background.is_busy(), timeout=8000)
    made.background.close()
    session.close()
    marta.close()


@pytest.fixture
def shown(desk: Desk, qtbot: QtBot) -> Shown:
    dock = BaseDock(desk.workplace)
    window = show_dock(qtbot, dock, desk.registry, commands(dock))
    qtbot.waitUntil(lambda: dock.dashboard.figures is not None, timeout=5000)
    return dock, window


@pytest.mark.parametrize("tile", ["open", "refusals", "locked", "passwords"])
def test_a_tile_of_the_door_opens_the_rows_behind_it(shown: Shown, desk: Desk, qtbot: QtBot, tile: str) -> None:
    dock, window = shown
    picture(window, "base-dashboard")
    shown_tile: KpiTile = getattr(dock.dashboard, tile)
    went: list[tuple[str, dict[str, ListQuery]]] = []
    dock.dashboard.opened.connect(lambda page, what: went.append((page, what)))
    shown_tile.click()
    qtbot.waitUntil(lambda: bool(went) and not dock.is_making(), timeout=5000)
    page, what = went[0]
    assert dock.current_page() == page
    with desk.session.database.unit_of_work(1) as unit:
        if page == "open":
            found = queries.sum_open_sessions(unit, what["query"]).count
        elif page == "sessions":
            found = int(queries.sum_sessions(unit, what["query"]).sums["attempts"])
        else:
            found = queries.sum_persons(unit, what["query"]).count
    assert shown_tile.value() == str(found) and found == {"open": 3, "refusals": 6, "locked": 1, "passwords": 2}[tile]
    widget = dock.page(page)
    table = getattr(widget, "list", widget).table
    qtbot.waitUntil(lambda: len(table.rows()) > 0, timeout=5000)
    picture(window, f"base-tile-{tile}")
    shown_sum = sum(row.attempts for row in table.rows()) if page == "sessions" else len(table.rows())
    assert shown_sum == found, (table.rows(), desk.errors)


def test_a_session_is_closed_by_keys_with_a_word_for_who_is_there(shown: Shown, desk: Desk, house: House, qtbot: QtBot) -> None:
    dock, window = shown
    qtbot.keyClick(dock, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    page = dock.open_sessions
    qtbot.waitUntil(lambda: len(page.list.table.rows()) == 3, timeout=5000)
    assert {(row.login, row.activity) for row in page.list.table.rows()} == {
        ("anna.admin", "working"), ("marta.bellini", "idle"), ("carlo.conti", "outside"),
    }  # fmt: skip
    own = next(row for row in page.list.table.rows() if row.login == "anna.admin")
    page.list.select(own.entry_id)
    assert not page.close_button.isEnabled()
    marta = next(row for row in page.list.table.rows() if row.login == "marta.bellini")
    page.list.select(marta.entry_id)
    page.note.setFocus()
    qtbot.keyClicks(page.note, "Si aggiorna il server")
    picture(window, "base-open-sessions")
    answer_yes()
    with qtbot.waitSignal(page.closed_session, timeout=5000):
        qtbot.keyClick(page.note, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(page.list.table.rows()) == 2, timeout=5000)
    with house.owner() as owner:
        assert owner.execute("select end_reason, end_note, ended_by from base.session where session_id = %s", (marta.session_id,)).fetchone() == (
            "forced", "Si aggiorna il server", 1,
        )  # fmt: skip


def test_a_connection_outside_the_program_is_closed(shown: Shown, house: House, qtbot: QtBot) -> None:
    dock, _window = shown
    dock.show_page("open")
    page = dock.open_sessions
    with house.person("carlo.conti") as carlo:
        dock.refresh()
        qtbot.waitUntil(lambda: len(page.list.table.rows()) == 4, timeout=5000)
        row = carlo.execute("select pg_backend_pid()").fetchone()
        assert row is not None
        page.list.select(row[0] * 2 + 1)
        answer_yes()
        with qtbot.waitSignal(page.closed_session, timeout=5000):
            page.close_session()
        with pytest.raises(psycopg.OperationalError):
            for _ in range(50):
                carlo.execute("select 1")


def test_a_locked_person_is_released_by_keys(shown: Shown, house: House, qtbot: QtBot) -> None:
    dock, window = shown
    dock.show_page_for("persons", query=queries.persons_in_state("locked"))
    page = dock.persons
    qtbot.waitUntil(lambda: page.person is not None and page.person.login == "pippo.prova", timeout=5000)
    assert page.door.isVisible() and "Bloccata fino alle" in page.door.text()
    picture(window, "base-locked")
    with pytest.raises(LoginRefused):
        log_in(own_profile(house), "pippo.prova", PASSWORD)
    qtbot.keyClick(dock, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: not page.list.table.rows(), timeout=5000)
    log_in(own_profile(house), "pippo.prova", PASSWORD).close()


def test_a_person_is_made_to_change_the_password(shown: Shown, house: House, desk: Desk, qtbot: QtBot) -> None:
    dock, _window = shown
    dock.show_page("persons")
    page = dock.persons
    qtbot.waitUntil(lambda: len(page.list.table.rows()) > 3, timeout=5000)
    marta = next(row for row in page.list.table.rows() if row.login == "marta.bellini")
    page.show_person(marta)
    answer_yes()
    page.require_change()
    qtbot.waitUntil(lambda: any("cambierà password" in said for said in desk.said), timeout=5000)
    assert house.log_in("marta.bellini").person.must_change_password


def test_the_sheet_for_a_temporary_password_is_written_once(shown: Shown, desk: Desk, tmp_path: pathlib.Path, qtbot: QtBot) -> None:
    dock, _window = shown
    dock.show_page("persons")
    page = dock.persons
    with desk.session.database.unit_of_work(1) as unit:
        made = actions.create_person(unit, "luca.verdi", "Luca Verdi")
    page._on_handover(made)
    page.handover.print_sheet()
    sheet = tmp_path / "accesso-luca.verdi.pdf"
    qtbot.waitUntil(sheet.exists, timeout=8000)
    text = PdfReader(sheet).pages[0].extract_text()
    assert (
        made.temporary_password in text
        and "luca.verdi" in text
        and "Vigilanza Aurora" in text
        and "Anna Ferri" in text
        and "7 giorni" in text
    )
    page.handover.forget()
    page.handover.print_sheet()
    assert page.handover.password.text() == ""


def test_the_screen_lock_of_the_company_is_set_and_the_rules_are_only_shown(shown: Shown, house: House, qtbot: QtBot) -> None:
    dock, window = shown
    dock.show_page("security")
    page = dock.security
    qtbot.waitUntil(lambda: page.rules is not None, timeout=5000)
    picture(window, "base-security")
    assert page.whose.isVisible() and page.rules_form.value("attempts") == 5  # anna administers one company of two
    page.screen_form.set_value("minutes", 8)
    page.screen_form.set_value("exempt_posts", "sala-1, sala-2")
    with qtbot.waitSignal(page.saved, timeout=5000):
        page.screen_form.save()
    with house.owner() as owner:
        row = owner.execute("select value from base.parameter where company_id = 1 and key = 'screen_lock'").fetchone()
    assert row is not None and row[0] == {"minutes": 8, "exempt_posts": ["sala-1", "sala-2"]}, json.dumps(row)


def test_rules_of_the_installation_are_changed_by_who_administers_it(house: House, qtbot: QtBot, tmp_path: pathlib.Path) -> None:
    add_person(house, "capo.tutto", (1, ("base.administer",)), (2, ("base.administer",)))
    session = log_in(own_profile(house), "capo.tutto", PASSWORD)
    desk = Desk(session, tmp_path)
    dock = BaseDock(desk.workplace)
    window = show_dock(qtbot, dock, desk.registry, commands(dock))
    dock.show_page("security")
    page = dock.security
    qtbot.waitUntil(lambda: page.rules is not None, timeout=5000)
    page.rules_form.set_value("attempts", 4)
    page.rules_form.set_value("password_days", 5)
    page.rules_form.save()
    qtbot.waitUntil(lambda: "password_days" in page.rules_form.shown_problems(), timeout=5000)
    picture(window, "base-security-floor")
    page.rules_form.set_value("password_days", 60)
    with qtbot.waitSignal(page.saved, timeout=5000):
        page.rules_form.save()
    with session.database.unit_of_work(1) as unit:
        assert queries.find_security_rules(unit).values["attempts"] == 4
    with connect_as(house, "capo.tutto") as connection:
        assert connection.execute("select password_days from base.security_rule").fetchone() == (60,)
    qtbot.waitUntil(lambda: not desk.background.is_busy(), timeout=8000)
    desk.background.close()
    session.close()


def test_the_log_tells_why_each_was_refused(desk: Desk, house: House) -> None:
    with house.owner() as owner:
        owner.execute("update base.person set expires_on = current_date - 1 where login = 'dora.doppia'")
    with pytest.raises(LoginRefused):
        house.log_in("dora.doppia")
    with pytest.raises(LoginRefused):
        log_in(own_profile(house), "pippo.prova", PASSWORD)
    house.log_in("marta.bellini").close()
    with desk.session.database.unit_of_work(1) as unit:
        rows = queries.list_sessions(unit, ListQuery()).rows
    assert {(row.login, row.outcome) for row in rows} >= {
        ("dora.doppia", "expired"), ("pippo.prova", "locked"), ("pippo.prova", "wrong_password"), ("marta.bellini", "entered"),
    }  # fmt: skip
