"""Clerks at the pages of contracts: by keys, over a real database."""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow

from cms_desktop.core.listing import ListQuery
from cms_desktop.modules.customers import actions, queries
from cms_desktop.modules.customers.commands import commands
from cms_desktop.modules.customers.contracts.queries import list_suspensions
from cms_desktop.modules.customers.dock import CustomersDock
from cms_desktop.modules.customers.editor.price_history import last_days, step_origin
from cms_desktop.modules.customers.pricing.queries import list_price_runs, list_service_types
from cms_desktop.ui.commands import CommandRegistry
from cms_desktop.ui.workplace import Workplace
from tests.house import House
from tests.modules.customers.samples import add_customer, service
from tests.modules.customers.workplaces import opened_workplace, until

pytestmark = pytest.mark.usefixtures("light")
D = datetime.date


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
    until(qtbot, lambda: not place.background.is_busy())
    return dock


def _press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), key, modifier)


def _type(text: str) -> None:
    QTest.keyClicks(QApplication.focusWidget(), text)


def _focus(editor: Any) -> None:
    for _ in range(60):
        if editor.hasFocus():
            return
        _press(Qt.Key.Key_Tab)
    raise AssertionError("Tab never reaches the field")


def _contract(place: Workplace, price: str = "100", **header: Any) -> tuple[int, int]:
    with place.background._open_unit() as unit:
        customer = add_customer(unit)
        made = actions.add_contract(unit, customer, {"starts_on": D(2024, 1, 1)} | header, [service(unit, price)])
    return customer, made


def _ask(place: Workplace, work: Any, *values: Any) -> Any:
    with place.background._open_unit() as unit:
        return work(unit, *values)


def test_a_tariff_run_goes_from_parameters_to_confirmed_by_keys(place: Workplace, qtbot: Any) -> None:
    _, contract = _contract(place)
    dock = _open(place, qtbot)
    dock.show_page("contracts")
    until(qtbot, lambda: len(dock.contracts.table.rows()) == 1)
    dock.contracts.setFocus()
    until(qtbot, lambda: QApplication.focusWidget() is not None)
    _press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    form = dock.prices.runs.run.form
    until(qtbot, lambda: form.kind.editor.hasFocus())
    _focus(form.percent.editor)
    _type("5")
    _press(Qt.Key.Key_Tab)
    _press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    run = dock.prices.runs.run
    until(qtbot, lambda: run.run is not None and run.run.state == "preview")
    until(qtbot, lambda: [line.new_price for line in run.rows.table.rows()] == [Decimal(105)])
    assert run.run is not None and "+5,00" in run.run.title and run.confirm_button.isEnabled()
    run.rows.setFocus()
    _press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: run.run is not None and run.run.state == "confirmed")
    assert not run.letters_button.isHidden() and not run.undo_button.isHidden()
    run.rows.setFocus()
    assert dock.go_back()  # Alt+←, which belongs to the window
    until(qtbot, lambda: not dock.prices.runs.is_in_run())
    until(qtbot, lambda: [row.state for row in dock.prices.runs.list.table.rows()] == ["confirmed"])
    assert _ask(place, queries.load_contract, contract).services[0].monthly_price == 100  # until its day comes


def test_a_run_without_percentage_or_amount_says_so_at_its_field(place: Workplace, qtbot: Any) -> None:
    dock = _open(place, qtbot)
    dock.new_price_run()
    form = dock.prices.runs.run.form
    until(qtbot, lambda: not place.background.is_busy())
    dock.confirm()
    assert form.percent.state == "error" and _ask(place, list_price_runs, ListQuery()).rows == ()


