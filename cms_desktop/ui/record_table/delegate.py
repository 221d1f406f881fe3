"""Paints every kind of cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from .. import theme
from ..chips import chip_width, paint_chip
from ..icons import paint_icon
from .columns import PAD, RIGHT, Column, cell_text, left_pad
from .model import RecordTableModel

Left, Right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


def text_colour(tone: str) -> str:
    t = theme.current()
    return {
        "": t.text,
        "muted": t.text_3,
        "second": t.text_2,
        "negative": t.negative,
        "warning": t.warning,
        "positive": t.positive,
        "accent": t.accent,
        "off": t.text_off,
    }[tone]


def paint_tick(painter: QPainter, box: QRectF, state: bool | str) -> None:
    """A tick box of 16 px: False, True or "some"."""
    t = theme.current()
    painter.setPen(QPen(QColor(t.accent_fill if state else t.border_field), 1))
    painter.setBrush(QColor(t.accent_fill if state else t.sunken))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    if state:
        paint_icon(painter, "minus" if state == "some" else "check", box.adjusted(2, 2, -2, -2), "#FFFFFF", 3)


class CellDelegate(QStyledItemDelegate):
    """Hairlines below rows; a selected row is tinted and carries a 3 px accent bar at its left edge."""

    def __init__(self, model: RecordTableModel, view: QTableView) -> None:
        super().__init__(view)
        self._model, self._view = model, view
        self.hover_row = -1

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(self._model.columns[index.column()].width, self._view.verticalHeader().defaultSectionSize())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        place, row = index.column(), index.row()
        column = self._model.columns[place]
        record = self._model.rows[row]  # asking the model through index.data() doubles the cost of a cell
        value = self._model.readers[place](record)
        is_first = self._view.horizontalHeader().visualIndex(place) == 0
        box = QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        painter.save()
        self._paint_ground(painter, box, bool(state & QStyle.StateFlag.State_Selected), row == self.hover_row, is_first)
        if state & QStyle.StateFlag.State_HasFocus and not state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(QColor(theme.current().accent_fill), 1))
            painter.drawRect(box.adjusted(0.5, 0.5, -1.5, -1.5))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_value(painter, column, value, box.adjusted(left_pad(is_first, column.kind), 0, -PAD, -1), self._tone(column, record))
        painter.restore()

    @staticmethod
    def _tone(column: Column, record: Any) -> str:
        if column.tone is not None:
            return column.tone(record)
        return "second" if column.kind == "code" else ""

    @staticmethod
    def _paint_ground(painter: QPainter, box: QRectF, selected: bool, hovered: bool, is_first: bool) -> None:
        t = theme.current()
        if selected:
            painter.fillRect(box, QColor(t.accent_soft))
        elif hovered:
            painter.fillRect(box, QColor(t.hover))
        edge = t.accent_line if selected and not t.is_dark else t.line
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), QColor(edge))
        if selected and is_first:
            painter.fillRect(QRectF(box.left(), box.top(), 3, box.height() - 1), QColor(t.accent_fill))

    def _paint_value(self, painter: QPainter, column: Column, value: Any, inner: QRectF, tone: str) -> None:
        if column.kind == "tick":
            paint_tick(painter, QRectF(inner.left() + 4, inner.center().y() - 8, 16, 16), value)
            return
        if value is None or value == "":
            return
        special = _PAINTERS.get(column.kind)
        if special is not None:
            special(painter, value, inner, text_colour(tone))
            return
        text, colour = cell_text(value, column.kind), text_colour(tone)
        if column.kind in ("money", "delta") and value == 0 and tone in ("", "second", "muted", "off"):
            text, colour = "–", theme.current().text_off
        role = "medium" if column.kind == "strong" else "body"
        paint_text(painter, inner, text, role, colour, Right if column.kind in RIGHT else Left, column.kind == "code")


def paint_text(
    painter: QPainter, box: QRectF, text: str, role: str, colour: str, align: Qt.AlignmentFlag = Left, code: bool = False
) -> None:
    painter.setFont(theme.font(role, code=code))
    painter.setPen(QColor(colour))
    fitting = theme.metrics(role, code=code).elidedText(text, Qt.TextElideMode.ElideRight, box.width() + 1)
    painter.drawText(box, align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, fitting)


def _paint_chip(painter: QPainter, value: Any, inner: QRectF, _colour: str) -> None:
    paint_chip(painter, inner.left(), inner.center().y(), value[0], value[1], value[2] if len(value) > 2 else "dot", inner.width() + 8)


def _paint_flags(painter: QPainter, value: Any, inner: QRectF, _colour: str) -> None:
    x = inner.left()
    for flag in value:
        icon_name = flag[2] if len(flag) > 2 else ""
        if x + chip_width(flag[0], icon_name) > inner.right() + 8:
            paint_text(painter, QRectF(x, inner.top(), 16, inner.height()), "…", "small", theme.current().text_3)
            break
        x += paint_chip(painter, x, inner.center().y(), flag[0], flag[1], icon_name) + 4


def _paint_icon(painter: QPainter, value: Any, inner: QRectF, _colour: str) -> None:
    t = theme.current()
    fills = {"negative": t.negative_fill, "warning": t.warning_fill, "positive": t.positive_fill, "accent": t.accent}
    paint_icon(painter, value[0], QRectF(inner.center().x() - 8, inner.center().y() - 8, 16, 16), fills.get(value[1], t.text_3))


def _paint_two_lines(painter: QPainter, value: Any, inner: QRectF, colour: str) -> None:
    centre = inner.center().y()
    paint_text(painter, QRectF(inner.left(), centre - 18, inner.width(), 18), value[0] or "", "medium", colour)
    paint_text(painter, QRectF(inner.left(), centre, inner.width(), 16), value[1] or "", "small", theme.current().text_3)


def _paint_yes(painter: QPainter, value: Any, inner: QRectF, _colour: str) -> None:
    if value:
        centre = inner.center()
        paint_icon(painter, "check", QRectF(centre.x() - 7, centre.y() - 7, 14, 14), theme.current().text_2, 2.25)


_PAINTERS: dict[str, Callable[[QPainter, Any, QRectF, str], None]] = {
    "chip": _paint_chip,
    "flags": _paint_flags,
    "icon": _paint_icon,
    "two-line": _paint_two_lines,
    "check": _paint_yes,
}
