"""First line of a dock: its pages as tabs at the left, the actions of the page at the right."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu, QSizePolicy, QWidget

from . import theme
from .basics import Dot, boxed, button, label, row
from .chips import badge_width, paint_badge
from .icons import icon, paint_icon
from .translation import translator

tr = translator("ui")
GAP, MORE, INSET = 20, 44, 6


@dataclass
class _Tab:
    key: str
    title: str
    count: str = ""
    mark: str = ""  # "error" or "changed"

    def width(self) -> float:
        count = badge_width(self.count) + 6 if self.count else 0.0
        return theme.metrics("strong").horizontalAdvance(self.title) + count + (12 if self.mark else 0)


class PageTabs(QWidget):
    """Underlined tabs with counts. ←→ and the mouse choose; what has no room is in the menu at the end."""

    chosen = Signal(str)

    def __init__(self, height: int = 47) -> None:
        super().__init__()
        self._tabs: list[_Tab] = []
        self._active = ""
        self._height = height
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._under: str | None = None
        self._by_key = False  # the focus ring is for those who came with the keyboard

    def add_tab(self, key: str, title: str) -> None:
        self._tabs.append(_Tab(key, title))
        self._active = self._active or key
        self._tell()

    def keys(self) -> list[str]:
        return [tab.key for tab in self._tabs]

    def active(self) -> str:
        return self._active

    def set_active(self, key: str) -> None:
        self._active = key
        self._tell()

    def set_count(self, key: str, count: str) -> None:
        self._tab(key).count = count
        self._tell()

    def set_mark(self, key: str, mark: str) -> None:
        """A dot behind the title: "error", "changed" or "" for none."""
        self._tab(key).mark = mark
        self._tell()

    def _tab(self, key: str) -> _Tab:
        return next(tab for tab in self._tabs if tab.key == key)

    def _tell(self) -> None:
        names = [f"{tab.title} {tab.count}".strip() for tab in self._tabs]
        active = self._tab(self._active).title if self._active else ""
        self.setAccessibleName(tr("Pagine: {active}, di {all}", active=active, all=", ".join(names)))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(sum(tab.width() for tab in self._tabs) + GAP * max(0, len(self._tabs) - 1)) + 2 * INSET, self._height)

    def minimumSizeHint(self) -> QSize:
        first = max((tab.width() for tab in self._tabs), default=0)
        return QSize(round(first) + MORE, self._height)

    def _layout_tabs(self) -> tuple[list[tuple[_Tab, QRectF]], list[_Tab]]:
        """Tabs with their places, and those without room. The active one always has room."""
        room = float(self.width())
        if self.sizeHint().width() <= room:
            return self._placed(self._tabs), []
        shown: list[_Tab] = []
        hidden: list[_Tab] = []
        active = next((tab for tab in self._tabs if tab.key == self._active), None)
        used, reserve = float(INSET), active.width() + GAP if active else 0.0
        for tab in self._tabs:
            if tab is active:
                reserve = 0.0
            fits = tab is active or (not hidden and used + tab.width() + GAP + reserve + MORE <= room)
            (shown if fits else hidden).append(tab)
            used += tab.width() + GAP if fits else 0.0
        return self._placed(shown), hidden

    def _placed(self, tabs: list[_Tab]) -> list[tuple[_Tab, QRectF]]:
        x, places = float(INSET), []
        for tab in tabs:
            places.append((tab, QRectF(x, 0, tab.width(), self._height)))
            x += tab.width() + GAP
        return places

    def _more_box(self) -> QRectF:
        places, _ = self._layout_tabs()
        return QRectF(places[-1][1].right() + GAP - 6 if places else 0, 0, MORE, self._height)

    def _tab_at(self, x: float) -> str | None:
        return next((tab.key for tab, box in self._layout_tabs()[0] if box.left() - 6 <= x <= box.right() + 6), None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._under = self._tab_at(event.position().x())
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._under else Qt.CursorShape.ArrowCursor)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        key = self._tab_at(event.position().x())
        if key is not None:
            self._choose(key)
        elif self._layout_tabs()[1] and self._more_box().contains(event.position()):
            self._show_more()

    def _show_more(self) -> None:
        menu = QMenu(self)
        for tab in self._layout_tabs()[1]:
            words = f"{tab.title} ({tab.count})" if tab.count else tab.title
            menu.addAction(words).triggered.connect(partial(self._choose, tab.key))
        menu.aboutToHide.connect(menu.deleteLater)
        box = self._more_box()
        menu.popup(self.mapToGlobal(QPoint(round(box.left()), self._height)))

    def _choose(self, key: str, _checked: bool = False) -> None:
        if key != self._active:
            self.set_active(key)
            self.chosen.emit(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = self.keys()
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not keys:
            super().keyPressEvent(event)
        else:
            self._by_key = True
            self._choose(keys[max(0, min(len(keys) - 1, keys.index(self._active) + step))])

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places, hidden = self._layout_tabs()
        for tab, box in places:
            self._paint_tab(painter, tab, box)
        if hidden:
            box = self._more_box()
            paint_icon(painter, "ellipsis", QRectF(box.left() + 8, box.center().y() - 8, 16, 16), t.text_2)

    def _paint_tab(self, painter: QPainter, tab: _Tab, box: QRectF) -> None:
        t, on = theme.current(), tab.key == self._active
        if on and self.hasFocus() and self._by_key:
            painter.setPen(QPen(QColor(t.accent_fill), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(box.left() - 5, 9, box.width() + 10, box.height() - 18), 6, 6)
        painter.setFont(theme.font("strong" if on else "medium"))
        painter.setPen(QColor(t.text if on or tab.key == self._under else t.text_2))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, tab.title)
        after = box.left() + theme.metrics("strong").horizontalAdvance(tab.title) + 6
        if tab.count:
            width = badge_width(tab.count)
            paint_badge(painter, QRectF(after, box.height() / 2 - 8, width, 16), tab.count, "info" if on else "neutral")
            after += width + 4
        if tab.mark:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.negative_fill if tab.mark == "error" else t.warning_fill))
            painter.drawEllipse(QRectF(after, box.height() / 2 - 3, 6, 6))
        if on:
            painter.fillRect(QRectF(box.left(), box.height() - 2, box.width(), 2), QColor(t.accent_fill))


class PageHead(QFrame):
    """Tabs, the time of the last update with its pause, the actions of the page in view, "stacca" last."""

    pause_toggled = Signal()
    float_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(48)
        self.tabs = PageTabs()
        self._dot, self._time = Dot("text_off"), label("", "small", "3")
        self._live = boxed(row(self._dot, self._time, spacing=6))
        self._pause = button("", "icon", "pause", tip=tr("Ferma l'aggiornamento (Ctrl+Spazio)"))
        self._pause.clicked.connect(self.pause_toggled)
        self._float = button("", "icon", "square-arrow-out-up-right", tip=tr("Stacca in una finestra (Ctrl+Maiusc+F)"))
        self._float.clicked.connect(self.float_wanted)
        self._actions = row(spacing=8)
        self._shown: list[QWidget] = []
        layout = row(self.tabs, self._live, self._pause, self._actions, self._float, spacing=8, margins=(16 - INSET, 0, 12, 0))
        layout.setStretchFactor(self.tabs, 1)
        self.setLayout(layout)

    def show_actions(self, actions: list[QWidget]) -> None:
        """Replace the actions by those of another page."""
        for widget in self._shown:
            self._actions.removeWidget(widget)
            widget.hide()
        self._shown = actions
        for widget in actions:
            self._actions.addWidget(widget)
            widget.setVisible(widget.isEnabled() or bool(widget.accessibleName()))

    def show_state(self, colour: str, words: str) -> None:
        self._dot.set_colour(colour)
        self._time.setText(words)
        self._live.setToolTip(words)
        self._live.setAccessibleName(words)

    def show_paused(self, paused: bool) -> None:
        self._pause.setIcon(icon("play" if paused else "pause"))
        words = tr("Riprendi l'aggiornamento (Ctrl+Spazio)") if paused else tr("Ferma l'aggiornamento (Ctrl+Spazio)")
        self._pause.setToolTip(words)
        self._pause.setAccessibleName(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._time.setVisible(self.width() >= 1100)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.fillRect(self.rect(), QColor(t.surface))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(t.border))
