"""A field that finds its value in a long list (towns, accounts, customers) while one types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from .. import theme
from ..icons import icon
from ..translation import translator
from .base import LineField

tr = translator("ui")
PAUSE_MS, MOST = 120, 50
CHOICE = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class LookupChoice:
    """An entry of the list: what it stands for, its text, a detail at the right; `record` carries more for the owner."""

    key: Any
    text: str = field(compare=False)
    detail: str = field(default="", compare=False)
    record: Any = field(default=None, compare=False)


Find = Callable[[str, Callable[[Sequence[LookupChoice]], None]], None]


class LookupField(LineField):
    """The value is a LookupChoice, or the text itself with `free_text`.

    `find(text, show)` looks in the background and calls `show(choices)` on the GUI thread; answers to older questions are dropped.
    F4 lists entries for what is typed (or all). `chosen` tells which entry was taken.
    """

    chosen = Signal(object)

    def __init__(self, title: str, find: Find, *, free_text: bool = False, **more: Any) -> None:
        super().__init__(title, **more)
        self._find, self._free_text = find, free_text
        self._choice: LookupChoice | None = None
        self._question = 0
        self._model = QStandardItemModel(self)
        self.completer = QCompleter(self._model, self)
        self.completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.completer.setMaxVisibleItems(10)
        self.completer.setWidget(self.line)
        self.popup = QListView()
        self.completer.setPopup(self.popup)
        self.popup.setItemDelegate(_ChoiceDelegate(self))
        activated: Any = self.completer.activated
        activated[QModelIndex].connect(self._on_activated)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.look_up)
        self.line.textEdited.connect(self._on_edited)
        action = self.line.addAction(icon("search", "text_3", 16), QLineEdit.ActionPosition.TrailingPosition)
        action.setToolTip(tr("Apri l'elenco (F4)"))
        action.triggered.connect(self.look_up)

    def value(self) -> LookupChoice | str | None:
        return self.text() if self._free_text else self._choice

    def set_value(self, value: Any) -> None:
        self._choice = value if isinstance(value, LookupChoice) else None
        self.set_text(value.text if isinstance(value, LookupChoice) else "" if value is None else str(value))

    def entry_problem(self) -> str:
        if self._free_text or not self.text() or self._choice is not None:
            return ""
        return tr("«{typed}» non è nell'elenco: scegli una voce (F4).", typed=self.text())

    def text_of(self, value: Any) -> str:
        return value.text if isinstance(value, LookupChoice) else str(value or "")

    def draft(self) -> Any:
        one = self._choice
        return {"text": self.line.text(), "key": one.key if one else None, "detail": one.detail if one else ""}

    def restore_draft(self, draft: Any) -> None:
        key = draft.get("key")
        self.set_value(draft["text"] if key is None else LookupChoice(key, draft["text"], draft.get("detail", "")))

    def look_up(self) -> None:
        """Ask for the entries that fit what is typed."""
        if self.is_read_only():
            return
        self._pause.stop()
        self._question += 1
        question = self._question
        self._find(self.text(), lambda choices: self._show_choices(question, choices))

    def _show_choices(self, question: int, choices: Sequence[LookupChoice]) -> None:
        if question != self._question:
            return
        self._model.clear()
        for choice in choices[:MOST]:
            item = QStandardItem(choice.text)
            item.setData(choice, CHOICE)
            item.setData(f"{choice.text}, {choice.detail}", Qt.ItemDataRole.AccessibleTextRole)
            self._model.appendRow(item)
        if choices and self.line.hasFocus():
            if not self.popup.styleSheet():
                theme.dress(self.popup)  # a window of its own
            self.completer.complete()
            self.popup.setCurrentIndex(self.completer.completionModel().index(0, 0))
        else:
            self.popup.hide()

    def _on_edited(self, text: str) -> None:
        self._choice = None
        if text.strip():
            self._pause.start()
        else:
            self._question += 1
            self.popup.hide()

    def _on_activated(self, index: QModelIndex) -> None:
        self.take(index.data(CHOICE))

    def take(self, choice: LookupChoice) -> None:
        """Choose an entry as the user would."""
        self._question += 1
        self._pause.stop()
        self.set_value(choice)
        self.changed.emit()
        self.chosen.emit(choice)

    def handle_key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_F4 and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.look_up()
            return True
        return super().handle_key(event)


class _ChoiceDelegate(QStyledItemDelegate):
    """Text at the left, detail at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, 28)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t, choice, box = theme.current(), index.data(CHOICE), QRectF(option.rect)
        painter.save()
        chosen = option.state & QStyle.StateFlag.State_Selected
        painter.fillRect(box, QColor(t.accent_soft if chosen else t.popover))
        detail_width = theme.metrics("small").horizontalAdvance(choice.detail)
        painter.setFont(theme.font("body"))
        painter.setPen(QColor(t.text))
        room = box.width() - 28 - detail_width
        text = theme.metrics("body").elidedText(choice.text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(box.adjusted(8, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.setFont(theme.font("small"))
        painter.setPen(QColor(t.text_3))
        painter.drawText(box.adjusted(0, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, choice.detail)
        painter.restore()
