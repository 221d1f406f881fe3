"""The matrix person × function: arrows move, Space gives or takes."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from cms_desktop.modules.base.columns import function_title, module_name
from cms_desktop.modules.base.records import Holder, PermissionMatrix
from cms_desktop.ui import theme
from cms_desktop.ui.icons import paint_icon
from cms_desktop.ui.translation import translator

tr = translator("base")
Index = QModelIndex | QPersistentModelIndex
LEAST_CELL, MOST_CELL, ROW_HEIGHT, NAMES, BAND = 42, 64, 36, 210, 28
LEAST_TITLES, MOST_TITLES, STEP = 130, 260, 10
Changes = dict[tuple[int, str], bool]


class RightsModel(QAbstractTableModel):
    """The stored matrix and the changes not saved yet; a change back to what is stored is no change."""

    changed = Signal()

    def __init__(self, own_person_id: int) -> None:
        super().__init__()
        self.matrix = PermissionMatrix((), (), {})
        self.changes: Changes = {}
        self._own = own_person_id
        self.is_read_only = False

    def set_matrix(self, matrix: PermissionMatrix) -> None:
        """Fresh rights from the server; changes typed here stay on top of them."""
        self.beginResetModel()
        self.matrix = matrix
        stored = {
            (holder.person_id, one.function): one.function in holder.functions for holder in matrix.holders for one in matrix.functions
        }
        self.changes = {key: wanted for key, wanted in self.changes.items() if key in stored and stored[key] != wanted}
        self.endResetModel()
        self.changed.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.matrix.holders)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.matrix.functions)

    def place(self, index: Index) -> tuple[Holder, str]:
        return self.matrix.holders[index.row()], self.matrix.functions[index.column()].function

    def holds(self, holder: Holder, function: str) -> bool:
        return self.changes.get((holder.person_id, function), function in holder.functions)

    def is_fixed(self, holder: Holder, function: str) -> bool:
        """One's own rights, and base.read, which stays with whoever has any."""
        return self.is_read_only or holder.person_id == self._own or function == "base.read"

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole) and index.isValid():
            holder, function = self.place(index)
            title = function_title(function, self.matrix.functions[index.column()].title)
            held = tr("sì") if self.holds(holder, function) else tr("no")
            return f"{holder.display_name}: {title}, {held}"
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole) and orientation == Qt.Orientation.Horizontal:
            one = self.matrix.functions[section]
            return f"{module_name(one.module)}: {function_title(one.function, one.title)}"
        return None

    def set_held(self, person_id: int, function: str, wanted: bool) -> None:
        holder = next(one for one in self.matrix.holders if one.person_id == person_id)
        if self.is_fixed(holder, function):
            return
        if wanted == (function in holder.functions):
            self.changes.pop((person_id, function), None)
        else:
            self.changes[person_id, function] = wanted

    def toggle(self, index: Index) -> None:
        holder, function = self.place(index)
        self.set_held(holder.person_id, function, not self.holds(holder, function))
        self._tell()

    def set_functions(self, person_id: int, functions: frozenset[str]) -> None:
        """The person shall hold exactly these (a preset, a colleague's)."""
        for one in self.matrix.functions:
            self.set_held(person_id, one.function, one.function in functions)
        self._tell()

    def clear_changes(self) -> None:
        self.changes = {}
        self._tell()

    def _tell(self) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))
        self.changed.emit()