def test_the_letters_of_a_run_are_written_into_a_folder(house: House, place: Workplace, qtbot: Any, tmp_path: pathlib.Path) -> None:
    from cms_desktop.modules.customers.pricing import actions as pricing
    from cms_desktop.modules.customers.pricing.records import PriceRunParameters

    _contract(place)
    run = _ask(place, pricing.prepare_price_run, PriceRunParameters("tariff", "Listino 2041", D(2041, 1, 1), Decimal(5)))
    _ask(place, pricing.confirm_price_run, run)
    place.files.folder = lambda _title: tmp_path  # type: ignore[method-assign]
    dock = _open(place, qtbot)
    dock.show_prices("runs")
    page = dock.prices.runs
    page.open_run(run)
    until(qtbot, lambda: page.run.run is not None)
    page.run.letters_button.click()
    until(qtbot, lambda: page.run.run is not None and page.run.run.letters_at is not None)
    [file] = tmp_path.iterdir()
    assert file.name == "lettere-P-2041-0001-pec-01.pdf" and file.read_bytes().startswith(b"%PDF")


def test_a_line_left_out_asks_why_and_comes_back(place: Workplace, qtbot: Any) -> None:
    from cms_desktop.modules.customers.pricing import actions as pricing
    from cms_desktop.modules.customers.pricing.records import PriceRunParameters
    from cms_desktop.ui.record_table.model import Ticks

    _contract(place)
    run = _ask(place, pricing.prepare_price_run, PriceRunParameters("tariff", "Listino 2041", D(2041, 1, 1), Decimal(5)))
    dock = _open(place, qtbot)
    dock.show_prices("runs")
    page = dock.prices.runs
    page.open_run(run)
    until(qtbot, lambda: len(page.run.rows.table.rows()) == 1 and page.run.run is not None)
    page.run.rows.table.set_ticks(Ticks())
    until(qtbot, lambda: page.run.work.dialog is not None)
    dialog = page.run.work.dialog
    assert dialog is not None
    dialog.reason.set_value("trattativa in corso")
    dialog.confirm_button.click()
    until(qtbot, lambda: [row.reason for row in page.run.rows.table.rows()] == ["trattativa in corso"])
    until(qtbot, lambda: not page.run.confirm_button.isEnabled())
    page.run.rows.table.set_ticks(Ticks(keys=frozenset(row.row_id for row in page.run.rows.table.rows())))
    until(qtbot, lambda: [row.reason for row in page.run.rows.table.rows()] == [""])


def test_the_bars_of_the_scheduler_open_the_rows_of_their_month(place: Workplace, qtbot: Any) -> None:
    today = datetime.datetime.now().astimezone().date()
    later = (today.replace(day=1) + datetime.timedelta(days=64)).replace(day=10)
    customer, contract = _contract(place, ends_on=later)
    dock = _open(place, qtbot)
    opened: list[tuple[Any, ...]] = []
    dock.show_page("deadlines")
    page = dock.deadlines
    page.contract_wanted.connect(lambda *what: opened.append(what))
    until(qtbot, lambda: len(page.bars._months) == 12)
    assert [sum(many for _, many in one.counts) for one in page.bars._months][:3] == [0, 0, 1]
    page.bars.setFocus()
    _press(Qt.Key.Key_Right)
    _press(Qt.Key.Key_Right)
    until(qtbot, lambda: [(row.kind, row.on_day) for row in page.list.table.rows()] == [("expiry", later)])
    assert page.tiles.tiles["expiry"].count() == "1"
    page.list.row_opened.emit(page.list.table.rows()[0])
    assert opened == [(customer, contract)]
    until(qtbot, lambda: dock.customers.pane.contracts.editor.contract is not None)


def test_the_inconsistencies_are_counted_and_open_their_contract(place: Workplace, qtbot: Any) -> None:
    customer, contract = _contract(place)
    dock = _open(place, qtbot)
    dock.show_page("checks")
    page = dock.checks
    until(qtbot, lambda: len(page.counts) == len(page.rules))
    assert {rule: one.count for rule, one in page.counts.items() if one.count} == {"never_billed": 1}
    until(qtbot, lambda: [row.contract_id for row in page.list.table.rows()] == [contract])
    page.list.row_opened.emit(page.list.table.rows()[0])
    until(qtbot, lambda: dock.customers.pane.customer_id() == customer)
    until(qtbot, lambda: dock.customers.pane.contracts.editor.contract is not None)
    dock.show_page("checks")
    page.choose("site_without_contract")
    until(qtbot, lambda: page.list.table.rows() == [])


