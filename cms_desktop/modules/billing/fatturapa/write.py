"""The XML of a document (FatturaPA 1.2.3): order and form of every element, written once here. Nothing invalid leaves this file."""

from __future__ import annotations

import base64
import datetime
from typing import TypeAlias

from lxml import etree

from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.latin import basic_text, latin_text
from cms_desktop.modules.billing.fatturapa.checks import check_document
from cms_desktop.modules.billing.fatturapa.forms import amount_text, price_text, quantity_text
from cms_desktop.modules.billing.fatturapa.records import (
    Address,
    Buyer,
    Discount,
    DocumentLine,
    DocumentReference,
    InvoiceDocument,
    PaymentDue,
    Seller,
    VatSummaryRow,
)

NAMESPACE = "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2"
LARGEST_FILE = 5 * 1024 * 1024  # bytes, control 00003
FILE_NAMES = 36**5
REFERENCE_ELEMENTS = {
    "order": "DatiOrdineAcquisto",
    "contract": "DatiContratto",
    "agreement": "DatiConvenzione",
    "receipt": "DatiRicezione",
    "invoice": "DatiFattureCollegate",
}
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_add = etree.SubElement
Element: TypeAlias = etree._Element


def invoice_xml(document: InvoiceDocument, *, today: datetime.date | None = None) -> bytes:
    """The file to send, UTF-8. Raises `InvalidInput` with the first problem when the document would be refused.

    `today` also checks that the document is not dated in the future (control 00403).
    """
    problems = check_document(document, today=today)
    if problems:
        first = problems[0]
        raise InvalidInput(first.text, field=first.field, **first.values)
    root = etree.Element(f"{{{NAMESPACE}}}FatturaElettronica", nsmap={"p": NAMESPACE}, versione=document.format)
    _write_header(_add(root, "FatturaElettronicaHeader"), document)
    _write_body(_add(root, "FatturaElettronicaBody"), document)
    content: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    if len(content) > LARGEST_FILE:
        raise InvalidInput("Il file supera 5 MB: togliere o rimpicciolire gli allegati.", field="attachments")
    return content


def file_name(country: str, transmitter_id: str, counter: int) -> str:
    """Name of the file: country, tax id of who transmits, counter in base 36 on five places. A name is used once for ever (00002)."""
    shortest, longest = (11, 16) if country == "IT" else (2, 28)
    if not (shortest <= len(transmitter_id) <= longest and transmitter_id.isascii() and transmitter_id.isalnum()):
        raise InvalidInput("Il codice fiscale di chi trasmette non è valido: correggerlo nei dati dell'azienda.", field="transmitter_id")
    if not 0 <= counter < FILE_NAMES:
        raise InvalidInput("I nomi dei file sono finiti: contattare l'assistenza.", field="counter")
    digits = ""
    for _ in range(5):
        counter, digit = divmod(counter, 36)
        digits = _DIGITS[digit] + digits
    return f"{country}{transmitter_id}_{digits}.xml"


def _put(parent: Element, tag: str, text: str) -> None:
    _add(parent, tag).text = text


def _put_if(parent: Element, tag: str, text: str) -> None:
    if text:
        _add(parent, tag).text = text


# ---- header -----------------------------------------------------------------------------------------------------------


def _write_header(header: Element, document: InvoiceDocument) -> None:
    seller, buyer = document.seller, document.buyer
    sending = _add(header, "DatiTrasmissione")
    country, code = document.transmitter_country or seller.country, document.transmitter_id or seller.tax_code or seller.vat_number
    _write_tax_id(_add(sending, "IdTrasmittente"), country, code)
    _put(sending, "ProgressivoInvio", basic_text(document.transmission_number))
    _put(sending, "FormatoTrasmissione", document.format)
    _put(sending, "CodiceDestinatario", buyer.recipient_code)
    if buyer.certified_email and buyer.recipient_code == "0000000":
        _put(sending, "PECDestinatario", buyer.certified_email)
    _write_seller(_add(header, "CedentePrestatore"), seller)
    _write_buyer(_add(header, "CessionarioCommittente"), buyer)
    _put_if(header, "SoggettoEmittente", document.issuer)


def _write_seller(parent: Element, seller: Seller) -> None:
    person = _add(parent, "DatiAnagrafici")
    _write_tax_id(_add(person, "IdFiscaleIVA"), seller.country, seller.vat_number)
    _put_if(person, "CodiceFiscale", seller.tax_code)
    _write_name(_add(person, "Anagrafica"), seller)
    _put(person, "RegimeFiscale", seller.tax_regime)
    _write_address(_add(parent, "Sede"), seller.address)
    if registration := seller.registration:
        rea = _add(parent, "IscrizioneREA")
        _put(rea, "Ufficio", registration.office)
        _put(rea, "NumeroREA", basic_text(registration.number))
        if registration.capital is not None:
            _put(rea, "CapitaleSociale", amount_text(registration.capital))
        _put_if(rea, "SocioUnico", registration.shareholders)
        _put(rea, "StatoLiquidazione", "LS" if registration.is_in_liquidation else "LN")
    if seller.phone or seller.email:
        contacts = _add(parent, "Contatti")
        _put_if(contacts, "Telefono", basic_text(seller.phone))
        _put_if(contacts, "Email", seller.email)


