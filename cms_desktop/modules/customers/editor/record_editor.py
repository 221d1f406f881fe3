"""One record that hangs on another: its form, the steps of its life, what hangs on it, its documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from cms_desktop.core.errors import AppError, Conflict, InvalidInput
from cms_desktop.modules.customers.editor.record_spec import Path, RecordSpec
from cms_desktop.modules.customers.records.master import StoredRecord
from cms_desktop.modules.registry.attachments.panel import AttachmentsPanel
from cms_desktop.modules.registry.attachments.queries import count_attachments
from cms_desktop.modules.registry.notes.records import Subject
from cms_desktop.ui.basics import boxed, button, column, label, row, rule
from cms_desktop.ui.chips import StatusChip
from cms_desktop.ui.drafts import FormDraft
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage, ask
from cms_desktop.ui.form import RecordForm, merge_if_apart, resolve_conflict
from cms_desktop.ui.later import BuiltLater
from cms_desktop.ui.page_head import PageTabs
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("customers")
Way = Mapping[str, Any]
INSIDE = Qt.ShortcutContext.WidgetWithChildrenShortcut

if TYPE_CHECKING:
    from cms_desktop.modules.customers.editor.records_pane import RecordsPane


class RecordEditor(QWidget):
    """One record: its form, the steps of its life, what hangs on it."""

    closed = Signal()
    saved = Signal(int)
    changed = Signal()
    dirty_changed = Signal(bool)

    def __init__(self, workplace: Workplace, spec: RecordSpec, way: Callable[[], Way]) -> None:
        super().__init__()
        self._workplace, self._background, self.spec, self._way = workplace, workplace.background, spec, way
        self._owner_id = 0
        self.record: StoredRecord | None = None
        self._may_write = workplace.may("customers.write")
        self.form = RecordForm(spec.sections())
        self.form.set_read_only(not self._may_write)
        self.form.save_wanted.connect(lambda: self._save(then_new=False))
        self.form.save_and_next_wanted.connect(lambda: self._save(then_new=True))
        self.form.leave_wanted.connect(self.closed)
        self.form.dirty_changed.connect(lambda _dirty: self.dirty_changed.emit(self.is_dirty()))
        if spec.prepare is not None:
            spec.prepare(self.form)
        self.draft = FormDraft(self.form, workplace, f"customers.{spec.key}", page="customers")
        self.problem = InlineMessage("negative", "", closable=True)
        self.problem.hide()
        self._above = spec.above() if spec.above is not None else None
        if self._above is not None:
            self._above.changed.connect(self.changed)
        self._build()

    def _build(self) -> None:
        back = button("", "icon", "arrow-left", tip=tr("Torna alla lista (Esc)"))
        back.clicked.connect(self.leave)
        self.title = label("", "heading")
        self.chip = StatusChip("", "calm")
        self.remove_button = button(tr("Togli"), "", "trash-2")
        self.remove_button.clicked.connect(self.remove)
        head = boxed(row(back, self.title, self.chip, None, self.remove_button, spacing=8, margins=(12, 10, 20, 6)))
        strip = column(self.problem, self.draft.strip, spacing=6, margins=(20, 0, 20, 0))
        above = [self._above] if self._above is not None else []
        form = boxed(column(*above, self.form, spacing=0))
        self.tabs = PageTabs(36)
        self._pages = QStackedWidget()
        self._pages.addWidget(form)
        self._children: dict[str, BuiltLater] = {}
        self.tabs.add_tab("form", self.spec.form_title or tr("Dati"))
        for child in self.spec.children:
            place = self._children[child.key] = BuiltLater(partial(self._make_child, child))
            self.tabs.add_tab(child.key, child.noun.plural.capitalize())
            self._pages.addWidget(place)
        if self.spec.subject_table and self._workplace.may("registry.read"):
            self._documents = BuiltLater(self._make_documents)
            self.tabs.add_tab("documents", tr("Documenti"))
            self._pages.addWidget(self._documents)
        self.tabs.chosen.connect(self.show_tab)
        bar = boxed(column(row(self.tabs, margins=(14, 0, 20, 0)), rule(), spacing=0))
        if len(self.tabs.keys()) < 2:
            bar.hide()
        self.setLayout(column(head, strip, bar, self._pages, spacing=0))

    def _make_child(self, spec: RecordSpec) -> RecordsPane:
        from cms_desktop.modules.customers.editor.records_pane import RecordsPane  # the two hold each other

        pane = RecordsPane(self._workplace, spec, self._own_way)
        pane.changed.connect(self.changed)
        pane.counted.connect(lambda count: self.tabs.set_count(spec.key, str(count or "")))
        pane.dirty_changed.connect(lambda _dirty: self.dirty_changed.emit(self.is_dirty()))
        pane.left.connect(self.leave)
        pane.show_owner(self.record.record_id if self.record else None)
        return pane

    def _own_way(self) -> Way:
        """What leads to the record in view."""
        before = self._way()
        return {**before, "path": [*before.get("path", ()), [self.spec.key, self.record.record_id if self.record else 0]]}

    def open_child(self, path: Path) -> None:
        """One of the records that hang on this one."""
        key = str(path[0][0])
        if key in self._children and self.record is not None:
            self.show_tab(key)
            self.child(key).show_owner(self.record.record_id, path=path)

    _documents: BuiltLater | None = None

    def _make_documents(self) -> AttachmentsPanel:
        panel = AttachmentsPanel(self._workplace, self.spec.subject_table, self.record.record_id if self.record else None)
        panel.counted.connect(lambda count: self.tabs.set_count("documents", str(count or "")))
        return panel

    def documents(self) -> AttachmentsPanel:
        """The documents of the record, made when first shown or asked for."""
        assert self._documents is not None
        return cast(AttachmentsPanel, self._documents.widget())

    def _show_documents(self) -> None:
        place, number = self._documents, self.record.record_id if self.record else None
        if place is None:
            return
        self.tabs.set_count("documents", "")
        if place.found() is not None:
            place.found().show_subject(self.spec.subject_table, number)
        if number is not None:
            subject = Subject(self.spec.subject_table, number)
            show = lambda count: self.tabs.set_count("documents", str(count or ""))
            self._background.run(self, lambda unit: count_attachments(unit, subject), then=show, key=f"{self.spec.key}.documents")

    def child(self, key: str) -> RecordsPane:
        """A pane of what hangs on the record, made when first shown or asked for."""
        return cast(RecordsPane, self._children[key].widget())

    def _made_children(self) -> list[RecordsPane]:
        return [place.found() for place in self._children.values() if place.found() is not None]

    def show_tab(self, key: str) -> None:
        if key != "form" and self.record is None:  # it hangs on nothing yet
            key = "form"
        self.tabs.set_active(key)
        self._pages.setCurrentIndex(self.tabs.keys().index(key))
        if key == "form":
            self.focus_first()
        else:
            cast(QWidget, self._pages.currentWidget()).setFocus()

    def step_tab(self, by: int) -> bool:
        """The next tab of the record; False when it has none."""
        keys = self.tabs.keys()
        if len(keys) > 1 and self.record is not None:
            self.show_tab(keys[(keys.index(self.tabs.active()) + by) % len(keys)])
        return len(keys) > 1

    # what it shows -------------------------------------------------------------------------------------------------------
    def show_record(self, owner_id: int, record: StoredRecord) -> None:
        same = self.record is not None and self.record.record_id == record.record_id
        self._owner_id, self.record = owner_id, record
        self.form.load(self.spec.to_form(record))
        self.draft.follow(record.record_id, self.spec.title(record), **self._own_way())
        self._show_head(record)
        self._show_parts()
        for pane in self._made_children():
            if not same:
                pane.show_owner(record.record_id)
            else:
                pane.reload()
        if not same:
            self._show_documents()
            self.tabs.set_active("form")
            self._pages.setCurrentIndex(0)

    def _show_head(self, record: StoredRecord) -> None:
        self.title.setText(self.spec.title(record))
        if self.spec.state is not None:
            self.chip.set_state(*self.spec.state(record))

    def take_fresh(self, owner_id: int, record: StoredRecord) -> None:
        """The record as it is stored now: what is typed stays, and what others changed beside it is taken over."""
        if not self.is_dirty():
            self.show_record(owner_id, record)
        elif self.form.is_dirty and not self.form.is_saving and merge_if_apart(self.form, self.spec.to_form(record)):
            self.record = record
            self._show_head(record)
        for pane in self._made_children():
            if pane.is_dirty():
                pane.reload()

    def show_new(self, owner_id: int) -> None:
        self._owner_id, self.record = owner_id, None
        self._show_documents()
        self.form.load(self.spec.defaults(), is_new=True)
        self.draft.follow(f"new-{owner_id}", self.spec.new_text, **self._own_way())
        self.title.setText(self.spec.new_text)
        self._show_parts()
        self.tabs.set_active("form")
        self._pages.setCurrentIndex(0)

    def _show_parts(self) -> None:
        self.problem.hide()
        self.chip.setVisible(self.record is not None and self.spec.state is not None)
        self.remove_button.setVisible(self.record is not None and self._may_write)
        for key, child in zip(self._children, self.spec.children, strict=True):
            count = len(getattr(self.record, child.key, ())) if self.record else 0
            self.tabs.set_count(key, str(count or ""))
        if self._above is not None:
            self._above.show_record(self.record)
            self._above.setVisible(self.record is not None)

    def focus_first(self) -> None:
        self.form.fields[self.spec.first_field].editor.setFocus()

    def is_dirty(self) -> bool:
        return self.form.is_dirty or any(pane.is_dirty() for pane in self._made_children())

    def leave(self) -> None:
        if not self.is_dirty() or ask(
            self, tr("Tornare alla lista?"), tr("Le modifiche non salvate si perdono."), tr("Perdi le modifiche"), "negative",
            cancel=tr("Torna alle modifiche"),
        ):  # fmt: skip
            self.form.undo_changes()
            self.closed.emit()

    # writing -------------------------------------------------------------------------------------------------------------
    def _save(self, *, then_new: bool) -> None:
        record_id, version = (self.record.record_id, self.record.row_version) if self.record else (0, 0)
        owner, values = self._owner_id, self.spec.from_form(self.form.values())
        self.form.set_saving(True)

        def work(unit: Any) -> tuple[int, StoredRecord | None]:
            saved = self.spec.save(unit, owner, record_id, values, version)
            return saved, next((one for one in self.spec.load(unit, owner) if one.record_id == saved), None)

        def done(result: tuple[int, StoredRecord | None]) -> None:
            saved, record = result
            self._workplace.say("positive", tr("Salvato"))
            if record is not None:
                self.show_record(owner, record)
            self.saved.emit(saved)
            if then_new:
                self.show_new(owner)
                self.focus_first()

        self._background.run(self, work, then=done, failed=self._on_failed, key=f"{self.spec.key}.save")

    def remove(self) -> None:
        record = self.record
        if record is None or not ask(
            self, tr("Togliere {name}?", name=self.spec.title(record)), tr("Resta nello storico delle modifiche."), tr("Togli"), "negative",
            cancel=tr("Torna alla scheda"),
        ):  # fmt: skip
            return
        self._background.run(
            self, lambda unit: self.spec.remove(unit, record.record_id, record.row_version), then=lambda _done: self._on_removed(),
            failed=self._on_failed, key=f"{self.spec.key}.save",
        )  # fmt: skip

    def _on_removed(self) -> None:
        self.form.undo_changes()
        self.closed.emit()
        self.changed.emit()

    def _on_failed(self, error: AppError) -> None:
        self.form.set_saving(False)
        if isinstance(error, InvalidInput) and error.field in self.form.fields:
            self.form.show_problem(error.field, error_text(error))
            return
        if isinstance(error, Conflict) and self.record is not None:
            self._merge(self._owner_id, self.record)
        else:
            self.problem.set_message("negative", error_text(error))

    # a colleague was faster ------------------------------------------------------------------------------------------------
    def _merge(self, owner: int, opened: StoredRecord) -> None:
        def show(records: Sequence[StoredRecord]) -> None:
            now = next((one for one in records if one.record_id == opened.record_id), None)
            if now is None:
                self.problem.set_message("negative", tr("Un collega ha tolto questo record: copia quello che ti serve e torna alla lista."))
            elif self.record is opened:
                resolve_conflict(
                    self, self.form, self.spec.to_form(now), record=self.spec.title(now), adopt=partial(self._adopt, now),
                    reload=partial(self.show_record, owner, now),
                )  # fmt: skip

        self._background.run(self, lambda unit: self.spec.load(unit, owner), then=show, key=f"{self.spec.key}.merge")

    def _adopt(self, now: StoredRecord) -> None:
        self.record = now
