"""Batches of RiBa: what they take, what they leave, the file, and two people at once."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterator
from decimal import Decimal

import pytest

from cms_desktop.core.errors import AlreadyDone, AppError, Conflict, InvalidInput, NotAllowed
from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.db.login import LoginSession
from cms_desktop.modules.bank_effects import actions, queries
from tests.house import House
from tests.modules.bank_effects.arrange import GOOD_IBAN, Debtor, add_debtors
from tests.modules.bank_effects.riba_reader import read_riba

TODAY = datetime.date.today()
MONTH = {"due_from": TODAY, "due_to": TODAY + datetime.timedelta(days=30)}


@pytest.fixture
def carlo(house: House) -> Iterator[LoginSession]:
    add_debtors(
        house,
        Debtor("Pelletterie Arno S.r.l.", ((5, "610.00"), (20, "1000.50"))),
        Debtor("Hotel Belvedere", ((5, "99.99"), (5, "0.01"), (60, "500"))),
        Debtor("Liceo Galilei", ((10, "300"),), iban=""),
        Debtor("Studio senza via", ((10, "40"),), street=""),
        Debtor("Officina sbagliata", ((10, "70"),), iban=GOOD_IBAN[:-1] + ("0" if GOOD_IBAN[-1] != "0" else "1")),
    )
    session = house.log_in("carlo.conti")
    yield session
    session.close()


def _bank(session: LoginSession) -> int:
    with session.database.unit_of_work(1) as unit:
        return queries.list_banks(unit)[0].bank_account_id


def test_the_preview_groups_by_customer_and_due_date_and_says_why_some_stay_out(carlo: LoginSession) -> None:
    with carlo.database.unit_of_work(1) as unit:
        preview = queries.items_due(unit, MONTH["due_from"], MONTH["due_to"])
    assert [(e.customer_name, e.amount, e.item_count) for e in preview.presentable] == [
        ("Hotel Belvedere", Decimal("100.00"), 2), ("Pelletterie Arno S.r.l.", Decimal("610.00"), 1), ("Pelletterie Arno S.r.l.", Decimal("1000.50"), 1),
    ]  # fmt: skip
    assert {e.customer_name: e.obstacle for e in preview.left_out} == {
        "Liceo Galilei": "iban_missing", "Studio senza via": "address_incomplete", "Officina sbagliata": "iban_wrong",
    }  # fmt: skip
    assert preview.total == Decimal("1710.50")


def test_a_batch_takes_exactly_what_the_preview_showed(carlo: LoginSession) -> None:
    with carlo.database.unit_of_work(1) as unit:
        preview = queries.items_due(unit, MONTH["due_from"], MONTH["due_to"], minimum_amount=Decimal("200"))
        made = actions.create_batch(unit, _bank(carlo), **MONTH, minimum_amount=Decimal("200"))
    assert made.effect_count == len(preview.presentable) == 2 and made.without_bank == 2
    with carlo.database.unit_of_work(1) as unit:
        totals = queries.sum_effects(unit, ListQuery((Filter("effect_batch_id", "=", (made.effect_batch_id,)),)))
        batch = queries.find_batch(unit, made.effect_batch_id)
    assert batch is not None
    assert totals.sums["amount"] == preview.total == batch.total_amount == Decimal("1610.50")


def test_the_same_item_is_never_presented_twice(carlo: LoginSession) -> None:
    with carlo.database.unit_of_work(1) as unit:
        actions.create_batch(unit, _bank(carlo), **MONTH)
    with pytest.raises(InvalidInput) as refused, carlo.database.unit_of_work(1) as unit:
        actions.create_batch(unit, _bank(carlo), **MONTH)
    assert refused.value.key == "nothing_to_present"


def test_two_people_at_once_share_no_item_and_leave_none(house: House, carlo: LoginSession) -> None:
    bank, results, start = _bank(carlo), [], threading.Barrier(2)
    other = house.log_in("carlo.conti")

    def present(session: LoginSession) -> None:
        start.wait()
        try:
            with session.database.unit_of_work(1) as unit:
                results.append(actions.create_batch(unit, bank, **MONTH).effect_count)
        except AppError as error:
            results.append(error.key)

    threads = [threading.Thread(target=present, args=(session,)) for session in (carlo, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    other.close()
    assert sorted(results, key=str) == [3, "nothing_to_present"]


def test_a_cancelled_batch_frees_its_items(carlo: LoginSession) -> None:
    with carlo.database.unit_of_work(1) as unit:
        first = actions.create_batch(unit, _bank(carlo), **MONTH)
    with carlo.database.unit_of_work(1) as unit:
        actions.cancel_batch(unit, first.effect_batch_id)
        second = actions.create_batch(unit, _bank(carlo), **MONTH)
    assert second.effect_count == first.effect_count


def test_a_presented_batch_can_be_neither_cancelled_nor_presented_again(carlo: LoginSession) -> None:
    with carlo.database.unit_of_work(1) as unit:
        made = actions.create_batch(unit, _bank(carlo), **MONTH)
        actions.make_file(unit, made.effect_batch_id)
    for again in (actions.cancel_batch, actions.make_file):
        with pytest.raises(AlreadyDone), carlo.database.unit_of_work(1) as unit:
            again(unit, made.effect_batch_id)


def test_the_file_reads_back_with_the_totals_of_the_batch(carlo: LoginSession) -> None:
    with carlo.database.unit_of_work(1) as unit:
        file = actions.present(unit, _bank(carlo), **MONTH)
    records = read_riba(file.content)
    assert sum(record["cents"] for record in records if record["record"] == "14") == 171050  # type: ignore[misc]
    assert file.record_count == len(records) == 3 * 7 + 2
    assert file.total_amount == Decimal("1710.50") and file.effect_count == 3
    first = next(record for record in records if record["record"] == "14")
    assert (first["sia_code"], first["creditor_abi"], first["debtor_abi"], first["due_on"]) == (
        "A1B2C",
        "05428",
        "02008",
        TODAY + datetime.timedelta(days=5),
    )


def test_a_file_saved_again_from_history_is_the_same_byte_for_byte(carlo: LoginSession) -> None:
    with carlo.database.unit_of_work(1) as unit:
        file = actions.present(unit, _bank(carlo), **MONTH)
    with carlo.database.unit_of_work(1) as unit:
        batch = queries.list_batches(unit, ListQuery()).rows[0]
        again = queries.find_file(unit, batch.effect_batch_id)
    assert again.content == file.content and again.name == f"RIBA-{batch.number.replace('/', '-')}.txt"


def test_a_bank_refusing_the_data_leaves_no_batch_behind(house: House, carlo: LoginSession) -> None:
    with house.owner() as connection:
        connection.execute("update base.bank_account set sia_code = '', row_version = row_version + 1")
    with pytest.raises(InvalidInput), carlo.database.unit_of_work(1) as unit:
        actions.present(unit, _bank(carlo), **MONTH)
    with carlo.database.unit_of_work(1) as unit:
        assert queries.sum_batches(unit, ListQuery()).count == 0


def test_what_changed_since_the_preview_is_not_presented_unseen(house: House, carlo: LoginSession) -> None:
    with carlo.database.unit_of_work(1) as unit:
        seen = queries.items_due(unit, MONTH["due_from"], MONTH["due_to"]).total
    add_debtors(house, Debtor("Arrivata dopo", ((3, "10"),)))
    with pytest.raises(Conflict), carlo.database.unit_of_work(1) as unit:
        actions.present(unit, _bank(carlo), **MONTH, expected_total=seen)
    with carlo.database.unit_of_work(1) as unit:
        assert queries.sum_batches(unit, ListQuery()).count == 0


def test_who_may_not_generate_cannot_create_a_batch(house: House, carlo: LoginSession) -> None:
    bank, rita = _bank(carlo), house.log_in("rita.revisore")
    with pytest.raises(NotAllowed), rita.database.unit_of_work(1) as unit:
        actions.create_batch(unit, bank, **MONTH)
    rita.close()


def test_every_figure_of_the_dashboard_equals_the_totals_of_its_list(carlo: LoginSession) -> None:
    with carlo.database.unit_of_work(1) as unit:
        before = queries.find_figures(unit)
    assert before.presentable.amount == Decimal("1710.50") and before.left_out_customers == 3
    with carlo.database.unit_of_work(1) as unit:
        actions.present(unit, _bank(carlo), **MONTH)
    with carlo.database.unit_of_work(1) as unit:
        figures = queries.find_figures(unit)
        at_bank = queries.sum_effects(unit, queries.effects_at_bank(figures.today))
        weeks = [queries.sum_effects(unit, queries.effects_due_between(w.starts_on, w.ends_on)).sums["amount"] for w in figures.weeks]
        banks = [queries.sum_effects(unit, queries.effects_at_bank(figures.today, b.bank_account_id)).sums["amount"] for b in figures.banks]
    assert figures.presentable.count == 0
    assert figures.line_used.amount == at_bank.sums["amount"] == figures.presented_in_month.amount == Decimal("1710.50")
    assert [week.amount for week in figures.weeks] == weeks and sum(weeks) == Decimal("1710.50")
    assert [bank.amount for bank in figures.banks] == banks
