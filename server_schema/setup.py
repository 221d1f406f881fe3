"""First things in a new database: companies and persons. For the deployer (cms-admin, demo, tests), never for a client."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from cms_desktop.db.passwords import hash_password


def ensure_database(maintenance: psycopg.Connection[Any], name: str) -> bool:
    """Create the database when it is missing. True when it was made now. `maintenance`: a superuser, in autocommit, elsewhere."""
    if maintenance.execute("select 1 from pg_database where datname = %s", (name,)).fetchone():
        return False
    maintenance.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))
    return True


def close_neighbours(maintenance: psycopg.Connection[Any]) -> None:
    """On a cluster of our own nobody but its owner needs the databases that every cluster has."""
    maintenance.execute("revoke all on database postgres, template1 from public")


def found_company(connection: psycopg.Connection[Any], name: str, vat_number: str, **details: Any) -> int:
    """A company with its usual tables and books; `details` are further columns of base.company. Returns its id."""
    with connection.transaction():
        row = connection.execute("select base.found_company(%s, %s)", (name, vat_number)).fetchone()
        assert row is not None
        company_id = int(row[0])
        connection.execute("select ledger.open_books(%s)", (company_id,))
        connection.execute("select billing.open_vat_accounts(%s)", (company_id,))
        if details:
            connection.execute("set local role cms_bookkeeper")
            pairs = sql.SQL(", ").join(sql.SQL("{} = {}").format(sql.Identifier(key), sql.Placeholder(key)) for key in details)
            statement = sql.SQL("update base.company set {}, row_version = row_version + 1 where company_id = {}")
            connection.execute(statement.format(pairs, sql.Literal(company_id)), details)
    return company_id


def create_person(
    connection: psycopg.Connection[Any], company_id: int, login: str, name: str, password: str, *, job: str = "", must_change: bool = True
) -> int:
    """A person with a login role, a member of the company with base.read only. Returns the person's id."""
    role = f"{connection.info.dbname}_{login}"
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    with connection.transaction():
        row = connection.execute(
            "select sec.create_person(%s, %s, %s, %s, %s, %s, %s)", (company_id, login, name, job, "", verifier, hash_password(password))
        ).fetchone()
        assert row is not None
        if not must_change:
            connection.execute("set local role cms_role_keeper")
            connection.execute("update base.person set must_change_password = false where person_id = %s", (row[0],))
    return int(row[0])


def grant_preset(connection: psycopg.Connection[Any], company_id: int, person_id: int, preset: str) -> None:
    """Give the functions of a job preset in the company."""
    with connection.transaction():
        connection.execute("set local role cms_role_keeper")
        connection.execute(
            "insert into base.permission (company_id, person_id, function) select %s, %s, function from base.job_preset where preset = %s "
            "on conflict do nothing",
            (company_id, person_id, preset),
        )