class _BoxDelegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, RightsModel)
        t, (holder, function) = theme.current(), model.place(index)
        held, fixed = model.holds(holder, function), model.is_fixed(holder, function)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(option.rect)
        is_current = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if bool(option.state & QStyle.StateFlag.State_Selected):
            painter.fillRect(area, QColor(t.accent_soft))
        painter.fillRect(QRectF(area.left(), area.bottom(), area.width(), 1), QColor(t.line))
        box = QRectF(area.center().x() - 8, area.center().y() - 8, 16, 16)
        painter.setPen(QPen(QColor(t.border_field if not held else t.text_3 if fixed else t.accent_fill), 1.2))
        painter.setBrush(QColor((t.text_3 if fixed else t.accent_fill) if held else t.surface_alt if fixed else t.surface))
        painter.drawRoundedRect(box, 4, 4)
        if held:
            paint_icon(painter, "check", box.adjusted(2, 2, -2, -2), t.on_accent, 3)
        if (holder.person_id, function) in model.changes:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.warning_fill))
            painter.drawEllipse(QRectF(box.right() + 3, box.top() - 4, 6, 6))
        if is_current:
            painter.setPen(QPen(QColor(t.accent_fill), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(2, 2, -2, -2), 4, 4)
        painter.restore()


class _FunctionHeader(QHeaderView):
    """Modules in a band, the functions below, written upwards."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(LEAST_CELL)
        self.setDefaultSectionSize(LEAST_CELL)
        self._titles = LEAST_TITLES

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), BAND + self._titles)

    def fit(self, room: int) -> None:
        """Columns as wide as the room allows, never too narrow for a module's name; as tall as the longest title needs on its lines."""
        model = self.model()
        assert isinstance(model, RightsModel)
        functions, metrics = model.matrix.functions, theme.metrics("caption", weight=600)
        if not functions:
            return
        modules = [one.module for one in functions]
        names = [math.ceil((metrics.horizontalAdvance(module_name(module)) + 14) / modules.count(module)) for module in set(modules)]
        cell = max(LEAST_CELL, *names, min(MOST_CELL, room // len(functions)))
        words, height = theme.metrics("small"), LEAST_TITLES
        titles = [function_title(one.function, one.title) for one in functions]
        while height < MOST_TITLES and not all(_fits(words, title, height - 10, cell - 4) for title in titles):
            height += STEP
        if (cell, height) == (self.defaultSectionSize(), self._titles):
            return
        self._titles = height
        self.setDefaultSectionSize(cell)
        self.geometriesChanged.emit()

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        model = self.model()
        assert isinstance(model, RightsModel)
        t, functions = theme.current(), model.matrix.functions
        one = functions[logical]
        painter.save()
        view = self.parent()
        is_here = isinstance(view, QTableView) and view.currentIndex().column() == logical
        painter.fillRect(rect, QColor(t.surface_alt))
        if is_here:
            painter.fillRect(rect.adjusted(1, BAND, 0, 0), QColor(t.accent_soft))
        if logical == 0 or functions[logical - 1].module != one.module:
            painter.fillRect(QRectF(rect.left(), rect.top(), 1, rect.height()), QColor(t.border))
        painter.translate(rect.left(), rect.bottom() - 6)
        painter.rotate(-90)
        painter.setFont(theme.font("small"))
        painter.setPen(QColor(t.accent if is_here else t.text))
        title = function_title(one.function, one.title)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        painter.drawText(QRectF(0, 0, self._titles - 8, rect.width()), int(flags), title)
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        model = self.model()
        assert isinstance(model, RightsModel)
        t, functions, painter = theme.current(), model.matrix.functions, QPainter(self.viewport())
        painter.setFont(theme.font("caption", weight=600))
        painter.setPen(QColor(t.text_2))
        for place, one in enumerate(functions):
            if place and functions[place - 1].module == one.module:
                continue
            width = self.sectionSize(place) * sum(1 for other in functions if other.module == one.module) - 8
            text = theme.metrics("caption", weight=600).elidedText(module_name(one.module), Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRectF(self.sectionViewportPosition(place) + 6, 0, width, BAND), Qt.AlignmentFlag.AlignVCenter, text)


def _fits(metrics: QFontMetricsF, title: str, width: int, height: int) -> bool:
    needed = metrics.boundingRect(QRectF(0, 0, width, 1000), int(Qt.TextFlag.TextWordWrap), title)
    return needed.width() <= width and needed.height() <= height


class _PersonHeader(QHeaderView):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setDefaultSectionSize(ROW_HEIGHT)
        self.setFixedWidth(NAMES)

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        model, view = self.model(), self.parent()
        assert isinstance(model, RightsModel) and isinstance(view, QTableView)
        t, holder = theme.current(), model.matrix.holders[logical]
        painter.save()
        here = view.currentIndex().row() == logical
        painter.fillRect(rect, QColor(t.accent_soft if here else t.surface))
        painter.fillRect(QRectF(rect.left(), rect.bottom(), rect.width(), 1), QColor(t.line))
        painter.setFont(theme.font("medium"))
        painter.setPen(QColor(t.text_3 if holder.state in ("suspended", "expired") else t.text))
        name = theme.metrics("medium").elidedText(holder.display_name, Qt.TextElideMode.ElideRight, NAMES - 24)
        painter.drawText(QRectF(rect.left() + 16, rect.top() + 1, NAMES - 20, 20), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(theme.font("caption"))
        painter.setPen(QColor(t.text_3))
        painter.drawText(
            QRectF(rect.left() + 16, rect.top() + 18, NAMES - 20, 15), Qt.AlignmentFlag.AlignVCenter, holder.job_title or holder.login
        )
        painter.restore()


class RightsGrid(QTableView):
    """`place_changed(person_id, function)` follows the cursor."""

    place_changed = Signal(int, str)

    def __init__(self, own_person_id: int) -> None:
        super().__init__()
        self.rights = RightsModel(own_person_id)
        self.setModel(self.rights)
        self.setItemDelegate(_BoxDelegate(self))
        self._functions = _FunctionHeader(self)
        self.setHorizontalHeader(self._functions)
        self.rights.modelReset.connect(self._fit)
        self.setVerticalHeader(_PersonHeader(self))
        self.setCornerButtonEnabled(False)
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(tr("Diritti per persona e funzione"))
        self.clicked.connect(self.rights.toggle)
        self.selectionModel().currentChanged.connect(self._on_current)

    def _on_current(self, index: QModelIndex, _old: QModelIndex) -> None:
        self.verticalHeader().viewport().update()
        self._functions.viewport().update()
        if index.isValid():
            holder, function = self.rights.place(index)
            self.place_changed.emit(holder.person_id, function)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._functions.fit(self.viewport().width())

    def go_to(self, person_id: int, function: str = "") -> None:
        """Put the cursor on a person (and function)."""
        rows = [holder.person_id for holder in self.rights.matrix.holders]
        columns = [one.function for one in self.rights.matrix.functions]
        if person_id in rows:
            self.setCurrentIndex(self.rights.index(rows.index(person_id), columns.index(function) if function in columns else 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.rights.toggle(self.currentIndex())
        else:
            super().keyPressEvent(event)
