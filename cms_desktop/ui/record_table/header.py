"""Column titles with, under them, the filter row."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from cms_desktop.core.listing import Sort

from .. import theme
from ..icons import paint_icon
from ..tokens import FILTER_ROW, HEADER_ROW
from .columns import PAD, RIGHT, TICK, Column, left_pad
from .delegate import paint_tick
from .filter_row import FilterRow

ARROW = 16


class FilterHeader(QHeaderView):
    """A click on a title sorts: up, down, not at all. A click on the tick box ticks the whole result or nothing."""

    sort_changed = Signal(object)
    tick_clicked = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, columns: tuple[Column, ...], *, with_filters: bool, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._columns = columns
        self.sort: Sort | None = None
        self.tick_state: bool | str = False
        self._pressed_at: QPoint | None = None
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(36)
        self.setFixedHeight(HEADER_ROW + (FILTER_ROW if with_filters else 0))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(lambda place: self.menu_wanted.emit(self.mapToGlobal(place)))
        self.filter_row = FilterRow(columns, self) if with_filters else None
        self.sectionResized.connect(self.place_editors)
        self.sectionMoved.connect(self.place_editors)

    def set_sort(self, sort: Sort | None) -> None:
        self.sort = sort
        self.viewport().update()

    def set_tick_state(self, state: bool | str) -> None:
        if state != self.tick_state:
            self.tick_state = state
            self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        place, pressed_at, self._pressed_at = event.position().toPoint(), self._pressed_at, None
        if pressed_at is None or event.button() != Qt.MouseButton.LeftButton or (place - pressed_at).manhattanLength() > 6:
            return
        index = self.logicalIndexAt(place)
        if index >= 0 and self.cursor().shape() != Qt.CursorShape.SplitHCursor:
            self.click(index)

    def click(self, index: int) -> None:
        """What a click on the title of column `index` does."""
        column = self._columns[index]
        if column.key == TICK:
            self.tick_clicked.emit()
        elif column.sortable:
            up, down = Sort(column.key), Sort(column.key, descending=True)
            self.set_sort({up: down, down: None}.get(self.sort, up) if self.sort else up)
            self.sort_changed.emit(self.sort)

    def visual_order(self) -> list[int]:
        """Logical indexes of the visible columns from left to right."""
        order = (self.logicalIndex(place) for place in range(self.count()))
        return [index for index in order if not self.isSectionHidden(index)]

    def updateGeometries(self) -> None:
        self.setViewportMargins(0, 0, 0, FILTER_ROW if self.filter_row is not None else 0)
        super().updateGeometries()
        self.place_editors()

    def place_editors(self, *_: int) -> None:
        if self.filter_row is None:
            return
        self.filter_row.setGeometry(0, HEADER_ROW, self.width(), FILTER_ROW)
        previous: QWidget | None = None
        hidden = {index for index in range(self.count()) if self.isSectionHidden(index)}
        for place in range(self.count()):
            index = self.logicalIndex(place)
            editor = self.filter_row.editors[index] if index < len(self.filter_row.editors) else None
            if editor is None:
                continue
            editor.setVisible(index not in hidden)
            if index in hidden:
                continue
            first = 8 if place == 0 else 4
            editor.setGeometry(self.sectionViewportPosition(index) + first, 3, max(10, self.sectionSize(index) - first - 4), 24)
            if previous is not None:
                QWidget.setTabOrder(previous, editor)
            previous = editor

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        t = theme.current()
        painter.fillRect(self.viewport().rect(), QColor(t.surface_alt))
        painter.fillRect(0, self.viewport().height() - 1, self.viewport().width(), 1, QColor(t.line if self.filter_row else t.border))
        painter.end()
        super().paintEvent(event)

    def paintSection(self, painter: QPainter, rect: QRect, index: int) -> None:
        t, column = theme.current(), self._columns[index]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(rect, QColor(t.surface_alt))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(t.line if self.filter_row else t.border))
        is_first = self.visualIndex(index) == 0
        if column.kind == "tick":
            paint_tick(painter, QRectF(rect.left() + left_pad(is_first, "tick") + 4, rect.center().y() - 8, 16, 16), self.tick_state)
        else:
            self._paint_title(painter, QRectF(rect).adjusted(left_pad(is_first, column.kind), 0, -PAD, 0), column)
        painter.restore()

    def _paint_title(self, painter: QPainter, box: QRectF, column: Column) -> None:
        t = theme.current()
        sort = self.sort if self.sort is not None and self.sort.key == column.key else None
        painter.setFont(theme.font("small-medium"))
        painter.setPen(QColor(t.text if sort else t.text_2))
        metrics = QFontMetricsF(painter.font())
        text = metrics.elidedText(column.title, Qt.TextElideMode.ElideRight, box.width() - (ARROW if sort else 0) + 1)
        right = column.kind in RIGHT
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, text)
        if sort:
            width = metrics.horizontalAdvance(text)
            x = box.right() - width - ARROW if right else box.left() + width + 4
            arrow = "arrow-down" if sort.descending else "arrow-up"
            paint_icon(painter, arrow, QRectF(x, box.center().y() - 6, 12, 12), t.accent, 2.25)
