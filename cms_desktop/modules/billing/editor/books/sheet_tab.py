"""Mastrini: the lines of an account in a period with the balance after each; to Excel."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError
from cms_desktop.core.listing import Totals
from cms_desktop.documents.spreadsheet import write_table
from cms_desktop.modules.ledger import book_queries
from cms_desktop.modules.ledger.book_records import AccountLine, AccountRow, AccountSheet
from cms_desktop.ui.basics import boxed, button, column, label, row, rule
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.fields import DateField, LookupChoice
from cms_desktop.ui.form import form_grid
from cms_desktop.ui.list_export import cells_of, table_columns
from cms_desktop.ui.record_table import Column, Noun, RecordTable
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

from .account_field import AccountField, account_choice, customer_field
from .words import side, side_text

tr = translator("books")


def sheet_columns() -> list[Column]:
    return [
        Column("on_date", tr("Data"), kind="date", width=104, sortable=False),
        Column("entry_id", tr("Reg."), kind="code", width=84, sortable=False),
        Column("description", tr("Descrizione"), width=300, stretch=True, sortable=False),
        Column("customer", tr("Cliente"), width=180, sortable=False, gives_way=1, tone=lambda _line: "second"),
        Column("debit", tr("Dare €"), lambda line: line.debit or None, kind="money", width=120, sortable=False, total=True),
        Column("credit", tr("Avere €"), lambda line: line.credit or None, kind="money", width=120, sortable=False, total=True),
        Column(
            "balance", tr("Saldo €"), lambda line: abs(line.balance), kind="money", width=128, sortable=False, tone=lambda _line: "second"
        ),
        Column("side", "", lambda line: side(line.balance), width=40, sortable=False, tone=lambda _line: "second"),
    ]


class SheetTab(QFrame):
    """Choose an account and a period; the lines follow. A double click (Enter) opens the entry: `entry_wanted`."""

    loaded = Signal()
    entry_wanted = Signal(int)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.sheet: AccountSheet | None = None
        today = local_today()
        self.account, self.customer = AccountField(tr("Conto")), customer_field(workplace, tr("Cliente"), hint=tr("tutti"))
        self.first, self.last = DateField(tr("Dal")), DateField(tr("Al"))
        self.first.set_value(datetime.date(today.year, 1, 1))
        self.last.set_value(today)
        self.excel_button = button(tr("Excel"), "", "download", tip=tr("Salva il mastrino come foglio Excel"))
        self.excel_button.clicked.connect(self.save_excel)
        self.excel_button.setEnabled(False)
        self.message = InlineMessage("info", "")
        self.message.hide()
        self.opening, self.closing = label("", "medium"), label("", "strong")
        self.table = RecordTable(
            sheet_columns(), record_key=lambda one: (one.entry_id, one.line_no), noun=Noun(tr("riga"), tr("righe"), feminine=True), filters=False,
            checkable=False,
        )  # fmt: skip
        self.table.row_opened.connect(lambda one: self.entry_wanted.emit(one.entry_id))
        for field in (self.account, self.customer):
            field.chosen.connect(lambda _choice: self.reload())
            field.left.connect(self._on_left)
        for day in (self.first, self.last):
            day.left.connect(self.reload)
        self._arrange()

    def _arrange(self) -> None:
        fields = form_grid([[(self.account, 4), (self.customer, 3), (self.first, 2), (self.last, 2)]])
        head = column(fields, self.message, spacing=8, margins=(16, 12, 16, 12))
        sums = row(label(tr("Saldo iniziale"), "small", "2"), self.opening, 16, label(tr("Saldo finale"), "small", "2"), self.closing, None, self.excel_button,
                   spacing=8, margins=(16, 8, 16, 8))  # fmt: skip
        layout = column(head, rule(), boxed(sums), rule(), self.table, spacing=0)
        layout.setStretchFactor(self.table, 1)
        self.setLayout(layout)
        self.setFocusProxy(self.account)

    def show_account(self, account: AccountRow, first: datetime.date, last: datetime.date) -> None:
        """What somebody asked for from the trial balance."""
        self.account.set_value(account_choice(account))
        self.customer.set_value(None)
        self.first.set_value(first)
        self.last.set_value(last)
        self.reload()

    def _on_left(self) -> None:
        if self.sheet is not None or self.account.value() is not None:
            self.reload()

    def reload(self) -> None:
        if not self.account.accounts:
            self._workplace.background.run(self, book_queries.list_accounts, then=self._show_chart, key="chart")
            return
        chosen, first, last = self.account.account(), self.first.value(), self.last.value()
        if chosen is None or first is None or last is None:
            self.loaded.emit()
            return
        whose = self.customer.value()
        customer = whose.key if isinstance(whose, LookupChoice) else None
        self._workplace.background.run(
            self,
            lambda unit: book_queries.account_sheet(unit, chosen.account_id, first, last, customer),
            then=self._show,
            failed=self._on_failed,
            key="sheet",
        )

    def _show_chart(self, accounts: list[AccountRow]) -> None:
        self.account.accounts = accounts
        if self.account.value() is None:
            usual = next((one for one in accounts if one.role == "bank"), None)
            if usual is not None:
                self.account.set_value(account_choice(usual))
        self.reload()

    def _show(self, sheet: AccountSheet) -> None:
        self.sheet = sheet
        self.table.set_rows(list(sheet.lines))
        self.table.set_totals(Totals(sheet.line_count, {"debit": sheet.debit, "credit": sheet.credit}))
        self.opening.setText(side_text(sheet.opening))
        self.closing.setText(side_text(sheet.closing))
        self.excel_button.setEnabled(bool(sheet.lines))
        self.message.setVisible(sheet.is_cut)
        if sheet.is_cut:
            self.message.set_message(
                "info", tr("Si vedono le prime {n} righe di {all}: restringi il periodo o scegli un cliente.", n=formats.number(len(sheet.lines)),
                           all=formats.number(sheet.line_count)),
            )  # fmt: skip
        self.loaded.emit()

    def _on_failed(self, error: AppError) -> None:
        self.message.set_message("negative", error_text(error))
        self.message.show()

    def save_excel(self) -> None:
        """All lines of the period, also those that are not shown."""
        chosen, first, last = self.account.account(), self.first.value(), self.last.value()
        if chosen is None or first is None or last is None:
            return
        path = self._workplace.files.save_as(
            tr("Salva il mastrino"), f"mastrino_{chosen.code}_{first:%Y%m%d}-{last:%Y%m%d}.xlsx", "Excel (*.xlsx)"
        )
        if path is None:
            return
        columns = [one for one in sheet_columns() if one.key not in ("balance", "side")] + [Column("balance", tr("Saldo €"), kind="money")]

        def work(unit: object) -> None:
            sheet = book_queries.account_sheet(unit, chosen.account_id, first, last, None, 1_000_000)  # type: ignore[arg-type]
            start = AccountLine(0, 0, first, None, tr("Saldo iniziale"), "", sheet.opening * 0, sheet.opening * 0, sheet.opening)
            write_table(path, table_columns(columns), (cells_of(one, columns) for one in (start, *sheet.lines)), title=chosen.code)

        self._workplace.background.run(
            self, work, then=lambda _none: self._workplace.say("positive", tr("Mastrino salvato"), path.name), failed=self._on_failed
        )

    def lines(self) -> Sequence[AccountLine]:
        return self.sheet.lines if self.sheet is not None else ()
