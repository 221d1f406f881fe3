"""Towns and postal codes: looked up by any of CAP, name and province, in any order."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.tables import PostalCode, Province
from cms_desktop.modules.base.tables import Town as TownTable
from cms_desktop.modules.registry.records import Town
from cms_desktop.modules.registry.rules import PlaceWords, read_place

MOST_TOWNS = 50
LAST = sa.literal("\U0010ffff")
_key = TownTable.search_key


def find_towns(unit: UnitOfWork, prefix: str) -> list[Town]:
    """Towns of today whose name starts with `prefix`, whatever its accents; shortest names first."""
    return _towns(unit, _starts(prefix), TownTable.valid_to.is_(None))


def find_places(unit: UnitOfWork, text: str) -> list[Town]:
    """Towns by CAP, name and province in any order («10121 torino», «torino to», «to rivoli»); abolished ones last, with their date."""
    words = read_place(text)
    if not words.postal_code and not words.words:
        return []
    conditions = [_has_postal_code(words.postal_code)] if words.postal_code else []
    if not words.words:
        return _towns(unit, *conditions)
    named = _named(unit, words)
    return _towns(unit, *conditions, named) or _towns(unit, *conditions, *(sa.func.strpos(_key, word) > 0 for word in words.words))


def towns_of_postal_code(unit: UnitOfWork, postal_code: str) -> list[Town]:
    """Towns that have this CAP; small ones share theirs."""
    having = sa.select(PostalCode.istat_code).where(PostalCode.postal_code == postal_code.strip())
    return _towns(unit, TownTable.istat_code.in_(having), TownTable.valid_to.is_(None))


def postal_codes_of_town(unit: UnitOfWork, istat_code: str) -> list[str]:
    """All CAP of a town, in order."""
    found = sa.select(PostalCode.postal_code).where(PostalCode.istat_code == istat_code).order_by(PostalCode.postal_code)
    return [row.postal_code for row in unit.rows(found)]


def _starts(prefix: str) -> sa.ColumnElement[bool]:
    low = sa.func.base.fold(prefix.strip())
    return sa.and_(_key >= low, _key < low.op("||")(LAST))


def _has_postal_code(start: str) -> sa.ColumnElement[bool]:
    code = PostalCode.postal_code
    same = code == start if len(start) == 5 else sa.and_(code >= start, code < start + "\U0010ffff")
    return TownTable.istat_code.in_(sa.select(PostalCode.istat_code).where(same))


def _named(unit: UnitOfWork, words: PlaceWords) -> sa.ColumnElement[bool]:
    """The words are the start of the name; or some of them, at either end, are the province."""
    ways: list[sa.ColumnElement[bool]] = [_starts(" ".join(words.words))]
    provinces = _provinces(unit) if len(words.words) > 1 or len(words.words[0]) == 2 else {}
    for place in range(len(words.words)):
        for name, province in ((words.words[:place], words.words[place:]), (words.words[place:], words.words[:place])):
            code = provinces.get(" ".join(province))
            if code is not None and name:
                ways.append(sa.and_(_starts(" ".join(name)), TownTable.province_code == code))
    return sa.or_(*ways)


def _provinces(unit: UnitOfWork) -> dict[str, str]:
    """Code and folded name of every province → its code."""
    rows = unit.rows(sa.select(Province.province_code, sa.func.base.fold(Province.name).label("name")))
    return {row.name: row.province_code for row in rows} | {row.province_code.lower(): row.province_code for row in rows}


def _towns(unit: UnitOfWork, *conditions: sa.ColumnElement[bool]) -> list[Town]:
    codes = (
        sa.select(sa.func.array_agg(aggregate_order_by(PostalCode.postal_code, PostalCode.postal_code)))
        .where(PostalCode.istat_code == TownTable.istat_code)
        .scalar_subquery()
    )
    statement = (
        sa.select(TownTable.istat_code, TownTable.name, TownTable.province_code, TownTable.valid_to, codes.label("codes"))
        .where(*conditions)
        .order_by(TownTable.valid_to.is_not(None), sa.func.length(TownTable.name), TownTable.search_key)
        .limit(MOST_TOWNS)
    )
    rows: Sequence[sa.Row[tuple[object, ...]]] = unit.rows(statement)
    return [Town(row.istat_code, row.name, row.province_code, tuple(row.codes or ()), row.valid_to) for row in rows]
