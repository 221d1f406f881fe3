"""The screen never stands still for 50 ms: every dock and page opened for the first time, a list scrolled over its pages, dashboards
refreshed live, a run with its progress.

What can be repeated is measured up to three times, and the best counts: a block of ours is in every round, a busy neighbour is not.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cms_desktop.ui.background import Background
from cms_desktop.ui.module_dock import ModuleDock
from tests.end_to_end.conftest import Journey
from tests.end_to_end.freeze import FreezeMeter
from tests.end_to_end.test_live import new_customer
from tests.house import House
from tests.modules.billing.world import World

LIMIT_MS = float(os.environ.get("CMS_FREEZE_LIMIT_MS", "50"))
SCREENS = ("base", "customers", "billing", "bank_effects")


@pytest.fixture
def world(house: House) -> Iterator[World]:
    made = World(house)
    yield made
    made.close()


def aside(work: Callable[[], None]) -> threading.Thread:
    """Work of a colleague, away from this screen's thread."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def fill(world: World, count: int) -> None:
    """Many customers with services, and the statistics a server that lives a while has of them."""
    world.many(count)
    world.owner.execute("analyze")


def rest(journey: Journey) -> None:
    journey.until(lambda: not journey.program.open.background.is_busy())
    journey.bot.wait(700)


def quietest(measure: Callable[[], FreezeMeter], limit: float, rounds: int = 3) -> FreezeMeter:
    """The best of a few rounds: a block of ours is in every one of them, a busy neighbour is not."""
    best = measure()
    for _ in range(rounds - 1):
        if best.longest_ms < limit:
            break
        best = min(best, measure(), key=lambda meter: meter.longest_ms)
    return best


def tell(what: str, meter: FreezeMeter) -> None:
    """The longest silence, for whoever runs the tests with -s or looks at a failure."""
    print(f"{what}: longest silence {meter.longest_ms:.0f} ms, {len(meter.gaps)} over {meter.least_ms:.0f} ms")


def settled(dock: ModuleDock, background: Background) -> bool:
    return not dock.is_making() and not background.is_busy()


def open_all(journey: Journey) -> dict[str, FreezeMeter]:
    """Opens every dock and shows every page of it, each for the first time in this window: "dock page" → how long it stood still."""
    found: dict[str, FreezeMeter] = {}
    background = journey.program.open.background
    for module in SCREENS:
        is_open = journey.window.current_dock() is not None and journey.window.current_dock().name == module
        with FreezeMeter() as found[f"{module} opened"]:
            dock = journey.window.open_module(module)
            journey.until(lambda dock=dock: settled(dock, background))
            rest(journey)
        if is_open:
            del found[f"{module} opened"]
        for page in dock.page_keys()[1:]:
            with FreezeMeter() as found[f"{module} {page}"]:
                dock.show_page(page)
                journey.until(lambda dock=dock: settled(dock, background))
                rest(journey)
    return found


def test_opening_any_page_of_any_dock_does_not_stop_the_screen(journey: Journey, world: World) -> None:
    """A window is opened anew for each round, so that in each everything is made for the first time."""
    fill(world, 300)
    journey.enter("anna.admin")
    journey.until(lambda: all(f"cms_desktop.modules.{name}.dock" in sys.modules for name in SCREENS) and "pyqtgraph" in sys.modules, 60)
    rest(journey)
    best: dict[str, FreezeMeter] = {}
    for _round in range(3):
        for what, meter in open_all(journey).items():
            best[what] = min(best.get(what, meter), meter, key=lambda one: one.longest_ms)
        if max(meter.longest_ms for meter in best.values()) < LIMIT_MS:
            break
        before = journey.program.open
        journey.window.language_chosen.emit("en" if journey.program.post.language == "it" else "it")
        journey.until(lambda before=before: journey.program.open is not before)
        rest(journey)
    assert len(best) > len(SCREENS) * 3
    for what, meter in best.items():
        tell(what, meter)
    slow = {what: meter.gaps for what, meter in best.items() if meter.longest_ms >= LIMIT_MS}
    assert not slow


def test_scrolling_a_list_over_its_pages_does_not_stop_the_screen(journey: Journey, world: World) -> None:
    fill(world, 1500)
    journey.enter("anna.admin")
    dock = journey.window.open_module("customers")
    dock.show_page("customers")
    table = dock.customers.list.table
    journey.until(table.rows)
    rest(journey)
    bar = table.view.verticalScrollBar()

    def scroll() -> FreezeMeter:
        dock.customers.list.clear_filters()
        dock.customers.list.reload()
        rest(journey)
        with FreezeMeter() as measured:
            for _ in range(12):
                bar.setValue(bar.maximum())
                journey.bot.wait(120)
        return measured

    first = len(table.rows())
    meter = quietest(scroll, LIMIT_MS)
    assert len(table.rows()) > first
    tell("scrolling a list", meter)
    assert meter.longest_ms < LIMIT_MS, meter.gaps


def test_live_changes_do_not_stop_the_screen(journey: Journey, house: House, world: World) -> None:
    fill(world, 300)
    journey.enter("anna.admin")
    dock = journey.window.open_module("customers")
    for page in ("customers", "dashboard"):
        dock.show_page(page)
        rest(journey)

        def change(page: str = page) -> FreezeMeter:
            with FreezeMeter() as measured:
                for number in range(3):
                    thread = aside(lambda number=number: new_customer(house, f"Officina {page} {number} S.r.l."))
                    journey.bot.wait(700)
                    thread.join()
            return measured

        meter = quietest(change, LIMIT_MS)
        tell(f"live changes, {page}", meter)
        assert meter.longest_ms < LIMIT_MS, (page, meter.gaps)


def bill(journey: Journey) -> tuple[FreezeMeter, FreezeMeter]:
    """A new run by keys: how long the screen stood still for its preview and for its issue."""
    run = journey.dock.runs.run
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F2)  # type: ignore[arg-type]
    journey.until(lambda: any(sign.isdigit() for sign in run.form.due_note.text()))
    rest(journey)
    with FreezeMeter() as preview:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)  # type: ignore[arg-type]
        journey.until(lambda: run.run is not None and run.run.state == "preview" and run.rows.table.rows(), seconds=30)
        rest(journey)
    run.rows.setFocus()
    with FreezeMeter() as issue:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)  # type: ignore[arg-type]
        journey.until(lambda: run.run.state == "issued" and run.result.isVisible(), seconds=60)
        journey.until(lambda: run.work.job is None)
        rest(journey)
    return preview, issue


def test_a_billing_run_with_its_progress_does_not_stop_the_screen(journey: Journey, world: World) -> None:
    """Issued up to three times: an issued run is taken back, as one may while nothing was sent, and made again."""
    fill(world, 120)
    journey.enter("anna.admin")
    dock = journey.window.open_module("billing")
    journey.until(lambda: settled(dock, journey.program.open.background))
    rest(journey)
    rounds = [bill(journey)]
    while len(rounds) < 3 and min(max(one.longest_ms for one in pair) for pair in rounds) >= LIMIT_MS:
        with journey.program.open.background._open_unit() as unit:
            unit.call("billing.undo_run", dock.runs.run.run_id)
        dock.runs.show_list()
        rest(journey)
        rounds.append(bill(journey))
    preview, issue = (min(meters, key=lambda one: one.longest_ms) for meters in zip(*rounds, strict=True))
    tell("preview of a run", preview)
    tell("issue of a run", issue)
    assert preview.longest_ms < LIMIT_MS, preview.gaps
    assert issue.longest_ms < LIMIT_MS, issue.gaps
