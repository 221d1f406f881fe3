"""Dresses the tab bars QMainWindow makes for its docks: icon, close button, amber dot for unsaved work.

Qt makes these bars late and anew whenever docks move, so they are dressed after every such change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import shiboken6
from PySide6.QtCore import QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import QMainWindow, QTabBar

from .basics import button
from .icons import icon
from .module_dock import ModuleDock
from .translation import translator

tr = translator("ui")
CLOSE_STYLE = "min-width:18px;max-width:18px;min-height:18px;max-height:18px;border-radius:4px;"


class DockTabs(QObject):
    """`docks` gives the docks there are, `icon_of` the icon of one."""

    def __init__(self, window: QMainWindow, docks: Callable[[], Iterable[ModuleDock]], icon_of: Callable[[ModuleDock], str]) -> None:
        super().__init__(window)
        self._window, self._docks, self._icon_of = window, docks, icon_of
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dress)

    def watch(self, dock: ModuleDock) -> None:
        for signal in (dock.visibilityChanged, dock.topLevelChanged, dock.dockLocationChanged, dock.dirty_changed):
            signal.connect(self.dress_later)

    def dress_later(self, *_values: object) -> None:
        self._timer.start(0)

    def bars(self) -> list[QTabBar]:
        return self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)

    def dress(self) -> None:
        docks = {shiboken6.getCppPointer(dock)[0]: dock for dock in self._docks()}
        for bar in self.bars():
            bar.setExpanding(False)
            bar.setDrawBase(False)
            bar.setIconSize(QSize(16, 16))
            bar.setElideMode(Qt.TextElideMode.ElideNone)
            bar.setUsesScrollButtons(True)
            bar.setAccessibleName(tr("Moduli aperti"))
            for index in range(bar.count()):
                dock = docks.get(bar.tabData(index))
                if dock is not None:
                    self._dress_tab(bar, index, dock)

    def _dress_tab(self, bar: QTabBar, index: int, dock: ModuleDock) -> None:
        bar.setTabIcon(index, icon(self._icon_of(dock), "accent" if index == bar.currentIndex() else "text_2"))
        words = tr("{title}: modifiche non salvate", title=dock.title) if dock.is_dirty() else dock.title
        bar.setTabToolTip(index, words)
        bar.setAccessibleTabName(index, words)
        side = QTabBar.ButtonPosition.RightSide
        close = bar.tabButton(index, side)
        state = (dock.name, dock.is_dirty())
        if close is None or close.property("state_of") != str(state):
            close = button("", "icon", "dot" if dock.is_dirty() else "x", colour="warning_fill" if dock.is_dirty() else "text_3")
            close.setIconSize(QSize(12, 12))
            close.setStyleSheet(CLOSE_STYLE)
            close.setToolTip(tr("Chiudi {title} (Ctrl+F4)", title=dock.title))
            close.setAccessibleName(tr("Chiudi {title}", title=dock.title))
            close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            close.setProperty("state_of", str(state))
            close.clicked.connect(dock.close)
            bar.setTabButton(index, side, close)
