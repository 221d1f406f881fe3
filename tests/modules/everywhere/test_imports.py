"""Every master table has its import; each list comes in, comes in again without harm, and goes out again as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from cms_desktop.db.database import Database
from cms_desktop.documents.importing import ImportResult, ImportTarget, list_obstacles, propose_mapping, run_import, undo_import
from cms_desktop.modules.base.importing import TARGETS as BASE
from cms_desktop.modules.customers.actions import master
from cms_desktop.modules.customers.importing import (
    APPOINTMENTS,
    CONTACTS,
    CONTRACTS,
    KEYS,
    LETTERS,
    MANDATES,
    PARTIES,
    PLANTS,
    SERVICE_TYPES,
    SITES,
)
from cms_desktop.modules.customers.importing import TARGETS as CUSTOMERS
from cms_desktop.modules.registry.importing import TARGETS as REGISTRY
from tests.house import House
from tests.modules.customers.samples import add_customer

TARGETS = {one.key: one for one in (*BASE, *CUSTOMERS)}
MASTER_TABLES = {  # what people keep by hand → how a list fills it; "" with the reason why none does
    "registry.party": "parties", "registry.party_role": "parties", "registry.contact_person": "contacts", "customers.customer": "customers",
    "customers.contract": "contracts", "customers.service": "contracts", "customers.service_type": "service_types", "customers.site": "sites",
    "customers.plant": "plants", "customers.held_key": "keys", "customers.mandate": "mandates", "customers.intent_letter": "letters",
    "customers.appointment": "appointments", "base.vat_code": "vat_codes", "base.payment_term": "payment_terms",
    "base.payment_installment": "payment_terms", "base.document_series": "document_series", "base.bank_account": "bank_accounts",
    "base.calendar_day": "calendar_days",
}  # fmt: skip
NOT_BY_LISTS = {
    "base.mail_account": "a mailbox or two, with its password",
    "ledger.posting_rule": "belongs to the books",
    "base.company": "one record", "base.parameter": "catalogue of the program, values one by one", "base.letter_text": "long texts",
    "base.series_kind": "which document takes which series, a choice of the form", "base.company_image": "pictures",
    "base.shared_view": "made where it is used", "base.mass_change": "a list of what was done", "base.mass_change_row": "a list of what was done",
    "customers.price_index": "figures of the law come with the program", "customers.contract_renewal": "a step of a contract's life",
    "customers.service_suspension": "a step of a contract's life", "customers.site_contact": "a choice among people of the rubrica",
    "registry.classification": "seven names", "registry.classification_value": "lines of one field, pasted there",
    "registry.refusal": "each with its own origin, to be proved", "registry.twin": "found by the program",
    "registry.hourly_cost": "wages, one a person", "base.preference": "settings of a person", "base.notice_choice": "settings of a person", "ledger.account": "the chart of accounts belongs to the books",
}  # fmt: skip


def test_every_table_that_people_write_has_an_import_or_a_reason(shared_house: House) -> None:
    with shared_house.owner() as owner:
        written = {
            str(row[0])
            for row in owner.execute(
                "select distinct table_schema || '.' || table_name from information_schema.role_table_grants "
                "where grantee = 'cms_people' and privilege_type = 'INSERT' and table_schema in ('base', 'registry', 'customers', 'ledger')"
            )
        }
    assert written - MASTER_TABLES.keys() - NOT_BY_LISTS.keys() == set()
    for table, key in MASTER_TABLES.items():
        assert table in TARGETS[key].tables, table


def test_the_lists_of_targets_and_the_servers_are_the_same(shared_house: House) -> None:
    with shared_house.owner() as owner:
        for target in (*TARGETS.values(), *REGISTRY):
            row = owner.execute("select needed_right, tables from base.import_target(%s)", (target.key,)).fetchone()
            assert row is not None and row[0] == target.right and set(row[1]) == set(target.tables), target.key


@dataclass(frozen=True)
class ListCase:
    target: ImportTarget
    titles: Sequence[str]
    rows: Sequence[Sequence[str]]
    outcomes: Sequence[str]
    again: Sequence[str]
    count: str

    def __str__(self) -> str:
        return self.target.key


CASES = [
    ListCase(
        SERVICE_TYPES, ("Codice", "Descrizione", "Si conta", "Listino", "Codice IVA"),
        (("RON", "Ronda", "a passaggio", "12,50", "22"), ("PIA", "Piantonamento", "a ore", "", ""), ("X", "", "a peso", "", "99")),
        ("created", "created", "error"), ("duplicate", "duplicate", "error"), "customers.service_type",
    ),
    ListCase(
        PLANTS, ("Codice impianto", "Codice sede", "Tipo", "Descrizione", "Installato il"),
        (("AR1", "S000001", "video", "Cancello", "01/02/2026"), ("AR2", "S9", "", "", ""), ("A R", "S000001", "", "", "")),
        ("created", "error", "error"), ("duplicate", "error", "error"), "customers.plant",
    ),
    ListCase(
        KEYS, ("Numero chiave", "Sede", "Descrizione", "Pezzi", "Ricevuta il", "Resa il"),
        (("K 1", "S000001", "Portone", "3", "01/02/2026", ""), ("K 2", "S000001", "", "0", "", ""), ("K 3", "", "", "", "", "")),
        ("created", "error", "error"), ("duplicate", "error", "error"), "customers.held_key",
    ),
    ListCase(
        LETTERS, ("Cliente", "Numero dichiarazione", "Data", "Plafond", "Protocollo"),
        (("Caffè Città", "7", "02/01/2026", "50.000,00", "12345678901234567-000001"), ("Caffè Città", "8", "02/01/2026", "0", "12")),
        ("created", "error"), ("duplicate", "error"), "customers.intent_letter",
    ),
    ListCase(
        APPOINTMENTS, ("Cliente", "Incarico", "Agente", "Quota", "Dal"),
        (("Caffè Città", "agente", "Bar Sport", "50", "01/01/2026"), ("Caffè Città", "cuoco", "Bar Sport", "", ""),
         ("Caffè Città", "esattore", "Nessuno", "", "")),
        ("created", "error", "error"), ("duplicate", "error", "error"), "customers.appointment",
    ),
    ListCase(
        CONTRACTS, ("Cliente", "Contratto", "Decorrenza", "Servizio", "Si conta", "Prezzo", "Codice IVA"),
        (("Caffè Città", "V1", "01/01/2026", "Piantonamento", "a ore", "22,50", "22"), ("Caffè Città", "V1", "01/01/2026", "Installazione",
         "una tantum", "300", "22"), ("Caffè Città", "V1", "01/01/2026", "Allarme", "", "30", "22")),
        ("created", "created", "created"), ("duplicate", "duplicate", "duplicate"), "customers.service",
    ),
    ListCase(
        TARGETS["document_series"], ("Codice", "Nome"), (("ZZ", "Prove"), ("LUNGO", "No")), ("created", "error"), ("duplicate", "error"),
        "base.document_series",
    ),
    ListCase(
        TARGETS["bank_accounts"], ("IBAN", "Banca", "Fido"),
        (("IT75E0306911101000000987654", "Banca Due", "10.000"), ("IT00", "Niente", "")), ("created", "error"), ("duplicate", "error"),
        "base.bank_account",
    ),
    ListCase(
        TARGETS["calendar_days"], ("Nome", "Dal", "Al", "Tipo"),
        (("Ferie", "10/08/2026", "21/08/2026", "chiusura"), ("Festa", "fra poco", "", ""), ("Lunga", "01/01/2026", "01/01/2029", "")),
        ("created", "error", "error"), ("duplicate", "error", "error"), "base.calendar_day",
    ),
]  # fmt: skip


@pytest.fixture
def office(house: House) -> Iterator[Database]:
    session = house.log_in("anna.admin")
    with session.database.unit_of_work(1) as unit:
        customer = add_customer(unit, "Caffè Città")
        add_customer(unit, "Bar Sport", vat_number="")
        master.save_site(unit, customer, 0, {"code": "S000001", "name": "Magazzino"}, row_version=0)
    yield session.database
    session.close()


def _bring(database: Database, case: ListCase) -> ImportResult:
    with database.unit_of_work(1) as unit:
        return run_import(unit, case.target, case.titles, case.rows, propose_mapping(case.target, case.titles), is_dry_run=False)


def _count(database: Database, table: str) -> int:
    with database.unit_of_work(1) as unit:
        return int(unit.value(sa.text(f"select count(*) from {table} where company_id = :company")))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_list_comes_in_once_and_goes_out_again(case: ListCase, office: Database) -> None:
    before = _count(office, case.count)
    result = _bring(office, case)
    assert [row.outcome for row in result.rows] == list(case.outcomes), [row.errors for row in result.rows]
    assert _count(office, case.count) == before + case.outcomes.count("created")
    again = _bring(office, case)
    assert [row.outcome for row in again.rows] == list(case.again), [row.errors for row in again.rows]
    assert result.run_id is not None
    with office.unit_of_work(1) as unit:
        assert list_obstacles(unit, result.run_id) == []
        undo_import(unit, result.run_id)
    assert _count(office, case.count) == before


def test_hourly_and_one_off_lines_keep_their_price_and_days(office: Database) -> None:
    case = next(one for one in CASES if one.target is CONTRACTS)
    _bring(office, case)
    with office.unit_of_work(1) as unit:
        rows = unit.rows(
            sa.text("select description, kind, monthly_price::text, unit_price::text, ends_on::text from customers.service order by 1")
        )
    assert [tuple(row) for row in rows] == [
        ("Allarme", "recurring", "30.0000", "0.0000", None),
        ("Installazione", "one_off", "0.0000", "300.0000", "2026-01-01"),
        ("Piantonamento", "hourly", "0.0000", "22.5000", None),
    ]


def test_all_targets_are_offered_by_a_wizard() -> None:
    assert {SITES.key, CONTACTS.key, MANDATES.key, PARTIES.key} <= {one.key for one in CUSTOMERS}
    assert len(TARGETS) == len({*TARGETS}) == len(BASE) + len(CUSTOMERS)
