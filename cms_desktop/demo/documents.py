"""The FatturaPA files of the demonstration invoices, made as a clerk makes them: logged in, run by run, through the guarded functions.

Those of the last month stay ready to be sent, the older ones count as sent.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from cms_desktop.db.login import log_in
from cms_desktop.db.profile import ConnectionProfile
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.demo.companies import DEMO_PASSWORD, clerks_of
from cms_desktop.demo.outbox import fill_outbox
from cms_desktop.modules.billing import actions
from cms_desktop.modules.billing.delivery.queries import list_without_file

MOST_CUSTOMERS = 2_000  # above, the files would take longer than the rest of the demo
RUNS = sa.text(
    "select billing_run_id, number from billing.billing_run where company_id = :company and state = 'issued' order by document_on, number"
)
READY = sa.text(
    "select array_agg(t.transmission_id) from billing.transmission as t join billing.invoice as i using (company_id, invoice_id) "
    "where company_id = :company and t.state = 'ready' and i.billing_run_id <> :last"
)


def make_documents(profile: ConnectionProfile, progress: Callable[[str], None]) -> int:
    """Make the files of both companies; how many. Raises AssertionError when an invoice of the demo could not be sent."""
    made = 0
    for number in range(2):
        session = log_in(profile, clerks_of(number)[0], DEMO_PASSWORD)
        try:
            company = session.companies[0]
            with session.database.unit_of_work(company.company_id) as unit:
                made += _make(unit, company.name, progress)
        finally:
            session.close()
    return made


def _make(unit: UnitOfWork, name: str, progress: Callable[[str], None]) -> int:
    made, runs = 0, unit.rows(RUNS)
    for run in runs:
        progress(f"{name}: file del lancio {run.number}")
        files = actions.make_files(unit, run.billing_run_id)
        assert not files.failures, files.failures[0]
        made += files.made
    by_hand = list_without_file(unit)
    if by_hand:
        progress(f"{name}: file dei documenti fatti a mano")
        files = actions.make_files(unit, 0, by_hand)
        assert not files.failures, files.failures[0]
        made += files.made
    if runs:
        ready = unit.value(READY, {"last": runs[-1].billing_run_id})
        if ready:
            unit.call("billing.mark_sent", sa.cast(ready, sa.ARRAY(sa.BigInteger)))
        progress(f"{name}: copie di cortesia")
        fill_outbox(unit, runs[-1].billing_run_id)
    return made
