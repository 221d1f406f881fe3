"""The page of prices: its tabs, each made when first shown."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.modules.customers.editor.prices.index_page import IndexPage
from cms_desktop.modules.customers.editor.prices.run_page import PriceRunPage
from cms_desktop.modules.customers.editor.prices.types_page import TypesPage
from cms_desktop.modules.customers.editor.prices.words import run_columns
from cms_desktop.modules.customers.pricing import queries
from cms_desktop.ui.basics import boxed, button, column, row, rule
from cms_desktop.ui.feedback import EmptyState
from cms_desktop.ui.later import BuiltLater
from cms_desktop.ui.list_export import ListExport
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.page_head import PageTabs
from cms_desktop.ui.record_table import Noun
from cms_desktop.ui.saved_views import SavedView
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("customers")
RUN_TABLES = frozenset({"customers.price_run", "customers.price_run_line"})


def _is(key: str, value: str) -> ListQuery:
    return ListQuery((Filter(key, "in", (value,)),))


class RunsPage(QStackedWidget):
    """The list of price runs, or one of them."""

    contract_wanted = Signal(int, int)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.list = ListPage(
            workplace.background, run_columns(), queries.list_price_runs, queries.sum_price_runs, name="customers.price_run",
            record_key=lambda one: one.run_id, noun=Noun(tr("variazione"), tr("variazioni"), feminine=True), empty=self._empty,
            settings=workplace.settings,
            views=[SavedView(tr("Tutte")), SavedView(tr("In anteprima"), _is("state", "preview")), SavedView(tr("Confermate"), _is("state", "confirmed"))],
            tables=RUN_TABLES,
        )  # fmt: skip
        ListExport(self.list, workplace)
        self._place = BuiltLater(self._make_run, when_shown=True)
        card = boxed(column(self.list, margins=(1, 1, 1, 1)), card="true")
        box = QWidget()
        box.setLayout(row(card, margins=(16, 12, 16, 16)))
        self.addWidget(box)
        self.addWidget(self._place)
        self.list.row_opened.connect(lambda one: self.open_run(one.run_id))

    def _empty(self) -> QWidget:
        text = tr("Con una variazione cambi molti prezzi insieme: listino in percentuale, o indice ISTAT dei contratti. Prima l'anteprima.")
        first = button(tr("Nuova variazione"), "primary", "percent")
        first.setEnabled(self._workplace.may("customers.reprice"))
        first.clicked.connect(lambda: self.new_run())
        return EmptyState("percent", tr("Nessuna variazione di prezzi"), text, first)

    def _make_run(self) -> PriceRunPage:
        page = PriceRunPage(self._workplace)
        page.left.connect(self.show_list)
        page.contract_wanted.connect(self.contract_wanted)
        return page

    @property
    def run(self) -> PriceRunPage:
        return cast(PriceRunPage, self._place.widget())

    def is_in_run(self) -> bool:
        return self.currentIndex() == 1

    def reload(self) -> None:
        if self.is_in_run():
            self.run.reload()
        else:
            self.list.reload()

    def show_list(self) -> None:
        self.setCurrentIndex(0)
        self.list.reload()
        self.list.setFocus()

    def open_run(self, run_id: int) -> None:
        self.setCurrentIndex(1)
        self.run.show_run(run_id)
        self.run.rows.setFocus()

    def new_run(self, kind: str = "tariff") -> None:
        self.setCurrentIndex(1)
        self.run.new_run(kind)


class PricesPage(QWidget):
    """Runs, types of service, the index."""

    tables = RUN_TABLES | {"customers.service_type", "customers.price_index"}
    loaded = Signal()
    contract_wanted = Signal(int, int)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.tabs = PageTabs(40)
        self._stack = QStackedWidget()
        makers: dict[str, tuple[str, Any]] = {
            "runs": (tr("Variazioni"), self._make_runs),
            "types": (tr("Tipi di servizio"), lambda: TypesPage(workplace)),
            "index": (tr("Indice ISTAT"), lambda: IndexPage(workplace)),
        }
        self._places: dict[str, BuiltLater] = {}
        for key, (title, make) in makers.items():
            self.tabs.add_tab(key, title)
            self._places[key] = BuiltLater(make, when_shown=True)
            self._places[key].built.connect(lambda page: page.reload())
            self._stack.addWidget(self._places[key])
        self.new_button = button(tr("Nuova variazione"), "", "plus", tip=tr("Nuova variazione di prezzi (Ctrl+Maiusc+P)"))
        self.new_button.setEnabled(workplace.may("customers.reprice"))
        self.new_button.clicked.connect(lambda: self.new_run())
        self.tabs.chosen.connect(self.show_tab)
        bar = row(self.tabs, self.new_button, margins=(10, 4, 16, 4))
        bar.setStretch(0, 1)
        self.setLayout(column(bar, rule(), self._stack, spacing=0))

    def _make_runs(self) -> RunsPage:
        page = RunsPage(self._workplace)
        page.contract_wanted.connect(self.contract_wanted)
        page.list.loaded.connect(self.loaded)
        return page

    @property
    def runs(self) -> RunsPage:
        return cast(RunsPage, self._places["runs"].widget())

    @property
    def types(self) -> TypesPage:
        return cast(TypesPage, self._places["types"].widget())

    @property
    def index(self) -> IndexPage:
        return cast(IndexPage, self._places["index"].widget())

    def show_tab(self, key: str) -> None:
        self.tabs.set_active(key)
        self._stack.setCurrentWidget(self._places[key])
        self.reload()

    def reload(self) -> None:
        """What is not made yet loads when it is."""
        page = self._places[self.tabs.active()].found()
        if page is not None:
            cast(Any, page).reload()

    def new_run(self, kind: str = "tariff") -> None:
        self.show_tab("runs")
        self.runs.new_run(kind)

    def confirm(self) -> None:
        """Ctrl+Enter in a run."""
        if self.tabs.active() == "runs" and self.runs.is_in_run():
            self.runs.run.confirm()

    def go_back(self) -> bool:
        """Alt+←: from a run to the list; false when no run is in view."""
        if self.tabs.active() != "runs" or not self.runs.is_in_run():
            return False
        self.runs.show_list()
        return True
