"""Text, codes and longer notes."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QPlainTextEdit, QSizePolicy, QWidget

from cms_desktop.core.filter_text import Choices

from .. import theme
from ..basics import column, row
from ..translation import translator
from .base import Field, LineField

tr = translator("ui")


class TextField(LineField):
    """One line; the value is the text without outer spaces."""

    def __init__(self, title: str, *, longest: int = 0, **more: Any) -> None:
        super().__init__(title, **more)
        if longest:
            self.line.setMaxLength(longest)

    def value(self) -> str:
        return self.text()

    def set_value(self, value: Any) -> None:
        self.set_text("" if value is None else str(value))


class CodeField(TextField):
    """Codice fiscale, IBAN and the like: no spaces, capitals unless `upper=False`, figures with a slashed zero."""

    def __init__(self, title: str, *, upper: bool = True, longest: int = 0, **more: Any) -> None:
        super().__init__(title, longest=longest, **more)
        self._upper = upper
        self.line.setFont(theme.font("body", code=True))

    def value(self) -> str:
        text = "".join(self.text().split())
        return text.upper() if self._upper else text

    def normalise(self) -> None:
        if self.line.text() != self.value():
            self.set_text(self.value())


class MultilineField(Field):
    """Several lines; Tab goes on, Enter starts a new line."""

    def __init__(self, title: str, *, lines: int = 3, required: bool = False, note: str = "", hint: str = "") -> None:
        self.edit = QPlainTextEdit()
        super().__init__(title, self.edit, required=required, note=note)
        title_height = self.title_label.sizeHint().height() + 4
        self.edit.setTabChangesFocus(True)
        self.edit.setPlaceholderText(hint)
        self.edit.setFixedHeight(lines * 20 + 18)
        self.setMinimumHeight(lines * 20 + 18 + title_height)  # the style sheet has its own least height for the editor
        self._is_filling = False
        self.edit.textChanged.connect(self._on_text_changed)

    def _on_text_changed(self) -> None:
        if not self._is_filling:
            self.changed.emit()

    def value(self) -> str:
        return self.edit.toPlainText().strip()

    def set_value(self, value: Any) -> None:
        self._is_filling = True
        self.edit.setPlainText("" if value is None else str(value))
        self._is_filling = False

    def set_read_only(self, read_only: bool) -> None:
        self.edit.setReadOnly(read_only)

    def is_read_only(self) -> bool:
        return self.edit.isReadOnly()

    def enter_goes_on(self) -> bool:
        return False


class ChoiceField(Field):
    """One of the values of `choices` (value, title). `empty` is the title of 'none', when none is allowed."""

    def __init__(self, title: str, choices: Choices, *, empty: str | None = None, required: bool = False, note: str = "") -> None:
        self.combo = QComboBox()
        super().__init__(title, self.combo, required=required, note=note)
        self.combo.setFont(theme.font("body"))
        self.combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setMinimumContentsLength(3)
        self._empty = empty
        self.set_choices(choices)
        self.combo.activated.connect(lambda _place: self.changed.emit())

    def set_choices(self, choices: Choices) -> None:
        """Other values; the present one stays when it is still there."""
        now = self.value() if self.combo.count() else None
        self.combo.clear()
        if self._empty is not None:
            self.combo.addItem(self._empty, None)
        for value, title in choices:
            self.combo.addItem(title, (value,))
        self.set_value(now)

    def value(self) -> Any:
        held = self.combo.currentData()
        return held[0] if held is not None else None

    def set_value(self, value: Any) -> None:
        held = [self.combo.itemData(place) for place in range(self.combo.count())]
        self.combo.setCurrentIndex(next((place for place, one in enumerate(held) if (one[0] if one is not None else None) == value), -1))

    def text_of(self, value: Any) -> str:
        for place in range(self.combo.count()):
            held = self.combo.itemData(place)
            if held is not None and held[0] == value:
                return self.combo.itemText(place)
        return ""

    def handle_key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_F4:
            self.combo.showPopup()
            return True
        return super().handle_key(event)


class CheckField(Field):
    """A tick with its title beside it."""

    def __init__(self, title: str, *, required: bool = False, note: str = "") -> None:
        self.box = QCheckBox(title)
        super().__init__(title, self.box, required=required, note=note)
        self.box.clicked.connect(lambda _checked: self.changed.emit())

    def _arrange(self, beside: QWidget | None) -> None:
        self.title_label.hide()
        self._head = row(self.editor, None, spacing=6)
        self.setLayout(column(self._head, None, spacing=4, margins=(0, 6, 0, 0)))

    def value(self) -> bool:
        return self.box.isChecked()

    def set_value(self, value: Any) -> None:
        self.box.setChecked(bool(value))

    def set_title(self, title: str) -> None:
        super().set_title(title)
        self.box.setText(title)

    def is_empty(self) -> bool:
        return not self.value()

    def text_of(self, value: Any) -> str:
        return tr("sì") if value else tr("no")
