"""The commands of the window itself: valid everywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from .commands import Command
from .module_dock import ModuleDock
from .places import next_pane
from .translation import translator

if TYPE_CHECKING:
    from .main_window import MainWindow

tr = translator("ui")


def window_commands(window: MainWindow, modules: Sequence[tuple[str, str, str]]) -> list[Command]:
    """`modules`: (name, title, icon) in the order of the rail."""

    def with_dock(act: Callable[[ModuleDock], object]) -> Callable[[], None]:
        def run() -> None:
            dock = window.current_dock()
            if dock is not None:
                act(dock)

        return run

    has_dock = lambda: window.current_dock() is not None
    commands = [
        Command("window.search", tr("Comandi e ricerca"), "search", "Ctrl+K", window.open_palette),
        Command("window.shortcuts", tr("Guida e tasti"), "keyboard", "F1", window.open_shortcut_table),
        Command("window.refresh", tr("Aggiorna"), "refresh-cw", "F5", with_dock(ModuleDock.refresh), enabled=has_dock),
        Command("window.pause", tr("Ferma o riprendi l'aggiornamento"), "pause", "Ctrl+Space", with_dock(ModuleDock.toggle_pause)),
        Command("window.full_screen", tr("Schermo intero"), "maximize", "F11", window.toggle_full_screen),
        Command("window.rail", tr("Barra dei moduli stretta o larga"), "panel-left", "Ctrl+B", window.toggle_rail),
        Command("window.next_dock", tr("Modulo aperto successivo"), "arrow-right", "Ctrl+Tab", window.next_dock),
        Command("window.previous_dock", tr("Modulo aperto precedente"), "arrow-left", "Ctrl+Shift+Tab", lambda: window.next_dock(-1)),
        Command(
            "window.back",
            tr("Torna dov'eri"),
            "arrow-left",
            "Alt+Left",
            window.history.back,
            enabled=lambda: window.history.can_go(-1) or has_dock(),
        ),
        Command(
            "window.forward",
            tr("Avanti di nuovo"),
            "arrow-right",
            "Alt+Right",
            window.history.forward,
            enabled=lambda: window.history.can_go(1),
        ),
        Command("window.next_pane", tr("Riquadro successivo"), "panels-top-left", "F6", with_dock(next_pane), enabled=has_dock),
        Command(
            "window.previous_pane",
            tr("Riquadro precedente"),
            "panels-top-left",
            "Shift+F6",
            with_dock(lambda dock: next_pane(dock, -1)),
            enabled=has_dock,
        ),
        Command(
            "window.float",
            tr("Stacca o riattacca il modulo"),
            "square-arrow-out-up-right",
            "Ctrl+Shift+F",
            with_dock(ModuleDock.toggle_floating),
            enabled=has_dock,
        ),
        Command("window.close_dock", tr("Chiudi il modulo"), "x", "Ctrl+F4", window.close_current, enabled=has_dock),
        Command("window.undo", tr("Annulla l'ultima azione"), "undo-2", "Ctrl+Z", window.toasts.act),
        Command("window.company", tr("Cambia azienda"), "building-2", "Ctrl+Shift+A", window.company_change_wanted.emit),
        Command("window.notifications", tr("Notifiche"), "bell", "Ctrl+Shift+N", window.notifications_wanted.emit),
        Command("window.settings", tr("Impostazioni"), "settings", "Ctrl+,", window.settings_wanted.emit),
        Command("window.password", tr("Cambia la password"), "key-round", "", window.password_change_wanted.emit),
        Command("window.lock", tr("Blocca lo schermo"), "lock", "Ctrl+Shift+L", window.lock_wanted.emit),
        Command("window.about", tr("Informazioni su CMS Desktop"), "info", "", window.open_about),
        Command("window.log_out", tr("Esci dall'utente"), "log-out", "", window.log_out_wanted.emit),
    ]
    for choice, words, icon_name in (
        ("light", tr("Aspetto chiaro"), "sun"),
        ("dark", tr("Aspetto scuro"), "moon"),
        ("system", tr("Aspetto come il sistema"), "sun-moon"),
    ):
        commands.append(Command(f"window.theme_{choice}", words, icon_name, "", partial(window.choose_theme, choice)))
    for number, (name, title, icon_name) in enumerate(modules, 1):
        keys = f"Ctrl+{number}" if number < 10 else ""
        commands.append(Command(f"window.open_{name}", title, icon_name, keys, partial(window.open_module, name)))
    return commands
