"""Pop-over of the 'Colonne' button: shown columns in order, the others below, density, reset. Applies at once."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from . import theme
from .basics import boxed, button, column, label, row, rule
from .chips import Segmented
from .icons import paint_icon
from .popover import Popover
from .record_table import Column, Density, RecordTable
from .record_table.delegate import paint_text, paint_tick
from .translation import translator

tr = translator("ui")
DENSITIES: tuple[Density, ...] = ("compact", "normal", "ample")
LINE, MOST_LINES, WIDTH = 30, 9, 300
COLUMN = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class ColumnChooser(Popover):
    """Opens focused on its search; ↑↓ move, Space shows or hides, Alt+↑↓ or dragging changes the order."""

    def __init__(self, table: RecordTable, anchor: QWidget) -> None:
        super().__init__(anchor)
        self._table = table
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Cerca fra {n} campi", n=len(table.column_order())))
        self.search.setAccessibleName(tr("Cerca una colonna"))
        self.shown, self.others = _ColumnList(can_move=True), _ColumnList(can_move=False)
        self._others_title = label(tr("Altre"), "small-medium", "3")
        self.density = Segmented([tr("Compatta"), tr("Normale"), tr("Ampia")], DENSITIES.index(table.density))
        reset = button(tr("Ripristina"), "link", tip=tr("Colonne, larghezze e ordine come all'inizio"))
        self._rule = rule()
        head = row(label(tr("Colonne"), "heading"), None, reset)
        upper = column(
            head, 8, self.search, 6, label(tr("Mostrate"), "small-medium", "3"), self.shown, self._rule, 4, self._others_title, self.others,
            spacing=2, margins=(16, 12, 16, 12),
        )  # fmt: skip
        foot = boxed(row(label(tr("Densità"), "small", "3"), self.density, None, spacing=12, margins=(16, 8, 16, 8)), strip="foot")
        self.body.addLayout(column(upper, foot, spacing=0, margins=(1, 1, 1, 1)))
        self.setFixedWidth(WIDTH + 2 * self.MARGIN)
        self.search.textChanged.connect(self.fill)
        self.shown.toggled.connect(self._on_toggled)
        self.others.toggled.connect(self._on_toggled)
        self.shown.order_changed.connect(self._on_order_changed)
        self.density.changed.connect(self._on_density_changed)
        reset.clicked.connect(self._on_reset)
        self.fill()

    def open_chooser(self) -> None:
        self.fill()
        self.open(self.search)

    def fill(self) -> None:
        """Write the lists again from the table."""
        wanted = self.search.text().strip().lower()
        by_key = {one.key: one for one in self._table.columns}
        visible = {one.key for one in self._table.visible_columns()}
        fitting = [by_key[key] for key in self._table.column_order() if wanted in by_key[key].title.lower()]
        self.shown.set_columns([one for one in fitting if one.key in visible], ticked=True)
        others = [one for one in fitting if one.key not in visible]
        self.others.set_columns(others, ticked=False)
        for part in (self._rule, self._others_title, self.others):
            part.setVisible(bool(others))
        self.shown.can_move = not wanted
        self.density.set_active(DENSITIES.index(self._table.density))
        self.adjustSize()

    def _on_toggled(self, key: str) -> None:
        hidden = key not in {one.key for one in self._table.visible_columns()}
        if hidden or len(self._table.visible_columns()) > 1:
            self._table.set_column_hidden(key, not hidden)
        self.fill()

    def _on_order_changed(self, keys: list[str]) -> None:
        rest = [key for key in self._table.column_order() if key not in keys]
        self._table.set_column_order(keys + rest)

    def _on_density_changed(self, place: int) -> None:
        self._table.set_density(DENSITIES[place])
        self._table.layout_changed.emit()

    def _on_reset(self) -> None:
        self._table.reset_layout()
        self.search.clear()
        self.fill()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            (self.shown if self.shown.count() else self.others).take_focus()
            event.accept()
        else:
            super().keyPressEvent(event)


class _ColumnList(QListWidget):
    toggled = Signal(str)
    order_changed = Signal(list)

    def __init__(self, *, can_move: bool) -> None:
        super().__init__()
        self.can_move, self.are_ticked = can_move, False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QListWidget { background: transparent; }")
        self.setItemDelegate(_ColumnDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        if can_move:
            self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
            self.setDefaultDropAction(Qt.DropAction.MoveAction)
            self.model().rowsMoved.connect(self._tell_order)
        self.setAccessibleName(tr("Colonne mostrate") if can_move else tr("Altre colonne"))

    def set_columns(self, columns: list[Column], *, ticked: bool) -> None:
        place, self.are_ticked = self.currentRow(), ticked
        self.clear()
        for one in columns:
            item = QListWidgetItem(one.title)
            item.setData(COLUMN, one)
            item.setSizeHint(QSize(WIDTH - 40, LINE))
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled)
            self.addItem(item)
        self.setFixedHeight(min(len(columns), MOST_LINES) * LINE)
        self.setCurrentRow(min(place, self.count() - 1))

    def column_keys(self) -> list[str]:
        return [self.item(place).data(COLUMN).key for place in range(self.count())]

    def take_focus(self) -> None:
        self.setCurrentRow(max(0, self.currentRow()))
        self.setFocus(Qt.FocusReason.TabFocusReason)

    def move_current(self, by: int) -> None:
        """Move the current column up (−1) or down (1)."""
        place = self.currentRow()
        if self.can_move and place >= 0 and 0 <= place + by < self.count():
            self.insertItem(place + by, self.takeItem(place))
            self.setCurrentRow(place + by)
            self._tell_order()

    def _tell_order(self, *_: object) -> None:
        self.order_changed.emit(self.column_keys())

    def _toggle(self, item: QListWidgetItem | None) -> None:
        if item is not None and not item.data(COLUMN).locked:
            self.toggled.emit(item.data(COLUMN).key)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        dragged = self.state() == QAbstractItemView.State.DraggingState
        super().mouseReleaseEvent(event)
        if not dragged and event.button() == Qt.MouseButton.LeftButton:
            self._toggle(self.itemAt(event.position().toPoint()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.move_current(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._toggle(self.currentItem())
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return
        else:
            super().keyPressEvent(event)
            return
        event.accept()


class _ColumnDelegate(QStyledItemDelegate):
    def __init__(self, owner: _ColumnList) -> None:
        super().__init__(owner)
        self._owner = owner

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t, one, box = theme.current(), index.data(COLUMN), QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_HasFocus or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.hover))
            painter.drawRoundedRect(box.adjusted(-2, 1, 0, -1), 4, 4)
        painter.setOpacity(0.5 if one.locked else 1)
        paint_tick(painter, QRectF(box.left(), box.center().y() - 8, 16, 16), self._owner.are_ticked)
        painter.setOpacity(1)
        paint_text(painter, box.adjusted(26, 0, -24, 0), one.title, "body", t.text_3 if one.locked else t.text)
        if one.locked or self._owner.can_move:
            name = "lock" if one.locked else "grip-vertical"
            paint_icon(painter, name, QRectF(box.right() - 18, box.center().y() - 7, 14, 14), t.text_3)
        painter.restore()
