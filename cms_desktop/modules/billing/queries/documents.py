"""Issued invoices as documents for the exchange system and for paper: one query per table for a whole batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.tables import BankAccount, Company, VatCode
from cms_desktop.modules.billing.fatturapa.records import (
    Address,
    Attachment,
    CompanyRegistration,
    DocumentReference,
    InvoiceDocument,
    Seller,
)
from cms_desktop.modules.billing.queries.document_parts import (
    buyer_of,
    funds_of,
    lines_of,
    payment_of,
    references_of,
    side_of,
    summary_of,
    supplier_of,
    withholdings_of,
)
from cms_desktop.modules.billing.tables import Invoice, InvoiceFund, InvoiceLine, InvoiceReference, InvoiceVat, InvoiceWithholding
from cms_desktop.modules.customers.tables import Contract, Service
from cms_desktop.modules.ledger.tables import OpenItem

NO_ATTACHMENTS: Mapping[int, tuple[Attachment, ...]] = MappingProxyType({})


def invoice_documents(
    unit: UnitOfWork,
    invoice_ids: Sequence[int],
    *,
    drafts: bool = False,
    attachments: Mapping[int, tuple[Attachment, ...]] = NO_ATTACHMENTS,
) -> list[InvoiceDocument]:
    """The documents of issued invoices (with `drafts` also of others), in the order of `invoice_ids`.

    `attachments` are given by invoice. The transmission number is empty until a file is made; a draft has no number but that of its pro-forma.
    """
    wanted = list(invoice_ids)
    invoices = {row.invoice_id: row for row in _rows(unit, Invoice, wanted)}
    parts = _Parts(
        _lines(unit, wanted),
        _with_vat_code(unit, InvoiceVat, wanted),
        _dues(unit, wanted),
        _by_invoice(_rows(unit, InvoiceWithholding, wanted, "position")),
        _with_vat_code(unit, InvoiceFund, wanted),
        _by_invoice(_rows(unit, InvoiceReference, wanted, "position")),
    )
    seller, bank = find_seller(unit), _default_bank(unit)
    return [
        _document(invoices[number], seller, bank, parts, attachments.get(number, ()))
        for number in wanted
        if number in invoices and (drafts or invoices[number].number is not None)
    ]


@dataclass(frozen=True)
class _Parts:
    """Rows by invoice."""

    lines: dict[int, list[Any]]
    summaries: dict[int, list[Any]]
    dues: dict[int, list[Any]]
    withholdings: dict[int, list[Any]]
    funds: dict[int, list[Any]]
    references: dict[int, list[Any]]


def _document(invoice: Any, company: Seller, bank: Any | None, parts: _Parts, attachments: tuple[Attachment, ...]) -> InvoiceDocument:
    number, buyer, side = invoice.invoice_id, invoice.buyer, side_of(invoice.document_type)
    lines, withholdings = parts.lines[number], parts.withholdings[number]
    supplier = invoice.supplier  # of a self-invoice: there the company is the buyer
    seller = supplier_of(supplier) if supplier else company
    return InvoiceDocument(
        transmission_number="",
        document_type=invoice.document_type,
        number=invoice.document_number or invoice.pro_forma_number or "",
        issued_on=invoice.document_on,
        seller=seller,
        buyer=buyer_of(buyer),
        lines=lines_of(buyer, lines, withholdings, side),
        summary=summary_of(parts.summaries[number], buyer, company.tax_regime, side),
        payments=tuple(payment_of(row, buyer, seller, bank, side) for row in parts.dues[number]),
        notes=tuple(text for text in invoice.notes.splitlines() if text.strip()),
        references=(*references_of(invoice, lines, parts.references[number]), *_received(invoice)),
        stamp_duty=invoice.stamp_amount or None,
        withholdings=withholdings_of(withholdings, side),
        pension_funds=funds_of(parts.funds[number], side),
        rounding=side * invoice.rounding_amount if invoice.rounding_amount else None,
        attachments=attachments,
        transmitter_country=company.country if supplier else "",
        transmitter_id=(company.tax_code or company.vat_number) if supplier else "",
        issuer="CC" if supplier else "",
        stage="issued" if invoice.state == "issued" else "pro_forma" if invoice.pro_forma_number else "draft",
    )


def _received(invoice: Any) -> Iterable[DocumentReference]:
    """The supplier's document a self-invoice was made for."""
    if getattr(invoice, "received_number", ""):
        yield DocumentReference("invoice", invoice.received_number[:20], invoice.received_on)


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


def _rows(unit: UnitOfWork, table: type[Any], invoice_ids: list[int], order: str = "invoice_id") -> list[Any]:
    c = table.__table__.c
    chosen = sa.select(table.__table__).where(c.company_id == unit.company_id, c.invoice_id == sa.any_(_ids(invoice_ids)))
    return unit.rows(chosen.order_by(c[order]))


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


def _with_vat_code(unit: UnitOfWork, table: type[Any], invoice_ids: list[int]) -> dict[int, list[Any]]:
    """Rows that have a VAT code, with its rate (`vat_rate`) and law; the highest rate first, of a summary as it was when the invoice was made."""
    row, vat = table.__table__.c, VatCode.__table__.c
    own_nature = () if "nature" in row else (vat.nature,)
    statement = (
        sa.select(table.__table__, vat.legal_reference, vat.rate.label("vat_rate"), *own_nature)
        .join_from(table.__table__, VatCode.__table__, sa.and_(vat.company_id == row.company_id, vat.vat_code_id == row.vat_code_id))
        .where(row.company_id == unit.company_id, row.invoice_id == sa.any_(_ids(invoice_ids)))
        .order_by(row.invoice_id, row.rate.desc(), row.vat_code_id)
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
