"""What looks across all contracts: the scheduler of deadlines and every rule of the inconsistencies, and one customer's overview; asked by a
person over a company with its history, beside counting its contracts as the owner."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.measure import Measure, percentile, seconds_of
from benchmarks.place import Place, admit
from cms_desktop.core.listing import ListQuery
from cms_desktop.db.database import Database
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.demo.load import load_demo
from cms_desktop.modules.customers import overview
from cms_desktop.modules.customers.contracts import inconsistencies, queries

TODAY = datetime.date(2026, 11, 22)
YEAR = (datetime.date(2026, 11, 1), datetime.date(2027, 10, 31))
MONTH = (datetime.date(2026, 11, 1), datetime.date(2026, 11, 30))
DATABASE = "contract_lists"
PERSON = "lia.lista"
Question = Callable[[UnitOfWork], object]


def run(place: Place, quick: bool) -> Iterator[Measure]:
    many, months, times = (30, 1, 2) if quick else (30_000, 7, 7)
    with place.new_database(DATABASE) as owner:
        load_demo(owner, many, progress=lambda _words: None, months=months, today=TODAY)
        owner.execute("vacuum analyze")
        row = owner.execute(
            "select company_id, max(customer_id) from customers.contract group by 1 order by count(*) desc limit 1"
        ).fetchone()
        assert row is not None
        company, customer = int(row[0]), int(row[1])
        admit(owner, PERSON, [company], "commerciale")
        session = place.log_in(DATABASE, PERSON)
        floor = partial(owner.execute, "select count(*) from customers.contract where company_id = %s", (company,))
        least = percentile([seconds_of(floor) for _ in range(times)], 50)
        for name, question in _questions(customer).items():
            work = partial(_ask, session.database, company, question)
            work()
            took = [seconds_of(work) for _ in range(times)]
            yield Measure(f"contracts_{name}", 1, percentile(took, 50), least, {"p95_ms": percentile(took, 95) * 1000, "customers": many})
        session.close()
    place.drop_database(DATABASE)


def _ask(database: Database, company: int, question: Question) -> None:
    with database.unit_of_work(company) as unit:
        question(unit)


def _questions(customer: int) -> dict[str, Question]:
    every = ListQuery()
    found: dict[str, Question] = {
        "deadlines_year": lambda unit: queries.list_deadlines(unit, *YEAR, every),
        "deadlines_month": lambda unit: queries.list_deadlines(unit, *MONTH, every),
        "deadlines_counts": lambda unit: queries.count_deadlines(unit, *YEAR),
        "overview": lambda unit: [load(unit, customer) for load in (overview.load_contracts, overview.load_sites, overview.load_events)],
    }
    return found | {rule: partial(_count, rule) for rule in inconsistencies.RULES}


def _count(rule: str, unit: UnitOfWork) -> object:
    return inconsistencies.count_inconsistencies(unit, rule)
