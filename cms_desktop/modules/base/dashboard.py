"""The dashboard of base. Every figure opens exactly the rows behind it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from cms_desktop.core import formats
from cms_desktop.core.listing import ListQuery
from cms_desktop.modules.base import queries, rules
from cms_desktop.modules.base.columns import table_title
from cms_desktop.modules.base.records import BaseFigures
from cms_desktop.ui.basics import boxed, column, label
from cms_desktop.ui.cards import Card, CheckRow
from cms_desktop.ui.charts import HorizontalBars
from cms_desktop.ui.charts.named_bars import NamedBars
from cms_desktop.ui.tiles import KpiTile
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("base")
LEAST_HEIGHT = 740


class Dashboard(QWidget):
    """`opened(page, what)` asks the dock for the rows behind a figure."""

    opened = Signal(str, dict)
    loaded = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.figures: BaseFigures | None = None
        self.persons = self._tile(tr("Persone attive"), lambda _f: ("persons", queries.persons_in_state("active", "must_change")))
        self.online = self._tile(tr("In linea adesso"), lambda _f: ("persons", queries.persons_online()))
        self.sessions = self._tile(tr("Accessi nelle ultime 24 ore"), lambda f: ("sessions", queries.opened_between(*_whole_day(f))))
        self.changes = self._tile(tr("Modifiche di oggi"), lambda f: ("audit", queries.changes_on(f.today)))
        self.open = self._tile(tr("Sessioni aperte"), lambda _f: ("open", ListQuery()))
        self.refusals = self._tile(tr("Rifiuti nelle ultime 24 ore"), lambda f: ("sessions", queries.refused_between(*_whole_day(f))))
        self.locked = self._tile(tr("Persone bloccate"), lambda _f: ("persons", queries.persons_in_state("locked")))
        self.passwords = self._tile(tr("Password in scadenza"), lambda f: ("persons", queries.passwords_expiring(f.today)))
        self.hours, self.table_bars = NamedBars(least_top=5), HorizontalBars(write=lambda value: formats.number(value))
        self.hours.set_number_format(lambda value: tr("accessi: {n}", n=formats.number(value)))
        self.hours.bar_clicked.connect(self._on_hour)
        self.table_bars.bar_clicked.connect(self._on_table)
        self.checks: list[CheckRow] = []
        self._check_box = column(spacing=0)
        self.setLayout(self._arranged())

    def _tile(self, title: str, target: Callable[[BaseFigures], tuple[str, ListQuery]]) -> KpiTile:
        tile = KpiTile(title)
        tile.clicked.connect(lambda: self._open(target))
        return tile

    def _open(self, target: Callable[[BaseFigures], tuple[str, ListQuery]]) -> None:
        if self.figures is not None:
            page, query = target(self.figures)
            self.opened.emit(page, {"query": query})

    def _arranged(self) -> QGridLayout:
        grid = self._grid = QGridLayout()
        grid.setContentsMargins(16, 16, 16, 16)
        grid.setSpacing(12)
        for place, tile in enumerate((self.persons, self.online, self.sessions, self.changes)):
            grid.addWidget(tile, 0, place * 3, 1, 3)
        for place, tile in enumerate((self.open, self.refusals, self.locked, self.passwords)):
            grid.addWidget(tile, 1, place * 3, 1, 3)
        hours = Card(tr("Accessi per ora"), boxed(column(self.hours, margins=(8, 0, 12, 10))), detail=tr("ultime 24 ore"))
        grid.addWidget(hours, 2, 0, 1, 8)
        grid.addWidget(Card(tr("Da controllare"), boxed(column(self._check_box, None, spacing=0))), 2, 8, 1, 4)
        self.tables_card = tables = Card(tr("Modifiche di oggi per tabella"), boxed(column(self.table_bars, None, spacing=0)))
        grid.addWidget(tables, 3, 0, 1, 12)
        grid.setRowStretch(2, 3)
        grid.setRowStretch(3, 2)
        for place in range(12):
            grid.setColumnStretch(place, 1)
        return grid

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a low window the bars give way to the tiles: the tile of the changes leads to the same rows."""
        super().resizeEvent(event)
        is_high = self.height() >= LEAST_HEIGHT
        self.tables_card.setVisible(is_high)
        self._grid.setRowStretch(3, 2 if is_high else 0)

    # -- figures
    def reload(self) -> None:
        self._workplace.background.run(self, queries.find_figures, then=self.show_figures, failed=self._on_failed, key="figures")

    def _on_failed(self, _error: object) -> None:
        for tile in (self.persons, self.online, self.sessions, self.changes, self.open, self.refusals, self.locked, self.passwords):
            tile.set_stale(tr("non aggiornato"))

    def show_figures(self, f: BaseFigures) -> None:
        self.figures = f
        others = f.persons - f.active_persons
        versus = tr("sospese o scadute: {n}", n=others) if others else tr("nessuna sospesa")
        self.persons.update_figures(value=formats.number(f.active_persons), versus=versus, link=tr("Elenco"))
        self.online.update_figures(value=formats.number(f.persons_online), versus=tr("con un collegamento aperto"), link=tr("Chi sono"))
        points = [hour.count for hour in f.hours]
        self.sessions.update_figures(
            value=formats.number(f.sessions_last_day), versus=tr("in questa azienda"), link=tr("Elenco"), points=points
        )
        if f.changes_today is None:
            self.changes.update_figures(value="–", versus=tr("serve il diritto sul registro"))
        else:
            self.changes.update_figures(value=formats.number(f.changes_today), versus=tr("righe del registro"), link=tr("Registro"))
        self._show_door(f)
        self.hours.set_bars([(f"{_local(hour.starts_at):%H}", _hour_name(hour.starts_at), hour.count) for hour in f.hours])
        self.table_bars.set_items([(table_title(one.table_name), one.count) for one in f.tables])
        self._show_checks(f)
        self.loaded.emit()

    def _show_door(self, f: BaseFigures) -> None:
        self.open.update_figures(value=formats.number(f.sessions_open), versus=tr("anche fuori dal programma"), link=tr("Chi e dove"))
        self.refusals.update_figures(
            value=formats.number(f.refusals_last_day),
            versus=tr("tentativi") if f.refusals_last_day else tr("nessun tentativo"),
            link=tr("Elenco"),
        )
        self.locked.update_figures(
            value=formats.number(f.locked), versus=tr("per troppi tentativi") if f.locked else tr("nessuna"), link=tr("Elenco")
        )
        self.passwords.update_figures(
            value=formats.number(f.passwords_expiring), versus=tr("entro {n} giorni", n=rules.EXPIRING_DAYS), link=tr("Elenco")
        )

    def _show_checks(self, f: BaseFigures) -> None:
        def persons(query: ListQuery) -> tuple[str, dict[str, Any]]:
            return "persons", {"query": query}

        checked = tr("controllo del {day}", day=formats.date(f.checked_on)) if f.checked_on else ""
        found: list[tuple[int, str, str, str, str, tuple[str, dict[str, Any]]]] = [
            (f.findings or 0, "circle-x", "negative", tr("Anomalie nei libri: {n}"), checked, ("integrity", {})),
            (
                f.locked_or_expired,
                "circle-x",
                "negative",
                tr("Bloccate o scadute: {n}"),
                tr("non possono entrare"),
                persons(queries.persons_in_state("locked", "expired")),
            ),
            (
                f.expiring,
                "triangle-alert",
                "warning",
                tr("In scadenza: {n}"),
                tr("entro 30 giorni"),
                persons(queries.persons_expiring(f.today)),
            ),
            (
                f.never_logged_in,
                "circle-alert",
                "muted",
                tr("Mai entrate: {n}"),
                tr("attive, senza nessun accesso"),
                persons(queries.persons_never_in()),
            ),
            (
                f.missing_values,
                "triangle-alert",
                "warning",
                tr("Parametri senza valore: {n}"),
                tr("la legge li fissa a ogni periodo"),
                ("tables", {"tab": "parameters"}),
            ),
        ]
        shown = [one for one in found if one[0]]
        while (item := self._check_box.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        self.checks = []
        for place, (count, icon, tone, text, detail, target) in enumerate(shown):
            row = CheckRow(icon, tone, text.format(n=count), detail, last=place == len(shown) - 1)
            row.clicked.connect(lambda _checked=False, target=target: self.opened.emit(*target))
            self.checks.append(row)
            self._check_box.addWidget(row)
        if not shown:
            nothing = label(tr("Niente da controllare."), "body", "2")
            nothing.setContentsMargins(16, 8, 16, 8)
            self._check_box.addWidget(nothing)

    # -- ways in
    def _on_hour(self, place: int) -> None:
        assert self.figures is not None
        first = self.figures.hours[place].starts_at
        self.opened.emit("sessions", {"query": queries.opened_between(first, first + datetime.timedelta(hours=1))})

    def _on_table(self, place: int) -> None:
        assert self.figures is not None
        self.opened.emit("audit", {"query": queries.changes_on(self.figures.today, self.figures.tables[place].table_name)})


def _whole_day(f: BaseFigures) -> tuple[datetime.datetime, datetime.datetime]:
    return f.hours[0].starts_at, f.hours[-1].starts_at + datetime.timedelta(hours=1)


def _local(moment: datetime.datetime) -> Any:
    return moment.astimezone()


def _hour_name(starts_at: datetime.datetime) -> str:
    local = starts_at.astimezone()
    return f"{formats.date(local)}, {local:%H}:00–{local:%H}:59"
