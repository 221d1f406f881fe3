"""Bringing in a customer list: mapping, cleaning, duplicates, dry run. `town_halls.csv` has the public facts of real town halls,
with the dirt such lists have: zeros lost by a spreadsheet, missing mails."""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from cms_desktop.core.errors import Cancelled, InvalidInput, NotAllowed
from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.db.database import Database
from cms_desktop.documents import importing
from cms_desktop.documents.importing import ImportMapping, ImportResult, run_import, signature
from cms_desktop.documents.importing.engine import read_row
from cms_desktop.documents.spreadsheet import Sheet, read_rows
from cms_desktop.modules.customers import queries
from cms_desktop.modules.customers.importing import CUSTOMERS
from cms_desktop.modules.customers.importing.clean import clean_row
from cms_desktop.modules.registry.importing.clean import repaired_digits
from tests.house import House
from tests.modules.customers.samples import add_customer

TOWN_HALLS = pathlib.Path(__file__).with_name("town_halls.csv")
TODAY = datetime.date(2026, 11, 22)


@pytest.fixture
def marta(house: House) -> Iterator[Database]:
    session = house.log_in("marta.bellini")
    yield session.database
    session.close()


def propose_mapping(headers: Sequence[str]) -> ImportMapping:
    return importing.propose_mapping(CUSTOMERS, headers)


def _import(database: Database, sheet: Sheet, mapping: ImportMapping | None = None, *, dry: bool = False) -> ImportResult:
    with database.unit_of_work(1) as unit:
        return run_import(unit, CUSTOMERS, sheet.headers, sheet.rows, mapping or propose_mapping(sheet.headers), is_dry_run=dry)


def _sheet(*rows: tuple[str, ...], headers: tuple[str, ...] = ("Ragione sociale", "P.IVA", "Cod. Fisc.", "Comune", "CAP")) -> Sheet:
    return Sheet(headers, rows)


def test_usual_titles_find_their_fields_and_unknown_ones_are_left_over() -> None:
    mapping = propose_mapping(["Denominazione", "P. IVA", "C.F.", "Città", "Prov.", "C.A.P.", "Tel.", "E-mail", "Codice SDI", "Zona"])
    assert mapping.columns == {
        "name": 0, "vat_number": 1, "tax_code": 2, "town": 3, "province_code": 4, "postal_code": 5, "phone": 6, "email": 7,
        "recipient_code": 8,
    }  # fmt: skip
    assert mapping.leftover == ("Zona",)


@pytest.mark.parametrize("title", ["N.", "Nr", "Nr.", "n°", "Nº", "n° civico", "Nº civico", "N. civico", "Civico"])
def test_the_number_beside_the_street_is_the_number_of_the_house(title: str) -> None:
    mapping = propose_mapping(["Cliente", "Via", title, "Comune"])
    assert mapping.columns == {"name": 0, "street": 1, "street_number": 2, "town": 3}
    assert mapping.leftover == ()


@pytest.mark.parametrize("title", ["N.", "Nr", "n°"])
def test_a_number_that_counts_the_rows_is_no_number_of_a_house(title: str) -> None:
    mapping = propose_mapping([title, "Cliente", "Via", "Comune"])
    assert "street_number" not in mapping.columns and mapping.leftover == (title,)


def test_a_mapping_kept_by_an_older_program_is_understood() -> None:
    old = {"columns": {"name": 0, "cap": 3}, "kind": "person", "name_prefix": "", "offered_prefix": "", "on_duplicate": "fill"}
    mapping = ImportMapping.from_json(CUSTOMERS, old)
    assert (mapping.columns, mapping.option("kind"), mapping.option("on_duplicate")) == ({"name": 0}, "person", "fill")


def test_a_list_of_town_halls_proposes_public_bodies_and_offers_a_prefix_without_using_it() -> None:
    mapping = propose_mapping(read_rows(TOWN_HALLS).headers)
    assert (mapping.columns["name"], mapping.columns["town"], mapping.columns["istat_code"]) == (0, 0, 1)
    assert (mapping.option("kind"), mapping.option("name_prefix"), mapping.offered) == ("public_body", "", {"name_prefix": "Comune di"})


