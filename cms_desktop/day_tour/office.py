"""Rights and records of changes; what the window itself offers; the same in English."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cms_desktop.day_tour.day import Day

PAGES = ("company", "persons", "rights", "tables", "sessions", "audit")


def look_after_the_office(day: Day) -> None:
    dock = day.dock("base")
    for key in PAGES:
        day.hands.say(f"Base: {key}")
        day.show_page(dock, key)
        day.hands.picture(f"base-{key}")


def use_the_window(day: Day) -> None:
    hands, window = day.hands, day.window
    day.dock("customers")
    hands.say("Palette: a customer and a command found by typing")
    hands.press("Ctrl+K")
    hands.until(lambda: window.overlay.content() is not None, "the palette")
    hands.type("bellini")
    day.rest()
    hands.wait(400)
    hands.picture("palette")
    hands.press("Escape")
    hands.say("F1: every command with its keys")
    hands.press("F1")
    hands.until(lambda: window.overlay.content() is not None, "the table of keys")
    hands.picture("keys")
    hands.press("Escape")
    hands.say("Ctrl+Shift+A: another company without a new login")
    hands.press("Ctrl+Shift+A")
    hands.until(lambda: window.overlay.content() is not None, "the companies")
    hands.picture("company-switch")
    hands.press("Escape")
    hands.say("Settings; the program in English")
    hands.press("Ctrl+,")
    hands.until(lambda: window.overlay.content() is not None, "the settings")
    hands.picture("settings")
    settings = window.overlay.content()
    hands.tab_to(settings.language, "the language")
    hands.press("Down")
    hands.until(lambda: day.window is not window, "the window in English")
    hands.window = day.window
    hands.until(lambda: day.window.status_line.words()[0] == "Live", "the live connection")
    for name in ("billing", "customers", "bank_effects", "base"):
        dock = day.dock(name)
        day.show_page(dock, "dashboard")
        day.wait_for_figures(dock)
        hands.picture(f"english-{name}", both=False)
