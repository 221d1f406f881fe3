"""The table of a GridField: cells, their editors, the keys between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from .. import theme
from ..translation import translator

if TYPE_CHECKING:
    from .grid import GridColumn, GridModel

tr = translator("ui")
Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT, HEAD_HEIGHT, MOST_ROWS, PAD = 32, 30, 14, 5
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class GridView(QTableView):
    """Enter, Tab and any character go from cell to cell; Enter in the empty last row goes out."""

    def __init__(self, model: GridModel, least_rows: int) -> None:
        super().__init__()
        self._model, self._least = model, least_rows
        self.setModel(model)
        self.setItemDelegate(CellEditors(self, model))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setEditTriggers(QAbstractItemView.EditTrigger.AnyKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked
                             | QAbstractItemView.EditTrigger.SelectedClicked)  # fmt: skip
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setProperty("grid", "true")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        upright, header = self.verticalHeader(), self.horizontalHeader()
        upright.hide()
        upright.setDefaultSectionSize(ROW_HEIGHT)
        upright.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setFixedHeight(HEAD_HEIGHT)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        for place, column in enumerate(model.columns):
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.Fixed if column.width else QHeaderView.ResizeMode.Stretch)
            if column.width:
                self.setColumnWidth(place, column.width)
        for signal in (model.rowsInserted, model.rowsRemoved, model.modelReset):
            signal.connect(self.fit)
        self.fit()

    def fit(self, *_signal: Any) -> None:
        """As high as its rows, within reason: the page scrolls, not the grid."""
        shown = min(max(self._model.rowCount(), self._least), MOST_ROWS)
        self.setFixedHeight(HEAD_HEIGHT + ROW_HEIGHT * shown + 2)

    def is_editing(self) -> bool:
        return self.state() == QAbstractItemView.State.EditingState

    # -- keys
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._model.rowCount():
            last = self._model.rowCount() - 1 if event.reason() == Qt.FocusReason.BacktabFocusReason else 0
            self.setCurrentIndex(self._model.index(last, self._first()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, keys = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        here = self.currentIndex()
        plain, control = keys == Qt.KeyboardModifier.NoModifier, keys == Qt.KeyboardModifier.ControlModifier
        if key in ENTER and plain and here.row() >= len(self._model.rows) and here.column() == self._first():
            self._leave(here, forward=True)
        elif (key in ENTER and plain) or key == Qt.Key.Key_Tab:
            self.step(1)
        elif key == Qt.Key.Key_Backtab:
            self.step(-1)
        elif control and key == Qt.Key.Key_Delete and here.isValid():
            self.take_out()
        elif control and key == Qt.Key.Key_D and here.row() < len(self._model.rows):
            self.copy_row()
        elif plain and key == Qt.Key.Key_Delete and here.isValid():
            self._model.put(here.row(), self._model.columns[here.column()].key, None)
        elif plain and key == Qt.Key.Key_F4 and here.isValid() and self._model.can_edit(here.column()):
            self.edit(here)
        elif key == Qt.Key.Key_Escape or keys & Qt.KeyboardModifier.AltModifier or (control and key in ENTER):
            event.ignore()  # the form's
        elif Qt.Key.Key_F1 <= key <= Qt.Key.Key_F35:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _first(self) -> int:
        return next((place for place in range(len(self._model.columns)) if self._model.can_edit(place)), 0)

    def step(self, way: int) -> None:
        """To the next cell that can be typed in; beyond the first or the last, out of the grid."""
        here, columns = self.currentIndex(), len(self._model.columns)
        place = here.row() * columns + here.column() + way
        while 0 <= place < self._model.rowCount() * columns:
            if self._model.can_edit(place % columns):
                self.setCurrentIndex(self._model.index(place // columns, place % columns))
                return
            place += way
        self._leave(here, forward=way > 0)

    def _leave(self, here: QModelIndex, *, forward: bool) -> None:
        self.setCurrentIndex(self._model.index(here.row(), self._first()))
        super().focusNextPrevChild(forward)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes from cell to cell; out of the grid after the last."""
        self.step(1 if forward else -1)
        return True

    def take_out(self) -> None:
        here = self.currentIndex()
        if not self._model.is_read_only and here.row() < len(self._model.rows):
            self._model.take_out(here.row())
            self.setCurrentIndex(self._model.index(min(here.row(), self._model.rowCount() - 1), here.column()))

    def copy_row(self) -> None:
        if not self._model.is_read_only and not self._model.is_fixed:
            place = self._model.begin(self._model.rows[self.currentIndex().row()])
            self.setCurrentIndex(self._model.index(place, self._first()))
            self._model.edited.emit(-1, "")

    def go_on(self, way: int) -> None:
        """After a cell was typed: the editor is gone, the next cell has the focus."""
        self.setFocus()
        self.step(way)


