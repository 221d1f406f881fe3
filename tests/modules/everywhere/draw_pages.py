"""Draws every page of some docks, with every tab, in light and dark, and says which words are cut off.

python -m tests.modules.everywhere.draw_pages <folder with client.json> <login> <password> <width> <height> [folder for the pictures]

Run with QT_SCALE_FACTOR=1.5 it shows the screens as somebody sees them who set the display to 150 %. Prints one line of JSON:
{"drawn": how many, "cut": ["dock page: word", …]}.
"""

from __future__ import annotations

import json
import pathlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QMainWindow, QPushButton, QScrollArea, QWidget

from cms_desktop.app import make_app
from cms_desktop.db.login import log_in
from cms_desktop.db.profile import ProfileStore
from cms_desktop.modules.base.dock import BaseDock
from cms_desktop.modules.customers.dock import CustomersDock
from cms_desktop.modules.registry.dock import RegistryDock
from cms_desktop.ui import theme
from cms_desktop.ui.background import Background
from cms_desktop.ui.basics import ElidedLabel
from cms_desktop.ui.commands import CommandRegistry
from cms_desktop.ui.later import BuiltLater
from cms_desktop.ui.page_head import PageTabs
from cms_desktop.ui.tokens import DARK, LIGHT
from cms_desktop.ui.workplace import FileChooser, Workplace

DOCKS: dict[str, Any] = {"base": BaseDock, "registry": RegistryDock, "customers": CustomersDock}
SLACK = 1.5  # logical pixels lost to rounding


class Settings(dict[str, Any]):
    def set(self, key: str, value: Any) -> None:
        self[key] = value


def cut_words(top: QWidget) -> list[str]:
    """Words that do not fit where they stand; what ends in an ellipsis on purpose is left out."""
    found = []
    for widget in top.findChildren(QWidget):
        if not widget.isVisible() or widget.width() < 2:
            continue
        text = ""
        if isinstance(widget, QLabel) and not isinstance(widget, ElidedLabel):
            text = widget.text()
            if not text or "<" in text or widget.pixmap().width():
                continue
            room = widget.contentsRect()
            wide = QFontMetricsF(widget.font()).horizontalAdvance(max(text.split("\n"), key=len))
            tall = widget.heightForWidth(widget.width()) if widget.wordWrap() else 0
            is_cut = tall > widget.height() + 3 if widget.wordWrap() else wide > room.width() + SLACK
        elif isinstance(widget, QPushButton | QCheckBox):
            text = widget.text()
            is_cut = bool(text.strip()) and widget.sizeHint().width() > widget.width() + SLACK
        else:
            continue
        if is_cut or _is_beyond(widget):
            found.append(f"{type(widget).__name__} {text.strip()[:60]!r} ({widget.width()}x{widget.height()})")
    return found


def _is_beyond(widget: QWidget) -> bool:
    """Whether it reaches over the right edge of what holds it, where nobody can scroll."""
    holder = widget.parentWidget()
    while holder is not None:
        corner = widget.mapTo(holder, widget.rect().topRight())
        if isinstance(holder.parentWidget(), QScrollArea) and holder.parentWidget().horizontalScrollBar().isVisible():
            return False
        if corner.x() > holder.width() + SLACK:
            return True
        holder = None if holder.isWindow() else holder.parentWidget()
    return False


class Painter:
    """Shows docks one after the other and looks at each state of them."""

    def __init__(self, app: QApplication, place: Workplace, size: tuple[int, int], pictures: pathlib.Path | None) -> None:
        self._app, self._place, self._size, self._pictures = app, place, size, pictures
        self.drawn = 0
        self.cut: list[str] = []

    def until(self, happened: Callable[[], object], seconds: float = 3) -> None:
        end = time.monotonic() + seconds
        while not happened() and time.monotonic() < end:
            self._app.processEvents()
            time.sleep(0.005)

    def settle(self, dock: Any) -> None:
        self.until(lambda: not dock.is_making() and not self._place.background.is_busy())
        for _ in range(6):
            self._app.processEvents()

    def draw(self, window: QMainWindow, name: str) -> None:
        self.drawn += 1
        self.cut += [f"{name}: {one}" for one in cut_words(window)]
        if self._pictures is not None:
            for palette, words in ((LIGHT, "light"), (DARK, "dark")):
                theme.apply(self._app, palette)
                self._app.processEvents()
                window.grab().save(str(self._pictures / f"{name.replace(' ', '-').replace('/', '-')}-{words}.png"))
            theme.apply(self._app, LIGHT)

    def paint(self, module: str) -> None:
        dock, window = DOCKS[module](self._place), QMainWindow()
        theme.dress(window)
        window.addDockWidget(Qt.DockWidgetArea.TopDockWidgetArea, dock)
        window.resize(*self._size)
        window.show()
        self.settle(dock)
        for page in dock.page_keys():
            dock.show_page(page)
            self.settle(dock)
            self._open_first(dock, module, page)
            self.draw(window, f"{module} {page}")
            for tabs in self._tabs(dock.page(page)):
                for key in list(tabs.keys()):
                    tabs.chosen.emit(key)
                    self.settle(dock)
                    self.draw(window, f"{module} {page} {key}")
        window.hide()
        window.deleteLater()

    def _tabs(self, page: QWidget) -> Iterator[PageTabs]:
        seen: set[int] = set()
        for tabs in page.findChildren(PageTabs):
            if tabs.isVisible() and id(tabs) not in seen:
                seen.add(id(tabs))
                yield tabs

    def _open_first(self, dock: Any, module: str, page: str) -> None:
        """A record at the right of its list, so that the form is drawn, too."""
        if (module, page) in (("registry", "parties"), ("customers", "customers")):
            rows = dock.page(page).list.table.rows()
            if rows:
                record = rows[0].party_id if module == "registry" else rows[0].customer_id
                dock.show_page_for(page, record=record)
        elif (module, page) == ("registry", "contacts") and dock.contacts.list.table.rows():
            dock.contacts._on_opened(dock.contacts.list.table.rows()[0])
        for later in dock.page(page).findChildren(BuiltLater):
            if later.isVisible():
                later.widget()
        self.settle(dock)


def main() -> None:
    folder, login, password, width, height = pathlib.Path(sys.argv[1]), *sys.argv[2:4], int(sys.argv[4]), int(sys.argv[5])
    pictures = pathlib.Path(sys.argv[6]) if len(sys.argv) > 6 else None
    app = make_app(["draw"])
    theme.load_fonts()
    theme.apply(app, LIGHT)
    session = log_in(ProfileStore(folder / "client.json").load()[0], login, password)
    background = Background(lambda: session.database.unit_of_work(1))
    company = session.company(1)
    place = Workplace(
        person=session.person, company=company, background=background, commands=CommandRegistry(lambda one: one in company.functions),
        settings=Settings(), files=FileChooser(), go_to=lambda *_where, **_what: None, say=lambda *_words: None,
    )  # fmt: skip
    painter = Painter(app, place, (width, height), pictures)
    for module in DOCKS:
        painter.paint(module)
    print(json.dumps({"drawn": painter.drawn, "cut": painter.cut}), flush=True)
    background.close()
    session.close()


if __name__ == "__main__":
    main()
