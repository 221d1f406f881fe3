"""GroupedList: rows under group titles, drawn by a delegate; used by the palette and the shortcut table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from . import theme
from .basics import keycaps_width, paint_keycaps
from .commands import plain
from .icons import paint_icon

ROW, TITLE = 40, 34
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class ListEntry:
    """A row, or (with `is_title`) the title of the group that follows."""

    text: str
    icon: str = ""
    detail: str = ""
    right: str = ""
    keys: tuple[str, ...] = ()
    run: Callable[[], object] | None = None
    is_title: bool = False
    is_enabled: bool = True


class _Model(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.entries: list[ListEntry] = []

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (entry.text, entry.detail, entry.right, "+".join(entry.keys)) if part)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        entry = self.entries[index.row()]
        if entry.is_title or not entry.is_enabled:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def show(self, entries: Sequence[ListEntry]) -> None:
        self.beginResetModel()
        self.entries = list(entries)
        self.endResetModel()


def bold_ranges(text: str, wanted: str) -> list[tuple[int, int]]:
    """Where the typed letters stand in `text`: (start, length) …, accents and capitals aside."""
    letters = [plain(letter) for letter in text]
    starts = [0]
    for letter in letters:
        starts.append(starts[-1] + len(letter))
    flat, found = "".join(letters), []
    for word in [plain(wanted).strip()] if plain(wanted).strip() in flat else plain(wanted).split():
        place = flat.find(word) if word else -1
        if place >= 0:
            first = next(i for i in range(len(text)) if starts[i + 1] > place)
            last = next(i for i in range(len(text)) if starts[i + 1] >= place + len(word))
            found.append((first, last - first + 1))
    return found


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: GroupedList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, TITLE if self._view.entry(index).is_title else ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry, box, t = self._view.entry(index), QRectF(option.rect), theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if entry.is_title:
            painter.setFont(theme.font("small-medium"))
            painter.setPen(QColor(t.text_3))
            painter.drawText(box.adjusted(22, 8, -22, 0), Qt.AlignmentFlag.AlignVCenter, entry.text)
        else:
            state = option.state
            active = bool(state & QStyle.StateFlag.State_Selected)
            self._paint_row(painter, box, entry, active, bool(state & QStyle.StateFlag.State_MouseOver))
        painter.restore()

    def _paint_row(self, painter: QPainter, box: QRectF, entry: ListEntry, active: bool, hover: bool) -> None:
        t = theme.current()
        if active or hover:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.accent_soft if active else t.hover))
            painter.drawRoundedRect(box.adjusted(8, 1, -8, -1), 6, 6)
        if active:
            painter.setBrush(QColor(t.accent_fill))
            painter.drawRoundedRect(QRectF(box.left() + 8, box.top() + 10, 3, 20), 1.5, 1.5)
        if entry.icon:
            colour = t.accent if active else t.text_2
            paint_icon(painter, entry.icon, QRectF(box.left() + 22, box.top() + 11, 18, 18), colour)
        right = self._paint_right(painter, box, entry)
        left = box.left() + (54 if entry.icon else 22)
        x = self._paint_text(painter, QRectF(left, box.top(), max(0.0, right - left), box.height()), entry)
        painter.setFont(theme.font("small"))
        painter.setPen(QColor(t.text_3))
        room = right - x - 12
        if room > 20:
            shown = theme.metrics("small").elidedText(entry.detail, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(x + 12, box.top(), room, box.height()), Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_right(self, painter: QPainter, box: QRectF, entry: ListEntry) -> float:
        """Key caps and the figure at the right; returns where they start."""
        edge = box.right() - 20
        if entry.keys:
            edge -= keycaps_width(entry.keys)
            paint_keycaps(painter, edge, box.center().y(), entry.keys)
            edge -= 12
        if entry.right:
            painter.setFont(theme.font("small"))
            painter.setPen(QColor(theme.current().text_2))
            width = theme.metrics("small").horizontalAdvance(entry.right) + 2
            painter.drawText(QRectF(edge - width, box.top(), width, box.height()), Qt.AlignmentFlag.AlignVCenter, entry.right)
            edge -= width + 12
        return edge

    def _paint_text(self, painter: QPainter, box: QRectF, entry: ListEntry) -> float:
        """The text with the typed letters in bold; returns where it ends."""
        t, x = theme.current(), box.left()
        text = theme.metrics("body", size=14).elidedText(entry.text, Qt.TextElideMode.ElideRight, box.width() * 0.98)
        painter.setPen(QColor(t.text if entry.is_enabled else t.text_off))
        marks = {place for start, length in bold_ranges(text, self._view.wanted) for place in range(start, start + length)}
        start = 0
        while start < len(text):
            end = start + 1
            while end < len(text) and (end in marks) == (start in marks):
                end += 1
            weight = 700 if start in marks else 400
            painter.setFont(theme.font("body", size=14, weight=weight))
            width = theme.metrics("body", size=14, weight=weight).horizontalAdvance(text[start:end])
            painter.drawText(QRectF(x, box.top(), width + 4, box.height()), Qt.AlignmentFlag.AlignVCenter, text[start:end])
            x, start = x + width, end
        return x


class GroupedList(QListView):
    """Never takes the focus: the search field above it keeps it and passes ↑↓ on."""

    opened = Signal(object)  # ListEntry

    def __init__(self) -> None:
        super().__init__()
        self.wanted = ""
        self._model = _Model()
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.setStyleSheet("QListView { background: transparent; border: 0; }")
        self.clicked.connect(lambda index: self.opened.emit(self.entry(index)))

    def entry(self, index: Index) -> ListEntry:
        return self._model.entries[index.row()]

    def entries(self) -> list[ListEntry]:
        return list(self._model.entries)

    def show_entries(self, entries: Sequence[ListEntry], wanted: str = "") -> None:
        """Show these, the first one chosen; `wanted` is set in bold."""
        self.wanted = wanted
        self._model.show(entries)
        self.move_choice(1, fresh=True)
        self.scrollToTop()

    def chosen(self) -> ListEntry | None:
        index = self.currentIndex()
        return self.entry(index) if index.isValid() else None

    def move_choice(self, step: int, *, fresh: bool = False) -> None:
        """To the next row that can be chosen; titles are skipped, the ends wrap."""
        count = self._model.rowCount()
        place = -1 if fresh or not self.currentIndex().isValid() else self.currentIndex().row()
        for distance in range(1, count + 1):
            row = (place + step * distance) % count
            if self._model.flags(self._model.index(row)) & Qt.ItemFlag.ItemIsSelectable:
                self.setCurrentIndex(self._model.index(row))
                return

    def move_group(self, step: int) -> None:
        """To the first row of the next or previous group; the ends wrap."""
        starts = [place + 1 for place, entry in enumerate(self._model.entries) if entry.is_title and place + 1 < len(self._model.entries)]
        if not starts:
            return
        here = sum(1 for start in starts if start <= self.currentIndex().row()) - 1
        self.setCurrentIndex(self._model.index(starts[(here + step) % len(starts)]))

    def content_height(self) -> int:
        return sum(TITLE if entry.is_title else ROW for entry in self._model.entries)
