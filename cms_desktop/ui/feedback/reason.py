"""Asks for a reason before something is done; usual ones are one key away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal

from ..basics import Elevated, boxed, button, column, label, row, rule
from ..fields import TextField
from ..translation import translator

tr = translator("ui")


class ReasonField(TextField):
    """The only field: Enter confirms instead of going on."""

    def enter_goes_on(self) -> bool:
        return False


class ReasonDialog(Elevated):
    """`answered` carries the reason; the owner closes the overlay. `missing` is said when it is empty."""

    answered = Signal(str)
    left = Signal()

    def __init__(self, title: str, text: str, confirm: str, *, usual: Sequence[str] = (), missing: str) -> None:
        super().__init__(radius=12)
        self._missing = missing
        self.reason = ReasonField(tr("Motivo"), required=True, longest=120)
        self.reason.editor.setObjectName("first-focus")
        shortcuts = [button(words, "quiet", size="small") for words in usual]
        for words, one in zip(usual, shortcuts, strict=True):
            one.clicked.connect(lambda _checked=False, words=words: self.reason.set_value(words))
        self.confirm_button = button(confirm, "primary")
        cancel = button(tr("Annulla"), tip=tr("Annulla (Esc)"))
        self.confirm_button.clicked.connect(self._on_confirm)
        cancel.clicked.connect(self.left)
        head = column(
            label(title, "title"),
            label(text, "body", "2", wrap=True),
            self.reason,
            row(*shortcuts, None, spacing=4),
            spacing=10,
            margins=(24, 20, 24, 18),
        )
        self.body.addLayout(column(head, rule(), boxed(row(None, cancel, self.confirm_button, margins=(24, 12, 24, 14))), spacing=0))
        self.setFixedWidth(520 + 2 * self.MARGIN)
        self.setAccessibleName(title)
        self.reason.editor.returnPressed.connect(self._on_confirm)  # type: ignore[attr-defined]  # a line edit

    def _on_confirm(self) -> None:
        text = str(self.reason.value()).strip()
        if text:
            self.answered.emit(text)
        else:
            self.reason.set_error(self._missing)
            self.reason.setFocus()
