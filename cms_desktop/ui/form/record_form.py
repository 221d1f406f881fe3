"""RecordForm: a declared form that knows what was loaded, what is typed and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from .. import theme
from ..basics import Item, column, rule
from ..fields import Field
from ..translation import translator
from .foot import FormFoot
from .layout import form_grid, section_title
from .specs import FieldProblem, FieldSpec, FormSection

tr = translator("ui")


class RecordForm(QWidget):
    """Validates a field when it is left, clears its error while typing, and everything before `save_wanted`.

    Keys: Enter/Tab next field, F7 copy from the record before (Maiusc+F7 all empty fields), F8 next error, F10 or Ctrl+S save, F12 save and next, Alt+↑↓ other record, Esc undo (asks when
    something would be lost; with nothing typed it emits `leave_wanted`). The owner saves and then calls `load` or `show_problem`.
    """

    dirty_changed = Signal(bool)
    edited = Signal(str)  # key, by the user
    field_left = Signal(str)
    problems_changed = Signal(int)
    save_wanted = Signal()
    save_and_next_wanted = Signal()
    previous_wanted = Signal()
    next_wanted = Signal()
    leave_wanted = Signal()

    def __init__(self, sections: Sequence[FormSection], *, save_text: str = "", with_foot: bool = True) -> None:
        super().__init__()
        self.specs: dict[str, FieldSpec] = {}
        self.fields: dict[str, Field] = {}
        self._loaded: dict[str, Any] = {}  # as the fields read it
        self._stored: dict[str, Any] = {}  # as it was given
        self._previous: dict[str, Any] = {}
        self._pinned: set[str] = set()
        self._was_dirty = self._is_new = self._is_saving = self._is_read_only = False
        self._problem_count = 0
        self.foot = FormFoot(save_text)
        if not with_foot:
            self.foot.hide()
        inner = QWidget()
        self._lines = column(*self._build(sections), None, spacing=12, margins=(20, 12, 20, 20))
        inner.setLayout(self._lines)
        inner.setProperty("scroll", "true")
        self.scroller = QScrollArea()
        self.scroller.setWidget(inner)
        self.scroller.setWidgetResizable(True)
        self.scroller.setFrameShape(QFrame.Shape.NoFrame)
        self.scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setLayout(column(self.scroller, self.foot, spacing=0))
        for first, second in zip(self._in_order(), self._in_order()[1:], strict=False):
            QWidget.setTabOrder(first.editor, second.editor)
        self._connect()
        self.load({})

    def add_sections(self, sections: Sequence[FormSection]) -> QWidget:
        """More sections below the others, made when they are first wanted; they show the record that was loaded. Returns what holds
        them, so that the owner may hide it: hidden fields are still checked and saved."""
        before = self._in_order()
        holder = QWidget()
        holder.setLayout(column(*self._build(sections), spacing=12))
        self._lines.insertWidget(self._lines.count() - 1, holder)
        added = self._in_order()[len(before) :]
        for first, second in zip([*before[-1:], *added], [*before[-1:], *added][1:], strict=False):
            QWidget.setTabOrder(first.editor, second.editor)
        for key, field in list(self.fields.items())[len(before) :]:
            field.set_value(self._stored.get(key))
            field.set_read_only(self._is_read_only or self.specs[key].read_only)
            self._loaded[key] = self.value(key)
        self._after_change()
        return holder

    def _build(self, sections: Sequence[FormSection]) -> list[Item]:
        parts: list[Item] = []
        for number, section in enumerate(sections):
            if number:
                parts.append(rule())
            lines = [[(self._add_field(spec), span) for spec, span in line] for line in section.lines]
            parts.append(section_title(section.title, section.detail, section.aside() if section.aside else None))
            parts.append(form_grid(lines))
        return parts

    def _add_field(self, spec: FieldSpec) -> Field:
        field = spec.build()
        field.set_read_only(spec.read_only)
        field.changed.connect(lambda key=spec.key: self._on_changed(key))
        field.left.connect(lambda key=spec.key: self._on_left(key))
        field.fix_accepted.connect(lambda key=spec.key: self._check(key))
        self.specs[spec.key], self.fields[spec.key] = spec, field
        return field

    def _connect(self) -> None:
        self.foot.save_clicked.connect(self.save)
        self.foot.undo_clicked.connect(self.ask_to_undo)
        self.foot.undo_confirmed.connect(self.undo_changes)
        self.foot.go_to_problem_clicked.connect(self.go_to_next_problem)
        keys: list[tuple[str, Callable[[], object]]] = [("F8", self.go_to_next_problem), ("F10", self.save), ("Ctrl+S", self.save)]
        keys += [("F7", self.copy_field), ("Shift+F7", self.copy_record)]
        keys += [("F12", self.save_and_next), ("Alt+Up", self.previous_wanted.emit), ("Alt+Down", self.next_wanted.emit)]
        for text, slot in keys:
            shortcut = QShortcut(QKeySequence(text), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    def _in_order(self) -> list[Field]:
        return list(self.fields.values())

    # values -----------------------------------------------------------------------------------------------------------
    def load(self, values: Mapping[str, Any], *, is_new: bool = False) -> None:
        """Show a record as it is stored; nothing counts as changed. `is_new` lets it be saved untouched."""
        self._note_previous(values, is_new)
        self._is_new, self._is_saving = is_new, False
        self._pinned.clear()
        for key, field in self.fields.items():
            field.set_value(values.get(key))
            field.set_plain()
        self._stored = dict(values)
        self._loaded = {key: self.value(key) for key in self.fields}
        self._after_change()

    def _note_previous(self, values: Mapping[str, Any], is_new: bool) -> None:
        """What F7 copies from: the record that was in the form before this one."""
        if self._stored and not self._is_new and (is_new or dict(values) != self._stored):
            self._previous = self._stored

    def copy_field(self) -> None:
        """F7: the value that the record before had in the field with the focus."""
        key = next((one for one, field in self.fields.items() if field.editor.hasFocus()), "")
        if key and self._previous.get(key) is not None and not self._is_read_only and not self.fields[key].is_read_only():
            self.set_value(key, self._previous[key])
            self.edited.emit(key)

    def copy_record(self) -> None:
        """Maiusc+F7: what the record before had, into every empty field that may repeat."""
        for key, field in self.fields.items():
            empty = field.is_empty() and not field.isHidden() and self.specs[key].repeats
            if empty and self._previous.get(key) not in (None, "") and not self._is_read_only and not field.is_read_only():
                self.set_value(key, self._previous[key])
                self.edited.emit(key)

    def enter(self) -> None:
        """Put the focus where it was last in this form, or on its first field."""
        last = self.focusWidget()
        target = last if last is not None and last.isVisible() else next(iter(self.fields.values())).editor
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def changed_elsewhere(self, now: Mapping[str, Any]) -> set[str]:
        """Fields whose stored value is no longer what was loaded."""
        return {key for key in self.fields if key in now and now[key] != self._stored.get(key)}

    def loaded_value(self, key: str) -> Any:
        return self._loaded.get(key)

    def rebase(self, now: Mapping[str, Any], *, taken: Collection[str] = ()) -> None:
        """Put the record as it is stored now under what is typed: typed fields stay typed, except those in `taken`."""
        typed = set(self.changes()) - set(taken)
        for key in self.changed_elsewhere(now):
            if key in typed:
                self._loaded[key] = "" if now[key] is None and isinstance(self.value(key), str) else now[key]
            else:
                self.fields[key].set_value(now[key])
                self.fields[key].set_plain()
                self._loaded[key] = self.value(key)
        self._stored = {**self._stored, **now}
        self._after_change()

    def value(self, key: str) -> Any:
        value, normalise = self.fields[key].value(), self.specs[key].normalise
        return normalise(value) if normalise is not None and value not in (None, "") else value

    def values(self) -> dict[str, Any]:
        return {key: self.value(key) for key in self.fields}

    def set_value(self, key: str, value: Any) -> None:
        """Fill a field on the user's behalf (a town from its CAP); it counts as changed."""
        self.fields[key].set_value(value)
        self.fields[key].set_plain()
        self._pinned.discard(key)
        self._after_change()

    def changes(self) -> dict[str, tuple[Any, Any]]:
        """Key → (value when loaded, value now)."""
        found: dict[str, tuple[Any, Any]] = {}
        for key, field in self.fields.items():
            now, before = self.value(key), self._loaded.get(key)
            if now != before or field.entry_problem():
                found[key] = (before, now)
        return found

    @property
    def is_dirty(self) -> bool:
        return bool(self.changes())

    def draft(self) -> dict[str, Any]:
        """What was typed and not saved, fit for JSON; empty when nothing was."""
        return {key: self.fields[key].draft() for key in self.changes()}

    def restore_draft(self, draft: Mapping[str, Any]) -> None:
        """Put typed text back over the loaded record."""
        for key, typed in draft.items():
            if key in self.fields:
                self.fields[key].restore_draft(typed)
        self._after_change()

    def undo_changes(self) -> None:
        self.load(self._stored, is_new=self._is_new)

    def ask_to_undo(self) -> None:
        if self.is_dirty:
            self.foot.ask(len(self.changes()))

    def set_read_only(self, read_only: bool) -> None:
        self._is_read_only = read_only
        for key, field in self.fields.items():
            field.set_read_only(read_only or self.specs[key].read_only)
        self._tell()

    @property
    def is_saving(self) -> bool:
        return self._is_saving

    def set_saving(self, is_saving: bool) -> None:
        """While the owner writes; `load` and `show_problem` end it."""
        self._is_saving = is_saving
        self._tell()

    # problems ---------------------------------------------------------------------------------------------------------
    def problems(self) -> dict[str, str]:
        """Key → text of every problem, after checking all fields."""
        for key in self.fields:
            self._look_at(key)
        self._tell()
        return self.shown_problems()

    def shown_problems(self) -> dict[str, str]:
        return {key: field.message() for key, field in self.fields.items() if field.state == "error"}

    def show_problem(self, key: str, text: str, *, fix_text: str = "", fix_value: Any = None) -> None:
        """Pin what the server says on a field; it stays until the field is edited."""
        self._is_saving = False
        self._pinned.add(key)
        self.fields[key].set_error(text, fix=fix_text, fix_value=fix_value)
        self._tell()
        self._focus(key)

    def show_ok(self, key: str, text: str) -> None:
        self.fields[key].set_ok(text)
        self._tell()

    def go_to_next_problem(self) -> None:
        """Next field in error after the one with the focus, round again from the top (F8)."""
        wrong = list(self.shown_problems())
        if wrong:
            keys = list(self.fields)
            here = next((place for place, key in enumerate(keys) if self.fields[key].editor.hasFocus()), -1)
            self._focus(next((key for key in wrong if keys.index(key) > here), wrong[0]))

    def _focus(self, key: str) -> None:
        field = self.fields[key]
        self.scroller.ensureWidgetVisible(field, 0, 24)
        field.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        select = getattr(field.editor, "selectAll", None)
        if select is not None:
            select()

    def _check(self, key: str) -> None:
        self._look_at(key)
        self._tell()

    def _look_at(self, key: str) -> None:
        """Show what is wrong with one field, or that it is right."""
        field, spec = self.fields[key], self.specs[key]
        if key in self._pinned:
            return
        problem = None if field.isHidden() or self._is_read_only else self._find_problem(key)
        if problem is not None:
            field.set_error(problem.text, fix=problem.fix_text, fix_value=problem.fix_value)
        elif spec.ok_text and not field.is_empty():
            field.set_ok(spec.ok_text)
        elif field.state:
            field.set_plain()

    def _find_problem(self, key: str) -> FieldProblem | None:
        field, spec = self.fields[key], self.specs[key]
        if text := field.entry_problem():
            return FieldProblem(text)
        if field.is_required and field.is_empty():
            return FieldProblem(tr("Campo obbligatorio."))
        if spec.check is not None and not (field.is_empty() and spec.kind != "check"):
            return spec.check(self.value(key), self.values())
        return None

    # saving -----------------------------------------------------------------------------------------------------------
    def save(self) -> None:
        """Check everything, then ask the owner to save; the first field in error gets the focus instead."""
        if self._ready_to_save():
            self.save_wanted.emit()

    def save_and_next(self) -> None:
        if self._ready_to_save():
            self.save_and_next_wanted.emit()

    def _ready_to_save(self) -> bool:
        if self._is_saving or self._is_read_only or not (self.is_dirty or self._is_new):
            return False
        for field in self.fields.values():
            field.normalise()
        wrong = self.problems()
        if wrong:
            self._focus(next(iter(wrong)))
        return not wrong

    # slots ------------------------------------------------------------------------------------------------------------
    def _on_changed(self, key: str) -> None:
        self._pinned.discard(key)
        if self.fields[key].state:
            self.fields[key].set_plain()
        self._after_change()
        self.edited.emit(key)

    def _on_left(self, key: str) -> None:
        if self.value(key) != self._loaded.get(key) or self.fields[key].entry_problem() or self.fields[key].state == "error":
            self._check(key)
        for other, field in self.fields.items():  # a problem may have gone because another field changed
            if other != key and field.state == "error":
                self._check(other)
        self.field_left.emit(key)

    def _after_change(self) -> None:
        values, changed = self.values(), self.changes()
        for key, field in self.fields.items():
            visible = self.specs[key].visible
            if visible is not None:
                field.setVisible(visible(values))
            field.set_old_value(field.text_of(self._loaded.get(key)) if key in changed and not self._is_new else None)
        self._tell(len(changed))

    def _tell(self, changed: int | None = None) -> None:
        wrong, changes = len(self.shown_problems()), len(self.changes()) if changed is None else changed
        self.foot.show_counts(wrong, changes, can_save=bool(changes or self._is_new) and not self._is_saving and not self._is_read_only)
        if wrong != self._problem_count:
            self._problem_count = wrong
            self.problems_changed.emit(wrong)
        if bool(changes) != self._was_dirty:
            self._was_dirty = bool(changes)
            self.dirty_changed.emit(self._was_dirty)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(theme.current().surface))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
            return
        if self.foot.is_asking():
            self.foot.stop_asking()
        elif self.is_dirty:
            self.ask_to_undo()
        else:
            self.leave_wanted.emit()
        event.accept()
