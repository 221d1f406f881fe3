"""Everything about a customer on one screen: figures are those of the lists they open, and each module shows only to who may read it."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from cms_desktop.core import formats
from cms_desktop.core.listing import ListQuery
from cms_desktop.db.database import Database
from cms_desktop.modules import rail
from cms_desktop.modules.bank_effects import overview as effects
from cms_desktop.modules.bank_effects import queries as bank_effects
from cms_desktop.modules.billing import overview as billing
from cms_desktop.modules.billing import queries as invoices
from cms_desktop.modules.customers import actions, overview, queries
from cms_desktop.modules.customers.actions import master as doing
from cms_desktop.modules.customers.dock import CustomersDock
from cms_desktop.modules.customers.editor.overview_pane import OverviewPane, make_overview
from cms_desktop.modules.ledger import queries as ledger
from cms_desktop.ui.later import BuiltLater
from cms_desktop.ui.overview import Place
from cms_desktop.ui.workplace import Workplace
from tests.house import House
from tests.modules.customers.samples import add_customer, service
from tests.modules.customers.workplaces import opened_workplace, until

pytestmark = pytest.mark.usefixtures("light")
D = datetime.date


@pytest.fixture
def billed(house: House) -> int:
    """A customer with a contract, three invoices, a site and a part payment; another one with an invoice, too."""
    session = house.log_in("marta.bellini")
    with session.database.unit_of_work(1) as unit:
        [number, other] = [add_customer(unit), add_customer(unit, "Hotel Belvedere", vat_number="")]
        for one in (number, other):
            actions.add_contract(unit, one, {"title": "Ronda", "starts_on": D(2024, 1, 1)}, [service(unit, "120")])
        doing.save_site(unit, number, 0, {"name": "Negozio", "street": "Via Roma", "town": "Firenze"}, row_version=0)
    session.close()
    with house.owner() as owner:
        owner.execute(
            "update customers.customer set payment_term_id = (select payment_term_id from base.payment_term where company_id = 1 and code = 'BB30'), "
            "row_version = row_version + 1"
        )
        owner.execute("update registry.party set tax_code = '00743110157', row_version = row_version + 1 where party_id = %s", (other,))
    with house.person("marta.bellini") as marta:
        for month in ("2025-01-01", "2025-02-01", "2025-03-01"):
            run = marta.execute(
                "select billing.prepare_run(1, 'Canoni', %(m)s::date, (%(m)s::date + interval '1 month')::date - 1, %(m)s::date, "
                "(select document_series_id from base.document_series where company_id = 1 and code = 'V'), 'customer')", {"m": month},
            ).fetchone()  # fmt: skip
            assert run is not None
            marta.execute("select billing.issue_run(1, %s)", run)
    with house.owner() as owner:
        owner.execute(
            "with item as (select * from ledger.open_item where customer_id = %s order by due_on limit 1), paid as (insert into ledger.payment "
            "(company_id, customer_id, on_date, method, amount) select 1, customer_id, '2025-03-01', 'MP05', 46.40 from item returning payment_id) "
            "insert into ledger.allocation (company_id, payment_id, open_item_id, amount) select 1, payment_id, open_item_id, 46.40 from paid, item",
            (number,),
        )
    return number


@pytest.fixture
def direction(house: House) -> Iterator[Database]:
    session = house.log_in("rita.revisore")
    yield session.database
    session.close()


def _amount(text: str) -> Decimal:
    digits = text.replace(formats.NBSP, "").replace("€", "").replace(".", "").replace(",", ".").replace(formats.MINUS, "-").strip()
    return Decimal(digits)


def _total(unit: Any, place: Place) -> tuple[int, Decimal]:
    """Count and sum of the list that a figure opens."""
    query: ListQuery = place.what["query"]
    if place.page == "open_items":
        totals = ledger.sum_open_items(unit, query)
        return totals.count, totals.sums["open_amount"]
    if place.page == "payments":
        totals = ledger.sum_payments(unit, query)
        return totals.count, totals.sums["amount"]
    if place.page == "effects":
        totals = bank_effects.sum_effects(unit, query)
        return totals.count, totals.sums["amount"]
    totals = invoices.sum_invoices(unit, query)
    return totals.count, totals.sums["net_amount"]


def test_every_figure_and_band_equals_the_list_it_opens(direction: Database, billed: int) -> None:
    with direction.unit_of_work(1) as unit:
        items = billing.show_items(billing.load_items(unit, billed))
        found = billing.show_invoices(billing.load_invoices(unit, billed))
        figures = [*items.figures, *found.figures, *items.bands]
        for figure in figures:
            value = figure.amount if hasattr(figure, "amount") else figure.value
            place = figure.place
            assert place is not None
            assert (_amount(value) if value != "–" else 0) == _total(unit, place)[1], figure
    assert _amount(items.figures[0].value) == Decimal("146.40") * 3 - Decimal("46.40")
    assert sum((_amount(band.amount) for band in items.bands), Decimal(0)) == _amount(items.figures[0].value)


def test_the_lines_are_those_of_this_customer_alone_and_lead_to_their_records(direction: Database, billed: int) -> None:
    with direction.unit_of_work(1) as unit:
        found = billing.show_invoices(billing.load_invoices(unit, billed))
        paid = billing.show_payments(billing.load_payments(unit, billed))
        contracts = overview.show_contracts(overview.load_contracts(unit, billed))
        sites = overview.show_sites(overview.load_sites(unit, billed))
        events = overview.show_events(overview.load_events(unit, billed))
        none = effects.show_effects(effects.load_effects(unit, billed))
        own = {row.invoice_id for row in invoices.list_invoices(unit, billing.of_customer(billed)).rows}
    assert {fact.place.what["record"] for fact in found.facts if fact.place} == own and len(own) == 3
    assert (found.place_text, paid.place_text, contracts.place_text, sites.place_text) == (
        "Tutte le 3",
        "1 incasso",
        "1 contratto",
        "1 sede",
    )
    assert [fact.text for fact in contracts.facts] == ["C-2024/0001"] and contracts.figures[0].detail == "1 contratto"
    assert sites.facts[0].detail == "Via Roma, Firenze" and events.facts[0].text == "Scheda aperta"
    assert not none.facts and none.place is None and none.empty


def _pane(place: Workplace) -> OverviewPane:
    made = BuiltLater(lambda: make_overview(place), when_shown=False)
    pane: OverviewPane = made.widget()
    made.layout().removeWidget(pane)  # type: ignore[union-attr]
    pane.setParent(None)
    return pane


def test_modules_show_only_to_who_may_read_them(house: House, qtbot: Any, billed: int) -> None:
    for login, wanted in (
        ("marta.bellini", {"contracts", "sites", "events", "open_items", "payments", "invoices"}),
        ("carlo.conti", {"contracts", "sites", "events", "open_items", "payments", "invoices", "effects"}),
    ):
        with opened_workplace(house, login) as place:
            rail.provide_overviews(place)
            pane = _pane(place)
            qtbot.addWidget(pane)
            assert set(pane.section_keys()) == wanted
            assert pane.section_keys()[0] == "contracts" and pane.section_keys()[-1] == "events"


def test_the_screen_loads_in_one_piece_of_work_and_every_line_can_be_opened(house: House, qtbot: Any, billed: int) -> None:
    went: list[tuple[Any, ...]] = []
    with opened_workplace(house, "carlo.conti") as place:
        rail.provide_overviews(place)
        place._go_to = lambda module, page, **what: went.append((module, page, what))
        pane = _pane(place)
        qtbot.addWidget(pane)
        pane.resize(684, 900)
        pane.show()
        pane.show_customer(billed)
        until(qtbot, lambda: set(pane.cards) == set(pane.section_keys()))
        for line in (line for card in pane.cards.values() for line in card.lines):
            line.click()
        for tile in pane.figures:
            tile.click()
        lines = sum(len(card.lines) for card in pane.cards.values())
        assert len(went) == lines + len(pane.figures)
        assert ("billing", "open_items") in {one[:2] for one in went} and ("customers", "customers") in {one[:2] for one in went}
        pane.show_customer(None)
        assert pane.cards == {}


def test_the_statement_of_a_busy_customer_is_there_at_once(house: House, billed: int) -> None:
    """5,000 invoices and items of one customer: still far under a second; the measure at full scale is in benchmarks."""
    with house.owner() as owner:
        owner.execute("set session_replication_role = replica")
        owner.execute(
            "insert into billing.invoice (company_id, document_type, state, document_series_id, year, number, document_number, document_on, "
            "customer_id, payment_term_id, buyer, net_amount, vat_amount, total_amount, payable_amount) "
            "select company_id, document_type, state, document_series_id, 2015 + n %% 9, 100000 + n, 'X' || n, make_date(2015 + n %% 9, 1 + n %% 12, 1), "
            "customer_id, payment_term_id, buyer, net_amount, vat_amount, total_amount, payable_amount from (select * from billing.invoice "
            "where customer_id = %s limit 1) as i, generate_series(1, 5000) as n", (billed,),
        )  # fmt: skip
        owner.execute(
            "insert into ledger.open_item (company_id, customer_id, source, source_id, installment, document_number, document_on, due_on, method, amount) "
            "select 1, %s, 'manual', n, 1, 'X' || n, '2020-01-01', date '2020-01-01' + n %% 2000, 'MP05', 10 from generate_series(1, 5000) as n",
            (billed,),
        )
        owner.execute("analyze billing.invoice, ledger.open_item")
    session = house.log_in("carlo.conti")
    sections = [*overview.sections(), *billing.ledger_sections(), *billing.sections(), *effects.sections()]
    with session.database.unit_of_work(1) as unit:
        best = min(_seconds(lambda: [one.load(unit, billed) for one in sections]) for _ in range(3))
    session.close()
    assert best < 1


def _seconds(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def test_the_count_on_a_tab_is_that_of_its_records(direction: Database, billed: int) -> None:
    with direction.unit_of_work(1) as unit:
        assert queries.load_customer(unit, billed).counts == {"sites": 1, "mandates": 0, "letters": 0, "people": 0}


def test_the_first_customer_that_is_opened_shows_its_overview_at_once(house: House, qtbot: Any, billed: int) -> None:
    with opened_workplace(house, "carlo.conti") as place:
        rail.provide_overviews(place)
        dock = CustomersDock(place)
        qtbot.addWidget(dock)
        dock.show()
        dock.show_page("customers")
        until(qtbot, lambda: not place.background.is_busy())
        pane = dock.customers.pane
        pane.show_customer(billed)
        until(qtbot, lambda: pane.customer_id() == billed)
        assert pane.tabs.active() == "overview" and pane._pages.currentWidget() is pane.parts.places["overview"]
        until(qtbot, lambda: "contracts" in pane.parts.places["overview"].widget().cards, 20000)
        until(qtbot, lambda: not place.background.is_busy())
