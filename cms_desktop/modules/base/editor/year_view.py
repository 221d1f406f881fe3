"""A year on one sheet: twelve months, the special days in colour."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.modules.base.calendar import CLOSING, HOLIDAY, NATIONAL, PATRON, SpecialDay
from cms_desktop.ui import theme
from cms_desktop.ui.translation import translator

tr = translator("masters")
TITLE, GAP = 22, 14
ORDER = (NATIONAL, PATRON, HOLIDAY, CLOSING)


def kind_name(kind: str) -> str:
    return {
        NATIONAL: tr("Festa nazionale"), PATRON: tr("Santo patrono"), HOLIDAY: tr("Festa dell'azienda"), CLOSING: tr("Uffici chiusi"),
    }[kind]  # fmt: skip


def kind_colours(kind: str) -> tuple[str, str]:
    """Ground and ink."""
    t = theme.current()
    return {
        NATIONAL: (t.negative_soft, t.negative), PATRON: (t.accent_soft, t.accent), HOLIDAY: (t.positive_soft, t.positive),
        CLOSING: (t.neutral_soft, t.text_2),
    }[kind]  # fmt: skip


class YearView(QWidget):
    """`day_chosen(date)` on a click; the names of a day are its tool tip, and the whole year is told to a screen reader."""

    day_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.year, self.days = local_today().year, tuple[SpecialDay, ...]()
        self._by_day: dict[datetime.date, list[SpecialDay]] = {}
        self._boxes: list[tuple[QRectF, datetime.date]] = []
        self.setMinimumSize(520, 420)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_year(self, year: int, days: Sequence[SpecialDay]) -> None:
        self.year, self.days = year, tuple(days)
        self._by_day = {}
        for day in self.days:
            self._by_day.setdefault(day.on_date, []).append(day)
        self.setAccessibleName(tr("Calendario del {year}", year=year))
        self.setAccessibleDescription(". ".join(f"{formats.date(day.on_date)} {day.name}" for day in self.days))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(760, 560)

    def at(self, day: datetime.date) -> list[SpecialDay]:
        return sorted(self._by_day.get(day, []), key=lambda one: ORDER.index(one.kind))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        across = 4 if self.width() >= 640 else 3
        down = 12 // across
        width = (self.width() - GAP * (across - 1)) / across
        height = (self.height() - GAP * (down - 1)) / down
        self._boxes = []
        for month in range(1, 13):
            left = (month - 1) % across * (width + GAP)
            top = (month - 1) // across * (height + GAP)
            self._paint_month(painter, month, QRectF(left, top, width, height))

    def _paint_month(self, painter: QPainter, month: int, area: QRectF) -> None:
        t, today = theme.current(), local_today()
        painter.setFont(theme.font("small-medium"))
        painter.setPen(QColor(t.text))
        painter.drawText(QRectF(area.left() + 4, area.top(), area.width(), TITLE), Qt.AlignmentFlag.AlignVCenter,
                         formats.MONTHS[month - 1].capitalize())  # fmt: skip
        cell_width, cell_height = area.width() / 7, (area.height() - TITLE - 16) / 6
        painter.setFont(theme.font("caption"))
        painter.setPen(QColor(t.text_3))
        for place, name in enumerate(formats.WEEKDAYS):
            box = QRectF(area.left() + place * cell_width, area.top() + TITLE, cell_width, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name[0].upper())
        for week, days in enumerate(calendar.Calendar().monthdatescalendar(self.year, month)):
            for place, day in enumerate(days):
                if day.month == month:
                    box = QRectF(area.left() + place * cell_width, area.top() + TITLE + 16 + week * cell_height, cell_width, cell_height)
                    self._boxes.append((box, day))
                    self._paint_day(painter, day, box, is_today=day == today)

    def _paint_day(self, painter: QPainter, day: datetime.date, box: QRectF, *, is_today: bool) -> None:
        t, special = theme.current(), self.at(day)
        ink = t.text_3 if day.isoweekday() > 5 else t.text
        inner = box.adjusted(1, 1, -1, -1)
        if special:
            ground, ink = kind_colours(special[0].kind)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(inner, 4, 4)
        if is_today:
            painter.setPen(QPen(QColor(t.accent_fill), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(inner, 4, 4)
        painter.setFont(theme.font("small", weight=600 if special else 400))
        painter.setPen(QColor(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(day.day))

    def day_at(self, place: QPointF) -> datetime.date | None:
        return next((day for box, day in self._boxes if box.contains(place)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        day = self.day_at(event.position())
        if day is not None:
            self.day_chosen.emit(day)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            day = self.day_at(QPointF(event.pos()))
            names = [f"{one.name} ({kind_name(one.kind)})" for one in self.at(day)] if day else []
            QToolTip.showText(event.globalPos(), "\n".join([formats.long_date(day), *names]) if day else "", self)
            return True
        return super().event(event)
