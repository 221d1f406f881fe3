"""Files leave by certified mail and answers come back by the mailbox, over real servers."""

from __future__ import annotations

import email
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from cms_desktop.core.errors import AlreadyDone, AppError, InvalidInput
from cms_desktop.core.listing import ListQuery
from cms_desktop.modules.base.mail import actions as mail
from cms_desktop.modules.base.mail import queries as outbox
from cms_desktop.modules.base.mail import sender
from cms_desktop.modules.billing import actions, queries
from cms_desktop.modules.billing.delivery import pec, receive
from cms_desktop.modules.billing.delivery.records import MailRead
from tests.modules.base.mail.peers import Certificates, MailShop, PostOffice
from tests.modules.billing.conftest import Desk
from tests.modules.billing.delivery.mails import answer, notice, ordinary
from tests.modules.billing.sdi.letters import letter
from tests.modules.billing.world import World

pytestmark = [pytest.mark.filterwarnings("ignore:Requiring AUTH"), pytest.mark.usefixtures("accounts")]
Setting = Callable[[str, str], None]


def _send(desk: Desk, trust: Certificates) -> Any:
    return sender.send_due(desk.unit, context=trust.client, pause=lambda _s: None)


def _read(desk: Desk, trust: Certificates) -> MailRead:
    return receive.read_mailboxes(desk.unit, context=trust.client)


def _files(world: World) -> list[tuple[str, str]]:
    return world.owner.execute("select file_name, state from billing.transmission order by file_name").fetchall()  # type: ignore[return-value]


def test_each_file_leaves_in_a_certified_mail_to_the_exchange_system(
    desk: Desk, world: World, office: PostOffice, trust: Certificates, ready: list[int], setting: Setting
) -> None:
    setting("sdi_channel", '"pec"')
    left = desk.ask(pec.queue_by_pec, ready)
    assert (left.count, left.messages, left.refused) == (3, 3, ())
    assert {state for _, state in _files(world)} == {"queued"}
    assert _send(desk, trust).sent == 3
    assert office.recipients == ["sdi01@pec.fatturapa.it"] * 3
    assert {state for _, state in _files(world)} == {"sent"}
    sent = {part.get_filename(): part.get_payload(decode=True) for one in office.received for part in one.walk() if part.get_filename()}
    assert sent == dict(world.owner.execute("select file_name, content from billing.transmission").fetchall())


def test_a_lot_is_one_mail_and_its_receipts_find_each_file(
    desk: Desk, world: World, office: PostOffice, trust: Certificates, ready: list[int], setting: Setting
) -> None:
    setting("sdi_channel", '"pec"')
    setting("sdi_lot_files", "2")
    left = desk.ask(pec.queue_by_pec, ready)
    assert (left.count, left.messages) == (3, 2)
    _send(desk, trust)
    names = [part.get_filename() for one in office.received for part in one.walk() if part.get_filename()]
    assert sorted(name.rsplit(".", 1)[1] for name in names) == ["xml", "zip"]
    (lot,) = [
        part.get_payload(decode=True) for one in office.received for part in one.walk() if (part.get_filename() or "").endswith(".zip")
    ]
    assert len(zipfile.ZipFile(io.BytesIO(lot)).namelist()) == 2
    assert {state for _, state in _files(world)} == {"sent"}


def test_the_channel_is_the_company_s_and_the_address_is_not_the_caller_s(desk: Desk, ready: list[int], setting: Setting) -> None:
    with pytest.raises(InvalidInput, match="PEC"):
        desk.ask(pec.queue_by_pec, ready)
    setting("sdi_channel", '"pec"')
    setting("sdi_pec_address", '"sdi22@pec.fatturapa.it"')
    desk.ask(pec.queue_by_pec, ready)
    rows = desk.ask(outbox.list_outbox, ListQuery()).rows
    assert {row.recipient for row in rows} == {"sdi22@pec.fatturapa.it"}
    with pytest.raises(AppError):
        desk.ask(pec.queue_by_pec, ready)


def test_a_file_is_taken_once_and_comes_back_when_its_message_is_given_up(
    desk: Desk, world: World, ready: list[int], setting: Setting
) -> None:
    setting("sdi_channel", '"pec"')
    desk.ask(pec.queue_by_pec, ready[:2])
    with pytest.raises(AlreadyDone):
        desk.ask(pec.queue_by_pec, ready)
    messages = [row.message_id for row in desk.ask(outbox.list_outbox, ListQuery()).rows]
    assert desk.ask(mail.decide_messages, messages, "cancel") == 2
    assert {state for _, state in _files(world)} == {"ready"}
    assert desk.ask(pec.queue_by_pec, ready).count == 3


def test_a_run_with_files_in_the_outbox_is_not_undone(desk: Desk, world: World, ready: list[int], setting: Setting) -> None:
    setting("sdi_channel", '"pec"')
    desk.ask(pec.queue_by_pec, ready)
    run = world.value("select max(billing_run_id) from billing.billing_run")
    with pytest.raises(InvalidInput, match="annullare"):
        desk.ask(actions.undo_run, run)


def test_a_refused_invoice_goes_again_under_a_new_name(
    desk: Desk, world: World, shop: MailShop, trust: Certificates, ready: list[int], setting: Setting
) -> None:
    setting("sdi_channel", '"pec"')
    desk.ask(pec.queue_by_pec, ready)
    _send(desk, trust)
    first, _ = _files(world)[0]
    refusal = "<ListaErrori><Errore><Codice>00305</Codice><Descrizione>IdFiscaleIVA non valido</Descrizione></Errore></ListaErrori>"
    shop.put(answer("r_NS_001.xml", letter("b2b", "RicevutaScarto", first, refusal)))
    assert _read(desk, trust).receipts == 1
    invoice = world.value("select invoice_id from billing.transmission where state = 'rejected'")
    assert desk.ask(actions.make_files, 0, [invoice]).made == 1
    assert desk.ask(pec.queue_by_pec, desk.ask(queries.list_ready_files)).count == 1
    assert _send(desk, trust).sent == 1
    names = [name for name, _ in _files(world)]
    assert len(names) == len(set(names)) == 4


