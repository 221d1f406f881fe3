"""ListPage ties the list widgets to the database through Background; a module gives columns, queries and words."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QPushButton, QStackedWidget, QWidget

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError, Cancelled, NotAllowed
from cms_desktop.core.filter_text import filter_text
from cms_desktop.core.listing import MOST_ROWS, PAGE_ROWS, Filter, ListQuery, Page, Totals
from cms_desktop.db import shared_views

from .. import theme
from ..background import Background
from ..basics import button, column
from ..column_chooser import ColumnChooser
from ..error_text import error_text
from ..feedback import EmptyState, InlineMessage
from ..record_table import Column, Noun, RecordTable
from ..saved_views import SavedView, SavedViewsBar, view_from_json, view_to_json
from ..translation import translator
from .parts import BusyLine, Cover, FiltersInForce, ListBar

tr = translator("ui")
Load = Callable[[Any, ListQuery, tuple[object, ...] | None], Page[Any]]
CountAndSum = Callable[[Any, ListQuery], Totals]
SEARCH_PAUSE_MS, KEEP_PAUSE_MS = 250, 500


class SettingsStore(Protocol):
    """Where arrangement and views of a person are kept; values are JSON."""

    def get(self, key: str) -> Any: ...

    def set(self, key: str, value: Any) -> None: ...


class ListPage(QWidget):
    """A list of any module.

    `name` is the key of its settings ("customers.customer"); `load(unit, query, after)` returns a page, `totals(unit, query)`
    count and sums; `empty` makes the widget shown while there is no row at all; `views` come with the module, the user's own are
    kept in the settings, those shared with colleagues in the database (base.shared_view); `tables` are the schema.table names whose changes concern the list (the dock then calls `reload`).
    The owner asks for the first rows with `reload()`. `filter_names` names conditions on keys that are no column (drill-downs from a dashboard).
    """

    row_opened = Signal(object)
    selection_changed = Signal(list)
    selection_text_changed = Signal(str)
    query_changed = Signal(object)
    export_wanted = Signal(object, list)  # ListQuery, visible columns
    loaded = Signal()

    def __init__(
        self,
        background: Background,
        columns: Sequence[Column],
        load: Load,
        totals: CountAndSum | None = None,
        *,
        name: str,
        record_key: Callable[[Any], Hashable],
        noun: tuple[str, str] | Noun,
        empty: Callable[[], QWidget],
        settings: SettingsStore,
        views: Sequence[SavedView] = (),
        filter_names: Mapping[str, str] | None = None,
        tables: frozenset[str] = frozenset(),
        actions: Sequence[QWidget] = (),
        search: bool = False,
        checkable: bool = False,
        start: ListQuery | None = None,
    ) -> None:
        super().__init__()
        self._background, self._load, self._totals, self._settings = background, load, totals, settings
        self._name, self._empty, self.tables = name, empty, tables
        self._filter_names = dict(filter_names or {})
        self._after: tuple[object, ...] | None = None
        self._is_loading = False
        self.table = RecordTable(columns, record_key=record_key, noun=noun, checkable=checkable, shortcut_owner=self)
        self._shared: list[SavedView] | None = None  # None: not asked yet
        self.views_bar = SavedViewsBar(
            lambda: [*(replace(view, is_fixed=True) for view in views), *self._own_views()],
            lambda all_views: self._keep_views([view for view in all_views if not view.is_fixed]),
            lambda: (self.query(), self.table.state()),
        )
        self.filters = FiltersInForce()
        self.bar = ListBar(self.views_bar, self.filters, with_search=search, actions=actions)
        self.busy = BusyLine()
        self.error = InlineMessage("negative", "")
        self.error.add_link(tr("Riprova"), self.reload)
        self.error.hide()
        self.cut_note = InlineMessage(
            "neutral", tr("Mostrate le prime {n}: restringi i filtri per vedere le altre.", n=formats.number(MOST_ROWS))
        )
        self.cut_note.hide()
        self._cover = Cover(self.table.view.viewport())
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        layout = column(self.bar, self.error, self.busy, self.stack, self.cut_note, spacing=0)
        layout.setStretchFactor(self.stack, 1)
        self.setLayout(layout)
        self.setFocusProxy(self.table)
        self._pause = QTimer(self, singleShot=True, interval=SEARCH_PAUSE_MS)
        self._keep_pause = QTimer(self, singleShot=True, interval=KEEP_PAUSE_MS)
        self._chooser: ColumnChooser | None = None
        self._connect()
        self._restore(start or ListQuery())

    def _connect(self) -> None:
        self.table.row_opened.connect(self.row_opened)
        self.table.selection_changed.connect(self.selection_changed)
        self.table.selection_text_changed.connect(self.selection_text_changed)
        self.table.query_changed.connect(self._on_query_changed)
        self.table.more_wanted.connect(self._on_more_wanted)
        self.table.layout_changed.connect(self._on_layout_changed)
        self.table.menu_wanted.connect(lambda _place: self.open_chooser())
        self.views_bar.view_chosen.connect(self._on_view_chosen)
        self.views_bar.views_changed.connect(self._count_views)
        self.filters.removed.connect(self.table.remove_filter)
        self.bar.columns_button.clicked.connect(self.open_chooser)
        self.bar.export_button.clicked.connect(self.export)
        self.bar.search.textEdited.connect(lambda _text: self._pause.start())
        self.bar.search.returnPressed.connect(self._on_search)
        self._pause.timeout.connect(self._on_search)
        self._keep_pause.timeout.connect(self._keep_state)
        for keys, slot in (("Alt+C", self.open_chooser), ("Ctrl+E", self.export), ("F5", self.reload), ("F3", self.bar.search.setFocus)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    # query ------------------------------------------------------------------------------------------------------------
    def query(self) -> ListQuery:
        return self.table.query()

    def add_tool(self, tool: QPushButton) -> None:
        """One more action of the list."""
        self.bar.add_action(tool)

    def set_query(self, query: ListQuery) -> None:
        """Show what a dashboard or a search asks for; keeps the present order when the query names none."""
        self.bar.search.setText(query.search)
        self.table.set_query(replace(query, sort=query.sort or self.query().sort))

    def clear_filters(self) -> None:
        self.set_query(ListQuery(sort=self.query().sort))

    def select(self, key: Hashable) -> bool:
        return self.table.select(key)

    def export(self) -> None:
        self.export_wanted.emit(self.query(), self.table.visible_columns())

    def load_rows(self, unit: Any, query: ListQuery, after: tuple[object, ...] | None) -> Page[Any]:
        """A page of the list's rows, for work that goes through all of them."""
        return self._load(unit, query, after)

    def count_rows(self, unit: Any, query: ListQuery) -> int:
        """How many rows the list has; 0 when it does not count."""
        return self._totals(unit, query).count if self._totals is not None else 0

    def open_chooser(self) -> None:
        if self._chooser is None or self._chooser.parentWidget() is not self.window():  # a dock may float meanwhile
            self._chooser = ColumnChooser(self.table, self.bar.columns_button)
        self._chooser.open_chooser()

    # loading ----------------------------------------------------------------------------------------------------------
    def reload(self) -> None:
        """Fresh rows, as many as there are now; selection and scroll stay."""
        self._request(max(PAGE_ROWS, len(self.table.rows())), keep=True)

    def _request(self, wanted: int, *, keep: bool) -> None:
        query, load = self.query(), self._load

        def work(unit: Any) -> Page[Any]:
            page = load(unit, query, None)
            rows, after = list(page.rows), page.after
            while after is not None and len(rows) < min(wanted, MOST_ROWS):
                page = load(unit, query, after)
                rows, after = rows + list(page.rows), page.after
            return Page(tuple(rows[:MOST_ROWS]), after)

        self._is_loading = True
        self.busy.start()
        self._background.run(self, work, then=lambda page: self._show(page, keep), failed=self._on_failed, key="list")
        if self._totals is not None:
            count = self._totals
            self._background.run(
                self, lambda unit: count(unit, query), then=self.table.set_totals, failed=self._on_totals_failed, key="totals"
            )

    def _show(self, page: Page[Any], keep: bool) -> None:
        self._settle(page)
        self.table.set_rows(page.rows, keep_selection=keep)
        self._show_state()
        self._count_views()
        if self._shared is None:
            self._shared = []
            self._load_shared()
        self.loaded.emit()

    def _settle(self, page: Page[Any]) -> None:
        self._is_loading, self._after = False, page.after
        self.busy.stop()
        self.error.hide()

    def _on_more_wanted(self) -> None:
        query, after, load = self.query(), self._after, self._load
        if after is None or self._is_loading or len(self.table.rows()) >= MOST_ROWS:
            return
        self._is_loading = True
        self.busy.start()
        self._background.run(self, lambda unit: load(unit, query, after), then=self._append, failed=self._on_failed, key="list")

    def _append(self, page: Page[Any]) -> None:
        self._settle(page)
        self.table.append_rows(page.rows[: MOST_ROWS - len(self.table.rows())])
        self._show_state()

    def _show_state(self) -> None:
        """The table, or one of the empty states."""
        rows = self.table.rows()
        self.cut_note.setVisible(self._after is not None and len(rows) >= MOST_ROWS)
        query = self.query()
        if rows:
            self._cover.show(None)
            self._show_instead(None)
        elif query.filters or query.search:
            self._show_instead(None)
            clear = button(tr("Togli filtri"), "primary")
            clear.clicked.connect(self.clear_filters)
            title = tr("Nessun risultato")
            self._cover.show(EmptyState("search-x", title, tr("Nessuna riga corrisponde ai filtri in uso."), clear))
        else:
            self._show_instead(self._empty())

    def _show_instead(self, widget: QWidget | None) -> None:
        """Another widget in the place of the table; none: the table itself."""
        while self.stack.count() > 1:
            old = self.stack.widget(1)
            assert old is not None
            self.stack.removeWidget(old)
            old.deleteLater()
        self.bar.setVisible(widget is None)
        if widget is not None:
            self.stack.addWidget(widget)
            self.stack.setCurrentWidget(widget)

    def _on_failed(self, error: AppError) -> None:
        self._is_loading = False
        self.busy.stop()
        if isinstance(error, Cancelled):
            return
        if isinstance(error, NotAllowed):
            text = tr("Non hai il diritto di vedere questi dati. Chiedilo all'amministratore.")
            self._show_instead(EmptyState("lock", tr("Accesso non consentito"), text))
            return
        self.error.set_message("negative", error_text(error))

    def _on_totals_failed(self, _error: AppError) -> None:
        self.table.set_totals(None)

    def _count_views(self) -> None:
        views, count = self.views_bar.views(), self._totals
        if count is not None and views:
            totals = count

            def work(unit: Any) -> dict[str, int]:
                return {view.name: totals(unit, view.query).count for view in views}

            self._background.run(self, work, then=self.views_bar.set_counts, failed=lambda _error: None, key="counts")

    # slots ------------------------------------------------------------------------------------------------------------
    def _on_query_changed(self, query: ListQuery) -> None:
        self._show_query()
        self._keep_pause.start()
        self._request(PAGE_ROWS, keep=False)
        self.query_changed.emit(query)

    def _show_query(self) -> None:
        self.views_bar.set_current(self.query())
        hidden = () if self.views_bar.says(self.query()) else self.table.hidden_filters()
        self.filters.show_filters(hidden, self.table.columns, self._condition_text)

    def _condition_text(self, condition: Filter) -> str:
        name = self._filter_names.get(condition.key, "")
        is_key = condition.key.endswith("_id") and bool(name)  # the number of a record says nothing to a person
        if condition.operator == "=" and (is_key or condition.values == (True,)):
            return name or condition.key
        return f"{name or condition.key}: {filter_text(condition)}"

    def _on_view_chosen(self, view: SavedView) -> None:
        if view.state:
            self.table.restore_state(dict(view.state))
        self.set_query(view.query)

    def _on_search(self) -> None:
        self._pause.stop()
        text = self.bar.search.text().strip()
        if text != self.query().search:
            self.table.set_query(replace(self.query(), search=text))

    def _on_layout_changed(self) -> None:
        self._show_query()
        self._keep_pause.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(theme.current().surface))

    # settings ---------------------------------------------------------------------------------------------------------
    def _keep_state(self) -> None:
        self._settings.set(f"{self._name}.state", self.table.state())

    def _restore(self, start: ListQuery) -> None:
        self.table.set_query(start, tell=False)
        stored = self._settings.get(f"{self._name}.state")
        if stored:
            self.table.restore_state(stored)
        self.bar.search.setText(start.search)
        self._keep_pause.stop()
        self._show_query()

    def _own_views(self) -> list[SavedView]:
        return [view_from_json(stored) for stored in self._settings.get(f"{self._name}.views") or []]

    def _keep_views(self, views: list[SavedView]) -> None:
        self._settings.set(f"{self._name}.views", [view_to_json(view) for view in views if not view.is_shared])
        before = {view.name: view for view in self._shared or () if view.is_mine}
        now = {view.name: view for view in views if view.is_shared and view.is_mine}
        if before != now:
            self._write_shared({name: view for name, view in now.items() if before.get(name) != view}, before.keys() - now.keys())

    def _write_shared(self, kept: Mapping[str, SavedView], gone: Iterable[str]) -> None:
        name = self._name

        def work(unit: Any) -> None:
            for one in gone:
                shared_views.remove_shared_view(unit, name, one)
            for key, view in kept.items():
                shared_views.keep_shared_view(unit, name, key, view_to_json(view))

        self._background.run(self, work, then=lambda _none: self._load_shared(), failed=self._on_share_failed, key="share")

    def _load_shared(self) -> None:
        name = self._name

        def work(unit: Any) -> tuple[list[SavedView], bool]:
            found = [
                replace(view_from_json(one.view), name=one.name, is_shared=True, is_mine=one.is_mine)
                for one in shared_views.list_shared_views(unit, name)
            ]
            return found, shared_views.may_share(unit)

        self._background.run(self, work, then=self._show_shared, failed=lambda _error: None, key="shared")

    def _show_shared(self, found: tuple[list[SavedView], bool]) -> None:
        self._shared = found[0]
        self.views_bar.set_shared(found[0], may_share=found[1])

    def _on_share_failed(self, error: AppError) -> None:
        self.error.set_message("negative", error_text(error))
        self._load_shared()
