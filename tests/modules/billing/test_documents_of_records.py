"""Documents hang on invoices, payments and entries of the journal, behind a tab of their card."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cms_desktop.core.listing import ListQuery
from cms_desktop.modules.registry.attachments import copies, work
from cms_desktop.ui import theme
from cms_desktop.ui.tokens import LIGHT
from tests.house import House
from tests.modules.billing.conftest import Desk
from tests.modules.billing.screen import Screen
from tests.modules.billing.world import World


@pytest.fixture
def clerk(
    qtbot: QtBot, house: House, world: World, desk: Desk, tmp_path: pathlib.Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Screen]:
    (tmp_path / "copies").mkdir()
    monkeypatch.setattr(work, "COPIES", copies.TemporaryCopies(tmp_path / "copies"))
    world.simple("Alfa S.r.l.", "150.00", term="RB306090")
    desk.bill()
    theme.apply(qapp, LIGHT)
    session = house.log_in("carlo.conti")
    made = Screen(qtbot, session, tmp_path)
    yield made
    made.close()
    session.close()
    assert made.errors == []


@pytest.mark.parametrize(("page", "subject"), [("invoices", "billing.invoice"), ("entries", "ledger.journal_entry")])
def test_a_document_is_attached_to_the_chosen_row_by_keys(
    clerk: Screen, world: World, tmp_path: pathlib.Path, page: str, subject: str
) -> None:
    (tmp_path / "lettera.txt").write_text("Contestazione")
    clerk.files.open_file = lambda *_what: tmp_path / "lettera.txt"  # type: ignore[method-assign]
    clerk.open(page, query=ListQuery())
    holder = getattr(clerk.dock, page)
    clerk.wait(lambda: holder.page.table.rows())
    holder.page.table.view.go_to_row(0)
    clerk.wait(lambda: len(holder.page.table.selected()) == 1)
    parts = holder.detail.parts
    clerk.wait(parts.tabs.isVisible)
    parts.tabs.setFocus()
    clerk.press(Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    clerk.wait(lambda: parts.documents.attach_button.hasFocus())
    clerk.press(Qt.Key.Key_Insert)
    clerk.wait(lambda: [row.name for row in parts.documents.table.rows()] == ["lettera.txt"])
    clerk.settle()
    assert world.value("select subject_table from registry.attachment") == subject
    holder.page.table.view.clearSelection()
    holder.page.table.view.go_to_row(0)
    clerk.wait(lambda: parts.tabs._tab("documents").count == "1")
