"""Courtesy copies for customers: PDF and letter in their language, into the outbox. One at a time: memory does not grow with their number."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import Cancelled
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base import letters
from cms_desktop.modules.base.queries import find_company_values, find_letter_text, find_letterhead
from cms_desktop.modules.billing.delivery.records import CourtesyMade
from cms_desktop.modules.billing.fatturapa.records import InvoiceDocument
from cms_desktop.modules.billing.queries.documents import invoice_documents

KIND = "billing.courtesy"
BATCH = 50  # copies in memory at once, about 2 MB
Stop = Callable[[], bool]
RECIPIENTS = sa.text("select * from billing.courtesy_recipients(:company, :invoices)").bindparams(
    sa.bindparam("invoices", type_=sa.ARRAY(sa.BigInteger))
)


def queue_copies(
    unit: UnitOfWork, invoice_ids: Sequence[int], *, even_unasked: bool = False, should_stop: Stop = lambda: False
) -> CourtesyMade:
    """Queue the copies of issued invoices. `even_unasked`: also for customers whose record does not ask for copies (never against a refusal).

    All or nothing: a cancelled run queues none. What is in the outbox already is not queued again.
    """
    writer, made = _Writer(unit), CourtesyMade()
    for start in range(0, len(invoice_ids), BATCH):
        if should_stop():
            raise Cancelled
        batch = list(invoice_ids[start : start + BATCH])
        wanted = []
        for row in unit.rows(RECIPIENTS, {"invoices": batch}):
            if row.obstacle == "" or (row.obstacle == "not_wanted" and even_unasked):
                wanted.append(row)
            else:
                made.skipped[row.obstacle] = made.skipped.get(row.obstacle, 0) + 1
        made.queued += _queue(unit, writer, wanted, even_unasked)
        unit.on_progress(start + len(batch), len(invoice_ids), "copies")
    return made


def _queue(unit: UnitOfWork, writer: _Writer, wanted: list[Any], even_unasked: bool) -> int:
    if not wanted:
        return 0
    documents = invoice_documents(unit, [row.invoice_id for row in wanted])
    copies = [writer.copy(document, row.language) for row, document in zip(wanted, documents, strict=True)]
    subjects, bodies, names, contents = zip(*copies, strict=True)
    queued: int = unit.call(
        "billing.queue_courtesy",
        sa.cast([row.invoice_id for row in wanted], sa.ARRAY(sa.BigInteger)),
        *(sa.cast(list(texts), sa.ARRAY(sa.Text)) for texts in (subjects, bodies, names)),
        sa.cast(list(contents), sa.ARRAY(sa.LargeBinary)),
        even_unasked,
    )
    return queued


class _Writer:
    """What all copies of a run share: letterhead, texts, company; read once."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit, self._today = unit, local_today()
        self._letterhead, self._company = find_letterhead(unit), find_company_values(unit)
        self._texts: dict[str, letters.LetterText] = {}

    def copy(self, document: InvoiceDocument, language: str) -> tuple[str, str, str, bytes]:
        """Subject, body, name of the file, PDF."""
        from cms_desktop.modules.billing.actions import pdf_name
        from reports.invoice.layout import invoice_pdf  # slow to load: only who prints waits for it

        text = self._texts.get(language)
        if text is None:
            text = self._texts[language] = find_letter_text(self._unit, KIND, self._today, language)
        values = self._company | document_values(document, text.language, self._today)
        subject = " ".join(letters.filled_text(text.subject, values).split())[:500]
        pdf = invoice_pdf(document, self._letterhead, language=language)
        return subject, letters.filled_text(text.body, values), pdf_name(document.number), pdf


def document_values(document: InvoiceDocument, language: str, today: datetime.date) -> dict[str, letters.Value]:
    """The placeholders of a letter that goes with a document."""
    from reports.invoice.heading import title_of
    from reports.invoice.words import words

    buyer = document.buyer
    days = [due.due_on for due in document.payments if due.due_on]
    greeting = "Gentile" if buyer.first_name else "Spettabile"
    return {
        "data": formats.date(today),
        "data.estesa": letters.long_day(today, language),
        "cliente.nome": buyer.full_name,
        "cliente.saluto": f"{greeting} {buyer.full_name}",
        "cliente.piva": buyer.vat_number,
        "cliente.cf": buyer.tax_code,
        "documento.titolo": title_of(document, words(language)),
        "documento.numero": document.number,
        "documento.data": formats.date(document.issued_on),
        "documento.totale": formats.money(document.total),
        "documento.pagare": formats.money(document.payable),
        "documento.scadenza": formats.date(max(days)) if days else formats.date(document.issued_on),
    }
