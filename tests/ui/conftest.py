"""Widgets are tested offscreen, with the theme and the font of the program on them."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from cms_desktop.ui import theme
from cms_desktop.ui.tokens import LIGHT


@pytest.fixture(autouse=True)
def light_theme(qapp: QApplication) -> None:
    if theme.current() is not LIGHT or not theme.is_applied():
        theme.load_fonts()
        theme.apply(qapp, LIGHT)
