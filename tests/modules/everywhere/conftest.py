"""Screens are tested with the theme of the program on them."""

from __future__ import annotations

import pytest

from cms_desktop.ui import theme
from cms_desktop.ui.tokens import LIGHT


@pytest.fixture
def light(qapp) -> None:  # type: ignore[no-untyped-def]
    if not qapp.styleSheet():
        theme.apply(qapp, LIGHT)
