"""The pages of the books, by keys, over a real house."""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Iterator
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cms_desktop.modules.billing.editor.books.entries_page import ReversalQuestion
from cms_desktop.ui import theme
from cms_desktop.ui.tokens import LIGHT
from tests.access.arranged_books import account, post
from tests.house import House
from tests.modules.billing.conftest import Desk
from tests.modules.billing.screen import Screen
from tests.modules.billing.world import World

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
D, Day = Decimal, datetime.date


@pytest.fixture
def books(qtbot: QtBot, house: House, world: World, desk: Desk, tmp_path: pathlib.Path, qapp: QApplication) -> Iterator[Screen]:
    """Carlo before the books: an invoice of Alfa in May 2024, a payment of fees in January 2025."""
    world.simple("Alfa S.r.l.", "100.00")
    desk.bill()
    with house.person("carlo.conti") as carlo:
        post(carlo, "2025-01-10", "66.01", "18.01", "12.50", "Spese di conto")
    world.owner.execute(
        "insert into base.permission (company_id, person_id, function) select 1, person_id, 'ledger.reopen' from base.person where login = 'carlo.conti'"
    )
    theme.apply(qapp, LIGHT)
    session = house.log_in("carlo.conti")
    made = Screen(qtbot, session, tmp_path)
    yield made
    made.close()
    session.close()
    assert made.errors == []


def type_account(books: Screen, qtbot: QtBot, text: str) -> None:
    form = books.dock.entries.form
    books.wait(form.account.line.hasFocus)
    qtbot.keyClicks(form.account.line, text)
    books.wait(form.account.popup.isVisible)
    qtbot.keyClick(form.account.popup, KEY.Key_Return)


def test_an_entry_is_written_by_keys_alone(books: Screen, qtbot: QtBot, world: World) -> None:
    books.open("entries")
    books.dock.head.tabs.setFocus()
    books.press(KEY.Key_F2)
    books.wait(books.dock.is_in_entry)
    form = books.dock.entries.form
    books.wait(lambda: form.account.accounts and form.words.line.hasFocus())
    qtbot.keyClicks(form.words.line, "Giroconto stipendi")
    form.account.setFocus()
    type_account(books, qtbot, "retribuzioni guardie")
    form.debit.setFocus()
    qtbot.keyClicks(form.debit.line, "1200,50")
    form.text.setFocus()
    qtbot.keyClicks(form.text.line, "marzo")
    books.press(KEY.Key_Return)
    assert [line.account.code for line in form.lines] == ["64.01"] and "1.200,50" in form.rest.text()
    assert not form.save_button.isEnabled()
    type_account(books, qtbot, "1801")
    assert form.credit.value() == D("1200.50"), "the short side is proposed"
    form.text.setFocus()
    books.press(KEY.Key_Return)
    assert form.rest.text() == "Quadra"
    books.window.activateWindow()  # the list that closed takes the focus with it where there is no screen
    books.wait(form.account.line.hasFocus)
    books.press(KEY.Key_Return, CTRL)
    books.wait(lambda: books.said)
    rows = world.owner.execute(
        "select a.code, l.debit_amount, l.credit_amount, l.description from ledger.journal_line as l join ledger.account as a using (company_id, "
        "account_id) join ledger.journal_entry as e using (company_id, journal_entry_id) where e.description = 'Giroconto stipendi' order by line_no"
    ).fetchall()
    assert rows == [("64.01", D("1200.50"), D("0.00"), "marzo"), ("18.01", D("0.00"), D("1200.50"), "")]
    assert form.lines == [] and form.words.line.hasFocus()
    books.press(KEY.Key_Escape)
    books.wait(lambda: not books.dock.is_in_entry())


