"""From issued invoices to files: FatturaPA, the folder of the intermediary, paper."""

from __future__ import annotations

import datetime
import pathlib
from decimal import Decimal

import pytest
from lxml import etree
from pypdf import PdfReader

from cms_desktop.core.errors import AlreadyDone, Cancelled, InvalidInput, NotAllowed
from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.modules.billing import actions, queries
from tests.house import House
from tests.modules.billing.conftest import Desk
from tests.modules.billing.schema import assert_valid
from tests.modules.billing.world import World

D = datetime.date
ALL = ListQuery()


@pytest.fixture
def run(desk: Desk, world: World) -> int:
    """An issued run with a company, a private person and a public body."""
    world.simple("Alfa S.r.l.", "123.45", term="RB306090")
    world.simple(
        "Rossi Maria", kind="person", first_name="Maria", last_name="Rossi", vat_number=None, tax_code="RSSMRA80A41L219Q", recipient_code="",
        pec="maria@pec.example.it",
    )  # fmt: skip
    body = world.customer("Comune di Prova", kind="public_body", is_split_payment=True, recipient_code="UFABCD")
    world.service(world.contract(body, order_reference="OdA 7", cig_code="ZA12345678"), "50.00")
    return desk.bill()


def test_every_file_of_a_run_follows_the_official_schema(desk: Desk, run: int) -> None:
    made = desk.ask(actions.make_files, run)
    assert (made.made, made.failures) == (3, ())
    for invoice in desk.ask(queries.list_invoice_ids, run):
        name, content = desk.ask(queries.find_file, invoice)
        assert name.startswith("IT00488410010_")
        assert_valid(content)


def test_a_file_says_what_the_invoice_says(desk: Desk, run: int) -> None:
    desk.ask(actions.make_files, run)
    [row] = desk.ask(queries.list_invoices, ListQuery((Filter("customer", "contains", ("comune",)),))).rows
    tree = etree.fromstring(desk.ask(queries.find_file, row.invoice_id)[1])
    text = lambda tag: tree.findtext(f".//{tag}")
    assert (text("Numero"), text("CodiceDestinatario"), text("EsigibilitaIVA")) == (row.number, "UFABCD", "S")
    assert (text("ImportoTotaleDocumento"), text("ImportoPagamento"), text("CodiceCIG")) == ("61.00", "50.00", "ZA12345678")


def test_names_are_never_used_twice(desk: Desk, world: World, run: int) -> None:
    desk.ask(actions.make_files, run)
    desk.ask(actions.undo_run, run)
    names = set()
    again = desk.bill()
    desk.ask(actions.make_files, again)
    for row in desk.ask(queries.list_invoices, ALL).rows:
        names.add(row.file_name)
    assert len(names) == 3
    assert world.value("select last_number from base.counter where company_id = 1 and name = 'billing.file'") == 6


def test_what_fails_is_told_by_code_and_can_be_tried_alone(desk: Desk, world: World) -> None:
    world.simple("Alfa")
    world.simple("Senza CAP giusto", postal_code="1012X", country="DE", vat_number="123456788", vat_country="DE", recipient_code="")
    world.simple("Numero sbagliato", vat_number="12345678900")
    run = desk.bill()
    result = desk.ask(actions.make_files, run)
    assert result.made == 2
    [failure] = result.failures
    assert (failure.customer, failure.code) == ("Numero sbagliato", "00306") or failure.code.startswith("003")
    assert desk.ask(actions.make_files, run, [failure.invoice_id]).failures[0].invoice_id == failure.invoice_id
    assert desk.ask(queries.count_files, run).none == 1


def test_making_files_stops_when_asked_and_leaves_none(desk: Desk, run: int) -> None:
    with pytest.raises(Cancelled), desk.unit() as unit:
        actions.make_files(unit, run, should_stop=lambda: True)
    assert desk.ask(queries.count_files, run).ready == 0


def test_documents_come_with_one_query_a_table(desk: Desk, world: World) -> None:
    world.many(30)
    run = desk.bill()
    with desk.unit() as unit:
        ids = queries.list_invoice_ids(unit, run)
        seen: list[str] = []
        inner = unit.session.execute
        unit.session.execute = lambda *a, **k: seen.append("x") or inner(*a, **k)
        found = queries.invoice_documents(unit, ids)
        few = len(seen)
    assert len(found) == 30 and all(document.net == Decimal("23.00") for document in found)
    assert few == 9  # document, lines, VAT, due dates, withholdings, funds, references; company, bank


def test_exported_files_are_whole_marked_sent_and_bind_the_run(desk: Desk, run: int, tmp_path: pathlib.Path) -> None:
    desk.ask(actions.make_files, run)
    with desk.unit() as unit:
        assert actions.export_files(unit, tmp_path, queries.list_ready_files(unit, run)) == 3
    on_disk = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert on_disk == dict(desk.ask(queries.find_file, invoice) for invoice in desk.ask(queries.list_invoice_ids, run))
    assert desk.ask(queries.count_files, run).sent == 3
    with pytest.raises(InvalidInput) as refused:
        desk.ask(actions.undo_run, run)
    assert refused.value.values["obstacle"] == "sent"


def test_the_same_file_is_not_handed_over_twice(desk: Desk, run: int, tmp_path: pathlib.Path) -> None:
    desk.ask(actions.make_files, run)
    ready = desk.ask(queries.list_ready_files, run)
    desk.ask(actions.export_files, tmp_path, ready)
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(AlreadyDone):
        desk.ask(actions.export_files, other, ready)
    assert list(other.iterdir()) == []


def test_a_folder_that_cannot_be_written_marks_nothing(desk: Desk, run: int, tmp_path: pathlib.Path) -> None:
    desk.ask(actions.make_files, run)
    with pytest.raises(InvalidInput, match="Non riesco a scrivere"):
        desk.ask(actions.export_files, tmp_path / "missing", desk.ask(queries.list_ready_files, run))
    assert desk.ask(queries.count_files, run).ready == 3


def test_who_may_not_send_exports_nothing(desk: Desk, run: int, house: House, tmp_path: pathlib.Path) -> None:
    desk.ask(actions.make_files, run)
    ready = desk.ask(queries.list_ready_files, run)
    session = house.log_in("carlo.conti")
    with pytest.raises(NotAllowed), session.database.unit_of_work(1) as unit:
        actions.export_files(unit, tmp_path, ready)
    session.close()
    assert list(tmp_path.iterdir()) == []


def test_each_invoice_gets_its_pdf(desk: Desk, run: int, tmp_path: pathlib.Path) -> None:
    assert desk.ask(actions.save_pdfs, desk.ask(queries.list_invoice_ids, run), tmp_path) == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["V-2024-1.pdf", "V-2024-2.pdf", "V-2024-3.pdf"]
    words = PdfReader(tmp_path / "V-2024-1.pdf").pages[0].extract_text()
    assert "Alfa S.r.l." in words and "V 2024/1" in words
