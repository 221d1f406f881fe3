"""What takes time with attachments: sending one after the other, fetching; with progress and a cancel that stops it."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from cms_desktop.core.errors import AppError, Cancelled
from cms_desktop.modules.registry.attachments import actions, rules, transfer
from cms_desktop.modules.registry.attachments.copies import COPIES
from cms_desktop.modules.registry.attachments.records import Attachment, Outgoing
from cms_desktop.modules.registry.notes.records import Subject
from cms_desktop.ui.background import Background, Request
from cms_desktop.ui.basics import ElidedLabel, boxed, button, label, row
from cms_desktop.ui.translation import translator

tr = translator("notes")


class TransferStrip(QWidget):
    """Name, bar, how much of how much, cancel."""

    cancel_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name, self.amount, self.bar = ElidedLabel("", "small-medium"), label("", "small", "3"), QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.cancel_button = button(tr("Annulla"), size="small", tip=tr("Ferma il trasferimento: non resta nulla a metà"))
        self.cancel_button.clicked.connect(self.cancel_wanted)
        line = row(self.name, self.bar, self.amount, self.cancel_button, spacing=12, margins=(16, 6, 12, 6))
        line.setStretch(0, 2)
        line.setStretch(1, 3)
        self.setLayout(row(boxed(line, strip="true"), spacing=0))
        self.hide()

    def begin(self, words: str) -> None:
        self.name.setText(words)
        self.advance(0, 1)
        self.amount.setText("")
        self.show()

    def advance(self, done: int, total: int) -> None:
        self.bar.setValue(round(1000 * done / max(total, 1)))
        self.amount.setText(tr("{done} di {total}", done=rules.size_text(done), total=rules.size_text(total)))


class AttachmentWork(QObject):
    """One document is sent and one fetched at a time; sending has the strip. `attached(id)` for each document, `settled` when the queue is empty, `failed(error)` stops it."""

    attached = Signal(int)
    settled = Signal()
    failed = Signal(object)

    def __init__(self, owner: QWidget, background: Background, strip: TransferStrip) -> None:
        super().__init__(owner)
        self._background, self.strip = background, strip
        self._waiting: list[tuple[Outgoing, Callable[[Any], int]]] = []
        self._request: Request | None = None  # what is being sent
        self._fetching: Request | None = None
        strip.cancel_wanted.connect(self.cancel)

    def is_busy(self) -> bool:
        return self._request is not None or self._fetching is not None

    def send(self, subject: Subject, documents: Sequence[Outgoing]) -> None:
        """Attach documents, each a piece of work of its own: what is attached stays when a later one is refused."""
        self._queue(documents, lambda one: lambda unit: actions.attach(unit, subject, one))

    def send_version(self, attachment_id: int, document: Outgoing) -> None:
        self._queue([document], lambda one: lambda unit: actions.attach_version(unit, attachment_id, one))

    def _queue(self, documents: Sequence[Outgoing], work: Callable[[Outgoing], Callable[[Any], int]]) -> None:
        self._waiting += [(one, work(one)) for one in documents]
        if self._request is None:
            self._next()

    def _next(self) -> None:
        if not self._waiting:
            self._finish()
            self.settled.emit()
            return
        document, work = self._waiting.pop(0)
        self.strip.begin(tr("Allego {name}", name=document.name))
        self._request = self._background.run(self, work, then=self._on_attached, failed=self._on_failed, progress=self._on_progress)

    def fetch(self, attachment: Attachment, then: Callable[[pathlib.Path], None], target: pathlib.Path | None = None) -> None:
        """A copy for other programs, read-only and temporary; or the document at `target`, to keep."""
        path = target or COPIES.place_for(attachment.attachment_id, attachment.name)
        if target is None and path.exists():
            then(path)
            return
        if self._fetching is not None:
            self._fetching.cancel()

        def work(unit: Any) -> pathlib.Path:
            transfer.fetch_to(unit, attachment.attachment_id, path)
            return path if target is not None else COPIES.close_for_writing(path)

        def done(found: pathlib.Path) -> None:
            self._end_fetch()
            then(found)

        def failed(error: AppError) -> None:
            self._end_fetch()
            if not isinstance(error, Cancelled):
                self.failed.emit(error)

        def progress(read: int, total: int, _phase: str) -> None:
            if self._request is None:
                self.strip.advance(read, total)

        if self._request is None:
            self.strip.begin(tr("Leggo {name}", name=attachment.name))
        self._fetching = self._background.run(self, work, then=done, failed=failed, progress=progress, key="fetch")

    def _end_fetch(self) -> None:
        self._fetching = None
        if self._request is None:
            self.strip.hide()

    def cancel(self) -> None:
        """Stops what runs and forgets what waits; nothing is left half done."""
        self._waiting.clear()
        for request in (self._request, self._fetching):
            if request is not None:
                request.cancel()
        self._fetching = None
        self._finish()

    def _on_progress(self, done: int, total: int, _phase: str) -> None:
        if self._request is not None:
            self.strip.advance(done, total)

    def _on_attached(self, attachment_id: int) -> None:
        self.attached.emit(attachment_id)
        self._next()

    def _on_failed(self, error: AppError) -> None:
        cancelled = isinstance(error, Cancelled)
        if not cancelled or self._request is not None:
            self._waiting.clear()
            self._finish()
        if not cancelled:
            self.failed.emit(error)
        self.settled.emit()

    def _finish(self) -> None:
        self._request = None
        self.strip.hide()
