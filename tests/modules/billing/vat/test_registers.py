"""The registers: every document where the law wants it, credit notes negative, split payment apart, months printed for good stay."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from cms_desktop.core.errors import AppError
from cms_desktop.modules.billing import actions as billing
from cms_desktop.modules.billing.vat import actions, queries
from tests.house import House
from tests.modules.billing.conftest import Desk
from tests.modules.billing.vat.conftest import Bookkeeper, add_code
from tests.modules.billing.vat.papers import issue
from tests.modules.billing.world import World
from tests.modules.ledger.conftest import Counter

D, DAY = Decimal, datetime.date
MAY = DAY(2024, 5, 1)


@pytest.fixture
def month(world: World) -> dict[str, int]:
    """May 2024: an invoice of two rates, one of split payment, a credit note, an integration; nothing else."""
    alfa, supplier = world.customer("Alfa"), world.customer("Fornitore estero")
    return {
        "invoice": issue(world, "TD01", alfa, DAY(2024, 5, 3), {"22": "1000.00", "N4": "200.00"}, stamp="2.00"),
        "split": issue(world, "TD01", alfa, DAY(2024, 5, 10), {"22S": "800.40"}, series="PA"),
        "credit": issue(world, "TD04", alfa, DAY(2024, 5, 20), {"22": "-100.00"}),
        "integration": issue(world, "TD17", supplier, DAY(2024, 5, 31), {"22": "50.00"}),
    }


def test_each_section_has_its_documents_in_order_and_sums_add_up(month: dict[str, int], books: Bookkeeper) -> None:
    sales = books.ask(queries.find_month, books.section(), MAY)
    assert [(row.number, row.document_type, row.code, row.net_amount, row.vat_amount) for row in sales.rows] == [
        (1, "TD01", "22", D("1000.00"), D("220.00")), (1, "TD01", "N4", D("200.00"), D("0.00")), (2, "TD04", "22", D("-100.00"), D("-22.00")),
        (3, "TD17", "22", D("50.00"), D("11.00")),
    ]  # fmt: skip
    assert [(one.code, one.document_count, one.net_amount, one.vat_amount) for one in sales.totals] == [
        ("22", 3, D("950.00"), D("209.00")), ("N4", 1, D("200.00"), D("0.00")),
    ]  # fmt: skip
    assert (sales.net_amount, sales.vat_amount, sales.due_vat) == (D("1150.00"), D("209.00"), D("209.00"))
    purchases = books.ask(queries.find_month, books.section("purchases"), MAY)
    assert [(row.document_type, row.number, row.vat_amount) for row in purchases.rows] == [("TD17", 3, D("11.00"))]


def test_split_payment_stands_in_its_section_and_is_not_due(month: dict[str, int], books: Bookkeeper) -> None:
    public = books.ask(queries.find_month, books.section(code="PA"), MAY)
    assert (public.vat_amount, public.split_vat, public.due_vat) == (D("176.09"), D("176.09"), D(0))


def test_a_reporting_violation_is_a_purchase_only(month: dict[str, int], books: Bookkeeper, world: World) -> None:
    issue(world, "TD20", world.customer("Altro"), DAY(2024, 5, 31), {"22": "10.00"})
    assert "TD20" not in {row.document_type for row in books.ask(queries.find_month, books.section(), MAY).rows}
    assert [row.document_type for row in books.ask(queries.find_month, books.section("purchases"), MAY).rows] == ["TD17", "TD20"]


def test_the_register_of_collections_has_the_day_of_the_money(town: int, desk: Desk, counter: Counter, books: Bookkeeper) -> None:
    desk.bill()
    assert books.ask(queries.find_month, books.section(), MAY).suspended_vat == D("22.00")
    [(item, _)] = counter.items(town)
    counter.collect(town, "61.00", {item: "61.00"}, on_date=DAY(2024, 6, 10))
    found = books.ask(queries.find_month, books.section("collected"), DAY(2024, 6, 1))
    assert [(row.document_on, row.registered_on, row.net_amount, row.vat_amount) for row in found.rows] == [
        (MAY, DAY(2024, 6, 10), D("50.00"), D("11.00"))
    ]
    assert (found.due_vat, found.suspended_vat) == (D("11.00"), D(0))


def _print(books: Bookkeeper, section: Any, month: datetime.date, pages: int) -> Any:
    found = books.ask(queries.find_month, section, month)
    books.ask(actions.close_month, found, b"paper", pages)
    return found


def test_pages_follow_each_other_in_a_year_and_begin_anew_in_the_next(month: dict[str, int], books: Bookkeeper, world: World) -> None:
    alfa = world.customer("Beta")
    for day in (DAY(2024, 6, 5), DAY(2025, 1, 7)):
        issue(world, "TD01", alfa, day, {"22": "10.00"})
    section = books.section()
    firsts = [_print(books, section, first, 3).first_page for first in (MAY, DAY(2024, 6, 1))]
    assert firsts == [1, 4]
    assert _print(books, section, DAY(2025, 1, 1), 2).first_page == 1
    again = books.ask(queries.find_month, section, DAY(2024, 6, 1))
    assert (again.first_page, again.printed.last_page) == (4, 6)
    kept = world.owner.execute("select row_count, vat_amount, sha256 from billing.register_print order by month_on limit 1").fetchone()
    assert kept == (4, D("209.00"), hashlib.sha256(b"paper").digest())


def test_a_month_is_printed_once_in_order_and_when_it_is_over(month: dict[str, int], books: Bookkeeper, world: World) -> None:
    section = books.section()
    issue(world, "TD01", world.customer("Beta"), DAY(2024, 6, 5), {"22": "10.00"})
    told = []
    for wanted in (DAY(2024, 6, 1), MAY, MAY, datetime.date.today().replace(day=1)):
        try:
            _print(books, section, wanted, 1)
            told.append("printed")
        except AppError as error:
            told.append(error.key)
    assert told == ["earlier_month_not_printed", "printed", "register_printed", "month_not_over"]


@pytest.mark.parametrize("wrong", ["rows", "vat", "page"])
def test_paper_that_shows_other_figures_than_the_books_is_refused(wrong: str, month: dict[str, int], books: Bookkeeper) -> None:
    seen = books.ask(queries.find_month, books.section(), MAY)
    if wrong == "rows":
        seen = replace(seen, rows=seen.rows[1:])
    elif wrong == "vat":
        seen = replace(seen, totals=seen.totals[1:])
    else:
        seen = replace(seen, first_page=2)
    with pytest.raises(AppError) as told:
        books.ask(actions.close_month, seen, b"paper", 1)
    assert told.value.key == "register_changed"


def test_after_the_print_no_number_is_given_or_taken_back_in_its_month(desk: Desk, books: Bookkeeper, world: World) -> None:
    world.simple("Alfa", "100.00")
    run = desk.bill()
    _print(books, books.section(), MAY, 1)
    with pytest.raises(AppError) as told:
        desk.ask(billing.undo_run, run)
    assert told.value.key == "vat_period_closed"
    world.simple("Beta", "100.00")
    late = desk.prepare(MAY, document_on=DAY(2024, 5, 31))
    with pytest.raises(AppError) as told:
        desk.ask(billing.issue_run, late)
    assert (told.value.key, "31/05/2024" in str(told.value)) == ("vat_period_closed", True)
    desk.ask(billing.discard_run, late)
    desk.bill(DAY(2024, 5, 1), document_on=DAY(2024, 6, 1))


def test_who_only_reads_the_books_sees_the_same_registers_and_closes_nothing(month: dict[str, int], house: House) -> None:
    question = "select count(*), sum(vat_amount) from billing.register_rows(1, 'sales', null, '2024-05-01', '2024-05-31')"
    with house.owner() as owner:
        owner.execute("delete from base.permission where person_id = (select person_id from base.person where login = 'rita.revisore') "
                      "and function = 'billing.read'")  # fmt: skip
    with house.person("rita.revisore") as rita, house.person("marta.bellini") as marta:
        assert rita.execute("select count(*) from billing.invoice").fetchone() == (0,)
        assert rita.execute(question).fetchone() == marta.execute(question).fetchone() == (5, D("385.09"))
        for order in (
            "select billing.print_register(1, 'sales', 1, '2024-05-01', 1, 1, 4, 1150, 209, sha256('x'))",
            "select billing.confirm_vat(1, '2024-05-01', 198)",
            "select billing.save_vat(1, '2024-05-01', 0, 0, 0, 0, 0)",
            "select billing.reopen_vat(1, '2024-05-01', 'x')",
        ):
            for person in (rita, marta):
                with pytest.raises(Exception, match="not_allowed"):
                    person.execute(order)


def test_a_code_without_vat_says_why(month: dict[str, int], books: Bookkeeper, world: World) -> None:
    add_code(world, "N1B", "0", nature="N1")
    issue(world, "TD01", world.customer("Gamma"), DAY(2024, 5, 31), {"N1B": "5.00"})
    totals = books.ask(queries.find_month, books.section(), MAY).totals
    assert {one.code: (one.nature, one.legal_reference) for one in totals if one.nature} == {
        "N4": ("N4", "Esente art. 10 DPR 633/72"), "N1B": ("N1", "Art. 15 DPR 633/72"),
    }  # fmt: skip
