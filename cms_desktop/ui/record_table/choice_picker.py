"""Several values of a choice filter: ticks under the column title."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from cms_desktop.core.listing import Value

from ..basics import ENTER_KEYS, button, column, label, row
from ..popover import Popover
from ..translation import translator
from .columns import Choices

tr = translator("ui")
ROW_HEIGHT, MOST_ROWS, VALUE = 28, 10, Qt.ItemDataRole.UserRole


class ChoicePicker(Popover):
    """↑↓ move, Space ticks, Enter takes what is ticked (nothing ticked: the row the keyboard is on), Esc leaves."""

    picked = Signal(tuple)

    def __init__(self, anchor: QWidget, choices: Choices, chosen: Sequence[Value]) -> None:
        super().__init__(anchor)
        self.list = QListWidget()
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        for value, title in choices:
            item = QListWidgetItem(title)
            item.setData(VALUE, value)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if value in chosen else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        first = next((place for place in range(self.list.count()) if self.list.item(place).checkState() == Qt.CheckState.Checked), 0)
        self.list.setCurrentRow(first)
        self.list.setFixedHeight(ROW_HEIGHT * min(MOST_ROWS, max(1, self.list.count())) + 4)
        self.list.setAccessibleName(tr("Valori del filtro"))
        everything = button(tr("Tutti"), "quiet", size="small", tip=tr("Togli il filtro (Canc)"))
        everything.clicked.connect(lambda: self._take(()))
        take = button(tr("Filtra"), "primary", size="small", tip=tr("Filtra (Invio)"))
        take.clicked.connect(self.take)
        hint = label(tr("Spazio sceglie"), "small", "3")
        self.body.addLayout(column(self.list, row(hint, None, everything, take), spacing=8, margins=(8, 8, 8, 8)))
        self.setFixedWidth(260 + 2 * self.MARGIN)
        self.list.installEventFilter(self)

    def ticked(self) -> tuple[Value, ...]:
        items = [self.list.item(place) for place in range(self.list.count())]
        return tuple(item.data(VALUE) for item in items if item.checkState() == Qt.CheckState.Checked)

    def take(self) -> None:
        current = self.list.currentItem()
        self._take(self.ticked() or ((current.data(VALUE),) if current is not None else ()))

    def _take(self, values: tuple[Value, ...]) -> None:
        self.dismiss()
        self.picked.emit(values)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER_KEYS:
            self.take()
        elif event.key() == Qt.Key.Key_Delete:
            self._take(())
        else:
            super().keyPressEvent(event)
            return
        event.accept()
