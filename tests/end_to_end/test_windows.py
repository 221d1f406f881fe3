"""No stray windows: a widget shown before it has a place flashes up as a window of its own and takes the keyboard away."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from tests.end_to_end.conftest import Journey


class ShownWindows(QObject):
    """Remembers every top-level widget that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False


def test_opening_every_dock_and_page_shows_no_other_window(journey: Journey, qapp: QApplication) -> None:
    journey.enter("anna.admin")
    shown = ShownWindows()
    qapp.installEventFilter(shown)
    try:
        for name in journey.window.module_names():
            dock = journey.window.open_module(name)
            for page in dock.page_keys():
                dock.show_page(page)
                journey.until(lambda dock=dock: not dock.is_making() and not journey.program.open.background.is_busy())
    finally:
        qapp.removeEventFilter(shown)
    assert shown.seen == []


def test_a_refresh_that_deletes_what_had_the_focus_leaves_the_keys_working(journey: Journey, qapp: QApplication) -> None:
    journey.enter("anna.admin")
    row = QPushButton(journey.dock)
    row.show()
    row.setFocus()
    assert qapp.focusWidget() is row
    row.deleteLater()
    journey.until(lambda: qapp.focusWidget() is not None and qapp.focusWidget() is not row)
    assert journey.dock.isAncestorOf(qapp.focusWidget())
