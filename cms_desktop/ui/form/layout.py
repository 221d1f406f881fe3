"""Twelve columns, section titles, hairlines."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from ..basics import boxed, label, row

COLUMNS, GAP = 12, 12


def section_title(title: str, detail: str = "", aside: QWidget | None = None) -> QWidget:
    return boxed(
        row(label(title, "heading"), *([label(detail, "small", "3")] if detail else []), None, *([aside] if aside else []), spacing=8)
    )


def form_grid(lines: Sequence[Sequence[tuple[QWidget, int]]]) -> QGridLayout:
    """Lines of (widget, span) on twelve columns, so that fields of different lines share their edges."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(GAP)
    grid.setVerticalSpacing(GAP)
    for number in range(COLUMNS):
        grid.setColumnStretch(number, 1)
        grid.setColumnMinimumWidth(number, 1)
    for line_number, line in enumerate(lines):
        place = 0
        for widget, span in line:
            grid.addWidget(widget, line_number, place, 1, span, Qt.AlignmentFlag.AlignTop)
            place += span
    return grid
