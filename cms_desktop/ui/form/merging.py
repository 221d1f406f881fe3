"""Two persons changed the same record: what only one of them changed is merged by itself, for the rest the person chooses.

Every form that is saved with a version can use it. The owner catches `Conflict`, loads the record anew and hands it over:

    resolve_conflict(self, form, now.values, record=now.name, who=now.changed_by, adopt=lambda: self._take(now), reload=…)

`adopt` makes the owner hold the fresh record (its version above all); then the form is saved again in the usual way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from ..feedback import ConflictDialog, ConflictField, Overlay
from ..translation import translator
from .record_form import RecordForm

tr = translator("ui")


def changed_fields(form: RecordForm, now: Mapping[str, Any]) -> list[ConflictField]:
    """Every field that somebody changed since the form was loaded, in words."""
    mine, theirs = form.changes(), form.changed_elsewhere(now)
    found = []
    for key, field in form.fields.items():
        if key in mine or key in theirs:
            before = form.loaded_value(key)
            words = (field.text_of(before), field.text_of(now.get(key)) if key in theirs else field.text_of(before))
            found.append(ConflictField(key, field.title, *words, field.text_of(form.value(key))))
    return found


def merge_if_apart(form: RecordForm, now: Mapping[str, Any]) -> bool:
    """Take over what others changed when it does not touch what is typed here. False (and nothing done) when it does."""
    if any(one.clashes() for one in changed_fields(form, now)):
        return False
    form.rebase(now)
    return True


def resolve_conflict(
    parent: QWidget,
    form: RecordForm,
    now: Mapping[str, Any],
    *,
    record: str,
    who: str = "",
    adopt: Callable[[], None],
    reload: Callable[[], None],
) -> ConflictDialog | None:
    """Merge and save again; asks with three columns (when opened, now, mine) about the fields that both changed."""
    form.set_saving(False)

    def go_on(taken: frozenset[str]) -> None:
        adopt()
        form.rebase(now, taken=taken)
        if form.is_dirty:
            form.save()

    return settle_conflict(parent, changed_fields(form, now), record=record, who=who, go_on=go_on, reload=reload)


def settle_conflict(
    parent: QWidget,
    fields: Sequence[ConflictField],
    *,
    record: str,
    who: str = "",
    go_on: Callable[[frozenset[str]], None],
    reload: Callable[[], None],
) -> ConflictDialog | None:
    """For who merges more than one form: `go_on(taken)` with the keys of the fields where the colleague's value was chosen, at once
    when nothing clashes."""
    if not any(one.clashes() for one in fields):
        go_on(frozenset())
        return None
    overlay = Overlay(parent.window())
    dialog = ConflictDialog(record, who or tr("un collega"), fields)

    def accept() -> None:
        choices = dialog.choices()
        overlay.close_content()
        go_on(frozenset(one.key for one in fields if one.clashes() and choices[one.key] == "now"))

    dialog.accepted.connect(accept)
    dialog.reload_wanted.connect(overlay.close_content)
    dialog.reload_wanted.connect(reload)
    dialog.closed.connect(overlay.close_content)
    overlay.closed.connect(overlay.deleteLater)
    overlay.open_content(dialog)
    return dialog
