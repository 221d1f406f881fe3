"""Registri: a section in a month, its rows and totals; draft, spreadsheet, definitive print."""

from __future__ import annotations

import datetime
import pathlib
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError
from cms_desktop.core.listing import Filter, ListQuery, Totals
from cms_desktop.modules.billing.vat import papers, queries
from cms_desktop.modules.billing.vat.records import RegisterMonth, Section
from cms_desktop.ui.basics import boxed, button, column, label, row
from cms_desktop.ui.cards import Card
from cms_desktop.ui.chips import StatusChip
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage, ask
from cms_desktop.ui.fields import ChoiceField
from cms_desktop.ui.record_table import Noun, RecordTable
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

from .words import month_text, row_columns, section_text, total_columns

tr = translator("vat")
MOST, SIDE = 1_000, 380  # rows on the screen; the papers have all


class RegistersTab(QWidget):
    loaded = Signal()
    opened = Signal(str, object, object)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.month = (local_today().replace(day=1) - datetime.timedelta(days=1)).replace(day=1)
        self.found: RegisterMonth | None = None
        self._sections: list[Section] = []
        self.section = ChoiceField(tr("Registro"), ())
        self.section.changed.connect(self.reload)
        self.rows = RecordTable(
            row_columns(), record_key=lambda one: (one.invoice_id, one.vat_code_id, one.payment_id, one.registered_on),
            noun=Noun(tr("riga"), tr("righe"), feminine=True), filters=False,
        )  # fmt: skip
        self.rows.row_opened.connect(self._on_row)
        self.totals = RecordTable(total_columns(), record_key=lambda one: (one.document_series_id, one.code), noun=Noun(tr("codice"), tr("codici")),
                                  filters=False, totals=False)  # fmt: skip
        self.error, self.note = InlineMessage("negative", ""), label("", "small", "3", wrap=True)
        self.error.hide()
        self.state = StatusChip("", "neutral")
        self.draft_button = button(tr("PDF di prova"), "", "file-text")
        self.sheet_button = button(tr("Excel"), "", "file-spreadsheet")
        self.print_button = button(tr("Stampa definitiva"), "primary", "printer")
        self.draft_button.clicked.connect(self.save_draft)
        self.sheet_button.clicked.connect(self.save_sheet)
        self.print_button.clicked.connect(self.print_for_good)
        self._arrange()

    def _arrange(self) -> None:
        self.section.setMinimumWidth(330)
        self.rows_card = Card(tr("Documenti"), self.rows, self.state)
        self.figures: dict[str, Any] = {}
        grid = QGridLayout()
        grid.setContentsMargins(16, 10, 16, 14)
        grid.setVerticalSpacing(6)
        names = (("net", tr("Imponibile")), ("vat", tr("Imposta")), ("split", tr("di cui in scissione")), ("later", tr("di cui sospesa")), ("due", tr("Esigibile")))  # fmt: skip
        for place, (key, title) in enumerate(names):
            self.figures[key] = label("", "strong" if key in ("vat", "due") else "body")
            grid.addWidget(label(title, "body", "2"), place, 0)
            grid.addLayout(row(None, self.figures[key]), place, 1)
        totals = column(self.totals, boxed(grid), spacing=0)
        totals.setStretch(0, 1)
        side = Card(tr("Totali del mese"), boxed(totals))
        side.setFixedWidth(SIDE)
        body = row(self.rows_card, side, spacing=12)
        body.setStretch(0, 1)
        tools = row(self.section, None, column(None, row(self.draft_button, self.sheet_button, self.print_button, spacing=6)), spacing=8)
        layout = column(self.error, tools, body, self.note, spacing=10, margins=(16, 8, 16, 14))
        layout.setStretch(2, 1)
        self.setLayout(layout)

    # -- what is shown
    def period_text(self) -> str:
        return month_text(self.month).capitalize()

    def step(self, by: int) -> None:
        """A month forwards or back, never into the future."""
        month = (self.month.replace(day=15) + datetime.timedelta(days=30 * by)).replace(day=1)
        if month <= local_today():
            self.month = month
            self.reload()

    def chosen_section(self) -> Section | None:
        place = self.section.value()
        return self._sections[place] if place is not None and place < len(self._sections) else None

    def reload(self) -> None:
        section, month = self.chosen_section(), self.month

        def work(unit: Any) -> tuple[list[Section], RegisterMonth]:
            sections = queries.list_sections(unit)
            return sections, queries.find_month(unit, section or sections[0], month, MOST)

        self._workplace.background.run(self, work, then=self._show, failed=self._on_failed, key="month")

    def _show(self, found: tuple[list[Section], RegisterMonth]) -> None:
        sections, month = found
        if sections != self._sections:
            self._sections = sections
            self.section.set_choices([(place, section_text(one)) for place, one in enumerate(sections)])
            self.section.set_value(sections.index(month.section))
        self.found = month
        self.error.hide()
        count = sum(one.document_count for one in month.totals)
        self.rows.set_rows(list(month.rows), keep_selection=False)
        sums = {"net_amount": month.net_amount, "vat_amount": month.vat_amount, "total_amount": month.net_amount + month.vat_amount}
        self.rows.set_totals(Totals(count, sums))
        self.totals.set_rows(list(month.totals))
        for key, amount in (("net", month.net_amount), ("vat", month.vat_amount), ("split", month.split_vat), ("later", month.suspended_vat), ("due", month.due_vat)):  # fmt: skip
            self.figures[key].setText(formats.money(amount))
        self._show_state(month)
        self.loaded.emit()

    def _show_state(self, month: RegisterMonth) -> None:
        printed, is_over = month.printed, queries.month_end(month.month_on) < local_today()
        self.state.setVisible(printed is not None)
        if printed is not None:
            self.state.set_state(tr("Definitivo, pagine {first}–{last}", first=printed.first_page, last=printed.last_page), "positive")
        self.print_button.setEnabled(self._workplace.may("ledger.vat") and is_over)
        self.print_button.setText(tr("Ristampa") if printed is not None else tr("Stampa definitiva"))
        if len(month.rows) == MOST:
            self.note.setText(tr("Qui le prime {n} righe: il PDF e l'Excel le hanno tutte.", n=formats.number(MOST)))
        elif not month.rows:
            self.note.setText(tr("Nessun documento nel mese. Con Ctrl+PgSu e Ctrl+PgGiù si cambia mese."))
        else:
            self.note.setText("" if is_over else tr("Il mese è in corso: si stampa in definitivo quando è finito."))
        self.note.setVisible(bool(self.note.text()))

    def _on_row(self, one: Any) -> None:
        everywhere = Filter("stage", "in", ("issued", "self"))
        self.opened.emit("invoices", ListQuery((Filter("invoice_id", "=", (one.invoice_id,)), everywhere)), one.invoice_id)

    def _on_failed(self, error: AppError) -> None:
        self.error.set_message("negative", error_text(error))

    # -- papers
    def _name(self, ending: str) -> str:
        assert self.found is not None
        section = self.found.section
        return f"registro-{section.code or section.register}-{self.found.month_on:%Y-%m}.{ending}"

    def save_draft(self) -> None:
        self._print(is_definitive=False)

    def print_for_good(self) -> None:
        """After a question: the month is closed, its pages are taken."""
        month = self.found
        if month is None or not self.print_button.isEnabled():
            return
        text = tr("Le pagine vanno da {first} in avanti e nel mese non si numerano più documenti.", first=month.first_page)
        if month.printed is None and not ask(self, tr("Stampare il registro in definitivo?"), text, tr("Stampa definitiva"), "warning"):
            return
        self._print(is_definitive=True)

    def _print(self, *, is_definitive: bool) -> None:
        month = self.found
        if month is None:
            return
        path = self._workplace.files.save_as(tr("Salva il registro"), self._name("pdf"), "PDF (*.pdf)")
        if path is not None:
            section, day = month.section, month.month_on
            self._workplace.background.run(
                self, lambda unit: papers.print_register(unit, section, day, path, is_definitive=is_definitive),
                then=lambda pages: self._on_saved(path, tr("1 pagina") if pages == 1 else tr("{n} pagine", n=formats.number(pages))),
                failed=self._on_failed, key="paper",
            )  # fmt: skip

    def save_sheet(self) -> None:
        month = self.found
        path = self._workplace.files.save_as(tr("Salva il registro"), self._name("xlsx"), "Excel (*.xlsx)") if month is not None else None
        if month is not None and path is not None:
            section, day = month.section, month.month_on
            self._workplace.background.run(
                self, lambda unit: papers.export_register(path, queries.find_month(unit, section, day)),
                then=lambda rows: self._on_saved(path, tr("1 riga") if rows == 1 else tr("{n} righe", n=formats.number(rows))),
                failed=self._on_failed, key="paper",
            )  # fmt: skip

    def _on_saved(self, path: pathlib.Path, detail: str) -> None:
        self._workplace.say(
            "positive", tr("Registro salvato: {detail}", detail=detail), path.name, tr("Apri"), lambda: self._workplace.files.show(path)
        )
        self.reload()
