"""Storia: the states of a customer as a timeline, and the steps that lead on from the present one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError, InvalidInput
from cms_desktop.modules.customers.actions import master as actions
from cms_desktop.modules.customers.columns import customer_states
from cms_desktop.modules.customers.overview import step_text
from cms_desktop.modules.customers.queries import master as queries
from cms_desktop.modules.customers.records import Customer
from cms_desktop.modules.customers.records.master import LifeCycleEvent
from cms_desktop.modules.customers.rules.master import LIFE_CYCLE
from cms_desktop.ui.basics import boxed, button, column, row, rule
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.form import FieldSpec, FormSection, RecordForm, section_title
from cms_desktop.ui.timeline import Entry, Timeline
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("customers")
ICONS = {"prospect": "user-plus", "active": "circle-check", "suspended": "pause", "terminating": "file-x", "terminated": "circle-x"}
TONES = {"prospect": "info", "active": "positive", "suspended": "warning", "terminating": "negative", "terminated": "neutral"}


def step_names() -> dict[str, str]:
    """What leads to a state, as a button says it."""
    return {
        "prospect": tr("Riporta a potenziale"), "active": tr("Riattiva"), "suspended": tr("Sospendi"),
        "terminating": tr("Registra la disdetta"), "terminated": tr("Cessa il rapporto"),
    }  # fmt: skip


def entries(events: Sequence[LifeCycleEvent]) -> list[Entry]:
    """The events as the timeline shows them: a day each, who and why below."""
    states = customer_states()
    found = []
    for one in events:
        change = f"{states[one.from_state][0]} → {states[one.to_state][0]}" if one.from_state else states[one.to_state][0]
        written = (
            tr("scritto il {date} da {person}", date=formats.date(one.at.astimezone().date()), person=one.person) if one.person else ""
        )
        detail = f"{change} · {one.reason}" if one.reason else change
        found.append(Entry("", ICONS[one.to_state], step_text(one), detail, written, TONES[one.to_state], formats.date(one.on_date)))
    return found


class LifePane(QWidget):
    """`changed` after a step was written."""

    changed = Signal()
    dirty_changed = Signal(bool)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace, self._background = workplace, workplace.background
        self._customer: Customer | None = None
        self._target = ""
        self._may_write = workplace.may("customers.write")
        self.timeline = Timeline(time_width=8)
        self._steps = QHBoxLayout()
        self._steps.setSpacing(8)
        self.step_buttons: dict[str, QWidget] = {}
        self.form = RecordForm(
            [
                FormSection(
                    tr("Passaggio di stato"),
                    [
                        [(FieldSpec("on", tr("Dal giorno"), "date", required=True), 4), (FieldSpec("reason", tr("Motivo"), options={"longest": 200}), 8)],
                    ],
                )
            ],
            save_text=tr("Conferma"),
        )  # fmt: skip
        self.form.setFixedHeight(190)
        self.form.save_wanted.connect(self._save)
        self.form.leave_wanted.connect(self._close_form)
        self.form.foot.undo_button.clicked.connect(self._close_form)
        self.form.hide()
        self.error = InlineMessage("negative", "", closable=True)
        self.error.hide()
        inner = QWidget()
        inner.setLayout(column(section_title(tr("Ciclo di vita")), self.timeline, None, spacing=12, margins=(20, 12, 20, 20)))
        inner.setProperty("scroll", "true")
        scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        bar = boxed(row(self._steps, None, margins=(20, 10, 20, 10)))
        strip = column(self.error, margins=(20, 0, 20, 0))
        self.setLayout(column(bar, strip, self.form, rule(), scroll, spacing=0))

    def show_customer(self, customer: Customer | None) -> None:
        self._customer = customer
        self._close_form()
        self._show_steps()
        self.reload()

    def is_dirty(self) -> bool:
        return not self.form.isHidden() and self.form.is_dirty

    def reload(self) -> None:
        customer = self._customer
        if customer is None:
            self.timeline.set_entries([])
            return
        number = customer.customer_id
        self._background.run(
            self,
            lambda unit: queries.list_life_cycle(unit, number),
            then=lambda events: self.timeline.set_entries(entries(events)),
            key="life",
        )

    def _show_steps(self) -> None:
        while (item := self._steps.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self.step_buttons = {}
        if self._customer is None or not self._may_write:
            return
        names = step_names()
        for state in LIFE_CYCLE[str(self._customer.values["state"])]:
            made = button(names[state], "danger" if state == "terminated" else "", ICONS[state])
            made.clicked.connect(partial(self._begin, state))
            self._steps.addWidget(made)
            self.step_buttons[state] = made
        first = next(iter(self.step_buttons.values()), None)
        if first is not None:
            self.setFocusProxy(first)

    def _begin(self, state: str, _checked: bool = False) -> None:
        """Ask when and why; the step is written with F10."""
        self._target = state
        self.form.load({"on": local_today()}, is_new=True)
        self.form.foot.save_button.setText(step_names()[state])
        self.form.foot.undo_button.setEnabled(True)
        self.form.show()
        self.form.fields["reason"].editor.setFocus()

    def _close_form(self) -> None:
        self.form.load({})
        self.form.hide()
        self.error.hide()

    def _save(self) -> None:
        customer = self._customer
        if customer is None:
            return
        values, target = self.form.values(), self._target

        def work(unit: Any) -> None:
            actions.change_state(
                unit,
                customer.customer_id,
                target,
                on=values["on"],
                reason=str(values["reason"] or ""),
                customer_version=customer.customer_version,
            )

        self.form.set_saving(True)
        self._background.run(self, work, then=lambda _done: self._on_saved(), failed=self._on_failed, key="step")

    def _on_saved(self) -> None:
        self._close_form()
        self.changed.emit()

    def _on_failed(self, error: AppError) -> None:
        self.form.set_saving(False)
        if isinstance(error, InvalidInput) and error.field in self.form.fields:
            self.form.show_problem(error.field, error_text(error))
        else:
            self.error.set_message("negative", error_text(error))
