"""What stands inside a page: a strip that says what happened, and the empty state."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from .. import theme
from ..basics import IconLabel, Item, button, column, label, row
from ..icons import paint_icon
from ..translation import translator

tr = translator("ui")
ICONS = {"negative": "circle-alert", "warning": "triangle-alert", "info": "info", "positive": "circle-check", "neutral": "info"}


class EmptyState(QWidget):
    """Says why there is nothing and what to do next. Never a picture alone; the first action is the one wanted."""

    def __init__(self, icon_name: str, title: str, text: str, *actions: QWidget) -> None:
        super().__init__()
        centre = Qt.AlignmentFlag.AlignHCenter
        body = label(text, "body", "2", wrap=True, align=centre)
        body.setFixedWidth(340)
        self.setAccessibleName(f"{title}. {text}")
        title_label = label(title, "heading", align=centre)
        rows: list[Item] = [
            row(None, _Round(icon_name), None),
            12,
            title_label,
            row(None, body, None),
            12,
            row(None, *actions, None, spacing=8),
        ]
        self.setLayout(column(None, *rows, None, spacing=4))


class _Round(QWidget):
    def __init__(self, icon_name: str) -> None:
        super().__init__()
        self._icon = icon_name
        self.setFixedSize(56, 56)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.neutral_soft))
        painter.drawEllipse(QRectF(self.rect()))
        paint_icon(painter, self._icon, QRectF(16, 16, 24, 24), t.text_2, 1.5)


class InlineMessage(QFrame):
    """A strip that says what happened and what can be done, inside the page it concerns.

    Tones: negative, warning, info, positive, neutral. `text` may hold simple rich text with links (`link_followed`).
    """

    closed = Signal()
    link_followed = Signal(str)

    def __init__(self, tone: str, text: str, *actions: QWidget, icon_name: str = "", closable: bool = False) -> None:
        super().__init__()
        self._tone = tone
        self._mark = IconLabel(icon_name or ICONS[tone], 16, self._colour(), 2)
        self._body = label(text, "small", wrap=True)
        self._body.setTextFormat(Qt.TextFormat.RichText)
        self._body.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._body.linkActivated.connect(self.link_followed)
        self._body.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard)
        self._actions = row(*actions, spacing=8)
        self._close = button("", "icon", "x", tip=tr("Chiudi"))
        self._close.clicked.connect(self._on_close)
        layout = row(self._mark, self._body, self._actions, self._close, spacing=8, margins=(10, 5, 6, 5))
        layout.setStretchFactor(self._body, 1)
        self.setLayout(layout)
        self._close.setVisible(closable)  # only now that it has a parent: before it would be a window
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(text)

    def set_message(self, tone: str, text: str, icon_name: str = "") -> None:
        """Say something else; shows the strip when it was closed."""
        self._tone = tone
        self._mark.set_icon(icon_name or ICONS[tone], self._colour())
        self._body.setText(text)
        self.setAccessibleName(text)
        self.update()
        self.show()

    def add_link(self, text: str, run: Callable[[], object]) -> None:
        link = button(text, "link")
        link.clicked.connect(lambda: run())
        self._actions.addWidget(link)

    def text(self) -> str:
        return self._body.text()

    def _on_close(self) -> None:
        self.hide()
        self.closed.emit()

    def _colour(self) -> str:
        return {"info": "accent", "neutral": "text_2"}.get(self._tone, self._tone)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 34)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        fill, edge = {
            "negative": (t.negative_soft, t.negative_line),
            "warning": (t.warning_soft, t.warning_line),
            "info": (t.accent_soft, t.accent_line),
            "positive": (t.positive_soft, t.positive_line),
            "neutral": (t.surface_alt, t.border),
        }[self._tone]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(edge), 1))
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
