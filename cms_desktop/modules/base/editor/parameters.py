"""Parametri: every dated parameter with the value of today; beside it, its history as a timeline and the form of the next value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError, InvalidInput
from cms_desktop.core.listing import Totals
from cms_desktop.modules.base import actions, queries, rules
from cms_desktop.modules.base.editor.parameter_values import stored_value, typed_values, value_fields, value_text
from cms_desktop.modules.base.records import ParameterHistory, ParameterValue
from cms_desktop.ui.basics import boxed, button, column, label, row
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage, ask
from cms_desktop.ui.form import RecordForm
from cms_desktop.ui.record_table import Column, Noun, RecordTable
from cms_desktop.ui.timeline import Entry, Timeline
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("masters")
DETAIL_WIDTH = 440


def parameter_columns() -> list[Column]:
    return [
        Column("title", tr("Parametro"), lambda one: one.title.title, kind="strong", width=220, stretch=True, sortable=False),
        Column("today", tr("Oggi"), _today, width=150, sortable=False),
        Column("since", tr("Dal"), _since, width=100, sortable=False),
        Column("next", tr("Prossimo"), _next, width=150, sortable=False, gives_way=1),
        Column("state", tr("Stato"), _state, kind="chip", width=190, sortable=False),
    ]


def _today(one: ParameterHistory) -> str:
    value = one.on(local_today())
    return value_text(one.title, value.value) if value else "–"


def _since(one: ParameterHistory) -> str:
    value = one.on(local_today())
    return day_text(value) if value else ""


def _next(one: ParameterHistory) -> str:
    planned = one.planned(local_today())
    return tr("{value} dal {day}", value=value_text(one.title, planned.value), day=formats.date(planned.valid_from)) if planned else ""


def _state(one: ParameterHistory) -> tuple[str, str]:
    missing = rules.missing_since(one, local_today())
    if missing is not None:
        return tr("Manca dal {day}", day=formats.date(missing)), "warning"
    if not one.values:
        return tr("Non indicato"), "neutral"
    return (tr("Di legge"), "info") if one.title.is_law else (tr("Dell'azienda"), "neutral")


def day_text(value: ParameterValue) -> str:
    return tr("sempre") if value.valid_from.year == 1900 else formats.date(value.valid_from)


class ParametersEditor(QWidget):
    """The tab of parameters, with the manners of the other tables."""

    dirty_changed = Signal(bool)
    loaded = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.history: ParameterHistory | None = None
        self.editing: ParameterValue | None = None
        self.table = RecordTable(
            parameter_columns(), record_key=lambda one: one.title.key, noun=Noun(tr("parametro"), tr("parametri")), filters=False
        )
        self.table.selection_changed.connect(self._on_selection)
        self.title, self.law = label("", "title", wrap=True), label("", "small", "2", wrap=True)
        self.timeline = Timeline(time_width=78)
        self.problem = InlineMessage("negative", "")
        self.problem.hide()
        self.remove_button = button(tr("Togli l'ultimo valore dell'azienda"), "quiet", "trash-2")
        self.remove_button.clicked.connect(self.remove)
        self._forms: dict[str, RecordForm] = {}
        self._stack = QStackedWidget()
        self._stack.setVisible(False)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(boxed(column(self.timeline, row(self.remove_button, None), None, margins=(16, 4, 16, 12))))
        head = column(self.title, self.law, spacing=4, margins=(20, 16, 20, 8))
        layout = column(head, self.problem, scroll, self._stack, spacing=0)
        layout.setStretchFactor(scroll, 1)
        detail = boxed(layout, card="true")
        detail.setFixedWidth(DETAIL_WIDTH)
        body = row(self.table, detail, spacing=0)
        body.setStretchFactor(self.table, 1)
        self.setLayout(body)

    @property
    def form(self) -> RecordForm:
        """The form of the parameter in view."""
        kind = self.history.title.value_kind + self.history.title.key if self.history else ""
        if kind not in self._forms:
            made = self._forms[kind] = RecordForm(value_fields(self.history.title) if self.history else [])
            made.save_wanted.connect(self.save)
            made.leave_wanted.connect(self._leave)
            made.dirty_changed.connect(self.dirty_changed)
            self._stack.addWidget(made)
        return self._forms[kind]

    def record_in_view(self) -> tuple[str, int]:
        own = self._own_value()
        return "base.parameter", own.parameter_id or 0 if own is not None else 0

    # -- list
    def reload(self) -> None:
        self._workplace.background.run(self, queries.list_parameter_histories, then=self._show, failed=self._on_failed, key="list")

    def _show(self, histories: Sequence[ParameterHistory]) -> None:
        wanted = self.history.title.key if self.history else None
        self.table.set_rows(list(histories))
        self.table.set_totals(Totals(len(histories)))
        found = next((one for one in histories if one.title.key == wanted), histories[0] if histories else None)
        if found is not None and not any(form.is_dirty for form in self._forms.values()):
            self.table.select(found.title.key)
            self.show_history(found)
        self.loaded.emit()

    def _on_selection(self, rows: list[ParameterHistory]) -> None:
        if rows and rows[0] != self.history and not (self.history and self.form.is_dirty):
            self.show_history(rows[0])

    def show_history(self, history: ParameterHistory) -> None:
        self.history, self.editing = history, None
        title, today = history.title, local_today()
        self._stack.setVisible(False)
        self.problem.hide()
        self.title.setText(title.title)
        self.law.setText(". ".join(part for part in (title.law, title.note) if part))
        self.law.setVisible(bool(self.law.text()))
        now = history.on(today)
        self.timeline.set_entries([self._entry(value, value == now, value.valid_from > today) for value in history.values])
        self.remove_button.setVisible(self._own_value() is not None and self._workplace.may("base.administer"))

    def _entry(self, value: ParameterValue, is_now: bool, is_planned: bool) -> Entry:
        assert self.history is not None
        words = tr("in vigore") if is_now else tr("programmato") if is_planned else ""
        own = tr("dell'azienda") if value.parameter_id is not None and self.history.title.is_law else ""
        detail = " · ".join(part for part in (words, own, value.source) if part)
        tone, icon = ("positive", "check") if is_now else ("info", "calendar-clock") if is_planned else ("neutral", "dot")
        return Entry(day_text(value), icon, value_text(self.history.title, value.value), detail, tone=tone)

    def _own_value(self) -> ParameterValue | None:
        return next((value for value in self.history.values if value.parameter_id is not None), None) if self.history else None

    # -- a new value
    def start_new(self) -> None:
        """The form of the next value, beginning with the present one."""
        if self.history is None or not self._workplace.may("base.administer"):
            return
        form, now = self.form, self.history.on(local_today())
        self._stack.setCurrentWidget(form)
        self._stack.setFixedHeight(form.sizeHint().height())
        self._stack.setVisible(True)
        start = rules.missing_since(self.history, local_today()) or local_today()
        form.load({"valid_from": start, "note": "", **typed_values(self.history.title, now.value if now else None)}, is_new=True)
        form.fields["valid_from"].editor.setFocus()

    def _leave(self) -> None:
        if self.history is not None:
            self.show_history(self.history)
        self.table.focus_rows()

    def save(self) -> None:
        if self.history is None:
            return
        typed, title = self.form.values(), self.history.title
        values = {"key": title.key, "valid_from": typed["valid_from"], "note": typed["note"], "value": stored_value(title, typed)}
        self.form.set_saving(True)
        self._workplace.background.run(
            self, lambda unit: actions.save_parameter(unit, None, 0, values), then=self._on_saved, failed=self._on_failed, key="save"
        )

    def _on_saved(self, _record_id: Any) -> None:
        self.form.load(self.form.values())
        self._stack.setVisible(False)
        self._workplace.say("positive", tr("Valore salvato"))
        self.table.focus_rows()
        self.reload()

    def remove(self) -> None:
        value = self._own_value()
        if value is None or value.parameter_id is None or self.history is None:
            return
        words = tr("Togliere {value} dal {day}?", value=value_text(self.history.title, value.value), day=day_text(value))
        if ask(self, words, tr("Da quel giorno torna a valere il valore di prima."), tr("Togli"), "negative"):
            record, version = value.parameter_id, value.row_version
            self._workplace.background.run(
                self,
                lambda unit: actions.remove_parameter(unit, record, version),
                then=lambda _none: self.reload(),
                failed=self._on_failed,
                key="save",
            )

    def _on_failed(self, error: AppError) -> None:
        if self.history is not None:
            self.form.set_saving(False)
        if isinstance(error, InvalidInput) and self.history is not None and error.field in self.form.fields:
            self.form.show_problem(error.field, error_text(error))
        else:
            self.problem.set_message("negative", error_text(error))
