"""RecordTable: header with filter row, painted cells, totals row. One widget for every list of every module.

A column says what its cells are (`kind`), never how to draw them:
  text strong code date int money delta percent chip flags check icon two-line
Cell values: plain values; a chip is (text, tone) or (text, tone, icon); flags is a list of chips; two-line is (first, second).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHeaderView,
    QLineEdit,
    QScrollBar,
    QStyle,
    QStyledItemDelegate,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from cms_desktop.core import formats

from . import theme
from .icons import icon, paint_icon
from .tokens import FILTER_ROW, HEADER_ROW, ROW, TOTALS_ROW
from .chips import chip_width, paint_chip

RIGHT = {"int", "money", "delta", "percent"}
PAD = 12


def _left_pad(index: int, column: Column) -> int:
    """The first column lines up with the card's title, 16 px in."""
    return PAD + 4 if index == 0 and column.kind != "check" else PAD


@dataclass
class Column:
    key: str
    title: str
    kind: str = "text"
    width: int = 100
    stretch: bool = False
    filter: str = "text"  # text, choice, none
    filter_text: str = ""  # shown as the filter in force
    filter_hint: str = ""
    sort: str = ""  # asc, desc
    total: str = ""
    total_tone: str = ""


class RecordTableModel(QAbstractTableModel):
    TONE = Qt.ItemDataRole.UserRole + 1

    def __init__(self, columns: list[Column], rows: list[dict], parent=None):
        super().__init__(parent)
        self.columns, self.rows = columns, rows

    def rowCount(self, parent=QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent=QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section, orientation, role=Qt.ItemDataRole.DisplayRole):
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.columns[section].title
        return None

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        row, column = self.rows[index.row()], self.columns[index.column()]
        value = row.get(column.key)
        if role == Qt.ItemDataRole.UserRole:
            return value
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(value, column.kind)
        if role == self.TONE:
            return row.get(column.key + "_tone", row.get("tone", ""))
        if role == Qt.ItemDataRole.TextAlignmentRole and column.kind in RIGHT:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None


def cell_text(value: Any, kind: str) -> str:
    if value is None or value == "":
        return ""
    if kind == "money":
        return formats.amount(value)
    if kind == "delta":
        return formats.signed(value)
    if kind == "percent":
        return formats.signed(value, 1, "%")
    if kind == "int":
        return formats.number(value)
    if isinstance(value, datetime.date):
        return formats.date(value)
    if kind == "chip":
        return value[0]
    if kind == "flags":
        return ", ".join(flag[0] for flag in value)
    if kind == "two-line":
        return f"{value[0]}\n{value[1]}"
    return str(value)


