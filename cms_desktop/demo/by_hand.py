"""Documents made by hand on the last day of the month, after its run: invoices, credit notes, self-invoices, and drafts somebody is still writing."""

from __future__ import annotations

import datetime
import random
from typing import Any, LiteralString

import psycopg
from psycopg.types.json import Jsonb

from cms_desktop.demo.customers import Plan

MOST = 6  # of each kind, however many customers
WORKS = (
    ("Sopralluogo e piano di sicurezza", "1", "320.00", ""),
    ("Piantonamento per evento", "16", "24.50", "ore"),
    ("Sostituzione sensore perimetrale", "2", "148.00", "pz"),
    ("Duplicazione chiavi e registrazione", "3", "22.00", "pz"),
    ("Intervento di apertura straordinaria", "1", "95.00", ""),
    ("Scorta per trasferimento valori", "4", "68.00", "ore"),
)
REASONS = ("Servizio non reso nei giorni festivi", "Canone già ridotto con variazione di contratto", "Fatturazione non dovuta: sede chiusa")


def write_by_hand(connection: psycopg.Connection[Any], plan: Plan, clerk: int) -> None:
    """Nothing where there are no invoices yet. The same seed writes the same documents."""
    chance = random.Random(f"by hand {plan.seed} {plan.company_id}")
    place = {"company": plan.company_id, "many": MOST}
    customers = connection.execute(_CUSTOMERS, place).fetchall()
    if not customers:
        return
    found: Any = connection.execute(_CODES, place).fetchone()
    series, own_series, vat = found
    day = plan.month - datetime.timedelta(days=1)
    for (customer,) in customers:
        facts = _invoice(day, series, customer, vat, chance)
        _issue(connection, plan, facts, clerk)
    for invoice, _customer in connection.execute(_CREDITABLE, place | {"day": day}).fetchall():
        _credit(connection, plan, day, series, invoice, chance, clerk)
    for number, (supplier,) in enumerate(connection.execute(_SUPPLIERS, place).fetchall(), start=1):
        line = {
            "description": "Pulizia dei locali della centrale (art. 17, c. 6, lett. a-ter, DPR 633/72)",
            "quantity": "1",
            "unit_price": f"{chance.randint(12, 90)}0.00",
            "vat_code": vat,
        }
        facts = {"document_type": "TD16", "series": own_series, "supplier": supplier, "document_on": day.isoformat(), "lines": [line],
                 "received_number": f"{day.year}-{number:04}", "received_on": (day - datetime.timedelta(days=6)).isoformat()}  # fmt: skip
        _issue(connection, plan, facts, clerk)
    for number, (customer,) in enumerate(customers[:3]):
        made = _write(connection, plan, _invoice(day, series, customer, vat, chance))
        if number == 0:
            connection.execute(_PRO_FORMA, place | {"invoice": made[0], "year": day.year})


def _invoice(day: datetime.date, series: Any, customer: int, vat: int, chance: random.Random) -> dict[str, Any]:
    lines = [
        {"description": words, "quantity": quantity, "unit_price": price, "unit": unit, "vat_code": vat}
        for words, quantity, price, unit in chance.sample(WORKS, chance.randint(1, 3))
    ]
    return {"document_type": "TD01", "series": series, "customer": customer, "document_on": day.isoformat(), "lines": lines}


