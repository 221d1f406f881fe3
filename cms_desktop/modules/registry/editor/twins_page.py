"""Doppioni: pairs to decide about, and the merges that were done, to take one back."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QWidget

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError
from cms_desktop.modules.registry import actions, columns, queries
from cms_desktop.modules.registry.editor.merging import Merging
from cms_desktop.modules.registry.records import MergeRow, TwinPair
from cms_desktop.ui.basics import button, column
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage, ask
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.record_table import Noun
from cms_desktop.ui.translation import one_or_many, translator
from cms_desktop.ui.workplace import Workplace

tr = translator("registry")


class TwinsPage(QWidget):
    """Enter merges the pair, Del says they are two; below, Enter on a merge takes it back."""

    tables = columns.TWIN_TABLES
    loaded = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        may = workplace.may("registry.merge")
        self.merging = Merging(self, workplace, lambda _survivor: self.reload())
        self.problem = InlineMessage("negative", "")
        self.problem.hide()
        self.merge_button = button(tr("Unisci"), "quiet", "git-merge", size="small", tip=tr("Unisci la coppia scelta (Invio)"))
        self.different_button = button(tr("Sono due persone"), "quiet", "users-round", size="small", tip=tr("Non proporla più (Canc)"))
        self.look_button = button(tr("Cerca doppioni"), "quiet", "scan-search", size="small", tip=tr("Confronta tutte le anagrafiche"))
        self.merge_button.clicked.connect(self.merge)
        self.different_button.clicked.connect(self.declare_different)
        self.look_button.clicked.connect(self.look)
        for one in (self.merge_button, self.look_button):
            one.setEnabled(may)
        self.different_button.setEnabled(workplace.may("registry.write"))
        text = tr("Le coppie arrivano qui quando si salva un'anagrafica simile a un'altra, oppure con «Cerca doppioni».")
        self.list = ListPage(
            workplace.background, columns.twin_columns(), queries.list_twin_pairs, queries.sum_twin_pairs, name="registry.twin",
            record_key=lambda row: row.twin_id, noun=Noun("coppia", "coppie", feminine=True),
            empty=lambda: EmptyState("users-round", tr("Nessun doppione sospetto"), text, self._look_again()), settings=workplace.settings,
            tables=columns.TWIN_TABLES, actions=[self.merge_button, self.different_button, self.look_button],
        )  # fmt: skip
        self.merges = ListPage(
            workplace.background, columns.merge_columns(), queries.list_merges, queries.sum_merges, name="registry.merge",
            record_key=lambda row: row.merge_id, noun=Noun("unione", "unioni", feminine=True),
            empty=lambda: EmptyState("git-merge", tr("Nessuna unione"), tr("Qui resta ogni unione, con la via per tornare indietro.")),
            settings=workplace.settings, tables=columns.TWIN_TABLES,
        )  # fmt: skip
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.list)
        split.addWidget(self.merges)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(1)
        split.setSizes([6000, 4000])
        self.setLayout(column(self.problem, split, spacing=0))
        self.setFocusProxy(self.list)
        self.list.row_opened.connect(self._on_opened)
        self.merges.row_opened.connect(self._on_merge_opened)
        self.list.loaded.connect(self.loaded)
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.list)
        delete.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        delete.activated.connect(self.declare_different)

    def _look_again(self) -> QWidget:
        result = button(tr("Cerca doppioni"), "primary", "scan-search")
        result.setEnabled(self._workplace.may("registry.merge"))
        result.clicked.connect(self.look)
        return result

    def reload(self) -> None:
        self.list.reload()
        self.merges.reload()

    def merge(self) -> None:
        rows = self.list.table.selected()
        if rows:
            self._on_opened(rows[0])

    def _on_opened(self, pair: TwinPair) -> None:
        if self._workplace.may("registry.merge"):
            self.merging.begin(pair.party_id, pair.other_id)

    def declare_different(self) -> None:
        """The chosen pairs are not twins; they are not proposed again."""
        chosen = list(self.list.table.selected())
        if not chosen or not self._workplace.may("registry.write"):
            return

        def work(unit: Any) -> int:
            for pair in chosen:
                actions.declare_different(unit, pair.twin_id, row_version=pair.row_version)
            return len(chosen)

        self._run(work, lambda count: tr("1 coppia messa da parte") if count == 1 else tr("{n} coppie messe da parte", n=count))

    def look(self) -> None:
        """Compare all parties of the company."""
        self.look_button.setEnabled(False)
        self._run(
            actions.look_for_twins, lambda count: tr("1 coppia nuova") if count == 1 else tr("{n} coppie nuove", n=formats.number(count))
        )

    def _run(self, work: Any, words: Any) -> None:
        def done(count: int) -> None:
            self.problem.hide()
            self._workplace.say("positive", words(count))
            self._settle()

        def failed(error: AppError) -> None:
            self.problem.set_message("negative", error_text(error))
            self._settle()

        self._workplace.background.run(self, work, then=done, failed=failed, key="work")

    def _settle(self) -> None:
        self.look_button.setEnabled(self._workplace.may("registry.merge"))
        self.reload()

    def _on_merge_opened(self, row: MergeRow) -> None:
        if row.undone_at is not None or not self._workplace.may("registry.merge"):
            return
        if ask(
            self,
            tr("Annullare l'unione?"),
            one_or_many(
                row.moved_rows,
                tr("«{merged}» torna un'anagrafica a sé, con la sua riga.", merged=row.merged_name),
                tr("«{merged}» torna un'anagrafica a sé, con le sue {n} righe.", merged=row.merged_name, n=formats.number(row.moved_rows)),
            ),
            tr("Annulla l'unione"),
        ):
            self.merging.undo(row.merge_id, row.survivor_id)
