"""Customers, contracts and services for billing tests, put in place by SQL."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import psycopg

from tests.house import House


def vat_number(place: int) -> str:
    """A VAT number with the right check digit (Luhn): seven digits, the office of Turin, the check."""
    digits = f"{4_000_000 + place:07}001"
    total = sum(int(d) for d in digits[::2]) + sum(sum(divmod(2 * int(d), 10)) for d in digits[1::2])
    return f"{digits}{-total % 10}"


class World:
    """Arranges as the owner; every method commits."""

    def __init__(self, house: House, company: int = 1) -> None:
        self.house, self.company = house, company
        self.owner: psycopg.Connection[Any] = house.owner()
        self.owner.autocommit = True
        self._made = 0
        self.owner.execute(  # a number the tax office would take, so that files can be made
            "update base.company set vat_number = '00488410010', tax_code = '00488410010', row_version = row_version + 1 where company_id = %s",
            (company,),
        )

    def close(self) -> None:
        self.owner.close()

    def value(self, text: str, *values: object) -> Any:
        row = self.owner.execute(text, values).fetchone()
        return row[0] if row else None

    def term(self, code: str) -> int:
        return self.value("select payment_term_id from base.payment_term where company_id = %s and code = %s", self.company, code)

    def vat(self, code: str) -> int:
        return self.value("select vat_code_id from base.vat_code where company_id = %s and code = %s", self.company, code)

    def series(self, code: str = "V") -> int:
        return self.value("select document_series_id from base.document_series where company_id = %s and code = %s", self.company, code)

    def customer(self, name: str, *, kind: str = "company", term: str | None = "BB30", recipient_code: str = "ABCDEF1", **more: Any) -> int:
        self._made += 1
        party = {
            "kind": kind, "name": name, "street": "Via Po", "street_number": "1", "postal_code": "10123", "town": "Torino",
            "province_code": "TO", "vat_number": vat_number(self._made),
        }  # fmt: skip
        own = {"is_split_payment", "iban", "bank_name", "state"}
        party |= {key: value for key, value in more.items() if key not in own}
        number = self._insert("registry.party", "party_id", party)
        facts = {"customer_id": number, "code": f"C{number:05}", "recipient_code": recipient_code}
        facts |= {"payment_term_id": self.term(term) if term else None} | {key: value for key, value in more.items() if key in own}
        self._insert("customers.customer", "customer_id", facts)
        return number

    def contract(self, customer: int, number: str = "", **more: Any) -> int:
        self._made += 1
        facts = {"customer_id": customer, "number": number or f"K-{self._made:04}", "starts_on": datetime.date(2020, 1, 1)} | more
        return self._insert("customers.contract", "contract_id", facts)

    def service(self, contract: int, price: str = "100.00", *, months: int = 1, vat: str = "22", **more: Any) -> int:
        facts = {
            "contract_id": contract, "description": "Vigilanza notturna", "monthly_price": Decimal(price), "frequency_months": months,
            "vat_code_id": self.vat(vat), "starts_on": datetime.date(2020, 1, 1),
        } | more  # fmt: skip
        return self._insert("customers.service", "service_id", facts)

    def change_service(self, service: int, **facts: Any) -> None:
        sets = ", ".join(f"{name} = %s" for name in facts)
        self.owner.execute(
            f"update customers.service set row_version = row_version + 1, {sets} where company_id = %s and service_id = %s",
            (*facts.values(), self.company, service),
        )

    def simple(self, name: str, price: str = "100.00", **more: Any) -> tuple[int, int, int]:
        """A customer with one contract and one monthly service: (customer, contract, service)."""
        customer = self.customer(name, **more)
        contract = self.contract(customer)
        return customer, contract, self.service(contract, price)

    def many(self, count: int) -> None:
        """Customers with a contract and two services each, in three statements."""
        self.owner.execute(
            "insert into registry.party (company_id, kind, name, vat_number, street, street_number, postal_code, town, province_code) "
            "select %s, 'company', 'Cliente ' || lpad(n::text, 6, '0'), '00743110157', 'Via Po', '1', '10123', 'Torino', 'TO' "
            "from generate_series(1, %s) as n", (self.company, count),
        )  # fmt: skip
        self.owner.execute(
            "insert into customers.customer (company_id, customer_id, code, recipient_code, payment_term_id) "
            "select company_id, party_id, 'M' || party_id, 'ABCDEF1', %s from registry.party where company_id = %s and name like 'Cliente 0%%'",
            (self.term("BB30"), self.company),
        )  # fmt: skip
        self.owner.execute(
            "insert into customers.contract (company_id, customer_id, number, starts_on) select company_id, customer_id, 'M-' || code, '2020-01-01' "
            "from customers.customer where company_id = %s and code like 'M%%'", (self.company,),
        )  # fmt: skip
        self.owner.execute(
            "insert into customers.service (company_id, contract_id, description, monthly_price, vat_code_id, frequency_months, starts_on) "
            "select c.company_id, contract_id, 'Servizio ' || n, 10 + n, %s, 1, '2020-01-01' from customers.contract as c, generate_series(1, 2) as n "
            "where c.company_id = %s and c.number like 'M-%%'", (self.vat("22"), self.company),
        )  # fmt: skip

    def collect(self, invoice_id: int, amount: str) -> None:
        """A payment of a part of an invoice."""
        with self.owner.transaction():
            self.owner.execute("set local role cms_bookkeeper")
            row = self.owner.execute(
                "select open_item_id, customer_id from ledger.open_item where company_id = %s and source = 'invoice' and source_id = %s "
                "order by installment", (self.company, invoice_id),
            ).fetchone()  # fmt: skip
            assert row is not None
            payment = self.value(
                "insert into ledger.payment (company_id, customer_id, on_date, method, amount, description) "
                "values (%s, %s, current_date, 'MP05', %s, 'Bonifico') returning payment_id", self.company, row[1], amount,
            )  # fmt: skip
            self.owner.execute(
                "insert into ledger.allocation (company_id, payment_id, open_item_id, amount) values (%s, %s, %s, %s)",
                (self.company, payment, row[0], amount),
            )

    def _insert(self, table: str, key: str, facts: dict[str, Any]) -> int:
        names = ", ".join(["company_id", *facts])
        marks = ", ".join(["%s"] * (len(facts) + 1))
        return self.value(f"insert into {table} ({names}) values ({marks}) returning {key}", self.company, *facts.values())
