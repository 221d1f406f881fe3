"""Registry over a million parties of one company: pages of a section, counts, search, the warning of twins, places; asked by a person under
row-level security."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import psycopg

from benchmarks.measure import Measure, percentile, seconds_of
from benchmarks.place import Place, admit
from cms_desktop.core.fiscal import vat_number_from
from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.db.database import Database
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.demo import codes
from cms_desktop.demo import customers as demo
from cms_desktop.demo.companies import AURORA
from cms_desktop.modules.registry import queries, rules
from server_schema import setup

DATABASE = "parties"
TODAY = datetime.date(2026, 11, 22)
Question = Callable[[UnitOfWork], object]
TYPED = (
    "Panificio Rosi Mario", "Condominio Via Manzoni 13", "Rinaldi e Bertolino srl", "Serra Sara", "Logistica F.lli Gali", "Istituto Comprensivo Galilei di Ivrea",
    "Vivai Nord Ovest", "Officine Meccaniche Ferarri S.p.A.", "Bianchi Anna", "Comune di Vinovo", "Concessionaria Auto Cerruti", "Ditta mai vista",
)  # fmt: skip


def run(place: Place, quick: bool) -> Iterator[Measure]:
    many, times = (2_000, 12) if quick else (1_000_000, 60)
    with place.new_database(DATABASE) as owner:
        company = fill(owner, many)
        session = place.log_in(DATABASE, "lia.lista")
        yield from measures(session.database, company, many, times)
        session.close()
    place.drop_database(DATABASE)


def fill(owner: psycopg.Connection, many: int) -> int:
    """Parties of one company with roles, and a person who may read and write them."""
    company = setup.found_company(owner, "Vigilanza Grande S.r.l.", vat_number_from("0700001001"))
    plan = demo.Plan(AURORA, company, 1, many, 1, datetime.date(2024, 11, 1), TODAY)
    with owner.transaction():
        owner.execute("set local role cms_bookkeeper")
        owner.execute(codes.FUNCTIONS)
        demo.add_parties(owner, plan)
        owner.execute(
            "insert into registry.party_role (company_id, party_id, role, since_on, search_key) select company_id, party_id, "
            "case when party_id %% 100 < 70 then 'customer' when party_id %% 100 < 99 then 'supplier' else 'prospect' end, created_on, search_key "
            "from registry.party where company_id = %s",
            (company,),
        )
    admit(owner, "lia.lista", [company], "commerciale")
    owner.execute("vacuum analyze")
    return company


def measures(database: Database, company: int, many: int, times: int) -> Iterator[Measure]:
    """Every question `times` times after one that does not count; the median, and the 95th of a hundred."""
    for name, questions in _questions(database, company).items():
        took = []
        for number in range(times + 1):
            took.append(seconds_of(partial(_ask, database, company, questions[number % len(questions)])))
        took = took[1:]
        more: dict[str, float | int | str] = {"p95_ms": percentile(took, 95) * 1000, "times": times, "parties": many}
        yield Measure(f"parties_{name}", 1, percentile(took, 50), None, more)


def _ask(database: Database, company: int, question: Question) -> None:
    with database.unit_of_work(company) as unit:
        question(unit)


def _questions(database: Database, company: int) -> dict[str, list[Question]]:
    deep = _deep_place(database, company)
    known = _known_codes(database, company)
    return {
        "first_page": [lambda unit: queries.list_parties(unit, rules.in_section(""))],
        "first_page_of_section": [partial(_section, role) for role in rules.ROLES],
        "deep_page_of_section": [lambda unit: queries.list_parties(unit, rules.in_section("customer"), deep)],
        "counts": [queries.count_sections],
        "filter": [lambda unit: queries.list_parties(unit, ListQuery((Filter("province_code", "=", ("CN",)),)))],
        "search": [partial(_search, words, role) for words in ("brambilla ivrea", "cerruti chieri", "rossi mario") for role in ("", "supplier")],
        "search_frequent": [partial(_search, words, role) for words in ("museo", "brambilla") for role in ("", "supplier")],
        "twins_by_name": [partial(_twins, "name", name) for name in TYPED],
        "twins_by_code": [partial(_twins, "vat_number", code) for code, _phone in known],
        "twins_by_phone": [partial(_twins, "phone", phone) for _code, phone in known],
        "places": [partial(_places, text) for text in ("10121 torino", "torino to", "to rivoli", "sant", "10015")],
        "dashboard": [lambda unit: queries.sum_dashboard(unit, TODAY)],
    }  # fmt: skip


def _section(role: str, unit: UnitOfWork) -> object:
    return queries.list_parties(unit, rules.in_section(role))


def _search(words: str, role: str, unit: UnitOfWork) -> object:
    return queries.list_parties(unit, replace(rules.in_section(role), search=words))


def _twins(key: str, value: str, unit: UnitOfWork) -> object:
    return queries.find_twins(unit, {key: value})


def _places(text: str, unit: UnitOfWork) -> object:
    return queries.find_places(unit, text)


def _deep_place(database: Database, company: int) -> tuple[object, ...]:
    """Where a list by name stands after nine tenths."""
    with database.unit_of_work(company) as unit:
        return queries.list_parties(unit, ListQuery((Filter("name", "starts", ("t",)),)), limit=1).after or ("t", 0)


def _known_codes(database: Database, company: int) -> list[tuple[str, str]]:
    with database.unit_of_work(company) as unit:
        rows = queries.list_parties(unit, ListQuery((Filter("kind", "=", ("company",)),)), limit=20).rows
        return [(row.vat_number, row.phone) for row in rows]
