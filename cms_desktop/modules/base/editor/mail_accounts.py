"""Posta: the accounts mail leaves by and certified mail is read from. The password stays on this post."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from cms_desktop.core.errors import AppError
from cms_desktop.modules.base.editor.table_specs import TableSpec, Values
from cms_desktop.modules.base.editor.tables import TableEditor
from cms_desktop.modules.base.mail import accounts, queries
from cms_desktop.modules.base.records import StoredRecord
from cms_desktop.ui.basics import button, column, label, row, rule
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.form import FieldProblem, FieldSpec
from cms_desktop.ui.record_table import Column, Noun
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("base")
PORTS = {"tls": 465, "starttls": 587}


def _address_problem(value: Any, _values: Values) -> FieldProblem | None:
    if value and not re.fullmatch(r"[^@\s<>\",;]+@[^@\s<>\",;]+\.[^@\s<>\",;]+", str(value)):
        return FieldProblem(tr("Scrivi un indirizzo come fatture@azienda.it."))
    return None


def _host_problem(value: Any, _values: Values) -> FieldProblem | None:
    if value and not re.fullmatch(r"[A-Za-z0-9.-]+", str(value)):
        return FieldProblem(tr("Scrivi solo il nome del server, come smtp.azienda.it."))
    return None


def _port_problem(value: Any, values: Values) -> FieldProblem | None:
    usual = PORTS.get(str(values.get("smtp_security")), 0)
    if value == 25:
        return FieldProblem(
            tr("La porta 25 non cifra: con questo tipo di TLS di solito è {port}.", port=usual), usual, tr("Usa {port}", port=usual)
        )
    return None


def mail_accounts() -> TableSpec:
    purposes = [("ordinary", tr("Posta ordinaria")), ("pec", tr("PEC"))]
    kinds = [("tls", tr("TLS dall'inizio (porta 465)")), ("starttls", tr("STARTTLS (porta 587)"))]
    names = dict(purposes)

    def state(record: StoredRecord) -> tuple[str, str]:
        return (tr("In uso"), "positive") if record["is_active"] else (tr("Non più usato"), "neutral")

    return TableSpec(
        "mail", tr("Posta"), Noun(tr("account"), tr("account")), "base.mail_account",
        [
            Column("name", tr("Account"), lambda one: one["name"], kind="strong", width=170, stretch=True),
            Column("purpose", tr("Tipo"), lambda one: names[one["purpose"]], width=130),
            Column("from_address", tr("Mittente"), lambda one: one["from_address"], width=230),
            Column("smtp_host", tr("Server"), lambda one: one["smtp_host"], width=190, gives_way=1),
            Column("is_default", tr("Predefinito"), lambda one: one["is_default"], kind="check", width=100),
            Column("is_active", tr("Stato"), state, kind="chip", width=130, gives_way=2),
        ],
        [
            [(FieldSpec("name", tr("Nome dell'account"), required=True), 6),
             (FieldSpec("purpose", tr("Tipo"), "choice", choices=purposes, required=True), 6)],
            [(FieldSpec("from_address", tr("Indirizzo del mittente"), required=True, check=_address_problem), 7), (FieldSpec("from_name", tr("Nome del mittente")), 5)],
            [(FieldSpec("smtp_host", tr("Server di invio (SMTP)"), required=True, check=_host_problem), 8),
             (FieldSpec("smtp_port", tr("Porta"), "int", required=True, check=_port_problem, options={"lowest": 1, "highest": 65535}), 4)],
            [(FieldSpec("smtp_security", tr("Cifratura"), "choice", choices=kinds, required=True), 7),
             (FieldSpec("most_per_minute", tr("Messaggi al minuto"), "int", required=True, options={"lowest": 1, "highest": 6000}), 5)],
            [(FieldSpec("user_name", tr("Utente"), note=tr("lo stesso per invio e lettura")), 12)],
            [(FieldSpec("imap_host", tr("Server di lettura (IMAP)"), check=_host_problem, note=tr("per le ricevute PEC")), 8),
             (FieldSpec("imap_port", tr("Porta IMAP"), "int", required=True, options={"lowest": 1, "highest": 65535}), 4)],
            [(FieldSpec("imap_folder", tr("Cartella da leggere"), required=True), 12)],
            [(FieldSpec("is_default", tr("Predefinito per il suo tipo"), "check"), 6), (FieldSpec("is_active", tr("In uso"), "check"), 6)],
        ],
        queries.list_mail_accounts, accounts.save_mail_account,
        {"purpose": "ordinary", "smtp_security": "tls", "smtp_port": 465, "imap_port": 993, "imap_folder": "INBOX", "most_per_minute": 30,
         "is_active": True, "is_default": True},
    )  # fmt: skip


class MailAccountEditor(TableEditor):
    """Below the form: the password of this post, and a try of the servers."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace, mail_accounts())
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setPlaceholderText(tr("Password dell'account"))
        self.password.setAccessibleName(tr("Password dell'account"))
        self.password_state = label("", "small", "2", wrap=True)
        self.password_state.setMinimumHeight(36)  # two lines: the form above gives way
        self.keep_button = button(tr("Conserva qui"), "", "key-round", tip=tr("Nel portachiavi di questa postazione, mai nel database"))
        self.try_button = button(tr("Prova il collegamento"), "quiet", "plug")
        self.keep_button.clicked.connect(self.keep_password)
        self.try_button.clicked.connect(self.try_account)
        self.password_part = QWidget()
        self.password_part.setLayout(
            column(rule(), 8, self.password, row(self.keep_button, self.try_button, None, spacing=6), self.password_state, spacing=8, margins=(20, 4, 20, 8))
        )  # fmt: skip
        self.below_form.addWidget(self.password_part)
        self.password_part.hide()

    def show_record(self, record: StoredRecord | None) -> None:
        super().show_record(record)
        if not hasattr(self, "password_part"):  # while the form is made
            return
        self.password.clear()
        self.password_part.setVisible(record is not None and bool(record.values))
        if record is not None and record.values:
            account = accounts.account_of(record.record_id, record.values)
            self._workplace.background.run(
                self, lambda unit: accounts.has_password(unit, account), then=self._show_state, failed=lambda _error: None, key="password"
            )

    def start_new(self) -> None:
        super().start_new()
        self.password_part.hide()

    def _show_state(self, is_known: bool) -> None:
        self.password_state.setText(
            tr("Questa postazione conosce la password.") if is_known
            else tr("Questa postazione non conosce la password: senza, da qui non parte nulla per questo account.")
        )  # fmt: skip

    def keep_password(self) -> None:
        """Into the keyring of this post."""
        if self.record is None or not self.password.text():
            self.password_state.setText(tr("Scrivi prima la password."))
            return
        account, secret = accounts.account_of(self.record.record_id, self.record.values), self.password.text()
        self._workplace.background.run(
            self,
            lambda unit: accounts.keep_account_password(unit, account, secret),
            then=self._on_kept,
            failed=self._on_tried_badly,
            key="password",
        )

    def _on_kept(self, is_kept: bool) -> None:
        if is_kept:
            self.password.clear()
            self._workplace.say("positive", tr("Password conservata su questa postazione"))
            self._show_state(True)
        else:
            self.password_state.setText(
                tr("Questa postazione non ha un portachiavi: la password non si può conservare. Usa un'altra postazione.")
            )

    def try_account(self) -> None:
        """Log in to the servers with what is typed, else with the password of this post."""
        if self.record is None:
            return
        account, secret = accounts.account_of(self.record.record_id, self.form.values()), self.password.text()
        self.password_state.setText(tr("Provo…"))
        self._workplace.background.run(
            self, lambda unit: accounts.try_account(unit, account, secret), then=self._on_tried, failed=self._on_tried_badly, key="try"
        )

    def _on_tried(self, hosts: tuple[str, ...]) -> None:
        self.password_state.setText(tr("Il collegamento funziona: {hosts}.", hosts=", ".join(hosts)))

    def _on_tried_badly(self, error: AppError) -> None:
        self.password_state.setText(error_text(error))
