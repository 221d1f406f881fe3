"""Distinte: the list of batches and, beside it, the one selected with its effects and what can be done with it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError
from cms_desktop.core.listing import MOST_ROWS, Filter, ListQuery, Totals
from cms_desktop.modules.bank_effects import actions, queries
from cms_desktop.modules.bank_effects.columns import batch_columns, batch_state, detail_columns
from cms_desktop.modules.bank_effects.editor.saving import save_file
from cms_desktop.modules.bank_effects.records import BankFile, BatchRow, EffectRow
from cms_desktop.ui.basics import boxed, button, column, label, row, rule
from cms_desktop.ui.chips import StatusChip
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage, ask
from cms_desktop.ui.list_export import ListExport
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.record_table import Noun, RecordTable
from cms_desktop.ui.saved_views import SavedView
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("bank_effects")
DETAIL_WIDTH = 440


class BatchPage(QWidget):
    loaded = Signal()
    presentation_wanted = Signal()
    tables = frozenset({"bank_effects.effect_batch", "bank_effects.effect"})

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.batch: BatchRow | None = None
        self._wanted: int | str | None = None
        views = [
            SavedView(tr("Tutte"), ListQuery()),
            SavedView(tr("Da presentare"), queries.batches_in_state("open")),
            SavedView(tr("Presentate"), queries.batches_in_state("presented")),
        ]
        self.list = ListPage(
            workplace.background, batch_columns(), queries.list_batches, queries.sum_batches, name="bank_effects.effect_batch",
            record_key=lambda record: record.effect_batch_id, noun=Noun(tr("distinta"), tr("distinte"), feminine=True),
            empty=self._nothing_yet, settings=workplace.settings, views=views, search=True, tables=self.tables,
            filter_names={"bank_account_id": tr("Banca"), "created_on": tr("Creata il")},
        )  # fmt: skip
        ListExport(self.list, workplace)
        self.list.selection_changed.connect(self._on_selection)
        self.list.loaded.connect(self._on_list_loaded)
        self._build_detail()
        body = row(self.list, self.detail, spacing=0)
        body.setStretchFactor(self.list, 1)
        self.setLayout(body)
        self.show_batch(None)

    def _nothing_yet(self) -> QWidget:
        start = button(tr("Nuova presentazione"), "primary", "plus")
        start.clicked.connect(self.presentation_wanted)
        return EmptyState("landmark", tr("Nessuna distinta"), tr("Le presentazioni alla banca appaiono qui, con il loro file."), start)

    def _build_detail(self) -> None:
        self.title, self.chip = label("", "title"), StatusChip("")
        self.facts: QLabel = label("", "small", "2", wrap=True)
        self.problem = InlineMessage("negative", "")
        self.problem.hide()
        self.effects = RecordTable(
            detail_columns(), record_key=lambda record: record.effect_id, noun=Noun(tr("effetto"), tr("effetti")), filters=False
        )
        self.effects.row_opened.connect(self._on_customer)
        self.file_button = button(tr("Crea il file"), "primary", "file-check")
        self.file_button.clicked.connect(self.make_file)
        self.save_button = button(tr("Salva il file…"), "primary", "download")
        self.save_button.clicked.connect(self.save_again)
        self.cancel_button = button(tr("Annulla la distinta"), "danger", "trash-2")
        self.cancel_button.clicked.connect(self.cancel_batch)
        head = row(self.title, self.chip, None, spacing=12, margins=(16, 14, 16, 0))
        foot = row(self.cancel_button, None, self.file_button, self.save_button, margins=(16, 10, 16, 12))
        words = column(self.facts, self.problem, spacing=8, margins=(16, 6, 16, 10))
        layout = column(head, words, rule(), self.effects, foot, spacing=0)
        layout.setStretchFactor(self.effects, 1)
        self.detail = boxed(layout, card="true")
        self.detail.setFixedWidth(DETAIL_WIDTH)

    # -- list
    def reload(self) -> None:
        self.list.reload()

    def show_record(self, wanted: int | str) -> None:
        """Select a batch by id or number as soon as the list is there."""
        self._wanted = wanted
        self.list.set_query(ListQuery())
        self.list.reload()

    def _on_list_loaded(self) -> None:
        rows = self.list.table.rows()
        if self._wanted is not None:
            found = next((one for one in rows if self._wanted in (one.effect_batch_id, one.number)), None)
            self._wanted = None
            if found is not None:
                self.list.select(found.effect_batch_id)
                self.show_batch(found)
        elif self.batch is not None:
            self.show_batch(next((one for one in rows if one.effect_batch_id == self.batch.effect_batch_id), None))
        elif rows:
            self.list.select(rows[0].effect_batch_id)
            self.show_batch(rows[0])
        self.loaded.emit()

    def _on_selection(self, rows: list[BatchRow]) -> None:
        if rows and rows[0] != self.batch:
            self.show_batch(rows[0])

    # -- detail
    def show_batch(self, batch: BatchRow | None) -> None:
        self.batch = batch
        self.detail.setVisible(batch is not None)
        if batch is None:
            return
        self.problem.hide()
        self.title.setText(batch.number)
        self.chip.set_state(*batch_state(batch.state))
        self.facts.setText(_facts(batch))
        may = self._workplace.may("bank_effects.generate")
        self.file_button.setVisible(batch.state == "open" and may)
        self.cancel_button.setVisible(batch.state == "open" and may)
        self.save_button.setVisible(batch.state == "presented")
        query = ListQuery((Filter("effect_batch_id", "=", (batch.effect_batch_id,)),))
        self._workplace.background.run(self, lambda unit: _effects_of(unit, query), then=self._show_effects, key="effects")

    def _show_effects(self, found: tuple[list[EffectRow], Totals]) -> None:
        rows, totals = found
        self.effects.set_rows(rows)
        self.effects.set_totals(totals)

    def _on_customer(self, effect: EffectRow) -> None:
        self._workplace.go_to("customers", "customers", record=effect.customer_id)

    # -- doing
    def make_file(self) -> None:
        """Make the file of the open batch; it is then presented."""
        batch = self.batch
        if batch is None or not self.file_button.isVisibleTo(self):
            return
        title = tr("Presentare la distinta {number}?", number=batch.number)
        if ask(self, title, tr("Il file viene conservato com'è e la distinta non si annulla più."), tr("Crea il file")):
            self._run(lambda unit: actions.make_file(unit, batch.effect_batch_id), self._save)

    def save_again(self) -> None:
        """The file as it was presented, byte for byte."""
        batch = self.batch
        if batch is not None and batch.state == "presented":
            self._run(lambda unit: queries.find_file(unit, batch.effect_batch_id), self._save)

    def cancel_batch(self) -> None:
        batch = self.batch
        if batch is None or batch.state != "open":
            return
        title = tr("Annullare la distinta {number}?", number=batch.number)
        text = tr("Gli effetti ({n}) tornano da presentare. Il numero della distinta non si riusa.", n=formats.number(batch.effect_count))
        if ask(self, title, text, tr("Annulla la distinta"), "negative", cancel=tr("Tienila")):
            self._run(lambda unit: actions.cancel_batch(unit, batch.effect_batch_id), lambda _done: self.reload())

    def _run(self, work: Any, then: Any) -> None:
        self._workplace.background.run(self, work, then=then, failed=self._on_failed, key="action")

    def _save(self, file: BankFile) -> None:
        try:
            save_file(self._workplace, self, file)
        except OSError as error:
            reason = error.strerror or str(error)
            self.problem.set_message("negative", tr("Il file non si può scrivere qui: {reason}. Scegli un'altra cartella.", reason=reason))
        self.reload()

    def _on_failed(self, error: AppError) -> None:
        self.problem.set_message("negative", error_text(error))


def _effects_of(unit: Any, query: ListQuery) -> tuple[list[EffectRow], Totals]:
    rows: list[EffectRow] = []
    page = queries.list_effects(unit, query)
    rows += page.rows
    while page.after is not None and len(rows) < MOST_ROWS:
        page = queries.list_effects(unit, query, page.after)
        rows += page.rows
    return rows, queries.sum_effects(unit, query)


def _facts(batch: BatchRow) -> str:
    lines = [
        tr(
            "{bank}, scadenze dal {first} al {last}",
            bank=batch.bank_name,
            first=formats.date(batch.due_from),
            last=formats.date(batch.due_to),
        ),
        tr("Creata da {name} il {day}", name=batch.created_by or "–", day=formats.date(batch.created_at.astimezone())),
    ]
    if batch.presented_at is not None:
        when = batch.presented_at.astimezone()
        lines.append(
            tr("Presentata da {name} il {day} alle {time}", name=batch.presented_by or "–", day=formats.date(when), time=f"{when:%H:%M}")
        )
        lines.append(tr("File {name}", name=batch.file_name))
    return "\n".join(lines)
