"""Rows of the tables of a document as its parts: amounts of credit notes positive, as the law wants them shown."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from cms_desktop.core.money import CENT, ZERO, round_cents
from cms_desktop.modules.billing.fatturapa.laws import law_of
from cms_desktop.modules.billing.fatturapa.records import (
    Address,
    Buyer,
    Discount,
    DocumentLine,
    DocumentReference,
    Exigibility,
    OtherData,
    PaymentDue,
    PensionFund,
    Seller,
    VatSummaryRow,
    Withholding,
)

CREDIT_NOTES = frozenset({"TD04", "TD08"})
NO_CODE, ABROAD = "0000000", "XXXXXXX"
BANK_TRANSFER, BANK_RECEIPT = "MP05", "MP12"
OTHER_REGIME = "RF18"  # of suppliers abroad
NO_VAT_NUMBER = "99999999999"  # of suppliers outside the Union who have none
ENASARCO = "RT04"
_CONTRACT_KINDS = frozenset({"order", "contract", "agreement"})


def side_of(document_type: str) -> int:
    """Sign by which stored amounts become those of the document."""
    return -1 if document_type in CREDIT_NOTES else 1


# ---- parties ----------------------------------------------------------------------------------------------------------


def _address(facts: dict[str, Any]) -> Address:
    return Address(facts["street"], facts["postal_code"], facts["town"], facts["street_number"], facts["province_code"], facts["country"])


def buyer_of(facts: dict[str, Any]) -> Buyer:
    """The buyer as kept in the invoice when it was made."""
    is_person = facts["kind"] == "person" and bool(facts["first_name"] and facts["last_name"])
    code = facts["recipient_code"] or (NO_CODE if facts["country"] == "IT" else ABROAD)
    return Buyer(
        address=_address(facts),
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


def supplier_of(facts: dict[str, Any]) -> Seller:
    """The seller of a self-invoice as kept in it."""
    is_person = facts["kind"] == "person" and bool(facts["first_name"] and facts["last_name"])
    country = facts["vat_country"] if facts["vat_number"] else facts["country"]
    return Seller(
        vat_number=facts["vat_number"] or facts["tax_code"] or NO_VAT_NUMBER,
        address=_address(facts),
        name="" if is_person else facts["name"],
        first_name=facts["first_name"] if is_person else "",
        last_name=facts["last_name"] if is_person else "",
        tax_code=(facts["tax_code"] or "") if country == "IT" else "",
        country=country,
        tax_regime="RF01" if country == "IT" else OTHER_REGIME,
    )


# ---- lines ------------------------------------------------------------------------------------------------------------


def lines_of(buyer: dict[str, Any], rows: list[Any], withholdings: list[Any], side: int) -> tuple[DocumentLine, ...]:
    """The lines, with what the agreed blocks of single lines say: letter of intent (INTENTO), ENASARCO (CASSA-PREV)."""
    letter = buyer.get("intent_letter")
    shares = _enasarco_shares(rows, withholdings, side)
    reference = buyer.get("administration_reference", "")
    return tuple(_line(row, side, letter if row.nature == "N3.5" else None, shares.get(row.line_no), reference) for row in rows)


def _line(row: Any, side: int, letter: dict[str, Any] | None, share: OtherData | None, reference: str) -> DocumentLine:
    other = (_intent(letter),) if letter else ()
    return DocumentLine(
        description=row.description,
        unit_price=_shortest(row.unit_price),
        total=side * row.line_amount,
        vat_rate=row.rate,
        quantity=row.quantity,
        unit=row.unit,
        nature=row.nature,
        discounts=tuple(_discounts(row.discount_percent, row.discount_amount)),
        period_from=row.period_start,
        period_to=row.period_end,
        kind=row.line_kind if row.line_kind != "stamp" else "",
        is_withheld=row.is_withheld,
        cost_reference=reference,
        other=(*other, share) if share else other,
    )


def _shortest(number: Decimal) -> Decimal:
    """Without the zeros that the column adds: 100.00000000 is 100.00."""
    trimmed = number.normalize()
    return trimmed.quantize(CENT) if trimmed.as_tuple().exponent > -2 else trimmed  # type: ignore[operator]  # finite


def _discounts(percent: Decimal, amount: Decimal) -> Iterable[Discount]:
    """Percentage, then amount; negative ones are surcharges."""
    if percent:
        yield Discount(percent=abs(percent), is_surcharge=percent < 0)
    if amount:
        yield Discount(amount=_shortest(abs(amount)), is_surcharge=amount < 0)


def _intent(letter: dict[str, Any]) -> OtherData:
    """Protocol and date of the tax agency's receipt (Agenzia delle Entrate, provvedimento 293390 of 28 October 2021)."""
    protocol = letter["protocol"]
    if protocol and "-" not in protocol:
        protocol = f"{protocol[:17]}-{protocol[17:]}"
    return OtherData("INTENTO", protocol or letter["number"], on=datetime.date.fromisoformat(letter["received_on"]))


