"""Invii: what waits to leave, what left, what did not and what can be done about it."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QStackedWidget, QWidget

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError
from cms_desktop.core.listing import ListQuery
from cms_desktop.modules.base.mail import actions, queries
from cms_desktop.modules.base.mail.records import OutboxFigures, OutboxRow
from cms_desktop.modules.billing.columns.outbox import outbox_columns
from cms_desktop.modules.billing.columns.words import outbox_kinds, outbox_states
from cms_desktop.ui.basics import ElidedLabel, boxed, button, column, label, row, rule
from cms_desktop.ui.chips import StatusChip
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage, ask
from cms_desktop.ui.filter_tiles import FilterTile, FilterTiles
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.record_table import Noun
from cms_desktop.ui.saved_views import SavedView
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

from .lists import list_page

tr = translator("billing")
WIDTH = 420
FILTERS = {"waiting": queries.WAITING, "failed": queries.FAILED, "uncertain": queries.UNCERTAIN, "sent": queries.SENT}


def outbox_list(workplace: Workplace, send: Callable[[], None]) -> ListPage:
    def empty() -> QWidget:
        start = workplace.commands.button("billing.check_sending", "primary")
        words = tr("I file per lo SdI e le copie di cortesia passano da qui. Comincia dal controllo di che cosa può partire.")
        return EmptyState("send", tr("Niente in uscita"), words, start)

    return list_page(
        workplace, outbox_columns(), queries.list_outbox, queries.sum_outbox, "outbox", lambda one: one.message_id,
        Noun(tr("messaggio"), tr("messaggi")), empty,
        views=[SavedView(tr("Tutti")), SavedView(tr("Da guardare"), queries.TO_DO), SavedView(tr("In attesa"), queries.WAITING),
               SavedView(tr("Inviati"), queries.SENT)],
        tables={"base.outbox_message"}, search=True, filter_names={"source_id": tr("Documento")},
    )  # fmt: skip


class OutboxPage(QWidget):
    """Tiles, the list, and beside it the chosen message."""

    loaded = Signal()

    def __init__(self, workplace: Workplace, page: ListPage, detail: OutboxDetail) -> None:
        super().__init__()
        self._workplace, self.page, self.detail, self.tables = workplace, page, detail, page.tables
        self._wanted: int | None = None
        self.tiles = FilterTiles((
            FilterTile("waiting", tr("In attesa"), "clock", "neutral"),
            FilterTile("failed", tr("Non riusciti"), "mail-x", "negative"),
            FilterTile("uncertain", tr("Incerti"), "circle-help", "warning"),
            FilterTile("sent", tr("Inviati oggi"), "mail-check", "positive"),
        ))  # fmt: skip
        self.tiles.chosen.connect(lambda mark: page.set_query(FILTERS.get(mark, ListQuery())))
        card = boxed(column(page, margins=(1, 1, 1, 1)), card="true")
        body = row(card, detail, spacing=12)
        body.setStretchFactor(card, 1)
        layout = column(self.tiles, body, spacing=12, margins=(16, 12, 16, 16))
        layout.setStretchFactor(body, 1)
        self.setLayout(layout)
        self.setFocusProxy(page)
        page.loaded.connect(self._on_loaded)
        page.selection_changed.connect(detail.show_rows)
        page.query_changed.connect(self._on_query)
        detail.changed.connect(self.reload)

    def reload(self) -> None:
        self._workplace.background.run(self, self._figures, then=self._show_figures, failed=lambda _error: None, key="figures")
        self.page.reload()

    def _figures(self, unit: Any) -> OutboxFigures:
        if self._workplace.may("base.send"):
            actions.settle_leases(unit)  # what a sender that died had in its hands shows as what it is
        return queries.find_figures(unit)

    def _show_figures(self, found: OutboxFigures) -> None:
        held = tr("{n} sospesi", n=formats.number(found.held)) if found.held else ""
        self.tiles.tiles["waiting"].set_figures(formats.number(found.queued + found.held), held)
        self.tiles.tiles["failed"].set_figures(formats.number(found.failed), tr("da correggere") if found.failed else "")
        self.tiles.tiles["uncertain"].set_figures(formats.number(found.uncertain), tr("da decidere") if found.uncertain else "")
        self.tiles.tiles["sent"].set_figures(formats.number(found.sent_today), "")

    def _on_query(self, query: ListQuery) -> None:
        self.tiles.show_chosen(next((mark for mark, one in FILTERS.items() if one.filters == query.filters), ""))

    def show_record(self, record: int) -> None:
        self._wanted = record

    def _on_loaded(self) -> None:
        if self._wanted is not None:
            self.page.select(self._wanted)
            self._wanted = None
        self.loaded.emit()


class OutboxDetail(QFrame):
    """The chosen message or messages: where they stand, why, what can be done."""

    changed = Signal()
    invoice_wanted = Signal(int)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.setFixedWidth(WIDTH)
        self._workplace = workplace
        self.rows: list[OutboxRow] = []
        self.chip, self.title = StatusChip("", "neutral"), ElidedLabel("", "title")
        self.to, self.facts = ElidedLabel("", "small", "2"), label("", "small", "2", wrap=True)
        self.message = InlineMessage("info", "")
        self.body = QPlainTextEdit()
        self.body.setReadOnly(True)
        self.body.setFrameShape(QFrame.Shape.NoFrame)
        self.body.setAccessibleName(tr("Testo del messaggio"))
        self.buttons = {
            "retry": button(tr("Riprova ora"), "primary", "refresh-cw", tip=tr("Rimette il messaggio in coda: parte al prossimo invio")),
            "was_sent": button(tr("Risulta inviato"), "", "mail-check", tip=tr("Nella posta inviata c'è, o il destinatario l'ha ricevuto")),
            "release": button(tr("Rimetti in coda"), "primary", "play"),
            "hold": button(tr("Sospendi"), "", "pause", tip=tr("Resta qui finché non lo rimetti in coda")),
            "resend": button(tr("Manda di nuovo"), "", "send", tip=tr("Una seconda copia allo stesso indirizzo")),
            "cancel": button(tr("Annulla l'invio"), "quiet", "ban", tip=tr("Non parte più; un file per lo SdI torna pronto")),
        }
        for verb, one in self.buttons.items():
            one.clicked.connect(lambda _checked=False, verb=verb: self.decide(verb))
        self.file_button = button(tr("Apri l'allegato"), "quiet", "paperclip")
        self.invoice_button = button(tr("Apri la fattura"), "quiet", "receipt-euro")
        self.file_button.clicked.connect(self.open_attachment)
        self.invoice_button.clicked.connect(self._on_invoice)
        shown, head = QWidget(), row(self.title, self.chip, spacing=8)
        head.setStretchFactor(self.title, 1)
        decisions = [self.buttons[verb] for verb in ("retry", "release", "hold", "was_sent", "resend")]
        top = column(
            head, self.to, self.facts, self.message, row(*decisions, None, spacing=6),
            row(self.buttons["cancel"], self.file_button, self.invoice_button, None, spacing=6), spacing=8, margins=(16, 12, 16, 12),
        )  # fmt: skip
        layout = column(top, rule(), self.body, spacing=0, margins=(1, 1, 1, 1))
        layout.setStretchFactor(self.body, 1)
        shown.setLayout(layout)
        self.stack = QStackedWidget()
        self.stack.addWidget(
            EmptyState("send", tr("Nessun messaggio scelto"), tr("Scegli una riga per vedere dove si trova e che cosa fare."))
        )
        self.stack.addWidget(shown)
        self.setLayout(column(self.stack))

    # -- showing
    def show_rows(self, chosen: Sequence[OutboxRow]) -> None:
        self.rows = list(chosen)
        self.stack.setCurrentIndex(1 if chosen else 0)
        if not chosen:
            return
        first, many = self.rows[0], len(self.rows) > 1
        states = {one.state for one in self.rows}
        words, tone = outbox_states()[first.state] if len(states) == 1 else (tr("Stati diversi"), "neutral")
        self.chip.set_state(words, tone)
        self.title.setText(tr("{n} messaggi", n=formats.number(len(self.rows))) if many else first.subject)
        self.to.setText("" if many else f"{first.recipient_name} · {first.recipient}".strip(" ·"))
        self.facts.setText("" if many else _facts(first))
        self._show_message(None if many else first)
        self._show_buttons(states)
        self.file_button.setVisible(not many)
        self.invoice_button.setVisible(not many and first.source_table == "billing.invoice")
        self.body.setPlainText("")
        if not many:
            work = lambda unit: queries.find_body(unit, first.message_id)
            self._workplace.background.run(self, work, then=self.body.setPlainText, failed=lambda _error: None, key="body")

    def _show_buttons(self, states: set[str]) -> None:
        may = self._workplace.may("base.send")
        wanted = {
            "retry": states & {"failed", "uncertain", "queued"}, "was_sent": states & {"uncertain"}, "release": states & {"held"},
            "hold": states & {"queued", "failed"}, "cancel": states & {"queued", "held", "failed", "uncertain"},
            "resend": states == {"sent"} and len(self.rows) == 1 and self.rows[0].kind != "billing.pec",
        }  # fmt: skip
        for verb, one in self.buttons.items():
            one.setVisible(may and bool(wanted[verb]))

    def _show_message(self, chosen: OutboxRow | None) -> None:
        """What it means and what to do, in a sentence; the words of the server after it."""
        tone, text = "", ""
        if chosen is not None:
            tone, text = _advice(chosen)
        self.message.setVisible(bool(text))
        if text and chosen is not None:
            said = f"<br>{tr('Il server dice')}: {html.escape(chosen.reply)}" if chosen.reply and chosen.state != "sent" else ""
            self.message.set_message(tone, text + said)

    # -- doing
    def decide(self, verb: str) -> None:
        """What the person decides about the chosen messages."""
        ids = [one.message_id for one in self.rows]
        if verb == "retry" and any(one.state == "uncertain" for one in self.rows) and not self._is_sure():
            return
        if verb == "resend":
            work: Callable[[Any], Any] = lambda unit: actions.resend_message(unit, ids[0])
        else:
            work = lambda unit: actions.decide_messages(unit, ids, verb)  # type: ignore[arg-type]
        self._workplace.background.run(self, work, then=lambda _count: self.changed.emit(), failed=self._on_failed, key="decide")

    def _is_sure(self) -> bool:
        words = tr(
            "Il messaggio forse è già partito: guarda prima nella posta inviata della casella. Se riparte, il destinatario può riceverlo due volte."
        )
        if any(one.kind == "billing.pec" for one in self.rows):
            words += " " + tr("Lo SdI scarta un file che ha già ricevuto con lo stesso nome.")
        return ask(self, tr("Mandare di nuovo un messaggio incerto?"), words, tr("Manda di nuovo"), "warning")

    def open_attachment(self) -> None:
        """Save the first document where the person says, and show it."""
        message = self.rows[0].message_id
        self._workplace.background.run(
            self, lambda unit: queries.find_attachments(unit, message), then=self._save_attachments, failed=self._on_failed, key="file"
        )

    def _save_attachments(self, found: Sequence[Any]) -> None:
        if not found:
            self._workplace.say("info", tr("Il messaggio non ha allegati"))
            return
        path = self._workplace.files.save_as(tr("Salva l'allegato"), found[0].name)
        if path is not None:
            path.write_bytes(found[0].content)
            self._workplace.files.show(path)

    def _on_invoice(self) -> None:
        if self.rows and self.rows[0].source_table == "billing.invoice":
            self.invoice_wanted.emit(self.rows[0].source_id)

    def _on_failed(self, error: AppError) -> None:
        self._workplace.say("negative", error_text(error))
        self.changed.emit()


def _when(moment: Any) -> str:
    local = moment.astimezone()
    return f"{formats.date(local.date())} {local:%H:%M}"


def _facts(one: OutboxRow) -> str:
    facts = [outbox_kinds().get(one.kind, one.kind), tr("in coda dal {when}", when=_when(one.created_at))]
    if one.attempts:
        facts.append(tr("1 tentativo") if one.attempts == 1 else tr("{n} tentativi", n=one.attempts))
    if one.state == "queued" and one.attempts:
        facts.append(tr("prossimo {when}", when=_when(one.next_attempt_at)))
    if one.sent_at:
        facts.append(tr("inviato il {when}", when=_when(one.sent_at)))
    if one.accepted_at:
        facts.append(tr("accettato dal gestore il {when}", when=_when(one.accepted_at)))
    if one.delivered_at:
        facts.append(tr("consegnato il {when}", when=_when(one.delivered_at)))
    if one.copy_number > 1:
        facts.append(tr("copia {n}", n=one.copy_number))
    return " · ".join(facts)


def _advice(one: OutboxRow) -> tuple[str, str]:
    if one.state == "failed":
        return "negative", tr("Non è arrivato. Correggi l'indirizzo nella scheda del cliente e annulla questo invio, oppure riprova.")
    if one.state == "uncertain":
        return "warning", tr(
            "Non si sa se sia partito: il collegamento è caduto dopo la consegna al server. Guarda nella posta inviata della casella, poi scegli."
        )
    if one.state == "held":
        return "neutral", tr("Sospeso: non parte finché non lo rimetti in coda.")
    if one.state == "queued" and one.attempts:
        return "info", tr("Il server non l'ha preso per ora: si riprova da sé, con pause sempre più lunghe.")
    return "", ""
