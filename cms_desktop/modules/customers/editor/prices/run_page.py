"""A price run on the screen: parameters, preview, confirmation, letters, undo."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QWidget

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError, Cancelled
from cms_desktop.core.listing import Filter, ListQuery, Page, Totals
from cms_desktop.modules.customers.editor.prices.run_form import PriceRunForm
from cms_desktop.modules.customers.editor.prices.run_work import PriceRunWork
from cms_desktop.modules.customers.editor.prices.words import line_columns, reason_text, run_states
from cms_desktop.modules.customers.pricing import queries
from cms_desktop.modules.customers.pricing.records import PriceRun, PriceRunRow, ReasonCount
from cms_desktop.modules.customers.pricing.rules import RULES_OUT
from cms_desktop.ui.basics import IconLabel, Keycap, boxed, button, column, label, row
from cms_desktop.ui.chips import StatusChip
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage
from cms_desktop.ui.filter_tiles import FilterTile, FilterTiles
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.record_table import Noun
from cms_desktop.ui.record_table.model import Ticks
from cms_desktop.ui.steps import Stepper
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("customers")
FORM, BODY = 0, 1
IN, OUT, BILLED = "is_in", "is_out", "is_billed"


@dataclass(frozen=True)
class _Shown:
    run: PriceRun | None
    reasons: Sequence[ReasonCount]
    billed: int


class Figures(QFrame):
    """Prices, what the lines cost a month before and after, the difference."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.setFixedHeight(76)
        self._figures: list[tuple[QLabel, QLabel]] = []
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        names = (
            tr("Prezzi che cambiano"),
            tr("Canoni al mese prima"),
            tr("Canoni al mese dopo"),
            tr("Differenza al mese"),
            tr("Decorrenza"),
        )
        for place, name in enumerate(names):
            if place:
                layout.addStretch(1)
            value, note = label("", "title"), label("", "small", "3")
            self._figures.append((value, note))
            layout.addLayout(column(label(name, "small", "2"), value, note, spacing=0))

    def show_run(self, run: PriceRun) -> None:
        difference = run.new_amount - run.old_amount
        percent = formats.signed(100 * difference / run.old_amount, 2, "%") if run.old_amount else ""
        index = tr("indice {month}", month=f"{run.index_on:%m/%Y}") if run.index_on else ""
        texts = (
            (
                formats.number(run.line_count),
                (tr("in 1 contratto") if run.contract_count == 1 else tr("in {n} contratti", n=formats.number(run.contract_count))),
            ),
            (formats.money(run.old_amount), ""),
            (formats.money(run.new_amount), percent),
            (formats.signed(difference, unit="€"), tr("{amount} all'anno", amount=formats.signed(difference * 12, unit="€"))),
            (formats.date(run.effective_on), index),
        )
        for (value, note), (text, words) in zip(self._figures, texts, strict=True):
            value.setText(text)
            note.setText(words)


