"""Every document posts balanced and by the posting rules, whatever it carries; at the issue or in a step of its own."""

from __future__ import annotations

import datetime
import random
from collections import defaultdict
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from cms_desktop.modules.ledger import book_queries, book_rules
from tests.access.arranged import outcome
from tests.house import House
from tests.modules.billing.conftest import MAY, Desk
from tests.modules.billing.test_taxes import Drafts
from tests.modules.billing.world import World

D = Decimal
KINDS = ("company", "public_body", "condominium", "person")


@pytest.fixture
def drafts(world: World) -> Drafts:
    return Drafts(world)


class Books:
    """Accounts, rules and service types of a world; what was posted."""

    def __init__(self, world: World) -> None:
        self.world = world

    def account(self, code: str) -> int:
        return int(self.world.value("select account_id from ledger.account where company_id = 1 and code = %s", code))

    def service_type(self, code: str, account_key: str = "revenue") -> int:
        return int(
            self.world.value(
                "insert into customers.service_type (company_id, code, description, account_key) values (1, %s, %s, %s) returning service_type_id",
                code, code, account_key,
            )
        )  # fmt: skip

    def rule(self, account: str, **named: Any) -> int:
        facts = {"account_id": self.account(account)} | named
        names = ", ".join(["company_id", *facts])
        marks = ", ".join(["%s"] * (len(facts) + 1))
        return int(
            self.world.value(f"insert into ledger.posting_rule ({names}) values ({marks}) returning posting_rule_id", 1, *facts.values())
        )

    def issue(self, *invoices: int) -> None:
        with self.world.owner.transaction():
            self.world.owner.execute("set local role cms_bookkeeper")
            self.world.owner.execute("select billing.issue_set(1, null, %s, %s, %s, now())", (list(invoices), self.world.series(), MAY))

    def posted(self, invoice: int) -> dict[str, D]:
        """Debit minus credit by account; every line has one side and none is negative."""
        rows = self.world.owner.execute(
            "select a.code, l.debit_amount, l.credit_amount from ledger.journal_entry as e join ledger.journal_line as l "
            "using (company_id, journal_entry_id) join ledger.account as a using (company_id, account_id) "
            "where e.company_id = 1 and e.source = 'invoice' and e.source_id = %s order by l.line_no",
            (invoice,),
        ).fetchall()
        sums: dict[str, D] = defaultdict(D)
        for code, debit, credit in rows:
            assert min(debit, credit) == 0 < max(debit, credit)
            sums[code] += debit - credit
        assert sum(sums.values()) == 0
        return dict(sums)


def self_invoice(drafts: Drafts, world: World, kind: str, **line: Any) -> int:
    """A document about a purchase: it has a supplier, and no customer."""
    supplier = psycopg.types.json.Jsonb({"name": "Fornitore"})
    party = world.customer(f"Fornitore {kind}")
    facts = {"customer_id": None, "payment_term_id": None, "supplier_id": party, "supplier": supplier}
    return drafts.draft(party, {"price": "100.00"} | line, kind=kind, **facts)


def refer(drafts: Drafts, credit_note: int) -> None:
    """A credit note names the invoice it is about."""
    drafts.insert("billing.invoice_reference", {"invoice_id": credit_note, "position": 1, "kind": "invoice", "number": "V 2023/1"})


@pytest.fixture
def books(world: World) -> Books:
    return Books(world)


def test_a_run_splits_revenue_by_the_rule_that_names_most(desk: Desk, world: World, books: Books) -> None:
    watch, alarm = books.service_type("RONDA"), books.service_type("ALLARME")
    books.rule("58.03", service_type_id=watch)
    books.rule("58.04", service_type_id=alarm)
    books.rule("58.02", customer_kind="public_body")
    books.rule("58.07", service_type_id=watch, customer_kind="public_body")
    books.rule("58.05", service_type_id=alarm, valid_from=datetime.date(2024, 6, 1))
    found = {}
    for kind in ("company", "public_body"):
        customer = world.customer(f"Cliente {kind}", kind=kind, recipient_code="ABCDEF" if kind == "public_body" else "ABCDEF1")
        contract = world.contract(customer)
        world.service(contract, "100.00", service_type_id=watch)
        world.service(contract, "33.33", service_type_id=alarm)
        world.service(contract, "10.00")
        found[kind] = customer
    desk.bill(grouping="customer")
    invoices = {kind: world.value("select invoice_id from billing.invoice where customer_id = %s", one) for kind, one in found.items()}
    assert books.posted(invoices["company"]) == {
        "14.01": D("174.86"), "58.03": D("-100.00"), "58.04": D("-33.33"), "58.01": D("-10.00"), "26.01": D("-31.53"),
    }  # fmt: skip
    assert books.posted(invoices["public_body"]) == {
        "14.01": D("174.86"), "58.07": D("-100.00"), "58.04": D("-33.33"), "58.02": D("-10.00"), "26.01": D("-31.53"),
    }  # fmt: skip


