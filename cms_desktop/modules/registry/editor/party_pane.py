"""The right side of the page of parties: head, data, people, privacy. Nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError, Conflict, InvalidInput
from cms_desktop.modules.registry import actions, queries
from cms_desktop.modules.registry.attachments.panel import AttachmentsPanel
from cms_desktop.modules.registry.columns import role_names
from cms_desktop.modules.registry.editor.contacts import ContactEditor, ContactsPane
from cms_desktop.modules.registry.editor.party_form import PartyForm
from cms_desktop.modules.registry.editor.places import PlaceCompletion
from cms_desktop.modules.registry.editor.privacy import PrivacyPane
from cms_desktop.modules.registry.editor.twin_strip import TwinStrip
from cms_desktop.modules.registry.notes.panel import NotesPanel
from cms_desktop.modules.registry.records import ClassField, Party
from cms_desktop.ui.basics import ElidedLabel, boxed, button, column, row, rule
from cms_desktop.ui.chips import StatusChip
from cms_desktop.ui.drafts import FormDraft
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage
from cms_desktop.ui.form import merge_if_apart, resolve_conflict
from cms_desktop.ui.later import BuiltLater, Pieces
from cms_desktop.ui.page_head import PageTabs
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("registry")
ROLE_FIELDS = {"is_supplier": "supplier", "is_prospect": "prospect"}
TABS = ("data", "people", "notes", "documents", "privacy")


class PartyPane(QWidget):
    """Shows one party, or an empty form for a new one. The owner asks `is_dirty` before it shows another."""

    saved = Signal(int)
    dirty_changed = Signal(bool)
    previous_wanted = Signal()
    next_wanted = Signal()
    left = Signal()
    open_wanted = Signal(int)
    merge_wanted = Signal(int, int)

    def __init__(self, workplace: Workplace, form: PartyForm, places: PlaceCompletion) -> None:
        super().__init__()
        self._workplace, self._background = workplace, workplace.background
        self._party: Party | None = None
        self.form, self._places = form, places
        self.draft = FormDraft(form, workplace, "registry.party", page="parties")
        self.twins = TwinStrip(workplace.background, self.form)
        self._people_place: BuiltLater = BuiltLater(self._make_people)
        self._notes_place: BuiltLater = BuiltLater(self._make_notes)
        self._documents_place: BuiltLater = BuiltLater(self._make_documents)
        self._privacy_place: BuiltLater = BuiltLater(self._make_privacy)
        self._build()
        self._connect()
        self.form.set_read_only(not workplace.may("registry.write"))

    def _build(self) -> None:
        self.name_label = ElidedLabel("", "title")
        self._chips = [StatusChip("", "neutral") for _ in range(4)]
        self.detail = ElidedLabel("", "small", "3")
        self._up = button("", "icon", "arrow-up", tip=tr("Anagrafica precedente (Alt+↑)"))
        self._down = button("", "icon", "arrow-down", tip=tr("Anagrafica successiva (Alt+↓)"))
        self.back_button = button("", "icon", "arrow-left", tip=tr("Torna alla lista (Esc)"))
        self.back_button.hide()
        first, second = row(self.back_button, self.name_label, self._up, self._down, spacing=4), row(*self._chips, self.detail, spacing=6)
        first.setStretchFactor(self.name_label, 1)
        second.setStretchFactor(self.detail, 1)
        self.tabs = PageTabs(40)
        for key, title in zip(TABS, (tr("Dati"), tr("Persone"), tr("Note"), tr("Documenti"), tr("Privacy")), strict=True):
            self.tabs.add_tab(key, title)
        self.notice = InlineMessage("warning", "", closable=True)
        self.notice.hide()
        self.merged_notice = InlineMessage("info", "")
        self.merged_notice.hide()
        self._pages = QStackedWidget()
        for page in (self.form, self._people_place, self._notes_place, self._documents_place, self._privacy_place):
            self._pages.addWidget(page)
        head = boxed(column(first, second, 2, row(self.tabs, margins=(-6, 0, 0, 0)), spacing=6, margins=(20, 12, 12, 0)))
        strips = column(self.notice, self.draft.strip, self.merged_notice, self.twins, spacing=6, margins=(20, 8, 20, 0))
        body = boxed(column(head, rule(), strips, self._pages, spacing=0), panel="true")
        text = tr("Scegli un'anagrafica dalla lista, oppure creane una nuova con F2.")
        self._stack = QStackedWidget()
        self._stack.addWidget(EmptyState("book-user", tr("Nessuna anagrafica scelta"), text))
        self._stack.addWidget(body)
        self.setLayout(column(self._stack, spacing=0))
        self.setMinimumWidth(440)

    def _connect(self) -> None:
        self.tabs.chosen.connect(self.show_tab)
        self.back_button.clicked.connect(self.left)
        self._up.clicked.connect(self.previous_wanted)
        self._down.clicked.connect(self.next_wanted)
        form = self.form
        form.previous_wanted.connect(self.previous_wanted)
        form.next_wanted.connect(self.next_wanted)
        form.leave_wanted.connect(self.left)
        form.save_wanted.connect(lambda: self._save(then_next=False))
        form.save_and_next_wanted.connect(lambda: self._save(then_next=True))
        form.dirty_changed.connect(lambda _dirty: self.dirty_changed.emit(self.is_dirty()))
        form.problems_changed.connect(lambda count: self.tabs.set_mark("data", "error" if count else ""))
        self.twins.open_wanted.connect(self.open_wanted)

    @classmethod
    def in_pieces(cls, workplace: Workplace) -> Pieces:
        """The pane with its form, made in turns."""
        places = PlaceCompletion(workplace.background)
        form = PartyForm(places.find_town, places.find_cap)
        yield
        places.attach(form)
        return cls(workplace, form, places)

    def _make_people(self) -> Pieces:
        editor = ContactEditor(self._workplace)
        yield
        pane = ContactsPane(self._workplace, editor)
        pane.changed.connect(self.refresh)
        pane.dirty_changed.connect(lambda _dirty: self.dirty_changed.emit(self.is_dirty()))
        if self._party is not None:
            pane.show_party(self._party.party_id)
        return pane

    def _make_notes(self) -> NotesPanel:
        panel = NotesPanel(self._workplace, self.party_id())
        panel.counted.connect(lambda count: self.tabs.set_count("notes", str(count or "")))
        panel.dirty_changed.connect(lambda _dirty: self.dirty_changed.emit(self.is_dirty()))
        return panel

    def _make_documents(self) -> AttachmentsPanel:
        panel = AttachmentsPanel(self._workplace, "registry.party", self.party_id())
        panel.counted.connect(lambda count: self.tabs.set_count("documents", str(count or "")))
        return panel

    def _make_privacy(self) -> PrivacyPane:
        pane = PrivacyPane(self._workplace)
        pane.changed.connect(self._on_privacy_changed)
        if self._party is not None:
            pane.show_party(self._party)
        return pane

    # what it shows ------------------------------------------------------------------------------------------------------
    @property
    def people(self) -> ContactsPane:
        pane: ContactsPane = self._people_place.widget()
        return pane

    @property
    def notes(self) -> NotesPanel:
        panel: NotesPanel = self._notes_place.widget()
        return panel

    @property
    def documents(self) -> AttachmentsPanel:
        panel: AttachmentsPanel = self._documents_place.widget()
        return panel

    @property
    def privacy(self) -> PrivacyPane:
        pane: PrivacyPane = self._privacy_place.widget()
        return pane

    def party_id(self) -> int | None:
        return self._party.party_id if self._party else None

    def is_dirty(self) -> bool:
        return self.form.is_dirty or any(
            place.found() is not None and place.widget().is_dirty() for place in (self._people_place, self._notes_place)
        )

    def show_classes(self, fields: Sequence[ClassField]) -> None:
        self.form.show_classes(fields)

    def show_party(self, party_id: int, *, contact_id: int | None = None) -> None:
        """Load and show a party; `contact_id` (0: a new one) opens one of its people."""

        def show(party: Party) -> None:
            self._show(party)
            if contact_id is not None:
                self.show_tab("people")
                self.people.show_party(party_id, contact_id=contact_id)

        work = self._loading(party_id)
        self._background.run(self, work, then=show, failed=self._on_load_failed, key="load")

    def _loading(self, party_id: int) -> Any:
        return lambda unit: queries.load_party(unit, party_id)

    def refresh(self) -> None:
        """Fresh data of the party in view; what is typed stays, and what others changed beside it is taken over."""
        number = self.party_id()
        if number is not None:
            show = self._show_fresh
            self._background.run(self, self._loading(number), then=show, failed=self._on_load_failed, key="load")

    def _show_fresh(self, party: Party) -> None:
        if party.party_id != self.party_id():
            return
        if not self.is_dirty():
            self._show(party)
            return
        if self._people_place.found() is not None:
            self.people.show_party(party.party_id)
        if self.form.is_dirty and not self.form.is_saving and merge_if_apart(self.form, form_values(party)):
            self._adopt(party)

    def _adopt(self, party: Party) -> None:
        self._party = party
        self._show_head()

    def _show(self, party: Party) -> None:
        self._party = party
        self.notice.hide()
        self.form.load(form_values(party))
        self.form.set_read_only(not self._workplace.may("registry.write") or party.survivor is not None or party.erased_on is not None)
        self.twins.start(party.party_id)
        if self._people_place.found() is not None:
            self.people.show_party(party.party_id)
        if self._privacy_place.found() is not None:
            self.privacy.show_party(party)
        for place in (self._notes_place, self._documents_place):
            if place.found() is not None:
                place.widget().show_subject("registry.party", party.party_id)
        self._show_head()
        self._stack.setCurrentIndex(1)
        self.draft.follow(party.party_id, str(party.values["name"]))

    def show_new(self, role: str = "") -> None:
        """An empty form; `role` when it is made in the section of suppliers or prospects."""
        self._party = None
        self.notice.hide()
        flags = {key: one == role for key, one in ROLE_FIELDS.items()}
        self.form.set_read_only(not self._workplace.may("registry.write"))
        self.form.load({"kind": "company", "country": "IT", "language": "it", "vat_country": "IT", **flags}, is_new=True)
        self.twins.start(0)
        self._show_head()
        self._stack.setCurrentIndex(1)
        self.show_tab("data")
        self.draft.follow(None, tr("Nuova anagrafica"))
        self.form.fields["name"].editor.setFocus()

    def show_tab(self, key: str) -> None:
        if self._party is None and key != "data":
            key = "data"  # a party must exist before it has people
        self.tabs.set_active(key)
        self._pages.setCurrentIndex(TABS.index(key))

    def _show_head(self) -> None:
        party, names = self._party, role_names()
        self.name_label.setText(str(party.values["name"]) if party else tr("Nuova anagrafica"))
        states = [names[one.role] for one in party.roles if one.until_on is None] if party else []
        if party is not None and party.erased_on is not None:
            states.append((tr("Cancellata"), "neutral"))
        for place, chip in enumerate(self._chips):
            chip.setVisible(place < len(states))
            if place < len(states):
                chip.set_state(*states[place])
        self.tabs.set_count("people", str(party.contact_count or "") if party else "")
        self.merged_notice.hide()
        if party is None:
            self.detail.setText(tr("Serve solo un nome: il resto quando c'è."))
            return
        words = [tr("N. {number}", number=party.party_id), tr("creata il {date}", date=formats.date(party.created_on))]
        self.detail.setText(" · ".join([*words, *([party.changed_by] if party.changed_by else [])]))
        if party.survivor is not None:
            self.merged_notice.set_message("info", tr("Unita a {name}: qui restano solo i documenti già emessi.", name=party.survivor.name))
        elif party.merged:
            self.merged_notice.set_message("info", tr("Comprende {names}.", names=", ".join(one.name for one in party.merged)))

    # saving -------------------------------------------------------------------------------------------------------------
    def _save(self, *, then_next: bool) -> None:
        party, values = self._party, self.form.values()
        changes = {key: now for key, (_before, now) in self.form.changes().items()}
        self.form.set_saving(True)
        if party is None:
            self._write(lambda unit: actions.add_party(unit, values), values, changed=set(values), then_next=then_next)
        else:
            self._change(party, changes, then_next=then_next)

    def _change(self, party: Party, changes: Mapping[str, Any], *, then_next: bool = False) -> None:
        def work(unit: Any) -> int:
            own = {key: value for key, value in changes.items() if key not in ROLE_FIELDS}
            if own:
                actions.change_party(unit, party.party_id, own, row_version=party.row_version)
            return party.party_id

        self._write(work, self.form.values(), changed=set(changes), then_next=then_next)

    def _write(self, work: Any, values: Mapping[str, Any], *, changed: set[str], then_next: bool) -> None:
        roles = {role for key, role in ROLE_FIELDS.items() if values.get(key)}
        compared, different = self.twins.values(), set(self.twins.different)

        def stored(unit: Any) -> Party:
            party_id = work(unit)
            if changed & ROLE_FIELDS.keys():
                actions.set_roles(unit, party_id, roles, on=local_today())
            if changed & {"name", "vat_number", "tax_code", "phone", "mobile", "last_name", "first_name"} or different:
                actions.note_twins(unit, party_id, compared, different=different)
            return queries.load_party(unit, party_id)

        def done(party: Party) -> None:
            self._show(party)
            self._workplace.say("positive", tr("Salvata {name}", name=party.values["name"]))
            self.saved.emit(party.party_id)
            if then_next:
                self.next_wanted.emit()

        self._background.run(self, stored, then=done, failed=self._on_save_failed, key="save")

    def _on_save_failed(self, error: AppError) -> None:
        self.form.set_saving(False)
        if isinstance(error, Conflict) and self._party is not None:
            self._background.run(self, self._loading(self._party.party_id), then=self._on_conflict, failed=self._on_load_failed, key="load")
        elif isinstance(error, InvalidInput) and error.field in self.form.fields:
            self.show_tab("data")
            self.form.show_problem(error.field, error_text(error))
        else:
            self.notice.set_message("negative", error_text(error))

    def _on_conflict(self, now: Party) -> None:
        resolve_conflict(
            self, self.form, form_values(now), record=str(now.values["name"]), who=now.changed_by, adopt=lambda: self._adopt(now),
            reload=lambda: self._reload_after_conflict(now),
        )  # fmt: skip

    def _reload_after_conflict(self, now: Party) -> None:
        self.draft.drop()
        self._show(now)

    def _on_load_failed(self, error: AppError) -> None:
        self.notice.set_message("negative", error_text(error))

    def _on_privacy_changed(self) -> None:
        self.refresh()
        number = self.party_id()
        if number is not None:
            self.saved.emit(number)


def form_values(party: Party) -> dict[str, Any]:
    """The party as its form has it: the roles that can be ticked are fields of it."""
    held = {one.role for one in party.roles if one.until_on is None}
    return {**party.values, **{key: role in held for key, role in ROLE_FIELDS.items()}}
