"""References of rows written in bulk are checked by set, and hold as foreign keys do."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.house import House

FILL = """
set role cms_bookkeeper;
insert into registry.party (company_id, name, kind, vat_number, tax_code, street, street_number, postal_code, town, province_code)
  values (1, 'Officine Rossi S.r.l.', 'company', '00743110157', '00743110157', 'Via Roma', '1', '10121', 'Torino', 'TO');
insert into customers.customer (company_id, customer_id, code, payment_term_id, recipient_code)
  select 1, max(party_id), '000001', min(payment_term_id), 'QX7T1KD' from registry.party, base.payment_term as t where t.company_id = 1;
insert into customers.contract (company_id, customer_id, number, starts_on) select 1, customer_id, 'C-1', '2026-01-01' from customers.customer;
insert into customers.service (company_id, contract_id, description, monthly_price, vat_code_id, frequency_months, starts_on)
  select 1, contract_id, 'Canone', 100, (select vat_code_id from base.vat_code where company_id = 1 and code = '22'), 1, '2026-01-01'
  from customers.contract;
reset role"""
PREPARE = """
select billing.prepare_run(1, 'Canoni', '2026-01-01', '2026-01-31', '2026-01-31', document_series_id, 'contract')
from base.document_series where company_id = 1 and code = 'V'"""


def _run(marta: psycopg.Connection[Any]) -> int:
    row = marta.execute(PREPARE).fetchone()
    assert row is not None
    return int(row[0])


def test_what_a_draft_refers_to_cannot_be_removed(house: House) -> None:
    with house.owner() as owner, house.person("marta.bellini") as marta:
        owner.execute(FILL)
        _run(marta)
        for table in ("customers.service", "customers.contract", "customers.customer", "base.vat_code"):
            with pytest.raises(psycopg.errors.ForeignKeyViolation):
                owner.execute(f"delete from {table} where company_id = 1")


def test_a_removal_that_meets_a_run_half_way_waits_and_is_refused(house: House) -> None:
    with house.owner() as owner, house.person("marta.bellini") as marta:
        owner.execute(FILL)
        with marta.transaction():
            _run(marta)
            owner.execute("set lock_timeout = '200ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                owner.execute("delete from customers.service where company_id = 1")
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            owner.execute("delete from customers.service where company_id = 1")


def test_a_missing_row_is_found_by_the_set(house: House) -> None:
    with house.owner() as owner, owner.transaction(force_rollback=True):
        owner.execute("set local role cms_bookkeeper")
        owner.execute(
            "select billing.hold(1, 'base.vat_code', 'vat_code_id', 'select vat_code_id from base.vat_code where company_id = 1')"
        )
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            owner.execute("select billing.hold(1, 'base.vat_code', 'vat_code_id', 'select 987654321::bigint')")


def test_nobody_but_the_bookkeeper_may_skip_a_check(house: House) -> None:
    with house.person("anna.admin") as anna:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            anna.execute("set session_replication_role = 'replica'")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            anna.execute("select billing.write_drafts(1, 1, '2026-01-31', 1, 'contract', '{}')")


def test_a_run_is_audited_and_keeps_month_and_balance(house: House) -> None:
    with house.owner() as owner, house.person("marta.bellini") as marta:
        owner.execute(FILL)
        marta.execute("select billing.issue_run(1, %s)", (_run(marta),))
        assert owner.execute("select invoice_count, total_amount from billing.month_total where company_id = 1").fetchall() == [(1, 122)]
        assert owner.execute("select open_amount from customers.balance where company_id = 1").fetchall() == [(122,)]
        audited = {row[0] for row in owner.execute("select distinct table_name from base.audit_entry where login like '%marta%'")}
        assert {"billing.invoice", "billing.invoice_line", "ledger.journal_entry", "ledger.journal_line", "ledger.open_item"} <= audited
