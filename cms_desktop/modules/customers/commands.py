"""What can be done in Gestione Clienti, and by which key."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cms_desktop.ui.commands import Command
from cms_desktop.ui.translation import translator

if TYPE_CHECKING:
    from cms_desktop.modules.customers.dock import CustomersDock

tr = translator("customers")


def commands(open_dock: Callable[[], CustomersDock]) -> list[Command]:
    """`open_dock` gives the dock, opening it when it is not there yet. Save, search, columns and paging keys belong to the pages."""
    name = "customers"
    return [
        Command("customers.new", tr("Nuovo cliente"), "plus", "F2", lambda: open_dock().new_customer(), "customers.write", name),
        Command("customers.new_contract", tr("Nuovo contratto"), "file-plus", "Shift+F2", lambda: open_dock().new_contract(), "customers.write", name),
        Command("customers.new_site", tr("Nuova sede"), "map-pin", "", lambda: open_dock().new_record("sites"), "customers.write", name),
        Command("customers.new_mandate", tr("Nuovo mandato SDD"), "landmark", "", lambda: open_dock().new_record("mandates"), "customers.write", name),
        Command("customers.new_letter", tr("Nuova dichiarazione d'intento"), "file-badge", "", lambda: open_dock().new_record("letters"), "customers.write", name),
        Command("customers.new_appointment", tr("Nuovo incarico a produttore o esattore"), "handshake", "", lambda: open_dock().new_record("people"), "customers.write", name),
        Command("customers.new_note", tr("Nuova nota o attività sul cliente"), "message-square-plus", "", lambda: open_dock().new_note(), "registry.note", name),
        Command("customers.attach", tr("Allega documenti al cliente"), "paperclip", "", lambda: open_dock().attach(), "registry.attach", name),
        Command("customers.notes", tr("Note del cliente"), "message-square", "", lambda: open_dock().show_tab("notes"), "registry.read", name),
        Command("customers.documents", tr("Documenti del cliente"), "paperclip", "", lambda: open_dock().show_tab("documents"), "registry.read", name),
        Command("customers.overview", tr("Panoramica del cliente"), "layout-panel-left", "", lambda: open_dock().show_tab("overview"), "customers.read", name),
        Command("customers.life", tr("Storia del cliente"), "history", "", lambda: open_dock().show_tab("life"), "customers.read", name),
        Command("customers.history", tr("Storico delle modifiche del cliente"), "history", "Ctrl+Shift+H", lambda: open_dock().show_history(), "customers.read", name),
        Command("customers.import", tr("Importa clienti da Excel o CSV"), "file-up", "Ctrl+I", lambda: open_dock().start_import(), "customers.import", name),
        Command("customers.export", tr("Esporta clienti o contratti in Excel"), "download", "", lambda: open_dock().export(), "customers.read", name),
        Command("customers.dashboard", tr("Cruscotto clienti"), "layout-dashboard", "", lambda: open_dock().show_page("dashboard"), "customers.read", name),
        Command("customers.list", tr("Elenco clienti"), "building-2", "", lambda: open_dock().show_page("customers"), "customers.read", name),
        Command("customers.sites", tr("Elenco sedi"), "map-pin", "", lambda: open_dock().show_page("sites"), "customers.read", name),
        Command("customers.plants", tr("Elenco impianti"), "cctv", "", lambda: open_dock().show_page("plants"), "customers.read", name),
        Command("customers.contracts", tr("Elenco contratti"), "file-text", "", lambda: open_dock().show_page("contracts"), "customers.read", name),
        Command("customers.deadlines", tr("Scadenze dei contratti"), "calendar-clock", "", lambda: open_dock().show_page("deadlines"), "customers.read", name),
        Command("customers.prices", tr("Variazioni di prezzo"), "percent", "", lambda: open_dock().show_prices("runs"), "customers.read", name),
        Command("customers.new_price_run", tr("Nuova variazione di prezzi"), "percent", "Ctrl+Shift+P", lambda: open_dock().new_price_run(), "customers.reprice", name),
        Command("customers.new_index_run", tr("Adeguamento ISTAT dei contratti"), "trending-up", "Ctrl+Shift+I", lambda: open_dock().new_price_run("indexation"), "customers.reprice", name),
        Command("customers.service_types", tr("Tipi di servizio e listino"), "tags", "", lambda: open_dock().show_prices("types"), "customers.read", name),
        Command("customers.price_index", tr("Indice ISTAT"), "chart-line", "", lambda: open_dock().show_prices("index"), "customers.read", name),
        Command("customers.checks", tr("Incoerenze di sedi e contratti"), "shield-alert", "", lambda: open_dock().show_page("checks"), "customers.read", name),
        Command("customers.confirm", tr("Conferma la variazione di prezzi"), "check", "Ctrl+Return", lambda: open_dock().confirm(), "customers.reprice", name),
    ]  # fmt: skip
