"""What stands beside a list: an invoice as a document, a journal entry with its lines."""

from __future__ import annotations

import pathlib
import tempfile
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from cms_desktop.core import formats
from cms_desktop.modules.billing import actions, queries
from cms_desktop.modules.billing.columns import entry_line_columns
from cms_desktop.modules.billing.columns.words import document_types, file_states, methods
from cms_desktop.modules.billing.fatturapa.records import InvoiceDocument
from cms_desktop.modules.billing.records import InvoiceRow
from cms_desktop.modules.ledger import queries as ledger
from cms_desktop.modules.ledger.records import EntryLine, EntryRow
from cms_desktop.modules.registry.attachments.tabs import DocumentsTabs
from cms_desktop.ui.basics import ElidedLabel, Item, boxed, button, column, label, row, rule
from cms_desktop.ui.chips import StatusChip
from cms_desktop.ui.feedback import EmptyState
from cms_desktop.ui.record_table import RecordTable
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("billing")
RIGHT = Qt.AlignmentFlag.AlignRight
WIDTH = 440


class InvoiceDetail(QFrame):
    """The chosen invoice: customer, lines, VAT, due dates, file; its PDF and XML."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.setFixedWidth(WIDTH)
        self._workplace = workplace
        self.row: InvoiceRow | None = None
        self.document: InvoiceDocument | None = None
        self.number, self.customer, self.facts = label("", "title"), ElidedLabel("", "strong"), label("", "small", "2", wrap=True)
        self.file_chip = StatusChip("", "neutral")
        self.file_name = ElidedLabel("", "small", "3")
        self.pdf_button = button(tr("Apri il PDF"), "", "printer", tip=tr("Apri la copia di cortesia (F9)"))
        self.xml_button = button(tr("Salva XML"), "quiet", "file-code")
        self.pdf_button.clicked.connect(self.open_pdf)
        self.xml_button.clicked.connect(self.save_xml)
        self._body = QVBoxLayout()
        self._body.setContentsMargins(16, 12, 16, 16)
        self._body.setSpacing(10)
        inner = QWidget()
        inner.setLayout(self._body)
        inner.setProperty("scroll", "true")
        scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        head = column(
            row(self.number, None, self.file_chip), self.customer, self.facts, self.file_name,
            row(self.pdf_button, self.xml_button, None, spacing=6), spacing=6, margins=(16, 12, 16, 12),
        )  # fmt: skip
        self.parts = DocumentsTabs(workplace, "billing.invoice", tr("Fattura"), scroll)
        shown = QWidget()
        layout = column(head, rule(), self.parts, spacing=0, margins=(1, 1, 1, 1))
        layout.setStretchFactor(self.parts, 1)
        shown.setLayout(layout)
        self.stack = QStackedWidget()
        self.stack.addWidget(EmptyState("receipt-euro", tr("Nessuna fattura scelta"), tr("Scegli una riga per vedere il documento.")))
        self.stack.addWidget(shown)
        self.setLayout(column(self.stack))

    def show_row(self, chosen: InvoiceRow | None) -> None:
        self.row = chosen
        if chosen is None:
            self.stack.setCurrentIndex(0)
            return
        self.parts.show_record(chosen.invoice_id)
        self.number.setText(chosen.number or tr("Bozza"))
        self.customer.setText(chosen.customer)
        words, tone = file_states()[chosen.file_state]
        self.file_chip.set_state(words, tone)
        self.file_name.setText(chosen.file_name)
        self.file_name.setVisible(bool(chosen.file_name))
        self.xml_button.setVisible(bool(chosen.file_name))
        work = lambda unit: queries.invoice_documents(unit, [chosen.invoice_id], drafts=True)
        self._workplace.background.run(self, work, then=self._show_document, key="document")

    def _show_document(self, found: list[InvoiceDocument]) -> None:
        self.document = found[0] if found else None
        while self._body.count():
            item = self._body.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        if self.document is not None:
            self._fill(self.document)
        self._body.addStretch(1)
        self.stack.setCurrentIndex(1)

    def _fill(self, document: InvoiceDocument) -> None:
        buyer, kind = document.buyer, document_types().get(document.document_type, document.document_type)
        tax = tr("P. IVA {code}", code=buyer.vat_number) if buyer.vat_number else tr("C.F. {code}", code=buyer.tax_code)
        self.facts.setText(
            tr(
                "{kind} del {day} · {tax} · codice {code}",
                kind=kind,
                day=formats.date(document.issued_on),
                tax=tax,
                code=buyer.recipient_code,
            )
        )
        lines = [(line.description, self._period(line.period_from, line.period_to), formats.amount(line.total)) for line in document.lines]
        self._section(tr("Righe"), [(f"{text}\n{detail}" if detail else text, amount) for text, detail, amount in lines])
        vat = [
            (
                f"{formats.number(one.vat_rate)}%{' ' + one.nature if one.nature else ''} {tr('su')} {formats.amount(one.net)}",
                formats.amount(one.vat),
            )
            for one in document.summary
        ]
        self._section(tr("IVA"), vat)
        totals = [(tr("Imponibile"), formats.amount(document.net)), (tr("Totale documento"), formats.amount(document.total))]
        if document.split_vat:
            totals.append((tr("IVA in scissione dei pagamenti"), formats.amount(-document.split_vat)))
        totals.append((tr("Da pagare"), formats.amount(document.payable)))
        self._section(tr("Totali €"), totals, strong_last=True)
        names = methods()
        dues = [
            (f"{formats.date(one.due_on) if one.due_on else ''} · {names.get(one.method, one.method)}", formats.amount(one.amount))
            for one in document.payments
        ]
        self._section(tr("Scadenze"), dues)

    @staticmethod
    def _period(start: Any, end: Any) -> str:
        return tr("dal {start} al {end}", start=formats.date(start), end=formats.date(end)) if start and end else ""

    def _section(self, title: str, lines: list[tuple[str, str]], *, strong_last: bool = False) -> None:
        if not lines:
            return
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(0, 1)
        for place, (text, amount) in enumerate(lines):
            heavy = strong_last and place == len(lines) - 1
            grid.addWidget(label(text, "strong" if heavy else "body", "" if heavy else "2", wrap=True), place, 0)
            grid.addWidget(label(amount, "strong" if heavy else "body", align=RIGHT), place, 1, Qt.AlignmentFlag.AlignTop | RIGHT)
        self._body.addWidget(boxed(column(label(title, "small-medium", "3"), grid, spacing=6)))
        self._body.addWidget(rule())

    def open_pdf(self) -> None:
        """Write the courtesy copy to a temporary folder and open it with the system's program."""
        chosen = self.row
        if chosen is None:
            return
        path = pathlib.Path(tempfile.mkdtemp(prefix="cms-")) / actions.pdf_name(chosen.number)
        work = lambda unit: actions.save_pdf(unit, chosen.invoice_id, path)
        self._workplace.background.run(self, work, then=self._workplace.files.show, key="pdf")

    def save_xml(self) -> None:
        """A copy of the file; does not count as sent."""
        chosen = self.row
        if chosen is None or not chosen.file_name:
            return
        path = self._workplace.files.save_as(tr("Salva il file XML"), chosen.file_name, "XML (*.xml)")
        if path is not None:
            work = lambda unit: actions.save_copy(unit, chosen.invoice_id, path)
            self._workplace.background.run(
                self, work, then=lambda _done: self._workplace.say("positive", tr("File salvato"), path.name), key="xml"
            )


