"""The lists of towns and provinces that forms and demo data are filled from."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

REFERENCE = Path(__file__).parents[1] / "resources" / "reference"


def rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def towns() -> list[dict[str, str]]:
    return rows("towns.csv")


def test_all_towns_of_today_are_there_once(towns: list[dict[str, str]]) -> None:
    today = [town for town in towns if not town["valid_to"]]
    assert 7880 <= len(today) <= 7910
    assert all(count == 1 for count in Counter(town["cadastral_code"] for town in towns).values())
    assert len({(town["name"], town["province_code"]) for town in today}) == len(today)


def test_codes_have_their_form(towns: list[dict[str, str]]) -> None:
    for town in towns:
        assert re.fullmatch(r"(\d{6})?", town["istat_code"]), town
        assert re.fullmatch(r"[A-Z]\d{3}", town["cadastral_code"]), town
        assert re.fullmatch(r"(\d{5}( \d{5})*)?", town["cap_list"]), town
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", town["valid_from"]), town


def test_big_cities_have_many_postal_codes_and_small_towns_one(towns: list[dict[str, str]]) -> None:
    codes = {town["name"]: town["cap_list"].split() for town in towns if not town["valid_to"]}
    assert codes["Torino"][0] == "10121"
    assert len(codes["Torino"]) == 33
    assert len(codes["Roma"]) == 73
    assert codes["Agliè"] == ["10011"]


def test_sardinian_towns_have_their_own_postal_codes(towns: list[dict[str, str]]) -> None:
    codes = {town["name"]: town["cap_list"] for town in towns if town["region"] == "Sardegna"}
    known = {"Olbia": "07026", "Nuoro": "08100", "Oristano": "09170", "Iglesias": "09016", "Villacidro": "09039", "Tortolì": "08048"}
    assert {name: codes[name] for name in known} == known


def test_few_towns_of_today_miss_a_postal_code(towns: list[dict[str, str]]) -> None:
    assert [town["name"] for town in towns if not town["valid_to"] and not town["cap_list"]] == ["Castegnero Nanto"]


def test_an_abolished_town_says_until_when(towns: list[dict[str, str]]) -> None:
    abetone = next(town for town in towns if town["name"] == "Abetone")
    assert (abetone["province_code"], abetone["valid_to"]) == ("PT", "2016-12-31")


def test_every_province_of_a_town_of_today_is_listed(towns: list[dict[str, str]]) -> None:
    provinces = {row["province_code"]: row["province_name"] for row in rows("provinces.csv")}
    assert len(provinces) == 107
    assert provinces["NA"] == "Napoli"
    assert {town["province_code"] for town in towns if not town["valid_to"]} == provinces.keys()
