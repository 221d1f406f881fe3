from __future__ import annotations

import contextlib
import types
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cms_desktop.core.errors import AppError, NotAllowed
from cms_desktop.core.listing import MOST_ROWS, Filter, ListQuery, Page, Sort, Totals
from cms_desktop.ui.background import Background
from cms_desktop.ui.column_chooser import ColumnChooser
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.saved_views import NameAsker, SavedView, view_from_json, view_to_json

from .sample_customers import SampleCustomer, sample_columns, sample_customers

RICH = ListQuery((Filter("fee", ">", (Decimal(200),)),))


class MemorySettings(dict[str, Any]):
    def set(self, key: str, value: Any) -> None:
        self[key] = value


class Server:
    """Answers as a database would, in pages of 200."""

    def __init__(self, count: int = 450) -> None:
        self.rows = sample_customers(count)
        self.fails: AppError | None = None
        self.loads = 0

    def fitting(self, query: ListQuery) -> list[SampleCustomer]:
        rows = self.rows
        for one in query.filters:
            if one.key == "fee":
                rows = [row for row in rows if row.fee > one.values[0]]  # type: ignore[operator]
            if one.key == "name":
                rows = [row for row in rows if str(one.values[0]) in row.name]
        return sorted(rows, key=lambda row: row.id, reverse=bool(query.sort and query.sort.descending))

    def load(self, _unit: Any, query: ListQuery, after: tuple[object, ...] | None) -> Page[SampleCustomer]:
        if self.fails is not None:
            raise self.fails
        self.loads += 1
        start = int(str(after[0])) if after else 0
        rows = self.fitting(query)
        return Page(tuple(rows[start : start + 200]), (start + 200,) if start + 200 < len(rows) else None)

    def totals(self, _unit: Any, query: ListQuery) -> Totals:
        rows = self.fitting(query)
        return Totals(len(rows), {"fee": sum((row.fee for row in rows), Decimal(0))})


@contextlib.contextmanager
def open_unit() -> Iterator[Any]:
    yield types.SimpleNamespace(cancel=lambda: None)


MakePage = Callable[..., ListPage]


@pytest.fixture
def make_page(qtbot: QtBot) -> Iterator[MakePage]:
    background = Background(open_unit)

    def make(server: Server, **more: Any) -> ListPage:
        more.setdefault("settings", MemorySettings())
        page = ListPage(
            background,
            sample_columns(),
            server.load,
            server.totals,
            name="sample.customer",
            record_key=lambda record: record.id,
            noun=("cliente", "clienti"),
            empty=lambda: QLabel("Nessun cliente"),
            **more,
        )
        qtbot.addWidget(page)
        page.resize(1000, 600)
        page.show()
        with qtbot.waitSignal(page.loaded):
            page.reload()
        return page

    yield make
    background.close()


def instead(page: ListPage) -> QWidget | None:
    return page.stack.widget(1)


def test_the_first_page_comes_with_the_totals_of_the_whole_result(make_page: MakePage, qtbot: QtBot) -> None:
    page = make_page(Server())
    assert len(page.table.rows()) == 200
    qtbot.waitUntil(lambda: page.table.caption() == "450\u00a0clienti")


def test_scrolling_down_brings_the_next_page(make_page: MakePage, qtbot: QtBot) -> None:
    page = make_page(Server())
    bar = page.table.view.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: len(page.table.rows()) == 400)
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: len(page.table.rows()) == 450)


def test_a_live_change_reloads_what_was_loaded_and_keeps_the_selection(make_page: MakePage, qtbot: QtBot) -> None:
    server = Server()
    page = make_page(server)
    page.table.append_rows(server.rows[200:300])
    page.select(250)
    server.rows = server.rows[10:]
    with qtbot.waitSignal(page.loaded):
        page.reload()
    assert len(page.table.rows()) >= 300 and [one.id for one in page.table.selected()] == [250]


def test_a_list_stops_at_its_limit_and_says_so(make_page: MakePage, qtbot: QtBot) -> None:
    server = Server(MOST_ROWS + 300)
    page = make_page(server)
    page.table.append_rows(server.rows[200 : MOST_ROWS - 100])
    with qtbot.waitSignal(page.loaded):
        page.reload()
    bar = page.table.view.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: len(page.table.rows()) == MOST_ROWS)
    assert page.cut_note.isVisible()


