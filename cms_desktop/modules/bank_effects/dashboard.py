"""The dashboard of bank effects. Every figure opens exactly the rows behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from cms_desktop.core import formats
from cms_desktop.modules.bank_effects import queries, rules
from cms_desktop.modules.bank_effects.columns import batch_columns
from cms_desktop.modules.bank_effects.records import DashboardFigures
from cms_desktop.ui.basics import boxed, button, column, label
from cms_desktop.ui.cards import Card, CheckRow
from cms_desktop.ui.charts import HorizontalBars
from cms_desktop.ui.charts.named_bars import NamedBars
from cms_desktop.ui.record_table import RecordTable
from cms_desktop.ui.tiles import KpiTile
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("bank_effects")


class Dashboard(QWidget):
    """`opened(page, what)` asks the dock for the rows behind a figure."""

    opened = Signal(str, dict)
    loaded = Signal()
    tables = frozenset(
        {
            "bank_effects.effect_batch",
            "bank_effects.effect",
            "ledger.open_item",
            "customers.customer",
            "registry.party",
            "base.bank_account",
        }
    )

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.figures: DashboardFigures | None = None
        self.presentable = self._tile(tr("Da presentare entro 30 giorni"), lambda f: ("presentation", _next_days(f)))
        self.presented = self._tile(
            tr("Presentato nel mese"), lambda f: ("effects", {"query": queries.presented_between(*rules.month_bounds(f.today))})
        )
        self.unpaid = self._tile(tr("Insoluti"), lambda _f: ("effects", {"query": queries.unpaid_effects()}))
        self.line_used = self._tile(tr("Affidamento usato"), lambda f: ("effects", {"query": queries.effects_at_bank(f.today)}))
        self.weeks, self.banks = NamedBars(), HorizontalBars()
        self.weeks.bar_clicked.connect(self._on_week)
        self.banks.bar_clicked.connect(self._on_bank)
        columns = [
            one for one in batch_columns() if one.key in ("number", "state", "bank_name", "effect_count", "total_amount", "presented_on")
        ]
        self.batches = RecordTable(columns, record_key=lambda row: row.effect_batch_id, filters=False, totals=False)
        self.batches.row_opened.connect(lambda row: self.opened.emit("batches", {"record": row.effect_batch_id}))
        self.checks: list[CheckRow] = []
        self._check_box = column(spacing=0)
        self.setLayout(self._arranged())

    def _tile(self, title: str, target: Callable[[DashboardFigures], tuple[str, dict[str, Any]]]) -> KpiTile:
        tile = KpiTile(title)
        tile.clicked.connect(lambda: self._open(target))
        return tile

    def _open(self, target: Callable[[DashboardFigures], tuple[str, dict[str, Any]]]) -> None:
        if self.figures is not None:
            self.opened.emit(*target(self.figures))

    def _arranged(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(16, 16, 16, 16)
        grid.setSpacing(12)
        for place, tile in enumerate((self.presentable, self.presented, self.unpaid, self.line_used)):
            grid.addWidget(tile, 0, place * 3, 1, 3)
        all_batches = button(tr("Tutte le distinte"), "quiet", "arrow-right")
        all_batches.clicked.connect(lambda: self.opened.emit("batches", {"query": queries.ListQuery()}))
        weeks = boxed(column(self.weeks, margins=(8, 0, 12, 10)))
        self.weeks_card = Card(tr("Scadenze per settimana"), weeks, detail=tr("effetti presentati"))
        grid.addWidget(self.weeks_card, 1, 0, 1, 8)
        grid.addWidget(
            Card(tr("Esposizione per banca"), boxed(column(self.banks, None, spacing=0)), detail=tr("presentati e non scaduti")), 1, 8, 1, 4
        )
        grid.addWidget(Card(tr("Ultime distinte"), self.batches, all_batches), 2, 0, 1, 8)
        checks = column(self._check_box, None, spacing=0)
        grid.addWidget(Card(tr("Da controllare"), boxed(checks)), 2, 8, 1, 4)
        grid.setRowStretch(1, 3)
        grid.setRowStretch(2, 2)
        for place in range(12):
            grid.setColumnStretch(place, 1)
        return grid

    # -- figures
    def reload(self) -> None:
        self._workplace.background.run(self, queries.find_figures, then=self.show_figures, failed=self._on_failed, key="figures")

    def _on_failed(self, _error: object) -> None:
        for tile in (self.presentable, self.presented, self.unpaid, self.line_used):
            tile.set_stale(tr("non aggiornato"))

    def show_figures(self, f: DashboardFigures) -> None:
        self.figures = f
        out = tr("clienti esclusi: {n}", n=f.left_out_customers) if f.left_out_customers else tr("nessun cliente escluso")
        self.presentable.update_figures(value=formats.money(f.presentable.amount), versus=out, link=_effects(f.presentable.count))
        change, month_before = f.presented_in_month.amount - f.presented_month_before.amount, formats.money(f.presented_month_before.amount)
        self.presented.update_figures(
            value=formats.money(f.presented_in_month.amount), versus=tr("il mese scorso {amount}", amount=month_before), up=change >= 0, good=None,
            link=_effects(f.presented_in_month.count),
        )  # fmt: skip
        tone = "negative" if f.unpaid.count else ""
        versus = tr("da recuperare") if f.unpaid.count else tr("nessun effetto tornato")
        self.unpaid.update_figures(value=formats.money(f.unpaid.amount), versus=versus, link=_effects(f.unpaid.count), value_tone=tone)
        self._show_line(f)
        self.weeks.set_bars([(f"{w.starts_on:%d/%m}", _week_name(w.starts_on, w.ends_on, w.count), w.amount) for w in f.weeks])
        self.weeks_card.set_detail(tr("effetti presentati, prossime 12 settimane: {n}", n=formats.number(sum(w.count for w in f.weeks))))
        self.banks.set_items([(bank.name, bank.amount) for bank in f.banks])
        self.batches.set_rows(f.last_batches)
        self._show_checks(f)
        self.loaded.emit()

    def _show_line(self, f: DashboardFigures) -> None:
        if f.line_amount:
            share = f.line_used.amount / f.line_amount * 100
            versus = tr("{share}% di {amount}", share=formats.number(share, 0), amount=formats.money(f.line_amount))
            tone = "negative" if share > 100 else "warning" if share > 80 else ""
        else:
            versus, tone = tr("nessun affidamento indicato"), ""
        self.line_used.update_figures(
            value=formats.money(f.line_used.amount), versus=versus, link=_effects(f.line_used.count), value_tone=tone
        )

    def _show_checks(self, f: DashboardFigures) -> None:
        found: list[tuple[str, str, str, str, Callable[[], object]]] = []
        if f.left_out_customers:
            text = tr("Clienti esclusi dalle RiBa: {n}", n=f.left_out_customers)
            what = {**_next_days(f), "left_out": True}
            found.append(
                (
                    "triangle-alert",
                    "warning",
                    text,
                    tr("{amount} entro 30 giorni", amount=formats.money(f.left_out.amount)),
                    lambda: self.opened.emit("presentation", what),
                )
            )
        if f.open_batches.count:
            text = tr("Distinte da presentare: {n}", n=f.open_batches.count)
            query = {"query": queries.batches_in_state("open")}
            found.append(("clock-alert", "warning", text, formats.money(f.open_batches.amount), lambda: self.opened.emit("batches", query)))
        if f.banks_without_sia:
            text = tr("Conti senza codice SIA: {n}", n=f.banks_without_sia)
            found.append(
                ("circle-alert", "muted", text, tr("Serve per il file RiBa"), lambda: self._workplace.go_to("base", "tables", tab="banks"))
            )
        if f.unpaid.count:
            found.append(
                ("circle-x", "negative", tr("Effetti insoluti: {n}", n=f.unpaid.count), formats.money(f.unpaid.amount), self.unpaid.click)
            )
        while (item := self._check_box.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        self.checks = []
        for place, (icon, tone, text, detail, run) in enumerate(found):
            row = CheckRow(icon, tone, text, detail, last=place == len(found) - 1)
            row.clicked.connect(lambda _checked=False, run=run: run())
            self.checks.append(row)
            self._check_box.addWidget(row)
        if not found:
            nothing = label(tr("Niente da controllare."), "body", "2")
            nothing.setContentsMargins(16, 8, 16, 8)
            self._check_box.addWidget(nothing)

    # -- ways in
    def _on_week(self, place: int) -> None:
        assert self.figures is not None
        week = self.figures.weeks[place]
        self.opened.emit("effects", {"query": queries.effects_due_between(week.starts_on, week.ends_on)})

    def _on_bank(self, place: int) -> None:
        assert self.figures is not None
        query = queries.effects_at_bank(self.figures.today, self.figures.banks[place].bank_account_id)
        self.opened.emit("effects", {"query": query})


def _next_days(f: DashboardFigures) -> dict[str, Any]:
    return {"due_from": f.today, "due_to": f.today + rules.AHEAD}


def _effects(count: int) -> str:
    return tr("1 effetto") if count == 1 else tr("{n} effetti", n=formats.number(count))


def _week_name(first: Any, last: Any, count: int) -> str:
    return f"{formats.date(first)}–{formats.date(last)}, {_effects(count)}"
