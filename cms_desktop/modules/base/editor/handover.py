"""The temporary password, shown once."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from cms_desktop.modules.base import actions
from cms_desktop.modules.base.records import CreatedPerson
from cms_desktop.ui.basics import IconLabel, boxed, button, column, label, row
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("base")


class Handover(QWidget):
    """Login and temporary password to give to the person; gone when closed."""

    closed = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.made: CreatedPerson | None = None
        self.title = label("", "title", wrap=True)
        self.login, self.password = label("", "heading", code=True), label("", "heading", code=True)
        self.password.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        text = tr(
            "Consegna questi dati alla persona: la password vale per il primo accesso, in cui dovrà sceglierne una sua. Non si potrà rivedere."
        )
        self.copy_button = button(tr("Copia"), "", "copy")
        self.copy_button.clicked.connect(self.copy)
        self.print_button = button(tr("Foglio"), "", "printer", tip=tr("Salva il foglio da consegnare, in PDF"))
        self.print_button.clicked.connect(self.print_sheet)
        self.close_button = button(tr("Fatto"), "primary", "check")
        self.close_button.clicked.connect(self.closed)
        facts = column(
            label(tr("Nome utente"), "small-medium", "2"),
            self.login,
            6,
            label(tr("Password temporanea"), "small-medium", "2"),
            self.password,
            spacing=2,
        )
        head = row(IconLabel("key-round", 22, "accent_fill", 2), self.title, spacing=12)
        head.setStretch(1, 1)
        foot = row(self.copy_button, self.print_button, None, self.close_button)
        card = boxed(column(head, label(text, "body", "2", wrap=True), facts, foot, spacing=14, margins=(20, 18, 20, 18)), card="true")
        self.setLayout(column(card, None, margins=(16, 16, 16, 16)))

    def show_person(self, made: CreatedPerson) -> None:
        self.made = made
        self.title.setText(made.display_name)
        self.login.setText(made.login)
        self.password.setText(made.temporary_password)
        self.close_button.setFocus()

    def forget(self) -> None:
        self.made = None
        self.password.setText("")

    def print_sheet(self) -> None:
        """The sheet as PDF where the person says; opened to be printed."""
        made = self.made
        if made is None:
            return
        path = self._workplace.files.save_as(tr("Foglio da consegnare"), f"accesso-{made.login}.pdf", "PDF (*.pdf)")
        if path is None:
            return

        def work(_unit: object) -> None:
            path.write_bytes(actions.handover_sheet(made))

        self._workplace.background.run(self, work, then=lambda _done: self._workplace.files.show(path), key="sheet")

    def copy(self) -> None:
        if self.made is not None:
            QApplication.clipboard().setText(f"{self.made.login}\n{self.made.temporary_password}")
