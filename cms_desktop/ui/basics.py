"""Small pieces every screen uses: labels by role, buttons by kind, rules, key caps, avatars, shadows."""

from __future__ import annotations

import functools

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from . import theme
from .icons import icon, paint_icon, resolve

Item = QWidget | QLayout | int | None  # None is a stretch, a number is a gap
ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def label(
    text: str, role: str = "body", tone: str = "", *, code: bool = False, wrap: bool = False, align: Qt.AlignmentFlag | None = None
) -> QLabel:
    """Text in a role of the type scale; tone: '', 2, 3, off, accent, negative, warning, positive."""
    result = QLabel(text)
    result.setFont(theme.font(role, code=code))
    if tone:
        result.setProperty("tone", tone)
    result.setWordWrap(wrap)
    if align:
        result.setAlignment(align | Qt.AlignmentFlag.AlignVCenter)
    return result


def set_tone(widget: QWidget, tone: str, name: str = "tone") -> None:
    """Change a property a style-sheet rule looks at, after the widget was polished."""
    widget.setProperty(name, tone)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


class ElidedLabel(QLabel):
    """One line that ends in "…" when there is no room; the tool tip then has the whole."""

    def __init__(self, text: str = "", role: str = "body", tone: str = "") -> None:
        super().__init__(text)
        self.setFont(theme.font(role))
        if tone:
            self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, _event: QPaintEvent) -> None:
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip(self.text() if shown != self.text() else "")
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class IconLabel(QWidget):
    """An icon on its own. `colour` is a token name (follows the theme) or a fixed colour."""

    def __init__(self, name: str, size: int = 16, colour: str = "text_2", stroke: float = 1.75) -> None:
        super().__init__()
        self._name, self._colour, self._stroke = name, colour, stroke
        self.setFixedSize(size, size)

    def set_icon(self, name: str, colour: str = "") -> None:
        self._name, self._colour = name, colour or self._colour
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_icon(QPainter(self), self._name, QRectF(self.rect()), self._colour, self._stroke)


def icon_label(name: str, size: int = 16, colour: str | None = None, stroke: float = 1.75) -> IconLabel:
    return IconLabel(name, size, colour or "text_2", stroke)


def is_plain(event: QKeyEvent) -> bool:
    """Pressed without Ctrl, Alt, Shift or Meta; the number pad counts as plain."""
    return event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


def is_plain_enter(event: QKeyEvent) -> bool:
    return event.key() in ENTER_KEYS and is_plain(event) and not event.isAutoRepeat()


class PushButton(QPushButton):
    """A push button that Enter presses too, wherever it stands."""

    def setVisible(self, visible: bool) -> None:
        """Before it has a place, a button is only wanted to be seen there: shown at once it would be a window of its own."""
        if visible and self.parent() is None:
            self.setAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide, False)
        else:
            super().setVisible(visible)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_plain_enter(event):
            self.click()
        elif is_plain(event):
            super().keyPressEvent(event)
        else:
            event.ignore()  # Ctrl+Enter and its like belong to the screen behind