def test_a_mapping_survives_being_kept() -> None:
    mapping = propose_mapping(read_rows(TOWN_HALLS).headers)
    assert replace(ImportMapping.from_json(CUSTOMERS, mapping.to_json()), leftover=mapping.leftover) == mapping
    assert signature(["P.IVA", "Città"]) == signature([" p iva", "CITTA'"])


def test_the_list_of_town_halls_comes_in_as_it_is(marta: Database) -> None:
    sheet = read_rows(TOWN_HALLS)
    short = [row for row in sheet.rows if len(row[6]) < 11]
    result = _import(marta, sheet)
    assert result.counts == {"created": len(sheet.rows)}
    repaired = [row for row in result.rows if any("zero iniziale" in str(one) for one in row.warnings)]
    assert [row.name for row in repaired] == [row[0] for row in short]
    with marta.unit_of_work(1) as unit:
        rows = {row.name: row for row in queries.list_customers(unit, ListQuery()).rows}
        almese = queries.load_customer(unit, rows["Almese"].customer_id).values
        without_mail = queries.load_customer(unit, rows["Ala di Stura"].customer_id).values
    assert len(rows) == len(sheet.rows)
    assert {
        "kind": "public_body",
        "tax_code": "01817670019",
        "vat_number": None,
        "istat_code": "001006",
        "province_code": "TO",
    }.items() <= almese.items()
    assert (without_mail["email"], without_mail["pec"], without_mail["street"]) == ("", "comunealadistura@pec.it", "")


def test_the_prefix_is_put_before_names_when_the_person_wants_it(marta: Database) -> None:
    sheet = read_rows(TOWN_HALLS)
    result = _import(marta, sheet, propose_mapping(sheet.headers).with_options(name_prefix="Comune di"))
    assert result.rows[0].name == "Comune di Agliè"


def test_a_dry_run_says_the_same_and_leaves_nothing(marta: Database) -> None:
    sheet = read_rows(TOWN_HALLS)
    dry = _import(marta, sheet, dry=True)
    with marta.unit_of_work(1) as unit:
        assert queries.count_customers(unit, ListQuery()) == 0
    done = _import(marta, sheet)
    assert [(row.number, row.outcome, row.code, row.warnings) for row in dry.rows] == [
        (row.number, row.outcome, row.code, row.warnings) for row in done.rows
    ]


def test_the_same_list_twice_makes_no_second_customer(marta: Database) -> None:
    sheet = read_rows(TOWN_HALLS)
    _import(marta, sheet)
    assert _import(marta, sheet).counts == {"duplicate": len(sheet.rows)}


def test_known_customers_get_only_what_they_lack_when_asked(marta: Database) -> None:
    with marta.unit_of_work(1) as unit:
        known = add_customer(unit, "Bellini", vat_number="00743110157", pec="", postal_code="50123")
    sheet = _sheet(("Altro nome", "00743110157", "50199", "x@pec.example.it"), headers=("cliente", "piva", "cap", "pec"))
    result = _import(marta, sheet, propose_mapping(sheet.headers).with_options(on_duplicate="fill"))
    with marta.unit_of_work(1) as unit:
        values = queries.load_customer(unit, known).values
    assert result.counts == {"updated": 1}
    assert (values["name"], values["postal_code"], values["pec"]) == ("Bellini", "50123", "x@pec.example.it")


def test_duplicates_are_known_by_code_else_by_name_and_town(marta: Database) -> None:
    with marta.unit_of_work(1) as unit:
        add_customer(unit, "Bar Sport", vat_number="", town="Prato")
    result = _import(
        marta,
        _sheet(
            ("BAR SPORT", "", "", "Prato", ""), ("Bar Sport", "", "", "Empoli", ""), ("Gamma", "00743110157", "", "", ""),
            ("Gamma bis", "IT 00743110157", "", "", ""),
        ),
    )  # fmt: skip
    assert [row.outcome for row in result.rows] == ["duplicate", "created", "created", "duplicate"]
    assert str(result.rows[3].warnings[0]) == "Uguale alla riga 4 dello stesso file."


