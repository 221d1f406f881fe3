"""What is done in billing: prepare, exclude, issue, undo, discard a run; make, export and print its documents.

Documents are written only by guarded functions of the database; here they are called.
"""

from __future__ import annotations

import pathlib
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AlreadyDone, Cancelled, InvalidInput
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.queries import find_letterhead
from cms_desktop.modules.base.records import Letterhead
from cms_desktop.modules.billing.delivery.check import sendable
from cms_desktop.modules.billing.delivery.queries import pdf_goes_inside
from cms_desktop.modules.billing.fatturapa.checks import check_document
from cms_desktop.modules.billing.fatturapa.records import Attachment, InvoiceDocument, SdiProblem, Seller
from cms_desktop.modules.billing.fatturapa.write import file_name, invoice_xml
from cms_desktop.modules.billing.files import sent_contents, write_whole
from cms_desktop.modules.billing.queries import documents as document_queries
from cms_desktop.modules.billing.queries import invoices as invoice_queries
from cms_desktop.modules.billing.records import FileFailure, FilesMade, IssuedNumbers, RunParameters

BATCH = 500  # documents held in memory at once
Stop = Callable[[], bool]


def prepare_run(unit: UnitOfWork, parameters: RunParameters) -> int:
    """Make the preview of a run and return it; nothing is numbered yet."""
    if not parameters.title.strip():
        raise InvalidInput("Scrivi il titolo del lancio.", field="title")
    run_id: int = unit.call(
        "billing.prepare_run",
        parameters.title.strip(),
        parameters.period_start,
        parameters.period_end,
        parameters.document_on,
        parameters.series_id,
        parameters.grouping,
        sa.cast(parameters.choices.as_json(), postgresql.JSONB),
    )
    return run_id


def exclude_invoices(unit: UnitOfWork, run_id: int, invoice_ids: Sequence[int], reason: str) -> int:
    """Take drafts out of the run, saying why; returns how many."""
    if not reason.strip():
        raise InvalidInput("Scrivi perché la riga resta fuori dal lancio.", field="reason")
    return _mark(unit, run_id, invoice_ids, reason.strip())


def include_invoices(unit: UnitOfWork, run_id: int, invoice_ids: Sequence[int]) -> int:
    """Take drafts back in; those blocked by a missing datum stay out."""
    return _mark(unit, run_id, invoice_ids, "")


def _mark(unit: UnitOfWork, run_id: int, invoice_ids: Sequence[int], reason: str) -> int:
    ids = sa.cast(list(invoice_ids), sa.ARRAY(sa.BigInteger))
    changed: int = unit.call("billing.exclude_invoices", run_id, ids, reason)
    return changed


def issue_run(unit: UnitOfWork, run_id: int) -> IssuedNumbers:
    """Number, issue and post the whole run, all or nothing. Progress comes through `unit.on_progress`."""
    numbers = unit.call("billing.issue_run", run_id)
    return IssuedNumbers(numbers["series"], numbers["first"], numbers["last"], numbers["count"])


def undo_run(unit: UnitOfWork, run_id: int) -> int:
    """Take an issued run back as a whole; returns how many invoices vanished. Refused once something left the house."""
    undone: int = unit.call("billing.undo_run", run_id)["count"]
    return undone


def discard_run(unit: UnitOfWork, run_id: int) -> None:
    """Throw a preview away; its periods can be billed again."""
    unit.call("billing.discard_run", run_id)


# ---- FatturaPA files --------------------------------------------------------------------------------------------------


def make_files(unit: UnitOfWork, run_id: int, invoice_ids: Sequence[int] | None = None, *, should_stop: Stop = lambda: False) -> FilesMade:
    """Make the missing FatturaPA files of a run (or of some invoices), by batches. What fails is reported and can be tried again."""
    ids = list(invoice_ids) if invoice_ids is not None else invoice_queries.list_invoices_without_file(unit, run_id)
    seller, made, failures = document_queries.find_seller(unit), 0, list[FileFailure]()
    for start in range(0, len(ids), BATCH):
        if should_stop():
            raise Cancelled
        batch = ids[start : start + BATCH]
        good, bad = _files(unit, seller, batch)
        made += _store(unit, good)
        failures += bad
        unit.on_progress(start + len(batch), len(ids), "files")
    return FilesMade(made, tuple(failures))


def _files(unit: UnitOfWork, seller: Seller, invoice_ids: list[int]) -> tuple[list[tuple[int, str, bytes]], list[FileFailure]]:
    first: int = unit.call("billing.take_file_numbers", len(invoice_ids))
    sender, today = seller.tax_code or seller.vat_number, local_today()
    good, bad = [], []
    documents = document_queries.invoice_documents(unit, invoice_ids)
    letterhead = find_letterhead(unit) if pdf_goes_inside(unit) else None
    for number, (invoice_id, plain) in enumerate(zip(invoice_ids, documents, strict=True), start=first):
        name = file_name(seller.country, sender, number)
        document = replace(plain, transmission_number=pathlib.PurePath(name).stem.rpartition("_")[2])
        problems = check_document(document, today=today)
        if problems:
            bad.append(_failure(invoice_id, document, problems[0]))
        else:
            good.append((invoice_id, name, invoice_xml(document) if letterhead is None else _with_pdf(document, letterhead)))
    return good, bad


