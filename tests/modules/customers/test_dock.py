"""A person at the dock of customers: by keys only, live, with a colleague at the same record."""

from __future__ import annotations

import ast
import json
import pathlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.modules.customers import actions, queries, rules
from cms_desktop.modules.customers.commands import commands
from cms_desktop.modules.customers.dock import CustomersDock
from cms_desktop.modules.registry.actions import store_class
from cms_desktop.modules.registry.queries import list_classes
from cms_desktop.ui.commands import CommandRegistry
from cms_desktop.ui.feedback import ConflictDialog
from cms_desktop.ui.workplace import Workplace
from tests.house import House
from tests.modules.customers.samples import add_customer, service
from tests.modules.customers.workplaces import MemorySettings, opened_workplace, until

pytestmark = pytest.mark.usefixtures("light")
TOWN_HALLS = pathlib.Path(__file__).with_name("town_halls.csv")


@pytest.fixture
def place(house: House) -> Iterator[Workplace]:
    with opened_workplace(house) as found:
        yield found


def _open(place: Workplace, qtbot: Any) -> CustomersDock:
    window = QMainWindow()
    qtbot.addWidget(window)
    dock = CustomersDock(place)
    window.addDockWidget(Qt.DockWidgetArea.TopDockWidgetArea, dock)
    registry = CommandRegistry(place.may)
    registry.register(*commands(lambda: dock))
    registry.bind(dock, "customers")
    dock.kept = (window, registry)  # type: ignore[attr-defined]
    window.resize(1500, 900)
    window.show()
    window.activateWindow()
    qtbot.waitExposed(window)
    until(qtbot, lambda: not dock.is_making() and not place.background.is_busy())
    return dock


def _type(text: str) -> None:
    QTest.keyClicks(QApplication.focusWidget(), text)


def _press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), key, modifier)


def _focus_on(dock: CustomersDock, key: str, qtbot: Any) -> None:
    editor = dock.customers.pane.form.fields[key].editor
    for _ in range(40):
        if editor.hasFocus():
            return
        _press(Qt.Key.Key_Tab)
    raise AssertionError(f"Tab never reaches {key}")


