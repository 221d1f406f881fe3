"""Lucide icons (ISC licence) from the package `justmyresource-lucide`: 24-unit line drawings, sharp at every scale.

A colour is a token name ("text_2", "accent", "series:0") read while painting, so the icon follows the theme, or a fixed "#rrggbb".
"""

from __future__ import annotations

import functools
import importlib.util
import logging
import pathlib
import zipfile

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from . import tokens

log = logging.getLogger(__name__)
ALIASES = {"circle-help": "circle-question-mark"}  # Lucide renames now and then


@functools.lru_cache(maxsize=1)
def _archive() -> zipfile.ZipFile:
    spec = importlib.util.find_spec("justmyresource_lucide")
    assert spec is not None and spec.origin is not None
    return zipfile.ZipFile(pathlib.Path(spec.origin).parent / "icons.zip")


@functools.lru_cache(maxsize=512)
def svg(name: str) -> str:
    """The drawing as SVG text, stroke in `currentColor`. An unknown name is logged and drawn as an empty frame: painting never fails."""
    try:
        return _archive().read(f"{ALIASES.get(name, name)}.svg").decode()
    except KeyError:
        log.error("no icon is called %r", name)
        return _archive().read("square-dashed.svg").decode()


@functools.lru_cache(maxsize=2048)
def _renderer(name: str, colour: str, stroke: float) -> QSvgRenderer:
    if name == "dot":
        return QSvgRenderer(QByteArray(f'<svg viewBox="0 0 24 24"><circle cx="12" cy="12" r="7" fill="{colour}"/></svg>'.encode()))
    text = svg(name).replace("currentColor", colour).replace('stroke-width="2"', f'stroke-width="{stroke}"')
    return QSvgRenderer(QByteArray(text.encode()))


def clear_caches() -> None:
    """Forget the coloured copies (after a change of theme)."""
    _renderer.cache_clear()
    pixmap.cache_clear()


def resolve(colour: str) -> str:
    """A token name to its colour in the theme of the moment; a colour is returned as it is."""
    if colour.startswith("#"):
        return colour
    name, _, place = colour.partition(":")
    value = getattr(tokens.current(), name)
    return value[int(place)] if place else value


def paint_icon(painter: QPainter, name: str, rect: QRectF, colour: str, stroke: float = 1.75) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _renderer(name, resolve(colour), stroke).render(painter, rect)
    painter.restore()


class _Engine(QIconEngine):
    """Draws the icon in the colour its token has at that moment."""

    def __init__(self, name: str, colour: str, stroke: float) -> None:
        super().__init__()
        self._name, self._colour, self._stroke = name, colour, stroke

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        colour = "text_off" if mode == QIcon.Mode.Disabled else self._colour
        side = min(rect.width(), rect.height())
        left, top = rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2
        paint_icon(painter, self._name, QRectF(left, top, side, side), colour, self._stroke)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._colour, self._stroke)


@functools.lru_cache(maxsize=2048)
def pixmap(name: str, colour: str, size: int = 16, stroke: float = 1.75, ratio: float = 1.0) -> QPixmap:
    """A picture of the icon; prefer `icon` or `paint_icon`, which follow the theme."""
    picture = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint_icon(painter, name, QRectF(0, 0, size, size), colour, stroke)
    painter.end()
    return picture


def icon(name: str, colour: str = "text_2", size: int = 16, stroke: float = 1.75) -> QIcon:
    """An icon that recolours itself when `colour` is a token name. `size` is only a hint; the widget's icon size decides."""
    return QIcon(_Engine(name, colour, stroke))


def with_alpha(colour: str, alpha: int) -> QColor:
    result = QColor(resolve(colour))
    result.setAlpha(alpha)
    return result
