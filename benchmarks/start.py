"""Cold start of the client until its login window is there, beside a Python that shows an empty Qt window."""

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

EMPTY_WINDOW = (
    "from PySide6.QtWidgets import QApplication, QWidget; from PySide6.QtCore import QTimer\n"
    "app = QApplication([]); window = QWidget(); window.show(); QTimer.singleShot(0, app.quit); app.exec()"
)


def run(_place: object, quick: bool) -> Iterator[Measure]:
    took, least, inside = [], [], []
    for _ in range(1 if quick else 5):
        seconds, output = _start("-m", "cms_desktop.app", "--measure-start")
        took.append(seconds)
        inside.append(json.loads(output.strip().splitlines()[-1])["login_window_ms"])
        least.append(_start("-c", EMPTY_WINDOW)[0])
    yield Measure("start", 1, statistics.median(took), statistics.median(least), {"login_window_ms": statistics.median(inside)})


def _start(*words: str) -> tuple[float, str]:
    """Seconds of the whole process, and what it printed."""
    with tempfile.TemporaryDirectory() as folder:
        chosen = {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"), "CMS_LOCAL_FOLDER": folder, "CMS_NO_KEYRING": "1"}
        began = time.perf_counter()
        done = subprocess.run([sys.executable, *words], env=os.environ | chosen, capture_output=True, text=True, check=True, timeout=120)
        return time.perf_counter() - began, done.stdout
