"""The rows of the notification centre: a sentence, the words below, when; unread ones with a dot, kept ones with a pin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.modules.base.notices.records import Notice
from cms_desktop.ui import theme
from cms_desktop.ui.icons import paint_icon
from cms_desktop.ui.translation import translator

tr = translator("notices")
Index = QModelIndex | QPersistentModelIndex
Words = Callable[[Notice], tuple[str, str, str]]
ROW, TITLE = 54, 32


@dataclass(frozen=True)
class Row:
    """A notice, or the title of the group that follows."""

    title: str = ""
    notice: Notice | None = None


def grouped(notices: Sequence[Notice]) -> list[Row]:
    """Kept ones, those to be seen to, and each daily summary under its day."""
    rows: list[Row] = []
    for title, members in (
        (tr("Tenute"), [one for one in notices if one.is_kept]),
        (tr("Da vedere"), [one for one in notices if not one.is_kept and not one.is_digest]),
    ):
        if members:
            rows += [Row(title), *(Row(notice=one) for one in members)]
    digests = [one for one in notices if one.is_digest and not one.is_kept]
    for day in sorted({one.due_at.astimezone().date() for one in digests}, reverse=True):
        rows.append(Row(tr("Riepilogo del {date}", date=formats.date(day))))
        rows += [Row(notice=one) for one in digests if one.due_at.astimezone().date() == day]
    return rows


class _Model(QAbstractListModel):
    def __init__(self, words: Words) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self._words = words

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        one = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if one.notice is None:
                return one.title
            read = "" if one.notice.is_read else tr("Da leggere")
            return ". ".join(part for part in (read, self._words(one.notice)[1], one.notice.body, moment_words(one.notice)) if part)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.rows[index.row()].notice is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def show(self, rows: list[Row]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()


def moment_words(notice: Notice) -> str:
    local = notice.due_at.astimezone()
    return f"{local:%H:%M}" if local.date() == local_today() else formats.date(local.date())


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: NoticeView, words: Words) -> None:
        super().__init__(view)
        self._view, self._words = view, words

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, TITLE if self._view.row(index).notice is None else ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, box, t, state = self._view.row(index), option.rect, theme.current(), option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.notice is None:
            painter.setFont(theme.font("small-medium"))
            painter.setPen(QColor(t.text_3))
            painter.drawText(box.adjusted(14, 6, -14, 0), Qt.AlignmentFlag.AlignVCenter, row.title)
        else:
            self._paint_notice(
                painter, box, row.notice, bool(state & QStyle.StateFlag.State_Selected), bool(state & QStyle.StateFlag.State_MouseOver)
            )
        painter.restore()

    def _paint_notice(self, painter: QPainter, box: QRect, notice: Notice, active: bool, hover: bool) -> None:
        t, middle = theme.current(), Qt.AlignmentFlag.AlignVCenter
        icon, words, colour = self._words(notice)
        if active or hover:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.accent_soft if active else t.hover))
            painter.drawRoundedRect(QRectF(box).adjusted(4, 1, -4, -1), 6, 6)
        if active:
            painter.setBrush(QColor(t.accent_fill))
            painter.drawRoundedRect(QRectF(box.left() + 4, box.top() + 12, 3, box.height() - 24), 1.5, 1.5)
        paint_icon(painter, icon, QRectF(box.left() + 18, box.top() + 10, 18, 18), colour)
        if not notice.is_read:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.accent_fill))
            painter.drawEllipse(QRectF(box.left() + 8.5, box.top() + 15.5, 6, 6))
        when = moment_words(notice)
        width = round(theme.metrics("small").horizontalAdvance(when)) + 2
        edge = box.right() - 14 - width
        painter.setFont(theme.font("small"))
        painter.setPen(QColor(t.text_3))
        painter.drawText(QRect(edge, box.top() + 8, width, 20), middle, when)
        if notice.is_kept:
            edge -= 22
            paint_icon(painter, "pin", QRectF(edge, box.top() + 11, 14, 14), t.accent)
        role = "body" if notice.is_read else "medium"
        left, room = box.left() + 48, edge - box.left() - 58
        painter.setFont(theme.font(role))
        painter.setPen(QColor(t.text))
        painter.drawText(
            QRect(left, box.top() + 8, room, 20), middle, theme.metrics(role).elidedText(words, Qt.TextElideMode.ElideRight, room)
        )
        painter.setFont(theme.font("small"))
        painter.setPen(QColor(t.text_2))
        room = box.right() - left - 14
        body = theme.metrics("small").elidedText(notice.body.replace("\n", " "), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, box.top() + 28, room, 18), middle, body)


class NoticeView(QListView):
    """↑↓ choose, several with Maiusc; the owner hears of Enter and of letters by `pressed_key`."""

    opened = Signal(object)  # Notice
    pressed_key = Signal(int)

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._model = _Model(words)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self, words))
        self.setAccessibleName(tr("Notifiche"))
        self.setObjectName("first-focus")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.setStyleSheet("QListView { background: transparent; border: 0; }")
        self.doubleClicked.connect(lambda index: self.opened.emit(self.row(index).notice))

    def row(self, index: Index) -> Row:
        return self._model.rows[index.row()]

    def notices(self) -> list[Notice]:
        return [row.notice for row in self._model.rows if row.notice is not None]

    def chosen(self) -> list[Notice]:
        rows = [self.row(index).notice for index in sorted(self.selectedIndexes(), key=lambda index: index.row())]
        return [one for one in rows if one is not None]

    def show_notices(self, notices: Sequence[Notice]) -> None:
        """Show these; the row under the hand stays where it was, so that one after the other can be finished."""
        place, chosen = self.currentIndex().row(), {one.notice_id for one in self.chosen()}
        self._model.show(grouped(notices))
        numbers = [n for n, row in enumerate(self._model.rows) if row.notice is not None]
        if not numbers:
            return
        same = next((n for n in numbers if self._model.rows[n].notice.notice_id in chosen), None)  # type: ignore[union-attr]
        self.setCurrentIndex(self._model.index(same if same is not None else next((n for n in numbers if n >= place), numbers[-1])))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        notice = self.row(self.currentIndex()).notice if self.currentIndex().isValid() else None
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and notice is not None:
            self.opened.emit(notice)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_R, Qt.Key.Key_T) and not event.modifiers():
            self.pressed_key.emit(event.key())
        else:
            super().keyPressEvent(event)
