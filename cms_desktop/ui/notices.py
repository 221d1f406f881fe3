"""What was said since the login: toasts leave by themselves, this list keeps them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from .basics import IconLabel, boxed, column, label, row

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


def notice_row(notice: Notice) -> QWidget:
    """One message of the program: mark, words, time."""
    icon_name, colour = MARKS[notice.tone]
    texts = column(label(notice.title, "medium"), *([label(notice.detail, "small", "3", wrap=True)] if notice.detail else []), spacing=0)
    line = row(IconLabel(icon_name, 18, colour, 2), texts, label(f"{notice.at:%H:%M}", "small", "3"), spacing=10, margins=(0, 6, 0, 6))
    line.setStretch(1, 1)
    return boxed(line)
