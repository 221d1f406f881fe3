"""Persone: the list and, beside it, the form of the one selected; a new person; the temporary password."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError, Conflict, InvalidInput
from cms_desktop.core.fiscal import check_email
from cms_desktop.core.listing import ListQuery
from cms_desktop.modules.base import actions, queries, rules
from cms_desktop.modules.base.columns import person_columns, person_state, preset_name
from cms_desktop.modules.base.editor.admission import AdmitButton
from cms_desktop.modules.base.editor.checks import fiscal
from cms_desktop.modules.base.editor.handover import Handover
from cms_desktop.modules.base.records import ColleagueRow, CreatedPerson, PersonRow
from cms_desktop.ui.basics import boxed, button, column, label, row
from cms_desktop.ui.chips import StatusChip
from cms_desktop.ui.drafts import FormDraft
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage, ask
from cms_desktop.ui.form import FieldProblem, FieldSpec, FormSection, RecordForm, merge_if_apart, resolve_conflict
from cms_desktop.ui.later import BuiltLater
from cms_desktop.ui.list_export import ListExport
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.record_table import Noun
from cms_desktop.ui.saved_views import SavedView
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("base")
DETAIL_WIDTH = 440
PRESETS = ("fatturista", "contabile", "commerciale", "esattore", "operatore", "direzione", "revisore", "amministratore")


def _login_problem(value: Any, _values: Mapping[str, Any]) -> FieldProblem | None:
    if rules.is_login(str(value)):
        return None
    return FieldProblem(tr("Da 3 a 40 segni: lettere minuscole, cifre, punto, trattino."))


def _identity() -> list[list[tuple[FieldSpec, int]]]:
    return [
        [(FieldSpec("job_title", tr("Mansione")), 6), (FieldSpec("email", tr("E-mail"), check=fiscal(check_email)), 6)],
    ]


def _new_form() -> RecordForm:
    presets = [(one, preset_name(one)) for one in PRESETS]
    login = FieldSpec("login", tr("Nome utente"), "code", required=True, check=_login_problem, options={"upper": False, "longest": 40})
    lines = [
        [(FieldSpec("display_name", tr("Nome e cognome"), required=True), 12)],
        [(login, 6), (FieldSpec("preset", tr("Profilo"), "choice", choices=presets, options={"empty": tr("Nessuno")}), 6)],
        *_identity(),
    ]
    return RecordForm([FormSection(tr("Nuova persona"), lines)], save_text=tr("Crea"))


def _edit_form() -> RecordForm:
    ranks = [("User", tr("Utente")), ("Resp", tr("Responsabile")), ("Power", tr("Esperto")), ("Admin", tr("Amministratore"))]
    lines = [
        [(FieldSpec("display_name", tr("Nome e cognome"), required=True), 12)],
        *_identity(),
        [
            (FieldSpec("rank", tr("Livello"), "choice", choices=ranks), 6),
            (FieldSpec("expires_on", tr("Accesso valido fino al"), "date"), 6),
        ],
        [(FieldSpec("is_active", tr("Può entrare"), "check"), 6)],
    ]
    return RecordForm([FormSection(tr("Dati"), lines)])


class PersonPage(QWidget):
    loaded = Signal()
    dirty_changed = Signal(bool)
    rights_wanted = Signal(int)
    person_created = Signal(object)
    tables = frozenset({"base.person", "base.permission", "base.login_refusal", "base.session"})

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.person: PersonRow | None = None
        views = [
            SavedView(tr("Tutte"), ListQuery()),
            SavedView(tr("In linea"), queries.persons_online()),
            SavedView(tr("Sospese"), queries.persons_in_state("suspended")),
        ]
        self.list = ListPage(
            workplace.background, person_columns(), queries.list_persons, queries.sum_persons, name="base.person",
            record_key=lambda record: record.person_id, noun=Noun(tr("persona"), tr("persone"), feminine=True), empty=self._nothing,
            settings=workplace.settings, views=views, search=True, tables=self.tables,
            filter_names={"has_logged_in": tr("Ha già fatto un accesso"), "is_active": tr("Può entrare")},
        )  # fmt: skip
        ListExport(self.list, workplace)
        self.list.loaded.connect(self._on_list_loaded)
        self.list.selection_changed.connect(self._on_selection)
        self.admit_button = AdmitButton(workplace)
        self.admit_button.chosen.connect(self.admit)
        self._build_detail()
        body = row(self.list, self.detail, spacing=0)
        body.setStretchFactor(self.list, 1)
        self.setLayout(body)

    def _nothing(self) -> QWidget:
        text = tr("Qui si vedono le persone dell'azienda; serve il diritto «Amministrare azienda, persone e diritti».")
        return EmptyState("users", tr("Nessuna persona"), text)

    def _build_detail(self) -> None:
        self.title, self.chip = label("", "title"), StatusChip("")
        self.problem = InlineMessage("negative", "")
        self.problem.hide()
        self.edit_form, self.handover = self._watched(_edit_form()), Handover(self._workplace)
        self.edit_form.save_wanted.connect(self.save)
        self.edit_form.previous_wanted.connect(lambda: self.edit_form.is_dirty or self.list.table.step(-1))
        self.edit_form.next_wanted.connect(lambda: self.edit_form.is_dirty or self.list.table.step(1))
        self.draft = FormDraft(self.edit_form, self._workplace, "base.person", page="persons")
        self._new_draft: FormDraft | None = None
        self._new_place = BuiltLater(self._make_new_form)
        self.handover.closed.connect(self._on_handed_over)
        self.rights_button = button(tr("Diritti"), "", "shield-check")
        self.rights_button.clicked.connect(self._on_rights)
        self.password_button = button(tr("Nuova password"), "", "key-round")
        self.password_button.clicked.connect(self.reset_password)
        self.change_button = button("", "icon", "refresh-cw", tip=tr("Al prossimo accesso sceglie una nuova password"))
        self.change_button.setAccessibleName(tr("Fai cambiare la password al prossimo accesso"))
        self.change_button.clicked.connect(self.require_change)
        self.release_button = button(tr("Sblocca"), "primary", "lock-open", tip=tr("Togli il blocco per troppi tentativi (Ctrl+Maiusc+B)"))
        self.release_button.clicked.connect(self.release)
        self.door = InlineMessage("warning", "", self.release_button)
        self.door.hide()
        self.dismiss_button = button(tr("Togli"), "quiet", "log-out", tip=tr("Togli da questa azienda (Ctrl+Maiusc+T)"))
        self.dismiss_button.setAccessibleName(tr("Togli da questa azienda"))
        self.dismiss_button.clicked.connect(self.dismiss)
        tools = row(self.rights_button, self.password_button, self.change_button, None, self.dismiss_button, margins=(20, 8, 16, 4))
        self.head = boxed(column(row(self.title, self.chip, None, spacing=12, margins=(20, 14, 16, 0)), tools, spacing=0))
        self.forms = QStackedWidget()
        editing = self._editing = boxed(column(self.draft.strip, self.edit_form, spacing=0))
        for widget in (editing, self._new_place, self.handover):
            self.forms.addWidget(widget)
        layout = column(self.head, self.door, self.problem, self.forms, spacing=0)
        layout.setStretchFactor(self.forms, 1)
        self.detail = boxed(layout, card="true")
        self.detail.setFixedWidth(DETAIL_WIDTH)

    def _watched(self, form: RecordForm) -> RecordForm:
        form.dirty_changed.connect(self.dirty_changed)
        form.leave_wanted.connect(self._show_selected)
        return form

    def _make_new_form(self) -> QWidget:
        form = self._new_form = self._watched(_new_form())
        form.save_wanted.connect(self.create_person)
        form.field_left.connect(self._on_new_field_left)
        draft = self._new_draft = FormDraft(form, self._workplace, "base.new_person", page="persons")
        return boxed(column(draft.strip, form, spacing=0))

    _new_form: RecordForm | None = None

    @property
    def new_form(self) -> RecordForm:
        """The form of a new person, made when first wanted."""
        self._new_place.widget()
        return cast(RecordForm, self._new_form)

    def is_dirty(self) -> bool:
        return self.edit_form.is_dirty or (self._new_form is not None and self._new_form.is_dirty)

    # -- list
    def reload(self) -> None:
        self.list.reload()

    def _on_list_loaded(self) -> None:
        rows = self.list.table.rows()
        if self.forms.currentWidget() is self._editing and not self.edit_form.is_dirty:
            wanted = self.person.person_id if self.person else None
            found = next((one for one in rows if one.person_id == wanted), rows[0] if rows else None)
            if found is not None:
                self.list.select(found.person_id)
            if not self.edit_form.is_dirty:  # the choice may have put back what was typed once
                self.show_person(found)
        elif self.person is not None and self.edit_form.is_dirty and not self.edit_form.is_saving:
            self._take_fresh(next((one for one in rows if self.person is not None and one.person_id == self.person.person_id), None))
        self.loaded.emit()

    def _take_fresh(self, now: PersonRow | None) -> None:
        """What is typed stays, and what others changed beside it is taken over."""
        if now is not None and merge_if_apart(self.edit_form, self._values(now)):
            self.person = now

    def _values(self, person: PersonRow) -> dict[str, Any]:
        return {key: getattr(person, key) for key in self.edit_form.fields}

    def open_person(self, person_id: int) -> None:
        """Show a person, whatever the list shows."""

        def show(found: PersonRow | None) -> None:
            if not self.is_dirty():
                self.show_person(found)
                self.list.select(person_id)

        self._workplace.background.run(self, lambda unit: queries.find_person(unit, person_id), then=show, key="open")

    def _on_selection(self, rows: list[PersonRow]) -> None:
        if rows and self.forms.currentWidget() is self._editing and not self.edit_form.is_dirty:
            self.show_person(rows[0])

    def show_person(self, person: PersonRow | None) -> None:
        self.person = person
        self.forms.setCurrentWidget(self._editing)
        self.detail.setVisible(person is not None)
        self.head.setVisible(person is not None)
        self.problem.hide()
        self.door.hide()
        if person is None:
            self.draft.leave()
            return
        self.title.setText(person.display_name)
        self.chip.set_state(*person_state(person.state))
        self.edit_form.load(self._values(person))
        self.draft.follow(person.person_id, person.display_name)
        is_self = person.person_id == self._workplace.person.person_id
        may = self._workplace.may("base.administer") and not is_self
        self.edit_form.set_read_only(not may)
        for tool in (self.password_button, self.change_button, self.dismiss_button, self.release_button):
            tool.setEnabled(may)
        self._show_door(person)
        if is_self:
            self.problem.set_message("neutral", tr("Questi sono i tuoi dati: li può cambiare un altro amministratore."))

    def _show_door(self, person: PersonRow) -> None:
        """A lock after wrong passwords, or until when the password holds."""
        now = datetime.datetime.now(datetime.UTC)
        self.release_button.hide()
        if person.locked_until is not None and person.locked_until > now:
            self.release_button.show()
            until = person.locked_until.astimezone().strftime("%H:%M")
            self.door.set_message("warning", tr("Bloccata fino alle {until} per troppi tentativi; poi entra da sola.", until=until), "lock")
        elif person.has_temporary_password and person.password_set_at is not None:
            on = formats.date(person.password_set_at.astimezone())
            self.door.set_message("info", tr("Ha una password temporanea dal {on}.", on=on), "key-round")
        elif person.password_expires_on is not None:
            self.door.set_message("neutral", tr("La password vale fino al {on}.", on=formats.date(person.password_expires_on)), "key-round")
        else:
            self.door.hide()

    def _show_selected(self) -> None:
        self.show_person(self.list.table.current() or self.person)

    # -- doing
    def start_new(self) -> None:
        """F2: an empty form."""
        if not self._workplace.may("base.administer"):
            return
        self.detail.setVisible(True)
        self.head.setVisible(False)
        self.door.hide()
        self.problem.hide()
        self.new_form.load({}, is_new=True)
        if self._new_draft is not None:
            self._new_draft.follow(None, tr("Nuova persona"))
        self.forms.setCurrentWidget(self._new_place)
        self.new_form.fields["display_name"].editor.setFocus()

    def _on_new_field_left(self, key: str) -> None:
        if key == "display_name" and not self.new_form.value("login"):
            self.new_form.set_value("login", rules.proposed_login(self.new_form.value("display_name")))

    def _on_rights(self) -> None:
        if self.person is not None:
            self.rights_wanted.emit(self.person.person_id)

    def create_person(self) -> None:
        values = self.new_form.values()
        self.new_form.set_saving(True)

        def work(unit: Any) -> CreatedPerson:
            return actions.create_person(
                unit,
                values["login"],
                values["display_name"],
                job_title=values["job_title"],
                email=values["email"],
                preset=values["preset"] or "",
            )

        self._run(work, self._on_handover, self.new_form)

    def _on_handover(self, made: CreatedPerson) -> None:
        self.new_form.load({})
        self.head.setVisible(False)
        self.door.hide()
        self.handover.show_person(made)
        self.forms.setCurrentWidget(self.handover)
        self.handover.close_button.setFocus()
        self.person_created.emit(made)
        self.reload()

    def _on_handed_over(self) -> None:
        made = self.handover.made
        self.handover.forget()
        self.forms.setCurrentWidget(self._editing)
        rows = self.list.table.rows()
        found = next((one for one in rows if made is not None and one.person_id == made.person_id), None)
        if found is not None:
            self.list.select(found.person_id)
        self.show_person(found or self.person)
        self.list.table.focus_rows()

    def save(self) -> None:
        person = self.person
        if person is None:
            return
        values = self.edit_form.values()
        if person.is_active and not values["is_active"]:
            text = tr("Le sue sessioni aperte si chiudono subito. I dati restano.")
            if not ask(self, tr("Sospendere {name}?", name=person.display_name), text, tr("Sospendi"), "negative"):
                return
        self.edit_form.set_saving(True)
        self._run(lambda unit: actions.update_person(unit, person.person_id, person.row_version, **values), self._on_saved, self.edit_form)

    def _on_saved(self, _version: int) -> None:
        self.edit_form.load(self.edit_form.values())
        self._workplace.say("positive", tr("Persona salvata"))
        self.reload()

    def reset_password(self) -> None:
        person = self.person
        if person is None or not self.password_button.isEnabled():
            return
        text = tr("La password attuale smette di valere; la nuova si vede una volta sola.")
        if ask(self, tr("Nuova password per {name}?", name=person.display_name), text, tr("Crea la password")):
            self._run(lambda unit: actions.reset_password(unit, person.person_id), self._on_handover, self.edit_form)

    def release(self) -> None:
        person = self.person
        if person is None or self.release_button.isHidden() or not self.release_button.isEnabled():
            return

        def done(_nothing: None) -> None:
            self._workplace.say("positive", tr("{name} può entrare di nuovo", name=person.display_name))
            self.reload()

        self._run(lambda unit: actions.release_person(unit, person.person_id), done, self.edit_form)

    def require_change(self) -> None:
        person = self.person
        if person is None or not self.change_button.isEnabled():
            return

        def done(_nothing: None) -> None:
            self._workplace.say("positive", tr("{name} cambierà password al prossimo accesso", name=person.display_name))
            self.reload()

        text = tr("Chi è già dentro continua a lavorare; la password attuale vale ancora una volta, per cambiarla.")
        if ask(self, tr("Far cambiare la password a {name}?", name=person.display_name), text, tr("Fai cambiare")):
            self._run(lambda unit: actions.require_password_change(unit, person.person_id), done, self.edit_form)

    def admit(self, colleague: ColleagueRow) -> None:
        """A colleague of another company gets a place here; what they may do is said by the rights."""

        def _on_admitted(person_id: int) -> None:
            text = tr("{name} può entrare in questa azienda", name=colleague.display_name)
            self._workplace.say("positive", text, tr("Ora dalle i diritti che le servono"))
            self.reload()
            self.rights_wanted.emit(person_id)

        self._run(lambda unit: actions.admit_person(unit, colleague.login), _on_admitted, self.edit_form)

    def dismiss(self) -> None:
        person = self.person
        if person is None or not self.dismiss_button.isEnabled():
            return
        text = tr("Perde tutti i diritti in questa azienda, da subito. Il suo accesso resta per le altre aziende e i dati restano.")
        if ask(self, tr("Togliere {name} da questa azienda?", name=person.display_name), text, tr("Togli"), "negative"):
            self._run(lambda unit: actions.dismiss_person(unit, person.person_id), self._on_dismissed, self.edit_form)

    def _on_dismissed(self, _nothing: None) -> None:
        assert self.person is not None
        self._workplace.say("positive", tr("{name} non è più in questa azienda", name=self.person.display_name))
        self.person = None
        self.edit_form.load({})
        self.reload()

    def _run(self, work: Callable[[Any], Any], then: Callable[[Any], None], form: RecordForm) -> None:
        self._workplace.background.run(self, work, then=then, failed=lambda error: self._on_failed(error, form), key="write")

    def _on_failed(self, error: AppError, form: RecordForm) -> None:
        form.set_saving(False)
        person = self.person
        if isinstance(error, Conflict) and person is not None and form is self.edit_form and form.is_dirty:
            load = lambda unit: queries.find_person(unit, person.person_id)
            self._workplace.background.run(self, load, then=self._on_conflict, key="merge")
        elif isinstance(error, InvalidInput) and error.field in form.fields:
            form.show_problem(error.field, error_text(error))
        else:
            self.problem.set_message("negative", error_text(error))

    def _on_conflict(self, now: PersonRow | None) -> None:
        """A colleague was faster: merge what only one of us changed, ask for the rest."""
        if now is None:
            self.problem.set_message("negative", tr("Un collega ha tolto questa persona dall'azienda: annulla le modifiche (Esc)."))
            return
        resolve_conflict(
            self, self.edit_form, self._values(now), record=now.display_name, adopt=lambda: setattr(self, "person", now),
            reload=lambda: self.show_person(now),
        )  # fmt: skip
