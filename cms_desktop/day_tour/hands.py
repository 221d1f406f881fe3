"""The hands and eyes of the tour: keys in, pictures out."""

from __future__ import annotations

import pathlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from cms_desktop.ui import theme
from cms_desktop.ui.charts.plot import PlotChart
from cms_desktop.ui.feedback import Confirmation, InlineMessage
from cms_desktop.ui.tiles import KpiTile
from cms_desktop.ui.workplace import FileChooser

PATIENCE = 30.0
LEAST_COLOURS = 24
SETTLE_MS = 250


class TourStopped(Exception):
    """A step did not come to what it should."""


class TourFiles(FileChooser):
    """Answers every question for a place with one in the tour's folder, and remembers what was shown."""

    def __init__(self, folder: pathlib.Path, to_open: pathlib.Path) -> None:
        super().__init__()
        self._folder, self._to_open = folder, to_open
        self.shown: list[pathlib.Path] = []
        self.sub_folder = "documenti"

    def save_as(self, title: str, name: str, pattern: str = "") -> pathlib.Path | None:
        return self._place() / name

    def open_file(self, title: str, pattern: str = "") -> pathlib.Path | None:
        return self._to_open

    def folder(self, title: str) -> pathlib.Path | None:
        return self._place()

    def show(self, path: pathlib.Path) -> None:
        self.shown.append(path)

    def _place(self) -> pathlib.Path:
        place = self._folder / self.sub_folder
        place.mkdir(parents=True, exist_ok=True)
        return place


class Hands:
    """`press("Ctrl+K")`, `type("ronco")`, `until(…, "what was expected")`, `picture("customers")`."""

    def __init__(self, app: QApplication, folder: pathlib.Path) -> None:
        self.app, self.folder = app, folder
        self.window: QWidget | None = None
        self.pictures: list[pathlib.Path] = []
        self._number = 0
        self.failure = ""

    # -- telling
    def say(self, text: str) -> None:
        self._number += 1
        print(f"{self._number:>3}  {text}", flush=True)

    def fail(self, text: str) -> None:
        """Noted now, raised at the next wait (an error may come while Qt is in the middle of something)."""
        self.failure = self.failure or text

    # -- waiting
    def wait(self, milliseconds: int = SETTLE_MS) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()
        if self.failure:
            raise TourStopped(self.failure)

    def until(self, happened: Callable[[], Any], expected: str, seconds: float = PATIENCE) -> None:
        end = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > end:
                self._show_failure()
                raise TourStopped(f"expected: {expected}")
            self.wait(20)

    def _show_failure(self) -> None:
        if self.window is not None:
            self.window.grab().save(str(self.folder / "failed.png"))

    # -- keys
    def target(self) -> QWidget:
        focus = QApplication.focusWidget() or self.window
        if focus is None:
            raise TourStopped("expected: a window to type into")
        return focus

    def press(self, keys: str, times: int = 1) -> None:
        """A key with its modifiers, as "Ctrl+Shift+A"."""
        combination = QKeySequence(keys)[0]  # type: ignore[index]
        for _ in range(times):
            QTest.keyClick(self.target(), combination.key(), combination.keyboardModifiers())
            QCoreApplication.processEvents()

    def type(self, text: str) -> None:
        QTest.keyClicks(self.target(), text)
        QCoreApplication.processEvents()

    def tab_to(self, widget: QWidget, what: str, most: int = 80) -> None:
        """Tab, as a person does, until `widget` has the focus."""
        for _ in range(most):
            focus = QApplication.focusWidget()
            if focus is not None and (focus is widget or widget.isAncestorOf(focus)):
                return
            self.press("Tab")
        self._show_failure()
        raise TourStopped(f"expected: Tab reaches {what}")

    @contextmanager
    def answering(self, picture: str = "") -> Iterator[None]:
        """Confirm the question that opens meanwhile, by Enter."""
        asked: list[bool] = []
        timer = QTimer()

        def look() -> None:
            if self.window is None or asked:
                return
            question = next((one for one in self.window.findChildren(Confirmation) if one.isVisible()), None)
            if question is not None:
                asked.append(True)
                timer.stop()
                if picture:
                    self.picture(picture, settle=False)
                question.confirm_button.setFocus()
                QTest.keyClick(question.confirm_button, Qt.Key.Key_Return)

        timer.timeout.connect(look)
        timer.start(40)
        yield
        self.until(lambda: bool(asked), "a question to be confirmed")

    # -- pictures
    def picture(self, name: str, *, settle: bool = True, both: bool = True, allow_errors: bool = False) -> None:
        """A numbered picture of the window, light and dark. No picture is taken of a screen that shows an error."""
        if settle:
            self.wait()
        assert self.window is not None
        self.until(lambda: not still_loading(self.window), f"all figures on {name}")
        if not allow_errors:
            self._refuse_errors(name)
        number = len({one.name.split("-")[0] for one in self.pictures}) + 1
        for choice in ("light", "dark") if both else ("light",):
            theme.choose(choice)
            self._repaint()
            path = self.folder / f"{number:02}-{name}-{choice}.png"
            image = self.window.grab().toImage()
            if not has_content(image):
                raise TourStopped(f"expected: something on the picture {path.name}")
            image.save(str(path))
            self.pictures.append(path)
        theme.choose("light")
        self._repaint()

    def _repaint(self) -> None:
        for _ in range(3):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            QCoreApplication.processEvents()

    def _refuse_errors(self, name: str) -> None:
        assert self.window is not None
        for message in self.window.findChildren(InlineMessage):
            if message.isVisible() and message._tone == "negative":
                self._show_failure()
                raise TourStopped(f"expected: no error on {name}, found «{message.text()}»")


def still_loading(window: QWidget | None) -> list[QWidget]:
    """What in the window shows grey blocks in the place of its figures."""
    if window is None:
        return []
    tiles: list[QWidget] = [one for one in window.findChildren(KpiTile) if one.is_loading()]
    charts: list[QWidget] = [one for one in window.findChildren(PlotChart) if one.is_loading()]
    return [one for one in (*tiles, *charts) if one.isVisible() and not one.visibleRegion().isEmpty()]


def has_content(image: QImage) -> bool:
    """More than a few colours on a coarse grid."""
    seen: set[int] = set()
    for x in range(0, image.width(), 5):
        for y in range(0, image.height(), 5):
            seen.add(QColor(image.pixel(x, y)).rgb())
            if len(seen) >= LEAST_COLOURS:
                return True
    return False


def first_visible(parent: QObject, kind: type[QWidget]) -> Any:
    """The first visible child of a kind."""
    return next((one for one in parent.findChildren(kind) if one.isVisible()), None)
