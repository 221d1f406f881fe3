"""A row of company 1 in every table of Registry."""

from __future__ import annotations

from typing import Any

import psycopg


def arrange_registry(owner: psycopg.Connection[Any]) -> None:
    """Needs parties of company 1; uses the two that came first."""
    owner.execute("insert into registry.classification (company_id, position, name) values (1, 1, 'Settore')")
    owner.execute("insert into registry.classification_value (company_id, position, name) values (1, 1, 'Banche')")
    parties = [row[0] for row in owner.execute("select party_id from registry.party where company_id = 1 order by 1 limit 2")]
    facts = {"one": parties[0], "two": parties[1]}
    owner.execute("insert into registry.party_role (company_id, party_id, role) values (1, %(one)s, 'supplier')", facts)
    owner.execute(
        "insert into registry.contact_person (company_id, party_id, name, mobile) values (1, %(one)s, 'Ada Serra', '347 1234567')", facts
    )
    owner.execute("insert into registry.refusal (company_id, party_id, channel, origin) values (1, %(one)s, 'email', 'telefonata')", facts)
    owner.execute("insert into registry.twin (company_id, party_id, other_id, reasons) values (1, %(one)s, %(two)s, '{name}')", facts)
    owner.execute(
        "insert into registry.privacy_request (company_id, party_id, kind, origin, report) values (1, %(one)s, 'export', 'PEC', '{}')",
        facts,
    )
    owner.execute(
        "with merged as (insert into registry.merge (company_id, survivor_id, merged_id, undone_at) values (1, %(one)s, %(two)s, now()) "
        "returning merge_id) insert into registry.merge_row (company_id, merge_id, table_name, column_name, record_id) "
        "select 1, merge_id, 'registry.contact_person', 'party_id', 1 from merged",
        facts,
    )
