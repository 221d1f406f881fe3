"""The warning of twins while a party is being written: who it may be and why; open it, or say it is somebody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from cms_desktop.modules.registry import queries
from cms_desktop.modules.registry.columns import reason_names
from cms_desktop.modules.registry.records import Twin
from cms_desktop.ui.background import Background
from cms_desktop.ui.basics import column
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.form import RecordForm
from cms_desktop.ui.translation import translator

tr = translator("registry")
PAUSE_MS = 250
WATCHED = ("name", "last_name", "first_name", "vat_number", "tax_code", "phone", "mobile")
FIELD_OF = {"vat_number": "vat_number", "tax_code": "tax_code", "phone": "phone", "name": "name"}
MOST_SHOWN = 3


class TwinStrip(QWidget):
    """Looks while the form is edited, a moment after the last key; never in the way of typing. Alt+G opens the first twin, Alt+D says it is
    somebody else (remembered when the party is saved)."""

    open_wanted = Signal(int)

    def __init__(self, background: Background, form: RecordForm) -> None:
        super().__init__()
        self._background, self._form = background, form
        self._party_id = 0
        self.twins: list[Twin] = []
        self.different: set[int] = set()
        self._marked: set[str] = set()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.look)
        self.message = InlineMessage("warning", "")
        self.message.add_link(tr("Apri (Alt+G)"), self.open_first)
        self.message.add_link(tr("È un'altra persona (Alt+D)"), self.dismiss)
        self.message.hide()
        self.setLayout(column(self.message, spacing=0))
        form.edited.connect(self._on_edited)
        for keys, slot in (("Alt+G", self.open_first), ("Alt+D", self.dismiss)):
            shortcut = QShortcut(QKeySequence(keys), form)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    def start(self, party_id: int) -> None:
        """Another party is shown (0: a new one)."""
        self._pause.stop()
        self._party_id, self.different = party_id, set()
        self._show([])

    def _on_edited(self, key: str) -> None:
        if key in WATCHED:
            self._pause.start()

    def look(self) -> None:
        """Ask for twins of what is typed now."""
        values, besides = self.values(), self._party_id
        changed = self._form.changes()
        if not any(key in changed for key in WATCHED):
            self._show([])
            return
        self._background.run(self, lambda unit: queries.find_twins(unit, values, besides=besides), then=self._show, key="twins")

    def values(self) -> Mapping[str, Any]:
        """The values compared; a natural person's name may be in two fields."""
        values = {key: self._form.value(key) for key in WATCHED}
        values["name"] = values["name"] or f"{values['last_name'] or ''} {values['first_name'] or ''}".strip()
        return values

    def _show(self, twins: Sequence[Twin]) -> None:
        self.twins = [one for one in twins if one.party_id not in self.different]
        for key in self._marked:
            self._form.fields[key].set_note("")
        self._marked = set()
        if not self.twins:
            self.message.hide()
            return
        names = reason_names()
        said = []
        for one in self.twins[:MOST_SHOWN]:
            reasons = ", ".join(names[reason] for reason in one.reasons)
            said.append(f"<b>{_escaped(one.name)}</b>{f' ({_escaped(one.town)})' if one.town else ''}: {reasons}")
            self._mark(one)
        more = len(self.twins) - MOST_SHOWN
        tail = "<br>" + (tr("e un'altra") if more == 1 else tr("e altre {n}", n=more)) if more > 0 else ""
        self.message.set_message("warning", tr("C'è già?") + " " + "<br>".join(said) + tail, "users-round")

    def _mark(self, twin: Twin) -> None:
        """Say it beside the field that gave it away, too."""
        changed = self._form.changes()
        for reason in twin.reasons:
            key = FIELD_OF[reason]
            if reason == "phone" and "phone" not in changed and "mobile" in changed:
                key = "mobile"
            if key not in self._marked:
                self._form.fields[key].set_note(tr("come {name}", name=twin.name[:28]))
                self._marked.add(key)

    def open_first(self) -> None:
        if self.twins:
            self.open_wanted.emit(self.twins[0].party_id)

    def dismiss(self) -> None:
        """All that are shown are other people: remembered for this party, and stored when it is saved."""
        self.different |= {one.party_id for one in self.twins}
        self._show([])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
