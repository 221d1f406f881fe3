"""The life of a run on a real database: what is billed, numbered, posted; what is refused."""

from __future__ import annotations

import datetime
import threading
from decimal import Decimal

import pytest

from cms_desktop.core.errors import AlreadyDone, AppError, InvalidInput, NotAllowed
from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.modules.billing import actions, queries
from cms_desktop.modules.ledger import queries as ledger
from tests.house import House
from tests.modules.billing.conftest import Desk
from tests.modules.billing.world import World

D = datetime.date
ALL = ListQuery()


def amounts(desk: Desk, run: int) -> dict[str, Decimal]:
    return {row.customer: row.net_amount for row in desk.ask(queries.list_run_documents, run, ALL).rows}


def numbers(desk: Desk) -> list[str]:
    return sorted(row.number for row in desk.ask(queries.list_invoices, ALL).rows)


def test_a_run_is_prepared_issued_posted_and_listed(desk: Desk, world: World) -> None:
    for name in ("Alfa S.r.l.", "Beta S.p.A."):
        world.simple(name)
    run = desk.prepare()
    assert amounts(desk, run) == {"Alfa S.r.l.": Decimal("100.00"), "Beta S.p.A.": Decimal("100.00")}
    got = desk.ask(actions.issue_run, run)
    assert (got.first, got.last, got.count, got.series) == (1, 2, 2, "V")
    assert numbers(desk) == ["V 2024/1", "V 2024/2"]
    found = desk.ask(queries.find_run, run)
    assert (found.state, found.total_amount, found.issued_by) == ("issued", Decimal("244.00"), "Marta Bellini")
    assert desk.ask(ledger.sum_open_items, ALL).sums["open_amount"] == Decimal("244.00")
    assert desk.ask(ledger.sum_entries, ALL).sums["amount"] == Decimal("244.00")
    for query in (ALL, ListQuery((Filter("source", "=", ("invoice",)),)), ListQuery(search="fattura")):
        assert desk.ask(ledger.sum_entries, query) == desk.ask(ledger.ENTRIES.totals, query)


def test_numbers_follow_each_other_over_runs_without_a_gap(desk: Desk, world: World) -> None:
    for number in range(3):
        world.simple(f"Cliente {number}")
    desk.bill(D(2024, 5, 1))
    desk.bill(D(2024, 6, 1))
    assert [int(n.split("/")[1]) for n in numbers(desk)] == [1, 2, 3, 4, 5, 6]


def test_a_period_is_never_billed_twice_whatever_the_windows(desk: Desk, world: World) -> None:
    world.simple("Alfa")
    desk.bill(D(2024, 5, 1))
    again, overlapping = desk.prepare(D(2024, 5, 1)), desk.prepare(D(2024, 4, 15), D(2024, 6, 15))
    assert amounts(desk, again) == {}
    with desk.unit() as unit:
        rows = queries.list_run_documents(unit, overlapping, ALL).rows
    assert [row.net_amount for row in rows] == [Decimal("100.00")], "only June is left"
    with pytest.raises(InvalidInput, match="nessuna fattura"):
        desk.ask(actions.issue_run, again)