def _with_pdf(document: InvoiceDocument, letterhead: Letterhead) -> bytes:
    """The file with the company's own PDF inside; without it where it would pass the limit of the exchange system."""
    from reports.invoice.layout import invoice_pdf

    copy = Attachment(pdf_name(document.number), invoice_pdf(document, letterhead), "PDF", "Copia di cortesia")
    try:
        return invoice_xml(replace(document, attachments=(*document.attachments, copy)))
    except InvalidInput as error:
        if error.field != "attachments":
            raise
        return invoice_xml(document)


def _failure(invoice_id: int, document: InvoiceDocument, problem: SdiProblem) -> FileFailure:
    return FileFailure(invoice_id, document.number, document.buyer.full_name, problem.code, problem.text, problem.values)


def _store(unit: UnitOfWork, files: list[tuple[int, str, bytes]]) -> int:
    if not files:
        return 0
    ids, names, contents = zip(*files, strict=True)
    stored: int = unit.call(
        "billing.store_files",
        sa.cast(list(ids), sa.ARRAY(sa.BigInteger)),
        sa.cast(list(names), sa.ARRAY(sa.Text)),
        sa.cast(list(contents), sa.ARRAY(sa.LargeBinary)),
    )
    return stored


def export_files(unit: UnitOfWork, folder: pathlib.Path, transmission_ids: Sequence[int], *, should_stop: Stop = lambda: False) -> int:
    """Write ready files into a folder and mark them sent: from now on their run cannot be undone. Returns how many.

    What the exchange system would refuse stays (see `delivery.check`). They are marked first, in the transaction, so that two people never hand over the same file; if a file cannot be written,
    nothing is marked.
    """
    transmission_ids, _refused = sendable(unit, transmission_ids)
    written: list[pathlib.Path] = []
    try:
        for start in range(0, len(transmission_ids), BATCH):
            if should_stop():
                raise Cancelled
            batch = list(transmission_ids[start : start + BATCH])
            if unit.call("billing.mark_sent", sa.cast(batch, sa.ARRAY(sa.BigInteger))) != len(batch):
                raise AlreadyDone("Qualcun altro ha già preso uno di questi file: aggiorna e riprova.")
            for name, content in sent_contents(unit, batch):
                written.append(write_whole(folder / name, content))
            unit.on_progress(start + len(batch), len(transmission_ids), "export")
    except OSError as error:
        _remove(written)
        raise InvalidInput("Non riesco a scrivere in «{folder}»: {why}", folder=str(folder), why=error.strerror or str(error)) from error
    except (AlreadyDone, Cancelled):
        _remove(written)
        raise
    return len(written)


def _remove(paths: list[pathlib.Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def save_copy(unit: UnitOfWork, invoice_id: int, path: pathlib.Path) -> pathlib.Path:
    """Write a copy of an invoice's FatturaPA file; it does not count as sent."""
    found = invoice_queries.find_file(unit, invoice_id)
    if found is None:
        raise InvalidInput("La fattura non ha ancora un file: crealo dal suo lancio.")
    return _written(path, found[1])


# ---- paper ------------------------------------------------------------------------------------------------------------


def save_pdf(unit: UnitOfWork, invoice_id: int, path: pathlib.Path) -> pathlib.Path:
    """Write the courtesy copy of an invoice."""
    from reports.invoice.layout import invoice_pdf  # slow to load: only who prints waits for it

    documents = document_queries.invoice_documents(unit, [invoice_id])
    if not documents:
        raise InvalidInput("La fattura non c'è più: aggiorna l'elenco.")
    return _written(path, invoice_pdf(documents[0], find_letterhead(unit)))


def save_pdfs(unit: UnitOfWork, invoice_ids: Sequence[int], folder: pathlib.Path, *, should_stop: Stop = lambda: False) -> int:
    """Write the courtesy copies of many invoices into a folder, one file each; returns how many."""
    from reports.invoice.layout import invoice_pdf

    letterhead, done = find_letterhead(unit), 0
    for start in range(0, len(invoice_ids), BATCH):
        for document in document_queries.invoice_documents(unit, invoice_ids[start : start + BATCH]):
            if should_stop():
                raise Cancelled
            _written(folder / pdf_name(document.number), invoice_pdf(document, letterhead))
            done += 1
            unit.on_progress(done, len(invoice_ids), "pdf")
    return done


def pdf_name(document_number: str) -> str:
    """ "V 2026/12" → "V-2026-12.pdf"."""
    return re.sub(r"[^A-Za-z0-9]+", "-", document_number) + ".pdf"


def _written(path: pathlib.Path, content: bytes) -> pathlib.Path:
    try:
        return write_whole(path, content)
    except OSError as error:
        raise InvalidInput("Non riesco a scrivere in «{folder}»: {why}", folder=str(path), why=error.strerror or str(error)) from error
