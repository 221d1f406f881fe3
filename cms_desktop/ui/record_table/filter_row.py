"""The small fields under the column titles. What they mean is decided by core.filter_text."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.filter_text import filter_text, parse_filter
from cms_desktop.core.listing import Filter, Value

from .. import theme
from ..error_text import error_text
from ..icons import icon
from ..tokens import FILTER_ROW
from ..translation import translator
from .choice_picker import ChoicePicker
from .columns import RIGHT, Column

tr = translator("ui")
DEBOUNCE_MS = 250
Key = Qt.Key


def _polish(widget: QWidget, state: str) -> None:
    if widget.property("state") != state:
        widget.setProperty("state", state)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class FilterField(QLineEdit):
    """A typed filter. `edited` while typing, `finished` on Enter or ↓ (go to the rows), `emptied` when the × or Esc clears it."""

    edited = Signal()
    finished = Signal()
    emptied = Signal()

    def __init__(self, column: Column, parent: QWidget) -> None:
        super().__init__(parent)
        self.column, self.condition = column, None  # type: Column, Filter | None
        self.setFont(theme.font("small"))
        self.setProperty("fit", "filter")
        self.setPlaceholderText(column.filter_hint)
        self.setAccessibleName(tr("Filtro {column}", column=column.title))
        if column.kind in RIGHT:
            self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._clear: QAction | None = None
        self._hint = self._help()
        self.setToolTip(self._hint)
        self.textEdited.connect(self._on_edited)

    def _help(self) -> str:
        if self.column.filter == "number":
            return tr("Per esempio: 684, > 200, <= 1.000, 100..500")
        if self.column.filter == "date":
            return tr("Per esempio: oggi, nov, nov 2025, 2025, 01/11..15/11, > 01/11/2026")
        return tr("Contiene il testo; =testo per quello esatto, testo* per l'inizio")

    def _on_edited(self) -> None:
        self._show_clear()
        self.edited.emit()

    def read(self) -> None:
        """Read what is typed: the condition changes only when it can be read, else the field says what to write."""
        try:
            self.condition = parse_filter(self.column.key, self.column.filter, self.text(), today=local_today())
        except InvalidInput as error:
            self._mark("error", error_text(error))
        else:
            self._mark("active" if self.condition else "")

    def show_condition(self, condition: Filter | None) -> None:
        self.condition = condition
        self.setText(filter_text(condition) if condition else "")
        self.setCursorPosition(0)
        self._mark("active" if condition else "")

    def has_error(self) -> bool:
        return self.property("state") == "error"

    def _mark(self, state: str, tip: str = "") -> None:
        _polish(self, state)
        self.setToolTip(tip or self._hint)
        self.setAccessibleDescription(tip)
        self._show_clear()

    def _show_clear(self) -> None:
        wanted = bool(self.text())
        if wanted and self._clear is None:
            self._clear = self.addAction(icon("x", "accent", 12, 2), QLineEdit.ActionPosition.TrailingPosition)
            self._clear.setToolTip(tr("Togli il filtro (Esc)"))
            self._clear.triggered.connect(self._on_clear)
        elif not wanted and self._clear is not None:
            self.removeAction(self._clear)
            self._clear = None

    def _on_clear(self) -> None:
        self.show_condition(None)
        self.emptied.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Key.Key_Escape and self.text():
            self._on_clear()
        elif event.key() in (Key.Key_Return, Key.Key_Enter, Key.Key_Down, Key.Key_Escape):
            self.finished.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.has_error():  # painted: a style sheet of its own would not follow the theme
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.current().negative_fill), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75), 4, 4)


class FilterChoice(QComboBox):
    """A filter among the values of the column, one or several: its list has ticks."""

    edited = Signal()
    finished = Signal()
    emptied = Signal()

    def __init__(self, column: Column, parent: QWidget) -> None:
        super().__init__(parent)
        self.column, self.condition = column, None  # type: Column, Filter | None
        self.setFont(theme.font("small"))
        self.setProperty("fit", "filter")
        self.setAccessibleName(tr("Filtro {column}", column=column.title))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(1)
        self.addItem(column.filter_hint or tr("Tutti"), None)
        for value, title in column.choices:
            self.addItem(title, (value,))
        self._plain = self.count()
        self.view().setMinimumWidth(160)
        self.activated.connect(self._on_activated)

    def _on_activated(self) -> None:
        self.read()
        self.emptied.emit()

    def read(self) -> None:
        values = self.currentData()
        self.condition = Filter(self.column.key, "in", tuple(values)) if values is not None else None
        _polish(self, "active" if self.condition else "")

    def show_condition(self, condition: Filter | None) -> None:
        while self.count() > self._plain:
            self.removeItem(self.count() - 1)
        self.condition = condition
        place = 0
        if condition is not None:
            wanted = list(condition.values)
            place = next((number for number in range(1, self._plain) if list(self.itemData(number)) == wanted), 0)
            if place == 0:
                self.addItem(tr("{n} scelti", n=len(wanted)) if len(wanted) != 1 else str(wanted[0]), condition.values)
                place = self._plain
        self.setCurrentIndex(place)
        self.setToolTip(filter_text(condition, self.column.choices) if condition else "")
        _polish(self, "active" if condition else "")

    def has_error(self) -> bool:
        return False

    def showPopup(self) -> None:
        """A list with ticks in the place of the drop list."""
        chosen = self.condition.values if self.condition is not None else ()
        self.picker = ChoicePicker(self, self.column.choices, chosen)
        self.picker.picked.connect(self.choose)
        self.picker.closed.connect(self.picker.deleteLater)
        self.picker.open(self.picker.list)

    picker: ChoicePicker

    def choose(self, values: tuple[Value, ...]) -> None:
        """Filter by these values; none takes the filter away."""
        self.show_condition(Filter(self.column.key, "in", tuple(values)) if values else None)
        self.emptied.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Key.Key_Escape and self.condition is not None:
            self.show_condition(None)
            self.emptied.emit()
        elif event.key() in (Key.Key_Return, Key.Key_Enter, Key.Key_Escape):
            self.finished.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()


FilterEditor = FilterField | FilterChoice


class FilterRow(QWidget):
    """All the editors. `filters_changed` once typing pauses; `left` when the keyboard should go to the rows."""

    filters_changed = Signal()
    left = Signal()

    def __init__(self, columns: tuple[Column, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(FILTER_ROW)
        self.editors: list[FilterEditor | None] = [self._make_editor(column) for column in columns]
        self._in_force = self.filters()
        self._pause = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._pause.timeout.connect(self.apply)

    def _make_editor(self, column: Column) -> FilterEditor | None:
        if column.filter == "none" or column.kind == "tick":
            return None
        editor: FilterEditor = FilterChoice(column, self) if column.filter == "choice" else FilterField(column, self)
        editor.edited.connect(self._on_edited)
        editor.emptied.connect(self.apply)
        editor.finished.connect(self._on_finished)
        return editor

    def _on_edited(self) -> None:
        self._pause.start()

    def _on_finished(self) -> None:
        self.apply()
        self.left.emit()

    def apply(self) -> None:
        """Put in force what is typed now."""
        self._pause.stop()
        for editor in self.editors:
            if editor is not None:
                editor.read()
        if self.filters() != self._in_force:
            self._in_force = self.filters()
            self.filters_changed.emit()

    def filters(self) -> tuple[Filter, ...]:
        return tuple(editor.condition for editor in self.editors if editor is not None and editor.condition is not None)

    def show_filters(self, filters: tuple[Filter, ...]) -> None:
        """Write conditions into the fields (one a column), without any signal."""
        self._pause.stop()
        by_key = {condition.key: condition for condition in filters}
        for editor in self.editors:
            if editor is not None:
                editor.show_condition(by_key.get(editor.column.key))
        self._in_force = self.filters()

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.fillRect(self.rect(), QColor(t.surface_alt))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(t.border))