class PriceRunPage(QWidget):
    """One run at a time. `left` when the person goes back to the list."""

    left = Signal()
    loaded = Signal()
    contract_wanted = Signal(int, int)  # customer, contract

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.run: PriceRun | None = None
        self.run_id = 0
        self.work = PriceRunWork(self, workplace)
        self.form, self.rows = PriceRunForm(workplace), self._make_rows()
        self.title, self.number, self.state = label("", "title"), label("", "body", "3"), StatusChip("", "neutral")
        self.stepper = Stepper([tr("Parametri"), tr("Anteprima"), tr("Conferma"), tr("Lettere")])
        self.message = InlineMessage("negative", "", closable=True)
        self.message.hide()
        self.figures = Figures()
        self.tiles = FilterTiles(
            (
                FilterTile(IN, tr("Cambiano"), "percent", "positive"),
                FilterTile(OUT, tr("Restano fuori"), "minus", "neutral"),
                FilterTile(BILLED, tr("Già in fattura"), "receipt-euro", "warning"),
            )
        )
        self.reasons = label("", "small", "2", wrap=True)
        self._make_foot()
        self._arrange()
        self._connect()

    def _make_rows(self) -> ListPage:
        page = ListPage(
            self._workplace.background,
            line_columns(),
            self._load_rows,
            self._sum_rows,
            name="customers.price_run_line",
            record_key=lambda line: line.row_id,
            noun=Noun(tr("prezzo"), tr("prezzi")),
            empty=lambda: EmptyState("percent", tr("Nessun prezzo da cambiare"), tr("I filtri della variazione non trovano nessuna riga.")),
            settings=self._workplace.settings,
            filter_names={IN: tr("Cambiano"), BILLED: tr("Già in fattura"), "reason": tr("Restano fuori")},
            checkable=True,
            search=True,
        )
        page.views_bar.setVisible(bool(page.views_bar.views()))  # rows of one run: nothing to keep a view of
        page.loaded.connect(self.show_ticks)
        page.table.checked_changed.connect(self._on_ticked)
        page.row_opened.connect(lambda line: self.contract_wanted.emit(line.customer_id, line.contract_id))
        return page

    def _make_foot(self) -> None:
        self.foot_mark = IconLabel("shield-check", 18, "positive_fill", 2)
        self.foot_title, self.foot_detail = label("", "small-medium"), label("", "small", "3")
        self.discard_button = button(tr("Scarta anteprima"))
        self.undo_button = button(tr("Annulla la variazione"), "danger", "undo-2")
        self.letters_button = button(tr("Lettere ai clienti"), "primary", "mail", tip=tr("Lettere ai clienti in PDF (F9)"))
        self.confirm_button = button("", "primary", "check", size="large", tip=tr("Conferma (Ctrl+↵)"))
        self.confirm_keys = Keycap("Ctrl", "↵")

    def _arrange(self) -> None:
        back = button("", "icon", "arrow-left", tip=tr("Tutte le variazioni (Alt+←)"))
        back.clicked.connect(self.left)
        head = boxed(row(back, self.title, self.number, self.state, None, self.stepper, spacing=8))
        head.setFixedHeight(36)
        rows_card = boxed(column(self.rows, margins=(1, 1, 1, 1)), card="true")
        body = column(self.figures, self.tiles, self.reasons, rows_card, spacing=12)
        body.setStretchFactor(rows_card, 1)
        body_box, form_box = QWidget(), QWidget()
        body_box.setLayout(body)
        form_box.setLayout(column(self.form, None))
        self.stack = QStackedWidget()
        self.stack.addWidget(form_box)
        self.stack.addWidget(body_box)
        words = column(None, self.foot_title, self.foot_detail, None, spacing=0)
        buttons = (self.discard_button, self.undo_button, self.letters_button, self.confirm_button, self.confirm_keys)
        self.foot = boxed(row(self.foot_mark, words, None, *buttons, spacing=10, margins=(16, 8, 16, 8)), panel="true")
        self.foot.setFixedHeight(64)
        middle = column(head, self.message, self.stack, spacing=10, margins=(16, 12, 16, 12))
        middle.setStretchFactor(self.stack, 1)
        whole = column(middle, self.foot, spacing=0)
        whole.setStretchFactor(middle, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        self.form.prepare_wanted.connect(self.work.prepare)
        self.form.left.connect(self.left)
        self.tiles.chosen.connect(self._on_tile_chosen)
        self.discard_button.clicked.connect(self.work.discard)
        self.undo_button.clicked.connect(self.work.undo)
        self.letters_button.clicked.connect(self.work.write_letters)
        self.confirm_button.clicked.connect(self.work.confirm)

    # -- what is shown
    def new_run(self, kind: str = "tariff") -> None:
        """The first step: parameters."""
        self.run, self.run_id = None, 0
        self.title.setText(tr("Nuova variazione di prezzi"))
        self.number.setText("")
        self.state.hide()
        self.message.hide()
        self.foot.hide()
        self.stepper.set_active(0)
        self.stack.setCurrentIndex(FORM)
        self.form.start(kind)

    def show_run(self, run_id: int) -> None:
        if run_id != self.run_id:
            self.message.hide()
        self.run_id = run_id
        self.stack.setCurrentIndex(BODY)
        self.tiles.show_chosen("")
        self.rows.set_query(ListQuery())
        self._load_run()

    def reload(self) -> None:
        if self.run_id:
            self.rows.reload()
            self._load_run()

    def _load_run(self) -> None:
        run_id, billed = self.run_id, ListQuery((Filter(BILLED, "=", (True,)),))

        def work(unit: Any) -> _Shown:
            run = queries.find_price_run(unit, run_id)
            is_confirmed = run is not None and run.state == "confirmed"
            return _Shown(
                run, queries.count_reasons(unit, run_id), queries.sum_run_lines(unit, run_id, billed).count if is_confirmed else 0
            )

        self._workplace.background.run(self, work, then=self._show, failed=self.show_error, key="run")

    def _load_rows(self, unit: Any, query: ListQuery, after: tuple[object, ...] | None) -> Page[Any]:
        return queries.list_run_lines(unit, self.run_id, query, after)

    def _sum_rows(self, unit: Any, query: ListQuery) -> Totals:
        return queries.sum_run_lines(unit, self.run_id, query)

    def _show(self, shown: _Shown) -> None:
        run = shown.run
        if run is None or run.run_id != self.run_id:
            return
        self.run = run
        words, tone = run_states()[run.state]
        self.title.setText(run.title)
        self.number.setText(run.number)
        self.state.set_state(words, tone)
        self.state.show()
        self.stepper.set_active({"preview": 1, "confirmed": 3}.get(run.state, 0))
        self.figures.show_run(run)
        self.tiles.tiles[IN].set_figures(formats.number(run.line_count), formats.signed(run.new_amount - run.old_amount, unit="€"))
        self.tiles.tiles[OUT].set_figures(formats.number(run.excluded_count), "")
        self.tiles.tiles[BILLED].set_figures(formats.number(shown.billed), "")
        self.tiles.tiles[BILLED].setVisible(run.state == "confirmed")
        reasons = " · ".join(f"{reason_text(one.reason)} {formats.number(one.count)}" for one in shown.reasons)
        self.reasons.setText(tr("Fuori: {reasons}", reasons=reasons))
        self.reasons.setVisible(bool(reasons))
        self._show_foot(run, shown.billed)
        self.loaded.emit()

    def _show_foot(self, run: PriceRun, billed: int) -> None:
        may = self._workplace.may("customers.reprice")
        is_preview, is_confirmed = run.state == "preview", run.state == "confirmed"
        self.foot.setVisible(is_preview or is_confirmed)
        self.discard_button.setVisible(is_preview and may)
        self.confirm_button.setVisible(is_preview and may)
        self.confirm_keys.setVisible(is_preview and may)
        self.confirm_button.setEnabled(run.line_count > 0)
        self.confirm_button.setText(
            "\u2004" + (tr("Conferma 1 prezzo") if run.line_count == 1 else tr("Conferma {n} prezzi", n=formats.number(run.line_count)))
        )
        self.undo_button.setVisible(is_confirmed and may and not billed)
        self.letters_button.setVisible(is_confirmed)
        if is_preview:
            self.foot_mark.set_icon("shield-check", "positive_fill")
            self.foot_title.setText(tr("Nessun prezzo è ancora cambiato"))
            self.foot_detail.setText(tr("Togli la spunta a una riga per lasciarla fuori; quello che è già fatturato non si tocca."))
        elif is_confirmed:
            self.foot_mark.set_icon("circle-check", "positive_fill")
            who = (run.confirmed_by, _moment(run.confirmed_at))
            self.foot_title.setText(
                tr("1 prezzo confermato da {who} il {when}", who=who[0], when=who[1])
                if run.line_count == 1
                else tr("{n} prezzi confermati da {who} il {when}", n=formats.number(run.line_count), who=who[0], when=who[1])
            )
            told = tr("Lettere fatte il {when}.", when=_moment(run.letters_at)) if run.letters_at else tr("Lettere ancora da fare.")
            stuck = (
                tr("1 prezzo è già in fattura: l'intera variazione non si annulla più.")
                if billed == 1
                else tr("{n} prezzi sono già in fattura: l'intera variazione non si annulla più.", n=formats.number(billed))
            )
            self.foot_detail.setText(f"{told} {stuck}" if billed else told)

    # -- rows
    def show_ticks(self) -> None:
        """Ticked: the lines that change."""
        table = self.rows.table
        blocked = table.blockSignals(True)
        table.set_ticks(Ticks(keys=frozenset(line.row_id for line in table.rows() if not line.reason)))
        table.blockSignals(blocked)

    def _on_ticked(self, ticks: Ticks) -> None:
        if self.run is None or self.run.state != "preview" or not self._workplace.may("customers.reprice"):
            self.show_ticks()
            return
        lines: list[PriceRunRow] = [line for line in self.rows.table.rows() if line.reason not in RULES_OUT]
        out = [line for line in lines if not line.reason and not ticks.holds(line.row_id)]
        back = [line for line in lines if line.reason and ticks.holds(line.row_id)]
        if out:
            self.work.ask_reason(out)
        elif back:
            self.work.include(back)
        else:
            self.show_ticks()

    def _on_tile_chosen(self, mark: str) -> None:
        others = tuple(one for one in self.rows.query().filters if one.key not in (IN, BILLED))
        chosen = {IN: Filter(IN, "=", (True,)), OUT: Filter(IN, "=", (False,)), BILLED: Filter(BILLED, "=", (True,))}.get(mark)
        self.rows.set_query(ListQuery((*others, chosen) if chosen else others))

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
            self.message.set_message("info", tr("Annullato: nessun prezzo è cambiato."))
            return
        self.message.set_message("negative", error_text(error))
        if error.key == "price_run_cannot_be_undone":
            self.tiles.show_chosen(BILLED)
            self._on_tile_chosen(BILLED)


def _moment(when: datetime.datetime | None) -> str:
    return when.astimezone().strftime("%d/%m/%Y %H:%M") if when else ""
