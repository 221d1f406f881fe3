"""Nobody changes an issued invoice, its number, the books or the audit; preparing is not issuing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.access.arranged import add_person, arrange, connect_as, fingerprint, outcome, prepare
from tests.access.arranged_documents import document, save
from tests.house import House, copied_house

TOUCHES = [
    "update billing.invoice set total_amount = 0, net_amount = 0, vat_amount = 0",
    "update billing.invoice set number = number + 1",
    "update billing.invoice set state = 'draft', number = null, document_number = null",
    "delete from billing.invoice",
    "update billing.invoice_line set line_amount = 0",
    "delete from billing.invoice_line",
    "update billing.invoice_vat set vat_amount = 0",
    "update billing.transmission set content = ''",
    "update base.document_counter set last_number = 0",
    "delete from base.document_counter",
    "update base.counter set last_number = 0",
    "update ledger.journal_line set debit_amount = debit_amount + 1 where debit_amount > 0",
    "update ledger.open_item set settled_amount = amount",
    "delete from ledger.allocation",
    "update base.audit_entry set login = 'nessuno'",
    "delete from base.audit_entry",
    "insert into base.audit_entry (company_id, login, table_name, operation, row_count) values (1, 'nessuno', 'x', 'U', 1)",
    "update billing.month_total set net_amount = 0",
    "update customers.balance set open_amount = 0",
    "insert into base.permission (company_id, person_id, function) values (1, sec.person_id(), 'base.audit')",
    "update base.permission set function = 'base.administer'",
    "delete from base.permission",
    "update base.person set expires_on = null",
    "insert into base.document_counter (company_id, document_series_id, year) values (1, 1, 2030)",
    "select setval('billing.invoice_invoice_id_seq', 1)",
    "select nextval('base.audit_entry_audit_id_seq')",
    "select currval('billing.invoice_invoice_id_seq')",
    "alter sequence billing.invoice_invoice_id_seq restart",
    "alter table billing.invoice disable trigger keep_issued_final",
    "alter table billing.invoice drop constraint issued_means_numbered",
    "drop index billing.invoice_number",
    "set session_replication_role = 'replica'",
]  # fmt: skip


@pytest.mark.parametrize("login", ["marta.bellini", "anna.admin", "carlo.conti"])
def test_nobody_touches_issued_documents_the_books_or_the_audit(full_house: House, login: str) -> None:
    with full_house.owner() as owner, full_house.person(login) as person:
        before = fingerprint(owner)
        assert {touch: came for touch in TOUCHES if (came := outcome(person, touch)) not in ("42501", "0 rows")} == {}
        assert fingerprint(owner) == before


def test_not_even_the_bookkeeper_changes_an_issued_invoice(full_house: House) -> None:
    with full_house.owner() as owner:
        before = fingerprint(owner)
        for change in (
            "total_amount = 0, net_amount = 0, vat_amount = 0",
            "number = number + 1000",
            "buyer = '{}'",
            "document_on = document_on + 1",
        ):
            owner.execute("begin; set local role cms_bookkeeper")
            assert outcome(owner, f"update billing.invoice set {change} where state = 'issued'") == "CM020"
            owner.execute("rollback")
        assert fingerprint(owner) == before


def test_a_number_is_not_given_twice_even_by_the_bookkeeper(full_house: House) -> None:
    with full_house.owner() as owner:
        double = (
            "insert into billing.invoice (company_id, state, document_series_id, year, number, document_number, document_on, customer_id, "
            "payment_term_id, buyer, net_amount, vat_amount, total_amount, payable_amount) select company_id, state, document_series_id, year, "
            "number, document_number, document_on, customer_id, payment_term_id, buyer, 0, 0, 0, 0 from billing.invoice where state = 'issued' limit 1"
        )
        assert outcome(owner, double) == "23505"


def test_the_account_of_an_entry_that_does_not_balance_is_refused(full_house: House) -> None:
    with full_house.owner() as owner:
        line = "insert into ledger.journal_line (company_id, journal_entry_id, line_no, account_id, debit_amount) select 1, journal_entry_id, 99, 1, 5 from ledger.journal_entry limit 1"  # fmt: skip
        assert outcome(owner, line) == "CM030"


# ── preparing is not issuing ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def preparing() -> Iterator[tuple[House, psycopg.Connection[Any], int]]:
    """A person with billing.prepare and not billing.issue, connected by psql, and a run of theirs."""
    with copied_house() as house:
        arrange(house)
        held = ("billing.read", "billing.prepare", "billing.send", "customers.read", "customers.write", "registry.write", "ledger.read")
        add_person(house, "piero.prepara", (1, held))
        with connect_as(house, "piero.prepara") as piero:
            yield house, piero, prepare(piero, "2025-03-01")


@pytest.mark.parametrize(
    "attempt",
    [
        "select billing.issue_run(1, {run})",
        "select billing.issue_run(2, {run})",
        "select billing.undo_run(1, 1)",
        "select billing.lock_run(1, {run}, 'preview')",
        "select billing.post_invoices(1, {run})",
        "select billing.open_items(1, '2025-03-01')",
        "select billing.issue_set(1, {run}, null, 1, '2025-03-01', now())",
        "select base.take_document_numbers(1, 1, '2025-03-01', 1)",
        "select billing.take_file_numbers(1, 1)",
        "select billing.store_files(1, array[1], array['a.xml'], array[''::bytea])",
        "update billing.billing_run set state = 'issued'",
        "update billing.invoice set state = 'issued', number = 1, document_number = 'V 2025/1'",
        "insert into billing.invoice overriding system value select * from billing.invoice where state = 'issued'",
        "select sec.grant_functions(1, sec.person_id(), array['billing.issue'])",
        "insert into base.permission (company_id, person_id, function) values (1, sec.person_id(), 'billing.issue')",
        "set role cms_bookkeeper",
        "set role \"house_marta.bellini\"",
        "set session authorization \"house_marta.bellini\"",
        "do $$ begin perform billing.issue_run(1, {run}); end $$",
        "with x as (select billing.issue_run(1, {run})) select * from x",
        "explain analyze select billing.issue_run(1, {run})",
        "prepare p as select billing.issue_run(1, {run}); execute p",
    ],
)  # fmt: skip
def test_who_prepares_cannot_issue_by_any_sql(preparing: tuple[House, psycopg.Connection[Any], int], attempt: str) -> None:
    house, piero, run = preparing
    with house.owner() as owner:
        before = fingerprint(owner)
        assert outcome(piero, attempt.format(run=run)) in ("CM001", "42501")
        assert fingerprint(owner) == before


def test_excluding_never_reaches_an_issued_invoice(preparing: tuple[House, psycopg.Connection[Any], int]) -> None:
    house, piero, _ = preparing
    with house.owner() as owner:
        query = "select md5(string_agg(i::text, '' order by invoice_id)) from billing.invoice i where state = 'issued'"
        before = owner.execute(query).fetchone()
        everything = [row[0] for row in owner.execute("select invoice_id from billing.invoice")]
        assert piero.execute("select billing.exclude_invoices(1, 1, %s, 'no')", (everything,)).fetchone() == (0,)
        assert outcome(piero, "select billing.discard_run(1, 1)") == "CM025"
        assert owner.execute(query).fetchone() == before


def test_the_audit_says_who_issued(full_house: House) -> None:
    with full_house.owner() as owner:
        row = owner.execute(
            "select a.login, a.operation from base.audit_entry a where table_name = 'billing.billing_run' and operation = 'U' "
            "and row_before ->> 'state' = 'preview' and record_id = 1 limit 1"
        ).fetchone()
    assert row == ("house_marta.bellini", "U")


# ── documents by hand ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_prepares_writes_drafts_and_issues_none(preparing: tuple[House, psycopg.Connection[Any], int]) -> None:
    house, piero, _ = preparing
    made, version = save(piero, document(piero))
    with house.owner() as owner:
        before = fingerprint(owner)
        for attempt in (
            f"select billing.issue_document(1, {made}, {version})",
            f"select billing.issue_set(1, null, array[{made}]::bigint[], 1, '2025-03-01', now())",
            f"update billing.invoice set total_amount = 1 where invoice_id = {made}",
            f"update billing.invoice_line set line_amount = 1, unit_price = 1 where invoice_id = {made}",
            f"delete from billing.invoice where invoice_id = {made}",
            f"update billing.invoice_line set holds_period = false where invoice_id < {made}",
            f"select billing.tax_drafts(1, array[{made}]::bigint[])",
            f"select billing.write_lines(1, {made}, '[]')",
            f"select billing.lock_draft(1, {made}, null)",
            f"select billing.save_document(2, '{{\"invoice\": {made}}}')",
            "select billing.settle_credits(1, '2025-03-01')",
            "select billing.credit_run(2, 1, 1, '2025-03-01', 'x', true, true)",
        ):
            assert outcome(piero, attempt) in ("CM001", "42501"), attempt
        assert fingerprint(owner) == before


def test_amounts_numbers_and_issued_documents_cannot_be_forged_through_a_draft(full_house: House) -> None:
    with full_house.person("marta.bellini") as marta, full_house.owner() as owner:
        lines = [
            {"description": "x", "quantity": 2, "unit_price": 50, "vat_code": 1, "line_amount": 1, "service_id": 1, "holds_period": True}
        ]
        forged = {"number": 1, "document_number": "V 2025/1", "state": "issued", "total_amount": 1, "payable_amount": 1, "issued_by": 1}
        facts = document(marta, **forged)
        code = facts.obj["lines"][0]["vat_code"]
        made, _ = save(marta, Jsonb(facts.obj | {"lines": [one | {"vat_code": code} for one in lines]}))
        row = owner.execute(
            "select state, number, total_amount, payable_amount from billing.invoice where invoice_id = %s", (made,)
        ).fetchone()
        assert row is not None and (row[0], row[1], row[2], row[3]) == ("draft", None, 122, 122)
        held = owner.execute(
            "select service_id, holds_period, line_amount from billing.invoice_line where invoice_id = %s", (made,)
        ).fetchone()
        assert held == (None, False, 100)
        issued = owner.execute("select min(invoice_id) from billing.invoice where company_id = 1 and state = 'issued'").fetchone()
        of_run = owner.execute(
            "select min(invoice_id) from billing.invoice where company_id = 1 and billing_run_id is not null and state = 'draft'"
        ).fetchone()
        assert issued is not None and of_run is not None
        for other in (issued[0], of_run[0], 999_999):
            before = fingerprint(owner)
            assert outcome(marta, "select billing.save_document(1, %s)", (Jsonb(facts.obj | {"invoice": other}),)) == "CM111"
            assert outcome(marta, "select billing.discard_document(1, %s)", (other,)) == "CM111"
            assert outcome(marta, "select billing.issue_document(1, %s, 1)", (other,)) == "CM111"
            assert fingerprint(owner) == before
        foreign = owner.execute("select min(customer_id) from customers.customer where company_id = 2").fetchone()
        assert foreign is not None
        assert outcome(marta, "select billing.save_document(1, %s)", (Jsonb(facts.obj | {"customer": foreign[0]}),)) == "CM110"
