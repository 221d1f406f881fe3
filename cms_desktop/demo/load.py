"""Loads the whole demonstration in one transaction: all of it or nothing."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import psycopg

from cms_desktop.demo import codes
from cms_desktop.demo.books import add_books, add_posting_rules
from cms_desktop.demo.by_hand import write_by_hand
from cms_desktop.demo.charges import add_items, add_templates, void_some
from cms_desktop.demo.companies import COMPANIES, admit_persons, clerks_of, found_companies
from cms_desktop.demo.contracts import add_contract_details
from cms_desktop.demo.customers import Plan, add_customers
from cms_desktop.demo.door import add_logins
from cms_desktop.demo.effects import present_effects, write_files
from cms_desktop.demo.history import bill_month, close_contracts, next_month
from cms_desktop.demo.master import FILLED as MASTER_FILLED
from cms_desktop.demo.master import add_master_data
from cms_desktop.demo.masters import add_masters
from cms_desktop.demo.notes import write_notes
from cms_desktop.demo.outbox import add_accounts
from cms_desktop.demo.payments import collect
from cms_desktop.demo.registry import add_registry
from cms_desktop.demo.vat import settle_months

AT_ONCE = 5_000  # customers up to which two years of payments are made in one go
MOST_MONTHS, FEWEST_MONTHS = 24, 3
CUSTOMER_MONTHS = 1_200_000  # above, the history gets shorter instead of the loading longer
FILLED = (
    "registry.party", "registry.party_role", "registry.contact_person", "registry.refusal", "customers.customer", "customers.contract",
    "customers.service", "customers.service_price", "customers.service_billing", "customers.balance", "billing.billing_run",
    "billing.chargeable_item", "billing.charged_part", "billing.invoice", "billing.invoice_line", "billing.invoice_vat", "ledger.journal_entry", "ledger.journal_line", "ledger.open_item",
    "ledger.payment", "ledger.allocation", "bank_effects.effect_batch", "bank_effects.effect", "bank_effects.effect_item",
)  # fmt: skip


def load_demo(
    connection: psycopg.Connection[Any],
    customers: int,
    *,
    seed: int = 1,
    progress: Callable[[str], None],
    months: int | None = None,
    today: datetime.date | None = None,
) -> None:
    """Found two companies and load `customers` in all, with `months` (or `months_of_history`) up to the month before `today`.

    `connection` is a superuser's or the deployer's, in autocommit, on a deployed database without companies.
    """
    day = today or datetime.datetime.now().astimezone().date()
    with connection.transaction():
        progress("Aziende e persone")
        company_ids = found_companies(connection)
        persons = admit_persons(connection, company_ids)
        connection.execute("set local role cms_bookkeeper")
        connection.execute(codes.FUNCTIONS)
        for number, plan in enumerate(
            _plans(company_ids, customers, seed, _months_before(day, months or months_of_history(customers)), day)
        ):
            progress(f"{plan.company.name}: {plan.customers} clienti")
            add_masters(connection, plan.company_id, number)
            add_customers(connection, plan)
            _analyze(connection)
            add_registry(connection, plan)
            add_contract_details(connection, plan)
            add_posting_rules(connection, plan)
            add_accounts(connection, plan, number)
            _analyze(connection)
            add_templates(connection, plan)
            add_items(connection, plan)
            clerk, bookkeeper = (persons[login] for login in clerks_of(number))
            _load_history(connection, plan, clerk, bookkeeper, progress)
            write_by_hand(connection, plan, clerk)
            void_some(connection, plan)
            write_notes(connection, plan)
            settle_months(connection, plan)
            add_books(connection, plan, bookkeeper)  # last: it closes periods
        add_logins(connection, day)
    connection.execute("vacuum (analyze) " + ", ".join((*FILLED, *MASTER_FILLED)))


def months_of_history(customers: int) -> int:
    """How far back the demo goes: two years up to 50,000 customers, one at 100,000, three months from 400,000 on."""
    return max(FEWEST_MONTHS, min(MOST_MONTHS, CUSTOMER_MONTHS // customers))


def _load_history(connection: psycopg.Connection[Any], plan: Plan, clerk: int, bookkeeper: int, progress: Callable[[str], None]) -> None:
    name, month = plan.company.name, plan.since
    while month < plan.month:
        progress(f"{name}: fatture di {month:%m/%Y}")
        bill_month(connection, plan, month, clerk)
        if plan.customers > AT_ONCE or month == plan.since:
            _analyze(connection)
        month = next_month(month)
    close_contracts(connection, plan)
    for due_from, due_to in _slices(plan):
        progress(f"{name}: incassi ed effetti fino al {due_to:%d/%m/%Y}")
        present_effects(connection, plan, due_from, due_to, bookkeeper)
        collect(connection, plan, due_from, due_to, bookkeeper)
        _analyze(connection)
    write_files(connection, plan)
    progress(f"{name}: sedi, impianti e mandati")
    add_master_data(connection, plan, clerk)


def _plans(company_ids: list[int], customers: int, seed: int, since: datetime.date, today: datetime.date) -> Iterator[Plan]:
    first = round(customers * COMPANIES[0].share)
    yield Plan(COMPANIES[0], company_ids[0], 1, first, seed, since, today)
    yield Plan(COMPANIES[1], company_ids[1], first + 1, customers - first, seed, since, today)


def _slices(plan: Plan) -> Iterator[tuple[datetime.date, datetime.date]]:
    """Ranges of due dates, in order; one for a small company, a month each for a large one."""
    end = plan.today + datetime.timedelta(days=200)
    if plan.customers <= AT_ONCE:
        yield plan.since, end
        return
    month = plan.since
    while month <= end:
        yield month, next_month(month) - datetime.timedelta(days=1)
        month = next_month(month)


def _months_before(day: datetime.date, months: int) -> datetime.date:
    """The first of the month so many months before the day's."""
    count = day.year * 12 + day.month - 1 - months
    return datetime.date(count // 12, count % 12 + 1, 1)


def _analyze(connection: psycopg.Connection[Any]) -> None:
    """Statistics within the transaction, from small samples: their cost must not grow with the tables. The owner's business."""
    connection.execute("reset role")
    connection.execute("set local default_statistics_target = 10")
    connection.execute("analyze " + ", ".join(FILLED))
    connection.execute("reset default_statistics_target")
    connection.execute("set local role cms_bookkeeper")
