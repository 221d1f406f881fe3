"""Rows of contracts: types of service, suspensions, renewals, a takeover and price runs of company 1, made by a clerk as the program makes them."""

from __future__ import annotations

from typing import Any

from tests.house import House

FRESH_CONTRACTS: dict[str, dict[str, Any]] = {  # what makes a copy of a row another row
    "customers.price_index": {"month_on": "2031-01-01"},
    "customers.service_type": {"code": "XX"},
    "customers.service_suspension": {},
    "customers.contract_renewal": {},
}


def arrange_contracts(house: House) -> None:
    """One row in every table of contracts; a run in preview and a confirmed one."""
    with house.person("marta.bellini") as marta:
        for statement in (
            "insert into customers.service_type (company_id, code, description) values (1, 'RON', 'Ronda notturna')",
            "insert into customers.price_index (company_id, month_on, base_year, value) values (1, '2030-01-01', 2025, 110)",
            "insert into customers.service_suspension (company_id, service_id, starts_on, ends_on, reason) "
            "select 1, max(service_id), '2028-08-01', '2028-08-31', 'chiusura estiva' from customers.service where company_id = 1",
            "insert into customers.contract_renewal (company_id, contract_id, new_end_on, agreed_on) "
            "select 1, min(contract_id), '2029-12-31', '2025-01-10' from customers.contract where company_id = 1",
            "select customers.confirm_price_run(1, customers.prepare_price_run(1, 'tariff', 'Listino', '2029-01-01', '{\"percent\": 3}'))",
            "select customers.prepare_price_run(1, 'tariff', 'Listino', '2029-02-01', '{\"amount\": 1}')",
            "select customers.transfer_contract(1, c.contract_id, (select min(customer_id) from customers.customer where company_id = 1), "
            "'2028-01-01', 'Atto di prova', c.row_version) from (select * from customers.contract where company_id = 1 "
            "order by contract_id desc limit 1) as c",
        ):
            marta.execute(statement)
