"""The outbox over a real SMTP server: what leaves leaves once, whatever dies meanwhile."""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from cms_desktop.core.errors import AlreadyDone, AppError, NotAllowed
from cms_desktop.core.listing import ListQuery
from cms_desktop.db.login import LoginSession
from cms_desktop.modules.base.mail import actions, queries, sender
from cms_desktop.modules.base.mail.records import Attachment, Handed, NewMessage, Notice
from tests.house import House
from tests.modules.base.mail.peers import PASSWORD, USER, Certificates, PostOffice, certificates

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the server speaks TLS from its first byte
ORDINARY = "ordinary"


@pytest.fixture(scope="session")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def office(trust: Certificates) -> Iterator[PostOffice]:
    with PostOffice(trust) as found:
        yield found


@pytest.fixture
def marta(house: House) -> Iterator[LoginSession]:
    session = house.log_in("marta.bellini")
    yield session
    session.close()


class Desk:
    """Marta, her outbox, and the account it leaves by."""

    def __init__(self, house: House, session: LoginSession, office: PostOffice, trust: Certificates) -> None:
        self.house, self.session, self.office, self.trust = house, session, office, trust
        self.open = lambda: session.database.unit_of_work(1)
        self.account = add_account(house, office.port)

    def queue(self, *recipients: str, **more: Any) -> list[int]:
        letters = [NewMessage("base.letter", one, "Cliente", "Oggetto", "Testo", **more) for one in recipients]
        with self.open() as unit:
            return actions.queue_messages(unit, letters)  # type: ignore[return-value]

    def send(self, **more: Any) -> Any:
        return sender.send_due(self.open, context=self.trust.client, pause=lambda _s: None, **more)

    def rows(self) -> dict[int, Any]:
        with self.open() as unit:
            return {row.message_id: row for row in queries.list_outbox(unit, ListQuery()).rows}

    def state(self, message: int) -> str:
        return str(self.rows()[message].state)

    def sql(self, text: str) -> None:
        with self.house.owner() as owner:
            owner.execute(text)


def add_account(house: House, port: int, purpose: str = ORDINARY, security: str = "tls", imap_port: int = 0) -> int:
    with house.owner() as owner:
        row = owner.execute(
            "insert into base.mail_account (company_id, name, purpose, from_address, from_name, user_name, smtp_host, smtp_port, smtp_security, "
            "is_default, most_per_minute, imap_host, imap_port) values (1, %s, %s, %s, 'Vigilanza Aurora', %s, '127.0.0.1', %s, %s, true, 6000, %s, "
            "%s) returning mail_account_id",
            (f"Posta {purpose}", purpose, USER, USER, port, security, "127.0.0.1" if imap_port else "", imap_port or 993),
        ).fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture
