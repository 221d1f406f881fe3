"""The newest mass changes and pastes of one person in one list, each with its undo."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from cms_desktop.core import formats
from cms_desktop.core.mass_change import MassChangeRow

from .basics import Elevated, IconLabel, boxed, button, column, label, row, rule
from .record_table import Noun
from .translation import translator

tr = translator("ui")


class RecentChanges(Elevated):
    undo_wanted = Signal(object)  # MassChangeRow
    left = Signal()

    def __init__(self, changes: Sequence[MassChangeRow], noun: Noun) -> None:
        super().__init__(radius=12)
        self._noun = noun
        close = button("", "icon", "x", tip=tr("Chiudi (Esc)"))
        close.clicked.connect(self.left)
        head = row(
            IconLabel("history", 20, "accent_fill"),
            label(tr("Modifiche recenti"), "title"),
            None,
            close,
            spacing=12,
            margins=(24, 20, 16, 12),
        )
        self.rows = [self._row(one) for one in changes]
        empty = label(tr("Nessuna modifica insieme fatta da te in questo elenco."), "body", "2")
        inner = boxed(column(*(self.rows or [empty]), None, spacing=8, margins=(24, 12, 24, 12)))
        scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        for part in (inner, scroll.viewport()):
            part.setAutoFillBackground(False)
        scroll.setFixedHeight(min(420, 40 + 52 * max(1, len(changes))))
        self.body.addLayout(column(head, rule(), scroll, 8, spacing=0))
        self.setFixedWidth(640 + 2 * self.MARGIN)
        self.setAccessibleName(tr("Modifiche recenti"))

    def _row(self, change: MassChangeRow) -> QWidget:
        local = change.created_at.astimezone()
        when = f"{formats.date(local)} {local:%H:%M} · {self._noun.counted(change.row_count)}"
        icon_name = "clipboard-paste" if change.kind == "paste" else "list-checks"
        words = column(label(change.title, "medium"), label(when, "small", "3"), spacing=0)
        if change.undone_at is not None:
            return boxed(row(IconLabel(icon_name, 16, "text_off"), words, None, label(tr("annullata"), "small", "3"), spacing=12))
        undo = button(tr("Annulla la modifica"), "", "undo-2", size="small")
        undo.clicked.connect(lambda: self.undo_wanted.emit(change))
        return boxed(row(IconLabel(icon_name, 16), words, None, undo, spacing=12))
