"""ModuleDock: the window of a module. Pages under one head, live refresh, unsaved work.

A page is any widget, or what makes one: then it is made when it is first shown or first asked for (`page`). If it has `reload()`, the dock calls it when the page is first shown and whenever its data changed; `tables`
(a frozenset of "schema.table") says what it looks at (without it, everything); a `loaded` signal tells when the figures are there.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QStackedWidget, QWidget

from .basics import boxed, column
from .feedback import ask
from .later import BuiltLater, Make, MakeInPieces
from .page_head import PageHead
from .translation import translator

tr = translator("ui")
LEAST_GAP = 0.5  # seconds between two reloads of a page


@dataclass
class _Page:
    place: QWidget  # the page, or where it will be
    actions: list[QWidget] = field(default_factory=list)
    is_stale: bool = True
    last: float = 0.0  # when it was reloaded last

    @property
    def widget(self) -> QWidget | None:
        """None while it is not made."""
        return self.place.found() if isinstance(self.place, BuiltLater) else self.place

    def looks_at(self, tables: Iterable[str] | None) -> bool:
        own = getattr(self.widget, "tables", None)
        return tables is None or own is None or not own.isdisjoint(tables)


class ModuleDock(QDockWidget):
    page_shown = Signal(str)
    dirty_changed = Signal(bool)
    closed = Signal()
    figures_shown = Signal()  # a page has loaded what it shows

    def __init__(self, name: str, title: str) -> None:
        super().__init__(title)
        self.name, self.title = name, title
        self.setObjectName(name)
        self._pages: dict[str, _Page] = {}
        self._is_dirty = self._is_paused = self._on_screen = False
        self._is_live = True
        self._time_text = ""
        self.head, self._stack = PageHead(), QStackedWidget()
        self.setWidget(boxed(column(self.head, self._stack, spacing=0), canvas="true"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._reload_now)
        self.head.tabs.chosen.connect(self.show_page)
        self.head.pause_toggled.connect(self.toggle_pause)
        self.head.float_wanted.connect(self.toggle_floating)
        self.visibilityChanged.connect(self._on_visibility_changed)
        self.topLevelChanged.connect(self._on_top_level_changed)
        self._on_top_level_changed(False)
        self._show_state()

    def set_title(self, title: str) -> None:
        self.title = title
        self.setWindowTitle(title)

    # -- pages
    def add_page(
        self,
        key: str,
        title: str,
        page: QWidget | Make | MakeInPieces,
        *,
        primary: QWidget | None = None,
        actions: Sequence[QWidget] | Callable[[Any], Sequence[QWidget]] = (),
    ) -> None:
        """Add a page, or what makes it (in pieces, when it is a generator function; signals are connected there).

        `actions` stand at the right of the head while it is shown, the one `primary` button last; those that belong to the page
        are given as a function of it.
        """
        place = page if isinstance(page, QWidget) else BuiltLater(page)
        mine = self._pages[key] = _Page(place, [*([] if callable(actions) else actions), *([primary] if primary else [])])
        self._take_actions(mine.actions)
        self._stack.addWidget(place)
        self.head.tabs.add_tab(key, title)
        if isinstance(place, BuiltLater):
            of_page = actions if callable(actions) else None
            place.built.connect(lambda widget: self._on_built(key, widget, of_page(widget) if of_page else ()))
        else:
            self._listen_to(place)
        if len(self._pages) == 1:
            self.show_page(key)

    def _on_built(self, key: str, widget: QWidget, actions: Sequence[QWidget]) -> None:
        mine = self._pages[key]
        mine.actions[:0] = actions
        self._take_actions(actions)
        self._listen_to(widget)
        if key == self.current_page():
            self.head.show_actions(mine.actions)
            self.refresh_if_visible()

    def _take_actions(self, actions: Sequence[QWidget]) -> None:
        for action in actions:
            action.setParent(self.head)
            action.hide()

    def _listen_to(self, widget: QWidget) -> None:
        loaded = getattr(widget, "loaded", None)
        if loaded is not None and hasattr(loaded, "connect"):
            loaded.connect(self._on_loaded)

    def page(self, key: str) -> Any:
        """The widget of a page, made now when it is not there yet."""
        place = self._pages[key].place
        return place.widget() if isinstance(place, BuiltLater) else place

    def made_page(self, key: str) -> Any:
        """The widget of a page if it is made, else None."""
        mine = self._pages.get(key)
        return mine.widget if mine is not None else None

    def is_making(self) -> bool:
        """Whether the page in view is still being made."""
        mine = self._pages.get(self.current_page())
        return mine is not None and mine.widget is None

    def page_keys(self) -> list[str]:
        return list(self._pages)

    def current_page(self) -> str:
        return self.head.tabs.active()

    def show_page(self, key: str) -> None:
        self.head.tabs.set_active(key)
        page = self._pages[key]
        self._stack.setCurrentWidget(page.place)
        self.head.show_actions(page.actions)
        self.page_shown.emit(key)
        self._timer.stop()  # it was for the page before
        self.refresh_if_visible()

    def go_back(self) -> bool:
        """Alt+←: leave a place inside the page in view; false when there is none (then the page before is shown)."""
        return False

    def set_count(self, key: str, count: int | str | None) -> None:
        """The count behind a page's title; None or 0 takes it away."""
        self.head.tabs.set_count(key, str(count) if count else "")

    # -- unsaved work
    def set_dirty(self, dirty: bool) -> None:
        if dirty != self._is_dirty:
            self._is_dirty = dirty
            self.dirty_changed.emit(dirty)

    def is_dirty(self) -> bool:
        return self._is_dirty

    def may_close(self) -> bool:
        """Asks when there is unsaved work."""
        return not self._is_dirty or ask(
            self,
            tr("Chiudere {title} senza salvare?", title=self.title),
            tr("Ci sono modifiche non salvate: chiudendo si perdono."),
            tr("Chiudi senza salvare"),
            "negative",
            cancel=tr("Torna alle modifiche"),
        )

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.may_close():
            self.set_dirty(False)
            super().closeEvent(event)
            self.closed.emit()
        else:
            event.ignore()

    # -- live
    def mark_changed(self, tables: Iterable[str] | None) -> None:
        """These tables changed on the server (None: anything may have). What is on the screen reloads at most twice a second."""
        names = None if tables is None else set(tables)
        for page in self._pages.values():
            page.is_stale = page.is_stale or page.looks_at(names)
        self.refresh_if_visible()

    def refresh_if_visible(self) -> None:
        """Reload the page in view if it is stale and nobody paused it; else it reloads when shown."""
        page = self._pages.get(self.current_page())
        if page is None or page.widget is None or not page.is_stale or not self._on_screen or self._is_paused or self._timer.isActive():
            return
        wait = page.last + LEAST_GAP - time.monotonic()
        if wait <= 0:
            self._reload_now()
        else:
            self._timer.start(max(1, round(wait * 1000)))

    def refresh(self) -> None:
        """Reload the page in view now (F5), paused or not."""
        self._timer.stop()
        self._reload_now(forced=True)

    def _reload_now(self, *, forced: bool = False) -> None:
        page = self._pages.get(self.current_page())
        if page is None or page.widget is None or (not forced and (self._is_paused or not self._on_screen or not page.is_stale)):
            return
        page.is_stale, page.last = False, time.monotonic()
        reload: Callable[[], object] | None = getattr(page.widget, "reload", None)
        if reload is not None:
            reload()
            if not hasattr(page.widget, "loaded"):
                self._on_loaded()

    def _on_loaded(self, *_values: object) -> None:
        self._time_text = datetime.datetime.now().astimezone().strftime("%H:%M:%S")
        self._show_state()
        self.figures_shown.emit()

    def toggle_pause(self) -> None:
        self.set_paused(not self._is_paused)

    def set_paused(self, paused: bool) -> None:
        self._is_paused = paused
        self.head.show_paused(paused)
        self._show_state()
        self.refresh_if_visible()

    def is_paused(self) -> bool:
        return self._is_paused

    def set_live(self, live: bool) -> None:
        """Whether changes arrive by themselves; after a lost connection everything is stale."""
        if live and not self._is_live:
            self._is_live = True
            self.mark_changed(None)
        self._is_live = live
        self._show_state()

    def _show_state(self) -> None:
        if not self._time_text:
            self.head.show_state(
                "text_off",
                tr("In caricamento") if any(p.widget is None or hasattr(p.widget, "reload") for p in self._pages.values()) else "",
            )
        elif self._is_paused:
            self.head.show_state("warning_fill", tr("In pausa dalle {time}", time=self._time_text))
        elif not self._is_live:
            self.head.show_state("negative_fill", tr("Fermo alle {time}", time=self._time_text))
        else:
            self.head.show_state("positive_fill", tr("Aggiornato alle {time}", time=self._time_text))

    # -- place
    def is_on_screen(self) -> bool:
        """Shown, and not behind another tab."""
        return self._on_screen

    def toggle_floating(self) -> None:
        self.setFloating(not self.isFloating())

    def take_focus(self) -> None:
        """Put the focus inside, so that the module's shortcuts work."""
        page = self._stack.currentWidget()
        if page is None or self.isAncestorOf(QApplication.focusWidget() or page.window()):
            return
        inner = page.focusWidget()
        target = inner if inner is not None and inner.isVisible() else self.head.tabs
        target.setFocus()

    def _on_visibility_changed(self, visible: bool) -> None:
        self._on_screen = visible
        if visible:
            self.refresh_if_visible()

    def _on_top_level_changed(self, floating: bool) -> None:
        old = self.titleBarWidget()
        self.setTitleBarWidget(None if floating else QWidget())  # type: ignore[arg-type]  # while tabbed the tab is the title
        if old is not None:
            old.deleteLater()
