"""The module rail at the left: one entry a module, badges, wide or narrow."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from . import theme
from .basics import Pressable
from .chips import badge_width, paint_badge
from .icons import paint_icon
from .tokens import RAIL_NARROW, RAIL_WIDE
from .translation import translator

tr = translator("ui")


class Logo(QWidget):
    """A shield with a check: drawn, so that it is sharp at any scale."""

    def __init__(self, size: int = 28) -> None:
        super().__init__()
        self.setFixedSize(size, size)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.accent_fill))
        painter.drawRoundedRect(QRectF(self.rect()), self.width() * 0.25, self.width() * 0.25)
        inset = self.width() * 0.2
        paint_icon(painter, "shield-check", QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), t.on_accent, 2.25)


class RailEntry(Pressable):
    """A module: icon, name (when wide), badge; narrow, only a red badge shows, as a dot."""

    move_wanted = Signal(int)

    def __init__(self, title: str, icon_name: str, keys: str = "") -> None:
        super().__init__()
        self._icon, self._keys = icon_name, keys
        self._badge: tuple[str, str] | None = None
        self.is_active, self.is_wide = False, True
        self.setText(title)
        self.setFixedHeight(36)
        self._tell()

    def set_icon(self, icon_name: str) -> None:
        self._icon = icon_name
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.move_wanted.emit(step)

    def set_badge(self, text: str, tone: str) -> None:
        self._badge = (text, tone) if text else None
        self._tell()
        self.update()

    def badge(self) -> str:
        return self._badge[0] if self._badge else ""

    def _tell(self) -> None:
        count = f": {self._badge[0]}" if self._badge else ""
        self.setAccessibleName(self.text() + count)
        self.setToolTip(self.text() + count + (f" ({self._keys})" if self._keys else ""))

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(8, 2, -8, -2)
        if self.is_active or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.accent_soft if self.is_active else t.hover))
            painter.drawRoundedRect(box, 6, 6)
        if self.hasFocus():
            painter.setPen(QPen(QColor(t.accent_fill), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
        colour = t.accent if self.is_active else t.text_2
        left = box.left() + (11 if self.is_wide else (box.width() - 18) / 2)
        paint_icon(painter, self._icon, QRectF(left, box.center().y() - 9, 18, 18), colour, 1.75)
        badge = badge_width(self._badge[0]) if self._badge else 0.0
        if self.is_wide:
            role = "strong" if self.is_active else "body"
            painter.setFont(theme.font(role))
            painter.setPen(QColor(t.accent if self.is_active else t.text))
            place = box.adjusted(40, 0, -8 - badge, 0)
            words = theme.metrics(role).elidedText(self.text(), Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)
        if self._badge:
            self._paint_badge(painter, box, badge, *self._badge)

    def _paint_badge(self, painter: QPainter, box: QRectF, width: float, text: str, tone: str) -> None:
        t = theme.current()
        if self.is_wide:
            paint_badge(painter, QRectF(box.right() - width - 6, box.center().y() - 9, width, 18), text, tone)
        elif tone == "negative":
            painter.setPen(QPen(QColor(t.surface), 2))
            painter.setBrush(QColor(t.negative_fill))
            painter.drawEllipse(QRectF(box.right() - 14, box.top() + 4, 9, 9))


class ModuleRail(QFrame):
    """Entries are pressed with the mouse, Enter or Ctrl+number; ↑↓ move over them."""

    module_chosen = Signal(str)
    settings_wanted = Signal()
    width_toggled = Signal()

    def __init__(self, modules: Sequence[tuple[str, str, str]]) -> None:
        super().__init__()
        self.setObjectName("rail")
        self._entries: dict[str, RailEntry] = {}
        inner = QFrame()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(0, 8, 1, 8)
        layout.setSpacing(0)
        for number, (name, title, icon_name) in enumerate(modules, 1):
            entry = RailEntry(title, icon_name, f"Ctrl+{number}" if number < 10 else "")
            entry.clicked.connect(lambda _checked=False, name=name: self.module_chosen.emit(name))
            self._entries[name] = entry
            layout.addWidget(entry)
        layout.addStretch(1)
        self._settings = RailEntry(tr("Impostazioni"), "settings", "Ctrl+,")
        self._settings.clicked.connect(self.settings_wanted)
        self._toggle = RailEntry(tr("Comprimi"), "panel-left-close", "Ctrl+B")
        self._toggle.clicked.connect(self.width_toggled)
        scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for part in (inner, scroll.viewport()):
            part.setAutoFillBackground(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 8)
        outer.setSpacing(0)
        outer.addWidget(scroll, 1)
        outer.addWidget(self._settings)
        outer.addWidget(self._toggle)
        for entry in self._all_entries():
            entry.move_wanted.connect(self._on_move_wanted)
        self.is_wide = True
        self.set_wide(True)

    def set_wide(self, wide: bool) -> None:
        self.is_wide = wide
        self.setFixedWidth(RAIL_WIDE if wide else RAIL_NARROW)
        for entry in self._all_entries():
            entry.is_wide = wide
            entry.update()
        self._toggle.setText(tr("Comprimi") if wide else tr("Espandi"))
        self._toggle.set_icon("panel-left-close" if wide else "panel-left-open")
        self._toggle.set_badge("", "")

    def set_badge(self, module: str, text: str, tone: str = "neutral") -> None:
        """A count beside the module: neutral is work waiting, negative is what is late or an alarm. No text: no badge."""
        if module in self._entries:
            self._entries[module].set_badge(text, tone)

    def set_active(self, module: str) -> None:
        for name, entry in self._entries.items():
            entry.is_active = name == module
            entry.update()

    def entry(self, module: str) -> RailEntry:
        return self._entries[module]

    def _on_move_wanted(self, step: int) -> None:
        entries = self._all_entries()
        focused = next((i for i, entry in enumerate(entries) if entry.hasFocus()), 0)
        entries[(focused + step) % len(entries)].setFocus(Qt.FocusReason.TabFocusReason)

    def _all_entries(self) -> list[RailEntry]:
        return [*self._entries.values(), self._settings, self._toggle]

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.fillRect(self.rect(), QColor(t.surface))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), QColor(t.border))
