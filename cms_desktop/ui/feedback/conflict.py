"""ConflictDialog: somebody saved the same record meanwhile. Three columns, a choice per field, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QWidget

from .. import theme
from ..basics import Elevated, IconLabel, boxed, button, column, label, row, rule
from ..translation import translator

tr = translator("ui")
STRETCHES = (2, 3, 3, 3)


@dataclass(frozen=True)
class ConflictField:
    """One field in words: as it was when the record was opened, as it is on the server now, as it was typed here."""

    key: str
    name: str
    before: str
    now: str
    mine: str

    def clashes(self) -> bool:
        return self.now not in (self.before, self.mine) and self.mine != self.before

    def merged(self) -> str:
        """Which side wins without asking: what only one side changed."""
        return "mine" if self.now == self.before else "now"


class ConflictDialog(Elevated):
    """↑↓ move over the fields, ←→ choose the side, F10 or Ctrl+Enter saves the choices, Esc leaves."""

    accepted = Signal()
    reload_wanted = Signal()
    closed = Signal()

    def __init__(self, record: str, who: str, fields: Sequence[ConflictField]) -> None:
        super().__init__(radius=12)
        self._fields = list(fields)
        clashing = [one for one in fields if one.clashes()]
        self.rows = [_FieldRow(one) for one in clashing]
        for one in self.rows:
            one.move_wanted.connect(self._on_move_wanted)
        close = button("", "icon", "x", tip=tr("Chiudi (Esc)"))
        close.clicked.connect(self.closed)
        titles = column(label(tr("La scheda è cambiata mentre la modificavi"), "title"), label(f"{record} · {who}", "body", "2"), spacing=2)
        head = row(IconLabel("git-compare", 20, "warning_fill", 2), titles, None, close, spacing=12, margins=(24, 20, 16, 16))
        grid = column(self._column_titles(), *self.rows, None, spacing=0, margins=(24, 0, 24, 16))
        scroll, inner = QScrollArea(), boxed(grid)
        scroll.setWidget(inner)
        for part in (inner, scroll.viewport()):
            part.setAutoFillBackground(False)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setFixedHeight(32 + 40 * min(8, len(self.rows)) + 18)
        self.body.addLayout(column(head, scroll, rule(), self._foot(len(fields), len(clashing)), spacing=0))
        self.setFixedWidth(880 + 2 * self.MARGIN)
        self.setAccessibleName(tr("La scheda è cambiata mentre la modificavi"))
        if self.rows:
            self.rows[0].setObjectName("first-focus")

    def _column_titles(self) -> QHBoxLayout:
        names = ((tr("Campo"), "3"), (tr("Quando l'hai aperta"), "3"), (tr("Adesso sul server"), "2"), (tr("La tua modifica"), "2"))
        layout = row(spacing=0)
        for (text, tone), stretch in zip(names, STRETCHES, strict=True):
            cell = label(text, "small-medium", tone)
            cell.setFixedHeight(32)
            cell.setMinimumWidth(1)
            cell.setContentsMargins(12, 0, 12, 0)
            layout.addWidget(cell, stretch)
        return layout

    def _foot(self, fields: int, clashing: int) -> QWidget:
        merged = fields - clashing
        note = tr("Campi già uniti perché non in contrasto: {merged} su {fields}.", fields=fields, merged=merged) if merged else ""
        reload_button = button(tr("Ricarica e perdi le mie"))
        reload_button.clicked.connect(self.reload_wanted)
        self.save_button = button(tr("Salva le scelte"), "primary", tip=tr("Salva le scelte (F10)"))
        self.save_button.clicked.connect(self.accepted)
        return boxed(row(label(note, "small", "3"), None, reload_button, self.save_button, margins=(24, 12, 24, 16)))

    def choices(self) -> dict[str, str]:
        """For every field its key and the side that wins: "now" (the server) or "mine"."""
        chosen = {one.field.key: one.choice for one in self.rows}
        return {one.key: chosen.get(one.key, one.merged()) for one in self._fields}

    def _on_move_wanted(self, step: int) -> None:
        focused = next((i for i, one in enumerate(self.rows) if one.hasFocus()), 0)
        self.rows[max(0, min(len(self.rows) - 1, focused + step))].setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_F10 or (control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_S)):
            self.accepted.emit()
        else:
            super().keyPressEvent(event)


class _FieldRow(QWidget):
    """One clashing field; "mine" is chosen until somebody says otherwise."""

    move_wanted = Signal(int)  # the scroll area around would keep ↑↓ for itself

    def __init__(self, field: ConflictField) -> None:
        super().__init__()
        self.field, self.choice = field, "mine"
        self.setFixedHeight(40)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._tell()

    def choose(self, side: str) -> None:
        self.choice = side
        self._tell()
        self.update()

    def _tell(self) -> None:
        value = self.field.mine if self.choice == "mine" else self.field.now
        side = tr("La tua modifica") if self.choice == "mine" else tr("Adesso sul server")
        self.setAccessibleName(f"{self.field.name}: {side}, {value}")

    def _boxes(self) -> list[QRectF]:
        total, x, boxes = sum(STRETCHES), 0.0, []
        for stretch in STRETCHES:
            width = self.width() * stretch / total
            boxes.append(QRectF(x, 0, width, self.height()))
            x += width
        return boxes

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None:
            self.move_wanted.emit(step)
        elif event.key() == Qt.Key.Key_Left:
            self.choose("now")
        elif event.key() == Qt.Key.Key_Right:
            self.choose("mine")
        elif event.key() == Qt.Key.Key_Space:
            self.choose("now" if self.choice == "mine" else "mine")
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        boxes = self._boxes()
        if boxes[2].contains(event.position()):
            self.choose("now")
        elif boxes[3].contains(event.position()):
            self.choose("mine")

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), QColor(t.line))
        if self.hasFocus():
            painter.fillRect(QRectF(0, 6, 3, self.height() - 13), QColor(t.accent_fill))
        texts = (self.field.name, self.field.before, self.field.now, self.field.mine)
        for place, (box, text) in enumerate(zip(self._boxes(), texts, strict=True)):
            chosen = (place == 2 and self.choice == "now") or (place == 3 and self.choice == "mine")
            self._paint_cell(painter, box, place, text or tr("vuoto"), chosen)

    def _paint_cell(self, painter: QPainter, box: QRectF, place: int, text: str, chosen: bool) -> None:
        t, x = theme.current(), 12.0
        if chosen:
            painter.setPen(QPen(QColor(t.accent_fill), 1.5))
            painter.setBrush(QColor(t.accent_soft))
            painter.drawRoundedRect(box.adjusted(3, 3, -3, -4), 6, 6)
        if place >= 2:
            centre = QPointF(box.left() + 20, box.center().y() - 0.5)
            painter.setPen(QPen(QColor(t.accent_fill if chosen else t.border_field), 1.5))
            painter.setBrush(QColor(t.popover))
            painter.drawEllipse(centre, 7, 7)
            if chosen:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(t.accent_fill))
                painter.drawEllipse(centre, 3.5, 3.5)
            x = 36.0
        role = "medium" if place == 0 or chosen else "body"
        painter.setFont(theme.font(role))
        painter.setPen(QColor(t.text if place == 0 or chosen else t.text_2))
        room = box.width() - x - 12
        shown = theme.metrics(role).elidedText(text, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(QRectF(box.left() + x, 0, room, box.height()), Qt.AlignmentFlag.AlignVCenter, shown)
