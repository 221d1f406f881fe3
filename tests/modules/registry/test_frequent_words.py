"""A search for words that very many parties contain goes through the list by name, and shows the same rows."""

from __future__ import annotations

import pytest

from cms_desktop.core.listing import Filter, ListQuery, Sort
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.customers import queries as customers
from cms_desktop.modules.registry import queries
from cms_desktop.modules.registry.queries import search
from tests.house import House
from tests.modules.customers.samples import add_customer

EXPECTED = "create or replace function registry.expected_hits(wanted_company int, conditions text) returns bigint language sql as 'select {}::bigint'"
WORDS = "condominio"


def _names(unit: UnitOfWork, sort: Sort | None = None, role: str = "") -> list[str]:
    section = (Filter("role", "=", (role,)),) if role else ()
    names: list[str] = []
    after = None
    while True:
        page = queries.list_parties(unit, ListQuery(section, sort, WORDS), after, 3)
        names += [row.name for row in page.rows]
        after = page.after
        if after is None:
            return names


@pytest.mark.parametrize("hits", [1, 4, 100])
def test_pages_of_frequent_words_hold_every_hit_once_in_order(house: House, monkeypatch: pytest.MonkeyPatch, hits: int) -> None:
    monkeypatch.setattr(search, "NEAREST_HITS", hits)
    session = house.log_in("dora.doppia")
    with session.database.unit_of_work(1) as unit:
        for number in range(8):
            add_customer(unit, f"{'Condominio' if number % 2 else 'Amministrazione condominio'} Via {number}")
            add_customer(unit, f"Bar {number}")
    found = []
    for expected in (1_000_000, 5_000, 0):
        house.owner().execute(EXPECTED.format(expected))
        with session.database.unit_of_work(1) as unit:
            assert (unit.call("registry.find_parties_in_order", WORDS, "", 0, 10_000, 5) is None) == (expected == 0)
            assert (queries.find_parties(unit, WORDS) is None) == (expected > 10_000)
            lists = [_names(unit), _names(unit, role="customer"), _names(unit, Sort("name", descending=True)), _names(unit, Sort("town"))]
            by_code = customers.list_customers(unit, ListQuery(sort=Sort("name"), search=WORDS), None, 5)
            found.append(([sorted(one) for one in lists], lists[:3], [row.name for row in by_code.rows], by_code.after))
    session.close()
    assert found[0] == found[1] == found[2]
    assert len(found[0][1][0]) == 8 and found[0][1][0] == sorted(found[0][1][0], key=str.lower)
