"""How the lists of base call what they show."""

from __future__ import annotations

from cms_desktop.modules.base.columns import audit_columns, table_title, table_titles
from tests.house import House

# every table of a company, and the ones that leave their traces in the register by another way
NAMED = """
select distinct namespace.nspname || '.' || class.relname
from pg_catalog.pg_class as class
join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
join pg_catalog.pg_trigger as trigger on trigger.tgrelid = class.oid
where class.relkind in ('r', 'p') and trigger.tgfoid = 'sec.record_change()'::regprocedure
union select distinct table_name from base.audit_entry
order by 1
"""
EXISTING = """
select namespace.nspname || '.' || class.relname
from pg_catalog.pg_class as class
join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
where class.relkind in ('r', 'p')
"""


def test_every_table_the_register_writes_about_has_a_name(shared_house: House) -> None:
    with shared_house.owner() as connection:
        tables = [row[0] for row in connection.execute(NAMED)]
    assert "billing.transmission" in tables
    assert [table for table in tables if table_title(table) == table] == []


def test_every_name_of_a_table_belongs_to_a_table(shared_house: House) -> None:
    with shared_house.owner() as connection:
        tables = {row[0] for row in connection.execute(EXISTING)}
    assert set(table_titles()) - tables == {"base.password"}  # what sec.reset_password writes; there is no table to look into


def test_no_two_tables_have_the_same_name() -> None:
    names = list(table_titles().values())
    assert sorted(set(names)) == sorted(names)


def test_the_register_shows_the_moment_and_keeps_the_day_for_filters() -> None:
    columns = {column.key: column for column in audit_columns()}
    assert columns["on_date"].hidden and not columns["at"].hidden
