"""CAP ⇄ comune ⇄ provincia."""

from __future__ import annotations

from cms_desktop.modules.registry import queries
from tests.house import House


def test_a_cap_knows_all_its_towns_and_a_large_town_has_several_cap(shared_house: House) -> None:
    session = shared_house.log_in("marta.bellini")
    with session.database.unit_of_work(1) as unit:
        towns = queries.towns_of_postal_code(unit, "10010")
        turin = queries.find_towns(unit, "torino")[0]
        assert {"Bairo", "Andrate"} <= {town.name for town in towns}
        assert {town.province_code for town in towns} == {"TO"}
        assert turin.name == "Torino" and len(turin.postal_codes) > 10
        assert queries.postal_codes_of_town(unit, turin.istat_code) == list(turin.postal_codes)
    session.close()


def test_towns_are_found_by_the_beginning_of_their_name_whatever_the_accents(shared_house: House) -> None:
    session = shared_house.log_in("marta.bellini")
    with session.database.unit_of_work(1) as unit:
        assert [town.name for town in queries.find_towns(unit, "AGLIE")] == ["Agliè", "Aglientu"]
        assert queries.find_towns(unit, "borgofranco d'i")[0].name == "Borgofranco d'Ivrea"
    session.close()
