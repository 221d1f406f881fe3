"""The day: what the person does, hour by hour. Each part waits for what it should come to."""

from __future__ import annotations

from functools import partial
from typing import Any

from cms_desktop.app import Program
from cms_desktop.day_tour.customers import work_on_customers
from cms_desktop.day_tour.hands import Hands, TourFiles, TourStopped
from cms_desktop.day_tour.money import bill_the_month, look_at_the_books, present_riba
from cms_desktop.day_tour.office import look_after_the_office, use_the_window
from cms_desktop.demo import DEMO_PASSWORD
from cms_desktop.ui.error_text import error_text

LOGIN, COMPANY = "dora.galli", "Vigilanza Aurora S.r.l."
MODULES = ("billing", "customers", "bank_effects", "base")


class Day:
    """One person's day with one program."""

    def __init__(self, program: Program, hands: Hands, files: TourFiles) -> None:
        self.program, self.hands, self.files = program, hands, files
        self.finished = False
        program.finished.connect(self._on_finished)
        program.opened.connect(self._on_opened)

    def work(self) -> None:
        self.log_in()
        self.look_at_dashboards()
        work_on_customers(self)
        bill_the_month(self)
        look_at_the_books(self)
        present_riba(self)
        look_after_the_office(self)
        use_the_window(self)
        self.leave()

    # -- what the parts use
    @property
    def window(self) -> Any:
        return self.program.open.window

    @property
    def background(self) -> Any:
        return self.program.open.background

    def dock(self, name: str) -> Any:
        """Open a module by its key of the rail, and wait for its page."""
        place = self.window.module_names().index(name) + 1
        self.hands.press(f"Ctrl+{place}")
        self.hands.until(lambda: self.window.current_dock() is not None and self.window.current_dock().name == name, f"the dock of {name}")
        self.rest()
        return self.window.current_dock()

    def rest(self) -> None:
        """Until nothing is on its way from the server."""
        self.hands.until(lambda: not self.background.is_busy(), "the server to have answered")
        self.hands.wait(120)
        self.hands.until(lambda: not self.background.is_busy(), "the server to have answered")

    def command(self, words: str) -> None:
        """Run a command by name, through the palette."""
        self.hands.press("Ctrl+K")
        self.hands.until(lambda: self.window.overlay.content() is not None, "the palette")
        self.hands.type(f">{words}")
        self.hands.wait(200)
        self.hands.press("Return")
        self.hands.until(lambda: self.window.overlay.content() is None, f"the command «{words}»")
        self.rest()

    def show_page(self, dock: Any, page: str) -> Any:
        """A page of a dock by its tab, with the arrow keys."""
        tabs = dock.head.tabs
        tabs.setFocus()
        keys, current = dock.page_keys(), dock.current_page()
        step = keys.index(page) - keys.index(current)
        self.hands.press("Right" if step > 0 else "Left", abs(step))
        if dock.current_page() != page:
            self.hands.press("Return")
        self.hands.until(lambda: dock.current_page() == page, f"the page {page}")
        self.rest()
        return dock.page(page)

    # -- the parts that are here
    def log_in(self) -> None:
        hands = self.hands
        hands.say("Login: the local server answers, name and password are typed")
        login: Any = self.program.show_login()
        hands.window = login
        hands.until(lambda: login.side.accessibleDescription().endswith("ms"), "the local server to answer")
        hands.type(LOGIN)
        hands.press("Return")
        hands.type("non la so")
        hands.press("Return")
        hands.until(login.credentials.message.isVisible, "the wrong password to be refused")
        hands.picture("login", allow_errors=True)
        hands.type(DEMO_PASSWORD)
        hands.press("Return")
        hands.until(lambda: hasattr(login.stack.currentWidget(), "list"), "the choice of the company")
        hands.say("Choice of the company by its digit")
        hands.picture("company")
        names = [row.company.name for row in login.stack.currentWidget().list.rows]
        hands.press(str(names.index(COMPANY) + 1))
        hands.until(lambda: self.program.open is not None and self.program.login is None, "the main window")
        hands.window = self.window
        hands.until(lambda: self.window.status_line.words()[0] == "In diretta", "the live connection")

    def wait_for_figures(self, dock: Any) -> None:
        """Until the head of the dock says when its figures were read."""
        self.hands.until(partial(_is_loaded, dock), f"the figures of {dock.name}")

    def look_at_dashboards(self) -> None:
        for name in MODULES:
            self.hands.say(f"Dashboard of {name}")
            dock = self.dock(name)
            if dock.current_page() != "dashboard":
                raise TourStopped(f"expected: {name} opens on its dashboard")
            self.wait_for_figures(dock)
            self.hands.picture(f"dashboard-{name}")

    def leave(self) -> None:
        self.hands.say("The program is closed")
        self.window.close()
        self.hands.until(lambda: self.finished, "the end of the program")

    def _on_opened(self, opened: Any) -> None:
        opened.background.error_unhandled.connect(lambda error: self.hands.fail(f"an error nobody expected: {error_text(error)}"))

    def _on_finished(self) -> None:
        self.finished = True


def _is_loaded(dock: Any) -> bool:
    """Whether the head of the dock says when its figures were read."""
    return bool(dock._time_text)
