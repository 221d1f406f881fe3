"""Attacks on the outbox with psql: forging what was sent, stealing leases, redirecting invoices, smuggling headers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.access.arranged import add_customer, outcome, prepare
from tests.access.arranged_outbox import ACCOUNT, MESSAGE
from tests.house import House

Connection = psycopg.Connection[Any]


def _value(connection: Connection, query: str, *values: object) -> Any:
    row = connection.execute(query, values).fetchone()
    assert row is not None
    return row[0]


@pytest.fixture
def owner(house: House) -> Iterator[Connection]:
    with house.owner() as found:
        found.autocommit = True
        found.execute(ACCOUNT)
        yield found


@pytest.fixture
def message(house: House, owner: Connection) -> int:
    """One that waits in the queue."""
    with house.person("marta.bellini") as marta:
        return int(_value(marta, "select (base.queue_messages(1, %s, '{}', '{}', '{}', '{}'))[1]", Jsonb([MESSAGE])))


CLAIM = "select base.claim_messages(1, 'ordinary', 1, 60) -> 0 ->> 'token'"


def _state(owner: Connection, message: int) -> str:
    return str(_value(owner, "select state from base.outbox_message where outbox_message_id = %s", message))


def test_nobody_writes_a_state_by_hand(house: House, owner: Connection, message: int) -> None:
    for login in ("marta.bellini", "anna.admin", "bruno.estraneo"):
        with house.person(login) as person:
            for attempt in (
                "update base.outbox_message set state = 'sent', sent_at = now()",
                "insert into base.outbox_message (company_id, kind, purpose, recipient, subject, body, header_id, state, sent_at) "
                "values (1, 'base.letter', 'ordinary', 'a@b.it', 'S', 'T', '<x@y>', 'sent', now())",
                "delete from base.outbox_message",
                "update base.outbox_attachment set content = 'x'",
                "update base.mailbox_position set last_uid = 0",
                "select base.put_messages(1, '[]', '{}', '{}', '{}', '{}')",
            ):
                assert outcome(person, attempt) == "42501", (login, attempt)
    assert _state(owner, message) == "queued"


def test_a_message_is_not_declared_sent_without_its_lease(house: House, owner: Connection, message: int) -> None:
    finish = "select base.finish_message(1, %s, %s, 'sent', '250 OK')"
    with house.person("marta.bellini") as marta, house.person("carlo.conti") as carlo:
        for token in ("", "x", None):
            assert outcome(marta, finish, (message, token)) == "CM132"
        token = _value(marta, CLAIM)
        assert outcome(marta, finish, (message, token)) == "CM132", "never handed over"
        assert outcome(carlo, finish, (message, token)) == "CM132", "the lease of somebody else"
        assert outcome(carlo, "select base.hand_over(1, %s, %s, 1, 60)", (message, token)) == "CM132"
        digest = _value(carlo, "select token_digest from base.outbox_message")
        assert token.encode() not in bytes(digest) and outcome(carlo, finish, (message, digest.hex())) == "CM132"
        assert outcome(carlo, CLAIM) == "1 rows" and _value(carlo, "select leased_by from base.outbox_message") == 2
        for decision in ("was_sent", "retry", "cancel", "hold", "", None):
            assert _value(carlo, "select base.decide_messages(1, array[%s]::bigint[], %s)", message, decision) == 0, "it is being sent"
        assert _value(carlo, "select base.note_notices(1, array[(select header_id from base.outbox_message)], '{accettazione}', "
                             "array[now()], '{x}')") == 0  # fmt: skip
        assert _state(owner, message) == "sending"
        assert (
            outcome(marta, "select base.hand_over(1, %s, %s, (select mail_account_id from base.mail_account), 60)", (message, token))
            == "1 rows"
        )
        assert (
            outcome(marta, "select base.hand_over(1, %s, %s, (select mail_account_id from base.mail_account), 60)", (message, token))
            == "CM132"
        )
        assert outcome(marta, finish, (message, token)) == "1 rows"
    found = owner.execute("select state, leased_by from base.outbox_message").fetchone()
    assert found == ("sent", 2), "who says so is written beside it"


def test_a_waiting_message_is_moved_by_no_notice(house: House, owner: Connection, message: int) -> None:
    with house.person("marta.bellini") as marta:
        for kind in ("accettazione", "avvenuta-consegna", "errore-consegna", "altro", None):
            assert (
                _value(
                    marta,
                    "select base.note_notices(1, array[(select header_id from base.outbox_message)], array[%s], array[now()], '{x}')",
                    kind,
                )
                == 0
            )
    assert _state(owner, message) == "queued"


def test_a_reader_and_a_stranger_use_no_function(house: House, owner: Connection, message: int) -> None:
    for login in ("rita.revisore", "bruno.estraneo"):
        with house.person(login) as person:
            for attempt in (
                CLAIM, "select base.settle_leases(1)", "select base.decide_messages(1, '{1}', 'cancel')", "select base.resend_message(1, 1)",
                "select base.finish_message(1, 1, 'x', 'sent', '')", "select base.keep_mailbox_position(1, 1, 'INBOX', 1, 1)",
                "select billing.learn_sdi_address(1, 'sdi22@pec.fatturapa.it')", "select billing.queue_by_pec(1, '{1}', '', null)",
                "select * from billing.courtesy_recipients(1, '{1}')", "select billing.queue_courtesy(1, '{}', '{}', '{}', '{}', '{}', true)",
            ):  # fmt: skip
                assert outcome(person, attempt) == "CM001", (login, attempt)
            assert outcome(person, "select base.queue_messages(1, %s, '{}', '{}', '{}', '{}')", (Jsonb([MESSAGE]),)) == "CM001"


def test_lines_of_a_header_are_not_smuggled_in(house: House, owner: Connection) -> None:
    with house.person("marta.bellini") as marta:
        for wrong in (
            {"subject": "Oggetto\r\nBcc: tutti@example.com"}, {"recipient": "a@b.it, c@d.it"}, {"recipient": "a@b.it\nBcc: c@d.it"},
            {"recipient": "<a@b.it>"}, {"recipient_name": "Nome\r\nBcc: c@d.it"}, {"subject": ""}, {"recipient": ""}, {"recipient": None},
        ):  # fmt: skip
            assert outcome(marta, "select base.queue_messages(1, %s, '{}', '{}', '{}', '{}')", (Jsonb([MESSAGE | wrong]),)) in (
                "23514",
                "23502",
            ), wrong
        for name in ("../../etc/passwd", "a/b.pdf", "a\r\nb.pdf", ""):
            query = "select base.queue_messages(1, %s, array[%s], array['application/pdf'], array['x'::bytea], array[1])"
            assert outcome(marta, query, (Jsonb([MESSAGE | {"source_id": 9}]), name)) == "23514", name
    assert _value(owner, "select count(*) from base.outbox_message") == 0


def test_a_kind_that_only_its_module_queues_is_refused(house: House, owner: Connection) -> None:
    with house.person("marta.bellini") as marta:
        for kind in ("billing.pec", "billing.courtesy", "nessuno.di_questi", "", None):
            assert (
                outcome(marta, "select base.queue_messages(1, %s, '{}', '{}', '{}', '{}')", (Jsonb([MESSAGE | {"kind": kind}]),)) == "CM001"
            ), kind


@pytest.fixture
def files(house: House, owner: Connection) -> list[int]:
    """Two ready files of company 1."""
    for code in ("100", "101"):
        add_customer(owner, code)
    with house.person("marta.bellini") as marta:
        marta.execute("select billing.issue_run(1, %s)", (prepare(marta, "2025-01-01"),))
        marta.execute(
            "select billing.store_files(1, array_agg(invoice_id order by invoice_id), array['IT01234567897_00001.xml', 'IT01234567897_00002.xml'], "
            "array['<x/>'::bytea, '<y/>'::bytea]) from billing.invoice"
        )
    owner.execute("insert into base.parameter (company_id, key, value) values (1, 'sdi_channel', '\"pec\"'), (2, 'sdi_channel', '\"pec\"')")
    return [number for (number,) in owner.execute("select transmission_id from billing.transmission order by 1").fetchall()]


def test_an_invoice_is_not_redirected(house: House, owner: Connection, files: list[int]) -> None:
    with house.person("marta.bellini") as marta, house.person("dora.doppia") as dora:
        for address in (
            "ladro@example.com",
            "sdi01@pec.fatturapa.it.example.com",
            "sdi01@pec.fatturapa.it\nBcc: a@b.it",
            "x@pec.fatturapa.it",
            "",
            None,
        ):
            assert outcome(marta, "select billing.learn_sdi_address(1, %s)", (address,)) == "CM135", address
        assert outcome(marta, "update base.parameter set value = '\"ladro@example.com\"' where key like 'sdi%'") == "0 rows"
        assert _value(dora, "select billing.queue_by_pec(2, %s, '', null)", files) == 0, "files of another company"
        assert _value(marta, "select billing.queue_by_pec(1, %s, '', null)", [*files, 999]) == 0, "all or none"
        for lot in ("../x.zip", "IT01234567897_00009.xml", "x"):
            assert outcome(marta, "select billing.queue_by_pec(1, %s, %s, 'PK'::bytea)", (files, lot)) == "CM028"
        assert _value(marta, "select billing.queue_by_pec(1, %s, '', null)", files) == 2
        assert _value(marta, "select billing.mark_sent(1, %s)", files) == 0, "they left the hands of the run"
    assert owner.execute("select distinct recipient from base.outbox_message").fetchall() == [("sdi01@pec.fatturapa.it",)]


def test_a_file_in_the_outbox_is_sent_only_with_its_message(house: House, owner: Connection, files: list[int]) -> None:
    states = "select array_agg(state order by transmission_id) from billing.transmission"
    with house.person("marta.bellini") as marta:
        marta.execute("select billing.queue_by_pec(1, %s, '', null)", (files,))
        for attempt in ("update billing.transmission set state = 'sent'", "update billing.transmission set outbox_message_id = null"):
            assert outcome(marta, attempt) == "42501"
        assert (
            _value(marta, "select base.decide_messages(1, (select array_agg(outbox_message_id) from base.outbox_message), 'was_sent')") == 0
        )
        assert _value(owner, states) == ["queued", "queued"]
        assert outcome(marta, "select base.resend_message(1, (select min(outbox_message_id) from base.outbox_message))") == "CM133"


def test_a_copy_goes_to_no_address_of_the_caller_s(house: House, owner: Connection, files: list[int]) -> None:
    owner.execute("update registry.party set email = 'cliente@example.com', row_version = row_version + 1 where name = 'Cliente 100'")
    owner.execute("update customers.customer set invoice_delivery = 'mail', row_version = row_version + 1")
    with house.person("marta.bellini") as marta, house.person("dora.doppia") as dora:
        queue = "select billing.queue_courtesy(%s, (select array_agg(invoice_id) from billing.invoice where company_id = 1), "
        queue += "'{S,S}', '{T,T}', '{a.pdf,b.pdf}', array['x'::bytea, 'x'], true)"
        assert _value(dora, queue, 2) == 0, "invoices of another company"
        assert _value(marta, queue, 1) == 1
    assert owner.execute("select recipient from base.outbox_message").fetchall() == [("cliente@example.com",)]
