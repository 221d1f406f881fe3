"""Files go out, receipts come back in any order, twice, about lots; nothing is lost and nothing counts twice."""

from __future__ import annotations

import itertools
import pathlib
import zipfile

import pytest

from cms_desktop.core.errors import AlreadyDone, AppError, InvalidInput, NotAllowed
from cms_desktop.core.listing import ListQuery
from cms_desktop.modules.billing import actions, queries
from cms_desktop.modules.billing.sdi import exchange
from cms_desktop.modules.billing.sdi.records import IncomingFile
from tests.house import House
from tests.modules.billing.conftest import Desk
from tests.modules.billing.sdi.letters import letter
from tests.modules.billing.world import World

REFUSAL = "<ListaErrori><Errore><Codice>00305</Codice><Descrizione>IdFiscaleIVA non valido</Descrizione></Errore></ListaErrori>"
ACCEPTED = "<EsitoCommittente><Esito>EC01</Esito></EsitoCommittente>"


@pytest.fixture
def sent(desk: Desk, world: World, tmp_path: pathlib.Path) -> list[str]:
    """Three files that left the house; their names."""
    for name in ("Alfa", "Beta", "Gamma"):
        world.simple(name)
    run = desk.bill()
    desk.ask(actions.make_files, run)
    ready = desk.ask(queries.list_ready_files, run)
    out = tmp_path / "out"
    out.mkdir()
    desk.ask(actions.export_files, out, ready)
    return sorted(path.name for path in out.iterdir())


def _state(world: World, file: str) -> str:
    return world.value("select state from billing.transmission where company_id = 1 and file_name = %s", file)


def _receive(desk: Desk, *letters: bytes, name: str = "r.xml") -> exchange.Received:
    return desk.ask(exchange.receive, [IncomingFile(f"{n}_{name}", one) for n, one in enumerate(letters)])


def test_a_receipt_moves_its_transmission_and_is_kept_as_it_came(desk: Desk, world: World, sent: list[str]) -> None:
    content = letter("b2b", "RicevutaConsegna", sent[0], identifier="4711")
    received = _receive(desk, content)
    assert (received.new, received.known, received.unmatched, received.not_read) == (1, 0, 0, ())
    assert [_state(world, name) for name in sent] == ["delivered", "sent", "sent"]
    kept = world.owner.execute(
        "select kind, channel, sdi_message.content, t.sdi_identifier from billing.sdi_message join billing.transmission as t using (company_id, transmission_id)"
    )
    assert kept.fetchall() == [("RC", "b2b", content, "4711")]


def test_the_same_receipt_read_again_counts_once(desk: Desk, world: World, sent: list[str]) -> None:
    content = letter("b2b", "RicevutaConsegna", sent[0])
    _receive(desk, content)
    again = _receive(desk, content, content)
    assert (again.new, again.known) == (0, 2)
    assert world.value("select count(*) from billing.sdi_message") == 1


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_receipts_in_any_order_end_in_the_same_state(desk: Desk, world: World, sent: list[str], order: tuple[int, ...]) -> None:
    letters = [
        letter("pa", "NotificaMancataConsegna", sent[0]),
        letter("pa", "RicevutaConsegna", sent[0]),
        letter("pa", "NotificaEsito", sent[0], ACCEPTED),
    ]
    for place in order:
        _receive(desk, letters[place])
    assert _state(world, sent[0]) == "accepted"


def test_a_receipt_about_a_signed_name_finds_its_file(desk: Desk, world: World, sent: list[str]) -> None:
    _receive(desk, letter("pa", "RicevutaConsegna", sent[1] + ".p7m"))
    assert _state(world, sent[1]) == "delivered"


def test_a_receipt_about_no_file_of_ours_is_kept_apart_and_finds_its_place_later(desk: Desk, world: World, sent: list[str]) -> None:
    """Read in the wrong company or before the file was marked sent."""
    world.owner.execute("update billing.transmission set state = 'ready' where file_name = %s", [sent[0]])
    early = letter("b2b", "RicevutaConsegna", sent[0])
    assert _receive(desk, early).unmatched == 1
    world.owner.execute("update billing.transmission set state = 'sent' where file_name = %s", [sent[0]])
    assert _receive(desk, early).unmatched == 0
    assert _state(world, sent[0]) == "delivered"
    assert world.value("select count(*) from billing.sdi_message") == 1


def test_a_refused_invoice_is_mended_and_goes_again_with_the_same_number_under_a_new_name(
    desk: Desk, world: World, sent: list[str]
) -> None:
    _receive(desk, letter("b2b", "RicevutaScarto", sent[0], REFUSAL))
    invoice, customer, number = world.owner.execute(
        "select invoice_id, customer_id, document_number from billing.invoice join billing.transmission using (company_id, invoice_id) where file_name = %s",
        [sent[0]],
    ).fetchone()
    world.owner.execute(
        "update registry.party set street = 'Via Nuova', row_version = row_version + 1 where company_id = 1 and party_id = %s", [customer]
    )
    desk.ask(exchange.mend_buyer, invoice)
    run = world.value("select billing_run_id from billing.invoice where invoice_id = %s", invoice)
    made = desk.ask(actions.make_files, run, [invoice])
    assert made.made == 1
    name, content = desk.ask(queries.find_file, invoice)
    assert name not in sent and b"Via Nuova" in content and number.encode() in content
    with pytest.raises(InvalidInput) as told:
        desk.ask(exchange.mend_buyer, invoice)
    assert told.value.key == "not_refused"


