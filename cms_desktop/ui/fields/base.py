"""Field: label above the editor, state, message and repair. Every editor of a form is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QSizePolicy, QWidget

from .. import theme
from ..basics import Dot, IconLabel, boxed, button, column, label, row, set_tone
from ..translation import translator

tr = translator("ui")


class _Below(QWidget):
    """What stands under an editor: mark and message, and the button of the repair."""

    def __init__(self, accept_fix: Callable[[], None]) -> None:
        super().__init__()
        self._mark = IconLabel("circle-alert", 14, "negative_fill", 2)
        self.text = label("", "small", "3", wrap=True)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.fix_button = button("", "link")
        self.fix_button.setFont(theme.font("small-medium"))
        self.fix_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.fix_button.clicked.connect(accept_fix)
        self._fix_row = boxed(row(20, self.fix_button, None, spacing=0))
        self._fix_row.hide()
        words = row(column(self._mark, None, margins=(0, 1, 0, 0)), self.text, spacing=6)
        self.setLayout(column(words, self._fix_row, spacing=4))

    def show_text(self, state: str, text: str, tone: str) -> None:
        if self.text.property("tone") != tone:
            set_tone(self.text, tone)
        self.text.setText(text)
        if state:
            self._mark.set_icon(*(("circle-alert", "negative_fill") if state == "error" else ("circle-check", "positive_fill")))
        self._mark.setVisible(bool(state))
        self._fix_row.hide()
        self.setVisible(bool(text))

    def show_fix(self, fix: str) -> None:
        self.fix_button.setText(fix)
        self.fix_button.setToolTip(tr("{fix} (Alt+Invio)", fix=fix))
        self._fix_row.setVisible(bool(fix))

    def has_fix(self) -> bool:
        return not self._fix_row.isHidden()


class Field(QWidget):
    """States: plain, changed (amber dot, old value below), error (red edge and what to do, one-key repair), ok.

    Subclasses give `value`, `set_value` and, where text may be unreadable, `entry_problem`. `changed` follows every edit by the
    user, `left` comes when the focus leaves, `fix_accepted` after the proposed repair was taken (its value is in place already).
    """

    changed = Signal()
    left = Signal()
    fix_accepted = Signal()

    def __init__(self, title: str, editor: QWidget, *, required: bool = False, note: str = "", beside: QWidget | None = None) -> None:
        super().__init__()
        self.title, self.editor, self.is_required = title, editor, required
        self.state = ""
        self._fix_value: Any = None
        editor.setAccessibleName(f"{title}, {tr('obbligatorio')}" if required else title)
        self.title_label = label(title, "small-medium", "2")
        self.title_label.setBuddy(editor)
        self._head: QHBoxLayout | None = None
        self._star: QLabel | None = None
        self._dot: Dot | None = None
        self._note_label: QLabel | None = None
        self._below: _Below | None = None
        self._arrange(beside)
        self._show_star(required)
        if note:
            self.set_note(note)
        editor.installEventFilter(self)
        self.setFocusProxy(editor)

    def _arrange(self, beside: QWidget | None) -> None:
        """Title above the editor. Star, dot, note and message come when there is something to show: a form has dozens of fields."""
        self._head = row(self.title_label, None, spacing=4)
        line: QHBoxLayout = row(self.editor, *([beside] if beside is not None else []), spacing=8)
        line.setStretchFactor(self.editor, 1)
        self.setLayout(column(self._head, line, None, spacing=4))

    def _put_in_head(self, widget: QWidget, *, last: bool = False) -> None:
        """Beside the title (star, then dot), or at the end of its line."""
        if self._head is not None:
            items = [self._head.itemAt(place) for place in range(self._head.count())]
            stretch = next((place for place, item in enumerate(items) if item is not None and item.spacerItem() is not None), len(items))
            self._head.insertWidget(len(items) if last else stretch, widget)

    def _show_star(self, wanted: bool) -> None:
        if self._star is None and wanted and not self.title_label.isHidden():
            self._star = label("*", "small-medium", "3")
            if self._head is not None:
                self._head.insertWidget(1, self._star)
        if self._star is not None:
            self._star.setVisible(wanted)

    def set_required(self, required: bool) -> None:
        self.is_required = required
        self._show_star(required)
        self.editor.setAccessibleName(f"{self.title}, {tr('obbligatorio')}" if required else self.title)

    def _message(self) -> _Below:
        """Message and repair below the editor, made when first needed."""
        if self._below is None:
            self._below = _Below(self.accept_fix)
            layout = self.layout()
            assert isinstance(layout, QBoxLayout)
            last = layout.itemAt(layout.count() - 1)
            layout.insertWidget(layout.count() - (1 if last is not None and last.spacerItem() is not None else 0), self._below)
        return self._below

    # value ------------------------------------------------------------------------------------------------------------
    def value(self) -> Any:
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show `value`; no signal."""
        raise NotImplementedError

    def entry_problem(self) -> str:
        """Why what stands in the editor is no value at all; empty when it is."""
        return ""

    def is_empty(self) -> bool:
        return self.value() in (None, "")

    def text_of(self, value: Any) -> str:
        """The value in words ('prima: …')."""
        return "" if value is None else str(value)

    def normalise(self) -> None:
        """Rewrite the entry in its full form when the field is left."""

    def draft(self) -> Any:
        """What is typed, even when it is not a value yet; fit for JSON."""
        return self.value()

    def restore_draft(self, draft: Any) -> None:
        self.set_value(draft)

    def set_read_only(self, read_only: bool) -> None:
        self.editor.setEnabled(not read_only)

    def is_read_only(self) -> bool:
        return not self.editor.isEnabled()

    def set_title(self, title: str) -> None:
        self.title = title
        self.title_label.setText(title)
        self.set_required(self.is_required)

    def set_note(self, note: str) -> None:
        if self._note_label is None:
            self._note_label = label("", "small", "3")
            self._put_in_head(self._note_label, last=True)
        self._note_label.setText(note)

    # state ------------------------------------------------------------------------------------------------------------
    def set_error(self, text: str, *, fix: str = "", fix_value: Any = None) -> None:
        """What is wrong and what to do; `fix` is the button ('Usa 01849250483') that puts `fix_value` in place (Alt+Enter)."""
        self._fix_value = fix_value
        self._show("error", text, "negative")
        self._message().show_fix(fix)

    def set_ok(self, text: str) -> None:
        self._show("ok", text, "positive")

    def set_plain(self) -> None:
        self._show("", "", "3")

    def set_old_value(self, text: str | None) -> None:
        """Amber dot and the value before; None when the field is as it was."""
        if self._dot is None and text is not None:
            self._dot = Dot("warning_fill", 6)
            self._put_in_head(self._dot)
        if self._dot is not None:
            self._dot.setVisible(text is not None)
        if text != self._old_text:
            self._old_text = text
            if not self.state:
                self._show("", "", "3")

    _old_text: str | None = None

    def _show(self, state: str, text: str, tone: str) -> None:
        self.state = state
        if not text and self._old_text is not None:
            text = tr("prima: {value}", value=self._old_text or tr("vuoto"))
        for widget, name, wanted in (
            (self.title_label, "tone", "negative" if state == "error" else "2"),
            (self.editor, "state", "error" if state == "error" else ""),
        ):
            if (widget.property(name) or "") != wanted:  # dressing a widget anew costs more than all the rest
                set_tone(widget, wanted, name)
        if text or self._below is not None:
            self._message().show_text(state, text, tone)
        self.editor.setAccessibleDescription(text)

    def message(self) -> str:
        return self._below.text.text() if self._below is not None else ""

    def has_fix(self) -> bool:
        return self._below is not None and self._below.has_fix()

    @property
    def fix_button(self) -> QPushButton:
        return self._message().fix_button

    def accept_fix(self) -> None:
        if self.has_fix():
            self.set_value(self._fix_value)
            self.set_plain()
            self.changed.emit()
            self.fix_accepted.emit()

    # events -----------------------------------------------------------------------------------------------------------
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
            if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
                self.normalise()
                self.left.emit()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self.handle_key(event)
        return False

    def handle_key(self, event: QKeyEvent) -> bool:
        """Keys all fields share: Enter goes on, Alt+Enter takes the repair. True when the key was used."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return False
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.accept_fix()
            return True
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier and self.enter_goes_on():
            self.editor.focusNextChild()
            return True
        return False

    def enter_goes_on(self) -> bool:
        return True


class LineField(Field):
    """Base of the fields with one line of text."""

    def __init__(
        self,
        title: str,
        *,
        required: bool = False,
        note: str = "",
        hint: str = "",
        beside: QWidget | None = None,
        line: QLineEdit | None = None,
    ) -> None:
        self.line = line or QLineEdit()
        super().__init__(title, self.line, required=required, note=note, beside=beside)
        self.line.setPlaceholderText(hint)
        self.line.textEdited.connect(lambda _text: self.changed.emit())

    def text(self) -> str:
        return self.line.text().strip()

    def set_text(self, text: str) -> None:
        self.line.setText(text)
        self.line.setCursorPosition(0)

    def is_empty(self) -> bool:
        return not self.text()

    def draft(self) -> Any:
        return self.line.text()

    def restore_draft(self, draft: Any) -> None:
        self.set_text("" if draft is None else str(draft))

    def set_read_only(self, read_only: bool) -> None:
        self.line.setReadOnly(read_only)
        self.line.setFocusPolicy(Qt.FocusPolicy.ClickFocus if read_only else Qt.FocusPolicy.StrongFocus)
        set_tone(self.line, str(self.line.property("state") or ""), "state")

    def is_read_only(self) -> bool:
        return self.line.isReadOnly()


def beside_label(text: str) -> QLabel:
    """A word after the editor ('giorni', '%')."""
    return label(text, "body", "2")
