"""Puts the bank's file where the person says."""

from __future__ import annotations

import pathlib

from PySide6.QtWidgets import QWidget

from cms_desktop.modules.bank_effects.records import BankFile
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("bank_effects")


def save_file(workplace: Workplace, owner: QWidget, file: BankFile) -> pathlib.Path | None:
    """Ask for a place and write; None when left. Raises OSError when the place cannot be written."""
    path = workplace.files.save_as(tr("Salva il file RiBa"), file.name, tr("File RiBa (*.txt)"))
    if path is None:
        return None
    path.write_bytes(file.content)
    workplace.say("positive", tr("File salvato"), str(path))
    return path
