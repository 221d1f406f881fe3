"""Words of the printed invoice, Italian first; the English for foreign customers."""

from __future__ import annotations

from collections.abc import Callable

DOCUMENT_TITLES = {
    "TD01": "Fattura",
    "TD02": "Fattura di acconto",
    "TD04": "Nota di credito",
    "TD05": "Nota di debito",
    "TD06": "Parcella",
    "TD24": "Fattura differita",
    "TD25": "Fattura differita",
}
PAYMENT_METHODS = {
    "MP01": "Contanti",
    "MP02": "Assegno",
    "MP03": "Assegno circolare",
    "MP05": "Bonifico bancario",
    "MP07": "Bollettino bancario",
    "MP08": "Carta di pagamento",
    "MP12": "Ricevuta bancaria (RiBa)",
    "MP18": "Bollettino postale",
    "MP19": "Addebito diretto SEPA",
    "MP20": "Addebito diretto SEPA CORE",
    "MP21": "Addebito diretto SEPA B2B",
    "MP23": "PagoPA",
}
REFERENCES = {
    "order": "Ordine",
    "contract": "Contratto",
    "agreement": "Convenzione",
    "receipt": "Ricezione",
    "invoice": "Fattura collegata",
}
ENGLISH = {
    "Fattura": "Invoice",
    "Fattura di acconto": "Advance invoice",
    "Nota di credito": "Credit note",
    "Nota di debito": "Debit note",
    "Parcella": "Fee note",
    "Fattura differita": "Deferred invoice",
    "Documento": "Document",
    "Contanti": "Cash",
    "Assegno": "Cheque",
    "Assegno circolare": "Banker's draft",
    "Bonifico bancario": "Bank transfer",
    "Bollettino bancario": "Bank slip",
    "Carta di pagamento": "Payment card",
    "Ricevuta bancaria (RiBa)": "Bank receipt (RiBa)",
    "Bollettino postale": "Postal slip",
    "Addebito diretto SEPA": "SEPA direct debit",
    "Addebito diretto SEPA CORE": "SEPA direct debit CORE",
    "Addebito diretto SEPA B2B": "SEPA direct debit B2B",
    "PagoPA": "PagoPA",
    "Altro": "Other",
    "Ordine": "Order",
    "Contratto": "Contract",
    "Convenzione": "Agreement",
    "Ricezione": "Receipt",
    "Fattura collegata": "Related invoice",
    "Spett.le": "Bill to",
    "Numero": "Number",
    "Data": "Date",
    "Cod. destinatario": "Recipient code",
    "P. IVA": "VAT no.",
    "C.F.": "Tax code",
    "del": "of",
    "Descrizione": "Description",
    "Q.tà": "Qty",
    "Prezzo": "Price",
    "Sconto": "Discount",
    "IVA": "VAT",
    "Importo": "Amount",
    "Periodo {start} – {end}": "Period {start} – {end}",
    "Dal {start}": "From {start}",
    "Riporto": "Brought forward",
    "A riportare": "Carried forward",
    "Riepilogo IVA": "VAT summary",
    "Aliquota": "Rate",
    "Imponibile": "Taxable",
    "Imposta": "Tax",
    "Totale imponibile": "Taxable total",
    "Totale IVA": "VAT total",
    "Totale documento": "Document total",
    "Arrotondamento": "Rounding",
    "IVA versata dal cliente (scissione)": "VAT paid by the customer (split)",
    "Ritenuta d'acconto": "Withholding tax",
    "Da pagare": "Amount due",
    "Da accreditare": "Amount credited",
    "Scadenze e pagamento": "Due dates and payment",
    "a vista": "on receipt",
    "Note": "Notes",
    "Imposta di bollo assolta in modo virtuale: {amount}": "Stamp duty paid virtually: {amount}",
    "Operazione con scissione dei pagamenti, art. 17-ter DPR 633/1972: l'IVA è versata dal cliente all'erario.": (
        "Split payment, art. 17-ter DPR 633/1972: the customer pays the VAT to the tax office."
    ),
    "Copia di cortesia": "Courtesy copy",
    "Copia di cortesia priva di valore fiscale: l'originale è la fattura elettronica inviata al Sistema di Interscambio.": (
        "Courtesy copy without fiscal value: the original is the electronic invoice sent to the exchange system (SdI)."
    ),
    "Pagina {page} di {pages}": "Page {page} of {pages}",
    "Esigibilità differita": "Deferred VAT",
    "Scissione": "Split",
}


def words(language: str) -> Callable[..., str]:
    """The `tr` of the document: Italian text in, text in the language of the customer out, with `{names}` filled."""

    def tr(text: str, **values: object) -> str:
        found = ENGLISH[text] if language == "en" else text
        return found.format(**values) if values else found

    return tr
