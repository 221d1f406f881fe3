"""Parameters, retries and items charged by use, by keys, over a real house."""

from __future__ import annotations

import datetime
import os
import pathlib
from collections.abc import Iterator
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cms_desktop.documents.importing import propose_mapping, run_import, undo_import
from cms_desktop.modules.billing import queries
from cms_desktop.modules.billing.charging.actions import record_items
from cms_desktop.modules.billing.charging.importing import ITEMS
from cms_desktop.modules.billing.charging.records import Item
from cms_desktop.modules.billing.records import RunChoices
from cms_desktop.modules.billing.running import queries as running
from cms_desktop.ui import theme
from cms_desktop.ui.tokens import DARK, LIGHT
from tests.house import House
from tests.modules.billing.conftest import Desk
from tests.modules.billing.screen import Screen
from tests.modules.billing.world import World

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
D = datetime.date
PICTURES = os.environ.get("CMS_PICTURES", "")


@pytest.fixture
def clerk(qtbot: QtBot, house: House, world: World, tmp_path: pathlib.Path, qapp: QApplication) -> Iterator[Screen]:
    """Marta before three customers: fees of Alfa, a broken address at Beta, hours and passages at Gamma."""
    world.simple("Alfa Logistica S.r.l.", "150.00")
    world.simple("Beta S.p.A.", "90.00", street="")
    gamma = world.contract(world.customer("Gamma Gioielli S.r.l."), "G-1")
    facts = {"is_in_advance": False, "kind": "hourly", "unit_price": Decimal(20)}
    world.service(gamma, "0", description="Piantonamento ingresso", **facts)
    world.service(gamma, "0", description="Passaggi ronda", **(facts | {"kind": "passages", "unit_price": Decimal("3.50")}))
    theme.apply(qapp, DARK if PICTURES.endswith("dark") else LIGHT)
    session = house.log_in("marta.bellini")
    made = Screen(qtbot, session, tmp_path, (1280, 800))
    yield made
    made.close()
    session.close()
    assert made.errors == []


def shoot(screen: Screen, name: str) -> None:
    """Keep a picture where CMS_PICTURES says; otherwise nothing."""
    if PICTURES:
        theme.dress(screen.window)
        screen.settle()
        screen.window.grab().save(f"{PICTURES}/{name}.png")


def test_a_run_is_limited_kept_as_a_template_and_its_failure_tried_again(clerk: Screen, qtbot: QtBot, world: World, desk: Desk) -> None:
    page = clerk.dock.runs.run
    clerk.open("runs")
    clerk.dock.new_run()
    clerk.settle()
    form = page.form
    form.period_start.set_value(D(2024, 5, 1))
    form.period_end.set_value(D(2024, 5, 31))
    form.document_on.set_value(D(2024, 5, 1))
    form._on_period_changed()
    form.choices.kinds.set_value(("recurring",))
    form.keep.box.click()
    form.template_name.set_value("Canoni anticipati mensili")
    clerk.settle()
    shoot(clerk, "run_parameters")
    clerk.dock.confirm()
    clerk.wait(lambda: page.run is not None and page.run.state == "preview")
    clerk.settle()
    assert page.run is not None
    assert page.run.choices == RunChoices(kinds=("recurring",), template_id=page.run.template_id)
    assert desk.ask(running.find_template, "Canoni anticipati mensili").title == "Canoni {mese}"
    assert page.blocked.isVisible()
    assert page.skipped.isVisible(), "lines since 2020 were never billed"
    shoot(clerk, "run_preview")
    page.confirm_button.click()
    clerk.wait(lambda: page.run is not None and page.run.state == "issued")
    clerk.settle()
    shoot(clerk, "run_issued")
    world.owner.execute("update registry.party set street = 'Via Po', row_version = row_version + 1 where street = ''")
    page._retry_blocked()
    clerk.wait(lambda: page.run is not None and page.run.retried_run_id is not None)
    clerk.settle()
    assert page.run is not None
    assert (page.run.invoice_count, page.run.net_amount) == (1, Decimal("90.00"))


def test_skipped_periods_are_taken_along_with_one_click(clerk: Screen, desk: Desk) -> None:
    run = desk.prepare(D(2024, 5, 1))
    clerk.dock.show_page("runs")
    clerk.settle()
    clerk.dock.runs.open_run(run)
    clerk.settle()
    page = clerk.dock.runs.run
    clerk.wait(lambda: page.skipped.isVisible())
    page.work.catch_up()
    clerk.wait(lambda: page.run is not None and page.run.choices.catch_up_months == 12)
    clerk.settle()
    assert page.skipped.isHidden()
    assert int(page.tiles.tiles["is_caught_up"].count()) == desk.ask(queries.sum_run_differences, run).caught_up.count == 2
    shoot(clerk, "run_caught_up")


