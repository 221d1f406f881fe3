"""Privacy of one person of the rubrica: what they refuse, their data handed over, their data erased."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from cms_desktop.core.errors import AppError
from cms_desktop.modules.base.queries import find_letterhead
from cms_desktop.modules.registry import actions, queries
from cms_desktop.modules.registry.columns import channel_names
from cms_desktop.modules.registry.editor.erasure import ErasureDialog
from cms_desktop.modules.registry.editor.person_papers import write_person
from cms_desktop.modules.registry.editor.refusals import RefusalBox, refill
from cms_desktop.modules.registry.editor.requests import request_line
from cms_desktop.modules.registry.records import Contact, ErasureReport, PrivacyRequest, Refusal
from cms_desktop.ui.basics import Elevated, button, column, label, row, rule
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage, Overlay
from cms_desktop.ui.form.layout import section_title
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("registry")
WIDTH = 640


class ContactPrivacy(Elevated):
    """`left` when it is to be closed; `erase_wanted(report)` when somebody asks what an erasure would do."""

    left = Signal()
    erase_wanted = Signal(object)

    def __init__(self, workplace: Workplace, contact: Contact) -> None:
        super().__init__(radius=12)
        self._workplace, self.contact = workplace, contact
        self.refusals = RefusalBox(workplace)
        self.refusals.origin.setObjectName("first-focus")
        self.refusals.written.connect(self.reload)
        self.of_party = InlineMessage("info", "")
        self.of_party.hide()
        self.problem = InlineMessage("negative", "")
        self.problem.hide()
        self.export_button = button(tr("Consegna i dati…"), "", "file-output", tip=tr("Tutti i dati di questa persona (art. 15 e 20 GDPR)"))
        self.erase_button = button(tr("Cancella i dati…"), "danger", "eraser", tip=tr("Cancella i dati di questa persona (art. 17 GDPR)"))
        self.export_button.clicked.connect(self.export)
        self.erase_button.clicked.connect(self.preview_erasure)
        may = workplace.may("registry.privacy")
        for one in (self.export_button, self.erase_button):
            one.setEnabled(may)
        self._requests = column(spacing=6)
        close = button(tr("Chiudi"), "", "x", tip=tr("Chiudi (Esc)"))
        close.clicked.connect(self.left)
        note = "" if may else tr("Serve il diritto «Esportare e cancellare i dati di una persona».")
        head = row(column(label(contact.name, "title"), label(contact.party_name, "small", "2"), spacing=2), None, close)
        parts = column(
            section_title(tr("Non vuole"), tr("pubblicità per questi canali; vale per questa persona sola")), self.of_party, self.refusals, 6, rule(), 6,
            section_title(tr("Richieste dell'interessato"), note), row(self.export_button, self.erase_button, None), self.problem, self._requests,
            spacing=8,
        )  # fmt: skip
        self.body.addLayout(column(head, 8, parts, spacing=8, margins=(24, 18, 20, 24)))
        self.setFixedWidth(WIDTH + 2 * self.MARGIN)
        self.setAccessibleName(tr("Privacy di {name}", name=contact.name))
        self.reload()

    def reload(self) -> None:
        contact, may = self.contact, self._workplace.may("registry.privacy")

        def work(unit: Any) -> tuple[list[Refusal], list[PrivacyRequest]]:
            requests = queries.list_requests(unit, contact.party_id, contact.contact_person_id) if may else []
            return queries.list_refusals(unit, contact.party_id), requests

        self._workplace.background.run(self, work, then=lambda found: self._show(*found), failed=self._on_failed, key="list")

    def _show(self, refusals: Sequence[Refusal], requests: Sequence[PrivacyRequest]) -> None:
        self.refusals.show_refusals(self.contact.party_id, refusals, self.contact.contact_person_id)
        names = channel_names()
        whole = [names[one.channel].lower() for one in refusals if one.contact_person_id is None and one.withdrawn_on is None]
        self.of_party.set_message("info", tr("L'anagrafica non vuole, per tutte le sue persone: {channels}.", channels=", ".join(whole)))
        self.of_party.setVisible(bool(whole))
        refill(self._requests, [request_line(one) for one in requests])
        QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        """As tall as its lines, which have come with their styles by now."""
        place = self.parentWidget()
        if isinstance(place, Overlay):
            place.place_again()

    def _on_failed(self, error: AppError) -> None:
        self.problem.set_message("negative", error_text(error))

    def export(self) -> None:
        """A PDF to read; spreadsheet and JSON beside it."""
        contact, origin = self.contact, self.refusals.origin.text()
        path = self._workplace.files.save_as(tr("Consegna i dati"), f"{tr('Dati di {name}', name=contact.name)}.pdf", "PDF (*.pdf)")
        if path is None:
            return

        def work(unit: Any) -> Any:
            collected = actions.export_contact(unit, contact.contact_person_id, origin=origin)
            return write_person(
                collected,
                path,
                name=contact.name,
                origin=origin.strip(),
                letterhead=find_letterhead(unit),
                classes=queries.list_classes(unit),
            )

        def done(paper: Any) -> None:
            self.problem.hide()
            show = lambda: self._workplace.files.show(paper)
            self._workplace.say("positive", tr("Dati consegnati"), tr("{file}, con foglio Excel e JSON", file=paper.name), tr("Apri"), show)
            self.reload()

        self._workplace.background.run(self, work, then=done, failed=self._on_failed, key="export")

    def preview_erasure(self) -> None:
        number = self.contact.contact_person_id
        self._workplace.background.run(
            self,
            lambda unit: queries.preview_contact_erasure(unit, number),
            then=self.erase_wanted.emit,
            failed=self._on_failed,
            key="erase",
        )


class ContactPrivacyWindow:
    """Opens the privacy of a person over the window of `owner`, and the question before an erasure in its place; `then` after something changed."""

    def __init__(self, owner: QWidget, workplace: Workplace, contact: Contact, then: Callable[[], object]) -> None:
        self._owner, self._workplace, self._contact, self._then = owner, workplace, contact, then
        self.overlay = Overlay(owner.window())
        self.panel = ContactPrivacy(workplace, contact)
        self.panel.left.connect(self.overlay.close_content)
        self.panel.erase_wanted.connect(self._ask)
        self.panel.refusals.written.connect(then)
        self.overlay.closed.connect(self.overlay.deleteLater)
        self.overlay.open_content(self.panel)
        self.question: ErasureDialog | None = None

    def _ask(self, report: ErasureReport) -> None:
        self.question = question = ErasureDialog(self._contact.name, report, self.panel.refusals.origin.text())
        question.confirmed.connect(self._erase)
        question.left.connect(self.overlay.close_content)
        self.overlay.open_content(question)

    def _erase(self) -> None:
        assert self.question is not None
        words, number = self.question.origin.text(), self._contact.contact_person_id

        def done(_report: ErasureReport) -> None:
            self._workplace.say("positive", tr("Dati cancellati"), tr("Il rapporto è fra le richieste."))
            self._then()

        self._workplace.background.run(
            self._owner, lambda unit: actions.erase_contact(unit, number, origin=words), then=done, key="erase_contact"
        )
        self.overlay.close_content()
