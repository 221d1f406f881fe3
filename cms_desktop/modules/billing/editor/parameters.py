"""The first step of a run: what to bill, how, on which date. Says at once how much is due."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError
from cms_desktop.core.listing import ListQuery, Totals
from cms_desktop.modules.billing import queries
from cms_desktop.modules.billing.columns.words import groupings, month_names
from cms_desktop.modules.billing.records import RunChoices, RunParameters, SeriesChoice
from cms_desktop.modules.billing.running import queries as running
from cms_desktop.modules.billing.running import rules
from cms_desktop.modules.billing.running.records import MONTHS, RunOptions, RunTemplate
from cms_desktop.ui.basics import boxed, button, column, label, row, rule
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.fields import CheckField, ChoiceField, DateField, Field, TextField
from cms_desktop.ui.form import form_grid
from cms_desktop.ui.translation import one_or_many, translator
from cms_desktop.ui.workplace import Workplace

from .run_choices import RunChoicesForm

tr = translator("billing")
LONGEST = 366  # days of a run's period


@dataclass(frozen=True)
class _Start:
    series: Sequence[SeriesChoice]
    last_period_end: datetime.date | None
    options: RunOptions


def month_after(day: datetime.date) -> tuple[datetime.date, datetime.date]:
    """First and last day of the month that follows."""
    first = (day.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


def proposed_title(start: datetime.date, end: datetime.date) -> str:
    """ "Canoni novembre 2026", or with both months when there are more."""
    names = month_names()
    first, last = f"{names[start.month - 1]} {start.year}", f"{names[end.month - 1]} {end.year}"
    return tr("Canoni {month}", month=first if first == last else f"{names[start.month - 1]}–{last}")


class RunParametersForm(QWidget):
    """Emits `prepare_wanted(RunParameters, values of a template to keep or None)` once everything is sound; `left` to go back."""

    prepare_wanted = Signal(object, object)
    left = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self._series: dict[int, SeriesChoice] = {}
        self._title_is_own = False
        self._templates: dict[int, RunTemplate] = {}
        self.template = ChoiceField(tr("Modello"), [], empty=tr("Nessuno"))
        self.choices = RunChoicesForm()
        self.keep = CheckField(tr("Conserva come modello"))
        self.template_name = TextField(tr("Nome del modello"), longest=100)
        self.period_start, self.period_end = DateField(tr("Periodo dal"), required=True), DateField(tr("al"), required=True)
        self.document_on = DateField(tr("Data delle fatture"), required=True)
        self.series = ChoiceField(tr("Sezionale"), [], required=True)
        self.grouping = ChoiceField(tr("Raggruppamento"), list(groupings().items()), required=True)
        self.title = TextField(tr("Titolo del lancio"), required=True, longest=80)
        self.due_note = InlineMessage("info", tr("Calcolo dei servizi da fatturare…"))
        self.error = InlineMessage("negative", "")
        self.error.hide()
        self.go_button = button(tr("Prepara anteprima"), "primary", "file-search", tip=tr("Prepara anteprima (Ctrl+↵)"))
        self._arrange()
        self._pause = QTimer(self, singleShot=True, interval=300)
        self._pause.timeout.connect(self._count_due)
        self._connect()

    def _arrange(self) -> None:
        back = button(tr("Annulla"), tip=tr("Torna ai lanci (Alt+←)"))
        back.clicked.connect(self.left)
        fields = form_grid(
            [
                [(self.template, 6), (self.title, 6)],
                [(self.period_start, 3), (self.period_end, 3), (self.document_on, 3)],
                [(self.series, 6), (self.grouping, 6)],
            ]
        )
        keeping = form_grid([[(self.keep, 4), (self.template_name, 8)]])
        self.template_name.hide()
        words = tr("L'anteprima non scrive nulla nei registri: prima di confermare vedi ogni fattura e le differenze dal periodo prima.")
        head = column(label(tr("Che cosa fatturare"), "heading"), label(words, "small", "2", wrap=True), spacing=4)
        upper = column(head, fields, self.choices, keeping, self.due_note, self.error, spacing=12, margins=(24, 16, 24, 16))
        foot = row(None, back, self.go_button, margins=(24, 12, 24, 14))
        card = boxed(column(upper, rule(), foot, spacing=0), card="true")
        card.setFixedWidth(760)
        self.setLayout(row(None, card, None))

    def _connect(self) -> None:
        for field in (self.period_start, self.period_end):
            field.changed.connect(self._on_period_changed)
            field.left.connect(self._on_period_changed)
        self.title.changed.connect(self._on_title_edited)
        self.template.changed.connect(self._on_template)
        self.keep.changed.connect(self._on_keep)
        self.series.changed.connect(self._check_date)
        self.document_on.left.connect(self._check_date)
        self.go_button.clicked.connect(self.prepare)

    def start(self) -> None:
        """Fresh proposals: the month after the last run (or the present one), today's date."""
        self._title_is_own = False
        today = local_today()
        self._propose(today.replace(day=1), month_after(today.replace(day=1) - datetime.timedelta(days=1))[1])
        self.document_on.set_value(today)
        self.grouping.set_value("contract")
        self.template.set_value(None)
        self.choices.set_choices(RunChoices())
        self.keep.set_value(False)
        self._on_keep()
        self.error.hide()
        self._workplace.background.run(self, self._load, then=self._show_start, key="start")
        self.period_start.setFocus()

    @staticmethod
    def _load(unit: Any) -> _Start:
        runs = queries.list_runs(unit, ListQuery()).rows
        ends = [run.period_end for run in runs if run.state in ("preview", "issued")]
        return _Start(queries.list_series(unit, local_today().year), max(ends, default=None), running.find_options(unit))

    def _show_start(self, start: _Start) -> None:
        self._series = {one.series_id: one for one in start.series}
        self._templates = {one.template_id: one for one in start.options.templates}
        self.template.set_choices([(one.template_id, one.name) for one in start.options.templates])
        self.choices.set_options(start.options)
        titles = [
            (one.series_id, tr("{code} · {name}, prossimo {n}", code=one.code, name=one.name, n=one.next_number)) for one in start.series
        ]
        self.series.set_choices(titles)
        if self.series.value() is None and start.series:
            self.series.set_value(start.series[0].series_id)
        today = local_today()
        if start.last_period_end is not None and start.last_period_end >= today.replace(day=1) and not self._title_is_own:
            self._propose(*month_after(start.last_period_end))
        last = self._last_document_on()
        if last is not None and last > today:
            self.document_on.set_value(last)

    def _last_document_on(self) -> datetime.date | None:
        chosen = self._series.get(self.series.value() or 0)
        return chosen.last_document_on if chosen else None

    def _propose(self, start: datetime.date, end: datetime.date) -> None:
        self.period_start.set_value(start)
        self.period_end.set_value(end)
        self._on_period_changed()

    def _on_template(self) -> None:
        """A template brings everything, with the period after its last run."""
        chosen = self._templates.get(self.template.value() or 0)
        self.keep.box.setText(tr("Aggiorna il modello con queste scelte") if chosen else tr("Conserva come modello"))
        self._on_keep()
        if chosen is None:
            return
        today = local_today()
        start, end = rules.next_period(chosen, today)
        self._title_is_own = False
        self.series.set_value(chosen.series_id)
        self.grouping.set_value(chosen.grouping)
        self.choices.set_choices(chosen.choices)
        self._propose(start, end)
        day, last = rules.document_day(chosen, start, end, today), self._last_document_on()
        self.document_on.set_value(day if last is None or last <= day else last)
        self._check_date()

    def _on_keep(self) -> None:
        self.template_name.setVisible(bool(self.keep.value()) and self.template.value() is None)
        if self.keep.value() and not str(self.template_name.value()).strip():
            self.template_name.set_value(tr("Canoni"))

    def _on_period_changed(self) -> None:
        start, end = self.period_start.value(), self.period_end.value()
        if start is None or end is None or end < start:
            return
        if not self._title_is_own:
            chosen = self._templates.get(self.template.value() or 0)
            self.title.set_value(rules.title_of(chosen, start, end, month_names()) if chosen else proposed_title(start, end))
        self._pause.start()

    def _on_title_edited(self) -> None:
        self._title_is_own = bool(str(self.title.value()).strip())

    def _count_due(self) -> None:
        start, end = self.period_start.value(), self.period_end.value()
        if start and end and start <= end <= start + datetime.timedelta(days=LONGEST):
            work = lambda unit: queries.sum_due_services(unit, start, end, ListQuery())
            self._workplace.background.run(self, work, then=self._show_due, failed=self.show_error, key="due")

    def _show_due(self, due: Totals) -> None:
        if due.count:
            amount = formats.money(due.sums["amount"])
            words = one_or_many(
                due.count,
                tr("Nel periodo scade 1 servizio da fatturare, {amount} di imponibile.", amount=amount),
                tr("Nel periodo scadono {n} servizi da fatturare, {amount} di imponibile.", n=formats.number(due.count), amount=amount),
            )
            self.due_note.set_message("info", words)
        else:
            self.due_note.set_message("warning", tr("Nel periodo non c'è nulla da fatturare: i servizi sono già fatturati o non scadono."))

    # -- check and go
    def _check_date(self) -> None:
        last, day = self._last_document_on(), self.document_on.value()
        if last is not None and day is not None and day < last:
            text = tr("Il sezionale è già al {day}: scegli una data uguale o successiva.", day=formats.date(last))
            self.document_on.set_error(text, fix=formats.date(last), fix_value=last)
        elif day is not None and day > local_today():
            self.document_on.set_error("")
            self.document_on.set_plain()
            self.error.set_message("warning", tr("Con una data futura i file per lo SdI si potranno creare solo da quel giorno."))
        else:
            self.document_on.set_plain()
            self.error.hide()

    def problems(self) -> list[tuple[Field, str]]:
        """What stands in the way, field by field."""
        found: list[tuple[Field, str]] = []
        named = [self.template_name] if self.keep.value() and self.template.value() is None else []
        for field in (self.period_start, self.period_end, self.document_on, self.title, self.series, self.grouping, *named):
            if field.is_empty() or field.value() is None:
                found.append((field, tr("Serve per preparare il lancio.")))
            elif field.entry_problem():
                found.append((field, field.entry_problem()))
        start, end = self.period_start.value(), self.period_end.value()
        if start and end and not start <= end <= start + datetime.timedelta(days=LONGEST):
            found.append((self.period_end, tr("La fine deve seguire l'inizio, entro un anno.")))
        last, day = self._last_document_on(), self.document_on.value()
        if last and day and day < last:
            found.append(
                (self.document_on, tr("Il sezionale è già al {day}: scegli una data uguale o successiva.", day=formats.date(last)))
            )
        return found

    def prepare(self) -> None:
        found = self.problems()
        for field, text in found:
            field.set_error(text)
        if found:
            found[0][0].setFocus()
            return
        template_id = self.template.value()
        parameters = RunParameters(
            str(self.title.value()), self.period_start.value(), self.period_end.value(), self.document_on.value(),
            self.series.value(), self.grouping.value(), self.choices.choices(template_id),
        )  # fmt: skip
        self.prepare_wanted.emit(parameters, self._kept(parameters) if self.keep.value() else None)

    def _kept(self, run: RunParameters) -> dict[str, Any]:
        """The template these parameters make: the chosen one's new values, or a new one."""
        chosen = self._templates.get(self.template.value() or 0)
        months = (run.period_end.year - run.period_start.year) * 12 + run.period_end.month - run.period_start.month + 1
        words = rules.month_words(run.period_start, run.period_end, month_names())
        days = {run.period_start: "start", run.period_end: "end"}
        values: dict[str, Any] = {
            "months": months if months in MONTHS else 1, "document_day": days.get(run.document_on, "today"), "document_series_id": run.series_id,
            "grouping": run.grouping, "parameters": replace(run.choices, template_id=None).as_json(),
        }  # fmt: skip
        if chosen is None:
            title = run.title.replace(words, "{mese}") if words in run.title else f"{run.title} {{mese}}"
            return values | {"name": str(self.template_name.value()).strip(), "title": title}
        return values | {"template_id": chosen.template_id, "row_version": chosen.row_version}

    def show_error(self, error: AppError) -> None:
        self.error.set_message("negative", error_text(error))