def test_nobody_changes_more_than_the_buyer_of_a_refused_invoice(desk: Desk, world: World, sent: list[str]) -> None:
    _receive(desk, letter("b2b", "RicevutaScarto", sent[0], REFUSAL))
    with pytest.raises(Exception, match="issued_is_final"):
        world.owner.execute(
            "update billing.invoice set net_amount = net_amount + 1, total_amount = total_amount + 1 from billing.transmission as t "
            "where t.invoice_id = invoice.invoice_id and t.file_name = %s",
            [sent[0]],
        )
    with pytest.raises(Exception, match="issued_is_final"):
        world.owner.execute(
            'update billing.invoice set buyer = buyer || \'{"name": "x"}\' from billing.transmission as t where t.invoice_id = invoice.invoice_id and t.file_name = %s',
            [sent[1]],
        )


def test_files_leave_in_lots_whose_receipt_speaks_of_each(desk: Desk, world: World, tmp_path: pathlib.Path) -> None:
    for name in ("Alfa", "Beta", "Gamma"):
        world.simple(name)
    run = desk.bill()
    desk.ask(actions.make_files, run)
    ready = desk.ask(queries.list_ready_files, run)
    [lot] = desk.ask(exchange.export_lots, tmp_path, ready)
    with zipfile.ZipFile(lot) as archive:
        names = archive.namelist()
        assert archive.read(names[0]).startswith(b"<?xml") and len(names) == 3
    assert lot.suffix == ".zip" and lot.stem.rpartition("_")[2] not in {pathlib.Path(name).stem.rpartition("_")[2] for name in names}
    with pytest.raises(AlreadyDone):
        desk.ask(exchange.export_lots, tmp_path, ready)
    assert len(list(tmp_path.iterdir())) == 1
    received = _receive(desk, letter("b2b", "RicevutaScarto", lot.name, REFUSAL))
    assert received.new == 1
    assert {_state(world, name) for name in names} == {"rejected"}


def test_a_folder_is_read_and_what_was_read_is_put_aside(desk: Desk, world: World, sent: list[str], tmp_path: pathlib.Path) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    (inbox / "a.xml").write_bytes(letter("b2b", "RicevutaConsegna", sent[0]))
    with zipfile.ZipFile(inbox / "b.zip", "w") as archive:
        archive.writestr("RC.xml", letter("b2b", "RicevutaConsegna", sent[1]))
    (inbox / "c.xml").write_bytes(b"<html/>")
    (inbox / "leggimi.txt").write_text("no")
    received = desk.ask(exchange.read_folder, inbox)
    assert (received.new, [one.name for one in received.not_read]) == (2, ["c.xml"])
    assert exchange.put_aside(inbox, received) == 2
    assert sorted(path.name for path in inbox.iterdir()) == ["c.xml", "leggimi.txt", "lette"]
    with pytest.raises(InvalidInput):
        desk.ask(exchange.read_folder, tmp_path / "nowhere")


def test_only_who_may_send_reads_receipts_and_only_of_the_own_company(house: House, desk: Desk, world: World, sent: list[str]) -> None:
    content = letter("b2b", "RicevutaConsegna", sent[0])
    for login, company in (("rita.revisore", 1), ("bruno.estraneo", 1)):
        session = house.log_in(login)
        with pytest.raises(NotAllowed), session.database.unit_of_work(company) as unit:
            exchange.receive(unit, [IncomingFile("r.xml", content)])
        session.close()
    dora = house.log_in("dora.doppia")  # may send in both, but the file is of the first
    with dora.database.unit_of_work(2) as unit:
        assert exchange.receive(unit, [IncomingFile("r.xml", content)]).unmatched == 1
    dora.close()
    assert _state(world, sent[0]) == "sent"


def test_forged_facts_are_refused_by_the_database(house: House, desk: Desk, sent: list[str]) -> None:
    with house.person("marta.bellini") as connection:
        for fact in ('{"kind": "XX"}', '{"kind": "RC", "channel": "pa", "file_name": "a", "state": "delivered"}'):
            with pytest.raises(Exception, match=r"violates|null value"):
                connection.execute("select billing.receive_messages(1, array['a'], array['x'::bytea], array[%s::jsonb])", [fact])
        with pytest.raises(Exception, match="permission denied"):
            connection.execute("update billing.transmission set state = 'delivered'")


def test_a_run_with_answered_files_is_never_undone(desk: Desk, world: World, sent: list[str]) -> None:
    _receive(desk, letter("b2b", "RicevutaScarto", sent[0], REFUSAL))
    run = world.value("select max(billing_run_id) from billing.invoice")
    with pytest.raises(AppError) as told:
        desk.ask(actions.undo_run, run)
    assert told.value.key == "run_cannot_be_undone"
    assert desk.ask(queries.list_invoices, ListQuery()).rows
