"""No stray windows: a widget shown before it has a place flashes up as a window of its own and takes the keyboard away."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

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
                journey.until(lambda: not journey.program.open.background.is_busy())
    finally:
        qapp.removeEventFilter(shown)
    assert shown.seen == []