def test_a_customer_and_a_contract_are_made_by_keys_only(house: House, place: Workplace, qtbot: Any) -> None:
    dock = _open(place, qtbot)
    dock.take_focus()
    _press(Qt.Key.Key_F2)
    form = dock.customers.pane.form
    until(qtbot, lambda: form.fields["name"].editor.hasFocus())
    _type("Oreficeria Bellini S.n.c.")
    _focus_on(dock, "vat_number", qtbot)
    _type("00743101157")
    _press(Qt.Key.Key_Tab)
    assert form.fields["vat_number"].state == "error" and form.fields["vat_number"].has_fix()
    _press(Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    _press(Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    assert form.value("vat_number") == "00743110157"
    _focus_on(dock, "postal_code", qtbot)
    _type("50053")
    _press(Qt.Key.Key_Tab)
    until(qtbot, lambda: form.value("town") == "Empoli")
    assert form.value("province_code") == "FI"
    _press(Qt.Key.Key_F10)
    until(qtbot, lambda: dock.customers.pane.customer_id() is not None)
    until(qtbot, lambda: [row.name for row in dock.customers.list.table.rows()] == ["Oreficeria Bellini S.n.c."])
    assert dock.customers.list.table.rows()[0].code == "000001"
    _make_contract(dock, qtbot)
    dock.mark_changed({"customers.contract", "customers.service"})
    until(qtbot, lambda: dock.customers.list.table.rows()[0].monthly_fee == Decimal("120.50"))
    dock.show_page("contracts")
    until(qtbot, lambda: [row.customer_name for row in dock.contracts.table.rows()] == ["Oreficeria Bellini S.n.c."])


def _make_contract(dock: CustomersDock, qtbot: Any) -> None:
    pane = dock.customers.pane.contracts
    until(qtbot, lambda: bool(pane.editor._choices.vat_codes))
    _press(Qt.Key.Key_F2, Qt.KeyboardModifier.ShiftModifier)
    until(qtbot, lambda: pane.editor.form.fields["title"].editor.hasFocus())
    _type("Collegamento")
    line = pane.editor.lines[0]
    for _ in range(20):
        if line.description.editor.hasFocus():
            break
        _press(Qt.Key.Key_Tab)
    _type("Collegamento allarme")
    _press(Qt.Key.Key_Tab)
    _press(Qt.Key.Key_Tab)
    _type("120,50")
    _press(Qt.Key.Key_Tab)
    assert "Prima fattura" in line.hint.text()
    _press(Qt.Key.Key_F10)
    until(qtbot, lambda: len(pane.table.rows()) == 1)


def test_a_change_by_a_colleague_moves_the_list_and_the_open_form(house: House, place: Workplace, qtbot: Any) -> None:
    with place.background._open_unit() as unit:
        number = add_customer(unit)
    dock = _open(place, qtbot)
    dock.show_page_for("customers", record=number)
    until(qtbot, lambda: dock.customers.pane.customer_id() == number)
    _change(house, number, {"name": "Bellini 1956 S.r.l."})
    dock.mark_changed({"registry.party"})
    until(qtbot, lambda: [row.name for row in dock.customers.list.table.rows()] == ["Bellini 1956 S.r.l."])
    until(qtbot, lambda: dock.customers.pane.form.value("name") == "Bellini 1956 S.r.l.")


def _change(house: House, number: int, changes: dict[str, Any]) -> None:
    session = house.log_in("dora.doppia")
    with session.database.unit_of_work(1) as unit:
        now = queries.load_customer(unit, number)
        actions.change_customer(unit, number, changes, party_version=now.party_version, customer_version=now.customer_version)
    session.close()


def test_two_who_change_the_same_customer_see_three_columns_and_lose_nothing(house: House, place: Workplace, qtbot: Any) -> None:
    with place.background._open_unit() as unit:
        number = add_customer(unit)
    dock = _open(place, qtbot)
    dock.show_page_for("customers", record=number)
    pane = dock.customers.pane
    until(qtbot, lambda: pane.customer_id() == number)
    pane.form.set_value("street", "Via Mia")
    pane.form.set_value("phone", "055 123")
    _change(house, number, {"street": "Via Sua", "website": "www.example.it"})
    pane.form.save()
    until(qtbot, lambda: dock.window().findChild(ConflictDialog) is not None)
    dialog = dock.window().findChild(ConflictDialog)
    assert [(row.field.before, row.field.now, row.field.mine) for row in dialog.rows] == [("Via de' Cerretani", "Via Sua", "Via Mia")]
    dialog.rows[0].choose("mine")
    dialog.accepted.emit()
    until(qtbot, lambda: not pane.form.is_dirty and pane.form.value("street") == "Via Mia")
    with place.background._open_unit() as unit:
        values = queries.load_customer(unit, number).values
    assert (values["street"], values["phone"], values["website"]) == ("Via Mia", "055 123", "www.example.it")
    assert not pane.form.is_dirty


def test_what_a_colleague_changes_in_other_fields_comes_in_while_one_types(house: House, place: Workplace, qtbot: Any) -> None:
    with place.background._open_unit() as unit:
        number = add_customer(unit)
    dock = _open(place, qtbot)
    dock.show_page_for("customers", record=number)
    pane = dock.customers.pane
    until(qtbot, lambda: pane.customer_id() == number)
    pane.form.set_value("street", "Via Mia")
    _change(house, number, {"website": "www.example.it"})
    dock.mark_changed({"customers.customer"})
    until(qtbot, lambda: pane.form.value("website") == "www.example.it")
    assert pane.form.changes().keys() == {"street"}
    pane.form.save()
    until(qtbot, lambda: not pane.form.is_dirty)
    with place.background._open_unit() as unit:
        values = queries.load_customer(unit, number).values
    assert (values["street"], values["website"]) == ("Via Mia", "www.example.it")


def test_changes_that_do_not_touch_are_saved_together_without_a_question(house: House, place: Workplace, qtbot: Any) -> None:
    with place.background._open_unit() as unit:
        number = add_customer(unit)
    dock = _open(place, qtbot)
    dock.show_page_for("customers", record=number)
    pane = dock.customers.pane
    until(qtbot, lambda: pane.customer_id() == number)
    pane.form.set_value("street", "Via Mia")
    _change(house, number, {"phone": "055 9"})
    pane.form.save()
    until(qtbot, lambda: not pane.form.is_dirty and pane.form.value("phone") == "055 9")
    assert dock.window().findChild(ConflictDialog) is None
    with place.background._open_unit() as unit:
        values = queries.load_customer(unit, number).values
    assert (values["street"], values["phone"]) == ("Via Mia", "055 9")


def test_typed_text_survives_a_crash(house: House, qtbot: Any) -> None:
    settings = MemorySettings()
    with opened_workplace(house, settings=settings) as place:
        with place.background._open_unit() as unit:
            number = add_customer(unit)
        dock = _open(place, qtbot)
        dock.show_page_for("customers", record=number)
        until(qtbot, lambda: dock.customers.pane.customer_id() == number)
        dock.customers.pane.form.fields["notes"].editor.setPlainText("chiamare Rossi")  # type: ignore[attr-defined]
        until(qtbot, lambda: any("draft" in key and value for key, value in settings.values.items()))
        dock.setParent(None)
        until(qtbot, lambda: not place.background.is_busy())
    with opened_workplace(house, settings=settings) as place:
        again = _open(place, qtbot)
        again.show_page_for("customers", record=number)
        pane = again.customers.pane
        until(qtbot, lambda: not pane.draft.strip.isHidden())
        pane.draft.resume()
        assert pane.form.value("notes") == "chiamare Rossi"


def test_tiles_and_bars_open_exactly_the_rows_behind_them(place: Workplace, qtbot: Any) -> None:
    with place.background._open_unit() as unit:
        add_customer(unit, "Uno", recipient_code="", pec="")
        add_customer(unit, "Due", vat_number="", tax_code="00743110157", state="suspended")
    dock = _open(place, qtbot)
    for tile, query, names in (
        (dock.dashboard.active, rules.ACTIVE, ["Uno"]),
        (dock.dashboard.incomplete, rules.INCOMPLETE, ["Uno"]),
        (dock.dashboard.overdue, rules.OVERDUE, []),
    ):
        dock.show_page("dashboard")
        tile.click()
        assert dock.current_page() == "customers"
        until(qtbot, lambda names=names: [row.name for row in dock.customers.list.table.rows()] == names)
        assert set(dock.customers.list.query().filters) == set(query.filters)
    dock.show_page("dashboard")
    until(qtbot, lambda: dock.dashboard._provinces == (("FI", 1),))
    dock.dashboard.provinces.bar_clicked.emit(0)
    until(qtbot, lambda: [row.name for row in dock.customers.list.table.rows()] == ["Uno"])


def test_a_list_is_imported_from_file_to_result(place: Workplace, qtbot: Any) -> None:
    dock = _open(place, qtbot)
    dock.show_page("import")
    page = dock.importing
    page.open_file(TOWN_HALLS)
    until(qtbot, lambda: page.step == 1)
    assert not page.form.options["name_prefix"].isChecked()  # type: ignore[union-attr]
    page.try_import()
    until(qtbot, lambda: page.step == 2)
    with place.background._open_unit() as unit:
        assert queries.count_customers(unit, ListQuery()) == 0
    page.confirm_import()
    until(qtbot, lambda: page.step == 3)
    with place.background._open_unit() as unit:
        assert queries.count_customers(unit, rules.PUBLIC_BODIES) == len(page.result_view.rows())


def test_an_import_is_made_and_taken_back_by_keys_only(place: Workplace, qtbot: Any) -> None:
    dock = _open(place, qtbot)
    place.files.path = TOWN_HALLS  # type: ignore[attr-defined]
    dock.take_focus()
    _press(Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    page = dock.importing
    until(qtbot, lambda: page.step == 1 and page.form.fields["name"].combo.hasFocus())
    _tab_to(page.go_button)
    _press(Qt.Key.Key_Return)
    until(qtbot, lambda: page.step == 2 and page.go_button.hasFocus())
    _press(Qt.Key.Key_Return)
    until(qtbot, lambda: page.step == 3 and not place.background.is_busy())
    with place.background._open_unit() as unit:
        assert queries.count_customers(unit, ListQuery()) > 20
    _tab_to(page.back_button, Qt.Key.Key_Backtab)
    _press(Qt.Key.Key_Return)
    until(qtbot, lambda: page.step == 0 and len(page.history.table.rows()) == 1)
    _tab_to(page.history.table.view)
    _press(Qt.Key.Key_Down)
    _press(Qt.Key.Key_Home)
    QTimer.singleShot(300, lambda: _confirm(dock))
    _press(Qt.Key.Key_Delete)
    until(qtbot, lambda: page.history.table.rows()[0].undone_at is not None)
    with place.background._open_unit() as unit:
        assert queries.count_customers(unit, ListQuery()) == 0


def _tab_to(wanted: QWidget, key: Qt.Key = Qt.Key.Key_Tab) -> None:
    for _ in range(60):
        if wanted.hasFocus():
            return
        _press(key, Qt.KeyboardModifier.ShiftModifier if key == Qt.Key.Key_Backtab else Qt.KeyboardModifier.NoModifier)
    raise AssertionError("the keyboard never comes there")


def _confirm(dock: CustomersDock) -> None:
    """Say yes to the question, from its safe button on."""
    _press(Qt.Key.Key_Tab)
    _press(Qt.Key.Key_Return)


def test_the_list_in_view_is_exported_whole_with_its_filters(place: Workplace, qtbot: Any, tmp_path: pathlib.Path) -> None:
    with place.background._open_unit() as unit:
        for name in ("Alfa", "Beta", "Alfa due"):
            customer = add_customer(unit, name, vat_number="")
            actions.add_contract(unit, customer, {"starts_on": service(unit).starts_on}, [service(unit, "10")])
    dock = _open(place, qtbot)
    place.files.path = tmp_path / "clienti.xlsx"  # type: ignore[attr-defined]
    dock.show_page_for("customers", query=ListQuery((Filter("name", "contains", ("alfa",)),)))
    until(qtbot, lambda: len(dock.customers.list.table.rows()) == 2)
    dock.export()
    until(qtbot, lambda: (tmp_path / "clienti.xlsx").exists())
    rows = list(load_workbook(tmp_path / "clienti.xlsx").active.iter_rows(values_only=True))
    assert [row[1] for row in rows[1:3]] == ["Alfa", "Alfa due"]
    assert rows[0][4] == "Canone" and rows[3][4] == 20
    assert not list(tmp_path.glob("*.part"))


def test_who_only_reads_finds_a_form_that_cannot_be_changed(house: House, qtbot: Any) -> None:
    with opened_workplace(house, "rita.revisore") as place:
        dock = _open(place, qtbot)
        assert "import" not in dock.page_keys()
        assert dock.customers.pane.form.fields["name"].is_read_only()
        assert dock.kept[1].find("customers.new") is None


def test_in_a_narrow_dock_the_form_covers_the_list_and_a_key_leads_back(place: Workplace, qtbot: Any) -> None:
    with place.background._open_unit() as unit:
        number = add_customer(unit)
    dock = _open(place, qtbot)
    dock.kept[0].resize(820, 800)  # type: ignore[attr-defined]
    dock.show_page_for("customers", record=number)
    page = dock.customers
    until(qtbot, lambda: page.pane.isVisible() and not page.list.isVisible())
    page.pane.back_button.click()
    until(qtbot, lambda: page.list.isVisible() and not page.pane.isVisible())


def test_every_text_of_the_screens_is_in_english_as_well() -> None:
    root = pathlib.Path(__file__).parents[3]
    known: dict[str, str] = {}
    for context in ("customers", "registry", "importing"):  # what lists bring in speaks the words of all lists
        known |= json.loads((root / f"resources/translations/en/{context}.json").read_text(encoding="utf-8"))
    used = set()
    for path in (root / "cms_desktop/modules/customers").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_call = isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in ("tr", "warn", "refuse")
            if is_call and node.args and isinstance(node.args[0], ast.Constant):  # type: ignore[attr-defined]
                used.add(node.args[0].value)  # type: ignore[attr-defined]
    assert used - known.keys() == set()


def test_the_companys_own_classification_is_a_column_and_a_filter_of_customers(house: House, place: Workplace, qtbot: Any) -> None:
    with place.background._open_unit() as unit:
        for name in ("Alfa", "Beta"):
            add_customer(unit, name, vat_number="")
    with house.log_in("anna.admin").database.unit_of_work(1) as unit:
        store_class(unit, 1, "Settore", ["Banche", "Oreficerie"])
        (sector,) = list_classes(unit)
        banks = sector.values[0].value_id
        unit.session.execute(
            sa.text("update registry.party set class_1 = :banks, row_version = row_version + 1 where name = 'Alfa'"), {"banks": banks}
        )
    dock = _open(place, qtbot)
    dock.show_page("customers")
    until(qtbot, lambda: any(one.key == "class_1" and one.title == "Settore" for one in dock.customers.list.table.columns))
    dock.customers.list.set_query(ListQuery((Filter("class_1", "=", (banks,)),)))
    until(qtbot, lambda: [row.name for row in dock.customers.list.table.rows()] == ["Alfa"])
    assert dock.customers.list.table.rows()[0].classes[0] == banks


def test_notes_and_documents_of_the_customer_in_view_are_reached_by_commands(place: Workplace, qtbot: Any) -> None:
    with place.background._open_unit() as unit:
        customer = add_customer(unit, "Alfa", vat_number="")
    dock = _open(place, qtbot)
    run = {one.id: one.run for one in commands(lambda: dock)}
    run["customers.new_note"]()  # nothing in view: nothing happens
    dock.show_page_for("customers", record=customer)
    until(qtbot, lambda: dock.customers.pane.customer_id() == customer)
    run["customers.new_note"]()
    pane = dock.customers.pane
    assert pane.tabs.active() == "notes" and pane.parts.places["notes"].widget().composer.isVisible()
    run["customers.documents"]()
    assert pane.tabs.active() == "documents"
    until(qtbot, lambda: not place.background.is_busy())
