"""A list taken out for a communication: by a channel, with the count of those left out and why."""

from __future__ import annotations

import csv
import pathlib
from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import Signal

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError
from cms_desktop.core.listing import ListQuery
from cms_desktop.documents.spreadsheet import Cell, TableColumn, write_table
from cms_desktop.modules.registry import queries
from cms_desktop.modules.registry.columns import channel_names, role_names
from cms_desktop.modules.registry.records import Extraction
from cms_desktop.modules.registry.rules import CHANNELS
from cms_desktop.ui.basics import Elevated, IconLabel, boxed, button, column, label, row, rule
from cms_desktop.ui.chips import Segmented
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.translation import one_or_many, translator
from cms_desktop.ui.workplace import Workplace

tr = translator("registry")


def left_out_words() -> dict[str, str]:
    return {
        "refused": tr("non vogliono"), "no_address": tr("senza recapito"), "erased": tr("dati cancellati"), "merged": tr("unite a un'altra"),
    }  # fmt: skip


class ExtractionDialog(Elevated):
    left = Signal()

    def __init__(self, workplace: Workplace, query: ListQuery) -> None:
        super().__init__(radius=12)
        self._workplace, self._query = workplace, query
        self.counted: Extraction | None = None
        names = channel_names()
        self.channel = Segmented([names[one] for one in CHANNELS])
        self.channel.setObjectName("first-focus")
        self.channel.changed.connect(lambda _place: self.count())
        self.figures = label("", "heading")
        self.reasons = label("", "body", "2", wrap=True)
        self.problem = InlineMessage("negative", "")
        self.problem.hide()
        self.save_button = button(tr("Salva l'elenco…"), "primary", "download", tip=tr("Excel o CSV"))
        self.save_button.clicked.connect(self.save)
        leave = button(tr("Annulla"), tip=tr("Annulla (Esc)"))
        leave.clicked.connect(self.left)
        head = row(IconLabel("list-filter", 20, "accent_fill", 2), label(tr("Estrai per una comunicazione"), "title"), None, spacing=12)
        note = label(
            tr("L'elenco è quello che hai davanti, con i suoi filtri. Chi non vuole il canale resta fuori."), "body", "2", wrap=True
        )
        body = column(head, note, row(self.channel, None), self.figures, self.reasons, self.problem, spacing=10, margins=(24, 20, 24, 16))
        self.body.addLayout(column(body, rule(), boxed(row(None, leave, self.save_button, margins=(24, 12, 24, 14))), spacing=0))
        self.setFixedWidth(560 + 2 * self.MARGIN)
        self.setAccessibleName(tr("Estrai per una comunicazione"))
        self.count()

    def _channel(self) -> str:
        return CHANNELS[self.channel.active()]

    def count(self) -> None:
        channel, query = self._channel(), self._query
        self.counted = None
        self.figures.setText(tr("Sto contando…"))
        self.reasons.setText(" ")
        self.save_button.setEnabled(False)
        run = self._workplace.background.run
        run(self, lambda unit: queries.count_extraction(unit, query, channel), then=self._show, failed=self._on_failed, key="count")

    def _show(self, counted: Extraction) -> None:
        self.counted = counted
        every = formats.number(counted.every)
        self.figures.setText(
            one_or_many(
                counted.reachable, tr("1 raggiungibile su {all}", all=every),
                tr("{n} raggiungibili su {all}", n=formats.number(counted.reachable), all=every),
            )
        )  # fmt: skip
        words = left_out_words()
        said = [f"{formats.number(count)} {words[reason]}" for reason, count in counted.left_out.items()]
        self.reasons.setText(tr("Restano fuori: {reasons}.", reasons=", ".join(said)) if said else tr("Nessuno resta fuori."))
        self.save_button.setEnabled(counted.reachable > 0)

    def save(self) -> None:
        channel, query = self._channel(), self._query
        path = self._workplace.files.save_as(tr("Salva l'elenco"), f"{tr('Comunicazione')}.xlsx", "Excel (*.xlsx);;CSV (*.csv)")
        if path is None:
            return

        def work(unit: Any) -> int:
            return write_extraction(unit, path, query, channel)

        def done(count: int) -> None:
            said = self._workplace.say
            said(
                "positive",
                tr("Elenco salvato"),
                (
                    tr("1 riga in {file}", file=path.name)
                    if count == 1
                    else tr("{n} righe in {file}", n=formats.number(count), file=path.name)
                ),
                tr("Apri"),
                lambda: self._workplace.files.show(path),
            )
            self.left.emit()

        self.save_button.setEnabled(False)
        self._workplace.background.run(self, work, then=done, failed=self._on_failed, key="save")

    def _on_failed(self, error: AppError) -> None:
        self.figures.setText("")
        self.problem.set_message("negative", error_text(error))


def write_extraction(unit: Any, path: pathlib.Path, query: ListQuery, channel: str) -> int:
    """Those who may be reached, to Excel or (by the name of the file) CSV; returns how many."""
    classes = [one for one in queries.list_classes(unit) if one.is_active]
    titles = [tr("Denominazione"), channel_names()[channel], tr("Comune"), tr("Prov."), tr("Ruoli"), *(one.name for one in classes)]
    roles, names = role_names(), {value.value_id: value.name for one in classes for value in one.values}

    def of_classes(one: Any) -> list[str]:
        return [names.get(one.classes[field.position - 1] or 0, "") for field in classes]

    def rows() -> Iterator[list[Cell]]:
        for one, reached in queries.extracted(unit, query, channel):
            if not reached.left_out:
                facts = (one.name, reached.address, one.town, one.province_code)
                yield [*facts, ", ".join(roles[role][0] for role in one.roles), *of_classes(one)]

    if path.suffix.lower() != ".csv":
        return write_table(path, [TableColumn(title) for title in titles], rows(), title=tr("Comunicazione"))
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(titles)
        for line in rows():
            writer.writerow([_plain(cell) for cell in line])
            count += 1
    return count


def _plain(cell: Cell) -> str:
    """A text that a spreadsheet will not take for a formula."""
    text = str(cell or "")
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) and not text[1:2].isdigit() else text
