"""Documents made by hand: saved, taxed, issued, credited, numbered without gaps; what is credited never exceeds what was invoiced."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from cms_desktop.core.errors import AlreadyDone, AppError, Conflict, InvalidInput
from cms_desktop.modules.billing import actions as billing
from cms_desktop.modules.billing.manual import actions, queries
from cms_desktop.modules.billing.manual.records import DocumentDraft, DraftLine, DraftReference, IssuedDocument
from tests.house import House
from tests.modules.billing.conftest import Desk
from tests.modules.billing.test_concurrency import together
from tests.modules.billing.world import World

D = datetime.date
DAY = D(2024, 6, 10)


def line(world: World, text: str = "Piantonamento", price: str = "100.00", quantity: str = "1", vat: str = "22", **more: Any) -> DraftLine:
    return DraftLine(text, Decimal(quantity), Decimal(price), world.vat(vat), **more)


def invoice(world: World, customer: int, *lines: DraftLine, kind: str = "TD01", **more: Any) -> DocumentDraft:
    return DocumentDraft(kind, more.pop("on", DAY), world.series(), customer_id=customer, lines=lines or (line(world),), **more)


def credit(desk: Desk, invoice_id: int, *lines: DraftLine, on: D = DAY, **more: Any) -> DocumentDraft:
    """A credit note of what is left of an invoice, or of these lines."""
    found = desk.ask(queries.find_creditable, invoice_id)
    return DocumentDraft(
        "TD04", on, desk.world.series(), customer_id=found.customer_id, lines=lines or tuple(
            DraftLine(one.description or "Storno", one.quantity, one.left_amount / one.quantity, one.vat_code_id, credited_invoice_id=invoice_id,
                      credited_line_no=one.line_no) for one in found.lines
        ), references=(DraftReference("invoice", invoice_id=invoice_id),), **more,
    )  # fmt: skip


def row(world: World, invoice_id: int, columns: str = "net_amount, vat_amount, total_amount, payable_amount") -> tuple[Any, ...]:
    found = world.owner.execute(f"select {columns} from billing.invoice where company_id = 1 and invoice_id = %s", (invoice_id,)).fetchone()
    assert found is not None
    return found


def items(world: World, invoice_id: int) -> list[tuple[Decimal, Decimal]]:
    return world.owner.execute(
        "select amount, open_amount from ledger.open_item where company_id = 1 and source = 'invoice' and source_id = %s order by installment",
        (invoice_id,),
    ).fetchall()


def sides(world: World, invoice_id: int) -> dict[str, Decimal]:
    """Debit minus credit by role of account."""
    return dict(world.owner.execute(
        "select a.role, sum(l.debit_amount - l.credit_amount) from ledger.journal_entry as e join ledger.journal_line as l using (company_id, journal_entry_id) "
        "join ledger.account as a using (company_id, account_id) where e.company_id = 1 and e.source = 'invoice' and e.source_id = %s group by 1",
        (invoice_id,),
    ).fetchall())  # fmt: skip


# ---- drafts -----------------------------------------------------------------------------------------------------------------


def test_a_document_by_hand_is_saved_taxed_and_issued(desk: Desk, world: World) -> None:
    customer = world.customer("Officine Riva S.r.l.")
    draft = invoice(
        world, customer, line(world, "Piantonamento fiera", "24.50", "16"), line(world, "Materiale", "33.335", "3", discount_percent=Decimal("10")),
        line(world, "Corso interno", "500.00", vat="N4"),
    )  # fmt: skip
    saved = desk.ask(actions.save_document, draft)
    assert row(world, saved.invoice_id) == (Decimal("982.00"), Decimal("106.04"), Decimal("1088.04"), Decimal("1088.04"))
    assert row(world, saved.invoice_id, "state, number, stamp_amount") == ("draft", None, Decimal("2.00"))
    assert desk.ask(queries.find_draft, saved.invoice_id).lines[1].unit_price == Decimal("33.335")
    issued = desk.ask(actions.issue_document, replace(draft, invoice_id=saved.invoice_id, version=saved.version))
    assert issued.number == "V 2024/1"
    assert items(world, issued.invoice_id) == [(Decimal("1088.04"), Decimal("1088.04"))]
    assert sides(world, issued.invoice_id)["receivable"] == Decimal("1088.04")


def test_computing_a_draft_leaves_nothing_behind(desk: Desk, world: World) -> None:
    customer = world.customer("Officine Riva S.r.l.")
    figures = desk.ask(actions.compute_document, invoice(world, customer, line(world, price="10.00", quantity="3")))
    assert (figures.document.net, figures.document.vat, figures.document.payable) == (Decimal("30.00"), Decimal("6.60"), Decimal("36.60"))
    assert world.value("select count(*) from billing.invoice") == 0


def test_a_draft_is_written_anew_and_never_over_a_colleagues(desk: Desk, world: World) -> None:
    draft = invoice(world, world.customer("Officine Riva S.r.l."))
    first = desk.ask(actions.save_document, draft)
    mine = replace(
        draft, invoice_id=first.invoice_id, version=first.version, lines=(line(world, price="50.00"), line(world, price="60.00"))
    )
    second = desk.ask(actions.save_document, mine)
    assert row(world, first.invoice_id)[0] == Decimal("110.00")
    with pytest.raises(Conflict):
        desk.ask(actions.save_document, mine)
    desk.ask(actions.discard_document, second.invoice_id)
    with pytest.raises(AlreadyDone, match="bozza"):
        desk.ask(actions.save_document, replace(mine, version=second.version))
    assert world.value("select count(*) from billing.invoice_line") == 0


@pytest.mark.parametrize(
    "change, word",
    [
        ({"lines": ()}, "riga"),
        ({"customer_id": None}, "cliente"),
        ({"document_type": "TD99"}, "tipo"),
        ({"series_id": None}, "sezionale"),
        ({"document_type": "TD17", "supplier_id": None}, "sezionale|fornitore"),
    ],
)
def test_what_a_draft_lacks_is_said(desk: Desk, world: World, change: dict[str, Any], word: str) -> None:
    draft = replace(invoice(world, world.customer("Officine Riva S.r.l.")), **change)
    with pytest.raises(InvalidInput, match=rf"(?i){word}"):
        desk.ask(actions.save_document, draft)


def test_numbers_follow_those_of_a_run_and_dates_their_order(desk: Desk, world: World) -> None:
    customer, _, _ = world.simple("Alfa S.r.l.")
    desk.bill(D(2024, 5, 1))
    with pytest.raises(InvalidInput, match="data"):
        desk.ask(actions.issue_document, invoice(world, customer, on=D(2024, 4, 30)))
    assert desk.ask(actions.issue_document, invoice(world, customer)).number == "V 2024/2"
    with pytest.raises(InvalidInput, match="futuro"):
        desk.ask(actions.issue_document, invoice(world, customer, on=datetime.date.today() + datetime.timedelta(days=2)))


def test_what_would_be_refused_is_not_issued(desk: Desk, world: World) -> None:
    unknown = world.customer("Senza codici", vat_number=None)
    with pytest.raises(InvalidInput, match="partita IVA"):
        desk.ask(actions.issue_document, invoice(world, unknown))
    known = world.customer("Con codici")
    for draft, word in (
        (invoice(world, known, line(world, price="0.00")), "maggiore di zero"),
        (invoice(world, known, kind="TD24"), "differita"),
        (invoice(world, known, kind="TD05"), "Richiama"),
    ):
        with pytest.raises(InvalidInput, match=word):
            desk.ask(actions.issue_document, draft)
    assert world.value("select count(*) from billing.invoice where state = 'issued'") == 0


# ---- credit notes -----------------------------------------------------------------------------------------------------------


def test_a_whole_invoice_is_credited_and_set_off(desk: Desk, world: World) -> None:
    customer = world.customer("Officine Riva S.r.l.")
    first = desk.ask(actions.issue_document, invoice(world, customer, line(world, price="80.00"), line(world, price="20.00", vat="10")))
    note = desk.ask(actions.issue_document, credit(desk, first.invoice_id, compensates=True))
    assert note.number == "V 2024/2"
    assert row(world, note.invoice_id) == (Decimal("-100.00"), Decimal("-19.60"), Decimal("-119.60"), Decimal("-119.60"))
    assert items(world, first.invoice_id) == [(Decimal("119.60"), Decimal("0.00"))]
    assert items(world, note.invoice_id) == [(Decimal("-119.60"), Decimal("0.00"))]
    assert sides(world, note.invoice_id) == {role: -value for role, value in sides(world, first.invoice_id).items()}
    with pytest.raises(InvalidInput, match="riga"):
        desk.ask(actions.save_document, credit(desk, first.invoice_id))  # nothing is left, so no line either


def test_credits_by_line_and_by_amount_never_exceed_the_invoice(desk: Desk, world: World) -> None:
    customer = world.customer("Officine Riva S.r.l.")
    got = desk.ask(actions.issue_document, invoice(world, customer, line(world, "Uno", "80.00"), line(world, "Due", "20.00"))).invoice_id
    take = lambda amount, number: credit(desk, got, line(world, "Storno", amount, credited_invoice_id=got, credited_line_no=number))
    desk.ask(actions.issue_document, take("30.00", 1))
    assert [one.left_amount for one in desk.ask(queries.find_creditable, got).lines] == [Decimal("50.00"), Decimal("20.00")]
    with pytest.raises(InvalidInput, match="riga 1"):
        desk.ask(actions.issue_document, take("50.01", 1))
    with pytest.raises(InvalidInput, match="resta"):
        desk.ask(actions.issue_document, take("70.01", None))
    desk.ask(actions.issue_document, take("45.00", None))
    assert [(one.line_no, one.left_amount) for one in desk.ask(queries.find_creditable, got).lines] == [(None, Decimal("25.00"))]
    with pytest.raises(InvalidInput, match="resta"):
        desk.ask(actions.issue_document, take("26.00", 1))
    desk.ask(actions.issue_document, credit(desk, got))
    assert desk.ask(queries.find_creditable, got).lines == ()


@pytest.mark.parametrize(
    "case", ["another customer", "a credit note", "a later invoice", "typed by hand", "no VAT code of it", "price turned"]
)
def test_a_credit_note_names_an_invoice_it_may_credit(desk: Desk, world: World, case: str) -> None:
    customer = world.customer("Officine Riva S.r.l.")
    got = desk.ask(actions.issue_document, invoice(world, customer, on=D(2024, 6, 1)))
    note = credit(desk, got.invoice_id)
    if case == "another customer":
        note = replace(note, customer_id=world.customer("Altri S.p.A."))
    elif case == "a credit note":
        first = desk.ask(actions.issue_document, credit(desk, got.invoice_id)).invoice_id
        note = replace(
            note,
            lines=(line(world, credited_invoice_id=first, credited_line_no=1),),
            references=(DraftReference("invoice", invoice_id=first),),
        )
    elif case == "a later invoice":
        note = replace(note, document_on=D(2024, 5, 31), series_id=world.series("PA"))
        world.owner.execute("insert into base.series_kind (company_id, document_series_id, document_type) values (1, %s, 'TD04') on conflict do nothing",
                            (world.series("PA"),))  # fmt: skip
    elif case == "typed by hand":  # the number of one of ours, so that no limit would hold
        note = replace(note, lines=(line(world, price="900.00"),), references=(DraftReference("invoice", got.number, D(2024, 6, 1)),))
    elif case == "no VAT code of it":
        note = replace(note, lines=(line(world, price="1.00", vat="10", credited_invoice_id=got.invoice_id),))
    else:
        note = replace(
            note,
            lines=(*note.lines, line(world, price="-5.00", credited_invoice_id=got.invoice_id, credited_line_no=1)),
        )
        note = replace(
            note,
            lines=(
                note.lines[0],
                replace(note.lines[1], unit_price=Decimal("-105.00")),
                replace(note.lines[0], unit_price=Decimal("105.00")),
            ),
        )
        note = replace(note, lines=(line(world, price="-5.00", credited_invoice_id=got.invoice_id, credited_line_no=1),))
    with pytest.raises(InvalidInput):
        desk.ask(actions.issue_document, note)
    assert world.value("select count(*) from billing.invoice where document_type = 'TD04' and state = 'issued'") == (
        case == "a credit note"
    )


def test_a_credited_period_can_be_billed_again_only_when_released(desk: Desk, world: World) -> None:
    world.simple("Alfa S.r.l.")
    _, _, service = world.simple("Beta S.r.l.")
    desk.bill(D(2024, 5, 1))
    first, second = (row_[0] for row_ in world.owner.execute("select invoice_id from billing.invoice order by number").fetchall())
    desk.ask(actions.issue_document, credit(desk, first, on=D(2024, 5, 31)))
    desk.ask(actions.issue_document, credit(desk, second, on=D(2024, 5, 31), releases_periods=True))
    assert world.value("select billed_until from customers.service_billing where service_id = %s", service) is None
    again = desk.prepare(D(2024, 5, 1), document_on=D(2024, 6, 1))
    assert world.owner.execute("select l.service_id from billing.invoice as i join billing.invoice_line as l using (company_id, invoice_id) "
                               "where i.billing_run_id = %s", (again,)).fetchall() == [(service,)]  # fmt: skip


def test_a_partial_credit_keeps_the_period_billed(desk: Desk, world: World) -> None:
    _, _, service = world.simple("Beta S.r.l.")
    desk.bill(D(2024, 5, 1))
    got = world.value("select invoice_id from billing.invoice")
    part = line(world, price="99.99", credited_invoice_id=got, credited_line_no=1)
    desk.ask(actions.issue_document, credit(desk, got, part, on=D(2024, 5, 31), releases_periods=True))
    assert world.value("select billed_until from customers.service_billing where service_id = %s", service) == D(2024, 5, 31)
    rest = credit(desk, got, on=D(2024, 5, 31), releases_periods=True)
    desk.ask(actions.issue_document, rest)
    assert world.value("select billed_until from customers.service_billing where service_id = %s", service) is None


def test_two_who_credit_the_same_line_at_once_credit_it_once(house: House, desk: Desk, world: World) -> None:
    customer = world.customer("Officine Riva S.r.l.")
    got = desk.ask(actions.issue_document, invoice(world, customer, line(world, price="100.00"))).invoice_id
    take = credit(desk, got, line(world, "Storno", "60.00", credited_invoice_id=got, credited_line_no=1))
    outcomes = together(house, [partial(actions.issue_document, draft=take)] * 3)
    assert sum(isinstance(one, IssuedDocument) for one in outcomes) == 1
    assert world.value("select sum(line_amount) from billing.invoice_line where credited_invoice_id = %s and invoice_id in "
                       "(select invoice_id from billing.invoice where state = 'issued')", got) == Decimal("-60.00")  # fmt: skip


# ---- a whole run ------------------------------------------------------------------------------------------------------------


def test_a_whole_run_is_credited_for_what_is_left(desk: Desk, world: World) -> None:
    for name in ("Alfa", "Beta", "Gamma"):
        world.simple(name)
    run = desk.bill(D(2024, 5, 1))
    ids = [one[0] for one in world.owner.execute("select invoice_id from billing.invoice order by number").fetchall()]
    desk.ask(actions.issue_document, credit(desk, ids[0], line(world, price="40.00", credited_invoice_id=ids[0], credited_line_no=1)))
    desk.ask(actions.issue_document, credit(desk, ids[1]))
    with desk.unit() as unit:
        made = actions.credit_run(unit, run, world.series(), DAY, "Canone sbagliato", compensates=True, releases_periods=True)
    assert world.value("select count(*) from billing.invoice where billing_run_id = %s", made) == 2
    numbers = desk.ask(billing.issue_run, made)
    assert (numbers.first, numbers.last, numbers.count) == (6, 7, 2)
    assert world.value("select sum(net_amount) from billing.invoice where state = 'issued'") == 0
    assert world.value("select sum(open_amount) from ledger.open_item where source_id = any (%s)", [ids[0], ids[2]]) == Decimal("48.80")
    assert world.value("select net_amount from billing.billing_run where billing_run_id = %s", made) == Decimal("-160.00")
    assert desk.prepare(D(2024, 5, 1), document_on=DAY)
    with pytest.raises(InvalidInput, match="nulla resta"), desk.unit() as unit:
        actions.credit_run(unit, run, world.series(), DAY, "Di nuovo", compensates=True, releases_periods=True)


def test_a_credited_run_is_not_undone_but_its_credit_is(desk: Desk, world: World) -> None:
    _, _, service = world.simple("Alfa")
    run = desk.bill(D(2024, 5, 1))
    with desk.unit() as unit:
        made = actions.credit_run(unit, run, world.series(), DAY, "Canone sbagliato", compensates=False, releases_periods=True)
    desk.ask(billing.issue_run, made)
    with pytest.raises(AppError, match="annullare"):
        desk.ask(billing.undo_run, run)
    assert world.value("select billed_until from customers.service_billing where service_id = %s", service) is None
    assert desk.ask(billing.undo_run, made) == 1
    assert world.value("select billed_until from customers.service_billing where service_id = %s", service) == D(2024, 5, 31)
    assert desk.ask(billing.undo_run, run) == 1


# ---- pro-forma, self-invoices -----------------------------------------------------------------------------------------------


def test_a_pro_forma_stays_out_of_the_books_until_it_is_issued(desk: Desk, world: World) -> None:
    draft = invoice(world, world.customer("Officine Riva S.r.l."))
    saved, number = desk.ask(actions.number_pro_forma, draft)
    assert number == "PF 2024/1"
    assert (
        world.value("select count(*) from ledger.journal_entry")
        == world.value("select count(*) from base.document_counter where last_number > 0")
        == 0
    )
    with pytest.raises(InvalidInput, match="PF 2024/1"):
        desk.ask(actions.number_pro_forma, replace(draft, invoice_id=saved.invoice_id, version=saved.version))
    got = desk.ask(actions.issue_document, replace(draft, invoice_id=saved.invoice_id, version=saved.version))
    assert row(world, got.invoice_id, "document_number, pro_forma_number, state") == ("V 2024/1", "PF 2024/1", "issued")


def test_a_self_invoice_has_a_series_and_a_supplier_and_no_open_item(desk: Desk, world: World) -> None:
    supplier = world.customer(
        "Alarm Tech GmbH", vat_country="DE", vat_number="DE123456789"[2:], country="DE", postal_code="10115", province_code=""
    )
    draft = DocumentDraft("TD17", DAY, world.series("AF"), supplier_id=supplier, lines=(line(world, "Software", "1000.00"),))
    with pytest.raises(InvalidInput, match="fornitore"):
        desk.ask(actions.issue_document, draft)
    got = desk.ask(actions.issue_document, replace(draft, received_number="2024-77", received_on=D(2024, 6, 3)))
    assert got.number == "AF 2024/1"
    assert row(world, got.invoice_id) == (Decimal("1000.00"), Decimal("220.00"), Decimal("1220.00"), Decimal("0.00"))
    assert items(world, got.invoice_id) == []
    assert row(world, got.invoice_id, "customer_id, supplier ->> 'name', buyer ->> 'name'") == (
        None,
        "Alarm Tech GmbH",
        "Vigilanza Aurora S.r.l.",
    )
    with pytest.raises(InvalidInput, match="sezionale"):
        desk.ask(actions.save_document, replace(draft, series_id=world.series("V")))
