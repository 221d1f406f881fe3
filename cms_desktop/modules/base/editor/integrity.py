"""Controlli: the nightly check of the books. Runs at the left; what one found, what it means and what to do, at the right."""

from __future__ import annotations

import pathlib
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QScrollArea, QWidget

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError, Cancelled
from cms_desktop.core.listing import Totals
from cms_desktop.modules.base import actions, queries
from cms_desktop.modules.base.field_words import field_word
from cms_desktop.modules.base.records import CheckRun, IntegrityFinding, IntegrityReport
from cms_desktop.ui.basics import IconLabel, boxed, button, column, label, row
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage
from cms_desktop.ui.record_table import Column, Noun, RecordTable
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("masters")
LIST_WIDTH, SHOWN = 330, 5


def run_columns() -> list[Column]:
    return [
        Column("started_at", tr("Quando"), kind="datetime", width=150, sortable=False),
        Column("result", tr("Esito"), _result, kind="chip", width=150, stretch=True, sortable=False),
    ]


def _result(run: CheckRun) -> tuple[str, str]:
    if run.finding_count:
        return tr("Anomalie: {n}", n=run.finding_count), "negative"
    return tr("Tutto in ordine"), "positive"


def origin_text(run: CheckRun) -> str:
    return tr("controllo notturno") if run.origin == "nightly" else tr("chiesto da {name}", name=run.person_name)


