"""Words of the printed invoice, Italian first; the languages customers are written to stand in `labels`."""

from __future__ import annotations

from collections.abc import Callable

from reports.invoice.labels import LABELS, LANGUAGES

DOCUMENT_TITLES = {
    "TD01": "Fattura",
    "TD02": "Fattura di acconto",
    "TD04": "Nota di credito",
    "TD05": "Nota di debito",
    "TD06": "Parcella",
    "TD16": "Autofattura",
    "TD17": "Autofattura",
    "TD18": "Autofattura",
    "TD19": "Autofattura",
    "TD20": "Autofattura",
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
    "delivery": "DDT",
}


def words(language: str) -> Callable[..., str]:
    """The `tr` of the document: Italian text in, text in the language of the customer out, with `{names}` filled."""
    column = LANGUAGES.index(language) if language in LANGUAGES else None

    def tr(text: str, **values: object) -> str:
        found = text if column is None else LABELS[text][column]
        return found.format(**values) if values else found

    return tr
