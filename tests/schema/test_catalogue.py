"""The structure of the database, looked up in its catalogue: nothing may be forgotten."""

from __future__ import annotations

import hashlib
import json
import pathlib

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import cms_desktop.modules.bank_effects.tables
import cms_desktop.modules.base.door_tables
import cms_desktop.modules.base.import_tables
import cms_desktop.modules.base.notices.tables
import cms_desktop.modules.base.tables
import cms_desktop.modules.billing.run_tables
import cms_desktop.modules.billing.tables
import cms_desktop.modules.billing.vat.tables
import cms_desktop.modules.customers.tables
import cms_desktop.modules.ledger.book_tables
import cms_desktop.modules.ledger.tables
import cms_desktop.modules.registry.attachments.tables
import cms_desktop.modules.registry.notes.tables
import cms_desktop.modules.registry.tables  # noqa: F401
from cms_desktop.db.unit_of_work import Base
from server_schema import deploy
from tests.house import House

SCHEMAS = ("base", "registry", "customers", "ledger", "billing", "bank_effects")
REFERENCE_TABLES = {
    "base.province",
    "base.town",
    "base.postal_code",
    "base.function",
    "base.job_preset",
    "base.program",
    "base.security_rule",
    "base.notice_kind",
    "registry.subject_kind",
}
REFERENCE_TABLES |= {"base.national_holiday", "base.town_patron", "base.parameter_kind", "base.law_value", "base.integrity_check"}
REFERENCE_TABLES |= {"base.price_index", "base.price_index_base", "base.outbox_kind", "ledger.account_role"}
WITHOUT_COMPANY = REFERENCE_TABLES | {
    "base.person",
    "base.password_history",
    "base.session",
    "base.preference",
    "base.login_refusal",
    "base.door_lock",
}
FROZEN = pathlib.Path(__file__).with_name("frozen_changes.json")


def _rows(house: House, query: str) -> list[tuple]:
    with house.owner() as connection:
        return connection.execute(query).fetchall()


TABLES = (
    "select n.nspname || '.' || c.relname, c.oid, c.relrowsecurity, c.relforcerowsecurity from pg_class c "
    "join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p') and n.nspname = any (array"
    f"{list(SCHEMAS)!r})"
)


def test_every_table_with_rows_of_companies_or_persons_has_row_level_security_in_force(shared_house: House) -> None:
    unprotected = {name for name, _, enabled, forced in _rows(shared_house, TABLES) if not (enabled and forced)}
    assert unprotected == REFERENCE_TABLES


def test_company_id_leads_every_key_and_index(shared_house: House) -> None:
    wrong = _rows(
        shared_house,
        f"""
        select i.indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
        left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
        where n.nspname = any (array{list(SCHEMAS)!r}) and n.nspname || '.' || c.relname <> all (array{sorted(WITHOUT_COMPANY)!r})
          and a.attname is distinct from 'company_id' and i.indexrelid::regclass::text <> 'base.permission_of_person'
        """,
    )
    assert wrong == []


def test_foreign_keys_between_rows_of_companies_carry_the_company(shared_house: House) -> None:
    wrong = _rows(
        shared_house,
        f"""
        select k.conname from pg_constraint k join pg_class c on c.oid = k.confrelid join pg_namespace n on n.oid = c.relnamespace
        where k.contype = 'f' and n.nspname = any (array{list(SCHEMAS)!r})
          and n.nspname || '.' || c.relname <> all (array{sorted(WITHOUT_COMPANY)!r})
          and not exists (select from pg_attribute a where a.attrelid = k.conrelid and a.attnum = k.conkey[1] and a.attname = 'company_id')
        """,
    )
    assert wrong == []


def test_views_run_with_the_rights_of_who_asks(shared_house: House) -> None:
    wrong = _rows(
        shared_house,
        f"""select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'v' and n.nspname = any (array{list(SCHEMAS)!r})
              and not coalesce('security_invoker=true' = any (c.reloptions), false)""",
    )
    assert wrong == []


def test_definer_functions_pin_their_search_path_and_are_closed_to_the_public(shared_house: House) -> None:
    wrong = _rows(
        shared_house,
        f"""select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where n.nspname = any (array{["sec", *SCHEMAS]!r}) and p.prosecdef
              and (not coalesce(p.proconfig @> array['search_path=""'], false) or has_function_privilege('public', p.oid, 'execute'))""",
    )
    assert wrong == []


def test_nobody_logs_in_as_an_owner_and_persons_own_nothing(shared_house: House) -> None:
    assert (
        _rows(
            shared_house,
            "select rolname from pg_roles where rolname in ('cms_owner', 'cms_search', 'cms_bookkeeper', 'cms_role_keeper', 'cms_gatekeeper') and rolcanlogin",
        )
        == []
    )
    assert (
        _rows(shared_house, "select c.relname from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname like 'house\\_%'") == []
    )


def test_the_public_may_do_nothing_in_the_database(shared_house: House) -> None:
    assert _rows(
        shared_house,
        "select has_database_privilege('public', current_database(), 'temp') or has_schema_privilege('public', 'public', 'create')",
    ) == [(False,)]


def test_tables_py_equals_the_database(shared_house: House) -> None:
    address = shared_house.owner().info
    engine = sa.create_engine(
        sa.URL.create("postgresql+psycopg", address.user, address.password, address.host, address.port, address.dbname)
    )
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "include_name": lambda name, kind, parents: name in SCHEMAS if kind == "schema" else True,
                "include_object": lambda thing, name, kind, reflected, other: kind not in ("index", "unique_constraint"),
                "compare_type": True,
            },
        )
        found = [change for change in compare_metadata(context, Base.metadata) if "comment" not in str(change[0])]
        assert found == []
    engine.dispose()


def test_deploying_twice_changes_nothing(house: House) -> None:
    def picture() -> str:
        facts = _rows(house, "select p.oid::regprocedure::text, md5(p.prosrc), p.proacl::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace "
                             f"where n.nspname = any (array{['sec', *SCHEMAS]!r}) order by 1")  # fmt: skip
        facts += _rows(house, "select c.oid::regclass::text, c.relacl::text, (select count(*)::text from pg_policy where polrelid = c.oid) "
                              f"from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = any (array{['sec', *SCHEMAS]!r}) order by 1")  # fmt: skip
        return hashlib.sha256(repr(facts).encode()).hexdigest()

    before = picture()
    with house.owner() as connection:
        assert deploy.deploy(connection).pending == ()
    assert picture() == before


def test_a_change_that_was_edited_after_it_was_applied_is_refused(house: House) -> None:
    with house.owner() as connection:
        connection.execute("update sec.applied_change set sha256 = 'another text' where name = '0001_base'")
        with pytest.raises(deploy.SchemaChanged, match="frozen"):
            deploy.deploy(connection)


def test_released_changes_keep_their_text() -> None:
    frozen = json.loads(FROZEN.read_text(encoding="utf-8"))
    now = {path.stem: hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest() for path in deploy.change_files()}
    assert {name: now.get(name) for name in frozen} == frozen


def test_the_books_of_a_new_house_are_consistent(shared_house: House) -> None:
    with shared_house.owner() as connection:
        assert deploy.check(connection) == []