class IntegrityPage(QWidget):
    loaded = Signal()
    tables = frozenset({"base.integrity_run"})

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.report: IntegrityReport | None = None
        self._request: Any = None
        self.run_button = button(tr("Controlla adesso"), "primary", "list-checks", tip=tr("Controlla adesso (Ctrl+Shift+K)"))
        self.run_button.clicked.connect(self.check_now)
        if not workplace.may("base.administer"):
            self.run_button.hide()  # shown before it has a place, it would be a window of its own
        self.pdf_button = button(tr("Rapporto PDF"), "", "file-text", tip=tr("Salva il rapporto (F9)"))
        self.pdf_button.clicked.connect(self.save_report)
        self.runs = RecordTable(
            run_columns(), record_key=lambda run: run.run_id, noun=Noun(tr("controllo"), tr("controlli")), filters=False
        )
        self.runs.selection_changed.connect(self._on_run)
        self.runs.setFixedWidth(LIST_WIDTH)
        self.problem = InlineMessage("negative", "")
        self.problem.hide()
        self.bar, self.phase = QProgressBar(), label("", "small", "2")
        self.bar.setTextVisible(False)
        self.cancel_button = button(tr("Annulla"), "quiet", "x")
        self.cancel_button.clicked.connect(self.cancel)
        self.progress = boxed(row(self.phase, self.bar, self.cancel_button, spacing=12, margins=(20, 8, 16, 8)))
        self.progress.hide()
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        side = column(self.problem, self.progress, self._scroll, spacing=0)
        side.setStretchFactor(self._scroll, 1)
        body = row(self.runs, boxed(side), spacing=0)
        body.setStretch(1, 1)
        self.setLayout(body)
        self._show_empty()

    def head_buttons(self) -> list[QWidget]:
        """The buttons of the head of the page."""
        return [self.pdf_button, self.run_button]

    # -- what there is
    def reload(self) -> None:
        wanted = self.report.run.run_id if self.report else None
        self._workplace.background.run(
            self, lambda unit: (queries.list_check_runs(unit), queries.find_integrity_report(unit, wanted)),
            then=self._show, failed=self._on_failed, key="runs",
        )  # fmt: skip

    def _show(self, found: tuple[Sequence[CheckRun], IntegrityReport | None]) -> None:
        runs, report = found
        self.runs.set_rows(list(runs))
        self.runs.set_totals(Totals(len(runs)))
        if report is None:
            self._show_empty()
        else:
            self.runs.select(report.run.run_id)
            self.show_report(report)
        self.loaded.emit()

    def _on_run(self, rows: list[CheckRun]) -> None:
        if rows and (self.report is None or rows[0].run_id != self.report.run.run_id):
            self.show_run(rows[0].run_id)

    def show_run(self, run_id: int) -> None:
        self._workplace.background.run(
            self, lambda unit: queries.find_integrity_report(unit, run_id), then=self._show_found, failed=self._on_failed, key="report"
        )

    def _show_found(self, report: IntegrityReport | None) -> None:
        if report is not None:
            self.show_report(report)

    def _show_empty(self) -> None:
        self.report = None
        self.pdf_button.setEnabled(False)
        self._scroll.setWidget(
            EmptyState(
                "list-checks", tr("Nessun controllo ancora"),
                tr("Ogni notte il programma cerca buchi nei numeri, registrazioni non quadrate e totali che non tornano. Puoi farlo anche adesso."),
            )
        )  # fmt: skip

    def show_report(self, report: IntegrityReport) -> None:
        self.report = report
        self.pdf_button.setEnabled(True)
        run = report.run
        when = run.started_at.astimezone()
        good = not report.findings
        mark = IconLabel("circle-check" if good else "circle-alert", 22, "positive_fill" if good else "negative_fill", 2)
        title = tr("I libri sono in ordine") if good else tr("Anomalie trovate: {n}", n=len(report.findings))
        seconds = (run.finished_at - run.started_at).total_seconds() if run.finished_at else 0
        detail = tr(
            "{day} alle {time}, {origin}: {n} controlli in {seconds} s",
            day=formats.date(when), time=f"{when:%H:%M}", origin=origin_text(run), n=run.check_count, seconds=formats.number(seconds, 1),
        )  # fmt: skip
        head = row(mark, column(label(title, "title"), label(detail, "small", "2"), spacing=2), None, spacing=12)
        cards = [self._finding_card(finding) for finding in report.findings]
        sound = label(tr("Senza anomalie: {names}.", names="; ".join(one.title for one in report.sound)), "small", "3", wrap=True)
        self._scroll.setWidget(boxed(column(head, 4, *cards, sound, None, spacing=12, margins=(20, 16, 20, 16))))

    def _finding_card(self, finding: IntegrityFinding) -> QWidget:
        rows = tr("righe: {n}", n=formats.number(finding.row_count))
        head = row(
            IconLabel("circle-x", 16, "negative_fill", 2),
            label(finding.check.title, "heading", wrap=True),
            label(rows, "small", "2"),
            spacing=8,
        )
        head.setStretch(1, 1)
        texts = [label(text, "body", tone, wrap=True) for text, tone in ((finding.check.meaning, "2"), (finding.check.remedy, "")) if text]
        lines = [label(sample_text(one), "small", "2", code=True, wrap=True) for one in finding.samples[:SHOWN]]
        for line in lines:
            line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        more = finding.row_count - len(lines)
        rest = [label(tr("e un'altra") if more == 1 else tr("e altre {n}", n=formats.number(more)), "small", "3")] if more > 0 else []
        return boxed(column(head, *texts, column(*lines, *rest, spacing=2), spacing=8, margins=(16, 12, 16, 12)), card="true")

    # -- a run
    def check_now(self) -> None:
        if not self._workplace.may("base.administer") or self.progress.isVisible():
            return
        self.problem.hide()
        self._on_progress(0, 0, "checking")
        self.progress.show()
        self.run_button.setEnabled(False)
        self._request = self._workplace.background.run(
            self, actions.check_books, then=self._on_done, failed=self._on_check_failed, progress=self._on_progress, key="check"
        )

    def cancel(self) -> None:
        if self._request is not None:
            self._request.cancel()

    def _on_progress(self, done: int, total: int, _phase: str) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.phase.setText(tr("Controllo i libri: {done} di {total}", done=done, total=total) if total else tr("Controllo i libri…"))

    def _on_done(self, run_id: int) -> None:
        self._end()
        self.report = None
        self.reload()
        self.show_run(run_id)

    def _on_check_failed(self, error: AppError) -> None:
        self._end()
        if isinstance(error, Cancelled):
            self._workplace.say("info", tr("Controllo annullato"))
        else:
            self._on_failed(error)

    def _end(self) -> None:
        self.progress.hide()
        self.run_button.setEnabled(True)
        self._request = None

    def save_report(self) -> None:
        report = self.report
        if report is None:
            return
        name = f"controlli-{report.run.started_at.astimezone():%Y-%m-%d}.pdf"
        path = self._workplace.files.save_as(tr("Salva il rapporto"), name, "PDF (*.pdf)")
        if path is not None:
            self._workplace.background.run(
                self, lambda unit: _written(unit, report, path), then=self._on_saved, failed=self._on_failed, key="pdf"
            )

    def _on_saved(self, path: pathlib.Path) -> None:
        self._workplace.say("positive", tr("Rapporto salvato"), path.name, tr("Apri"), lambda: self._workplace.files.show(path))

    def _on_failed(self, error: AppError) -> None:
        self.problem.set_message("negative", error_text(error))


def sample_text(values: Any) -> str:
    """A row that a check found: "Numero documento V 2026/12 · Imponibile 100.00"."""
    return " · ".join(f"{field_word(key)} {value}" for key, value in values.items() if value is not None)


def _written(unit: Any, report: IntegrityReport, path: pathlib.Path) -> pathlib.Path:
    from reports.integrity.layout import integrity_pdf  # slow to load: only who prints waits for it

    content = integrity_pdf(report, queries.find_letterhead(unit), origin=origin_text(report.run), sample_text=sample_text)
    path.write_bytes(content)
    return path