def test_the_contract_form_says_when_it_renews_and_keeps_its_conditions(place: Workplace, qtbot: Any) -> None:
    customer, contract = _contract(place)
    dock = _open(place, qtbot)
    dock.open_contract(customer, contract)
    until(qtbot, lambda: dock.customers.pane.contracts.editor.contract is not None)
    editor = dock.customers.pane.contracts.editor
    fields = editor.form.fields
    assert fields["renewal_months"].isHidden() and fields["index_share"].isHidden()
    editor.form.set_value("duration_months", 12)
    editor.form.set_value("renewal_months", 12)
    editor.form.set_value("notice_count", 30)
    editor.form.set_value("is_indexed", True)
    editor.form.set_value("index_base_on", D(2025, 9, 15))
    editor.form.edited.emit("duration_months")
    assert not fields["renewal_months"].isHidden() and not fields["index_share"].isHidden()
    assert not editor.term_note.isHidden()
    editor.save()
    until(qtbot, lambda: editor.contract is not None and editor.contract.row_version > 1)
    stored = _ask(place, queries.load_contract, contract)
    assert (stored.duration_months, stored.renewal_months, stored.notice_count, stored.index_base_on) == (12, 12, 30, D(2025, 9, 1))


def test_services_are_suspended_from_the_contract(place: Workplace, qtbot: Any) -> None:
    customer, contract = _contract(place)
    dock = _open(place, qtbot)
    dock.open_contract(customer, contract)
    until(qtbot, lambda: dock.customers.pane.contracts.editor.contract is not None)
    steps = dock.customers.pane.contracts.editor.steps
    steps.suspend()
    dialog = steps.dialog
    assert dialog is not None
    dialog.fields["starts_on"].set_value(D(2030, 8, 2))
    dialog.fields["ends_on"].set_value(D(2030, 8, 1))
    dialog.confirm_button.click()
    until(qtbot, lambda: dialog.fields["ends_on"].state == "error")
    dialog.fields["ends_on"].set_value(D(2030, 8, 31))
    dialog.confirm_button.click()
    until(qtbot, lambda: steps.dialog is None)
    assert [(one.starts_on, one.ends_on) for one in _ask(place, list_suspensions, contract)] == [(D(2030, 8, 2), D(2030, 8, 31))]


def test_a_line_by_the_hour_has_its_own_fields(place: Workplace, qtbot: Any) -> None:
    customer, contract = _contract(place)
    dock = _open(place, qtbot)
    dock.open_contract(customer, contract)
    until(qtbot, lambda: dock.customers.pane.contracts.editor.contract is not None)
    editor = dock.customers.pane.contracts.editor
    line = editor.add_line()
    assert line.minimum.isHidden() and not line.frequency.isHidden()
    line.description.set_value("Piantonamento")
    line.kind.set_value("hourly")
    line._fit()
    line.price.set_value(Decimal("22.5"))
    line.bands["night"].set_value(Decimal(28))
    line.minimum.set_value(Decimal(4))
    assert not line.minimum.isHidden() and line.frequency.isHidden()
    editor.save()
    until(qtbot, lambda: editor.contract is not None and len(editor.contract.services) == 2)
    stored = _ask(place, queries.load_contract, contract).services[1]
    assert (stored.kind, stored.unit_price, stored.monthly_price, stored.bands) == ("hourly", Decimal("22.5"), 0, (("night", Decimal(28)),))
    editor.lines[1].bands["night"].set_value(Decimal(30))
    editor.save()
    until(qtbot, lambda: editor.contract is not None and editor.contract.services[1].bands == (("night", Decimal(30)),))


def test_types_of_service_start_with_the_usual_ones(place: Workplace, qtbot: Any) -> None:
    dock = _open(place, qtbot)
    dock.show_prices("types")
    page = dock.prices.types
    until(qtbot, lambda: page._lists.currentIndex() == 1)
    page._add_usual()
    until(qtbot, lambda: len(page.table.rows()) == 12)
    page.start_new()
    for key, value in (("code", "cus"), ("description", "Custodia valori"), ("list_price", Decimal(40))):
        page.form.set_value(key, value)
    page.form.save()
    until(qtbot, lambda: len(page.table.rows()) == 13)
    assert [(one.code, one.list_price) for one in _ask(place, list_service_types) if one.code == "CUS"] == [("CUS", Decimal(40))]


