"""Mail of the demonstration: accounts, a few customers abroad who read other languages, courtesy copies in every state. Nothing really leaves."""

from __future__ import annotations

from typing import Any

import psycopg
import sqlalchemy as sa

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.demo.customers import Plan
from cms_desktop.modules.base.mail import actions, queries
from cms_desktop.modules.base.mail.records import Handed
from cms_desktop.modules.billing.delivery import courtesy
from cms_desktop.modules.billing.delivery import queries as delivery

COPIES = 60
ANSWERS = {  # of every ten that are handed over, by place
    3: Handed("refused", "550 5.1.1 <casella>: utente sconosciuto"),
    6: Handed("later", "452 4.2.2 La casella del destinatario è piena"),
    8: Handed("uncertain", "Connection unexpectedly closed"),
}
ACCOUNTS = """
insert into base.mail_account (company_id, name, purpose, from_address, from_name, user_name, smtp_host, imap_host, is_default)
select company_id, a.name, a.purpose, a.local || '@' || split_part(pec, '@', 2), c.name, a.local || '@' || split_part(pec, '@', 2),
       'smtp.' || split_part(pec, '@', 2), case a.purpose when 'pec' then 'imap.' || split_part(pec, '@', 2) else '' end, true
from base.company as c, (values ('Fatturazione', 'ordinary', 'fatture'), ('PEC aziendale', 'pec', 'amministrazione')) as a(name, purpose, local)
where c.company_id = %(company)s
"""
LANGUAGES = """
update registry.party set language = (array['en', 'de', 'fr'])[1 + party_id %% 3], row_version = row_version + 1
where company_id = %(company)s and party_id %% 17 = 0
"""
CHANNEL = "insert into base.parameter (company_id, key, value) values (%(company)s, 'sdi_channel', %(channel)s::jsonb)"


def add_accounts(connection: psycopg.Connection[Any], plan: Plan, number: int) -> None:
    """An ordinary and a certified account; the first company sends by certified mail, the second through a folder."""
    facts = {"company": plan.company_id, "channel": '"pec"' if number == 0 else '"folder"'}
    for statement in (ACCOUNTS, LANGUAGES, CHANNEL):
        connection.execute(statement, facts)


def fill_outbox(unit: UnitOfWork, run_id: int) -> int:
    """Queue some copies of a run and tell of two thirds what a provider would have said. Returns how many were queued."""
    made = courtesy.queue_copies(unit, delivery.list_courtesy_candidates(unit, run_id)[:COPIES], even_unasked=True)
    account = queries.find_account(unit, "ordinary")
    assert account is not None
    for place in range(made.queued * 2 // 3):
        taken = actions.claim_message(unit, "ordinary")
        if taken is None:
            break
        actions.hand_over(unit, *taken, account.mail_account_id)
        actions.finish_message(unit, *taken, ANSWERS.get(place % 10, Handed("sent", "250 2.0.0 Preso in carico")))
    waiting = unit.rows(
        sa.text(
            "select outbox_message_id from base.outbox_message where company_id = :company and state = 'queued' order by 1 desc limit 2"
        )
    )
    actions.decide_messages(unit, [row.outbox_message_id for row in waiting], "hold")
    return made.queued
