"""Files to the exchange system by certified mail: into the outbox, alone or in zip lots."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Sequence

import sqlalchemy as sa

from cms_desktop.core.errors import AlreadyDone, Cancelled, InvalidInput
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.billing.delivery import queries
from cms_desktop.modules.billing.delivery.check import sendable
from cms_desktop.modules.billing.delivery.records import Leaving
from cms_desktop.modules.billing.fatturapa.write import file_name
from cms_desktop.modules.billing.files import ready_contents
from cms_desktop.modules.billing.queries import documents as document_queries
from cms_desktop.modules.billing.sdi.envelope import packed
from cms_desktop.modules.billing.sdi.records import IncomingFile

BATCH = 500
LOT_BYTES = 20 * 1024 * 1024  # of zip: with its base64 a mail stays under 30 MB
Stop = Callable[[], bool]


def queue_by_pec(unit: UnitOfWork, transmission_ids: Sequence[int], *, should_stop: Stop = lambda: False) -> Leaving:
    """Put ready files into the outbox for the exchange system, all or nothing; what it would refuse stays. They leave with the next sending."""
    good, refused = sendable(unit, transmission_ids)
    lot = queries.find_lot_files(unit)
    messages = 0
    step = lot if lot > 1 else BATCH
    for start in range(0, len(good), step):
        if should_stop():
            raise Cancelled
        batch = good[start : start + step]
        taken = _queue_lot(unit, batch) if lot > 1 and len(batch) > 1 else _queue(unit, batch, "", None)
        if taken != len(batch):
            raise AlreadyDone("Qualcun altro ha già preso uno di questi file: aggiorna e riprova.")
        messages += 1 if lot > 1 else len(batch)
        unit.on_progress(start + len(batch), len(good), "queue")
    return Leaving(len(good), messages, tuple(refused))


def _queue_lot(unit: UnitOfWork, transmission_ids: list[int]) -> int:
    seller = document_queries.find_seller(unit)
    first: int = unit.call("billing.take_file_numbers", 1)
    name = pathlib.PurePath(file_name(seller.country, seller.tax_code or seller.vat_number, first)).with_suffix(".zip").name
    content = packed([IncomingFile(one, text) for one, text in ready_contents(unit, transmission_ids)])
    if len(content) > LOT_BYTES:
        raise InvalidInput("Il lotto supera la misura ammessa: riduci «File per messaggio PEC» nei parametri.", key="lot_too_large")
    return _queue(unit, transmission_ids, name, content)


def _queue(unit: UnitOfWork, transmission_ids: list[int], lot: str, content: bytes | None) -> int:
    taken: int = unit.call(
        "billing.queue_by_pec", sa.cast(transmission_ids, sa.ARRAY(sa.BigInteger)), lot, sa.cast(content, sa.LargeBinary)
    )
    return taken