def test_answers_are_read_once_and_the_assigned_address_is_learnt(
    desk: Desk, world: World, shop: MailShop, trust: Certificates, ready: list[int], setting: Setting
) -> None:
    setting("sdi_channel", '"pec"')
    desk.ask(pec.queue_by_pec, ready)
    _send(desk, trust)
    names = [name for name, _ in _files(world)]
    headers = [one for (one,) in world.owner.execute("select header_id from base.outbox_message order by outbox_message_id").fetchall()]
    invoice = world.value("select content from billing.transmission where file_name = %s", names[0])
    ours = [
        shop.put(notice("accettazione", headers[0])),
        shop.put(notice("avvenuta-consegna", headers[0], sent=ordinary("Invio", (names[0], invoice)))),
        shop.put(answer(names[0].replace(".xml", "_RC_001.xml"), letter("b2b", "RicevutaConsegna", names[0]))),
        shop.put(answer(names[1].replace(".xml", "_MC_001.xml"), letter("b2b", "RicevutaImpossibilitaRecapito", names[1]))),
    ]
    strangers = [
        shop.put(ordinary()),
        shop.put(ordinary("Ricevuta falsa", (names[2].replace(".xml", "_NS_001.xml"), letter("b2b", "RicevutaScarto", names[2])))),
        shop.put(answer("r.xml", letter("b2b", "RicevutaScarto", names[2]), sender="sdi07@pec.fatturapa.it.example.com")),
        shop.put(answer("r.xml", letter("b2b", "RicevutaScarto", names[2]), trasporto="errore")),
        shop.put(answer("IT01234567890_00001.xml", invoice)),
        shop.put(b"\xff\xfe niente di leggibile"),
    ]
    read = _read(desk, trust)
    assert (read.receipts, read.notices, read.unknown, read.sdi_address) == (2, 1, len(strangers), "sdi07@pec.fatturapa.it")
    assert [state for _, state in _files(world)] == ["delivered", "undeliverable", "sent"]
    assert shop.seen == set(ours), "unknown mail is left untouched"
    row = next(one for one in desk.ask(outbox.list_outbox, ListQuery()).rows if one.accepted_at is not None)
    assert row.delivered_at is not None
    assert world.value("select value #>> '{}' from base.parameter where key = 'sdi_pec_address'") == "sdi07@pec.fatturapa.it"

    before = len(shop.commands)
    assert _read(desk, trust) == MailRead()
    assert not any("BODY" in order for order in shop.commands[before:]), "what was read is not fetched again"
    shop.validity += 1  # the server numbers anew: everything is read again, and nothing counts twice
    again = _read(desk, trust)
    assert (again.receipts, again.known) == (0, 2)
    assert [state for _, state in _files(world)] == ["delivered", "undeliverable", "sent"]


def test_a_delivery_that_failed_puts_the_file_back_into_the_outbox(
    desk: Desk, world: World, shop: MailShop, trust: Certificates, ready: list[int], setting: Setting
) -> None:
    setting("sdi_channel", '"pec"')
    desk.ask(pec.queue_by_pec, ready[:1])
    _send(desk, trust)
    header = world.value("select header_id from base.outbox_message")
    shop.put(notice("errore-consegna", header, why="casella piena"))
    assert _read(desk, trust).notices == 1
    (row,) = desk.ask(outbox.list_outbox, ListQuery()).rows
    assert (row.state, row.reply) == ("failed", "casella piena")
    assert _files(world)[0][1] == "queued"
    desk.ask(mail.decide_messages, [row.message_id], "retry")
    assert _send(desk, trust).sent == 1 and _files(world)[0][1] == "sent"


def test_an_uncertain_file_is_settled_by_the_notice_of_the_provider(
    desk: Desk, world: World, office: PostOffice, shop: MailShop, trust: Certificates, ready: list[int], setting: Setting
) -> None:
    setting("sdi_channel", '"pec"')
    office.on_text = "drop"
    desk.ask(pec.queue_by_pec, ready[:1])
    assert _send(desk, trust).uncertain == 1 and _files(world)[0][1] == "queued"
    shop.put(notice("accettazione", str(office.received[0]["Message-ID"])))
    _read(desk, trust)
    assert _files(world)[0][1] == "sent"


def test_a_wrong_password_of_the_mailbox_is_said(
    desk: Desk, trust: Certificates, shop: MailShop, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = world.value("select mail_account_id from base.mail_account where purpose = 'pec'")
    monkeypatch.setenv(f"CMS_MAIL_PASSWORD_{number}", "sbagliata")
    with pytest.raises(InvalidInput, match="non accetta utente e password"):
        _read(desk, trust)
    monkeypatch.delenv(f"CMS_MAIL_PASSWORD_{number}")
    with pytest.raises(InvalidInput, match="manca la password"):
        _read(desk, trust)


def test_our_own_mail_is_well_formed(office: PostOffice, desk: Desk, trust: Certificates, ready: list[int], setting: Setting) -> None:
    setting("sdi_channel", '"pec"')
    desk.ask(pec.queue_by_pec, ready[:1])
    _send(desk, trust)
    (sent,) = office.received
    assert sent.defects == [] and email.utils.parsedate_to_datetime(sent["Date"]).tzinfo is not None
