"""Receipts of the exchange system from a certified mailbox. Read twice, they count once; mail that is none of ours stays as it was."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from cms_desktop.core.errors import InvalidInput
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.mail import actions as mail_actions
from cms_desktop.modules.base.mail import passwords
from cms_desktop.modules.base.mail import queries as mail_queries
from cms_desktop.modules.base.mail.mailbox import Mailbox
from cms_desktop.modules.base.mail.records import MailAccount, Notice
from cms_desktop.modules.billing.delivery.records import MailRead
from cms_desktop.modules.billing.sdi import exchange
from cms_desktop.modules.billing.sdi.mail import CertifiedMail, read_mail

OpenUnit = Callable[[], AbstractContextManager[Any]]
Progress = Callable[[int, int, str], None]


def read_mailboxes(
    open_unit: OpenUnit, *, should_stop: Callable[[], bool] = lambda: False, on_progress: Progress = lambda done, total, phase: None,
    context: ssl.SSLContext | None = None,
) -> MailRead:  # fmt: skip
    """Read every certified mailbox of the company. Raises InvalidInput when there is none, or one cannot be read."""
    with open_unit() as unit:
        accounts = mail_queries.list_read_accounts(unit)
        words = [(one, passwords.find_password(unit.driver.info.dbname, unit.company_id, one)) for one in accounts]
    if not words:
        raise InvalidInput(
            "Nessuna casella PEC da leggere: scrivi il server IMAP nell'account PEC (Modulo Base, Tabelle, Posta).", key="no_mailbox"
        )
    total = MailRead()
    for account, password in words:
        if password is None:
            raise InvalidInput(
                "Su questa postazione manca la password di «{account}»: scrivila negli account di posta.", account=account.name
            )
        with Mailbox(account, password, context) as mailbox:
            total = _read(open_unit, account, mailbox, total, should_stop, on_progress)
    return total


def read_now(unit: Any, should_stop: Callable[[], bool] = lambda: False) -> MailRead:
    """Read from a client: a unit of work for each step, beside the one given."""
    return read_mailboxes(
        unit.another, should_stop=should_stop, on_progress=lambda done, total, phase: unit.on_progress(done, total, phase)
    )


def _read(
    open_unit: OpenUnit, account: MailAccount, mailbox: Mailbox, total: MailRead, should_stop: Callable[[], bool], on_progress: Progress
) -> MailRead:
    with open_unit() as unit:
        validity, last = mail_queries.find_mailbox_position(unit, account.mail_account_id, account.imap_folder)
    done = 0
    for mails in mailbox.new_mail(last if validity == mailbox.uid_validity else 0):
        if should_stop():
            break
        read = [(uid, read_mail(content)) for uid, content in mails]
        with open_unit() as unit:
            total = _keep(unit, [one for _, one in read if one.is_ours], total)
            mail_actions.keep_mailbox_position(unit, account.mail_account_id, account.imap_folder, mailbox.uid_validity, mails[-1][0])
        mailbox.mark_read([uid for uid, one in read if one.is_ours])  # after the commit: what is flagged is kept
        done += len(mails)
        total = _with(total, unknown=sum(1 for _, one in read if not one.is_ours))
        on_progress(done, 0, "mailbox")
    return total


def _keep(unit: UnitOfWork, found: list[CertifiedMail], total: MailRead) -> MailRead:
    notices: list[Notice] = [one.notice for one in found if one.notice is not None]
    ours = mail_actions.keep_notices(unit, notices)
    received = exchange.receive(unit, (file for one in found for file in one.receipts))
    address = next((one.address for one in reversed(found) if one.address), "")
    if _is_assigned(address):
        unit.call("billing.learn_sdi_address", address)
    return _with(
        total,
        receipts=received.new,
        known=received.known,
        unmatched=received.unmatched,
        notices=ours,
        sdi_address=address or total.sdi_address,
    )


def _is_assigned(address: str) -> bool:
    name = address.partition("@")[0]
    return name.startswith("sdi") and name[3:].isdigit() and 2 <= len(name[3:]) <= 3


def _with(total: MailRead, *, sdi_address: str | None = None, **more: int) -> MailRead:
    counts = {name: getattr(total, name) + more.get(name, 0) for name in ("receipts", "known", "unmatched", "notices", "unknown")}
    return MailRead(**counts, sdi_address=total.sdi_address if sdi_address is None else sdi_address)
