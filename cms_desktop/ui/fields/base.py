"""Field: label above the editor, state, message and repair. Every editor of a form is one."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from .. import theme
from ..basics import Dot, IconLabel, button, column, label, row, set_tone
from ..translation import translator

tr = translator("ui")


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
        self._star = label("*", "small-medium", "3")
        if not required:
            self._star.hide()
        self._dot = Dot("warning_fill", 6)
        self._dot.hide()
        self.note_label = label(note, "small", "3")
        self._mark = IconLabel("circle-alert", 14, "negative_fill", 2)
        self.message_label = label("", "small", "3", wrap=True)
        self.message_label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._message_row = QWidget()
        self._message_row.setLayout(row(column(self._mark, None, margins=(0, 1, 0, 0)), self.message_label, spacing=6))
        self.fix_button = button("", "link")
        self.fix_button.setFont(theme.font("small-medium"))
        self.fix_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.fix_button.clicked.connect(self.accept_fix)
        self._fix_row = QWidget()
        self._fix_row.setLayout(row(20, self.fix_button, None, spacing=0))
        self._arrange(beside)
        self._message_row.hide()
        self._fix_row.hide()
        editor.installEventFilter(self)
        self.setFocusProxy(editor)

    def _arrange(self, beside: QWidget | None) -> None:
        head = row(self.title_label, self._star, self._dot, None, self.note_label, spacing=4)
        line: QHBoxLayout = row(self.editor, *([beside] if beside is not None else []), spacing=8)
        line.setStretchFactor(self.editor, 1)
        self.setLayout(column(head, line, self._message_row, self._fix_row, None, spacing=4))

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
        self.editor.setAccessibleName(title)

    def set_note(self, note: str) -> None:
        self.note_label.setText(note)

    # state ------------------------------------------------------------------------------------------------------------
    def set_error(self, text: str, *, fix: str = "", fix_value: Any = None) -> None:
        """What is wrong and what to do; `fix` is the button ('Usa 01849250483') that puts `fix_value` in place (Alt+Enter)."""
        self._fix_value = fix_value
        self._show("error", text, "negative")
        self._mark.set_icon("circle-alert", "negative_fill")
        self.fix_button.setText(fix)
        self.fix_button.setToolTip(tr("{fix} (Alt+Invio)", fix=fix))
        self._fix_row.setVisible(bool(fix))

    def set_ok(self, text: str) -> None:
        self._show("ok", text, "positive")
        self._mark.set_icon("circle-check", "positive_fill")

    def set_plain(self) -> None:
        self._show("", "", "3")

    def set_old_value(self, text: str | None) -> None:
        """Amber dot and the value before; None when the field is as it was."""
        self._dot.setVisible(text is not None)
        self._old_text = text
        if not self.state:
            self._show("", "", "3")

    _old_text: str | None = None

    def _show(self, state: str, text: str, tone: str) -> None:
        self.state = state
        if not text and self._old_text is not None:
            text = tr("prima: {value}", value=self._old_text or tr("vuoto"))
        set_tone(self.title_label, "negative" if state == "error" else "2")
        set_tone(self.message_label, tone)
        self.message_label.setText(text)
        self._mark.setVisible(bool(state))
        self._message_row.setVisible(bool(text))
        self._fix_row.hide()
        self.editor.setAccessibleDescription(text)
        if self.editor.property("state") != (wanted := "error" if state == "error" else ""):
            set_tone(self.editor, wanted, "state")

    def message(self) -> str:
        return self.message_label.text()

    def has_fix(self) -> bool:
        return not self._fix_row.isHidden()

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
