"""Free-text search over parties and their people, by functions of the database that use the trigram index."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.registry.tables import ContactPerson, Party

MOST_HITS = 10_000  # more hits than this are so frequent that a plain scan finds a page of them before long
NEAREST_HITS = 1_000  # so many in the order of the list fill a page even of a section


def find_parties(unit: UnitOfWork, words: str, most: int = MOST_HITS) -> list[int] | None:
    """Ids of parties whose name, partita IVA, codice fiscale or town contain every word; None when they are more than `most`."""
    found = unit.call("registry.find_parties", words, most)
    return None if found is None else list(found)


def contains_words(unit: UnitOfWork, words: str, party_id: Any = Party.party_id) -> sa.ColumnElement[bool]:
    """The condition of a free-text search, for any list that holds Party: by the index when hits are few, else word by word.

    `party_id`: the column by whose index the list goes, when that is another table's.
    """
    found = find_parties(unit, words)
    if found is not None:
        same: sa.ColumnElement[bool] = party_id == sa.any_(sa.cast(sa.literal(found, sa.ARRAY(sa.BigInteger)), sa.ARRAY(sa.BigInteger)))
        return same
    return sa.and_(*(sa.func.strpos(Party.search_text, sa.func.base.fold(word)) > 0 for word in words.split()))


def nearest_with_words(
    unit: UnitOfWork, words: str, after: tuple[object, ...] | None, party_id: Any = Party.party_id
) -> sa.ColumnElement[bool] | None:
    """For a list by name and words in more than NEAREST_HITS parties: the next of them after a place in it. None for other words."""
    key, row_id = after if after is not None else ("", 0)
    found = unit.call("registry.find_parties_in_order", words, key, row_id, MOST_HITS, NEAREST_HITS)
    if found is None:
        return None
    same: sa.ColumnElement[bool] = party_id == sa.any_(sa.cast(sa.literal(list(found), sa.ARRAY(sa.BigInteger)), sa.ARRAY(sa.BigInteger)))
    return same


def finds_contacts(unit: UnitOfWork, words: str) -> sa.ColumnElement[bool]:
    """People whose name, job, mail or telephone contain every word, or who belong to a party that does."""
    people = unit.call("registry.find_contacts", words, MOST_HITS)
    parties = find_parties(unit, words)
    column = ContactPerson.__table__.c
    if people is None:
        by_words = sa.and_(*(sa.func.strpos(column.search_text, sa.func.base.fold(word)) > 0 for word in words.split()))
    else:
        by_words = column.contact_person_id == sa.any_(sa.cast(list(people), sa.ARRAY(sa.BigInteger)))
    if not parties:
        return by_words
    return sa.or_(by_words, column.party_id == sa.any_(sa.cast(parties, sa.ARRAY(sa.BigInteger))))