def _credit(
    connection: psycopg.Connection[Any], plan: Plan, day: datetime.date, series: Any, invoice: int, chance: random.Random, clerk: int
) -> None:
    """Half of them take back everything, the others a part of the first line."""
    rows = connection.execute(_LEFT, {"company": plan.company_id, "invoice": invoice}).fetchall()
    if not rows or chance.random() < 0.5:
        rows = rows[:1]
        part = 3
    else:
        part = 1
    lines = [
        {"description": text, "quantity": str(quantity), "unit_price": str(round(left / quantity / part, 2)), "credited_invoice": invoice,
         "credited_line": place}
        for place, text, quantity, left in rows
    ]  # fmt: skip
    if not lines or any(float(one["unit_price"]) <= 0 for one in lines):
        return
    facts = {
        "document_type": "TD04", "series": series, "customer": connection.execute(_CUSTOMER_OF, {"company": plan.company_id, "invoice": invoice}).fetchone()[0],  # type: ignore[index]
        "document_on": day.isoformat(), "lines": lines, "references": [{"kind": "invoice", "invoice": invoice}], "compensates": True,
        "notes": chance.choice(REASONS),
    }  # fmt: skip
    _issue(connection, plan, facts, clerk)


def _write(connection: psycopg.Connection[Any], plan: Plan, facts: dict[str, Any]) -> tuple[int, int]:
    row = connection.execute("select billing.write_document(%s, %s)", (plan.company_id, Jsonb(facts))).fetchone()
    assert row is not None
    return row[0]["invoice"], row[0]["version"]


def _issue(connection: psycopg.Connection[Any], plan: Plan, facts: dict[str, Any], clerk: int) -> None:
    invoice, version = _write(connection, plan, facts)
    moment = datetime.datetime.combine(plan.month - datetime.timedelta(days=1), datetime.time(17, 15), datetime.UTC)
    connection.execute(
        "update billing.invoice set created_by = %s where company_id = %s and invoice_id = %s", (clerk, plan.company_id, invoice)
    )
    connection.execute("select billing.issue_draft(%s, %s, %s, %s)", (plan.company_id, invoice, version, moment))


_CUSTOMERS: LiteralString = """
select k.customer_id from customers.customer as k join registry.party as p on p.company_id = k.company_id and p.party_id = k.customer_id
where k.company_id = %(company)s and k.state = 'active' and k.payment_term_id is not null and p.kind = 'company' and p.vat_number is not null
  and p.street <> '' and p.postal_code ~ '^[0-9]{5}$' and length(k.recipient_code) = 7
order by k.customer_id limit %(many)s"""
_CODES: LiteralString = """
select (select document_series_id from base.document_series where company_id = %(company)s and code = 'V'),
       (select document_series_id from base.document_series where company_id = %(company)s and code = 'AF'),
       (select vat_code_id from base.vat_code where company_id = %(company)s and code = '22')"""
_CREDITABLE: LiteralString = """
select i.invoice_id, i.customer_id from billing.invoice as i
join ledger.open_item as o on o.company_id = i.company_id and o.source = 'invoice' and o.source_id = i.invoice_id and o.installment = 1
where i.company_id = %(company)s and i.state = 'issued' and i.document_type = 'TD01' and i.billing_run_id is not null and i.buyer ->> 'kind' = 'company'
  and o.open_amount = o.amount and o.method <> 'MP12' and i.withholding_amount = 0
  and i.document_on = %(day)s
order by i.invoice_id desc limit %(many)s"""
_CUSTOMER_OF: LiteralString = "select customer_id from billing.invoice where company_id = %(company)s and invoice_id = %(invoice)s"
_LEFT: LiteralString = """
select r.line_no, l.description, l.quantity, r.left_amount
from billing.left_to_credit(%(company)s, array[%(invoice)s]::bigint[]) as r
join billing.invoice_line as l on l.company_id = %(company)s and l.invoice_id = r.invoice_id and l.line_no = r.line_no
order by r.line_no"""
_SUPPLIERS: LiteralString = """
select party_id from registry.party_role where company_id = %(company)s and role = 'supplier' order by party_id limit 2"""
_PRO_FORMA: LiteralString = """
update billing.invoice set pro_forma_number = 'PF ' || year || '/' || base.next_internal_number(%(company)s, 'billing.pro_forma', %(year)s),
  pro_forma_on = document_on
where company_id = %(company)s and invoice_id = %(invoice)s"""
