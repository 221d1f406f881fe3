"""The rows on the screen: pointer, keyboard, copying, and the scroll bar laid over them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QScrollBar, QTableView

from .columns import TICK, clipboard_text
from .delegate import CellDelegate
from .header import FilterHeader
from .model import Index, RecordTableModel

Key, Modifier = Qt.Key, Qt.KeyboardModifier
NEAR_END = 25  # rows from the bottom at which more rows are asked for


class RowsView(QTableView):
    """A QTableView of whole rows."""

    opened = Signal(int)
    tick_wanted = Signal(list)
    near_end = Signal()
    resized = Signal()

    def __init__(self, model: RecordTableModel, header: FilterHeader) -> None:
        super().__init__()
        self._model, self._header = model, header
        self.setModel(model)
        self.setHorizontalHeader(header)
        self.cells = CellDelegate(model, self)
        self.setItemDelegate(self.cells)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.verticalHeader()
        rows.hide()
        rows.setMinimumSectionSize(20)
        rows.setSectionResizeMode(rows.ResizeMode.Fixed)
        self._bar = _OverlayScroll(self)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.horizontalScrollBar().valueChanged.connect(header.place_editors)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    # rows -------------------------------------------------------------------------------------------------------------
    def selected_row_numbers(self) -> list[int]:
        """Ascending. Read from the ranges: asking for every index of 5,000 rows would take long."""
        chosen = self.selectionModel().selection()
        spans = (chosen.at(place) for place in range(chosen.count()))
        return sorted({row for span in spans for row in range(span.top(), span.bottom() + 1)})

    def select_row_numbers(self, numbers: list[int], current: int = -1) -> None:
        """Select exactly these rows (ascending)."""
        chosen, last = QItemSelection(), len(self._model.columns) - 1
        start = 0
        for place, number in enumerate(numbers):
            if place + 1 == len(numbers) or numbers[place + 1] != number + 1:
                chosen.select(self._model.index(numbers[start], 0), self._model.index(number, last))
                start = place + 1
        selection = self.selectionModel()
        if current >= 0:
            index = self._model.index(current, self._first_column())
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        selection.select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _first_column(self) -> int:
        return next((index for index in self._header.visual_order() if self._model.columns[index].key != TICK), 0)

    def go_to_row(self, number: int) -> None:
        self.setCurrentIndex(self._model.index(max(0, min(number, len(self._model.rows) - 1)), self._first_column()))

    def top_row(self) -> tuple[int, int]:
        """(first visible row or −1, its distance in pixels from the top)."""
        row = self.rowAt(0)
        return row, self.rowViewportPosition(row) if row >= 0 else 0

    def scroll_row_to(self, row: int, distance: int) -> None:
        self.verticalScrollBar().setValue(self.verticalHeader().sectionPosition(row) - distance)

    def copied_text(self) -> str:
        """The selected rows, visible columns, as tab-separated lines."""
        places = [index for index in self._header.visual_order() if self._model.columns[index].kind != "tick"]
        return "\n".join(
            "\t".join(
                clipboard_text(self._model.readers[place](self._model.rows[row]), self._model.columns[place].kind) for place in places
            )
            for row in self.selected_row_numbers()
        )

    def copy_rows(self) -> None:
        QGuiApplication.clipboard().setText(self.copied_text())

    def copy_cell(self) -> None:
        index = self.currentIndex()
        if index.isValid():
            column, record = self._model.columns[index.column()], self._model.rows[index.row()]
            QGuiApplication.clipboard().setText(clipboard_text(self._model.readers[index.column()](record), column.kind))

    # events -----------------------------------------------------------------------------------------------------------
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers() & ~Modifier.KeypadModifier
        control, shift = modifiers == Modifier.ControlModifier, Modifier.ShiftModifier
        if key in (Key.Key_Return, Key.Key_Enter) and modifiers == Modifier.NoModifier and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        elif key == Key.Key_Space and self._model.columns[0].key == TICK:
            self.tick_wanted.emit(self.selected_row_numbers() or [self.currentIndex().row()])
        elif key == Key.Key_C and control:
            self.copy_rows()
        elif key == Key.Key_C and modifiers == Modifier.ControlModifier | shift:
            self.copy_cell()
        elif key == Key.Key_A and control:
            self.select_row_numbers(list(range(len(self._model.rows))), self.currentIndex().row())
        elif key in (Key.Key_Home, Key.Key_End) and modifiers == Modifier.NoModifier and self._model.rows:
            self.go_to_row(0 if key == Key.Key_Home else len(self._model.rows) - 1)
        elif key == Key.Key_Escape:
            event.ignore()  # the page decides: close the pop-over, leave the record
            return
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self._model.columns[index.column()].key == TICK and event.button() == Qt.MouseButton.LeftButton:
            self.tick_wanted.emit([index.row()])
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self._model.columns[index.column()].key == TICK:
            self.mousePressEvent(event)
        else:
            super().mouseDoubleClickEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._set_hover(self.rowAt(event.position().toPoint().y()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._set_hover(-1)
        super().leaveEvent(event)

    def _set_hover(self, row: int) -> None:
        before, self.cells.hover_row = self.cells.hover_row, row
        if before != row:
            for number in {before, row} - {-1}:
                self.viewport().update(0, self.rowViewportPosition(number), self.viewport().width(), self.rowHeight(number))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()
        self._on_scrolled()

    def _on_scrolled(self, *_: int) -> None:
        bar = self.verticalScrollBar()
        if self._model.rows and bar.value() >= bar.maximum() - NEAR_END * self.verticalHeader().defaultSectionSize():
            self.near_end.emit()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.row() >= len(self._model.rows) - NEAR_END:
            self.near_end.emit()


class _OverlayScroll(QScrollBar):
    """A scroll bar laid over the rows, below the header: the header keeps the full width."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(Qt.Orientation.Vertical, view)
        self._view = view
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        own = view.verticalScrollBar()
        view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        own.rangeChanged.connect(self._on_range_changed)
        own.valueChanged.connect(self.setValue)
        self.valueChanged.connect(own.setValue)
        view.viewport().installEventFilter(self)
        self._on_range_changed(own.minimum(), own.maximum())

    def _on_range_changed(self, low: int, high: int) -> None:
        own = self._view.verticalScrollBar()
        self.setRange(low, high)
        self.setPageStep(own.pageStep())
        self.setSingleStep(own.singleStep())
        self.setValue(own.value())
        self.setVisible(high > low)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            area = self._view.viewport().geometry()
            self.setGeometry(area.right() - 11, area.top(), 12, area.height())
            own = self._view.verticalScrollBar()
            self._on_range_changed(own.minimum(), own.maximum())
            self.raise_()
        return False
