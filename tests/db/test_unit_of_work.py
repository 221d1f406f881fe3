"""One transaction of one person in one company."""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cms_desktop.core.errors import AppError, Cancelled, Conflict, ConnectionLost, InvalidInput, NoCompanyChosen, NotAllowed
from cms_desktop.db.login import LoginSession
from cms_desktop.modules.base.tables import Company
from cms_desktop.modules.customers.tables import Customer
from cms_desktop.modules.registry.tables import Party
from tests.access.arranged import add_customer
from tests.house import House


@pytest.fixture
def marta(house: House) -> Iterator[LoginSession]:
    session = house.log_in("marta.bellini")
    yield session
    session.close()


@pytest.fixture
def dora(house: House) -> Iterator[LoginSession]:
    """Works in both companies, each with one customer."""
    with house.owner() as owner:
        add_customer(owner, "A1", company=1)
        add_customer(owner, "B1", company=2)
    session = house.log_in("dora.doppia")
    yield session
    session.close()


def _count(session: LoginSession, name: str = "Nuova") -> int:
    with session.database.unit_of_work(1) as unit:
        return int(unit.value(sa.text("select count(*) from registry.party where company_id = :company and name = :name"), {"name": name}))


def test_work_that_ends_well_is_kept_with_its_author(marta: LoginSession) -> None:
    with marta.database.unit_of_work(1) as unit:
        party = Party(company_id=unit.company_id, name="Nuova")
        unit.session.add(party)
    assert party.party_id > 0 and party.created_by == marta.person.person_id and party.row_version == 1
    assert _count(marta) == 1


@pytest.mark.parametrize("error", [ValueError("x"), InvalidInput("x"), KeyboardInterrupt()])
def test_work_that_breaks_leaves_nothing(marta: LoginSession, error: BaseException) -> None:
    with pytest.raises(type(error)), marta.database.unit_of_work(1) as unit:
        unit.session.add(Party(company_id=1, name="Nuova"))
        unit.session.flush()
        raise error
    assert _count(marta) == 0


def test_what_was_flushed_before_a_refusal_is_taken_back(marta: LoginSession) -> None:
    with pytest.raises(InvalidInput), marta.database.unit_of_work(1) as unit:
        unit.session.add(Party(company_id=1, name="Nuova"))
        unit.session.flush()
        unit.session.add(Party(company_id=1, name=" "))
    assert _count(marta) == 0


def test_a_constraint_becomes_its_sentence_and_field(house: House, marta: LoginSession) -> None:
    with house.owner() as owner:
        add_customer(owner, "100")
        party = owner.execute("insert into registry.party (company_id, name) values (1, 'Altra') returning party_id").fetchone()
    assert party is not None
    with pytest.raises(InvalidInput, match="codice cliente è già usato") as refused, marta.database.unit_of_work(1) as unit:
        unit.session.add(Customer(company_id=1, customer_id=party[0], code="100"))
    assert refused.value.field == "code"


def test_a_function_refuses_with_its_key_and_facts(marta: LoginSession) -> None:
    with pytest.raises(NotAllowed, match=r"bank_effects\.generate") as refused, marta.database.unit_of_work(1) as unit:
        unit.call("bank_effects.cancel_batch", 1)
    assert refused.value.key == "not_allowed"
    with pytest.raises(NotAllowed), marta.database.unit_of_work(2) as unit:
        unit.session.add(Party(company_id=2, name="Nuova"))


def test_a_broken_statement_is_an_app_error_and_the_next_unit_works(marta: LoginSession) -> None:
    with pytest.raises(AppError), marta.database.unit_of_work(1) as unit:
        unit.value(sa.text("select no_such_column"))
    assert _count(marta) == 0


def test_the_second_of_two_who_changed_the_same_record_is_told(house: House, marta: LoginSession) -> None:
    with house.owner() as owner:
        add_customer(owner, "100")
    dora = house.log_in("dora.doppia")
    find = sa.select(Party).where(Party.name == "Cliente 100")
    try:
        with pytest.raises(Conflict) as refused, marta.database.unit_of_work(1) as mine:
            own = mine.session.scalars(find).one()
            with dora.database.unit_of_work(1) as theirs:
                theirs.session.scalars(find).one().phone = "011 1"
            own.phone = "011 2"
        assert refused.value.key == "conflict"
        with marta.database.unit_of_work(1) as unit:
            now = unit.session.scalars(find).one()
            assert (now.phone, now.row_version, now.changed_by) == ("011 1", 2, dora.person.person_id)
    finally:
        dora.close()


def test_a_record_that_is_gone_is_a_conflict(house: House, marta: LoginSession) -> None:
    with house.owner() as owner, pytest.raises(Conflict):
        owner.execute("insert into registry.party (company_id, name) values (1, 'Breve')")
        with marta.database.unit_of_work(1) as unit:
            party = unit.session.scalars(sa.select(Party).where(Party.name == "Breve")).one()
            owner.execute("delete from registry.party where name = 'Breve'")
            party.phone = "011"


