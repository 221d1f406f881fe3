"""Lists of contracts, sites, mandates, people and suppliers: from the file as it comes to records, and back again."""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import Workbook

from cms_desktop.core.errors import Conflict, NotAllowed
from cms_desktop.core.listing import ListQuery
from cms_desktop.db.database import Database
from cms_desktop.documents.importing import ImportResult, ImportTarget, list_obstacles, propose_mapping, run_import, undo_import
from cms_desktop.documents.spreadsheet import Sheet, read_rows
from cms_desktop.modules.customers import queries
from cms_desktop.modules.customers.importing import CONTACTS, CONTRACTS, MANDATES, PARTIES, SITES
from tests.house import House
from tests.modules.customers.samples import add_customer

VAT = "00743110157"


@pytest.fixture
def marta(house: House) -> Iterator[Database]:
    session = house.log_in("marta.bellini")
    with session.database.unit_of_work(1) as unit:
        add_customer(unit, "Caffè Città", vat_number=VAT)
        add_customer(unit, "Bar Sport", vat_number="")
    yield session.database
    session.close()


def _import(database: Database, target: ImportTarget, sheet: Sheet, *, dry: bool = False, **options: str) -> ImportResult:
    mapping = propose_mapping(target, sheet.headers).with_options(**options)
    with database.unit_of_work(1) as unit:
        return run_import(unit, target, sheet.headers, sheet.rows, mapping, is_dry_run=dry)


def _rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    with database.unit_of_work(1) as unit:
        return [tuple(row) for row in unit.rows(sa.text(query))]


def _outcomes(result: ImportResult) -> list[str]:
    return [row.outcome for row in result.rows]


def _errors(result: ImportResult) -> list[str]:
    return [str(row.errors[0]) for row in result.rows if row.errors]


def _undo(database: Database, result: ImportResult) -> None:
    assert result.run_id is not None
    with database.unit_of_work(1) as unit:
        assert list_obstacles(unit, result.run_id) == []
        undo_import(unit, result.run_id)


def _windows_csv(path: pathlib.Path, rows: Sequence[Sequence[str]]) -> Sheet:
    path.write_bytes("\r\n".join(";".join(row) for row in rows).encode("cp1252"))
    return read_rows(path)


CONTRACT_LIST = (
    ("P.IVA", "Cliente", "Contratto", "Oggetto", "Decorrenza", "Servizio", "Q.tà", "Canone", "Cod. IVA", "Periodicità", "Ant/Post"),
    (VAT, "", "V-12", "Vigilanza", "01/01/2026", "Ronda notturna", "2", "€ 1.120,50", "22", "trimestrale", "posticipato"),
    (VAT, "", "V-12", "Vigilanza", "01/01/2026", "Teleallarme", "", "35", "22%", "", ""),
    ("", "bar sport", "", "", "2026-03-15", "Collegamento allarme", "", "28,90", "22", "annuale", "anticipato"),
    ("", "Nessuno", "", "", "01/01/2026", "Ronda", "", "10", "22", "", ""),
    (VAT, "", "", "", "fra poco", "Ronda", "", "dieci", "99", "ogni tanto", ""),
    (VAT, "", "", "", "01/06/2026", "Ronda", "", "10", "99", "", ""),
)