class Pressable(QAbstractButton):
    """Base of everything painted that can be pressed: pointer, Tab, Space and Enter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def is_hot(self) -> bool:
        return self.underMouse() or self.hasFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_plain_enter(event):
            self.click()
        elif is_plain(event):
            super().keyPressEvent(event)
        else:
            event.ignore()


def button(text: str = "", kind: str = "", icon_name: str = "", *, size: str = "", colour: str | None = None, tip: str = "") -> QPushButton:
    """kind: '', primary, danger, quiet, link, icon. The tip always ends with the shortcut, e.g. 'Salva (F10)'."""
    result = PushButton(("\u2004" if icon_name and text else "") + text)  # Qt leaves too little air between icon and text
    if kind:
        result.setProperty("kind", kind)
    if size:
        result.setProperty("fit", size)  # never "size": that is a property QWidget already has
    if icon_name:
        tint = colour or {"primary": "on_accent", "danger": "negative", "link": "accent"}.get(kind, "text_2")
        result.setIcon(icon(icon_name, tint))
        result.setIconSize(QSize(16, 16))
    result.setToolTip(tip or text)
    result.setAccessibleName(text or tip)
    result.setCursor(Qt.CursorShape.PointingHandCursor)
    return result


def rule(direction: str = "h") -> QFrame:
    result = QFrame()
    result.setProperty("rule", direction)
    return result


def row(*items: Item, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QHBoxLayout:
    """Items side by side; None is a stretch, a number is a gap."""
    layout = QHBoxLayout()
    _fill(layout, items, spacing, margins)
    return layout


def column(*items: Item, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QVBoxLayout:
    """Items one below the other; None is a stretch, a number is a gap."""
    layout = QVBoxLayout()
    _fill(layout, items, spacing, margins)
    return layout


def _fill(layout: QBoxLayout, items: tuple[Item, ...], spacing: int, margins: tuple[int, int, int, int]) -> None:
    layout.setSpacing(spacing)
    layout.setContentsMargins(*margins)
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        elif isinstance(item, QLayout):
            layout.addLayout(item)
        else:
            layout.addWidget(item)


def pair(first: QWidget, second: QWidget, gap: int = 0) -> QVBoxLayout:
    """Two lines kept together and centred, however tall the bar around them."""
    return column(None, first, second, None, spacing=gap)


def boxed(layout: QLayout, **properties: str) -> QFrame:
    """A frame around a layout; properties become QSS selectors, e.g. boxed(layout, card="true")."""
    result = QFrame()
    result.setLayout(layout)
    for name, value in properties.items():
        result.setProperty(name, value)
    return result


class Keycap(QWidget):
    """The keys of a command, e.g. Keycap('Ctrl', 'K')."""

    def __init__(self, *keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(self.sizeHint())

    def set_keys(self, *keys: str) -> None:
        self._keys = keys
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(keycaps_width(self._keys)) + 1, 18)

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_keycaps(QPainter(self), 0, 9, self._keys)


def _key_widths(keys: tuple[str, ...]) -> list[float]:
    metrics = theme.metrics("caption")
    return [max(18.0, metrics.horizontalAdvance(key) + 10) for key in keys]


def keycaps_width(keys: tuple[str, ...]) -> float:
    widths = _key_widths(keys)
    return sum(widths) + 3 * (len(widths) - 1)


def paint_keycaps(painter: QPainter, left: float, centre_y: float, keys: tuple[str, ...]) -> None:
    t, x = theme.current(), left + 0.5
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(theme.font("caption"))
    for key, width in zip(keys, _key_widths(keys), strict=True):
        box = QRectF(x, centre_y - 8.5, width - 1, 17)
        painter.setPen(QPen(QColor(t.neutral_line), 1))
        painter.setBrush(QColor(t.surface_alt))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(t.text_2))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)
        x += width + 3
    painter.restore()


class Avatar(QWidget):
    """The initials of a person, with a mark for present or away."""

    def __init__(self, initials: str, size: int = 28, online: bool | None = None) -> None:
        super().__init__()
        self._initials, self._online = initials, online
        self.setFixedSize(size, size)

    def set_initials(self, initials: str) -> None:
        self._initials = initials
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.neutral_soft))
        painter.drawEllipse(QRectF(self.rect()))
        painter.setFont(theme.font("caption", weight=600))
        painter.setPen(QColor(t.text_2))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._initials)
        if self._online is not None:
            painter.setPen(QPen(QColor(t.surface), 2))
            painter.setBrush(QColor(t.positive_fill if self._online else t.text_off))
            painter.drawEllipse(QRectF(self.width() - 9, self.height() - 9, 8, 8))


class Dot(QWidget):
    """A round mark; `colour` is a token name or a fixed colour. Words beside it say the same."""

    def __init__(self, colour: str, size: int = 8) -> None:
        super().__init__()
        self._colour = colour
        self.setFixedSize(size, size)

    def set_colour(self, colour: str) -> None:
        self._colour = colour
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(resolve(self._colour)))
        painter.drawEllipse(QRectF(self.rect()))


def paint_shadow(painter: QPainter, box: QRectF, radius: float, strength: int, spread: int = 24) -> None:
    """A soft shadow around `box`, without what lies below its middle: the corners and edges of a small picture, stretched."""
    ratio = painter.device().devicePixelRatioF()
    patch, corner = _shadow_patch(radius, strength, spread, ratio), radius + spread
    outer = box.adjusted(-spread, 4 - spread, spread, spread + 4)
    xs = (outer.left(), outer.left() + corner, outer.right() - corner, outer.right())
    ys = (outer.top(), outer.top() + corner, outer.bottom() - corner, outer.bottom())
    cuts = (0.0, corner, corner + 2, 2 * corner + 2)
    for row_place in range(3):
        for place in range(3):
            if (row_place, place) != (1, 1):
                target = QRectF(QPointF(xs[place], ys[row_place]), QPointF(xs[place + 1], ys[row_place + 1]))
                source = QRectF(QPointF(cuts[place], cuts[row_place]) * ratio, QPointF(cuts[place + 1], cuts[row_place + 1]) * ratio)
                painter.drawPixmap(target, patch, source)


@functools.lru_cache(maxsize=16)
def _shadow_patch(radius: float, strength: int, spread: int, ratio: float) -> QPixmap:
    """The shadow of the smallest box with such corners, from nested rounded rectangles."""
    side = 2 * (radius + spread) + 2
    patch = QPixmap(round(side * ratio), round(side * ratio))
    patch.setDevicePixelRatio(ratio)
    patch.fill(Qt.GlobalColor.transparent)
    painter, box = QPainter(patch), QRectF(spread, spread, side - 2 * spread, side - 2 * spread)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    for step in range(spread, 0, -1):
        share = 1 - step / spread
        painter.setBrush(QColor(10, 18, 30, max(1, round(strength * share**3 / 5))))
        painter.drawRoundedRect(box.adjusted(-step, -step, step, step), radius + step, radius + step)
    painter.end()
    return patch


class Elevated(QWidget):
    """Pop-over or dialog surface with painted shadow; put content into `.body`. Used as a child of the main window."""

    MARGIN = 32

    def __init__(self, parent: QWidget | None = None, radius: int = 12) -> None:
        super().__init__(parent)
        self._radius = radius
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(self.MARGIN, self.MARGIN, self.MARGIN, self.MARGIN)
        self.body.setSpacing(0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(self.MARGIN, self.MARGIN, -self.MARGIN, -self.MARGIN)
        paint_shadow(painter, box, self._radius, t.shadow, self.MARGIN - 8)
        painter.setPen(QPen(QColor(t.border), 1))
        painter.setBrush(QColor(t.popover))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), self._radius, self._radius)


class Scrim(QWidget):
    """Dims the window behind a modal overlay."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        red, green, blue, alpha = (int(part) for part in theme.current().scrim[5:-1].split(","))
        painter.fillRect(self.rect(), QColor(red, green, blue, alpha))


def rounded_path(box: QRectF, radius: float, *, left: bool = True, right: bool = True) -> QPainterPath:
    """Rounded only at the chosen ends, for stacked bars."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)  # the default would cut the overlaps out
    path.addRoundedRect(box, radius, radius)
    if not left:
        path.addRect(QRectF(box.left(), box.top(), box.width() / 2, box.height()))
    if not right:
        path.addRect(QRectF(box.center().x(), box.top(), box.width() / 2, box.height()))
    return path.simplified()
