"""F1: all commands with their keys, by module, searchable."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

from .basics import ENTER_KEYS, Elevated, IconLabel, Keycap, column, label, row, rule
from .commands import CommandRegistry, key_names, plain
from .grouped_list import GroupedList, ListEntry
from .palette import Foot, SearchField
from .translation import translator

tr = translator("ui")


def field_keys() -> list[tuple[str, str]]:
    """Keys that work inside lists and fields; no command has them."""
    return [
        (tr("Apre l'elenco del campo"), "F4"),
        (tr("Annulla l'ultima modifica nel campo"), "Ctrl+Z"),
        (tr("Copia il campo dal record precedente"), "F7"),
        (tr("Completa i campi vuoti dal record precedente"), "Shift+F7"),
        (tr("Incolla righe da Excel nella lista"), "Ctrl+V"),
        (tr("Modifica insieme le righe scelte"), "Ctrl+Shift+M"),
        (tr("Campo successivo"), "Tab"),
        (tr("Apre il record scelto nella lista"), "Return"),
        (tr("Copia le celle scelte"), "Ctrl+C"),
        (tr("Chiude, poi toglie il filtro, poi annulla le modifiche"), "Esc"),
    ]


class ShortcutTable(Elevated):
    """Put it on an Overlay. `current_module` is listed first. Enter runs the command, Esc leaves."""

    done = Signal()

    def __init__(self, registry: CommandRegistry, modules: Sequence[str], current_module: str = "") -> None:
        super().__init__(radius=12)
        self._registry = registry
        self._modules = [current_module, *(m for m in modules if m != current_module)] if current_module else list(modules)
        self.field = SearchField(tr("Cerca un tasto o un comando"))
        self.field.setAccessibleName(tr("Cerca un tasto o un comando"))
        self.field.textChanged.connect(self._show)
        self.field.installEventFilter(self)
        self.list = GroupedList()
        self.list.setFixedHeight(480)
        self.list.opened.connect(self._open)
        top = row(IconLabel("keyboard", 20, "text_3"), self.field, Keycap("Esc"), spacing=12, margins=(20, 8, 20, 8))
        margin = self.MARGIN + 1
        self.body.setContentsMargins(margin, margin, margin, margin)
        self._count = label("", "small", "3")
        hints = [Keycap("↵"), label(tr("esegui"), "small", "3"), None, self._count]
        self.body.addLayout(column(top, rule(), self.list, 6, Foot(hints), spacing=0))
        self.setFixedWidth(680 + 2 * self.MARGIN)
        self.setAccessibleName(tr("Tasti"))
        self._show("")

    def _show(self, text: str) -> None:
        entries: list[ListEntry] = []
        groups = [(self._registry.module_title(module), module) for module in self._modules]
        current = [groups[0]] if groups and groups[0][1] else []
        for title, module in [*current, (tr("In tutto il programma"), ""), *groups[len(current) :]]:
            entries += self._group(title, [self._entry(one.id) for one in self._registry.for_module(module)], text)
        keys = [ListEntry(words, "corner-down-right", keys=key_names(key), is_enabled=True) for words, key in field_keys()]
        entries += self._group(tr("Nelle liste e nei campi"), keys, text)
        count = sum(not entry.is_title for entry in entries)
        self._count.setText(tr("{n} comandi", n=count))
        self.list.show_entries(entries or [ListEntry(tr("Nessun comando per «{text}»", text=text), "search-x", is_enabled=False)], text)

    def _entry(self, command_id: str) -> ListEntry:
        command = self._registry.find(command_id)
        assert command is not None
        run = lambda: self._registry.run(command_id)
        return ListEntry(command.text, command.icon or "circle", keys=command.keys(), run=run, is_enabled=command.is_enabled())

    def _group(self, title: str, entries: list[ListEntry], text: str) -> list[ListEntry]:
        wanted = plain(text).strip()
        shown = [e for e in entries if wanted in plain(e.text) or wanted in plain(title) or wanted == plain("+".join(e.keys))]
        return [ListEntry(title, is_title=True), *shown] if shown else []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}.get(Qt.Key(event.key()))
            if step is not None:
                self.list.move_choice(step)
                return True
            if event.key() in ENTER_KEYS:
                self._open(self.list.chosen())
                return True
            if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F1):
                self.done.emit()
                return True
        return False

    def _open(self, entry: ListEntry | None) -> None:
        if entry is not None and entry.run is not None:
            run = entry.run
            self.done.emit()
            run()