def test_two_previews_prepared_at_once_share_nothing(desk: Desk, world: World, house: House) -> None:
    world.many(40)
    runs, errors = [], []

    def prepare() -> None:
        session = house.log_in("marta.bellini")
        try:
            runs.append(Desk(session, world).prepare())
        except AppError as error:
            errors.append(error)
        finally:
            session.close()

    threads = [threading.Thread(target=prepare) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(len(amounts(desk, run)) for run in runs) == [0, 0, 40]


def test_an_excluded_row_needs_a_reason_and_stays_billable(desk: Desk, world: World) -> None:
    world.simple("Alfa")
    world.simple("Beta")
    run = desk.prepare()
    alfa = next(row for row in desk.ask(queries.list_run_documents, run, ALL).rows if row.customer == "Alfa")
    with pytest.raises(InvalidInput):
        desk.ask(actions.exclude_invoices, run, [alfa.invoice_id], "  ")
    assert desk.ask(actions.exclude_invoices, run, [alfa.invoice_id], "in contestazione") == 1
    assert desk.ask(queries.find_run, run).invoice_count == 1
    desk.ask(actions.issue_run, run)
    left_out = desk.ask(queries.list_run_exclusions, run)
    assert [(one.customer, one.reason, one.net_amount) for one in left_out] == [("Alfa", "in contestazione", Decimal("100.00"))]
    assert amounts(desk, desk.prepare()) == {"Alfa": Decimal("100.00")}


def test_an_excluded_row_comes_back_in(desk: Desk, world: World) -> None:
    world.simple("Alfa")
    run = desk.prepare()
    [row] = desk.ask(queries.list_run_documents, run, ALL).rows
    desk.ask(actions.exclude_invoices, run, [row.invoice_id], "prova")
    desk.ask(actions.include_invoices, run, [row.invoice_id])
    assert desk.ask(queries.find_run, run).invoice_count == 1


def test_a_customer_without_an_address_is_blocked_and_cannot_be_forced_in(desk: Desk, world: World) -> None:
    world.simple("Alfa", street="")
    run = desk.prepare()
    [row] = desk.ask(queries.list_run_documents, run, ALL).rows
    assert (row.is_blocked, row.reason) == (True, "address_incomplete")
    assert desk.ask(actions.include_invoices, run, [row.invoice_id]) == 0
    assert desk.ask(queries.find_run, run).invoice_count == 0


def test_an_undone_run_gives_its_numbers_back_and_is_issued_again_alike(desk: Desk, world: World) -> None:
    world.simple("Alfa")
    world.simple("Beta")
    run = desk.bill()
    before = numbers(desk)
    assert desk.ask(actions.undo_run, run) == 2
    assert (numbers(desk), desk.ask(ledger.sum_open_items, ALL).count, desk.ask(queries.find_run, run).state) == ([], 0, "undone")
    desk.bill()
    assert numbers(desk) == before


def test_a_run_is_not_undone_once_a_later_one_took_numbers(desk: Desk, world: World) -> None:
    world.simple("Alfa")
    run = desk.bill(D(2024, 5, 1))
    desk.bill(D(2024, 6, 1))
    with pytest.raises(InvalidInput) as refused:
        desk.ask(actions.undo_run, run)
    assert refused.value.values["obstacle"] == "later_numbers"


def test_a_run_is_not_undone_after_a_payment(desk: Desk, world: World) -> None:
    world.simple("Alfa")
    run = desk.bill()
    world.collect(desk.ask(queries.list_invoice_ids, run)[0], "50.00")
    with pytest.raises(InvalidInput) as refused:
        desk.ask(actions.undo_run, run)
    assert refused.value.values["obstacle"] == "collected"
    assert desk.ask(ledger.sum_open_items, ALL).sums["open_amount"] == Decimal("72.00")


def test_a_run_is_not_undone_once_a_bank_holds_an_item(desk: Desk, world: World) -> None:
    world.simple("Alfa", term="RB30")
    run = desk.bill()
    with world.owner.transaction():
        world.owner.execute("set local role cms_bookkeeper")
        batch = world.value(
            "insert into bank_effects.effect_batch (company_id, number, state, bank_account_id, due_from, due_to, effect_count, total_amount) "
            "select 1, 'D-1', 'open', bank_account_id, '2024-06-01', '2024-06-30', 1, 122 from base.bank_account where company_id = 1 returning effect_batch_id"
        )
        effect = world.value(
            "insert into bank_effects.effect (company_id, effect_batch_id, customer_id, receipt_number, due_on, amount, debtor, debtor_abi, debtor_cab, reference) "
            "select 1, %s, customer_id, 1, due_on, amount, '{}', '05428', '11101', 'x' from ledger.open_item where company_id = 1 returning effect_id", batch,
        )  # fmt: skip
        world.owner.execute(
            "insert into bank_effects.effect_item (company_id, effect_id, open_item_id, amount) select 1, %s, open_item_id, amount from ledger.open_item", (effect,)
        )  # fmt: skip
    with pytest.raises(InvalidInput) as refused:
        desk.ask(actions.undo_run, run)
    assert refused.value.values["obstacle"] == "presented"


def test_a_discarded_preview_frees_its_periods(desk: Desk, world: World) -> None:
    world.simple("Alfa")
    run = desk.prepare()
    desk.ask(actions.discard_run, run)
    assert desk.ask(queries.find_run, run).state == "discarded"
    assert amounts(desk, desk.prepare()) == {"Alfa": Decimal("100.00")}
    with pytest.raises(AlreadyDone):
        desk.ask(actions.issue_run, run)


def test_a_public_body_pays_the_net_and_the_vat_is_split(desk: Desk, world: World) -> None:
    world.simple("Comune di Prova", kind="public_body", is_split_payment=True, recipient_code="UFABCD", term="BB30")
    run = desk.bill()
    [row] = desk.ask(queries.list_invoices, ALL).rows
    assert (row.total_amount, row.payable_amount) == (Decimal("122.00"), Decimal("100.00"))
    [entry] = desk.ask(ledger.list_entries, ALL).rows
    lines = {line.account_code: (line.debit_amount, line.credit_amount) for line in desk.ask(ledger.list_entry_lines, entry.entry_id)}
    assert lines["26.03"] == (Decimal("22.00"), Decimal("0.00"))
    assert lines["14.01"] == (Decimal("100.00"), Decimal("0.00"))
    [document] = desk.ask(queries.invoice_documents, desk.ask(queries.list_invoice_ids, run))
    assert (document.payable, document.summary[0].exigibility) == (Decimal("100.00"), "S")


def test_a_service_that_starts_inside_a_month_pays_its_days(desk: Desk, world: World) -> None:
    contract = world.contract(world.customer("Alfa"))
    world.service(contract, "310.00", starts_on=D(2024, 5, 22))
    assert amounts(desk, desk.prepare()) == {"Alfa": Decimal("100.00")}


def test_a_quarterly_service_in_arrears_is_billed_in_its_last_month_only(desk: Desk, world: World) -> None:
    contract = world.contract(world.customer("Alfa"))
    world.service(contract, "100.00", months=3, is_in_advance=False)
    assert amounts(desk, desk.prepare(D(2024, 5, 1))) == {}
    assert amounts(desk, desk.prepare(D(2024, 6, 1))) == {"Alfa": Decimal("300.00")}


def test_one_invoice_a_customer_gathers_the_contracts(desk: Desk, world: World) -> None:
    customer = world.customer("Alfa")
    for _ in range(2):
        world.service(world.contract(customer))
    run = desk.bill(grouping="customer")
    [row] = desk.ask(queries.list_invoices, ALL).rows
    assert row.net_amount == Decimal("200.00")
    [document] = desk.ask(queries.invoice_documents, desk.ask(queries.list_invoice_ids, run))
    assert [reference.line_numbers for reference in document.references] == [(1,), (2,)]


def test_installments_sum_to_what_is_due(desk: Desk, world: World) -> None:
    world.simple("Alfa", "81.99", term="RB306090")
    desk.bill()
    rows = desk.ask(ledger.list_open_items, ALL).rows
    assert [row.due_on for row in rows] == [D(2024, 6, 30), D(2024, 7, 31), D(2024, 8, 31)]
    assert sum(row.amount for row in rows) == Decimal("100.03")


def test_who_may_not_issue_is_refused_by_the_server(desk: Desk, world: World, house: House) -> None:
    world.simple("Alfa")
    run = desk.prepare()
    session = house.log_in("carlo.conti")
    try:
        with pytest.raises(NotAllowed), session.database.unit_of_work(1) as unit:
            actions.issue_run(unit, run)
        with session.database.unit_of_work(1) as unit:
            assert queries.list_runs(unit, ALL).rows[0].state == "preview"
    finally:
        session.close()


def test_a_stranger_sees_no_run_invoice_or_item(desk: Desk, world: World, house: House) -> None:
    world.simple("Alfa")
    desk.bill()
    session = house.log_in("bruno.estraneo")
    try:
        with session.database.unit_of_work(1) as unit:
            assert queries.sum_invoices(unit, ALL).count == queries.sum_runs(unit, ALL).count == ledger.sum_open_items(unit, ALL).count == 0
    finally:
        session.close()


def test_the_date_cannot_go_back_behind_the_last_document(desk: Desk, world: World) -> None:
    world.simple("Alfa")
    desk.bill(D(2024, 6, 1))
    with pytest.raises(InvalidInput, match="ultimo documento"):
        desk.bill(D(2024, 5, 1))


def test_what_is_due_shrinks_as_it_is_billed(desk: Desk, world: World) -> None:
    world.simple("Alfa", "70.00")
    world.simple("Beta", "30.00")
    due = desk.ask(queries.sum_due_services, D(2024, 5, 1), D(2024, 5, 31), ALL)
    assert (due.count, due.sums["amount"]) == (2, Decimal("100.00"))
    only = ListQuery((Filter("customer", "contains", ("alf",)),))
    [row] = desk.ask(queries.list_due_services, D(2024, 5, 1), D(2024, 5, 31), only).rows
    assert (row.customer, row.amount) == ("Alfa", Decimal("70.00"))
    desk.bill()
    assert desk.ask(queries.sum_due_services, D(2024, 5, 1), D(2024, 5, 31), ALL).count == 0
