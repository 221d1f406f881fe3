"""The page of runs: the list, or one run in its place."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from cms_desktop.core.listing import ListQuery
from cms_desktop.modules.billing.editor.list_pages import ListWithDetail
from cms_desktop.modules.billing.editor.run_page import RunPage
from cms_desktop.ui.list_page import ListPage


class RunsPage(QStackedWidget):
    """The list of runs, or one of them."""

    tables = frozenset({"billing.billing_run", "billing.invoice", "billing.transmission"})
    loaded = Signal()

    def __init__(self, page: ListPage, run: RunPage) -> None:
        super().__init__()
        self.list, self.run = ListWithDetail(page), run
        self.addWidget(self.list)
        self.addWidget(run)
        self.list.loaded.connect(self.loaded)
        run.loaded.connect(self.loaded)
        page.row_opened.connect(lambda one: self.open_run(one.run_id))
        run.left.connect(self.show_list)

    def reload(self) -> None:
        if self.is_in_run():
            self.run.reload()
        else:
            self.list.reload()

    def is_in_run(self) -> bool:
        return self.currentWidget() is self.run

    def show_list(self, query: ListQuery | None = None) -> None:
        self.setCurrentWidget(self.list)
        if query is not None:
            self.list.page.set_query(query)
        else:
            self.list.reload()
        self.list.page.setFocus()

    def open_run(self, run_id: int, query: ListQuery | None = None) -> None:
        self.setCurrentWidget(self.run)
        self.run.show_run(run_id, query)
        self.run.rows.setFocus()

    def new_run(self) -> None:
        self.setCurrentWidget(self.run)
        self.run.new_run()
