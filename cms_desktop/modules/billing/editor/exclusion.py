"""Asks why rows are left out of a run."""

from __future__ import annotations

from cms_desktop.ui.feedback.reason import ReasonDialog
from cms_desktop.ui.translation import translator

tr = translator("billing")


class ExclusionDialog(ReasonDialog):
    """`answered` carries the reason; the owner closes the overlay."""

    def __init__(self, count: int, customer: str) -> None:
        what = customer if count == 1 else tr("{n} righe", n=count)
        super().__init__(
            tr("Escludere {what}?", what=what),
            tr("Resta fatturabile: la ritrovi nel prossimo lancio dello stesso periodo."),
            tr("Escludi dal lancio"),
            usual=(tr("in contestazione"), tr("in attesa di ordine"), tr("prezzo da rivedere")),
            missing=tr("Scrivi perché: chi controlla lo legge nel lancio."),
        )
