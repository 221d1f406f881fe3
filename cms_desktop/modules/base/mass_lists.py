"""Which fields of the fiscal tables may be changed for many records at once."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.listing import ListQuery
from cms_desktop.db.mass_change import MassList
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.tables import BankAccount, DocumentSeries, PaymentTerm, VatCode

IS_DEFAULT = "È il conto predefinito: prima scegline un altro."


def _list(table: sa.FromClause, key: str, label: str, *fields: str, **more: Any) -> MassList:
    def every(unit: UnitOfWork, _query: ListQuery) -> sa.Select[Any]:
        return sa.select(table.c[key]).where(table.c.company_id == unit.company_id)

    assert isinstance(table, sa.Table)
    return MassList(f"{table.schema}.{table.name}", table, key, table.c[label], table, fields, "base.administer", every, **more)


def _vat_value(key: str, value: Any) -> Any:
    if key == "exigibility" and value not in ("I", "D", "S"):
        raise InvalidInput("Scegli un valore dall'elenco.", field=key)
    return value


def _bank_refusals(key: str, value: Any) -> tuple[tuple[sa.ColumnElement[bool], str], ...]:
    column = BankAccount.__table__.c.is_default
    return ((column, IS_DEFAULT),) if key == "is_active" and not value else ()


LISTS = {
    "vat": _list(VatCode.__table__, "vat_code_id", "code", "is_active", "exigibility", "legal_reference", stored=_vat_value),
    "terms": _list(PaymentTerm.__table__, "payment_term_id", "code", "is_active"),
    "series": _list(DocumentSeries.__table__, "document_series_id", "code", "is_active"),
    "banks": _list(BankAccount.__table__, "bank_account_id", "name", "is_active", "branch", refusals=_bank_refusals),
}
