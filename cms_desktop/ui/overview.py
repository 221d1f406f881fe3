"""Everything about a record on one screen: sections that several modules provide for it, drawn alike.

A module provides sections for a subject ("customers.customer") through `Workplace.provide_sections`; the screen of the subject asks
`Workplace.sections_of` and shows them in the order they were provided. A section has a data side, `load(unit, record_id)`, and a screen
side, `show(loaded)`, which turns what was loaded into words. Nothing here knows a module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from . import theme
from .basics import Pressable, boxed, button, column, label, row
from .charts.ageing import AgeingBar
from .chips import chip_width, paint_chip
from .icons import paint_icon
from .translation import translator

tr = translator("ui")


@dataclass(frozen=True)
class Place:
    """Where a figure leads: module, page, and what its dock shows there (query=ListQuery, record=id)."""

    module: str
    page: str
    what: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Figure:
    """One figure at the head of the screen. tone: "", negative, warning, positive."""

    title: str
    value: str
    detail: str = ""
    tone: str = ""
    place: Place | None = None


@dataclass(frozen=True)
class Fact:
    """One line of a section: when, what, how much, in which state (words, tone)."""

    when: str
    text: str
    detail: str = ""
    amount: str = ""
    chip: tuple[str, str] | None = None
    place: Place | None = None


@dataclass(frozen=True)
class Band:
    """A part of a stacked bar, in fixed order."""

    name: str
    value: float
    amount: str
    place: Place | None = None


@dataclass(frozen=True)
class SectionContent:
    """What a section shows. `place` leads to all its rows; `empty` stands there when there are none."""

    facts: Sequence[Fact] = ()
    figures: Sequence[Figure] = ()
    bands: Sequence[Band] = ()
    place: Place | None = None
    place_text: str = ""
    empty: str = ""


@dataclass(frozen=True)
class OverviewSection:
    key: str
    title: str
    icon: str
    load: Callable[[Any, int], Any]
    show: Callable[[Any], SectionContent]


class FactLine(Pressable):
    """A painted line that opens the record behind it; ↑↓ go to its neighbours."""

    HEIGHT, WHEN = 30, 84

    def __init__(self, fact: Fact, *, last: bool = False) -> None:
        super().__init__()
        self.fact, self._last = fact, last
        self.setFixedHeight(self.HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setEnabled(fact.place is not None)
        words = (fact.when, fact.text, fact.detail, fact.amount, fact.chip[0] if fact.chip else "")
        self.setAccessibleName(", ".join(part for part in words if part))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter, fact = theme.current(), QPainter(self), self.fact
        if self.isEnabled() and self.is_hot():
            painter.fillRect(self.rect(), QColor(t.hover))
        if self.hasFocus():
            painter.fillRect(QRectF(0, 0, 3, self.height()), QColor(t.accent_fill))
        if not self._last:
            painter.fillRect(QRectF(16, self.height() - 1, self.width() - 32, 1), QColor(t.line))
        middle = Qt.AlignmentFlag.AlignVCenter
        left, right = 16.0, self.width() - 16.0
        painter.setFont(theme.font("small"))
        painter.setPen(QColor(t.text_3))
        painter.drawText(QRectF(left, 0, self.WHEN, self.height()), middle, fact.when)
        left += self.WHEN
        if fact.chip:
            width = chip_width(fact.chip[0], "dot")
            paint_chip(painter, right - width, self.height() / 2, *fact.chip)
            right -= width + 10
        if fact.amount:
            painter.setFont(theme.font("medium"))
            painter.setPen(QColor(t.text))
            width = theme.metrics("medium").horizontalAdvance(fact.amount)
            painter.drawText(QRectF(right - width, 0, width, self.height()), middle, fact.amount)
            right -= width + 12
        painter.setFont(theme.font("medium"))
        painter.setPen(QColor(t.text))
        text = theme.metrics("medium").elidedText(fact.text, Qt.TextElideMode.ElideRight, right - left)
        painter.drawText(QRectF(left, 0, right - left, self.height()), middle, text)
        left += theme.metrics("medium").horizontalAdvance(text) + 8
        if fact.detail and right - left > 40:
            painter.setFont(theme.font("small"))
            painter.setPen(QColor(t.text_3))
            detail = theme.metrics("small").elidedText(fact.detail, Qt.TextElideMode.ElideRight, right - left)
            painter.drawText(QRectF(left, 0, right - left, self.height()), middle, detail)


class FigureTile(Pressable):
    """A small figure with its title; opens the rows behind it."""

    def __init__(self, figure: Figure) -> None:
        super().__init__()
        self.figure = figure
        self.setFixedHeight(66)
        self.setMinimumWidth(120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setEnabled(figure.place is not None)
        self.setAccessibleName(". ".join(part for part in (f"{figure.title}: {figure.value}", figure.detail) if part))
        self.setToolTip(figure.detail)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hot, focus = self.isEnabled() and self.underMouse(), self.hasFocus()
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(t.accent_fill if hot or focus else t.border), 2 if focus else 1))
        painter.setBrush(QColor(t.surface))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5) if focus else box, 8, 8)
        left, room = 12.0, self.width() - 24.0
        tone = {"negative": t.negative, "warning": t.warning, "positive": t.positive}.get(self.figure.tone, t.text)
        sizes = (size for size in (18, 16, 14) if theme.metrics("display", size=size).horizontalAdvance(self.figure.value) <= room)
        for top, height, font, colour, text in (
            (6, 16, theme.font("small-medium"), t.text_2, self.figure.title),
            (23, 22, theme.font("display", size=next(sizes, 13)), tone, self.figure.value),
            (45, 16, theme.font("small"), t.text_3, self.figure.detail),
        ):
            painter.setFont(font)
            painter.setPen(QColor(colour))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room))
            painter.drawText(QRectF(left, top, room, height), Qt.AlignmentFlag.AlignVCenter, shown)


class BandTile(Pressable):
    """Name and amount of a band, under its part of the bar."""

    def __init__(self, place: int, band: Band) -> None:
        super().__init__()
        self.band, self._place = band, place
        self.setFixedHeight(38)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setEnabled(band.place is not None and band.value != 0)
        self.setAccessibleName(f"{band.name}: {band.amount}")

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isEnabled() and self.is_hot():
            painter.setPen(QPen(QColor(t.accent_fill), 2 if self.hasFocus() else 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.ageing[min(self._place, len(t.ageing) - 1)]))
        painter.drawRoundedRect(QRectF(6, 8, 8, 8), 2, 2)
        room = self.width() - 22.0
        painter.setFont(theme.font("small"))
        painter.setPen(QColor(t.text_3))
        painter.drawText(QRectF(18, 3, room, 17), Qt.AlignmentFlag.AlignVCenter, self.band.name)
        painter.setFont(theme.font("small-medium"))
        painter.setPen(QColor(t.text if self.band.value else t.text_3))
        painter.drawText(QRectF(18, 19, room, 17), Qt.AlignmentFlag.AlignVCenter, self.band.amount)


def bands_bar(bands: Sequence[Band], follow: Callable[[Place], None]) -> QWidget:
    """One stacked bar with its figures below, in the same order."""
    tiles = [BandTile(place, band) for place, band in enumerate(bands)]
    for tile in tiles:
        tile.clicked.connect(lambda _checked=False, band=tile.band: follow(band.place) if band.place else None)
    return boxed(column(AgeingBar([band.value for band in bands], 10), row(*tiles, spacing=4), spacing=4, margins=(16, 4, 16, 8)))


class SectionCard(QWidget):
    """A titled section with its lines."""

    def __init__(self, section: OverviewSection, content: SectionContent, follow: Callable[[Place], None]) -> None:
        super().__init__()
        self.lines = [FactLine(fact, last=place == len(content.facts) - 1) for place, fact in enumerate(content.facts)]
        for line in self.lines:
            line.clicked.connect(lambda _checked=False, fact=line.fact: follow(fact.place) if fact.place else None)
        head: list[Any] = [_Mark(section.icon), label(section.title, "heading"), None]
        if content.place is not None:
            more = button(content.place_text or tr("Apri tutti"), "link")
            more.setAccessibleName(f"{section.title}: {more.text()}")
            more.clicked.connect(lambda _checked=False, place=content.place: follow(place))
            head.append(more)
        top = boxed(row(*head, spacing=8, margins=(14, 0, 12, 0)))
        top.setFixedHeight(36)
        parts: list[Any] = [top]
        if content.bands:
            parts.append(bands_bar(content.bands, follow))
        parts += self.lines
        if not content.facts and content.empty:
            quiet = label(content.empty, "small", "3", wrap=True)
            quiet.setContentsMargins(16, 0, 16, 10)
            parts.append(quiet)
        elif content.facts:
            parts.append(4)
        card = boxed(column(*parts, spacing=0, margins=(1, 1, 1, 1)), card="true")
        self.setLayout(column(card, spacing=0))
        self.setAccessibleName(section.title)


class _Mark(QWidget):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.setFixedSize(18, 18)

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_icon(QPainter(self), self._name, QRectF(1, 1, 16, 16), theme.current().text_3)
