"""Where the keyboard goes: the pages one was on (Alt+←, Alt+→) and the panes of a page (F6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from .form import RecordForm
from .module_dock import ModuleDock
from .record_table import RecordTable

if TYPE_CHECKING:
    from .main_window import MainWindow

MOST_PLACES = 50


class PlaceHistory(QObject):
    """The pages of modules in the order they were looked at; going back forgets nothing until one goes elsewhere."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._places: list[tuple[str, str]] = []
        self._at = -1
        self._is_going = False
        window.dock_opened.connect(lambda dock: dock.page_shown.connect(lambda _page: self._note()))
        window.current_module_changed.connect(lambda _name: self._note())

    def places(self) -> list[tuple[str, str]]:
        return list(self._places)

    def _note(self) -> None:
        dock = self._window.current_dock()
        if self._is_going or dock is None or not dock.current_page():
            return
        place = dock.name, dock.current_page()
        if self._at < 0 or self._places[self._at] != place:
            self._places = [*self._places[: self._at + 1], place][-MOST_PLACES:]
            self._at = len(self._places) - 1

    def can_go(self, step: int) -> bool:
        return 0 <= self._at + step < len(self._places)

    def back(self) -> None:
        """One place back; a page with a place of its own (a run over the list of runs) goes back there first."""
        dock = self._window.current_dock()
        if dock is None or not dock.go_back():
            self._go(-1)

    def forward(self) -> None:
        self._go(1)

    def _go(self, step: int) -> None:
        if not self.can_go(step):
            return
        self._at += step
        module, page = self._places[self._at]
        self._is_going = True
        try:
            dock = self._window.open_module(module)
            if page in dock.page_keys():
                dock.show_page(page)
        finally:
            self._is_going = False


def panes_of(page: QWidget) -> list[QWidget]:
    """Where F6 stops on a page: rows of lists, forms, then filter rows; those on the screen, from left to right."""
    left = lambda widget: widget.mapTo(page, widget.rect().topLeft()).x()
    tables = sorted((one for one in page.findChildren(RecordTable) if one.isVisible() and one.view.isVisible()), key=left)
    forms = sorted((one for one in page.findChildren(RecordForm) if one.isVisible() and one.fields), key=left)
    main: list[QWidget] = sorted([*tables, *forms], key=left)
    rows = [one.header.filter_row for one in tables if one.header.filter_row is not None]
    return [*main, *rows]


def next_pane(dock: ModuleDock, step: int = 1) -> None:
    """Move the focus to the next or previous pane of the page in view."""
    page = dock.made_page(dock.current_page())
    panes = panes_of(page) if page is not None else []
    focus = QApplication.focusWidget()
    if not panes:
        return
    holders = [place for place, one in enumerate(panes) if focus is not None and (one is focus or one.isAncestorOf(focus))]
    here = max(holders, default=-1 if step > 0 else 0)  # the filter row stands inside its table
    enter_pane(panes[(here + step) % len(panes)])


def enter_pane(pane: QWidget) -> None:
    if isinstance(pane, RecordTable):
        pane.focus_rows()
    elif isinstance(pane, RecordForm):
        pane.enter()
    else:
        table = pane.parentWidget()
        while table is not None and not isinstance(table, RecordTable):
            table = table.parentWidget()
        if isinstance(table, RecordTable):
            table.focus_filter()
        else:
            pane.setFocus(Qt.FocusReason.ShortcutFocusReason)
