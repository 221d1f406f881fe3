"""What waits to leave, and how the company sends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.dates import local_today
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.queries import find_parameter
from cms_desktop.modules.billing.delivery.records import Channel
from cms_desktop.modules.billing.tables import Invoice, Transmission

_file, _invoice = Transmission.__table__.c, Invoice.__table__.c
BATCH = 500


def find_channel(unit: UnitOfWork) -> Channel:
    """How the company hands files to the exchange system; a folder until it says otherwise."""
    return "pec" if find_parameter(unit, "sdi_channel", local_today()) == "pec" else "folder"


def find_lot_files(unit: UnitOfWork) -> int:
    """Files that travel in one certified mail; one: each alone."""
    return int(find_parameter(unit, "sdi_lot_files", local_today()) or 1)


def pdf_goes_inside(unit: UnitOfWork) -> bool:
    """Whether the company puts its own PDF into the XML."""
    return bool(find_parameter(unit, "invoice_attach_pdf", local_today()))


def waiting(unit: UnitOfWork, transmission_ids: Sequence[int] | None = None) -> Iterator[list[Any]]:
    """Issued invoices that could leave, by batches: file ready, or no living file yet. With `transmission_ids` those files only."""
    living = sa.and_(_file.company_id == _invoice.company_id, _file.invoice_id == _invoice.invoice_id, _file.state != "rejected")
    statement = (
        sa.select(
            _invoice.invoice_id, _invoice.document_number, _invoice.document_on, _invoice.total_amount, _invoice.customer_id,
            _invoice.buyer["name"].astext.label("customer"), _file.transmission_id, _file.file_name,
            sa.func.octet_length(_file.content).label("size"),
        )
        .select_from(sa.outerjoin(Invoice.__table__, Transmission.__table__, living))
        .where(_invoice.company_id == unit.company_id, _invoice.state == "issued")
        .order_by(_invoice.invoice_id)
        .limit(BATCH)
    )  # fmt: skip
    if transmission_ids is not None:
        statement = statement.where(
            _file.state == "ready", _file.transmission_id == sa.any_(sa.cast(list(transmission_ids), sa.ARRAY(sa.BigInteger)))
        )
    else:
        statement = statement.where(sa.or_(_file.state == "ready", _file.state.is_(None)))
    last = 0
    while rows := unit.rows(statement.where(_invoice.invoice_id > last)):
        yield rows
        last = rows[-1].invoice_id


def count_waiting(unit: UnitOfWork) -> int:
    """Files that are ready to leave."""
    return int(unit.value(sa.select(sa.func.count()).where(_file.company_id == unit.company_id, _file.state == "ready")) or 0)


def list_without_file(unit: UnitOfWork) -> list[int]:
    """Issued invoices without a living file, whatever their run."""
    living = sa.exists().where(_file.company_id == _invoice.company_id, _file.invoice_id == _invoice.invoice_id, _file.state != "rejected")
    statement = sa.select(_invoice.invoice_id).where(_invoice.company_id == unit.company_id, _invoice.state == "issued", ~living)
    return [row.invoice_id for row in unit.rows(statement.order_by(_invoice.invoice_id))]


def list_courtesy_candidates(unit: UnitOfWork, run_id: int | None = None) -> list[int]:
    """Issued invoices of a run, or of the last sixty days, in order of number."""
    statement = sa.select(_invoice.invoice_id).where(_invoice.company_id == unit.company_id, _invoice.state == "issued")
    if run_id is not None:
        statement = statement.where(_invoice.billing_run_id == run_id)
    else:
        statement = statement.where(_invoice.document_on >= sa.func.current_date() - 60)
    return [row.invoice_id for row in unit.rows(statement.order_by(_invoice.document_on, _invoice.invoice_id))]
