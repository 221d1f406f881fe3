"""CommandPalette: Ctrl+K. Records, commands and pages in one list; the letters typed are set in bold; arrows, Enter, Esc."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QAbstractButton, QLineEdit

from . import theme
from .icons import paint_icon
from .basics import Elevated, Keycap, boxed, column, icon_label, label, row, rule


class PaletteRow(QAbstractButton):
    def __init__(
        self, icon_name: str, text: str, match: str, detail: str, right: str = "", keys: tuple[str, ...] = (), active: bool = False
    ):
        super().__init__()
        self._icon, self._match, self._detail, self._right, self._keys, self._active = icon_name, match, detail, right, keys, active
        self.setText(text)
        self.setFixedHeight(40)
        self.setAccessibleName(f"{text}, {detail}")
        if keys:
            self.setLayout(row(None, Keycap(*keys), margins=(0, 0, 20, 0)))

    def paintEvent(self, _event) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._active:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.accent_soft))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(8, 1, -8, -1), 6, 6)
            painter.setBrush(QColor(t.accent_fill))
            painter.drawRoundedRect(QRectF(8, 10, 3, 20), 1.5, 1.5)
        paint_icon(painter, self._icon, QRectF(22, 11, 18, 18), t.accent if self._active else t.text_2)
        x, body, bold = 54.0, theme.font("body", size=14), theme.font("body", size=14, weight=700)
        text, match = self.text(), self._match.lower()
        place = text.lower().find(match) if match else -1
        parts = (
            [(text, body)]
            if place < 0
            else [(text[:place], body), (text[place : place + len(match)], bold), (text[place + len(match) :], body)]
        )
        for part, font in parts:
            painter.setFont(font)
            painter.setPen(QColor(t.text))
            width = QFontMetricsF(font).horizontalAdvance(part)
            painter.drawText(QRectF(x, 0, width + 4, 40), Qt.AlignmentFlag.AlignVCenter, part)
            x += width
        painter.setFont(theme.font("small"))
        painter.setPen(QColor(t.text_3))
        limit = self.width() - 24 - (120 if self._right or self._keys else 0)
        painter.drawText(
            QRectF(x + 12, 0, limit - x - 12, 40),
            Qt.AlignmentFlag.AlignVCenter,
            QFontMetricsF(painter.font()).elidedText(self._detail, Qt.TextElideMode.ElideRight, limit - x - 12),
        )
        if self._right:
            painter.setPen(QColor(t.negative if self._right.startswith("scaduto") else t.text_2))
            painter.drawText(
                QRectF(self.width() - 224, 0, 204, 40), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._right
            )


class CommandPalette(Elevated):
    def __init__(self, query: str, groups: list[tuple[str, list[PaletteRow]]], seconds: str):
        super().__init__(radius=12)
        t = theme.current()
        field = QLineEdit(query)
        field.setObjectName("first-focus")
        field.setFont(theme.font("body", size=17))
        field.setStyleSheet(
            f"QLineEdit, QLineEdit:focus {{ border: 0; background: transparent; padding: 0; min-height: 40px; color: {t.text}; }}"
        )
        top = row(icon_label("search", 20, t.text_3), field, Keycap("Esc"), spacing=12, margins=(20, 8, 20, 8))
        parts: list = [top, rule(), 6]
        for name, rows in groups:
            title = label(name, "small-medium", "3")
            title.setFixedHeight(28)
            title.setContentsMargins(22, 6, 0, 0)
            parts += [title, *rows, 4]
        hints = row(
            Keycap("↑", "↓"),
            label("scegli", "small", "3"),
            8,
            Keycap("↵"),
            label("apri", "small", "3"),
            8,
            Keycap("Ctrl", "↵"),
            label("apri in un altro dock", "small", "3"),
            8,
            Keycap("Tab"),
            label("azioni del record", "small", "3"),
            None,
            label(seconds, "small", "3"),
            spacing=6,
            margins=(20, 0, 20, 0),
        )
        foot = boxed(hints, strip="foot")
        foot.setFixedHeight(40)
        foot.setStyleSheet(
            f"QFrame {{ background: {t.surface_alt}; border-bottom-left-radius: 11px; border-bottom-right-radius: 11px; border-top: 1px solid {t.line}; }} QLabel, QWidget {{ border: 0; }}"
        )
        self.body.setContentsMargins(self.MARGIN + 1, self.MARGIN + 1, self.MARGIN + 1, self.MARGIN + 1)
        self.body.addLayout(column(*parts, foot, spacing=0))
        self.setFixedWidth(760 + 2 * self.MARGIN)