def test_a_line_says_what_it_lacks_and_comes_back_to_be_changed(books: Screen, qtbot: QtBot) -> None:
    books.open("entries")
    books.dock.new_entry()
    form = books.dock.entries.form
    books.wait(lambda: form.account.accounts)
    form.add_line()
    assert "conto" in form.account.message()
    form.account.set_value(None)
    form.account.line.setText("14.01")
    form.debit.set_value(D(10))
    form.add_line()
    assert form.customer.isEnabled() and "cliente" in form.customer.message()
    form.account.line.setText("18.05")
    form.account._on_edited("18.05")
    form.add_line()
    [line] = form.lines
    assert line.account.code == "18.05"
    form.take_line(line)
    assert form.lines == [] and form.debit.value() == 10
    form.words.set_value("")
    form.account.set_value(None)
    form.debit.set_value(None)
    form.close()


def test_a_wrong_entry_is_reversed_from_its_detail_and_the_two_are_linked(books: Screen, qtbot: QtBot, world: World) -> None:
    books.open("entries")
    entry = next(one for one in books.dock.entries.page.table.rows() if one.source == "manual")
    books.dock.entries.page.select(entry.entry_id)
    detail = books.dock.entries.detail
    books.wait(lambda: detail.reverse_button.isVisible())
    detail.ask_reversal()
    asked = books.window.findChild(ReversalQuestion)
    qtbot.keyClicks(asked.reason.editor, "doppia")
    qtbot.keyClick(asked.reason.editor, KEY.Key_Return)
    books.wait(lambda: books.said)
    books.settle()
    assert world.value("select reverses_id from ledger.journal_entry where source = 'reversal'") == entry.entry_id
    books.wait(lambda: detail.row is not None and detail.row.source == "reversal" and detail.link_button.isVisible())
    assert detail.link_button.text() == f"Storna la {entry.entry_id}" and detail.reason.text() == "doppia"


def test_an_account_is_added_below_the_one_in_view_and_found_by_search(books: Screen, qtbot: QtBot, world: World) -> None:
    books.open("books", tab="accounts")
    books.wait(lambda: books.dock.books.tab("accounts") is not None and books.dock.books.tab("accounts").table.rows())
    chart = books.dock.books.tab("accounts")
    qtbot.keyClicks(chart.search, "ronda")
    assert [one["code"] for one in chart.table.rows()] == ["58.03"]
    chart.table.select(chart.table.rows()[0].record_id)
    books.wait(lambda: chart.record is not None and chart.record["code"] == "58.03")
    books.dock.start_new()
    code = chart.form.fields["code"]
    assert code.value() == "58."
    code.set_value("58.08")
    chart.form.fields["name"].set_value("Ricavi per scorte")
    chart.save()
    books.wait(lambda: world.value("select kind from ledger.account where company_id = 1 and code = '58.08'") == "income")
    books.settle()
    assert (
        world.value("select p.code from ledger.account as a join ledger.account as p on p.account_id = a.parent_id where a.code = '58.08'")
        == "58"
    )


def test_a_rule_is_tried_before_an_invoice_meets_it(books: Screen, world: World) -> None:
    books.open("books", tab="rules")
    books.wait(lambda: books.dock.books.tab("rules") is not None)
    rules = books.dock.books.tab("rules")
    assert "58.01" in rules.answer.text()
    rules.start_new()
    rules.form.fields["customer_kind"].set_value("public_body")
    rules.form.fields["account_id"].set_value(account(world.owner, "58.02"))
    rules.save()
    books.wait(lambda: rules.table.rows())
    books.settle()
    rules.questions["customer_kind"].set_value("public_body")
    rules.questions["customer_kind"].changed.emit()
    assert "58.02" in rules.answer.text()
    rules.questions["customer_kind"].set_value("company")
    rules.questions["customer_kind"].changed.emit()
    assert "58.01" in rules.answer.text()


