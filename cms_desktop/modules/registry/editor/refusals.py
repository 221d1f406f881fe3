"""What a party, or one of its people, does not want: a button a channel, the origin, the history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError
from cms_desktop.modules.registry import actions
from cms_desktop.modules.registry.columns import channel_names, refusal_flags
from cms_desktop.modules.registry.records import Refusal
from cms_desktop.modules.registry.rules import CHANNELS
from cms_desktop.ui.basics import boxed, button, column, label, row
from cms_desktop.ui.chips import StatusChip
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("registry")


class RefusalBox(QWidget):
    """`written` after a refusal was noted or withdrawn. The origin typed here also serves the requests beside it."""

    written = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self._party_id = 0
        self._contact_id: int | None = None
        self.refusals: Sequence[Refusal] = ()
        self.origin = QLineEdit()
        self.origin.setPlaceholderText(tr("Da dove viene: telefonata, PEC, modulo…"))
        self.origin.setAccessibleName(tr("Origine"))
        self.buttons = {channel: button("", "", size="small") for channel in CHANNELS}
        for channel, one in self.buttons.items():
            one.clicked.connect(lambda _checked=False, channel=channel: self.toggle(channel))
            one.setEnabled(workplace.may("registry.write"))
        self.problem = InlineMessage("negative", "")
        self.problem.hide()
        self._history = column(spacing=6)
        self.setLayout(column(self.origin, row(*self.buttons.values(), None, spacing=6), self.problem, 4, self._history, spacing=8))

    def show_refusals(self, party_id: int, refusals: Sequence[Refusal], contact_id: int | None = None) -> None:
        """Those of a party, with its people's for the record; or those of one person only."""
        self._party_id, self._contact_id, self.refusals = party_id, contact_id, refusals
        channels = channel_names()
        for channel, one in self.buttons.items():
            refused = self._in_force(channel) is not None
            one.setText(
                tr("Revoca: {channel}", channel=channels[channel]) if refused else tr("No {channel}", channel=channels[channel].lower())
            )
            one.setProperty("kind", "primary" if refused else "")
            one.style().unpolish(one)
            one.style().polish(one)
        shown = [one for one in refusals if contact_id is None or one.contact_person_id == contact_id]
        refill(self._history, [_refusal_line(one) for one in shown] or [label(tr("Nessun diniego registrato."), "small", "3")])

    def _in_force(self, channel: str) -> Refusal | None:
        mine = (one for one in self.refusals if one.contact_person_id == self._contact_id)
        return next((one for one in mine if one.channel == channel and one.withdrawn_on is None), None)

    def toggle(self, channel: str) -> None:
        """Note a refusal, or that it was withdrawn; the origin must be written."""
        party, contact, origin, today, refusal = (
            self._party_id,
            self._contact_id,
            self.origin.text(),
            local_today(),
            self._in_force(channel),
        )
        if not party:
            return

        def work(unit: Any) -> None:
            if refusal is None:
                actions.refuse_channel(unit, party, channel, today, origin=origin, contact_person_id=contact)
            else:
                actions.withdraw_refusal(unit, refusal.refusal_id, today, origin=origin, row_version=refusal.row_version)

        self._workplace.background.run(self, work, then=lambda _done: self._on_toggled(), failed=self._on_failed, key="save")

    def _on_toggled(self) -> None:
        self.problem.hide()
        self.origin.clear()
        self.written.emit()

    def _on_failed(self, error: AppError) -> None:
        self.problem.set_message("negative", error_text(error))


def refill(layout: Any, widgets: Sequence[QWidget]) -> None:
    """Other lines in the place of those that were there."""
    while layout.count():
        item = layout.takeAt(0)
        if item.widget() is not None:
            item.widget().deleteLater()
    for widget in widgets:
        layout.addWidget(widget)


def _refusal_line(one: Refusal) -> QWidget:
    in_force = one.withdrawn_on is None
    words = [tr("dal {date}", date=formats.date(one.refused_on)), one.origin]
    if one.contact_name:
        words.insert(0, one.contact_name)
    if one.withdrawn_on is not None:
        words += [tr("revocato il {date}", date=formats.date(one.withdrawn_on)), one.withdrawn_origin]
    chip = StatusChip(refusal_flags()[one.channel], "warning" if in_force else "neutral")
    return boxed(row(chip, label(" · ".join(word for word in words if word), "small", "2" if in_force else "3"), None, spacing=8))
