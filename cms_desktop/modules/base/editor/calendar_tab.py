"""Calendario: the year on one sheet, and the company's own days."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from cms_desktop.core.dates import local_today
from cms_desktop.modules.base import actions, queries
from cms_desktop.modules.base.calendar import CLOSING, HOLIDAY, PATRON, CompanyCalendar
from cms_desktop.modules.base.editor.table_specs import TableSpec
from cms_desktop.modules.base.editor.tables import TableEditor
from cms_desktop.modules.base.editor.year_view import ORDER, YearView, kind_colours, kind_name
from cms_desktop.modules.base.records import StoredRecord, TownChoice
from cms_desktop.ui.basics import boxed, button, column, label, row
from cms_desktop.ui.cards import Swatch
from cms_desktop.ui.fields import LookupChoice
from cms_desktop.ui.form import FieldProblem, FieldSpec
from cms_desktop.ui.record_table import Column, Noun
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("masters")


def _when(record: StoredRecord) -> str:
    if record["easter_offset"] is not None:
        return tr("Pasqua {days}", days=f"{record['easter_offset']:+d}")
    form = "%d/%m" if record["is_yearly"] else "%d/%m/%Y"
    first, last = record["starts_on"].strftime(form), record["ends_on"].strftime(form)
    return (first if first == last else f"{first} – {last}") + (" " + tr("ogni anno") if record["is_yearly"] else "")


def calendar_spec(find_town: Callable[[str, Callable[[Sequence[LookupChoice]], None]], None]) -> TableSpec:
    kinds = [(kind, kind_name(kind)) for kind in (CLOSING, HOLIDAY, PATRON)]
    return TableSpec(
        "calendar", tr("Calendario"), Noun(tr("giorno"), tr("giorni")), "base.calendar_day",
        [
            Column("name", tr("Nome"), lambda record: record["name"], kind="strong", width=150, stretch=True),
            Column("when", tr("Quando"), _when, width=200),
            Column("town", tr("Comune"), lambda record: record["town"], width=130, gives_way=1),
        ],
        [
            [(FieldSpec("kind", tr("Tipo"), "choice", choices=kinds, required=True), 6), (FieldSpec("name", tr("Nome"), required=True), 6)],
            [(FieldSpec("starts_on", tr("Primo giorno"), "date", required=True), 6), (FieldSpec("ends_on", tr("Ultimo giorno"), "date", check=_order, note=tr("vuoto: un giorno solo")), 6)],
            [(FieldSpec("is_yearly", tr("Torna ogni anno"), "check"), 6),
             (FieldSpec("easter_offset", tr("Giorni dopo Pasqua"), "int", note=tr("solo feste mobili"), options={"lowest": -60, "highest": 60}, visible=lambda values: bool(values.get("is_yearly"))), 6)],
            [(FieldSpec("town", tr("Comune"), "lookup", find=find_town, note=tr("vuoto: in tutta l'azienda"), check=_town), 12)],
        ],
        queries.list_calendar_days, actions.save_calendar_day,
        {"kind": CLOSING, "starts_on": local_today(), "is_yearly": False},
        _to_form, _from_form, remove=actions.remove_calendar_day,
    )  # fmt: skip


def _order(value: Any, values: Any) -> FieldProblem | None:
    if value and values.get("starts_on") and value < values["starts_on"]:
        return FieldProblem(tr("L'ultimo giorno deve seguire il primo."))
    return None


def _town(value: Any, values: Any) -> FieldProblem | None:
    return FieldProblem(tr("Il patrono è di un comune: scrivi quale.")) if values.get("kind") == PATRON and not value else None


def _to_form(record: StoredRecord) -> dict[str, Any]:
    town = LookupChoice(record["istat_code"], record["town"]) if record["istat_code"] else None
    return {**record.values, "town": town}


def _from_form(values: Any) -> dict[str, Any]:
    town, is_yearly = values.get("town"), bool(values.get("is_yearly")) or values.get("kind") == PATRON
    return {
        "kind": values["kind"], "name": values["name"], "starts_on": values["starts_on"], "is_yearly": is_yearly,
        "ends_on": values["ends_on"] or values["starts_on"], "istat_code": town.key if isinstance(town, LookupChoice) else None,
        "easter_offset": int(values["easter_offset"]) if is_yearly and values.get("easter_offset") is not None else None,
    }  # fmt: skip


class CalendarEditor(TableEditor):
    """The year above, the company's own days below, the form beside."""

    def __init__(self, workplace: Workplace) -> None:
        self._calendar = CompanyCalendar(())
        self._town = TownChoice("", "")
        super().__init__(workplace, calendar_spec(self._find_town))
        for keys, step in (("Ctrl+PgUp", -1), ("Ctrl+PgDown", 1)):
            QShortcut(QKeySequence(keys), self).activated.connect(lambda step=step: self.show_year(self.year.year + step))

    def _left_side(self) -> QWidget:
        self.year, self.heading = YearView(), label("", "title")
        self.year.day_chosen.connect(self._on_day)
        back = button("", "quiet", "chevron-left", tip=tr("Anno prima (Ctrl+PgSu)"))
        on = button("", "quiet", "chevron-right", tip=tr("Anno dopo (Ctrl+PgGiù)"))
        back.clicked.connect(lambda: self.show_year(self.year.year - 1))
        on.clicked.connect(lambda: self.show_year(self.year.year + 1))
        legend = [piece for kind in ORDER for piece in (Swatch(kind_colours(kind)[1]), label(kind_name(kind), "small", "2"), 6)]
        head = row(back, self.heading, on, None, *legend, margins=(12, 8, 16, 4))
        self.table.setMaximumHeight(220)
        layout = column(head, boxed(column(self.year, margins=(16, 4, 16, 10))), self.table, spacing=0)
        layout.setStretch(1, 1)
        return boxed(layout, card="true")

    def _find_town(self, text: str, show: Callable[[Sequence[LookupChoice]], None]) -> None:
        self._workplace.background.run(
            self,
            lambda unit: queries.list_towns(unit, text),
            then=lambda found: show([LookupChoice(one.istat_code, one.name) for one in found]),
            failed=self._on_failed,
            key="towns",
        )

    def reload(self) -> None:
        super().reload()
        self._workplace.background.run(
            self, lambda unit: (queries.find_calendar(unit), queries.find_home_town(unit)), then=self._show_calendar, failed=self._on_failed, key="year"
        )  # fmt: skip

    def _show_calendar(self, found: tuple[CompanyCalendar, TownChoice | None]) -> None:
        self._calendar, self._town = found[0], found[1] or TownChoice("", "")
        self.show_year(self.year.year)

    def show_year(self, year: int) -> None:
        if not 1950 <= year <= 2200:
            return
        first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
        self.year.show_year(year, self._calendar.days(first, last, self._town.istat_code))
        self.heading.setText(f"{year} · {self._town.name}" if self._town.name else str(year))

    def _on_day(self, day: datetime.date) -> None:
        """A click on a day of the year begins a new one there."""
        if not self.form.is_dirty and self._workplace.may("base.administer"):
            self.start_new()
            self.form.set_value("starts_on", day)
