"""The head of the company's paper, the same on every document."""

from __future__ import annotations

from cms_desktop.modules.base.records import Letterhead
from reports.invoice.page import INK_2, LEFT, TOP, Paper

LETTERHEAD_END = 123.0  # the last base line above the rule
BETWEEN, MOST_LINES = " · ", 3  # what stands between the items of a line; lines that a line may take


def draw_letterhead(paper: Paper, letterhead: Letterhead, *, whole: float = 310.0) -> None:
    """Logo, name and lines, at most `whole` points wide: what stands beside (a title) needs the rest."""
    x = LEFT
    if letterhead.logo:
        x += paper.image(letterhead.logo, LEFT, TOP, 110, 62) + 14
    width = whole - (x - LEFT)
    y = TOP + 13
    for line in paper.wrap(letterhead.name, width, size=13, font=paper.face.bold)[:2]:
        paper.text(x, y, line, size=13, font=paper.face.bold)
        y += 15
    for line in letterhead.lines[:6]:
        room = int((LETTERHEAD_END - y) // 10.5) + 1  # lines still above the rule
        shown = wrapped_between_items(paper, line, width, size=8)[: max(0, min(MOST_LINES, room))]
        y = paper.lines(x, y, shown, size=8, leading=10.5, color=INK_2)


def wrapped_between_items(paper: Paper, text: str, width: float, *, size: float) -> list[str]:
    """A list "a · b · c" in lines that break between its items, without a dot left at an end; an item too long breaks between words."""
    lines: list[str] = []
    for item in text.split(BETWEEN):
        joined = f"{lines[-1]}{BETWEEN}{item}" if lines else ""
        if joined and len(paper.wrap(joined, width, size=size)) == 1:
            lines[-1] = joined
        else:
            lines += paper.wrap(item, width, size=size)
    return lines
