"""Background: the way from a screen to the database and back."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QObject

from cms_desktop.core.errors import AppError, Cancelled, NotAllowed
from cms_desktop.ui.background import Background


class Unit:
    """A unit of work whose statements wait until they are let through or cancelled."""

    def __init__(self) -> None:
        self.on_progress: Any = None
        self.stopped = threading.Event()

    def cancel(self) -> None:
        self.stopped.set()


@pytest.fixture
def units() -> list[Unit]:
    return []


@pytest.fixture
def background(qapp: Any, units: list[Unit]) -> Iterator[Background]:
    @contextlib.contextmanager
    def open_unit() -> Iterator[Unit]:
        unit = Unit()
        units.append(unit)
        yield unit

    background = Background(open_unit)
    yield background
    background.close()


def test_the_result_comes_back_on_the_gui_thread(qtbot: Any, background: Background) -> None:
    seen: list[Any] = []
    owner = QObject()
    background.run(owner, lambda unit: threading.current_thread().name, then=lambda name: seen.append((name, threading.current_thread())))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0][0].startswith("work") and seen[0][1] is threading.main_thread()


def test_the_latest_request_wins_and_the_older_is_cancelled(qtbot: Any, background: Background, units: list[Unit]) -> None:
    owner, seen = QObject(), list[str]()

    def slow(unit: Unit) -> str:
        unit.stopped.wait(5)
        return "old"

    background.run(owner, slow, then=seen.append, failed=lambda error: seen.append("failed"), key="list")
    qtbot.waitUntil(lambda: bool(units))
    background.run(owner, lambda unit: "new", then=seen.append, key="list")
    qtbot.waitUntil(lambda: bool(seen))
    qtbot.waitUntil(lambda: units[0].stopped.is_set())
    qtbot.wait(50)
    assert seen == ["new"]
    assert not background.is_busy()


def test_a_result_for_a_widget_that_is_gone_is_dropped(qtbot: Any, background: Background) -> None:
    owner, go, seen = QObject(), threading.Event(), list[int]()
    background.run(owner, lambda unit: go.wait(5), then=lambda _value: seen.append(1), key="x")
    shiboken6.delete(owner)
    go.set()
    qtbot.waitUntil(lambda: not background.is_busy())
    assert seen == []


def test_progress_arrives_in_order(qtbot: Any, background: Background) -> None:
    owner, seen, ended = QObject(), list[tuple[int, int, str]](), list[int]()

    def work(unit: Unit) -> None:
        for done in (1, 2, 3):
            unit.on_progress(done, 3, "scrittura")

    background.run(owner, work, then=lambda _value: ended.append(1), progress=lambda *step: seen.append(step))
    qtbot.waitUntil(lambda: bool(ended))
    assert seen == [(1, 3, "scrittura"), (2, 3, "scrittura"), (3, 3, "scrittura")]


def test_cancel_stops_the_statement_that_runs(qtbot: Any, background: Background, units: list[Unit]) -> None:
    owner, failures = QObject(), list[AppError]()

    def work(unit: Unit) -> None:
        assert unit.stopped.wait(5)
        raise Cancelled

    request = background.run(owner, work, failed=failures.append)
    qtbot.waitUntil(lambda: bool(units))
    request.cancel()
    qtbot.waitUntil(lambda: bool(failures))
    assert isinstance(failures[0], Cancelled)


def test_a_request_cancelled_before_it_starts_never_opens_a_unit(qtbot: Any, background: Background, units: list[Unit]) -> None:
    owner, gate, failures = QObject(), threading.Event(), list[AppError]()
    for _ in range(3):
        background.run(owner, lambda unit: gate.wait(5))
    qtbot.waitUntil(lambda: len(units) == 3)
    request = background.run(owner, lambda unit: None, failed=failures.append)
    request.cancel()
    gate.set()
    qtbot.waitUntil(lambda: bool(failures))
    assert isinstance(failures[0], Cancelled) and len(units) == 3


def test_an_error_nobody_handles_reaches_the_window(qtbot: Any, background: Background) -> None:
    def work(unit: Unit) -> None:
        raise NotAllowed("Non puoi emettere fatture in questa azienda.")

    with qtbot.waitSignal(background.error_unhandled) as caught:
        background.run(QObject(background), work)
    assert caught.args[0].key == "not_allowed"


def test_an_unforeseen_error_becomes_one_that_can_be_read(qtbot: Any, background: Background) -> None:
    failures: list[AppError] = []
    background.run(QObject(background), lambda unit: 1 / 0, failed=failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert failures[0].key == "unexpected" and "division" in str(failures[0])


def test_closing_stops_work_that_has_no_key(qtbot: Any, background: Background, units: list[Unit]) -> None:
    background.run(QObject(background), lambda unit: unit.stopped.wait(30))
    qtbot.waitUntil(lambda: bool(units))
    assert background.is_busy()
    background.close()
    assert units[0].stopped.is_set()
