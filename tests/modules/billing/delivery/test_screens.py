"""A clerk checks, sends and looks after what left, by the keys and buttons of the dock, over real servers."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cms_desktop.db.login import LoginSession
from cms_desktop.modules.billing.editor import outbox_page
from cms_desktop.modules.billing.editor.outbox_page import OutboxPage
from cms_desktop.modules.billing.editor.send_check_page import SendCheckPage
from tests.modules.base.mail.peers import Certificates, MailShop, PostOffice
from tests.modules.billing.conftest import Desk
from tests.modules.billing.delivery.mails import answer
from tests.modules.billing.screen import Screen
from tests.modules.billing.sdi.letters import letter
from tests.modules.billing.world import World

pytestmark = [pytest.mark.filterwarnings("ignore:Requiring AUTH"), pytest.mark.usefixtures("accounts")]


@pytest.fixture
def screen(
    qtbot: QtBot, marta: LoginSession, tmp_path: pathlib.Path, trust: Certificates, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Screen]:
    monkeypatch.setenv("SSL_CERT_FILE", str(trust.file))  # who this machine trusts
    made = Screen(qtbot, marta, tmp_path)
    yield made
    made.close()
    assert made.errors == []


def _states(world: World) -> list[str]:
    return [one for (one,) in world.owner.execute("select state from billing.transmission order by file_name").fetchall()]


def _check(screen: Screen) -> SendCheckPage:
    page = screen.dock.page("to_send")
    assert isinstance(page, SendCheckPage)
    return page


def _outbox(screen: Screen) -> OutboxPage:
    page = screen.dock.page("outbox")
    assert isinstance(page, OutboxPage)
    return page


def _press(screen: Screen, one: object) -> None:
    screen.qtbot.mouseClick(one, Qt.MouseButton.LeftButton)
    screen.settle()


def test_from_the_check_to_the_receipt(
    screen: Screen, world: World, office: PostOffice, shop: MailShop, ready: list[int], setting: Callable[[str, str], None]
) -> None:
    setting("sdi_channel", '"pec"')
    screen.workplace.commands.run("billing.check_sending")
    screen.settle()
    page = _check(screen)
    assert page.found is not None and (page.found.ready, page.found.wrong) == (3, 0)
    assert page.tiles.tiles["ready"].count() == "3" and len(page.table.model.rows) == 3
    _press(screen, page.pec_button)
    assert _states(world) == ["queued"] * 3 and "3 file in uscita" in screen.said[-1][1]
    screen.workplace.commands.run("billing.send_now")
    screen.wait(lambda: len(office.received) == 3)
    screen.settle()
    assert _states(world) == ["sent"] * 3 and "3 messaggi inviati" in screen.said[-1][1]
    outbox = _outbox(screen)
    assert outbox.tiles.tiles["sent"].count() == "3" and len(outbox.page.table.model.rows) == 3
    name = world.value("select min(file_name) from billing.transmission")
    shop.put(answer(name.replace(".xml", "_RC_001.xml"), letter("b2b", "RicevutaConsegna", name)))
    screen.workplace.commands.run("billing.read_mailbox")
    screen.settle()
    assert "1 ricevuta nuova" in screen.said[-1][1] and _states(world)[0] == "delivered"


def test_what_did_not_leave_says_why_and_is_mended(
    screen: Screen, world: World, office: PostOffice, ready: list[int], setting: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    setting("sdi_channel", '"pec"')
    office.refuse = {"sdi01@pec.fatturapa.it": "550 5.1.1 <b>sconosciuto</b>"}
    screen.open("to_send")
    _press(screen, _check(screen).pec_button)
    screen.workplace.commands.run("billing.send_now")
    screen.settle()
    page = _outbox(screen)
    assert page.tiles.tiles["failed"].count() == "3"
    _press(screen, page.tiles.tiles["failed"])
    rows = page.page.table.model.rows
    assert [one.state for one in rows] == ["failed"] * 3
    page.page.table.select(rows[0].message_id)
    screen.settle()
    detail = page.detail
    assert detail.buttons["retry"].isVisible() and not detail.buttons["resend"].isVisible()
    assert "&lt;b&gt;sconosciuto" in detail.message.text(), "the words of a server are text, never markup"
    office.refuse = {}
    _press(screen, detail.buttons["retry"])
    screen.workplace.commands.run("billing.send_now")
    screen.settle()
    assert len(office.received) == 1 and sorted(_states(world)) == ["queued", "queued", "sent"]


def test_an_uncertain_message_is_sent_again_only_after_a_question(
    screen: Screen, world: World, office: PostOffice, ready: list[int], setting: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    setting("sdi_channel", '"pec"')
    office.on_text = "drop"
    screen.open("to_send")
    _press(screen, _check(screen).pec_button)
    screen.workplace.commands.run("billing.send_now")
    screen.settle()
    page = _outbox(screen)
    page.page.table.select(page.page.table.model.rows[0].message_id)
    screen.settle()
    asked: list[str] = []
    monkeypatch.setattr(outbox_page, "ask", lambda _owner, _title, words, *_more, **_k: bool(asked.append(words)))
    _press(screen, page.detail.buttons["retry"])
    assert asked and "SdI" in asked[0]
    assert world.value("select count(*) from base.outbox_message where state = 'uncertain'") == 3
    _press(screen, page.detail.buttons["was_sent"])
    assert sorted(_states(world)) == ["queued", "queued", "sent"]


def test_copies_of_the_chosen_invoices(screen: Screen, world: World, desk: Desk, office: PostOffice) -> None:
    world.simple("Alfa", email="alfa@example.com")
    world.simple("Beta")
    desk.bill()
    screen.open("invoices")
    page = screen.dock.invoices.page
    page.table.select(next(one.invoice_id for one in page.table.model.rows if one.customer == "Alfa"))
    screen.workplace.commands.run("billing.queue_copies")
    screen.settle()
    assert "1 copia in uscita" in screen.said[-1][1]
    screen.workplace.commands.run("billing.send_now")
    screen.settle()
    assert [one["To"] for one in office.received] == ["Alfa <alfa@example.com>"]


def test_an_empty_outbox_says_what_to_do(screen: Screen) -> None:
    screen.open("outbox")
    assert _outbox(screen).page.table.model.rows == []
    screen.open("to_send")
    assert _check(screen).rows.currentIndex() == 1 and not _check(screen).folder_button.isEnabled()
