"""Small parts of a list page: the busy line, the cover over an empty table, the bar above it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QScrollArea, QSizePolicy, QWidget

from cms_desktop.core.filter_text import filter_text
from cms_desktop.core.listing import Filter

from .. import theme
from ..basics import button, row
from ..chips import FilterChip
from ..record_table import Column
from ..saved_views import SavedViewsBar
from ..translation import translator

tr = translator("ui")
SHOW_AFTER_MS, STEP_MS = 150, 40


class BusyLine(QWidget):
    """Two pixels that move while rows are on their way; nothing at all when they come quickly."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(2)
        self._place, self._is_on = 0.0, False
        self._delay = QTimer(self, singleShot=True, interval=SHOW_AFTER_MS)
        self._delay.timeout.connect(self._on_late)
        self._clock = QTimer(self, interval=STEP_MS)
        self._clock.timeout.connect(self._on_step)

    def start(self) -> None:
        if not self._is_on:
            self._delay.start()

    def stop(self) -> None:
        self._delay.stop()
        self._clock.stop()
        self._is_on = False
        self.update()

    def _on_late(self) -> None:
        self._is_on = True
        self._clock.start()

    def _on_step(self) -> None:
        self._place = (self._place + 0.03) % 1.3
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._is_on:
            painter = QPainter(self)
            painter.fillRect(
                round((self._place - 0.3) * self.width()), 0, round(0.3 * self.width()), 2, QColor(theme.current().accent_fill)
            )


class Cover(QObject):
    """Lays a widget over the rows of a view, below the header, so that the filters stay in reach."""

    def __init__(self, viewport: QWidget) -> None:
        super().__init__(viewport)
        self._viewport = viewport
        self._widget: QWidget | None = None
        viewport.installEventFilter(self)

    def show(self, widget: QWidget | None) -> None:
        if self._widget is not None and self._widget is not widget:
            self._widget.hide()
            self._widget.deleteLater()
        self._widget = widget
        if widget is not None:
            widget.setParent(self._viewport)
            widget.setGeometry(self._viewport.rect())
            widget.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self._widget is not None:
            self._widget.setGeometry(self._viewport.rect())
        return False


class FiltersInForce(QWidget):
    """Chips for the conditions whose column is not on the screen."""

    removed = Signal(str)
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._box = QHBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)
        self.chips: list[FilterChip] = []
        self.hide()

    def show_filters(self, filters: Sequence[Filter], columns: Sequence[Column], names: Callable[[Filter], str]) -> None:
        for chip in self.chips:
            self._box.removeWidget(chip)
            chip.deleteLater()
        self.chips = []
        by_key = {column.key: column for column in columns}
        for condition in filters:
            column = by_key.get(condition.key)
            text = f"{column.title}: {filter_text(condition, column.choices)}" if column else names(condition)
            chip = FilterChip(text, checked=True, closable=True)
            chip.setToolTip(tr("Togli il filtro (Canc)"))
            chip.setCheckable(False)
            chip.closed.connect(lambda key=condition.key: self.removed.emit(key))
            chip.clicked.connect(lambda _checked=False, key=condition.key: self.removed.emit(key))
            self.chips.append(chip)
            self._box.addWidget(chip)
        self.setVisible(bool(filters))
        self.changed.emit()


class ListBar(QWidget):
    """Above the table: views and hidden filters at the left (they scroll when there are many), search and actions at the right."""

    NARROW = 620

    def __init__(self, views: SavedViewsBar, filters: FiltersInForce, *, with_search: bool, actions: Sequence[QWidget]) -> None:
        super().__init__()
        self.columns_button = button(tr("Colonne"), "quiet", "columns-3", size="small", tip=tr("Scegli le colonne (Alt+C)"))
        self.export_button = button(tr("Esporta"), "quiet", "download", size="small", tip=tr("Esporta in Excel (Ctrl+E)"))
        own = [one for one in actions if isinstance(one, QPushButton) and not one.icon().isNull()]
        self._words = {one: one.text() for one in (*own, self.columns_button, self.export_button)}
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Cerca nella lista"))
        self.search.setToolTip(tr("Cerca nella lista (F3)"))
        self.search.setAccessibleName(tr("Cerca nella lista"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(110)
        self.search.setMaximumWidth(200)
        if not with_search:
            self.search.hide()
        inner = QWidget()
        inner.setLayout(row(views, filters, None, spacing=8))
        inner.setProperty("scroll", "true")
        left = self._left = QScrollArea()
        self._views, self._filters = views, filters
        left.installEventFilter(self)
        filters.changed.connect(self._share_room)
        left.setWidget(inner)
        left.setWidgetResizable(True)
        left.setFrameShape(QFrame.Shape.NoFrame)
        left.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        left.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        left.setFixedHeight(34)
        left.setMinimumWidth(140)
        left.viewport().setAutoFillBackground(False)
        self._place = row(*actions, spacing=4)
        layout = row(left, self.search, self._place, self.columns_button, self.export_button, spacing=4, margins=(16, 7, 12, 7))
        layout.setStretchFactor(left, 1)
        self.setLayout(layout)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def add_action(self, action: QPushButton) -> None:
        """One more action of the list; its words give way like those of the others."""
        self._words[action] = action.text()
        self._place.addWidget(action)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._left and event.type() == QEvent.Type.Resize:
            self._share_room()
        return False

    def _share_room(self) -> None:
        """Hidden filters need their place; the views get the rest, at least half."""
        width = self._left.width()
        taken = 0 if self._filters.isHidden() else self._filters.sizeHint().width() + 8
        self._views.set_room(max(width - taken, width // 2))

    def _room(self, *, with_words: bool) -> int:
        """What everything takes, with the words of the actions or with their icons alone."""
        icon_width, gaps = 34, 4 * (len(self._words) + 2)
        words = sum(one.fontMetrics().horizontalAdvance(text) + 8 for one, text in self._words.items()) if with_words else 0
        search = 0 if self.search.isHidden() else self.search.minimumWidth()
        return 28 + self._left.minimumWidth() + search + gaps + icon_width * len(self._words) + words

    def minimumSizeHint(self) -> QSize:
        """As narrow as with icons alone: the words give way, not the window."""
        return QSize(self._room(with_words=False), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= max(self.NARROW, self._room(with_words=True))
        for one, text in self._words.items():
            one.setText(text if is_wide else "")
