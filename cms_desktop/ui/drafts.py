"""What is typed and not saved survives a crash: it is kept with the person's settings while they type, and offered when they are back.

    self.draft = FormDraft(self.form, workplace, "customers.customer", page="customers")
    layout.addWidget(self.draft.strip)        # says that something is there: take it up again, or throw it away
    self.draft.follow(customer_id, name)      # after the form was loaded: whose text is typed from now on (None: a new record)

Any object that has `edited`, `dirty_changed`, `draft()` and `restore_draft()` can be followed. Saving and undoing drop what was kept,
because then the form is no longer dirty. `unsaved_forms(settings, company)` lists all for the start; `want_resumed` says that the
person asked for one of them: it is put back as soon as its form follows the record.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import shiboken6
from PySide6.QtCore import QObject, QTimer

from .feedback import InlineMessage
from .list_page.page import SettingsStore
from .translation import translator
from .workplace import Workplace

tr = translator("ui")
PAUSE_MS = 400  # after the last key; with the way to the server well under two seconds
MOST_MS = 1500  # also for who types without a pause
Record = int | str | None  # None: a new one; a text where new records of different owners must be told apart


class TypedForm(Protocol):
    """What can be followed: a RecordForm, or a form of another make with the same four."""

    edited: Any  # Signal(str)
    dirty_changed: Any  # Signal(bool)

    def draft(self) -> dict[str, Any]: ...

    def restore_draft(self, draft: Mapping[str, Any]) -> None: ...


@dataclass(frozen=True)
class UnsavedForm:
    """Text that was typed into a form and not saved. `what` is what its dock needs to show the record on `page`."""

    form: str
    page: str
    record: Record
    title: str
    typed: Mapping[str, Any] = field(default_factory=dict)
    at: str = ""
    what: Mapping[str, Any] = field(default_factory=dict)

    @property
    def module(self) -> str:
        return self.form.split(".")[0]

    def moment(self) -> datetime.datetime | None:
        return datetime.datetime.fromisoformat(self.at) if self.at else None


def _store(company_id: int) -> str:
    return f"drafts.{company_id}"


def _key(form: str, record: Record) -> str:
    return f"{form}:{'' if record is None else record}"


def _read(key: str, one: Mapping[str, Any]) -> UnsavedForm:
    record = one.get("record")
    what = one.get("what") or ({"record": record} if record is not None else {"new": True})
    return UnsavedForm(key.partition(":")[0], one["page"], record, one.get("title", ""), one["typed"], one["at"], what)


def unsaved_forms(settings: SettingsStore, company_id: int) -> list[UnsavedForm]:
    """All of this person on this post, newest first."""
    found = settings.get(_store(company_id)) or {}
    return sorted((_read(key, one) for key, one in found.items()), key=lambda one: one.at, reverse=True)


def want_resumed(settings: SettingsStore, company_id: int, unsaved: UnsavedForm) -> None:
    """The person asked for it: its form puts it back without asking again."""
    found, key = dict(settings.get(_store(company_id)) or {}), _key(unsaved.form, unsaved.record)
    if key not in found:  # as an older program kept it
        found[key] = found.pop(unsaved.form)
    found[key] = {**found[key], "wanted": True}
    settings.set(_store(company_id), found)


class FormDraft(QObject):
    """Keeps what is typed into one form. One record at a time: a form that shows another record asked before."""

    def __init__(self, form: TypedForm, workplace: Workplace, name: str, *, page: str) -> None:
        super().__init__(form if isinstance(form, QObject) else None)
        self._form, self._settings, self._name, self.page = form, workplace.settings, name, page
        self._store = _store(workplace.company.company_id)
        self._record: Record = None
        self._title = ""
        self._what: Mapping[str, Any] = {}
        self._is_following = self._is_dirty = self._is_offered = False
        self._strip: InlineMessage | None = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._most = QTimer(self, singleShot=True, interval=MOST_MS)
        for timer in (self._pause, self._most):
            timer.timeout.connect(self._keep)
        form.edited.connect(self._on_edited)
        form.dirty_changed.connect(self._on_dirty)

    @functools.cached_property
    def strip(self) -> InlineMessage:
        """Says in the form that unsaved text is there; hidden while there is none."""
        strip = self._strip = InlineMessage("info", tr("Qui ci sono modifiche scritte e mai salvate."))
        strip.add_link(tr("Riprendi"), self.resume)
        strip.add_link(tr("Elimina"), self.drop)
        strip.hide()
        return strip

    def follow(self, record: Record, title: str, /, **what: Any) -> None:
        """Whose text is typed from now on; what was typed here and never saved is offered. `what` finds the record again (record=id)."""
        self._record, self._title, self._is_following = record, title, True
        self._what = what or ({"record": record} if record is not None else {"new": True})
        self._offer()

    def leave(self) -> None:
        """Nothing is in the form now."""
        self._is_following = False
        self._show_offer(False)

    def stored(self) -> UnsavedForm | None:
        """What was typed into this record when the program last ended."""
        key, one = self._stored()
        return None if one is None else _read(key, one)

    def _stored(self) -> tuple[str, Mapping[str, Any] | None]:
        kept, key = self._settings.get(self._store) or {}, _key(self._name, self._record)
        old = kept.get(self._name)  # as an older program kept it: one of each form
        if key not in kept and old is not None and old.get("record") == self._record:
            key = self._name
        return key, kept.get(key) if self._is_following else None

    def _offer(self) -> None:
        _key_of, found = self._stored()
        if found is not None and found.get("wanted"):
            self.resume()
        elif not self._is_dirty:  # else it is what is being typed
            self._show_offer(found is not None)

    def _show_offer(self, offered: bool) -> None:
        self._is_offered = offered
        if self._strip is not None and shiboken6.isValid(self._strip):
            self._strip.setVisible(offered)

    def resume(self) -> bool:
        """Put it back into the form."""
        self._show_offer(False)
        found = self.stored()
        if found is not None:
            self._form.restore_draft(found.typed)
            self._is_dirty = True
            self._keep()
        return found is not None

    def drop(self) -> None:
        self._show_offer(False)
        self._pause.stop()
        self._most.stop()
        self._write(None)

    def _on_edited(self, _field: str) -> None:
        if self._is_following:
            self._pause.start()
            if not self._most.isActive():
                self._most.start()

    def _on_dirty(self, dirty: bool) -> None:
        was, self._is_dirty = self._is_dirty, dirty
        if dirty:
            self._on_edited("")
        elif self._is_following and was:
            self.drop()

    def _keep(self) -> None:
        self._pause.stop()
        self._most.stop()
        typed, (_key_of, known) = self._form.draft(), self._stored()
        if typed and self._is_following:
            if self._is_offered and known is not None:  # what was offered and not answered stays under what is typed now
                typed = {**known["typed"], **typed}
            now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
            draft = {"page": self.page, "record": self._record, "title": self._title, "typed": typed, "at": now, "what": dict(self._what)}
            self._write(draft)

    def _write(self, draft: dict[str, Any] | None) -> None:
        own = {_key(self._name, self._record), self._stored()[0]}
        kept = self._settings.get(self._store) or {}
        if draft is None and not own & kept.keys():
            return
        others = {key: one for key, one in kept.items() if key not in own}
        self._settings.set(self._store, others | ({_key(self._name, self._record): draft} if draft else {}) or None)
