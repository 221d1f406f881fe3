"""The dock of base, by keys, over a real database."""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QScrollBar
from pytestqt.qtbot import QtBot

from cms_desktop.core.fiscal import vat_number_from
from cms_desktop.db.login import change_password, log_in
from cms_desktop.modules.base import actions, queries
from cms_desktop.modules.base.columns import function_title, module_name
from cms_desktop.modules.base.commands import commands
from cms_desktop.modules.base.dock import BaseDock
from cms_desktop.modules.base.queries import find_letterhead
from cms_desktop.ui import theme
from cms_desktop.ui.feedback.confirmation import Confirmation
from tests.house import House
from tests.modules.base.screens import Desk, picture, show_dock


@pytest.fixture
def desk(house: House, qtbot: QtBot, tmp_path: pathlib.Path) -> Iterator[Desk]:
    with house.owner() as connection:
        connection.execute(
            "update base.person set job_title = 'Fatturazione', expires_on = current_date + 12 where login = 'marta.bellini'"
        )
        connection.execute("update base.person set job_title = 'Contabilità' where login = 'carlo.conti'")
        fiscal_number = vat_number_from("0123456001")
        connection.execute(
            "update base.company set vat_number = %s, tax_code = %s, row_version = row_version + 1 where company_id = 1",
            [fiscal_number] * 2,
        )
    session = house.log_in("anna.admin")
    made = Desk(session, tmp_path)
    yield made
    qtbot.waitUntil(lambda: not made.background.is_busy(), timeout=8000)
    made.background.close()
    session.close()


Shown = tuple[BaseDock, QMainWindow]


@pytest.fixture
def shown(desk: Desk, qtbot: QtBot) -> Shown:
    dock = BaseDock(desk.workplace)
    window = show_dock(qtbot, dock, desk.registry, commands(dock))
    qtbot.waitUntil(lambda: dock.dashboard.figures is not None, timeout=5000)
    return dock, window


def answer_yes() -> None:
    """Confirms the next question as soon as it is there."""
    question = next((one for one in QApplication.allWidgets() if isinstance(one, Confirmation) and one.isVisible()), None)
    if question is None:
        QTimer.singleShot(20, answer_yes)
    else:
        question.confirm_button.click()


def focused(qtbot: QtBot) -> object:
    return QApplication.focusWidget()


def test_an_administrator_creates_a_person_by_keys_who_then_must_choose_a_password(
    shown: Shown, house: House, desk: Desk, qtbot: QtBot
) -> None:
    dock, window = shown
    qtbot.keyClick(dock, Qt.Key.Key_F2, Qt.KeyboardModifier.ShiftModifier)
    assert dock.current_page() == "persons"
    form = dock.persons.new_form
    qtbot.keyClicks(form.fields["display_name"].editor, "Luca Verdi")
    qtbot.keyClick(form.fields["display_name"].editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: form.value("login") == "luca.verdi", timeout=2000)
    qtbot.keyClick(form.fields["login"].editor, Qt.Key.Key_Return)
    qtbot.keyClick(form.fields["preset"].editor, Qt.Key.Key_Down)
    assert form.value("preset") == "fatturista"
    picture(window, "base-new-person")
    with qtbot.waitSignal(dock.persons.person_created, timeout=8000):
        qtbot.keyClick(form.fields["login"].editor, Qt.Key.Key_F10)
    picture(window, "base-handover")
    password = dock.persons.handover.password.text()
    qtbot.keyClick(dock.persons.handover.close_button, Qt.Key.Key_Return)
    assert dock.persons.handover.password.text() == ""
    session = log_in(dataclasses.replace(house.profile, role_prefix=house.name), "luca.verdi", password)
    assert session.person.must_change_password
    session = change_password(session, "collina marea lampione 9")
    with session.database.unit_of_work(1) as unit:
        assert "billing.issue" in queries.my_functions(unit)
    session.close()
    assert desk.errors == []


