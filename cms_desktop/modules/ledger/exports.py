"""The file of entries for the accountant's program. The layout is described in docs/journal_export.md; a change there is a new version.

CSV: UTF-8 with a byte order mark, `;` between fields, CRLF, decimal comma, days as GG/MM/AAAA. The same lines give the same bytes.
"""

from __future__ import annotations

import csv
import datetime
import io
import pathlib
import tempfile
from collections.abc import Iterable, Iterator
from decimal import Decimal

from cms_desktop.documents.spreadsheet import Cell, TableColumn, write_table

from .book_records import ExportLine

COLUMNS = (
    TableColumn("Registrazione", "number"), TableColumn("Numero giornale", "number"), TableColumn("Data", "date"), TableColumn("Causale", width=10),
    TableColumn("Descrizione", width=46), TableColumn("Riga", "number"), TableColumn("Conto", width=12), TableColumn("Nome del conto", width=34),
    TableColumn("Codice cliente", width=14), TableColumn("Cliente", width=34), TableColumn("Partita IVA", width=16), TableColumn("Codice fiscale", width=18),
    TableColumn("Dare", "amount", is_summed=True), TableColumn("Avere", "amount", is_summed=True), TableColumn("Descrizione riga", width=30),
    TableColumn("Documento", width=16), TableColumn("Data documento", "date"), TableColumn("Storna", "number"),
)  # fmt: skip
REASONS = {  # causale: stable, whatever the screen calls it
    "invoice": "FT", "payment": "INC", "payment_bounced": "STI", "effect_batch": "EFF", "effect_outcome": "ESE", "manual": "PN", "reversal": "STO",
    "year_result": "CHE", "year_closing": "CHP", "year_opening": "APE", "vat_collected": "IVD", "vat_settlement": "LIQ", "vat_reopened": "LIR",
}  # fmt: skip


def cells(lines: Iterable[ExportLine]) -> Iterator[list[Cell]]:
    """A row of cells for each line, in the order of COLUMNS."""
    for one in lines:
        yield [
            one.entry_id, one.number, one.on_date, REASONS.get(one.source, one.source.upper()[:10]), one.description, one.line_no, one.account_code,
            one.account_name, one.customer_code, one.customer, one.vat_number, one.tax_code, one.debit, one.credit, one.line_text, one.document,
            one.document_on, one.reverses_id,
        ]  # fmt: skip


def csv_content(lines: Iterable[ExportLine]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.title for column in COLUMNS])
    for row in cells(lines):
        writer.writerow([_text(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:.2f}".replace(".", ",")
    if isinstance(cell, datetime.date):
        return cell.strftime("%d/%m/%Y")
    text = " ".join(str(cell).split())
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text  # a spreadsheet would run it


def xlsx_content(lines: Iterable[ExportLine]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "x.xlsx"
        write_table(path, COLUMNS, cells(lines), title="Registrazioni")
        return path.read_bytes()


def file_name(number: str, first: datetime.date, last: datetime.date, file_format: str) -> str:
    """registrazioni_X-2026-0001_20260101-20260331.csv"""
    return f"registrazioni_{number.replace('/', '-')}_{first:%Y%m%d}-{last:%Y%m%d}.{file_format}"
