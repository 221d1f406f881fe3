"""The receipts of the exchange system: read from a folder, each beside what it says and what can be done about it."""

from __future__ import annotations

import pathlib
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError, Cancelled
from cms_desktop.modules.billing import actions, queries
from cms_desktop.modules.billing.columns.receipts import receipt_columns
from cms_desktop.modules.billing.columns.words import file_states, message_kinds
from cms_desktop.modules.billing.records import FilesMade
from cms_desktop.modules.billing.sdi import exchange
from cms_desktop.modules.billing.sdi.records import ReceiptRow, SdiError
from cms_desktop.ui.basics import ElidedLabel, button, column, label, row, rule
from cms_desktop.ui.cards import CheckRow
from cms_desktop.ui.chips import StatusChip
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.record_table import Noun
from cms_desktop.ui.saved_views import SavedView
from cms_desktop.ui.translation import one_or_many, translator
from cms_desktop.ui.workplace import Workplace

from .jobs import LongJob
from .lists import list_page

tr = translator("billing")
WIDTH = 440


def receipts_list(workplace: Workplace, read: Callable[[], None]) -> ListPage:
    text = tr("Le ricevute che lo SdI manda nella cartella dell'intermediario si leggono con «Leggi le ricevute».")

    def empty() -> QWidget:
        start = button(tr("Leggi le ricevute"), "primary", "inbox", tip=tr("Leggi le ricevute dello SdI da una cartella"))
        start.setEnabled(workplace.may("billing.send"))
        start.clicked.connect(read)
        return EmptyState("inbox", tr("Nessuna ricevuta"), text, start)

    return list_page(
        workplace, receipt_columns(), queries.list_receipts, queries.sum_receipts, "receipts", lambda one: one.message_id,
        Noun(tr("ricevuta"), tr("ricevute"), feminine=True), empty,
        views=[
            SavedView(tr("Tutte")), SavedView(tr("Scarti"), queries.REFUSALS), SavedView(tr("Mancate consegne"), queries.UNDELIVERED),
            SavedView(tr("Di nessun file"), queries.UNMATCHED),
        ],
        tables={"billing.sdi_message", "billing.transmission"}, search=True, filter_names={"invoice_id": tr("Fattura")},
    )  # fmt: skip


