"""The list of notes: one card per note, painted; the current one shows all its words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cms_desktop.core import formats
from cms_desktop.modules.registry.notes.columns import minutes_text, moment_text, task_chip
from cms_desktop.modules.registry.notes.records import Note
from cms_desktop.ui import theme
from cms_desktop.ui.chips import chip_width, paint_chip
from cms_desktop.ui.icons import paint_icon
from cms_desktop.ui.translation import translator

tr = translator("notes")
Index = QModelIndex | QPersistentModelIndex
LEFT, RIGHT, TOP, HEAD, LINE, BOTTOM = 52, 16, 10, 20, 18, 12
MOST_LINES = 6  # of a note that is not the current one
WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class _Model(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.notes: list[Note] = []

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self.notes)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        note = self.notes[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            parts = [note.author, moment_text(note.created_at), tr("Riservata") if note.is_private else "", note.words, *_foot(note)]
            return ". ".join(part for part in parts if part)
        return None

    def show(self, notes: Sequence[Note]) -> None:
        self.beginResetModel()
        self.notes = list(notes)
        self.endResetModel()


def _head(note: Note) -> str:
    """What stands beside the author: when, and with whom they spoke."""
    parts = [moment_text(note.created_at)]
    if note.happened_on != note.created_at.astimezone().date():
        parts.append(tr("del {date}", date=formats.date(note.happened_on)))
    if note.spoken_to:
        parts.append(tr("sentito {person}", person=note.spoken_to))
    return " · ".join(parts)


def _foot(note: Note) -> list[str]:
    """What is to be done with it, and what came of it."""
    parts = []
    if note.is_task:
        due = tr(" entro il {date}", date=formats.date(note.due_on)) if note.due_on is not None else ""
        parts.append(tr("{assigner} → {executor}{due}", assigner=note.assigner, executor=note.executor, due=due))
    if note.outcome and note.task_state == "done":
        parts.append(tr("Esito: {words}", words=note.outcome))
    if note.minutes:
        parts.append(minutes_text(note.minutes))
    if note.remind_at is not None and note.task_state != "done":
        parts.append(tr("promemoria {moment}", moment=moment_text(note.remind_at)))
    return parts


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: NoteList) -> None:
        super().__init__(view)
        self._view = view

    def _words_height(self, note: Note, width: int, current: bool) -> int:
        height = theme.metrics("body").boundingRect(QRectF(0, 0, width, 100_000), WRAP, note.words).height()
        return round(height if current else min(height, MOST_LINES * theme.metrics("body").lineSpacing()))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        note = self._view.note(index)
        width = max(120, self._view.viewport().width() - LEFT - RIGHT)
        current = index.row() == self._view.currentIndex().row()
        height = TOP + HEAD + 4 + self._words_height(note, width, current) + (LINE + 4 if _foot(note) else 0) + BOTTOM
        return QSize(width, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        state: QStyle.StateFlag = option.state
        box: QRect = option.rect
        note, t = self._view.note(index), theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(t.accent_soft))
            painter.fillRect(QRect(box.left(), box.top(), 3, box.height()), QColor(t.accent_fill))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(t.hover))
        painter.fillRect(QRect(box.left() + 16, box.bottom(), box.width() - 16, 1), QColor(t.line))
        name, colour = ("lock", t.warning_fill) if note.is_private else ("square-check" if note.is_task else "message-square", t.text_2)
        paint_icon(painter, name, QRectF(box.left() + 18, box.top() + TOP + 1, 18, 18), colour)
        self._paint_head(painter, box, note)
        self._paint_body(painter, box, note, index.row() == self._view.currentIndex().row())
        painter.restore()

    def _paint_head(self, painter: QPainter, box: QRect, note: Note) -> None:
        t, edge, centre = theme.current(), box.right() - RIGHT, box.top() + TOP + HEAD / 2
        chips = [task_chip(note)] if note.is_task else []
        chips += [(tr("Riservata"), "warning")] if note.is_private else []
        for words, tone in chips:
            edge -= round(chip_width(words))
            paint_chip(painter, edge, centre, words, tone)
            edge -= 8
        left, middle = box.left() + LEFT, Qt.AlignmentFlag.AlignVCenter
        author = note.author or "–"
        painter.setFont(theme.font("medium"))
        painter.setPen(QColor(t.text))
        width = round(theme.metrics("medium").horizontalAdvance(author))
        painter.drawText(QRect(left, box.top() + TOP, width + 4, HEAD), middle, author)
        painter.setFont(theme.font("small"))
        painter.setPen(QColor(t.text_3))
        room = edge - left - width - 10
        if room > 30:
            text = theme.metrics("small").elidedText(_head(note), Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRect(left + width + 10, box.top() + TOP, room, HEAD), middle, text)

    def _paint_body(self, painter: QPainter, box: QRect, note: Note, current: bool) -> None:
        t, width, top = theme.current(), box.width() - LEFT - RIGHT, box.top() + TOP + HEAD + 4
        height = self._words_height(note, width, current)
        painter.setFont(theme.font("body"))
        painter.setPen(QColor(t.text))
        painter.setClipRect(QRect(box.left() + LEFT, top, width, height))
        painter.drawText(QRect(box.left() + LEFT, top, width, 100_000), WRAP, note.words)
        painter.setClipping(False)
        foot = " · ".join(_foot(note)).replace("\n", " ")
        if foot:
            painter.setFont(theme.font("small"))
            painter.setPen(QColor(t.text_2))
            text = theme.metrics("small").elidedText(foot, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRect(box.left() + LEFT, top + height + 4, width, LINE), Qt.AlignmentFlag.AlignVCenter, text)


class NoteList(QListView):
    """↑↓ choose, Enter opens."""

    opened = Signal(object)  # Note
    note_chosen = Signal(object)  # Note or None
    more_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._model = _Model()
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(tr("Note"))
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet("QListView { background: transparent; border: 0; }")
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        self.doubleClicked.connect(lambda index: self.opened.emit(self.note(index)))
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    def note(self, index: Index) -> Note:
        return self._model.notes[index.row()]

    def notes(self) -> list[Note]:
        return list(self._model.notes)

    def chosen(self) -> Note | None:
        index = self.currentIndex()
        return self.note(index) if index.isValid() else None

    def show_notes(self, notes: Sequence[Note]) -> None:
        """Show these; the chosen one stays chosen while it is there."""
        before, scroll = self.chosen(), self.verticalScrollBar().value()
        self._model.show(notes)
        if before is not None and not self.choose(before.note_id):
            self.note_chosen.emit(None)
        self.verticalScrollBar().setValue(scroll)

    def choose(self, note_id: int) -> bool:
        for row, note in enumerate(self._model.notes):
            if note.note_id == note_id:
                self.setCurrentIndex(self._model.index(row))
                self.note_chosen.emit(note)
                return True
        return False

    def _on_current_changed(self, current: QModelIndex, before: QModelIndex) -> None:
        for index in (current, before):
            if index.isValid():
                self.itemDelegate().sizeHintChanged.emit(index)
        self.note_chosen.emit(self.chosen())

    def _on_scrolled(self, value: int) -> None:
        if value >= self.verticalScrollBar().maximum() - 200:
            self.more_wanted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        note = self.chosen()
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
            and note is not None
        ):
            self.opened.emit(note)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and note is None and self._model.notes:
            self.setCurrentIndex(self._model.index(0))
        else:
            super().keyPressEvent(event)