def _write_buyer(parent: Element, buyer: Buyer) -> None:
    person = _add(parent, "DatiAnagrafici")
    if buyer.vat_number:
        _write_tax_id(_add(person, "IdFiscaleIVA"), buyer.vat_country, buyer.vat_number)
    _put_if(person, "CodiceFiscale", buyer.tax_code)
    _write_name(_add(person, "Anagrafica"), buyer)
    _write_address(_add(parent, "Sede"), buyer.address)


def _write_tax_id(parent: Element, country: str, code: str) -> None:
    _put(parent, "IdPaese", country)
    _put(parent, "IdCodice", code)


def _write_name(parent: Element, party: Seller | Buyer) -> None:
    if party.name:
        _put(parent, "Denominazione", latin_text(party.name))
    else:
        _put(parent, "Nome", latin_text(party.first_name))
        _put(parent, "Cognome", latin_text(party.last_name))


def _write_address(parent: Element, address: Address) -> None:
    is_italian = address.country == "IT"
    _put(parent, "Indirizzo", latin_text(address.street))
    _put_if(parent, "NumeroCivico", basic_text(address.number))
    _put(parent, "CAP", address.postcode if is_italian else "00000")
    _put(parent, "Comune", latin_text(address.city))
    _put_if(parent, "Provincia", address.province if is_italian else "")
    _put(parent, "Nazione", address.country)


# ---- body -------------------------------------------------------------------------------------------------------------


def _write_body(body: Element, document: InvoiceDocument) -> None:
    general = _add(body, "DatiGenerali")
    _write_general(_add(general, "DatiGeneraliDocumento"), document)
    for kind, tag in REFERENCE_ELEMENTS.items():
        for reference in document.references:
            if reference.kind == kind:
                _write_reference(_add(general, tag), reference)
    for reference in document.references:
        if reference.kind == "delivery" and reference.on:
            _write_delivery(_add(general, "DatiDDT"), reference, reference.on)
    goods = _add(body, "DatiBeniServizi")
    for number, line in enumerate(document.lines, start=1):
        _write_line(_add(goods, "DettaglioLinee"), number, line)
    for row in document.summary:
        _write_summary_row(_add(goods, "DatiRiepilogo"), row)
    if document.payments:
        payment = _add(body, "DatiPagamento")
        _put(payment, "CondizioniPagamento", document.condition)
        for due in document.payments:
            _write_payment(_add(payment, "DettaglioPagamento"), due)
    for attachment in document.attachments:
        parent = _add(body, "Allegati")
        _put(parent, "NomeAttachment", latin_text(attachment.name))
        _put_if(parent, "FormatoAttachment", basic_text(attachment.format))
        _put_if(parent, "DescrizioneAttachment", latin_text(attachment.description))
        _put(parent, "Attachment", base64.b64encode(attachment.content).decode())


def _write_general(parent: Element, document: InvoiceDocument) -> None:
    _put(parent, "TipoDocumento", document.document_type)
    _put(parent, "Divisa", document.currency)
    _put(parent, "Data", document.issued_on.isoformat())
    _put(parent, "Numero", basic_text(document.number))
    for withholding in document.withholdings:
        block = _add(parent, "DatiRitenuta")
        _put(block, "TipoRitenuta", withholding.kind)
        _put(block, "ImportoRitenuta", amount_text(withholding.amount))
        _put(block, "AliquotaRitenuta", amount_text(withholding.rate))
        _put(block, "CausalePagamento", withholding.reason)
    if document.stamp_duty is not None:
        block = _add(parent, "DatiBollo")
        _put(block, "BolloVirtuale", "SI")
        _put(block, "ImportoBollo", amount_text(document.stamp_duty))
    _write_pension_funds(parent, document)
    _put(parent, "ImportoTotaleDocumento", amount_text(document.total))
    if document.rounding is not None:
        _put(parent, "Arrotondamento", amount_text(document.rounding))
    for note in document.notes:
        text = latin_text(note)
        for start in range(0, len(text), 200):
            _put(parent, "Causale", text[start : start + 200])


