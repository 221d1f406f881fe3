"""Commands of bank effects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cms_desktop.ui.commands import Command
from cms_desktop.ui.translation import translator

if TYPE_CHECKING:
    from cms_desktop.modules.bank_effects.dock import BankEffectsDock

tr = translator("bank_effects")
MODULE = "bank_effects"


def commands(dock: BankEffectsDock) -> list[Command]:
    """What can be done in the dock, with its keys."""
    return [
        Command(
            "bank_effects.present", tr("Nuova presentazione RiBa"), "plus", "F2", dock.start_presentation, "bank_effects.generate", MODULE
        ),
        Command("bank_effects.refresh", tr("Aggiorna"), "refresh-cw", "Ctrl+R", dock.refresh, "bank_effects.read", MODULE),
        Command(
            "bank_effects.save_file", tr("Salva di nuovo il file della distinta"), "download", "Ctrl+Shift+S", dock.save_file,
            "bank_effects.read", MODULE, dock.has_batch,
        ),
        Command(
            "bank_effects.make_file", tr("Crea il file della distinta"), "file-check", "F8", dock.make_file, "bank_effects.generate",
            MODULE, dock.has_batch,
        ),
        Command(
            "bank_effects.cancel", tr("Annulla la distinta"), "trash-2", "Ctrl+Del", dock.cancel_batch, "bank_effects.generate",
            MODULE, dock.has_batch,
        ),
    ]  # fmt: skip
