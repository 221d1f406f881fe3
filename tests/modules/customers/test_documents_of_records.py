"""Documents on any record: contract, site, mandate, invoice, payment. By keys, over a real database."""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow

from cms_desktop.modules.customers import actions
from cms_desktop.modules.customers.actions import master
from cms_desktop.modules.customers.dock import CustomersDock
from cms_desktop.modules.registry.attachments import copies, work
from cms_desktop.modules.registry.attachments.actions import attach
from cms_desktop.modules.registry.attachments.queries import count_attachments, list_attachments
from cms_desktop.modules.registry.attachments.records import Outgoing
from cms_desktop.modules.registry.attachments.tabs import DOCUMENTS, RECORD, DocumentsTabs
from cms_desktop.modules.registry.notes.records import Subject
from cms_desktop.ui.basics import label
from cms_desktop.ui.workplace import Workplace
from tests.house import House
from tests.modules.customers.samples import add_customer, service
from tests.modules.customers.workplaces import opened_workplace, until

pytestmark = pytest.mark.usefixtures("light")
D = datetime.date
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def own_copies(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "copies").mkdir()
    monkeypatch.setattr(work, "COPIES", copies.TemporaryCopies(tmp_path / "copies"))


@pytest.fixture
def place(house: House) -> Iterator[Workplace]:
    with opened_workplace(house) as found:
        yield found


def _ask(place: Workplace, wanted: Any, *values: Any, **more: Any) -> Any:
    with place.background._open_unit() as unit:
        return wanted(unit, *values, **more)


def _open(place: Workplace, qtbot: Any) -> CustomersDock:
    window = QMainWindow()
    qtbot.addWidget(window)
    dock = CustomersDock(place)
    window.addDockWidget(Qt.DockWidgetArea.TopDockWidgetArea, dock)
    dock.kept = window  # type: ignore[attr-defined]
    window.resize(1500, 900)
    window.show()
    window.activateWindow()
    qtbot.waitExposed(window)
    until(qtbot, lambda: not place.background.is_busy())
    return dock


def _press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), key, modifier)


def _contract(place: Workplace) -> tuple[int, int]:
    def made(unit: Any) -> tuple[int, int]:
        customer = add_customer(unit)
        return customer, actions.add_contract(unit, customer, {"starts_on": D(2024, 1, 1)}, [service(unit, "100")])

    found: tuple[int, int] = _ask(place, made)
    return found


def test_the_signed_contract_is_attached_to_it_by_keys(place: Workplace, qtbot: Any, tmp_path: pathlib.Path) -> None:
    customer, contract = _contract(place)
    (tmp_path / "contratto firmato.txt").write_text("Firmato a Vicenza")
    place.files.path = tmp_path / "contratto firmato.txt"  # type: ignore[attr-defined]
    dock = _open(place, qtbot)
    dock.show_page("customers")
    dock.customers.pane.show_customer(customer, contract_id=contract)
    until(qtbot, lambda: dock.customers.pane.contracts.is_editing())
    editor = dock.customers.pane.contracts.editor
    lines = len(editor.lines)
    editor.form.fields["title"].editor.setFocus()
    _press(Qt.Key.Key_PageDown, CONTROL)
    assert editor.parts.active() == DOCUMENTS
    until(qtbot, lambda: editor.parts.documents.attach_button.hasFocus())
    _press(Qt.Key.Key_Insert)
    until(qtbot, lambda: [row.name for row in editor.parts.documents.table.rows()] == ["contratto firmato.txt"], 20000)
    assert len(editor.lines) == lines  # among documents Ins attaches, it adds no service
    assert [row.name for row in _ask(place, list_attachments, Subject("customers.contract", contract))] == ["contratto firmato.txt"]
    assert _ask(place, count_attachments, Subject("customers.customer", customer)) == 1  # the customer's own list shows it too
    until(qtbot, lambda: not place.background.is_busy())
    _press(Qt.Key.Key_PageUp, CONTROL)
    assert editor.parts.active() == RECORD
    editor.form.fields["title"].editor.setFocus()
    _press(Qt.Key.Key_Insert)
    assert len(editor.lines) == lines + 1


def test_a_new_contract_has_no_place_for_documents_yet(place: Workplace, qtbot: Any) -> None:
    customer, _contract_id = _contract(place)
    dock = _open(place, qtbot)
    dock.show_page("customers")
    dock.customers.pane.show_customer(customer, tab="contracts")
    until(qtbot, lambda: dock.customers.pane.customer_id() == customer)
    dock.customers.pane.contracts.new_contract()
    parts = dock.customers.pane.contracts.editor.parts
    parts.step()
    assert parts.active() == RECORD and parts.tabs.isHidden() is False and parts._bar.isHidden()


@pytest.mark.parametrize(
    ("tab", "values"),
    [("sites", {"name": "Deposito"}), ("mandates", {"iban": "IT60X0542811101000000123456", "signed_on": D(2024, 2, 1)})],
)
def test_sites_and_mandates_have_documents_of_their_own(
    place: Workplace, qtbot: Any, tmp_path: pathlib.Path, tab: str, values: dict[str, Any]
) -> None:
    customer, _contract_id = _contract(place)
    save = master.save_site if tab == "sites" else master.save_mandate
    record = _ask(place, save, customer, 0, values, row_version=0)
    (tmp_path / "piantina.txt").write_text("x")
    place.files.path = tmp_path / "piantina.txt"  # type: ignore[attr-defined]
    dock = _open(place, qtbot)
    dock.show_page("customers")
    dock.customers.pane.show_customer(customer, tab=tab)
    until(qtbot, lambda: dock.customers.pane.customer_id() == customer)
    pane = dock.customers.pane.parts.places[tab].widget()
    until(qtbot, lambda: len(pane.table.rows()) == 1)
    pane.open_record(pane.table.rows()[0])
    pane.editor.show_tab("documents")
    until(qtbot, lambda: pane.editor.documents().isVisible())
    pane.editor.documents().focus_first()
    _press(Qt.Key.Key_Insert)
    until(qtbot, lambda: [row.name for row in pane.editor.documents().table.rows()] == ["piantina.txt"], 20000)
    assert _ask(place, count_attachments, Subject(pane.spec.subject_table, record)) == 1


def test_the_count_follows_the_record_in_view(place: Workplace, qtbot: Any) -> None:
    _customer, first = _contract(place)
    second = _ask(place, lambda unit: actions.add_contract(unit, _customer, {"starts_on": D(2025, 1, 1)}, [service(unit, "5")]))
    _ask(place, attach, Subject("customers.contract", second), Outgoing("allegato.txt", content=b"1"))
    parts = DocumentsTabs(place, "customers.contract", "Contratto", label("x"))
    qtbot.addWidget(parts)
    for record, count in ((second, "1"), (first, ""), (second, "1")):
        parts.show_record(record)
        until(qtbot, lambda count=count: parts.tabs._tab(DOCUMENTS).count == count and not place.background.is_busy())