def test_a_bad_row_is_told_and_the_others_come_in(marta: Database) -> None:
    result = _import(marta, _sheet(("", "", "", "", ""), ("Delta", "00743110158", "", "", ""), ("Buona", "", "", "Torino", "")))
    assert [row.outcome for row in result.rows] == ["error", "error", "created"]
    assert str(result.rows[0].errors[0]) == "Manca la ragione sociale."
    assert "cifra di controllo" in str(result.rows[1].errors[0])


def test_zeros_are_given_back_only_when_the_check_digit_fits() -> None:
    assert repaired_digits("1735420018") == "01735420018"
    assert repaired_digits("743110157") == "00743110157"
    assert repaired_digits("1735420019") == "1735420019"
    assert repaired_digits("83501790014") == "83501790014"


def test_cleaning_reports_what_it_changes() -> None:
    mapping = propose_mapping(["cliente", "cap", "email", "dal"])
    row = read_row(("Alfa", "5021", "a b@example.it", "boh"), mapping, 2)
    clean_row(row, mapping, TODAY)
    assert row.values["postal_code"] == "05021" and row.values["email"] == "ab@example.it"
    assert len(row.warnings) == 4  # the fiscal codes are missing as well
    assert not row.errors


def test_towns_are_placed_only_without_doubt(marta: Database) -> None:
    _import(marta, _sheet(("Uno", "", "", "agliè", ""), ("Due", "", "", "Non Esiste", ""), ("Tre", "", "", "", "10011")))
    with marta.unit_of_work(1) as unit:
        rows = {row.name: queries.load_customer(unit, row.customer_id).values for row in queries.list_customers(unit, ListQuery()).rows}
    assert (rows["Uno"]["istat_code"], rows["Uno"]["province_code"], rows["Uno"]["town"]) == ("001001", "TO", "agliè")
    assert (rows["Due"]["istat_code"], rows["Due"]["town"]) == (None, "Non Esiste")


def test_typed_codes_are_kept_and_a_taken_one_is_an_error(marta: Database) -> None:
    headers = ("codice", "cliente")
    result = _import(marta, _sheet(("A7", "Primo"), ("", "Secondo"), ("A7", "Terzo"), headers=headers))
    assert [(row.outcome, row.code) for row in result.rows] == [("created", "A7"), ("created", "000001"), ("error", "")]
    again = _import(marta, _sheet(("A7", "Quarto"), headers=headers))
    assert again.rows[0].outcome == "error"


def test_a_mapping_without_a_name_is_refused(marta: Database) -> None:
    with pytest.raises(InvalidInput):
        _import(marta, _sheet(("1",), headers=("zona",)))


def test_a_cancelled_import_leaves_nothing(marta: Database) -> None:
    sheet = _sheet(*((f"Ditta {number}", "", "", "", "") for number in range(50)))

    with pytest.raises(Cancelled), marta.unit_of_work(1) as unit:

        def stop(_done: int, _total: int, phase: str) -> None:
            if phase == "write":
                raise Cancelled

        unit.on_progress = stop
        run_import(unit, CUSTOMERS, sheet.headers, sheet.rows, propose_mapping(sheet.headers), is_dry_run=False)
    with marta.unit_of_work(1) as unit:
        assert queries.count_customers(unit, ListQuery()) == 0


def test_who_may_not_import_is_refused(house: House) -> None:
    session = house.log_in("carlo.conti")
    try:
        with pytest.raises(NotAllowed):
            _import(session.database, _sheet(("Alfa", "", "", "", "")))
    finally:
        session.close()


def test_an_import_stays_in_its_company(house: House, marta: Database) -> None:
    bruno = house.log_in("bruno.estraneo")
    with bruno.database.unit_of_work(2) as unit:
        add_customer(unit, "Gamma")
    bruno.close()
    assert _import(marta, _sheet(("Gamma", "00743110157", "", "", ""))).counts == {"created": 1}
    with marta.unit_of_work(1) as unit:
        assert queries.count_customers(unit, ListQuery((Filter("name", "contains", ("gamma",)),))) == 1
