"""The rows of a list behind the view: immutable records, read through the columns; ticks by record key."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from .columns import RIGHT, Column, cell_text

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


@dataclass(frozen=True)
class Ticks:
    """Ticked records by key. With `is_all` the whole result is meant, loaded or not, except `keys`."""

    is_all: bool = False
    keys: frozenset[Hashable] = frozenset()

    def holds(self, key: Hashable) -> bool:
        return (key in self.keys) is not self.is_all

    def flipped(self, key: Hashable) -> Ticks:
        return Ticks(self.is_all, self.keys ^ {key})

    def count(self, rows_in_result: int) -> int:
        return rows_in_result - len(self.keys) if self.is_all else len(self.keys)


class RecordTableModel(QAbstractTableModel):
    """Read-only but for the tick column."""

    ticks_changed = Signal()

    def __init__(self, columns: Sequence[Column], record_key: Callable[[Any], Hashable], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.readers = tuple(column.reader() if column.kind != "tick" else self._is_ticked for column in columns)
        self.rows: list[Any] = []
        self.record_key = record_key
        self.ticks = Ticks()

    def set_rows(self, rows: Sequence[Any]) -> None:
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def append_rows(self, rows: Sequence[Any]) -> None:
        if rows:
            self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows) + len(rows) - 1)
            self.rows.extend(rows)
            self.endInsertRows()

    def set_ticks(self, ticks: Ticks) -> None:
        if ticks == self.ticks:
            return
        self.ticks = ticks
        place = next((number for number, column in enumerate(self.columns) if column.kind == "tick"), None)
        if place is not None and self.rows:
            self.dataChanged.emit(self.index(0, place), self.index(len(self.rows) - 1, place), [Role.CheckStateRole])
        self.ticks_changed.emit()

    def _is_ticked(self, record: Any) -> bool:
        return self.ticks.holds(self.record_key(record))

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and 0 <= section < len(self.columns) and role in (Role.DisplayRole, Role.ToolTipRole):
            return self.columns[section].title
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        base = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return base | Qt.ItemFlag.ItemIsUserCheckable if self.columns[index.column()].kind == "tick" else base

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        if role in (Role.DisplayRole, Role.ToolTipRole, Role.AccessibleTextRole):
            return self._text(index, column, role)
        if role == Role.CheckStateRole and column.kind == "tick":
            ticked = self._is_ticked(self.rows[index.row()])
            return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        if role == Role.UserRole:
            return self.rows[index.row()]
        if role == Role.TextAlignmentRole and column.kind in RIGHT:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def _text(self, index: Index, column: Column, role: int) -> str | None:
        text = cell_text(self.readers[index.column()](self.rows[index.row()]), column.kind)
        if role == Role.AccessibleTextRole:
            return f"{column.title}: {text}" if column.title else text
        return text if role == Role.DisplayRole or text else None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        if role != Role.CheckStateRole or not index.isValid() or self.columns[index.column()].kind != "tick":
            return False
        key = self.record_key(self.rows[index.row()])
        if self.ticks.holds(key) != (Qt.CheckState(value) == Qt.CheckState.Checked):
            self.set_ticks(self.ticks.flipped(key))
        return True
