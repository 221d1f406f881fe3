"""The first start of the local server: database and schema, and what to do while it holds no company."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import psycopg

from cms_desktop.core.fiscal import creditor_identifier
from cms_desktop.db.local_server import LocalServer
from cms_desktop.db.profile import ConnectionProfile
from server_schema import setup

CUSTOMERS = 200
DETAILS = (
    "tax_code", "fiscal_regime", "pec", "phone", "street", "street_number", "postal_code", "town", "province_code", "rea_office", "rea_number",
    "share_capital",
)  # fmt: skip


class FirstStart:
    """Looks into the local server as its owner. `server` is running; `profile` has its port filled in."""

    def __init__(self, server: LocalServer, profile: ConnectionProfile) -> None:
        self._server, self._profile = server, profile

    def has_company(self) -> bool:
        """Whether anybody could log in at all."""
        with self._owner() as connection:
            row = connection.execute("select exists (select from base.company)").fetchone()
            return bool(row and row[0])

    def load_demo(self, progress: Callable[[str], None]) -> tuple[str, str]:
        """Load the two demonstration companies; returns a login and the password to come in with."""
        from cms_desktop.demo import DEMO_PASSWORD, DEMO_PERSONS, load_demo
        from cms_desktop.demo.documents import make_documents

        with self._owner() as connection:
            load_demo(connection, CUSTOMERS, progress=progress)
        make_documents(self._profile, progress)
        return DEMO_PERSONS[0][0], DEMO_PASSWORD

    def fiscal_regimes(self) -> Sequence[tuple[str, str]]:
        from cms_desktop.modules.base.editor.company import fiscal_regimes

        return fiscal_regimes()

    def found_company(self, values: Mapping[str, Any]) -> tuple[str, str]:
        """Found one's own company with its bank and its first administrator, all or nothing; returns login and password."""
        details = {key: values[key] for key in DETAILS if values.get(key) not in (None, "")}
        details.setdefault("tax_code", values["vat_number"])
        with self._owner() as connection, connection.transaction():
            company_id = setup.found_company(connection, values["name"].strip(), values["vat_number"], **details)
            connection.execute("reset role")
            if values.get("iban"):
                connection.execute(
                    "insert into base.bank_account (company_id, name, iban, creditor_identifier, is_default) values (%s, %s, %s, %s, true)",
                    (company_id, values.get("bank_name") or "Banca", values["iban"], creditor_identifier(values["vat_number"])),
                )
            person_id = setup.create_person(
                connection, company_id, values["login"], values["person_name"].strip(), values["password"], must_change=False
            )
            connection.execute("reset role")
            setup.grant_preset(connection, company_id, person_id, "amministratore")
            connection.execute("reset role")
            connection.execute("update base.person set rank = 'Admin' where person_id = %s", (person_id,))
        return values["login"], values["password"]

    def _owner(self) -> psycopg.Connection:
        address = self._server.ensure_running()
        return psycopg.connect(
            host=address.host, port=address.port, user=address.superuser, password=address.password,
            dbname=self._profile.database, autocommit=True,
        )  # fmt: skip
