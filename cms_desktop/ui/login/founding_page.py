"""Founding one's own company on the empty local server: its fiscal data, its seat and bank, its first administrator."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QStackedWidget

from cms_desktop.core import fiscal
from cms_desktop.core.fiscal import Problem
from cms_desktop.db.passwords import password_problem
from cms_desktop.ui.basics import Item, button, column, label, row, rule
from cms_desktop.ui.chips import CountBadge
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.fields import Field
from cms_desktop.ui.form import FieldProblem, FieldSpec, FormSection, RecordForm
from cms_desktop.ui.login.pages import MARGINS, LoginPage
from cms_desktop.ui.translation import translator

tr = translator("ui")
Check = Callable[[Any, Mapping[str, Any]], FieldProblem | None]
Choices = Sequence[tuple[str, str]]


class SecretField(Field):
    """A password in a form."""

    def __init__(self, title: str, *, note: str = "") -> None:
        self.line = QLineEdit()
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        super().__init__(title, self.line, required=True, note=note)
        self.line.textEdited.connect(lambda _text: self.changed.emit())
        self.line.editingFinished.connect(self.left)

    def value(self) -> str:
        return self.line.text()

    def set_value(self, value: Any) -> None:
        self.line.setText(str(value or ""))

    def set_read_only(self, read_only: bool) -> None:
        self.line.setReadOnly(read_only)


def _shown(check: Callable[[str], Problem | None]) -> Check:
    def checked(value: Any, _values: Mapping[str, Any]) -> FieldProblem | None:
        problem = check(str(value or ""))
        tr_errors = translator("errors")
        return FieldProblem(tr_errors(problem.text, **problem.values)) if problem is not None else None

    return checked


def _vat_check(value: Any, values: Mapping[str, Any]) -> FieldProblem | None:
    if not str(value or "").strip():
        return FieldProblem(tr("Serve: va su ogni fattura."))
    return _shown(fiscal.check_vat_number)(value, values)


def _password_check(value: Any, values: Mapping[str, Any]) -> FieldProblem | None:
    problem = password_problem(str(value or ""), [str(values.get("person_name") or ""), str(values.get("login") or "")], [])
    return FieldProblem(error_text(problem)) if problem is not None else None


def _again_check(value: Any, values: Mapping[str, Any]) -> FieldProblem | None:
    return FieldProblem(tr("Le due password sono diverse.")) if value != values.get("password") else None


def _login_check(value: Any, _values: Mapping[str, Any]) -> FieldProblem | None:
    name = str(value or "")
    good = name and name == name.lower() and all(part.isalnum() and part.isascii() for part in name.split("."))
    return None if good else FieldProblem(tr("Lettere minuscole e cifre, separate da punti: anna.rossi"))


def founding_sections(regimes: Choices) -> list[FormSection]:
    """What invoices, letters and bank files need of the company, and who administers it. One section a step."""
    small = {"longest": 2}
    return [
        FormSection(
            tr("Azienda"),
            [
                [(FieldSpec("name", tr("Denominazione"), required=True), 12)],
                [(FieldSpec("vat_number", tr("Partita IVA"), "code", required=True, check=_vat_check, normalise=fiscal.compact), 6),
                 (FieldSpec("tax_code", tr("Codice fiscale"), "code", note=tr("se è diverso"), check=_shown(fiscal.check_tax_code), normalise=fiscal.compact), 6)],
                [(FieldSpec("fiscal_regime", tr("Regime fiscale"), "choice", choices=regimes, required=True), 12)],
                [(FieldSpec("pec", tr("PEC"), check=_shown(fiscal.check_email)), 7), (FieldSpec("phone", tr("Telefono")), 5)],
            ],
        ),
        FormSection(
            tr("Sede, registro imprese e banca"),
            [
                [(FieldSpec("street", tr("Via"), required=True), 9), (FieldSpec("street_number", tr("Numero")), 3)],
                [(FieldSpec("postal_code", tr("CAP"), "code", required=True, check=_shown(fiscal.check_postcode)), 3),
                 (FieldSpec("town", tr("Comune"), required=True), 6), (FieldSpec("province_code", tr("Provincia"), "code", required=True, options=small), 3)],
                [(FieldSpec("rea_office", tr("Ufficio REA"), "code", options=small), 3), (FieldSpec("rea_number", tr("Numero REA")), 4),
                 (FieldSpec("share_capital", tr("Capitale sociale €"), "amount"), 5)],
                [(FieldSpec("bank_name", tr("Banca"), note=tr("per bonifici e RiBa")), 5),
                 (FieldSpec("iban", tr("IBAN"), "code", check=_shown(fiscal.check_iban), normalise=fiscal.compact), 7)],
            ],
        ),
        FormSection(
            tr("Chi la amministra"),
            [
                [(FieldSpec("person_name", tr("Nome e cognome"), required=True), 7), (FieldSpec("login", tr("Utente"), required=True, check=_login_check), 5)],
                [(FieldSpec("password", tr("Password"), required=True, check=_password_check, make=lambda spec: SecretField(spec.label)), 12)],
                [(FieldSpec("again", tr("Ancora la password"), required=True, check=_again_check, make=lambda spec: SecretField(spec.label)), 12)],
            ],
        ),
    ]  # fmt: skip


class FoundingPage(LoginPage):
    """Three steps; Ctrl+Enter goes on, Esc goes back. `found_wanted(values)` when everything is there."""

    found_wanted = Signal(dict)
    left = Signal()

    def __init__(self, regimes: Choices) -> None:
        super().__init__()
        self.forms = [RecordForm([section], with_foot=False) for section in founding_sections(regimes)]
        self.forms[0].load({"fiscal_regime": "RF01"}, is_new=True)
        for form in self.forms[1:]:
            form.load({}, is_new=True)
        self._badges = [CountBadge(number, "neutral") for number in range(1, len(self.forms) + 1)]
        self.pages = QStackedWidget()
        for form in self.forms:
            form.save_wanted.connect(self.go_on)
            self.pages.addWidget(form)
        self.back_button = button(tr("Indietro"), "", size="large", tip=tr("Indietro (Esc)"))
        self.next_button = button(tr("Avanti"), "primary", size="large", tip=tr("Avanti (Ctrl+↵)"))
        self.back_button.clicked.connect(self.go_back)
        self.next_button.clicked.connect(self.go_on)
        parts: list[Item] = [*self._badges, None]
        head = column(label(tr("Fonda la tua azienda"), "title"), 6, row(*parts, spacing=6), spacing=0, margins=(20, 0, 20, 0))
        foot = column(
            self.message, 8, rule(), 12, row(None, self.back_button, self.next_button, spacing=8), spacing=0, margins=(20, 0, 20, 0)
        )
        left, top, right, bottom = MARGINS
        layout = column(head, 4, self.pages, foot, spacing=0, margins=(left - 20, top - 8, right - 20, bottom))
        layout.setStretchFactor(self.pages, 1)
        self.setLayout(layout)
        for keys, slot in (("Ctrl+Return", self.go_on), ("Ctrl+Enter", self.go_on)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)
        for form in self.forms:
            form.leave_wanted.connect(self.go_back)
        self._show_step(0)

    def field(self, key: str) -> Field:
        return next(form.fields[key] for form in self.forms if key in form.fields)

    def _show_step(self, place: int) -> None:
        self.clear_message()
        self.pages.setCurrentIndex(place)
        for number, badge in enumerate(self._badges):
            badge.set_count(number + 1, "info" if number <= place else "neutral")
        self.next_button.setText(tr("Fonda l'azienda") if place == len(self.forms) - 1 else tr("Avanti"))
        self.focus_first()

    def focus_first(self) -> None:
        next(iter(self.forms[self.pages.currentIndex()].fields.values())).editor.setFocus()

    def go_back(self) -> None:
        place = self.pages.currentIndex()
        if place:
            self._show_step(place - 1)
        else:
            self.left.emit()

    def go_on(self) -> None:
        """The next step, or the founding; what is missing or wrong is said at its field."""
        place = self.pages.currentIndex()
        problems = self.forms[place].problems()
        if problems:
            return
        if place < len(self.forms) - 1:
            self._show_step(place + 1)
            return
        values: dict[str, Any] = {}
        for form in self.forms:
            values |= form.values()
        self.found_wanted.emit(values)

    def set_busy(self, busy: bool) -> None:
        for one in (self.back_button, self.next_button, self.pages):
            one.setEnabled(not busy)
        if busy:
            self.show_note(tr("Preparo tabelle, piano dei conti e accesso…"))
