"""A process with several people at work, for the test of many at once: some bill, some collect, each over a connection of their own.

python -m tests.end_to_end.people_at_work <facts as JSON>: `hosts`, `database`, `people` (login: job), `seed`, `seconds`. What is done is
told at once, a JSON line each; whoever loses the connection logs in again and goes on.
"""

from __future__ import annotations

import datetime
import json
import random
import sys
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.errors import AppError, ConnectionLost
from cms_desktop.db.login import LoginSession, log_in
from cms_desktop.db.profile import ConnectionProfile
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.billing import actions
from cms_desktop.modules.billing.records import RunParameters
from cms_desktop.modules.ledger import actions as money
from cms_desktop.modules.ledger.records import NewPayment
from tests.house import PASSWORD

DOCUMENT_DAY = datetime.date(2024, 12, 31)
Told = list[dict[str, Any]]


def bill(unit: UnitOfWork, chance: random.Random) -> Told:
    """A run over a random month: made and issued, at times taken back or thrown away."""
    month = chance.randrange(1, 12)
    first, last = datetime.date(2024, month, 1), datetime.date(2024, month + 1, 1) - datetime.timedelta(days=1)
    series = unit.rows(sa.text("select document_series_id from base.document_series where company_id = 1 and code = 'V'"))[0][0]
    run = actions.prepare_run(
        unit, RunParameters(title="Canoni", period_start=first, period_end=last, document_on=DOCUMENT_DAY, series_id=series)
    )
    if chance.random() < 0.2:
        actions.discard_run(unit, run)
        return []
    made = actions.issue_run(unit, run)
    if chance.random() < 0.7:
        actions.undo_run(unit, run)
        return [{"undone": run}]
    return [{"issued": made.last - made.first + 1}]


OPEN = sa.text(
    "select open_item_id, customer_id, open_amount from ledger.open_item where company_id = 1 and open_amount > 0 "
    "order by md5(open_item_id::text || :salt) limit 3"
)
PAID = sa.text(
    "select payment_id, array_agg(open_item_id) as items from ledger.allocation where company_id = 1 group by 1 "
    "order by md5(payment_id::text || :salt) limit 1"
)


def collect(unit: UnitOfWork, chance: random.Random) -> Told:
    """What a customer owes comes in, whole or in part; at times an allocation was wrong, or the bank takes the money back."""
    salt, draw = str(chance.random()), chance.random()
    paid = unit.rows(PAID, {"salt": salt}) if draw < 0.2 else []
    if paid and draw < 0.1:
        money.release(unit, paid[0].payment_id, paid[0].items)
        return [{"released": paid[0].payment_id}]
    if paid:
        money.bounce(unit, paid[0].payment_id, DOCUMENT_DAY, "Assegno impagato")
        return [{"bounced": paid[0].payment_id}]
    items = unit.rows(OPEN, {"salt": salt})
    if not items:
        return []
    mine = [one for one in items if one.customer_id == items[0].customer_id]
    parts = {one.open_item_id: one.open_amount if chance.random() < 0.7 else Decimal("1.00") for one in mine}
    payment = NewPayment(mine[0].customer_id, DOCUMENT_DAY, "MP01", sum(parts.values(), Decimal(0)), parts=parts)
    return [{"collected": money.collect(unit, payment), "amount": str(payment.amount)}]


JOBS: dict[str, Callable[[UnitOfWork, random.Random], Told]] = {"bill": bill, "collect": collect}


def say(**facts: Any) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def work(profile: ConnectionProfile, login: str, job: str, seed: int, until: float) -> None:
    """One person's day."""
    chance, session = random.Random(seed), None
    while time.monotonic() < until:
        try:
            session = session or log_in(profile, login, PASSWORD)
            with session.database.unit_of_work(1) as unit:
                told = JOBS[job](unit, chance)
            for one in told:  # the transaction is through: from here on it may not be lost
                say(**one)
        except ConnectionLost:
            close(session)
            session = None
        except AppError as error:
            say(refused=type(error).__name__, key=error.key, text=str(error))
        except Exception as error:
            say(unexpected=f"{type(error).__name__}: {error}")
    close(session)


def close(session: LoginSession | None) -> None:
    if session is not None:
        session.close()


def main(facts: dict[str, Any]) -> None:
    profile = ConnectionProfile("prova", facts["hosts"], facts["database"], is_local=True, role_prefix=facts["database"])
    until = time.monotonic() + facts["seconds"]
    threads = [
        threading.Thread(target=work, args=(profile, login, job, facts["seed"] * 100 + place, until))
        for place, (login, job) in enumerate(facts["people"].items())
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
