"""What a job says: how many, how long, and how long the least possible work takes."""

from __future__ import annotations

import gc
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psutil


@dataclass(frozen=True)
class Measure:
    """Seconds for `n` things beside `floor_seconds` for the least work that leaves the same result; more figures by name."""

    job: str
    n: int
    seconds: float
    floor_seconds: float | None = None
    more: dict[str, float | int | str] = field(default_factory=dict)

    def line(self) -> str:
        """One line of JSON."""
        shown: dict[str, object] = {"job": self.job, "n": self.n, "seconds": round(self.seconds, 4)}
        shown["per_second"] = round(self.n / self.seconds, 1) if self.seconds else None
        if self.floor_seconds is not None:
            shown |= {"floor_seconds": round(self.floor_seconds, 4), "ratio": round(self.seconds / self.floor_seconds, 2)}
        return json.dumps(shown | {key: round(value, 3) if isinstance(value, float) else value for key, value in self.more.items()})


def seconds_of(work: Callable[[], object]) -> float:
    """Wall clock of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def grown(work: Callable[[], object]) -> int:
    """Kilobytes by which the memory of this process is larger after the work than before; a stream leaves it where it was."""
    gc.collect()
    before = psutil.Process().memory_info().rss
    work()
    gc.collect()
    return (psutil.Process().memory_info().rss - before) // 1024


def beside(job: str, times: int, work: Callable[[], object], floor: Callable[[], object]) -> Measure:
    """Both calls in turn, `times` times, after one of each that does not count; medians and percentiles of the work."""
    work(), floor()
    pairs = [(seconds_of(work), seconds_of(floor)) for _ in range(times)]
    took, least = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    more: dict[str, float | int | str] = {"p50_ms": percentile(took, 50) * 1000, "p95_ms": percentile(took, 95) * 1000}
    return Measure(job, 1, statistics.median(took), statistics.median(least), more | {"times": times})


def percentile(values: list[float], percent: int) -> float:
    """The smallest value that so many percent do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
