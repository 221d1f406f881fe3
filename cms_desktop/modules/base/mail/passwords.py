"""Passwords of mail accounts. They are never in the database: whoever may send could read them there with psql.

They stay in the keyring of the post that sends. The name they are kept under holds server and user: an account that is pointed to another
server has no password there until somebody types it. A service without a keyring gets them from its environment:
`CMS_MAIL_PASSWORD_<number of the account>`, or the systemd credential `mail-password-<number>`.
"""

from __future__ import annotations

import os
import pathlib

from cms_desktop.db.secret_store import forget_secret, keep_secret, read_secret
from cms_desktop.modules.base.mail.records import MailAccount


def _name(database: str, company_id: int, account: MailAccount) -> str:
    return (
        f"mail {database}/{company_id} {account.user_name}@{account.smtp_host}:{account.smtp_port} {account.imap_host}:{account.imap_port}"
    )


def find_password(database: str, company_id: int, account: MailAccount) -> str | None:
    """The password of an account on this post; None when it was never typed here."""
    given = os.environ.get(f"CMS_MAIL_PASSWORD_{account.mail_account_id}")
    if given:
        return given
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if folder:
        file = pathlib.Path(folder) / f"mail-password-{account.mail_account_id}"
        if file.exists():
            return file.read_text(encoding="utf-8").rstrip("\n")
    return read_secret(_name(database, company_id, account))


def keep_password(database: str, company_id: int, account: MailAccount, password: str) -> bool:
    """Keep it in the keyring of this post, in place of an older one; whether there is a keyring."""
    if not password:
        forget_secret(_name(database, company_id, account))
        return True
    return keep_secret(_name(database, company_id, account), password)
