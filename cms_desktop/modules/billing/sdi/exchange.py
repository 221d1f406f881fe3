"""The traffic with the exchange system: lots that go out, receipts that come in. A folder shared with an intermediary carries both."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.errors import AlreadyDone, Cancelled, InvalidInput
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.billing.delivery.check import sendable
from cms_desktop.modules.billing.fatturapa.write import file_name
from cms_desktop.modules.billing.files import sent_contents, write_whole
from cms_desktop.modules.billing.queries import documents as document_queries
from cms_desktop.modules.billing.sdi.envelope import packed, unpacked
from cms_desktop.modules.billing.sdi.messages import read_message
from cms_desktop.modules.billing.sdi.records import IncomingFile, SdiMessage

BATCH = 200
LOT_FILES = 500  # in one zip; ten files of 5 MB would reach the limit of the channel, an ordinary invoice has 4 kB
LOT_BYTES = 20 * 1024 * 1024
READ_SUFFIXES = (".xml", ".p7m", ".zip")
DONE_FOLDER = "lette"
Stop = Callable[[], bool]


@dataclass(frozen=True)
class NotRead:
    """A file of the folder that is no receipt, and why."""

    name: str
    reason: InvalidInput


@dataclass(frozen=True)
class Received:
    """What a reading brought: new receipts, ones known before, ones about no file of ours, files that are no receipts."""

    new: int
    known: int
    unmatched: int
    not_read: tuple[NotRead, ...]


def read_folder(unit: UnitOfWork, folder: pathlib.Path, *, should_stop: Stop = lambda: False) -> Received:
    """Read every receipt of a folder. What was read moves to its subfolder «lette» after the commit: see `put_aside`."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.is_file() and path.suffix.lower() in READ_SUFFIXES)
    except OSError as error:
        raise InvalidInput("Non riesco a leggere «{folder}»: {why}", folder=str(folder), why=error.strerror or str(error)) from error
    return receive(unit, (IncomingFile(path.name, path.read_bytes()) for path in paths), should_stop=should_stop)


def put_aside(folder: pathlib.Path, received: Received) -> int:
    """Move the receipts that are kept by now out of the way; those that were not read stay. Returns how many moved."""
    left = {one.name for one in received.not_read}
    place, moved = folder / DONE_FOLDER, 0
    place.mkdir(exist_ok=True)
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix.lower() in READ_SUFFIXES and path.name not in left:
            path.replace(place / path.name)
            moved += 1
    return moved


def receive(unit: UnitOfWork, files: Iterable[IncomingFile], *, should_stop: Stop = lambda: False) -> Received:
    """Keep receipts and move the transmissions they speak of. The same receipt twice counts once."""
    messages: list[tuple[IncomingFile, SdiMessage]] = []
    not_read: list[NotRead] = []
    counts = {"new": 0, "known": 0, "unmatched": 0}
    for file in files:
        if should_stop():
            raise Cancelled
        try:
            messages += [(one, read_message(one.content)) for one in unpacked(file)]
        except InvalidInput as error:
            not_read.append(NotRead(file.name, error))
        if len(messages) >= BATCH:
            _keep(unit, messages, counts)
            messages = []
    _keep(unit, messages, counts)
    return Received(counts["new"], counts["known"], counts["unmatched"], tuple(not_read))


def _keep(unit: UnitOfWork, messages: Sequence[tuple[IncomingFile, SdiMessage]], counts: dict[str, int]) -> None:
    if not messages:
        return
    files, facts = zip(*messages, strict=True)
    told: dict[str, int] = unit.call(
        "billing.receive_messages",
        sa.cast([one.name for one in files], sa.ARRAY(sa.Text)),
        sa.cast([one.content for one in files], sa.ARRAY(sa.LargeBinary)),
        sa.cast(sa.cast([json.dumps(_facts(one)) for one in facts], sa.ARRAY(sa.Text)), sa.ARRAY(sa.dialects.postgresql.JSONB)),
    )
    for key, count in told.items():
        counts[key] += count


def _facts(message: SdiMessage) -> dict[str, Any]:
    facts = asdict(message)
    moments = {key: value.isoformat() if value else None for key, value in facts.items() if key.endswith("_at")}
    return facts | moments


# ---- out --------------------------------------------------------------------------------------------------------------


def export_lots(
    unit: UnitOfWork, folder: pathlib.Path, transmission_ids: Sequence[int], *, should_stop: Stop = lambda: False
) -> list[pathlib.Path]:
    """Write ready files into zip lots and mark them sent, all or nothing; what would be refused stays. Returns the lots."""
    transmission_ids, _refused = sendable(unit, transmission_ids)
    written: list[pathlib.Path] = []
    try:
        for start in range(0, len(transmission_ids), LOT_FILES):
            if should_stop():
                raise Cancelled
            batch = list(transmission_ids[start : start + LOT_FILES])
            written += _lots(unit, folder, batch)
            unit.on_progress(start + len(batch), len(transmission_ids), "export")
    except OSError as error:
        _remove(written)
        raise InvalidInput("Non riesco a scrivere in «{folder}»: {why}", folder=str(folder), why=error.strerror or str(error)) from error
    except (AlreadyDone, Cancelled):
        _remove(written)
        raise
    return written


def _lots(unit: UnitOfWork, folder: pathlib.Path, transmission_ids: list[int]) -> list[pathlib.Path]:
    seller = document_queries.find_seller(unit)
    first: int = unit.call("billing.take_file_numbers", 1)
    name = pathlib.PurePath(file_name(seller.country, seller.tax_code or seller.vat_number, first)).with_suffix(".zip").name
    marked = unit.call("billing.pack_lot", name, sa.cast(transmission_ids, sa.ARRAY(sa.BigInteger)))
    if marked != len(transmission_ids):
        raise AlreadyDone("Qualcun altro ha già preso uno di questi file: aggiorna e riprova.")
    files = [IncomingFile(one, content) for one, content in sent_contents(unit, transmission_ids)]
    if sum(len(one.content) for one in files) > LOT_BYTES:
        raise InvalidInput("Il lotto supera la misura ammessa: invia meno file alla volta.", key="lot_too_large")
    return [write_whole(folder / name, packed(files))]


def _remove(paths: Iterable[pathlib.Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def mend_buyer(unit: UnitOfWork, invoice_id: int) -> None:
    """Give a refused invoice the buyer's data as they stand now; its number and amounts stay."""
    unit.call("billing.mend_buyer", invoice_id)
