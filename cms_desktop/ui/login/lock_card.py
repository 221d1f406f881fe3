"""What stands in the middle of a locked screen: who is meant, why it is locked, the password."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from cms_desktop.core.errors import AppError
from cms_desktop.ui.basics import Avatar, Elevated, IconLabel, boxed, button, column, label, row, rule
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.login.pages import secret_field, titled
from cms_desktop.ui.translation import translator

tr = translator("ui")
WIDTH = 440
LONGEST_WAIT = 16  # seconds between two attempts


class LockCard(Elevated):
    """`password_entered`; `left` when the person gives the place up. Without `asks` there is nothing to type: only the way out."""

    password_entered = Signal(str)
    left = Signal()

    def __init__(
        self, name: str, initials: str, *, title: str = "", text: str = "", icon: str = "lock", asks: bool = True, leave: str = ""
    ) -> None:
        super().__init__(radius=12)
        self.setFixedWidth(WIDTH + 2 * self.MARGIN)
        self._failures, self._asks = 0, asks
        self.title = label(title or tr("Schermo bloccato"), "title", wrap=True)
        self.text = label(
            text or tr("Scrivi la tua password per continuare: niente di quello che hai scritto è andato perso."), "body", "2", wrap=True
        )
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.message = InlineMessage("negative", "")
        self.message.hide()
        self.field = secret_field()
        self.field.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.field.returnPressed.connect(self._on_enter)
        self.enter = button(tr("Continua"), "primary", size="large", tip=tr("Continua (Invio)"))
        self.enter.clicked.connect(self._on_enter)
        self.leave = button(leave or tr("Esci dall'utente"), "" if asks else "primary", size="large")
        self.leave.clicked.connect(self.left)
        self.password_part = boxed(column(titled(tr("Password"), self.field), spacing=0))
        self.password_part.setVisible(asks)
        self.enter.setVisible(asks)
        head = row(IconLabel(icon, 22, "accent_fill", 2), self.title, spacing=12)
        head.setStretch(1, 1)
        who = row(Avatar(initials, 28), label(name, "strong"), None, spacing=10)
        buttons = row(self.leave, None, self.enter) if asks else row(None, self.leave)
        self.body.addLayout(
            column(
                head,
                8,
                self.text,
                16,
                who,
                12,
                self.password_part,
                12,
                self.message,
                4,
                rule(),
                12,
                buttons,
                spacing=0,
                margins=(28, 24, 28, 22),
            )
        )

    def take_focus(self) -> None:
        (self.field if self._asks else self.leave).setFocus(Qt.FocusReason.TabFocusReason)

    def replace_password_part(self, page: QWidget) -> None:
        """Another form in the place of the whole card, for a password that must be changed."""
        while (item := self.body.takeAt(0)) is not None:
            if (inner := item.layout()) is not None:
                holder = QWidget(self)
                holder.setLayout(inner)
                holder.hide()
        self.body.addWidget(page)
        page.show()

    def _on_enter(self) -> None:
        if self._asks and self.enter.isEnabled() and self.field.text():
            self.set_busy(True)
            self.message.hide()
            self.password_entered.emit(self.field.text())

    def set_busy(self, busy: bool) -> None:
        self.enter.setEnabled(not busy)
        self.field.setReadOnly(busy)
        self.enter.setText(tr("Controllo…") if busy else tr("Continua"))

    def show_error(self, error: AppError) -> None:
        """Every refusal makes the next attempt wait a little longer; the server counts them, too."""
        self.message.set_message("negative", error_text(error))
        self.message.show()
        self.field.clear()
        self._failures += 1
        QTimer.singleShot(min(LONGEST_WAIT, 2 ** (self._failures - 1)) * 250, self._allow)
        parent = self.parentWidget()
        if parent is not None and hasattr(parent, "fill"):
            self.adjustSize()
            parent.fill()

    def _allow(self) -> None:
        self.set_busy(False)
        self.take_focus()