def test_an_orm_query_states_the_company_of_its_unit(dora: LoginSession) -> None:
    alias = orm.aliased(Party)
    for company, name in ((1, "Cliente A1"), (2, "Cliente B1"), (1, "Cliente A1")):
        with dora.database.unit_of_work(company) as unit:
            assert [party.name for party in unit.session.scalars(sa.select(Party))] == [name]
            assert [row[0] for row in unit.rows(sa.select(alias.name))] == [name]
            assert unit.value(sa.select(sa.func.count()).select_from(Customer).join(Party, Party.party_id == Customer.customer_id)) == 1
            statements: list[str] = []
            sa.event.listen(unit.session.connection(), "before_cursor_execute", lambda c, k, text, *rest, to=statements: to.append(text))
            unit.rows(sa.select(Party.name))
            assert "company_id = " in statements[0]


def test_a_company_is_the_only_one_its_unit_finds(dora: LoginSession) -> None:
    with dora.database.unit_of_work(2) as unit:
        assert [company.company_id for company in unit.session.scalars(sa.select(Company))] == [2]


def test_a_record_of_the_other_company_is_not_found_by_its_key(dora: LoginSession) -> None:
    with dora.database.unit_of_work(2) as unit:
        other = unit.value(sa.select(Party.party_id))
    with dora.database.unit_of_work(1) as unit:
        assert unit.session.get(Party, (2, other)) is None
        assert unit.value(sa.text("select :company")) == 1


def test_a_query_outside_a_unit_of_work_is_a_mistake(marta: LoginSession) -> None:
    with orm.Session(marta.database.engine) as session, pytest.raises(NoCompanyChosen):
        session.scalars(sa.select(Party)).all()
    with marta.database.unit_of_work(1) as unit:
        kept = unit.session
    with pytest.raises(NoCompanyChosen):
        kept.scalars(sa.select(Party)).all()


def test_units_on_two_threads_do_not_mix_their_companies(dora: LoginSession) -> None:
    seen: dict[int, list[str]] = {}
    both = threading.Barrier(2)

    def work(company: int) -> None:
        with dora.database.unit_of_work(company) as unit:
            both.wait(5)
            seen[company] = [party.name for party in unit.session.scalars(sa.select(Party))]

    threads = [threading.Thread(target=work, args=(company,)) for company in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert seen == {1: ["Cliente A1"], 2: ["Cliente B1"]}


def test_cancelling_stops_the_statement_on_the_server(house: House, marta: LoginSession) -> None:
    begun = time.monotonic()
    with pytest.raises(Cancelled), marta.database.unit_of_work(1) as unit:
        unit.session.add(Party(company_id=1, name="Nuova"))
        unit.session.flush()
        threading.Timer(0.3, unit.cancel).start()
        unit.value(sa.text("select pg_sleep(30)"))
    assert time.monotonic() - begun < 3
    with house.owner() as owner:
        running = owner.execute(
            "select count(*) from pg_stat_activity where query like '%pg_sleep(30)%' and state = 'active' and pid <> pg_backend_pid()"
        )
        assert running.fetchone() == (0,)
    assert _count(marta) == 0


def test_cancelling_after_the_end_disturbs_nobody(marta: LoginSession) -> None:
    with marta.database.unit_of_work(1) as unit:
        unit.value(sa.text("select 1"))
    unit.cancel()
    assert _count(marta) == 0


def _month(number: int) -> tuple[datetime.date, datetime.date, datetime.date]:
    first = datetime.date(2025, number, 1)
    return first, first + datetime.timedelta(days=27), first + datetime.timedelta(days=27)


def test_notices_of_the_server_become_progress(house: House, marta: LoginSession) -> None:
    with house.owner() as owner:
        add_customer(owner, "100")
        series = owner.execute("select min(document_series_id) from base.document_series where company_id = 1").fetchone()
    assert series is not None
    heard: list[tuple[int, int, str]] = []
    with marta.database.unit_of_work(1) as unit:
        unit.on_progress = lambda done, total, phase: heard.append((done, total, phase))
        run = unit.call("billing.prepare_run", "Canoni", *_month(1), series[0], "customer")
        unit.session.execute(sa.text("do $$ begin raise notice 'something else'; end $$"))
        assert unit.call("billing.issue_run", run)["count"] == 1
    assert [done for done, _, _ in heard[:4]] == [1, 2, 3, 4] and heard[0] == (1, 4, "due")
    with marta.database.unit_of_work(1) as unit:
        pass
    many = len(heard)
    with marta.database.unit_of_work(1) as unit:
        unit.call("billing.prepare_run", "Canoni", *_month(2), series[0], "customer")
    assert len(heard) == many, "a finished unit hears nothing more"


def test_a_lost_connection_is_said_and_the_next_unit_reconnects(house: House, marta: LoginSession) -> None:
    with pytest.raises(ConnectionLost), marta.database.unit_of_work(1) as unit:
        pid = unit.value(sa.text("select pg_backend_pid()"))
        with house.owner() as owner:
            owner.execute("select pg_terminate_backend(%s, 2000)", (pid,))
        unit.value(sa.text("select 1"))
    assert _count(marta) == 0


def test_no_connection_stays_busy_after_errors(marta: LoginSession) -> None:
    for _ in range(12):
        with pytest.raises(AppError), marta.database.unit_of_work(1) as unit:
            unit.value(sa.text("select 1/0"))
    assert marta.database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
