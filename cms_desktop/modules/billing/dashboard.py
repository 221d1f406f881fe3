"""The dashboard of billing: five tiles, the year by month, receivables by age, the latest runs, what wants a look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError
from cms_desktop.core.listing import Filter, ListQuery, Totals
from cms_desktop.modules.billing import queries
from cms_desktop.modules.billing.columns import run_columns
from cms_desktop.modules.billing.columns.words import month_names
from cms_desktop.modules.billing.editor.best import best_table
from cms_desktop.modules.billing.editor.lists import overdue_query
from cms_desktop.modules.billing.records import BestRow, BillingFigures, CountAndAmount, ToCheck
from cms_desktop.modules.ledger import queries as ledger
from cms_desktop.modules.ledger.records import AgeingBand
from cms_desktop.ui.basics import boxed, button, column, label, row
from cms_desktop.ui.cards import Card, CheckRow, card_foot, dashboard, legend
from cms_desktop.ui.charts import AgeingList, MonthlyBars
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage
from cms_desktop.ui.record_table import RecordTable
from cms_desktop.ui.tiles import KpiTile
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("billing")
MOST_CHECKS = 6


@dataclass(frozen=True)
class BookFigures:
    """What the dashboard shows of the books."""

    collected: Totals
    collected_last_year: Totals
    soon: Totals
    ageing: Sequence[AgeingBand]

    @property
    def overdue_amount(self) -> Decimal:
        return sum((band.amount for band in self.ageing[1:]), Decimal(0))

    @property
    def overdue_count(self) -> int:
        return sum(band.count for band in self.ageing[1:])


@dataclass(frozen=True)
class Figures:
    billing: BillingFigures
    books: BookFigures | None


class BillingDashboard(QWidget):
    """`opened(page, query, record)`: the rows behind a figure."""

    opened = Signal(str, object, object)
    loaded = Signal()
    tables = frozenset(
        {
            "billing.billing_run", "billing.invoice", "billing.transmission", "ledger.open_item", "ledger.payment", "ledger.allocation",
            "customers.service", "customers.contract", "billing.invoice_line",
        }
    )  # fmt: skip

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self._has_books = workplace.may("ledger.read")
        self.figures: Figures | None = None
        self._due: CountAndAmount | None = None
        self.month_tile, self.due_tile = KpiTile(tr("Fatturato del mese")), KpiTile(tr("Ancora da fatturare"))
        self.collected_tile, self.overdue_tile = KpiTile(tr("Incassato nel mese")), KpiTile(tr("Scaduto"))
        self.year_tile, self.prepared_tile = KpiTile(tr("Fatturato dell'anno")), KpiTile(tr("Preparato, da emettere"))
        self.files_tile, self.refused_tile = KpiTile(tr("Emesso, non inviato")), KpiTile(tr("Scartati dallo SdI"))
        self.undelivered_tile, self.soon_tile = KpiTile(tr("Mancate consegne")), KpiTile(tr("In scadenza"))
        self.days_tile = KpiTile(tr("Giorni per emettere"))
        self.customers, self.types = best_table(tr("Cliente"), tr("senza nome")), best_table(tr("Tipo"), tr("senza tipo"))
        self.bars = MonthlyBars()
        self.ageing = AgeingList(
            [tr("Non ancora scaduto"), tr("1–30 giorni"), tr("31–60 giorni"), tr("61–90 giorni"), tr("Oltre 90 giorni")]
        )
        self.foot_text = label("", "small-medium", "2")
        self.runs = RecordTable(
            run_columns(brief=True), record_key=lambda run: run.run_id, noun=(tr("lancio"), tr("lanci")), filters=False, totals=False
        )
        self.checks = QVBoxLayout()
        self.checks.setContentsMargins(0, 0, 0, 0)
        self.checks.setSpacing(0)
        self.check_rows: list[CheckRow] = []
        self.error = InlineMessage("negative", "")
        self.error.add_link(tr("Riprova"), self.reload)
        self.error.hide()
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        today = local_today()
        self.bars_card = Card(
            tr("Fatturato per mese"), self.bars, *legend(("series:0", str(today.year)), ("last_year", str(today.year - 1)))
        )
        self.bars.set_series_names(str(today.year), str(today.year - 1))
        all_runs = button(tr("Tutti i lanci"), "quiet", "arrow-right", size="small")
        all_runs.clicked.connect(lambda: self._open("runs"))
        runs_card = Card(tr("Ultimi lanci"), self.runs, all_runs)
        checks = QWidget()
        checks.setLayout(self.checks)
        check_card = Card(tr("Da controllare"), checks)
        self.customers_card, self.types_card = Card(tr("Maggiori clienti"), self.customers), Card(tr("Per tipo di servizio"), self.types)
        flow: list[QWidget] = [self.prepared_tile, self.files_tile, self.refused_tile, self.undelivered_tile, self.days_tile]
        best = (self.customers_card, self.types_card)
        if self._has_books:
            money: list[QWidget] = [self.month_tile, self.year_tile, self.due_tile, self.collected_tile, self.overdue_tile]
            tiles = _tile_rows(money, [*flow, self.soon_tile])
            shown = dashboard([tiles], (self.bars_card, self._ageing_card()), best, (runs_card, check_card))
        else:
            tiles = _tile_rows([self.month_tile, self.year_tile, self.due_tile], flow)
            shown = dashboard([tiles], (self.bars_card, check_card), best, (runs_card, QWidget()))
        self.setLayout(column(self.error, shown, spacing=0))

    def _ageing_card(self) -> Card:
        link = button(tr("Scadenzario"), "link")
        link.clicked.connect(lambda: self._open("open_items"))
        return Card(tr("Crediti per anzianità"), self.ageing, foot=card_foot(self.foot_text, None, link))

    def _connect(self) -> None:
        self.month_tile.clicked.connect(lambda: self._open("invoices", queries.month_query(self._today())))
        self.due_tile.clicked.connect(lambda: self._open("due", ListQuery()))
        self.collected_tile.clicked.connect(lambda: self._open("payments", queries.month_query(self._today(), "on_date")))
        self.overdue_tile.clicked.connect(lambda: self._open("open_items", overdue_query(self._today())))
        self.year_tile.clicked.connect(lambda: self._open("invoices", queries.year_query(self._today().year)))
        self.prepared_tile.clicked.connect(lambda: self._open("runs", queries.PREVIEWS))
        self.files_tile.clicked.connect(lambda: self._open("invoices", queries.UNSENT))
        self.refused_tile.clicked.connect(lambda: self._open("invoices", queries.REFUSED_FILES))
        self.undelivered_tile.clicked.connect(lambda: self._open("invoices", queries.UNDELIVERED_FILES))
        self.days_tile.clicked.connect(lambda: self._open("runs", queries.issued_runs_query(self._today().year)))
        self.soon_tile.clicked.connect(lambda: self._open("open_items", queries.soon_query(self._today())))
        self.customers.row_opened.connect(lambda one: self._open("invoices", queries.customer_query(one.key_id, self._today().year)))
        self.types.row_opened.connect(lambda one: self._open("lines", queries.type_query(one.key_id, *queries.month_days(self._today()))))
        self.bars.bar_clicked.connect(self._on_month)
        self.ageing.band_clicked.connect(self._on_band)
        self.runs.row_opened.connect(lambda run: self._open("runs", None, run.run_id))

    def _today(self) -> Any:
        return self.figures.billing.today if self.figures else local_today()

    def _open(self, page: str, query: ListQuery | None = None, record: int | None = None) -> None:
        self.opened.emit(page, query, record)

    # -- figures
    def reload(self) -> None:
        has_books, today = self._has_books, local_today()

        def work(unit: Any) -> Figures:
            books = None
            if has_books:
                month, year_ago = queries.month_query(today, "on_date"), today.replace(year=today.year - 1, day=1)
                books = BookFigures(
                    ledger.sum_payments(unit, month), ledger.sum_payments(unit, queries.month_query(year_ago, "on_date")),
                    ledger.sum_open_items(unit, queries.soon_query(today)), ledger.sum_ageing(unit, today),
                )  # fmt: skip
            return Figures(queries.find_figures(unit, today), books)

        self._workplace.background.run(self, work, then=self._show, failed=self._failed, key="figures")

    def _load_rest(self) -> None:
        """What is worked out from every contract or document comes by itself, once the rest is there."""
        run, today = self._workplace.background.run, self._today()
        days = queries.month_days(today)
        run(self, lambda unit: queries.find_due(unit, today), then=self._show_due, failed=self._failed, key="due")
        run(
            self,
            lambda unit: queries.list_best_customers(unit, today.year),
            then=self._show_customers,
            failed=self._failed,
            key="customers",
        )
        run(self, lambda unit: queries.list_types(unit, *days), then=self._show_types, failed=self._failed, key="types")

    def _show_customers(self, rows: Sequence[BestRow]) -> None:
        self.customers.set_rows(list(rows))
        self.customers_card.set_detail(tr("imponibile del {year}", year=self._today().year))

    def _show_types(self, rows: Sequence[BestRow]) -> None:
        self.types.set_rows(list(rows))
        self.types_card.set_detail(tr("imponibile di {month}", month=month_names()[self._today().month - 1]))

    def _show_due(self, due: CountAndAmount) -> None:
        self._due = due
        if self.figures is not None:
            billing = replace(self.figures.billing, due_count=due.count, due_amount=due.amount, is_due_known=True)
            self.figures = replace(self.figures, billing=billing)
            self._show_year(billing)
        self.due_tile.update_figures(
            value=formats.money(due.amount), versus=tr("in scadenza entro il mese"),
            link=(tr("1 servizio") if due.count == 1 else tr("{n} servizi", n=formats.number(due.count))),
        )  # fmt: skip

    def _failed(self, error: AppError) -> None:
        self.error.set_message("negative", error_text(error))

    def _show(self, figures: Figures) -> None:
        if self._due is not None:
            due = self._due
            figures = replace(figures, billing=replace(figures.billing, due_count=due.count, due_amount=due.amount, is_due_known=True))
        self.figures = figures
        self.error.hide()
        found = figures.billing
        month_name = month_names()[found.today.month - 1]
        self.month_tile.set_title(tr("Fatturato di {month}", month=month_name))
        trend, up = _trend(found.month.net_amount, found.month_last_year.net_amount)
        points = [value for value in found.months[: found.today.month] if value is not None]
        self.month_tile.update_figures(
            value=formats.money(found.month.net_amount), trend=trend, up=up, good=up, points=points,
            versus=_versus(trend, month_name, found.today.year - 1, found.month_last_year.net_amount),
            link=(tr("1 fattura") if found.month.invoice_count == 1 else tr("{n} fatture", n=formats.number(found.month.invoice_count))),
        )  # fmt: skip
        self._show_flow(found)
        self._show_year(found)
        self.runs.set_rows(found.runs)
        self._show_checks(found.to_check)
        if figures.books is not None:
            self._show_books(figures.books, month_name, found.today.year)
        self._load_rest()
        self.loaded.emit()

    def _show_flow(self, found: BillingFigures) -> None:
        """From the preparation of a document to its delivery."""
        trend, up = _trend(found.year, found.year_before)
        last = tr("da gennaio; {year}: {amount}", year=found.today.year - 1, amount=formats.money(found.year_before))
        self.year_tile.update_figures(value=formats.money(found.year), trend=trend, up=up, good=up, versus=last)
        self.prepared_tile.update_figures(
            value=formats.money(found.prepared.amount), versus=_documents(found.prepared.count), link=tr("Vedi i lanci") if found.prepared.count else ""
        )  # fmt: skip
        for tile, one, tone in (
            (self.files_tile, found.unsent, ""), (self.refused_tile, found.refused, "negative"), (self.undelivered_tile, found.undelivered, "warning"),
        ):  # fmt: skip
            tile.update_figures(
                value=formats.number(one.count), versus=formats.money(one.amount) if one.count else tr("nessun documento"),
                link=tr("Vedi le fatture") if one.count else "", value_tone=tone if one.count else "",
            )  # fmt: skip
        days = found.days_to_issue
        self.days_tile.update_figures(
            value="–" if days is None else formats.number(days, 1), versus=tr("dalla preparazione, nell'anno"), link=tr("Vedi i lanci") if days is not None else ""
        )  # fmt: skip

    def _show_year(self, found: BillingFigures) -> None:
        place, expected = found.today.month - 1, found.month.net_amount + found.due_amount
        forecast = (place, expected) if found.due_amount else None
        self.bars.set_series(found.months, found.months_last_year, forecast)
        so_far = sum((value for value in found.months if value is not None), Decimal(0))
        before = sum((value for value in found.months_last_year[: found.today.month] if value is not None), Decimal(0))
        words = tr("imponibile: {amount} da gennaio", amount=formats.money(so_far))
        if before:
            words += f", {formats.signed(100 * (so_far - before) / before, 1, '%')}"
        self.bars_card.set_detail(words)

    def _show_books(self, books: BookFigures, month_name: str, year: int) -> None:
        collected, before = Decimal(books.collected.sums["amount"]), Decimal(books.collected_last_year.sums["amount"])
        trend, up = _trend(collected, before)
        self.collected_tile.update_figures(
            value=formats.money(collected), trend=trend, up=up, good=up, versus=_versus(trend, month_name, year - 1, before),
            link=(tr("1 incasso") if books.collected.count == 1 else tr("{n} incassi", n=formats.number(books.collected.count))),
        )  # fmt: skip
        overdue, late = books.overdue_amount, books.overdue_count
        self.overdue_tile.update_figures(
            value=formats.money(overdue), value_tone="negative" if overdue > 0 else "", versus=tr("oltre la scadenza"),
            link=(tr("1 scadenza") if late == 1 else tr("{n} scadenze", n=formats.number(late))),
        )  # fmt: skip
        soon = books.soon
        self.soon_tile.update_figures(
            value=formats.money(Decimal(soon.sums["open_amount"])), versus=tr("nei prossimi 7 giorni"),
            link=(tr("1 scadenza") if soon.count == 1 else tr("{n} scadenze", n=formats.number(soon.count))),
        )  # fmt: skip
        self.ageing.set_amounts([(band.amount, band.count) for band in books.ageing])
        total = sum((band.amount for band in books.ageing), Decimal(0))
        self.foot_text.setText(tr("Scaduto {late} su {total}", late=formats.money(overdue), total=formats.money(total)))

    def _show_checks(self, found: Sequence[ToCheck]) -> None:
        while self.checks.count():
            item = self.checks.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        self.check_rows = [self._check_row(one) for one in found[:MOST_CHECKS]]
        for line in self.check_rows:
            self.checks.addWidget(line)
        if not found:
            self.checks.addWidget(EmptyState("circle-check", tr("Niente da controllare"), tr("Nessuna riga bloccata, nessun file fermo.")))
        self.checks.addStretch(1)

    def _check_row(self, one: ToCheck) -> CheckRow:
        amount, count = formats.money(one.amount), formats.number(one.count)
        icon, tone, text, detail = {
            "blocked": (
                "ban",
                "negative",
                tr("1 fattura bloccata") if one.count == 1 else tr("{n} fatture bloccate", n=count),
                tr("{run}: manca un dato del cliente", run=one.run_number),
            ),
            "no_file": (
                "triangle-alert",
                "warning",
                tr("1 fattura senza file per lo SdI") if one.count == 1 else tr("{n} fatture senza file per lo SdI", n=count),
                amount,
            ),
            "refused": (
                "file-x",
                "negative",
                tr("1 fattura scartata dallo SdI") if one.count == 1 else tr("{n} fatture scartate dallo SdI", n=count),
                tr("{amount}: vanno rimandate entro cinque giorni", amount=amount),
            ),
            "undelivered": (
                "mail-x",
                "warning",
                tr("1 mancata consegna") if one.count == 1 else tr("{n} mancate consegne", n=count),
                tr("{amount}: il cliente va avvisato", amount=amount),
            ),
            "files": (
                "send",
                "warning",
                tr("1 file pronto da inviare") if one.count == 1 else tr("{n} file pronti da inviare", n=count),
                amount,
            ),
            "preview": (
                "eye",
                "muted",
                tr("{run} è in anteprima", run=one.run_number),
                (tr("1 fattura, {amount}", amount=amount) if one.count == 1 else tr("{n} fatture, {amount}", n=count, amount=amount)),
            ),
        }[one.kind]
        line = CheckRow(icon, tone, text, detail)
        line.clicked.connect(lambda: self._on_check(one))
        return line

    # -- ways to the rows
    def _on_check(self, one: ToCheck) -> None:
        if one.kind == "blocked":
            self._open("runs", ListQuery((Filter("is_blocked", "=", (True,)),)), one.run_id)
        elif one.kind == "preview":
            self._open("runs", None, one.run_id)
        else:
            behind = {"no_file": queries.NO_FILE, "refused": queries.REFUSED_FILES, "undelivered": queries.UNDELIVERED_FILES}
            self._open("invoices", behind.get(one.kind, queries.READY_FILES))

    def _on_month(self, place: int) -> None:
        today = self._today()
        year = today.year if place < today.month else today.year - 1
        self._open("invoices", queries.month_query(today.replace(year=year, month=place + 1, day=1)))

    def _on_band(self, place: int) -> None:
        if self.figures is not None and self.figures.books is not None:
            band = self.figures.books.ageing[place]
            self._open("open_items", ledger.band_query(band.first, band.last))


def _tile_rows(*rows: Sequence[QWidget]) -> QWidget:
    return boxed(column(*(row(*tiles, spacing=12) for tiles in rows), spacing=12), canvas="true")


def _documents(count: int) -> str:
    return tr("1 documento") if count == 1 else tr("{n} documenti", n=formats.number(count))


def _trend(now: Decimal, before: Decimal) -> tuple[str, bool]:
    """Change in percent and whether it goes up; empty while there is nothing to compare."""
    if not before or not now:
        return "", True
    return formats.signed(100 * (now - before) / before, 1, "%"), now >= before


def _versus(trend: str, month_name: str, year: int, before: Decimal) -> str:
    """What the figure stands beside: the same month a year ago."""
    if trend:
        return tr("su {month} {year}", month=month_name[:3], year=year)
    return tr("{month} {year}: {amount}", month=month_name[:3], year=year, amount=formats.money(before))
