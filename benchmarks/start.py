"""Cold start of the client to its login window and from Enter to the first dashboard, beside a Python that shows an empty Qt window."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from benchmarks.measure import Measure
from benchmarks.place import Place
from cms_desktop.demo import DEMO_PASSWORD, DEMO_PERSONS, load_demo

DATABASE = "start"

EMPTY_WINDOW = (
    "from PySide6.QtWidgets import QApplication, QWidget; from PySide6.QtCore import QTimer\n"
    "app = QApplication([]); window = QWidget(); window.show(); QTimer.singleShot(0, app.quit); app.exec()"
)


def run(place: Place, quick: bool) -> Iterator[Measure]:
    took, least, inside = [], [], []
    for _ in range(1 if quick else 5):
        seconds, output = _start("-m", "cms_desktop.app", "--measure-start")
        took.append(seconds)
        inside.append(json.loads(output.strip().splitlines()[-1])["login_window_ms"])
        least.append(_start("-c", EMPTY_WINDOW)[0])
    yield Measure("start", 1, statistics.median(took), statistics.median(least), {"login_window_ms": statistics.median(inside)})
    entered = _logins(place, 1 if quick else 5)
    yield Measure("login_to_dashboard", 1, statistics.median(entered), statistics.median(least), {"longest_ms": max(entered) * 1000})


def _logins(place: Place, times: int) -> list[float]:
    """Seconds from Enter, pressed at once, to the figures of the billing dashboard of the demo."""
    with place.new_database(DATABASE) as owner:
        load_demo(owner, 200, progress=lambda _text: None)
    profile = json.dumps({"hosts": "127.0.0.1", "database": DATABASE, "is_local": True})
    words = ("--measure-login", DEMO_PERSONS[1][0], "--measure-typing", "0", "--measure-profile", profile)
    found = [_start("-m", "cms_desktop.app", *words, server=str(place.server.folder))[1] for _ in range(times)]
    place.drop_database(DATABASE)
    return [json.loads(output.strip().splitlines()[-1])["login_to_dashboard_ms"] / 1000 for output in found]


def _start(*words: str, server: str = "") -> tuple[float, str]:
    """Seconds of the whole process, and what it printed. `server`: the folder of a local server; without it an empty one."""
    with tempfile.TemporaryDirectory() as folder:
        chosen = {
            "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
            "CMS_LOCAL_FOLDER": server or folder,
            "CMS_NO_KEYRING": "1",
            "CMS_PASSWORD": DEMO_PASSWORD,
        }
        began = time.perf_counter()
        done = subprocess.run([sys.executable, *words], env=os.environ | chosen, capture_output=True, text=True, check=True, timeout=120)
        return time.perf_counter() - began, done.stdout
