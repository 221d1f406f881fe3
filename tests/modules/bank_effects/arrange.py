"""Customers with open items, put straight into a test database."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from cms_desktop.core.fiscal import italian_iban, vat_number_from
from tests.house import House

GOOD_IBAN = italian_iban("02008", "01600", "000012345678")


@dataclass(frozen=True)
class Debtor:
    """A customer of the test; `dues`: (days from today, amount)."""

    name: str
    dues: tuple[tuple[int, str], ...]
    iban: str = GOOD_IBAN
    street: str = "Via Roma"
    vat_number: str = ""


def add_debtors(house: House, *debtors: Debtor, company: int = 1, today: datetime.date | None = None) -> list[int]:
    """Customers with RiBa items; returns their ids."""
    today, ids = today or datetime.date.today(), []
    with house.owner() as connection:
        connection.execute("set role cms_bookkeeper")
        for number, debtor in enumerate(debtors, 1):
            last = connection.execute("select coalesce(max(party_id), 0) from registry.party where company_id = %s", (company,)).fetchone()
            assert last is not None
            vat = debtor.vat_number or vat_number_from(f"{7_000_000_000 + company * 1000 + last[0] + number:010d}")
            row = connection.execute(
                "insert into registry.party (company_id, name, vat_number, tax_code, street, street_number, postal_code, town, province_code) "
                "values (%s, %s, %s, %s, %s, '5', '10121', 'Torino', 'TO') returning party_id",
                (company, debtor.name, vat, vat, debtor.street),
            ).fetchone()
            assert row is not None
            ids.append(row[0])
            connection.execute(
                "insert into customers.customer (company_id, customer_id, code, iban, bank_name) values (%s, %s, %s, %s, 'UniCredit')",
                (company, row[0], f"C{row[0]:05d}", debtor.iban),
            )
            for place, (days, amount) in enumerate(debtor.dues, 1):
                connection.execute(
                    "insert into ledger.open_item (company_id, customer_id, source, source_id, installment, document_number, document_on, "
                    "due_on, method, amount) values (%s, %s, 'manual', %s, %s, %s, %s, %s, 'MP12', %s)",
                    (
                        company, row[0], row[0], place, f"V 2026/{row[0]}{place}", today - datetime.timedelta(days=30),
                        today + datetime.timedelta(days=days), Decimal(amount),
                    ),
                )  # fmt: skip
        connection.commit()
    return ids
