"""The billing dock by keys, over a real house: a new run from parameters to result, and figures that open their rows."""

from __future__ import annotations

import datetime
import json
import pathlib
from collections.abc import Iterator
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cms_desktop.core import formats
from cms_desktop.core.listing import ListQuery
from cms_desktop.db.login import LoginSession
from cms_desktop.modules.billing import actions, queries
from cms_desktop.modules.billing.editor.lists import overdue_query
from cms_desktop.modules.ledger import queries as ledger
from cms_desktop.ui import theme
from cms_desktop.ui.tiles import KpiTile
from cms_desktop.ui.tokens import LIGHT
from cms_desktop.ui.translation import translator, use_language
from tests.house import House
from tests.modules.billing.conftest import Desk
from tests.modules.billing.screen import Screen
from tests.modules.billing.world import World

CTRL = Qt.KeyboardModifier.ControlModifier
TODAY = datetime.date.today()
MONTH = TODAY.replace(day=1)
YEAR_AGO = MONTH.replace(year=MONTH.year - 1)


@pytest.fixture
def screen(qtbot: QtBot, desk: Desk, marta: LoginSession, tmp_path: pathlib.Path, qapp: QApplication) -> Iterator[Screen]:
    theme.apply(qapp, LIGHT)
    made = Screen(qtbot, marta, tmp_path)
    yield made
    made.close()
    assert made.errors == []


def test_a_run_goes_from_f2_to_its_files_by_keys(screen: Screen, world: World, desk: Desk) -> None:
    for name in ("Alfa S.r.l.", "Beta S.p.A."):
        world.simple(name)
    world.simple("Senza indirizzo", street="")
    page = screen.dock.runs.run
    screen.dock.head.tabs.setFocus()
    screen.press(Qt.Key.Key_F2)
    screen.wait(lambda: screen.dock.is_in_run() and page.form.series.value() is not None)
    screen.wait(lambda: "3 servizi" in page.form.due_note.text())
    assert str(page.form.title.value()).startswith("Canoni ")
    screen.press(Qt.Key.Key_Return, CTRL)
    screen.wait(lambda: page.run is not None and page.run.state == "preview" and len(page.rows.table.rows()) == 3)
    assert "Conferma 2 fatture" in page.confirm_button.text()
    assert page.tiles.tiles["is_blocked"].count() == "1"
    page.rows.setFocus()
    screen.press(Qt.Key.Key_Return, CTRL)
    screen.wait(lambda: page.run.state == "issued" and page.work.job is None and page.result.made.text() == "2")
    assert page.result.numbers.text() == f"V {TODAY.year}/1 – 2"
    assert page.stepper.active() == 3
    assert [words[1] for words in screen.said] == ["2 fatture emesse", "2 file pronti da inviare"]
    assert desk.ask(queries.find_run, page.run_id).invoice_count == 2


def test_files_go_to_the_folder_and_close_the_way_back(screen: Screen, world: World, desk: Desk, tmp_path: pathlib.Path) -> None:
    world.simple("Alfa")
    run = desk.bill(MONTH)
    desk.ask(actions.make_files, run)
    screen.open("runs", record=run)
    page = screen.dock.runs.run
    assert page.undo_button.isVisible()
    page.result.export_button.click()
    screen.wait(lambda: page.result.sent.text() == "1")
    assert len(list(tmp_path.glob("IT*.xml"))) == 1
    assert not page.undo_button.isVisible() and not page.result.export_button.isVisible()


def test_unticking_a_row_asks_why_and_ticking_takes_it_back(screen: Screen, world: World, desk: Desk) -> None:
    world.simple("Alfa")
    world.simple("Beta")
    run = desk.prepare(MONTH)
    screen.open("runs", record=run)
    page = screen.dock.runs.run
    page.rows.table.view.go_to_row(0)
    page.rows.table.focus_rows()
    screen.qtbot.keyClick(page.rows.table.view, Qt.Key.Key_Space)
    overlay = page.work._reason_overlay
    dialog = overlay.content()
    dialog.reason.set_value("in contestazione")
    dialog.confirm_button.click()
    screen.wait(lambda: page.run.invoice_count == 1)
    screen.settle()
    assert [row.reason for row in page.rows.table.rows() if row.is_excluded] == ["in contestazione"]
    screen.qtbot.keyClick(page.rows.table.view, Qt.Key.Key_Space)
    screen.wait(lambda: page.run.invoice_count == 2)


def test_leaving_the_question_puts_the_tick_back(screen: Screen, world: World, desk: Desk) -> None:
    world.simple("Alfa")
    run = desk.prepare(MONTH)
    screen.open("runs", record=run)
    page = screen.dock.runs.run
    page.rows.table.view.go_to_row(0)
    screen.qtbot.keyClick(page.rows.table.view, Qt.Key.Key_Space)
    page.work._reason_overlay.close_content()
    assert page.rows.table.ticked() == page.rows.table.rows()
    assert desk.ask(queries.find_run, run).invoice_count == 1


