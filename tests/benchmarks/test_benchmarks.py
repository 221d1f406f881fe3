"""Every measured job runs, beside its floor, and says so in JSON. How fast it is, is the business of the benchmark itself."""

from __future__ import annotations

import json

import pytest

from benchmarks.__main__ import JOBS, main
from benchmarks.measure import percentile


def test_every_job_prints_its_seconds_beside_those_of_its_floor(capsys: pytest.CaptureFixture[str]) -> None:
    jobs = sorted(set(JOBS) - {"start"})  # the start of the program has a test of its own
    assert main([*jobs, "--quick"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["job"].split("_first")[0] for line in lines} >= {"audit", "billing_run", "customer_list", "live", "xml"}
    for line in lines:
        assert line["seconds"] > 0
        assert line["floor_seconds"] > 0
        assert line["ratio"] == pytest.approx(line["seconds"] / line["floor_seconds"], rel=0.2)


def test_the_95th_percentile_is_a_value_that_was_measured() -> None:
    assert percentile([float(number) for number in range(1, 101)], 95) == 95
    assert percentile([3.0], 95) == 3
