"""What the login window offers while the local server holds no company."""

from __future__ import annotations

from PySide6.QtCore import Signal

from cms_desktop.ui.basics import button, column, label, row, rule
from cms_desktop.ui.login.pages import MARGINS, LoginPage
from cms_desktop.ui.translation import translator

tr = translator("ui")


class EmptyServerPage(LoginPage):
    """Two companies to try the program with, or one's own."""

    demo_wanted = Signal()
    own_wanted = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.load = button(tr("Carica le aziende dimostrative"), "primary", size="large", tip=tr("Carica le aziende dimostrative (Invio)"))
        self.load.setObjectName("first-focus")
        self.load.clicked.connect(self.demo_wanted)
        self.later = button(tr("Non ora"), "", size="large", tip=tr("Non ora (Esc)"))
        self.later.clicked.connect(self.left)
        words = tr(
            "Il server locale è pronto ma non contiene ancora aziende. Puoi provare il programma con due aziende dimostrative "
            "complete di clienti, contratti e due anni di fatture."
        )
        own = tr("Oppure fonda subito la tua azienda: bastano i dati fiscali, la sede e chi la amministra.")
        self.own = button(tr("Fonda la tua azienda…"), "", size="large", tip=tr("Fonda la tua azienda (Alt+F)"))
        self.own.setShortcut("Alt+F")
        self.own.clicked.connect(self.own_wanted)
        self.setLayout(
            column(
                label(tr("Questa postazione è vuota"), "title"), 8, label(words, "body", "2", wrap=True), 12, row(self.load, None), 28,
                label(own, "body", "2", wrap=True), 12, row(self.own, None), 16, self.message, None, rule(), 12, row(None, self.later),
                spacing=0, margins=MARGINS,
            )
        )  # fmt: skip
        self.setFocusProxy(self.load)

    def show_progress(self, text: str) -> None:
        self.load.setEnabled(False)
        self.later.setEnabled(False)
        self.own.setEnabled(False)
        self.show_note(text)
