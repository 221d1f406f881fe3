"""The only way from a screen to the database: work runs on a thread with a unit of work; its result comes back on the GUI thread.

    self._background.run(self, lambda unit: queries.list_customers(unit, query), then=self._show, key="list")

* the latest request of an owner and key wins: an older one is cancelled on the server and its result dropped;
* results for a widget that is gone are dropped;
* `progress(done, total, phase)` arrives on the GUI thread; `request.cancel()` really stops the work.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol

import shiboken6
from PySide6.QtCore import QObject, Signal

from cms_desktop.core.errors import AppError, Cancelled

log = logging.getLogger(__name__)


class Unit(Protocol):
    """What the work gets: an open unit of work (see db.unit_of_work)."""

    on_progress: Callable[[int, int, str], None]

    def cancel(self) -> None: ...


OpenUnit = Callable[[], contextlib.AbstractContextManager[Any]]


class NoUnit:
    """Stands for a unit of work where there is no database yet, or none any more."""

    def __init__(self) -> None:
        self.on_progress: Callable[[int, int, str], None] = lambda done, total, phase: None

    def cancel(self) -> None:
        """Nothing to stop on a server."""


@contextlib.contextmanager
def no_unit() -> Iterator[NoUnit]:
    yield NoUnit()


class Request:
    """A piece of work under way. `cancel` may be called from the GUI thread at any moment."""

    def __init__(self, number: int, owner: QObject, key: str, callbacks: dict[str, Callable[..., None] | None]) -> None:
        self.number, self.owner, self.key, self.callbacks = number, owner, key, callbacks
        self.is_cancelled = False
        self._unit: Unit | None = None
        self._lock = threading.Lock()

    def attach(self, unit: Unit) -> None:
        with self._lock:
            if self.is_cancelled:
                raise Cancelled
            self._unit = unit

    def detach(self) -> None:
        with self._lock:
            self._unit = None

    def cancel(self) -> None:
        with self._lock:
            self.is_cancelled = True
            unit = self._unit
        if unit is not None:
            threading.Thread(target=unit.cancel, daemon=True).start()


class Background(QObject):
    """A pool of few threads and one signal back."""

    _came_back = Signal(object, str, object)

    def __init__(self, open_unit: OpenUnit, parent: QObject | None = None, threads: int = 3) -> None:
        super().__init__(parent)
        self._open_unit = open_unit
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="work")
        self._numbers = itertools.count(1)
        self._is_closed = False
        self._futures: set[Future[None]] = set()
        self._running: dict[tuple[int, str], Request] = {}  # the latest of each owner and key
        self._open: set[Request] = set()  # all that did not come back yet, with or without a key
        self._came_back.connect(self._deliver)

    def run(
        self,
        owner: QObject,
        work: Callable[[Any], Any],
        *,
        then: Callable[[Any], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
        progress: Callable[[int, int, str], None] | None = None,
        key: str = "",
    ) -> Request:
        """Run `work(unit)` on a thread. Without `failed` an error is logged and shown by the main window (`error_unhandled`)."""
        request = Request(next(self._numbers), owner, key, {"then": then, "failed": failed, "progress": progress})
        if self._is_closed:
            request.is_cancelled = True
            return request
        if key:
            older = self._running.get((id(owner), key))
            if older is not None:
                older.cancel()
            self._running[id(owner), key] = request
        self._open.add(request)
        future = self._pool.submit(self._work, request, work)
        self._futures.add(future)
        future.add_done_callback(self._futures.discard)
        return request

    error_unhandled = Signal(object)

    def _work(self, request: Request, work: Callable[[Any], Any]) -> None:
        try:
            if request.is_cancelled:
                raise Cancelled
            with self._open_unit() as unit:
                unit.on_progress = lambda done, total, phase: self._came_back.emit(request, "progress", (done, total, phase))
                request.attach(unit)
                try:
                    result = work(unit)
                finally:
                    request.detach()
        except AppError as error:
            self._came_back.emit(request, "failed", error)
        except Exception as error:
            log.exception("work failed")
            self._came_back.emit(request, "failed", AppError("Errore imprevisto: {detail}", key="unexpected", detail=str(error)))
        else:
            self._came_back.emit(request, "then", result)

    def _deliver(self, request: Request, kind: str, value: Any) -> None:
        place = (id(request.owner), request.key)
        superseded = bool(request.key) and self._running.get(place) is not request
        if kind != "progress":
            self._open.discard(request)
            if self._running.get(place) is request:
                del self._running[place]
        if superseded or self._is_closed or not shiboken6.isValid(request.owner):
            return
        callback = request.callbacks[kind]
        if kind == "progress":
            if callback is not None:
                callback(*value)
        elif callback is not None:
            callback(value)
        elif kind == "failed" and not isinstance(value, Cancelled):
            self.error_unhandled.emit(value)

    def is_busy(self) -> bool:
        return bool(self._open)

    def drain(self) -> None:
        """Wait for all work handed in so far. Only when a window closes: it blocks."""
        for future in list(self._futures):
            future.result(timeout=10)

    def close(self) -> None:
        """Cancel everything and let the threads end; nothing is delivered any more, nothing taken on."""
        self._is_closed = True
        for request in list(self._open):
            request.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)
