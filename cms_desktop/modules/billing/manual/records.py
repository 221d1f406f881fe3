"""A document as it is written by hand. Prices are positive on every kind of document; euro."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from cms_desktop.core.money import ZERO
from cms_desktop.modules.billing.fatturapa.records import InvoiceDocument, SdiProblem

SALES = ("TD01", "TD02", "TD04", "TD05", "TD24", "TD25")
SELF_INVOICES = ("TD16", "TD17", "TD18", "TD19", "TD20")
CREDIT_NOTE, DEBIT_NOTE = "TD04", "TD05"
PRO_FORMA = ("TD01", "TD02", "TD24", "TD25")  # what may be handed over as a pro-forma first
ONE, HUNDRED = Decimal(1), Decimal(100)


@dataclass(frozen=True)
class DraftLine:
    """A line. `credited_invoice_id` and `credited_line_no` say which line of which invoice it takes back."""

    description: str = ""
    quantity: Decimal = ONE
    unit_price: Decimal = ZERO
    vat_code_id: int | None = None
    unit: str = ""
    discount_percent: Decimal = ZERO
    service_type_id: int | None = None
    site_id: int | None = None
    period_start: datetime.date | None = None
    period_end: datetime.date | None = None
    line_kind: str = ""
    credited_invoice_id: int | None = None
    credited_line_no: int | None = None

    @property
    def amount(self) -> Decimal:
        """What the server will make of it."""
        return (self.quantity * (self.unit_price - self.unit_price * self.discount_percent / HUNDRED)).quantize(
            Decimal("0.01"), "ROUND_HALF_UP"
        )


@dataclass(frozen=True)
class DraftReference:
    """What the document refers to: kind order, contract, agreement, receipt, invoice or delivery; `invoice_id` one of ours."""

    kind: str
    number: str = ""
    on_date: datetime.date | None = None
    item: str = ""
    agreement_code: str = ""
    cig_code: str = ""
    cup_code: str = ""
    line_numbers: tuple[int, ...] = ()
    invoice_id: int | None = None


@dataclass(frozen=True)
class DocumentDraft:
    """A document before it has a number. A self-invoice has a supplier, every other kind a customer."""

    document_type: str
    document_on: datetime.date
    series_id: int | None = None
    invoice_id: int | None = None
    version: int = 0
    customer_id: int | None = None
    supplier_id: int | None = None
    party_name: str = ""
    contract_id: int | None = None
    payment_term_id: int | None = None
    notes: str = ""
    language: str = "it"
    is_vat_by_hand: bool = False
    compensates: bool = False
    releases_periods: bool = False
    received_number: str = ""
    received_on: datetime.date | None = None
    pro_forma_number: str = ""
    lines: tuple[DraftLine, ...] = ()
    references: tuple[DraftReference, ...] = ()

    @property
    def is_self_invoice(self) -> bool:
        return self.document_type in SELF_INVOICES

    @property
    def is_credit_note(self) -> bool:
        return self.document_type == CREDIT_NOTE


@dataclass(frozen=True)
class SavedDraft:
    invoice_id: int
    version: int


@dataclass(frozen=True)
class IssuedDocument:
    """What a draft became. number: as printed, "V 2026/12"."""

    invoice_id: int
    number: str


@dataclass(frozen=True)
class DraftFigures:
    """What the server makes of a draft: the document with its taxes, and what stands in the way of sending it."""

    document: InvoiceDocument
    obstacle: str = ""
    problems: tuple[SdiProblem, ...] = ()


@dataclass(frozen=True)
class CreditableLine:
    """A line of an issued invoice and what is left to credit of it; `line_no` None: the rest of a VAT code, taken off without naming lines."""

    invoice_id: int
    line_no: int | None
    description: str
    quantity: Decimal
    unit: str
    vat_code_id: int
    vat_code: str
    line_amount: Decimal
    left_amount: Decimal
    period_start: datetime.date | None = None
    period_end: datetime.date | None = None
    line_kind: str = ""


@dataclass(frozen=True)
class CreditableInvoice:
    """An issued invoice as one credits it."""

    invoice_id: int
    number: str
    document_on: datetime.date
    customer_id: int
    customer: str
    is_public_body: bool
    payment_term_id: int | None
    total_amount: Decimal
    open_amount: Decimal
    lines: tuple[CreditableLine, ...] = ()


@dataclass(frozen=True)
class DocumentChoices:
    """What the editor offers: rows of the tables it chooses from, by id. `series` by kind of document: the ids it may take, proposed first."""

    vat_codes: Mapping[int, Any] = field(default_factory=dict)
    payment_terms: Mapping[int, str] = field(default_factory=dict)
    service_types: Mapping[int, Any] = field(default_factory=dict)
    series: Mapping[tuple[str, bool], tuple[int, ...]] = field(default_factory=dict)
    series_names: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PartyFacts:
    """What a customer brings into a new document."""

    customer_id: int
    name: str
    is_public_body: bool
    payment_term_id: int | None
    vat_code_id: int | None = None
    language: str = "it"
