"""A page of a dock reloads when what it looks at changed, and only then; one that is not in view when it is shown."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMainWindow, QWidget

from cms_desktop.ui.module_dock import ModuleDock


class _Page(QWidget):
    loaded = Signal()

    def __init__(self, *tables: str) -> None:
        super().__init__()
        self.tables, self.reloads = frozenset(tables), 0

    def reload(self) -> None:
        self.reloads += 1
        self.loaded.emit()


@pytest.fixture
def dock(qtbot: Any) -> ModuleDock:
    window = QMainWindow()
    qtbot.addWidget(window)
    made = ModuleDock("things", "Cose")
    made.kept, made.one, made.other = window, _Page("a.one"), _Page("b.other")  # type: ignore[attr-defined]
    made.add_page("one", "Una", made.one)  # type: ignore[attr-defined]
    made.add_page("other", "Altra", made.other)  # type: ignore[attr-defined]
    window.addDockWidget(Qt.DockWidgetArea.TopDockWidgetArea, made)
    window.show()
    qtbot.waitExposed(window)
    made.show_page("one")
    qtbot.waitUntil(lambda: made.one.reloads > 0, timeout=5000)  # type: ignore[attr-defined]
    qtbot.wait(600)  # at most twice a second
    return made


def test_what_the_page_in_view_does_not_look_at_leaves_it_alone(dock: Any, qtbot: Any) -> None:
    before = dock.one.reloads
    dock.mark_changed({"b.other"})
    qtbot.wait(700)
    assert dock.one.reloads == before
    dock.mark_changed({"a.one", "b.other"})
    qtbot.waitUntil(lambda: dock.one.reloads == before + 1, timeout=5000)


def test_a_page_out_of_view_reloads_once_when_it_is_shown(dock: Any, qtbot: Any) -> None:
    dock.show_page("other")
    qtbot.waitUntil(lambda: dock.other.reloads == 1, timeout=5000)
    dock.show_page("one")
    qtbot.wait(700)
    for _ in range(3):
        dock.mark_changed({"b.other"})
    qtbot.wait(700)
    assert dock.other.reloads == 1
    dock.show_page("other")
    qtbot.waitUntil(lambda: dock.other.reloads == 2, timeout=5000)
    dock.show_page("one")
    dock.show_page("other")
    qtbot.wait(700)
    assert dock.other.reloads == 2  # nothing changed in between
