"""Two people changed the same party: the three columns, and what to save after the choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from cms_desktop.ui.feedback import ConflictDialog, ConflictField, Overlay
from cms_desktop.ui.form import RecordForm

Values = Mapping[str, Any]


def conflict_fields(form: RecordForm, opened: Values, now: Values) -> list[ConflictField]:
    """Every field that somebody changed, in words."""
    mine = form.changes()
    fields = []
    for key, field in form.fields.items():
        if key in mine or opened.get(key) != now.get(key):
            words = [field.text_of(value) for value in (opened.get(key), now.get(key), form.value(key))]
            fields.append(ConflictField(key, field.title, *words))
    return fields


def show_conflict(
    parent: QWidget, form: RecordForm, *, name: str, who: str, opened: Values, now: Values, save: Callable[[dict[str, Any]], None],
    reload: Callable[[], None],
) -> ConflictDialog:  # fmt: skip
    """Open the dialog over the window; `save` gets what was chosen as mine and differs from the server."""
    overlay = Overlay(parent.window())
    dialog = ConflictDialog(name, who, conflict_fields(form, opened, now))

    def accept() -> None:
        typed = form.values()
        merged = {key: typed[key] for key, side in dialog.choices().items() if side == "mine" and typed[key] != now.get(key)}
        overlay.close_content()
        save(merged)

    dialog.accepted.connect(accept)
    dialog.reload_wanted.connect(overlay.close_content)
    dialog.reload_wanted.connect(reload)
    dialog.closed.connect(overlay.close_content)
    overlay.closed.connect(overlay.deleteLater)
    overlay.open_content(dialog)
    return dialog
