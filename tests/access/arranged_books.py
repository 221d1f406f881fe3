"""A row of company 1 in every table of the books, made the way the program makes it."""

from __future__ import annotations

from typing import Any

import psycopg

from tests.house import House


def account(connection: psycopg.Connection[Any], code: str, company: int = 1) -> int:
    row = connection.execute("select account_id from ledger.account where company_id = %s and code = %s", (company, code)).fetchone()
    assert row is not None
    return int(row[0])


def post(connection: psycopg.Connection[Any], day: str, debit: str, credit: str, amount: str, words: str = "Giroconto") -> int:
    """An entry of company 1 by hand, two lines."""
    row = connection.execute(
        "select ledger.post_entry(1, %s::date, %s, %s::bigint[], array[null, null]::bigint[], array[%s, 0]::numeric[], array[0, %s]::numeric[], "
        "array['', ''])",
        (day, words, [account(connection, debit), account(connection, credit)], amount, amount),
    ).fetchone()
    assert row is not None
    return int(row[0])


def arrange_books(house: House) -> None:
    with house.person("carlo.conti") as carlo:
        carlo.execute(
            "insert into ledger.posting_rule (company_id, customer_kind, account_id) select 1, 'public_body', account_id from ledger.account "
            "where company_id = 1 and code = '58.02'"
        )
        post(carlo, "2024-12-30", "66.01", "18.01", "12.50", "Spese di conto")
        carlo.execute(
            "select ledger.save_template(1, null, 'Affitto', 'Affitto sede', 1, '2026-12-01', %s::bigint[], array[true, false], "
            "array[1000, 1000]::numeric[], array['', ''])",
            ([account(carlo, "63.01"), account(carlo, "25.01")],),
        )
        with carlo.transaction():
            carlo.execute("select ledger.open_export(1, '2024-12-01', '2024-12-31', 'csv', false)")
            carlo.execute("select ledger.keep_export(1, (select max(journal_export_id) from ledger.journal_export), 'x.csv', 'x')")
        carlo.execute("select ledger.lock_period(1, '2024-12-31', 'anno chiuso')")
        carlo.execute("select ledger.number_journal(1, '2024-12-31')")
    with house.owner() as owner:  # as a company that reviews before it posts would have it
        owner.execute(
            "insert into billing.unposted_invoice (company_id, invoice_id, document_on) select company_id, invoice_id, document_on "
            "from billing.invoice where company_id = 1 and state = 'draft' limit 1"
        )
