"""A house with one row of the first company in every table, for attacks that must leave no trace."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.access.arranged import arrange
from tests.house import House, copied_house


@pytest.fixture(scope="session")
def full_house() -> Iterator[House]:
    """Every table has rows of company 1. Attacks on it must change nothing, so they may share it."""
    with copied_house() as found:
        arrange(found)
        yield found
