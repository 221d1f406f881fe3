"""A row of company 1 in every table, made the way the program makes it; and the catalogue of what there is to attack."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from cms_desktop.db.login import LoginSession, log_in
from cms_desktop.db.profile import ConnectionProfile
from server_schema import setup
from tests.access import arranged_masters
from tests.access.arranged_books import arrange_books
from tests.access.arranged_contracts import arrange_contracts
from tests.access.arranged_customers import arrange_customers
from tests.access.arranged_documents import arrange_documents
from tests.access.arranged_notes import arrange_notes
from tests.access.arranged_outbox import arrange_outbox
from tests.access.arranged_registry import arrange_registry
from tests.access.arranged_runs import arrange_runs
from tests.access.arranged_taxes import arrange_taxes
from tests.access.arranged_vat import arrange_vat
from tests.house import PASSWORD, House

OURS = (
    "n.nspname not in ('public', 'ext', 'information_schema') and n.nspname not like 'pg\\_%' "
    "and not exists (select from pg_depend d where d.objid = {oid} and d.deptype = 'e')"
)
NOT_ROWS_OF_ANYBODY = {  # reference tables: everybody reads them, nobody but the deployer writes them
    "base.province", "base.town", "base.postal_code", "base.function", "base.job_preset", "base.program", "sec.applied_change",
    "base.notice_kind", "registry.subject_kind", "base.security_rule", "sec.log_position",
    "base.national_holiday", "base.town_patron", "base.parameter_kind", "base.law_value", "base.integrity_check",
    "base.price_index", "base.price_index_base", "base.outbox_kind", "ledger.account_role",
}  # fmt: skip
RECEIPT = {  # about no file: that one is still at home
    "kind": "RC", "channel": "b2b", "state": "delivered", "file_name": "IT01234567897_00009.xml", "sdi_identifier": "1", "message_id": "1",
    "recipient_code": "", "recipient_name": "", "note": "", "errors": [],
}  # fmt: skip
REFUSED = ("42501",)  # insufficient privilege, and a row that violates a policy


@dataclass(frozen=True)
class Table:
    name: str
    columns: tuple[str, ...]  # that can be written
    has_company: bool
    is_reference: bool

    @property
    def identifier(self) -> sql.Identifier:
        return sql.Identifier(*self.name.split("."))

    @property
    def of_company_1(self) -> sql.SQL:
        """The rows that a stranger must never see."""
        if self.name == "base.session":
            return sql.SQL("person_id <> 6")
        if self.has_company:
            return sql.SQL("company_id = 1")
        if self.name == "base.person":
            return sql.SQL("person_id in (1, 2, 3, 4)")  # in company 1 alone; the fifth works in both
        return sql.SQL("person_id <> 6")


@dataclass(frozen=True)
class Function:
    signature: str
    schema: str
    name: str
    arguments: tuple[str, ...]
    types: tuple[str, ...]
    is_volatile: bool
    is_for_people: bool
    is_trigger: bool
    is_definer: bool  # runs with the rights of its owner; the others meet row-level security like any query

    @property
    def is_of_a_company(self) -> bool:
        return self.arguments[:1] == ("wanted_company",)

    def call(self, company: object) -> tuple[sql.Composed, list[object]]:
        """A call with the company and something plausible for every other argument."""
        values = [
            company if name == "wanted_company" else plausible(name, kind) for name, kind in zip(self.arguments, self.types, strict=True)
        ]
        marks = sql.SQL(", ").join(sql.SQL("%s::{}").format(sql.SQL(kind)) for kind in self.types)
        return sql.SQL("select {}({})").format(sql.Identifier(self.schema, self.name), marks), values


def plausible(name: str, kind: str) -> object:
    texts = {"grouping": "customer", "counter_name": "billing.file", "new_login": "intruso", "existing_login": "rita.revisore"}
    if kind.endswith("[]"):
        return {"bigint[]": [1, 2], "text[]": ["base.administer"], "bytea[]": [b"x"]}.get(kind)
    if kind in ("integer", "bigint"):
        return 2 if name == "target" else 1
    return {
        "text": texts.get(name, "x"), "date": "2025-03-01", "numeric": 1, "boolean": True, "bytea": b"x", "jsonb": Jsonb({}),
    }.get(kind)  # fmt: skip


def tables(owner: psycopg.Connection[Any]) -> list[Table]:
    rows = owner.execute(
        "select n.nspname || '.' || c.relname, (select array_agg(attname::text order by attnum) from pg_attribute a where a.attrelid = c.oid "
        "and attnum > 0 and not attisdropped and attgenerated = ''), exists (select from pg_attribute a where a.attrelid = c.oid and "
        "a.attname = 'company_id'), not c.relrowsecurity from pg_class c join pg_namespace n on n.oid = c.relnamespace "
        f"where c.relkind in ('r', 'p') and {OURS.format(oid='c.oid')} order by 1"
    ).fetchall()
    return [Table(name, tuple(columns), has_company, is_open) for name, columns, has_company, is_open in rows]


def protected(owner: psycopg.Connection[Any]) -> list[Table]:
    return [table for table in tables(owner) if not table.is_reference]


def functions(owner: psycopg.Connection[Any]) -> list[Function]:
    rows = owner.execute(
        "select p.oid::regprocedure::text, n.nspname, p.proname, coalesce(p.proargnames[1:p.pronargs], '{}'), "
        "(select coalesce(array_agg(format_type(t, null) order by o), '{}') from unnest(p.proargtypes::oid[]) with ordinality as x(t, o)), "
        "p.provolatile = 'v', has_function_privilege('cms_people', p.oid, 'execute'), p.prorettype = 'trigger'::regtype, p.prosecdef "
        f"from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.prokind = 'f' and {OURS.format(oid='p.oid')} order by 1"
    ).fetchall()
    return [Function(s, n, f, tuple(a), tuple(t), *flags) for s, n, f, a, t, *flags in rows]


def fingerprint(owner: psycopg.Connection[Any]) -> dict[str, str]:
    """A digest of every row of every table."""
    found = {}
    for table in tables(owner):
        if table.name == "sec.log_position":  # moves with every login
            continue
        if table.name in ("base.town", "base.postal_code"):  # long, and not granted to anybody: counted only
            query = sql.SQL("select count(*)::text from {}")
        else:
            query = sql.SQL("select coalesce(string_agg(t::text, '|' order by t::text), '') from {} as t")
        row = owner.execute(query.format(table.identifier)).fetchone()
        assert row is not None
        found[table.name] = hashlib.sha256(row[0].encode()).hexdigest()
    return found


def arrange(house: House) -> None:
    """Fill every table through the doors the program uses. Fails when a table stays empty: then arrange it here, too."""
    with house.owner() as owner:
        _master_records(owner)
    arrange_customers(house)
    _documents(house)
    arrange_taxes(house)
    arrange_documents(house)
    arrange_contracts(house)
    arrange_runs(house)
    with house.owner() as owner:
        _payment(owner)
    with house.person("carlo.conti") as carlo:
        carlo.execute("select bank_effects.create_batch(1, (select bank_account_id from base.bank_account), '2025-01-01', '2026-12-31')")
    arrange_books(house)
    arrange_notes(house)
    arrange_vat(house)
    arranged_masters.arrange(house)
    arrange_outbox(house)
    with house.person("marta.bellini") as marta:
        marta.execute("insert into base.preference (person_id, post, key, value) values (sec.person_id(), 'p', 'k', '{}')")
        _import(marta)
        marta.execute("insert into base.shared_view (company_id, list, name, view) values (1, 'customers.customer', 'Di Torino', '{}')")
        marta.execute(
            "with made as (insert into base.mass_change (company_id, list, kind, title) values (1, 'customers.customer', 'change', 'Banca') "
            "returning mass_change_id) insert into base.mass_change_row (company_id, mass_change_id, table_name, record_id, version, before) "
            "select 1, mass_change_id, 'customers.customer', 1, 2, '{}' from made"
        )
    for login in ("marta.bellini", "bruno.estraneo"):
        house.log_in(login).close()
    with house.owner() as owner:
        owner.execute(
            "insert into base.login_refusal (person_id, minute, at, address, reason) select person_id, now(), now(), '10.0.0.9', 'wrong_password' "
            "from base.person"
        )
        owner.execute("insert into base.door_lock select person_id, '10.0.0.9', 1, 5, now(), now() + interval '1 hour' from base.person")
    with house.owner() as owner:
        empty = [t.name for t in protected(owner) if _count(owner, t) == 0]
        assert empty == [], "every table must be attacked: arrange a row of company 1 here"


def _count(owner: psycopg.Connection[Any], table: Table) -> int:
    row = owner.execute(sql.SQL("select count(*) from {} where {}").format(table.identifier, table.of_company_1)).fetchone()
    assert row is not None
    return int(row[0])


def add_customer(connection: psycopg.Connection[Any], code: str, *, company: int = 1, months: int = 1) -> int:
    """A customer paying by RiBa, with a contract and a service; made by whoever the connection belongs to."""
    row = connection.execute(
        "insert into registry.party (company_id, name, vat_number, street, postal_code, town, province_code) "
        "values (%s, %s, '01234567897', 'Via Po 1', '10122', 'Torino', 'TO') returning party_id",
        (company, f"Cliente {code}"),
    ).fetchone()
    assert row is not None
    facts = {"company": company, "customer": row[0], "code": code, "months": months}
    connection.execute(
        "insert into customers.customer (company_id, customer_id, code, recipient_code, payment_term_id, iban) values (%(company)s, %(customer)s, "
        "%(code)s, '0000000', (select payment_term_id from base.payment_term where company_id = %(company)s and code = 'RB30'), "
        "'IT60X0542811101000000123456')",
        facts,
    )
    connection.execute(
        "with made as (insert into customers.contract (company_id, customer_id, number, starts_on) values "
        "(%(company)s, %(customer)s, 'C-' || %(code)s, '2024-01-01') returning contract_id) "
        "insert into customers.service (company_id, contract_id, description, monthly_price, vat_code_id, frequency_months, starts_on) "
        "select %(company)s, contract_id, 'Ronda notturna', 100, (select vat_code_id from base.vat_code where company_id = %(company)s and "
        "code = '22'), %(months)s, '2024-01-01' from made",
        facts,
    )
    return int(row[0])


def _master_records(owner: psycopg.Connection[Any]) -> None:
    for code in ("100", "101"):
        add_customer(owner, code)
    incomplete = add_customer(owner, "102")
    owner.execute("update registry.party set street = '', row_version = row_version + 1 where party_id = %s", (incomplete,))
    add_customer(owner, "200", company=2)
    owner.execute("insert into registry.party (company_id, name) values (1, 'Senza rapporti')")
    arrange_registry(owner)


def prepare(connection: psycopg.Connection[Any], month: str) -> int:
    """A run of one month of company 1, in preview."""
    row = connection.execute(
        "select billing.prepare_run(1, 'Canoni', %(month)s::date, (%(month)s::date + interval '1 month')::date - 1, %(month)s::date, "
        "(select document_series_id from base.document_series where company_id = 1 and code = 'V'), 'customer')",
        {"month": month},
    ).fetchone()
    assert row is not None
    return int(row[0])


def _documents(house: House) -> None:
    with house.person("marta.bellini") as marta:
        marta.execute("select billing.issue_run(1, %s)", (prepare(marta, "2025-01-01"),))
        prepare(marta, "2025-02-01")
        marta.execute(
            "select billing.store_files(1, array[min(invoice_id)], array['IT01234567897_00001.xml'], array['<x/>'::bytea]) "
            "from billing.invoice where state = 'issued'"
        )
        marta.execute("select billing.receive_messages(1, array['r.xml'], array['<x/>'::bytea], array[%s])", (Jsonb(RECEIPT),))


def _import(marta: psycopg.Connection[Any]) -> None:
    """A list of one party and customer."""
    with marta.transaction():
        run = marta.execute("select base.open_import(1, 'customers', 'elenco.csv', '\\x00', 1, '{}')").fetchone()
        assert run is not None
        party = add_customer(marta, "300")
        noted = Jsonb([{"n": 2, "id": party, "name": "300 Cliente 300"}])
        for table in ("registry.party", "customers.customer"):
            marta.execute("select base.note_import(1, %s, 'I', %s, %s)", (run[0], table, noted))
        marta.execute("select base.close_import(1, %s, 1, 0, 0, 0)", run)


def _payment(owner: psycopg.Connection[Any]) -> None:
    owner.execute(
        "with item as (select * from ledger.open_item order by open_item_id limit 1), paid as (insert into ledger.payment (company_id, "
        "customer_id, on_date, method, amount) select 1, customer_id, '2025-02-01', 'MP05', 10 from item returning payment_id) "
        "insert into ledger.allocation (company_id, payment_id, open_item_id, amount) select 1, payment_id, open_item_id, 10 from paid, item"
    )


def add_person(house: House, login: str, *places: tuple[int, tuple[str, ...]], must_change: bool = False) -> int:
    """A person whose login role belongs to this copy alone: tests may suspend it or change its password."""
    with house.owner() as owner:
        person = setup.create_person(owner, places[0][0], login, login.title(), PASSWORD, must_change=must_change)
        for company, held in places:
            owner.execute(
                "insert into base.permission (company_id, person_id, function) select %s, %s, unnest(%s::text[]) on conflict do nothing",
                (company, person, ["base.read", *held]),
            )
    return person


def own_profile(house: House) -> ConnectionProfile:
    """For persons made by `add_person`: their roles carry this copy's name."""
    shared = house.profile
    return ConnectionProfile(shared.name, shared.hosts, shared.database, is_local=True)


def connect_as(house: House, login: str, password: str = PASSWORD) -> psycopg.Connection[Any]:
    words = own_profile(house).connection_words() | {"user": f"{house.name}_{login}", "password": password, "autocommit": True}
    return psycopg.connect(**words)  # type: ignore[arg-type]


def log_in_as(house: House, login: str, password: str = PASSWORD) -> LoginSession:
    return log_in(own_profile(house), login, password)


def outcome(connection: psycopg.Connection[Any], query: sql.Composable | str, values: object = None) -> str:
    """What an attempt came to: the SQLSTATE, or how many rows it touched or returned."""
    statement = query if isinstance(query, sql.Composable) else sql.SQL(query)  # type: ignore[arg-type]
    try:
        cursor = connection.execute(statement, values)  # type: ignore[arg-type]
    except psycopg.Error as error:
        return error.sqlstate or "closed"
    return f"{cursor.rowcount} rows"
