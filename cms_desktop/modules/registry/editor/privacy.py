"""Privacy of one party: what it does not want, since when and from where; its data handed over; its data erased."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError
from cms_desktop.documents.person_report import write_person_report
from cms_desktop.modules.registry import actions, queries
from cms_desktop.modules.registry.columns import channel_names, refusal_flags, table_name
from cms_desktop.modules.registry.editor.erasure import ErasureDialog
from cms_desktop.modules.registry.records import ErasureReport, Party, PrivacyRequest, Refusal
from cms_desktop.modules.registry.rules import CHANNELS
from cms_desktop.ui.basics import boxed, button, column, label, row, rule
from cms_desktop.ui.chips import StatusChip
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage, Overlay
from cms_desktop.ui.form.layout import section_title
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("registry")


class PrivacyPane(QWidget):
    changed = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self._party: Party | None = None
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
        self._requests = column(spacing=6)
        self.export_button = button(
            tr("Consegna i dati…"), "", "file-output", tip=tr("Tutti i dati di questa anagrafica (art. 15 e 20 GDPR)")
        )
        self.erase_button = button(
            tr("Cancella i dati…"), "danger", "eraser", tip=tr("Cancella quello che la legge non fa tenere (art. 17 GDPR)")
        )
        self.export_button.clicked.connect(self.export)
        self.erase_button.clicked.connect(self.preview_erasure)
        for one in (self.export_button, self.erase_button):
            one.setEnabled(workplace.may("registry.privacy"))
        self._lay_out()

    def _lay_out(self) -> None:
        right = tr("Serve il diritto «Esportare e cancellare i dati di una persona».")
        note = "" if self._workplace.may("registry.privacy") else right
        parts = column(
            section_title(tr("Non vuole"), tr("pubblicità per questi canali; fatture e avvisi di contratto partono lo stesso")),
            self.origin, row(*self.buttons.values(), None, spacing=6), self.problem, 4, self._history, 6, rule(), 6,
            section_title(tr("Richieste dell'interessato"), note), row(self.export_button, self.erase_button, None), self._requests, None,
            spacing=8, margins=(20, 12, 20, 20),
        )  # fmt: skip
        inner = boxed(parts)
        inner.setProperty("scroll", "true")
        scroller = QScrollArea()
        scroller.setWidget(inner)
        scroller.setWidgetResizable(True)
        scroller.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setLayout(column(scroller, spacing=0))

    # refusals -------------------------------------------------------------------------------------------------------------
    def show_party(self, party: Party) -> None:
        self._party = party
        number, may = party.party_id, self._workplace.may("registry.privacy")

        def work(unit: Any) -> tuple[list[Refusal], list[PrivacyRequest]]:
            return queries.list_refusals(unit, number), queries.list_requests(unit, number) if may else []

        self._workplace.background.run(self, work, then=lambda found: self._show(*found), key="list")

    def _show(self, refusals: Sequence[Refusal], requests: Sequence[PrivacyRequest]) -> None:
        self.refusals = refusals
        channels = channel_names()
        for channel, one in self.buttons.items():
            refused = self._in_force(channel) is not None
            one.setText(
                tr("Revoca: {channel}", channel=channels[channel]) if refused else tr("No {channel}", channel=channels[channel].lower())
            )
            one.setProperty("kind", "primary" if refused else "")
            one.style().unpolish(one)
            one.style().polish(one)
        _refill(self._history, [_refusal_line(one) for one in refusals] or [label(tr("Nessun diniego registrato."), "small", "3")])
        _refill(self._requests, [_request_line(one) for one in requests])

    def _in_force(self, channel: str) -> Refusal | None:
        return next(
            (one for one in self.refusals if one.channel == channel and one.withdrawn_on is None and one.contact_person_id is None), None
        )

    def toggle(self, channel: str) -> None:
        """Note a refusal, or that it was withdrawn; the origin must be written."""
        party, origin, today, refusal = self._party, self.origin.text(), local_today(), self._in_force(channel)
        if party is None:
            return

        def work(unit: Any) -> None:
            if refusal is None:
                actions.refuse_channel(unit, party.party_id, channel, today, origin=origin)
            else:
                actions.withdraw_refusal(unit, refusal.refusal_id, today, origin=origin, row_version=refusal.row_version)

        self._workplace.background.run(self, work, then=lambda _done: self._on_toggled(party), failed=self._on_failed, key="save")

    def _on_toggled(self, party: Party) -> None:
        self.problem.hide()
        self.origin.clear()
        self.show_party(party)
        self.changed.emit()

    def _on_failed(self, error: AppError) -> None:
        self.problem.set_message("negative", error_text(error))

    # requests -------------------------------------------------------------------------------------------------------------
    def export(self) -> None:
        """All the data to a readable spreadsheet and, beside it, the same as JSON."""
        party, origin = self._party, self.origin.text()
        if party is None:
            return
        name = str(party.values["name"])
        path = self._workplace.files.save_as(tr("Consegna i dati"), f"{tr('Dati di {name}', name=name)}.xlsx", "Excel (*.xlsx)")
        if path is None:
            return

        def work(unit: Any) -> int:
            collected = actions.export_person(unit, party.party_id, origin=origin)
            write_person(collected, path)
            return sum(len(rows) for rows in collected.values())

        def done(count: int) -> None:
            self.problem.hide()
            text = tr("{n} righe in {file}, e le stesse in JSON", n=formats.number(count), file=path.name)
            self._workplace.say("positive", tr("Dati consegnati"), text, tr("Apri"), lambda: self._workplace.files.show(path))
            self.show_party(party)

        self._workplace.background.run(self, work, then=done, failed=self._on_failed, key="export")

    def preview_erasure(self) -> None:
        party = self._party
        if party is not None:
            number = party.party_id
            work = self._workplace.background.run
            work(self, lambda unit: queries.preview_erasure(unit, number), then=self._ask_erasure, failed=self._on_failed, key="erase")

    def _ask_erasure(self, report: ErasureReport) -> None:
        party, origin = self._party, self.origin.text()
        assert party is not None
        overlay = Overlay(self.window())
        dialog = ErasureDialog(str(party.values["name"]), report, origin)

        def erase() -> None:
            words = dialog.origin.text()
            overlay.close_content()
            run = self._workplace.background.run
            run(
                self,
                lambda unit: actions.erase_person(unit, party.party_id, origin=words),
                then=lambda _report: self._on_erased(party),
                failed=self._on_failed,
                key="erase",
            )

        dialog.confirmed.connect(erase)
        dialog.left.connect(overlay.close_content)
        overlay.closed.connect(overlay.deleteLater)
        overlay.open_content(dialog)

    def _on_erased(self, party: Party) -> None:
        self.problem.hide()
        self._workplace.say("positive", tr("Dati cancellati"), tr("Il rapporto è fra le richieste."))
        self.show_party(party)
        self.changed.emit()


def write_person(collected: dict[str, list[dict[str, Any]]], path: pathlib.Path) -> None:
    """The spreadsheet for people and the JSON for machines (art. 20: structured, commonly used, machine-readable)."""
    write_person_report(path, {table_name(table): rows for table, rows in collected.items()})
    path.with_suffix(".json").write_text(json.dumps(collected, ensure_ascii=False, indent=2), encoding="utf-8")


def _refill(layout: Any, widgets: Sequence[QWidget]) -> None:
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


def _request_line(one: PrivacyRequest) -> QWidget:
    kinds = {"export": (tr("Dati consegnati"), "info"), "erasure": (tr("Dati cancellati"), "neutral")}
    words = " · ".join([formats.date(one.created_at.date()), one.author, one.origin])
    return boxed(row(StatusChip(*kinds[one.kind]), label(words, "small", "2"), None, spacing=8))
