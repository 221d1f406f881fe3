"""Rubrica: the people of all parties, with the form of one at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from cms_desktop.modules.registry import columns, queries
from cms_desktop.modules.registry.editor import mass_fields
from cms_desktop.modules.registry.editor.contacts import ContactEditor
from cms_desktop.modules.registry.importing import CONTACTS
from cms_desktop.modules.registry.records import Contact
from cms_desktop.ui.basics import ElidedLabel, boxed, button, column, row, rule
from cms_desktop.ui.feedback import EmptyState
from cms_desktop.ui.list_export import ListExport
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.paste_import import PasteImport
from cms_desktop.ui.record_table import Noun
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("registry")
FORM_WIDTH = 600


class ContactsPage(QWidget):
    tables = columns.CONTACT_TABLES
    loaded = Signal()
    dirty_changed = Signal(bool)
    party_wanted = Signal(int)

    def __init__(self, workplace: Workplace, editor: ContactEditor) -> None:
        super().__init__()
        self.editor, self._background = editor, workplace.background
        editor.draft.page = "contacts"
        self._wanted: int | None = None
        text = tr("Le persone si scrivono nella scheda di un'anagrafica, alla voce Persone.")
        views = columns.contact_views()
        self.list = ListPage(
            workplace.background, columns.contact_columns(), queries.list_contacts, queries.sum_contacts, name="registry.contact_person",
            record_key=lambda row: row.contact_person_id, noun=Noun("persona", "persone", feminine=True),
            empty=lambda: EmptyState("users-round", tr("La rubrica è vuota"), text), settings=workplace.settings, views=views,
            filter_names=columns.contact_filter_names(), tables=columns.CONTACT_TABLES, search=True, start=views[-1].query,
        )  # fmt: skip
        ListExport(self.list, workplace)
        self.paste = PasteImport(self.list, workplace, CONTACTS)
        self.mass_change = mass_fields.attach_contacts(self.list, workplace)
        self.party_label = ElidedLabel("", "title")
        self.party_button = button(tr("Apri l'anagrafica"), "link")
        self.party_button.clicked.connect(self._on_party_wanted)
        head = row(self.party_label, self.party_button, margins=(20, 12, 12, 8))
        head.setStretchFactor(self.party_label, 1)
        self._detail = boxed(column(boxed(head), rule(), self.editor, spacing=0), panel="true")
        self._detail.setMinimumWidth(FORM_WIDTH)
        self._detail.hide()
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.list)
        split.addWidget(self._detail)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(1)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 0)
        split.setSizes([10_000, FORM_WIDTH])
        self.setLayout(column(split, spacing=0))
        self.setFocusProxy(self.list)
        self.list.loaded.connect(self._on_loaded)
        self.list.selection_changed.connect(self._on_selection)
        self.list.row_opened.connect(self._on_opened)
        self.editor.saved.connect(self._on_saved)
        self.editor.left.connect(self.list.table.focus_rows)
        self.editor.previous_wanted.connect(lambda: self.list.table.step(-1))
        self.editor.next_wanted.connect(lambda: self.list.table.step(1))
        self.editor.dirty_changed.connect(self.dirty_changed)

    def reload(self) -> None:
        self.list.reload()

    def open_contact(self, contact_person_id: int) -> None:
        """Show a person, whatever the list shows."""
        load = lambda unit: queries.find_contact(unit, contact_person_id)
        self._background.run(self, load, then=lambda found: self._show(found) if found is not None else None, key="open")

    def export(self) -> None:
        self.list.export()

    def _on_selection(self, rows: list[Contact]) -> None:
        if len(rows) == 1 and not self.editor.form.is_dirty:
            self._show(rows[0])

    def _on_opened(self, contact: Contact) -> None:
        if not self.editor.form.is_dirty:
            self._show(contact)
        self.editor.form.fields["name"].editor.setFocus()

    def _show(self, contact: Contact) -> None:
        self._detail.show()
        self.party_label.setText(contact.party_name)
        if contact != self.editor.contact:
            self.editor.show_contact(contact)

    def _on_saved(self, contact_person_id: int) -> None:
        self._wanted = contact_person_id
        self.list.reload()

    def _on_loaded(self) -> None:
        if self._wanted is not None:
            self.list.select(self._wanted)
            self._wanted = None
        found = next(
            (
                one
                for one in self.list.table.rows()
                if self.editor.contact and one.contact_person_id == self.editor.contact.contact_person_id
            ),
            None,
        )
        if found is not None and self.editor.form.is_dirty:
            self.editor.take_fresh(found)
        elif found is not None:
            self._show(found)
        self.loaded.emit()

    def _on_party_wanted(self) -> None:
        if self.editor.contact is not None:
            self.party_wanted.emit(self.editor.contact.party_id)
