"""Cruscotto of Registry: sections, new parties, twins, missing data, refusals; each figure opens the rows behind it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError, Cancelled
from cms_desktop.core.listing import ListQuery
from cms_desktop.modules.registry import queries, rules
from cms_desktop.modules.registry.columns import PARTY_TABLES, TWIN_TABLES, refusal_flags
from cms_desktop.modules.registry.notes.columns import NOTE_TABLES
from cms_desktop.modules.registry.records import DashboardFigures
from cms_desktop.modules.registry.tasks.page import TaskTiles
from cms_desktop.ui.basics import boxed, column
from cms_desktop.ui.cards import Card, dashboard, legend
from cms_desktop.ui.charts import HorizontalBars, MonthlyBars
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.tiles import KpiTile
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("registry")


class RegistryDashboard(QWidget):
    """`drill_down(page, query)` asks the dock for the rows behind a figure."""

    drill_down = Signal(str, object)
    loaded = Signal()
    tables = PARTY_TABLES | TWIN_TABLES | NOTE_TABLES

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._background = workplace.background
        self._today = local_today()
        self._channels: tuple[str, ...] = ()
        self.every = KpiTile(tr("Anagrafiche"))
        self.customers = KpiTile(tr("Clienti"))
        self.suppliers = KpiTile(tr("Fornitori"))
        self.prospects = KpiTile(tr("Prospect"))
        self.twins = KpiTile(tr("Doppioni sospetti"))
        self.incomplete = KpiTile(tr("Dati fiscali incompleti"))
        self.months = MonthlyBars()
        self.months.set_number_format(lambda value: formats.number(value))
        self.refusals = HorizontalBars(write=lambda value: formats.number(value))
        months = boxed(column(self.months, margins=(12, 0, 16, 12)))
        months_card = Card(
            tr("Nuove anagrafiche per mese"), months, *legend(("series:0", tr("quest'anno")), ("last_year", tr("anno scorso")))
        )
        refusals_card = Card(tr("Non vogliono pubblicità"), self.refusals, detail=tr("per canale"))
        self.error = InlineMessage("negative", "")
        self.error.add_link(tr("Riprova"), self.reload)
        self.error.hide()
        tiles = [self.every, self.customers, self.suppliers, self.prospects, self.twins, self.incomplete]
        page = dashboard(tiles, (months_card, refusals_card))
        self.tasks = TaskTiles(workplace)
        mine = boxed(column(self.tasks, margins=(16, 16, 16, 0)), canvas="true")
        self.setLayout(column(self.error, mine, page, spacing=0))
        self._connect()

    def _connect(self) -> None:
        self.tasks.drill_down.connect(lambda query: self.drill_down.emit("tasks", query))
        for tile, role in ((self.every, ""), (self.customers, "customer"), (self.suppliers, "supplier"), (self.prospects, "prospect")):
            tile.clicked.connect(lambda _checked=False, role=role: self.drill_down.emit("parties", rules.in_section(role)))
        self.twins.clicked.connect(lambda: self.drill_down.emit("twins", ListQuery()))
        self.incomplete.clicked.connect(lambda: self.drill_down.emit("parties", rules.INCOMPLETE))
        self.months.bar_clicked.connect(lambda month: self.drill_down.emit("parties", rules.created_in(self._today.year, month + 1)))
        self.refusals.bar_clicked.connect(lambda place: self.drill_down.emit("parties", rules.refusing(self._channels[place])))

    def reload(self) -> None:
        self.tasks.reload()
        self._today = today = local_today()
        self._background.run(
            self, lambda unit: queries.sum_dashboard(unit, today), then=self.show_figures, failed=self._on_failed, key="figures"
        )

    def show_figures(self, figures: DashboardFigures) -> None:
        self.error.hide()
        change = figures.new_this_month - figures.new_last_month
        sections = figures.sections
        self.every.update_figures(
            value=formats.number(sections["party"]), trend=formats.number(abs(change)) if change else "", up=change > 0,
            good=True if change > 0 else None, versus=(tr("1 nuova nel mese") if figures.new_this_month == 1 else tr("{n} nuove nel mese", n=formats.number(figures.new_this_month))), link=tr("Apri l'elenco"),
        )  # fmt: skip
        for tile, role in ((self.customers, "customer"), (self.suppliers, "supplier"), (self.prospects, "prospect")):
            tile.update_figures(
                value=formats.number(sections[role]), versus=_share(sections[role], sections["party"]), link=tr("Apri l'elenco")
            )
        self.twins.update_figures(
            value=formats.number(figures.twins),
            versus=tr("coppie da decidere"),
            link=tr("Decidi"),
            value_tone="warning" if figures.twins else "positive",
        )
        self.incomplete.update_figures(
            value=formats.number(figures.incomplete), versus=tr("indirizzo o codici mancanti"), link=tr("Da completare"),
            value_tone="warning" if figures.incomplete else "positive",
        )  # fmt: skip
        year, month = self._today.year, self._today.month
        self.months.set_series_names(str(year), str(year - 1))
        so_far = [count if place < month else None for place, count in enumerate(figures.new_this_year)]
        self.months.set_series(so_far, list(figures.new_last_year))
        names = refusal_flags()
        self._channels = tuple(channel for channel, _count in figures.refusals)
        self.refusals.set_items([(names[channel], count) for channel, count in figures.refusals])
        self.loaded.emit()

    def _on_failed(self, error: AppError) -> None:
        if not isinstance(error, Cancelled):
            self.error.set_message("negative", error_text(error))


def _share(part: int, whole: int) -> str:
    return tr("{percent} delle anagrafiche", percent=formats.number(round(100 * part / whole)) + formats.NBSP + "%") if whole else ""
