"""Every kind of corruption of the books is found and named. Each is made as the owner of the server, triggers and foreign keys off."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from server_schema import deploy
from tests.access.arranged import add_customer, prepare
from tests.access.arranged_books import arrange_books, post
from tests.access.arranged_vat import arrange_vat
from tests.house import House, copied_house

INVOICE = "(select min(invoice_id) from billing.invoice where state = 'issued')"
LAST = "(select max(invoice_id) from billing.invoice where state = 'issued')"
ITEM = "(select min(open_item_id) from ledger.open_item)"
ACCOUNT = "(select account_id from ledger.account where company_id = 1 and role = '%s')"
PARTY = "(select min(party_id) from registry.party where company_id = 1)"
# a takeover that fits, for the faults to spoil: from the first contract to the last
TRANSFER = """
update customers.contract set ends_on = '2027-12-31' where contract_id = (select min(contract_id) from customers.contract);
update customers.contract set starts_on = '2028-01-01' where contract_id = (select max(contract_id) from customers.contract);
insert into customers.contract_transfer (company_id, from_contract_id, to_contract_id, from_customer_id, to_customer_id, on_date, deed)
select 1, o.contract_id, n.contract_id, o.customer_id, n.customer_id, '2028-01-01', 'Atto di prova'
from customers.contract as o, customers.contract as n
where o.contract_id = (select min(contract_id) from customers.contract) and n.contract_id = (select max(contract_id) from customers.contract);
"""
ENTRY = "(select min(journal_entry_id) from ledger.journal_entry where source = 'invoice')"

REVERSAL = "(select max(journal_entry_id) from ledger.journal_entry where source = 'reversal')"
MESSAGE = (
    "insert into base.outbox_message (company_id, kind, purpose, recipient, subject, body, header_id, state, sent_at, handed_over_at, leased_by) "
    "values (1, 'billing.pec', 'pec', 'a@b.it', 'S', 'T', '<x@y>', 'sent', now(), now(), 2) returning outbox_message_id"
)

FAULTS: dict[str, list[str]] = {
    "numbers.gaps": [
        "update billing.invoice set number = 9, document_number = 'V 2025/9' where number = 2",
        "drop index billing.invoice_number; update billing.invoice set number = 1 where number = 2",
    ],
    "numbers.counter": ["update base.document_counter set last_number = last_number + 1"],
    "numbers.order": ["update billing.invoice set document_on = '2025-12-31' where number = 1"],
    "numbers.text": [f"update billing.invoice set document_number = 'PA 2025/1' where invoice_id = {INVOICE}"],
    "journal.balance": [f"update ledger.journal_line set debit_amount = debit_amount + 1 where line_no = 1 and journal_entry_id = {ENTRY}"],
    "journal.empty": [f"delete from ledger.journal_line where journal_entry_id = {ENTRY}"],
    "journal.invoice": [
        f"update ledger.journal_line set debit_amount = 1 where line_no = 1 and journal_entry_id = {ENTRY}",
        f"update ledger.journal_line set account_id = (select account_id from ledger.account where company_id = 1 and role = 'bank') "
        f"where line_no = 1 and journal_entry_id = {ENTRY}",
    ],
    "journal.payment": [
        "update ledger.journal_line set credit_amount = credit_amount + 1 where journal_entry_id = "
        "(select max(journal_entry_id) from ledger.journal_entry where source = 'payment') and credit_amount > 0"
    ],
    "invoice.posted": [f"delete from ledger.journal_entry where journal_entry_id = {ENTRY}"],
    "invoice.items": [f"update ledger.open_item set amount = amount + 0.01 where open_item_id = {ITEM}", f"delete from ledger.open_item where open_item_id = {ITEM}"],
    "invoice.totals": [
        f"update billing.invoice set net_amount = net_amount + 1, vat_amount = vat_amount - 1 where invoice_id = {INVOICE}",
        f"delete from billing.invoice_vat where invoice_id = {INVOICE}",
    ],
    "invoice.line_amount": [f"update billing.invoice_line set line_amount = line_amount + 1 where invoice_id = {INVOICE}"],
    "invoice.vat_amount": [f"update billing.invoice_vat set vat_amount = vat_amount + 0.02 where invoice_id = {INVOICE}"],
    "invoice.vat_lines": [
        f"update billing.invoice_vat set net_amount = net_amount + 1 where invoice_id = {INVOICE}",
        f"update billing.invoice_line set vat_code_id = vat_code_id + 1 where invoice_id = {INVOICE}",
    ],
    "invoice.payable": [
        f"update billing.invoice set payable_amount = payable_amount - 1 where invoice_id = {INVOICE}",
        f"insert into billing.invoice_withholding (company_id, invoice_id, position, kind, reason, rate, amount) values (1, {INVOICE}, 1, 'RT02', 'W', 4, 1)",
    ],
    "letter.used": [
        "insert into customers.intent_letter (company_id, customer_id, number, issued_on, plafond_amount, consumed_amount, valid_from, valid_to) "
        "select 1, min(customer_id), '1', '2025-01-01', 10, 1, '2025-01-01', '2025-12-31' from customers.customer where company_id = 1"
    ],
    "invoice.month_totals": ["update billing.month_total set net_amount = net_amount - 1", "delete from billing.month_total"],
    "item.settled": ["update ledger.allocation set amount = 9", f"update ledger.open_item set settled_amount = 1 where open_item_id = {ITEM}"],
    "customer.balance": ["update customers.balance set open_amount = open_amount + 5", "delete from customers.balance"],
    "payment.allocated": ["update ledger.payment set amount = 1"],
    "payment.free": ["update ledger.payment set unallocated_amount = unallocated_amount + 1"],
    "payment.bounced": ["update ledger.payment set bounced_on = on_date, unallocated_amount = 0"],
    "payment.customer": ["update ledger.payment as p set customer_id = (select customer_id from customers.customer as k where k.company_id = 1 and k.customer_id <> p.customer_id limit 1)"],
    "effect.items": ["update bank_effects.effect set amount = amount + 1", "delete from bank_effects.effect_item"],
    "effect.batch": ["update bank_effects.effect_batch set total_amount = total_amount + 1", "update bank_effects.effect_batch set effect_count = 99"],
    "effect.amount": ["update bank_effects.effect_item set amount = amount + 1000"],
    "service.periods": ["update billing.invoice_line set period_end = '2025-02-10' where period_start = '2025-01-01'"],
    "credits.line": [f"update billing.invoice_line set credited_invoice_id = {INVOICE}, credited_line_no = 1, line_amount = -1000 where invoice_id = {LAST}"],
    "credits.vat": [f"update billing.invoice_line set credited_invoice_id = {INVOICE}, line_amount = -1000 where invoice_id = {LAST}"],
    "credits.link": [
        f"update billing.invoice_line set credited_invoice_id = {LAST} where invoice_id = {INVOICE}",
        f"update billing.invoice set document_type = 'TD04', net_amount = -net_amount, vat_amount = -vat_amount, total_amount = -total_amount where invoice_id = {LAST}",
    ],
    "credits.periods": [f"update billing.invoice_line set holds_period = false where invoice_id = {INVOICE}"],
    "orphans.invoices": [f"update billing.invoice set customer_id = 999999 where invoice_id = {INVOICE}"],
    "orphans.lines": [f"update billing.invoice_line set vat_code_id = 999999 where invoice_id = {INVOICE}", f"delete from billing.invoice where invoice_id = {INVOICE}"],
    "orphans.ledger": [f"update ledger.journal_line set account_id = 999999 where journal_entry_id = {ENTRY}", "delete from customers.customer where company_id = 1"],
    "orphans.entries": [f"delete from billing.invoice where invoice_id = {INVOICE}", "delete from ledger.payment"],
    "orphans.items": [f"update ledger.open_item set source_id = 999999 where open_item_id = {ITEM}"],
    "orphans.allocations": ["delete from ledger.payment", "delete from ledger.open_item where settled_amount <> 0"],
    "orphans.effects": ["delete from bank_effects.effect_batch", f"delete from ledger.open_item where open_item_id = {ITEM}"],
    "vat.journal": [
        f"update ledger.journal_line set credit_amount = credit_amount - 1 where journal_entry_id = {ENTRY} and account_id = {ACCOUNT % 'vat_sales'}",
        f"update ledger.journal_line set account_id = {ACCOUNT % 'vat_sales'} where account_id = {ACCOUNT % 'vat_suspended'}",
        "update billing.invoice_vat set exigibility = 'I' where exigibility = 'D'",
    ],
    "vat.deferred": [
        "delete from billing.vat_collection", "update billing.vat_collection set vat_amount = vat_amount + 0.01",
        "update billing.vat_collection set net_amount = net_amount - 0.01", "update ledger.open_item set settled_amount = 60 where settled_amount = 61",
    ],
    "vat.collected": [
        "update billing.vat_collection set due_on = due_on + 1", "delete from ledger.journal_entry where source = 'vat_collected'",
        "update billing.vat_collection set vat_amount = 10",
    ],
    "vat.settlement": ["update billing.vat_settlement set active_net = 1", "update billing.vat_settlement set due_vat = 1, result_amount = 1",
                       "update billing.vat_collection set on_date = '2024-01-31', due_on = '2024-01-31'"],
    "vat.settlement_sum": ["update billing.vat_settlement set result_amount = 1", "update billing.vat_settlement set deducted_vat = 2, result_amount = -2"],
    "vat.print": ["update billing.register_print set row_count = 1", "update billing.register_print set vat_amount = 1",
                  f"update billing.invoice set document_type = 'TD17', document_on = '2024-01-31', year = 2024, supplier_id = customer_id, supplier = buyer, customer_id = null where invoice_id = {INVOICE}"],
    "file.totals": ["update billing.file_total set file_count = file_count + 1", "update billing.file_total set total_amount = 0",
                    "update billing.transmission set state = 'sent'"],
    "vat.pages": ["update billing.register_print set first_page = 2"],
    "journal.revenue": ["update ledger.journal_line set account_id = (select account_id from ledger.account where company_id = 1 and role = 'rounding') "
                        f"where journal_entry_id = {ENTRY} and account_id = (select account_id from ledger.account where company_id = 1 and role = 'revenue')",
                        f"update ledger.journal_line set credit_amount = credit_amount + 1 where line_no = 3 and journal_entry_id = {ENTRY}"],
    "invoice.unposted": [f"insert into billing.unposted_invoice (company_id, invoice_id, document_on) select 1, invoice_id, document_on from billing.invoice where invoice_id = {INVOICE}"],
    "account.place": ["update ledger.account set parent_id = (select account_id from ledger.account where company_id = 1 and code = '58') where company_id = 1 and code = '66.01'",
                      "update ledger.account set is_postable = false where company_id = 1 and code = '66.15'"],
    "journal.reversal": [f"update ledger.journal_line set account_id = (select account_id from ledger.account where company_id = 1 and code = '66.20') where line_no = 1 and journal_entry_id = {REVERSAL}",
                         f"update ledger.journal_entry set on_date = '2020-01-01' where journal_entry_id = {REVERSAL}"],
    "journal.numbers": ["update ledger.journal_entry set number = 7 where number = 1", "delete from ledger.journal_print",
                        "update ledger.journal_print set debit_amount = 0", "update ledger.journal_print set first_number = 2, last_number = 2"],
    "period.balances": ["update ledger.account_balance set debit_amount = debit_amount + 1",
                        f"update ledger.journal_entry set on_date = '2024-06-01' where journal_entry_id = {ENTRY}",
                        "delete from ledger.account_balance where account_id = (select min(account_id) from ledger.account_balance)"],
    "export.entries": ["delete from ledger.journal_export_entry", "update ledger.journal_export set content = 'other'", "update ledger.journal_export set debit_amount = 0"],
    "outbox.files": [
        f"insert into billing.transmission (company_id, invoice_id, file_name, content, sha256, state) select 1, {INVOICE}, 'x.xml', 'x', 'x', 'queued'",
        f"with made as ({MESSAGE}) insert into billing.transmission (company_id, invoice_id, file_name, content, sha256, state, outbox_message_id) "
        f"select 1, {INVOICE}, 'x.xml', 'x', 'x', 'ready', outbox_message_id from made",
    ],
    "outbox.senders": [MESSAGE.replace("handed_over_at, leased_by", "handed_over_at, decided_by")],
    "person.role": ["update base.person set role_name = 'gone_away' where person_id = 2"],
    "registry.sections": ["update registry.section_count set parties = parties + 1 where section = 'party'", "delete from registry.section_count"],
    "registry.role_name": ["update registry.party_role set search_key = 'altro nome'"],
    "registry.customer_role": ["update registry.party_role set until_on = current_date where role = 'customer'", "delete from registry.party_role"],
    "registry.merged_twice": [f"update registry.party set survivor_id = case party_id when {PARTY} then {PARTY} + 1 else {PARTY} end where party_id in ({PARTY}, {PARTY} + 1)"],
    "contracts.price": [
        "update customers.service set monthly_price = monthly_price + 1 where kind = 'recurring'",
        "update customers.service_price set price = price + 0.01", "delete from customers.service_price",
    ],
    "contracts.billed": [
        "update customers.service_billing set billed_until = billed_until + 1", "delete from customers.service_billing",
        "update billing.invoice_line set period_start = period_start - 1 where period_start = '2025-01-01'",
    ],
    "contracts.transfer": [
        f"{TRANSFER} update customers.contract set starts_on = starts_on + 1 where contract_id = (select max(contract_id) from customers.contract)",
        f"{TRANSFER} update customers.contract set ends_on = ends_on - 1 where contract_id = (select min(contract_id) from customers.contract)",
    ],
    "notes.content_parts": ["delete from registry.content_chunk", "update registry.content set byte_count = byte_count + 1"],
    "notes.content_digest": ["update registry.content_chunk set bytes = 'Xontratto firmato'"],
    "notes.minutes": ["update registry.note set minutes = minutes + 5", "update registry.note_event set minutes = 1"],
    "notes.private_notice": ["update base.notice set min_rank = 0 where source_table = 'registry.note'"],
    "audit.seal": [
        "update base.audit_entry set login = 'somebody else' where audit_id = (select min(audit_id) from base.audit_entry where company_id = 1)",
        "delete from base.audit_entry where audit_id = (select min(audit_id) from base.audit_entry where company_id = 1)",
        "update base.audit_seal set digest = '\\x00'",
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def books() -> Iterator[House]:
    """Two months invoiced, a payment with its entry, a batch of effects; the register sealed."""
    with copied_house() as house:
        with house.owner() as owner:
            for code in ("100", "101"):
                add_customer(owner, code)
        with house.person("marta.bellini") as marta:
            for month in ("2025-01-01", "2025-02-01"):
                marta.execute("select billing.issue_run(1, %s)", (prepare(marta, month),))
            marta.execute(
                "select billing.store_files(1, array[max(invoice_id)], array['IT01234567897_00077.xml'], array['<x/>'::bytea]) "
                "from billing.invoice where state = 'issued'"
            )
        with house.person("carlo.conti") as carlo:
            carlo.execute(
                "select bank_effects.create_batch(1, (select bank_account_id from base.bank_account), '2025-01-01', '2026-12-31')"
            )
            entry = post(carlo, "2025-03-02", "66.15", "18.01", "3.00")
            carlo.execute("select ledger.reverse_entry(1, %s, '2025-03-03', 'prova')", (entry,))
        arrange_books(house)
        with house.owner() as owner:
            owner.execute(PAYMENT)
            owner.execute(NOTES)
        arrange_vat(house)
        with house.owner() as owner:
            owner.execute("select base.seal_audit(1, '-1 second')")
        yield house


PAYMENT = """
with item as (select * from ledger.open_item order by open_item_id desc limit 1),
paid as (insert into ledger.payment (company_id, customer_id, on_date, method, amount) select 1, customer_id, '2025-03-01', 'MP05', 10 from item
         returning payment_id, customer_id),