def _write_pension_funds(parent: Element, document: InvoiceDocument) -> None:
    for fund in document.pension_funds:
        block = _add(parent, "DatiCassaPrevidenziale")
        _put(block, "TipoCassa", fund.kind)
        _put(block, "AlCassa", amount_text(fund.rate))
        _put(block, "ImportoContributoCassa", amount_text(fund.amount))
        if fund.base is not None:
            _put(block, "ImponibileCassa", amount_text(fund.base))
        _put(block, "AliquotaIVA", amount_text(fund.vat_rate))
        _put_if(block, "Ritenuta", "SI" if fund.is_withheld else "")
        _put_if(block, "Natura", fund.nature)


def _write_reference(parent: Element, reference: DocumentReference) -> None:
    for number in reference.line_numbers:
        _put(parent, "RiferimentoNumeroLinea", str(number))
    _put(parent, "IdDocumento", basic_text(reference.document_id))
    if reference.on:
        _put(parent, "Data", reference.on.isoformat())
    _put_if(parent, "NumItem", basic_text(reference.item))
    _put_if(parent, "CodiceCommessaConvenzione", latin_text(reference.agreement_code))
    _put_if(parent, "CodiceCUP", basic_text(reference.project_code))
    _put_if(parent, "CodiceCIG", basic_text(reference.tender_code))


def _write_delivery(parent: Element, reference: DocumentReference, on: datetime.date) -> None:
    _put(parent, "NumeroDDT", basic_text(reference.document_id))
    _put(parent, "DataDDT", on.isoformat())
    for number in reference.line_numbers:
        _put(parent, "RiferimentoNumeroLinea", str(number))


def _write_line(parent: Element, number: int, line: DocumentLine) -> None:
    _put(parent, "NumeroLinea", str(number))
    _put_if(parent, "TipoCessionePrestazione", line.kind)
    if line.item_code:
        item = _add(parent, "CodiceArticolo")
        _put(item, "CodiceTipo", "INTERNO")
        _put(item, "CodiceValore", latin_text(line.item_code))
    _put(parent, "Descrizione", latin_text(line.description))
    if line.quantity is not None:
        _put(parent, "Quantita", quantity_text(line.quantity))
        _put_if(parent, "UnitaMisura", basic_text(line.unit))
    if line.period_from:
        _put(parent, "DataInizioPeriodo", line.period_from.isoformat())
    if line.period_to:
        _put(parent, "DataFinePeriodo", line.period_to.isoformat())
    _put(parent, "PrezzoUnitario", price_text(line.unit_price))
    for discount in line.discounts:
        _write_discount(_add(parent, "ScontoMaggiorazione"), discount)
    _put(parent, "PrezzoTotale", price_text(line.total))
    _put(parent, "AliquotaIVA", amount_text(line.vat_rate))
    _put_if(parent, "Ritenuta", "SI" if line.is_withheld else "")
    _put_if(parent, "Natura", line.nature)
    _put_if(parent, "RiferimentoAmministrazione", basic_text(line.cost_reference))
    _write_other_data(parent, line)


def _write_other_data(parent: Element, line: DocumentLine) -> None:
    for other in line.other:
        block = _add(parent, "AltriDatiGestionali")
        _put(block, "TipoDato", basic_text(other.kind))
        _put_if(block, "RiferimentoTesto", latin_text(other.text))
        if other.number is not None:
            _put(block, "RiferimentoNumero", price_text(other.number))
        if other.on:
            _put(block, "RiferimentoData", other.on.isoformat())


def _write_discount(parent: Element, discount: Discount) -> None:
    _put(parent, "Tipo", "MG" if discount.is_surcharge else "SC")
    if discount.percent is not None:
        _put(parent, "Percentuale", amount_text(discount.percent))
    if discount.amount is not None:
        _put(parent, "Importo", price_text(discount.amount))


def _write_summary_row(parent: Element, row: VatSummaryRow) -> None:
    _put(parent, "AliquotaIVA", amount_text(row.vat_rate))
    _put_if(parent, "Natura", row.nature)
    if row.rounding is not None:
        _put(parent, "Arrotondamento", price_text(row.rounding))
    _put(parent, "ImponibileImporto", amount_text(row.net))
    _put(parent, "Imposta", amount_text(row.vat))
    _put(parent, "EsigibilitaIVA", row.exigibility)
    _put_if(parent, "RiferimentoNormativo", latin_text(row.law_reference))


def _write_payment(parent: Element, due: PaymentDue) -> None:
    _put_if(parent, "Beneficiario", latin_text(due.beneficiary))
    _put(parent, "ModalitaPagamento", due.method)
    if due.due_on:
        _put(parent, "DataScadenzaPagamento", due.due_on.isoformat())
    _put(parent, "ImportoPagamento", amount_text(due.amount))
    _put_if(parent, "IstitutoFinanziario", latin_text(due.bank_name))
    _put_if(parent, "IBAN", due.iban)
    _put_if(parent, "CodicePagamento", basic_text(due.payment_code))
