"""The pages of money and of the exchange system, by keys, over a real house."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.modules.billing import actions, queries
from cms_desktop.modules.billing.sdi import exchange
from cms_desktop.modules.billing.sdi.records import IncomingFile
from cms_desktop.modules.ledger import queries as ledger
from cms_desktop.ui import theme
from cms_desktop.ui.fields import LookupChoice
from cms_desktop.ui.tokens import LIGHT
from tests.house import House
from tests.modules.billing.conftest import Desk
from tests.modules.billing.screen import Screen
from tests.modules.billing.sdi.letters import letter
from tests.modules.billing.world import World
from tests.modules.ledger.statements.papers import entry, statement

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
KEY = Qt.Key


@pytest.fixture
def cashier(qtbot: QtBot, house: House, world: World, desk: Desk, tmp_path: pathlib.Path, qapp: QApplication) -> Iterator[Screen]:
    """Carlo before the open items of Alfa (three instalments of 60.99, 60.99 and 61.02) and Beta."""
    world.simple("Alfa S.r.l.", "150.00", term="RB306090")
    world.simple("Beta S.p.A.", "10.00")
    desk.bill()
    theme.apply(qapp, LIGHT)
    session = house.log_in("carlo.conti")
    made = Screen(qtbot, session, tmp_path)
    yield made
    made.close()
    session.close()
    assert made.errors == []


def test_a_payment_is_registered_from_f2_by_keys_alone(cashier: Screen, qtbot: QtBot, world: World) -> None:
    cashier.open("payments")
    cashier.dock.head.tabs.setFocus()
    cashier.press(KEY.Key_F2)
    form = cashier.dock.payments.form
    cashier.wait(lambda: cashier.dock.is_in_payment() and form.customer.line.hasFocus())
    qtbot.keyClicks(form.customer.line, "alf")
    cashier.wait(lambda: form.customer.popup.isVisible())
    qtbot.keyClick(form.customer.popup, KEY.Key_Return)
    cashier.wait(lambda: len(form.debts.rows()) == 3)
    form.amount.setFocus()
    qtbot.keyClicks(form.amount.editor, "100")
    qtbot.keyClick(form.amount.editor, KEY.Key_Tab)
    cashier.wait(lambda: sum(form.parts().values()) == Decimal("100"))
    assert list(form.parts().values()) == [Decimal("60.99"), Decimal("39.01")]
    assert form.rest.text() == "Tutto abbinato"
    cashier.press(KEY.Key_Return, CTRL)
    cashier.wait(lambda: world.value("select count(*) from ledger.payment") == 1)
    cashier.settle()
    assert cashier.said[-1][1] == "Incasso registrato"
    assert world.value("select sum(open_amount) from ledger.open_item where document_number = 'V 2024/1'") == Decimal("83.00")
    assert form.customer.value() is None and form.customer.line.hasFocus()


def test_an_open_item_is_paid_from_the_list_with_everything_filled_in(cashier: Screen) -> None:
    cashier.open("open_items")
    page = cashier.dock.open_items.page
    page.table.view.go_to_row(0)
    cashier.wait(lambda: len(page.table.selected()) == 1)
    chosen = page.table.selected()[0]
    cashier.press(KEY.Key_I, ALT)
    form = cashier.dock.payments.form
    cashier.wait(lambda: cashier.dock.is_in_payment() and bool(form.parts()))
    assert (form.amount.value(), form.parts()) == (chosen.open_amount, {chosen.open_item_id: chosen.open_amount})


def test_what_is_missing_is_said_at_the_field_and_nothing_is_written(cashier: Screen, world: World) -> None:
    cashier.open("payments")
    cashier.dock.new_payment()
    cashier.settle()
    cashier.press(KEY.Key_Return, CTRL)
    form = cashier.dock.payments.form
    assert "cliente" in form.customer.message() and "quanto" in form.amount.message()
    assert world.value("select count(*) from ledger.payment") == 0


def test_a_bounce_asks_why_and_opens_the_items_again(cashier: Screen, world: World, house: House) -> None:
    cashier.open("open_items")
    page = cashier.dock.open_items.page
    page.table.view.go_to_row(0)
    cashier.dock.new_payment()
    form = cashier.dock.payments.form
    cashier.wait(lambda: bool(form.parts()))
    form.save()
    cashier.wait(lambda: world.value("select count(*) from ledger.payment") == 1)
    cashier.settle()
    payments = cashier.dock.payments
    payments.close_form()
    cashier.wait(lambda: payments.page.table.rows())
    cashier.wait(lambda: payments.detail.row is not None)
    cashier.settle()
    payments.detail.bounce_button.click()
    cashier.settle()
    cashier.press(KEY.Key_A)  # the reason
    cashier.press(KEY.Key_Return)
    cashier.wait(lambda: world.value("select count(*) from ledger.payment where bounced_on is not null") == 1)
    cashier.settle()
    assert payments.detail.chip.text() == "Stornato"


def test_receipts_are_read_and_a_refused_invoice_goes_again(
    qtbot: QtBot, desk: Desk, world: World, marta, tmp_path: pathlib.Path, qapp
) -> None:  # type: ignore[no-untyped-def]
    world.simple("Alfa S.r.l.")
    run = desk.bill()
    desk.ask(actions.make_files, run)
    out, inbox = tmp_path / "out", tmp_path / "in"
    out.mkdir()
    inbox.mkdir()
    desk.ask(actions.export_files, out, desk.ask(queries.list_ready_files, run))
    [name] = [path.name for path in out.iterdir()]
    inner = "<ListaErrori><Errore><Codice>00311</Codice><Descrizione>CodiceDestinatario non valido</Descrizione></Errore></ListaErrori>"
    (inbox / "ns.xml").write_bytes(letter("b2b", "RicevutaScarto", name, inner))
    theme.apply(qapp, LIGHT)
    screen = Screen(qtbot, marta, inbox)
    screen.open("receipts")
    screen.dock.read_receipts()
    page = screen.dock.receipts
    screen.wait(lambda: len(page.page.table.rows()) == 1)
    assert screen.said[-1][1] == "1 ricevuta nuova"
    page.page.table.view.go_to_row(0)
    screen.wait(lambda: page.detail.row is not None)
    assert "cinque giorni" in page.detail.message.text() and page.detail.mend_button.isVisible()
    page.detail.mend_button.click()
    screen.wait(lambda: screen.said[-1][1] == "Il nuovo file è pronto: mandalo con gli altri.")
    screen.settle()
    [row] = desk.ask(queries.list_invoices, ListQuery()).rows
    assert row.file_state == "ready" and row.file_name != name
    screen.close()
    assert screen.errors == []


def test_each_view_of_the_receipts_counts_its_rows(desk: Desk, world: World) -> None:
    letters = [
        letter("b2b", root, f"IT1_{n}.xml")
        for n, root in enumerate(("RicevutaConsegna", "RicevutaScarto", "RicevutaImpossibilitaRecapito"))
    ]
    desk.ask(exchange.receive, [IncomingFile(f"{n}.xml", one) for n, one in enumerate(letters)])
    counts = [
        desk.ask(queries.sum_receipts, query).count for query in (ListQuery(), queries.REFUSALS, queries.UNDELIVERED, queries.UNMATCHED)
    ]
    assert counts == [3, 1, 1, 3]
    assert [row.kind for row in desk.ask(queries.list_receipts, queries.REFUSALS).rows] == ["NS"]


def test_the_free_part_of_payments_is_a_filter_of_the_list(desk: Desk) -> None:
    assert desk.ask(ledger.sum_payments, ListQuery((Filter("free_amount", ">", (0,)),))).count == 0


def test_a_bank_statement_is_read_looked_at_and_registered_by_keys(cashier: Screen, world: World, tmp_path: pathlib.Path) -> None:
    content = statement(
        entry("182.99", words="acconto", name="ALFA S.R.L.", ref="A"),
        entry("12.20", words="ft 2/2024", name="Beta", ref="B"),
        entry("7.00", words="grazie", ref="C"),
    )
    (tmp_path / "estratto.xml").write_bytes(content)
    cashier.files.open_file = lambda _title, _pattern="": tmp_path / "estratto.xml"  # type: ignore[method-assign]
    cashier.open("payments")
    cashier.dock.read_statement()
    page = cashier.dock.payments.statement
    assert page is not None
    cashier.wait(lambda: len(page.table.rows()) == 3)
    assert [one.customer for one in page.table.rows()] == ["Alfa S.r.l.", "Beta S.p.A.", ""]
    assert [one.line.amount for one in page.chosen()] == [Decimal("12.20")]  # a name alone is looked at first
    cashier.press(KEY.Key_Return, CTRL)
    cashier.wait(lambda: world.value("select count(*) from ledger.payment") == 1)
    cashier.settle()
    assert not cashier.dock.payments.is_in_statement() and cashier.said[-1][1] == "1 incasso registrato"
    cashier.dock.read_statement()
    cashier.wait(lambda: [one.is_known for one in page.table.rows()] == [False, True, False])


def test_an_unknown_movement_is_told_by_hand_and_known_from_then_on(cashier: Screen, world: World, tmp_path: pathlib.Path) -> None:
    (tmp_path / "estratto.xml").write_bytes(statement(entry("7.00", words="grazie")))
    cashier.files.open_file = lambda _title, _pattern="": tmp_path / "estratto.xml"  # type: ignore[method-assign]
    cashier.open("payments")
    cashier.dock.read_statement()
    page, form = cashier.dock.payments.statement, cashier.dock.payments.form
    assert page is not None
    cashier.wait(lambda: len(page.table.rows()) == 1)
    page.table.view.go_to_row(0)
    page.hand_button.click()
    assert (form.amount.value(), form.reference.value(), cashier.dock.is_in_payment()) == (Decimal("7.00"), "grazie", True)
    beta = world.value("select party_id from registry.party where name like 'Beta%%'")
    form.customer.take(LookupChoice(beta, "Beta S.p.A."))
    cashier.settle()
    cashier.press(KEY.Key_Return, CTRL)
    cashier.wait(lambda: world.value("select count(*) from ledger.payment where bank_line_key is not null") == 1)
    cashier.settle()
    cashier.dock.read_statement()
    cashier.wait(lambda: [one.is_known for one in page.table.rows()] == [True])
