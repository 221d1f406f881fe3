"""The frame: lazy docks, live refresh, layout, unsaved work."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLineEdit, QMenu, QVBoxLayout, QWidget

from cms_desktop.ui import module_dock, theme
from cms_desktop.ui.commands import Command, CommandRegistry
from cms_desktop.ui.feedback import Confirmation
from cms_desktop.ui.main_window import MainWindow, ModuleEntry
from cms_desktop.ui.module_dock import ModuleDock
from cms_desktop.ui.shortcut_table import ShortcutTable
from cms_desktop.ui.tokens import DARK


class Page(QWidget):
    def __init__(self, tables: frozenset[str] = frozenset({"billing.invoice"})) -> None:
        super().__init__()
        self.tables, self.reloads = tables, 0
        self.field = QLineEdit()
        QVBoxLayout(self).addWidget(self.field)

    def reload(self) -> None:
        self.reloads += 1


MADE: list[str] = []


def entry(name: str, title: str) -> ModuleEntry:
    def make() -> ModuleDock:
        MADE.append(name)
        dock = ModuleDock(name, title)
        dock.add_page("dashboard", "Cruscotto", Page())
        dock.add_page("list", "Elenco", Page(frozenset({f"{name}.list"})))
        return dock

    return ModuleEntry(name, title, "receipt-euro", make)


ENTRIES = [entry("customers", "Gestione Clienti"), entry("billing", "Fatturazione"), entry("ledger", "Contabilità")]


@pytest.fixture
def new_window(qtbot: Any) -> Iterator[Callable[[], MainWindow]]:
    windows: list[MainWindow] = []

    def make() -> MainWindow:
        window = MainWindow(ENTRIES, CommandRegistry(), version="1.0.0")
        window.resize(1300, 800)
        windows.append(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window

    MADE.clear()
    yield make
    for window in windows:
        for dock in window.open_docks():
            dock.set_dirty(False)
        window.close()
        window.deleteLater()


@pytest.fixture
def window(new_window: Callable[[], MainWindow]) -> MainWindow:
    return new_window()


def test_a_dock_is_made_when_it_is_opened_the_first_time(window: MainWindow) -> None:
    assert MADE == []
    dock = window.open_module("billing")
    assert window.open_module("billing") is dock and MADE == ["billing"] and window.current_dock() is dock


def test_docks_open_as_tabs_of_one_another(qtbot: Any, window: MainWindow) -> None:
    first, second = window.open_module("customers"), window.open_module("billing")
    qtbot.waitUntil(lambda: second.is_on_screen() and not first.is_on_screen())
    assert window.tabifiedDockWidgets(first) == [second]


def test_ctrl_number_opens_a_module_and_ctrl_tab_goes_on(qtbot: Any, window: MainWindow) -> None:
    window.open_module("customers")
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.current_dock() is not None and window.current_dock().name == "billing"
    window.next_dock()
    assert window.current_dock().name == "customers"


def test_what_is_in_view_reloads_and_what_is_behind_waits(qtbot: Any, window: MainWindow) -> None:
    behind, front = window.open_module("customers"), window.open_module("billing")
    qtbot.waitUntil(lambda: front.page("dashboard").reloads == 1 and not behind.is_on_screen())
    seen = behind.page("dashboard").reloads
    window.mark_changed({"billing.invoice"})
    qtbot.waitUntil(lambda: front.page("dashboard").reloads == 2)
    assert behind.page("dashboard").reloads == seen
    window.open_module("customers")
    qtbot.waitUntil(lambda: behind.page("dashboard").reloads == seen + 1)


def test_a_page_reloads_at_most_twice_a_second(qtbot: Any, window: MainWindow) -> None:
    page = window.open_module("billing").page("dashboard")
    qtbot.waitUntil(lambda: page.reloads == 1)
    for _ in range(20):
        window.mark_changed({"billing.invoice"})
        qtbot.wait(10)
    assert page.reloads == 1
    qtbot.wait(round(module_dock.LEAST_GAP * 1000))
    assert page.reloads == 2


def test_a_page_ignores_tables_it_does_not_look_at(qtbot: Any, window: MainWindow) -> None:
    dock = window.open_module("billing")
    qtbot.waitUntil(lambda: dock.page("dashboard").reloads == 1)
    window.mark_changed({"projects.job"})
    qtbot.wait(600)
    assert dock.page("dashboard").reloads == 1


def test_a_page_loads_when_it_is_shown_the_first_time(qtbot: Any, window: MainWindow) -> None:
    dock = window.open_module("billing")
    qtbot.waitUntil(dock.is_on_screen)
    assert dock.page("list").reloads == 0
    dock.show_page("list")
    qtbot.waitUntil(lambda: dock.page("list").reloads == 1)


def test_pause_holds_the_refresh_until_it_ends(qtbot: Any, window: MainWindow) -> None:
    dock = window.open_module("billing")
    qtbot.waitUntil(lambda: dock.page("dashboard").reloads == 1)
    dock.set_paused(True)
    window.mark_changed(None)
    qtbot.wait(600)
    assert dock.page("dashboard").reloads == 1
    dock.set_paused(False)
    qtbot.waitUntil(lambda: dock.page("dashboard").reloads == 2)


def test_after_a_lost_connection_everything_is_stale(qtbot: Any, window: MainWindow) -> None:
    dock = window.open_module("billing")
    qtbot.waitUntil(lambda: dock.page("dashboard").reloads == 1)
    window.set_lost(4)
    assert window.status_line.words()[0] == "Connessione persa"
    window.set_live("server cms-centrale")
    qtbot.waitUntil(lambda: dock.page("dashboard").reloads == 2)
    assert window.status_line.words() == ("In diretta", "server cms-centrale")


def test_a_layout_comes_back_as_it_was(qtbot: Any, new_window: Callable[[], MainWindow]) -> None:
    before = new_window()
    before.open_module("ledger")
    before.open_module("customers").show_page("list")
    before.open_module("billing")
    before.open_module("customers")
    before.toggle_rail()
    state = before.save_state()
    after = new_window()
    assert after.restore_state(state)
    assert [dock.name for dock in after.open_docks()] == ["ledger", "customers", "billing"]
    assert after.current_dock() is not None and after.current_dock().name == "customers"
    assert after.current_dock().current_page() == "list" and after.rail.is_wide


def test_a_floating_dock_comes_back_floating(new_window: Callable[[], MainWindow]) -> None:
    before = new_window()
    before.open_module("customers")
    before.open_module("billing").toggle_floating()
    after = new_window()
    assert after.restore_state(before.save_state())
    assert {dock.name: dock.isFloating() for dock in after.open_docks()} == {"customers": False, "billing": True}


def test_a_layout_of_another_version_or_module_does_no_harm(window: MainWindow) -> None:
    assert not window.restore_state(b"nonsense") and not window.restore_state(b"{}")
    state = json.loads(window.save_state())
    state["open"] = ["gone", "billing"]
    assert window.restore_state(json.dumps(state).encode())
    assert [dock.name for dock in window.open_docks()] == ["billing"]


def answer(window: QWidget, qtbot: Any, yes: bool) -> None:
    question = window.findChild(Confirmation)
    assert question is not None
    question.answered.emit(yes)


def test_unsaved_work_asks_before_the_dock_closes(qtbot: Any, window: MainWindow) -> None:
    dock = window.open_module("billing")
    dock.set_dirty(True)
    QTimer.singleShot(50, lambda: answer(window, qtbot, False))
    assert not dock.close() and dock in window.open_docks()
    QTimer.singleShot(50, lambda: answer(window, qtbot, True))
    assert dock.close() and window.open_docks() == [] and not dock.is_dirty()


def test_unsaved_work_asks_before_the_window_closes(qtbot: Any, window: MainWindow) -> None:
    window.open_module("billing").set_dirty(True)
    QTimer.singleShot(50, lambda: answer(window, qtbot, False))
    assert not window.close() and window.isVisible()


def test_the_rail_is_wide_where_there_is_room_until_the_person_chooses(window: MainWindow) -> None:
    assert not window.rail.is_wide
    window.resize(1500, 800)
    assert window.rail.is_wide
    window.toggle_rail()
    window.resize(1600, 800)
    assert not window.rail.is_wide


def test_arrows_move_over_the_rail(qtbot: Any, window: MainWindow) -> None:
    first, second = window.rail.entry("customers"), window.rail.entry("billing")
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert second.hasFocus()
    with qtbot.waitSignal(window.rail.module_chosen) as chosen:
        qtbot.keyClick(second, Qt.Key.Key_Return)
    assert chosen.args == ["billing"]


def test_a_badge_is_read_out_with_its_module(window: MainWindow) -> None:
    window.set_badge("billing", "3")
    assert window.rail.entry("billing").accessibleName() == "Fatturazione: 3"


def test_the_window_says_which_company_is_wanted_instead(qtbot: Any, window: MainWindow) -> None:
    window.set_company("Vigilanza Aurora S.r.l.")
    with qtbot.waitSignal(window.company_change_wanted):
        qtbot.mouseClick(window.top_bar.selector, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(window.company_change_wanted):
        modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        qtbot.keyClick(window, Qt.Key.Key_A, modifiers)


def test_the_person_chooses_light_or_dark_and_the_language(qtbot: Any, window: MainWindow) -> None:
    menu = window.top_bar.person_menu()
    actions = {action.text(): action for sub in menu.findChildren(QMenu) for action in sub.actions()}
    with qtbot.waitSignal(window.theme_chosen) as chosen:
        actions["Scuro"].trigger()
    assert chosen.args == ["dark"] and theme.current() is DARK
    theme.choose("light")
    with qtbot.waitSignal(window.language_chosen) as language:
        actions["English"].trigger()
    assert language.args == ["en"]


def test_f1_lists_the_keys_and_escape_leaves(qtbot: Any, window: MainWindow) -> None:
    window.open_module("billing")
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_F1)
    assert isinstance(window.overlay.content(), ShortcutTable)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert window.overlay.content() is None


def test_a_module_key_works_right_after_the_module_was_opened(qtbot: Any, window: MainWindow) -> None:
    ran: list[int] = []
    window.registry.register(Command("billing.new", "Nuovo", "plus", "F2", lambda: ran.append(1), module="billing"))
    dock = window.open_module("billing")
    assert dock.isAncestorOf(window.focusWidget())
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_F2)
    assert ran == [1]


def test_the_tab_of_a_module_says_what_the_rail_says(qtbot: Any) -> None:
    here = ModuleEntry("billing", "General invoicing", "receipt-euro", lambda: ModuleDock("billing", "General Invoicing"))
    window = MainWindow([here], CommandRegistry())
    qtbot.addWidget(window)
    dock = window.open_module("billing")
    assert (dock.windowTitle(), dock.title) == ("General invoicing", "General invoicing")
