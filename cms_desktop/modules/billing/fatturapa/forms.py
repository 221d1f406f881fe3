"""Form of every field of a FatturaPA file: lengths, signs, codes, digits (schema 1.2.3). Problems have the code 00200 of SdI."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from cms_desktop.core.latin import basic_text, latin_text
from cms_desktop.modules.billing.fatturapa.records import (
    Address,
    DocumentLine,
    InvoiceDocument,
    SdiProblem,
)

DOCUMENT_TYPES = frozenset(f"TD{n:02d}" for n in (*range(1, 7), *range(16, 30)))
TAX_REGIMES = frozenset(f"RF{n:02d}" for n in range(1, 21)) - {"RF03"}
PAYMENT_METHODS = frozenset(f"MP{n:02d}" for n in range(1, 24))
WITHHOLDING_KINDS = frozenset(f"RT{n:02d}" for n in range(1, 7))
WITHHOLDING_REASONS = frozenset(
    [
        "A",
        "B",
        "C",
        "D",
        "E",
        "G",
        "H",
        "I",
        "L",
        "M",
        "N",
        "O",
        "P",
        "Q",
        "R",
        "S",
        "T",
        "U",
        "V",
        "W",
        "X",
        "Y",
        "Z",
        "L1",
        "M1",
        "M2",
        "O1",
        "V1",
        "ZO",
    ]
)
EXIGIBILITIES = frozenset("IDS")
LINE_KINDS = frozenset({"", "SC", "PR", "AB", "AC"})
SHAREHOLDERS = frozenset({"", "SU", "SM"})
ISSUERS = frozenset({"", "CC", "TZ"})
PAYMENT_CONDITIONS = frozenset({"", "TP01", "TP02", "TP03"})
REFERENCE_KINDS = frozenset({"order", "contract", "agreement", "receipt", "invoice", "delivery"})
PENSION_FUND_KINDS = frozenset(f"TC{n:02d}" for n in range(1, 23))
GENERIC_NATURES = frozenset({"N2", "N3", "N6"})  # in the schema, refused since 2021 (00445)
NATURES = GENERIC_NATURES | frozenset(
    [
        "N1",
        "N2.1",
        "N2.2",
        "N3.1",
        "N3.2",
        "N3.3",
        "N3.4",
        "N3.5",
        "N3.6",
        "N4",
        "N5",
        "N6.1",
        "N6.2",
        "N6.3",
        "N6.4",
        "N6.5",
        "N6.6",
        "N6.7",
        "N6.8",
        "N6.9",
        "N7",
    ]
)
_HUNDRED = Decimal(100)
AMOUNT_LIMIT, _QUANTITY_LIMIT = Decimal(10) ** 11, Decimal(10) ** 12

_COUNTRY = re.compile(r"[A-Z]{2}")
_POSTCODE = re.compile(r"[0-9]{5}")
_RECIPIENT = re.compile(r"[A-Z0-9]{6,7}")
_TAX_CODE = re.compile(r"[A-Z0-9]{11,16}")
_ID_CODE = re.compile(r"[A-Za-z0-9]{1,28}")
_IBAN = re.compile(r"[a-zA-Z]{2}[0-9]{2}[a-zA-Z0-9]{11,30}")
_EMAIL = re.compile(r"(?=.{7,256}$)[!#-'*+/-9=?A-Z^-~-]+(\.[!#-'*+/-9=?A-Z^-~-]+)*@[!#-'*+/-9=?A-Z^-~-]+(\.[!#-'*+/-9=?A-Z^-~-]+)+")


def amount_text(value: Decimal) -> str:
    return f"{value + 0:.2f}"


def price_text(value: Decimal) -> str:
    """Two to eight decimals, as many as the value has."""
    return f"{value + 0:.{_decimals(value)}f}"


quantity_text = price_text


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return min(max(-exponent, 2), 8) if isinstance(exponent, int) else 2


@dataclass(frozen=True)
class _Text:
    """A text field: attribute, what the user calls it, longest, whether it must be there, ASCII only, shortest."""

    attribute: str
    label: str
    longest: int
    required: bool = False
    basic: bool = False
    shortest: int = 1


_ADDRESS = (
    _Text("street", "indirizzo", 60, required=True),
    _Text("number", "numero civico", 8, basic=True),
    _Text("city", "comune", 60, required=True),
)
_COMPANY_NAME = (_Text("name", "denominazione", 80),)
_PERSON_NAME = (_Text("first_name", "nome", 60, required=True), _Text("last_name", "cognome", 60, required=True))
_SELLER = (_Text("phone", "telefono", 12, basic=True, shortest=5),)
_REGISTRATION = (_Text("number", "numero REA", 20, required=True, basic=True),)
_DOCUMENT = (
    _Text("transmission_number", "progressivo invio", 10, required=True, basic=True),
    _Text("number", "numero del documento", 20, required=True, basic=True),
)
_REFERENCE = (
    _Text("document_id", "numero del documento collegato", 20, required=True, basic=True),
    _Text("item", "voce dell'ordine", 20, basic=True),
    _Text("agreement_code", "codice commessa o convenzione", 100),
    _Text("project_code", "CUP", 15, basic=True),
    _Text("tender_code", "CIG", 15, basic=True),
)
_LINE = (
    _Text("description", "descrizione", 1000, required=True),
    _Text("unit", "unità di misura", 10, basic=True),
    _Text("item_code", "codice articolo", 35),
    _Text("cost_reference", "riferimento amministrazione", 20, basic=True),
)
_OTHER = (_Text("kind", "tipo dato", 10, required=True, basic=True), _Text("text", "riferimento testo", 60))
_SUMMARY = (_Text("law_reference", "riferimento normativo", 100),)
_PAYMENT = (
    _Text("beneficiary", "beneficiario", 200),
    _Text("bank_name", "istituto finanziario", 80),
    _Text("payment_code", "codice pagamento", 60, basic=True),
)
_ATTACHMENT = (
    _Text("name", "nome dell'allegato", 60, required=True),
    _Text("format", "formato dell'allegato", 10, basic=True),
    _Text("description", "descrizione dell'allegato", 100),
)


def check_forms(document: InvoiceDocument) -> list[SdiProblem]:
    """Every field that the schema would refuse."""
    return [*_party_problems(document), *_document_problems(document), *_block_problems(document)]


def _texts(record: object, forms: tuple[_Text, ...], where: str) -> Iterator[SdiProblem]:
    for form in forms:
        value: str = getattr(record, form.attribute)
        if not value and not form.required:
            continue
        length = len(basic_text(value) if form.basic else latin_text(value))
        if form.shortest <= length <= form.longest:
            continue
        field = f"{where}{form.attribute}"
        if length > form.longest:
            values = {"label": form.label, "count": length, "longest": form.longest}
            yield SdiProblem("00200", "Il campo «{label}» ha {count} caratteri, il massimo è {longest}: abbreviarlo.", field, values)
        elif form.required:
            yield SdiProblem("00200", "Manca il campo «{label}»: compilarlo.", field, {"label": form.label})
        elif value.strip() or length:
            yield SdiProblem("00200", "Il campo «{label}» non è leggibile o è troppo corto: correggerlo.", field, {"label": form.label})
        else:
            yield SdiProblem("00200", "Il campo «{label}» contiene solo spazi: svuotarlo.", field, {"label": form.label})


def _code(value: str, pattern: re.Pattern[str], label: str, field: str) -> Iterator[SdiProblem]:
    if not (value.isascii() and pattern.fullmatch(value)):
        yield SdiProblem(
            "00200", "Il campo «{label}» contiene un valore non ammesso ({value}): correggerlo.", field, {"label": label, "value": value}
        )


def _choice(value: str, allowed: frozenset[str], label: str, field: str) -> Iterator[SdiProblem]:
    if value not in allowed:
        yield SdiProblem(
            "00200",
            "Il campo «{label}» contiene un codice non ammesso ({value}): sceglierlo dall'elenco.",
            field,
            {"label": label, "value": value},
        )


def _number(
    value: Decimal | None, decimals: int, label: str, field: str, *, limit: Decimal = AMOUNT_LIMIT, lowest: Decimal | None = None
) -> Iterator[SdiProblem]:
    if value is None:
        return
    exponent = value.as_tuple().exponent
    values = {"label": label, "decimals": decimals}
    if not isinstance(exponent, int) or abs(value) >= limit or (lowest is not None and value < lowest):
        yield SdiProblem("00200", "Il campo «{label}» è fuori dai valori ammessi: correggerlo.", field, values)
    elif -exponent > decimals and round(value, decimals) != value:
        yield SdiProblem("00200", "Il campo «{label}» ha più di {decimals} decimali: arrotondarlo.", field, values)


def _amount(value: Decimal | None, label: str, field: str) -> Iterator[SdiProblem]:
    return _number(value, 2, label, field)


def _rate(value: Decimal | None, label: str, field: str) -> Iterator[SdiProblem]:
    return _number(value, 2, label, field, limit=_HUNDRED + Decimal("0.001"), lowest=Decimal(0))


def _address_problems(address: Address, where: str) -> Iterator[SdiProblem]:
    yield from _texts(address, _ADDRESS, where)
    yield from _code(address.country, _COUNTRY, "nazione", f"{where}country")
    if address.country == "IT":
        yield from _code(address.postcode, _POSTCODE, "CAP", f"{where}postcode")
        yield from _code(address.province or "XX", _COUNTRY, "provincia", f"{where}province")


def _party_problems(document: InvoiceDocument) -> Iterator[SdiProblem]:
    seller, buyer = document.seller, document.buyer
    for party, where in ((seller, "seller."), (buyer, "buyer.")):
        yield from _texts(party, _COMPANY_NAME if party.name else _PERSON_NAME, where)
        if party.name and (party.first_name or party.last_name):
            yield SdiProblem("00200", "Indicare la denominazione oppure nome e cognome, non entrambi.", f"{where}name")
        yield from _address_problems(party.address, f"{where}address.")
        if party.tax_code:
            yield from _code(party.tax_code, _TAX_CODE, "codice fiscale", f"{where}tax_code")
    yield from _texts(seller, _SELLER, "seller.")
    yield from _code(seller.country, _COUNTRY, "paese della partita IVA", "seller.country")
    yield from _code(seller.vat_number, _ID_CODE, "partita IVA", "seller.vat_number")
    yield from _choice(seller.tax_regime, TAX_REGIMES, "regime fiscale", "seller.tax_regime")
    if seller.email:
        yield from _code(seller.email, _EMAIL, "e-mail", "seller.email")
    if seller.registration:
        yield from _texts(seller.registration, _REGISTRATION, "seller.registration.")
        yield from _code(seller.registration.office, _COUNTRY, "ufficio REA", "seller.registration.office")
        yield from _choice(seller.registration.shareholders, SHAREHOLDERS, "socio unico", "seller.registration.shareholders")
        yield from _amount(seller.registration.capital, "capitale sociale", "seller.registration.capital")
    if buyer.vat_number:
        yield from _code(buyer.vat_country, _COUNTRY, "paese della partita IVA", "buyer.vat_country")
        yield from _code(buyer.vat_number, _ID_CODE, "partita IVA", "buyer.vat_number")
    yield from _code(buyer.recipient_code, _RECIPIENT, "codice destinatario", "buyer.recipient_code")
    if buyer.certified_email:
        yield from _code(buyer.certified_email, _EMAIL, "PEC", "buyer.certified_email")


def _document_problems(document: InvoiceDocument) -> Iterator[SdiProblem]:
    yield from _texts(document, _DOCUMENT, "")
    yield from _choice(document.document_type, DOCUMENT_TYPES, "tipo documento", "document_type")
    yield from _choice(document.payment_condition, PAYMENT_CONDITIONS, "condizioni di pagamento", "payment_condition")
    yield from _choice(document.issuer, ISSUERS, "soggetto emittente", "issuer")
    if document.transmitter_country or document.transmitter_id:
        yield from _code(document.transmitter_country, _COUNTRY, "paese del trasmittente", "transmitter_country")
        yield from _code(document.transmitter_id, _ID_CODE, "codice del trasmittente", "transmitter_id")
    if not (len(document.currency) == 3 and document.currency.isascii() and document.currency.isalpha() and document.currency.isupper()):
        yield SdiProblem("00200", "La divisa ha tre lettere, per esempio EUR.", "currency")
    if document.issued_on.year < 1970:
        yield SdiProblem("00200", "La data del documento è precedente al 1970: correggerla.", "issued_on")
    yield from _amount(document.stamp_duty, "bollo", "stamp_duty")
    yield from _amount(document.rounding, "arrotondamento", "rounding")
    if not document.lines or len(document.lines) > 9999:
        yield SdiProblem("00200", "Un documento ha da 1 a 9999 righe.", "lines")
    if not document.summary:
        yield SdiProblem("00200", "Manca il riepilogo IVA: ricalcolare il documento.", "summary")
    for place, line in enumerate(document.lines):
        yield from _line_problems(line, f"lines.{place}.")


def _line_problems(line: DocumentLine, where: str) -> Iterator[SdiProblem]:
    yield from _texts(line, _LINE, where)
    yield from _choice(line.kind, LINE_KINDS, "tipo di riga", f"{where}kind")
    yield from _number(line.quantity, 8, "quantità", f"{where}quantity", limit=_QUANTITY_LIMIT, lowest=Decimal(0))
    yield from _number(line.unit_price, 8, "prezzo unitario", f"{where}unit_price")
    yield from _number(line.total, 8, "prezzo totale", f"{where}total")
    yield from _rate(line.vat_rate, "aliquota IVA", f"{where}vat_rate")
    if line.nature:
        yield from _choice(line.nature, NATURES, "natura", f"{where}nature")
    for discount in line.discounts:
        yield from _rate(discount.percent, "percentuale di sconto", f"{where}discounts")
        yield from _number(discount.amount, 8, "importo dello sconto", f"{where}discounts")
    for other in line.other:
        yield from _texts(other, _OTHER, f"{where}other.")
        yield from _number(other.number, 8, "riferimento numero", f"{where}other.number")


def _block_problems(document: InvoiceDocument) -> Iterator[SdiProblem]:
    for place, row in enumerate(document.summary):
        where = f"summary.{place}."
        yield from _texts(row, _SUMMARY, where)
        yield from _choice(row.exigibility, EXIGIBILITIES, "esigibilità IVA", f"{where}exigibility")
        yield from _rate(row.vat_rate, "aliquota IVA", f"{where}vat_rate")
        yield from _amount(row.net, "imponibile", f"{where}net")
        yield from _amount(row.vat, "imposta", f"{where}vat")
        yield from _number(row.rounding, 8, "arrotondamento", f"{where}rounding")
        if row.nature:
            yield from _choice(row.nature, NATURES, "natura", f"{where}nature")
    for place, due in enumerate(document.payments):
        where = f"payments.{place}."
        yield from _texts(due, _PAYMENT, where)
        yield from _choice(due.method, PAYMENT_METHODS, "modalità di pagamento", f"{where}method")
        yield from _amount(due.amount, "importo del pagamento", f"{where}amount")
        if due.iban:
            yield from _code(due.iban, _IBAN, "IBAN", f"{where}iban")
    for place, reference in enumerate(document.references):
        yield from _texts(reference, _REFERENCE, f"references.{place}.")
        yield from _choice(reference.kind, REFERENCE_KINDS, "tipo di riferimento", f"references.{place}.kind")
        if reference.kind == "delivery" and reference.on is None:
            text = "Il documento di trasporto {number} non ha la data: scriverla nei riferimenti."
            yield SdiProblem("00200", text, f"references.{place}.on", {"number": reference.document_id})
        if not all(1 <= number <= 9999 for number in reference.line_numbers):
            yield SdiProblem("00200", "I numeri di riga vanno da 1 a 9999.", f"references.{place}.line_numbers")
    for place, attachment in enumerate(document.attachments):
        yield from _texts(attachment, _ATTACHMENT, f"attachments.{place}.")
    yield from _withholding_problems(document)


def _withholding_problems(document: InvoiceDocument) -> Iterator[SdiProblem]:
    for place, withholding in enumerate(document.withholdings):
        where = f"withholdings.{place}."
        yield from _choice(withholding.kind, WITHHOLDING_KINDS, "tipo ritenuta", f"{where}kind")
        yield from _choice(withholding.reason, WITHHOLDING_REASONS, "causale della ritenuta", f"{where}reason")
        yield from _amount(withholding.amount, "importo della ritenuta", f"{where}amount")
        yield from _rate(withholding.rate, "aliquota della ritenuta", f"{where}rate")
    for place, fund in enumerate(document.pension_funds):
        where = f"pension_funds.{place}."
        yield from _choice(fund.kind, PENSION_FUND_KINDS, "tipo cassa", f"{where}kind")
        yield from _amount(fund.amount, "contributo cassa", f"{where}amount")
        yield from _amount(fund.base, "imponibile cassa", f"{where}base")
        yield from _rate(fund.rate, "aliquota cassa", f"{where}rate")
        yield from _rate(fund.vat_rate, "aliquota IVA", f"{where}vat_rate")
        if fund.nature:
            yield from _choice(fund.nature, NATURES, "natura", f"{where}nature")
