"""The company's own data and its fiscal tables."""

from __future__ import annotations

import datetime
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.errors import InvalidInput
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.records import InstallmentRecord, PaymentTermRecord, SeriesRecord, SeriesUse, StoredRecord
from cms_desktop.modules.base.tables import (
    BankAccount,
    Company,
    DocumentCounter,
    DocumentSeries,
    LetterText,
    Parameter,
    PaymentInstallment,
    PaymentTerm,
    SeriesKind,
    VatCode,
)

_STAMPS = frozenset({"company_id", "created_at", "created_by", "changed_at", "changed_by", "row_version"})


def _values(row: Any, key: str) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns if column.key not in _STAMPS and column.key != key}


def _records(unit: UnitOfWork, model: Any, key: str, *order: Any) -> tuple[StoredRecord, ...]:
    rows = unit.session.scalars(sa.select(model).where(model.company_id == unit.company_id).order_by(*order))
    return tuple(StoredRecord(getattr(row, key), row.row_version, _values(row, key)) for row in rows)


def find_company(unit: UnitOfWork) -> StoredRecord:
    row = unit.session.scalars(sa.select(Company).where(Company.company_id == unit.company_id)).first()
    if row is None:
        raise InvalidInput("L'azienda non esiste o non è visibile per te.")
    return StoredRecord(row.company_id, row.row_version, _values(row, "company_id"))


def list_vat_codes(unit: UnitOfWork) -> tuple[StoredRecord, ...]:
    return _records(unit, VatCode, "vat_code_id", VatCode.is_active.desc(), VatCode.rate.desc(), VatCode.code)


def list_bank_accounts(unit: UnitOfWork) -> tuple[StoredRecord, ...]:
    return _records(unit, BankAccount, "bank_account_id", BankAccount.is_active.desc(), BankAccount.is_default.desc(), BankAccount.name)


def list_parameters(unit: UnitOfWork) -> tuple[StoredRecord, ...]:
    """All values, the newest of each key first."""
    return _records(unit, Parameter, "parameter_id", Parameter.key, Parameter.valid_from.desc())


def find_parameter(unit: UnitOfWork, key: str, on_date: datetime.date) -> Any:
    """The value of a dated parameter on a day; None when there is none yet."""
    statement = (
        sa.select(Parameter.value)
        .where(Parameter.company_id == unit.company_id, Parameter.key == key, Parameter.valid_from <= on_date)
        .order_by(Parameter.valid_from.desc())
        .limit(1)
    )
    return unit.value(statement)


def list_document_series(unit: UnitOfWork) -> tuple[SeriesRecord, ...]:
    """Series with the documents they take and the last number of the running year (`last_number`, `last_document_on`)."""
    year = unit.value(sa.select(sa.func.extract("year", sa.func.current_date())))
    counters = {
        row.document_series_id: row
        for row in unit.session.scalars(
            sa.select(DocumentCounter).where(DocumentCounter.company_id == unit.company_id, DocumentCounter.year == int(year))
        )
    }
    uses: dict[int, list[SeriesUse]] = {}
    kinds = (
        sa.select(SeriesKind).where(SeriesKind.company_id == unit.company_id).order_by(SeriesKind.document_type, SeriesKind.is_public_body)
    )
    for row in unit.session.scalars(kinds):
        uses.setdefault(row.document_series_id, []).append(SeriesUse(row.document_type, row.is_public_body, row.is_default))
    found = []
    for one in _records(unit, DocumentSeries, "document_series_id", DocumentSeries.is_active.desc(), DocumentSeries.code):
        counter = counters.get(one.record_id)
        last = {"last_number": counter.last_number if counter else 0, "last_document_on": counter.last_document_on if counter else None}
        found.append(SeriesRecord(one.record_id, one.row_version, {**one.values, **last}, tuple(uses.get(one.record_id, ()))))
    return tuple(found)


def list_payment_terms(unit: UnitOfWork) -> tuple[PaymentTermRecord, ...]:
    parts: dict[int, list[InstallmentRecord]] = {}
    rows = unit.session.scalars(
        sa.select(PaymentInstallment).where(PaymentInstallment.company_id == unit.company_id).order_by(PaymentInstallment.position)
    )
    for row in rows:
        parts.setdefault(row.payment_term_id, []).append(InstallmentRecord(row.share, row.days, row.rule, row.fixed_day))
    terms = _records(unit, PaymentTerm, "payment_term_id", PaymentTerm.is_active.desc(), PaymentTerm.code)
    return tuple(PaymentTermRecord(one.record_id, one.row_version, one.values, tuple(parts.get(one.record_id, ()))) for one in terms)


def list_letter_texts(unit: UnitOfWork) -> tuple[StoredRecord, ...]:
    """Every text of every letter, by kind and language, the newest first."""
    return _records(unit, LetterText, "letter_text_id", LetterText.kind, LetterText.language, LetterText.valid_from.desc())
