"""The page of VAT by keys, over a real house."""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError
from cms_desktop.ui import theme
from cms_desktop.ui.feedback.confirmation import Confirmation
from cms_desktop.ui.feedback.reason import ReasonDialog
from cms_desktop.ui.tokens import LIGHT
from tests.house import House
from tests.modules.billing.screen import Screen
from tests.modules.billing.vat.conftest import Bookkeeper, add_code
from tests.modules.billing.vat.papers import issue
from tests.modules.billing.world import World

D, DAY, KEY = Decimal, datetime.date, Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
LAST = (datetime.date.today().replace(day=1) - datetime.timedelta(days=1)).replace(day=1)


@pytest.fixture
def carlo(qtbot: QtBot, house: House, world: World, tmp_path: pathlib.Path, qapp: QApplication) -> Iterator[Screen]:
    """Carlo with the books of last month: a few invoices of two rates, one of split payment, one deferred, a credit note."""
    add_code(world, "22D", exigibility="D")
    alfa, town = world.customer("Officine Alfa S.r.l."), world.customer("Comune di Rivoli")
    issue(world, "TD01", alfa, LAST, {"22": "1000.00"})
    issue(world, "TD01", alfa, LAST + datetime.timedelta(days=2), {"22": "350.00", "N4": "120.00"}, stamp="2")
    issue(world, "TD01", town, LAST + datetime.timedelta(days=3), {"22S": "800.40"}, series="PA")
    issue(world, "TD01", town, LAST + datetime.timedelta(days=4), {"22D": "400.00"})
    issue(world, "TD04", alfa, LAST + datetime.timedelta(days=9), {"22": "-100.00"})
    theme.apply(qapp, LIGHT)
    session = house.log_in("carlo.conti")
    made = Screen(qtbot, session, tmp_path)
    made.open("vat")
    yield made
    made.close()
    session.close()
    assert made.errors == []


def _answer(kind: type[Any], act: Any) -> None:
    """When a question comes up, answer it."""

    def look() -> None:
        found = [one for one in QApplication.allWidgets() if isinstance(one, kind) and one.isVisible()]
        if found:
            act(found[0])
        else:
            QTimer.singleShot(50, look)

    QTimer.singleShot(50, look)


def test_registers_show_rows_totals_and_what_is_due(carlo: Screen) -> None:
    tab = carlo.dock.vat.registers
    carlo.wait(lambda: len(tab.rows.rows()) == 5)
    assert [one.document_type for one in tab.rows.rows()] == ["TD01", "TD01", "TD01", "TD01", "TD04"]
    shown = {key: cell.text() for key, cell in tab.figures.items()}
    wanted = {"net": D("1770.00"), "vat": D("363.00"), "split": D("0.00"), "later": D("88.00"), "due": D("275.00")}
    assert shown == {key: formats.money(amount) for key, amount in wanted.items()}
    tab.section.set_value(1)
    tab.section.changed.emit()
    carlo.settle()
    assert tab.figures["split"].text() == formats.money(D("176.09")) and tab.figures["due"].text() == formats.money(D("0.00"))


def test_the_month_is_printed_for_good_after_a_question_and_says_its_pages(carlo: Screen, world: World) -> None:
    tab = carlo.dock.vat.registers
    carlo.wait(lambda: tab.rows.rows())
    if LAST.month > 1:  # earlier months have no documents and need no print
        assert tab.print_button.isEnabled()
    _answer(Confirmation, lambda question: question.confirm_button.click())
    tab.print_button.click()
    carlo.wait(lambda: tab.found is not None and tab.found.printed is not None)
    assert carlo.files.place.joinpath(f"registro-V-{LAST:%Y-%m}.pdf").read_bytes()[:4] == b"%PDF"
    assert (tab.state.isVisible(), "1–1" in tab.state.text()) == (True, True)
    with pytest.raises(Exception, match="vat_period_closed"):
        issue(world, "TD01", world.customer("Tardi"), LAST + datetime.timedelta(days=27), {"22": "1.00"})


def test_without_the_yes_nothing_is_printed(carlo: Screen, world: World) -> None:
    tab = carlo.dock.vat.registers
    carlo.wait(lambda: tab.rows.rows())
    _answer(Confirmation, lambda question: question.cancel_button.click())
    tab.print_button.click()
    carlo.settle()
    assert world.value("select count(*) from billing.register_print") == 0