class EntryDetail(QFrame):
    """The lines of the chosen journal entry."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.setFixedWidth(WIDTH)
        self._workplace = workplace
        self.title, self.detail = ElidedLabel("", "strong"), label("", "small", "2")
        self.table = RecordTable(
            entry_line_columns(), record_key=lambda line: line.line_no, noun=(tr("riga"), tr("righe")), filters=False, totals=False
        )
        self.sums = label("", "medium", align=RIGHT)
        foot = boxed(row(label(tr("Totale"), "medium"), None, self.sums, margins=(16, 0, 16, 0)), strip="foot")
        foot.setFixedHeight(36)
        lines = column(self.table, foot, spacing=0)
        lines.setStretchFactor(self.table, 1)
        self.parts = DocumentsTabs(workplace, "ledger.journal_entry", tr("Righe"), boxed(lines))
        items: list[Item] = [
            boxed(column(self.title, self.detail, spacing=2, margins=(16, 12, 16, 10))),
            rule(),
            self.parts,
        ]
        layout = column(*items, spacing=0, margins=(1, 1, 1, 1))
        layout.setStretchFactor(self.parts, 1)
        shown = QWidget()
        shown.setLayout(layout)
        self.stack = QStackedWidget()
        self.stack.addWidget(EmptyState("book-open", tr("Nessuna registrazione scelta"), tr("Scegli una riga per vedere dare e avere.")))
        self.stack.addWidget(shown)
        self.setLayout(column(self.stack))

    def show_row(self, chosen: EntryRow | None) -> None:
        if chosen is None:
            self.stack.setCurrentIndex(0)
            return
        self.parts.show_record(chosen.entry_id)
        self.title.setText(chosen.description)
        self.detail.setText(tr("Registrazione {n} del {day}", n=chosen.entry_id, day=formats.date(chosen.on_date)))
        self.stack.setCurrentIndex(1)
        self._workplace.background.run(self, lambda unit: ledger.list_entry_lines(unit, chosen.entry_id), then=self._show, key="lines")

    def _show(self, lines: list[EntryLine]) -> None:
        self.table.set_rows(lines)
        debit, credit = sum(line.debit_amount for line in lines), sum(line.credit_amount for line in lines)
        self.sums.setText(tr("dare {debit} · avere {credit}", debit=formats.amount(debit), credit=formats.amount(credit)))
