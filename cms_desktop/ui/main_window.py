"""The main window: bars, rail, one native dock per module, overlays. It knows how modules are called, not what they do."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QTabWidget, QToolBar

from . import theme
from .about import AboutDialog
from .basics import button
from .commands import CommandRegistry
from .dock_tabs import DockTabs
from .feedback import PALETTE_SHARE, EmptyState, Overlay, Toast, ToastStack, ask
from .module_dock import ModuleDock
from .palette import CommandPalette, SearchRecords
from .places import PlaceHistory
from .rail import ModuleRail
from .shortcut_table import ShortcutTable
from .status_line import StatusLine
from .top_bar import TopBar
from .translation import translator
from .window_commands import window_commands

tr = translator("ui")
WIDE_RAIL_FROM = 1440  # logical pixels of the window
LAYOUT_VERSION = 1


@dataclass(frozen=True)
class ModuleEntry:
    """A module of the rail; `make` builds its dock when it is opened the first time."""

    name: str
    title: str
    icon: str
    make: Callable[[], ModuleDock]


class MainWindow(QMainWindow):
    """Signals say what the person wants; the program does it. Layout: `save_state` / `restore_state`."""

    company_change_wanted = Signal()
    notifications_wanted = Signal()
    settings_wanted = Signal()
    password_change_wanted = Signal()
    log_out_wanted = Signal()
    lock_wanted = Signal()
    theme_chosen = Signal(str)
    language_chosen = Signal(str)
    dock_opened = Signal(object)
    current_module_changed = Signal(str)
    closed = Signal()

    def __init__(
        self,
        modules: Sequence[ModuleEntry],
        registry: CommandRegistry,
        *,
        version: str = "",
        search_records: SearchRecords | None = None,
    ) -> None:
        super().__init__()
        self.setWindowTitle("CMS Desktop")
        self.registry, self.version, self._search_records = registry, version, search_records
        self._modules = {entry.name: entry for entry in modules}
        self._docks: dict[str, ModuleDock] = {}
        self._current, self._rail_choice, self._lost = "", "auto", False
        self.setMinimumSize(900, 600)
        self.top_bar, self.status_line = TopBar(), StatusLine(f"CMS {version}".strip())
        self.rail = ModuleRail([(entry.name, entry.title, entry.icon) for entry in modules])
        self.setMenuWidget(self.top_bar)
        self._add_rail()
        self.setStatusBar(self.status_line)
        self.setDockNestingEnabled(True)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.setDocumentMode(True)
        self._add_welcome()
        self.overlay, self.toasts = Overlay(self), ToastStack(self)
        self._tabs = DockTabs(self, lambda: self._docks.values(), lambda dock: self._modules[dock.name].icon)
        for entry in modules:
            registry.name_module(entry.name, entry.title)
        self.history = PlaceHistory(self)
        registry.register(*window_commands(self, [(entry.name, entry.title, entry.icon) for entry in modules]))
        registry.bind(self)
        self._connect_bars()
        theme.dress(self)
        self.setFocus()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    # -- making
    def _add_rail(self) -> None:
        bar = QToolBar()
        bar.setObjectName("rail-bar")
        bar.setMovable(False)
        bar.addWidget(self.rail)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, bar)

    def _add_welcome(self) -> None:
        search = button(tr("Comandi e ricerca"), "primary", "search", tip=tr("Comandi e ricerca (Ctrl+K)"))
        search.clicked.connect(self.open_palette)
        text = tr("Apri un modulo dalla barra a sinistra o con Ctrl+1 … Ctrl+9, oppure cerca un cliente, una fattura o un comando.")
        self._welcome = EmptyState("panels-top-left", tr("Nessun modulo aperto"), text, search)
        self.setCentralWidget(self._welcome)

    def _connect_bars(self) -> None:
        bar = self.top_bar
        bar.company_change_wanted.connect(self.company_change_wanted)
        bar.search_wanted.connect(self.open_palette)
        bar.help_wanted.connect(self.open_shortcut_table)
        bar.notifications_wanted.connect(self.notifications_wanted)
        bar.password_change_wanted.connect(self.password_change_wanted)
        bar.log_out_wanted.connect(self.log_out_wanted)
        bar.lock_wanted.connect(self.lock_wanted)
        bar.exit_wanted.connect(self.close)
        bar.about_wanted.connect(self.open_about)
        bar.theme_chosen.connect(self.choose_theme)
        bar.language_chosen.connect(self.language_chosen)
        self.rail.module_chosen.connect(self.open_module)
        self.rail.settings_wanted.connect(self.settings_wanted)
        self.rail.width_toggled.connect(self.toggle_rail)

    # -- what it shows
    def set_company(self, name: str, detail: str = "") -> None:
        self.top_bar.set_company(name, detail)
        self.status_line.set_company(name)
        self.setWindowTitle(f"{name} · CMS Desktop")

    def set_person(self, name: str, role: str = "") -> None:
        self.top_bar.set_person(name, role)

    def set_language(self, language: str) -> None:
        """Which language the person's menu shows as chosen ("it", "en")."""
        self.top_bar.language = language

    def set_badge(self, module: str, text: str, tone: str = "neutral") -> None:
        self.rail.set_badge(module, text, tone)

    def set_live(self, server_text: str) -> None:
        """The connection that brings changes stands; after a break every dock is stale."""
        self.status_line.set_live(server_text)
        self._lost = False
        for dock in self._docks.values():
            dock.set_live(True)

    def set_lost(self, seconds: int) -> None:
        """The connection broke; next attempt in `seconds`."""
        self.status_line.set_lost(seconds)
        self._lost = True
        for dock in self._docks.values():
            dock.set_live(False)

    def mark_changed(self, tables: Iterable[str] | None) -> None:
        """Tell every dock which tables changed ("schema.table"); None: anything may have."""
        names = None if tables is None else set(tables)
        for dock in self._docks.values():
            dock.mark_changed(names)

    def show_toast(
        self,
        tone: str,
        title: str,
        detail: str = "",
        action: str = "",
        on_action: Callable[[], object] | None = None,
        *,
        stays: bool = False,
    ) -> Toast:
        self.status_line.set_message(title)
        return self.toasts.show_toast(tone, title, detail, action, on_action, stays=stays)

    # -- docks
    def module_names(self) -> list[str]:
        return list(self._modules)

    def module_title(self, name: str) -> str:
        return self._modules[name].title if name in self._modules else ""

    def open_module(self, name: str) -> ModuleDock:
        """The dock of a module: made the first time, shown and given the focus every time."""
        dock = self._docks.get(name) or self._make_dock(name)
        if dock.isHidden():
            self._put_among_tabs(dock)
            dock.show()
        dock.raise_()
        if dock.isFloating():
            dock.activateWindow()
        self._show_welcome()
        dock.take_focus()
        self._set_current(name)
        return dock

    def _make_dock(self, name: str) -> ModuleDock:
        entry = self._modules[name]
        dock = entry.make()
        dock.setObjectName(name)
        dock.set_title(entry.title)  # the tab says what the rail says
        dock.set_live(not self._lost)
        self._docks[name] = dock
        self._tabs.watch(dock)
        dock.visibilityChanged.connect(lambda visible: self._on_dock_visibility(dock, visible))
        dock.closed.connect(lambda: QTimer.singleShot(0, self._show_welcome))
        self.registry.bind(dock, name)
        dock.hide()
        self.dock_opened.emit(dock)
        return dock

    def _put_among_tabs(self, dock: ModuleDock) -> None:
        others = [one for one in self.open_docks() if one is not dock and not one.isFloating()]
        if self.dockWidgetArea(dock) == Qt.DockWidgetArea.NoDockWidgetArea:
            self.addDockWidget(Qt.DockWidgetArea.TopDockWidgetArea, dock)
        if others and not dock.isFloating():
            self.tabifyDockWidget(others[-1], dock)

    def open_docks(self) -> list[ModuleDock]:
        """Those not closed, in the order they were made; some may be behind a tab."""
        return [dock for dock in self._docks.values() if not dock.isHidden()]

    def current_dock(self) -> ModuleDock | None:
        """The dock in use."""
        dock = self._docks.get(self._current)
        return dock if dock is not None and not dock.isHidden() else None

    def next_dock(self, step: int = 1) -> None:
        docks, current = self.open_docks(), self.current_dock()
        if docks:
            place = docks.index(current) if current in docks else -1
            self.open_module(docks[(place + step) % len(docks)].name)

    def close_current(self) -> None:
        dock = self.current_dock()
        if dock is not None:
            dock.close()

    def _set_current(self, name: str) -> None:
        if name != self._current:
            self._current = name
            self.rail.set_active(name)
            self.current_module_changed.emit(name)
        self._tabs.dress_later()

    def _on_dock_visibility(self, dock: ModuleDock, visible: bool) -> None:
        if visible and not dock.isFloating():
            self._set_current(dock.name)

    def _on_focus_changed(self, _old: object, new: object) -> None:
        for dock in self._docks.values():
            if new is not None and not dock.isHidden() and dock.isAncestorOf(new):  # type: ignore[arg-type]
                self._set_current(dock.name)
                return

    def _show_welcome(self) -> None:
        is_empty = all(dock.isFloating() for dock in self.open_docks())
        self._welcome.setVisible(is_empty)
        docks = self.open_docks()
        if self.current_dock() is None:
            self._set_current(docks[-1].name if docks else "")

    # -- overlays
    def open_palette(self, text: str = "") -> CommandPalette:
        palette = CommandPalette(self.registry, self._search_records)
        palette.done.connect(self.overlay.close_content)
        palette.resized.connect(self.overlay.place_again)
        palette.opened_apart.connect(self._float_current)
        self.overlay.open_content(palette, share=PALETTE_SHARE)
        if text:
            palette.field.setText(text)
        return palette

    def _float_current(self) -> None:
        dock = self.current_dock()
        if dock is not None and not dock.isFloating():
            dock.toggle_floating()

    def open_shortcut_table(self) -> None:
        table = ShortcutTable(self.registry, self.module_names(), self._current)
        table.done.connect(self.overlay.close_content)
        self.overlay.open_content(table)

    def open_about(self) -> None:
        about = AboutDialog(self.version)
        about.done.connect(self.overlay.close_content)
        self.overlay.open_content(about)

    # -- looks
    def choose_theme(self, choice: str) -> None:
        theme.choose(choice)
        self.theme_chosen.emit(choice)

    def toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def toggle_rail(self) -> None:
        self._rail_choice = "narrow" if self.rail.is_wide else "wide"
        self._fit_rail()

    def _fit_rail(self) -> None:
        wide = self._rail_choice == "wide" or (self._rail_choice == "auto" and self.width() >= WIDE_RAIL_FROM)
        if wide != self.rail.is_wide:
            self.rail.set_wide(wide)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_rail()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tabs.dress_later()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._tabs.dress_later()

    # -- layout
    def save_state(self) -> bytes:
        """Window place, docks open and where, the one in use, pages in view, width of the rail."""
        encode = lambda value: base64.b64encode(value.data()).decode()
        state = {
            "version": LAYOUT_VERSION,
            "geometry": encode(self.saveGeometry()),
            "docks": encode(self.saveState(LAYOUT_VERSION)),
            "open": [dock.name for dock in self.open_docks()],
            "pages": {dock.name: dock.current_page() for dock in self.open_docks()},
            "current": self._current,
            "rail": self._rail_choice,
        }
        return json.dumps(state).encode()

    def restore_state(self, state: bytes) -> bool:
        """False when the bytes are not a layout of this version; modules that are gone are left out."""
        try:
            saved = json.loads(state)
            if saved["version"] != LAYOUT_VERSION:
                return False
            geometry, docks = base64.b64decode(saved["geometry"]), base64.b64decode(saved["docks"])
            names, pages, current, rail = saved["open"], saved["pages"], saved["current"], saved["rail"]
        except (ValueError, KeyError, TypeError):
            return False
        self._rail_choice = rail
        self.restoreGeometry(geometry)
        for name in names:
            if name in self._modules:
                dock = self.open_module(name)
                if pages.get(name) in dock.page_keys():
                    dock.show_page(pages[name])
        self.restoreState(docks, LAYOUT_VERSION)
        self._show_welcome()
        self._fit_rail()
        if current in names and current in self._modules:
            self.open_module(current)
        return True

    # -- leaving
    def may_close(self) -> bool:
        """Asks once for all docks with unsaved work."""
        dirty = [dock.title for dock in self._docks.values() if dock.is_dirty()]
        if not dirty:
            return True
        text = tr("Ci sono modifiche non salvate in: {titles}. Chiudendo si perdono.", titles=", ".join(dirty))
        return ask(self, tr("Chiudere senza salvare?"), text, tr("Chiudi senza salvare"), "negative", cancel=tr("Torna alle modifiche"))

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.may_close():
            event.accept()
            self.closed.emit()
        else:
            event.ignore()
