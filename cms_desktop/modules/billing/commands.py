"""The commands of billing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cms_desktop.ui.commands import Command
from cms_desktop.ui.translation import translator

if TYPE_CHECKING:
    from .dock import BillingDock

tr = translator("billing")


def commands(dock: BillingDock) -> list[Command]:
    """What can be done in the billing dock, with its keys."""

    def page(key: str) -> None:
        dock.show_page_for(key)

    return [
        Command("billing.start_new", tr("Nuovo, secondo la pagina"), "plus", "F2", dock.start_new, "billing.read", "billing"),
        Command("billing.new_run", tr("Nuovo lancio"), "plus", "", dock.new_run, "billing.prepare", "billing"),
        Command("ledger.new_payment", tr("Nuovo incasso"), "hand-coins", "Alt+I", dock.new_payment, "ledger.collect", "billing"),
        Command("ledger.read_statement", tr("Leggi un estratto conto"), "landmark", "", dock.read_statement, "ledger.collect", "billing"),
        Command("billing.read_receipts", tr("Leggi le ricevute dello SdI"), "inbox", "", dock.read_receipts, "billing.send", "billing"),
        Command(
            "billing.check_sending", tr("Controlla prima dell'invio"), "shield-check", "", dock.check_sending, "billing.send", "billing"
        ),
        Command("billing.send_now", tr("Invia ora"), "send", "", dock.send_now, "base.send", "billing"),
        Command("billing.read_mailbox", tr("Leggi la casella PEC"), "mail", "", dock.read_mailbox, "billing.send", "billing"),
        Command("billing.queue_copies", tr("Copie di cortesia"), "mail-plus", "", dock.queue_copies, "billing.send", "billing"),
        Command("billing.show_outbox", tr("Invii: posta in uscita"), "send", "", lambda: page("outbox"), "base.outbox", "billing"),
        Command("billing.show_to_send", tr("Documenti da inviare"), "list-checks", "", lambda: page("to_send"), "billing.read", "billing"),
        Command(
            "billing.confirm",
            tr("Conferma il passo del lancio o l'incasso"),
            "check",
            "Ctrl+Return",
            dock.confirm,
            "",
            "billing",
            lambda: dock.is_in_run() or dock.is_in_payment(),
        ),
        Command("billing.print", tr("Apri o salva i PDF"), "printer", "F9", dock.print_documents, "billing.read", "billing"),
        Command("billing.back", tr("Torna ai lanci"), "arrow-left", "", dock.leave_run, "", "billing", dock.is_in_run),
        Command("billing.show_runs", tr("Lanci di fatturazione"), "list", "", lambda: page("runs"), "billing.read", "billing"),
        Command(
            "billing.show_invoices", tr("Elenco delle fatture"), "receipt-euro", "", lambda: page("invoices"), "billing.read", "billing"
        ),
        Command(
            "billing.show_due", tr("Servizi ancora da fatturare"), "calendar-clock", "", lambda: page("due"), "billing.read", "billing"
        ),
        Command("billing.show_open_items", tr("Scadenzario"), "calendar-days", "", lambda: page("open_items"), "ledger.read", "billing"),
        Command("billing.show_entries", tr("Prima nota"), "book-open", "", lambda: page("entries"), "ledger.read", "billing"),
    ]
