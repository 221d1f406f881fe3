"""Registers on paper and as spreadsheets: what is on the screen, row by row."""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Sequence

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.documents.spreadsheet import Cell, TableColumn, write_table
from cms_desktop.modules.base import queries as base
from cms_desktop.modules.billing.vat import actions, queries
from cms_desktop.modules.billing.vat.records import RegisterMonth, Section

EXIGIBILITY = {"I": "immediata", "D": "differita", "S": "scissione"}


def print_register(unit: UnitOfWork, section: Section, month: datetime.date, path: pathlib.Path, *, is_definitive: bool) -> int:
    """Write a month as PDF; printed for good, its pages are taken and its documents final. Returns the number of pages.

    A month that was printed for good comes again with its own page numbers. The file is written only when the server agreed.
    """
    from reports.vat_register.layout import register_pdf  # slow to load: only who prints waits for it

    found = queries.find_month(unit, section, month)
    content, pages = register_pdf(found, base.find_letterhead(unit), is_definitive=is_definitive or found.printed is not None)
    if is_definitive and found.printed is None:
        actions.close_month(unit, found, content, pages)
    path.write_bytes(content)
    return pages


def columns() -> list[TableColumn]:
    return [
        TableColumn("Registrazione", "date"), TableColumn("Numero"), TableColumn("Data documento", "date"), TableColumn("Tipo", width=8),
        TableColumn("Cliente o fornitore", width=36), TableColumn("Partita IVA", width=14), TableColumn("Codice fiscale", width=18),
        TableColumn("Codice IVA", width=11), TableColumn("Aliquota", "percent"), TableColumn("Natura", width=9),
        TableColumn("Esigibilità", width=13), TableColumn("Imponibile", "amount", is_summed=True),
        TableColumn("Imposta", "amount", is_summed=True), TableColumn("Totale", "amount", is_summed=True),
    ]  # fmt: skip


def export_register(path: pathlib.Path, found: RegisterMonth) -> int:
    """A row for every document and VAT code, sums below; returns how many rows."""
    rows = (
        (one.registered_on, one.document_number, one.document_on, one.document_type, one.name, one.vat_number, one.tax_code, one.code, one.rate,
         one.nature, EXIGIBILITY[one.exigibility], one.net_amount, one.vat_amount, one.total_amount)
        for one in found.rows
    )  # fmt: skip
    return write_table(path, columns(), rows, title=f"{found.section.code or found.section.register} {found.month_on:%Y-%m}")


def export_lines(path: pathlib.Path, periods: Sequence[str], lines: Sequence[Sequence[Cell]]) -> int:
    """The lines of the periodic communication, a column for each period."""
    titles = [TableColumn("Rigo", width=8), TableColumn("Voce", width=46), *(TableColumn(period, "amount") for period in periods)]
    return write_table(path, titles, lines, title="LIPE")
