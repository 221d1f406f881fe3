"""What can be done in Anagrafica e Rubrica, and by which key."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cms_desktop.ui.commands import Command
from cms_desktop.ui.translation import translator

if TYPE_CHECKING:
    from cms_desktop.modules.registry.dock import RegistryDock

tr = translator("registry")


def commands(open_dock: Callable[[], RegistryDock]) -> list[Command]:
    """`open_dock` gives the dock, opening it when it is not there yet. Save, search, columns and paging keys belong to the pages."""
    name = "registry"
    read, write, merge = "registry.read", "registry.write", "registry.merge"
    return [
        Command("registry.new", tr("Nuova anagrafica"), "plus", "F2", lambda: open_dock().new_party(), write, name),
        Command("registry.new_contact", tr("Nuova persona nella rubrica"), "user-round-plus", "Shift+F2", lambda: open_dock().new_contact(), write, name),
        Command("registry.new_note", tr("Nuova nota o attività sull'anagrafica"), "message-square-plus", "", lambda: open_dock().new_note(), "registry.note", name),
        Command("registry.attach", tr("Allega documenti all'anagrafica"), "paperclip", "", lambda: open_dock().attach(), "registry.attach", name),
        Command("registry.notes", tr("Note dell'anagrafica"), "message-square", "", lambda: open_dock().show_tab("notes"), read, name),
        Command("registry.documents", tr("Documenti dell'anagrafica"), "paperclip", "", lambda: open_dock().show_tab("documents"), read, name),
        Command("registry.tasks", tr("Le mie attività"), "square-check", "", lambda: open_dock().show_my_tasks(), read, name),
        Command("registry.given_tasks", tr("Attività che ho affidato"), "forward", "", lambda: open_dock().show_my_tasks(given=True), read, name),
        Command("registry.merge", tr("Unisci due anagrafiche"), "git-merge", "Ctrl+Shift+U", lambda: open_dock().merge(), merge, name),
        Command("registry.look_for_twins", tr("Cerca doppioni in tutte le anagrafiche"), "scan-search", "", lambda: open_dock().look_for_twins(), merge, name),
        Command("registry.extract", tr("Estrai per una comunicazione"), "list-filter", "Ctrl+Shift+E", lambda: open_dock().extract(), read, name),
        Command("registry.export", tr("Esporta anagrafiche o rubrica in Excel"), "download", "", lambda: open_dock().export(), read, name),
        Command("registry.dashboard", tr("Cruscotto anagrafica"), "layout-dashboard", "", lambda: open_dock().show_page("dashboard"), read, name),
        Command("registry.parties", tr("Elenco anagrafiche"), "book-user", "", lambda: open_dock().show_page("parties"), read, name),
        Command("registry.contacts", tr("Rubrica"), "users-round", "", lambda: open_dock().show_page("contacts"), read, name),
        Command("registry.twins", tr("Doppioni e unioni"), "git-merge", "", lambda: open_dock().show_page("twins"), read, name),
        Command("registry.classes", tr("Campi di classificazione"), "tags", "", lambda: open_dock().show_page("classes"), read, name),
        Command("registry.costs", tr("Costi orari delle persone"), "clock", "", lambda: open_dock().show_page("costs"), "registry.costs", name),
    ]  # fmt: skip
