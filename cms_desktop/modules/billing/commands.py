"""The commands of billing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cms_desktop.ui.commands import Command
from cms_desktop.ui.translation import translator

if TYPE_CHECKING:
    from .dock import BillingDock

tr = translator("billing")


def book_commands(dock: BillingDock) -> list[Command]:
    """The tabs of the books, each found by its name."""

    def tab(key: str) -> Callable[[], None]:
        return lambda: dock.show_page_for("books", tab=key)

    return [
        Command("ledger.show_accounts", tr("Piano dei conti"), "list-tree", "", tab("accounts"), "ledger.read", "billing"),
        Command("ledger.show_rules", tr("Profili contabili"), "split", "", tab("rules"), "ledger.read", "billing"),
        Command("ledger.show_unposted", tr("Documenti da contabilizzare"), "book-check", "", tab("unposted"), "ledger.read", "billing"),
        Command("ledger.show_sheet", tr("Mastrini"), "notebook-text", "", tab("sheet"), "ledger.read", "billing"),
        Command("ledger.show_balance", tr("Bilancio di verifica"), "scale", "", tab("balance"), "ledger.read", "billing"),
        Command("ledger.show_exports", tr("Esporta per il commercialista"), "download", "", tab("exports"), "ledger.read", "billing"),
        Command("ledger.show_closing", tr("Chiudi il periodo, libro giornale"), "lock", "", tab("closing"), "ledger.read", "billing"),
    ]


def commands(dock: BillingDock) -> list[Command]:
    """What can be done in the billing dock, with its keys."""

    def page(key: str) -> None:
        dock.show_page_for(key)

    return [
        Command("billing.start_new", tr("Nuovo, secondo la pagina"), "plus", "F2", dock.start_new, "billing.read", "billing"),
        Command("billing.new_run", tr("Nuovo lancio"), "plus", "", dock.new_run, "billing.prepare", "billing"),
        Command("billing.new_document", tr("Nuovo documento"), "file-plus", "", dock.new_document, "billing.prepare", "billing"),
        Command(
            "billing.credit", tr("Nota di credito"), "undo-2", "Alt+N", dock.credit_invoice, "billing.prepare", "billing", dock.may_credit
        ),
        Command("billing.copy_document", tr("Duplica"), "copy", "", dock.copy_document, "billing.prepare", "billing", dock.may_copy),
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
            tr("Conferma il passo del lancio, l'incasso, il documento o la prestazione"),
            "check",
            "Ctrl+Return",
            dock.confirm,
            "",
            "billing",
            lambda: (
                dock.is_in_run() or dock.is_in_payment() or dock.is_in_document() or dock.is_in_entry() or dock.current_page() == "items"
            ),
        ),
        Command("billing.print", tr("Apri o salva i PDF"), "printer", "F9", dock.print_documents, "billing.read", "billing"),
        Command(
            "billing.back",
            tr("Torna all'elenco"),
            "arrow-left",
            "",
            dock.leave_run,
            "",
            "billing",
            lambda: dock.is_in_run() or dock.is_in_document(),
        ),
        Command("billing.show_runs", tr("Lanci di fatturazione"), "list", "", lambda: page("runs"), "billing.read", "billing"),
        Command(
            "billing.show_invoices", tr("Elenco delle fatture"), "receipt-euro", "", lambda: page("invoices"), "billing.read", "billing"
        ),
        Command(
            "billing.show_due", tr("Servizi ancora da fatturare"), "calendar-clock", "", lambda: page("due"), "billing.read", "billing"
        ),
        Command("billing.show_items", tr("Prestazioni da fatturare"), "clock", "", lambda: page("items"), "billing.read", "billing"),
        Command("billing.new_item", tr("Nuova prestazione"), "plus", "", dock.new_item, "billing.charge", "billing"),
        Command("billing.import_items", tr("Importa prestazioni"), "file-up", "", dock.import_items, "billing.charge", "billing"),
        Command("billing.show_open_items", tr("Scadenzario"), "calendar-days", "", lambda: page("open_items"), "ledger.read", "billing"),
        Command("billing.show_entries", tr("Prima nota"), "book-open", "", lambda: page("entries"), "ledger.read", "billing"),
        Command("ledger.new_entry", tr("Nuova registrazione"), "plus", "Alt+R", dock.new_entry, "ledger.post", "billing"),
        *book_commands(dock),
        Command("billing.show_registers", tr("Registri IVA"), "book-open", "", lambda: dock.show_vat(0), "ledger.read", "billing"),
        Command("billing.show_settlement", tr("Liquidazione IVA"), "percent", "", lambda: dock.show_vat(1), "ledger.read", "billing"),
        Command(
            "billing.show_stamp_duty", tr("Bollo virtuale per trimestre"), "stamp", "", lambda: dock.show_vat(2), "ledger.read", "billing"
        ),
    ]
