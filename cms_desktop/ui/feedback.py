"""What the program says back: toast, empty state, progress with cancel, conflict dialog."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QProgressBar, QWidget

from cms_desktop.core import formats

from . import theme
from .icons import paint_icon
from .basics import Elevated, Keycap, boxed, button, column, icon_label, label, row, rule


class Toast(Elevated):
    """Bottom right, 6 s, stays while the pointer is on it; always with 'Annulla' when the action can be undone. Errors are never toasts."""

    MARGIN = 20

    def __init__(self, tone: str, icon_name: str, title: str, detail: str, action: str = "", shortcut: tuple[str, ...] = ()):
        super().__init__(radius=8)
        t = theme.current()
        colour = {"positive": t.positive_fill, "info": t.accent_fill, "warning": t.warning_fill}[tone]
        actions = ([button(action, "link")] + ([Keycap(*shortcut)] if shortcut else [])) if action else []
        self.body.addLayout(
            row(
                icon_label(icon_name, 18, colour, 2),
                column(label(title, "medium"), label(detail, "small", "3"), spacing=0),
                12,
                *actions,
                button("", "icon", "x", tip="Chiudi"),
                spacing=10,
                margins=(14, 8, 8, 8),
            )
        )


class EmptyState(QWidget):
    """Says why there is nothing and what to do next. Never a picture alone; the main action is focused."""

    def __init__(self, icon_name: str, title: str, text: str, *actions: QWidget):
        super().__init__()
        mark = _Round(icon_name)
        title_label, body = (
            label(title, "heading", align=Qt.AlignmentFlag.AlignHCenter),
            label(text, "body", "2", wrap=True, align=Qt.AlignmentFlag.AlignHCenter),
        )
        body.setFixedWidth(340)
        self.setLayout(
            column(
                None,
                row(None, mark, None),
                12,
                title_label,
                row(None, body, None),
                12,
                row(None, *actions, None, spacing=8),
                None,
                spacing=4,
            )
        )


class _Round(QWidget):
    def __init__(self, icon_name: str):
        super().__init__()
        self._icon = icon_name
        self.setFixedSize(56, 56)

    def paintEvent(self, _event) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.neutral_soft))
        painter.drawEllipse(QRectF(self.rect()))
        paint_icon(painter, self._icon, QRectF(16, 16, 24, 24), t.text_2, 1.5)


class RunProgress(QFrame):
    """A long job: what it is doing, how far, how long, and a cancel that really stops it."""

    def __init__(self, title: str, done: int, total: int, detail: str, remaining: str, phases: list[tuple[str, str, str]], cancel: str):
        super().__init__()
        t = theme.current()
        bar = QProgressBar()
        bar.setRange(0, total)
        bar.setValue(done)
        bar.setTextVisible(False)
        head = row(label(title, "heading"), None, label(f"{formats.number(done)} di {formats.number(total)}", "medium"), spacing=8)
        foot = row(label(detail, "small", "2"), None, label(remaining, "small", "3"), spacing=8)
        marks = {
            "done": ("circle-check", t.positive_fill, ""),
            "now": ("circle-dot", t.accent_fill, ""),
            "next": ("circle", t.text_off, "3"),
        }
        lines = [
            row(
                icon_label(marks[state][0], 16, marks[state][1], 2),
                label(name, "small-medium" if state != "next" else "small", marks[state][2]),
                None,
                label(note, "small", "3"),
                spacing=8,
            )
            for name, note, state in phases
        ]
        upper = column(head, bar, foot, 8, *lines, spacing=10, margins=(24, 20, 24, 16))
        lower = row(
            label("Se annulli, nessun numero viene assegnato e nulla resta a metà.", "small", "3"),
            None,
            Keycap("Esc"),
            button(cancel, "danger", "x"),
            spacing=8,
            margins=(24, 12, 24, 16),
        )
        self.setLayout(column(upper, rule(), lower, spacing=0))


class ConflictDialog(Elevated):
    """Somebody saved the same record meanwhile: three columns per field, a choice per field, nothing typed is lost."""

    def __init__(self, record: str, who: str, fields: list[tuple[str, str, str, str, str]]):
        super().__init__(radius=12)
        t = theme.current()
        head = row(
            icon_label("git-compare", 20, t.warning_fill, 2),
            column(label(record, "title"), label(who, "body", "2"), spacing=2),
            None,
            button("", "icon", "x", tip="Chiudi (Esc)"),
            spacing=12,
            margins=(24, 20, 16, 16),
        )
        grid = QGridLayout()
        grid.setContentsMargins(24, 0, 24, 16)
        grid.setHorizontalSpacing(0)
        grid.setVerticalSpacing(0)
        for place, (text, tone) in enumerate(
            (("Campo", "3"), ("Quando l'hai aperta", "3"), ("Adesso sul server", "2"), ("La tua modifica", "2"))
        ):
            cell = label(text, "small-medium", tone)
            cell.setFixedHeight(32)
            cell.setContentsMargins(12, 0, 12, 0)
            grid.addWidget(cell, 0, place)
        for line, (name, before, now, mine, choice) in enumerate(fields, 1):
            for place, text in enumerate((name, before, now, mine)):
                chosen = (choice == "now" and place == 2) or (choice == "mine" and place == 3)
                grid.addWidget(_Choice(text, place, chosen), line, place)
        for place, stretch in enumerate((2, 3, 3, 3)):
            grid.setColumnStretch(place, stretch)
        foot = boxed(
            row(
                label("Di 4 campi, 2 non erano in contrasto e sono già uniti.", "small", "3"),
                None,
                button("Ricarica e perdi le mie", ""),
                button("Salva le scelte", "primary", tip="Salva le scelte (F10)"),
                spacing=8,
                margins=(24, 12, 24, 16),
            )
        )
        self.body.addLayout(column(head, grid, rule(), foot, spacing=0))


class _Choice(QWidget):
    def __init__(self, text: str, place: int, chosen: bool):
        super().__init__()
        self._text, self._place, self._chosen = text, place, chosen
        self.setFixedHeight(40)
        self.setMinimumWidth(150)

    def paintEvent(self, _event) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        painter.fillRect(QRectF(0, box.height() - 1, box.width(), 1), QColor(t.line))
        x = 12.0
        if self._chosen:
            painter.setPen(QPen(QColor(t.accent_fill), 1.5))
            painter.setBrush(QColor(t.accent_soft))
            painter.drawRoundedRect(box.adjusted(3, 3, -3, -4), 6, 6)
        if self._place >= 2:
            centre = QPointF(20, box.center().y() - 0.5)
            painter.setPen(QPen(QColor(t.accent_fill if self._chosen else t.border_field), 1.5))
            painter.setBrush(QColor(t.popover))
            painter.drawEllipse(centre, 7, 7)
            if self._chosen:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(t.accent_fill))
                painter.drawEllipse(centre, 3.5, 3.5)
            x = 36.0
        painter.setFont(theme.font("medium" if self._place in (0,) or self._chosen else "body"))
        painter.setPen(QColor(t.text if self._place == 0 or self._chosen else t.text_2))
        room = box.width() - x - 12
        painter.drawText(
            QRectF(x, 0, room, box.height()),
            Qt.AlignmentFlag.AlignVCenter,
            QFontMetricsF(painter.font()).elidedText(self._text, Qt.TextElideMode.ElideMiddle, room),
        )