def test_a_settlement_is_typed_saved_confirmed_and_reopened(carlo: Screen, qtbot: QtBot, world: World, books: Bookkeeper) -> None:
    page = carlo.dock.vat
    carlo.dock.show_vat(1)
    tab = page.settlement
    if LAST.year < datetime.date.today().year:
        page.step(-1)
    carlo.wait(lambda: tab.periods.rows())
    tab.periods.select(LAST)
    carlo.wait(lambda: tab.chosen is not None and tab.chosen.period_start == LAST)
    field = tab.fields["purchases_vat"]
    field.setFocus()
    field.line.selectAll()
    qtbot.keyClicks(field.editor, "75")
    carlo.press(KEY.Key_Tab)
    assert tab.is_dirty() and not tab.confirm_button.isEnabled()
    tab.save_button.click()
    carlo.wait(lambda: tab.chosen is not None and tab.chosen.result_amount == D("200.00"))
    # sales 220 + 77 - 22 = 275; 88 of deferred VAT and 176.09 of split VAT are not due; 75 deducted
    assert formats.money(D("88.00")) in tab.parts.text() and formats.money(D("176.09")) in tab.parts.text()
    assert f"60{LAST:%m}" in tab.payment.text()
    tab.sheet_button.click()
    sheet = carlo.files.place / f"lipe-{LAST.year}-{(LAST.month + 2) // 3}.xlsx"
    carlo.wait(lambda: carlo.said and "Comunicazione" in carlo.said[-1][1])
    rows = {row[0]: row[2:] for row in openpyxl.load_workbook(sheet).active.iter_rows(values_only=True)}
    place = [one.period_start for one in tab.periods.rows() if (one.period_start.month + 2) // 3 == (LAST.month + 2) // 3].index(LAST)
    assert {name: rows[name][place] for name in ("VP2", "VP4", "VP5", "VP14")} == {"VP2": 2570.4, "VP4": 275, "VP5": 75, "VP14": 200}
    _answer(Confirmation, lambda question: question.confirm_button.click())
    tab.confirm_button.click()
    carlo.wait(lambda: tab.chosen is not None and tab.chosen.is_confirmed)
    assert (books.balance("vat_due"), tab.fields["purchases_vat"].isEnabled()) == (D("200.00"), False)

    def give_reason(dialog: ReasonDialog) -> None:
        dialog.reason.set_value("Acquisti mancanti")
        dialog.confirm_button.click()

    _answer(ReasonDialog, give_reason)
    tab.reopen_button.click()
    carlo.wait(lambda: tab.chosen is not None and not tab.chosen.is_confirmed)
    assert tab.fields["purchases_vat"].value() == D("75.00")


def test_stamp_duty_opens_exactly_its_documents(carlo: Screen) -> None:
    carlo.dock.show_vat(2)
    tab = carlo.dock.vat.stamp
    if LAST.year < datetime.date.today().year:
        carlo.dock.vat.step(-1)
    carlo.wait(lambda: len(tab.table.rows()) == 4)
    quarter = tab.table.rows()[(LAST.month - 1) // 3]
    assert (quarter.document_count, quarter.amount) == (1, D("2.00"))
    tab.table.select(quarter.quarter)
    tab.table.setFocus()
    tab.open_documents()
    carlo.wait(lambda: carlo.dock.current_page() == "invoices")
    carlo.settle()
    assert [row.total_amount for row in carlo.dock.invoices.page.table.rows()] == [D("547.00")]


def test_a_row_of_a_register_opens_its_invoice_and_keys_go_through_months(carlo: Screen) -> None:
    tab = carlo.dock.vat.registers
    carlo.wait(lambda: tab.rows.rows())
    tab.rows.row_opened.emit(tab.rows.rows()[0])
    carlo.wait(lambda: carlo.dock.current_page() == "invoices")
    carlo.settle()
    assert [row.net_amount for row in carlo.dock.invoices.page.table.rows()] == [D("1000.00")]
    carlo.open("vat")
    carlo.dock.vat.tabs.setFocus()
    carlo.press(KEY.Key_PageUp, CTRL)
    carlo.settle()
    assert tab.month == (LAST - datetime.timedelta(days=1)).replace(day=1) and tab.rows.rows() == []
    assert "Nessun documento" in tab.note.text()


def test_who_may_not_settle_sees_no_way_to(qtbot: QtBot, house: House, carlo: Screen, tmp_path: pathlib.Path) -> None:
    session = house.log_in("marta.bellini")
    marta = Screen(qtbot, session, tmp_path)
    try:
        marta.open("vat")
        marta.dock.show_vat(1)
        marta.settle()
        tab = marta.dock.vat.settlement
        assert tab.chosen is not None
        enabled = [
            tab.save_button.isEnabled(),
            tab.confirm_button.isEnabled(),
            tab.reopen_button.isVisible(),
            *(f.isEnabled() for f in tab.fields.values()),
        ]
        assert (enabled, marta.dock.vat.registers.print_button.isEnabled()) == ([False] * 8, False)
        with pytest.raises(AppError), session.database.unit_of_work(1) as unit:
            unit.call("billing.confirm_vat", LAST, 0)
    finally:
        marta.close()
        session.close()
