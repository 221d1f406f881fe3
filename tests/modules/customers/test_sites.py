"""Sites of a customer with their plants, keys and people: kept, found, refused to strangers."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import psycopg
import pytest

from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.fiscal import italian_iban
from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.db.database import Database
from cms_desktop.modules.customers.actions import master as doing
from cms_desktop.modules.customers.queries import master as asking
from cms_desktop.modules.customers.queries.sites import list_plants, list_sites, sum_plants
from cms_desktop.modules.registry.actions import add_contact
from tests.house import House
from tests.modules.customers.samples import add_customer

D = datetime.date
IBAN, OTHER_IBAN, THIRD_IBAN = (italian_iban(abi, "11101", "000000123456") for abi in ("03069", "02008", "05034"))


@pytest.fixture
def marta(house: House) -> Iterator[Database]:
    session = house.log_in("marta.bellini")
    yield session.database
    session.close()


@pytest.fixture
def customer(marta: Database) -> int:
    with marta.unit_of_work(1) as unit:
        return add_customer(unit)


# ---- sites and plants --------------------------------------------------------------------------------------------------------


def _site(database: Database, customer: int, **more: object) -> int:
    values = {
        "name": "Magazzino Nord",
        "street": "Via Pisana",
        "street_number": "12",
        "town": "Scandicci",
        "postal_code": "50018",
        "province_code": "FI",
    }
    with database.unit_of_work(1) as unit:
        return doing.save_site(unit, customer, 0, values | more, row_version=0)


def test_a_site_holds_its_plants_and_keys(marta: Database, customer: int) -> None:
    site = _site(marta, customer)
    with marta.unit_of_work(1) as unit:
        plant = doing.save_plant(unit, site, 0, {"code": "ar 1020", "kind": "intrusion"}, row_version=0)
        doing.save_key(
            unit,
            site,
            0,
            {"plant_id": plant, "seal": "B-778", "kept_at": "Bacheca 3", "piece_count": 2, "is_receipt_signed": True},
            row_version=0,
        )
    with marta.unit_of_work(1) as unit:
        [found] = asking.list_sites_of(unit, customer)
    assert (found["code"], found.plants[0]["code"], found.keys[0]["number"]) == ("S000001", "AR1020", "K00001")
    assert (found.keys[0]["seal"], found.keys[0]["plant_id"], found.keys[0]["is_receipt_signed"]) == ("B-778", plant, True)


def test_a_plant_code_is_unique_in_the_company(marta: Database, customer: int) -> None:
    first, second = _site(marta, customer), _site(marta, customer, name="Negozio")
    with marta.unit_of_work(1) as unit:
        doing.save_plant(unit, first, 0, {"code": "A1"}, row_version=0)
    with pytest.raises(InvalidInput) as refused, marta.unit_of_work(1) as unit:
        doing.save_plant(unit, second, 0, {"code": "a1"}, row_version=0)
    assert refused.value.field == "code"


def test_sites_and_plants_are_found_by_plant_code_name_town_and_customer(marta: Database, customer: int) -> None:
    wanted, other = _site(marta, customer), _site(marta, customer, name="Negozio", town="Prato")
    with marta.unit_of_work(1) as unit:
        doing.save_plant(unit, wanted, 0, {"code": "AR1020"}, row_version=0)
        doing.save_plant(unit, other, 0, {"code": "ZZ9", "removed_on": D(2026, 1, 1)}, row_version=0)
    with marta.unit_of_work(1) as unit:
        for words, sites in (
            ("AR10", [wanted]),
            ("magazzino", [wanted]),
            ("prato", [other]),
            ("oreficeria", [wanted, other]),
            ("zz9", [other]),
        ):
            assert [row.site_id for row in list_sites(unit, ListQuery(search=words)).rows] == sites, words
        assert [row.code for row in list_plants(unit, ListQuery(search="ar1020")).rows] == ["AR1020"]
        assert [row.code for row in list_plants(unit, ListQuery(search="scandicci")).rows] == ["AR1020"]
        assert sum_plants(unit, ListQuery((Filter("is_in_use", "=", (False,)),))).count == 1
        assert [(row.plant_count, row.key_count) for row in list_sites(unit, ListQuery()).rows] == [(1, 0), (0, 0)]


def test_a_stranger_finds_no_site(house: House, marta: Database, customer: int) -> None:
    _site(marta, customer)
    with house.person("bruno.estraneo") as bruno:
        assert bruno.execute("select customers.find_sites(2, 'magazzino')").fetchone() == ([],)
        with pytest.raises(psycopg.Error) as refused:
            bruno.execute("select customers.find_sites(1, 'magazzino')")
        assert refused.value.sqlstate == "CM001"


def test_people_of_the_rubrica_are_called_in_their_order(marta: Database, customer: int) -> None:
    site, other = _site(marta, customer), _site(marta, customer, name="Negozio")
    with marta.unit_of_work(1) as unit:
        first, second = (
            add_contact(unit, customer, {"name": name, "mobile": "347 1", "job": "Custode"}) for name in ("Ugo Neri", "Ada Serra")
        )
        doing.save_site_contact(unit, site, 0, {"contact_person_id": first, "call_order": 1, "holds_keys": True}, row_version=0)
        doing.save_site_contact(unit, site, 0, {"contact_person_id": second, "call_order": 2}, row_version=0)
    with marta.unit_of_work(1) as unit:
        assert [(one["person_name"], one["holds_keys"]) for one in asking.list_site_contacts(unit, site)] == [
            ("Ugo Neri", True),
            ("Ada Serra", False),
        ]
        assert [one.name for one in asking.find_contact_choices(unit, other, "ser")] == ["Ada Serra"]
    with pytest.raises(InvalidInput) as refused, marta.unit_of_work(1) as unit:
        doing.save_site_contact(unit, site, 0, {"contact_person_id": first, "call_order": 3}, row_version=0)
    assert refused.value.field == "contact_person_id"
