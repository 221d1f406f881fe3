"""cms-admin bill: a billing run of a template, for a scheduler. It works as a person of the company, with that person's rights and no others.

Exit codes: 0 done, nothing left out; 1 done, but some rows could not be issued (their reasons are in the run); 2 refused or failed, nothing was
written; 3 nothing was due, no run was made.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from rich.console import Console

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError, InvalidInput
from cms_desktop.db.login import LoginSession, log_in
from cms_desktop.db.profile import ConnectionProfile
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.billing import actions, queries
from cms_desktop.modules.billing.records import Run, RunParameters
from cms_desktop.modules.billing.running import queries as running
from cms_desktop.modules.billing.running import rules

DONE, SOME_LEFT_OUT, FAILED, NOTHING_DUE = 0, 1, 2, 3
MONTHS = ["gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"]


@dataclass(frozen=True)
class Order:
    """What the scheduler asks for. `month` is "2026-11", empty for the period after the template's last run."""

    company: str
    template: str
    month: str = ""
    issue: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of it; amounts as text, in euro."""

    code: int
    run: str = ""
    title: str = ""
    period_start: str = ""
    period_end: str = ""
    state: str = ""
    invoices: int = 0
    total: str = "0.00"
    first_number: int | None = None
    last_number: int | None = None
    blocked: int = 0
    problem: str = ""


def bill(profile: ConnectionProfile, login: str, password: str, order: Order, progress: Callable[[str], None] = lambda _: None) -> Outcome:
    """Prepare the run and, if asked, issue it. Never raises for what a person could be told: the outcome says it."""
    try:
        session = log_in(profile, login, password)
    except AppError as error:
        return Outcome(FAILED, problem=str(error))
    try:
        if session.refusal is not None:
            raise session.refusal
        return _bill(session, order, progress)
    except AppError as error:
        return Outcome(FAILED, problem=str(error))
    finally:
        session.leave()
        session.close()


def _bill(session: LoginSession, order: Order, progress: Callable[[str], None]) -> Outcome:
    company = _company(session, order.company)
    with session.database.unit_of_work(company) as unit:
        parameters = _parameters(unit, order)
    with session.database.unit_of_work(company) as unit:
        unit.on_progress = lambda _done, _total, phase: progress(phase)
        run_id = actions.prepare_run(unit, parameters)
        run = queries.find_run(unit, run_id)
        blocked = queries.sum_run_differences(unit, run_id).blocked.count
        assert run is not None
        if not run.invoice_count and not blocked:
            unit.session.rollback()  # no run without a row
            return _outcome(run, NOTHING_DUE, 0)
    if order.issue and run.invoice_count:
        with session.database.unit_of_work(company) as unit:
            unit.on_progress = lambda _done, _total, phase: progress(phase)
            actions.issue_run(unit, run_id)
            run = queries.find_run(unit, run_id) or run
    return _outcome(run, SOME_LEFT_OUT if blocked else DONE, blocked)


def _company(session: LoginSession, wanted: str) -> int:
    words = wanted.strip().casefold()
    found = [one.company_id for one in session.companies if words in (str(one.company_id), one.name.casefold())]
    if len(found) != 1:
        raise InvalidInput("L'azienda «{name}» non è fra quelle in cui {login} lavora.", name=wanted, login=session.person.login)
    return found[0]


def _parameters(unit: UnitOfWork, order: Order) -> RunParameters:
    template = running.find_template(unit, order.template)
    if template is None:
        raise InvalidInput("Il modello di lancio «{name}» non c'è o non è più usato.", name=order.template)
    today = local_today()
    try:
        start, end = rules.period_of(template, rules.whole_month(order.month)) if order.month else rules.next_period(template, today)
    except ValueError as error:
        raise InvalidInput("«{month}» non è un mese: scrivilo come 2026-11.", month=order.month) from error
    day = rules.document_day(template, start, end, today)
    last = next((one.last_document_on for one in queries.list_series(unit, day.year) if one.series_id == template.series_id), None)
    if last is not None and last > day:
        day = last  # numbers and dates of a series go on together
    title = rules.title_of(template, start, end, MONTHS)
    return RunParameters(
        title, start, end, day, template.series_id, template.grouping, replace(template.choices, template_id=template.template_id)
    )


def _outcome(run: Run, code: int, blocked: int) -> Outcome:
    if code == NOTHING_DUE:
        return Outcome(code, title=run.title, period_start=run.period_start.isoformat(), period_end=run.period_end.isoformat())
    return Outcome(
        code, run.number, run.title, run.period_start.isoformat(), run.period_end.isoformat(), run.state, run.invoice_count,
        f"{run.total_amount:.2f}", run.first_number, run.last_number, blocked,
    )  # fmt: skip


def show(console: Console, outcome: Outcome, *, as_json: bool) -> None:
    """One line of JSON for programs, or the words for a person."""
    if as_json:
        print(json.dumps(asdict(outcome), ensure_ascii=False))
        return
    if outcome.problem:
        console.print(f"[red]{outcome.problem}[/red]", highlight=False)
        return
    span = " – ".join(formats.date(datetime.date.fromisoformat(text)) for text in (outcome.period_start, outcome.period_end))
    if outcome.code == NOTHING_DUE:
        console.print(f"Niente da fatturare nel periodo {span}: nessun lancio.")
        return
    words = {"preview": "in anteprima", "issued": "emesso"}[outcome.state]
    console.print(
        f"Lancio [b]{outcome.run}[/b] «{outcome.title}» ({span}) {words}: {outcome.invoices} fatture, {outcome.total} €", highlight=False
    )
    if outcome.first_number is not None:
        console.print(f"Numeri da {outcome.first_number} a {outcome.last_number}.")
    if outcome.blocked:
        console.print(f"[yellow]{outcome.blocked} righe senza i dati per essere emesse: correggile e ritenta dal lancio.[/yellow]")