class ReceiptDetail(QFrame):
    """The chosen receipt: what it says in words, its errors, the way to mend and send again."""

    invoice_wanted = Signal(int)
    mend_wanted = Signal(int)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.setFixedWidth(WIDTH)
        self._may_issue = workplace.may("billing.issue")
        self.row: ReceiptRow | None = None
        self.kind_chip, self.state_chip = StatusChip("", "neutral"), StatusChip("", "neutral")
        self.title, self.file = ElidedLabel("", "title"), ElidedLabel("", "small", "2")
        self.facts = label("", "small", "2", wrap=True)
        self.message = InlineMessage("info", "")
        self.open_button = button(tr("Apri la fattura"), "", "receipt-euro")
        self.mend_button = button(
            tr("Aggiorna i dati e rifai il file"),
            "primary",
            "file-code",
            tip=tr("Prende i dati del cliente come sono ora; numero e data restano"),
        )
        self.open_button.clicked.connect(lambda: self._emit(self.invoice_wanted))
        self.mend_button.clicked.connect(lambda: self._emit(self.mend_wanted))
        self._errors = QVBoxLayout()
        self._errors.setContentsMargins(0, 0, 0, 0)
        self._errors.setSpacing(0)
        shown, title = QWidget(), row(self.title, self.kind_chip, spacing=8)
        title.setStretchFactor(self.title, 1)
        head = column(
            title, self.file, self.facts, self.message,
            row(self.mend_button, self.open_button, None, spacing=6), spacing=8, margins=(16, 12, 16, 12),
        )  # fmt: skip
        shown.setLayout(
            column(
                head,
                rule(),
                self._errors,
                None,
                row(label(tr("Il file ora è"), "small", "2"), self.state_chip, None, margins=(16, 8, 16, 12)),
                spacing=0,
                margins=(1, 1, 1, 1),
            )
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(EmptyState("inbox", tr("Nessuna ricevuta scelta"), tr("Scegli una riga per leggerla.")))
        self.stack.addWidget(shown)
        self.setLayout(column(self.stack))

    def _emit(self, signal: Any) -> None:
        if self.row is not None and self.row.invoice_id is not None:
            signal.emit(self.row.invoice_id)

    def show_row(self, chosen: ReceiptRow | None) -> None:
        self.row = chosen
        self.stack.setCurrentIndex(0 if chosen is None else 1)
        if chosen is None:
            return
        words, tone = message_kinds()[chosen.kind] if chosen.kind != "NE" else file_states()[chosen.state]
        self.kind_chip.set_state(words, tone)
        self.title.setText(f"{chosen.number} · {chosen.customer}" if chosen.is_matched else tr("Nessun file nostro"))
        self.file.setText(chosen.about_file)
        self.facts.setText(self._facts(chosen))
        self._show_message(chosen)
        self.open_button.setVisible(chosen.invoice_id is not None)
        self.mend_button.setVisible(chosen.file_state == "rejected" and self._may_issue)
        state = file_states()[chosen.file_state] if chosen.file_state else (tr("Nessun file nostro"), "warning")
        self.state_chip.set_state(*state)
        self._show_errors(chosen.errors)

    @staticmethod
    def _facts(chosen: ReceiptRow) -> str:
        facts = []
        if chosen.received_at:
            facts.append(tr("Ricevuta dallo SdI il {when}", when=_when(chosen.received_at)))
        if chosen.delivered_at:
            facts.append(tr("consegnata il {when}", when=_when(chosen.delivered_at)))
        if chosen.sdi_identifier:
            facts.append(tr("identificativo {code}", code=chosen.sdi_identifier))
        if chosen.recipient_code:
            facts.append(tr("a {code}", code=chosen.recipient_code))
        return " · ".join(facts)

    def _show_message(self, chosen: ReceiptRow) -> None:
        """What it means for the company, in a sentence."""
        words = {
            "NS": ("negative", tr("La fattura non risulta emessa: va corretta e rimandata entro cinque giorni, con lo stesso numero e la stessa data.")),
            "MC": ("warning", tr("Il cliente non l'ha ricevuta: la trova nella sua area riservata. Avvisalo e mandagli una copia.")),
            "DT": ("info", tr("L'ente non ha risposto nei termini: la fattura vale come accettata.")),
            "AT": ("warning", tr("Lo SdI non è riuscito a consegnarla all'ente: l'attestazione vale come prova dell'invio.")),
        }  # fmt: skip
        tone, text = words.get(chosen.kind, ("", chosen.note))
        if chosen.kind == "NE" and chosen.state == "refused":
            tone, text = "negative", tr("L'ente l'ha rifiutata: {why}", why=chosen.note or tr("senza motivo"))
        if not chosen.is_matched:
            tone, text = (
                "warning",
                tr(
                    "Nessun file inviato da questa azienda ha questo nome: forse è di un'altra azienda. Quando il file c'è, rileggi la ricevuta."
                ),
            )
        self.message.setVisible(bool(text))
        if text:
            self.message.set_message(tone or "info", text)

    def _show_errors(self, errors: tuple[SdiError, ...]) -> None:
        while self._errors.count():
            item = self._errors.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        for place, one in enumerate(errors):
            line = CheckRow("circle-alert", "negative", f"{one.code} {one.text}".strip(), one.advice, last=place == len(errors) - 1)
            self._errors.addWidget(line)


def _when(moment: Any) -> str:
    local = moment.astimezone()
    return f"{formats.date(local.date())} {local:%H:%M}"


class ReceiptWork:
    """Reads folders and sends mended invoices again, for a page."""

    def __init__(self, page: QWidget, workplace: Workplace, reload: Callable[[], None]) -> None:
        self._page, self._workplace, self._reload = page, workplace, reload
        self.job: LongJob | None = None

    def read(self) -> None:
        """Ask for the folder, read it, put what was read aside."""
        chosen = self._workplace.files.folder(tr("Cartella delle ricevute dello SdI"))
        if chosen is not None:
            self.read_folder(chosen)

    def read_folder(self, folder: pathlib.Path) -> None:
        self.job = LongJob(
            self._page, self._workplace.background, tr("Lettura delle ricevute"), {"read": tr("Lettura")},
            left_behind=tr("Se annulli, non resta nulla"), cancel=tr("Annulla"), uncounted=True,
        )  # fmt: skip
        self.job.run(
            lambda unit, stop: exchange.read_folder(unit, folder, should_stop=stop),
            then=lambda received: self._on_read(folder, received),
            failed=self._on_failed,
        )

    def _on_read(self, folder: pathlib.Path, received: exchange.Received) -> None:
        self.job = None
        exchange.put_aside(folder, received)
        parts = [one_or_many(received.new, tr("1 ricevuta nuova"), tr("{n} ricevute nuove", n=formats.number(received.new)))]
        if received.known:
            parts.append(one_or_many(received.known, tr("1 già letta"), tr("{n} già lette", n=formats.number(received.known))))
        if received.unmatched:
            parts.append(
                one_or_many(received.unmatched, tr("1 di nessun file"), tr("{n} di nessun file", n=formats.number(received.unmatched)))
            )
        if received.not_read:
            first = received.not_read[0]
            parts.append(tr("{name} non letto: {why}", name=first.name, why=error_text(first.reason)))
            if len(received.not_read) > 1:
                others = len(received.not_read) - 1
                parts.append(one_or_many(others, tr("un altro file non letto"), tr("altri {n} file non letti", n=formats.number(others))))
        tone = "warning" if received.not_read or received.unmatched else "positive"
        self._workplace.say(tone, parts[0], "; ".join(parts[1:]))
        self._reload()

    def mend(self, invoice_id: int) -> None:
        """The buyer's data of today, a new file with a new name, ready to be sent."""

        def work(unit: Any) -> FilesMade:
            exchange.mend_buyer(unit, invoice_id)
            return actions.make_files(unit, 0, [invoice_id])

        self._workplace.background.run(self._page, work, then=self._on_mended, failed=self._on_failed)

    def _on_mended(self, made: FilesMade) -> None:
        if made.failures:
            first = made.failures[0]
            self._workplace.say("negative", f"{first.code} {translator('errors')(first.text, **first.values)}".strip())
        else:
            self._workplace.say("positive", tr("Il nuovo file è pronto: mandalo con gli altri."))
        self._reload()

    def _on_failed(self, error: AppError) -> None:
        self.job = None
        if not isinstance(error, Cancelled):
            self._workplace.say("negative", error_text(error))
