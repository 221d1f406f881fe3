"""A field with rows: lines of a document, references. Typed like a spreadsheet, by keys alone."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent

from cms_desktop.core import formats
from cms_desktop.core.amounts import parse_amount
from cms_desktop.core.dates import local_today, parse_date
from cms_desktop.core.errors import InvalidInput

from ..error_text import error_text
from ..translation import translator
from .base import Field
from .grid_view import GridView

tr = translator("ui")
Index = QModelIndex | QPersistentModelIndex
Row = dict[str, Any]
TOP = QModelIndex()


@dataclass(frozen=True)
class GridColumn:
    """A column. `width` 0 takes what is left; `compute(row)` fills a column nobody types; `choices` are (value, text)."""

    key: str
    title: str
    kind: Literal["text", "amount", "choice", "date"] = "text"
    width: int = 0
    decimals: int = 2
    choices: Sequence[tuple[Any, str]] = ()
    compute: Callable[[Row], Any] | None = None
    default: Any = None
    longest: int = 1000
    shows_code: bool = False  # of a choice "22 · Ordinaria" the cell shows what stands before the point

    @property
    def is_number(self) -> bool:
        return self.kind == "amount"


@dataclass(frozen=True)
class Unread:
    """What was typed and cannot be read as a value."""

    text: str
    why: str


class GridModel(QAbstractTableModel):
    """The rows, and an empty one below them to go on in."""

    edited = Signal(int, str)  # row, key

    def __init__(self, columns: Sequence[GridColumn]) -> None:
        super().__init__()
        self.columns = list(columns)
        self.rows: list[Row] = []
        self.is_read_only = self.is_fixed = False  # fixed: rows may be changed and taken away, not added

    # what Qt asks
    def rowCount(self, parent: Index = TOP) -> int:
        return 0 if parent.isValid() else len(self.rows) + (0 if self.is_read_only or self.is_fixed else 1)

    def columnCount(self, parent: Index = TOP) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        found = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return found | Qt.ItemFlag.ItemIsEditable if self.can_edit(index.column()) else found

    def can_edit(self, place: int) -> bool:
        return not self.is_read_only and self.columns[place].compute is None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].is_number else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = self.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self.text(index.row(), column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return (Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            value = self.value(index.row(), column)
            return value.why if isinstance(value, Unread) else self.text(index.row(), column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.title}: {self.text(index.row(), column)}"
        return None

    # values
    def value(self, place: int, column: GridColumn) -> Any:
        if place >= len(self.rows):
            return None
        row = self.rows[place]
        return column.compute(row) if column.compute is not None else row.get(column.key)

    def text(self, place: int, column: GridColumn) -> str:
        value = self.value(place, column)
        if value is None:
            return ""
        if isinstance(value, Unread):
            return value.text
        if column.kind == "amount":
            return formats.number(value, max(0 if column.decimals == 3 else min(2, column.decimals), -_exponent(value)))
        if column.kind == "date":
            return formats.date(value)
        if column.kind == "choice":
            text = next((text for key, text in column.choices if key == value), "")
            return text.partition(" · ")[0] if column.shows_code else text
        return str(value)

    def put(self, place: int, key: str, typed: Any) -> None:
        """What was typed (or chosen) in a cell; a cell of the empty row begins a new one."""
        column = next(one for one in self.columns if one.key == key)
        value = self.read(column, typed)
        if place >= len(self.rows):
            if value is None or value == "":
                return
            self.begin()
        if self.rows[place].get(key) == value:
            return
        self.rows[place][key] = value
        self.dataChanged.emit(self.index(place, 0), self.index(place, len(self.columns) - 1))
        self.edited.emit(place, key)

    def begin(self, row: Mapping[str, Any] | None = None) -> int:
        """The empty row becomes one of ours, and another empty one comes below it: who types stays in the row."""
        place = len(self.rows)
        self.beginInsertRows(TOP, place + 1, place + 1)
        self.rows.append({one.key: one.default for one in self.columns if one.compute is None} | dict(row or {}))
        self.endInsertRows()
        return place

    def take_out(self, place: int) -> None:
        if place < len(self.rows):
            self.beginRemoveRows(TOP, place, place)
            del self.rows[place]
            self.endRemoveRows()
            self.edited.emit(-1, "")

    def set_rows(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self.beginResetModel()
        self.rows = [dict(one) for one in rows]
        self.endResetModel()

    @staticmethod
    def read(column: GridColumn, typed: Any) -> Any:
        if not isinstance(typed, str) or column.kind == "choice":
            return typed
        text = typed.strip()
        try:
            if column.kind == "amount":
                return parse_amount(text, decimals=column.decimals) if text else None
            if column.kind == "date":
                return parse_date(text, local_today()) if text else None
        except InvalidInput as error:
            return Unread(text, error_text(error))
        return text


def _exponent(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


class GridField(Field):
    """The value is a tuple of rows, each a dict by column key; keys without a column stay with their row.

    Keys: any character edits the cell, Enter or Tab the next cell, F4 the list of choices, Ctrl+Canc takes the row out, Ctrl+D copies it. Enter in
    an empty last row goes on to the next field.
    """

    row_edited = Signal(int, str)  # row and key just typed, for the owner to fill others

    def __init__(self, title: str, columns: Sequence[GridColumn], *, required: bool = False, note: str = "", least_rows: int = 2) -> None:
        self.model = GridModel(columns)
        self.view = GridView(self.model, least_rows)
        super().__init__(title, self.view, required=required, note=note)
        self.model.edited.connect(self._on_edited)

    def hide_title(self) -> None:
        """Where what is above says what this is."""
        self.title_label.hide()
        if self._star is not None:
            self._star.hide()

    def _on_edited(self, place: int, key: str) -> None:
        if place >= 0:
            self.row_edited.emit(place, key)
        self.changed.emit()

    def fill(self, place: int, values: Mapping[str, Any]) -> None:
        """Other cells of a row, on the user's behalf."""
        self.model.rows[place] |= dict(values)
        self.model.dataChanged.emit(self.model.index(place, 0), self.model.index(place, len(self.model.columns) - 1))

    def set_choices(self, key: str, choices: Sequence[tuple[Any, str]]) -> None:
        """What a column offers."""
        place = next(number for number, one in enumerate(self.model.columns) if one.key == key)
        self.model.columns[place] = replace(self.model.columns[place], choices=tuple(choices))
        self.view.viewport().update()

    def value(self) -> tuple[Row, ...]:
        return tuple(dict(one) for one in self.model.rows)

    def set_value(self, value: Any) -> None:
        self.model.set_rows(value or ())
        self.view.fit()

    def is_empty(self) -> bool:
        return not self.model.rows

    def entry_problem(self) -> str:
        for number, row in enumerate(self.model.rows, start=1):
            for cell in row.values():
                if isinstance(cell, Unread):
                    return tr("Riga {n}: {why}", n=number, why=cell.why)
        return ""

    def text_of(self, value: Any) -> str:
        count = len(value or ())
        return tr("1 riga") if count == 1 else tr("{n} righe", n=count)

    def draft(self) -> Any:
        return [{key: _kept(cell) for key, cell in row.items()} for row in self.model.rows]

    def restore_draft(self, draft: Any) -> None:
        self.set_value([{key: _restored(cell) for key, cell in row.items()} for row in draft])

    def set_read_only(self, read_only: bool) -> None:
        if self.model.is_read_only != read_only:
            self.model.beginResetModel()
            self.model.is_read_only = read_only
            self.model.endResetModel()
            self.view.fit()

    def set_fixed(self, fixed: bool) -> None:
        """Rows may be changed or taken out, but no new ones begun."""
        if self.model.is_fixed != fixed:
            self.model.beginResetModel()
            self.model.is_fixed = fixed
            self.model.endResetModel()
            self.view.fit()

    def is_read_only(self) -> bool:
        return self.model.is_read_only

    def enter_goes_on(self) -> bool:
        return False

    def handle_key(self, event: QKeyEvent) -> bool:
        return False  # the view has its own keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and self.view.is_editing():
            return False  # the focus went into a cell
        return super().eventFilter(watched, event)


def _kept(cell: Any) -> Any:
    if isinstance(cell, Decimal):
        return {"amount": str(cell)}
    if isinstance(cell, datetime.date):
        return {"date": cell.isoformat()}
    return {"text": cell.text, "why": cell.why} if isinstance(cell, Unread) else cell


def _restored(cell: Any) -> Any:
    if not isinstance(cell, dict):
        return cell
    if "amount" in cell:
        return Decimal(cell["amount"])
    return datetime.date.fromisoformat(cell["date"]) if "date" in cell else Unread(cell["text"], cell["why"])
