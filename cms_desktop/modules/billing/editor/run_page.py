"""A run on the screen: parameters, preview, confirmation, result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError, Cancelled
from cms_desktop.core.listing import Filter, ListQuery, Page, Totals
from cms_desktop.modules.billing import queries
from cms_desktop.modules.billing.columns import document_columns
from cms_desktop.modules.billing.columns.words import obstacle_text, run_states
from cms_desktop.modules.billing.records import (
    BLOCKING_REASONS,
    FileCounts,
    FilesMade,
    Run,
    RunDifferences,
    RunDocument,
    RunExclusion,
)
from cms_desktop.modules.billing.running import queries as running
from cms_desktop.modules.billing.running.records import RunOptions, Skipped
from cms_desktop.ui.basics import IconLabel, Keycap, boxed, button, column, label, row
from cms_desktop.ui.chips import StatusChip
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.record_table import Noun
from cms_desktop.ui.record_table.model import Ticks
from cms_desktop.ui.steps import Stepper
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

from .difference_tiles import DifferenceTiles
from .parameters import RunParametersForm
from .run_choices import choices_in_words
from .run_result import RunResult
from .run_summary import BridgeCard, ParametersCard, TotalsStrip, left_out
from .run_work import RunWork

tr = translator("billing")
MARKS = ("is_new", "is_ended", "is_price_changed", "is_beyond", "is_blocked", "is_excluded", "is_first", "is_caught_up")
FORM, BODY = 0, 1
LEAST_ROWS_HEIGHT = 280


@dataclass(frozen=True)
class _Shown:
    run: Run | None
    differences: RunDifferences | None
    files: FileCounts
    exclusions: Sequence[RunExclusion] = ()  # of an issued run: its rows are gone, what is left is why
    options: RunOptions | None = None


def _age_of(run: Run) -> str:
    """That nothing is final yet; of a preview of another day, that it may be old."""
    made = (run.refreshed_at or run.created_at).astimezone()
    if made.date() < local_today():
        return tr("Anteprima del {day}: aggiornala prima di confermare.", day=made.strftime("%d/%m/%Y %H:%M"))
    return tr("Nulla è ancora scritto: i numeri si assegnano alla conferma, tutti o nessuno.")


class RunPage(QWidget):
    """One run at a time. `left` when the person goes back to the list."""

    left = Signal()
    loaded = Signal()
    invoices_wanted = Signal(object)  # ListQuery
    invoice_wanted = Signal(int)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.run: Run | None = None
        self.run_id = 0
        self.differences: RunDifferences | None = None
        self.work = RunWork(self, workplace)
        self.form, self.rows = RunParametersForm(workplace), self._make_rows()
        self.title, self.number, self.state = label("", "title"), label("", "body", "3"), StatusChip("", "neutral")
        self.stepper = Stepper([tr("Parametri"), tr("Anteprima"), tr("Conferma"), tr("Esito")])
        self.message = InlineMessage("negative", "", closable=True)
        self.message.hide()
        self.skipped = InlineMessage("warning", "")
        self.skipped.add_link(tr("Includi nel lancio"), self.work.catch_up)
        self.skipped.hide()
        self.blocked = InlineMessage("warning", "")
        self.blocked.add_link(tr("Riprova"), self._retry_blocked)
        self.blocked.hide()
        self.parameters, self.totals, self.bridge, self.result = ParametersCard(), TotalsStrip(), BridgeCard(), RunResult()
        self.tiles = DifferenceTiles()
        self.bridge.hide()  # each in its time: together they would make the window higher than the screen
        self.result.hide()
        self._make_foot()
        self._arrange()
        self._connect()

    # -- building
    def _make_rows(self) -> ListPage:
        page = ListPage(
            self._workplace.background,
            document_columns(),
            self._load_rows,
            self._sum_rows,
            name="billing.run_document",
            record_key=lambda document: document.row_id,
            noun=Noun(tr("riga"), tr("righe"), feminine=True),
            empty=lambda: EmptyState("inbox", tr("Nulla da fatturare"), tr("Nel periodo scelto nessun servizio scade, o è già fatturato.")),
            settings=self._workplace.settings,
            filter_names={
                "is_new": tr("Nuovi"), "is_ended": tr("Cessati"), "is_price_changed": tr("Prezzo cambiato"),
                "is_first": tr("Mai fatturati"), "is_caught_up": tr("Recuperi"),
                "is_beyond": tr("Fuori soglia"), "is_blocked": tr("Bloccati"), "is_excluded": tr("Esclusi"),
            },
            checkable=True,
        )  # fmt: skip
        page.views_bar.setVisible(bool(page.views_bar.views()))  # rows of one run: nothing to keep a view of
        page.loaded.connect(self._show_ticks)
        page.query_changed.connect(self._on_rows_query_changed)
        page.table.checked_changed.connect(self._on_ticked)
        return page

    def _make_foot(self) -> None:
        self.foot_mark = IconLabel("shield-check", 18, "positive_fill", 2)
        self.foot_title, self.foot_detail = label("", "small-medium"), label("", "small", "3")
        self.discard_button = button(tr("Scarta anteprima"))
        self.refresh_button = button(
            tr("Aggiorna"), "", "refresh-cw", tip=tr("Rifà l'anteprima con i dati di adesso; le righe escluse restano escluse")
        )
        self.undo_button = button(tr("Annulla il lancio"), "danger", "undo-2")
        self.credit_button = button(tr("Storna con note di credito"), "", "receipt-text")
        self.confirm_button = button("", "primary", "file-check", size="large", tip=tr("Conferma (Ctrl+↵)"))
        self.confirm_keys = Keycap("Ctrl", "↵")

    def _arrange(self) -> None:
        back = button("", "icon", "arrow-left", tip=tr("Tutti i lanci (Alt+←)"))
        back.clicked.connect(self.left)
        head = boxed(row(back, self.title, self.number, self.state, None, self.stepper, spacing=8))
        head.setFixedHeight(36)
        right = column(self.totals, self.bridge, self.result, spacing=12)
        upper = row(self.parameters, right, spacing=12)
        upper.setStretchFactor(right, 1)
        rows_card = boxed(column(self.rows, margins=(1, 1, 1, 1)), card="true")
        rows_card.setMinimumHeight(LEAST_ROWS_HEIGHT)
        body = column(upper, self.skipped, self.blocked, self.tiles, rows_card, spacing=12)
        body.setStretchFactor(rows_card, 1)
        body_box = QWidget()
        body_box.setLayout(body)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._form_box())
        scroll = QScrollArea()  # on a low screen the page scrolls, so that rows stay in sight
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(body_box)
        self.stack.addWidget(scroll)
        words = column(None, self.foot_title, self.foot_detail, None, spacing=0)
        self.foot = boxed(
            row(
                self.foot_mark,
                words,
                None,
                self.discard_button,
                self.refresh_button,
                self.credit_button,
                self.undo_button,
                self.confirm_button,
                self.confirm_keys,
                spacing=10,
                margins=(16, 8, 16, 8),
            ),
            panel="true",
        )
        self.foot.setFixedHeight(64)
        middle = column(head, self.message, self.stack, spacing=10, margins=(16, 12, 16, 12))
        middle.setStretchFactor(self.stack, 1)
        whole = column(middle, self.foot, spacing=0)
        whole.setStretchFactor(middle, 1)
        self.setLayout(whole)

    def _form_box(self) -> QWidget:
        box = QWidget()
        box.setLayout(column(self.form, None))
        return box

    def _connect(self) -> None:
        self.form.prepare_wanted.connect(self.work.prepare)
        self.form.left.connect(self.left)
        self.tiles.chosen.connect(self._on_tile_chosen)
        self.discard_button.clicked.connect(self.work.discard)
        self.refresh_button.clicked.connect(lambda: self.work.refresh())
        self.undo_button.clicked.connect(self.work.undo)
        self.credit_button.clicked.connect(self.work.credit)
        self.confirm_button.clicked.connect(self.work.issue)
        self.result.files_wanted.connect(self.work.make_files)
        self.result.export_wanted.connect(self.work.export_files)
        self.result.pdf_wanted.connect(self.work.save_pdfs)
        self.result.invoices_wanted.connect(self._on_invoices_wanted)
        self.result.failure_opened.connect(lambda failure: self.invoice_wanted.emit(failure.invoice_id))

    # -- what is shown
    def new_run(self) -> None:
        """The first step: parameters."""
        self.run, self.run_id, self.differences = None, 0, None
        self.title.setText(tr("Nuovo lancio"))
        self.number.setText("")
        self.state.hide()
        self.message.hide()
        self.foot.hide()
        self.stepper.set_active(0)
        self.stack.setCurrentIndex(FORM)
        self.form.start()

    def show_run(self, run_id: int, query: ListQuery | None = None) -> None:
        """A run of the list; `query` chooses its rows."""
        if run_id != self.run_id:
            self.result.show_failures(FilesMade(0))
            self.message.hide()
            self.skipped.hide()
            self.blocked.hide()
        self.run_id = run_id
        self.stack.setCurrentIndex(BODY)
        self.rows.set_query(query or ListQuery())
        self._load_run()

    def reload(self) -> None:
        if self.run_id:
            self.rows.reload()
            self._load_run()

    def _load_run(self) -> None:
        run_id = self.run_id

        def work(unit: Any) -> _Shown:
            run = queries.find_run(unit, run_id)
            state = run.state if run is not None else ""
            return _Shown(
                run,
                queries.sum_run_differences(unit, run_id) if state in ("preview", "issued") else None,
                queries.count_files(unit, run_id),
                queries.list_run_exclusions(unit, run_id) if state == "issued" else (),
                running.find_options(unit) if run is not None and run.parameters else None,
            )

        self._workplace.background.run(self, work, then=self._show, failed=self.show_error, key="run")

    def _load_rows(self, unit: Any, query: ListQuery, after: tuple[object, ...] | None) -> Page[Any]:
        return queries.list_run_documents(unit, self.run_id, query, after)

    def _sum_rows(self, unit: Any, query: ListQuery) -> Totals:
        return queries.sum_run_documents(unit, self.run_id, query)

    def _show(self, shown: _Shown) -> None:
        run = shown.run
        if run is None or run.run_id != self.run_id:
            return
        self.run, self.differences = run, shown.differences
        words, tone = run_states()[run.state]
        self.title.setText(run.title)
        self.number.setText(run.number)
        self.state.set_state(words, tone)
        self.state.show()
        self.stepper.set_active({"preview": 1, "issued": 3}.get(run.state, 0))
        self.parameters.show_run(run, choices_in_words(run.choices, shown.options))
        is_issued = run.state == "issued"
        if shown.differences is not None:
            self.totals.show_run(run, shown.differences, len(shown.exclusions) if is_issued else shown.differences.excluded.count)
            self.bridge.show_run(run, shown.differences)
            self.tiles.set_differences(shown.differences)
        self.tiles.tiles["is_blocked"].setVisible(not is_issued)
        is_credit = run.credits_run_id is not None  # nothing to compare with the period before
        self.bridge.setVisible(run.state == "preview" and not is_credit)
        self.tiles.setVisible(not is_credit)
        self.result.setVisible(is_issued)
        if is_issued:
            self.result.show_exclusions(shown.exclusions)
            self.result.show_run(
                run, shown.files, may_issue=self._workplace.may("billing.issue"), may_send=self._workplace.may("billing.send")
            )
        self._show_foot(run, shown.files)
        self._show_blocked(run, shown)
        if run.state == "preview" and not is_credit and not run.choices.catch_up_months and run.retried_run_id is None:
            work = lambda unit: running.sum_skipped(unit, run.run_id)
            self._workplace.background.run(self, work, then=lambda found: self._show_skipped(run.run_id, found), key="skipped")
        else:
            self.skipped.hide()
        self.loaded.emit()

    def _show_skipped(self, run_id: int, found: Skipped) -> None:
        if run_id != self.run_id:
            return
        self.skipped.setVisible(bool(found.count))
        if found.count:
            amount = formats.money(found.amount)
            words = (
                tr("1 periodo precedente non risulta fatturato: {amount} di imponibile.", amount=amount)
                if found.count == 1
                else tr(
                    "{n} periodi precedenti non risultano fatturati: {amount} di imponibile.", n=formats.number(found.count), amount=amount
                )
            )
            self.skipped.set_message("warning", words)

    def _show_blocked(self, run: Run, shown: _Shown) -> None:
        """Rows without the data to be issued: mended, they can be tried again alone."""
        count = shown.differences.blocked.count if shown.differences is not None else 0
        if run.state == "issued":
            count = sum(1 for one in shown.exclusions if one.reason in BLOCKING_REASONS)
        may = self._workplace.may("billing.prepare")
        self.blocked.setVisible(bool(count) and may and run.state in ("preview", "issued"))
        if count:
            words = (
                tr("1 riga senza i dati per essere emessa.")
                if count == 1
                else tr("{n} righe senza i dati per essere emesse.", n=formats.number(count))
            )
            self.blocked.set_message("warning", f"{words} {tr('Correggi le schede dei clienti, poi riprova queste sole.')}")
            self.blocked.setVisible(may)

    def _retry_blocked(self) -> None:
        if self.run is not None and self.run.state == "issued":
            self.work.retry()
        else:
            self.work.refresh(only_blocked=True)

    def _show_foot(self, run: Run, files: FileCounts) -> None:
        may = self._workplace.may
        is_preview, is_issued = run.state == "preview", run.state == "issued"
        self.foot.setVisible(is_preview or is_issued)
        self.discard_button.setVisible(is_preview and may("billing.prepare"))
        self.refresh_button.setVisible(is_preview and may("billing.prepare") and run.credits_run_id is None)
        self.confirm_button.setVisible(is_preview and may("billing.issue"))
        self.confirm_keys.setVisible(is_preview and may("billing.issue"))
        self.confirm_button.setEnabled(run.invoice_count > 0)
        self.undo_button.setVisible(is_issued and may("billing.undo") and not files.sent)
        self.credit_button.setVisible(is_issued and may("billing.prepare") and run.credits_run_id is None)
        found = self.differences
        if is_preview and found is not None:
            count, amount = formats.number(run.invoice_count), formats.money(run.total_amount)
            self.confirm_button.setText(
                "\u2004"
                + (
                    tr("Conferma 1 fattura · {amount}", amount=amount)
                    if run.invoice_count == 1
                    else tr("Conferma {n} fatture · {amount}", n=count, amount=amount)
                )
            )
            self.foot_mark.set_icon(
                "triangle-alert" if found.blocked.count else "shield-check", "warning_fill" if found.blocked.count else "positive_fill"
            )
            self.foot_title.setText(f"{tr('{n} fuori soglia', n=found.beyond.count)}, {left_out(found.excluded.count)}")
            self.foot_detail.setText(_age_of(run))
        elif is_issued:
            self.foot_mark.set_icon("circle-check", "positive_fill")
            self.foot_title.setText(
                tr("1 fattura emessa e registrata")
                if run.invoice_count == 1
                else tr("{n} fatture emesse e registrate", n=formats.number(run.invoice_count))
            )
            words = tr("Finché nessun file è inviato, l'intero lancio si può annullare.")
            self.foot_detail.setText(tr("File già inviati: per correggere servono note di credito.") if files.sent else words)

    # -- rows
    def _show_ticks(self) -> None:
        held = frozenset(row.row_id for row in self.rows.table.rows() if row.invoice_id is not None and not row.is_excluded)
        table = self.rows.table
        blocked = table.blockSignals(True)
        table.set_ticks(Ticks(keys=held))
        table.blockSignals(blocked)

    def _on_ticked(self, ticks: Ticks) -> None:
        if self.run is None or self.run.state != "preview" or not self._workplace.may("billing.prepare"):
            self._show_ticks()
            return
        rows: list[RunDocument] = [row for row in self.rows.table.rows() if row.invoice_id is not None and not row.is_blocked]
        out = [row for row in rows if not row.is_excluded and not ticks.holds(row.row_id)]
        back = [row for row in rows if row.is_excluded and ticks.holds(row.row_id)]
        if out:
            self.work.ask_reason(out)
        elif back:
            self.work.include(back)
        else:
            self._show_ticks()

    def restore_ticks(self) -> None:
        self._show_ticks()

    def _on_tile_chosen(self, mark: str) -> None:
        others = tuple(one for one in self.rows.query().filters if one.key not in MARKS)
        chosen = (Filter(mark, "=", (True,)),) if mark else ()
        self.rows.set_query(ListQuery((*others, *chosen)))

    def _on_rows_query_changed(self, query: ListQuery) -> None:
        self.tiles.show_chosen(next((one.key for one in query.filters if one.key in MARKS), ""))

    def _on_invoices_wanted(self) -> None:
        self.invoices_wanted.emit(ListQuery((Filter("run_id", "=", (self.run_id,)),)))

    # -- words
    def confirm(self) -> None:
        """Ctrl+Enter: the primary button of the step."""
        if self.stack.currentIndex() == FORM:
            self.form.prepare()
        elif self.confirm_button.isVisible() and self.confirm_button.isEnabled():
            self.confirm_button.click()

    def show_error(self, error: AppError) -> None:
        """Errors stand where they happened."""
        if isinstance(error, Cancelled):
            self.message.set_message("info", tr("Annullato: nulla è stato scritto."))
        elif error.key == "run_cannot_be_undone":
            self.message.set_message("warning", obstacle_text(str(error.values.get("obstacle", ""))))
        else:
            self.message.set_message("negative", error_text(error))
