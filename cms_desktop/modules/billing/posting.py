"""Posting as a step of its own: which issued documents wait for it, and doing it."""

from __future__ import annotations

import datetime

import sqlalchemy as sa

from cms_desktop.core.money import ZERO
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.billing.records import UnpostedPage, UnpostedRow

MOST = 2_000
_ROWS = """
select i.invoice_id, i.document_on, i.document_number, i.document_type, coalesce(i.buyer ->> 'name', ''), i.net_amount, i.vat_amount, i.payable_amount
from billing.unposted_invoice as u join billing.invoice as i on i.company_id = u.company_id and i.invoice_id = u.invoice_id
where u.company_id = :company order by u.document_on, u.invoice_id limit :most
"""
_SUMS = """
select count(*), sum(i.net_amount), sum(i.vat_amount), sum(i.payable_amount)
from billing.unposted_invoice as u join billing.invoice as i on i.company_id = u.company_id and i.invoice_id = u.invoice_id
where u.company_id = :company
"""


def list_unposted(unit: UnitOfWork, most: int = MOST) -> UnpostedPage:
    """Issued documents that were not posted, the oldest first."""
    rows = tuple(UnpostedRow(*row) for row in unit.rows(sa.text(_ROWS), {"most": most}))
    [(count, *sums)] = unit.rows(sa.text(_SUMS))
    return UnpostedPage(rows, count, *(one or ZERO for one in sums))


def post_issued(unit: UnitOfWork, until: datetime.date) -> int:
    """Post the documents dated until a day; returns how many."""
    done = unit.call("billing.post_issued", until)
    return int(done["count"])
