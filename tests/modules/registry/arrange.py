"""Parties, customers and documents for the tests of Registry."""

from __future__ import annotations

from typing import Any

import psycopg


def add_party(connection: psycopg.Connection[Any], name: str, **values: Any) -> int:
    """A party of company 1 by whoever the connection belongs to; returns its id."""
    fields = {"company_id": 1, "name": name, **values}
    columns, marks = ", ".join(fields), ", ".join(f"%({key})s" for key in fields)
    row = connection.execute(f"insert into registry.party ({columns}) values ({marks}) returning party_id", fields).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return int(row[0])


def one(connection: psycopg.Connection[Any], query: str, *values: Any) -> Any:
    """The single value of a query."""
    row = connection.execute(query, values).fetchone()  # type: ignore[arg-type]
    return None if row is None else row[0]


def merge(connection: psycopg.Connection[Any], survivor: int, merged: int, *fields: str) -> int:
    versions = [
        one(connection, "select row_version from registry.party where company_id = 1 and party_id = %s", p) for p in (survivor, merged)
    ]
    return int(one(connection, "select registry.merge_parties(1, %s, %s, %s::text[], %s, %s)", survivor, merged, list(fields), *versions))
