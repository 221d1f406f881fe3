"""Errors that a person reads. Each says what happened and what to do; the text is the Italian source of the translation."""

from __future__ import annotations


class AppError(Exception):
    """Something the user can be told.

    `text` is the Italian sentence with `{names}` for `values`; the screen translates it in the context ``errors``.
    `key` is stable and never shown: tests and callers branch on it.
    """

    key = "error"

    def __init__(self, text: str, *, key: str = "", **values: object) -> None:
        super().__init__(text)
        self.text = text
        self.values = values
        if key:
            self.key = key

    def __str__(self) -> str:
        return self.text.format(**self.values) if self.values else self.text


class InvalidInput(AppError):
    """What was typed cannot be stored. `field` names the field when only one is concerned."""

    key = "invalid_input"

    def __init__(self, text: str, *, field: str = "", key: str = "", **values: object) -> None:
        super().__init__(text, key=key, **values)
        self.field = field


class NotAllowed(AppError):
    """The person has no right to do this in this company."""

    key = "not_allowed"


class Conflict(AppError):
    """Somebody else changed the record meanwhile (or it is gone, or it is not visible to this person)."""

    key = "conflict"


class AlreadyDone(AppError):
    """The thing exists already: a period billed twice, an item presented twice, a code in use."""

    key = "already_done"


class LoginRefused(AppError):
    """The server did not let the person in; `key` says why: wrong_password, disabled, expired, locked, no_company …"""

    key = "login_refused"


class ServerUnreachable(AppError):
    """No answer from the server."""

    key = "server_unreachable"


class WrongVersion(AppError):
    """Client and database do not fit together."""

    key = "wrong_version"


class ConnectionLost(AppError):
    """The connection broke during the work; nothing was stored."""

    key = "connection_lost"


class Cancelled(AppError):
    """The user stopped the work; nothing was stored."""

    key = "cancelled"

    def __init__(self, text: str = "Operazione annullata: nulla è stato scritto.") -> None:
        super().__init__(text)


class NoCompanyChosen(RuntimeError):
    """A query ran outside a unit of work. A programming error, never shown as a message."""
