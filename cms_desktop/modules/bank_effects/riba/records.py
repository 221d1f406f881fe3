"""What a RiBa file holds. Amounts are euro."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class RibaCreditor:
    """Who collects and the account to credit. `sia_code` is given by the bank; `account` the last 12 characters of the IBAN."""

    name: str
    tax_code: str
    sia_code: str
    abi: str
    cab: str
    account: str
    street: str = ""
    city: str = ""
    stamp_office: str = ""  # province of the office of the virtual stamp duty
    stamp_authorisation: str = ""
    stamp_authorised_on: datetime.date | None = None


@dataclass(frozen=True)
class RibaEffect:
    """One receipt. `receipt_number` comes back in the bank's answer; `reference` names the invoices it collects."""

    receipt_number: int
    due_on: datetime.date
    amount: Decimal
    debtor_name: str
    debtor_tax_code: str
    debtor_street: str
    debtor_postcode: str
    debtor_city: str
    debtor_abi: str
    debtor_cab: str
    reference: str
    customer_code: str = ""
    debtor_province: str = ""
    debtor_bank: str = ""
    is_debtor_a_bank: bool = False


@dataclass(frozen=True)
class RibaBatch:
    """A presentation to one bank. `support_name` is unique for sender, bank and day."""

    creditor: RibaCreditor
    created_on: datetime.date
    support_name: str
    effects: tuple[RibaEffect, ...]
