"""RecordTable: header with filter row, painted cells, totals row. One widget for every list of every module."""

from __future__ import annotations

import operator
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cms_desktop.core import formats
from cms_desktop.core.listing import Filter, ListQuery, Sort, Totals

from ..translation import translator
from .columns import ROW_HEIGHTS, TICK, TWO_LINES_MORE, Column, Density, Noun
from .header import FilterHeader
from .layout import ColumnLayout
from .model import RecordTableModel, Ticks
from .totals_row import TotalsRow
from .view import RowsView

tr = translator("ui")


class RecordTable(QWidget):
    """Shows immutable records; asks its owner for other rows by `query_changed`, for further rows by `more_wanted`.

    `record_key` tells records apart, so that selection, ticks and scroll position survive fresh rows. `noun` names the rows:
    (singular, plural) or a Noun. `shortcut_owner` widens Ctrl+F to a whole page.
    """

    query_changed = Signal(object)  # ListQuery
    row_opened = Signal(object)
    selection_changed = Signal(list)
    selection_text_changed = Signal(str)
    checked_changed = Signal(object)  # Ticks
    more_wanted = Signal()
    layout_changed = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        record_key: Callable[[Any], Hashable] | None = None,
        noun: tuple[str, str] | Noun = ("riga", "righe"),
        filters: bool = True,
        totals: bool = True,
        checkable: bool = False,
        density: Density = "normal",
        shortcut_owner: QWidget | None = None,
    ) -> None:
        super().__init__()
        self.noun = noun if isinstance(noun, Noun) else Noun(*noun)
        tick = [Column(TICK, "", kind="tick", width=40, filter="none", sortable=False, locked=True)] if checkable else []
        self.columns = (*tick, *columns)
        self.model = RecordTableModel(self.columns, record_key or operator.attrgetter("id"), self)
        self.header = FilterHeader(self.columns, with_filters=filters)
        self.view = RowsView(self.model, self.header)
        self.view.setAccessibleName(self.noun.plural.capitalize())
        self.setFocusProxy(self.view)
        self.totals_row = TotalsRow(self.columns, self.header)
        if not totals:
            self.totals_row.hide()
        self._layout = ColumnLayout(self.columns, self.header)
        self._query = ListQuery()
        self._totals: Totals | None = None
        self._awaits_more = False
        self.density: Density = density
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.view, 1)
        box.addWidget(self.totals_row)
        self._layout.reset()
        self.set_density(density)
        self._connect()
        shortcut = QShortcut(QKeySequence("Ctrl+F"), shortcut_owner or self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.focus_filter)

    def _connect(self) -> None:
        self.header.sort_changed.connect(self._on_sort_changed)
        self.header.tick_clicked.connect(self._on_tick_header_clicked)
        self.header.menu_wanted.connect(self.menu_wanted)
        self.header.sectionResized.connect(self._on_section_resized)
        self.header.sectionMoved.connect(self._on_section_moved)
        if self.header.filter_row is not None:
            self.header.filter_row.filters_changed.connect(self._on_filters_changed)
            self.header.filter_row.left.connect(self.focus_rows)
        self.view.opened.connect(self._on_opened)
        self.view.tick_wanted.connect(self._on_tick_wanted)
        self.view.near_end.connect(self._on_near_end)
        self.view.resized.connect(self._fit)
        self.view.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.model.ticks_changed.connect(self._on_ticks_changed)

    # rows -------------------------------------------------------------------------------------------------------------
    def set_rows(self, rows: Sequence[Any], keep_selection: bool = True) -> None:
        """Other rows. With `keep_selection` the same records stay selected and at the same height."""
        key = self.model.record_key
        chosen = {key(record) for record in self.selected()} if keep_selection else set()
        now = self.current()
        current_key = key(now) if keep_selection and now is not None else None
        top, distance = self.view.top_row()
        top_key = key(self.model.rows[top]) if keep_selection and 0 <= top < len(self.model.rows) else None
        value = self.view.verticalScrollBar().value()
        selection = self.view.selectionModel()
        blocked = selection.blockSignals(True)
        self.model.set_rows(rows)
        places = {key(record): number for number, record in enumerate(self.model.rows)} if chosen or top_key is not None else {}
        selection.blockSignals(blocked)
        if chosen or current_key is not None:
            self.view.select_row_numbers(sorted(places[one] for one in chosen if one in places), places.get(current_key, -1))
        if keep_selection and value > 0:
            self.view.doItemsLayout()  # else the scroll bar still has the old range
            if top_key in places:
                self.view.scroll_row_to(places[top_key], distance)
            else:
                self.view.verticalScrollBar().setValue(value)
        else:
            self.view.scrollToTop()
        self._awaits_more = False
        self._tell_selection()

    def append_rows(self, rows: Sequence[Any]) -> None:
        """The next page."""
        self.model.append_rows(rows)
        self._awaits_more = False

    def rows(self) -> list[Any]:
        return self.model.rows

    def selected(self) -> list[Any]:
        """Selected records in the order of the rows."""
        return [self.model.rows[number] for number in self.view.selected_row_numbers()]

    def current(self) -> Any | None:
        """The record the keyboard is on."""
        row = self.view.currentIndex().row()
        return self.model.rows[row] if 0 <= row < len(self.model.rows) else None

    def select(self, key: Hashable) -> bool:
        """Select the record with this key and show it; false when it is not among the rows."""
        for number, record in enumerate(self.model.rows):
            if self.model.record_key(record) == key:
                self.view.select_row_numbers([number], number)
                self.view.scrollTo(self.view.currentIndex())
                return True
        return False

    def step(self, by: int) -> Any | None:
        """Select the next (1) or previous (−1) record and return it."""
        if self.model.rows:
            self.view.go_to_row(self.view.currentIndex().row() + by)
        return self.current()

    # totals and ticks -------------------------------------------------------------------------------------------------
    def set_totals(self, totals: Totals | None) -> None:
        self._totals = totals
        self.totals_row.set_totals(totals)
        self._tell_counts()

    def ticks(self) -> Ticks:
        return self.model.ticks

    def set_ticks(self, ticks: Ticks) -> None:
        self.model.set_ticks(ticks)

    def ticked(self) -> list[Any]:
        """Ticked records among the loaded rows; `ticks().is_all` says whether the whole result is meant."""
        return [record for record in self.model.rows if self.model.ticks.holds(self.model.record_key(record))]

    def rows_in_result(self) -> int:
        return self._totals.count if self._totals is not None else len(self.model.rows)

    def selection_text(self) -> str:
        """For the status bar: 'Selezione: 3 clienti · scaduto 8.208,00 €'; empty when nothing is selected."""
        chosen = self.selected()
        if not chosen:
            return ""
        parts = [tr("Selezione: {what}", what=self.noun.counted(len(chosen)))]
        for index in self.header.visual_order():
            column = self.columns[index]
            if column.total and column.kind == "money":
                values = (self.model.readers[index](record) for record in chosen)
                total = sum((Decimal(value) for value in values if value is not None), Decimal(0))
                parts.append(f"{column.title.removesuffix('€').strip().lower()} {formats.money(total)}")
        return " · ".join(parts)

    # query ------------------------------------------------------------------------------------------------------------
    def query(self) -> ListQuery:
        return self._query

    def set_query(self, query: ListQuery, *, tell: bool = True) -> None:
        """Put filters, order and search in force; conditions on keys without a column stay in force unseen (`hidden_filters`)."""
        self._query = query
        self.header.set_sort(query.sort)
        if self.header.filter_row is not None:
            self.header.filter_row.show_filters(query.filters)
        self._forget_whole_result()
        if tell:
            self.query_changed.emit(query)

    def remove_filter(self, key: str) -> None:
        self.set_query(replace(self._query, filters=tuple(one for one in self._query.filters if one.key != key)))

    def hidden_filters(self) -> list[Filter]:
        """Conditions in force whose column is hidden or does not exist."""
        shown = {self.columns[index].key for index in self.header.visual_order() if self.columns[index].filter != "none"}
        return [condition for condition in self._query.filters if condition.key not in shown]

    def focus_filter(self) -> None:
        """The filter of the current column, or the first one (Ctrl+F)."""
        if self.header.filter_row is None:
            return
        order = [index for index in self.header.visual_order() if self.header.filter_row.editors[index] is not None]
        if order:
            current = self.view.currentIndex().column()
            editor = self.header.filter_row.editors[current if current in order else order[0]]
            assert editor is not None
            editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
            if hasattr(editor, "selectAll"):
                editor.selectAll()

    def focus_rows(self) -> None:
        if self.model.rows and not self.view.currentIndex().isValid():
            self.view.go_to_row(0)
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # arrangement ------------------------------------------------------------------------------------------------------
    def state(self) -> dict[str, Any]:
        """Order, widths, visibility, sort and density, fit for JSON."""
        sort = self._query.sort
        return {**self._layout.state(), "sort": [sort.key, sort.descending] if sort else None, "density": self.density}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Arrange as `state` says; what it does not know keeps its default. The order of rows changes without a signal."""
        self._layout.restore(state)
        if state.get("density") in ROW_HEIGHTS:
            self.set_density(state["density"])
        sort = state.get("sort")
        if sort and any(column.key == sort[0] for column in self.columns):
            self._query = replace(self._query, sort=Sort(str(sort[0]), bool(sort[1])))
            self.header.set_sort(self._query.sort)
        self._tell_layout()

    def reset_layout(self) -> None:
        self._layout.reset()
        self.set_density("normal")
        self._tell_layout()

    def visible_columns(self) -> list[Column]:
        """From left to right, without the tick column; those that only give way to a narrow window count as visible."""
        hidden, known = set(self._layout.hidden()), {column.key: column for column in self.columns}
        return [known[key] for key in self.column_order() if key not in hidden]

    def column_order(self) -> list[str]:
        return [key for key in self._layout.order() if key != TICK]

    def set_column_order(self, keys: list[str]) -> None:
        self._layout.set_order(keys)
        self._tell_layout()

    def set_column_hidden(self, key: str, hidden: bool) -> None:
        self._layout.set_hidden(key, hidden)
        self._tell_layout()

    def set_density(self, density: Density) -> None:
        self.density = density
        more = TWO_LINES_MORE if any(column.kind == "two-line" for column in self.columns) else 0
        self.view.verticalHeader().setDefaultSectionSize(ROW_HEIGHTS[density] + more)

    def _tell_layout(self) -> None:
        self._fit()
        self.header.place_editors()
        self.totals_row.update()
        self.layout_changed.emit()

    def _fit(self) -> None:
        self._layout.fit(self.view.viewport().width())

    # slots ------------------------------------------------------------------------------------------------------------
    def _on_section_resized(self, index: int, _before: int, width: int) -> None:
        if self._layout.note_width(index, width):
            self.layout_changed.emit()

    def _on_section_moved(self, *_: int) -> None:
        if self.columns[0].key == TICK and self.header.visualIndex(0) != 0:
            self.header.moveSection(self.header.visualIndex(0), 0)
            return
        self.view.viewport().update()
        self.layout_changed.emit()

    def _on_sort_changed(self, sort: Sort | None) -> None:
        self._query = replace(self._query, sort=sort)
        self.query_changed.emit(self._query)

    def _on_filters_changed(self) -> None:
        assert self.header.filter_row is not None
        with_editor = {editor.column.key for editor in self.header.filter_row.editors if editor is not None}
        unseen = tuple(one for one in self._query.filters if one.key not in with_editor)
        self._query = replace(self._query, filters=(*unseen, *self.header.filter_row.filters()))
        self._forget_whole_result()
        self.query_changed.emit(self._query)

    def _forget_whole_result(self) -> None:
        """'All' meant the result before: with other filters it would mean records nobody has seen."""
        if self.model.ticks.is_all:
            self.model.set_ticks(Ticks())

    def _on_opened(self, row: int) -> None:
        if 0 <= row < len(self.model.rows):
            self.row_opened.emit(self.model.rows[row])

    def _on_near_end(self) -> None:
        if not self._awaits_more:
            self._awaits_more = True
            self.more_wanted.emit()

    def _on_tick_header_clicked(self) -> None:
        self.model.set_ticks(Ticks() if self.header.tick_state else Ticks(is_all=True))

    def _on_tick_wanted(self, numbers: list[int]) -> None:
        """Tick these rows; when all of them are ticked already, untick them."""
        keys = [self.model.record_key(self.model.rows[number]) for number in numbers if 0 <= number < len(self.model.rows)]
        ticks = self.model.ticks
        wanted = not all(ticks.holds(key) for key in keys)
        for key in keys:
            if ticks.holds(key) != wanted:
                ticks = ticks.flipped(key)
        self.model.set_ticks(ticks)

    def _on_ticks_changed(self) -> None:
        self._tell_counts()
        self.checked_changed.emit(self.model.ticks)

    def _on_selection_changed(self, *_: object) -> None:
        self._tell_selection()

    def _tell_selection(self) -> None:
        self._tell_counts()
        self.selection_changed.emit(self.selected())
        self.selection_text_changed.emit(self.selection_text())

    def _tell_counts(self) -> None:
        self.totals_row.set_caption(self.caption())
        in_result = self.rows_in_result()
        ticked = self.model.ticks.count(in_result)
        self.header.set_tick_state(False if ticked <= 0 else True if ticked >= in_result else "some")

    def caption(self) -> str:
        """'96 clienti · 1 selezionato · 3 spuntati'."""
        parts = [self.noun.counted(self.rows_in_result())] if self._totals is not None or self.model.rows else []
        chosen, ticked = len(self.view.selected_row_numbers()), self.model.ticks.count(self.rows_in_result())
        if chosen:
            parts.append(f"{formats.number(chosen)} {self._selected_word(chosen)}")
        if ticked > 0:
            parts.append(f"{formats.number(ticked)} {self._ticked_word(ticked)}")
        return " · ".join(parts)

    def _selected_word(self, count: int) -> str:
        if self.noun.feminine:
            return tr("selezionata") if count == 1 else tr("selezionate")
        return tr("selezionato") if count == 1 else tr("selezionati")

    def _ticked_word(self, count: int) -> str:
        if self.noun.feminine:
            return tr("spuntata") if count == 1 else tr("spuntate")
        return tr("spuntato") if count == 1 else tr("spuntati")
