"""The result of an issued run: its numbers, its files, what failed and why, what can be done next."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout

from cms_desktop.core import formats
from cms_desktop.modules.billing.columns.words import reason_text
from cms_desktop.modules.billing.records import FileCounts, FileFailure, FilesMade, Run, RunExclusion
from cms_desktop.ui.basics import ElidedLabel, boxed, button, column, label, row
from cms_desktop.ui.cards import CheckRow
from cms_desktop.ui.translation import translator

tr = translator("billing")
MOST_EXCLUSIONS, LINE = 50, 28


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
        self.failures_area, self._failures = _lines_area(3)
        self.exclusions_title = label("", "small-medium", "2")
        self.exclusions_area, self._exclusions = _lines_area(2)
        self.exclusion_rows: list[QFrame] = []
        self.show_exclusions(())
        facts = row(
            *(column(label(name, "small", "2"), value, spacing=2) for name, value in (
                (tr("File pronti"), self.made), (tr("Inviati"), self.sent), (tr("Da creare"), self.missing),
            )), None, spacing=40,
        )  # fmt: skip
        buttons = row(self.files_button, self.export_button, self.pdf_button, self.invoices_button, None, spacing=8)
        head = column(self.numbers, self.detail, spacing=2)
        self.setLayout(
            column(
                head,
                facts,
                buttons,
                self.failures_area,
                self.exclusions_title,
                self.exclusions_area,
                None,
                spacing=12,
                margins=(16, 12, 16, 12),
            )
        )

    def show_run(self, run: Run, files: FileCounts, *, may_issue: bool, may_send: bool) -> None:
        first, last = run.first_number or 0, run.last_number or 0
        year = run.document_on.year
        span = f"{run.series_code} {year}/{formats.number(first)}"
        self.numbers.setText(span if first == last else f"{span} – {formats.number(last)}")
        when = run.issued_at.astimezone().strftime("%d/%m/%Y %H:%M") if run.issued_at else ""
        self.detail.setText(
            tr("1 fattura emessa il {when} da {who}", when=when, who=run.issued_by)
            if run.invoice_count == 1
            else tr("{n} fatture emesse il {when} da {who}", n=formats.number(run.invoice_count), when=when, who=run.issued_by)
        )
        self.made.setText(formats.number(files.ready))
        self.sent.setText(formats.number(files.sent))
        self.missing.setText(formats.number(files.none))
        self.files_button.setVisible(bool(files.none) and may_issue)
        self.export_button.setVisible(bool(files.ready) and may_send)

    def show_exclusions(self, found: Sequence[RunExclusion]) -> None:
        """One line for each row left out when the run was issued: whose, how much, why."""
        _empty(self._exclusions)
        words = tr("1 riga esclusa") if len(found) == 1 else tr("{n} righe escluse", n=formats.number(len(found)))
        total = sum((one.net_amount for one in found), Decimal(0))
        self.exclusions_title.setText(tr("{rows} dal lancio, per {amount}", rows=words, amount=formats.money(total)))
        self.exclusion_rows = [self._exclusion(one) for one in found[:MOST_EXCLUSIONS]]
        for line in self.exclusion_rows:
            self._exclusions.addWidget(line)
        if len(found) > MOST_EXCLUSIONS:
            self._exclusions.addWidget(
                label(
                    (
                        tr("… e un'altra")
                        if len(found) - MOST_EXCLUSIONS == 1
                        else tr("… e altre {n}", n=formats.number(len(found) - MOST_EXCLUSIONS))
                    ),
                    "small",
                    "3",
                )
            )
        self.exclusions_area.setFixedHeight(LINE * max(1, min(len(found), 3)) + 2)
        self.exclusions_title.setVisible(bool(found))
        self.exclusions_area.setVisible(bool(found))

    @staticmethod
    def _exclusion(one: RunExclusion) -> QFrame:
        whose = f"{one.customer} · {one.contract}" if one.contract else one.customer
        text, why = ElidedLabel(whose), label(reason_text(one.reason), "small", "2")
        line = boxed(
            row(
                text,
                why,
                label(formats.money(one.net_amount), "body", align=Qt.AlignmentFlag.AlignRight),
                spacing=16,
                margins=(0, 0, 12, 0),
            )
        )
        line.setFixedHeight(LINE)
        line.setAccessibleName(f"{whose}. {why.text()}")
        return line

    def show_failures(self, result: FilesMade) -> None:
        """One line for each invoice whose file was refused, with the words of the control."""
        _empty(self._failures)
        for place, failure in enumerate(result.failures):
            self._failures.addWidget(self._line(failure, last=place == len(result.failures) - 1))
        self.failures_area.setVisible(bool(result.failures))

    def _line(self, failure: FileFailure, *, last: bool) -> CheckRow:
        why = translator("errors")(failure.text, **failure.values)
        line = CheckRow("circle-alert", "negative", f"{failure.number} · {failure.customer}", f"{failure.code} {why}".strip(), last=last)
        line.clicked.connect(lambda: self.failure_opened.emit(failure))
        return line


def _lines_area(shown: int) -> tuple[QScrollArea, QVBoxLayout]:
    """A place for lines of 48 points, `shown` of them in sight; hidden while it is empty."""
    lines, area = column(spacing=0), QScrollArea()
    area.setWidget(boxed(column(lines, None, spacing=0), panel="true"))
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFixedHeight(48 * shown + 2)
    area.hide()
    return area, lines


def _empty(lines: QVBoxLayout) -> None:
    while lines.count():
        item = lines.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.deleteLater()
