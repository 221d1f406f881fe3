"""Names of Italian banks by their ABI code, from the reference list; branches (CAB) have no public list."""

from __future__ import annotations

import csv
import functools
import pathlib
import sys

from cms_desktop.core.fiscal import bank_coordinates

LIST = pathlib.Path(getattr(sys, "_MEIPASS", pathlib.Path(__file__).parents[2])) / "resources" / "reference" / "banks.csv"


@functools.lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    with LIST.open(encoding="utf-8", newline="") as file:
        return {line["abi"]: line["name"] for line in csv.DictReader(file)}


def bank_name(iban: str) -> str:
    """The bank of an Italian IBAN; "" when it is foreign or not in the list."""
    coordinates = bank_coordinates(iban)
    return _names().get(coordinates.abi, "") if coordinates is not None else ""
