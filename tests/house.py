"""The house the tests work in: two companies, a few persons, fiscal tables; a template database that every test copies.

Roles of persons belong to the cluster and carry the template's name, so one set of logins serves all copies.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

from cms_desktop.db.login import LoginSession, log_in
from cms_desktop.db.profile import ConnectionProfile
from server_schema import deploy, setup
from tests.cluster import create_database, drop_database, owner_connection, template_database, test_cluster

PASSWORD = "ponte verde tegola 7"
PERSONS = {  # login: (name, {company number: preset})
    "anna.admin": ("Anna Ferri", {1: "amministratore"}),
    "marta.bellini": ("Marta Bellini", {1: "fatturista"}),
    "carlo.conti": ("Carlo Conti", {1: "contabile"}),
    "rita.revisore": ("Rita Neri", {1: "revisore"}),
    "dora.doppia": ("Dora Galli", {1: "fatturista", 2: "fatturista"}),
    "bruno.estraneo": ("Bruno Estraneo", {2: "amministratore"}),
}


def _build(name: str) -> None:
    with owner_connection(name) as connection:
        deploy.bootstrap(connection)
        deploy.deploy(connection)
        aurora = setup.found_company(
            connection, "Vigilanza Aurora S.r.l.", "01234560017", street="Via Garibaldi", street_number="12", postal_code="10122",
            town="Torino", province_code="TO", rea_office="TO", rea_number="123456", pec="aurora@pec.example.it",
        )  # fmt: skip
        marco = setup.found_company(
            connection, "Istituto San Marco S.p.A.", "09876540155", street="Corso Italia", street_number="3", postal_code="20122",
            town="Milano", province_code="MI", pec="sanmarco@pec.example.it",
        )  # fmt: skip
        companies = {1: aurora, 2: marco}
        for login, (display_name, places) in PERSONS.items():
            first = companies[min(places)]
            person = setup.create_person(connection, first, login, display_name, PASSWORD, must_change=False)
            for number, preset in places.items():
                setup.grant_preset(connection, companies[number], person, preset)
        with connection.transaction():
            connection.execute("set local role cms_bookkeeper")
            connection.execute(
                "insert into base.bank_account (company_id, name, iban, sia_code, is_default) "
                "select company_id, 'Banca di prova', 'IT60X0542811101000000123456', 'A1B2C', true from base.company"
            )


def house_template() -> str:
    return template_database("house", _build)


@dataclass
class House:
    """One database copied from the template, for one test."""

    name: str
    aurora: int = 1
    marco: int = 2

    @property
    def profile(self) -> ConnectionProfile:
        address = test_cluster()
        return ConnectionProfile("prova", f"{address.host}:{address.port}", self.name, is_local=True, role_prefix="house")

    def log_in(self, login: str) -> LoginSession:
        """An open session of a person; close it."""
        return log_in(self.profile, login, PASSWORD)

    def owner(self) -> psycopg.Connection[Any]:
        """The cluster's owner, for arranging and looking; bypasses row-level security."""
        return owner_connection(self.name)

    @contextmanager
    def person(self, login: str) -> Iterator[psycopg.Connection[Any]]:
        """A raw connection as psql would have it."""
        words = self.profile.connection_words() | {"user": f"house_{login}", "password": PASSWORD, "autocommit": True}
        with psycopg.connect(**words) as connection:  # type: ignore[arg-type]
            yield connection


@contextmanager
def copied_house() -> Iterator[House]:
    name = f"t{uuid.uuid4().hex[:12]}"
    create_database(name, template=house_template())
    with owner_connection(name) as connection:
        deploy.close_doors(connection)
    try:
        yield House(name)
    finally:
        drop_database(name)
