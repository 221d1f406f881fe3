"""Fixtures of every test. Qt draws offscreen; the house is a database of its own for each test that asks for it."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")

from collections.abc import Iterator

import pytest

from tests.house import House, copied_house


@pytest.fixture
def house() -> Iterator[House]:
    """A fresh database with two companies and six persons."""
    with copied_house() as found:
        yield found


@pytest.fixture(scope="module")
def shared_house() -> Iterator[House]:
    """A house that the tests of one module share and do not change."""
    with copied_house() as found:
        yield found
