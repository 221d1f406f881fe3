"""Sicurezza: the rules at the door of the installation, and when the screens of this company lock."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from cms_desktop.core.errors import AppError, Conflict, InvalidInput
from cms_desktop.modules.base import actions, queries
from cms_desktop.modules.base.door_records import ScreenLockRule
from cms_desktop.modules.base.records import StoredRecord
from cms_desktop.ui.basics import boxed, column, label, row
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.form import FieldSpec, FormSection, RecordForm, resolve_conflict
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("base")
RULES_WIDTH, SIDE_WIDTH, SCREEN_HEIGHT = 820, 380, 250


def _number(key: str, text: str, lowest: int, highest: int, note: str) -> tuple[FieldSpec, int]:
    return FieldSpec(key, text, "int", required=True, note=note, options={"lowest": lowest, "highest": highest}), 6


def _rules_form() -> RecordForm:
    return RecordForm([
        FormSection(tr("Password sbagliate"), [
            [_number("attempts", tr("Tentativi"), 3, 10, tr("dallo stesso indirizzo")),
             _number("window_minutes", tr("Entro minuti"), 10, 1440, tr("poi non contano più"))],
            [_number("lock_minutes", tr("Blocco, minuti"), 5, 1440, tr("raddoppia ogni volta nel giorno")),
             _number("everywhere_attempts", tr("Tentativi da più indirizzi"), 15, 200, tr("poi solo da postazioni già usate"))],
        ], detail=tr("valgono per tutte le aziende dell'installazione")),
        FormSection(tr("Password"), [
            [_number("password_length", tr("Lunghezza minima"), 12, 64, tr("mai meno di 12 caratteri")),
             _number("password_reuse", tr("Password che non si possono riusare"), 5, 24, tr("le ultime scelte"))],
            [_number("password_days", tr("Scadenza, giorni"), 0, 730, tr("0: mai; altrimenti almeno 30")),
             _number("temporary_days", tr("Password temporanea, giorni"), 1, 30, tr("poi ne serve un'altra"))],
        ]),
        FormSection(tr("Registro degli accessi"), [
            [_number("keep_log_days", tr("Si tiene per giorni"), 180, 3650, tr("almeno sei mesi"))],
        ]),
    ])  # fmt: skip


def _screen_form() -> RecordForm:
    posts = FieldSpec("exempt_posts", tr("Postazioni che non si bloccano"), note=tr("separate da virgole"))
    return RecordForm([
        FormSection(tr("Blocco dello schermo"), [
            [(_number("minutes", tr("Dopo minuti senza toccarlo"), 0, 480, tr("0: mai"))[0], 12)],
            [(posts, 12)],
        ], detail=tr("vale per questa azienda")),
    ])  # fmt: skip


class SecurityPage(QWidget):
    """Two forms: the rules of the installation (only for who administers all of it), the screens of the company."""

    loaded = Signal()
    saved = Signal()
    dirty_changed = Signal(bool)
    tables = frozenset({"base.security_rule", "base.parameter"})

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.rules: StoredRecord | None = None
        self.rules_form, self.screen_form = _rules_form(), _screen_form()
        self.problem = InlineMessage("negative", "", closable=True)
        self.problem.hide()
        self.whose = InlineMessage("neutral", tr("Queste regole le cambia chi amministra tutte le aziende dell'installazione."))
        self.whose.hide()
        for form in (self.rules_form, self.screen_form):
            form.dirty_changed.connect(self.dirty_changed)
        self.rules_form.save_wanted.connect(self.save_rules)
        self.screen_form.save_wanted.connect(self.save_screen_lock)
        self.rules_form.leave_wanted.connect(self.rules_form.undo_changes)
        self.screen_form.leave_wanted.connect(self.screen_form.undo_changes)
        explained = label(
            tr(
                "Una password sbagliata si conta dal registro del server, per persona e indirizzo: chi sbaglia da un'altra postazione non blocca "
                "il collega alla sua. Chi è già dentro resta dentro."
            ),
            "small", "3", wrap=True,
        )  # fmt: skip
        self.problem.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        rules_card, screen_card = (
            boxed(column(self.rules_form, spacing=0), card="true"),
            boxed(column(self.screen_form, spacing=0), card="true"),
        )
        rules_card.setMaximumWidth(RULES_WIDTH)
        screen_card.setFixedHeight(SCREEN_HEIGHT)
        side = boxed(column(screen_card, self.whose, explained, None, spacing=12))
        side.setFixedWidth(SIDE_WIDTH)
        body = row(rules_card, side, spacing=16)
        body.setStretchFactor(rules_card, 1)
        body.addStretch()
        layout = column(self.problem, body, spacing=12, margins=(16, 16, 16, 16))
        layout.setStretchFactor(body, 1)
        self.setLayout(layout)

    def is_dirty(self) -> bool:
        return self.rules_form.is_dirty or self.screen_form.is_dirty

    def reload(self) -> None:
        if not self.is_dirty():
            self._workplace.background.run(self, self._read, then=self._show, failed=self._on_failed, key="rules")

    def _read(self, unit: Any) -> tuple[StoredRecord, ScreenLockRule, bool]:
        return queries.find_security_rules(unit), queries.find_screen_lock(unit), queries.may_set_rules(unit)

    def _show(self, found: tuple[StoredRecord, ScreenLockRule, bool]) -> None:
        self.rules, screen, may_all = found
        self.rules_form.load(self.rules.values)
        self.screen_form.load({"minutes": screen.minutes, "exempt_posts": ", ".join(screen.exempt_posts)})
        may = self._workplace.may("base.administer")
        self.rules_form.set_read_only(not (may and may_all))
        self.screen_form.set_read_only(not may)
        self.whose.setVisible(not may_all)
        self.loaded.emit()

    def save_rules(self) -> None:
        assert self.rules is not None
        version, values = self.rules.row_version, self.rules_form.values()
        self.rules_form.set_saving(True)
        work = lambda unit: actions.save_security_rules(unit, version, values)
        self._workplace.background.run(
            self, work, then=self._on_saved, failed=lambda error: self._on_failed(error, self.rules_form), key="write"
        )

    def save_screen_lock(self) -> None:
        values = self.screen_form.values()
        posts = tuple(post.strip() for post in str(values["exempt_posts"] or "").split(",") if post.strip())
        rule = ScreenLockRule(int(values["minutes"] or 0), posts)
        self.screen_form.set_saving(True)
        work = lambda unit: actions.save_screen_lock(unit, rule)
        self._workplace.background.run(
            self, work, then=self._on_saved, failed=lambda error: self._on_failed(error, self.screen_form), key="write"
        )

    def _on_saved(self, _version: object) -> None:
        for form in (self.rules_form, self.screen_form):
            form.load(form.values())
        self.problem.hide()
        self._workplace.say("positive", tr("Regole salvate"))
        self.saved.emit()
        self.reload()

    def _on_failed(self, error: AppError, form: RecordForm | None = None) -> None:
        if form is not None:
            form.set_saving(False)
            if isinstance(error, InvalidInput) and error.field in form.fields:
                form.show_problem(error.field, error_text(error))
                return
            if isinstance(error, Conflict) and form is self.rules_form:
                self._workplace.background.run(self, queries.find_security_rules, then=self._on_conflict, key="merge")
                return
        self.problem.set_message("negative", error_text(error))

    def _on_conflict(self, now: StoredRecord) -> None:
        """A colleague was faster: merge what only one of us changed, ask for the rest."""
        adopt = lambda: setattr(self, "rules", now)
        resolve_conflict(self, self.rules_form, now.values, record=tr("Regole"), adopt=adopt, reload=self._reload_all)

    def _reload_all(self) -> None:
        self.rules_form.undo_changes()
        self.reload()
