"""People of the rubrica: the form of one, and the people of a party with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from cms_desktop.core import fiscal
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError, Conflict, InvalidInput
from cms_desktop.modules.registry import actions, queries
from cms_desktop.modules.registry.columns import act_names, contact_columns
from cms_desktop.modules.registry.editor.contact_privacy import ContactPrivacyWindow
from cms_desktop.modules.registry.editor.party_form import simple
from cms_desktop.modules.registry.importing import CONTACTS
from cms_desktop.modules.registry.records import Contact
from cms_desktop.modules.registry.rules import ACTS, CONTACT_FIELDS
from cms_desktop.ui.basics import boxed, button, column, row, rule
from cms_desktop.ui.drafts import FormDraft
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage
from cms_desktop.ui.fields import Field
from cms_desktop.ui.form import FieldSpec, FormSection, RecordForm, merge_if_apart, resolve_conflict
from cms_desktop.ui.paste_import import PasteImport
from cms_desktop.ui.record_table import Noun, RecordTable
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("registry")
PER_LINE = 3


class ActsField(Field):
    """What a person may act for: one tick each; the value is a tuple of keys."""

    def __init__(self, title: str) -> None:
        self.boxes = {act: QCheckBox(words) for act, words in act_names().items()}
        editor = QWidget()
        grid = QGridLayout(editor)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(6)
        for place, box in enumerate(self.boxes.values()):
            grid.addWidget(box, place // PER_LINE, place % PER_LINE)
            box.clicked.connect(lambda _checked: self.changed.emit())
        super().__init__(title, editor)
        self.title_label.hide()
        editor.setFocusProxy(next(iter(self.boxes.values())))

    def value(self) -> tuple[str, ...]:
        return tuple(act for act in ACTS if self.boxes[act].isChecked())

    def set_value(self, value: Any) -> None:
        for act, box in self.boxes.items():
            box.setChecked(act in (value or ()))

    def set_read_only(self, read_only: bool) -> None:
        for box in self.boxes.values():
            box.setEnabled(not read_only)

    def text_of(self, value: Any) -> str:
        names = act_names()
        return ", ".join(names[act] for act in value or ())


def _sections() -> Sequence[FormSection]:
    mail = simple(fiscal.check_email)
    return [
        FormSection(
            tr("Persona"),
            [
                [(FieldSpec("name", tr("Nome e cognome"), required=True), 7), (FieldSpec("job", tr("Incarico")), 5)],
                [
                    (FieldSpec("work_phone", tr("Tel. ufficio")), 4), (FieldSpec("mobile", tr("Cellulare")), 4),
                    (FieldSpec("private_phone", tr("Tel. privato")), 4),
                ],
                [(FieldSpec("email", tr("E-mail"), check=mail), 6), (FieldSpec("pec", tr("PEC"), check=mail), 6)],
            ],
        ),
        FormSection(tr("Può agire per"), [[(FieldSpec("acts_for", tr("Atti"), make=lambda spec: ActsField(spec.label)), 12)]]),
        FormSection(
            tr("Periodo e note"),
            [
                [(FieldSpec("valid_from", tr("Dal"), "date"), 4), (FieldSpec("valid_to", tr("Fino al"), "date"), 4)],
                [(FieldSpec("notes", tr("Annotazioni"), "multiline", options={"lines": 2}), 12)],
            ],
        ),
    ]  # fmt: skip


class ContactEditor(QWidget):
    """The form of one person. Ctrl+Shift+C copies the telephone, Ctrl+Shift+M writes a mail."""

    saved = Signal(int)
    dirty_changed = Signal(bool)
    left = Signal()
    previous_wanted = Signal()
    next_wanted = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self._party_id: int | None = None
        self.contact: Contact | None = None
        self.form = RecordForm(_sections())
        self.draft = FormDraft(self.form, workplace, "registry.contact_person", page="parties")
        self.problem = InlineMessage("negative", "")
        self.problem.hide()
        self.copy_button = button(tr("Copia telefono"), "quiet", "copy", size="small", tip=tr("Copia il telefono (Ctrl+Maiusc+C)"))
        self.mail_button = button(tr("Scrivi"), "quiet", "mail", size="small", tip=tr("Scrivi una e-mail (Ctrl+Maiusc+M)"))
        self.end_button = button(tr("Non c'è più"), "quiet", "user-round-x", size="small", tip=tr("Chiudi con la data di oggi"))
        self.copy_button.clicked.connect(self.copy_phone)
        self.mail_button.clicked.connect(self.write_mail)
        self.end_button.clicked.connect(self.end)
        self.privacy_button = button(
            tr("Privacy"), "quiet", "shield-check", size="small", tip=tr("Dinieghi, consegna e cancellazione dei dati (Ctrl+Maiusc+Y)")
        )
        self.privacy_button.clicked.connect(self.show_privacy)
        tools = boxed(
            row(self.copy_button, self.mail_button, self.privacy_button, self.end_button, None, spacing=4, margins=(14, 6, 14, 0))
        )
        self.setLayout(column(self.problem, self.draft.strip, tools, self.form, spacing=0))
        form = self.form
        form.save_wanted.connect(self.save)
        form.save_and_next_wanted.connect(self.save)
        form.leave_wanted.connect(self.left)
        form.previous_wanted.connect(self.previous_wanted)
        form.next_wanted.connect(self.next_wanted)
        form.dirty_changed.connect(self.dirty_changed)
        form.edited.connect(lambda _key: self._show_tools())
        for keys, slot in (("Ctrl+Shift+C", self.copy_phone), ("Ctrl+Shift+M", self.write_mail), ("Ctrl+Shift+Y", self.show_privacy)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)
        form.set_read_only(not workplace.may("registry.write"))

    def show_contact(self, contact: Contact) -> None:
        self.contact, self._party_id = contact, contact.party_id
        self.problem.hide()
        self.form.load(_form_values(contact))
        in_party = {"record": contact.party_id, "contact": contact.contact_person_id}
        way = in_party if self.draft.page == "parties" else {"record": contact.contact_person_id}
        self.draft.follow(contact.contact_person_id, contact.name, **way)
        self._show_tools()

    def show_new(self, party_id: int) -> None:
        self.contact, self._party_id = None, party_id
        self.problem.hide()
        self.form.load({}, is_new=True)
        self.draft.follow(f"new-{party_id}", tr("Nuova persona"), record=party_id, contact=0)
        self._show_tools()
        self.form.fields["name"].editor.setFocus()

    def _show_tools(self) -> None:
        self.copy_button.setEnabled(bool(self.phone()))
        self.mail_button.setEnabled(bool(self.form.value("email")))
        self.privacy_button.setEnabled(self.contact is not None and not self.form.is_dirty)
        self.end_button.setVisible(self.contact is not None and self.contact.is_active and self._workplace.may("registry.write"))

    def phone(self) -> str:
        """The number to call: mobile, else office, else private."""
        return next((str(self.form.value(key)) for key in ("mobile", "work_phone", "private_phone") if self.form.value(key)), "")

    def copy_phone(self) -> None:
        if self.phone():
            QGuiApplication.clipboard().setText(self.phone())
            self._workplace.say("positive", tr("Copiato {phone}", phone=self.phone()))

    def write_mail(self) -> None:
        address = str(self.form.value("email") or "")
        if address:
            QDesktopServices.openUrl(QUrl(f"mailto:{address}"))

    def show_privacy(self) -> None:
        """What this person refuses, and what is known of them; not while something is typed."""
        contact = self.contact
        if contact is not None and not self.form.is_dirty:
            number = contact.contact_person_id
            self.privacy = ContactPrivacyWindow(self, self._workplace, contact, lambda: self.saved.emit(number))

    privacy: ContactPrivacyWindow | None = None

    def end(self) -> None:
        """The person is there no more."""
        contact, today = self.contact, local_today()
        if contact is not None:
            self._run(
                lambda unit: actions.end_contact(unit, contact.contact_person_id, today, row_version=contact.row_version),
                contact.contact_person_id,
            )

    def save(self) -> None:
        contact, party_id, values = self.contact, self._party_id, self.form.values()
        self.form.set_saving(True)
        if contact is None:
            assert party_id is not None
            self._run(lambda unit: actions.add_contact(unit, party_id, values))
            return
        changes = {key: now for key, (_before, now) in self.form.changes().items()}
        number, version = contact.contact_person_id, contact.row_version
        self._run(lambda unit: actions.change_contact(unit, number, changes, row_version=version), number)

    def _run(self, work: Any, known: int | None = None) -> None:
        def done(made: int | None) -> None:
            self.form.load(self.form.values())
            number = known or made
            assert number is not None
            self._workplace.say("positive", tr("Salvata {name}", name=self.form.value("name")))
            self.saved.emit(number)

        self._workplace.background.run(self, work, then=done, failed=self._on_failed, key="save")

    def _on_failed(self, error: AppError) -> None:
        self.form.set_saving(False)
        if isinstance(error, InvalidInput) and error.field in self.form.fields:
            self.form.show_problem(error.field, error_text(error))
        elif isinstance(error, Conflict) and self.contact is not None and self.form.is_dirty:
            number = self.contact.contact_person_id
            load = lambda unit: queries.find_contact(unit, number)
            self._workplace.background.run(self, load, then=self._on_conflict, failed=self._on_failed, key="merge")
        else:
            self.problem.set_message("negative", error_text(error))

    def _on_conflict(self, now: Contact | None) -> None:
        if now is None or self.contact is None or now.contact_person_id != self.contact.contact_person_id:
            self.problem.set_message("negative", tr("Un collega ha tolto questa persona: copia quello che ti serve."))
            return
        resolve_conflict(
            self, self.form, _form_values(now), record=now.name, adopt=lambda: setattr(self, "contact", now),
            reload=lambda: self.show_contact(now),
        )  # fmt: skip

    def take_fresh(self, contact: Contact) -> None:
        """The person as stored now: what is typed stays, and what others changed beside it is taken over."""
        if not self.form.is_dirty:
            self.show_contact(contact)
        elif not self.form.is_saving and merge_if_apart(self.form, _form_values(contact)):
            self.contact = contact


def _form_values(contact: Contact) -> dict[str, Any]:
    return {key: getattr(contact, key) for key in CONTACT_FIELDS}


class ContactsPane(QWidget):
    """The people of one party: the table above, the person below."""

    changed = Signal()
    dirty_changed = Signal(bool)

    def __init__(self, workplace: Workplace, editor: ContactEditor) -> None:
        super().__init__()
        self._workplace, self.editor = workplace, editor
        self._party_id: int | None = None
        self._wanted: int | None = None
        shown = {"name", "job", "mobile", "acts_for"}
        columns = [replace(one, stretch=one.key == "name", gives_way=0) for one in contact_columns() if one.key in shown]
        self.table = RecordTable(
            columns, record_key=lambda row: row.contact_person_id, noun=Noun("persona", "persone", feminine=True), filters=False
        )
        self.table.setFixedHeight(190)
        self.new_button = button(tr("Nuova persona"), "quiet", "user-round-plus", size="small", tip=tr("Nuova persona (Maiusc+F2)"))
        self.new_button.clicked.connect(self.new_contact)
        self.new_button.setEnabled(workplace.may("registry.write"))
        first = button(tr("Nuova persona"), "primary", "user-round-plus")
        first.clicked.connect(self.new_contact)
        first.setEnabled(workplace.may("registry.write"))
        self.empty = EmptyState(
            "users-round",
            tr("Nessuna persona"),
            tr("Scrivi con chi si parla, e chi può firmare, ordinare, rispondere agli allarmi."),
            first,
        )
        self._body = boxed(column(row(None, self.new_button, margins=(12, 6, 12, 2)), self.table, rule(), self.editor, spacing=0))
        self.setLayout(column(self.empty, self._body, spacing=0))
        self.table.selection_changed.connect(self._on_selection)
        self.editor.saved.connect(self._on_saved)
        self.editor.dirty_changed.connect(self.dirty_changed)
        self.editor.left.connect(self.table.focus_rows)
        self.editor.previous_wanted.connect(lambda: self.table.step(-1))
        self.editor.next_wanted.connect(lambda: self.table.step(1))
        self._show_rows([])
        self.paste = PasteImport(self, workplace, CONTACTS, fixed=self._said, area=self)

    def _said(self) -> dict[str, str]:
        """What every pasted row gets: whose people they are."""
        return {"party_number": str(self._party_id)} if self._party_id is not None else {}

    def reload(self) -> None:
        if self._party_id is not None:
            self.show_party(self._party_id)

    def is_dirty(self) -> bool:
        return self.editor.form.is_dirty

    def show_party(self, party_id: int, *, contact_id: int | None = None) -> None:
        """Its people; `contact_id` is the one to show, 0 a new one."""
        if party_id != self._party_id:
            self._show_rows([])
        self._party_id = party_id
        self._wanted = contact_id if contact_id is not None else self._wanted
        self._workplace.background.run(self, lambda unit: queries.list_contacts_of(unit, party_id), then=self._show_rows, key="list")

    def _show_rows(self, rows: Sequence[Contact]) -> None:
        if self.is_dirty():
            shown = self.editor.contact
            fresh = next((one for one in rows if shown is not None and one.contact_person_id == shown.contact_person_id), None)
            if fresh is not None:
                self.editor.take_fresh(fresh)
            return
        self.table.set_rows(list(rows))
        wanted, self._wanted = self._wanted, None
        if wanted == 0:
            self.new_contact()
            return
        found = next((one for one in rows if one.contact_person_id == wanted), rows[0] if rows else None)
        self._show_body(found is not None)
        if found is not None:
            self.table.select(found.contact_person_id)
            if not self.is_dirty():  # the choice may have put back what was typed once
                self.editor.show_contact(found)

    def _show_body(self, wanted: bool) -> None:
        self.empty.setVisible(not wanted)
        self._body.setVisible(wanted)

    def new_contact(self) -> None:
        if self._party_id is not None and not self.is_dirty():
            self._show_body(True)
            self.table.view.clearSelection()
            self.editor.show_new(self._party_id)

    def _on_selection(self, rows: list[Contact]) -> None:
        if len(rows) == 1 and not self.is_dirty() and (self.editor.contact is None or rows[0] != self.editor.contact):
            self.editor.show_contact(rows[0])

    def _on_saved(self, contact_person_id: int) -> None:
        self._wanted = contact_person_id
        if self._party_id is not None:
            self.show_party(self._party_id)
        self.changed.emit()
