"""CommandPalette: Ctrl+K. Records and commands in one list; the letters typed are set in bold; arrows, Enter, Esc."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from . import theme
from .basics import ENTER_KEYS, Elevated, IconLabel, Keycap, column, label, row, rule
from .commands import Command, CommandRegistry
from .grouped_list import GroupedList, ListEntry
from .translation import translator

tr = translator("ui")
DELAY, PATIENCE = 120, 600  # ms: before searching; before showing the commands alone
MOST_HEIGHT = 520


@dataclass(frozen=True)
class RecordHit:
    """A record found: its group title, icon, text, what it is, a figure at the right, how to open it."""

    group: str
    icon: str
    text: str
    detail: str
    right: str
    open: Callable[[], object]


SearchRecords = Callable[[str, Callable[[list[RecordHit]], None]], None]


class CommandPalette(Elevated):
    """Put it on an Overlay with PALETTE_SHARE. `done` when something was opened or Esc pressed; what was chosen runs afterwards."""

    done = Signal()
    resized = Signal()
    opened_apart = Signal()  # with Ctrl+Enter: what was opened is wanted in a window of its own

    def __init__(self, registry: CommandRegistry, search_records: SearchRecords | None = None) -> None:
        super().__init__(radius=12)
        self._registry, self._search_records = registry, search_records
        self._number, self._started = 0, 0.0
        self._timer, self._patience = QTimer(self), QTimer(self)
        self.field = SearchField(tr("Cerca clienti, contratti, fatture o un comando"))
        self.field.textChanged.connect(lambda: self._timer.start(DELAY))
        self.field.setAccessibleName(tr("Cerca o scrivi un comando"))
        self.field.installEventFilter(self)
        self.list = GroupedList()
        self.list.opened.connect(self._open)
        self._note = label("", "small", "3")
        for timer, slot in ((self._timer, self._search), (self._patience, self._on_patience_over)):
            timer.setSingleShot(True)
            timer.timeout.connect(slot)
        top = row(IconLabel("search", 20, "text_3"), self.field, Keycap("Esc"), spacing=12, margins=(20, 8, 20, 8))
        margin = self.MARGIN + 1
        self.body.setContentsMargins(margin, margin, margin, margin)
        self.body.addLayout(column(top, rule(), self.list, 6, Foot(self._hints()), spacing=0))
        self.setFixedWidth(760 + 2 * self.MARGIN)
        self.setAccessibleName(tr("Comandi e ricerca"))
        self._search()

    def _hints(self) -> list[QWidget | int | None]:
        return [
            Keycap("↑", "↓"),
            label(tr("scegli"), "small", "3"),
            8,
            Keycap("↵"),
            label(tr("apri"), "small", "3"),
            8,
            Keycap("Tab"),
            label(tr("gruppo"), "small", "3"),
            8,
            Keycap("Ctrl", "↵"),
            label(tr("apri in una finestra"), "small", "3"),
            8,
            Keycap(">"),
            label(tr("solo comandi"), "small", "3"),
            None,
            self._note,
        ]

    # -- search
    def _search(self) -> None:
        self._number += 1
        number, text = self._number, self.field.text().strip()
        self._started = time.monotonic()
        if not text or text.startswith(">") or self._search_records is None:
            self._show(number, [])
            return
        self._patience.start(PATIENCE)
        self._search_records(text, lambda hits: self._show(number, hits))

    def _on_patience_over(self) -> None:
        """No answer from the server yet: the commands at least. The records still come when they come."""
        self._show(self._number, [], final=False)

    def _show(self, number: int, hits: Sequence[RecordHit], *, final: bool = True) -> None:
        if number != self._number:
            return
        text = self.field.text().strip()
        wanted = text.removeprefix(">").strip()
        entries = [] if text.startswith(">") else _hit_entries(hits)
        commands = [one for one in self._registry.search(wanted, 12 if wanted else 40) if one.is_enabled()]
        if commands:
            entries.append(ListEntry(tr("Comandi"), is_title=True))
            entries += [self._command_entry(one) for one in commands]
        found = sum(not entry.is_title for entry in entries)
        if not entries:
            entries = [ListEntry(tr("Nessun risultato per «{text}»", text=wanted), "search-x", is_enabled=False)]
        self.list.show_entries(entries, wanted)
        if final:
            self._patience.stop()
            milliseconds = round((time.monotonic() - self._started) * 1000)
            self._note.setText(
                (tr("1 risultato in {ms} ms", ms=milliseconds) if found == 1 else tr("{n} risultati in {ms} ms", n=found, ms=milliseconds))
                if wanted
                else ""
            )
        else:
            self._note.setText(tr("sto cercando…"))
        self._fit()

    def _command_entry(self, command: Command) -> ListEntry:
        detail = self._registry.module_title(command.module) if command.module else tr("programma")
        return ListEntry(command.text, command.icon or "circle", detail, keys=command.keys(), run=lambda: self._registry.run(command.id))

    def _fit(self) -> None:
        room = MOST_HEIGHT
        overlay = self.parentWidget()
        if overlay is not None:
            room = min(room, round(overlay.height() * 0.85) - 120)
        self.list.setFixedHeight(max(ROW_LEAST, min(room, self.list.content_height())))
        self.resized.emit()

    # -- keys
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}.get(Qt.Key(event.key()))
            if step is not None:
                self.list.move_choice(step)
                return True
            if event.key() in ENTER_KEYS:
                chosen = self.list.chosen()
                self._open(chosen)
                if event.modifiers() & Qt.KeyboardModifier.ControlModifier and chosen is not None and chosen.run is not None:
                    self.opened_apart.emit()
                return True
            if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                self.list.move_group(1 if event.key() == Qt.Key.Key_Tab else -1)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.done.emit()
                return True
        return False

    def _open(self, entry: ListEntry | None) -> None:
        if entry is None or entry.run is None:
            return
        run = entry.run
        self.done.emit()
        run()


ROW_LEAST = 48


def _hit_entries(hits: Sequence[RecordHit]) -> list[ListEntry]:
    entries: list[ListEntry] = []
    for group, members in groupby(hits, key=lambda hit: hit.group):
        entries.append(ListEntry(group, is_title=True))
        entries += [ListEntry(hit.text, hit.icon, hit.detail, hit.right, run=hit.open) for hit in members]
    return entries


class SearchField(QLineEdit):
    """The large field at the top of an overlay."""

    def __init__(self, hint: str) -> None:
        super().__init__()
        self.setObjectName("first-focus")
        self.setFont(theme.font("body", size=17))
        self.setPlaceholderText(hint)
        self.setStyleSheet(
            "QLineEdit, QLineEdit:focus { border: 0; background: transparent; padding: 0; min-height: 40px; font-size: 17px; }"
        )


class Foot(QFrame):
    """The strip with hints at the bottom of an overlay."""

    def __init__(self, items: Sequence[QWidget | int | None]) -> None:
        super().__init__()
        self.setLayout(row(*items, spacing=6, margins=(20, 0, 20, 0)))
        self.setFixedHeight(40)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.surface_alt))
        painter.drawRoundedRect(self.rect(), 11, 11)
        painter.drawRect(0, 0, self.width(), 12)
        painter.fillRect(0, 0, self.width(), 1, QColor(t.line))
