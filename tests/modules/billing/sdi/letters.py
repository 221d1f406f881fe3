"""Receipts of the exchange system for tests, written by hand."""

from __future__ import annotations

SPACES = {
    "pa": "http://www.fatturapa.gov.it/sdi/messaggi/v1.0",
    "b2b": "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fattura/messaggi/v1.0",
}


def letter(channel: str, root: str, file: str, inner: str = "", *, identifier: str = "111", moment: str = "2026-05-02T10:00:00Z") -> bytes:
    """A receipt about `file`; `inner` is what its kind adds."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><t:{root} xmlns:t="{SPACES[channel]}" versione="1.0">'
        f"<IdentificativoSdI>{identifier}</IdentificativoSdI><NomeFile>{file}</NomeFile><DataOraRicezione>{moment}</DataOraRicezione>"
        f"{inner}<MessageId>7</MessageId></t:{root}>"
    ).encode()