allocated as (insert into ledger.allocation (company_id, payment_id, open_item_id, amount) select 1, payment_id, open_item_id, 10 from paid, item),
entry as (insert into ledger.journal_entry (company_id, on_date, description, source, source_id)
          select 1, '2025-03-01', 'Incasso', 'payment', payment_id from paid returning journal_entry_id)
insert into ledger.journal_line (company_id, journal_entry_id, line_no, account_id, customer_id, debit_amount, credit_amount)
select 1, e.journal_entry_id, n, a.account_id, p.customer_id, case n when 1 then 10 else 0 end, case n when 2 then 10 else 0 end
from entry as e cross join paid as p cross join (values (1), (2)) as l(n)
join ledger.account as a on a.company_id = 1 and a.role = case n when 1 then 'bank' else 'receivable' end
"""


# a document of one chunk, a private note with its notice, a task with time spent
NOTES = """
with made as (
  insert into registry.content (company_id, state, digest, byte_count, chunk_count, created_by)
  values (1, 'complete', sha256(sha256('Contratto firmato')), 17, 1, 1) returning content_id)
insert into registry.content_chunk (company_id, content_id, position, bytes) select 1, content_id, 0, 'Contratto firmato' from made;
with made as (
  insert into registry.note (company_id, party_id, read_function, words, is_private, min_rank, minutes)
  select 1, min(party_id), 'registry.read', 'Riservata', true, 2, 30 from registry.party where company_id = 1 returning note_id)
