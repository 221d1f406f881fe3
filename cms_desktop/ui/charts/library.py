"""The plot library costs more to import than everything else a dashboard shows: it comes on a thread, and the charts last.

Whoever announces it (`fetch`, at the start of the program) makes charts wait with their skeleton; without that a chart imports it itself.
"""

from __future__ import annotations

import importlib

from PySide6.QtCore import QObject, Signal


class _Arrival(QObject):
    arrived = Signal()


arrival = _Arrival()
_is_awaited = False


def announce() -> None:
    """From now on charts wait: somebody is about to `fetch`."""
    global _is_awaited
    _is_awaited = True


def fetch() -> None:
    """Import the library, on any thread, and tell the charts."""
    global _is_awaited
    try:
        for name in ("numpy", "pyqtgraph"):
            importlib.import_module(name)
    finally:
        _is_awaited = False
        arrival.arrived.emit()


def is_awaited() -> bool:
    return _is_awaited
