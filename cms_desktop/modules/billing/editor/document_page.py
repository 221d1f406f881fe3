"""A document made by hand, on a page over the list of invoices: written, computed while one types, saved, issued."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError, Conflict
from cms_desktop.core.listing import ListQuery
from cms_desktop.modules.billing.columns.words import document_types
from cms_desktop.modules.billing.editor.credit_bar import CreditBar, whole_lines
from cms_desktop.modules.billing.editor.document_form import DocumentForm, rows_of
from cms_desktop.modules.billing.editor.document_totals import DocumentTotals
from cms_desktop.modules.billing.editor.paper import open_paper
from cms_desktop.modules.billing.manual import actions, queries
from cms_desktop.modules.billing.manual.records import (
    CREDIT_NOTE,
    PRO_FORMA,
    CreditableInvoice,
    DocumentChoices,
    DocumentDraft,
    DraftFigures,
    DraftReference,
    IssuedDocument,
    PartyFacts,
    SavedDraft,
)
from cms_desktop.modules.customers import queries as customers
from cms_desktop.ui.basics import boxed, button, column, label, row
from cms_desktop.ui.chips import StatusChip
from cms_desktop.ui.drafts import FormDraft
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.feedback.confirmation import ask
from cms_desktop.ui.fields import LookupChoice
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("billing")
PAUSE_MS = 350
EMPTY = DocumentDraft("TD01", local_today())


@dataclass(frozen=True)
class _Loaded:
    choices: DocumentChoices
    document: DocumentDraft | None = None
    credited: CreditableInvoice | None = None


class DocumentPage(QWidget):
    """`left` when the person goes back to the list; `issued` with the invoice that came of it; `saved` after every saving."""

    left = Signal()
    loaded = Signal()
    saved = Signal()
    issued = Signal(int)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace, self._background = workplace, workplace.background
        self._document = EMPTY
        self._party: PartyFacts | None = None
        self.form = DocumentForm(self._find_customer, self._find_supplier)
        self.totals, self.credit_bar = DocumentTotals(), CreditBar()
        self.totals.set_rights(may_prepare=workplace.may("billing.prepare"), may_issue=workplace.may("billing.issue"))
        self.title, self.state = label("", "title"), StatusChip("", "neutral")
        self.message = InlineMessage("negative", "", closable=True)
        self.draft = FormDraft(self.form, workplace, "billing.document", page="invoices")
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        back = button("", "icon", "arrow-left", tip=tr("Tutte le fatture (Alt+←)"))
        back.clicked.connect(self.leave)
        head = boxed(row(back, self.title, self.state, None, spacing=8))
        head.setFixedHeight(36)
        self.message.hide()
        self.credit_bar.hide()
        card = boxed(column(self.form, margins=(1, 1, 1, 1)), card="true")
        middle = column(self.credit_bar, card, spacing=12)
        middle.setStretchFactor(card, 1)
        body = row(middle, self.totals, spacing=12)
        body.setStretchFactor(middle, 1)
        whole = column(head, self.message, self.draft.strip, body, spacing=10, margins=(16, 12, 16, 16))
        whole.setStretchFactor(body, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.form)

    def _connect(self) -> None:
        self._pause.timeout.connect(self._compute)
        self.form.edited.connect(self._on_edited)
        self.form.dirty_changed.connect(lambda _dirty: self._pause.start())
        self.form.save_wanted.connect(self.save)
        self.form.leave_wanted.connect(self.left)
        self.form.party_chosen.connect(self._on_party)
        self.credit_bar.lines_wanted.connect(self._take_lines)
        self.totals.issue_wanted.connect(self.issue)
        self.totals.preview_wanted.connect(self.preview)
        self.totals.pro_forma_wanted.connect(self.number_pro_forma)
        self.totals.discard_wanted.connect(self.discard)

    # -- ways in
    def new_document(self) -> None:
        """An empty invoice of today."""
        start = DocumentDraft("TD01", local_today())
        self._load(lambda unit: _Loaded(queries.find_choices(unit), start))

    def open_draft(self, invoice_id: int) -> None:
        self._load(lambda unit: _Loaded(queries.find_choices(unit), queries.find_draft(unit, invoice_id)))

    def copy(self, invoice_id: int) -> None:
        """A new document with what another says."""
        fresh = lambda unit: replace(queries.copy_of(unit, invoice_id), document_on=local_today())
        self._load(lambda unit: _Loaded(queries.find_choices(unit), fresh(unit)))

    def credit(self, invoice_id: int) -> None:
        """A credit note of what is left of an issued invoice."""
        self._load(lambda unit: _Loaded(queries.find_choices(unit), None, queries.find_creditable(unit, invoice_id)))

    def _load(self, work: Callable[[Any], _Loaded]) -> None:
        self.message.hide()
        self._background.run(self, work, then=self._show_loaded, failed=self.show_error, key="document")

    def _show_loaded(self, found: _Loaded) -> None:
        self.form.set_choices(found.choices)
        document, is_public = found.document, False
        if found.credited is not None:
            document, is_public = _credit_of(found.credited), found.credited.is_public_body
        assert document is not None
        if document.series_id is None:
            series = found.choices.series.get((document.document_type, is_public), ())
            document = replace(document, series_id=series[0] if series else None)
        self.credit_bar.show_invoice(found.credited)
        self.draft.leave()  # what was typed before stays kept
        self._show(document)
        if found.credited is not None:
            self.credit_bar.mode.setFocus()
        elif document.invoice_id is None:
            self.form.fields["customer" if not document.is_self_invoice else "supplier"].setFocus()
        else:
            self.form.lines.setFocus()
        self.loaded.emit()

    def _show(self, document: DocumentDraft) -> None:
        self._document = document
        is_new = document.invoice_id is None
        self.form.show_document(document, is_new=is_new)
        name = document_types().get(document.document_type, document.document_type)
        self.title.setText(tr("Nuovo documento") if is_new else f"{name} · {document.party_name}")
        words = document.pro_forma_number or (tr("non salvato") if is_new else tr("bozza"))
        self.state.set_state(words, "info" if document.pro_forma_number else "neutral")
        self.form.set_read_only(not self._workplace.may("billing.prepare"))
        self.totals.discard_button.setVisible(not is_new)
        self._show_kind()
        place = {"new": True} if is_new else {"draft": document.invoice_id}
        self.draft.follow(document.invoice_id, document.party_name or tr("Nuovo documento"), **place)
        self._compute()

    def _show_kind(self) -> None:
        kind = self.form.value("document_type")
        self.totals.pro_forma_button.setVisible(kind in PRO_FORMA and not self._document.pro_forma_number)
        if kind != CREDIT_NOTE:
            self.credit_bar.hide()

    # -- while one types
    def _on_edited(self, key: str) -> None:
        if key == "document_type":
            self._show_kind()
            self.form.propose_series(self._party is not None and self._party.is_public_body)
        self._pause.start()

    def _on_party(self, choice: Any) -> None:
        if isinstance(choice, LookupChoice):
            wanted = choice.key
            self._background.run(self, lambda unit: queries.find_customer(unit, wanted), then=self._take_party, key="party")

    def _take_party(self, party: PartyFacts | None) -> None:
        self._party = party
        if party is not None:
            self._document = replace(self._document, language=party.language)
            self.form.propose_series(party.is_public_body)
            self._pause.start()

    def _take_lines(self, lines: Sequence[Any]) -> None:
        self.form.set_value("lines", rows_of(lines))
        self.form.edited.emit("lines")

    def _compute(self) -> None:
        if not self.form.is_computable() or not self._workplace.may("billing.prepare"):
            self.totals.clear()
            return
        document = self.form.document(self._document)
        work = lambda unit: actions.compute_document(unit, document)
        self._background.run(self, work, then=self._show_figures, failed=self.totals.show_error, key="figures")

    def _show_figures(self, figures: DraftFigures) -> None:
        self.totals.show_figures(figures)

    # -- what is done
    def _do(self, work: Callable[[Any, DocumentDraft], Any], then: Callable[[Any], None]) -> None:
        """With the document that stands in the form, when nothing in it is wrong."""
        if self.form.is_saving or self.form.problems():
            self.form.go_to_next_problem()
            return
        document = self.form.document(self._document)
        self.message.hide()
        self.form.set_saving(True)
        self._background.run(self, lambda unit: work(unit, document), then=then, failed=self.show_error, key="save")

    def save(self) -> None:
        """F10."""
        self._do(actions.save_document, self._on_saved)

    def _on_saved(self, made: SavedDraft) -> None:
        self._show(replace(self.form.document(self._document), invoice_id=made.invoice_id, version=made.version))
        self._workplace.say("positive", tr("Bozza salvata"), tr("La ritrovi in Fatture, filtro Bozze."))
        self.saved.emit()

    def number_pro_forma(self) -> None:
        self._do(actions.number_pro_forma, self._on_pro_forma)

    def _on_pro_forma(self, got: tuple[SavedDraft, str]) -> None:
        made, number = got
        document = self.form.document(self._document)
        self._show(replace(document, invoice_id=made.invoice_id, version=made.version, pro_forma_number=number))
        self._workplace.say("positive", tr("Pro-forma {number}", number=number), tr("Resta una bozza: emettila quando è il momento."))
        self.saved.emit()

    def issue(self) -> None:
        """Ctrl+Enter: number, post, open the items."""
        if self.totals.issue_button.isEnabled():
            self._do(actions.issue_document, self._on_issued)

    def _on_issued(self, made: IssuedDocument) -> None:
        self.form.set_saving(False)
        self.draft.drop()
        self._show_nothing()
        self._workplace.say("positive", tr("Documento emesso"), made.number)
        self.issued.emit(made.invoice_id)

    def preview(self) -> None:
        """F9: the document as it stands, on paper."""
        self._do(actions.preview_pdf, self._on_paper)

    def _on_paper(self, content: bytes) -> None:
        self.form.set_saving(False)
        open_paper(self._workplace, tr("bozza") + ".pdf", content)

    def discard(self) -> None:
        invoice_id = self._document.invoice_id
        if invoice_id is None:
            return
        if ask(self, tr("Scartare la bozza?"), tr("Non ha un numero: nei registri non resta nulla."), tr("Scarta bozza"), "warning"):
            self._background.run(
                self, lambda unit: actions.discard_document(unit, invoice_id), then=lambda _none: self._on_discarded(), failed=self.show_error,
                key="save",
            )  # fmt: skip

    def _on_discarded(self) -> None:
        self.draft.drop()
        self._show_nothing()
        self.saved.emit()
        self.left.emit()

    def _show_nothing(self) -> None:
        self.draft.leave()
        self._document = EMPTY
        self.form.show_document(EMPTY, is_new=True)
        self.totals.clear()

    def leave(self) -> None:
        """Back to the list; what is typed and not saved is kept and offered again."""
        self.left.emit()

    # -- words
    def show_error(self, error: AppError) -> None:
        self.form.set_saving(False)
        text = error_text(error)
        if isinstance(error, Conflict):
            text = tr("Qualcun altro ha salvato questa bozza: riaprila dall'elenco, poi riprendi quanto hai scritto.")
        self.message.set_message("negative", text)
        self.message.show()

    def reload(self) -> None:
        """Nothing: what is typed stays."""

    # -- lookups
    def _find_customer(self, text: str, show: Callable[[Sequence[LookupChoice]], None]) -> None:
        def work(unit: Any) -> list[LookupChoice]:
            page = customers.list_customers(unit, ListQuery(search=text))
            return [LookupChoice(one.customer_id, one.name, f"{one.code} · {one.town}", one) for one in page.rows[:50]]

        self._background.run(self, work, then=show, key="customer")

    def _find_supplier(self, text: str, show: Callable[[Sequence[LookupChoice]], None]) -> None:
        def work(unit: Any) -> list[LookupChoice]:
            return [
                LookupChoice(one.party_id, one.name, f"{one.vat_number or one.tax_code or ''} · {one.town}", one)
                for one in queries.find_suppliers(unit, text)
            ]

        self._background.run(self, work, then=show, key="supplier")


def _credit_of(invoice: CreditableInvoice) -> DocumentDraft:
    return DocumentDraft(
        CREDIT_NOTE, max(local_today(), invoice.document_on), customer_id=invoice.customer_id, party_name=invoice.customer,
        payment_term_id=invoice.payment_term_id, compensates=invoice.open_amount > 0, lines=whole_lines(invoice),
        references=(DraftReference("invoice", invoice.number, invoice.document_on, invoice_id=invoice.invoice_id),),
    )  # fmt: skip
