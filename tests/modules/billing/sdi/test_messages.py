"""Receipts of the exchange system, as they come: of public bodies and of private parties, signed, zipped, broken."""

from __future__ import annotations

import base64
import datetime
import io
import zipfile

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from cms_desktop.core.errors import InvalidInput
from cms_desktop.modules.billing.sdi.envelope import opened, packed, signed_content, unpacked
from cms_desktop.modules.billing.sdi.messages import read_message
from cms_desktop.modules.billing.sdi.records import IncomingFile, SdiError
from tests.modules.billing.sdi.letters import letter


@pytest.mark.parametrize(
    ("channel", "root", "kind", "state"),
    [
        ("pa", "RicevutaConsegna", "RC", "delivered"),
        ("b2b", "RicevutaConsegna", "RC", "delivered"),
        ("pa", "NotificaScarto", "NS", "rejected"),
        ("b2b", "RicevutaScarto", "NS", "rejected"),
        ("pa", "NotificaMancataConsegna", "MC", "undeliverable"),
        ("b2b", "RicevutaImpossibilitaRecapito", "MC", "undeliverable"),
        ("pa", "NotificaDecorrenzaTermini", "DT", "lapsed"),
        ("pa", "AttestazioneTrasmissioneFattura", "AT", "attested"),
    ],
)
def test_each_kind_says_what_becomes_of_the_file(channel: str, root: str, kind: str, state: str) -> None:
    message = read_message(letter(channel, root, "IT01234567890_0000A.xml"))
    assert (message.kind, message.channel, message.state) == (kind, channel, state)
    assert (message.file_name, message.sdi_identifier) == ("IT01234567890_0000A.xml", "111")


@pytest.mark.parametrize(("outcome", "state"), [("EC01", "accepted"), ("EC02", "refused")])
def test_a_public_body_accepts_or_refuses_and_says_why(outcome: str, state: str) -> None:
    inner = f"<EsitoCommittente><Esito>{outcome}</Esito><Descrizione>manca il CIG</Descrizione></EsitoCommittente>"
    message = read_message(letter("pa", "NotificaEsito", "IT01234567890_0000A.xml", inner))
    assert (message.state, message.note) == (state, "manca il CIG")


def test_a_refusal_carries_its_codes_words_and_advice() -> None:
    inner = (
        "<ListaErrori><Errore><Codice>00305</Codice><Descrizione>IdFiscale non valido</Descrizione>"
        "<Suggerimento>Verificare la partita IVA</Suggerimento></Errore>"
        "<Errore><Codice>00311</Codice><Descrizione>CodiceDestinatario non valido</Descrizione></Errore></ListaErrori>"
    )
    message = read_message(letter("b2b", "RicevutaScarto", "IT01234567890_0000A.xml", inner))
    assert message.errors == (
        SdiError("00305", "IdFiscale non valido", "Verificare la partita IVA"),
        SdiError("00311", "CodiceDestinatario non valido"),
    )


def test_moments_keep_their_offset_and_without_one_are_italian_time() -> None:
    inner = "<DataOraConsegna>2026-07-01T12:00:00.000+02:00</DataOraConsegna>"
    message = read_message(letter("b2b", "RicevutaConsegna", "IT01234567890_0000A.xml", inner, moment="2026-01-05T09:30:00"))
    assert message.delivered_at == datetime.datetime(2026, 7, 1, 10, tzinfo=datetime.UTC)
    assert message.received_at == datetime.datetime(2026, 1, 5, 8, 30, tzinfo=datetime.UTC)


def test_the_lot_is_named_when_the_file_travelled_in_one() -> None:
    inner = (
        "<RiferimentoArchivio><IdentificativoSdI>100</IdentificativoSdI><NomeFile>IT01234567890_0000B.zip</NomeFile></RiferimentoArchivio>"
    )
    message = read_message(letter("pa", "NotificaScarto", "IT01234567890_0000A.xml", inner))
    assert (message.archive_name, message.sdi_identifier) == ("IT01234567890_0000B.zip", "111")


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "sdi_unreadable"),
        (b"%PDF-1.7", "sdi_unreadable"),
        (b"<a/>", "sdi_not_a_message"),
        (letter("pa", "RicevutaScarto", "x.xml"), "sdi_not_a_message"),
        (letter("b2b", "NotificaEsito", "x.xml"), "sdi_not_a_message"),
        (letter("pa", "NotificaEsito", "x.xml", "<EsitoCommittente><Esito>EC09</Esito></EsitoCommittente>"), "sdi_outcome_unknown"),
        (letter("b2b", "RicevutaConsegna", "x.xml", moment="ieri"), "sdi_moment"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + letter("b2b", "RicevutaConsegna", "&x;")[38:], "sdi_unreadable"),
    ],
)
def test_what_is_no_receipt_is_told_and_never_half_read(content: bytes, key: str) -> None:
    with pytest.raises(InvalidInput) as told:
        read_message(content)
    assert told.value.key == key


def _signed(content: bytes, encoding: serialization.Encoding = serialization.Encoding.DER, *options: pkcs7.PKCS7Options) -> bytes:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Firma di prova")])
    now = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now).not_valid_after(now + datetime.timedelta(days=9)).sign(key, hashes.SHA256())
    )  # fmt: skip
    return (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(content)
        .add_signer(certificate, key, hashes.SHA256())
        .sign(encoding, [pkcs7.PKCS7Options.Binary, *options])
    )


def test_a_signed_envelope_gives_back_what_was_signed_in_every_encoding() -> None:
    inside = letter("b2b", "RicevutaConsegna", "IT01234567890_0000A.xml")
    der = _signed(inside)
    assert signed_content(der) == inside
    assert signed_content(base64.encodebytes(der)) == inside
    assert signed_content(_signed(inside, serialization.Encoding.PEM)) == inside
    twice = opened(IncomingFile("IT01234567890_0000A.xml.p7m.p7m", _signed(der)))
    assert (twice.name, twice.content) == ("IT01234567890_0000A.xml", inside)


def test_an_envelope_without_its_document_or_none_at_all_is_told() -> None:
    detached = _signed(b"apart", serialization.Encoding.DER, pkcs7.PKCS7Options.DetachedSignature)
    for content, key in ((detached, "p7m_detached"), (b"0\x03abc", "p7m_unreadable"), (b"ciao", "p7m_unreadable")):
        with pytest.raises(InvalidInput) as told:
            signed_content(content)
        assert told.value.key == key


def test_a_zip_gives_each_of_its_files_and_a_lot_is_always_the_same() -> None:
    files = [IncomingFile("b.xml", b"2"), IncomingFile("a.xml", b"1")]
    lot = packed(files)
    assert lot == packed(files[::-1])
    assert list(unpacked(IncomingFile("x.zip", lot))) == files[::-1]
    with pytest.raises(InvalidInput):
        list(unpacked(IncomingFile("x.zip", b"PK\x03\x04 broken")))


def test_a_zip_bomb_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cms_desktop.modules.billing.sdi.envelope.MOST_BYTES", 1000)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", b"0" * 5000)
    with pytest.raises(InvalidInput) as told:
        list(unpacked(IncomingFile("x.zip", stream.getvalue())))
    assert told.value.key == "zip_too_large"
