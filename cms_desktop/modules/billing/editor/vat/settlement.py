"""Liquidazione: the periods of a year, the lines of the periodic communication, what a person types in, confirmation."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError
from cms_desktop.core.money import ZERO
from cms_desktop.modules.billing.vat import actions, papers, queries
from cms_desktop.modules.billing.vat.records import Settlement, SettlementEntries
from cms_desktop.ui.basics import boxed, button, column, label, row, set_tone
from cms_desktop.ui.cards import Card
from cms_desktop.ui.chips import StatusChip
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage, Overlay, ask
from cms_desktop.ui.feedback.reason import ReasonDialog
from cms_desktop.ui.fields import AmountField
from cms_desktop.ui.record_table import Noun, RecordTable
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

from .words import period_text, settlement_columns, vp_lines

tr = translator("vat")
LIST, TYPED = 410, ("purchases_net", "purchases_vat", "year_credit", "tax_credits", "advance_amount")


class SettlementTab(QWidget):
    loaded = Signal()
    opened = Signal(str, object, object)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace, self._may = workplace, workplace.may("ledger.vat")
        self.year = local_today().year
        self.chosen: Settlement | None = None
        self._wanted: datetime.date | None = None
        self.periods = RecordTable(settlement_columns(), record_key=lambda one: one.period_start, noun=Noun(tr("periodo"), tr("periodi")),
                                   filters=False, totals=False)  # fmt: skip
        self.periods.selection_changed.connect(lambda rows: self.show_settlement(rows[0]) if rows else None)
        self.error = InlineMessage("negative", "")
        self.error.hide()
        self.state = StatusChip("", "neutral")
        self.fields = {
            "purchases_net": AmountField(tr("Acquisti, imponibile"), hint="0,00"),
            "purchases_vat": AmountField(tr("Acquisti, IVA detraibile"), hint="0,00"),
            "year_credit": AmountField(tr("Credito anno precedente (VP9)"), lowest=ZERO, hint="0,00"),
            "tax_credits": AmountField(tr("Crediti d'imposta (VP11)"), lowest=ZERO, hint="0,00"),
            "advance_amount": AmountField(tr("Acconto (VP13)"), lowest=ZERO, hint="0,00"),
        }
        for field in self.fields.values():
            field.changed.connect(self._tell_dirty)
        self.save_button = button(tr("Ricalcola e salva"), "", "save", tip=tr("Tiene gli importi e ricalcola la liquidazione"))
        self.confirm_button = button(tr("Conferma la liquidazione"), "primary", "check")
        self.reopen_button = button(tr("Riapri"), "quiet", "rotate-ccw")
        self.save_button.clicked.connect(self.save)
        self.confirm_button.clicked.connect(self.confirm)
        self.reopen_button.clicked.connect(self.reopen)
        self.sheet_button = button(
            tr("LIPE in Excel"), "quiet", "file-spreadsheet", size="small", tip=tr("I moduli del trimestre, uno per periodo")
        )
        self.sheet_button.clicked.connect(self.save_sheet)
        self.lines = QGridLayout()
        self.payment, self.parts = label("", "strong", wrap=True), label("", "small", "2", wrap=True)
        self.advance_note = label("", "small", "3", wrap=True)
        self._cells: list[tuple[Any, Any, Any]] = []
        self._arrange()

    def _arrange(self) -> None:
        left = Card(tr("Periodi"), self.periods)
        left.setFixedWidth(LIST)
        self.lines.setContentsMargins(16, 6, 16, 10)
        self.lines.setVerticalSpacing(7)
        self.lines.setColumnStretch(1, 1)
        for place in range(12):
            cells = (label("", "small", "3", code=True), label("", "body", "2"), label("", "body"))
            self._cells.append(cells)
            self.lines.addWidget(cells[0], place, 0)
            self.lines.addWidget(cells[1], place, 1)
            self.lines.addLayout(row(None, cells[2]), place, 2)
        lines = boxed(column(boxed(self.lines), column(self.payment, self.parts, spacing=4, margins=(16, 0, 16, 14)), None, spacing=4))
        self.lines_card = Card(tr("Comunicazione periodica"), lines, self.sheet_button, self.state)
        explain = label(
            tr("Il programma conosce le autofatture; gli altri acquisti li dà la contabilità fornitori."), "small", "3", wrap=True
        )
        typed = column(explain, *self.fields.values(), self.advance_note, 4, self.save_button, None, spacing=10, margins=(16, 4, 16, 16))
        form = Card(tr("Importi da fuori"), boxed(typed))
        form.setFixedWidth(270)
        body = row(self.lines_card, form, spacing=12)
        body.setStretch(0, 1)
        inner = boxed(column(body, row(None, self.reopen_button, self.confirm_button, spacing=6), spacing=10), canvas="true")
        scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        whole = row(left, scroll, spacing=12)
        whole.setStretch(1, 1)
        layout = column(self.error, whole, spacing=10, margins=(16, 12, 16, 14))
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.setFocusProxy(self.periods)

    # -- what is shown
    def period_text(self) -> str:
        return str(self.year)

    def step(self, by: int) -> None:
        if self.year + by <= local_today().year:
            self.year += by
            self._wanted = self.chosen = None
            self.reload()

    def reload(self) -> None:
        year = self.year
        self._workplace.background.run(
            self, lambda unit: queries.list_settlements(unit, year), then=self._show, failed=self._on_failed, key="settlements"
        )

    def _show(self, found: list[Settlement]) -> None:
        self.error.hide()
        self.periods.set_rows(found)
        wanted = self._wanted or (self.chosen.period_start if self.chosen is not None else None)
        chosen = next((one for one in found if one.period_start == wanted), None) or _first_to_do(found)
        self._wanted = None
        if chosen is not None and not self.is_dirty():
            self.show_settlement(chosen)
            self.periods.select(chosen.period_start)
        self.loaded.emit()

    def show_settlement(self, one: Settlement) -> None:
        self.chosen = one
        self.lines_card.set_title(
            tr("Comunicazione periodica, {period} {year}", period=period_text(one).lower(), year=one.period_start.year)
        )
        self.state.set_state(*((tr("Confermata"), "positive") if one.is_confirmed else (tr("Proposta"), "neutral")))
        for cells, (name, words, amount) in zip(self._cells, vp_lines(one), strict=True):
            for cell, text in zip(cells, (name, words, formats.money(amount)), strict=True):
                cell.setText(text)
            set_tone(cells[2], "" if amount else "3")
        for name, field in self.fields.items():
            field.set_value(getattr(one, name))
            field.set_plain()
            field.setEnabled(self._may and not one.is_confirmed)
        self.payment.setText(_payment_text(one))
        self.parts.setText(_parts_text(one))
        proposal = one.advance_proposal
        self.advance_note.setText(tr("Acconto con il metodo storico: {amount}", amount=formats.money(proposal)) if proposal else "")
        self.advance_note.setVisible(bool(proposal))
        self.save_button.setEnabled(self._may and not one.is_confirmed)
        self.confirm_button.setEnabled(self._may and not one.is_confirmed and one.period_end < local_today())
        self.reopen_button.setVisible(self._may and one.is_confirmed)

    # -- typed amounts
    def entries(self) -> SettlementEntries:
        return SettlementEntries(**{name: self.fields[name].value() or ZERO for name in TYPED})

    def is_dirty(self) -> bool:
        one = self.chosen
        return one is not None and not one.is_confirmed and any(
            (field.value() or Decimal("0.00")) != getattr(one, name) for name, field in self.fields.items()
        )  # fmt: skip

    def _tell_dirty(self) -> None:
        self.confirm_button.setEnabled(
            self._may and not self.is_dirty() and self.chosen is not None and self.chosen.period_end < local_today()
        )

    def save(self) -> None:
        one, entries = self.chosen, self.entries()
        if one is not None and self._may:
            self._do(lambda unit: actions.save_settlement(unit, one.period_start, entries), tr("Importi salvati, liquidazione ricalcolata"))

    def confirm(self) -> None:
        """After a question: figures are frozen and posted."""
        one = self.chosen
        if one is None or not self.confirm_button.isEnabled():
            return
        text = tr("Si registra in prima nota e fino al {day} non si numerano più documenti. {payment}", day=formats.date(one.period_end), payment=_payment_text(one))  # fmt: skip
        if ask(self, tr("Confermare la liquidazione?"), text, tr("Conferma"), "warning"):
            self._do(lambda unit: actions.confirm_settlement(unit, one), tr("Liquidazione confermata"))

    def reopen(self) -> None:
        one = self.chosen
        if one is None or not one.is_confirmed:
            return
        overlay = Overlay(self.window())
        dialog = ReasonDialog(
            tr("Riaprire la liquidazione?"), tr("La registrazione si storna, gli importi tornano una proposta; quello che era confermato resta agli atti."),
            tr("Riapri"), usual=[tr("Acquisti mancanti"), tr("Importo sbagliato")], missing=tr("Scrivi il motivo."),
        )  # fmt: skip
        dialog.left.connect(overlay.close_content)
        dialog.answered.connect(lambda reason: self._on_reason(overlay, one, reason))
        overlay.open_content(dialog)

    def _on_reason(self, overlay: Overlay, one: Settlement, reason: str) -> None:
        overlay.close_content()
        self._do(lambda unit: actions.reopen_settlement(unit, one.period_start, reason), tr("Liquidazione riaperta"))

    def save_sheet(self) -> None:
        """The communication of the chosen quarter: a column for each of its periods."""
        one = self.chosen
        if one is None:
            return
        quarter = (one.period_start.month + 2) // 3
        path = self._workplace.files.save_as(tr("Salva la comunicazione"), f"lipe-{one.period_start.year}-{quarter}.xlsx", "Excel (*.xlsx)")
        if path is not None:
            periods = [period for period in self.periods.rows() if (period.period_start.month + 2) // 3 == quarter]
            lines = [
                (name, words, *(vp_lines(period)[place][2] for period in periods)) for place, (name, words, _) in enumerate(vp_lines(one))
            ]
            self._workplace.background.run(
                self, lambda _unit: papers.export_lines(path, [period_text(period) for period in periods], lines),
                then=lambda _rows: self._workplace.say(
                    "positive", tr("Comunicazione salvata"), path.name, tr("Apri"), lambda: self._workplace.files.show(path)
                ),
                failed=self._on_failed, key="paper",
            )  # fmt: skip

    def _do(self, work: Any, said: str) -> None:
        self._workplace.background.run(self, work, then=lambda _made: self._on_done(said), failed=self._on_failed, key="do")

    def _on_done(self, said: str) -> None:
        self._wanted = self.chosen.period_start if self.chosen is not None else None
        self.chosen = None
        self._workplace.say("positive", said)
        self.reload()

    def _on_failed(self, error: AppError) -> None:
        self.error.set_message("negative", error_text(error))


def _first_to_do(found: list[Settlement]) -> Settlement | None:
    """The first period after those confirmed that is over; where nothing was ever confirmed the last one that is over."""
    waiting = [one for one in found if not one.is_confirmed and one.period_end < local_today()]
    if any(one.is_confirmed for one in found):
        return next(iter(waiting), found[-1])
    return next(reversed(waiting), found[-1] if found else None)


def _payment_text(one: Settlement) -> str:
    amount = formats.money(abs(one.result_amount))
    if one.result_amount < 0:
        return tr("A credito {amount}: passa al periodo dopo.", amount=amount)
    if one.result_amount == 0:
        return tr("Niente da versare.")
    if one.is_carried:
        return tr("{amount} non supera il minimo: si versa con il periodo dopo.", amount=amount)
    day = formats.date(one.payable_on or one.due_on)
    return tr("Da versare {amount} entro il {day}, F24 codice tributo {code}.", amount=amount, day=day, code=one.tribute_code)


def _parts_text(one: Settlement) -> str:
    """What VP4 is made of, and what stays apart."""
    parts = [tr("VP4: vendite {amount}", amount=formats.money(one.parts["sales_vat"]))]
    for key, words in (("collected_vat", tr("differita incassata")), ("reverse_vat", tr("autofatture"))):
        if one.parts[key]:
            parts.append(f"{words} {formats.money(one.parts[key])}")
    apart = [
        f"{words} {formats.money(one.parts[key])}"
        for key, words in (("split_vat", tr("in scissione")), ("suspended_vat", tr("sospesa")))
        if one.parts[key]
    ]
    return ", ".join(parts) + (f". {tr('Non dovuta:')} {', '.join(apart)}" if apart else "") + "."
