"""Rows of the master data of customers: made by a clerk of company 1, as the program makes them."""

from __future__ import annotations

from typing import Any

from tests.house import House

FRESH_CUSTOMERS: dict[str, dict[str, Any]] = {  # what makes a copy of a row another row
    "customers.intent_letter": {},
    "customers.mandate": {"reference": "MND-2"},
    "customers.appointment": {"role": "collector"},
    "customers.site": {"code": "S2"},
    "customers.plant": {"code": "A200"},
    "customers.held_key": {"number": "K2"},
    "customers.site_contact": {"contact_person_id": 2},
}


def arrange_customers(house: House) -> None:
    """A letter of intent, a collected mandate with an amendment, an agent, a site with a plant and a key; for the first customer."""
    with house.person("marta.bellini") as marta, house.owner() as owner:
        found = owner.execute("select min(customer_id) from customers.customer where company_id = 1").fetchone()
        facts = {"customer": found and found[0]}
        for statement in (
            "insert into customers.intent_letter (company_id, customer_id, number, issued_on, plafond_amount, valid_from, valid_to) "
            "values (1, %(customer)s, '1/2024', '2024-01-02', 1000, '2024-01-02', '2024-12-31')",
            "insert into customers.mandate (company_id, customer_id, reference, iban, signed_on, state) values (1, %(customer)s, 'MND-1', "
            "'IT60X0542811101000000123456', '2025-01-10', 'active')",
            "insert into customers.appointment (company_id, customer_id, role, party_id) values (1, %(customer)s, 'agent', %(customer)s)",
            "insert into customers.site (company_id, customer_id, code, name) values (1, %(customer)s, 'S1', 'Magazzino')",
            "insert into customers.plant (company_id, site_id, code) select 1, site_id, 'A100' from customers.site where company_id = 1",
            "insert into customers.held_key (company_id, site_id, number) select 1, site_id, 'K1' from customers.site where company_id = 1",
            "insert into registry.contact_person (company_id, party_id, name) values (1, %(customer)s, 'Ugo Custode'), (1, %(customer)s, 'Ida Serra')",
            "insert into customers.site_contact (company_id, site_id, contact_person_id) select 1, site_id, (select min(contact_person_id) from "
            "registry.contact_person where company_id = 1) from customers.site where company_id = 1",
        ):
            marta.execute(statement, facts)
        owner.execute("update customers.mandate set last_collected_on = '2025-02-28', row_version = row_version + 1")
        marta.execute(
            "update customers.mandate set iban = 'IT28W8000000292100645211151', row_version = row_version + 1 where company_id = 1"
        )
