"""The company's data, the fiscal tables and the register of changes."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms_desktop.core.due_dates import due_on
from cms_desktop.core.errors import AppError, Conflict, InvalidInput
from cms_desktop.core.listing import ListQuery
from cms_desktop.db.login import LoginSession
from cms_desktop.modules.base import actions, queries, rules
from cms_desktop.modules.base.records import InstallmentRecord
from tests.house import House


@pytest.fixture
def anna(house: House) -> Iterator[LoginSession]:
    session = house.log_in("anna.admin")
    yield session
    session.close()


def test_the_company_is_saved_and_its_history_shows_old_and_new(anna: LoginSession) -> None:
    with anna.database.unit_of_work(1) as unit:
        company = queries.find_company(unit)
        actions.save_company(unit, company.row_version, {"street": "Corso Francia", "phone": "011 555 123"})
    with anna.database.unit_of_work(1) as unit:
        company = queries.find_company(unit)
        actions.save_company(unit, company.row_version, {"street": "Corso Re Umberto"})
    with anna.database.unit_of_work(1) as unit:
        history = queries.find_history(unit, "base.company", 1)
        rows = queries.list_audit(unit, ListQuery()).rows
    changes = [{one.field: (one.old, one.new) for one in entry.changes} for entry in history if entry.operation == "U"]
    assert changes[0] == {"street": ("Corso Francia", "Corso Re Umberto")}
    assert changes[1] == {"street": ("Via Garibaldi", "Corso Francia"), "phone": ("", "011 555 123")}
    assert history[0].person_name == "Anna Ferri"
    with anna.database.unit_of_work(1) as unit:
        latest = next(row for row in rows if row.table_name == "base.company")
        assert {one.field: one.new for one in queries.changes_of(unit, latest.audit_id)} == {"street": "Corso Re Umberto"}


def test_an_older_version_of_a_record_is_not_saved(anna: LoginSession) -> None:
    with anna.database.unit_of_work(1) as unit:
        actions.save_company(unit, queries.find_company(unit).row_version, {"phone": "1"})
    with pytest.raises(Conflict), anna.database.unit_of_work(1) as unit:
        actions.save_company(unit, 1, {"phone": "2"})


def test_a_reader_changes_no_table(house: House) -> None:
    rita = house.log_in("rita.revisore")
    with rita.database.unit_of_work(1) as unit:
        code = queries.list_vat_codes(unit)[0]
    with pytest.raises(AppError), rita.database.unit_of_work(1) as unit:
        actions.save_vat_code(unit, code.record_id, code.row_version, {"description": "mia"})
    with pytest.raises(AppError), rita.database.unit_of_work(1) as unit:
        actions.save_vat_code(unit, None, 0, {"code": "5", "description": "Cinque", "rate": Decimal(5)})
    rita.close()


def test_a_vat_code_of_rate_zero_needs_its_nature(anna: LoginSession) -> None:
    with pytest.raises(InvalidInput) as refused, anna.database.unit_of_work(1) as unit:
        actions.save_vat_code(unit, None, 0, {"code": "X", "description": "Senza natura", "rate": Decimal(0)})
    assert refused.value.field == "nature"


def test_a_new_default_bank_takes_the_place_of_the_old_one(anna: LoginSession) -> None:
    with anna.database.unit_of_work(1) as unit:
        actions.save_bank_account(unit, None, 0, {"name": "Seconda", "iban": "IT28W8000000292100645211151", "is_default": True})
    with anna.database.unit_of_work(1) as unit:
        assert {one["name"]: one["is_default"] for one in queries.list_bank_accounts(unit)} == {"Seconda": True, "Banca di prova": False}


def test_a_payment_term_keeps_its_instalments_and_they_make_one_hundred(anna: LoginSession) -> None:
    parts = [InstallmentRecord(Decimal(50), 30, "EOM"), InstallmentRecord(Decimal(50), 60, "EOM", 10)]
    values = {"code": "M3060", "description": "Metà e metà", "method": "MP12"}
    with anna.database.unit_of_work(1) as unit:
        term_id = actions.save_payment_term(unit, None, 0, values, installments=parts)
    with anna.database.unit_of_work(1) as unit:
        stored = next(term for term in queries.list_payment_terms(unit) if term.record_id == term_id)
        assert stored.installments == tuple(parts)
        actions.save_payment_term(unit, term_id, stored.row_version, values, installments=[InstallmentRecord(Decimal(100), 90, "NET")])
    with anna.database.unit_of_work(1) as unit:
        stored = next(term for term in queries.list_payment_terms(unit) if term.record_id == term_id)
    assert stored.installments == (InstallmentRecord(Decimal(100), 90, "NET"),)
    with pytest.raises(InvalidInput) as refused, anna.database.unit_of_work(1) as unit:
        actions.save_payment_term(unit, term_id, stored.row_version, values, installments=parts[:1])
    assert "50%" in str(refused.value)


def test_a_parameter_holds_from_its_day_on(anna: LoginSession) -> None:
    with anna.database.unit_of_work(1) as unit:
        actions.save_parameter(unit, None, 0, {"key": "interest", "valid_from": datetime.date(2026, 1, 1), "value": {"rate": 10}})
        actions.save_parameter(unit, None, 0, {"key": "interest", "valid_from": datetime.date(2026, 7, 1), "value": {"rate": 11}})
    with anna.database.unit_of_work(1) as unit:
        found = [queries.find_parameter(unit, "interest", datetime.date(2026, month, 1)) for month in (6, 7)]
        assert found == [{"rate": 10}, {"rate": 11}] and queries.find_parameter(unit, "interest", datetime.date(2025, 1, 1)) is None


def test_a_removed_right_is_found_in_the_register_with_its_name(anna: LoginSession) -> None:
    with anna.database.unit_of_work(1) as unit:
        marta = next(holder for holder in queries.find_matrix(unit).holders if holder.login == "marta.bellini")
        actions.grant_functions(unit, marta.person_id, marta.functions - {"billing.issue"})
    with anna.database.unit_of_work(1) as unit:
        removed = next(entry for entry in queries.find_history(unit, "base.permission", marta.person_id) if entry.operation == "D")
        figures = queries.find_figures(unit)
        counts = [queries.sum_audit(unit, queries.changes_on(figures.today, one.table_name)).count for one in figures.tables]
    assert next(one.old for one in removed.changes if one.field == "function") == "billing.issue"
    assert [one.count for one in figures.tables] == counts and figures.changes_today is not None and sum(counts) <= figures.changes_today


def test_the_register_is_closed_to_who_may_not_audit(house: House) -> None:
    marta = house.log_in("marta.bellini")
    with marta.database.unit_of_work(1) as unit:
        assert queries.sum_audit(unit, ListQuery()).count == 0
    marta.close()


@pytest.fixture(scope="module")
def server(shared_house: House) -> Iterator[object]:
    with shared_house.owner() as connection:
        yield connection


@settings(max_examples=60, deadline=None)
@given(
    day=st.dates(datetime.date(2020, 1, 1), datetime.date(2032, 12, 31)),
    days=st.integers(0, 24).map(lambda number: number * 15),
    rule=st.sampled_from(["NET", "EOM", "DAY"]),
    fixed=st.none() | st.integers(1, 31),
)
def test_due_dates_are_those_the_database_computes(server, day: datetime.date, days: int, rule: str, fixed: int | None) -> None:
    fixed = fixed or (15 if rule == "DAY" else None)
    stored = server.execute("select base.due_on(%s, %s, %s, %s)", (day, days, rule, fixed)).fetchone()[0]
    assert due_on(day, days, rule, fixed) == stored


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("30/60/90 fm", [("33.33", 30, "EOM", None), ("33.33", 60, "EOM", None), ("33.34", 90, "EOM", None)]),
        ("0", [("100", 0, "NET", None)]),
        ("60 FM +10", [("100", 60, "EOM", 10)]),
        ("30 DF +15", [("100", 30, "NET", 15)]),
        ("90 g15", [("100", 90, "DAY", 15)]),
        ("50% 30 DF; 50% 60 FM", [("50", 30, "NET", None), ("50", 60, "EOM", None)]),
    ],
)
def test_instalments_are_read_as_the_trade_writes_them(text: str, parts: list[tuple[str, int, str, int | None]]) -> None:
    found = rules.parse_installments(text)
    assert found == tuple(InstallmentRecord(Decimal(share), days, rule, fixed) for share, days, rule, fixed in parts)
    assert rules.parse_installments(rules.installments_text(found)) == found


@pytest.mark.parametrize("text", ["trenta", "30 FM G10", "30 DF +32", "50% 30; 60", "900"])
def test_instalments_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        rules.parse_installments(text)
