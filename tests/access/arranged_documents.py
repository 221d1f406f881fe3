"""Documents made by hand of company 1: a draft, an issued invoice, a credit note of it."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from tests.house import House


def document(marta: psycopg.Connection[Any], kind: str = "TD01", **more: Any) -> Jsonb:
    """Facts of a document of the first customer of company 1, one line of 100 euro."""
    row = marta.execute(
        "select min(customer_id), (select document_series_id from base.document_series where company_id = 1 and code = 'V'), "
        "(select vat_code_id from base.vat_code where company_id = 1 and code = '22') from customers.customer where company_id = 1"
    ).fetchone()
    assert row is not None
    line = {"description": "Piantonamento", "quantity": 1, "unit_price": 100, "vat_code": row[2]}
    return Jsonb({"document_type": kind, "series": row[1], "customer": row[0], "document_on": "2025-02-15", "lines": [line]} | more)


def save(marta: psycopg.Connection[Any], facts: Jsonb) -> tuple[int, int]:
    """A draft: its id and version."""
    row = marta.execute("select d ->> 'invoice', d ->> 'version' from billing.save_document(1, %s) as d", (facts,)).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def arrange_documents(house: House) -> None:
    with house.person("marta.bellini") as marta:
        save(marta, document(marta))
        made, version = save(marta, document(marta, references=[{"kind": "order", "number": "OdA 7", "cig_code": "Z1234567AB"}]))
        marta.execute("select billing.issue_document(1, %s, %s)", (made, version))
        back = {"description": "Storno", "quantity": 1, "unit_price": 40, "credited_invoice": made, "credited_line": 1}
        note, version = save(marta, document(marta, "TD04", lines=[back], references=[{"kind": "invoice", "invoice": made}]))
        marta.execute("select billing.issue_document(1, %s, %s)", (note, version))
