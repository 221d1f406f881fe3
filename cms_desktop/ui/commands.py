"""Commands: everything that can be done, in one table. Shortcuts, buttons, the palette and the F1 table all read it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from . import basics
from .icons import icon
from .translation import translator

tr = translator("ui")
KEY_SIGNS = {"Return": "↵", "Enter": "↵", "Up": "↑", "Down": "↓", "Left": "←", "Right": "→"}


def _key_word(part: str) -> str:
    """As the key is called on the keyboard of the screen's language."""
    words = {"Del": tr("Canc"), "Shift": tr("Maiusc"), "Space": tr("Spazio")}
    return KEY_SIGNS.get(part) or words.get(part, part)


def plain(text: str) -> str:
    """Without accents and capitals, for searching."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()


def rank(text: str, wanted: str) -> int | None:
    """How well `text` answers `wanted`: 0 starts with it, 1 a word starts with it, 2 contains it, 3 has all its words, None not at all."""
    words, searched = plain(text), plain(wanted).strip()
    if not searched or words.startswith(searched):
        return 0
    if f" {searched}" in words.replace("-", " ").replace("'", " ").replace("’", " "):
        return 1
    if searched in words:
        return 2
    return 3 if all(part in words for part in searched.split()) else None


@dataclass(frozen=True)
class Command:
    """`id` is "<module>.<verb>"; `required` the function a person must hold; without `module` it is valid in the whole window."""

    id: str
    text: str
    icon: str
    shortcut: str
    run: Callable[[], object]
    required: str = ""
    module: str = ""
    enabled: Callable[[], bool] | None = field(default=None, compare=False)

    def is_enabled(self) -> bool:
        return self.enabled is None or self.enabled()

    def keys(self) -> tuple[str, ...]:
        """The shortcut as key caps: ("Ctrl", "Maiusc", "F")."""
        return key_names(self.shortcut)


def key_names(shortcut: str) -> tuple[str, ...]:
    """ "Ctrl+Shift+F" → ("Ctrl", "Maiusc", "F")."""
    if not shortcut:
        return ()
    parts = [*shortcut[:-1].split("+"), "+"] if shortcut.endswith("++") else shortcut.split("+")
    return tuple(_key_word(part) for part in parts if part)


def tip(text: str, shortcut: str) -> str:
    """A tool tip with the shortcut appended."""
    return f"{text} ({'+'.join(key_names(shortcut))})" if shortcut else text


class CommandRegistry:
    """Register, find, search, bind. `holds(function)` says what the person may do; what they may not is absent."""

    def __init__(self, holds: Callable[[str], bool] = lambda _function: True) -> None:
        self._holds = holds
        self._commands: dict[str, Command] = {}
        self._module_titles: dict[str, str] = {}

    def name_module(self, module: str, title: str) -> None:
        """How a module is called on the screen, for palette and shortcut table."""
        self._module_titles[module] = title

    def module_title(self, module: str) -> str:
        return self._module_titles.get(module, module)

    def register(self, *commands: Command) -> None:
        """Raises ValueError for an id used twice, for keys that would answer twice, and for Ctrl+Alt (AltGr on Italian keyboards)."""
        for command in commands:
            if command.id in self._commands:
                raise ValueError(f"command registered twice: {command.id}")
            self._check_shortcut(command)
            self._commands[command.id] = command

    def _check_shortcut(self, command: Command) -> None:
        if not command.shortcut:
            return
        if "Ctrl" in command.shortcut and "Alt" in command.shortcut.split("+"):
            raise ValueError(f"{command.id}: Ctrl+Alt is AltGr on an Italian keyboard")
        keys = QKeySequence(command.shortcut)
        if not keys.toString():
            raise ValueError(f"{command.id}: no such key: {command.shortcut}")
        for other in self._commands.values():
            meet = not command.module or not other.module or command.module == other.module
            if meet and other.shortcut and QKeySequence(other.shortcut) == keys:
                raise ValueError(f"{command.shortcut} is both {other.id} and {command.id}")

    def all(self) -> list[Command]:
        """What the person may do, in order of registration."""
        return [one for one in self._commands.values() if not one.required or self._holds(one.required)]

    def find(self, command_id: str) -> Command | None:
        """None when there is no such command or the person may not."""
        command = self._commands.get(command_id)
        return command if command is not None and (not command.required or self._holds(command.required)) else None

    def for_module(self, module: str) -> list[Command]:
        """The commands of a module; "" gives those of the window."""
        return [one for one in self.all() if one.module == module]

    def search(self, text: str, limit: int = 20) -> list[Command]:
        """Best first: starts with the text, a word starts with it, contains it, contains all its words. Accents do not count."""
        found = [(place, number, one) for number, one in enumerate(self.all()) if (place := rank(one.text, text)) is not None]
        return [one for _, _, one in sorted(found, key=lambda entry: entry[:2])][:limit]

    def bind(self, widget: QWidget, module: str = "") -> list[QAction]:
        """Make the shortcuts work: those of a module inside its dock, those of the window everywhere in it."""
        inside = Qt.ShortcutContext.WidgetWithChildrenShortcut
        return [self._action(one, widget, inside if module else Qt.ShortcutContext.WindowShortcut) for one in self.for_module(module)]

    def _action(self, command: Command, widget: QWidget, context: Qt.ShortcutContext) -> QAction:
        action = QAction(icon(command.icon), command.text, widget)
        action.setObjectName(command.id)
        action.setShortcut(QKeySequence(command.shortcut))
        action.setShortcutContext(context)
        action.setAutoRepeat(False)
        action.setToolTip(tip(command.text, command.shortcut))
        action.triggered.connect(lambda: self.run(command.id))
        widget.addAction(action)
        return action

    def run(self, command_id: str) -> bool:
        """Run it if the person may and it makes sense now."""
        command = self.find(command_id)
        if command is None or not command.is_enabled():
            return False
        command.run()
        return True

    def button(self, command_id: str, kind: str = "", *, size: str = "", text: str | None = None) -> QPushButton:
        """A button for the command, with its icon and keys; hidden when the person may not run it."""
        command = self.find(command_id)
        if command is None:
            result = basics.button("", kind)
            result.setVisible(False)
            result.setEnabled(False)
            return result
        words = "" if kind == "icon" else command.text if text is None else text
        result = basics.button(words, kind, command.icon, size=size, tip=tip(command.text, command.shortcut))
        result.setAccessibleName(command.text)
        result.clicked.connect(lambda: self.run(command_id))
        return result