, told as (
  insert into registry.note_event (company_id, note_id, kind, minutes, created_by) select 1, note_id, 'done', 30, 1 from made)
insert into base.notice (company_id, person_id, kind, title, body, read_function, source_table, source_id, min_rank)
select 1, 1, 'registry.note', 'x', 'x', 'registry.read', 'registry.note', note_id, 2 from made;
"""
GUARDS_OFF = """
do $$
declare one record;
begin
  for one in select distinct tgrelid::regclass as tab from pg_trigger where not tgisinternal and tgenabled = 'A' loop
    execute format('alter table %s disable trigger all', one.tab);
  end loop;
end $$
"""


def found_after(connection: psycopg.Connection[Any], order: str) -> dict[str, int]:
    """check → how many rows it finds after the fault; nothing stays."""
    with connection.transaction(force_rollback=True):
        connection.execute(GUARDS_OFF)
        connection.execute("set local session_replication_role = replica")
        connection.execute(order)  # type: ignore[call-overload]
        connection.execute("set local session_replication_role = origin")
        run = connection.execute("select base.run_checks(1, 'nightly')").fetchone()
        assert run is not None
        rows = connection.execute(
            "select check_key, row_count from base.integrity_finding where company_id = 1 and integrity_run_id = %s", run
        ).fetchall()
        return dict(rows)


def test_sound_books_have_nothing_to_find(books: House) -> None:
    with books.owner() as owner:
        assert found_after(owner, "select 1") == {}
        assert deploy.check(owner) == []


@pytest.mark.parametrize(("key", "order"), [(key, order) for key, orders in FAULTS.items() for order in orders])
def test_each_corruption_is_found_and_named(books: House, key: str, order: str) -> None:
    with books.owner() as owner:
        found = found_after(owner, order)
    assert key in found, found


def test_every_check_has_a_fault_that_it_finds_and_says_what_to_do() -> None:
    ours = [one for one in deploy.checks() if not one.key.startswith(("charges.", "customers.", "other."))]
    assert {one.key for one in ours} == set(FAULTS)
    assert [one.key for one in ours if not (one.meaning and one.remedy)] == []
    assert len({one.key for one in deploy.checks()}) == len(list(deploy.checks()))


def test_the_faults_of_one_company_are_no_finding_of_another(books: House) -> None:
    with books.owner() as owner, owner.transaction(force_rollback=True):
        owner.execute("set local session_replication_role = replica")
        owner.execute("update base.document_counter set last_number = last_number + 1")
        run = owner.execute("select base.run_checks(2, 'nightly')").fetchone()
        rows = owner.execute("select check_key from base.integrity_finding where integrity_run_id = %s", run).fetchall()
        assert rows == []


def test_a_finding_keeps_the_first_rows_and_how_many_there_are(books: House) -> None:
    with books.owner() as owner, owner.transaction(force_rollback=True):
        owner.execute("set local session_replication_role = replica")
        owner.execute(
            "update base.document_counter set last_number = 77 where document_series_id = (select min(document_series_id) from base.document_series)"
        )
        owner.execute("select base.run_checks(1, 'nightly')")
        row = owner.execute("select row_count, samples, r.finding_count, r.check_count from base.integrity_finding join base.integrity_run as r "
                            "using (company_id, integrity_run_id) where check_key = 'numbers.counter'").fetchone()  # fmt: skip
        assert row is not None
        assert row[0] == 1 and row[1][0]["last_number"] == 77 and row[2] == 1 and row[3] == len(list(deploy.checks()))


def test_a_seal_follows_the_one_before_and_nothing_new_is_sealed_twice(house: House) -> None:
    with house.owner() as owner:
        seals = [owner.execute("select base.seal_audit(1, '-1 second')").fetchone() for _ in range(2)]
        assert seals[0] is not None and seals[0][0] is not None
        rows = owner.execute(
            "select first_audit_id, last_audit_id, entry_count from base.audit_seal where company_id = 1 order by 2"
        ).fetchall()
        assert all(before[1] < after[0] for before, after in itertools.pairwise(rows))
        assert owner.execute("select * from base.broken_seals()").fetchall() == []
