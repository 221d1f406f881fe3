"""Courtesy copies: who gets one, in which language, and never against a refusal."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pypdf import PdfReader

from cms_desktop.core.errors import Cancelled
from cms_desktop.core.listing import ListQuery
from cms_desktop.modules.base.mail import actions as mail
from cms_desktop.modules.base.mail import queries as outbox
from cms_desktop.modules.base.mail import sender
from cms_desktop.modules.billing import queries
from cms_desktop.modules.billing.delivery import courtesy
from tests.modules.base.mail.peers import Certificates, PostOffice
from tests.modules.billing.conftest import Desk
from tests.modules.billing.world import World

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")


def _customer(world: World, name: str, delivery: str = "mail", **party: Any) -> int:
    customer, _, _ = world.simple(name, **party)
    world.owner.execute(
        "update customers.customer set invoice_delivery = %s, row_version = row_version + 1 where customer_id = %s", (delivery, customer)
    )
    return customer


def _queue(desk: Desk, **more: Any) -> Any:
    run = desk.bill()
    ids = desk.ask(queries.list_invoice_ids, run)
    with desk.unit() as unit:
        return ids, courtesy.queue_copies(unit, ids, **more)


def _rows(desk: Desk) -> dict[str, Any]:
    return {row.recipient_name: row for row in desk.ask(outbox.list_outbox, ListQuery()).rows}


def test_copies_go_to_who_asked_for_them_at_the_address_of_the_record(desk: Desk, world: World) -> None:
    _customer(world, "Alfa", email="alfa@example.com")
    beta = _customer(world, "Beta", email="beta@example.com")
    world.owner.execute(
        "update customers.customer set delivery_email = 'fatture@beta.example.com', row_version = row_version + 1 where customer_id = %s",
        (beta,),
    )
    gamma = _customer(world, "Gamma", email="gamma@example.com")
    world.owner.execute(
        "insert into registry.contact_person (company_id, party_id, name, email, acts_for) values (1, %s, 'Gina', 'gina@gamma.example.com', '{receive_invoices}')",
        (gamma,),
    )
    _customer(world, "Delta", "pec", pec="delta@pec.example.com")
    _customer(world, "Nessuna", "none", email="nessuna@example.com")
    _customer(world, "Muta")
    ids, made = _queue(desk)
    assert (made.queued, made.skipped) == (4, {"not_wanted": 1, "no_address": 1})
    found = {name: (row.recipient, row.kind) for name, row in _rows(desk).items()}
    assert {name: address for name, (address, _) in found.items()} == {
        "Alfa": "alfa@example.com", "Beta": "fatture@beta.example.com", "Gamma": "gina@gamma.example.com", "Delta": "delta@pec.example.com",
    }  # fmt: skip
    with desk.unit() as unit:
        again = courtesy.queue_copies(unit, ids, even_unasked=True)
    assert (again.queued, again.skipped) == (1, {"already": 4, "no_address": 1})


def test_a_refusal_of_mail_is_kept_even_when_somebody_insists(desk: Desk, world: World) -> None:
    customer = _customer(world, "Alfa", email="alfa@example.com")
    world.owner.execute("insert into registry.refusal (company_id, party_id, channel) values (1, %s, 'email')", (customer,))
    ids, made = _queue(desk, even_unasked=True)
    assert (made.queued, made.skipped) == (0, {"refused": 1})
    with desk.unit() as unit:  # nor by calling the server oneself
        assert unit.call("billing.queue_courtesy", ids, ["S"], ["T"], ["a.pdf"], [b"%PDF"], True) == 0
    world.owner.execute("update registry.refusal set withdrawn_on = current_date, row_version = row_version + 1")
    with desk.unit() as unit:
        assert courtesy.queue_copies(unit, ids).queued == 1


@pytest.mark.parametrize(("language", "title", "greeting"), [("it", "Fattura", "Spettabile Alfa"), ("en", "Invoice", "Dear Alfa"),
                                                             ("de", "Rechnung", "Sehr geehrte"), ("fr", "Facture", "Madame")])  # fmt: skip
def test_letter_and_paper_are_in_the_customer_s_language(desk: Desk, world: World, language: str, title: str, greeting: str) -> None:
    _customer(world, "Alfa", email="alfa@example.com", language=language)
    _queue(desk)
    row = _rows(desk)["Alfa"]
    (file,) = desk.ask(outbox.find_attachments, row.message_id)
    body = desk.ask(outbox.find_body, row.message_id)
    assert title in row.subject and greeting in body and "{" not in body and "122,00" in body
    assert title in PdfReader(io.BytesIO(file.content)).pages[0].extract_text() and file.name.endswith(".pdf")


def test_a_copy_arrives(desk: Desk, world: World, office: PostOffice, trust: Certificates, accounts: None) -> None:
    _customer(world, "Alfa", email="alfa@example.com")
    _queue(desk)
    assert sender.send_due(desk.unit, context=trust.client, pause=lambda _s: None).sent == 1
    (got,) = office.received
    assert got["To"] == "Alfa <alfa@example.com>"
    (pdf,) = [part.get_payload(decode=True) for part in got.walk() if part.get_filename()]
    assert pdf.startswith(b"%PDF-")
    with desk.unit() as unit:
        mail.resend_message(unit, _rows(desk)["Alfa"].message_id)
    assert sender.send_due(desk.unit, context=trust.client, pause=lambda _s: None).sent == 1


def test_a_cancelled_run_of_copies_queues_none(desk: Desk, world: World) -> None:
    for number in range(60):
        _customer(world, f"Cliente {number:02}", email=f"c{number}@example.com")
    run = desk.bill()
    ids = desk.ask(queries.list_invoice_ids, run)
    told: list[tuple[int, int, str]] = []

    def work(unit: Any) -> None:
        unit.on_progress = lambda *words: told.append(words)
        courtesy.queue_copies(unit, ids, should_stop=lambda: bool(told))

    with pytest.raises(Cancelled):
        desk.ask(work)
    assert told == [(50, 60, "copies")] and _rows(desk) == {}
    assert desk.ask(courtesy.queue_copies, ids).queued == 60
