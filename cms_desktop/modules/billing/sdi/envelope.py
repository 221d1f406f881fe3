"""Takes a file out of what it travelled in: a signed envelope (.p7m, CAdES) or a zip archive."""

from __future__ import annotations

import base64
import binascii
import io
import pathlib
import zipfile
from collections.abc import Iterator, Sequence

from asn1crypto import cms

from cms_desktop.core.errors import InvalidInput
from cms_desktop.modules.billing.sdi.records import IncomingFile

MOST_ENVELOPES = 4  # a signature around a signature happens; more is not a receipt
MOST_MEMBERS = 10_000
MOST_BYTES = 500 * 1024 * 1024


def signed_content(content: bytes) -> bytes:
    """What was signed, whatever the encoding (DER, BER, base64, PEM); the signature itself is not judged here.

    Raises InvalidInput when it is no signed envelope, or one that carries its document apart.
    """
    try:
        envelope = cms.ContentInfo.load(_binary(content))
        if envelope["content_type"].native != "signed_data":
            raise ValueError
        inner = envelope["content"]["encap_content_info"]["content"].native
    except (ValueError, TypeError, KeyError) as error:
        raise InvalidInput("Il file .p7m non è leggibile: non contiene una busta firmata.", key="p7m_unreadable") from error
    if not isinstance(inner, bytes):
        raise InvalidInput("Il file .p7m porta solo la firma, non il documento.", key="p7m_detached")
    return inner


def _binary(content: bytes) -> bytes:
    """Mail programs hand envelopes over as base64 or PEM text."""
    if content[:1] == b"\x30":
        return content
    lines = [line for line in content.split() if not line.startswith(b"-----") and not line.endswith(b"-----")]
    try:
        return base64.b64decode(b"".join(lines), validate=True)
    except binascii.Error as error:
        raise ValueError from error


def opened(file: IncomingFile) -> IncomingFile:
    """The file without its signed envelopes."""
    for _ in range(MOST_ENVELOPES):
        if not file.name.lower().endswith(".p7m"):
            return file
        file = IncomingFile(file.name[: -len(".p7m")], signed_content(file.content))
    raise InvalidInput("Troppe buste firmate una dentro l'altra in «{name}».", key="p7m_too_deep", name=file.name)


def unpacked(file: IncomingFile) -> Iterator[IncomingFile]:
    """The file itself, or every file of a zip; each without its signed envelope."""
    if not file.name.lower().endswith(".zip"):
        yield opened(file)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_BYTES:
                raise InvalidInput("L'archivio «{name}» è troppo grande.", key="zip_too_large", name=file.name)
            for one in members:
                yield opened(IncomingFile(pathlib.PurePosixPath(one.filename).name, archive.read(one)))
    except zipfile.BadZipFile as error:
        raise InvalidInput("L'archivio «{name}» non è leggibile.", key="zip_unreadable", name=file.name) from error


def packed(files: Sequence[IncomingFile]) -> bytes:
    """A zip lot of invoice files; the same files give the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for file in sorted(files, key=lambda one: one.name):
            archive.writestr(zipfile.ZipInfo(file.name, (1980, 1, 1, 0, 0, 0)), file.content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