def test_filters_that_hide_everything_offer_to_go_away(make_page: MakePage, qtbot: QtBot) -> None:
    page = make_page(Server())
    with qtbot.waitSignal(page.loaded):
        page.set_query(ListQuery((Filter("name", "contains", ("zzz",)),), Sort("fee")))
    clear = next(one for one in page.table.view.viewport().findChildren(QPushButton) if "Togli filtri" in one.text())
    with qtbot.waitSignal(page.loaded):
        qtbot.mouseClick(clear, Qt.MouseButton.LeftButton)
    assert len(page.table.rows()) == 200 and page.query() == ListQuery(sort=Sort("fee"))


def test_an_empty_list_shows_what_to_do_next(make_page: MakePage) -> None:
    page = make_page(Server(0))
    shown = instead(page)
    assert isinstance(shown, QLabel) and shown.text() == "Nessun cliente"


def test_without_the_right_nothing_is_shown_but_the_reason(make_page: MakePage, qtbot: QtBot) -> None:
    server = Server()
    page = make_page(server)
    server.fails = NotAllowed("no")
    page.reload()
    qtbot.waitUntil(lambda: instead(page) is not None)
    assert "Accesso non consentito" in [one.text() for one in page.stack.findChildren(QLabel)]


def test_a_failure_keeps_the_old_rows_and_can_be_tried_again(make_page: MakePage, qtbot: QtBot) -> None:
    server = Server()
    page = make_page(server)
    server.fails = AppError("Il server non risponde.")
    page.reload()
    qtbot.waitUntil(page.error.isVisible)
    assert len(page.table.rows()) == 200
    server.fails = None
    retry = next(one for one in page.error.findChildren(QPushButton) if one.text() == "Riprova")
    with qtbot.waitSignal(page.loaded):
        qtbot.mouseClick(retry, Qt.MouseButton.LeftButton)
    assert not page.error.isVisible()


def test_filters_without_a_visible_column_are_chips_that_can_be_removed(make_page: MakePage, qtbot: QtBot) -> None:
    page = make_page(Server(), filter_names={"expiring": "In scadenza"})
    with qtbot.waitSignal(page.loaded):
        page.set_query(ListQuery((Filter("expiring", "=", (True,)), Filter("since", ">", (sample_customers(1)[0].since,)))))
    assert [chip.text() for chip in page.filters.chips] == ["In scadenza", "Cliente dal: > 01/01/2014"]
    with qtbot.waitSignal(page.loaded):
        page.filters.chips[0].closed.emit()
    assert [one.key for one in page.query().filters] == ["since"]


def test_a_saved_view_shows_its_count_and_puts_its_filters_in_force(make_page: MakePage, qtbot: QtBot) -> None:
    server = Server()
    page = make_page(server, views=[SavedView("Tutti"), SavedView("Ricchi", RICH)])
    qtbot.waitUntil(lambda: page.views_bar.chips[1].accessibleName() == f"Ricchi {len(server.fitting(RICH))}")
    assert [chip.isChecked() for chip in page.views_bar.chips] == [True, False]
    with qtbot.waitSignal(page.loaded):
        page.views_bar.chips[1].click()
    assert page.query().filters == RICH.filters
    assert [chip.isChecked() for chip in page.views_bar.chips] == [False, True]


def test_own_views_are_kept_and_come_back(make_page: MakePage, qtbot: QtBot) -> None:
    settings = MemorySettings()
    page = make_page(Server(), settings=settings, views=[SavedView("Tutti")])
    with qtbot.waitSignal(page.loaded):
        page.set_query(RICH)
    page.views_bar.add_view("I miei")
    page.views_bar.rename_view("I miei", "Miei")
    page.views_bar.delete_view("Tutti")  # comes with the module
    again = make_page(Server(), settings=settings, views=[SavedView("Tutti")])
    assert [view.name for view in again.views_bar.views()] == ["Tutti", "Miei"]
    assert again.views_bar.views()[1].query == RICH


