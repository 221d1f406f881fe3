from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from stdnum import iban, luhn
from stdnum.it import codicefiscale, iva

from cms_desktop.core.fiscal import check_iban, check_recipient_code
from cms_desktop.db.passwords import password_problem
from cms_desktop.demo import DEMO_PASSWORD, DEMO_PERSONS, load, load_demo
from server_schema import deploy
from tests.cluster import create_database, drop_database, owner_connection, template_database

TODAY = datetime.date(2026, 11, 22)
TABLES = (
    "registry.party", "customers.customer", "customers.contract", "customers.service", "customers.balance", "billing.invoice_line",
    "billing.invoice_vat", "billing.month_total", "ledger.open_item", "ledger.payment", "ledger.allocation", "ledger.journal_line",
    "bank_effects.effect", "bank_effects.effect_item",
)  # fmt: skip


def _deploy(name: str) -> None:
    with owner_connection(name) as connection:
        deploy.bootstrap(connection)
        deploy.deploy(connection)


def _loaded(customers: int, *, seed: int = 1, months: int = 24) -> str:
    name = f"d{uuid.uuid4().hex[:10]}"
    create_database(name, template=template_database("empty", _deploy))
    with owner_connection(name) as connection:
        load_demo(connection, customers, seed=seed, progress=lambda _text: None, months=months, today=TODAY)
    return name


@pytest.fixture(scope="module")
def demo() -> Iterator[psycopg.Connection[Any]]:
    name = _loaded(200)
    with owner_connection(name) as connection:
        yield connection
    drop_database(name)


def _fingerprints(name: str) -> dict[str, str]:
    """What every table holds, without the moments at which it was written."""
    with owner_connection(name) as connection:
        found = {}
        for table in TABLES:
            row = connection.execute(
                f"select md5(string_agg((to_jsonb(t) - 'created_at' - 'changed_at')::text, '|' order by (to_jsonb(t) - 'created_at' - 'changed_at')::text))"
                f" from {table} as t"
            ).fetchone()
            assert row is not None
            found[table] = row[0]
        return found


def test_the_same_seed_gives_the_same_data_and_another_seed_other_data() -> None:
    names = [_loaded(40, months=5), _loaded(40, months=5), _loaded(40, seed=2, months=5)]
    first, second, other = (_fingerprints(name) for name in names)
    for name in names:
        drop_database(name)
    assert first == second
    assert first["registry.party"] != other["registry.party"]


def test_nothing_in_the_books_contradicts_itself(demo: psycopg.Connection[Any]) -> None:
    assert deploy.check(demo) == []


def test_every_vat_number_tax_code_and_iban_is_valid(demo: psycopg.Connection[Any]) -> None:
    parties = demo.execute("select kind, vat_number, tax_code from registry.party").fetchall()
    customers = demo.execute("select count(*) from customers.customer").fetchone()
    assert customers == (200,) and len(parties) > 200  # besides, those who sell and collect
    assert all(iva.is_valid(vat) for _, vat, _ in parties if vat)
    for kind, _, tax_code in parties:
        if tax_code:
            check = codicefiscale.is_valid if kind in ("person", "sole_trader") else luhn.is_valid
            assert check(tax_code), tax_code
    accounts = demo.execute("select iban from customers.customer where iban <> '' union select iban from base.bank_account").fetchall()
    assert len(accounts) > 60
    assert all(iban.is_valid(number) and check_iban(number) is None for (number,) in accounts)


def test_the_consonants_of_a_tax_code_are_those_of_the_name(demo: psycopg.Connection[Any]) -> None:
    for last, code in demo.execute(
        "select upper(last_name), left(tax_code, 3) from registry.party where kind = 'person' and tax_code <> ''"
    ):
        consonants = [letter for letter in last if letter not in "AEIOU"][:3]
        assert code.startswith("".join(consonants))


def test_towns_and_postal_codes_belong_together(demo: psycopg.Connection[Any]) -> None:
    wrong = demo.execute(
        "select p.name from registry.party as p left join base.town as t on t.istat_code = p.istat_code "
        "left join base.postal_code as c on c.istat_code = p.istat_code and c.postal_code = p.postal_code "
        "where exists (select from customers.customer as k where (k.company_id, k.customer_id) = (p.company_id, p.party_id)) and (c.postal_code is null or t.name <> p.town or t.province_code <> p.province_code)"
    ).fetchall()
    assert wrong == []


def test_recipient_codes_have_the_length_of_their_kind(demo: psycopg.Connection[Any]) -> None:
    rows = demo.execute(
        "select p.kind, k.recipient_code, k.is_split_payment from customers.customer as k "
        "join registry.party as p on p.company_id = k.company_id and p.party_id = k.customer_id"
    ).fetchall()
    assert all(check_recipient_code(code, is_public_body=kind == "public_body") is None for kind, code, _ in rows)
    assert {kind for kind, _, split in rows if split} == {"public_body"}


def test_the_current_month_is_left_to_bill_and_two_years_are_billed(demo: psycopg.Connection[Any]) -> None:
    months = demo.execute(
        "select company_id, count(*), min(month_on), max(month_on) from billing.month_total group by 1 order by 1"
    ).fetchall()
    assert [row[1:] for row in months] == [(24, datetime.date(2024, 11, 1), datetime.date(2026, 10, 1))] * 2
    due = demo.execute("select count(*) from billing.due_services(%s, '2026-11-01', '2026-11-30')", (months[0][0],)).fetchone()
    assert due is not None
    assert due[0] > 50


