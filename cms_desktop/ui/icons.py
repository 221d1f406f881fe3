"""Lucide icons (ISC licence) from the package `justmyresource-lucide`: 24-unit line drawings, sharp at every scale."""

from __future__ import annotations

import functools
import importlib.util
import pathlib
import zipfile

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer


@functools.lru_cache(maxsize=1)
def _archive() -> zipfile.ZipFile:
    spec = importlib.util.find_spec("justmyresource_lucide")
    assert spec is not None and spec.origin is not None
    return zipfile.ZipFile(pathlib.Path(spec.origin).parent / "icons.zip")


@functools.lru_cache(maxsize=512)
def svg(name: str) -> str:
    """The drawing as SVG text, stroke in `currentColor`. Raises KeyError for an unknown name."""
    return _archive().read(f"{name}.svg").decode()


@functools.lru_cache(maxsize=2048)
def _renderer(name: str, colour: str, stroke: float) -> QSvgRenderer:
    text = svg(name).replace("currentColor", colour).replace('stroke-width="2"', f'stroke-width="{stroke}"')
    return QSvgRenderer(QByteArray(text.encode()))


def paint_icon(painter: QPainter, name: str, rect: QRectF, colour: str, stroke: float = 1.75) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _renderer(name, colour, stroke).render(painter, rect)
    painter.restore()


@functools.lru_cache(maxsize=2048)
def pixmap(name: str, colour: str, size: int = 16, stroke: float = 1.75) -> QPixmap:
    app = QGuiApplication.instance()
    ratio = app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
    picture = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint_icon(painter, name, QRectF(0, 0, size, size), colour, stroke)
    painter.end()
    return picture


def icon(name: str, colour: str, size: int = 16, stroke: float = 1.75) -> QIcon:
    return QIcon(pixmap(name, colour, size, stroke))


def with_alpha(colour: str, alpha: int) -> QColor:
    result = QColor(colour)
    result.setAlpha(alpha)
    return result