def desk(house: House, marta: LoginSession, office: PostOffice, trust: Certificates, monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk(house, marta, office, trust)
    monkeypatch.setenv(f"CMS_MAIL_PASSWORD_{made.account}", PASSWORD)
    return made


def test_a_message_leaves_with_its_attachment_and_its_name(desk: Desk) -> None:
    (message,) = desk.queue("buyer@example.com", attachments=(Attachment("fattura.pdf", "application/pdf", b"%PDF-1.4 \n.\r\n..x"),))
    done = desk.send()
    assert (done.sent, done.handled, done.unusable) == (1, 1, [])
    (mail,) = desk.office.received
    assert mail["Subject"] == "Oggetto" and "Vigilanza Aurora" in mail["From"] and mail["To"] == "Cliente <buyer@example.com>"
    parts = [part for part in mail.walk() if part.get_filename()]
    assert [(part.get_filename(), part.get_payload(decode=True)) for part in parts] == [("fattura.pdf", b"%PDF-1.4 \n.\r\n..x")]
    row = desk.rows()[message]
    assert row.state == "sent" and row.sent_at is not None and row.reply.startswith("250")
    assert desk.send().handled == 0 and len(desk.office.received) == 1


def test_text_that_begins_with_dots_arrives_as_it_was(desk: Desk) -> None:
    with desk.open() as unit:
        actions.queue_messages(unit, [NewMessage("base.letter", "b@example.com", "", "Punti", ".primo\n..secondo\n.\nfine è qui")])
    desk.send()
    (mail,) = desk.office.received
    assert mail.get_payload(decode=True).decode().split() == [".primo", "..secondo", ".", "fine", "è", "qui"]


def test_starttls_is_used_where_the_account_says_so(
    house: House, marta: LoginSession, trust: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PostOffice(trust, starttls=True) as office:
        desk = Desk.__new__(Desk)
        desk.house, desk.session, desk.office, desk.trust = house, marta, office, trust
        desk.open = lambda: marta.database.unit_of_work(1)
        desk.account = add_account(house, office.port, security="starttls")
        monkeypatch.setenv(f"CMS_MAIL_PASSWORD_{desk.account}", PASSWORD)
        desk.queue("b@example.com")
        assert desk.send().sent == 1


def test_nothing_is_sent_to_a_server_without_tls(
    house: House, marta: LoginSession, trust: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PostOffice(trust) as office:  # speaks TLS at once: STARTTLS meets no greeting it understands
        desk = Desk.__new__(Desk)
        desk.house, desk.session, desk.office, desk.trust = house, marta, office, trust
        desk.open = lambda: marta.database.unit_of_work(1)
        desk.account = add_account(house, office.port)
        monkeypatch.setenv(f"CMS_MAIL_PASSWORD_{desk.account}", PASSWORD)
        (message,) = desk.queue("b@example.com")
        done = sender.send_due(desk.open, pause=lambda _s: None)  # the certificate is of nobody this machine trusts
        assert done.handled == 0 and "certificato" in done.unusable[0].text
        assert desk.state(message) == "queued" and office.logins == []


def test_a_refused_recipient_fails_with_the_words_of_the_server_and_the_others_leave(desk: Desk) -> None:
    desk.office.refuse = {"gone@example.com": "550 5.1.1 Utente sconosciuto", "full@example.com": "452 4.2.2 Casella piena"}
    gone, full, good = desk.queue("gone@example.com", "full@example.com", "good@example.com")
    done = desk.send()
    assert (done.refused, done.later, done.sent) == (1, 1, 1)
    rows = desk.rows()
    assert rows[gone].state == "failed" and rows[gone].reply == "550 5.1.1 Utente sconosciuto"
    assert rows[full].state == "queued" and rows[full].reply.startswith("452") and rows[full].attempts == 1
    assert rows[good].state == "sent"


def test_pauses_grow_and_the_eighth_attempt_is_the_last(desk: Desk) -> None:
    desk.office.refuse = {"full@example.com": "452 4.2.2 Casella piena"}
    (message,) = desk.queue("full@example.com")
    waits = []
    for attempt in range(1, 9):
        desk.sql("update base.outbox_message set next_attempt_at = now() - interval '1 second'")
        assert desk.send().later == 1
        row = desk.rows()[message]
        waits.append((row.next_attempt_at - datetime.datetime.now(datetime.UTC)).total_seconds() / 60)
        assert row.attempts == attempt
    assert [round(one) for one in waits] == [1, 3, 9, 27, 81, 243, 360, 360]
    assert desk.state(message) == "failed"
    assert desk.send().handled == 0


@pytest.mark.parametrize(("on_text", "state"), [("busy", "queued"), ("reject", "failed"), ("drop", "uncertain"), ("lose", "uncertain")])
def test_what_the_server_does_with_the_text_decides(desk: Desk, on_text: str, state: str) -> None:
    desk.office.on_text = on_text
    (message,) = desk.queue("b@example.com")
    desk.send()
    assert desk.state(message) == state
    desk.office.on_text = "keep"
    assert desk.send().handled == 0, "an uncertain message never leaves again by itself"


def test_an_answer_that_does_not_come_is_uncertain(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from cms_desktop.modules.base.mail import transport

    monkeypatch.setattr(transport.Courier.__init__, "__defaults__", (None, 0.5))
    desk.office.delay = 3
    (message,) = desk.queue("b@example.com")
    assert desk.send().uncertain == 1
    assert desk.state(message) == "uncertain"


def test_a_wrong_password_touches_no_message(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"CMS_MAIL_PASSWORD_{desk.account}", "sbagliata")
    (message,) = desk.queue("b@example.com")
    done = desk.send()
    assert "password" in done.unusable[0].text and done.handled == 0
    assert (desk.rows()[message].state, desk.rows()[message].attempts) == ("queued", 0)
    monkeypatch.delenv(f"CMS_MAIL_PASSWORD_{desk.account}")
    assert "manca la password" in desk.send().unusable[0].text


def test_two_senders_never_send_one_message_twice(desk: Desk) -> None:
    desk.queue(*(f"c{number}@example.com" for number in range(40)))
    done: list[Any] = []
    threads = [threading.Thread(target=lambda: done.append(desk.send())) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(one.sent for one in done) == 40
    assert sorted(desk.office.recipients) == sorted({f"c{number}@example.com" for number in range(40)})


def test_a_sender_that_dies_before_the_text_leaves_the_message_in_the_queue(desk: Desk) -> None:
    (message,) = desk.queue("b@example.com")
    with desk.open() as unit:
        assert actions.claim_message(unit, ORDINARY) is not None
    assert desk.state(message) == "sending" and desk.send().handled == 0
    desk.sql("update base.outbox_message set lease_until = now() - interval '1 second'")
    assert desk.send().sent == 1


def test_a_sender_that_dies_in_the_middle_leaves_it_uncertain_until_somebody_decides(desk: Desk) -> None:
    for decision, state in (("retry", "queued"), ("was_sent", "sent"), ("cancel", "cancelled")):
        (message,) = desk.queue("b@example.com")
        with desk.open() as unit:
            taken = actions.claim_message(unit, ORDINARY)
        assert taken is not None and taken[0] == message
        with desk.open() as unit:
            actions.hand_over(unit, *taken, desk.account)
        desk.sql("update base.outbox_message set lease_until = now() - interval '1 second' where state = 'sending'")
        assert desk.send().handled == 0
        assert desk.state(message) == "uncertain"
        with desk.open() as unit:
            assert actions.decide_messages(unit, [message], decision) == 1  # type: ignore[arg-type]
        assert desk.state(message) == state
        desk.send()


def test_a_late_sender_does_not_send_what_is_no_longer_its_own(desk: Desk) -> None:
    (message,) = desk.queue("b@example.com")
    with desk.open() as unit:
        taken = actions.claim_message(unit, ORDINARY)
    assert taken is not None
    desk.sql("update base.outbox_message set lease_until = now() - interval '1 second'")
    assert desk.send().sent == 1
    with pytest.raises(AlreadyDone), desk.open() as unit:
        actions.hand_over(unit, *taken, desk.account)
    with pytest.raises(AlreadyDone), desk.open() as unit:
        actions.finish_message(unit, *taken, Handed("refused", "550"))
    assert desk.state(message) == "sent"


def test_a_document_goes_in_once_and_a_cancelled_one_may_go_in_again(desk: Desk) -> None:
    facts = {"source_table": "customers.contract", "source_id": 7}
    (first,) = desk.queue("b@example.com", **facts)
    assert desk.queue("b@example.com", **facts) == [None]
    with desk.open() as unit:
        assert actions.decide_messages(unit, [first], "cancel") == 1
    (second,) = desk.queue("b@example.com", **facts)
    assert second is not None and desk.rows()[second].copy_number == 2
    desk.send()
    with desk.open() as unit:
        third = actions.resend_message(unit, second)
    assert desk.rows()[third].copy_number == 3 and desk.send().sent == 1
    with pytest.raises(AppError), desk.open() as unit:
        actions.resend_message(unit, first)


def test_held_messages_stay_and_go_when_released(desk: Desk) -> None:
    (message,) = desk.queue("b@example.com")
    with desk.open() as unit:
        assert actions.decide_messages(unit, [message], "hold") == 1
    assert desk.send().handled == 0
    with desk.open() as unit:
        assert actions.decide_messages(unit, [message], "was_sent") == 0
        assert actions.decide_messages(unit, [message], "release") == 1
    assert desk.send().sent == 1


def test_stopping_leaves_the_rest_in_the_queue(desk: Desk) -> None:
    desk.queue(*(f"c{number}@example.com" for number in range(5)))
    done = desk.send(should_stop=lambda: len(desk.office.received) >= 2)
    assert done.sent == 2
    assert sorted(row.state for row in desk.rows().values()) == ["queued"] * 3 + ["sent"] * 2


def test_the_provider_s_notices_settle_an_uncertain_message_and_move_no_other(desk: Desk) -> None:
    desk.office.on_text = "drop"
    uncertain, waiting = desk.queue("b@example.com", "c@example.com")
    desk.office.refuse = {"c@example.com": "452 piena"}
    desk.send()
    with desk.house.owner() as owner:
        names = dict(owner.execute("select outbox_message_id, header_id from base.outbox_message").fetchall())
    when = datetime.datetime(2026, 3, 1, 10, tzinfo=datetime.UTC)
    notices = [
        Notice(names[uncertain], "accettazione", when),
        Notice(names[waiting], "accettazione", when),
        Notice("<altro@x>", "accettazione", when),
    ]
    for _ in range(2):
        with desk.open() as unit:
            assert actions.keep_notices(unit, notices) == 1
    assert (desk.state(uncertain), desk.state(waiting)) == ("sent", "queued")
    with desk.open() as unit:
        assert actions.keep_notices(unit, [Notice(names[uncertain], "errore-consegna", when, "casella inesistente")]) == 1
    row = desk.rows()[uncertain]
    assert (row.state, row.reply, row.accepted_at) == ("failed", "casella inesistente", when)


def test_rates_are_kept(desk: Desk) -> None:
    desk.sql("update base.mail_account set most_per_minute = 60, row_version = row_version + 1")
    desk.queue("a@example.com", "b@example.com", "c@example.com")
    pauses: list[float] = []
    sender.send_due(desk.open, context=desk.trust.client, pause=pauses.append)
    assert len(pauses) == 3 and all(0.5 < one <= 1 for one in pauses)


def test_whoever_may_not_send_neither_queues_nor_decides(house: House, desk: Desk) -> None:
    desk.queue("b@example.com")
    session = house.log_in("rita.revisore")
    try:
        for work in (
            lambda unit: actions.queue_messages(unit, [NewMessage("base.letter", "x@example.com", "", "S", "T")]),
            lambda unit: actions.claim_message(unit, ORDINARY),
            lambda unit: actions.decide_messages(unit, [1], "cancel"),
        ):
            with pytest.raises(NotAllowed), session.database.unit_of_work(1) as unit:
                work(unit)
    finally:
        session.close()


def test_a_file_for_the_exchange_system_is_not_queued_by_hand(desk: Desk) -> None:
    with pytest.raises(NotAllowed), desk.open() as unit:
        actions.queue_messages(unit, [NewMessage("billing.pec", "x@example.com", "", "Invio", "T")])


def test_sending_many_needs_no_more_time_than_the_server_takes(desk: Desk) -> None:
    desk.queue(*(f"c{number}@example.com" for number in range(60)))
    began = time.monotonic()
    assert desk.send().sent == 60
    assert time.monotonic() - began < 20
