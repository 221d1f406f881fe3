"""Amounts and whole numbers: Italian forms, small sums; dates with shortcuts and a calendar."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QDate, QLocale, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QColor, QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QFrame, QLineEdit, QToolButton, QVBoxLayout, QWidget

from cms_desktop.core import formats
from cms_desktop.core.amounts import parse_amount
from cms_desktop.core.dates import local_today, parse_date
from cms_desktop.core.errors import InvalidInput

from .. import theme
from ..error_text import error_text
from ..icons import icon
from ..translation import translator
from .base import LineField

tr = translator("ui")


class _ParsedField(LineField):
    """A line whose text is read into a value."""

    def _parse(self, text: str) -> Any:
        raise NotImplementedError

    def value(self) -> Any:
        """None while the text is empty or cannot be read (`entry_problem` says why)."""
        try:
            return self._parse(self.text()) if self.text() else None
        except InvalidInput:
            return None

    def set_value(self, value: Any) -> None:
        self.set_text("" if value is None else self.text_of(value))

    def entry_problem(self) -> str:
        try:
            if self.text():
                self._parse(self.text())
        except InvalidInput as error:
            return error_text(error)
        return ""

    def normalise(self) -> None:
        value = self.value()
        if value is not None and not self.is_read_only() and self.text_of(value) != self.line.text():
            self.set_value(value)


class AmountField(_ParsedField):
    """A Decimal with fixed places; `684*3` and `100+22%` are worked out when the field is left."""

    def __init__(
        self, title: str, *, decimals: int = 2, lowest: Decimal | None = None, highest: Decimal | None = None, **more: Any
    ) -> None:
        super().__init__(title, **more)
        self._decimals, self._lowest, self._highest = decimals, lowest, highest
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight)

    def _parse(self, text: str) -> Decimal:
        amount = parse_amount(text, decimals=self._decimals)
        if self._lowest is not None and amount < self._lowest:
            raise InvalidInput("Il valore più piccolo è {limit}.", limit=self.text_of(self._lowest))
        if self._highest is not None and amount > self._highest:
            raise InvalidInput("Il valore più grande è {limit}.", limit=self.text_of(self._highest))
        return amount

    def text_of(self, value: Any) -> str:
        return "" if value is None else formats.number(value, self._decimals)


class IntField(AmountField):
    """A whole number."""

    def __init__(self, title: str, *, lowest: int | None = None, highest: int | None = None, **more: Any) -> None:
        limits = {"lowest": None if lowest is None else Decimal(lowest), "highest": None if highest is None else Decimal(highest)}
        super().__init__(title, decimals=0, **limits, **more)

    def value(self) -> int | None:
        amount = super().value()
        return None if amount is None else int(amount)


class DateField(_ParsedField):
    """`3`, `5-2`, `+30`, `o`; F4 or the button opens a calendar."""

    def __init__(self, title: str, *, today: Callable[[], datetime.date] = local_today, **more: Any) -> None:
        super().__init__(title, **{"hint": tr("gg/mm/aaaa"), **more})
        self._today = today
        self.line.setToolTip(tr("3 → il 3 di questo mese, 5-2, +30, -10, o → oggi. F4 apre il calendario."))
        self._action: QAction = self.line.addAction(icon("calendar", "text_3", 16), QLineEdit.ActionPosition.TrailingPosition)
        self._action.setToolTip(tr("Apri il calendario (F4)"))
        self._action.triggered.connect(self.open_calendar)
        self.calendar: CalendarPopup | None = None

    def _parse(self, text: str) -> datetime.date:
        return parse_date(text, self._today())

    def text_of(self, value: Any) -> str:
        return "" if value is None else formats.date(value)

    def draft(self) -> Any:
        return self.line.text()

    def open_calendar(self) -> None:
        if self.is_read_only():
            return
        self.calendar = CalendarPopup(self, self.value() or self._today())
        self.calendar.chosen.connect(self._on_chosen)
        self.calendar.move(self.line.mapToGlobal(QPoint(0, self.line.height() + 2)))
        self.calendar.show()
        self.calendar.view.setFocus()

    def _on_chosen(self, day: datetime.date) -> None:
        self.set_value(day)
        self.line.setFocus()
        self.changed.emit()

    def handle_key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_F4 and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.open_calendar()
            return True
        return super().handle_key(event)


class CalendarPopup(QFrame):
    """A month in a pop-up; Enter or a click chooses, Esc leaves."""

    chosen = Signal(datetime.date)

    def __init__(self, parent: QWidget, day: datetime.date) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        t = theme.current()
        self.setObjectName("calendar")
        self.setStyleSheet(
            f"#calendar, #qt_calendar_navigationbar {{ background: {t.popover}; }} #calendar {{ border: 1px solid {t.border}; }}"
            "QToolButton { border: 0; background: transparent; min-height: 28px; padding: 0 6px; }"
            f"QToolButton:hover {{ background: {t.hover}; }} QTableView {{ background: {t.popover}; }}"
        )
        self.view = QCalendarWidget()
        self.view.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.view.setLocale(QLocale(tr("it_IT")))
        for name, sign in (("qt_calendar_prevmonth", "chevron-left"), ("qt_calendar_nextmonth", "chevron-right")):
            arrow = self.view.findChild(QToolButton, name)
            if arrow is not None:
                arrow.setIcon(icon(sign, "text_2", 16))
        self.view.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        weekend = QTextCharFormat()
        weekend.setForeground(QColor(t.text_3))
        for day_of_week in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.view.setWeekdayTextFormat(day_of_week, weekend)
        self.view.setSelectedDate(QDate(day.year, day.month, day.day))
        self.view.activated.connect(self._on_chosen)
        self.view.clicked.connect(self._on_chosen)
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 6, 6, 6)
        box.addWidget(self.view)

    def _on_chosen(self, day: QDate) -> None:
        self.close()
        self.chosen.emit(datetime.date(day.year(), day.month(), day.day()))
