"""Movements find their customer and their items; a statement read twice registers nothing twice."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from cms_desktop.core.errors import AlreadyDone, NotAllowed
from cms_desktop.modules.ledger import actions
from cms_desktop.modules.ledger.statements.match import documents_named, is_certain, payment_of, propose
from cms_desktop.modules.ledger.statements.records import LineProposal, StatementLine
from tests.house import House
from tests.modules.billing.conftest import Desk
from tests.modules.billing.world import World
from tests.modules.ledger.conftest import Counter

D = Decimal
DAY = datetime.date(2024, 6, 3)
IBAN = "IT02A0300203280000400162854"


def line(amount: str, words: str = "", *, key: str = "k1", name: str = "", iban: str = "") -> StatementLine:
    return StatementLine(key, DAY, DAY, D(amount), words, name, iban)


@pytest.fixture
def debtors(desk: Desk, world: World) -> dict[str, int]:
    """Alfa owes 122.00 (V 2024/1), Beta 61.00 (V 2024/2), Gamma 12.20 (V 2024/3)."""
    made = {
        "alfa": world.simple("Alfa Trasporti S.r.l.", "100.00", iban=IBAN)[0],
        "beta": world.simple("Beta Costruzioni S.p.A.", "50.00")[0],
        "gamma": world.simple("Gamma Ristorazione S.n.c.", "10.00")[0],
    }
    desk.bill()
    return made


def test_account_document_and_name_find_the_customer_in_that_order(counter: Counter, debtors: dict[str, int]) -> None:
    lines = [
        line("122.00", key="a", iban=IBAN, name="Beta Costruzioni"),
        line("61.00", "saldo fatt. 2/2024", key="b"),
        line("12.20", key="c", name="GAMMA RISTORAZIONE SNC"),
        line("5.00", "grazie", key="d"),
        line("-3.00", "commissioni", key="e"),
    ]
    found = counter.ask(propose, lines)
    assert [(one.match, one.customer_id) for one in found] == [
        ("iban", debtors["alfa"]), ("document", debtors["beta"]), ("name", debtors["gamma"]), ("none", None),
    ]  # fmt: skip
    assert [sum(one.parts.values()) for one in found] == [D("122.00"), D("61.00"), D("12.20"), 0]
    assert [is_certain(one) for one in found] == [True, True, False, False]


def test_two_movements_of_one_customer_never_settle_the_same_item(counter: Counter, debtors: dict[str, int]) -> None:
    first, second = counter.ask(propose, [line("122.00", key="a", iban=IBAN), line("122.00", key="b", iban=IBAN)])
    assert first.parts and not second.parts


def test_what_was_proposed_is_registered_and_known_the_next_time(counter: Counter, debtors: dict[str, int]) -> None:
    lines = [line("122.00", key="a", iban=IBAN), line("61.00", "ft 2/2024", key="b")]
    found = counter.ask(propose, lines)
    assert counter.ask(actions.collect_all, [payment_of(one, None) for one in found]) == 2
    assert (counter.open_of(debtors["alfa"]), counter.open_of(debtors["beta"])) == (D(0), D(0))
    again = counter.ask(propose, lines)
    assert [one.is_known for one in again] == [True, True]
    with pytest.raises(AlreadyDone):
        counter.ask(actions.collect_all, [payment_of(found[0], None)])


def test_one_bad_payment_registers_none(counter: Counter, debtors: dict[str, int], world: World) -> None:
    good, bad = counter.ask(propose, [line("122.00", key="a", iban=IBAN), line("61.00", "ft 2/2024", key="b")])
    worse = LineProposal(bad.line, "name", debtors["alfa"], parts=bad.parts)
    with pytest.raises(Exception):  # noqa: B017  # another customer's item
        counter.ask(actions.collect_all, [payment_of(good, None), payment_of(worse, None)])
    assert world.value("select count(*) from ledger.payment") == 0


def test_a_name_shared_by_two_customers_names_nobody(counter: Counter, desk: Desk, world: World) -> None:
    for _ in range(2):
        world.simple("Rossi Mario", "10.00")
    desk.bill()
    assert counter.ask(propose, [line("12.20", name="ROSSI MARIO")])[0].match == "none"


def test_documents_a_text_may_mean() -> None:
    assert documents_named("SALDO FATT 12/2026 E 2026-0013", ["V"]) == ["V 2026/12", "V 2026/13"]
    assert documents_named("ft 7/2026 del 05/11/2026", ["V", "PA"]) == ["V 2026/7", "PA 2026/7"]
    assert documents_named("", ["V"]) == []


def test_only_who_may_collect_asks_whose_money_it_is(house: House, debtors: dict[str, int]) -> None:
    for login in ("rita.revisore", "bruno.estraneo"):
        session = house.log_in(login)
        with pytest.raises(NotAllowed), session.database.unit_of_work(1) as unit:
            propose(unit, [line("122.00", iban=IBAN)])
        session.close()
