"""A billing run as a person starts it (prepare, number, post, open items; two lines an invoice) beside a bare INSERT … SELECT of the same rows
into copies of the tables with their keys, checks and indexes, but without foreign keys, triggers and row-level security."""

from __future__ import annotations

import datetime
import statistics
from collections.abc import Iterator
from typing import Any, LiteralString

import psycopg
import sqlalchemy as sa
from psycopg import sql

from benchmarks.measure import Measure, seconds_of
from benchmarks.place import COMPANY_VAT, Place, admit
from server_schema import setup

TABLES = {
    "billing.invoice": "billing_run_id = {run}",
    "billing.invoice_line": "invoice_id in (select invoice_id from billing.invoice where billing_run_id = {run})",
    "billing.invoice_vat": "invoice_id in (select invoice_id from billing.invoice where billing_run_id = {run})",
    "ledger.journal_entry": "source = 'invoice' and source_id in (select invoice_id from billing.invoice where billing_run_id = {run})",
    "ledger.journal_line": "journal_entry_id in (select e.journal_entry_id from ledger.journal_entry as e "
    "join billing.invoice as i on i.invoice_id = e.source_id and e.source = 'invoice' where i.billing_run_id = {run})",
    "ledger.open_item": "source = 'invoice' and source_id in (select invoice_id from billing.invoice where billing_run_id = {run})",
}
SERIES = sa.text("select document_series_id from base.document_series where company_id = :company and code = 'V'")
CUSTOMERS: tuple[LiteralString, ...] = (
    """
    insert into registry.party (company_id, name, kind, vat_number, tax_code, street, street_number, postal_code, town, province_code)
    select %(company)s, 'Cliente ' || md5(g::text), 'company', lpad(g::text, 11, '0'), lpad(g::text, 11, '0'), 'Via Roma', mod(g, 200) + 1,
           '10121', 'Torino', 'TO'
    from generate_series(1, %(many)s) as g""",
    """
    insert into customers.customer (company_id, customer_id, code, payment_term_id, recipient_code)
    select company_id, party_id, 'C' || party_id, payment_term_id, 'ABCDEF1'
    from registry.party join base.payment_term using (company_id) where company_id = %(company)s and base.payment_term.code = 'RB60'""",
    """
    insert into customers.contract (company_id, customer_id, number, starts_on)
    select company_id, customer_id, 'K' || customer_id, '2025-01-01' from customers.customer where company_id = %(company)s""",
    """
    insert into customers.service (company_id, contract_id, description, monthly_price, vat_code_id, frequency_months, starts_on)
    select company_id, contract_id, 'Canone di vigilanza ' || k, 50 + k * 10, vat_code_id, 1, '2025-01-01'
    from customers.contract join base.vat_code using (company_id) cross join generate_series(1, 2) as k
    where company_id = %(company)s and base.vat_code.code = '22'""",
)


def run(place: Place, quick: bool) -> Iterator[Measure]:
    for many, rounds in ((200, 1),) if quick else ((10_000, 3), (100_000, 1)):
        yield _measure(place, many, rounds)


def _measure(place: Place, many: int, rounds: int) -> Measure:
    name = f"billing_{many}"
    with place.new_database(name) as owner:
        company = setup.found_company(owner, "Vigilanza di Misura S.r.l.", COMPANY_VAT)
        admit(owner, "marta.misura", [company], "fatturista")
        with owner.transaction():
            owner.execute("set local role cms_bookkeeper")
            for statement in CUSTOMERS:
                owner.execute(statement, {"company": company, "many": many})
        owner.execute("vacuum analyze")
        pairs = []
        for month in range(1, rounds + 1):
            took, run_id = _bill(place, name, company, datetime.date(2026, month, 1))
            pairs.append((took, _floor(owner, run_id)))
        counted = owner.execute("select count(*) from billing.invoice where state = 'issued'").fetchone()
        assert counted == (many * rounds,), counted
    place.drop_database(name)
    took, least = (statistics.median(side) for side in zip(*pairs, strict=True))
    return Measure("billing_run", many, took, least, {"rounds": rounds, "lines": 2 * many})


def _bill(place: Place, database: str, company: int, month: datetime.date) -> tuple[float, int]:
    session = place.log_in(database, "marta.misura")
    last = (month + datetime.timedelta(days=32)).replace(day=1) - datetime.timedelta(days=1)
    made: list[int] = []

    def bill() -> None:
        with session.database.unit_of_work(company) as unit:
            series = (
                unit.session.connection()
                .exec_driver_sql(f"select document_series_id from base.document_series where company_id = {company} and code = 'V'")
                .scalar_one()
            )
            made.append(unit.call("billing.prepare_run", "Canoni", month, last, last, series, "contract"))
        with session.database.unit_of_work(company) as unit:
            unit.call("billing.issue_run", made[0])

    took = seconds_of(bill)
    session.close()
    return took, made[0]


def _floor(owner: psycopg.Connection[Any], run_id: int) -> float:
    owner.execute("create schema floor")
    orders = []
    for table, rows in TABLES.items():
        copy, source = f"floor.{table.split('.')[1]}", f"floor.source_{table.split('.')[1]}"
        columns = ", ".join(
            row[0]
            for row in owner.execute(
                "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and attgenerated = '' and not attisdropped "
                "order by attnum",
                (table,),
            )
        )
        _do(owner, f"create table {copy} (like {table} including all)")
        _do(owner, f"create table {source} as select {columns} from {table} where {rows.format(run=run_id)} order by 1, 2")
        orders.append(f"insert into {copy} ({columns}) overriding system value select * from {source}")

    def insert_all() -> None:
        with owner.transaction():
            for order in orders:
                _do(owner, order)

    took = seconds_of(insert_all)
    owner.execute("drop schema floor cascade")
    return took


def _do(owner: psycopg.Connection[Any], text: str) -> None:
    owner.execute(sql.SQL(text))
