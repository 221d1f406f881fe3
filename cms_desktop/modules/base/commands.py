"""Commands of base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cms_desktop.ui.commands import Command
from cms_desktop.ui.translation import translator

if TYPE_CHECKING:
    from cms_desktop.modules.base.dock import BaseDock

tr = translator("base")
MODULE, ADMINISTER = "base", "base.administer"


def commands(dock: BaseDock) -> list[Command]:
    """What can be done in the dock, with its keys."""
    return [
        Command("base.new", tr("Nuovo record"), "plus", "F2", dock.start_new, ADMINISTER, MODULE),
        Command("base.new_person", tr("Nuova persona"), "user-plus", "Shift+F2", dock.new_person, ADMINISTER, MODULE),
        Command("base.rights", tr("Diritti delle persone"), "shield-check", "Ctrl+D", dock.show_rights, ADMINISTER, MODULE),
        Command(
            "base.reset_password", tr("Nuova password per la persona"), "key-round", "Ctrl+Shift+P", dock.reset_password, ADMINISTER, MODULE
        ),
        Command(
            "base.admit_person",
            tr("Ammetti un collega di un'altra azienda"),
            "users",
            "Ctrl+Shift+C",
            dock.admit_person,
            ADMINISTER,
            MODULE,
        ),
        Command("base.dismiss_person", tr("Togli da questa azienda"), "log-out", "Ctrl+Shift+T", dock.dismiss_person, ADMINISTER, MODULE),
        Command(
            "base.release_person", tr("Togli il blocco alla persona"), "lock-open", "Ctrl+Shift+B", dock.release_person, ADMINISTER, MODULE
        ),
        Command(
            "base.require_change",
            tr("Fai cambiare la password al prossimo accesso"),
            "refresh-cw",
            "",
            dock.require_change,
            ADMINISTER,
            MODULE,
        ),
        Command("base.open_sessions", tr("Sessioni aperte"), "monitor", "Ctrl+Shift+S", lambda: dock.show_page("open"), ADMINISTER, MODULE),
        Command("base.close_session", tr("Chiudi la sessione"), "log-out", "Ctrl+Shift+X", dock.close_session, ADMINISTER, MODULE),
        Command("base.security", tr("Regole di sicurezza"), "shield-check", "", lambda: dock.show_page("security"), ADMINISTER, MODULE),
        Command("base.audit", tr("Registro modifiche"), "history", "Ctrl+Shift+R", dock.show_audit, "base.audit", MODULE),
        Command("base.history", tr("Storico del record"), "history", "Ctrl+Shift+H", dock.show_history, "base.read", MODULE),
        Command("base.check_books", tr("Controlla i libri adesso"), "list-checks", "Ctrl+Shift+K", dock.check_books, ADMINISTER, MODULE),
        Command(
            "base.parameters",
            tr("Parametri"),
            "sliders-horizontal",
            "",
            lambda: dock.show_page_for("tables", tab="parameters"),
            "base.read",
            MODULE,
        ),
        Command(
            "base.calendar",
            tr("Calendario delle festività"),
            "calendar-days",
            "",
            lambda: dock.show_page_for("tables", tab="calendar"),
            "base.read",
            MODULE,
        ),
        Command(
            "base.letters", tr("Testi delle lettere"), "mail", "", lambda: dock.show_page_for("tables", tab="letters"), "base.read", MODULE
        ),
        Command("base.refresh", tr("Aggiorna"), "refresh-cw", "Ctrl+R", dock.refresh, "base.read", MODULE),
    ]
