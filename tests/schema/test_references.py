"""Whoever deletes many rows asks for each of them who refers to it: every such question has its index."""

from __future__ import annotations

from tests.house import House

# Deleted by the thousand: when an import is undone, when a run is undone.
DELETED_IN_BULK = (
    "registry.party", "registry.contact_person", "customers.customer", "customers.contract", "customers.service", "customers.site",
    "customers.plant", "customers.mandate", "billing.invoice", "ledger.open_item", "ledger.journal_entry",
)  # fmt: skip
WITHOUT_INDEX = """
select c.conrelid::regclass::text, c.conname from pg_constraint as c
where c.contype = 'f' and c.confrelid = any (%s::regclass[]) and not exists (
  select from pg_index as i where i.indrelid = c.conrelid
    and (select array_agg(k order by k) from unnest((string_to_array(i.indkey::text, ' ')::smallint[])[1:cardinality(c.conkey)]) as k)
      = (select array_agg(k order by k) from unnest(c.conkey) as k)
    and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) ~ '^\\([a-z_]+ IS NOT NULL\\)$'))
"""


def test_rows_that_are_deleted_in_bulk_are_found_by_who_refers_to_them(shared_house: House) -> None:
    with shared_house.owner() as owner:
        assert owner.execute(WITHOUT_INDEX, (list(DELETED_IN_BULK),)).fetchall() == []  # type: ignore[arg-type]