def test_from_the_balance_to_the_sheet_to_the_entry_and_to_excel(books: Screen, qtbot: QtBot, tmp_path: pathlib.Path) -> None:
    books.open("books", tab="balance")
    balance = books.dock.books.tab("balance")
    balance.first.set_value(Day(2024, 1, 1))
    balance.last.set_value(Day(2024, 12, 31))
    balance.reload()
    books.wait(lambda: any(row.code == "58.01" and row.credit == 100 for row in balance.rows))
    assert balance.check.text() == "Dare e avere pareggiano." and "100,00" in balance.result.text()
    balance.save_excel()
    books.wait(lambda: books.said)
    sheet = load_workbook(tmp_path / "bilancio_20240101-20241231.xlsx").worksheets[0]
    cells = {str(row[0]): row for row in sheet.iter_rows(values_only=True)}
    assert cells["14.01"][6] == 122 and cells["58"][5] == 100
    balance.table.select("58.01")
    balance.table.row_opened.emit(next(row for row in balance.rows if row.code == "58.01"))
    books.wait(lambda: books.dock.books.tabs.active() == "sheet" and books.dock.books.tab("sheet").lines())
    lines = books.dock.books.tab("sheet").lines()
    assert [(line.credit, line.balance) for line in lines] == [(D(100), D(-100))]
    books.dock.books.tab("sheet").save_excel()
    books.wait(lambda: len(books.said) == 2)
    assert (tmp_path / "mastrino_58.01_20240101-20241231.xlsx").exists()
    books.dock.books.tab("sheet").table.row_opened.emit(lines[0])
    books.wait(lambda: books.dock.current_page() == "entries")
    books.settle()
    assert [row.entry_id for row in books.dock.entries.page.table.rows()] == [lines[0].entry_id]


def test_a_period_is_closed_numbered_printed_and_opened_again_with_a_reason(
    books: Screen, world: World, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cms_desktop.modules.billing.editor.books.closing_tab.ask", lambda *_words: True)
    books.open("books", tab="closing")
    closing = books.dock.books.tab("closing")
    closing.until.set_value(Day(2025, 1, 31))
    closing.lock()
    books.wait(lambda: closing.found is not None and closing.found.state.closed_until == Day(2025, 1, 31))
    closing.number_until.set_value(Day(2024, 12, 31))
    closing.number()
    books.wait(lambda: closing.prints.rows())
    closing.prints.select(closing.prints.rows()[0].print_id)
    closing.save_pdf()
    books.wait(lambda: books.files.shown)
    assert (tmp_path / "libro_giornale_2024_1-1.pdf").read_bytes().startswith(b"%PDF")
    closing.until.set_value(Day(2024, 12, 31))
    closing.open_again()
    assert closing.reason.message()
    closing.reason.set_value("fattura dimenticata")
    closing.open_again()
    books.wait(lambda: closing.found.state.closed_until == Day(2024, 12, 31))
    assert [one.reason for one in closing.locks.rows()] == ["fattura dimenticata", ""]


def test_entries_are_exported_once_and_the_old_file_can_be_had_again(books: Screen, tmp_path: pathlib.Path) -> None:
    books.open("books", tab="exports")
    exports = books.dock.books.tab("exports")
    exports.first.set_value(Day(2024, 1, 1))
    exports.last.set_value(Day(2025, 12, 31))
    exports.export()
    books.wait(lambda: exports.table.rows() and books.said)
    [made] = exports.table.rows()
    path = tmp_path / made.file_name
    content = path.read_bytes()
    path.unlink()
    exports.export()
    books.wait(exports.error.isVisible)
    exports.table.select(made.export_id)
    exports.save_again()
    books.wait(path.exists)
    books.settle()
    assert path.read_bytes() == content


def test_what_waits_is_posted_with_one_button(books: Screen, desk: Desk, world: World) -> None:
    books.open("books", tab="unposted")
    assert books.dock.books.tab("unposted").stack.currentIndex() == 0
    world.owner.execute("insert into base.parameter (company_id, key, value) values (1, 'posting_mode', '\"reviewed\"')")
    desk.bill(Day(2024, 6, 1))
    unposted = books.dock.books.tab("unposted")
    unposted.reload()
    books.wait(lambda: unposted.table.rows())
    unposted.post()
    books.wait(lambda: books.said and unposted.stack.currentIndex() == 0)
    assert world.value("select count(*) from ledger.journal_entry where source = 'invoice'") == 2
