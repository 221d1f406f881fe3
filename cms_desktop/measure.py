"""Measures the start as a person meets it: to the login window, and from Enter to the first dashboard with its figures.

cms-desktop --measure-start
cms-desktop --measure-login dora.galli [--measure-company 2] [--measure-typing 2] [--measure-profile '{"hosts": …}']      password in CMS_PASSWORD
"""

from __future__ import annotations

import json
import os
import pathlib
import tempfile
import time
from collections.abc import Callable
from typing import Any

import psutil
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from cms_desktop.db.profile import LOCAL, ConnectionProfile, ProfileStore

POLL_MS = 2


def profiles_for(facts: str) -> ProfileStore:
    """A store of its own, so that measuring leaves nothing behind. `facts`: fields of a ConnectionProfile as JSON, "" for the local one."""
    profile = ConnectionProfile(**({"name": "misura"} | json.loads(facts))) if facts else LOCAL
    store = ProfileStore(pathlib.Path(tempfile.mkdtemp(prefix="cms-measure-")) / "profiles.json")
    store.save([profile])
    return store


def report_start(program: Any, started: float) -> None:
    """Print the milliseconds to the painted login window, then leave."""

    def report() -> None:
        print(json.dumps({"login_window_ms": _since(started)}), flush=True)
        program.login.close()

    QTimer.singleShot(0, report)


def report_login(program: Any, started: float, login: str, *, company: int, typing: float) -> None:
    """Type for `typing` seconds, press Enter, wait for the first dashboard's figures on the screen, print both times, then leave."""
    facts: dict[str, int] = {"login_window_ms": 0}
    entered = [0.0]
    window = program.login

    def type_in() -> None:
        facts["login_window_ms"] = facts["login_window_ms"] or _since(started)
        if not window.side.accessibleDescription().endswith("ms"):
            QTimer.singleShot(POLL_MS, type_in)
            return
        page = window.credentials
        page.login.setText(login)
        page.password.setText(os.environ.get("CMS_PASSWORD", ""))
        QTimer.singleShot(round(typing * 1000), press_enter)

    def press_enter() -> None:
        entered[0] = time.perf_counter()
        window.credentials.enter.click()
        _when(lambda: _has_figures(program), report, lambda: _choose(program.login, company))

    def report() -> None:
        program.open.window.current_dock().repaint()
        QApplication.processEvents()
        facts["login_to_dashboard_ms"] = _since(entered[0])
        print(json.dumps(facts), flush=True)
        program.open.window.close()

    QTimer.singleShot(0, type_in)


def _choose(window: Any, company: int) -> None:
    page: Any = window.stack.currentWidget() if window is not None else None
    if hasattr(page, "list") and page.isEnabled():
        page.chosen.emit(page.list.rows[company - 1].company, False)


def _has_figures(program: Any) -> bool:
    dock = program.open.window.current_dock() if program.open is not None else None
    return dock is not None and bool(dock._time_text)


def _when(happened: Callable[[], bool], then: Callable[[], None], meanwhile: Callable[[], None]) -> None:
    if happened():
        then()
    else:
        meanwhile()
        QTimer.singleShot(POLL_MS, lambda: _when(happened, then, meanwhile))


def process_started() -> float:
    """When this process began, on the clock of `time.perf_counter`: imports count, too."""
    return time.perf_counter() - (time.time() - psutil.Process().create_time())


def _since(moment: float) -> int:
    return round((time.perf_counter() - moment) * 1000)
