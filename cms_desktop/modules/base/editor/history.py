"""Storico: what happened to one record, on any module's record. Shown over the window by `workplace.show_history`."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError
from cms_desktop.modules.base import queries
from cms_desktop.modules.base.columns import operation_name, table_title, value_text
from cms_desktop.modules.base.field_words import field_word
from cms_desktop.modules.base.records import FieldChange, HistoryEntry
from cms_desktop.ui.basics import Elevated, button, column, label, row, rule
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.timeline import Entry, Timeline
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("masters")
WIDTH, HEIGHT, LONGEST = 640, 560, 90
LINE = "\u2028"  # a new line inside one text


class HistoryOverlay(Elevated):
    """The timeline of a record, in an overlay. Needs the right that reads the record."""

    left = Signal()
    loaded = Signal()

    def __init__(self, workplace: Workplace, table_name: str, record_id: int, title: str = "") -> None:
        super().__init__(radius=12)
        self._workplace, self._place = workplace, (table_name, record_id)
        self.entries: tuple[HistoryEntry, ...] = ()
        self.title = label(title or table_title(table_name), "title", wrap=True)
        self.detail = label(table_title(table_name), "small", "2")
        close = button(tr("Chiudi"), "", "x", tip=tr("Chiudi (Esc)"))
        close.clicked.connect(self.left)
        self.timeline = Timeline(time_width=52)
        self.state = label(tr("Leggo lo storico…"), "body", "2", wrap=True)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setObjectName("first-focus")
        scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        inside = QFrame()
        inside.setProperty("scroll", "true")
        inside.setLayout(column(self.state, self.timeline, None, spacing=8, margins=(24, 12, 24, 16)))
        scroll.setWidget(inside)
        head = row(column(self.title, self.detail, spacing=2), None, close, margins=(24, 18, 16, 12))
        layout = column(head, rule(), scroll, spacing=0)
        layout.setStretchFactor(scroll, 1)
        self.body.addLayout(layout)
        self.setFixedSize(WIDTH + 2 * self.MARGIN, HEIGHT + 2 * self.MARGIN)
        self.setAccessibleName(tr("Storico"))
        self.reload()

    def reload(self) -> None:
        table_name, record_id = self._place
        self._workplace.background.run(
            self, lambda unit: (queries.find_history(unit, table_name, record_id), queries.find_record_name(unit, table_name, record_id)),
            then=self._show, failed=self._on_failed, key="history",
        )  # fmt: skip

    def _show(self, found: tuple[tuple[HistoryEntry, ...], str]) -> None:
        self.entries, name = found
        if name:
            self.title.setText(name)
        self.state.setText("" if self.entries else tr("Nessuna modifica registrata."))
        self.state.setVisible(not self.entries)
        self.timeline.set_entries(timeline_entries(self.entries))
        self.loaded.emit()

    def _on_failed(self, error: AppError) -> None:
        self.state.setText(error_text(error))


def timeline_entries(entries: Sequence[HistoryEntry]) -> list[Entry]:
    """History as a timeline by days, each change with the field before and after."""
    shown: list[Entry] = []
    last_day = ""
    for one in entries:
        when = one.at.astimezone()
        day = formats.long_date(when.date())
        name, tone, icon = operation_name(one.operation)
        who = one.person_name or tr("il programma")
        detail = LINE.join(change_text(change, one.operation) for change in one.changes) if one.operation != "I" else ""
        if one.operation == "U" and not one.changes:
            detail = tr("Nessun campo cambiato")
        title = tr("{what}, {who}", what=name, who=who)
        shown.append(Entry(f"{when:%H:%M}", icon, title, detail, tone=tone, day=day.capitalize() if day != last_day else ""))
        last_day = day
    return shown


def change_text(change: FieldChange, operation: str) -> str:
    """ "Condizione di pagamento: RiBa 30 gg → Bonifico 30 gg"; of a deleted record only what it was."""
    old, new = (_short(value_text(value)) for value in (change.old, change.new))
    return f"{field_word(change.field)}: {old}" if operation == "D" else f"{field_word(change.field)}: {old} → {new}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rstrip() + "…"
