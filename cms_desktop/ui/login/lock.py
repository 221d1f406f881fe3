"""The locked screen: covers every window of the program, asks for the password, loses nothing. What runs underneath goes on running."""

from __future__ import annotations

import time
from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent, QWindow
from PySide6.QtWidgets import QApplication, QDockWidget, QWidget

from cms_desktop.ui import theme
from cms_desktop.ui.basics import IconLabel, boxed, column, label
from cms_desktop.ui.login.lock_card import LockCard
from cms_desktop.ui.translation import translator

tr = translator("ui")
Kind = QEvent.Type
TOUCHES = {Kind.KeyPress, Kind.MouseButtonPress, Kind.MouseMove, Kind.Wheel, Kind.TouchBegin, Kind.TabletPress}
KEPT_OUT = {
    Kind.KeyPress, Kind.KeyRelease, Kind.Shortcut, Kind.ShortcutOverride, Kind.MouseButtonPress, Kind.MouseButtonRelease,
    Kind.MouseButtonDblClick, Kind.MouseMove, Kind.Wheel, Kind.ContextMenu, Kind.DragEnter, Kind.DragMove, Kind.Drop, Kind.TouchBegin,
    Kind.TouchUpdate, Kind.TouchEnd, Kind.TabletPress, Kind.TabletMove, Kind.InputMethod, Kind.ToolTip, Kind.HoverEnter, Kind.HoverMove,
}  # fmt: skip
LOOKS_EVERY = 5000  # milliseconds


class IdleWatch(QObject):
    """How long nobody touched keyboard or mouse of this program. `idled` once when `minutes` are over; 0 minutes never."""

    idled = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.minutes = 0
        self._touched = time.time()  # not the monotonic clock: a computer that slept was not used
        self._watched: list[QWindow] = []
        self._timer = QTimer(self)
        self._timer.setInterval(LOOKS_EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._on_focus_window)
        self._on_focus_window(QGuiApplication.focusWindow())

    def seconds(self) -> int:
        return max(0, round(time.time() - self._touched))

    def touch(self) -> None:
        self._touched = time.time()

    def look(self) -> None:
        if self.minutes and self.seconds() >= self.minutes * 60:
            self.idled.emit()

    def _on_focus_window(self, window: QWindow | None) -> None:
        """Windows, not widgets: few events pass there, so watching them costs nothing."""
        self._watched = [one for one in self._watched if shiboken6.isValid(one)]
        if window is not None and window not in self._watched:
            window.installEventFilter(self)
            self._watched.append(window)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in TOUCHES:
            self._touched = time.time()
        return False


class Cover(QWidget):
    """Hides a window: nothing of it shows through. Fills the window whatever its size."""

    def __init__(self, window: QWidget, content: QWidget) -> None:
        super().__init__(window)
        self.content, self._window = content, window
        self.setAutoFillBackground(False)
        content.setParent(self)
        content.show()
        window.installEventFilter(self)
        content.installEventFilter(self)
        self.fill()
        self.show()

    def fill(self) -> None:
        self.setGeometry(self._window.rect())
        size = self.content.sizeHint()
        layout = self.content.layout()
        if layout is not None and layout.hasHeightForWidth():
            layout.activate()
            size.setHeight(layout.totalHeightForWidth(size.width()))
        size = size.boundedTo(self.size())
        self.content.setGeometry(
            (self.width() - size.width()) // 2, max(0, (self.height() - size.height()) // 2), size.width(), size.height()
        )
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (event.type() == Kind.Resize and watched is self._window) or (event.type() == Kind.LayoutRequest and watched is self.content):
            self.fill()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.current().canvas))


def _notice() -> QWidget:
    text = label(tr("La password si scrive nella finestra principale."), "small", "3", wrap=True)
    text.setAlignment(Qt.AlignmentFlag.AlignCenter)
    title = label(tr("Bloccato"), "title")
    title.setAlignment(Qt.AlignmentFlag.AlignCenter)
    mark = IconLabel("lock", 24, "text_2", 2)
    return boxed(column(mark, title, text, spacing=8, margins=(16, 16, 16, 16)))


class ScreenLock(QObject):
    """Covers `window` and every dock that floats, and keeps every key and click away from what is underneath."""

    locked = Signal()
    unlocked = Signal()

    def __init__(self, window: QWidget, floating: Callable[[], list[QDockWidget]], may_leave: Callable[[], bool]) -> None:
        super().__init__(window)
        self._window, self._floating, self._may_leave = window, floating, may_leave
        self.card: LockCard | None = None
        self._covers: list[Cover] = []
        self._focus_before: QWidget | None = None

    @property
    def is_locked(self) -> bool:
        return self.card is not None

    def lock(self, card: LockCard) -> None:
        """Cover everything; a card in the place of another keeps the first focus to give back."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        if self.card is None:
            self._focus_before = QApplication.focusWidget()
            self._leave_popups()
            app.installEventFilter(self)
            app.focusChanged.connect(self._on_focus)
        self._drop_covers()
        self.card = card
        self._covers = [Cover(self._window, card), *(Cover(dock, _notice()) for dock in self._floating())]
        card.take_focus()
        self._window.activateWindow()
        self.locked.emit()

    def unlock(self) -> None:
        if self.card is None:
            return
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.removeEventFilter(self)
        app.focusChanged.disconnect(self._on_focus)
        self.card = None
        self._drop_covers()
        if self._focus_before is not None and shiboken6.isValid(self._focus_before):
            self._focus_before.setFocus(Qt.FocusReason.PopupFocusReason)
        self._focus_before = None
        self.unlocked.emit()

    def _drop_covers(self) -> None:
        for cover in self._covers:
            if shiboken6.isValid(cover):
                cover.hide()
                cover.deleteLater()
        self._covers = []

    def _leave_popups(self) -> None:
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        while (modal := QApplication.activeModalWidget()) is not None:
            if not modal.close():
                break

    def _is_ours(self, widget: QWidget) -> bool:
        return self.card is not None and (widget is self.card or self.card.isAncestorOf(widget))

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.card is not None and not self._is_ours(new):
            self.card.take_focus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == Kind.Shortcut:
            return True
        if not isinstance(watched, QWidget):
            return False
        if kind in KEPT_OUT:
            return not self._is_ours(watched)
        if kind == Kind.Close and watched is self._window and not self._may_leave():
            event.ignore()
            return True
        if kind in (Kind.Show, Kind.ZOrderChange) and not isinstance(watched, Cover):
            self._hide_newcomer(watched)
        return False

    def _hide_newcomer(self, widget: QWidget) -> None:
        """Something was shown or raised above a cover: a toast, a dock that was made to float."""
        for cover in self._covers:
            if shiboken6.isValid(cover) and widget.parentWidget() is cover.parentWidget():
                cover.raise_()
        if widget.isWindow() and widget is not self._window and isinstance(widget, QDockWidget):
            if all(not shiboken6.isValid(cover) or cover.parentWidget() is not widget for cover in self._covers):
                self._covers.append(Cover(widget, _notice()))
        elif widget.isWindow() and widget is not self._window:
            QTimer.singleShot(0, widget, widget.hide)
