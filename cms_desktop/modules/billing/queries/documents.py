"""Issued invoices as documents for the exchange system and for paper: one query per table for a whole batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.money import ZERO
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.tables import BankAccount, Company, VatCode
from cms_desktop.modules.billing.fatturapa.records import (
    Address,
    Buyer,
    CompanyRegistration,
    DocumentLine,
    DocumentReference,
    Exigibility,
    InvoiceDocument,
    PaymentDue,
    Seller,
    VatSummaryRow,
)
from cms_desktop.modules.billing.tables import Invoice, InvoiceLine, InvoiceVat
from cms_desktop.modules.customers.tables import Contract, Service
from cms_desktop.modules.ledger.tables import OpenItem

SPLIT_PAYMENT_LAW = "Scissione dei pagamenti, art. 17-ter DPR 633/72"
NO_CODE, ABROAD = "0000000", "XXXXXXX"
BANK_TRANSFER, BANK_RECEIPT = "MP05", "MP12"


def invoice_documents(unit: UnitOfWork, invoice_ids: Sequence[int], *, drafts: bool = False) -> list[InvoiceDocument]:
    """The documents of issued invoices (with `drafts` also of others), in the order of `invoice_ids`. The transmission number is empty until a
    file is made; a draft has no number but that of its pro-forma."""
    wanted = list(invoice_ids)
    invoices = {row.invoice_id: row for row in _rows(unit, Invoice, wanted)}
    lines, summaries, dues = _lines(unit, wanted), _summaries(unit, wanted), _dues(unit, wanted)
    seller, bank = find_seller(unit), _default_bank(unit)
    return [
        _document(invoices[number], seller, bank, lines[number], summaries[number], dues[number])
        for number in wanted
        if number in invoices and (drafts or invoices[number].number is not None)
    ]


def find_seller(unit: UnitOfWork) -> Seller:
    """The company as it issues documents."""
    row = _company(unit)
    register = None
    if row.rea_office and row.rea_number:
        holders: Any = "" if row.is_sole_holder is None else "SU" if row.is_sole_holder else "SM"
        register = CompanyRegistration(row.rea_office, row.rea_number, row.share_capital, holders, row.is_in_liquidation)
    return Seller(
        vat_number=row.vat_number,
        address=Address(row.street, row.postal_code, row.town, row.street_number, row.province_code),
        name=row.name,
        tax_code=row.tax_code,
        tax_regime=row.fiscal_regime,
        registration=register,
        phone=row.phone,
        email=row.email,
    )


def _company(unit: UnitOfWork) -> Any:
    table = Company.__table__
    return unit.rows(sa.select(table).where(table.c.company_id == unit.company_id))[0]


def _default_bank(unit: UnitOfWork) -> Any | None:
    table = BankAccount.__table__
    rows = unit.rows(sa.select(table.c.iban, table.c.name).where(table.c.company_id == unit.company_id, table.c.is_default))
    return rows[0] if rows else None


def _rows(unit: UnitOfWork, table: type[Any], invoice_ids: list[int]) -> list[Any]:
    c = table.__table__.c
    return unit.rows(sa.select(table.__table__).where(c.company_id == unit.company_id, c.invoice_id == sa.any_(_ids(invoice_ids))))


def _ids(invoice_ids: list[int]) -> sa.BindParameter[Any]:
    return sa.bindparam("ids", invoice_ids, sa.ARRAY(sa.BigInteger), unique=True)


def _lines(unit: UnitOfWork, invoice_ids: list[int]) -> dict[int, list[Any]]:
    line, vat, service, contract = InvoiceLine.__table__.c, VatCode.__table__.c, Service.__table__.c, Contract.__table__.c
    statement = (
        sa.select(
            InvoiceLine.__table__, vat.rate, vat.nature, contract.contract_id, contract.number.label("contract_number"),
            contract.order_reference, contract.cig_code, contract.cup_code,
        )
        .select_from(InvoiceLine.__table__)
        .join(VatCode.__table__, sa.and_(vat.company_id == line.company_id, vat.vat_code_id == line.vat_code_id))
        .outerjoin(Service.__table__, sa.and_(service.company_id == line.company_id, service.service_id == line.service_id))
        .outerjoin(Contract.__table__, sa.and_(contract.company_id == service.company_id, contract.contract_id == service.contract_id))
        .where(line.company_id == unit.company_id, line.invoice_id == sa.any_(_ids(invoice_ids)))
        .order_by(line.invoice_id, line.line_no)
    )  # fmt: skip
    return _by_invoice(unit.rows(statement))


def _summaries(unit: UnitOfWork, invoice_ids: list[int]) -> dict[int, list[Any]]:
    summary, vat = InvoiceVat.__table__.c, VatCode.__table__.c
    statement = (
        sa.select(InvoiceVat.__table__, vat.legal_reference)
        .join_from(
            InvoiceVat.__table__,
            VatCode.__table__,
            sa.and_(vat.company_id == summary.company_id, vat.vat_code_id == summary.vat_code_id),
        )
        .where(summary.company_id == unit.company_id, summary.invoice_id == sa.any_(_ids(invoice_ids)))
        .order_by(summary.invoice_id, summary.rate.desc(), summary.vat_code_id)
    )
    return _by_invoice(unit.rows(statement))


def _dues(unit: UnitOfWork, invoice_ids: list[int]) -> dict[int, list[Any]]:
    c = OpenItem.__table__.c
    statement = (
        sa.select(c.source_id.label("invoice_id"), c.due_on, c.method, c.amount)
        .where(c.company_id == unit.company_id, c.source == "invoice", c.source_id == sa.any_(_ids(invoice_ids)))
        .order_by(c.source_id, c.installment)
    )
    return _by_invoice(unit.rows(statement))


def _by_invoice(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.invoice_id].append(row)
    return found


# ---- rows to records --------------------------------------------------------------------------------------------------


def _document(invoice: Any, seller: Seller, bank: Any | None, lines: list[Any], summary: list[Any], dues: list[Any]) -> InvoiceDocument:
    return InvoiceDocument(
        transmission_number="",
        document_type=invoice.document_type,
        number=invoice.document_number or invoice.pro_forma_number or "",
        issued_on=invoice.document_on,
        seller=seller,
        buyer=buyer_of(invoice.buyer),
        lines=tuple(_line(row) for row in lines),
        summary=_summary(summary),
        payments=tuple(_payment(row, invoice.buyer, seller, bank) for row in dues),
        references=_references(invoice, lines),
        stamp_duty=invoice.stamp_amount or None,
    )


def buyer_of(facts: dict[str, Any]) -> Buyer:
    """The buyer as kept in the invoice when it was made."""
    is_person = facts["kind"] == "person" and bool(facts["first_name"] and facts["last_name"])
    code = facts["recipient_code"] or (NO_CODE if facts["country"] == "IT" else ABROAD)
    return Buyer(
        address=Address(
            facts["street"], facts["postal_code"], facts["town"], facts["street_number"], facts["province_code"], facts["country"]
        ),
        name="" if is_person else facts["name"],
        first_name=facts["first_name"] if is_person else "",
        last_name=facts["last_name"] if is_person else "",
        vat_number=facts["vat_number"] or "",
        vat_country=facts["vat_country"],
        tax_code=facts["tax_code"] or "",
        recipient_code=code,
        certified_email=facts["pec"] if code == NO_CODE else "",
        is_public_body=facts["kind"] == "public_body",
    )


def _line(row: Any) -> DocumentLine:
    return DocumentLine(
        description=row.description,
        unit_price=row.unit_price,
        total=row.line_amount,
        vat_rate=row.rate,
        quantity=row.quantity,
        nature=row.nature,
        period_from=row.period_start,
        period_to=row.period_end,
    )


def _summary(rows: list[Any]) -> tuple[VatSummaryRow, ...]:
    """One row for each rate, nature and exigibility: two VAT codes of the house may be the same thing for the tax office."""
    sums: dict[tuple[Decimal, str, str], list[Any]] = {}
    for row in rows:
        sums.setdefault((row.rate, row.nature, row.exigibility), []).append(row)
    found = []
    for (rate, nature, exigibility), members in sums.items():
        law = members[0].legal_reference or (SPLIT_PAYMENT_LAW if exigibility == "S" else "")
        kind: Exigibility = exigibility  # type: ignore[assignment]  # the column holds I, D or S
        net, vat = sum((one.net_amount for one in members), ZERO), sum((one.vat_amount for one in members), ZERO)
        found.append(VatSummaryRow(rate, net, vat, nature, kind, law))
    return tuple(found)


def _payment(row: Any, buyer: dict[str, Any], seller: Seller, bank: Any | None) -> PaymentDue:
    if row.method == BANK_TRANSFER and bank is not None:
        return PaymentDue(row.method, row.amount, row.due_on, bank.iban, bank.name, seller.name)
    return PaymentDue(row.method, row.amount, row.due_on, bank_name=buyer["bank_name"] if row.method == BANK_RECEIPT else "")


def _references(invoice: Any, lines: list[Any]) -> tuple[DocumentReference, ...]:
    """Contract and order behind the lines, with the public codes (CIG, CUP); the invoice of one contract keeps what it had when made."""
    if invoice.contract_id is not None:
        kept = invoice.buyer
        return tuple(_contract_references(kept["contract_number"], kept["order_reference"], kept["cig_code"], kept["cup_code"], ()))
    found: list[DocumentReference] = []
    numbers: dict[int, list[int]] = defaultdict(list)
    contracts = {row.contract_id: row for row in lines if row.contract_id is not None}
    for row in lines:
        numbers[row.contract_id].append(row.line_no)
    for key, row in contracts.items():
        places = tuple(numbers[key]) if len(contracts) > 1 else ()
        found += _contract_references(row.contract_number, row.order_reference, row.cig_code, row.cup_code, places)
    return tuple(found)


def _contract_references(number: str, order: str, cig: str, cup: str, lines: tuple[int, ...]) -> Iterable[DocumentReference]:
    if order:
        yield DocumentReference("order", order[:20], line_numbers=lines, tender_code=cig, project_code=cup)
    yield DocumentReference(
        "contract", number[:20], line_numbers=lines, tender_code="" if order else cig, project_code="" if order else cup
    )
