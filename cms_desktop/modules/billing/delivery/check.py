"""The check before sending: what the exchange system would refuse is shown with its code and what to do, and does not leave."""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import Cancelled, InvalidInput
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.queries import find_parameter
from cms_desktop.modules.billing.delivery import queries
from cms_desktop.modules.billing.delivery.records import CheckedDocument, SendCheck
from cms_desktop.modules.billing.fatturapa.checks import check_document
from cms_desktop.modules.billing.fatturapa.records import SdiProblem
from cms_desktop.modules.billing.fatturapa.write import LARGEST_FILE
from cms_desktop.modules.billing.queries.documents import invoice_documents

MOST_ROWS = 2_000  # a screen shows no more; all that is wrong comes first
SEND_DAYS = 12
Stop = Callable[[], bool]


def last_day_in_time(days: int = SEND_DAYS) -> datetime.date:
    """Documents before this day should have left already (art. 21 c. 4 DPR 633/72)."""
    return local_today() - datetime.timedelta(days=days)


def check_waiting(unit: UnitOfWork, *, should_stop: Stop = lambda: False) -> SendCheck:
    """Every document that could leave, checked as the exchange system would."""
    today, wrong, others = local_today(), list[CheckedDocument](), list[CheckedDocument]()
    counts = {"ready": 0, "no_file": 0, "wrong": 0}
    late, last_day = 0, last_day_in_time(int(find_parameter(unit, "invoice_send_days", today) or SEND_DAYS))
    total = queries.count_waiting(unit)
    for rows in queries.waiting(unit):
        if should_stop():
            raise Cancelled
        for one in _checked(unit, rows, today):
            counts[one.state] += 1
            late += one.document_on < last_day
            if one.problems:
                wrong.append(one)
            elif len(others) < MOST_ROWS:
                others.append(one)
        unit.on_progress(sum(counts.values()), max(total, sum(counts.values())), "check")
    shown = (*wrong, *others)[:MOST_ROWS]
    return SendCheck(queries.find_channel(unit), counts["ready"], counts["no_file"], counts["wrong"], late, shown)


def sendable(unit: UnitOfWork, transmission_ids: Sequence[int]) -> tuple[list[int], list[CheckedDocument]]:
    """Of these ready files: the ones that may leave, in the given order, and the documents that would be refused.

    Raises InvalidInput when none may leave, with the first reason.
    """
    good, bad, today = set[int](), list[CheckedDocument](), local_today()
    for rows in queries.waiting(unit, transmission_ids):
        for one in _checked(unit, rows, today):
            if one.problems:
                bad.append(one)
            elif one.transmission_id is not None:
                good.add(one.transmission_id)
    if bad and not good:
        first = bad[0].problems[0]
        raise InvalidInput(first.text, key="sdi_would_refuse", field=first.field, **first.values)
    refused = {one.transmission_id for one in bad}
    return [number for number in transmission_ids if number not in refused], bad


def _checked(unit: UnitOfWork, rows: list[Any], today: datetime.date) -> list[CheckedDocument]:
    documents = invoice_documents(unit, [row.invoice_id for row in rows])
    found = []
    for row, plain in zip(rows, documents, strict=True):
        stem = pathlib.PurePath(row.file_name).stem if row.file_name else "x_00000"
        document = replace(plain, transmission_number=stem.rpartition("_")[2])
        problems = check_document(document, today=today)
        if row.size and row.size > LARGEST_FILE:
            problems.append(SdiProblem("00003", "Il file supera 5 MB: togliere o rimpicciolire gli allegati.", "attachments"))
        found.append(
            CheckedDocument(
                row.invoice_id, row.transmission_id, row.document_number, row.customer, row.customer_id, row.document_on, row.total_amount,
                row.file_name or "", plain.buyer.recipient_code, tuple(problems),
            )
        )  # fmt: skip
    return found
