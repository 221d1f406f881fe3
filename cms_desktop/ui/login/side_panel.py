"""Left half of the login window: whose program this is and which server it talks to. Lines suggest sites joined to a centre."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from cms_desktop.ui import theme
from cms_desktop.ui.icons import paint_icon
from cms_desktop.ui.translation import translator

tr = translator("ui")
INK, PALE, WHITE, GREEN, AMBER = "#14263F", "#A9BBD4", "#FFFFFF", "#4CC38A", "#E5A93B"
CENTRE = (0.62, 0.52)
POINTS = ((0.20, 0.30), (0.46, 0.22), (0.78, 0.34), CENTRE, (0.30, 0.55), (0.86, 0.62), (0.50, 0.74), (0.16, 0.72))
WIDTH = 344


class SidePanel(QWidget):
    """`set_server(host, detail, state, is_good)` fills the lower lines."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(WIDTH)
        self._host, self._detail, self._state, self._is_good = "", "", "", True

    def set_server(self, host: str, detail: str, state: str, is_good: bool) -> None:
        self._host, self._detail, self._state, self._is_good = host, detail, state, is_good
        self.setAccessibleDescription(f"{host}. {detail}. {state}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(INK))
        self._paint_net(painter)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#2F6FD6"))
        painter.drawRoundedRect(QRectF(32, 36, 40, 40), 10, 10)
        paint_icon(painter, "shield-check", QRectF(41, 45, 22, 22), WHITE, 2)
        self._text(painter, 84, 36, 22, "CMS Desktop", "title", WHITE)
        self._text(painter, 84, 58, 18, tr("Gestione istituti di vigilanza"), "small", PALE)
        y = self.height() - 104
        self._text(painter, 32, y, 18, tr("Server"), "small", PALE)
        self._text(painter, 32, y + 20, 18, self._host, "small-medium", WHITE)
        self._text(painter, 32, y + 40, 18, self._detail, "small", PALE)
        if self._state:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(GREEN if self._is_good else AMBER))
            painter.drawEllipse(QPointF(36, y + 69), 4, 4)
            self._text(painter, 48, y + 60, 18, self._state, "small", "#DCE6F3")

    def _paint_net(self, painter: QPainter) -> None:
        field = QRectF(self.rect()).adjusted(0, 120, 0, -130)
        place = lambda point: QPointF(field.left() + field.width() * point[0], field.top() + field.height() * point[1])
        hub = place(CENTRE)
        painter.setPen(QPen(QColor(255, 255, 255, 26), 1))
        for point in POINTS:
            painter.drawLine(hub, place(point))
        for radius, alpha in ((54, 12), (34, 18), (16, 30)):
            painter.setPen(QPen(QColor(255, 255, 255, alpha + 14), 1))
            painter.setBrush(QColor(255, 255, 255, alpha // 3))
            painter.drawEllipse(hub, radius, radius)
        painter.setPen(Qt.PenStyle.NoPen)
        for point in POINTS:
            is_hub = point == CENTRE
            painter.setBrush(QColor("#8FB7F2") if is_hub else QColor(255, 255, 255, 120))
            painter.drawEllipse(place(point), 5 if is_hub else 3, 5 if is_hub else 3)

    def _text(self, painter: QPainter, x: float, y: float, height: float, text: str, role: str, colour: str) -> None:
        painter.setFont(theme.font(role))
        painter.setPen(QColor(colour))
        room = self.width() - x - 24
        elided = theme.metrics(role).elidedText(text, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(QRectF(x, y, room + 2, height), Qt.AlignmentFlag.AlignVCenter, elided)
