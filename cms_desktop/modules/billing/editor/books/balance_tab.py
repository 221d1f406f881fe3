"""Bilancio di verifica: every account before, in and at the end of a period; groups with their sums; to Excel."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError
from cms_desktop.core.listing import Totals
from cms_desktop.documents.spreadsheet import TableColumn, write_table
from cms_desktop.modules.ledger import book_queries, book_rules
from cms_desktop.modules.ledger.book_records import BalanceRow
from cms_desktop.ui.basics import boxed, button, column, label, row, rule
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.fields import ChoiceField, DateField
from cms_desktop.ui.form import form_grid
from cms_desktop.ui.record_table import Column, Noun, RecordTable
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

from .words import indented, kinds, side

tr = translator("books")
SHEETS = ("asset", "liability", "equity", "memo")


def balance_columns() -> list[Column]:
    names = dict(kinds())

    def tone(one: BalanceRow) -> str:
        return "accent" if one.level == 0 else ""

    return [
        Column("code", tr("Conto"), kind="code", width=92, sortable=False),
        Column("name", tr("Nome"), lambda one: indented(one.name, one.level), width=260, stretch=True, sortable=False, tone=tone),
        Column("kind", tr("Tipo"), lambda one: names.get(one.kind, one.kind), width=140, sortable=False, gives_way=1),
        Column("opening", tr("Saldo iniziale €"), lambda one: abs(one.opening) or None, kind="money", width=134, sortable=False, tone=tone),
        Column("opening_side", "", lambda one: side(one.opening), width=36, sortable=False, tone=tone),
        Column("debit", tr("Dare €"), lambda one: one.debit or None, kind="money", width=128, sortable=False, total=True, tone=tone),
        Column("credit", tr("Avere €"), lambda one: one.credit or None, kind="money", width=128, sortable=False, total=True, tone=tone),
        Column("closing", tr("Saldo finale €"), lambda one: abs(one.closing), kind="money", width=134, sortable=False, tone=tone),
        Column("closing_side", "", lambda one: side(one.closing), width=46, sortable=False, tone=tone),
    ]


class BalanceTab(QFrame):
    """The period, how deep, and the table. Enter on a row opens its sheet: `sheet_wanted(account, first, last)`."""

    loaded = Signal()
    sheet_wanted = Signal(int, object, object)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.rows: Sequence[BalanceRow] = ()
        today = local_today()
        self.first, self.last = DateField(tr("Dal")), DateField(tr("Al"))
        self.first.set_value(datetime.date(today.year, 1, 1))
        self.last.set_value(today)
        self.detail = ChoiceField(tr("Dettaglio"), [(0, tr("Mastri")), (1, tr("Conti")), (9, tr("Sottoconti"))])
        self.detail.set_value(9)
        self.detail.changed.connect(self._show_rows)
        for field in (self.first, self.last):
            field.left.connect(self.reload)
        self.result, self.check = label("", "strong"), label("", "small", "2")
        self.excel_button = button(tr("Excel"), "", "download", tip=tr("Salva il bilancio come foglio Excel"))
        self.excel_button.clicked.connect(self.save_excel)
        self.message = InlineMessage("negative", "")
        self.message.hide()
        self.table = RecordTable(
            balance_columns(), record_key=lambda one: one.code, noun=Noun(tr("conto"), tr("conti")), filters=False, checkable=False
        )
        self.table.row_opened.connect(self._on_opened)
        fields = form_grid([[(self.first, 2), (self.last, 2), (self.detail, 2)]])
        sums = row(
            label(tr("Risultato del periodo"), "small", "2"), self.result, 16, self.check, None, self.excel_button, margins=(16, 8, 16, 8)
        )
        head = column(fields, self.message, spacing=8, margins=(16, 12, 16, 12))
        layout = column(head, rule(), boxed(sums), rule(), self.table, spacing=0)
        layout.setStretchFactor(self.table, 1)
        self.setLayout(layout)
        self.setFocusProxy(self.table)

    def reload(self) -> None:
        first, last = self.first.value(), self.last.value()
        if first is None or last is None:
            return
        if last < first:
            self.last.set_error(tr("La fine deve seguire l'inizio."))
            return
        self._workplace.background.run(
            self, lambda unit: book_queries.trial_balance(unit, first, last), then=self._show, failed=self._on_failed, key="balance"
        )

    def _show(self, rows: list[BalanceRow]) -> None:
        self.rows = rows
        self.message.hide()
        earned = -sum((one.debit - one.credit for one in rows if one.level == 0 and one.kind in ("income", "expense")), Decimal(0))
        self.result.setText(
            tr("utile {amount}", amount=formats.money(earned)) if earned >= 0 else tr("perdita {amount}", amount=formats.money(-earned))
        )
        opening, debit, credit = book_rules.totals(rows)
        is_even = opening == 0 and debit == credit
        self.check.setText(
            tr("Dare e avere pareggiano.")
            if is_even
            else tr("I libri non quadrano per {amount}.", amount=formats.money(opening + debit - credit))
        )
        self._show_rows()
        self.loaded.emit()

    def _show_rows(self) -> None:
        depth = self.detail.value()
        self.table.set_rows([one for one in self.rows if one.level <= (9 if depth is None else depth)])
        _opening, debit, credit = book_rules.totals(self.rows)
        self.table.set_totals(Totals(len(self.table.rows()), {"debit": debit, "credit": credit}))

    def _on_failed(self, error: AppError) -> None:
        self.message.set_message("negative", error_text(error))
        self.message.show()

    def _on_opened(self, one: BalanceRow) -> None:
        if one.account_id is not None:
            self.sheet_wanted.emit(one.account_id, self.first.value(), self.last.value())

    def save_excel(self) -> None:
        first, last, rows = self.first.value(), self.last.value(), list(self.table.rows())
        if first is None or last is None:
            return
        path = self._workplace.files.save_as(tr("Salva il bilancio"), f"bilancio_{first:%Y%m%d}-{last:%Y%m%d}.xlsx", "Excel (*.xlsx)")
        if path is None:
            return
        names = dict(kinds())
        columns = [TableColumn(tr("Conto")), TableColumn(tr("Nome")), TableColumn(tr("Tipo"))]
        columns += [TableColumn(title, "amount") for title in (tr("Saldo iniziale"), tr("Dare"), tr("Avere"), tr("Saldo finale"))]
        cells = [[one.code, one.name, names.get(one.kind, ""), one.opening, one.debit, one.credit, one.closing] for one in rows]
        opening, debit, credit = book_rules.totals(self.rows)
        cells.append(["", tr("Totale"), "", opening, debit, credit, opening + debit - credit])
        self._workplace.background.run(
            self,
            lambda _unit: write_table(path, columns, cells, title=tr("Bilancio di verifica")),
            then=lambda _count: self._workplace.say("positive", tr("Bilancio salvato"), path.name),
            failed=self._on_failed,
        )
