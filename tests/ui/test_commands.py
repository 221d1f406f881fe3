"""The command registry, the palette and the shortcut table that read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from cms_desktop.ui.commands import Command, CommandRegistry, key_names, tip
from cms_desktop.ui.feedback import PALETTE_SHARE, Overlay
from cms_desktop.ui.grouped_list import bold_ranges
from cms_desktop.ui.palette import CommandPalette, RecordHit
from cms_desktop.ui.shortcut_table import ShortcutTable


def command(name: str, text: str, shortcut: str = "", run: Callable[[], object] = lambda: None, **more: Any) -> Command:
    return Command(name, text, "plus", shortcut, run, **more)


@pytest.fixture
def registry() -> CommandRegistry:
    registry = CommandRegistry()
    registry.name_module("billing", "Fatturazione Generale")
    registry.register(
        command("billing.new", "Nuovo lancio", "F2", module="billing"),
        command("customers.new", "Nuovo cliente", "F2", module="customers"),
        command("base.tax", "Tabelle fiscali", "Alt+T"),
        command("billing.cities", "Elenco delle città", module="billing"),
        command("billing.launches", "Tutti i lanci", module="billing"),
    )
    return registry


def test_two_commands_of_one_module_cannot_share_a_key(registry: CommandRegistry) -> None:
    with pytest.raises(ValueError, match=r"billing\.new"):
        registry.register(command("billing.other", "Altro", "F2", module="billing"))


def test_a_key_of_the_window_cannot_be_a_key_of_a_module(registry: CommandRegistry) -> None:
    with pytest.raises(ValueError, match="F2"):
        registry.register(command("window.other", "Altro", "F2"))


def test_ctrl_alt_is_refused_because_it_is_altgr(registry: CommandRegistry) -> None:
    with pytest.raises(ValueError, match="AltGr"):
        registry.register(command("window.other", "Altro", "Ctrl+Alt+K"))


def test_search_puts_the_beginning_before_a_word_before_the_middle() -> None:
    registry = CommandRegistry()
    registry.register(
        command("a.1", "Sblanciare"), command("a.2", "Tutti i lanci"), command("a.3", "Lanci da confermare"), command("a.4", "Altro")
    )
    assert [one.id for one in registry.search("lanci")] == ["a.3", "a.2", "a.1"]


def test_search_does_not_care_for_accents_and_order_of_words(registry: CommandRegistry) -> None:
    assert [one.id for one in registry.search("citta")] == ["billing.cities"]
    assert [one.id for one in registry.search("fiscali tabelle")] == ["base.tax"]


def test_what_a_person_may_not_do_is_absent(qtbot: Any) -> None:
    registry = CommandRegistry(holds=lambda function: function != "billing.issue")
    ran: list[int] = []
    registry.register(command("billing.issue", "Emetti", "F8", lambda: ran.append(1), required="billing.issue", module="billing"))
    widget = QWidget()
    qtbot.addWidget(widget)
    assert registry.all() == [] and registry.find("billing.issue") is None and registry.bind(widget, "billing") == []
    assert not registry.run("billing.issue") and ran == []
    assert registry.button("billing.issue").isHidden()


def test_a_module_shortcut_works_only_inside_its_dock(qtbot: Any) -> None:
    registry, ran = CommandRegistry(), list[str]()
    registry.register(command("billing.new", "Nuovo", "F2", lambda: ran.append("billing"), module="billing"))
    window = QWidget()
    layout = QVBoxLayout(window)
    dock, field, elsewhere = QWidget(), QLineEdit(), QLineEdit()
    QVBoxLayout(dock).addWidget(field)
    layout.addWidget(dock)
    layout.addWidget(elsewhere)
    registry.bind(dock, "billing")
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    elsewhere.setFocus()
    qtbot.keyClick(elsewhere, Qt.Key.Key_F2)
    assert ran == []
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_F2)
    assert ran == ["billing"]


def test_keys_are_called_as_on_an_italian_keyboard() -> None:
    assert key_names("Ctrl+Shift+F") == ("Ctrl", "Maiusc", "F")
    assert tip("Salva", "F10") == "Salva (F10)"


def test_the_typed_letters_are_found_without_accents() -> None:
    assert bold_ranges("Città di Castello", "citta") == [(0, 5)]
    assert bold_ranges("Nuova fattura", "fatt nuo") == [(6, 4), (0, 3)]


Asked = list[tuple[str, Callable[[list[RecordHit]], None]]]


@pytest.fixture
def palette_and_answers(qtbot: Any, registry: CommandRegistry) -> Iterator[tuple[CommandPalette, Asked]]:
    asked: Asked = []
    window = QWidget()
    window.resize(1200, 800)
    qtbot.addWidget(window)
    window.show()
    overlay = Overlay(window)
    palette = CommandPalette(registry, lambda text, answer: asked.append((text, answer)))
    palette.done.connect(overlay.close_content)
    overlay.open_content(palette, share=PALETTE_SHARE)
    yield palette, asked


def hit(text: str, opened: list[str]) -> RecordHit:
    return RecordHit("Clienti", "building-2", text, "Firenze", "", lambda: opened.append(text))


def texts(palette: CommandPalette) -> list[str]:
    return [entry.text for entry in palette.list.entries() if not entry.is_title]


def test_the_palette_opens_what_the_arrows_chose(qtbot: Any, palette_and_answers: Any) -> None:
    palette, asked = palette_and_answers
    opened: list[str] = []
    qtbot.keyClicks(palette.field, "bel")
    qtbot.waitUntil(lambda: bool(asked))
    asked[-1][1]([hit("Bellini", opened), hit("Belvedere", opened)])
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    with qtbot.waitSignal(palette.done):
        qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert opened == ["Belvedere"]


def test_the_palette_asks_once_for_letters_typed_quickly_and_keeps_the_old_list_until_then(qtbot: Any, palette_and_answers: Any) -> None:
    palette, asked = palette_and_answers
    before = texts(palette)
    qtbot.keyClicks(palette.field, "lancio")
    assert asked == [] and texts(palette) == before
    qtbot.waitUntil(lambda: bool(asked))
    assert [text for text, _ in asked] == ["lancio"] and texts(palette) == before
    asked[0][1]([])
    assert texts(palette) == ["Nuovo lancio"]


def test_a_late_answer_to_an_older_question_is_ignored(qtbot: Any, palette_and_answers: Any) -> None:
    palette, asked = palette_and_answers
    qtbot.keyClicks(palette.field, "be")
    qtbot.waitUntil(lambda: len(asked) == 1)
    qtbot.keyClicks(palette.field, "l")
    qtbot.waitUntil(lambda: len(asked) == 2)
    asked[1][1]([hit("Nuovo", [])])
    asked[0][1]([hit("Vecchio", [])])
    assert "Nuovo" in texts(palette) and "Vecchio" not in texts(palette)


def test_a_greater_sign_searches_commands_only(qtbot: Any, palette_and_answers: Any) -> None:
    palette, asked = palette_and_answers
    qtbot.keyClicks(palette.field, ">nuovo")
    qtbot.waitUntil(lambda: texts(palette) == ["Nuovo lancio", "Nuovo cliente"])
    assert asked == []


def test_escape_leaves_the_palette(qtbot: Any, palette_and_answers: Any) -> None:
    palette, _ = palette_and_answers
    with qtbot.waitSignal(palette.done):
        qtbot.keyClick(palette.field, Qt.Key.Key_Escape)


def test_the_shortcut_table_finds_a_command_by_its_key(qtbot: Any, registry: CommandRegistry) -> None:
    table = ShortcutTable(registry, ["billing", "customers"], "billing")
    qtbot.addWidget(table)
    table.field.setText("alt+t")
    assert [entry.text for entry in table.list.entries() if not entry.is_title] == ["Tabelle fiscali"]
