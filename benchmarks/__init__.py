"""Measured jobs, each beside its floor in the same run on the same cluster. `python -m benchmarks` prints one JSON line a measure."""