def test_a_month_of_the_index_is_entered_and_taken_away(place: Workplace, qtbot: Any) -> None:
    dock = _open(place, qtbot)
    dock.show_prices("index")
    page = dock.prices.index
    until(qtbot, lambda: len(page.table.rows()) > 100)
    page.month.set_value(D(2031, 5, 1))
    page.value.set_value(Decimal("111.3"))
    page.save_button.click()
    until(qtbot, lambda: page.table.rows()[0].month_on == D(2031, 5, 1))
    page._on_selection([page.table.rows()[0]])
    page.remove_button.click()
    until(qtbot, lambda: page.table.rows()[0].month_on != D(2031, 5, 1))


def test_who_only_reads_sees_prices_and_changes_none(house: House, qtbot: Any) -> None:
    with opened_workplace(house, "carlo.conti") as place:
        dock = _open(place, qtbot)
        dock.show_page("prices")
        until(qtbot, lambda: not place.background.is_busy())
        assert not dock.prices.new_button.isEnabled()
        dock.prices.show_tab("index")
        assert not dock.prices.index.save_button.isEnabled()


def test_a_line_shows_its_prices_of_before_of_now_and_to_come_with_their_origin(place: Workplace, qtbot: Any) -> None:
    from cms_desktop.modules.customers.pricing import actions as pricing
    from cms_desktop.modules.customers.pricing.records import PriceRunParameters

    customer, contract = _contract(place)
    line = _ask(place, queries.load_contract, contract).services[0].service_id
    _ask(place, actions.set_price, line, D(2025, 1, 1), Decimal(110))
    run = _ask(place, pricing.prepare_price_run, PriceRunParameters("tariff", "Listino 2041", D(2041, 1, 1), Decimal(10)))
    _ask(place, pricing.confirm_price_run, run)
    dock = _open(place, qtbot)
    dock.show_page("customers")
    dock.customers.pane.show_customer(customer, contract_id=contract)
    until(qtbot, lambda: dock.customers.pane.contracts.is_editing())
    [shown] = dock.customers.pane.contracts.editor.lines
    steps = [(one.valid_from, one.price, step_origin(one), one.is_future) for one in shown.prices.steps]
    assert steps == [
        (D(2041, 1, 1), Decimal(121), "Variazione P-2041/0001", True), (D(2025, 1, 1), Decimal(110), "A mano", False),
        (D(2024, 1, 1), Decimal(100), "Prezzo d'inizio", False),
    ]  # fmt: skip
    assert last_days(shown.prices.steps) == [None, D(2040, 12, 31), D(2024, 12, 31)]
    assert not shown.prices.isHidden() and shown.prices_button.text().endswith("(3)")
    shown.prices_button.click()
    assert shown.prices.isHidden()


def test_a_run_offers_the_fields_of_classification_that_the_company_named(house: House, place: Workplace, qtbot: Any) -> None:
    from cms_desktop.modules.registry.queries import list_classes

    with house.owner() as owner:
        owner.execute("insert into registry.classification (company_id, position, name) values (1, 2, 'Settore')")
        for name in ("Banche", "Scuole"):
            owner.execute("insert into registry.classification_value (company_id, position, name) values (1, 2, %s)", [name])
    [field] = _ask(place, list_classes)
    dock = _open(place, qtbot)
    dock.new_price_run()
    form = dock.prices.runs.run.form
    until(qtbot, lambda: not form.classes[2].isHidden())
    assert form.classes[2].title == "Settore" and form.classes[1].isHidden()
    form.classes[2].set_value(field.values[1].value_id)
    form.percent.set_value(Decimal(5))
    wanted: list[Any] = []
    form.prepare_wanted.connect(wanted.append)
    form.prepare()
    assert wanted[0].as_json()["classes"] == {"2": [field.values[1].value_id]}
