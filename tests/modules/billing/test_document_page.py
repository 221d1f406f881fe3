"""Writing documents by hand at the screen, by keys alone, over a real house."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator
from decimal import Decimal

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cms_desktop.core import formats
from cms_desktop.core.listing import ListQuery
from cms_desktop.modules.billing import queries
from cms_desktop.modules.billing.editor.run_credit import CreditRunDialog
from cms_desktop.ui import theme
from cms_desktop.ui.tokens import LIGHT
from tests.house import House
from tests.modules.billing.conftest import Desk
from tests.modules.billing.screen import Screen
from tests.modules.billing.world import World

CTRL, ALT, KEY = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier, Qt.Key


@pytest.fixture
def clerk(qtbot: QtBot, house: House, world: World, desk: Desk, tmp_path: pathlib.Path, qapp: QApplication) -> Iterator[Screen]:
    """Marta before the invoices; Officine Riva pays in thirty days."""
    world.customer("Officine Riva S.r.l.")
    theme.apply(qapp, LIGHT)
    session = house.log_in("marta.bellini")
    made = Screen(qtbot, session, tmp_path)
    made.open("invoices")
    yield made
    made.close()
    session.close()
    assert [str(one) + str(one.values) for one in made.errors] == []


def keys(clerk: Screen, *typed: str | KEY) -> None:
    """Type into whatever has the focus; a text is typed letter by letter."""
    for one in typed:
        for key in one if isinstance(one, str) else (one,):
            target = QApplication.focusWidget()  # a letter may open an editor, which takes the next one
            assert target is not None
            clerk.qtbot.keyClick(target, key)


def choose_customer(clerk: Screen, text: str = "riva") -> None:
    form = clerk.dock.invoices.document.form
    customer = form.fields["customer"]
    clerk.wait(lambda: customer.editor.hasFocus())
    keys(clerk, text)
    clerk.wait(lambda: customer.popup.isVisible())  # type: ignore[attr-defined]
    clerk.qtbot.keyClick(customer.popup, KEY.Key_Return)  # type: ignore[attr-defined]
    clerk.wait(lambda: customer.value() is not None)


def test_an_invoice_of_three_lines_is_written_issued_and_credited_in_part_by_keys_alone(clerk: Screen, world: World) -> None:
    clerk.press(KEY.Key_F2)
    page = clerk.dock.invoices.document
    clerk.wait(lambda: clerk.dock.is_in_document() and page.form.fields["customer"].editor.hasFocus())
    choose_customer(clerk)
    for _ in range(8):
        if page.form.lines.view.hasFocus():
            break
        keys(clerk, KEY.Key_Tab)
    grid = page.form.lines.view
    assert grid.hasFocus()
    for text, quantity, price in (("Piantonamento fiera", "16", "24,50"), ("Materiale", "3", "33,335"), ("Trasferta", "1", "120")):
        keys(
            clerk,
            KEY.Key_Tab,
            text,
            KEY.Key_Tab,
            quantity,
            KEY.Key_Return,
            KEY.Key_Return,
            price,
            KEY.Key_Return,
            KEY.Key_Return,
            KEY.Key_Return,
        )
    assert [row["description"] for row in page.form.lines.value()] == ["Piantonamento fiera", "Materiale", "Trasferta"]
    clerk.wait(lambda: page.totals.payable.text() == formats.money(Decimal("746.65")))
    clerk.settle()
    clerk.press(KEY.Key_F9)
    clerk.wait(lambda: clerk.files.shown)
    picture = pypdfium2.PdfDocument(clerk.files.shown[-1])[0].render(scale=1).to_pil()
    assert picture.width > 500 and len(picture.convert("L").getcolors(256) or []) > 20
    clerk.settle()
    clerk.press(KEY.Key_Return, CTRL)
    clerk.wait(lambda: world.value("select count(*) from billing.invoice where state = 'issued'") == 1)
    clerk.settle()
    assert clerk.said[-1][1] == "Documento emesso"
    assert world.value("select payable_amount from billing.invoice") == Decimal("746.65")
    # back in the list, on the invoice: a credit note of its third line
    clerk.wait(lambda: clerk.dock.invoices.chosen() is not None)
    clerk.press(KEY.Key_N, ALT)
    clerk.wait(lambda: clerk.dock.is_in_document() and page.form.value("document_type") == "TD04")
    clerk.settle()
    assert page.totals.payable.text() == formats.money(Decimal("746.65")) and page.credit_bar.isVisible()
    for _ in range(14):
        if grid.hasFocus():
            break
        keys(clerk, KEY.Key_Tab)
    assert grid.hasFocus()
    for _ in range(2):
        clerk.qtbot.keyClick(grid, KEY.Key_Delete, CTRL)
    clerk.wait(lambda: page.totals.payable.text() == formats.money(Decimal("146.40")))
    clerk.settle()
    clerk.press(KEY.Key_Return, CTRL)
    clerk.wait(lambda: world.value("select count(*) from billing.invoice where state = 'issued'") == 2)
    clerk.settle()
    assert world.value("select sum(open_amount) from ledger.open_item") == Decimal("600.25")
    assert world.value("select line_no from billing.invoice_line as l join billing.invoice as i using (company_id, invoice_id) "
                       "where i.document_type = 'TD04' and l.credited_line_no = 3") == 1  # fmt: skip


def test_what_is_typed_is_computed_kept_and_offered_again(clerk: Screen, world: World, desk: Desk) -> None:
    clerk.press(KEY.Key_F2)
    page = clerk.dock.invoices.document
    clerk.wait(lambda: page.form.fields["customer"].editor.hasFocus())
    choose_customer(clerk)
    page.form.lines.setFocus()
    keys(clerk, KEY.Key_Tab, "Ronda", KEY.Key_Tab, KEY.Key_Tab, KEY.Key_Tab, "10", KEY.Key_Return)
    clerk.wait(lambda: page.totals.payable.text() == formats.money(Decimal("12.20")))
    clerk.wait(lambda: page.draft.stored() is not None)
    clerk.settle()
    assert clerk.dock.go_back() and not clerk.dock.is_in_document()
    assert world.value("select count(*) from billing.invoice") == 0
    clerk.press(KEY.Key_F2)
    clerk.wait(lambda: page.draft.strip.isVisible())
    page.draft.resume()
    clerk.wait(lambda: page.totals.payable.text() == formats.money(Decimal("12.20")))
    clerk.press(KEY.Key_F10)
    clerk.wait(lambda: world.value("select count(*) from billing.invoice where state = 'draft'") == 1)
    clerk.settle()
    assert page.draft.stored() is None
    with desk.unit() as unit:
        assert queries.sum_invoices(unit, ListQuery()).count == 0
        assert queries.sum_invoices(unit, queries.DRAFTS).count == 1


def test_what_is_wrong_is_said_at_the_field_and_nothing_is_written(clerk: Screen, world: World) -> None:
    clerk.dock.new_document()
    page = clerk.dock.invoices.document
    clerk.settle()
    clerk.press(KEY.Key_Return, CTRL)
    assert set(page.form.shown_problems()) == {"customer", "lines"}
    page.form.set_value("lines", ({"description": "", "quantity": Decimal(1), "unit_price": Decimal(5), "vat_code_id": world.vat("22")},))
    assert "Riga 1" in page.form.problems()["lines"]
    assert world.value("select count(*) from billing.invoice") == 0


def test_a_draft_opens_from_its_filter(clerk: Screen, world: World, desk: Desk) -> None:
    from cms_desktop.modules.billing.manual import actions
    from tests.modules.billing.test_manual_documents import invoice, line

    customer = world.value("select min(customer_id) from customers.customer")
    desk.ask(actions.save_document, invoice(world, customer, line(world, "Ronda", "10.00")))
    listed = clerk.dock.invoices
    listed.page.set_query(queries.DRAFTS)
    clerk.wait(lambda: len(listed.page.table.rows()) == 1)
    listed.page.setFocus()
    listed.page.table.view.go_to_row(0)
    clerk.settle()
    keys(clerk, KEY.Key_Return)
    clerk.wait(lambda: clerk.dock.is_in_document() and listed.document.form.value("lines"))
    clerk.settle()
    assert listed.document.form.value("lines")[0]["description"] == "Ronda"


def test_a_whole_run_is_credited_from_its_page(clerk: Screen, world: World, desk: Desk) -> None:
    for name in ("Alfa", "Beta"):
        world.simple(name)
    run = desk.bill()
    clerk.dock.show_page_for("runs", record=run)
    page = clerk.dock.runs.run
    clerk.wait(lambda: page.run is not None and page.credit_button.isVisible())
    clerk.settle()
    page.credit_button.click()
    clerk.settle()
    for letter in "Canone sbagliato":
        clerk.qtbot.keyClick(QApplication.focusWidget(), letter)
    overlay = page.work._reason_overlay
    assert overlay is not None
    [dialog] = overlay.findChildren(CreditRunDialog)
    dialog.confirm_button.click()
    clerk.wait(lambda: page.run is not None and page.run.credits_run_id == run)
    clerk.settle()
    assert (page.run.state, page.run.invoice_count, page.run.net_amount) == ("preview", 2, Decimal("-200.00"))
    assert not page.tiles.isVisible() and not page.refresh_button.isVisible()
    page.confirm()
    clerk.wait(lambda: world.value("select count(*) from billing.invoice where document_type = 'TD04' and state = 'issued'") == 2)
    clerk.settle()
    assert world.value("select sum(open_amount) from ledger.open_item") == 0
    files = clerk.dock.runs.run.result  # their files can be made like those of any run
    assert files is not None and world.value("select count(*) from billing.transmission") == 2
