"""What a document by hand comes to, as the server computes it while one types; and what stands in the way of issuing it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError
from cms_desktop.modules.billing.columns.words import reason_text
from cms_desktop.modules.billing.fatturapa.records import InvoiceDocument, SdiProblem
from cms_desktop.modules.billing.manual.records import DraftFigures
from cms_desktop.ui.basics import IconLabel, boxed, button, column, label, row, rule
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.translation import translator

tr = translator("billing")
RIGHT = Qt.AlignmentFlag.AlignRight
WIDTH = 308


class DocumentTotals(QFrame):
    """VAT by rate, totals, withholding, what is to be paid; problems in words; the buttons that go on from here."""

    issue_wanted = Signal()
    preview_wanted = Signal()
    pro_forma_wanted = Signal()
    discard_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.setFixedWidth(WIDTH)
        self.payable, self.payable_title = label("", "title", align=RIGHT), label(tr("Da pagare"), "strong")
        self.hint = label("", "small", "3", wrap=True)
        self._rows, self._problems = QVBoxLayout(), QVBoxLayout()
        for box in (self._rows, self._problems):
            box.setSpacing(6)
            box.setContentsMargins(0, 0, 0, 0)
        self.issue_button = button(tr("Emetti"), "primary", "file-check", size="large", tip=tr("Numera e registra (Ctrl+↵)"))
        self.preview_button = button(tr("Anteprima PDF"), "", "printer", tip=tr("Apri la bozza in PDF (F9)"))
        self.pro_forma_button = button(tr("Pro-forma"), "", "file-text", tip=tr("Dai un numero di pro-forma, fuori dai registri"))
        self.discard_button = button(tr("Scarta bozza"), "quiet", "trash-2")
        self.issue_button.clicked.connect(self.issue_wanted)
        self.preview_button.clicked.connect(self.preview_wanted)
        self.pro_forma_button.clicked.connect(self.pro_forma_wanted)
        self.discard_button.clicked.connect(self.discard_wanted)
        self._arrange()
        self.clear()

    def _arrange(self) -> None:
        inner = QWidget()
        inner.setProperty("scroll", "true")
        inner.setLayout(column(self._rows, self.hint, self._problems, None, spacing=12, margins=(16, 12, 16, 12)))
        scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = boxed(column(label(tr("Totali"), "heading"), spacing=0, margins=(16, 12, 16, 0)))
        pay = boxed(row(self.payable_title, None, self.payable, margins=(16, 10, 16, 10)))
        foot = column(
            row(self.preview_button, self.pro_forma_button, spacing=6), self.issue_button, row(None, self.discard_button, None),
            spacing=8, margins=(16, 10, 16, 12),
        )  # fmt: skip
        layout = column(head, scroll, rule(), pay, rule(), boxed(foot), spacing=0, margins=(1, 1, 1, 1))
        layout.setStretchFactor(scroll, 1)
        self.setLayout(layout)

    def set_rights(self, *, may_prepare: bool, may_issue: bool) -> None:
        for one in (self.preview_button, self.pro_forma_button, self.discard_button):
            one.setEnabled(may_prepare)
        self.issue_button.setEnabled(may_issue)

    # -- what is shown
    def clear(self) -> None:
        _empty(self._rows)
        _empty(self._problems)
        self.payable.setText("–")
        self.hint.setText(tr("Scegli il cliente e scrivi la prima riga: i totali si calcolano da soli."))
        self.hint.show()

    def show_figures(self, figures: DraftFigures) -> None:
        self.hint.hide()
        self._show_document(figures.document)
        _empty(self._problems)
        if figures.obstacle:
            self._problem(reason_text(figures.obstacle), "")
        for one in figures.problems:
            self._problem(*_said(one))

    def show_error(self, error: AppError) -> None:
        """What the server could not compute, and why."""
        _empty(self._problems)
        self.hint.hide()
        self._problem(error_text(error), "")

    def _show_document(self, document: InvoiceDocument) -> None:
        _empty(self._rows)
        for one in document.summary:
            nature = f" {one.nature}" if one.nature else ""
            self._line(
                tr("{rate}%{nature} su {net}", rate=formats.number(one.vat_rate), nature=nature, net=formats.amount(one.net)), one.vat
            )
        self._rows.addWidget(rule())
        self._line(tr("Imponibile"), document.net)
        self._line(tr("IVA"), document.vat)
        if document.rounding:
            self._line(tr("Arrotondamento"), document.rounding)
        self._line(tr("Totale documento"), document.total, strong=True)
        if document.split_vat:
            self._line(tr("IVA in scissione dei pagamenti"), -document.split_vat)
        for held in document.withholdings:
            self._line(tr("Ritenuta {kind} {rate}%", kind=held.kind, rate=formats.number(held.rate)), -held.amount)
        if document.stamp_duty:
            self._line(tr("Bollo virtuale (a carico nostro o in riga)"), document.stamp_duty, tone="3")
        self.payable_title.setText(tr("A credito del cliente") if document.document_type == "TD04" else tr("Da pagare"))
        self.payable.setText(formats.money(document.payable))

    def _line(self, text: str, amount: Any, *, strong: bool = False, tone: str = "2") -> None:
        style = "strong" if strong else "body"
        self._rows.addWidget(
            boxed(row(label(text, style, "" if strong else tone, wrap=True), None, label(formats.amount(amount), style, align=RIGHT)))
        )

    def _problem(self, text: str, code: str) -> None:
        words = label(f"{text} ({code})" if code else text, "small", "2", wrap=True)
        mark = IconLabel("triangle-alert", 14, "warning_fill", 2)
        line = row(column(mark, None, margins=(0, 1, 0, 0)), words, spacing=6)
        line.setStretchFactor(words, 1)
        self._problems.addWidget(boxed(line))

    def problem_count(self) -> int:
        return self._problems.count()


def _said(problem: SdiProblem) -> tuple[str, str]:
    return translator("errors")(problem.text, **problem.values), problem.code


def _empty(box: QVBoxLayout) -> None:
    while box.count():
        item = box.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
