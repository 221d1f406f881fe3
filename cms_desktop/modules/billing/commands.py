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
        Command("billing.show_registers", tr("Registri IVA"), "book-open", "", lambda: dock.show_vat(0), "ledger.read", "billing"),
        Command("billing.show_settlement", tr("Liquidazione IVA"), "percent", "", lambda: dock.show_vat(1), "ledger.read", "billing"),
        Command(
            "billing.show_stamp_duty", tr("Bollo virtuale per trimestre"), "stamp", "", lambda: dock.show_vat(2), "ledger.read", "billing"
        ),
    ]
