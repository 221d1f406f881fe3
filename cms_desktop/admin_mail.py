"""cms-admin send: what a scheduler does for the mail. It works as a person of the company, with that person's rights, like any client.

cms-admin send spedizioni                 once: certified mailboxes are read, then the outbox is sent
cms-admin send spedizioni --every 60      for ever, with a pause of sixty seconds; stops cleanly at Ctrl+C or SIGTERM
"""

from __future__ import annotations

import contextlib
import getpass
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from rich.console import Console

from cms_desktop.core.errors import AppError
from cms_desktop.db.local_server import LocalServer, default_folder
from cms_desktop.db.login import CompanyChoice, LoginSession, log_in
from cms_desktop.db.profile import ConnectionProfile
from cms_desktop.modules.base.mail import sender
from cms_desktop.modules.billing.delivery import receive

ALL_WELL, LEFT_BEHIND = 0, 1
PASSWORD = "CMS_PERSON_PASSWORD"  # noqa: S105 - the name of the variable
OpenUnit = Callable[[], AbstractContextManager[Any]]


@contextlib.contextmanager
def person_at_work(server: str, database: str, login: str) -> Iterator[LoginSession]:
    """The session of the person who sends; the local server is started for it and left as it was."""
    password = os.environ.get(PASSWORD) or getpass.getpass(f"Password di {login}: ")
    local = None if server else LocalServer(default_folder())
    try:
        if local is not None:
            address = local.ensure_running()
            server = f"{address.host}:{address.port}"
        session = log_in(ConnectionProfile("admin", server, database, is_local=local is not None), login, password)
        try:
            yield session
        finally:
            session.leave()
            session.close()
    finally:
        if local is not None:
            local.release()


def send(console: Console, session: LoginSession, company_id: int, every: int) -> int:
    """Read and send for one company, or for all in which the person may send. Returns the exit code of the last round."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    companies = [one for one in session.companies if "base.send" in one.functions and company_id in (0, one.company_id)]
    if not companies:
        console.print("[red]Questa persona non può inviare posta in nessuna delle aziende chieste.[/red]")
        return LEFT_BEHIND
    while True:
        code = max(_round(console, session, one, stop) for one in companies)
        if not every or stop.wait(every):
            return code


def _round(console: Console, session: LoginSession, company: CompanyChoice, stop: threading.Event) -> int:
    open_unit: OpenUnit = lambda: session.database.unit_of_work(company.company_id)
    code = ALL_WELL
    try:
        if "billing.send" in company.functions:
            read = receive.read_mailboxes(open_unit, should_stop=stop.is_set)
            console.print(
                f"{company.name}: ricevute nuove {read.receipts}, avvisi PEC {read.notices}, altra posta {read.unknown}", highlight=False
            )
    except AppError as error:
        if error.key != "no_mailbox":
            code = LEFT_BEHIND
            console.print(f"[red]{company.name}: {error}[/red]")
    try:
        done = sender.send_due(open_unit, should_stop=stop.is_set, pause=lambda seconds: bool(stop.wait(seconds)))
    except AppError as error:
        console.print(f"[red]{company.name}: {error}[/red]")
        return LEFT_BEHIND
    console.print(
        f"{company.name}: inviati {done.sent}, rifiutati {done.refused}, da riprovare {done.later}, incerti {done.uncertain}",
        highlight=False,
    )
    for one in done.unusable:
        console.print(f"[yellow]{company.name}: {one.text.format(**one.values)}[/yellow]")
    return LEFT_BEHIND if done.refused or done.uncertain or done.unusable else code
