"""Spreadsheets: reading what people bring (xlsx, csv) as text without inventing anything, writing tables that stream to xlsx.

openpyxl is slow to load: only who reads or writes a file waits for it.
"""

from __future__ import annotations

import csv
import datetime
import io
import pathlib
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from cms_desktop.core.errors import InvalidInput

if TYPE_CHECKING:
    from openpyxl.cell import WriteOnlyCell

CellKind = Literal["text", "amount", "number", "percent", "date", "timestamp"]
Cell = str | int | float | Decimal | datetime.date | datetime.datetime | bool | None
FORMATS: dict[CellKind, str] = {
    "text": "@",
    "amount": "#,##0.00",
    "number": "#,##0",
    "percent": '0.00"%"',
    "date": "dd/mm/yyyy",
    "timestamp": "dd/mm/yyyy hh:mm",
}
MOST_ROWS = 1_048_575  # rows of a sheet below its header
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])


# ---- reading ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sheet:
    """Column titles and rows, all text; every row is as long as the titles."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_rows(path: pathlib.Path) -> Sheet:
    """The first sheet of an xlsx file or a csv file (UTF-8 or Windows, `;` `,` or tab). Empty rows and columns without title are left out."""
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        table = _xlsx_rows(path) if path.suffix.lower() in (".xlsx", ".xlsm") else _csv_rows(path)
        rows = [row for row in table if any(cell.strip() for cell in row)]
    except (OSError, zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, csv.Error, SyntaxError) as error:
        raise InvalidInput("Il file {name} non si legge: salvarlo come xlsx o csv e riprovare.", name=path.name) from error
    if not rows:
        raise InvalidInput("Il file {name} è vuoto: controllare che i dati siano nel primo foglio.", name=path.name)
    places = [place for place, title in enumerate(rows[0]) if title.strip()]
    headers = tuple(rows[0][place].strip() for place in places)
    return Sheet(headers, tuple(tuple(row[place] if place < len(row) else "" for place in places) for row in rows[1:]))


def _xlsx_rows(path: pathlib.Path) -> Iterator[list[str]]:
    if path.read_bytes()[:2] != b"PK":
        raise ValueError("not an xlsx file")
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield [_as_text(value) for value in row]
    finally:
        book.close()


def _as_text(value: Any) -> str:
    """What the cell shows, without format: 12 and not 12.0, a date as 31/12/2026."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "sì" if value else "no"
    if isinstance(value, float):
        text = format(Decimal(repr(value)), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, datetime.datetime):
        has_time = value.time() != datetime.time(0)
        return value.strftime("%d/%m/%Y %H:%M" if has_time else "%d/%m/%Y")
    if isinstance(value, datetime.date):
        return value.strftime("%d/%m/%Y")
    return str(value)


def _csv_rows(path: pathlib.Path) -> list[list[str]]:
    content = path.read_bytes()
    if content[:2] == b"PK" or b"\x00" in content[:1024]:
        raise ValueError("not a text file")
    text = _decoded(content)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    """The sign that splits the first rows most evenly into the most columns; `;` when in doubt (as Excel writes in Italy)."""

    def evenness(delimiter: str) -> tuple[int, int]:
        counts = [len(row) for row in _first_rows(text, delimiter)]
        return (sum(count == counts[0] for count in counts), counts[0]) if counts and counts[0] > 1 else (0, 0)

    return max((";", "\t", ","), key=evenness)


def _first_rows(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [row for _, row in zip(range(20), reader, strict=False) if row]


# ---- writing ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TableColumn:
    """A column of an exported table: title, kind of its cells, width in characters (0: by kind), whether it is summed below."""

    title: str
    kind: CellKind = "text"
    width: int = 0
    is_summed: bool = False


def write_table(
    path: pathlib.Path, columns: Sequence[TableColumn], rows: Iterable[Sequence[Cell]], *, title: str = "Dati", total_label: str = "Totale"
) -> int:
    """Write rows as they come; returns how many. Text that begins like a formula stays text. The header stays in sight and filters.

    Below the last row stand the sums of the columns marked `is_summed`, exact to the cent.
    """
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title.translate({ord(sign): " " for sign in "[]:*?/\\"})[:31])
    for place, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width or _usual_width(column)
    sheet.freeze_panes = "A2"
    sheet.append([_header_cell(sheet, column) for column in columns])
    sums = [Decimal(0) if column.is_summed else None for column in columns]
    count = 0
    for row in rows:
        if count == MOST_ROWS - 1:
            raise InvalidInput("Le righe sono troppe per un foglio: restringere i filtri e riprovare.")
        sheet.append([_cell(sheet, value, column) for value, column in zip(row, columns, strict=True)])
        for place, total in enumerate(sums):
            if total is not None and row[place] is not None:
                sums[place] = total + Decimal(str(row[place]))
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{count + 1}"
    if any(column.is_summed for column in columns):
        sheet.append(
            [
                _total_cell(sheet, total, column, total_label if place == 0 else "")
                for place, (total, column) in enumerate(zip(sums, columns, strict=True))
            ]
        )
    book.save(path)
    return count


def _usual_width(column: TableColumn) -> int:
    widths = {"text": 28, "amount": 15, "number": 11, "percent": 10, "date": 12, "timestamp": 17}
    return max(widths[column.kind], len(column.title) + 3)


def _header_cell(sheet: Any, column: TableColumn) -> WriteOnlyCell:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, PatternFill

    cell = WriteOnlyCell(sheet, column.title)
    cell.data_type = "s"
    cell.font, cell.fill, cell.border = _strong(), PatternFill("solid", fgColor="E8EBF0"), _edge("bottom")
    cell.alignment = Alignment(horizontal="left" if column.kind == "text" else "right", vertical="center")
    return cell


def _cell(sheet: Any, value: Cell, column: TableColumn) -> Cell | WriteOnlyCell:
    from openpyxl.cell import WriteOnlyCell

    if value is None:
        return None
    if isinstance(value, bool):
        return "sì" if value else "no"
    if isinstance(value, str):
        text = value.translate(_CONTROL)[:32_767]
        if not text.startswith(_FORMULA_SIGNS):
            return text
        cell = WriteOnlyCell(sheet, text)
        cell.data_type, cell.number_format, cell.quotePrefix = "s", "@", True
        return cell
    if isinstance(value, datetime.datetime) and value.tzinfo:
        value = value.astimezone().replace(tzinfo=None)
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = FORMATS[column.kind] if column.kind != "text" else "General"
    return cell


def _strong() -> Any:
    from openpyxl.styles import Font

    return Font(name="Calibri", bold=True, color="18212E")


def _edge(side: str) -> Any:
    from openpyxl.styles import Border, Side

    return Border(**{side: Side(style="thin", color="858F9F")})


def _total_cell(sheet: Any, total: Decimal | None, column: TableColumn, label: str) -> WriteOnlyCell:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, label if total is None else total)
    cell.font, cell.border = _strong(), _edge("top")
    if total is not None:
        cell.number_format = FORMATS[column.kind]
    return cell
