"""Privacy of one party: what it does not want, since when and from where; its data handed over; its data erased."""

from __future__ import annotations

import pathlib
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from cms_desktop.core.errors import AppError
from cms_desktop.modules.base.queries import find_letterhead
from cms_desktop.modules.registry import actions, queries
from cms_desktop.modules.registry.editor.erasure import ErasureDialog
from cms_desktop.modules.registry.editor.person_papers import write_person
from cms_desktop.modules.registry.editor.refusals import RefusalBox, refill
from cms_desktop.modules.registry.editor.requests import request_line
from cms_desktop.modules.registry.records import ErasureReport, Party, PrivacyRequest, Refusal
from cms_desktop.ui.basics import boxed, button, column, row, rule
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import Overlay
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
        self.box = RefusalBox(workplace)
        self.box.written.connect(self._on_written)
        self.origin, self.buttons, self.problem = self.box.origin, self.box.buttons, self.box.problem
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
            self.box, 6, rule(), 6,
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

    @property
    def refusals(self) -> Sequence[Refusal]:
        return self.box.refusals

    def _show(self, refusals: Sequence[Refusal], requests: Sequence[PrivacyRequest]) -> None:
        assert self._party is not None
        self.box.show_refusals(self._party.party_id, refusals)
        refill(self._requests, [request_line(one) for one in requests])

    def _on_written(self) -> None:
        if self._party is not None:
            self.show_party(self._party)
            self.changed.emit()

    def _on_failed(self, error: AppError) -> None:
        self.problem.set_message("negative", error_text(error))

    # requests -------------------------------------------------------------------------------------------------------------
    def export(self) -> None:
        """All the data as a PDF to read; beside it a spreadsheet and, for machines, JSON."""
        party, origin = self._party, self.origin.text()
        if party is None:
            return
        name = str(party.values["name"])
        path = self._workplace.files.save_as(tr("Consegna i dati"), f"{tr('Dati di {name}', name=name)}.pdf", "PDF (*.pdf)")
        if path is None:
            return

        def work(unit: Any) -> pathlib.Path:
            collected = actions.export_person(unit, party.party_id, origin=origin)
            return write_person(
                collected, path, name=name, origin=origin.strip(), letterhead=find_letterhead(unit), classes=queries.list_classes(unit)
            )

        def done(paper: pathlib.Path) -> None:
            self.problem.hide()
            show = lambda: self._workplace.files.show(paper)
            self._workplace.say("positive", tr("Dati consegnati"), tr("{file}, con foglio Excel e JSON", file=paper.name), tr("Apri"), show)
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
