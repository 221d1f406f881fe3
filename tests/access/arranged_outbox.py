"""Rows of mail for the tests of the barrier."""

from __future__ import annotations

from psycopg.types.json import Jsonb

from tests.house import House

ACCOUNT = (
    "insert into base.mail_account (company_id, name, from_address, user_name, smtp_host) "
    "values (1, 'Posta', 'posta@aurora.example.it', 'posta', 'smtp.aurora.example.it') returning mail_account_id"
)
MESSAGE = {
    "kind": "base.letter",
    "recipient": "cliente@example.com",
    "subject": "Prova",
    "body": "Testo",
    "source_table": "registry.party",
    "source_id": 1,
}
FRESH_OUTBOX = {"base.mail_account": {"name": "Altra", "is_default": False}}


def arrange_outbox(house: House) -> None:
    """An account, a message with an attachment, a mailbox that was read."""
    with house.person("anna.admin") as anna:
        row = anna.execute(ACCOUNT).fetchone()
        assert row is not None
        anna.execute(
            "select base.queue_messages(1, %s, array['a.pdf'], array['application/pdf'], array['x'::bytea], array[1])", (Jsonb([MESSAGE]),)
        )
        anna.execute("select base.keep_mailbox_position(1, %s, 'INBOX', 1, 5)", (row[0],))
