"""The way of a merge from any screen: preview in the background, the dialog, the merge, a toast that takes it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from cms_desktop.core.errors import AppError
from cms_desktop.modules.registry import actions, queries
from cms_desktop.modules.registry.editor.merge_dialog import MergeDialog
from cms_desktop.modules.registry.records import ClassField, MergePreview
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import Overlay
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("registry")


class Merging:
    """`begin(one, other)` proposes to keep `one`. `merged` is called with the survivor when it is done, and again when it is undone."""

    def __init__(self, owner: QWidget, workplace: Workplace, merged: Callable[[int], None]) -> None:
        self._owner, self._workplace, self._merged = owner, workplace, merged
        self.dialog: MergeDialog | None = None
        self._overlay: Overlay | None = None

    def begin(self, one: int, other: int) -> None:
        def work(unit: Any) -> tuple[MergePreview, list[ClassField]]:
            return queries.preview_merge(unit, one, other), queries.list_classes(unit)

        self._workplace.background.run(self._owner, work, then=lambda found: self._show(*found), failed=self._on_failed, key="merge")

    def _show(self, preview: MergePreview, classes: Sequence[ClassField]) -> None:
        if self._overlay is None:
            self._overlay = Overlay(self._owner.window())
        overlay, dialog = self._overlay, MergeDialog(preview, classes)
        self.dialog = dialog
        dialog.confirmed.connect(lambda: self._merge(preview, dialog.taken()))
        dialog.swap_wanted.connect(lambda: self.begin(preview.merged_id, preview.survivor_id))
        dialog.left.connect(overlay.close_content)
        overlay.open_content(dialog)

    def _merge(self, preview: MergePreview, take: Sequence[str]) -> None:
        def work(unit: Any) -> int:
            return actions.merge_parties(
                unit, preview.survivor_id, preview.merged_id, take=take, survivor_version=preview.survivor_version,
                merged_version=preview.merged_version,
            )  # fmt: skip

        def done(merge_id: int) -> None:
            self._close()
            names = preview.fields["name"]
            kept, merged = str(names[0]), str(names[1])
            self._workplace.say(
                "positive",
                tr("Unita {merged} a {kept}", merged=merged, kept=kept),
                "",
                tr("Annulla"),
                lambda: self.undo(merge_id, preview.survivor_id),
            )
            self._merged(preview.survivor_id)

        self._workplace.background.run(self._owner, work, then=done, failed=self._on_failed, key="merge")

    def undo(self, merge_id: int, survivor_id: int) -> None:
        def done(_none: None) -> None:
            self._workplace.say("positive", tr("Unione annullata"), tr("Le due anagrafiche sono di nuovo separate."))
            self._merged(survivor_id)

        self._workplace.background.run(
            self._owner, lambda unit: actions.undo_merge(unit, merge_id), then=done, failed=self._on_failed, key="merge"
        )

    def _on_failed(self, error: AppError) -> None:
        if self.dialog is not None and self._overlay is not None and self._overlay.content() is self.dialog:
            self.dialog.obstacle.set_message("negative", error_text(error))
            self._overlay.place_again()
        else:
            self._workplace.say("negative", tr("Unione non riuscita"), error_text(error))

    def _close(self) -> None:
        self.dialog = None
        if self._overlay is not None:
            self._overlay.close_content()
