"""Two people changed the same customer: the three columns, and what to save after the choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from cms_desktop.modules.customers.records import Customer
from cms_desktop.ui.feedback import ConflictDialog, ConflictField, Overlay
from cms_desktop.ui.form import RecordForm


def conflict_fields(form: RecordForm, opened: Customer, now: Customer) -> list[ConflictField]:
    """Every field that somebody changed, in words."""
    mine = form.changes()
    keys = [key for key in form.fields if key in mine or opened.values.get(key) != now.values.get(key)]
    fields = []
    for key in keys:
        field = form.fields[key]
        words = [field.text_of(value) for value in (opened.values.get(key), now.values.get(key), form.value(key))]
        fields.append(ConflictField(key, field.title, *words))
    return fields


def merged_values(form: RecordForm, now: Customer, choices: Mapping[str, str]) -> dict[str, Any]:
    """What was chosen as mine and differs from the server."""
    typed = form.values()
    return {key: typed[key] for key, side in choices.items() if side == "mine" and typed[key] != now.values.get(key)}


def show_conflict(
    parent: QWidget,
    form: RecordForm,
    opened: Customer,
    now: Customer,
    save: Callable[[dict[str, Any]], None],
    reload: Callable[[], None],
) -> ConflictDialog:
    """Open the dialog over the window; `save` gets the merged changes."""
    overlay = Overlay(parent.window())
    dialog = ConflictDialog(str(now.values["name"]), now.changed_by, conflict_fields(form, opened, now))

    def accept() -> None:
        merged = merged_values(form, now, dialog.choices())
        overlay.close_content()
        save(merged)

    dialog.accepted.connect(accept)
    dialog.reload_wanted.connect(overlay.close_content)
    dialog.reload_wanted.connect(reload)
    dialog.closed.connect(overlay.close_content)
    overlay.closed.connect(overlay.deleteLater)
    overlay.open_content(dialog)
    return dialog