def test_hours_are_entered_corrected_and_voided_by_keys(clerk: Screen, qtbot: QtBot, world: World) -> None:
    clerk.open("items")
    clerk.dock.head.tabs.setFocus()
    clerk.press(KEY.Key_F2)
    detail = clerk.dock.items.detail
    clerk.wait(lambda: detail.line.line.hasFocus())
    qtbot.keyClicks(detail.line.line, "gamm")
    clerk.wait(lambda: detail.line.popup.isVisible())
    qtbot.keyClick(detail.line.popup, KEY.Key_Return)
    detail.day.set_value(D(2024, 5, 11))
    detail.start.setFocus()
    qtbot.keyClicks(detail.start.editor, "20")
    qtbot.keyClick(detail.start.editor, KEY.Key_Tab)
    qtbot.keyClicks(detail.end.editor, "4")
    qtbot.keyClick(detail.end.editor, KEY.Key_Tab)
    clerk.wait(lambda: "notturne" in detail.hint.text())
    shoot(clerk, "items_new")
    assert "2,00 diurne" in detail.hint.text() and "4,00 festive notturne" in detail.hint.text()
    clerk.press(KEY.Key_Return, CTRL)
    clerk.wait(lambda: len(clerk.dock.items.page.table.rows()) == 1)
    assert world.value("select quantity from billing.chargeable_item") == 8
    clerk.settle()
    clerk.dock.items.page.select(clerk.dock.items.page.table.rows()[0].item_id)
    clerk.settle()
    detail.end.set_value("6")
    detail.save()
    clerk.wait(lambda: world.value("select quantity from billing.chargeable_item") == 10)
    clerk.settle()
    shoot(clerk, "items")
    detail.ask_void()
    assert detail._overlay is not None
    clerk.settle()
    content = detail._overlay.content()
    content.answered.emit("falso allarme")
    clerk.wait(lambda: world.value("select void_reason from billing.chargeable_item") == "falso allarme")


def test_a_billed_item_is_shown_and_not_changed(clerk: Screen, desk: Desk) -> None:
    lines = desk.world.owner.execute("select service_id from customers.service where kind = 'passages'").fetchall()
    desk.ask(record_items, [Item("passage", lines[0][0], on_date=D(2024, 5, 3), quantity=Decimal(12))])
    desk.prepare(D(2024, 5, 1))
    clerk.open("items")
    clerk.dock.items.page.select(clerk.dock.items.page.table.rows()[0].item_id)
    clerk.settle()
    detail = clerk.dock.items.detail
    assert detail.save_button.isHidden() and "L-2024/0001" in detail.hint.text()


def test_a_timesheet_is_imported_and_taken_back(desk: Desk, world: World) -> None:
    contract = world.contract(world.customer("Gamma"), "G-1")
    world.service(contract, "0", kind="hourly", unit_price=Decimal(20), is_in_advance=False)
    headers = ("Numero", "Tipo", "Contratto", "Giorno", "Dalle", "Alle", "Quantità", "Note")
    rows = (
        ("R-1", "ore", "G-1", "11/05/2024", "20:00", "4.00", "", "serata"),
        ("R-2", "ore", "G-1", "12/05/2024", "", "", "7,5", ""),
        ("R-1", "ore", "G-1", "13/05/2024", "", "", "1", ""),
        ("R-3", "passaggi", "G-1", "13/05/2024", "", "", "1", ""),
        ("R-4", "ore", "", "13/05/2024", "", "", "1", ""),
        ("R-5", "ore", "G-1", "13/05/2024", "25:00", "26", "", ""),
    )
    mapping = propose_mapping(ITEMS, headers)
    result = desk.ask(lambda unit: run_import(unit, ITEMS, headers, rows, mapping, is_dry_run=False))
    assert [row.outcome for row in result.rows] == ["created", "created", "duplicate", "error", "error", "error"]
    assert world.owner.execute("select source_id, quantity from billing.chargeable_item order by 1").fetchall() == [
        ("R-1", 8),
        ("R-2", Decimal("7.5")),
    ]
    again = desk.ask(lambda unit: run_import(unit, ITEMS, headers, rows[:2], mapping, is_dry_run=False))
    assert [row.outcome for row in again.rows] == ["duplicate", "duplicate"]
    desk.ask(undo_import, result.run_id)
    assert world.value("select count(*) from billing.chargeable_item") == 0
