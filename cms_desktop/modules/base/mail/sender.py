"""Sends what the outbox holds. Each step is committed on its own, so that a sender may die at any moment:

claimed, not yet handed over → the lease runs out and the message goes back into the queue;
handed over, no answer kept  → uncertain: a person decides.
"""

from __future__ import annotations

import contextlib
import ssl
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from cms_desktop.core.errors import AlreadyDone, AppError, InvalidInput
from cms_desktop.modules.base.mail import actions, passwords, queries
from cms_desktop.modules.base.mail.records import Handed, MailAccount, Sent, Unusable
from cms_desktop.modules.base.mail.transport import Courier

PURPOSES = ("pec", "ordinary")
OpenUnit = Callable[[], AbstractContextManager[Any]]
Progress = Callable[[int, int, str], None]


def send_due(
    open_unit: OpenUnit,
    *,
    should_stop: Callable[[], bool] = lambda: False,
    on_progress: Progress = lambda done, total, phase: None,
    context: ssl.SSLContext | None = None,
    pause: Callable[[float], object] = time.sleep,
) -> Sent:
    """Send every message that is due, certified mail first. What cannot leave now stays, with the reason."""
    done = Sent()
    for purpose in PURPOSES:
        with open_unit() as unit:
            actions.settle_leases(unit)
            due, account = queries.count_due(unit, purpose), queries.find_account(unit, purpose)
            password = _password(unit, account)
        if not due or should_stop():
            continue
        if account is None:
            done.unusable.append(_unusable("", _missing(purpose)))
        elif password is None:
            missing = InvalidInput(
                "Su questa postazione manca la password di «{account}»: scrivila negli account di posta.", account=account.name
            )
            done.unusable.append(_unusable(account.name, missing))
        else:
            _send_by(open_unit, Courier(account, password, context), purpose, done, due, should_stop, on_progress, pause)
    return done


def send_now(unit: Any, should_stop: Callable[[], bool] = lambda: False) -> Sent:
    """Send from a client: a unit of work for each step, beside the one given."""
    return send_due(unit.another, should_stop=should_stop, on_progress=lambda done, total, phase: unit.on_progress(done, total, phase))


def _unusable(account: str, error: AppError) -> Unusable:
    return Unusable(account, error.text, {name: str(value) for name, value in error.values.items()})


def _missing(purpose: str) -> AppError:
    if purpose == "pec":
        return InvalidInput("Manca un account PEC: aggiungilo in Modulo Base, Tabelle, Posta.")
    return InvalidInput("Manca un account di posta ordinaria: aggiungilo in Modulo Base, Tabelle, Posta.")


def _password(unit: Any, account: MailAccount | None) -> str | None:
    if account is None:
        return None
    if not account.user_name:
        return ""
    return passwords.find_password(unit.driver.info.dbname, unit.company_id, account)


def _send_by(
    open_unit: OpenUnit, courier: Courier, purpose: str, done: Sent, due: int, should_stop: Callable[[], bool], on_progress: Progress,
    pause: Callable[[float], object],
) -> None:  # fmt: skip
    apart, before = 60.0 / courier.account.most_per_minute, done.handled
    try:
        with courier:
            while not should_stop():
                began = time.monotonic()
                if not _send_next(open_unit, courier, purpose, done):
                    return
                on_progress(done.handled - before, max(due, done.handled - before), purpose)
                rest = apart - (time.monotonic() - began)
                if rest > 0 and not should_stop():
                    pause(rest)
    except AppError as error:
        done.unusable.append(_unusable(courier.account.name, error))


def _send_next(open_unit: OpenUnit, courier: Courier, purpose: str, done: Sent) -> bool:
    """The next message that is due; False when there is none."""
    with open_unit() as unit:
        taken = actions.claim_message(unit, purpose)
    if taken is None:
        return False
    message_id, token = taken
    with open_unit() as unit:
        parcel = queries.find_parcel(unit, message_id)

    def before_text() -> None:
        with open_unit() as unit:
            actions.hand_over(unit, message_id, token, courier.account.mail_account_id)

    try:
        handed = courier.send(parcel, before_text)
    except AlreadyDone:  # the lease ran out before the text went: it is somebody else's now
        return True
    except AppError as error:
        handed = Handed("later", str(error))
        with open_unit() as unit:
            actions.finish_message(unit, message_id, token, handed)
        raise
    with contextlib.suppress(AlreadyDone), open_unit() as unit:
        actions.finish_message(unit, message_id, token, handed)
    setattr(done, handed.outcome, getattr(done, handed.outcome) + 1)
    return True