class CellEditors(QStyledItemDelegate):
    """Paints cells and makes the editor of each kind."""

    def __init__(self, view: GridView, model: GridModel) -> None:
        super().__init__(view)
        self._view, self._model = view, model

    def _column(self, index: Index) -> GridColumn:
        return self._model.columns[index.column()]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        from .grid import Unread

        t, column, box = theme.current(), self._column(index), QRectF(option.rect)
        value = self._model.value(index.row(), column)
        is_current = self._view.hasFocus() and self._view.currentIndex() == index
        painter.save()
        if isinstance(value, Unread):
            painter.fillRect(box, QColor(t.negative_soft))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), QColor(t.line))
        text, tone = self._model.text(index.row(), column), t.text_2 if column.compute else t.text
        if index.row() >= len(self._model.rows) and index.column() == self._view._first():
            text, tone = tr("nuova riga"), t.text_3
        painter.setFont(theme.font("body"))
        painter.setPen(QColor(t.negative if isinstance(value, Unread) else tone))
        inner = box.adjusted(PAD, 0, -PAD, 0)
        side = Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft
        short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(inner.width()))
        painter.drawText(inner, int(side | Qt.AlignmentFlag.AlignVCenter), short)
        if is_current:
            painter.setPen(QPen(QColor(t.accent_fill), 2))
            painter.drawRect(box.adjusted(1, 1, -1, -2))
        painter.restore()

    # -- editors
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        column = self._column(index)
        editor: QWidget
        if column.kind == "choice":
            box = QComboBox(parent)
            box.addItem("", None)
            for value, text in column.choices:
                box.addItem(text, value)
            box.view().setMinimumWidth(max(column.width, 280))
            editor = box
        else:
            line = QLineEdit(parent)
            line.setMaxLength(column.longest)
            line.setAlignment(Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft)
            editor = line
        editor.setProperty("fit", "cell")
        editor.setAccessibleName(column.title)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QComboBox):
            place = editor.findData(self._model.value(index.row(), self._column(index)))
            editor.setCurrentIndex(max(place, 0))
        elif isinstance(editor, QLineEdit):
            editor.setText(self._model.text(index.row(), self._column(index)))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        typed = editor.currentData() if isinstance(editor, QComboBox) else editor.text() if isinstance(editor, QLineEdit) else None
        self._model.put(index.row(), self._column(index).key, typed)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect.adjusted(0, 0, 0, -1))

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(editor, QWidget):
            key = event.key()
            way = 1 if key in ENTER or key == Qt.Key.Key_Tab else -1 if key == Qt.Key.Key_Backtab else 0
            if key in ENTER and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._close(editor)
                return False
            if way:
                self._close(editor)
                self._view.go_on(way)
                return True
            if key == Qt.Key.Key_F4 and isinstance(editor, QComboBox):
                editor.showPopup()
                return True
        return super().eventFilter(editor, event)

    def _close(self, editor: QWidget) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)