def test_a_tile_of_the_run_shows_its_rows_only(screen: Screen, world: World, desk: Desk) -> None:
    world.simple("Alfa")
    world.simple("Bloccato", street="")
    run = desk.prepare(MONTH)
    screen.open("runs", record=run)
    page = screen.dock.runs.run
    page.tiles.tiles["is_blocked"].click()
    screen.wait(lambda: [row.customer for row in page.rows.table.rows()] == ["Bloccato"])
    page.tiles.tiles["is_blocked"].click()
    screen.wait(lambda: len(page.rows.table.rows()) == 2)


def test_the_result_says_what_was_left_out_and_why(screen: Screen, world: World, desk: Desk) -> None:
    world.simple("Alfa")
    world.simple("Beta", "70.00")
    world.simple("Senza indirizzo", "33.00", street="")
    run = desk.prepare(MONTH)
    beta = next(row for row in desk.ask(queries.list_run_documents, run, ListQuery()).rows if row.customer == "Beta")
    desk.ask(actions.exclude_invoices, run, [beta.invoice_id], "in contestazione")
    desk.ask(actions.issue_run, run)
    screen.open("runs", record=run)
    page, result = screen.dock.runs.run, screen.dock.runs.run.result
    assert page.totals.note(0) == "2 righe escluse"
    assert "2 righe escluse" in result.exclusions_title.text() and "103,00" in result.exclusions_title.text()
    said = [line.accessibleName() for line in result.exclusion_rows]
    assert [("Beta" in one, "in contestazione" in one) for one in said] == [(True, True), (False, False)]
    assert "Senza indirizzo" in said[1] and "indirizzo incompleto" in said[1]
    assert not page.tiles.tiles["is_blocked"].isVisible()


def test_rows_of_a_run_offer_no_view_to_keep(screen: Screen, world: World, desk: Desk) -> None:
    world.simple("Alfa")
    desk.bill(YEAR_AGO)
    screen.open("runs", record=desk.prepare(MONTH))
    assert screen.dock.runs.run.rows.isVisible() and not screen.dock.runs.run.rows.views_bar.isVisible()
    screen.open("invoices")
    assert screen.dock.invoices.page.views_bar.isVisible()


def test_what_the_palette_finds_stands_under_a_name_of_the_language(qapp: QApplication, world: World, desk: Desk) -> None:
    world.simple("Alfa")
    run = desk.bill(MONTH)
    number = desk.ask(queries.find_run, run).number
    groups = {one.group for text in (number, "Alfa") for one in desk.ask(queries.find_records, text)}
    assert groups == {"Fatture", "Lanci"}
    use_language("en")
    try:
        assert {translator("billing")(group) for group in groups} == {"Invoices", "Runs"}
    finally:
        use_language("it")


@pytest.fixture
def year(world: World, desk: Desk) -> None:
    """Last year's month, this month half billed, one payment, one item overdue, files ready and missing, a preview."""
    for number in range(4):
        world.simple(f"Cliente {number}", f"{100 + 10 * number}.00")
    old = desk.bill(YEAR_AGO)
    now = desk.bill(MONTH)
    first, second, *_ = desk.ask(queries.list_invoice_ids, now)
    desk.ask(actions.make_files, old)
    desk.ask(actions.make_files, now, [first, second])
    world.collect(first, "50.00")
    world.simple("Ultimo", "77.00")
    world.simple("Fermo", "33.00", street="")
    desk.prepare(MONTH)
    world.simple("Da fatturare", "11.00")


def test_every_tile_opens_rows_that_sum_to_its_figure(screen: Screen, year: None, desk: Desk) -> None:
    dashboard, dock = screen.dock.dashboard, screen.dock
    screen.dock.refresh()
    screen.wait(lambda: dashboard.figures is not None and dashboard.figures.billing.due_count)
    cases = (
        (dashboard.month_tile, dock.invoices, "net_amount"),
        (dashboard.due_tile, dock.due, "amount"),
        (dashboard.collected_tile, dock.payments, "amount"),
        (dashboard.overdue_tile, dock.open_items, "open_amount"),
    )
    for tile, place, key in cases:
        tile.click()
        screen.settle()
        shown = place.page.table.rows()
        assert shown, tile.accessibleName()
        assert formats.money(sum((getattr(row, key) for row in shown), Decimal(0))) == tile.value()
    dashboard.files_tile.click()
    screen.settle()
    assert str(len(dock.invoices.page.table.rows())) == dashboard.files_tile.value()


def test_bars_and_bands_open_rows_that_sum_to_them(screen: Screen, year: None, desk: Desk) -> None:
    with desk.unit() as unit:
        figures = queries.find_figures(unit, TODAY)
        place = TODAY.month - 1
        assert figures.months[place] == queries.sum_invoices(unit, queries.month_query(MONTH)).sums["net_amount"]
        assert figures.months_last_year[place] == queries.sum_invoices(unit, queries.month_query(YEAR_AGO)).sums["net_amount"]
        bands = ledger.sum_ageing(unit, TODAY)
        for band in bands:
            totals = ledger.sum_open_items(unit, ledger.band_query(band.first, band.last))
            assert (totals.count, totals.sums["open_amount"]) == (band.count, band.amount)
        assert sum(band.amount for band in bands[1:]) == ledger.sum_open_items(unit, overdue_query(TODAY)).sums["open_amount"] > 0
    screen.wait(lambda: screen.dock.dashboard.figures is not None)
    screen.dock.dashboard.bars.bar_clicked.emit(place)
    screen.settle()
    assert sum(row.net_amount for row in screen.dock.invoices.page.table.rows()) == figures.months[place]


