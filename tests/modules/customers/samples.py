"""Customers and contracts for tests."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.tables import VatCode
from cms_desktop.modules.customers import actions
from cms_desktop.modules.customers.records import Service


def customer_values(name: str = "Oreficeria Bellini S.n.c.", **more: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "kind": "company", "name": name, "vat_number": "00743110157", "street": "Via de' Cerretani", "street_number": "22/R",
        "postal_code": "50123", "town": "Firenze", "istat_code": "048017", "province_code": "FI", "recipient_code": "M5UXCR1",
        "pec": "oreficeria@pec.example.it",
    }  # fmt: skip
    return values | more


def add_customer(unit: UnitOfWork, name: str = "Oreficeria Bellini S.n.c.", **more: Any) -> int:
    return actions.add_customer(unit, customer_values(name, **more))


def ordinary_vat(unit: UnitOfWork) -> int:
    return int(unit.value(sa.select(VatCode.vat_code_id).where(VatCode.company_id == unit.company_id, VatCode.code == "22")))


def service(unit: UnitOfWork, price: str = "100", **more: Any) -> Service:
    values: dict[str, Any] = {
        "service_id": 0, "description": "Collegamento allarme", "quantity": Decimal(1), "monthly_price": Decimal(price),
        "vat_code_id": ordinary_vat(unit), "frequency_months": 1, "anchor_month": 1, "is_in_advance": True,
        "starts_on": datetime.date(2024, 1, 1), "ends_on": None,
    }  # fmt: skip
    return Service(**(values | more))
