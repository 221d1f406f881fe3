"""A document as it goes to the exchange system (SdI) and to the customer. Amounts are euro, codes those of the tax agency."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made_by
from decimal import Decimal
from typing import Any, Literal

from cms_desktop.core.money import ZERO

ReferenceKind = Literal["order", "contract", "agreement", "receipt", "invoice", "delivery"]
Exigibility = Literal["I", "D", "S"]


@dataclass(frozen=True)
class SdiProblem:
    """Why a document would be refused: code of the exchange system (empty: a rule of ours), what to do, the field concerned."""

    code: str
    text: str
    field: str
    values: Mapping[str, Any] = made_by(default_factory=dict)

    def __str__(self) -> str:
        return self.text.format(**self.values) if self.values else self.text


@dataclass(frozen=True)
class Address:
    street: str
    postcode: str
    city: str
    number: str = ""
    province: str = ""
    country: str = "IT"


@dataclass(frozen=True)
class CompanyRegistration:
    """Registro imprese (REA): province of the office, number, share capital, sole shareholder SU or several SM, in liquidation."""

    office: str
    number: str
    capital: Decimal | None = None
    shareholders: Literal["", "SU", "SM"] = ""
    is_in_liquidation: bool = False


@dataclass(frozen=True)
class Seller:
    """Who issues. `name` for a company, or `first_name` and `last_name` for a person. `tax_regime` RF01 is the ordinary one."""

    vat_number: str
    address: Address
    name: str = ""
    first_name: str = ""
    last_name: str = ""
    tax_code: str = ""
    country: str = "IT"
    tax_regime: str = "RF01"
    registration: CompanyRegistration | None = None
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Buyer:
    """Who receives. A public body has a recipient code of 6 characters and gets the format FPA12."""

    address: Address
    name: str = ""
    first_name: str = ""
    last_name: str = ""
    vat_number: str = ""
    vat_country: str = "IT"
    tax_code: str = ""
    recipient_code: str = "0000000"
    certified_email: str = ""
    is_public_body: bool = False

    @property
    def full_name(self) -> str:
        return self.name or f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True)
class Discount:
    """A discount (or a surcharge) on the unit price: `amount` in euro wins over `percent`."""

    percent: Decimal | None = None
    amount: Decimal | None = None
    is_surcharge: bool = False


@dataclass(frozen=True)
class OtherData:
    """A free block of a line (AltriDatiGestionali): `kind` is the agreed word, for example CASSA-PREV."""

    kind: str
    text: str = ""
    number: Decimal | None = None
    on: datetime.date | None = None


@dataclass(frozen=True)
class DocumentLine:
    """A line. `quantity` None counts as 1; `nature` says why there is no VAT; `is_withheld` marks the base of a withholding."""

    description: str
    unit_price: Decimal
    total: Decimal
    vat_rate: Decimal
    quantity: Decimal | None = None
    unit: str = ""
    nature: str = ""
    discounts: tuple[Discount, ...] = ()
    period_from: datetime.date | None = None
    period_to: datetime.date | None = None
    item_code: str = ""
    kind: Literal["", "SC", "PR", "AB", "AC"] = ""
    is_withheld: bool = False
    cost_reference: str = ""
    other: tuple[OtherData, ...] = ()


@dataclass(frozen=True)
class VatSummaryRow:
    """Totals of a rate (or nature). `law_reference` is printed and sent where there is no VAT or split payment."""

    vat_rate: Decimal
    net: Decimal
    vat: Decimal
    nature: str = ""
    exigibility: Exigibility = "I"
    law_reference: str = ""
    rounding: Decimal | None = None


@dataclass(frozen=True)
class PaymentDue:
    """An amount to be paid: `method` MP05 transfer, MP12 RiBa, MP19–MP21 direct debit …"""

    method: str
    amount: Decimal
    due_on: datetime.date | None = None
    iban: str = ""
    bank_name: str = ""
    beneficiary: str = ""
    payment_code: str = ""


@dataclass(frozen=True)
class DocumentReference:
    """Order, contract, agreement, receipt, invoice or delivery note (which has its date) this document refers to.

    `tender_code` is the CIG, `project_code` the CUP.
    """

    kind: ReferenceKind
    document_id: str
    on: datetime.date | None = None
    item: str = ""
    agreement_code: str = ""
    project_code: str = ""
    tender_code: str = ""
    line_numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Withholding:
    """Ritenuta: `kind` RT01…RT06, `reason` the letter of the certificate (Q, R, W …)."""

    kind: str
    amount: Decimal
    rate: Decimal
    reason: str


@dataclass(frozen=True)
class PensionFund:
    """Cassa previdenziale charged in the document: part of the taxable amount of its rate."""

    kind: str
    rate: Decimal
    amount: Decimal
    vat_rate: Decimal
    base: Decimal | None = None
    nature: str = ""
    is_withheld: bool = False


@dataclass(frozen=True)
class Attachment:
    name: str
    content: bytes
    format: str = "PDF"
    description: str = ""


@dataclass(frozen=True)
class InvoiceDocument:
    """An issued document: TD01 invoice, TD04 credit note (positive amounts), TD05 debit note, TD24/TD25 deferred invoice …"""

    transmission_number: str
    document_type: str
    number: str
    issued_on: datetime.date
    seller: Seller
    buyer: Buyer
    lines: tuple[DocumentLine, ...]
    summary: tuple[VatSummaryRow, ...]
    payments: tuple[PaymentDue, ...] = ()
    payment_condition: Literal["", "TP01", "TP02", "TP03"] = ""
    notes: tuple[str, ...] = ()
    references: tuple[DocumentReference, ...] = ()
    stamp_duty: Decimal | None = None
    withholdings: tuple[Withholding, ...] = ()
    pension_funds: tuple[PensionFund, ...] = ()
    rounding: Decimal | None = None
    attachments: tuple[Attachment, ...] = ()
    currency: str = "EUR"
    transmitter_country: str = ""  # empty: the seller transmits
    transmitter_id: str = ""
    stage: Literal["issued", "draft", "pro_forma"] = "issued"  # only an issued one has a number and goes to the exchange system
    issuer: Literal["", "CC"] = ""  # CC: the buyer makes the document out (self-invoices)

    @property
    def format(self) -> Literal["FPA12", "FPR12"]:
        return "FPA12" if self.buyer.is_public_body else "FPR12"

    @property
    def net(self) -> Decimal:
        return sum((row.net for row in self.summary), ZERO)

    @property
    def vat(self) -> Decimal:
        return sum((row.vat for row in self.summary), ZERO)

    @property
    def split_vat(self) -> Decimal:
        return sum((row.vat for row in self.summary if row.exigibility == "S"), ZERO)

    @property
    def total(self) -> Decimal:
        """Total of the document, gross of withholdings and of split-payment VAT."""
        return self.net + self.vat + (self.rounding or ZERO)

    @property
    def payable(self) -> Decimal:
        """What the customer pays."""
        return self.total - self.split_vat - sum((withholding.amount for withholding in self.withholdings), ZERO)

    @property
    def condition(self) -> str:
        """Terms of payment: as given, else TP01 for several installments and TP02 for one."""
        return self.payment_condition or ("TP01" if len(self.payments) > 1 else "TP02")
