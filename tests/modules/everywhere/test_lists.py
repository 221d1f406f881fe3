"""Every list of every dock: columns to choose, saved views, a filter row, totals, rows and cells copied, an export."""

from __future__ import annotations

import pathlib
import re
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from cms_desktop.modules.bank_effects.dock import BankEffectsDock
from cms_desktop.modules.base.dock import BaseDock
from cms_desktop.modules.billing.dock import BillingDock
from cms_desktop.modules.customers.dock import CustomersDock
from cms_desktop.modules.registry.dock import RegistryDock
from cms_desktop.ui.commands import CommandRegistry
from cms_desktop.ui.later import BuiltLater
from cms_desktop.ui.list_page import ListPage
from tests.house import House
from tests.modules.customers.workplaces import opened_workplace, until
from tests.modules.everywhere import forms
from tests.modules.everywhere.forms import CASES, arrange, open_dock, settle

pytestmark = pytest.mark.usefixtures("light")
DOCKS = {"base": BaseDock, "registry": RegistryDock, "customers": CustomersDock, "billing": BillingDock, "bank_effects": BankEffectsDock}
INSIDE_A_RUN = {"customers.price_run_line", "billing.run", "bank_effects.batch.items"}  # shown with a run; the same ListPage
SOURCES = pathlib.Path(__file__).parents[3] / "cms_desktop" / "modules"


def _lists(dock: Any, qtbot: Any, place: Any) -> dict[str, tuple[str, ListPage]]:
    """Every list of a dock, those behind tabs as well, by the key of its settings."""
    found: dict[str, tuple[str, ListPage]] = {}
    for key in dock.page_keys():
        dock.show_page(key)
        settle(dock, place, qtbot)
        page = dock.page(key)
        for later in page.findChildren(BuiltLater):
            if key != "customers":  # the tabs of a customer hold no list page, and take long to make
                later.widget()
        settle(dock, place, qtbot)
        for one in [page, *page.findChildren(ListPage)] if isinstance(page, ListPage) else page.findChildren(ListPage):
            found[one._name] = (key, one)
    return found


def _check(dock: Any, name: str, page: ListPage, qtbot: Any) -> None:
    """One list by keys."""
    table = page.table
    assert page._totals is not None, f"{name}: no totals"
    assert table.header.filter_row is not None and any(column.filter for column in table.columns), f"{name}: nothing to filter by"
    assert page.views_bar.parent() is not None and page.bar.export_button.parent() is not None, name
    if not page.isVisible() or page.stack.currentWidget() is not table or not table.rows():
        return
    table.focus_rows()
    table.view.selectRow(0)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    cells = QGuiApplication.clipboard().text().split("\t")
    assert len(cells) == len([one for one in table.header.visual_order() if table.columns[one].kind != "tick"]), name
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_C, modifiers)
    assert "\t" not in QGuiApplication.clipboard().text(), name
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
    chooser = page._chooser
    assert chooser is not None and chooser.isVisible(), f"{name}: no chooser of columns"
    chooser.hide()
    assert re.search(r"\d", table.totals_row.accessibleName() or "1"), name


@pytest.mark.parametrize("module", DOCKS)
def test_every_list_can_do_what_lists_do(module: str, house: House, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(forms.DOCKS, module, DOCKS[module])
    with opened_workplace(house, "anna.admin") as place:
        for case in CASES:
            if case.name in ("contract", "contact person"):
                arrange(place, case)
        place.commands = CommandRegistry(place.may)
        dock = open_dock(place, module, qtbot)
        lists = _lists(dock, qtbot, place)
        for name, (key, page) in lists.items():
            dock.show_page(key)
            settle(dock, place, qtbot)
            _check(dock, name, page, qtbot)
        declared = {
            found
            for path in (SOURCES / module).rglob("*.py")
            for call in re.findall(r"ListPage\((.*?)\n {8,}\)|ListPage\((.*?)\n    \)", path.read_text(encoding="utf-8"), re.S)
            for found in re.findall(r'name="([\w.]+)"', "".join(call))
        }
        assert declared - lists.keys() - INSIDE_A_RUN == set()
        until(qtbot, lambda: not place.background.is_busy())