class CellDelegate(QStyledItemDelegate):
    """Paints every kind of cell. Hairlines below rows; a selected row is tinted and carries a 3 px accent bar in its first column."""

    def __init__(self, columns: list[Column], view: QTableView, row_height: int):
        super().__init__(view)
        self._columns, self._view, self._row_height = columns, view, row_height
        self.hover_row = -1

    def sizeHint(self, option, index) -> QSize:
        return QSize(self._columns[index.column()].width, self._row_height)

    def paint(self, painter: QPainter, option, index) -> None:
        t, column = theme.current(), self._columns[index.column()]
        record = self._view.model().rows[index.row()]  # asking the model through index.data() doubles the cost of a cell
        value, tone = record.get(column.key), record.get(column.key + "_tone", record.get("tone", ""))
        box = QRectF(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected:
            painter.fillRect(box, QColor(t.accent_soft))
        elif index.row() == self.hover_row:
            painter.fillRect(box, QColor(t.hover))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillRect(
            QRectF(box.left(), box.bottom() - 1, box.width(), 1), QColor(t.accent_line if selected and not t.is_dark else t.line)
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected and index.column() == 0:
            painter.fillRect(QRectF(box.left(), box.top(), 3, box.height() - 1), QColor(t.accent_fill))
        inner = box.adjusted(_left_pad(index.column(), column), 0, -PAD, -1)
        colour = {
            "": t.text,
            "muted": t.text_3,
            "second": t.text_2,
            "negative": t.negative,
            "warning": t.warning,
            "positive": t.positive,
            "accent": t.accent,
            "off": t.text_off,
        }[tone]
        self._paint_value(painter, column, value, inner, colour, tone)
        painter.restore()

    def _paint_value(self, painter, column, value, inner, colour, tone) -> None:
        t, kind = theme.current(), column.kind
        centre = inner.center().y()
        if kind == "check":
            self._paint_check(painter, QRectF(inner.center().x() - 8, centre - 8, 16, 16), value)
            return
        if value is None or value == "":
            return
        if kind == "chip":
            paint_chip(painter, inner.left(), centre, value[0], value[1], value[2] if len(value) > 2 else "dot", inner.width())
        elif kind == "flags":
            x = inner.left()
            for flag in value:
                icon_name = flag[2] if len(flag) > 2 else ""
                if x + chip_width(flag[0], icon_name) > inner.right() + 8:
                    break
                x += paint_chip(painter, x, centre, flag[0], flag[1], icon_name) + 4
        elif kind == "icon":
            name, icon_tone = value
            tint = {
                "negative": t.negative_fill,
                "warning": t.warning_fill,
                "muted": t.text_3,
                "accent": t.accent,
                "positive": t.positive_fill,
            }[icon_tone]
            paint_icon(painter, name, QRectF(inner.center().x() - 8, centre - 8, 16, 16), tint)
        elif kind == "two-line":
            self._text(painter, QRectF(inner.left(), centre - 18, inner.width(), 18), value[0], "medium", colour)
            self._text(painter, QRectF(inner.left(), centre, inner.width(), 16), value[1], "small", t.text_3)
        else:
            role = "medium" if kind == "strong" else "body"
            text = cell_text(value, kind)
            if kind in ("money", "delta") and value == 0 and not tone:
                text, colour = "–", t.text_off
            align = Qt.AlignmentFlag.AlignRight if kind in RIGHT else Qt.AlignmentFlag.AlignLeft
            self._text(painter, inner, text, role, colour, align, kind == "code")

    @staticmethod
    def _text(painter, box, text, role, colour, align=Qt.AlignmentFlag.AlignLeft, code=False) -> None:
        painter.setFont(theme.font(role, code=code))
        painter.setPen(QColor(colour))
        painter.drawText(
            box,
            align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
            theme.metrics(role, code=code).elidedText(text, Qt.TextElideMode.ElideRight, box.width() + 1),
        )

    @staticmethod
    def _paint_check(painter, box, value) -> None:
        t = theme.current()
        on = bool(value)
        painter.setPen(QPen(QColor(t.accent_fill if on else t.border_field), 1))
        painter.setBrush(QColor(t.accent_fill if on else t.sunken))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if on:
            paint_icon(painter, "minus" if value == "some" else "check", box.adjusted(2, 2, -2, -2), "#FFFFFF", 3)


class FilterHeader(QHeaderView):
    """Column titles with, under them, one small field per column. Filters in force are tinted; Esc in a field clears it."""

    def __init__(self, columns: list[Column], with_filters: bool):
        super().__init__(Qt.Orientation.Horizontal)
        self._columns, self._with_filters = columns, with_filters
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setFixedHeight(HEADER_ROW + (FILTER_ROW if with_filters else 0))
        self._editors: list[QWidget | None] = []
        if with_filters:
            self._strip = QWidget(self)
            for column in columns:
                self._editors.append(self._make_editor(column))
            self.sectionResized.connect(lambda *_: self._place_editors())
            self.sectionMoved.connect(lambda *_: self._place_editors())

    def _make_editor(self, column: Column) -> QWidget | None:
        t = theme.current()
        if column.filter == "none":
            return None
        if column.filter == "choice":
            editor = QComboBox(self)
            editor.addItem(column.filter_text or column.filter_hint or "Tutti")
        else:
            editor = QLineEdit(column.filter_text, self)
            editor.setPlaceholderText(column.filter_hint)
            if column.kind in RIGHT:
                editor.setAlignment(Qt.AlignmentFlag.AlignRight)
            if column.filter_text:
                editor.addAction(icon("x", t.accent, 12, 2), QLineEdit.ActionPosition.TrailingPosition)
        editor.setFont(theme.font("small"))
        editor.setProperty("fit", "filter")
        editor.setAccessibleName(f"Filtro {column.title}")
        if column.filter_text:
            editor.setProperty("state", "active")
        return editor

    def updateGeometries(self) -> None:
        self.setViewportMargins(0, 0, 0, FILTER_ROW if self._with_filters else 0)
        super().updateGeometries()
        self._place_editors()

    def _place_editors(self) -> None:
        if not self._with_filters:
            return
        for index, editor in enumerate(self._editors):
            if editor is not None:
                hidden = self.isSectionHidden(index)
                editor.setVisible(not hidden)
                editor.setGeometry(self.sectionViewportPosition(index) + 4, HEADER_ROW + 2, max(10, self.sectionSize(index) - 8), 24)

    def paintEvent(self, event) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.fillRect(
            QRect(0, self.viewport().height() - 1, self.viewport().width(), 1),
            QColor(theme.current().line if self._with_filters else theme.current().border),
        )

    def paintSection(self, painter: QPainter, rect: QRect, index: int) -> None:
        t, column = theme.current(), self._columns[index]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(rect, QColor(t.surface_alt))
        painter.fillRect(QRectF(rect.left(), rect.bottom(), rect.width(), 1), QColor(t.line if self._with_filters else t.border))
        if column.kind == "check":
            CellDelegate._paint_check(painter, QRectF(rect.center().x() - 7.5, rect.center().y() - 8, 16, 16), column.filter_text)
            painter.restore()
            return
        painter.setFont(theme.font("small-medium"))
        painter.setPen(QColor(t.text if column.sort else t.text_2))
        box = QRectF(rect).adjusted(_left_pad(index, column), 0, -PAD, 0)
        right = column.kind in RIGHT
        metrics = QFontMetricsF(painter.font())
        reserve = 16 if column.sort else 0
        text = metrics.elidedText(column.title, Qt.TextElideMode.ElideRight, box.width() - reserve + 1)
        width = metrics.horizontalAdvance(text)
        if right:
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        else:
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        if column.sort:
            x = box.right() - width - 16 if right else box.left() + width + 4
            paint_icon(
                painter, "arrow-up" if column.sort == "asc" else "arrow-down", QRectF(x, rect.center().y() - 6, 12, 12), t.accent, 2.25
            )
        painter.restore()


class TotalsRow(QWidget):
    """Sums of the whole result (not of the page), aligned with their columns; follows resizing, moving and scrolling."""

    def __init__(self, columns: list[Column], view: QTableView, caption: str, in_card: bool):
        super().__init__()
        self._columns, self._view, self._caption, self._in_card = columns, view, caption, in_card
        self.setFixedHeight(TOTALS_ROW)
        view.horizontalHeader().sectionResized.connect(lambda *_: self.update())
        view.horizontalScrollBar().valueChanged.connect(lambda *_: self.update())

    def paintEvent(self, _event) -> None:
        t, painter, header = theme.current(), QPainter(self), self._view.horizontalHeader()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._in_card:  # keep the card's rounded bottom corners
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.surface_alt))
            painter.drawRoundedRect(QRectF(0, -8, self.width(), self.height() + 8), 7, 7)
        else:
            painter.fillRect(self.rect(), QColor(t.surface_alt))
        painter.fillRect(QRectF(0, 0, self.width(), 1), QColor(t.border))
        painter.setFont(theme.font("small-medium"))
        painter.setPen(QColor(t.text_2))
        first_total = next((i for i, c in enumerate(self._columns) if c.total), len(self._columns))
        limit = header.sectionViewportPosition(first_total) if first_total < len(self._columns) else self.width()
        painter.drawText(
            QRectF(PAD + 4, 0, limit - PAD - 4, self.height()),
            Qt.AlignmentFlag.AlignVCenter,
            QFontMetricsF(painter.font()).elidedText(self._caption, Qt.TextElideMode.ElideRight, limit - PAD),
        )
        painter.setFont(theme.font("strong"))
        for index, column in enumerate(self._columns):
            if column.total:
                painter.setPen(QColor({"": t.text, "negative": t.negative, "positive": t.positive}[column.total_tone]))
                box = QRectF(header.sectionViewportPosition(index), 0, header.sectionSize(index) - PAD, self.height())
                painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, column.total)


