"""Papers that are lines below each other, over as many pages as they need."""

from __future__ import annotations

from reportlab.lib.colors import Color

from reports.invoice.page import EDGE, HEIGHT, INK, INK_3, LEFT, RIGHT, TOP, Paper

BOTTOM, NEXT_TOP = HEIGHT - 70.0, TOP + 30


class LineWriter:
    """`foot` stands at the foot of every page, with its number. Call `finish_page` after the last line."""

    def __init__(self, paper: Paper, foot: str) -> None:
        self._paper, self._foot, self._page = paper, foot, 1
        self._y = TOP + 14

    def keep(self, height: float) -> None:
        """What follows needs so much room on one page."""
        if self._y + height > BOTTOM:
            self.open_page()

    def gap(self, height: float) -> None:
        self._y += height

    def line(self, text: str, *, size: float = 9.5, bold: bool = False, color: Color = INK, after: float = 0, indent: float = 0) -> None:
        font = self._paper.face.bold if bold else self._paper.face.regular
        for part in self._paper.wrap(text, RIGHT - LEFT - indent, size=size, font=font):
            self.keep(size * 1.4)
            self._paper.text(LEFT + indent, self._y, part, size=size, font=font, color=color)
            self._y += size * 1.4
        self._y += after

    def pair(self, word: str, value: str, *, indent: float, width: float, size: float = 8.5) -> None:
        """A word at the left, its value beside it over as many lines as it needs."""
        lines = self._paper.wrap(value, RIGHT - LEFT - indent - width, size=size) or ("",)
        for place, part in enumerate(lines):
            self.keep(size * 1.4)
            if place == 0:
                self._paper.text(LEFT + indent, self._y, self._paper.cut(word, width - 8, size=size), size=size, color=INK_3)
            self._paper.text(LEFT + indent + width, self._y, part, size=size)
            self._y += size * 1.4

    def rule(self, *, after: float = 0) -> None:
        self._paper.rule(self._y, color=EDGE)
        self._y += after

    def open_page(self) -> None:
        self.finish_page()
        self._paper.next_page()
        self._page += 1
        self._y = NEXT_TOP

    def finish_page(self) -> None:
        y = HEIGHT - 48
        self._paper.rule(y, color=EDGE)
        self._paper.text(LEFT, y + 12, self._foot, size=7.5, color=INK_3)
        self._paper.text(RIGHT, y + 12, f"Pagina {self._page}", size=7.5, color=INK_3, align="right")
