"""The controls of the exchange system (SdI) that can be made before sending; each problem says what to do."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from cms_desktop.core.fiscal import FOREIGN_RECIPIENT, check_tax_code, check_vat_number
from cms_desktop.core.money import CENT, ZERO, round_cents
from cms_desktop.modules.billing.fatturapa.forms import AMOUNT_LIMIT, GENERIC_NATURES, check_forms
from cms_desktop.modules.billing.fatturapa.records import Buyer, DocumentLine, InvoiceDocument, SdiProblem

ONE_EURO = Decimal(1)
_TO_OTHERS = frozenset({"TD01", "TD02", "TD03", "TD06", "TD16", "TD17", "TD18", "TD19", "TD20", "TD24", "TD25", "TD28", "TD29"})
_TO_ONESELF = frozenset({"TD21", "TD27"})
_FROM_ABROAD = frozenset({"TD17", "TD18", "TD19", "TD28"})
_BUYER_WITH_VAT = frozenset({"TD16", "TD17", "TD18", "TD19", "TD20", "TD22", "TD23", "TD29"})
_RATE_WITH_NATURE = frozenset({"TD16"})


def check_document(document: InvoiceDocument, *, today: datetime.date | None = None) -> list[SdiProblem]:
    """Every reason for which the document would be refused: form of the fields, then the controls. Empty: it may be sent."""
    problems = check_forms(document)
    if any(not value.is_finite() for value in _numbers(document)):
        return problems
    for check in (
        _party_problems,
        _recipient_problems,
        _number_and_date_problems,
        _line_problems,
        _summary_problems,
        _withholding_problems,
        _own_problems,
    ):
        problems += check(document)
    if today and document.issued_on > today:
        problems.append(SdiProblem("00403", "La data del documento è nel futuro: usare al più tardi la data di oggi.", "issued_on"))
    return problems


def price_after_discounts(line: DocumentLine) -> Decimal:
    """Unit price after discounts and surcharges, applied one after the other; an amount wins over a percentage (00423)."""
    price = line.unit_price
    for discount in line.discounts:
        part = discount.amount if discount.amount is not None else price * (discount.percent or ZERO) / 100
        price = price + part if discount.is_surcharge else price - part
    return price


def line_total(line: DocumentLine) -> Decimal:
    """What the line costs, rounded to the cent."""
    price = price_after_discounts(line)
    return round_cents(price if line.quantity is None else price * line.quantity)


def _numbers(document: InvoiceDocument) -> Iterator[Decimal]:
    for line in document.lines:
        yield from (line.total, line.unit_price, line.vat_rate)
        if line.quantity is not None:
            yield line.quantity
        for discount in line.discounts:
            yield from (number for number in (discount.amount, discount.percent) if number is not None)
    for row in document.summary:
        yield from (row.net, row.vat, row.vat_rate)
    yield from (number for number in (document.rounding,) if number is not None)
    yield from (due.amount for due in document.payments)
    yield from (withholding.amount for withholding in document.withholdings)
    for fund in document.pension_funds:
        yield from (fund.amount, fund.vat_rate)


@lru_cache(maxsize=20_000)
def _is_vat_number(code: str, country: str) -> bool:
    return country != "IT" or (len(code) == 11 and code.isdigit() and check_vat_number(code) is None)


@lru_cache(maxsize=20_000)
def _is_tax_code(code: str) -> bool:
    return check_tax_code(code) is None


# ---- parties ----------------------------------------------------------------------------------------------------------


def _party_problems(document: InvoiceDocument) -> Iterator[SdiProblem]:
    seller, buyer = document.seller, document.buyer
    if not _is_vat_number(seller.vat_number, seller.country):
        yield SdiProblem("00301", "La partita IVA dell'azienda non è valida: correggerla nei dati dell'azienda.", "seller.vat_number")
    if seller.tax_code and seller.country == "IT" and not _is_tax_code(seller.tax_code):
        yield SdiProblem("00302", "Il codice fiscale dell'azienda non è valido: correggerlo nei dati dell'azienda.", "seller.tax_code")
    if buyer.vat_number and not _is_vat_number(buyer.vat_number, buyer.vat_country):
        yield SdiProblem("00305", "La partita IVA del cliente non è valida: correggerla nella sua scheda.", "buyer.vat_number")
    if buyer.tax_code and not _is_tax_code(buyer.tax_code):
        yield SdiProblem("00306", "Il codice fiscale del cliente non è valido: correggerlo nella sua scheda.", "buyer.tax_code")
    if not buyer.vat_number and not buyer.tax_code:
        yield SdiProblem("00417", "Il cliente non ha né partita IVA né codice fiscale: completare la sua scheda.", "buyer.tax_code")
    kind, is_same = document.document_type, _is_same_party(document)
    if is_same and kind in _TO_OTHERS:
        yield SdiProblem("00471", "Il cliente è l'azienda stessa: con questo tipo di documento non è ammesso.", "document_type")
    if not is_same and kind in _TO_ONESELF:
        yield SdiProblem("00472", "Questo tipo di documento vuole l'azienda stessa come cliente.", "document_type")
    if (kind in _FROM_ABROAD and seller.country == "IT") or (kind == "TD29" and seller.country != "IT"):
        yield SdiProblem("00473", "Il paese del cedente non va d'accordo con il tipo di documento: cambiare uno dei due.", "seller.country")
    if kind in _BUYER_WITH_VAT and not buyer.vat_number:
        yield SdiProblem(
            "00475", "Con questo tipo di documento serve la partita IVA del cliente: completare la sua scheda.", "buyer.vat_number"
        )
    if seller.country != "IT" and _country(buyer) != "IT":
        yield SdiProblem(
            "00476", "Cedente e cliente sono entrambi esteri: il documento non passa dal Sistema di Interscambio.", "buyer.vat_country"
        )


def _is_same_party(document: InvoiceDocument) -> bool:
    seller, buyer = document.seller, document.buyer
    if buyer.vat_number:
        return (seller.country, seller.vat_number) == (buyer.vat_country, buyer.vat_number)
    return bool(buyer.tax_code) and buyer.tax_code == (seller.tax_code or seller.vat_number)


def _country(buyer: Buyer) -> str:
    return buyer.vat_country if buyer.vat_number else buyer.address.country


def _recipient_problems(document: InvoiceDocument) -> Iterator[SdiProblem]:
    buyer = document.buyer
    if buyer.is_public_body and len(buyer.recipient_code) != 6:
        yield SdiProblem(
            "00427", "Un ufficio pubblico ha un codice univoco di 6 caratteri: cercarlo su indicepa.gov.it.", "buyer.recipient_code"
        )
    if not buyer.is_public_body and len(buyer.recipient_code) != 7:
        yield SdiProblem(
            "00427", "Il codice destinatario di un privato ha 7 caratteri: correggerlo, o usare 0000000.", "buyer.recipient_code"
        )
    if buyer.recipient_code == FOREIGN_RECIPIENT and _country(buyer) == "IT":
        yield SdiProblem("00313", "XXXXXXX vale solo per clienti esteri: usare 0000000.", "buyer.recipient_code")


def _number_and_date_problems(document: InvoiceDocument) -> Iterator[SdiProblem]:
    if not any("0" <= sign <= "9" for sign in document.number):
        yield SdiProblem("00425", "Il numero del documento deve contenere almeno una cifra.", "number")
    for place, reference in enumerate(document.references):
        if reference.kind == "invoice" and reference.on and reference.on > document.issued_on:
            text = "La fattura collegata {number} è successiva al documento: correggere una delle due date."
            yield SdiProblem("00418", text, f"references.{place}.on", {"number": reference.document_id})


# ---- lines and summary ------------------------------------------------------------------------------------------------


def _line_problems(document: InvoiceDocument) -> Iterator[SdiProblem]:
    for place, line in enumerate(document.lines):
        where, values = f"lines.{place}.", {"line": place + 1}
        if line.vat_rate == 0 and not line.nature:
            yield SdiProblem("00400", "Riga {line}: senza IVA serve la natura, sceglierla nel codice IVA.", f"{where}nature", values)
        if line.vat_rate != 0 and line.nature and document.document_type not in _RATE_WITH_NATURE:
            yield SdiProblem("00401", "Riga {line}: con un'aliquota la natura non è ammessa, toglierla.", f"{where}nature", values)
        if 0 < line.vat_rate < 1:
            yield SdiProblem("00424", "Riga {line}: l'aliquota va scritta in percentuale, 22 e non 0,22.", f"{where}vat_rate", values)
        if line.nature in GENERIC_NATURES:
            yield SdiProblem("00445", "Riga {line}: la natura è generica, usare un dettaglio come N2.2.", f"{where}nature", values)
        if any(discount.percent is None and discount.amount is None for discount in line.discounts):
            yield SdiProblem("00438", "Riga {line}: lo sconto non ha né percentuale né importo, completarlo.", f"{where}discounts", values)
        elif abs(round_cents(line.total) - line_total(line)) > CENT:
            expected = {**values, "total": line_total(line)}
            yield SdiProblem("00423", "Riga {line}: il totale deve essere {total}, ricalcolare la riga.", f"{where}total", expected)
        if line.vat_rate == 0 and document.document_type == "TD21":
            yield SdiProblem("00474", "Riga {line}: in un documento TD21 ogni riga ha l'IVA.", f"{where}vat_rate", values)


def _summary_problems(document: InvoiceDocument) -> Iterator[SdiProblem]:
    for place, row in enumerate(document.summary):
        where, values = f"summary.{place}.", {"rate": row.vat_rate}
        if row.vat_rate == 0 and not row.nature:
            yield SdiProblem(
                "00429", "Nel riepilogo manca la natura delle operazioni senza IVA: sceglierla nel codice IVA.", f"{where}nature"
            )
        if row.vat_rate != 0 and row.nature and document.document_type not in _RATE_WITH_NATURE:
            yield SdiProblem("00430", "Nel riepilogo l'aliquota {rate} ha una natura: toglierla dal codice IVA.", f"{where}nature", values)
        if row.nature in GENERIC_NATURES:
            yield SdiProblem("00445", "Nel riepilogo la natura è generica: usare un dettaglio come N2.2.", f"{where}nature")
        if row.nature.startswith("N6") and row.exigibility == "S":
            yield SdiProblem(
                "00420", "Inversione contabile e scissione dei pagamenti non stanno insieme: cambiare il codice IVA.", f"{where}exigibility"
            )
        tax = round_cents(row.net * row.vat_rate / 100)
        if abs(row.vat - tax) > CENT:
            text = "L'imposta al {rate}% deve essere {tax}: ricalcolare il riepilogo."
            yield SdiProblem("00421", text, f"{where}vat", {**values, "tax": tax})
    yield from _missing_rates(document)
    yield from _different_sums(document)


def _missing_rates(document: InvoiceDocument) -> Iterator[SdiProblem]:
    summarised = {(row.vat_rate, row.nature) for row in document.summary}
    used = {(line.vat_rate, line.nature) for line in document.lines} | {(fund.vat_rate, fund.nature) for fund in document.pension_funds}
    rates = {rate for rate, _ in summarised}
    for rate, nature in sorted(used - summarised):
        if rate not in rates:
            yield SdiProblem("00419", "Nel riepilogo manca l'aliquota {rate}: ricalcolarlo.", "summary", {"rate": rate})
        elif nature:
            yield SdiProblem("00444", "Nel riepilogo manca la natura {nature}: ricalcolarlo.", "summary", {"nature": nature})


def _different_sums(document: InvoiceDocument) -> Iterator[SdiProblem]:
    differences: dict[Decimal, Decimal] = defaultdict(lambda: ZERO)
    for row in document.summary:
        differences[row.vat_rate] += row.net - (row.rounding or ZERO)
    for line in document.lines:
        differences[line.vat_rate] -= line.total
    for fund in document.pension_funds:
        differences[fund.vat_rate] -= fund.amount
    for rate, difference in differences.items():
        if abs(difference) >= ONE_EURO:
            text = "L'imponibile al {rate}% non è la somma delle righe: ricalcolare il riepilogo."
            yield SdiProblem("00422", text, "summary", {"rate": rate})


def _withholding_problems(document: InvoiceDocument) -> Iterator[SdiProblem]:
    if not document.withholdings:
        if any(line.is_withheld for line in document.lines):
            yield SdiProblem("00411", "Una riga è soggetta a ritenuta ma la ritenuta manca: aggiungerla al documento.", "withholdings")
        if any(fund.is_withheld for fund in document.pension_funds):
            yield SdiProblem("00415", "La cassa è soggetta a ritenuta ma la ritenuta manca: aggiungerla al documento.", "withholdings")
    for place, fund in enumerate(document.pension_funds):
        if fund.vat_rate == 0 and not fund.nature:
            yield SdiProblem("00413", "La cassa senza IVA vuole la natura: sceglierla nel codice IVA.", f"pension_funds.{place}.nature")
        if fund.vat_rate != 0 and fund.nature:
            yield SdiProblem("00414", "La cassa con un'aliquota non ammette la natura: toglierla.", f"pension_funds.{place}.nature")
        if fund.nature in GENERIC_NATURES:
            yield SdiProblem("00445", "La natura della cassa è generica: usare un dettaglio come N2.2.", f"pension_funds.{place}.nature")


def _own_problems(document: InvoiceDocument) -> Iterator[SdiProblem]:
    """A total too large for the format; and what SdI lets pass but a customer would not: payments that do not sum to what is due."""
    if abs(document.total) >= AMOUNT_LIMIT:
        yield SdiProblem("00200", "Il totale del documento è troppo grande: dividerlo in più documenti.", "lines")
    paid = sum((due.amount for due in document.payments), ZERO)
    if document.payments and paid != document.payable:
        values = {"paid": paid, "payable": document.payable}
        yield SdiProblem("", "Le scadenze sommano {paid}, da pagare sono {payable}: ricalcolare le scadenze.", "payments", values)
