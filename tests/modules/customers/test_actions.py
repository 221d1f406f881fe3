"""Writing customers, contracts and services."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace

import pytest

from cms_desktop.core.errors import AlreadyDone, Conflict, InvalidInput, NotAllowed
from cms_desktop.core.listing import ListQuery
from cms_desktop.db.database import Database
from cms_desktop.modules.customers import actions, queries
from tests.house import House
from tests.modules.customers.samples import add_customer, customer_values, service

DAY = datetime.date(2026, 1, 1)


@pytest.fixture
def marta(house: House) -> Iterator[Database]:
    session = house.log_in("marta.bellini")
    yield session.database
    session.close()


def test_an_empty_code_becomes_the_next_one_and_typed_codes_are_jumped_over(marta: Database) -> None:
    with marta.unit_of_work(1) as unit:
        first, typed = add_customer(unit), add_customer(unit, "Hotel Belvedere", code="000002")
        third = add_customer(unit, "Farmacia Centrale", vat_number="")
        codes = [queries.load_customer(unit, one).values["code"] for one in (first, typed, third)]
    assert codes == ["000001", "000002", "000003"]


def test_a_code_in_use_is_refused_with_its_field(marta: Database) -> None:
    with pytest.raises(InvalidInput) as refused, marta.unit_of_work(1) as unit:
        add_customer(unit, code="A1")
        add_customer(unit, "Un altro", code="A1")
    assert refused.value.field == "code"


def test_a_wrong_partita_iva_never_reaches_the_table(marta: Database) -> None:
    with pytest.raises(InvalidInput) as refused, marta.unit_of_work(1) as unit:
        add_customer(unit, vat_number="00743110158")
    assert refused.value.field == "vat_number"


def test_a_change_writes_party_and_customer_and_moves_their_versions(marta: Database) -> None:
    with marta.unit_of_work(1) as unit:
        number = add_customer(unit)
    with marta.unit_of_work(1) as unit:
        before = queries.load_customer(unit, number)
        actions.change_customer(
            unit, number, {"street": "Via Roma", "iban": "IT60 X054 2811 1010 0000 0123 456"},
            party_version=before.party_version, customer_version=before.customer_version,
        )  # fmt: skip
    with marta.unit_of_work(1) as unit:
        after = queries.load_customer(unit, number)
    assert (after.values["street"], after.values["iban"]) == ("Via Roma", "IT60X0542811101000000123456")
    assert (after.party_version, after.customer_version) == (2, 2)
    assert after.changed_by == "Marta Bellini"


def test_the_slower_of_two_gets_a_conflict_and_both_versions_can_be_compared(marta: Database) -> None:
    with marta.unit_of_work(1) as unit:
        number = add_customer(unit)
    with marta.unit_of_work(1) as unit:
        opened = queries.load_customer(unit, number)
    with marta.unit_of_work(1) as unit:
        actions.change_customer(unit, number, {"town": "Prato"}, party_version=1, customer_version=1)
    with pytest.raises(Conflict), marta.unit_of_work(1) as unit:
        actions.change_customer(
            unit, number, {"town": "Siena"}, party_version=opened.party_version, customer_version=opened.customer_version
        )
    with marta.unit_of_work(1) as unit:
        now = queries.load_customer(unit, number)
    assert (opened.values["town"], now.values["town"]) == ("Firenze", "Prato")


def test_nothing_is_left_when_the_second_half_fails(marta: Database) -> None:
    with pytest.raises(InvalidInput), marta.unit_of_work(1) as unit:
        add_customer(unit, "Metà", code="X", vat_code_id=999_999)
    with marta.unit_of_work(1) as unit:
        assert queries.count_customers(unit, ListQuery()) == 0


def test_a_contract_gets_its_number_and_its_services(marta: Database) -> None:
    with marta.unit_of_work(1) as unit:
        number = add_customer(unit)
        contract = actions.add_contract(unit, number, {"starts_on": DAY, "title": "Vigilanza"}, [service(unit), service(unit, "20.50")])
        loaded = queries.load_contract(unit, contract)
    assert loaded.number == "C-2026/0001"
    assert [str(one.monthly_price) for one in loaded.services] == ["100.0000", "20.5000"]


def test_services_are_added_changed_and_removed_as_a_whole(marta: Database) -> None:
    with marta.unit_of_work(1) as unit:
        customer = add_customer(unit)
        contract = actions.add_contract(unit, customer, {"starts_on": DAY}, [service(unit), service(unit, "20")])
    with marta.unit_of_work(1) as unit:
        loaded = queries.load_contract(unit, contract)
        kept = replace(loaded.services[0], description="Ronda notturna")
        actions.change_contract(unit, contract, {"title": "Nuovo"}, [kept, service(unit, "7")], row_version=loaded.row_version)
    with marta.unit_of_work(1) as unit:
        services = queries.load_contract(unit, contract).services
    assert [(one.description, int(one.monthly_price)) for one in services] == [("Ronda notturna", 100), ("Collegamento allarme", 7)]


def test_a_service_changed_by_a_colleague_is_a_conflict(marta: Database) -> None:
    with marta.unit_of_work(1) as unit:
        contract = actions.add_contract(unit, add_customer(unit), {"starts_on": DAY}, [service(unit)])
    with marta.unit_of_work(1) as unit:
        old = queries.load_contract(unit, contract).services[0]
        actions.save_services(unit, contract, [replace(old, description="Prima")])
    with pytest.raises(Conflict), marta.unit_of_work(1) as unit:
        actions.save_services(unit, contract, [replace(old, description="Seconda")])


def test_a_contract_is_suspended_activated_and_terminated_in_that_order(marta: Database) -> None:
    with marta.unit_of_work(1) as unit:
        contract = actions.add_contract(unit, add_customer(unit), {"starts_on": DAY}, [service(unit)])
        actions.suspend_contract(unit, contract, row_version=1)
        with pytest.raises(AlreadyDone):
            actions.suspend_contract(unit, contract, row_version=2)
        actions.activate_contract(unit, contract, row_version=2)
        actions.terminate_contract(unit, contract, datetime.date(2026, 6, 30), row_version=3)
        loaded = queries.load_contract(unit, contract)
    assert (loaded.state, loaded.services[0].ends_on) == ("terminated", datetime.date(2026, 6, 30))


def test_a_contract_cannot_end_before_it_starts(marta: Database) -> None:
    with pytest.raises(InvalidInput) as refused, marta.unit_of_work(1) as unit:
        actions.add_contract(unit, add_customer(unit), {"starts_on": DAY, "ends_on": datetime.date(2025, 12, 31)})
    assert refused.value.field == "ends_on"


def test_who_only_reads_cannot_write(house: House) -> None:
    session = house.log_in("rita.revisore")
    try:
        with pytest.raises(NotAllowed), session.database.unit_of_work(1) as unit:
            actions.add_customer(unit, customer_values())
    finally:
        session.close()
