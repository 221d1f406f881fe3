"""Controlla prima dell'invio: every document that could leave, what the exchange system would refuse, and the button that sends the others."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError, Cancelled
from cms_desktop.core.listing import Totals
from cms_desktop.modules.billing.columns.outbox import check_columns, problem_text
from cms_desktop.modules.billing.delivery import check, queries
from cms_desktop.modules.billing.delivery.records import CheckedDocument, SendCheck
from cms_desktop.ui.basics import ElidedLabel, IconLabel, boxed, button, column, label, row, rule
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage
from cms_desktop.ui.filter_tiles import FilterTile, FilterTiles
from cms_desktop.ui.record_table import Noun, RecordTable
from cms_desktop.ui.translation import one_or_many, translator
from cms_desktop.ui.workplace import Workplace

from .delivery_work import DeliveryWork

tr = translator("billing")
AT_ONCE = 3_000  # documents that are checked without being asked
WIDTH = 420


class SendCheckPage(QWidget):
    """Tiles filter the rows; the detail says all that is wrong with the chosen document."""

    loaded = Signal()
    invoice_wanted = Signal(int)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.tables = frozenset({"billing.transmission", "billing.invoice", "base.parameter"})
        self.found: SendCheck | None = None
        self.work = DeliveryWork(self, workplace, self.check)
        self.tiles = FilterTiles((
            FilterTile("wrong", tr("Da correggere"), "circle-alert", "negative"),
            FilterTile("no_file", tr("Senza file"), "file-code", "warning"),
            FilterTile("ready", tr("Possono partire"), "circle-check", "positive"),
            FilterTile("late", tr("Oltre il termine d'invio"), "calendar-clock", "warning"),
        ))  # fmt: skip
        self.tiles.chosen.connect(lambda _mark: self._show_rows())
        self.message = InlineMessage("info", "")
        self.message.hide()
        self.table = RecordTable(
            check_columns(), record_key=lambda one: one.invoice_id, noun=Noun(tr("documento"), tr("documenti")), filters=False
        )
        self.table.selection_changed.connect(lambda chosen: self._show_detail(chosen[0] if len(chosen) == 1 else None))
        self.table.row_opened.connect(lambda one: self.invoice_wanted.emit(one.invoice_id))
        self.rows = QStackedWidget()
        self.rows.addWidget(self.table)
        self.rows.addWidget(self._empty())
        self.note = label("", "small", "2")
        self.files_button = button(tr("Crea i file mancanti"), "", "file-code")
        self.lot_button = button(tr("Salva in lotti zip"), "", "package", tip=tr("Pochi archivi zip al posto di molti file"))
        self.pec_button = button(tr("Metti in uscita per PEC"), "primary", "send")
        self.folder_button = button(tr("Salva nella cartella di scambio"), "primary", "folder-output")
        self.files_button.clicked.connect(lambda: self.work.make_files())
        self.lot_button.clicked.connect(lambda: self.work.export(self._ready_ids(), lots=True))
        for one in (self.pec_button, self.folder_button):
            one.clicked.connect(self.send)
        self._detail_body = QVBoxLayout()
        self._detail_body.setContentsMargins(0, 0, 0, 0)
        self._detail_body.setSpacing(0)
        self._lay_out()

    def _lay_out(self) -> None:
        foot = row(
            self.note, None, self.files_button, self.lot_button, self.folder_button, self.pec_button, spacing=8, margins=(16, 8, 16, 10)
        )
        inside = column(self.rows, rule(), foot, spacing=0, margins=(1, 1, 1, 1))
        inside.setStretchFactor(self.rows, 1)
        card = boxed(inside, card="true")
        self.number, self.customer = ElidedLabel("", "title"), ElidedLabel("", "small", "2")
        self.open_button = button(tr("Apri la fattura"), "", "receipt-euro")
        self.open_button.clicked.connect(self._on_open)
        self._detail = boxed(
            column(
                column(self.number, self.customer, row(self.open_button, None), spacing=6, margins=(16, 12, 16, 12)), rule(),
                self._detail_body, None, spacing=0, margins=(1, 1, 1, 1),
            ),
            card="true",
        )  # fmt: skip
        self._detail.setFixedWidth(WIDTH)
        self._detail.hide()
        body = row(card, self._detail, spacing=12)
        body.setStretchFactor(card, 1)
        layout = column(self.tiles, self.message, body, spacing=12, margins=(16, 12, 16, 16))
        layout.setStretchFactor(body, 1)
        self.setLayout(layout)
        self.setFocusProxy(self.table)

    @staticmethod
    def _empty() -> QWidget:
        return EmptyState("circle-check", tr("Niente da inviare"), tr("Tutte le fatture emesse sono già partite, o non ce ne sono ancora."))

    # -- checking
    def reload(self) -> None:
        """Few documents are checked at once; many when the person asks."""
        self._workplace.background.run(self, self._first_look, then=self._on_first_look, failed=self._on_failed, key="check")

    @staticmethod
    def _first_look(unit: Any) -> SendCheck | int:
        waiting = queries.count_waiting(unit)
        return check.check_waiting(unit) if waiting <= AT_ONCE else waiting

    def _on_first_look(self, found: SendCheck | int) -> None:
        if isinstance(found, SendCheck):
            self._show(found)
        elif self.found is None:
            words = one_or_many(
                found,
                tr("1 file aspetta di partire: premi «Controlla» per esaminarlo."),
                tr("{n} file aspettano di partire: premi «Controlla» per esaminarli tutti.", n=formats.number(found)),
            )
            self.message.set_message("info", words)
            self.message.show()
            self.loaded.emit()

    def check(self) -> None:
        """All documents, with progress and a way to stop."""
        self.work.check(self._show)

    def _show(self, found: SendCheck) -> None:
        self.found = found
        for mark, count in (("wrong", found.wrong), ("no_file", found.no_file), ("ready", found.ready), ("late", found.late)):
            self.tiles.tiles[mark].set_figures(formats.number(count), "")
        if found.wrong:
            words = tr(
                "Quello che lo SdI scarterebbe non parte: correggi secondo le indicazioni e ricontrolla. Il resto può partire subito."
            )
            self.message.set_message("warning", words)
        self.message.setVisible(bool(found.wrong))
        is_pec = found.channel == "pec"
        self.pec_button.setVisible(is_pec)
        self.folder_button.setVisible(not is_pec)
        self.lot_button.setVisible(not is_pec)
        may = self._workplace.may("billing.send")
        for one in (self.pec_button, self.folder_button, self.lot_button):
            one.setEnabled(may and found.ready > 0)
        self.files_button.setVisible(found.no_file > 0 and self._workplace.may("billing.issue"))
        self.note.setText(tr("Invio per PEC, attraverso gli Invii") if is_pec else tr("Invio per cartella di scambio con l'intermediario"))
        self._show_rows()
        self.loaded.emit()

    def _chosen_mark(self) -> str:
        return next((mark for mark, tile in self.tiles.tiles.items() if tile.isChecked()), "")

    def _show_rows(self) -> None:
        if self.found is None:
            return
        mark, rows = self._chosen_mark(), list(self.found.rows)
        if mark == "late":
            last = check.last_day_in_time()
            rows = [one for one in rows if one.document_on < last]
        elif mark:
            rows = [one for one in rows if one.state == mark]
        self.table.set_rows(rows)
        self.rows.setCurrentIndex(0 if self.found.rows else 1)
        counts = {"wrong": self.found.wrong, "no_file": self.found.no_file, "ready": self.found.ready, "late": self.found.late}
        self.table.set_totals(Totals(counts[mark] if mark else self.found.wrong + self.found.no_file + self.found.ready))

    def _show_detail(self, chosen: CheckedDocument | None) -> None:
        self._detail.setVisible(chosen is not None and bool(chosen.problems))
        while self._detail_body.count():
            item = self._detail_body.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        if chosen is None:
            return
        self.number.setText(chosen.number)
        self.customer.setText(chosen.customer)
        for place, one in enumerate(chosen.problems):
            title = tr("Codice SdI {code}", code=one.code) if one.code else tr("Controllo nostro")
            text = label(problem_text(one), "small", "2", wrap=True)
            words = column(label(title, "strong"), text, spacing=2)
            line = boxed(row(IconLabel("circle-alert", 18, "negative_fill"), words, spacing=12, margins=(16, 12, 16, 12)))
            self._detail_body.addWidget(line)
            if place < len(chosen.problems) - 1:
                self._detail_body.addWidget(rule())

    def _on_open(self) -> None:
        chosen = self.table.current()
        if chosen is not None:
            self.invoice_wanted.emit(chosen.invoice_id)

    # -- sending
    def _ready_ids(self) -> list[int] | None:
        """The files that may leave; None for all, when there are more than the page shows."""
        assert self.found is not None
        shown = [one.transmission_id for one in self.found.rows if one.state == "ready" and one.transmission_id is not None]
        return shown if len(shown) == self.found.ready else None

    def send(self) -> None:
        if self.found is None or not self.found.ready:
            return
        if self.found.channel == "pec":
            self.work.queue_by_pec(self._ready_ids())
        else:
            self.work.export(self._ready_ids(), lots=False)

    def _on_failed(self, error: AppError) -> None:
        if not isinstance(error, Cancelled):
            self.message.set_message("negative", error_text(error))
            self.message.show()
        self.loaded.emit()
