"""Reading a mailbox (IMAP over TLS). Mail is looked at without touching it; only what the program took in is marked as read."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from typing import Any

from cms_desktop.core.errors import InvalidInput
from cms_desktop.modules.base.mail.records import MailAccount

TIMEOUT = 60.0
LARGEST = 40 * 1024 * 1024  # bytes of a mail; larger ones are no answer to us
AT_ONCE = 20


class Mailbox:
    """The folder of an account's mailbox. Use as a context manager; every failure is an InvalidInput that says what to look at."""

    def __init__(self, account: MailAccount, password: str, context: ssl.SSLContext | None = None, timeout: float = TIMEOUT) -> None:
        self.account = account
        self._password, self._timeout = password, timeout
        self._context = context or ssl.create_default_context()
        self.uid_validity = 0

    def __enter__(self) -> Mailbox:
        account = self.account
        try:
            self._server = imaplib.IMAP4_SSL(account.imap_host, account.imap_port, ssl_context=self._context, timeout=self._timeout)
        except OSError as error:
            raise InvalidInput(
                "Non riesco a collegarmi a {host}:{port} ({why}): controlla l'account e la rete.", **self._facts(error)
            ) from error
        try:
            self._server.login(account.user_name, self._password)
        except (imaplib.IMAP4.abort, OSError) as error:
            self._server.shutdown()
            raise InvalidInput("La casella di {host} si è interrotta ({why}): rileggila.", **self._facts(error)) from error
        except imaplib.IMAP4.error as error:
            self._server.shutdown()
            raise InvalidInput(
                "{host} non accetta utente e password della casella: scrivi di nuovo la password dell'account. Il server dice: {why}",
                **self._facts(error),
            ) from error
        try:
            self._select()
        except (imaplib.IMAP4.error, OSError) as error:
            self.__exit__()
            raise InvalidInput(
                "La cartella «{folder}» della casella non si apre ({why}): controlla il suo nome.", **self._facts(error)
            ) from error
        return self

    def __exit__(self, *_error: object) -> None:
        try:
            self._server.logout()
        except (imaplib.IMAP4.error, OSError):
            self._server.shutdown()

    def _facts(self, error: Exception) -> dict[str, Any]:
        """What the sentences about a failure are filled with."""
        said = error.args[0] if error.args and isinstance(error.args[0], bytes) else str(error)
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        account = self.account
        return {"key": "mailbox", "host": account.imap_host, "port": account.imap_port, "folder": account.imap_folder, "why": words}

    def _select(self) -> None:
        folder = self.account.imap_folder
        name = '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
        state, data = self._server.select(name)
        if state != "OK":
            raise imaplib.IMAP4.error(data[0] or b"")
        _, found = self._server.response("UIDVALIDITY")
        self.uid_validity = int(found[0]) if found and found[0] else 0

    def new_mail(self, after: int) -> Iterator[list[tuple[int, bytes]]]:
        """Mails with a number above `after`, in order, a few at a time; too large ones come empty."""
        try:
            _, data = self._server.uid("SEARCH", f"UID {after + 1}:*")
            numbers = sorted(number for number in map(int, (data[0] or b"").split()) if number > after)
            for start in range(0, len(numbers), AT_ONCE):
                yield self._fetched(numbers[start : start + AT_ONCE])
        except (imaplib.IMAP4.error, OSError) as error:
            raise InvalidInput("La casella di {host} si è interrotta ({why}): rileggila.", **self._facts(error)) from error

    def _fetched(self, numbers: Sequence[int]) -> list[tuple[int, bytes]]:
        small = []
        _, sizes = self._server.uid("FETCH", ",".join(map(str, numbers)), "(UID RFC822.SIZE)")
        for line in sizes:
            words = line if isinstance(line, bytes) else b""
            uid, size = re.search(rb"UID (\d+)", words), re.search(rb"RFC822\.SIZE (\d+)", words)
            if uid and size and int(size[1]) <= LARGEST:
                small.append(int(uid[1]))
        found = {}
        if small:
            _, data = self._server.uid("FETCH", ",".join(map(str, small)), "(UID BODY.PEEK[])")
            for part in data:
                uid = re.search(rb"UID (\d+)", part[0]) if isinstance(part, tuple) else None
                if uid:
                    found[int(uid[1])] = bytes(part[1])
        return [(number, found.get(number, b"")) for number in numbers]

    def mark_read(self, numbers: Sequence[int]) -> None:
        """Flag mails that were taken in, as a person who read them would."""
        if numbers:
            try:
                self._server.uid("STORE", ",".join(map(str, numbers)), "+FLAGS.SILENT", "(\\Seen)")
            except (imaplib.IMAP4.error, OSError) as error:
                raise InvalidInput("La casella di {host} si è interrotta ({why}): rileggila.", **self._facts(error)) from error
