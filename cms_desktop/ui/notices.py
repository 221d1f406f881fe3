"""What was said since the login: toasts leave by themselves, this list keeps them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from .basics import Elevated, IconLabel, boxed, button, column, label, row, rule
from .translation import translator

tr = translator("ui")
MOST = 100
MARKS = {"positive": ("circle-check", "positive_fill"), "info": ("info", "accent_fill"), "warning": ("triangle-alert", "warning_fill")}


@dataclass(frozen=True)
class Notice:
    tone: str
    title: str
    detail: str
    at: datetime.datetime


class NoticeList(QObject):
    """The newest first; `counted` says how many are unread. Those of the person's own doing come as read."""

    counted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.notices: list[Notice] = []
        self.unread = 0

    def add(self, tone: str, title: str, detail: str = "") -> None:
        self.notices.insert(0, Notice(tone, title, detail, datetime.datetime.now().astimezone()))
        del self.notices[MOST:]
        if tone != "positive":
            self.unread += 1
            self.counted.emit(self.unread)

    def mark_read(self) -> None:
        self.unread = 0
        self.counted.emit(0)


class NoticeOverlay(Elevated):
    left = Signal()

    def __init__(self, notices: NoticeList) -> None:
        super().__init__(radius=12)
        rows: list[QWidget] = [self._row(notice) for notice in notices.notices]
        if not rows:
            rows = [label(tr("Nessuna notifica da quando sei entrato."), "body", "2")]
        inner = boxed(column(*rows, None, spacing=2, margins=(0, 0, 8, 0)))
        inner.setProperty("scroll", "true")
        scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setMinimumSize(480, max(64, min(8, len(rows)) * 52))
        close = button(tr("Chiudi"), "primary", tip=tr("Chiudi (Esc)"))
        close.setObjectName("first-focus")
        close.clicked.connect(self.left)
        self.body.addLayout(
            column(
                label(tr("Notifiche"), "title"), 12, scroll, 12, rule(), 12, row(None, close), spacing=0, margins=(24, 20, 24, 20)
            )
        )  # fmt: skip

    def _row(self, notice: Notice) -> QWidget:
        icon_name, colour = MARKS[notice.tone]
        texts = column(
            label(notice.title, "medium"), *([label(notice.detail, "small", "3", wrap=True)] if notice.detail else []), spacing=0
        )
        line = row(IconLabel(icon_name, 18, colour, 2), texts, label(f"{notice.at:%H:%M}", "small", "3"), spacing=10, margins=(0, 6, 0, 6))
        line.setStretch(1, 1)
        return boxed(line)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