def test_a_windows_list_of_contracts_becomes_contracts_with_their_services(marta: Database, tmp_path: pathlib.Path) -> None:
    sheet = _windows_csv(tmp_path / "contratti.csv", CONTRACT_LIST)
    dry = _import(marta, CONTRACTS, sheet, dry=True)
    assert _rows(marta, "select 1 from customers.contract") == []
    result = _import(marta, CONTRACTS, sheet)
    assert [(row.outcome, row.code, row.errors) for row in dry.rows] == [(row.outcome, row.code, row.errors) for row in result.rows]
    assert _outcomes(result) == ["created", "created", "created", "error", "error", "error"]
    assert [row.code for row in result.rows[:3]] == ["V-12", "V-12", "C-2026/0001"]
    assert _errors(result) == [
        "«Nessuno» non si trova: importa prima la sua anagrafica.",
        "«Inizio contratto»: la data fra poco non si legge, scrivila come 31/12/2026.",
        "Il codice IVA «99» non c'è in tabella.",
    ]
    services = _rows(
        marta,
        "select c.number, s.description, s.quantity, s.monthly_price, s.frequency_months, s.is_in_advance, s.starts_on, s.anchor_month "
        "from customers.service as s join customers.contract as c using (company_id, contract_id) order by s.service_id",
    )
    day = datetime.date
    assert services == [
        ("V-12", "Ronda notturna", 2, Decimal("1120.50"), 3, False, day(2026, 1, 1), 1),
        ("V-12", "Teleallarme", 1, Decimal(35), 1, True, day(2026, 1, 1), 1),
        ("C-2026/0001", "Collegamento allarme", 1, Decimal("28.90"), 12, True, day(2026, 3, 15), 3),
    ]
    _undo(marta, result)
    assert _rows(marta, "select 1 from customers.contract union all select 1 from customers.service") == []


def test_a_contract_that_is_there_is_left_alone_or_gets_the_services(marta: Database) -> None:
    sheet = Sheet(CONTRACT_LIST[0], CONTRACT_LIST[1:2])
    _import(marta, CONTRACTS, sheet)
    assert _outcomes(_import(marta, CONTRACTS, sheet)) == ["duplicate"]
    added = _import(marta, CONTRACTS, sheet, on_duplicate="add")
    assert _outcomes(added) == ["updated"]
    assert len(_rows(marta, "select 1 from customers.service")) == 2
    _undo(marta, added)
    assert len(_rows(marta, "select 1 from customers.service")) == 1
    stranger = (("", "Bar Sport", *CONTRACT_LIST[1][2:]),)
    assert _errors(_import(marta, CONTRACTS, Sheet(CONTRACT_LIST[0], stranger))) == ["Il contratto V-12 è già di un altro cliente."]


def test_a_billed_service_keeps_its_import_from_being_undone(marta: Database) -> None:
    result = _import(marta, CONTRACTS, Sheet(CONTRACT_LIST[0], CONTRACT_LIST[1:3]))
    assert result.run_id is not None
    with marta.unit_of_work(1) as unit:
        series = unit.value(sa.text("select document_series_id from base.document_series where code = 'V' and company_id = :company"))
        unit.call(
            "billing.prepare_run",
            "x",
            datetime.date(2026, 1, 1),
            datetime.date(2026, 3, 31),
            datetime.date(2026, 3, 31),
            series,
            "contract",
        )
    with marta.unit_of_work(1) as unit:
        assert {one.by_table for one in list_obstacles(unit, result.run_id)} == {"billing.invoice", "billing.invoice_line"}
    with pytest.raises(Conflict), marta.unit_of_work(1) as unit:
        undo_import(unit, result.run_id)


def test_a_workbook_of_sites_becomes_sites_and_plants(marta: Database, tmp_path: pathlib.Path) -> None:
    book = Workbook()
    for row in (
        ("Cliente", "Sede", "Via", "CAP", "Città", "Impianto", "Tipo impianto"),
        ("Caffè Città", "Magazzino", "Via Po 3", 1100, "Aosta", "A/12", "TVCC"),
        ("Caffè Città", "Negozio", "", "", "", "", ""),
        ("Caffè Città", "", "", "", "", "", ""),
        ("Caffè Città", "Doppio", "", "", "", "A/12", ""),
    ):
        book.active.append(row)
    book.save(tmp_path / "sedi.xlsx")
    result = _import(marta, SITES, read_rows(tmp_path / "sedi.xlsx"))
    assert _outcomes(result) == ["created", "created", "error", "duplicate"]
    sites = _rows(marta, "select code, name, postal_code, province_code from customers.site order by site_id")
    assert sites == [("S000001", "Magazzino", "01100", "AO"), ("S000002", "Negozio", "", "")]
    assert _rows(marta, "select code, kind from customers.plant") == [("A/12", "video")]
    _undo(marta, result)
    assert _rows(marta, "select 1 from customers.site union all select 1 from customers.plant") == []


