"""Puts a Theme on the application: Fusion + QPalette for everything Qt paints itself, one style sheet for shape and states.

Division of labour
  Fusion          the same geometry on Windows, macOS and Linux; honours QPalette completely
  QPalette        text, selection, disabled and placeholder colours: also reaches widgets no style sheet names
  style sheet     borders, radii, paddings, hover / focus / error states of fields, buttons, menus, tabs, scroll bars
  paintEvent      tiles, chips, bars, timers, table cells: never QSS for things repeated by the thousand

What is painted reads `theme.current()` while painting, so it follows a change by itself; what keeps something made of colours
(a plot) connects its rebuild to `theme.notifier.changed`.
"""

from __future__ import annotations

import functools

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from . import fonts, icons, tokens
from .style_sheet import style_sheet
from .tokens import DARK, LIGHT, TYPE, Theme

current = tokens.current
CHOICES = ("light", "dark", "system")


class _Notifier(QObject):
    changed = Signal()


notifier = _Notifier()
DRESSED = "dressed"  # the property of a window that wears the style sheet
_choice = "light"
_is_applied = False
_followed: list[QApplication] = []


def load_fonts() -> None:
    """Make the cut fonts known to Qt; without them Qt falls back to the system font."""
    for file in fonts.files():
        QFontDatabase.addApplicationFont(str(file))


@functools.lru_cache(maxsize=256)
def font(role: str = "body", *, code: bool = False, size: int | None = None, weight: int | None = None) -> QFont:
    """A font of the scale, made once (making a QFont with features costs more than drawing a cell).

    `code=True` adds slashed zero and serif capital I, for codice fiscale, IBAN and the like.
    """
    pixel_size, _, role_weight = TYPE[role]
    result = QFont(fonts.FAMILY)
    result.setPixelSize(size or pixel_size)
    result.setWeight(QFont.Weight(weight or role_weight))
    result.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    result.setFeature(QFont.Tag("tnum"), 1)
    if code:
        result.setFeature(QFont.Tag("zero"), 1)
        result.setFeature(QFont.Tag("cv08"), 1)
    return result


@functools.lru_cache(maxsize=256)
def metrics(role: str = "body", *, code: bool = False, size: int | None = None, weight: int | None = None) -> QFontMetricsF:
    """Measures of `font(...)` with the same arguments."""
    return QFontMetricsF(font(role, code=code, size=size, weight=weight))


def palette(t: Theme) -> QPalette:
    p, role = QPalette(), QPalette.ColorRole
    for name, colour in {
        role.Window: t.canvas,
        role.WindowText: t.text,
        role.Base: t.surface,
        role.AlternateBase: t.surface_alt,
        role.Text: t.text,
        role.Button: t.surface,
        role.ButtonText: t.text,
        role.BrightText: t.on_accent,
        role.ToolTipBase: t.text if not t.is_dark else t.popover,
        role.ToolTipText: t.surface if not t.is_dark else t.text,
        role.PlaceholderText: t.text_3,
        role.Highlight: t.accent_fill,
        role.HighlightedText: t.on_accent,
        role.Link: t.accent,
        role.LinkVisited: t.accent,
        role.Accent: t.accent_fill,
        role.Light: t.surface,
        role.Midlight: t.line,
        role.Mid: t.border,
        role.Dark: t.border_field,
        role.Shadow: t.text,
    }.items():
        p.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        p.setColor(QPalette.ColorGroup.Disabled, name, QColor(t.text_off))
    return p


def apply(app: QApplication, t: Theme) -> None:
    """Put the theme on everything that is open and tell those who keep something made of colours."""
    global _is_applied
    _is_applied = True
    tokens.use(t)
    icons.clear_caches()
    font.cache_clear()
    metrics.cache_clear()
    if app.style().objectName().lower() != "fusion":
        app.setStyle(QStyleFactory.create("Fusion"))
    windows = _dressed(app)
    for window in windows:
        window.setStyleSheet("")  # going from one sheet to another takes four times as long as by way of none
    app.setPalette(palette(t))
    app.setFont(font("body"))
    for window in windows:
        window.setStyleSheet(style_sheet(t))
    notifier.changed.emit()


def dress(window: QWidget) -> None:
    """Put the style sheet on a window, now and with every theme to come.

    On windows, never on the application: with a sheet of its own the application styles anew all that is inside a widget each time
    the widget is put into another, so that building a module from the inside out costs several times its making.
    """
    window.setProperty(DRESSED, True)
    window.setStyleSheet(style_sheet(current()))


def _dressed(app: QApplication) -> list[QWidget]:
    return [window for window in app.topLevelWidgets() if window.property(DRESSED)]


def follow_system(app: QApplication) -> None:
    """Light or dark as the system is, now and whenever it changes, until `choose` says otherwise."""
    if app not in _followed:
        _followed.append(app)
        app.styleHints().colorSchemeChanged.connect(_on_scheme_changed)
    choose("system")


def choose(choice: str) -> None:
    """The user's choice: "light", "dark" or "system"."""
    global _choice
    if choice not in CHOICES:
        raise ValueError(choice)
    _choice = choice
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return
    dark = choice == "dark" or (choice == "system" and app.styleHints().colorScheme() == Qt.ColorScheme.Dark)
    wanted = DARK if dark else LIGHT
    if wanted is not current() or not _is_applied:
        apply(app, wanted)


def is_applied() -> bool:
    """Whether a theme was put on the application at all."""
    return _is_applied


def choice() -> str:
    """What the user chose; see `choose`."""
    return _choice


def _on_scheme_changed() -> None:
    if _choice == "system":
        choose("system")
