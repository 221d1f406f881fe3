"""Tabelle fiscali: one tab a table, each a list with the form of the record beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QStackedWidget, QWidget

from cms_desktop.core.errors import AppError, Conflict, InvalidInput
from cms_desktop.core.listing import ListQuery, Totals
from cms_desktop.modules.base.editor.mass_fields import mass_fields, mass_words
from cms_desktop.modules.base.editor.table_specs import TableSpec, all_tables
from cms_desktop.modules.base.importing import TARGETS
from cms_desktop.modules.base.mass_lists import LISTS
from cms_desktop.modules.base.records import StoredRecord
from cms_desktop.ui.basics import boxed, button, column, label, row, rule
from cms_desktop.ui.drafts import FormDraft
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage, ask
from cms_desktop.ui.form import RecordForm, merge_if_apart, resolve_conflict
from cms_desktop.ui.later import BuiltLater
from cms_desktop.ui.mass_change import mass_change
from cms_desktop.ui.page_head import PageTabs
from cms_desktop.ui.paste_import import PasteImport
from cms_desktop.ui.record_table import RecordTable
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("base")


class TableEditor(QWidget):
    """One fiscal table: choose a record and change it, or add one."""

    dirty_changed = Signal(bool)
    loaded = Signal()

    def __init__(self, workplace: Workplace, spec: TableSpec) -> None:
        super().__init__()
        self._workplace, self.spec = workplace, spec
        self.record: StoredRecord | None = None
        self._is_new = False
        self.table = RecordTable(list(spec.columns), record_key=lambda record: record.record_id, noun=spec.noun, filters=False)
        self.table.selection_changed.connect(self._on_selection)
        self.form = RecordForm(spec.sections())
        self.form.save_wanted.connect(self.save)
        self.form.leave_wanted.connect(self._leave)
        self.form.previous_wanted.connect(lambda: self._step(-1))
        self.form.next_wanted.connect(lambda: self._step(1))
        self.form.dirty_changed.connect(self.dirty_changed)
        self.form.edited.connect(lambda _key: self._show_note())
        self.draft = FormDraft(self.form, workplace, f"base.{spec.key}", page="tables")
        self._wanted: int | None = None
        target = next((one for one in TARGETS if spec.table_name in one.tables), None)
        if target is not None:
            self.paste = PasteImport(self, workplace, target)
        self.problem = InlineMessage("negative", "")
        self.problem.hide()
        self.note = label("", "small", "2", wrap=True)
        self.note.setContentsMargins(20, 8, 20, 12)
        self.remove_button = button(tr("Elimina"), "quiet", "trash-2")
        self.remove_button.clicked.connect(self.remove)
        self.remove_button.hide()
        foot = row(None, self.remove_button, margins=(16, 0, 16, 8))
        self.below_form = column()  # for what a tab of its own kind adds
        inside = column(self.problem, self.draft.strip, self.form, self.below_form, self.note, foot, spacing=0)
        inside.setStretchFactor(self.form, 1)
        detail = boxed(inside, card="true")
        detail.setFixedWidth(spec.detail_width)
        left = self._left_side()
        body = row(left, detail, spacing=0)
        body.setStretchFactor(left, 1)
        self.setLayout(body)
        if spec.key in LISTS:
            mass_change(self, workplace, LISTS[spec.key], lambda: mass_fields(spec.key), lambda one: one.record_id, mass_words)

    def _left_side(self) -> QWidget:
        """What stands beside the form: the list, and below it what can be done with many of its rows."""
        self._tools = row(None, margins=(12, 6, 12, 6))
        return boxed(column(self.table, self._tools, spacing=0)) if self.spec.key in LISTS else self.table

    def add_tool(self, tool: QPushButton) -> None:
        """One more action of the list."""
        self._tools.addWidget(tool)

    def query(self) -> ListQuery:
        """All rows: these lists are not filtered."""
        return ListQuery()

    def may_change(self) -> bool:
        return self._workplace.may(self.spec.required)

    def record_in_view(self) -> tuple[str, int]:
        return self.spec.table_name, self.record.record_id if self.record is not None else 0

    # -- list
    def reload(self) -> None:
        self._workplace.background.run(self, self.spec.load, then=self._show, failed=self._on_failed, key="list")

    def open_record(self, record_id: int) -> None:
        """Show a record (0: a new one) as soon as the list is there."""
        self._wanted = record_id
        self.reload()

    def _show(self, records: Sequence[StoredRecord]) -> None:
        wanted = self._wanted if self._wanted is not None else self.record.record_id if self.record else None
        self._wanted = None
        self.table.set_rows(list(records))
        self.table.set_totals(Totals(len(records)))
        if wanted == 0:
            self.start_new()
        elif self.form.is_dirty:
            self._take_fresh(next((one for one in records if one.record_id == wanted), None))
        elif not self._is_new:
            found = next((one for one in records if one.record_id == wanted), records[0] if records else None)
            if found is not None:
                self.table.select(found.record_id)
            if not self.form.is_dirty:  # the choice may have put back what was typed once
                self.show_record(found)
        self.loaded.emit()

    def _step(self, by: int) -> None:
        """The record above or below; what is typed stays until it is saved or undone."""
        if not self.form.is_dirty and not self._is_new:
            self.table.step(by)

    def _take_fresh(self, now: StoredRecord | None) -> None:
        """What is typed stays, and what others changed beside it is taken over."""
        if now is not None and not self.form.is_saving and merge_if_apart(self.form, self.spec.to_form(now)):
            self.record = now

    def _on_selection(self, rows: list[StoredRecord]) -> None:
        if rows and not self.form.is_dirty and (self.record is None or rows[0].record_id != self.record.record_id or self._is_new):
            self.show_record(rows[0])

    def show_record(self, record: StoredRecord | None) -> None:
        self.record, self._is_new = record, False
        self.problem.hide()
        self.form.setVisible(record is not None)
        if record is not None:
            self.form.load(self.spec.to_form(record))
            self.form.set_read_only(not self.may_change())
            self._follow(record.record_id, self.spec.name(record))
        else:
            self.draft.leave()
        self.remove_button.setVisible(self.spec.remove is not None and record is not None and self.may_change())
        self._show_note()

    def _follow(self, record_id: int, name: str) -> None:
        title = f"{self.spec.title}: {name}" if name else self.spec.title
        self.draft.follow(record_id or None, title, tab=self.spec.key, record=record_id)

    def remove(self) -> None:
        """Take the record away, after a question."""
        remove, record = self.spec.remove, self.record
        if remove is None or record is None:
            return
        name = self.spec.name(record)
        if ask(self, tr("Eliminare «{name}»?", name=name), tr("Resta nel registro delle modifiche."), tr("Elimina"), "negative"):
            self._workplace.background.run(
                self,
                lambda unit: remove(unit, record.record_id, record.row_version),
                then=lambda _none: self.reload(),
                failed=self._on_failed,
                key="save",
            )

    def start_new(self) -> None:
        """An empty form with the usual values."""
        if not self.may_change():
            return
        self.record, self._is_new = None, True
        self.remove_button.hide()
        self.problem.hide()
        self.form.setVisible(True)
        self.form.set_read_only(False)
        self.form.load(self.spec.defaults, is_new=True)
        self._follow(0, tr("nuovo"))
        self._show_note()
        next(iter(self.form.fields.values())).editor.setFocus()

    def _leave(self) -> None:
        self.show_record(self.table.current())
        self.table.focus_rows()

    def _show_note(self) -> None:
        stored = self.record.values if self.record is not None else {}
        text = self.spec.note({**stored, **self.form.values()}) if self.spec.note is not None else ""
        self.note.setText(text)
        self.note.setVisible(bool(text))

    # -- saving
    def save(self) -> None:
        record_id, version = (self.record.record_id, self.record.row_version) if self.record else (None, 0)
        values = self.spec.from_form(self.form.values())
        self.form.set_saving(True)
        self._workplace.background.run(
            self, lambda unit: self.spec.save(unit, record_id, version, values), then=self._on_saved, failed=self._on_failed, key="save"
        )

    def _on_saved(self, record_id: int) -> None:
        self._is_new = False
        self.form.load(self.form.values())
        self.record = StoredRecord(record_id, 0, {})
        self._workplace.say("positive", tr("Salvato"))
        self.reload()

    def _on_conflict(self, records: Sequence[StoredRecord]) -> None:
        now = next((one for one in records if self.record is not None and one.record_id == self.record.record_id), None)
        if now is None:
            self.problem.set_message("negative", tr("Un collega ha tolto questo record: annulla le modifiche (Esc)."))
            return
        values = self.spec.to_form(now)
        adopt = lambda: setattr(self, "record", now)
        resolve_conflict(self, self.form, values, record=self.spec.name(now), adopt=adopt, reload=lambda: self.show_record(now))

    def _on_failed(self, error: AppError) -> None:
        self.form.set_saving(False)
        if isinstance(error, Conflict) and self.record is not None:
            self._workplace.background.run(self, self.spec.load, then=self._on_conflict, key="list")
        elif isinstance(error, InvalidInput) and error.field in self.form.fields:
            self.form.show_problem(error.field, error_text(error))
        else:
            self.problem.set_message("negative", error_text(error))


def _editor_of(workplace: Workplace, spec: TableSpec) -> TableEditor:
    """VAT codes have a change of rate besides; it is imported when first shown."""
    if spec.key != "vat":
        return TableEditor(workplace, spec)
    from cms_desktop.modules.base.editor.vat_change import VatEditor

    return VatEditor(workplace, spec)


def _own_tabs(workplace: Workplace) -> list[tuple[str, str, str, Callable[[], QWidget]]]:
    """Tabs with a screen of their own: key, title, table, maker. Imported when first shown."""

    def calendar() -> QWidget:
        from cms_desktop.modules.base.editor.calendar_tab import CalendarEditor

        return CalendarEditor(workplace)

    def parameters() -> QWidget:
        from cms_desktop.modules.base.editor.parameters import ParametersEditor

        return ParametersEditor(workplace)

    def letters() -> QWidget:
        from cms_desktop.modules.base.editor.letters import LettersEditor

        return LettersEditor(workplace)

    def mail() -> QWidget:
        from cms_desktop.modules.base.editor.mail_accounts import MailAccountEditor

        return MailAccountEditor(workplace)

    own = [("mail", tr("Posta"), "base.mail_account", mail)] if workplace.may("base.outbox") else []
    return [
        *own,
        ("calendar", tr("Calendario"), "base.calendar_day", calendar),
        ("parameters", tr("Parametri"), "base.parameter", parameters),
        ("letters", tr("Lettere"), "base.letter_text", letters),
    ]


class TablesPage(QWidget):
    """Tabs IVA, pagamenti, sezionali, banche, posta, calendario, parametri, lettere."""

    dirty_changed = Signal(bool)
    loaded = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self.tabs, self._stack = PageTabs(height=40), QStackedWidget()
        self._workplace = workplace
        self._places: dict[str, BuiltLater] = {}
        names: set[str] = {"base.payment_installment", "base.document_counter"}
        for spec in all_tables(workplace.company.vat_number):
            self._add_tab(spec.key, spec.title, partial(_editor_of, workplace, spec))
            names.add(spec.table_name)
        for key, title, table_name, make in _own_tabs(workplace):
            self._add_tab(key, title, make)
            names.add(table_name)
        self.tables = frozenset(names)
        self.tabs.chosen.connect(self.show_tab)
        self.new_button = button(tr("Nuovo"), "", "plus", tip=tr("Nuovo (F2)"))
        self.new_button.clicked.connect(self.start_new)
        self.new_button.setEnabled(workplace.may("base.administer"))
        bar = row(self.tabs, self.new_button, margins=(10, 4, 16, 4))
        bar.setStretch(0, 1)
        self.setLayout(column(bar, rule(), self._stack, spacing=0))

    def _add_tab(self, key: str, title: str, make: Callable[[], QWidget]) -> None:
        place = self._places[key] = BuiltLater(partial(self._made_editor, make))
        place.built.connect(self._on_built)
        self.tabs.add_tab(key, title)
        self._stack.addWidget(place)

    def _made_editor(self, make: Callable[[], Any]) -> QWidget:
        editor: Any = make()
        editor.dirty_changed.connect(lambda _dirty: self.dirty_changed.emit(self.is_dirty()))
        editor.loaded.connect(self.loaded)
        return cast(QWidget, editor)

    def _on_built(self, editor: TableEditor) -> None:
        if editor is self._places[self.tabs.active()].found():
            editor.reload()

    def editor(self, key: str) -> TableEditor:
        """The editor of a table, made when first shown or asked for."""
        return cast(TableEditor, self._places[key].widget())

    def is_dirty(self) -> bool:
        made = (place.found() for place in self._places.values())
        return any(editor.form.is_dirty for editor in made if editor is not None)

    def current(self) -> TableEditor:
        return self.editor(self.tabs.active())

    def record_in_view(self) -> tuple[str, int]:
        """Table and id of the record shown; 0 when there is none."""
        return self.current().record_in_view()

    def show_tab(self, key: str) -> None:
        self.tabs.set_active(key)
        self._stack.setCurrentWidget(self._places[key])
        self.reload()

    def open_record(self, key: str, record_id: int) -> None:
        """A record of a table (0: a new one)."""
        self.show_tab(key)
        self.editor(key).open_record(record_id)

    def reload(self) -> None:
        """What is not made yet loads when it is."""
        editor = self._places[self.tabs.active()].found()
        if editor is not None:
            editor.reload()

    def start_new(self, *_arguments: Any) -> None:
        self.current().start_new()
