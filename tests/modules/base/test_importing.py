"""Lists of VAT codes and payment terms."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from cms_desktop.core.errors import NotAllowed
from cms_desktop.db.database import Database
from cms_desktop.documents.importing import ImportResult, ImportTarget, propose_mapping, run_import, undo_import
from cms_desktop.documents.spreadsheet import Sheet
from cms_desktop.modules.base.importing import PAYMENT_TERMS, VAT_CODES
from tests.house import House


@pytest.fixture
def anna(house: House) -> Iterator[Database]:
    session = house.log_in("anna.admin")
    yield session.database
    session.close()


def _import(database: Database, target: ImportTarget, sheet: Sheet, **options: str) -> ImportResult:
    with database.unit_of_work(1) as unit:
        return run_import(
            unit, target, sheet.headers, sheet.rows, propose_mapping(target, sheet.headers).with_options(**options), is_dry_run=False
        )


def _rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    with database.unit_of_work(1) as unit:
        return [tuple(row) for row in unit.rows(sa.text(query))]


VAT = "select code, description, rate, nature from base.vat_code where code in ('X5', 'X0', '22') and company_id = 1 order by code"


def test_vat_codes_are_added_updated_when_asked_and_put_back_as_they_were(anna: Database) -> None:
    before = _rows(anna, VAT)
    rows = (
        ("X5", "Aliquota cinque", "5 %", ""), ("X0", "Esente art. 10", "0", "n4"), ("22", "Aliquota ordinaria nuova", "22,00", ""),
        ("X9", "Senza natura", "0", ""), ("X8", "", "4", ""), ("x5", "Doppia", "5", ""),
    )  # fmt: skip
    result = _import(anna, VAT_CODES, Sheet(("Codice", "Descrizione", "Aliquota", "Natura"), rows), on_duplicate="change")
    assert [row.outcome for row in result.rows] == ["created", "created", "updated", "error", "error", "duplicate"]
    assert _rows(anna, VAT) == [
        ("22", "Aliquota ordinaria nuova", Decimal(22), ""),
        ("X0", "Esente art. 10", Decimal(0), "N4"),
        ("X5", "Aliquota cinque", Decimal(5), ""),
    ]
    with anna.unit_of_work(1) as unit:
        undo_import(unit, result.run_id or 0)
    assert _rows(anna, VAT) == before


def test_payment_terms_come_with_their_instalments(anna: Database) -> None:
    rows = (
        ("Z36", "RiBa 30/60 fine mese", "Ri.Ba.", "30/60 FM"), ("ZB", "Bonifico vista", "bonifico", "0"), ("ZX", "Boh", "baratto", "30"),
        ("ZY", "Storto", "RiBa", "trenta"), ("ZZ", "Poco", "RiBa", "50% 30"),
    )  # fmt: skip
    result = _import(anna, PAYMENT_TERMS, Sheet(("Codice", "Descrizione", "Modalità", "Rate"), rows))
    assert [row.outcome for row in result.rows] == ["created", "created", "error", "error", "error"]
    found = (
        "select t.code, t.method, i.position, i.share, i.days, i.rule from base.payment_term as t "
        "join base.payment_installment as i using (company_id, payment_term_id) where t.code like 'Z%' order by 1, 3"
    )
    assert _rows(anna, found) == [
        ("Z36", "MP12", 1, Decimal(50), 30, "EOM"),
        ("Z36", "MP12", 2, Decimal(50), 60, "EOM"),
        ("ZB", "MP05", 1, Decimal(100), 0, "NET"),
    ]
    with anna.unit_of_work(1) as unit:
        undo_import(unit, result.run_id or 0)
    assert _rows(anna, found) == []


def test_tables_of_the_company_are_the_administrators(house: House) -> None:
    session = house.log_in("marta.bellini")
    with pytest.raises(NotAllowed):
        _import(session.database, VAT_CODES, Sheet(("Codice", "Descrizione", "Aliquota"), (("X5", "Cinque", "5"),)))
    session.close()