def test_what_wants_a_look_opens_where_it_is(screen: Screen, year: None) -> None:
    screen.dock.refresh()
    screen.wait(lambda: len(screen.dock.dashboard.check_rows) == 4)
    screen.dock.dashboard.check_rows[0].click()
    screen.settle()
    assert [row.customer for row in screen.dock.runs.run.rows.table.rows()] == ["Fermo"]


def test_the_dashboard_moves_when_somebody_else_bills(screen: Screen, world: World, desk: Desk) -> None:
    world.simple("Alfa")
    screen.dock.refresh()
    screen.settle()
    assert screen.dock.dashboard.month_tile.value() == formats.money(Decimal(0))
    desk.bill(MONTH)
    screen.dock.mark_changed({"billing.invoice"})
    screen.wait(lambda: screen.dock.dashboard.month_tile.value() == formats.money(Decimal(100)))


def test_an_invoice_shows_its_document_and_opens_its_pdf(screen: Screen, world: World, desk: Desk) -> None:
    world.simple("Alfa S.r.l.")
    desk.bill(MONTH)
    screen.open("invoices")
    screen.dock.invoices.page.table.view.go_to_row(0)
    screen.wait(lambda: screen.dock.invoice_detail.document is not None)
    screen.dock.print_documents()
    screen.wait(lambda: screen.files.shown)
    assert screen.files.shown[0].read_bytes().startswith(b"%PDF")


def test_a_list_is_exported_whole(screen: Screen, world: World, desk: Desk, tmp_path: pathlib.Path) -> None:
    world.many(3)
    desk.bill(MONTH)
    screen.open("open_items")
    screen.dock.open_items.page.export()
    screen.wait(lambda: screen.said)
    assert (tmp_path / "scadenze.xlsx").stat().st_size > 1000


def test_a_reader_of_the_books_sees_no_button_to_bill(qtbot: QtBot, desk: Desk, house, tmp_path: pathlib.Path) -> None:
    session = house.log_in("rita.revisore")
    screen = Screen(qtbot, session, tmp_path)
    assert screen.workplace.commands.find("billing.new_run") is None
    assert "open_items" in screen.dock.page_keys()
    screen.close()
    session.close()


def test_without_the_right_to_the_books_only_billing_is_there(
    qtbot: QtBot, house: House, world: World, desk: Desk, year: None, tmp_path: pathlib.Path
) -> None:
    leave_only(world, "rita.revisore", ("base.read", "registry.read", "customers.read", "billing.read"))
    session = house.log_in("rita.revisore")
    screen = Screen(qtbot, session, tmp_path)
    dock = screen.dock
    for page in dock.page_keys():
        screen.open(page)
    assert dock.page_keys() == ["dashboard", "runs", "invoices", "due", "receipts"]
    assert len(dock.invoices.page.table.rows()) == 8
    dock.invoices.page.table.view.go_to_row(0)
    screen.wait(lambda: dock.invoice_detail.document is not None)
    screen.open("runs", record=desk.ask(queries.list_runs, ListQuery()).rows[0].run_id)
    screen.open("dashboard")
    assert dock.dashboard.month_tile.isVisible() and dock.dashboard.due_tile.isVisible()
    assert not dock.dashboard.overdue_tile.isVisible() and not dock.dashboard.ageing.isVisible()
    assert {tile.accessibleName() for tile in dock.dashboard.findChildren(KpiTile)}.isdisjoint({"Incassato nel mese", "Scaduto"})
    screen.close()
    session.close()
    assert screen.errors == []


def leave_only(world: World, login: str, functions: tuple[str, ...]) -> None:
    """Take every other function in Aurora from a person."""
    world.owner.execute(
        "delete from base.permission where company_id = 1 and function <> all(%s) "
        "and person_id = (select person_id from base.person where login = %s)", (list(functions), login),
    )  # fmt: skip


def test_every_text_of_the_dock_is_in_english() -> None:
    folder = pathlib.Path(__file__).parents[3]
    catalogues = [(folder / f"resources/translations/en/{name}.json").read_text(encoding="utf-8") for name in ("billing", "books")]
    known = {text: words for one in catalogues for text, words in json.loads(one).items()}
    missing = set()
    for path in (folder / "cms_desktop/modules/billing").rglob("*.py"):
        missing |= texts_of(path) - known.keys()
    assert missing == set()


def texts_of(path: pathlib.Path) -> set[str]:
    import ast

    calls = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "tr" and call.args and isinstance(call.args[0], ast.Constant)
    }


def test_no_page_is_higher_than_a_screen_of_800(screen: Screen) -> None:
    for key in screen.dock.page_keys():
        screen.dock.page(key)
    screen.window.resize(1280, 800)
    assert screen.dock.minimumSizeHint().height() <= 680