class _View(QTableView):
    def leaveEvent(self, event) -> None:
        self.itemDelegate().hover_row = -1
        self.viewport().update()
        super().leaveEvent(event)

    def mouseMoveEvent(self, event) -> None:
        self.itemDelegate().hover_row = self.indexAt(event.position().toPoint()).row()
        self.viewport().update()
        super().mouseMoveEvent(event)


class _OverlayScroll(QScrollBar):
    """A scroll bar laid over the rows, below the header: the header keeps the full width."""

    def __init__(self, view: QTableView):
        super().__init__(Qt.Orientation.Vertical, view)
        self._view = view
        own = view.verticalScrollBar()
        view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        own.rangeChanged.connect(self._follow)
        own.valueChanged.connect(self.setValue)
        self.valueChanged.connect(own.setValue)
        view.viewport().installEventFilter(self)
        self._follow(own.minimum(), own.maximum())

    def _follow(self, low: int, high: int) -> None:
        self.setRange(low, high)
        self.setPageStep(self._view.verticalScrollBar().pageStep())
        self.setVisible(high > low)

    def eventFilter(self, _watched, event) -> bool:
        if event.type() == QEvent.Type.Resize:
            area = self._view.viewport().geometry()
            self.setGeometry(area.right() - 11, area.top(), 12, area.height())
            self._follow(self._view.verticalScrollBar().minimum(), self._view.verticalScrollBar().maximum())
            self.raise_()
        return False


