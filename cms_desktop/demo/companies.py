"""The two demonstration companies and who works in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

from cms_desktop.core.fiscal import creditor_identifier, italian_iban, vat_number_from
from server_schema import setup

DEMO_PASSWORD = "vigilanza demo 2026!"  # noqa: S105 (known to everybody, on purpose)


@dataclass(frozen=True)
class DemoCompany:
    """A company to found. `provinces` are home province and region, most customers live there."""

    name: str
    vat_number: str
    share: float
    city: str
    province: str
    neighbour: str
    details: dict[str, Any]
    banks: tuple[tuple[str, str, str], ...]  # name, IBAN, SIA code


AURORA = DemoCompany(
    "Vigilanza Aurora S.r.l.", vat_number_from("0948512001"), 0.6, "Torino", "TO", "Lombardia",
    {
        "street": "Corso Regina Margherita", "street_number": "118", "postal_code": "10124", "town": "Torino", "province_code": "TO",
        "rea_office": "TO", "rea_number": "1087432", "share_capital": 250_000, "is_sole_holder": False, "phone": "011 5550118",
        "email": "amministrazione@vigilanza-aurora.example", "pec": "vigilanza-aurora@pec.example",
    },
    (("Intesa Sanpaolo, Torino", italian_iban("03069", "01000", "100000118204"), "A4K7T"),
     ("Banca Sella, Torino", italian_iban("03268", "01000", "052874930110"), "A4K7T")),
)  # fmt: skip
SAN_MARCO = DemoCompany(
    "Istituto di Vigilanza San Marco S.p.A.", vat_number_from("0731964015"), 0.4, "Milano", "MI", "Piemonte",
    {
        "street": "Viale Certosa", "street_number": "41", "postal_code": "20149", "town": "Milano", "province_code": "MI",
        "rea_office": "MI", "rea_number": "2104763", "share_capital": 1_000_000, "is_sole_holder": True, "phone": "02 55540041",
        "email": "contabilita@vigilanza-sanmarco.example", "pec": "vigilanza-sanmarco@pec.example",
    },
    (("UniCredit, Milano", italian_iban("02008", "01600", "000102938475"), "S9M2V"),
     ("Banco BPM, Milano", italian_iban("05034", "01600", "000000041900"), "S9M2V")),
)  # fmt: skip
COMPANIES = (AURORA, SAN_MARCO)

# login, name, company (0 Aurora, 1 San Marco): job preset, what the job is called
_PERSONS: tuple[tuple[str, str, dict[int, str], str], ...] = (
    ("anna.ferrero", "Anna Ferrero", {0: "amministratore"}, "Amministratrice"),
    ("marta.bellini", "Marta Bellini", {0: "fatturista"}, "Fatturista"),
    ("carlo.conti", "Carlo Conti", {0: "contabile"}, "Contabile"),
    ("giulia.moretti", "Giulia Moretti", {0: "direzione"}, "Direzione"),
    ("omar.russo", "Omar Russo", {0: "operatore"}, "Operatore di centrale"),
    ("bruno.colombo", "Bruno Colombo", {1: "amministratore"}, "Amministratore"),
    ("sara.villa", "Sara Villa", {1: "fatturista"}, "Fatturista"),
    ("luca.brambilla", "Luca Brambilla", {1: "contabile"}, "Contabile"),
    ("elena.fumagalli", "Elena Fumagalli", {1: "direzione"}, "Direzione"),
    ("ivan.riva", "Ivan Riva", {1: "operatore"}, "Operatore di centrale"),
    ("dora.galli", "Dora Galli", {0: "amministratore", 1: "amministratore"}, "Responsabile amministrativa"),
)


def _places(companies: dict[int, str]) -> str:
    return " e ".join(COMPANIES[number].name for number in companies)


DEMO_PERSONS: tuple[tuple[str, str, str], ...] = tuple(
    (login, name, f"{title}, {_places(companies)}") for login, name, companies, title in _PERSONS
)


def found_companies(connection: psycopg.Connection[Any]) -> list[int]:
    """Both companies with their bank accounts; their ids."""
    found = []
    for company in COMPANIES:
        company_id = setup.found_company(connection, company.name, company.vat_number, **company.details)
        identifier = creditor_identifier(company.vat_number)
        connection.execute("set local role cms_bookkeeper")
        for position, (name, iban, sia_code) in enumerate(company.banks):
            connection.execute(
                "insert into base.bank_account (company_id, name, iban, sia_code, creditor_identifier, credit_line_amount, is_default) "
                "values (%s, %s, %s, %s, %s, %s, %s)",
                (company_id, name, iban, sia_code, identifier, 400_000 // (position + 1), position == 0),
            )
        connection.execute("reset role")
        found.append(company_id)
    return found


def admit_persons(connection: psycopg.Connection[Any], company_ids: list[int]) -> dict[str, int]:
    """Everybody, with the fixed password; person ids by login."""
    persons = {}
    for login, name, companies, title in _PERSONS:
        first = company_ids[min(companies)]
        person_id = setup.create_person(connection, first, login, name, DEMO_PASSWORD, job=title, must_change=False)
        connection.execute("reset role")
        for number, preset in companies.items():
            setup.grant_preset(connection, company_ids[number], person_id, preset)
            connection.execute("reset role")
        persons[login] = person_id
    return persons


def clerks_of(company: int) -> tuple[str, str]:
    """Logins of who bills and who keeps the books."""
    return ("marta.bellini", "carlo.conti") if company == 0 else ("sara.villa", "luca.brambilla")
