"""Cruscotto of Gestione Clienti: five figures, customers by month and by province; each opens the rows behind it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError, Cancelled
from cms_desktop.core.listing import ListQuery, Sort
from cms_desktop.modules.customers import queries, rules
from cms_desktop.modules.customers.columns import CUSTOMER_TABLES
from cms_desktop.modules.customers.records import DashboardFigures
from cms_desktop.ui.basics import boxed, column
from cms_desktop.ui.cards import Card, dashboard, legend
from cms_desktop.ui.charts import HorizontalBars, MonthlyBars
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.tiles import KpiTile
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("customers")


class CustomersDashboard(QWidget):
    """`drill_down(page, query)` asks the dock for the rows behind a figure."""

    drill_down = Signal(str, object)
    loaded = Signal()
    tables = CUSTOMER_TABLES

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._background = workplace.background
        self._today = local_today()
        self._provinces: tuple[tuple[str, int], ...] = ()
        self.active = KpiTile(tr("Clienti attivi"))
        self.new = KpiTile(tr("Nuovi nel mese"))
        self.fee = KpiTile(tr("Canone mensile"))
        self.ending = KpiTile(tr("Contratti in scadenza"))
        self.overdue = KpiTile(tr("Con saldo scaduto"))
        self.incomplete = KpiTile(tr("Dati mancanti"))
        self.months = MonthlyBars()
        self.months.set_number_format(lambda value: formats.number(value))
        self.provinces = HorizontalBars(write=lambda value: formats.number(value))
        months = boxed(column(self.months, margins=(12, 0, 16, 12)))
        self._months_card = Card(
            tr("Nuovi clienti per mese"), months, *legend(("series:0", tr("quest'anno")), ("last_year", tr("anno scorso")))
        )
        self._provinces_card = Card(tr("Clienti attivi per provincia"), self.provinces, detail=tr("le prime 8"))
        self.error = InlineMessage("negative", "")
        self.error.add_link(tr("Riprova"), self.reload)
        self.error.hide()
        tiles = [self.active, self.new, self.fee, self.ending, self.overdue, self.incomplete]
        page = dashboard(tiles, (self._months_card, self._provinces_card))
        self.setLayout(column(self.error, page, spacing=0))
        self._connect()

    def _connect(self) -> None:
        self.active.clicked.connect(lambda: self._open("customers", rules.ACTIVE))
        self.new.clicked.connect(lambda: self._open("customers", rules.started_in(self._today.year, self._today.month)))
        self.fee.clicked.connect(lambda: self._open("customers", ListQuery(sort=Sort("monthly_fee", True))))
        self.ending.clicked.connect(lambda: self._open("contracts", rules.ENDING_CONTRACTS))
        self.overdue.clicked.connect(lambda: self._open("customers", rules.OVERDUE))
        self.incomplete.clicked.connect(lambda: self._open("customers", rules.INCOMPLETE))
        self.months.bar_clicked.connect(lambda month: self._open("customers", rules.started_in(self._today.year, month + 1)))
        self.provinces.bar_clicked.connect(lambda place: self._open("customers", rules.in_province(self._provinces[place][0])))

    def _open(self, page: str, query: ListQuery) -> None:
        self.drill_down.emit(page, query)

    def reload(self) -> None:
        self._today = today = local_today()
        self._background.run(
            self, lambda unit: queries.sum_dashboard(unit, today), then=self.show_figures, failed=self._on_failed, key="figures"
        )

    def show_figures(self, figures: DashboardFigures) -> None:
        self.error.hide()
        change = figures.new_this_month - figures.new_last_month
        self.active.update_figures(
            value=formats.number(figures.active),
            versus=(
                tr("1 nuovo quest'anno")
                if sum(figures.started_this_year) == 1
                else tr("{n} nuovi quest'anno", n=formats.number(sum(figures.started_this_year)))
            ),
            link=tr("Apri l'elenco"),
        )
        self.new.update_figures(
            value=formats.number(figures.new_this_month), trend=formats.number(abs(change)) if change else "", up=change > 0, good=True if change > 0 else None,
            versus=tr("mese scorso: {n}", n=formats.number(figures.new_last_month)), link=tr("Apri l'elenco"),
            points=[float(one) for one in (*figures.started_last_year, *figures.started_this_year)][: 12 + self._today.month][-12:],
        )  # fmt: skip
        self.fee.update_figures(value=formats.money(figures.monthly_fee), versus=tr("servizi in corso oggi"), link=tr("Per canone"))
        self.ending.update_figures(
            value=formats.number(figures.ending_contracts), versus=tr("entro 60 giorni"), link=tr("Apri i contratti"),
            value_tone="warning" if figures.ending_contracts else "",
        )  # fmt: skip
        self.overdue.update_figures(
            value=formats.number(figures.overdue), versus=tr("saldo {amount}", amount=formats.money(figures.overdue_amount)),
            link=tr("Apri l'elenco"), value_tone="negative" if figures.overdue else "",
        )  # fmt: skip
        self.incomplete.update_figures(
            value=formats.number(figures.incomplete), versus=tr("per la fattura elettronica"), link=tr("Da completare"),
            value_tone="warning" if figures.incomplete else "positive",
        )  # fmt: skip
        self._show_charts(figures)
        self.loaded.emit()

    def _show_charts(self, figures: DashboardFigures) -> None:
        year, month = self._today.year, self._today.month
        self.months.set_series_names(str(year), str(year - 1))
        so_far = [count if place < month else None for place, count in enumerate(figures.started_this_year)]
        self.months.set_series(so_far, list(figures.started_last_year))
        self._provinces = figures.provinces
        self.provinces.set_items(list(figures.provinces))

    def _on_failed(self, error: AppError) -> None:
        if not isinstance(error, Cancelled):
            self.error.set_message("negative", error_text(error))