def test_mandates_are_active_with_signature_and_iban_else_drafts(marta: Database) -> None:
    iban = "IT60X0542811101000000123456"
    headers = ("P.IVA", "UMR", "IBAN", "Data firma")
    rows = ((VAT, "M-1", iban, "03/02/2025"), (VAT, "M-2", "", ""), (VAT, "M-3", "IT00X", "03/02/2025"), (VAT, "M-1", iban, ""))
    result = _import(marta, MANDATES, Sheet(headers, rows))
    assert _outcomes(result) == ["created", "created", "error", "duplicate"]
    found = _rows(marta, "select reference, state, sequence_state from customers.mandate order by mandate_id")
    assert found == [("M-1", "active", "FRST"), ("M-2", "draft", "FRST")]
    assert _outcomes(_import(marta, MANDATES, Sheet(headers, rows[:1]))) == ["duplicate"]
    _undo(marta, result)
    assert _rows(marta, "select 1 from customers.mandate") == []


def test_people_of_parties_are_added_once_and_completed(marta: Database) -> None:
    headers = ("Cliente", "Referente", "Ruolo", "Cell.", "Mail")
    result = _import(
        marta, CONTACTS, Sheet(headers, (("Caffè Città", "Ada Rossi", "Titolare", "", "ada@example.it"), ("Ignoto", "X", "", "", "")))
    )
    assert _outcomes(result) == ["created", "error"]
    more = _import(marta, CONTACTS, Sheet(headers, (("Caffe Citta", "ADA ROSSI", "Altro", "333 1234567", ""),)), on_duplicate="fill")
    assert _outcomes(more) == ["updated"]
    people = "select name, job, mobile, email from registry.contact_person"
    assert _rows(marta, people) == [("Ada Rossi", "Titolare", "333 1234567", "ada@example.it")]
    _undo(marta, more)
    assert _rows(marta, people) == [("Ada Rossi", "Titolare", "", "ada@example.it")]


def test_suppliers_come_in_and_a_customer_can_be_one_as_well(marta: Database) -> None:
    sheet = Sheet(("Ragione sociale", "P.IVA", "Comune"), (("Elettronica Alfa", "", "Torino"), ("Caffè Città", VAT, "")))
    result = _import(marta, PARTIES, sheet, role="supplier")
    assert _outcomes(result) == ["created", "updated"]
    roles = "select p.name, r.role from registry.party_role as r join registry.party as p using (company_id, party_id) where r.role <> 'customer' order by 1"
    assert _rows(marta, roles) == [("Caffè Città", "supplier"), ("Elettronica Alfa", "supplier")]
    assert _outcomes(_import(marta, PARTIES, sheet, role="supplier")) == ["duplicate", "duplicate"]
    _undo(marta, result)
    assert _rows(marta, roles) == []
    with marta.unit_of_work(1) as unit:
        assert queries.count_customers(unit, ListQuery()) == 2


def test_who_may_not_write_registers_imports_none(house: House, marta: Database) -> None:
    session = house.log_in("rita.revisore")
    with pytest.raises(NotAllowed):
        _import(session.database, PARTIES, Sheet(("Ragione sociale",), (("Alfa",),)))
    session.close()


def test_a_list_of_thousands_of_rows_is_written_by_sets(marta: Database) -> None:
    with marta.unit_of_work(1) as unit:
        count = 0

        def counted(*_what: object) -> None:
            nonlocal count
            count += 1

        sa.event.listen(unit.session.connection(), "before_cursor_execute", counted)
        rows = [(VAT, f"V-{number // 2}", "01/01/2026", f"Servizio {number}", "10", "22") for number in range(4_000)]
        headers = ("P.IVA", "Contratto", "Decorrenza", "Servizio", "Canone", "Cod. IVA")
        result = run_import(unit, CONTRACTS, headers, rows, propose_mapping(CONTRACTS, headers), is_dry_run=True)
    assert result.counts == {"created": 4_000}
    assert count < 60