def test_the_key_of_a_service_type_names_an_account_when_no_rule_does(drafts: Drafts, world: World, books: Books) -> None:
    deposit = books.service_type("DEPOSITO", "deposits")
    made = drafts.draft(world.customer("Alfa"), {"price": "500.00", "vat": "N1", "service_type_id": deposit}, {"price": "10.00"})
    drafts.tax(made)
    books.issue(made)
    assert books.posted(made) == {"14.01": D("512.20"), "25.06": D("-500.00"), "58.01": D("-10.00"), "26.01": D("-2.20")}


def test_a_credit_note_changes_sides(drafts: Drafts, world: World, books: Books) -> None:
    made = drafts.draft(world.customer("Alfa"), {"price": "100.00"}, {"price": "5.55", "account_id": books.account("58.05")}, kind="TD04")
    refer(drafts, made)
    drafts.tax(made)
    books.issue(made)
    assert books.posted(made) == {"14.01": D("-128.77"), "58.01": D("100.00"), "58.05": D("5.55"), "26.01": D("23.22")}
    assert world.value("select description from ledger.journal_entry").startswith("Nota di credito ")


def test_withholding_fund_stamp_and_rounding_have_their_accounts(drafts: Drafts, world: World, books: Books) -> None:
    made = drafts.draft(
        world.customer("Alfa"), {"price": "1000.00", "is_withheld": True}, {"price": "100.00", "vat": "N4"}, {"price": "2.00", "vat": "N1", "line_kind": "stamp"},
        rounding_amount=D("-0.10"), is_stamp_charged=True,
    )  # fmt: skip
    drafts.insert("billing.invoice_fund", {"invoice_id": made, "position": 1, "kind": "TC22", "rate": 4, "vat_code_id": world.vat("22")})
    drafts.insert("billing.invoice_withholding", {"invoice_id": made, "position": 1, "kind": "RT02", "reason": "A", "rate": 20})
    drafts.tax(made)
    books.issue(made)
    facts = drafts.facts(made)
    posted = books.posted(made)
    assert posted == {
        "14.01": facts["payable_amount"], "14.20": facts["withholding_amount"], "58.01": D("-1100.00"), "59.01": D("-2.00"),
        "59.02": -facts["fund_amount"], "66.09": D("0.10"), "26.01": -facts["vat_amount"],
    }  # fmt: skip
    assert facts["withholding_amount"] == 200 and facts["fund_amount"] > 0
    assert world.value("select sum(amount) from ledger.open_item") == posted["14.01"]


def test_a_self_invoice_is_vat_on_both_sides(drafts: Drafts, world: World, books: Books) -> None:
    made = self_invoice(drafts, world, "TD16")
    drafts.tax(made)
    books.issue(made)
    assert books.posted(made) == {"14.25": D("22.00"), "26.01": D("-22.00")}


def test_what_amounts_to_nothing_has_no_entry(drafts: Drafts, world: World, books: Books) -> None:
    free = drafts.draft(world.customer("Alfa"), {"price": "100.00", "discount_percent": 100})
    own = self_invoice(drafts, world, "TD17", vat="N4")
    drafts.tax(free, own)
    books.issue(free, own)
    assert world.value("select count(*) from ledger.journal_entry") == 0


@pytest.mark.parametrize("seed", range(3))
def test_any_document_posts_balanced_and_by_the_rules(seed: int, drafts: Drafts, world: World, books: Books, desk: Desk) -> None:
    dice = random.Random(seed)
    types = [None, *(books.service_type(f"T{n}") for n in range(3))]
    vats = ["22", "10", "4", "N4", "22S"]
    codes = ["58.02", "58.03", "58.04", "58.05", "58.06", "25.06"]
    world.owner.execute("update base.vat_code set exigibility = 'D', row_version = row_version + 1 where company_id = 1 and code = '10'")
    said = set()
    for _ in range(12):
        named = {
            "service_type_id": dice.choice(types), "vat_code_id": dice.choice([None, world.vat(dice.choice(vats))]),
            "customer_kind": dice.choice(["", *KINDS]), "document_series_id": dice.choice([None, world.series(), world.series("PA")]),
            "valid_from": dice.choice([datetime.date(2020, 1, 1), datetime.date(2024, 5, 1), datetime.date(2024, 5, 2)]),
        }  # fmt: skip
        if tuple(named.values()) not in said:
            said.add(tuple(named.values()))
            books.rule(dice.choice(codes), **named, valid_to=dice.choice([None, datetime.date(2024, 5, 31)]))
    customer = world.customer("Alfa")
    made = [_any_document(dice, drafts, world, customer, types, vats) for _ in range(12)]
    drafts.tax(*made)
    books.issue(*made)
    rules = desk.ask(book_queries.list_posting_rules)
    names = dict(world.owner.execute("select account_id, code from ledger.account where company_id = 1").fetchall())
    for invoice in made:
        facts, posted = drafts.facts(invoice), books.posted(invoice)
        wanted: dict[str, D] = defaultdict(D)
        for service_type, vat, amount in world.owner.execute(
            "select service_type_id, vat_code_id, line_amount from billing.invoice_line where invoice_id = %s", (invoice,)
        ).fetchall():
            line = {
                "service_type_id": service_type,
                "vat_code_id": vat,
                "customer_kind": facts["buyer"]["kind"],
                "document_series_id": world.series(),
            }
            rule = book_rules.choose_rule([one.values for one in rules], line, MAY)
            wanted[names[rule["account_id"]] if rule else "58.01"] -= amount
        assert {code: sum_ for code, sum_ in posted.items() if code in wanted or code[:2] == "58"} == {c: w for c, w in wanted.items() if w}
        assert posted.get("14.01", 0) == facts["payable_amount"]
        assert -posted.get("26.01", 0) - posted.get("26.02", 0) == facts["vat_amount"]


