"""Every measured job runs, beside its floor, and says so in JSON. How fast it is, is the business of the benchmark itself."""

from __future__ import annotations

import json

import pytest

from benchmarks.__main__ import JOBS, main
from benchmarks.measure import percentile


@pytest.mark.parametrize("job", sorted(set(JOBS) - {"start", "customer_lists"}))
def test_a_job_prints_its_seconds_beside_those_of_its_floor(job: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([job, "--quick"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines
    for line in lines:
        assert line["job"].startswith(job)
        assert line["seconds"] > 0
        assert line["floor_seconds"] > 0
        assert line["ratio"] == pytest.approx(line["seconds"] / line["floor_seconds"], rel=0.2)


def test_the_95th_percentile_is_a_value_that_was_measured() -> None:
    assert percentile([float(number) for number in range(1, 101)], 95) == 95
    assert percentile([3.0], 95) == 3
