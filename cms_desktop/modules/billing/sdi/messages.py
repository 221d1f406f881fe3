"""Reads the receipts of the exchange system, those of public bodies and those between private parties.

Kinds and elements: technical specifications of the SdI, messages 1.0 (namespaces ``…/sdi/messaggi/v1.0`` for public bodies and
``…/fattura/messaggi/v1.0`` between private parties). Children carry no namespace; what is signed beside them is left aside.
"""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from lxml import etree

from cms_desktop.core.errors import InvalidInput
from cms_desktop.modules.billing.sdi.records import Channel, MessageKind, SdiError, SdiMessage

ROME = ZoneInfo("Europe/Rome")
MOST_BYTES = 5 * 1024 * 1024
CHANNELS: dict[str, Channel] = {
    "http://www.fatturapa.gov.it/sdi/messaggi/v1.0": "pa",
    "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fattura/messaggi/v1.0": "b2b",
}
ROOTS: dict[tuple[Channel, str], MessageKind] = {
    ("pa", "RicevutaConsegna"): "RC",
    ("b2b", "RicevutaConsegna"): "RC",
    ("pa", "NotificaScarto"): "NS",
    ("b2b", "RicevutaScarto"): "NS",
    ("pa", "NotificaMancataConsegna"): "MC",
    ("b2b", "RicevutaImpossibilitaRecapito"): "MC",
    ("pa", "NotificaEsito"): "NE",
    ("pa", "NotificaDecorrenzaTermini"): "DT",
    ("pa", "AttestazioneTrasmissioneFattura"): "AT",
}
OUTCOMES = {"EC01": "accepted", "EC02": "refused"}
STATES = {"RC": "delivered", "NS": "rejected", "MC": "undeliverable", "DT": "lapsed", "AT": "attested"}


def read_message(content: bytes) -> SdiMessage:
    """The message in a receipt's XML. Raises InvalidInput when it is not one, saying what is wrong with it."""
    root = _parse(content)
    name = etree.QName(root)
    channel = CHANNELS.get(name.namespace or "")
    kind = ROOTS.get((channel, name.localname)) if channel else None
    if channel is None or kind is None:
        raise InvalidInput(
            "Non è una ricevuta dello SdI: l'elemento «{root}» non è tra quelli previsti.", key="sdi_not_a_message", root=name.localname
        )
    file_name, identifier = _text(root, "NomeFile"), _text(root, "IdentificativoSdI")
    if not file_name and not identifier:
        raise InvalidInput("La ricevuta non dice di quale file parla.", key="sdi_message_without_file")
    return SdiMessage(
        kind=kind,
        channel=channel,
        sdi_identifier=identifier,
        file_name=file_name,
        state=_state(kind, root),
        archive_name=_text(root, "RiferimentoArchivio/NomeFile"),
        message_id=_text(root, "MessageId"),
        received_at=_moment(_text(root, "DataOraRicezione")),
        delivered_at=_moment(_text(root, "DataOraConsegna")),
        recipient_code=_text(root, "Destinatario/Codice"),
        recipient_name=_text(root, "Destinatario/Descrizione"),
        note=_note(kind, root),
        errors=tuple(SdiError(_text(one, "Codice"), _text(one, "Descrizione"), _text(one, "Suggerimento")) for one in root.iter("Errore")),
    )


def _parse(content: bytes) -> etree._Element:
    if len(content) > MOST_BYTES:
        raise InvalidInput("Il file è troppo grande per una ricevuta dello SdI.", key="sdi_message_too_large")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise InvalidInput("Non è un file XML leggibile: {why}", key="sdi_unreadable", why=error.msg or "") from error
    if root.getroottree().docinfo.doctype:
        raise InvalidInput("Una ricevuta dello SdI non ha un DOCTYPE: il file non viene letto.", key="sdi_unreadable")
    return root


def _state(kind: MessageKind, root: etree._Element) -> str:
    if kind != "NE":
        return STATES[kind]
    outcome = _text(root, "EsitoCommittente/Esito")
    if outcome not in OUTCOMES:
        raise InvalidInput("L'esito «{outcome}» non è previsto: EC01 o EC02.", key="sdi_outcome_unknown", outcome=outcome)
    return OUTCOMES[outcome]


def _note(kind: MessageKind, root: etree._Element) -> str:
    """What the message adds in words: the buyer's reason for an outcome, the description of a failed delivery, else the note."""
    places = {"NE": ("EsitoCommittente/Descrizione", "Note"), "MC": ("Descrizione", "Note")}.get(kind, ("Descrizione", "Note"))
    return next((text for text in (_text(root, place) for place in places) if text), "")


def _text(root: etree._Element, path: str) -> str:
    found = root.find(path)
    return "" if found is None or found.text is None else " ".join(found.text.split())


def _moment(text: str) -> datetime.datetime | None:
    """A moment without offset is Italian time."""
    if not text:
        return None
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput("«{value}» non è una data e ora.", key="sdi_moment", value=text) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ROME)