def test_a_run_of_the_current_month_shows_blocked_rows_with_different_reasons(demo: psycopg.Connection[Any]) -> None:
    with demo.transaction(force_rollback=True):
        demo.execute("set local role cms_bookkeeper")
        reasons = demo.execute(
            "with run as (select billing.make_preview(company_id, 'x', '2026-11-01', '2026-11-30', '2026-11-30', document_series_id, 'contract') as id "
            "  from base.document_series where code = 'V') select id from run"
        ).fetchall()
        assert len(reasons) == 2
        found = {row[0] for row in demo.execute("select distinct exclusion_reason from billing.invoice where is_excluded")}
    assert {"payment_term_missing", "address_incomplete", "fiscal_code_missing"} <= found


def test_effects_are_paid_unpaid_and_at_the_bank_and_some_are_left_to_present(demo: psycopg.Connection[Any]) -> None:
    states = dict(demo.execute("select state, count(*) from bank_effects.effect group by 1").fetchall())
    assert states["paid"] > 10 * states["unpaid"] > 0
    assert states["presented"] > 0
    left = demo.execute(
        "select count(*) from ledger.open_item as i where method = 'MP12' and due_on between %s and %s and settled_amount = 0 and not exists "
        "(select from bank_effects.effect_item as e where e.company_id = i.company_id and e.open_item_id = i.open_item_id and is_living)",
        (TODAY, TODAY + datetime.timedelta(days=40)),
    ).fetchone()
    assert left is not None
    assert left[0] > 0
    files = demo.execute("select effect_count, length(file_content) from bank_effects.effect_batch").fetchall()
    assert all(length == (effects * 7 + 2) * 122 for effects, length in files)


def test_most_is_collected_and_something_is_overdue(demo: psycopg.Connection[Any]) -> None:
    row = demo.execute(
        "select sum(settled_amount) / sum(amount), sum(open_amount), count(*) filter (where settled_amount not in (0, amount)) "
        "from ledger.open_item where due_on < %s",
        (TODAY,),
    ).fetchone()
    assert row is not None
    assert 0.85 < row[0] < 0.995
    assert row[1] > 0
    assert row[2] > 0


def test_nothing_of_the_past_happens_in_the_future(demo: psycopg.Connection[Any]) -> None:
    row = demo.execute(
        "select greatest((select max(on_date) from ledger.payment), (select max(outcome_on) from bank_effects.effect), "
        "(select max(on_date) from ledger.journal_entry), (select max(presented_at)::date from bank_effects.effect_batch))"
    ).fetchone()
    assert row is not None
    assert row[0] <= TODAY


def test_ten_customers_are_enough() -> None:
    name = _loaded(10, months=3)
    with owner_connection(name) as connection:
        assert deploy.check(connection) == []
    drop_database(name)


def test_the_demo_password_would_be_accepted_from_everybody() -> None:
    for login, name, _ in DEMO_PERSONS:
        assert password_problem(DEMO_PASSWORD, [login, *name.split()], []) is None


def test_customers_have_notes_and_tasks_some_done_with_their_cost_some_still_open(demo: psycopg.Connection[Any]) -> None:
    states = dict(demo.execute("select coalesce(task_state, 'note'), count(*) from registry.note group by 1").fetchall())
    assert all(states.get(state, 0) > 0 for state in ("note", "open", "done"))
    costs = demo.execute("select count(*), min(amount) > 0 from registry.time_cost").fetchone()
    assert costs == (states["done"], True)


def test_the_master_data_of_customers_is_filled(demo: psycopg.Connection[Any]) -> None:
    tables = ("site", "plant", "held_key", "mandate", "appointment", "life_cycle_event")
    counts = {name: demo.execute(f"select count(*) from customers.{name}").fetchone() for name in tables}  # type: ignore[arg-type]
    assert all(count is not None and count[0] > 10 for count in counts.values()), counts
    lost = demo.execute(
        "select count(*) from customers.customer as k join base.payment_term as t using (company_id, payment_term_id) "
        "where t.method = 'MP19' and not exists (select from customers.mandate as m where (m.company_id, m.customer_id) = (k.company_id, k.customer_id))"
    ).fetchone()
    assert lost == (0,)  # who pays by direct debit has a mandate


def _rows_read(customers: int) -> tuple[int, int]:
    """How many rows the server read for a demo made month by month, and how many invoices came of it."""
    name = _loaded(customers, months=5)
    with owner_connection(name) as connection:
        read = connection.execute("select tup_returned from pg_stat_database where datname = %s", (name,)).fetchone()
        made = connection.execute("select count(*) from billing.invoice").fetchone()
    drop_database(name)
    assert read
    assert made
    return read[0], made[0]


def test_the_cost_of_an_invoice_does_not_grow_with_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "AT_ONCE", 10)
    (read_few, few), (read_more, more), (read_many, many) = _rows_read(100), _rows_read(400), _rows_read(800)
    at_first, later = (read_more - read_few) / (more - few), (read_many - read_more) / (many - more)
    assert later <= at_first, "each further invoice costs more rows than those before"
    assert later < 1_200  # 660; over 2,000 where one statement looks at all the others for each row


def test_the_history_gets_shorter_where_the_customers_are_many() -> None:
    assert [load.months_of_history(n) for n in (10, 50_000, 100_000, 400_000, 1_000_000)] == [24, 24, 12, 3, 3]
