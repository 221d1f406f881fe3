"""The dock of bank effects: layout and wiring."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from cms_desktop.core.listing import ListQuery
from cms_desktop.modules.bank_effects import queries
from cms_desktop.modules.bank_effects.columns import effect_columns
from cms_desktop.modules.bank_effects.dashboard import Dashboard
from cms_desktop.modules.bank_effects.editor import BatchPage, PresentationPage
from cms_desktop.modules.bank_effects.records import WaitingCounts
from cms_desktop.ui.basics import button
from cms_desktop.ui.feedback import EmptyState
from cms_desktop.ui.list_export import ListExport
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.module_dock import LEAST_GAP, ModuleDock
from cms_desktop.ui.record_table import Noun
from cms_desktop.ui.saved_views import SavedView
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("bank_effects")


class BankEffectsDock(ModuleDock):
    def __init__(self, workplace: Workplace) -> None:
        super().__init__("bank_effects", tr("Effetti RiBa/RID"))
        self._workplace = workplace
        new = button(tr("Nuova presentazione"), "primary", "plus", tip=tr("Nuova presentazione (F2)"))
        new.clicked.connect(self.start_presentation)
        new.setEnabled(workplace.may("bank_effects.generate"))
        self.add_page("dashboard", tr("Cruscotto"), self._make_dashboard, primary=new)
        self.add_page("presentation", tr("Presentazione"), self._make_presentation)
        self.add_page("batches", tr("Distinte"), self._make_batches)
        self.add_page("effects", tr("Effetti"), self._make_effects)
        self._counts_are_old = False
        self._counting = QTimer(self)
        self._counting.setSingleShot(True)
        self._counting.setInterval(round(LEAST_GAP * 1000))
        self._counting.timeout.connect(self._count_now)
        self.visibilityChanged.connect(self._count_soon)

    def _make_dashboard(self) -> Dashboard:
        dashboard = Dashboard(self._workplace)
        dashboard.opened.connect(lambda page, what: self.show_page_for(page, **what))
        dashboard.loaded.connect(self._on_figures)
        return dashboard

    def _make_presentation(self) -> PresentationPage:
        presentation = PresentationPage(self._workplace)
        presentation.batch_wanted.connect(lambda number: self.show_page_for("batches", record=number))
        return presentation

    def _make_batches(self) -> BatchPage:
        batches = BatchPage(self._workplace)
        batches.presentation_wanted.connect(self.start_presentation)
        return batches

    # -- pages, made when first asked for
    @property
    def dashboard(self) -> Dashboard:
        return cast(Dashboard, self.page("dashboard"))

    @property
    def presentation(self) -> PresentationPage:
        return cast(PresentationPage, self.page("presentation"))

    @property
    def batches(self) -> BatchPage:
        return cast(BatchPage, self.page("batches"))

    @property
    def effects(self) -> ListPage:
        return cast(ListPage, self.page("effects"))

    def _make_effects(self) -> ListPage:
        views = [SavedView(tr("Tutti"), ListQuery()), SavedView(tr("Insoluti"), queries.unpaid_effects())]
        page = ListPage(
            self._workplace.background, effect_columns(), queries.list_effects, queries.sum_effects, name="bank_effects.effect",
            record_key=lambda record: record.effect_id, noun=Noun(tr("effetto"), tr("effetti")), empty=self._no_effects,
            settings=self._workplace.settings, views=views, search=True, tables=frozenset({"bank_effects.effect", "bank_effects.effect_batch"}),
            filter_names={"bank_account_id": tr("Banca"), "effect_batch_id": tr("Distinta"), "customer_id": tr("Cliente")},
        )  # fmt: skip
        ListExport(page, self._workplace)
        page.row_opened.connect(lambda row: self.show_page_for("batches", record=row.effect_batch_id))
        return page

    def _no_effects(self) -> QWidget:
        return EmptyState("receipt-text", tr("Nessun effetto"), tr("Gli effetti nascono con la prima presentazione alla banca."))

    # -- counts beside the pages
    def mark_changed(self, tables: Iterable[str] | None) -> None:
        """The counts follow the tables, too, whatever page is in view."""
        names = None if tables is None else set(tables)
        super().mark_changed(names)
        self._counts_are_old = self._counts_are_old or names is None or not names.isdisjoint(Dashboard.tables)
        self._count_soon()

    def _count_soon(self, *_visible: object) -> None:
        if self._counts_are_old and self.is_on_screen() and not self._counting.isActive():
            self._counting.start()

    def _count_now(self) -> None:
        if self._counts_are_old:
            self._counts_are_old = False
            self._workplace.background.run(self, queries.count_waiting, then=self._show_counts, failed=self._on_count_failed, key="counts")

    def _on_count_failed(self, _error: object) -> None:
        self._counts_are_old = True  # the next change, or the next look at the dock, tries again

    def _on_figures(self) -> None:
        figures = self.dashboard.figures
        if figures is not None:
            self._counts_are_old = False
            self._show_counts(WaitingCounts(figures.presentable.count, figures.open_batches.count))

    def _show_counts(self, counts: WaitingCounts) -> None:
        self.set_count("presentation", counts.presentable)
        self.set_count("batches", counts.open_batches)

    # -- ways in
    def show_page_for(self, page: str, **what: Any) -> None:
        """query=ListQuery, record=batch id or number, due_from/due_to/left_out for the preview."""
        self.show_page(page)
        if page == "effects" and "query" in what:
            self.effects.set_query(what["query"])
        elif page == "batches" and "record" in what:
            self.batches.show_record(what["record"])
        elif page == "batches" and "query" in what:
            self.batches.list.set_query(what["query"])
        elif page == "presentation" and "due_from" in what:
            self.presentation.set_range(what["due_from"], what["due_to"], left_out=bool(what.get("left_out")))

    def start_presentation(self) -> None:
        """F2: the parameters of a new presentation."""
        self.show_page("presentation")
        self.presentation.start_again()

    def has_batch(self) -> bool:
        """Whether a batch is in view."""
        batches = self.made_page("batches")
        return self.current_page() == "batches" and batches is not None and batches.batch is not None

    def save_file(self) -> None:
        self.batches.save_again()

    def make_file(self) -> None:
        self.batches.make_file()

    def cancel_batch(self) -> None:
        self.batches.cancel_batch()
