"""The companies a person may open. A digit chooses at once, arrows move, Enter opens."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from cms_desktop.db.login import CompanyChoice
from cms_desktop.ui import theme
from cms_desktop.ui.basics import Pressable, boxed, column
from cms_desktop.ui.icons import paint_icon
from cms_desktop.ui.translation import translator

tr = translator("ui")


class CompanyRow(Pressable):
    """One company: name, VAT number, what the person does there."""

    def __init__(self, number: int, company: CompanyChoice) -> None:
        super().__init__()
        self.company, self._number = company, number
        self.is_chosen = False
        self.setFixedHeight(60)
        self.setAccessibleName(f"{company.name}, {self._detail()}")

    def sizeHint(self) -> QSize:
        return QSize(420, 60)

    def _detail(self) -> str:
        rights = tr("Sola lettura") if all(f.endswith((".read", ".audit")) for f in self.company.functions) else ""
        return " · ".join(part for part in (f"P.IVA {self.company.vat_number}", self.company.town, rights) if part)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.is_chosen
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(QColor(t.accent_fill if on else t.border), 2 if on else 1))
        painter.setBrush(QColor(t.accent_soft if on else t.hover if self.underMouse() else t.surface))
        painter.drawRoundedRect(box, 8, 8)
        paint_icon(painter, "building-2", QRectF(16, 20, 20, 20), t.accent if on else t.text_2)
        room = self.width() - 52 - 52
        for top, height, role, colour, text in (
            (9, 22, "strong", t.text, self.company.name),
            (31, 18, "small", t.text_2 if on else t.text_3, self._detail()),
        ):
            painter.setFont(theme.font(role))
            painter.setPen(QColor(colour))
            elided = theme.metrics(role).elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(52, top, room + 2, height), Qt.AlignmentFlag.AlignVCenter, elided)
        if self._number <= 9:
            key = QRectF(self.width() - 36, 20, 20, 20)
            painter.setPen(QPen(QColor(t.accent_line if on else t.neutral_line), 1))
            painter.setBrush(QColor(t.popover))
            painter.drawRoundedRect(key, 4, 4)
            painter.setFont(theme.font("caption"))
            painter.setPen(QColor(t.text_2))
            painter.drawText(key, Qt.AlignmentFlag.AlignCenter, str(self._number))


class CompanyList(QScrollArea):
    """`chosen` when one is opened; `moved` when another is marked."""

    chosen = Signal(object)
    moved = Signal(object)

    def __init__(self, companies: Sequence[CompanyChoice], current: int = 0) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.rows = [CompanyRow(number, company) for number, company in enumerate(companies, 1)]
        inner: QWidget = boxed(column(*self.rows, None, spacing=8, margins=(0, 0, 6, 0)))
        inner.setProperty("scroll", "true")
        self.setWidget(inner)
        for row in self.rows:
            row.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.clicked.connect(lambda _=False, row=row: self.chosen.emit(row.company))
        self._place = next((index for index, row in enumerate(self.rows) if row.company.company_id == current), 0)
        self._mark(self._place)

    def current(self) -> CompanyChoice | None:
        return self.rows[self._place].company if self.rows else None

    def _mark(self, place: int) -> None:
        if not self.rows:
            return
        self._place = max(0, min(place, len(self.rows) - 1))
        for index, row in enumerate(self.rows):
            row.is_chosen = index == self._place
            row.update()
        self.ensureWidgetVisible(self.rows[self._place])
        self.moved.emit(self.rows[self._place].company)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.text()
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._mark(self._place + (1 if event.key() == Qt.Key.Key_Down else -1))
        elif digit.isdigit() and 1 <= int(digit) <= len(self.rows):
            self.chosen.emit(self.rows[int(digit) - 1].company)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.rows:
            self.chosen.emit(self.rows[self._place].company)
        else:
            super().keyPressEvent(event)