def test_a_view_survives_its_stored_form() -> None:
    day = sample_customers(1)[0].since
    query = ListQuery((Filter("a", "between", (day, day)), Filter("b", "in", ("x", 3))), Sort("a", descending=True), "rossi")
    view = SavedView("Prova", query, {"density": "compact"}, is_shared=True)
    assert view_from_json(view_to_json(view)) == view


def test_the_column_chooser_hides_moves_and_resets_at_once(make_page: MakePage, qtbot: QtBot) -> None:
    page = make_page(Server())
    page.open_chooser()
    chooser = page.findChild(ColumnChooser) or page.window().findChild(ColumnChooser)
    assert chooser is not None
    assert chooser.shown.column_keys()[:2] == ["code", "name"] and chooser.others.column_keys() == ["since"]
    chooser.shown.setCurrentRow(0)
    qtbot.keyClick(chooser.shown, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert page.table.column_order()[:2] == ["name", "code"]
    chooser.others.setCurrentRow(0)
    qtbot.keyClick(chooser.others, Qt.Key.Key_Space)
    assert "since" in [one.key for one in page.table.visible_columns()]
    chooser.shown.setCurrentRow(0)  # name, locked
    qtbot.keyClick(chooser.shown, Qt.Key.Key_Space)
    assert "name" in chooser.shown.column_keys()
    qtbot.keyClicks(chooser.search, "scad")
    assert chooser.shown.column_keys() == ["overdue"]
    qtbot.keyClick(chooser, Qt.Key.Key_Escape)
    assert chooser.isHidden()
    page.table.reset_layout()
    assert page.table.column_order()[:2] == ["code", "name"]


def test_export_takes_the_query_and_the_columns_on_the_screen(make_page: MakePage, qtbot: QtBot) -> None:
    page = make_page(Server())
    with qtbot.waitSignal(page.export_wanted) as asked:
        qtbot.mouseClick(page.bar.export_button, Qt.MouseButton.LeftButton)
    query, columns = asked.args or (None, [])
    assert query == page.query() and columns[0].key == "code"


def test_the_search_box_asks_after_a_pause(make_page: MakePage, qtbot: QtBot) -> None:
    page = make_page(Server(), search=True)
    with qtbot.waitSignal(page.query_changed):
        qtbot.keyClicks(page.bar.search, "rossi")
    assert page.query().search == "rossi"


def test_the_plus_keeps_the_present_filters_under_a_name(make_page: MakePage, qtbot: QtBot) -> None:
    page = make_page(Server())
    with qtbot.waitSignal(page.loaded):
        page.set_query(RICH)
    page.views_bar.plus.click()
    asker = page.window().findChild(NameAsker)
    assert asker is not None
    qtbot.wait(20)
    assert asker.isVisible()
    qtbot.keyClicks(asker.field, "Ricchi")
    qtbot.keyClick(asker.field, Qt.Key.Key_Return)
    assert [(view.name, view.query) for view in page.views_bar.views()] == [("Ricchi", RICH)]
    assert page.views_bar.chips[0].isChecked()


def test_no_part_ever_flashes_as_a_window_of_its_own(make_page: MakePage, qapp: QApplication) -> None:
    page = make_page(Server(), search=True)
    assert [one for one in qapp.topLevelWidgets() if one.isVisible() and one is not page] == []


def test_views_without_room_are_in_a_menu_and_the_one_in_force_stays_in_sight(make_page: MakePage, qtbot: QtBot) -> None:
    names = ["Tutti", "Attivi", "Sospesi per mora", "Con saldo scaduto", "Ricchi"]
    views = [SavedView(name, RICH if name == "Ricchi" else ListQuery((Filter("name", "contains", (name,)),))) for name in names]
    page = make_page(Server(), views=views, search=True)
    assert page.views_bar.folded() == [] and not page.views_bar.more.isVisible()
    page.resize(560, 600)
    qtbot.waitUntil(lambda: page.views_bar.more.isVisible())
    assert "Ricchi" in [view.name for view in page.views_bar.folded()]
    page.set_query(RICH)
    assert page.views_bar.chips[-1].isVisible()
    assert "Ricchi" not in [view.name for view in page.views_bar.folded()]
    seen = [chip for chip in page.views_bar.chips if chip.isVisible()]
    assert all(chip.visibleRegion().boundingRect().width() == chip.width() for chip in seen)
