"""The rows of a list to Excel: all of them, page by page, as they come."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QObject

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError, Cancelled
from cms_desktop.core.listing import ListQuery, Page
from cms_desktop.documents.spreadsheet import Cell, CellKind, TableColumn, write_table
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import Overlay, RunProgress
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.record_table import TICK, Column, cell_text
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("ui")
Load = Callable[..., Page[Any]]
ROWS_AT_ONCE = 1_000
KINDS: dict[str, CellKind] = {"money": "amount", "int": "number", "date": "date"}


def table_columns(columns: Sequence[Column]) -> list[TableColumn]:
    return [TableColumn(one.title.replace(" €", ""), KINDS.get(one.kind, "text"), is_summed=one.total) for one in columns]


def cells_of(record: Any, columns: Sequence[Column]) -> list[Cell]:
    """The cells of a record: figures and dates as such, chips in words."""
    values: list[Cell] = []
    for one in columns:
        value = one.reader()(record)
        plain = one.kind in KINDS or (isinstance(value, str | int | Decimal) and one.kind != "chip")
        values.append(value if plain else cell_text(value, one.kind))
    return values


def all_rows(unit: Any, load: Load, query: ListQuery) -> Iterator[Any]:
    """Every row of the list, by key pages."""
    unit.page_rows = ROWS_AT_ONCE
    after: tuple[object, ...] | None = None
    while True:
        page = load(unit, query, after)
        yield from page.rows
        after = page.after
        if after is None:
            return


def write_list(unit: Any, path: pathlib.Path, *, load: Load, count: int, query: ListQuery, columns: Sequence[Column], title: str) -> int:
    """Write the list to `path`; progress by rows. A broken or cancelled export leaves no file."""

    def cells() -> Iterator[list[Cell]]:
        for place, record in enumerate(all_rows(unit, load, query)):
            if place % ROWS_AT_ONCE == 0:
                unit.on_progress(place, max(count, place), title)
            yield cells_of(record, columns)

    part = path.with_name(path.name + ".part")
    try:
        written = write_table(part, table_columns(columns), cells(), title=title)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return written


class ListExport(QObject):
    """Gives a list its export: asks where, writes in the background with a progress that can be stopped, offers to open the file."""

    def __init__(self, page: ListPage, workplace: Workplace) -> None:
        super().__init__(page)
        self._page, self._workplace = page, workplace
        self._title = page.table.noun.plural
        page.export_wanted.connect(self.start)

    def start(self, query: ListQuery, columns: list[Column]) -> None:
        path = self._workplace.files.save_as(tr("Esporta in Excel"), f"{self._title}.xlsx", "Excel (*.xlsx)")
        if path is None:
            return
        shown = [one for one in columns if one.key != TICK]
        overlay = Overlay(self._page.window())
        overlay.closed.connect(overlay.deleteLater)
        progress = RunProgress(tr("Esportazione di {title}", title=self._title), left_behind=tr("Se annulli non resta nessun file."))

        def work(unit: Any) -> int:
            count = self._page.count_rows(unit, query)
            title = self._title[:1].upper() + self._title[1:]
            return write_list(unit, path, load=self._page.load_rows, count=count, query=query, columns=shown, title=title)

        def done(count: int) -> None:
            overlay.close_content()
            text = (
                tr("1 riga in {file}", file=path.name) if count == 1 else tr("{n} righe in {file}", n=formats.number(count), file=path.name)
            )
            self._workplace.say("positive", tr("Esportazione finita"), text, tr("Apri"), lambda: self._workplace.files.show(path))

        def failed(error: AppError) -> None:
            overlay.close_content()
            if not isinstance(error, Cancelled):
                self._workplace.say("negative", tr("Esportazione non riuscita"), error_text(error))

        request = self._workplace.background.run(
            self._page,
            work,
            then=done,
            failed=failed,
            progress=lambda done_, total, phase: progress.advance(done_, total, phase),
            key="export",
        )
        progress.cancelled.connect(request.cancel)
        overlay.open_content(progress, locked=True)