class RecordTable(QWidget):
    def __init__(
        self,
        columns: list[Column],
        rows: list[dict],
        *,
        row_height: int = ROW,
        filters: bool = True,
        totals: str = "",
        selected: tuple[int, ...] = (),
        hover: int = -1,
        in_card: bool = False,
    ):
        super().__init__()
        self.view = view = _View()
        self.model = RecordTableModel(columns, rows, view)
        view.setModel(self.model)
        self.header = FilterHeader(columns, filters)
        view.setHorizontalHeader(self.header)
        delegate = CellDelegate(columns, view, row_height)
        delegate.hover_row = hover
        view.setItemDelegate(delegate)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setShowGrid(False)
        view.setMouseTracking(True)
        view.setWordWrap(False)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(row_height)
        view.verticalHeader().setMinimumSectionSize(20)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for index, column in enumerate(columns):
            self.header.resizeSection(index, column.width)
            self.header.setSectionResizeMode(
                index, QHeaderView.ResizeMode.Stretch if column.stretch else QHeaderView.ResizeMode.Interactive
            )
        self.header.setMinimumSectionSize(28)
        for row in selected:
            view.selectionModel().select(
                self.model.index(row, 0), view.selectionModel().SelectionFlag.Select | view.selectionModel().SelectionFlag.Rows
            )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(view, 1)
        self._scroll = _OverlayScroll(view)
        self.totals = TotalsRow(columns, view, totals, in_card) if totals else None
        if self.totals:
            layout.addWidget(self.totals)
