"""Why there is no VAT, or who pays it: the law that the invoice names (RiferimentoNormativo) when its VAT code names none."""

from __future__ import annotations

SPLIT_PAYMENT_LAW = "Scissione dei pagamenti, art. 17-ter DPR 633/72"
DEFERRED_LAW = "IVA a esigibilità differita, art. 6 c. 5 DPR 633/72"
CASH_LAW = "IVA per cassa, art. 32-bis DL 83/2012"
CASH_REGIME = "RF17"
NATURE_LAWS = {
    "N1": "Escluso art. 15 DPR 633/72",
    "N2.1": "Non soggetto, artt. da 7 a 7-septies DPR 633/72",
    "N2.2": "Non soggetto a IVA",
    "N3.1": "Non imponibile, art. 8 c. 1 lett. a e b DPR 633/72",
    "N3.2": "Non imponibile, art. 41 DL 331/93",
    "N3.3": "Non imponibile, art. 71 DPR 633/72",
    "N3.4": "Non imponibile, artt. 8-bis e 9 DPR 633/72",
    "N3.5": "Non imponibile, art. 8 c. 1 lett. c DPR 633/72",
    "N3.6": "Non imponibile, altre operazioni che non formano il plafond",
    "N4": "Esente, art. 10 DPR 633/72",
    "N5": "Regime del margine, art. 36 DL 41/95",
    "N6.1": "Inversione contabile, art. 74 c. 7 e 8 DPR 633/72",
    "N6.2": "Inversione contabile, art. 17 c. 5 DPR 633/72",
    "N6.3": "Inversione contabile, art. 17 c. 6 lett. a DPR 633/72",
    "N6.4": "Inversione contabile, art. 17 c. 6 lett. a-bis DPR 633/72",
    "N6.5": "Inversione contabile, art. 17 c. 6 lett. b DPR 633/72",
    "N6.6": "Inversione contabile, art. 17 c. 6 lett. c DPR 633/72",
    "N6.7": "Inversione contabile, art. 17 c. 6 lett. a-ter DPR 633/72",
    "N6.8": "Inversione contabile, art. 17 c. 6 lett. d-bis, d-ter e d-quater DPR 633/72",
    "N6.9": "Inversione contabile",
    "N7": "IVA assolta in un altro stato dell'Unione europea",
}


def law_of(nature: str, exigibility: str, named: str, tax_regime: str) -> str:
    """The law to print and send: that of the VAT code, else that of the nature or of when the tax is due."""
    if named:
        return named
    if nature:
        return NATURE_LAWS.get(nature, "")
    deferred = CASH_LAW if tax_regime == CASH_REGIME else DEFERRED_LAW
    return {"S": SPLIT_PAYMENT_LAW, "D": deferred}.get(exigibility, "")