def test_rights_given_with_the_space_bar_work_in_a_running_client(shown: Shown, house: House, qtbot: QtBot) -> None:
    dock, window = shown
    marta = house.log_in("marta.bellini")
    qtbot.keyClick(dock, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(dock.rights.loaded, timeout=5000):
        dock.rights.show_person(marta.person.person_id, "bank_effects.read")
    grid = dock.rights.grid
    grid.setFocus()
    qtbot.keyClick(grid, Qt.Key.Key_Space)
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    qtbot.keyClick(grid, Qt.Key.Key_Space)
    assert set(dock.rights.rights.changes) == {
        (marta.person.person_id, "bank_effects.read"),
        (marta.person.person_id, "bank_effects.generate"),
    }
    qtbot.waitUntil(
        lambda: dock.rights.explanation is not None and dock.rights.explanation.function == "bank_effects.generate", timeout=5000
    )
    picture(window, "base-rights")
    with qtbot.waitSignal(dock.rights.saved, timeout=5000):
        qtbot.keyClick(grid, Qt.Key.Key_F10)
    with marta.database.unit_of_work(1) as unit:
        assert {"bank_effects.read", "bank_effects.generate", "billing.issue"} <= queries.my_functions(unit)
    marta.close()


@pytest.mark.parametrize("width", [1100, 1600])
def test_every_function_and_module_can_be_read_above_the_rights(shown: Shown, qtbot: QtBot, width: int) -> None:
    dock, window = shown
    window.resize(width, 820)
    with qtbot.waitSignal(dock.rights.loaded, timeout=5000):
        dock.show_page("rights")
    QApplication.processEvents()
    header, model = dock.rights.grid.horizontalHeader(), dock.rights.rights
    words, names = theme.metrics("small"), theme.metrics("caption", weight=600)
    for place, one in enumerate(model.matrix.functions):
        title = function_title(one.function, one.title)
        room = QRectF(0, 0, header.height() - 28 - 8, 1000)
        assert words.boundingRect(room, int(Qt.TextFlag.TextWordWrap), title).height() <= header.sectionSize(place)
        assert title in model.headerData(place, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        columns = sum(1 for other in model.matrix.functions if other.module == one.module)
        assert names.horizontalAdvance(module_name(one.module)) <= columns * header.sectionSize(place) - 8
    picture(window, f"base-rights-{width}")


def test_ones_own_rights_do_not_move(shown: Shown, desk: Desk, qtbot: QtBot) -> None:
    dock, _ = shown
    dock.show_page("rights")
    with qtbot.waitSignal(dock.rights.loaded, timeout=5000):
        dock.rights.show_person(desk.workplace.person.person_id, "billing.issue")
    qtbot.keyClick(dock.rights.grid, Qt.Key.Key_Space)
    assert dock.rights.rights.changes == {}
    assert dock.rights.unsaved.text()


def test_a_preset_and_a_colleague_fill_the_row_and_undo_empties_it(shown: Shown, qtbot: QtBot) -> None:
    dock, _ = shown
    dock.show_page("rights")
    qtbot.waitUntil(lambda: len(dock.rights.rights.matrix.holders) == 5, timeout=5000)
    carlo = next(one for one in dock.rights.rights.matrix.holders if one.login == "carlo.conti")
    dock.rights.grid.go_to(carlo.person_id)
    dock.rights.apply(dock.rights.rights.matrix.presets["fatturista"])
    wanted = dock.rights.rights.matrix.presets["fatturista"]
    assert {one.function for one in dock.rights.rights.matrix.functions if dock.rights.rights.holds(carlo, one.function)} == wanted
    qtbot.keyClick(dock.rights.grid, Qt.Key.Key_Escape)
    assert dock.rights.rights.changes == {} and not dock.is_dirty()


def test_the_explanation_says_who_gave_the_right(shown: Shown, qtbot: QtBot) -> None:
    dock, _ = shown
    dock.show_page("rights")
    qtbot.waitUntil(lambda: len(dock.rights.rights.matrix.holders) == 5, timeout=5000)
    marta = next(one for one in dock.rights.rights.matrix.holders if one.login == "marta.bellini")
    dock.rights.grid.go_to(marta.person_id, "billing.issue")
    qtbot.waitUntil(lambda: "Marta Bellini può: Emettere fatture" in dock.rights.answer.text(), timeout=5000)
    dock.rights.grid.go_to(marta.person_id, "base.audit")
    qtbot.waitUntil(lambda: "Marta Bellini non può" in dock.rights.answer.text(), timeout=5000)


def test_the_company_is_changed_by_keys_and_the_register_shows_it(shown: Shown, qtbot: QtBot) -> None:
    dock, window = shown
    dock.show_page("company")
    form = dock.company.form
    qtbot.waitUntil(lambda: form.value("name") == "Vigilanza Aurora S.r.l.", timeout=5000)
    form.fields["phone"].editor.setFocus()
    qtbot.keyClicks(form.fields["phone"].editor, "011 555 123")
    assert dock.is_dirty()
    picture(window, "base-company")
    qtbot.keyClick(form.fields["phone"].editor, Qt.Key.Key_F10)
    qtbot.waitUntil(lambda: not form.is_dirty, timeout=8000)
    qtbot.keyClick(dock, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: len(dock.audit.changes.rows()) == 1, timeout=5000)
    change = dock.audit.changes.rows()[0]
    assert (change.field, change.old, change.new) == ("phone", "", "011 555 123")
    picture(window, "base-audit")


def test_the_texts_of_an_entry_stand_together_at_the_top(shown: Shown, qtbot: QtBot) -> None:
    dock, _ = shown
    dock.show_page("audit")
    page = dock.audit
    qtbot.waitUntil(lambda: page.entry is not None and page.note.text() != "", timeout=5000)
    for with_changes in (False, True):
        page.changes.setVisible(with_changes)
        QApplication.processEvents()
        assert page.note.mapTo(page.detail, page.note.rect().bottomLeft()).y() < 140
    assert page.changes.height() > page.detail.height() - 160


def test_a_colleague_of_another_company_is_admitted_and_taken_out_again(house: House, qtbot: QtBot, tmp_path: pathlib.Path) -> None:
    with house.owner() as connection:
        connection.execute(
            "insert into base.permission (company_id, person_id, function) select 2, person_id, function from base.permission as own "
            "join base.person using (person_id) where login = 'anna.admin' and company_id = 1"
        )
    desk = Desk(house.log_in("anna.admin"), tmp_path)
    dock = BaseDock(desk.workplace)
    window = show_dock(qtbot, dock, desk.registry, commands(dock))
    qtbot.waitUntil(lambda: dock.dashboard.figures is not None, timeout=5000)
    page = dock.persons
    qtbot.keyClick(dock, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: page.admit_button.menu.isVisible(), timeout=5000)
    assert [action.text() for action in page.admit_button.menu.actions()] == ["Bruno Estraneo · bruno.estraneo"]
    with qtbot.waitSignal(page.rights_wanted, timeout=5000) as asked:
        page.admit_button.menu.actions()[0].trigger()
    page.admit_button.menu.close()
    (bruno,) = asked.args
    assert dock.current_page() == "rights"
    qtbot.waitUntil(lambda: bruno in [one.person_id for one in dock.rights.rights.matrix.holders], timeout=5000)
    dock.show_page("persons")
    qtbot.waitUntil(lambda: bruno in [one.person_id for one in page.list.table.rows()], timeout=5000)
    page.list.select(bruno)
    qtbot.waitUntil(lambda: page.person is not None and page.person.person_id == bruno, timeout=5000)
    picture(window, "base-persons-admitted")
    QTimer.singleShot(20, answer_yes)
    qtbot.keyClick(dock, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: bruno not in [one.person_id for one in page.list.table.rows()], timeout=5000)
    with desk.session.database.unit_of_work(1) as unit:
        assert [one.login for one in queries.list_admissible(unit)] == ["bruno.estraneo"]
    qtbot.waitUntil(lambda: not desk.background.is_busy(), timeout=8000)
    assert desk.errors == []
    desk.background.close()
    desk.session.close()


def test_the_letterhead_follows_what_is_typed(shown: Shown, desk: Desk, qtbot: QtBot) -> None:
    dock, _ = shown
    dock.show_page("company")
    page = dock.company
    qtbot.waitUntil(lambda: page.record is not None, timeout=5000)
    with desk.session.database.unit_of_work(1) as unit:
        printed = find_letterhead(unit)
    assert (page.letterhead.name, page.letterhead.lines, tuple(page.letterhead.foot.splitlines())) == (
        printed.name,
        printed.lines,
        printed.footer,
    )
    qtbot.keyClicks(page.form.fields["phone"].editor, "011 555 123")
    assert page.letterhead.lines[-1].startswith("011 555 123")
    page.form.undo_changes()
    assert not page.letterhead.lines[-1].startswith("011")


def test_a_narrow_list_of_persons_has_no_scroll_bar(shown: Shown, qtbot: QtBot) -> None:
    dock, window = shown
    window.resize(1000, 700)
    dock.show_page("persons")
    qtbot.waitUntil(lambda: len(dock.persons.list.table.rows()) > 0, timeout=5000)
    QApplication.processEvents()
    bars = [bar for bar in dock.persons.list.findChildren(QScrollBar) if bar.orientation() == Qt.Orientation.Horizontal]
    assert all(bar.maximum() == 0 for bar in bars)
    picture(window, "base-persons-narrow")


def test_a_payment_term_shows_its_due_dates_while_it_is_typed(shown: Shown, qtbot: QtBot) -> None:
    dock, window = shown
    dock.show_page_for("tables", tab="terms")
    editor = dock.tables_page.editor("terms")
    qtbot.waitUntil(lambda: editor.record is not None, timeout=5000)
    qtbot.keyClick(dock, Qt.Key.Key_F2)
    form = editor.form
    for key, text in (("code", "M4"), ("description", "Quattro rate"), ("installments", "30/60/90/120 FM")):
        qtbot.keyClicks(form.fields[key].editor, text)
    assert editor.note.text().count("250,00") == 4
    picture(window, "base-terms")
    qtbot.keyClick(form.fields["code"].editor, Qt.Key.Key_F10)
    qtbot.waitUntil(lambda: any(row["code"] == "M4" for row in editor.table.rows()), timeout=5000)


@pytest.mark.parametrize("tab", ["vat", "series", "banks"])
def test_each_fiscal_table_opens_with_its_first_record(shown: Shown, qtbot: QtBot, tab: str) -> None:
    dock, window = shown
    dock.show_page_for("tables", tab=tab)
    editor = dock.tables_page.editor(tab)
    qtbot.waitUntil(lambda: editor.record is not None, timeout=5000)
    assert not editor.form.is_dirty and editor.form.problems() == {}
    picture(window, f"base-{tab}")


@pytest.mark.parametrize(("tile", "page"), [("persons", "persons"), ("online", "persons"), ("sessions", "sessions"), ("changes", "audit")])
def test_a_tile_opens_the_rows_behind_it(shown: Shown, qtbot: QtBot, tile: str, page: str) -> None:
    dock, window = shown
    if tile == "persons":
        picture(window, "base-dashboard")
    figures = dock.dashboard.figures
    assert figures is not None
    count = {
        "persons": figures.active_persons, "online": figures.persons_online, "sessions": figures.sessions_last_day, "changes": figures.changes_today,
    }[tile]  # fmt: skip
    getattr(dock.dashboard, tile).click()
    assert dock.current_page() == page
    rows = dock.page(page).table if page == "sessions" else dock.page(page).list.table
    qtbot.waitUntil(lambda: len(rows.rows()) == count, timeout=5000)
    picture(window, f"base-{page}")


def test_a_bar_of_the_hours_opens_the_sessions_of_that_hour(shown: Shown, qtbot: QtBot) -> None:
    dock, _ = shown
    assert dock.dashboard.figures is not None
    place = next(place for place, hour in enumerate(dock.dashboard.figures.hours) if hour.count)
    dock.dashboard.hours.bar_clicked.emit(place)
    qtbot.waitUntil(lambda: len(dock.sessions.table.rows()) == dock.dashboard.figures.hours[place].count, timeout=5000)


def test_persons_to_check_are_one_click_away(shown: Shown, qtbot: QtBot) -> None:
    dock, _ = shown
    expiring = dock.dashboard.checks[0]
    assert expiring.text() == "In scadenza: 1"
    expiring.click()
    qtbot.waitUntil(lambda: [row.login for row in dock.persons.list.table.rows()] == ["marta.bellini"], timeout=5000)


def test_a_suspended_person_needs_a_yes_and_is_then_shown_as_such(shown: Shown, desk: Desk, qtbot: QtBot) -> None:
    dock, _ = shown
    with desk.session.database.unit_of_work(1) as unit:  # a login of this copy: roles belong to the whole cluster
        made = actions.create_person(unit, "prova.sospesa", "Prova Sospesa")
    dock.show_page("persons")
    qtbot.waitUntil(lambda: len(dock.persons.list.table.rows()) == 6, timeout=8000)
    dock.persons.list.select(made.person_id)
    qtbot.waitUntil(lambda: dock.persons.person is not None and dock.persons.person.person_id == made.person_id, timeout=5000)
    dock.persons.edit_form.fields["is_active"].editor.click()
    QTimer.singleShot(20, answer_yes)
    dock.persons.edit_form.save()
    qtbot.waitUntil(lambda: dock.persons.chip.text() == "Sospesa", timeout=8000)


def test_a_reader_sees_the_tables_without_changing_them(house: House, qtbot: QtBot, tmp_path: pathlib.Path) -> None:
    session = house.log_in("marta.bellini")
    desk = Desk(session, tmp_path)
    dock = BaseDock(desk.workplace)
    window = show_dock(qtbot, dock, desk.registry, commands(dock))
    assert window.isVisible()
    assert dock.page_keys() == ["dashboard", "company", "tables"]
    dock.show_page("company")
    qtbot.waitUntil(lambda: dock.company.record is not None, timeout=5000)
    assert dock.company.form.fields["name"].is_read_only()
    desk.background.close()
    session.close()
