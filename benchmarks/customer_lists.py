"""The list of customers over a million of them in ten companies: a person with rights on two, beside the same statement of the owner, whom
row-level security does not concern."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import psycopg

from benchmarks.measure import Measure, beside
from benchmarks.place import Place, admit
from cms_desktop.core.fiscal import vat_number_from
from cms_desktop.core.listing import Filter, ListQuery, Sort
from cms_desktop.db.database import Database
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.demo import codes
from cms_desktop.demo.companies import AURORA
from cms_desktop.demo.customers import Plan, add_customers
from cms_desktop.modules.customers import queries
from server_schema import setup

COMPANIES = 10
TODAY = datetime.date(2026, 11, 22)
DATABASE = "customer_lists"
Question = Callable[[UnitOfWork], object]


def run(place: Place, quick: bool) -> Iterator[Measure]:
    many, times = (2_000, 3) if quick else (1_000_000, 40)
    with place.new_database(DATABASE) as owner:
        companies = _fill(owner, many // COMPANIES)
        admit(owner, "lia.lista", companies[3:5], "commerciale")
        session = place.log_in(DATABASE, "lia.lista")
        unhindered = Database(lambda: place.owner(DATABASE), session.person.person_id)
        company = companies[3]
        for name, (mine, owners) in _questions(owner, company).items():
            work, floor = partial(_ask, session.database, company, mine), partial(_ask, unhindered, company, owners)
            measure = beside(f"customer_list_{name}", times, work, floor)
            yield Measure(measure.job, measure.n, measure.seconds, measure.floor_seconds, measure.more | {"customers": many})
        session.close()
        unhindered.close()
    place.drop_database(DATABASE)


def _ask(database: Database, company: int, question: Question) -> None:
    with database.unit_of_work(company) as unit:
        question(unit)


def _fill(owner: psycopg.Connection[Any], each: int) -> list[int]:
    companies = []
    for number in range(COMPANIES):
        companies.append(setup.found_company(owner, f"Vigilanza {number + 1} S.r.l.", vat_number_from(f"07{number:05}001")))
        with owner.transaction():
            owner.execute("set local role cms_bookkeeper")
            if number == 0:
                owner.execute(codes.FUNCTIONS)
            add_customers(owner, Plan(AURORA, companies[-1], 1 + number * each, each, 1, datetime.date(2024, 11, 1), TODAY))
    owner.execute("vacuum analyze")
    return companies


def _questions(owner: psycopg.Connection[Any], company: int) -> dict[str, tuple[Question, Question]]:
    """What is asked: the person's question and the owner's. They differ only for the search, whose function wants a person."""
    count = owner.execute("select count(*) from customers.customer where company_id = %s", (company,)).fetchone()
    assert count is not None
    deep = owner.execute(
        "select p.search_key, p.party_id from registry.party as p where p.company_id = %s order by 1, 2 offset %s limit 1",
        (company, count[0] * 9 // 10),
    ).fetchone()
    assert deep is not None
    by_name = Sort("name")
    same: dict[str, Question] = {
        "first_page": lambda unit: queries.list_customers(unit, ListQuery(sort=by_name)),
        "deep_page": lambda unit: queries.list_customers(unit, ListQuery(sort=by_name), deep),
        "filter": lambda unit: queries.list_customers(unit, ListQuery((Filter("province_code", "=", ("CN",)),), by_name)),
    }
    found = {name: (question, question) for name, question in same.items()}
    found["search"] = (lambda unit: queries.list_customers(unit, ListQuery(search="brambilla", sort=by_name)), _search_as_owner)
    return found


def _search_as_owner(unit: UnitOfWork) -> object:
    return unit.driver.execute(
        "select p.party_id, p.name, p.town, k.code, k.state from registry.party as p "
        "join customers.customer as k on k.company_id = p.company_id and k.customer_id = p.party_id "
        "where p.company_id = %s and p.search_text like '%%brambilla%%' order by p.search_key, p.party_id limit 200",
        (unit.company_id,),
    ).fetchall()
