"""Above the lines of a credit note: everything that is left, some lines, or an amount."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from cms_desktop.core import formats
from cms_desktop.core.money import ZERO, round_cents, split_amount
from cms_desktop.modules.billing.manual.records import CreditableInvoice, CreditableLine, DraftLine
from cms_desktop.ui.basics import column, label, row
from cms_desktop.ui.fields import AmountField, ChoiceField
from cms_desktop.ui.translation import translator

tr = translator("billing")
WHOLE, LINES, AMOUNT = "whole", "lines", "amount"


def whole_lines(invoice: CreditableInvoice) -> tuple[DraftLine, ...]:
    """Lines that take back everything that is left of an invoice."""
    return tuple(_line(invoice, one, one.left_amount, one.quantity) for one in invoice.lines)


def amount_lines(invoice: CreditableInvoice, net: Decimal) -> tuple[DraftLine, ...]:
    """Lines that take back a net amount, shared among the VAT codes in proportion to what is left of each; none when more than that."""
    left: dict[int, Decimal] = {}
    for one in invoice.lines:
        left[one.vat_code_id] = left.get(one.vat_code_id, ZERO) + one.left_amount
    total = sum(left.values(), ZERO)
    if net <= 0 or net > total:
        return ()
    codes = [code for code, amount in left.items() if amount > 0]
    parts = split_amount(net, [left[code] * 100 / total for code in codes])
    words = tr("Storno parziale della fattura {number}", number=invoice.number)
    return tuple(
        DraftLine(words, Decimal(1), part, code, credited_invoice_id=invoice.invoice_id)
        for code, part in zip(codes, parts, strict=True) if part > 0
    )  # fmt: skip


def _line(invoice: CreditableInvoice, one: CreditableLine, amount: Decimal, quantity: Decimal) -> DraftLine:
    words = one.description or tr("Storno del residuo della fattura {number}", number=invoice.number)
    price = (amount / quantity).quantize(Decimal("0.00000001"))
    return DraftLine(
        words, quantity, price.normalize() if round_cents(price) != price else round_cents(price), one.vat_code_id, one.unit,
        period_start=one.period_start, period_end=one.period_end, line_kind=one.line_kind, credited_invoice_id=one.invoice_id,
        credited_line_no=one.line_no,
    )  # fmt: skip


class CreditBar(QFrame):
    """`lines_wanted` carries the lines a choice makes; "lines" leaves them to the grid, where any may be changed or taken out."""

    lines_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._invoice: CreditableInvoice | None = None
        self.words = label("", "small", "2", wrap=True)
        self.mode = ChoiceField(
            tr("Che cosa accreditare"), [(WHOLE, tr("Tutto ciò che resta")), (LINES, tr("Alcune righe")), (AMOUNT, tr("Un importo"))],
            required=True,
        )  # fmt: skip
        self.amount = AmountField(tr("Imponibile da accreditare €"), lowest=ZERO)
        fields = row(self.mode, self.amount, None, spacing=12)
        self.setLayout(column(self.words, fields, spacing=8, margins=(16, 10, 16, 10)))
        self.mode.setMinimumWidth(260)
        self.mode.changed.connect(self._on_mode)
        self.amount.changed.connect(self._on_amount)
        self.amount.hide()

    def show_invoice(self, invoice: CreditableInvoice | None) -> None:
        self._invoice = invoice
        self.setVisible(invoice is not None)
        if invoice is None:
            return
        left = sum((one.left_amount for one in invoice.lines), ZERO)
        self.words.setText(
            tr(
                "Nota di credito sulla fattura {number} del {day}: restano da accreditare {left} di imponibile, aperti {open}.",
                number=invoice.number, day=formats.date(invoice.document_on), left=formats.money(left), open=formats.money(invoice.open_amount),
            )
        )  # fmt: skip
        self.mode.set_value(WHOLE)
        self.amount.set_value(None)
        self.amount.hide()

    def _on_mode(self) -> None:
        mode = self.mode.value()
        self.amount.setVisible(mode == AMOUNT)
        if self._invoice is not None and mode in (WHOLE, LINES):
            self.lines_wanted.emit(whole_lines(self._invoice))
        elif mode == AMOUNT:
            self._on_amount()

    def _on_amount(self) -> None:
        if self._invoice is None or self.amount.value() is None:
            return
        lines = amount_lines(self._invoice, self.amount.value())
        if lines:
            self.amount.set_plain()
            self.lines_wanted.emit(lines)
        else:
            self.amount.set_error(tr("Scrivi un importo maggiore di zero e non oltre quanto resta."))
