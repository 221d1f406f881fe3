"""What is typed and not saved survives a crash: it is kept with the person's settings while they type, and offered when they are back.

    self.draft = FormDraft(self.form, workplace, "customers.customer", page="customers")
    self.draft.follow(customer_id, name)      # after `form.load`: whose text is typed from now on (None: a new record)
    self.draft.stored()                       # what was typed here and never saved
    self.draft.resume() / self.draft.drop()

Saving and undoing drop it, because then the form is no longer dirty. `unsaved_forms(settings, company)` lists all for the start.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, QTimer

from .form import RecordForm
from .list_page.page import SettingsStore
from .workplace import Workplace

PAUSE_MS = 400  # after the last key; with the way to the server well under two seconds
MOST_MS = 1500  # also for who types without a pause


@dataclass(frozen=True)
class UnsavedForm:
    """Text that was typed into a form and not saved. `record` None: a new one."""

    form: str
    page: str
    record: int | None
    title: str
    typed: Mapping[str, Any] = field(default_factory=dict)
    at: str = ""

    @property
    def module(self) -> str:
        return self.form.split(".")[0]

    def moment(self) -> datetime.datetime | None:
        return datetime.datetime.fromisoformat(self.at) if self.at else None


def _key(company_id: int) -> str:
    return f"drafts.{company_id}"


def unsaved_forms(settings: SettingsStore, company_id: int) -> list[UnsavedForm]:
    """All of this person on this post, newest first."""
    found = settings.get(_key(company_id)) or {}
    forms = [
        UnsavedForm(name, one["page"], one.get("record"), one.get("title", ""), one["typed"], one["at"]) for name, one in found.items()
    ]
    return sorted(forms, key=lambda one: one.at, reverse=True)


class FormDraft(QObject):
    """Keeps what is typed into one form. One record at a time: a form that shows another record asked before."""

    def __init__(self, form: RecordForm, workplace: Workplace, name: str, *, page: str) -> None:
        super().__init__(form)
        self._form, self._settings, self._name, self._page = form, workplace.settings, name, page
        self._store = _key(workplace.company.company_id)
        self._record: int | None = None
        self._title = ""
        self._is_following = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._most = QTimer(self, singleShot=True, interval=MOST_MS)
        for timer in (self._pause, self._most):
            timer.timeout.connect(self._keep)
        form.edited.connect(self._on_edited)
        form.dirty_changed.connect(self._on_dirty)

    def follow(self, record: int | None, title: str) -> None:
        """Whose text is typed from now on."""
        self._record, self._title, self._is_following = record, title, True

    def stored(self) -> UnsavedForm | None:
        """What was typed into this record when the program last ended."""
        found = (self._settings.get(self._store) or {}).get(self._name)
        if not self._is_following or found is None or found.get("record") != self._record:
            return None
        return UnsavedForm(self._name, found["page"], found.get("record"), found.get("title", ""), found["typed"], found["at"])

    def resume(self) -> bool:
        """Put it back into the form."""
        found = self.stored()
        if found is not None:
            self._form.restore_draft(found.typed)
        return found is not None

    def drop(self) -> None:
        self._pause.stop()
        self._most.stop()
        self._write(None)

    def _on_edited(self, _key: str) -> None:
        if self._is_following:
            self._pause.start()
            if not self._most.isActive():
                self._most.start()

    def _on_dirty(self, dirty: bool) -> None:
        if dirty:
            self._on_edited("")
        elif self._is_following:
            self._pause.stop()
            self._most.stop()
            if (self._settings.get(self._store) or {}).get(self._name, {}).get("record") == self._record:
                self._write(None)

    def _keep(self) -> None:
        self._pause.stop()
        self._most.stop()
        typed = self._form.draft()
        if typed:
            now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
            self._write({"page": self._page, "record": self._record, "title": self._title, "typed": typed, "at": now})

    def _write(self, draft: dict[str, Any] | None) -> None:
        others = {name: one for name, one in (self._settings.get(self._store) or {}).items() if name != self._name}
        self._settings.set(self._store, others | ({self._name: draft} if draft else {}) or None)