def _any_document(dice: random.Random, drafts: Drafts, world: World, customer: int, types: list[Any], vats: list[str]) -> int:
    lines = [
        {
            "price": D(dice.randint(1, 999_999)) / 100, "quantity": dice.choice([1, 1, 2, 3]), "vat": dice.choice(vats),
            "service_type_id": dice.choice(types), "is_withheld": dice.random() < 0.5,
        }
        for _ in range(dice.randint(1, 6))
    ]  # fmt: skip
    buyer = psycopg.types.json.Jsonb({"name": "Cliente", "kind": dice.choice(KINDS)})
    kind = dice.choice(["TD01", "TD01", "TD04", "TD05", "TD24"])
    rounding = dice.choice([0, D("-0.37"), D("0.01") if kind != "TD04" else D("-0.01")])
    made = drafts.draft(customer, *lines, kind=kind, buyer=buyer, rounding_amount=rounding)
    if kind == "TD04":
        refer(drafts, made)
    if dice.random() < 0.4:
        drafts.insert("billing.invoice_withholding", {"invoice_id": made, "position": 1, "kind": "RT02", "reason": "A", "rate": 20})
    if dice.random() < 0.4:
        drafts.insert(
            "billing.invoice_fund", {"invoice_id": made, "position": 1, "kind": "TC22", "rate": 4, "vat_code_id": world.vat("22")}
        )
    return made


# ── a step of its own ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def reviewed(world: World) -> World:
    world.owner.execute("insert into base.parameter (company_id, key, value) values (1, 'posting_mode', '\"reviewed\"')")
    return world


def test_a_company_that_reviews_has_open_items_from_the_issue_and_entries_when_it_posts(house: House, desk: Desk, reviewed: World) -> None:
    reviewed.simple("Alfa", "100.00")
    reviewed.simple("Beta", "50.00")
    desk.bill()
    count = lambda table: reviewed.value(f"select count(*) from {table}")
    assert (count("ledger.open_item"), count("ledger.journal_entry"), count("billing.unposted_invoice")) == (2, 0, 2)
    with house.person("carlo.conti") as carlo, house.person("marta.bellini") as marta:
        assert outcome(carlo, "select ledger.lock_period(1, '2024-05-31', '')") == "CM147"
        assert outcome(marta, "select billing.post_issued(1, '2024-05-31')") == "CM001"
        assert outcome(carlo, "select billing.post_issued(1, '2024-04-30')") == "CM147"
        assert carlo.execute("select billing.post_issued(1, '2024-05-31')").fetchone() == ({"count": 2},)
        assert outcome(carlo, "select billing.post_issued(1, '2024-05-31')") == "CM147"
        assert (count("ledger.journal_entry"), count("billing.unposted_invoice")) == (2, 0)
        carlo.execute("select ledger.lock_period(1, '2024-05-31', '')")


def test_a_run_that_waits_to_be_posted_can_be_undone_and_does_not_get_into_a_closed_period(
    house: House, desk: Desk, reviewed: World
) -> None:
    reviewed.simple("Alfa", "100.00")
    run = desk.bill()
    with house.person("marta.bellini") as marta, house.person("carlo.conti") as carlo:
        marta.execute("select billing.undo_run(1, %s)", (run,))
        assert reviewed.value("select count(*) from billing.unposted_invoice") == 0
        later = desk.prepare()
        carlo.execute("select ledger.lock_period(1, '2024-05-31', '')")
        assert outcome(marta, "select billing.issue_run(1, %s)", (later,)) == "CM142"


def test_what_the_accountant_has_is_not_undone(house: House, desk: Desk, world: World) -> None:
    world.simple("Alfa", "100.00")
    run = desk.bill()
    with house.person("carlo.conti") as carlo, house.person("marta.bellini") as marta:
        carlo.execute("select ledger.open_export(1, '2024-05-01', '2024-05-31', 'csv', false)")
        carlo.execute("select ledger.keep_export(1, (select max(journal_export_id) from ledger.journal_export), 'x.csv', 'x')")
        assert outcome(marta, "select billing.undo_run(1, %s)", (run,)) == "23503"