def _enasarco_shares(rows: list[Any], withholdings: list[Any], side: int) -> dict[int, OtherData]:
    """The contribution by line, as the software houses agreed (AssoSoftware): the last line takes what rounding leaves."""
    one = next((row for row in withholdings if row.kind == ENASARCO), None)
    based = [row for row in rows if row.is_withheld]
    if one is None or not based:
        return {}
    text = f"TC07 - ENASARCO ({_shortest(one.rate).normalize():f}%)"
    parts = [round_cents(row.line_amount * one.share * one.rate / 10_000) for row in based]
    parts[-1] += one.amount - sum(parts, ZERO)
    return {row.line_no: OtherData("CASSA-PREV", text, side * part) for row, part in zip(based, parts, strict=True)}


# ---- taxes ------------------------------------------------------------------------------------------------------------


def summary_of(rows: list[Any], buyer: dict[str, Any], tax_regime: str, side: int) -> tuple[VatSummaryRow, ...]:
    """One row for each rate, nature and exigibility: two VAT codes of the house may be the same thing for the tax office.

    Codes whose taxes, rounded one by one, are further than a cent from the tax of their sum stay apart (00421).
    """
    groups: dict[tuple[Decimal, str, str], list[Any]] = {}
    for row in rows:
        groups.setdefault((row.rate, row.nature, row.exigibility), []).append(row)
    found = []
    for (rate, _, _), members in groups.items():
        net, vat = sum((one.net_amount for one in members), ZERO), sum((one.vat_amount for one in members), ZERO)
        if abs(vat - round_cents(net * rate / 100)) > CENT:
            found += [_summary_row(one, one.net_amount, one.vat_amount, buyer, tax_regime, side) for one in members]
        else:
            found.append(_summary_row(members[0], net, vat, buyer, tax_regime, side))
    return tuple(found)


def _summary_row(row: Any, net: Decimal, vat: Decimal, buyer: dict[str, Any], tax_regime: str, side: int) -> VatSummaryRow:
    kind: Exigibility = row.exigibility
    own = buyer.get("exemption_reference", "") if row.nature not in ("", "N1") else ""
    law = law_of(row.nature, row.exigibility, own or row.legal_reference, tax_regime)
    return VatSummaryRow(row.rate, side * net, side * vat, row.nature, kind, law[:100])


def withholdings_of(rows: list[Any], side: int) -> tuple[Withholding, ...]:
    return tuple(Withholding(row.kind, side * row.amount, row.rate, row.reason) for row in rows)


def funds_of(rows: list[Any], side: int) -> tuple[PensionFund, ...]:
    return tuple(
        PensionFund(row.kind, row.rate, side * row.amount, row.vat_rate, side * row.base_amount, row.nature, row.is_withheld)
        for row in rows
    )


def payment_of(row: Any, buyer: dict[str, Any], seller: Seller, bank: Any | None, side: int) -> PaymentDue:
    if row.method == BANK_TRANSFER and bank is not None:
        return PaymentDue(row.method, side * row.amount, row.due_on, bank.iban, bank.name, seller.name)
    return PaymentDue(row.method, side * row.amount, row.due_on, bank_name=buyer["bank_name"] if row.method == BANK_RECEIPT else "")


# ---- references -------------------------------------------------------------------------------------------------------


def references_of(invoice: Any, lines: list[Any], rows: list[Any]) -> tuple[DocumentReference, ...]:
    """What was written with the document; unless that names orders or contracts, those behind the lines."""
    written = [
        DocumentReference(
            row.kind, row.number, row.on_date, row.item, row.agreement_code, row.cup_code, row.cig_code, tuple(row.line_numbers)
        )
        for row in rows
    ]
    if any(row.kind in _CONTRACT_KINDS for row in rows):
        return tuple(written)
    return (*_references(invoice, lines), *written)


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
    if number:
        yield DocumentReference(
            "contract", number[:20], line_numbers=lines, tender_code="" if order else cig, project_code="" if order else cup
        )
