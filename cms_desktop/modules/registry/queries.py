"""Questions of Registry: towns and postal codes, substring search, twins."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.tables import PostalCode
from cms_desktop.modules.base.tables import Town as TownTable
from cms_desktop.modules.registry.records import KnownParty, Town
from cms_desktop.modules.registry.tables import Party

MOST_TOWNS = 50
MOST_HITS = 2_000  # more hits than this are so frequent that a plain scan finds a page of them at once


def find_towns(unit: UnitOfWork, prefix: str) -> list[Town]:
    """Towns of today whose name starts with `prefix`, whatever its accents; shortest names first."""
    low = sa.func.base.fold(prefix.strip())
    key = TownTable.search_key
    return _towns(unit, key >= low, key < low.op("||")(sa.literal("\U0010ffff")), TownTable.valid_to.is_(None))


def towns_of_postal_code(unit: UnitOfWork, postal_code: str) -> list[Town]:
    """Towns that have this CAP; small ones share theirs."""
    having = sa.select(PostalCode.istat_code).where(PostalCode.postal_code == postal_code.strip())
    return _towns(unit, TownTable.istat_code.in_(having), TownTable.valid_to.is_(None))


def postal_codes_of_town(unit: UnitOfWork, istat_code: str) -> list[str]:
    """All CAP of a town, in order."""
    found = sa.select(PostalCode.postal_code).where(PostalCode.istat_code == istat_code).order_by(PostalCode.postal_code)
    return [row.postal_code for row in unit.rows(found)]


def _towns(unit: UnitOfWork, *conditions: sa.ColumnElement[bool]) -> list[Town]:
    codes = (
        sa.select(sa.func.array_agg(aggregate_order_by(PostalCode.postal_code, PostalCode.postal_code)))
        .where(PostalCode.istat_code == TownTable.istat_code)
        .scalar_subquery()
    )
    statement = (
        sa.select(TownTable.istat_code, TownTable.name, TownTable.province_code, codes.label("codes"))
        .where(*conditions)
        .order_by(sa.func.length(TownTable.name), TownTable.search_key)
        .limit(MOST_TOWNS)
    )
    return [Town(row.istat_code, row.name, row.province_code, tuple(row.codes or ())) for row in unit.rows(statement)]


def find_parties(unit: UnitOfWork, words: str, most: int = MOST_HITS) -> list[int] | None:
    """Ids of parties whose name, partita IVA, codice fiscale or town contain every word; None when they are more than `most`."""
    found = unit.call("registry.find_parties", words, most)
    return None if found is None else list(found)


def contains_words(unit: UnitOfWork, words: str) -> sa.ColumnElement[bool]:
    """The condition of a free-text search, for any list that holds Party: by the index when hits are few, else word by word."""
    found = find_parties(unit, words)
    if found is not None:
        return Party.party_id == sa.any_(sa.cast(sa.literal(found, sa.ARRAY(sa.BigInteger)), sa.ARRAY(sa.BigInteger)))
    return sa.and_(*(sa.func.strpos(Party.search_text, sa.func.base.fold(word)) > 0 for word in words.split()))


def list_twins(unit: UnitOfWork, *, vat_number: str, tax_code: str, besides: int = 0) -> Sequence[KnownParty]:
    """Other parties of the company with the same partita IVA or codice fiscale."""
    same = [column == code for column, code in ((Party.vat_number, vat_number), (Party.tax_code, tax_code)) if code]
    if not same:
        return []
    statement = (
        sa.select(Party.party_id, Party.name, Party.town)
        .where(Party.company_id == unit.company_id, sa.or_(*same), Party.party_id != besides)
        .order_by(Party.party_id)
        .limit(5)
    )
    return [KnownParty(row.party_id, row.name, row.town) for row in unit.rows(statement)]
