"""Asks why rows are left out of a run."""

from __future__ import annotations

from PySide6.QtCore import Signal

from cms_desktop.ui.basics import Elevated, boxed, button, column, label, row, rule
from cms_desktop.ui.fields import TextField
from cms_desktop.ui.translation import translator

tr = translator("billing")


class ReasonField(TextField):
    """The only field: Enter confirms instead of going on."""

    def enter_goes_on(self) -> bool:
        return False


class ExclusionDialog(Elevated):
    """`answered` carries the reason; the owner closes the overlay. Usual reasons are one key away."""

    answered = Signal(str)
    left = Signal()

    def __init__(self, count: int, customer: str) -> None:
        super().__init__(radius=12)
        what = customer if count == 1 else tr("{n} righe", n=count)
        self.reason = ReasonField(tr("Motivo"), required=True, longest=120)
        self.reason.editor.setObjectName("first-focus")
        usual = (tr("in contestazione"), tr("in attesa di ordine"), tr("prezzo da rivedere"))
        shortcuts = [button(words, "quiet", size="small") for words in usual]
        for words, one in zip(usual, shortcuts, strict=True):
            one.clicked.connect(lambda _checked=False, words=words: self.reason.set_value(words))
        self.confirm_button = button(tr("Escludi dal lancio"), "primary")
        cancel = button(tr("Annulla"), tip=tr("Annulla (Esc)"))
        self.confirm_button.clicked.connect(self._on_confirm)
        cancel.clicked.connect(self.left)
        head = column(
            label(tr("Escludere {what}?", what=what), "title"),
            label(tr("Resta fatturabile: la ritrovi nel prossimo lancio dello stesso periodo."), "body", "2", wrap=True),
            self.reason,
            row(*shortcuts, None, spacing=4),
            spacing=10,
            margins=(24, 20, 24, 18),
        )
        self.body.addLayout(column(head, rule(), boxed(row(None, cancel, self.confirm_button, margins=(24, 12, 24, 14))), spacing=0))
        self.setFixedWidth(520 + 2 * self.MARGIN)
        self.setAccessibleName(tr("Escludere {what}?", what=what))
        self.reason.editor.returnPressed.connect(self._on_confirm)  # type: ignore[attr-defined]  # a line edit

    def _on_confirm(self) -> None:
        text = str(self.reason.value()).strip()
        if text:
            self.answered.emit(text)
        else:
            self.reason.set_error(tr("Scrivi perché: chi controlla lo legge nel lancio."))
            self.reason.setFocus()
