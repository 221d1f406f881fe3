"""Entries by hand, their reversal, closed periods and the definitive journal, as the database keeps them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.access.arranged import outcome
from tests.access.arranged_books import account, post
from tests.house import House
from tests.modules.billing.world import World

Person = psycopg.Connection[Any]


@pytest.fixture
def carlo(house: House) -> Iterator[Person]:
    with house.person("carlo.conti") as connection:
        yield connection


def value(connection: Person, text: str, *values: object) -> Any:
    row = connection.execute(text, values).fetchone()  # type: ignore[call-overload]
    return row[0] if row else None


def grant(world: World, login: str, function: str) -> None:
    world.owner.execute(
        "insert into base.permission (company_id, person_id, function) select 1, person_id, %s from base.person where login = %s",
        (function, login),
    )


def lines(connection: Person, entry: int) -> list[tuple[Any, ...]]:
    return connection.execute(
        "select a.code, l.debit_amount::text, l.credit_amount::text from ledger.journal_line as l join ledger.account as a "
        "using (company_id, account_id) where journal_entry_id = %s order by line_no",
        (entry,),
    ).fetchall()


def attempt(person: Person, debits: list[str | None], owed: list[str | None], **more: Any) -> str:
    codes = more.get("codes", ["66.01", "18.01", "64.01"][: len(debits)])
    accounts = [account(person, code) for code in codes]
    values = (
        more.get("day", "2025-03-31"),
        more.get("words", "Prova"),
        accounts,
        more.get("customers", [None] * len(debits)),
        debits,
        owed,
        [""] * len(debits),
    )
    return outcome(
        person, "select ledger.post_entry(1, %s::date, %s, %s::bigint[], %s::bigint[], %s::numeric[], %s::numeric[], %s)", values
    )


def test_an_entry_by_hand_is_written_with_its_author_and_lines(carlo: Person, world: World) -> None:
    entry = post(carlo, "2025-03-31", "66.01", "18.01", "12.50", "  Spese di conto ")
    assert lines(carlo, entry) == [("66.01", "12.50", "0.00"), ("18.01", "0.00", "12.50")]
    row = world.owner.execute("select source, source_id, description, created_by from ledger.journal_entry").fetchone()
    assert row == ("manual", entry, "Spese di conto", value(carlo, "select sec.person_id()"))


@pytest.mark.parametrize(
    ("debits", "owed"),
    [
        (["10", "0"], ["0", "9.99"]), (["10", "0"], ["0", "0"]), (["-10", "0"], ["0", "-10"]), (["10", "0"], ["10", "0"]), (["10.001", "0"], ["0", "10.001"]),
        ([None, "0"], ["0", "10"]), (["0", "0"], ["0", "0"]), (["10"], ["10"]), ([], []), (["NaN", "0"], ["0", "NaN"]),
        (["1e13", "0"], ["0", "1e13"]), (["Infinity", "0"], ["0", "Infinity"]),
    ],
)  # fmt: skip
def test_what_does_not_balance_or_is_no_amount_is_refused(
    carlo: Person, world: World, debits: list[str | None], owed: list[str | None]
) -> None:
    assert attempt(carlo, debits, owed) == "CM144"
    assert world.value("select count(*) from ledger.journal_entry") == 0


def test_groups_resting_and_foreign_accounts_take_no_entries(carlo: Person, world: World) -> None:
    amounts: Any = (["1", "0"], ["0", "1"])
    assert attempt(carlo, *amounts, codes=["66", "18.01"]) == "CM144"
    carlo.execute("update ledger.account set is_active = false, row_version = row_version + 1 where company_id = 1 and code = '66.20'")
    assert attempt(carlo, *amounts, codes=["66.20", "18.01"]) == "CM144"
    assert attempt(carlo, *amounts, codes=["14.01", "18.01"]) == "CM144", "a receivable has its customer"
    customer = world.customer("Alfa")
    assert attempt(carlo, *amounts, codes=["14.01", "18.01"], customers=[customer, None]) == "1 rows"
    assert attempt(carlo, *amounts, customers=[999_999, None]) == "CM144"
    foreign = account(world.owner, "66.01", company=2)
    assert outcome(
        carlo,
        "select ledger.post_entry(1, '2025-01-01', 'x', %s::bigint[], array[null, null]::bigint[], '{1,0}', '{0,1}', '{\"\",\"\"}')",
        ([foreign, account(carlo, "18.01")],),
    ) == "CM144"  # fmt: skip
    assert attempt(carlo, *amounts, words="  ") == "CM144"
    assert attempt(carlo, *amounts, day="2099-01-01") == "CM037"


def test_a_reversal_changes_the_sides_and_is_linked_and_happens_once(carlo: Person, world: World) -> None:
    entry = post(carlo, "2025-03-31", "66.01", "18.01", "12.50")
    assert outcome(carlo, "select ledger.reverse_entry(1, %s, '2025-03-30', 'prima')", (entry,)) == "CM145"
    assert outcome(carlo, "select ledger.reverse_entry(1, %s, '2025-04-01', ' ')", (entry,)) == "CM145"
    back = value(carlo, "select ledger.reverse_entry(1, %s, '2025-04-01', 'sbagliata')", entry)
    assert lines(carlo, back) == [("66.01", "0.00", "12.50"), ("18.01", "12.50", "0.00")]
    row = world.owner.execute(
        "select reverses_id, source, reason from ledger.journal_entry where journal_entry_id = %s", (back,)
    ).fetchone()
    assert row == (entry, "reversal", "sbagliata")
    assert outcome(carlo, "select ledger.reverse_entry(1, %s, '2025-04-01', 'ancora')", (entry,)) == "CM145"
    again = value(carlo, "select ledger.reverse_entry(1, %s, '2025-04-02', 'era giusta')", back)
    assert lines(carlo, again) == lines(carlo, entry)


def test_entries_of_documents_are_reversed_by_their_documents(carlo: Person, world: World, desk: Any) -> None:
    world.simple("Alfa", "100.00")
    desk.bill()
    entry = world.value("select journal_entry_id from ledger.journal_entry where source = 'invoice'")
    assert outcome(carlo, "select ledger.reverse_entry(1, %s, current_date, 'no')", (entry,)) == "CM145"


@pytest.mark.parametrize(
    "change",
    [
        "update ledger.journal_entry set description = 'altro'", "update ledger.journal_entry set on_date = on_date + 1",
        "update ledger.journal_line set debit_amount = debit_amount + 1 where debit_amount > 0",
        "update ledger.journal_line set account_id = account_id", "delete from ledger.journal_line where line_no = 1",
        "update ledger.journal_entry set number = 5; update ledger.journal_entry set number = 6",
    ],
)  # fmt: skip
def test_not_even_the_bookkeeper_changes_an_entry(carlo: Person, world: World, change: str) -> None:
    post(carlo, "2025-03-31", "66.01", "18.01", "12.50")
    world.owner.execute("begin; set local role cms_bookkeeper")
    assert outcome(world.owner, change) == "CM143"
    world.owner.execute("rollback")


# ── closed periods ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_that_writes_an_entry_gets_into_a_closed_period(carlo: Person, world: World, desk: Any) -> None:
    customer, _, _ = world.simple("Alfa", "100.00")
    run = desk.bill()
    entry = post(carlo, "2024-05-10", "66.01", "18.01", "12.50")
    paid = value(carlo, "select ledger.collect(1, %s, '2024-05-20', 'MP05', 10, null, '', '', '{}', '{}')", customer)
    later = desk.prepare(datetime.date(2024, 6, 1), document_on=datetime.date(2024, 5, 31))
    carlo.execute("select ledger.lock_period(1, '2024-05-31', '')")
    count = world.value("select count(*) from ledger.journal_entry")
    with world.house.person("marta.bellini") as marta:
        assert outcome(marta, "select billing.issue_run(1, %s)", (later,)) == "CM142"
        assert outcome(marta, "select billing.undo_run(1, %s)", (run,)) in ("CM142", "CM143")
    attempts = {
        "manual": ("select ledger.post_entry(1, '2024-05-31', 'x', %s::bigint[], '{null,null}', '{1,0}', '{0,1}', '{\"\",\"\"}')", ([account(carlo, "66.01"), account(carlo, "18.01")],)),
        "reverse": ("select ledger.reverse_entry(1, %s, '2024-05-31', 'x')", (entry,)),
        "collect": ("select ledger.collect(1, %s, '2024-05-31', 'MP05', 10, null, '', '', '{}', '{}')", (customer,)),
        "many": ("""select ledger.collect_many(1, jsonb_build_array(jsonb_build_object('customer', %s, 'on_date', '2024-05-31', 'method', 'MP05', 'amount', 1,
                 'reference', '', 'description', '', 'items', '[]'::jsonb, 'amounts', '[]'::jsonb)))""", (customer,)),
        "bounce": ("select ledger.bounce(1, %s, '2024-05-31', 'x')", (paid,)),
        "pay back": ("select ledger.pay_back(1, %s, '2024-05-31', 'MP05', null)", (paid,)),
        "write off": ("select ledger.write_off(1, array(select open_item_id from ledger.open_item where amount < 5), '2024-05-31', 'x')", ()),
    }  # fmt: skip
    came = {name: outcome(carlo, *call) for name, call in attempts.items()}
    came.pop("write off")  # nothing small enough: writes nothing
    assert came == dict.fromkeys(came, "CM142")
    assert world.value("select count(*) from ledger.journal_entry") == count
    assert value(carlo, "select ledger.collect(1, %s, '2024-06-01', 'MP05', 10, null, '', '', '{}', '{}')", customer)


def test_opening_again_wants_its_own_right_and_a_reason_and_leaves_a_history(carlo: Person, world: World) -> None:
    carlo.execute("select ledger.lock_period(1, '2025-03-31', '')")
    assert outcome(carlo, "select ledger.lock_period(1, '2025-02-28', 'fattura dimenticata')") == "CM001"
    grant(world, "carlo.conti", "ledger.reopen")
    assert outcome(carlo, "select ledger.lock_period(1, '2025-02-28', ' ')") == "CM146"
    carlo.execute("select ledger.lock_period(1, '2025-02-28', 'fattura dimenticata')")
    carlo.execute("select ledger.lock_period(1, null, 'tutto')")
    history = world.owner.execute(
        "select closed_until::text, reason, created_by is not null from ledger.period_lock order by 1 nulls last"
    ).fetchall()
    assert history == [("2025-02-28", "fattura dimenticata", True), ("2025-03-31", "", True), (None, "tutto", True)]
    assert outcome(carlo, "select ledger.lock_period(1, current_date + 1, '')") == "CM146"


def test_who_closes_waits_for_who_writes(carlo: Person, world: World) -> None:
    with world.house.person("carlo.conti") as other:
        carlo.execute("begin")
        post(carlo, "2025-03-31", "66.01", "18.01", "1.00")
        other.execute("set lock_timeout = '300ms'")
        assert outcome(other, "select ledger.lock_period(1, '2025-03-31', '')") == "55P03"
        carlo.execute("commit")
        assert outcome(other, "select ledger.lock_period(1, '2025-03-31', '')") == "1 rows"


# ── the definitive journal ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_definitive_journal_numbers_by_date_each_year_from_one_and_for_good(carlo: Person, world: World) -> None:
    for day in ("2024-12-30", "2025-01-20", "2025-01-10", "2024-11-05", "2025-02-01"):
        post(carlo, day, "66.01", "18.01", "1.00", day)
    assert outcome(carlo, "select ledger.number_journal(1, '2025-01-31')") == "CM146", "closed first"
    carlo.execute("select ledger.lock_period(1, '2025-02-28', '')")
    made = value(carlo, "select ledger.number_journal(1, '2025-01-31')")
    assert made == [{"year": 2024, "first": 1, "last": 2}, {"year": 2025, "first": 1, "last": 2}]
    assert value(carlo, "select ledger.number_journal(1, '2025-02-28')") == [{"year": 2025, "first": 3, "last": 3}]
    assert outcome(carlo, "select ledger.number_journal(1, '2025-02-28')") == "CM146"
    rows = world.owner.execute("select number, description from ledger.journal_entry order by on_date").fetchall()
    assert rows == [(1, "2024-11-05"), (2, "2024-12-30"), (1, "2025-01-10"), (2, "2025-01-20"), (3, "2025-02-01")]
    grant(world, "carlo.conti", "ledger.reopen")
    assert outcome(carlo, "select ledger.lock_period(1, '2025-02-27', 'no')") == "CM146"
    world.owner.execute("begin; set local role cms_bookkeeper; delete from ledger.period_lock")
    assert outcome(world.owner, "delete from ledger.journal_line; delete from ledger.journal_entry") == "CM143"
    world.owner.execute("rollback")


# ── balances ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def balance(person: Person, first: str, last: str) -> dict[str, tuple[str, str, str]]:
    rows = person.execute(
        "select coalesce(a.code, '-'), t.opening::text, t.debit_amount::text, t.credit_amount::text from ledger.trial_balance(1, %s, %s) as t "
        "left join ledger.account as a on a.company_id = 1 and a.account_id = t.account_id",
        (first, last),
    ).fetchall()
    return {code: (opening, debit, credit) for code, opening, debit, credit in rows}


def test_the_trial_balance_sums_to_nothing_and_is_the_same_with_and_without_closed_periods(carlo: Person, world: World) -> None:
    post(carlo, "2024-06-30", "18.01", "58.01", "100.00")
    post(carlo, "2025-01-15", "66.01", "18.01", "10.00")
    post(carlo, "2025-02-15", "18.01", "58.01", "50.00")
    before = balance(carlo, "2025-02-01", "2025-02-28")
    assert before == {
        "18.01": ("90.00", "50.00", "0.00"), "58.01": ("0.00", "0.00", "50.00"), "66.01": ("10.00", "0.00", "0.00"), "-": ("-100.00", "0", "0"),
    }  # fmt: skip
    carlo.execute("select ledger.lock_period(1, '2025-01-31', '')")
    assert balance(carlo, "2025-02-01", "2025-02-28") == before
    assert balance(carlo, "2024-01-01", "2024-12-31") == {"18.01": ("0", "100.00", "0.00"), "58.01": ("0", "0.00", "100.00")}
    grant(world, "carlo.conti", "ledger.reopen")
    carlo.execute("select ledger.lock_period(1, '2024-12-31', 'correzione')")
    post(carlo, "2025-01-20", "66.01", "18.01", "1.00")
    assert balance(carlo, "2025-02-01", "2025-02-28")["18.01"] == ("89.00", "50.00", "0.00")


def test_closing_a_year_moves_its_result_and_opens_the_next(carlo: Person, world: World) -> None:
    post(carlo, "2024-06-30", "18.01", "58.01", "100.00")
    post(carlo, "2024-07-30", "66.01", "18.01", "30.00")
    assert outcome(carlo, "select ledger.close_year(1, extract(year from current_date)::int)") == "CM149"
    assert value(carlo, "select ledger.close_year(1, 2024)") == {"year": 2024, "result": 70.00}
    assert outcome(carlo, "select ledger.close_year(1, 2024)") == "CM149"
    assert balance(carlo, "2025-01-01", "2025-12-31") == {
        "18.01": ("70.00", "0.00", "0.00"), "20.10": ("-70.00", "0.00", "0.00"), "58.01": ("0.00", "0.00", "0.00"), "66.01": ("0.00", "0.00", "0.00"),
        "80.01": ("0.00", "0.00", "0.00"),
    }  # fmt: skip
    assert balance(carlo, "2024-01-01", "2024-12-31")["58.01"] == ("0", "0.00", "100.00"), "before its closing entries"
    turned = world.owner.execute(
        "select e.on_date::text, a.code, sum(l.debit_amount - l.credit_amount)::text from ledger.journal_entry as e join ledger.journal_line as l "
        "using (company_id, journal_entry_id) join ledger.account as a using (company_id, account_id) where e.source in ('year_closing', 'year_opening') "
        "group by 1, 2 having sum(l.debit_amount - l.credit_amount) <> 0 order by 1, 2"
    ).fetchall()
    assert turned == [
        ("2024-12-31", "18.01", "-70.00"), ("2024-12-31", "20.10", "70.00"), ("2025-01-01", "18.01", "70.00"), ("2025-01-01", "20.10", "-70.00"),
    ]  # fmt: skip
