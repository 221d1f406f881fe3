"""The billing dock by keys, over a real house: a new run from parameters to result, and figures that open their rows."""

from __future__ import annotations

import datetime
import json
import pathlib
from collections.abc import Iterator
from decimal import Decimal

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cms_desktop.core import formats
from cms_desktop.core.listing import ListQuery
from cms_desktop.db.login import LoginSession
from cms_desktop.modules.billing import actions, queries
from cms_desktop.modules.billing.editor.lists import overdue_query
from cms_desktop.modules.billing.records import CountAndAmount
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
    with world.owner.transaction():  # one of last year refused, one not delivered
        world.owner.execute("set local role cms_bookkeeper")
        for place, state in enumerate(("rejected", "undeliverable")):
            world.owner.execute(
                "update billing.transmission set state = %s where transmission_id = (select transmission_id from billing.transmission "
                "join billing.invoice using (company_id, invoice_id) where billing_run_id = %s order by transmission_id offset %s limit 1)",
                (state, old, place),
            )
    kind = world.value(
        "insert into customers.service_type (company_id, code, description) values (1, 'TVP', 'Televigilanza di prova') returning service_type_id"
    )
    world.owner.execute(
        "update customers.service set service_type_id = %s, row_version = row_version + 1 where monthly_price in (100, 130)", (kind,)
    )
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
    cases = (
        (dashboard.year_tile, dock.invoices, "net_amount"),
        (dashboard.prepared_tile, dock.runs.list, "net_amount"),
        (dashboard.soon_tile, dock.open_items, "open_amount"),
    )
    for tile, place, key in cases:
        tile.click()
        screen.settle()
        assert formats.money(sum((getattr(row, key) for row in place.page.table.rows()), Decimal(0))) == tile.value(), tile.accessibleName()
    for tile in (dashboard.files_tile, dashboard.refused_tile, dashboard.undelivered_tile):
        tile.click()
        screen.settle()
        assert str(len(dock.invoices.page.table.rows())) == tile.value() != "0", tile.accessibleName()


def test_the_best_open_rows_that_sum_to_them(screen: Screen, year: None) -> None:
    dashboard, dock = screen.dock.dashboard, screen.dock
    screen.dock.refresh()
    screen.wait(lambda: dashboard.customers.rows() and dashboard.types.rows())
    best = dashboard.customers.rows()
    assert [row.name for row in best] == ["Cliente 3", "Cliente 2", "Cliente 1", "Cliente 0"]
    dashboard.customers.row_opened.emit(best[0])
    screen.settle()
    assert sum(row.net_amount for row in dock.invoices.page.table.rows()) == best[0].net_amount == Decimal("130.00")
    kinds = {row.name: row for row in dashboard.types.rows()}
    assert {name: row.net_amount for name, row in kinds.items()} == {"Televigilanza di prova": Decimal("230.00"), "": Decimal("230.00")}
    for row in kinds.values():
        dashboard.types.row_opened.emit(row)
        screen.settle()
        assert screen.dock.current_page() == "lines"
        assert sum(line.net_amount for line in dock.page("lines").page.table.rows()) == row.net_amount


def test_figures_lists_and_spreadsheets_are_equal(screen: Screen, year: None, desk: Desk, tmp_path: pathlib.Path) -> None:
    figures = desk.ask(queries.find_figures, TODAY)
    due = desk.ask(queries.find_due, TODAY)
    files = {queries.UNSENT: figures.unsent, queries.REFUSED_FILES: figures.refused, queries.UNDELIVERED_FILES: figures.undelivered}
    for query, one in files.items():
        totals = desk.ask(queries.sum_invoices, query)
        assert (totals.count, totals.sums["total_amount"]) == (one.count, one.amount)
    ready = desk.ask(queries.sum_invoices, queries.READY_FILES)
    assert ready.count == figures.ready_files
    assert desk.ask(queries.sum_invoices, queries.year_query(TODAY.year)).sums["net_amount"] == figures.year
    assert desk.ask(queries.sum_runs, queries.PREVIEWS).sums["net_amount"] == figures.prepared.amount
    assert due == CountAndAmount(1, Decimal("11.00"))
    assert figures.days_to_issue == Decimal(0)
    screen.open("invoices", query=queries.year_query(TODAY.year))
    page = screen.dock.invoices.page
    page.export_wanted.emit(page.table.query(), page.table.visible_columns())
    screen.wait(lambda: any(tmp_path.glob("*.xlsx")))
    screen.settle()
    rows = list(openpyxl.load_workbook(next(tmp_path.glob("*.xlsx"))).active.iter_rows(values_only=True))
    place = next(number for number, title in enumerate(rows[0]) if str(title).startswith("Imponibile"))
    assert Decimal(str(rows[-1][place])) == figures.year


def test_what_was_refused_counts_once_and_not_when_it_was_sent_again(year: None, desk: Desk, world: World) -> None:
    refused = world.value("select min(invoice_id) from billing.transmission where state = 'rejected'")
    before = desk.ask(queries.find_figures, TODAY)
    with world.owner.transaction():
        world.owner.execute("set local role cms_bookkeeper")
        world.owner.execute(
            "insert into billing.transmission (company_id, invoice_id, file_name, content, sha256, state) values (1, %s, 'again.xml', '', '', 'rejected')",
            (refused,),
        )
    assert desk.ask(queries.find_figures, TODAY).refused == before.refused == CountAndAmount(1, before.refused.amount)
    desk.ask(actions.make_files, 0, [refused])
    after = desk.ask(queries.find_figures, TODAY)
    assert (after.refused.count, after.unsent.count, after.ready_files) == (0, before.unsent.count + 1, before.ready_files + 1)


def test_moves_of_files_are_packed_when_they_are_many(year: None, desk: Desk, world: World) -> None:
    number = world.value("select max(transmission_id) from billing.transmission where state = 'ready'")
    for turn in range(160):
        with world.owner.transaction():
            world.owner.execute("set local role cms_bookkeeper")
            state = "ready" if turn % 2 else "sent"
            world.owner.execute("update billing.transmission set state = %s where transmission_id = %s", (state, number))
    assert world.value("select count(*) from billing.file_total") < 310
    totals = desk.ask(queries.sum_invoices, queries.READY_FILES)
    assert desk.ask(queries.find_figures, TODAY).ready_files == totals.count


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
    screen.wait(lambda: len(screen.dock.dashboard.check_rows) == 6)
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
    assert dock.page_keys() == ["dashboard", "runs", "invoices", "lines", "due", "items", "to_send", "receipts"]
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
        if 'tr = translator("billing")' in path.read_text(encoding="utf-8"):  # other parts have a catalogue of their own
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
