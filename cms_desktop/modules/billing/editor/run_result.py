"""The result of an issued run: its numbers, its files, what failed and why, what can be done next."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QScrollArea

from cms_desktop.core import formats
from cms_desktop.modules.billing.records import FileCounts, FileFailure, FilesMade, Run
from cms_desktop.ui.basics import boxed, button, column, label, row
from cms_desktop.ui.cards import CheckRow
from cms_desktop.ui.translation import translator

tr = translator("billing")


class RunResult(QFrame):
    """A card. Signals say what the person wants; the page does it."""

    files_wanted = Signal()
    export_wanted = Signal()
    pdf_wanted = Signal()
    invoices_wanted = Signal()
    failure_opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.numbers = label("", "title")
        self.detail = label("", "small", "2")
        self.made, self.missing, self.sent = (label("", "medium") for _ in range(3))
        self.files_button = button(tr("Crea i file mancanti"), "primary", "file-code")
        self.export_button = button(
            tr("Salva i file XML"), "", "download", tip=tr("Salva i file per l'intermediario e segnali come inviati")
        )
        self.pdf_button = button(tr("Salva i PDF"), "", "printer", tip=tr("Salva le copie di cortesia (F9)"))
        self.invoices_button = button(tr("Vedi le fatture"), "quiet", "receipt-euro")
        for one, signal in (
            (self.files_button, self.files_wanted), (self.export_button, self.export_wanted), (self.pdf_button, self.pdf_wanted),
            (self.invoices_button, self.invoices_wanted),
        ):  # fmt: skip
            one.clicked.connect(signal)
        self._failures = column(spacing=0)
        inner = boxed(column(self._failures, None, spacing=0), panel="true")
        self.failures_area = QScrollArea()
        self.failures_area.setWidget(inner)
        self.failures_area.setWidgetResizable(True)
        self.failures_area.setFrameShape(QFrame.Shape.NoFrame)
        self.failures_area.setFixedHeight(146)
        self.failures_area.hide()
        facts = row(
            *(column(label(name, "small", "2"), value, spacing=2) for name, value in (
                (tr("File pronti"), self.made), (tr("Inviati"), self.sent), (tr("Da creare"), self.missing),
            )), None, spacing=40,
        )  # fmt: skip
        buttons = row(self.files_button, self.export_button, self.pdf_button, self.invoices_button, None, spacing=8)
        head = column(self.numbers, self.detail, spacing=2)
        self.setLayout(column(head, facts, buttons, self.failures_area, None, spacing=12, margins=(16, 12, 16, 12)))

    def show_run(self, run: Run, files: FileCounts, *, may_issue: bool, may_send: bool) -> None:
        first, last = run.first_number or 0, run.last_number or 0
        year = run.document_on.year
        span = f"{run.series_code} {year}/{formats.number(first)}"
        self.numbers.setText(span if first == last else f"{span} – {formats.number(last)}")
        when = run.issued_at.astimezone().strftime("%d/%m/%Y %H:%M") if run.issued_at else ""
        self.detail.setText(tr("{n} fatture emesse il {when} da {who}", n=formats.number(run.invoice_count), when=when, who=run.issued_by))
        self.made.setText(formats.number(files.ready))
        self.sent.setText(formats.number(files.sent))
        self.missing.setText(formats.number(files.none))
        self.files_button.setVisible(bool(files.none) and may_issue)
        self.export_button.setVisible(bool(files.ready) and may_send)

    def show_failures(self, result: FilesMade) -> None:
        """One line for each invoice whose file was refused, with the words of the control."""
        while self._failures.count():
            item = self._failures.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        for place, failure in enumerate(result.failures):
            self._failures.addWidget(self._line(failure, last=place == len(result.failures) - 1))
        self.failures_area.setVisible(bool(result.failures))

    def _line(self, failure: FileFailure, *, last: bool) -> CheckRow:
        why = translator("errors")(failure.text, **failure.values)
        line = CheckRow("circle-alert", "negative", f"{failure.number} · {failure.customer}", f"{failure.code} {why}".strip(), last=last)
        line.clicked.connect(lambda: self.failure_opened.emit(failure))
        return line
