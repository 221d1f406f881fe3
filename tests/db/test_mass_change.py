"""Changing many records in one statement, and taking it back."""

from __future__ import annotations

import json

import psycopg
import pytest
import sqlalchemy as sa

from cms_desktop.core.errors import AlreadyDone
from cms_desktop.core.listing import ListQuery
from cms_desktop.core.mass_change import Target
from cms_desktop.db import mass_change
from cms_desktop.db.shared_views import keep_shared_view, list_shared_views, remove_shared_view
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.customers import mass_change as customers
from tests.house import House
from tests.modules.customers.samples import add_customer

BANK = "select bank_name from customers.customer where company_id = 1 order by customer_id"


def made(unit: UnitOfWork) -> tuple[int, ...]:
    return tuple(add_customer(unit, name, kind=kind, vat_number="", tax_code="") for name, kind in
                 (("Uno", "company"), ("Due", "company"), ("Tre", "person")))  # fmt: skip


@pytest.fixture
def unit_of(house: House):  # type: ignore[no-untyped-def]
    sessions = []

    def open_unit(login: str = "marta.bellini"):  # type: ignore[no-untyped-def]
        sessions.append(house.log_in(login))
        return sessions[-1].database.unit_of_work(1)

    yield open_unit
    for session in sessions:
        session.close()


def banks(unit: UnitOfWork) -> list[str]:
    return [one.bank_name for one in unit.rows(sa.text(BANK))]


def test_a_preview_counts_all_and_changes_nothing(unit_of) -> None:  # type: ignore[no-untyped-def]
    with unit_of() as unit:
        ids = made(unit)
        customers.apply(unit, Target(ids[:1]), "bank_name", "Banca Etica")
        preview = customers.preview(unit, Target((), ListQuery()), "bank_name", "Banca Etica")
        assert (preview.changing, preview.same, dict(preview.refused)) == (2, 1, {})
        assert {(row.name, row.before, row.is_same) for row in preview.rows} == {
            ("Uno", "Banca Etica", True), ("Due", "", False), ("Tre", "", False),
        }  # fmt: skip
        assert banks(unit) == ["Banca Etica", "", ""]


def test_what_must_not_change_is_refused_with_its_reason(unit_of) -> None:  # type: ignore[no-untyped-def]
    with unit_of() as unit:
        ids = made(unit)
        preview = customers.preview(unit, Target(ids), "is_split_payment", True)
        assert preview.changing == 2
        ((reason, count),) = preview.refused.items()
        assert "scissione" in reason.lower() and count == 1
        assert [row.name for row in preview.rows if row.refusal] == ["Tre"]
        done = customers.apply(unit, Target(ids), "is_split_payment", True)
        assert done.row_count == 2
        assert unit.value(sa.text("select is_split_payment from customers.customer where customer_id = :id"), {"id": ids[2]}) is False


def test_a_mass_change_is_taken_back_but_not_what_was_changed_since(unit_of) -> None:  # type: ignore[no-untyped-def]
    with unit_of() as unit:
        ids = made(unit)
        done = customers.apply(unit, Target(ids), "bank_name", "Banca Etica")
    with unit_of() as unit:
        unit.session.execute(
            sa.text("update customers.customer set bank_name = 'Altra', row_version = row_version + 1 where customer_id = :id"),
            {"id": ids[0]},
        )
    with unit_of() as unit:
        undone = customers.undo(unit, done.mass_change_id)
        assert (undone.restored, undone.left) == (2, 1)
        assert banks(unit) == ["Altra", "", ""]
        with pytest.raises(AlreadyDone):
            customers.undo(unit, done.mass_change_id)
        (mine,) = mass_change.list_changes(unit, "customers.customer")
        assert mine.row_count == 3 and mine.undone_at is not None


def test_a_mass_change_is_one_entry_of_the_person_who_made_it(house: House, unit_of) -> None:  # type: ignore[no-untyped-def]
    with unit_of() as unit:
        customers.apply(unit, Target(made(unit)), "bank_name", "Banca Etica")
    with unit_of("dora.doppia") as unit:
        assert mass_change.list_changes(unit, "customers.customer") == []
        assert unit.rows(sa.text("select 1 from base.mass_change_row")) == []
        with pytest.raises(AlreadyDone):
            customers.undo(unit, 1)


def test_who_may_only_read_changes_nothing(house: House, unit_of) -> None:  # type: ignore[no-untyped-def]
    with unit_of() as unit:
        ids = made(unit)
    with pytest.raises(Exception, match=r"diritto|permission|autorizz"), unit_of("rita.revisore") as unit:
        customers.apply(unit, Target(ids), "bank_name", "Banca Etica")
    with unit_of() as unit:
        assert banks(unit) == ["", "", ""]


def test_a_shared_view_is_seen_by_colleagues_and_changed_by_its_author(house: House, unit_of) -> None:  # type: ignore[no-untyped-def]
    with unit_of() as unit:
        keep_shared_view(unit, "customers.customer", "Di Empoli", {"filters": [], "sort": None})
    with unit_of("rita.revisore") as unit:
        (view,) = list_shared_views(unit, "customers.customer")
        assert view.name == "Di Empoli" and not view.is_mine
        remove_shared_view(unit, "customers.customer", "Di Empoli")
    with unit_of() as unit:
        assert [one.name for one in list_shared_views(unit, "customers.customer")] == ["Di Empoli"]
    with house.person("dora.doppia") as dora, pytest.raises(psycopg.Error):
        dora.execute(
            "insert into base.shared_view (company_id, list, name, view) values (1, 'customers.customer', 'Di Empoli', %s) "
            "on conflict (company_id, list, name) do update set view = excluded.view, row_version = base.shared_view.row_version + 1",
            (json.dumps({"x": 1}),),
        )
