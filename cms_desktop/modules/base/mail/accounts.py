"""Mail accounts as an administrator keeps them, and whether they work."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.errors import Conflict
from cms_desktop.db.errors import CONFLICT_TEXT
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.mail import passwords, tables
from cms_desktop.modules.base.mail.mailbox import Mailbox
from cms_desktop.modules.base.mail.records import MailAccount
from cms_desktop.modules.base.mail.transport import Courier

TRY_SECONDS = 20.0


def save_mail_account(unit: UnitOfWork, record_id: int | None, seen_version: int, values: Mapping[str, Any]) -> int:
    """Add or change an account. One is the default of its purpose: the one before gives way."""
    model = tables.MailAccount
    stored = unit.session.scalars(sa.select(model).where(model.company_id == unit.company_id)).all()
    found = next((row for row in stored if row.mail_account_id == record_id), None)
    if record_id is not None and (found is None or found.row_version != seen_version):
        raise Conflict(CONFLICT_TEXT)
    if values.get("is_default"):
        for row in stored:
            if row is not found and row.purpose == values["purpose"] and row.is_default:
                row.is_default = False
        unit.session.flush()
    if found is None:
        found = model(company_id=unit.company_id, **values)
        unit.session.add(found)
    else:
        for key, value in values.items():
            if getattr(found, key) != value:
                setattr(found, key, value)
    unit.session.flush()
    return int(found.mail_account_id)


def account_of(record_id: int, values: Mapping[str, Any]) -> MailAccount:
    """The account of what is typed in a form."""
    names = [name for name in MailAccount.__dataclass_fields__ if name != "mail_account_id"]
    return MailAccount(record_id, **{name: values[name] for name in names})


def keep_account_password(unit: UnitOfWork, account: MailAccount, password: str) -> bool:
    """Keep the password in the keyring of this post; False where there is none. Nothing of it goes to the database."""
    return passwords.keep_password(unit.driver.info.dbname, unit.company_id, account, password)


def has_password(unit: UnitOfWork, account: MailAccount) -> bool:
    return passwords.find_password(unit.driver.info.dbname, unit.company_id, account) is not None


def try_account(unit: UnitOfWork, account: MailAccount, password: str = "", context: ssl.SSLContext | None = None) -> tuple[str, ...]:
    """Log in to the servers of the account without sending anything; returns those that answered. Raises InvalidInput with what is wrong."""
    secret = password or passwords.find_password(unit.driver.info.dbname, unit.company_id, account) or ""
    with Courier(account, secret, context, TRY_SECONDS):
        pass
    if not account.imap_host:
        return (account.smtp_host,)
    with Mailbox(account, secret, context, TRY_SECONDS):
        pass
    return (account.smtp_host, account.imap_host)
