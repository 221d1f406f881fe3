"""Worked examples of practice, to the cent, through the database: document, file, books and open items say the same."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from cms_desktop.modules.billing.fatturapa.write import invoice_xml
from tests.modules.billing.conftest import Desk
from tests.modules.billing.drafts import Drafts, numbers
from tests.modules.billing.schema import assert_valid
from tests.modules.billing.test_taxes import with_number
from tests.modules.billing.world import World


@pytest.fixture
def drafts(world: World) -> Drafts:
    return Drafts(world)


def sent(document: Any) -> Any:
    return assert_valid(invoice_xml(with_number(document)))


def amounts(root: Any, tag: str) -> list[Decimal]:
    return [Decimal(element.text) for element in root.iterfind(f".//{tag}")]


def assert_paid(world: World, invoice: int, amount: str) -> None:
    """Open items and the receivable in the books are what is to be paid."""
    items = world.value("select sum(amount) from ledger.open_item where source_id = %s", invoice)
    booked = world.value(
        "select sum(debit_amount - credit_amount) from ledger.journal_line join ledger.journal_entry using (company_id, journal_entry_id) "
        "join ledger.account using (company_id, account_id) where source_id = %s and role = 'receivable'", invoice,
    )  # fmt: skip
    assert (items, booked) == (Decimal(amount), Decimal(amount))


@pytest.mark.parametrize(("net", "vat", "total"), [("800.40", "176.09", "976.49"), ("14.00", "3.08", "17.08")])
def test_split_payment(drafts: Drafts, world: World, desk: Desk, net: str, vat: str, total: str) -> None:
    """Art. 17-ter: the total has the VAT, the office pays without."""
    office = world.customer("Comune", kind="public_body", recipient_code="UFE0A1", is_split_payment=True)
    made = drafts.draft(office, {"price": net})
    [document] = drafts.issue(desk, made)
    root = sent(document)
    assert drafts.amounts(made) == numbers(net, vat, total, net)
    assert amounts(root, "ImportoTotaleDocumento") == numbers(total) and amounts(root, "ImportoPagamento") == numbers(net)
    assert root.findtext(".//EsigibilitaIVA") == "S" and root.findtext(".//RiferimentoNormativo")
    assert_paid(world, made, net)
    split = world.value(
        "select debit_amount from ledger.journal_line join ledger.account using (company_id, account_id) where role = 'vat_split'"
    )
    assert split == Decimal(vat)


def test_deferred_vat_goes_to_its_own_account(drafts: Drafts, world: World, desk: Desk) -> None:
    world.owner.execute("update base.vat_code set exigibility = 'D', row_version = row_version + 1 where company_id = 1 and code = '22'")
    made = drafts.draft(world.customer("Ente"), {"price": "100"})
    [document] = drafts.issue(desk, made)
    assert sent(document).findtext(".//RiferimentoNormativo") == "IVA a esigibilità differita, art. 6 c. 5 DPR 633/72"
    assert_paid(world, made, "122.00")
    later = world.value(
        "select credit_amount from ledger.journal_line join ledger.account using (company_id, account_id) where role = 'vat_suspended'"
    )
    assert later == 22


def test_reverse_charge_names_its_law(drafts: Drafts, world: World, desk: Desk) -> None:
    world.owner.execute(
        "update base.vat_code set nature = 'N6.7', legal_reference = '', row_version = row_version + 1 where company_id = 1 and code = 'N6.9'"
    )
    made = drafts.draft(world.customer("Impresa edile"), {"price": "1000", "vat": "N6.9"})
    [document] = drafts.issue(desk, made)
    assert sent(document).findtext(".//RiferimentoNormativo") == "Inversione contabile, art. 17 c. 6 lett. a-ter DPR 633/72"
    assert drafts.amounts(made) == numbers("1000.00", "0.00", "1000.00", "1000.00")
    assert document.stamp_duty is None, "the buyer pays the VAT: no stamp"


# withholdings: (lines, [(kind, rate, share)], withheld, to be paid)
WITHHELD = [
    (["10.00"], [("RT02", "20", "100")], ["2.00"], "10.20"),
    (["350.00", "300.00", "50.00", "50.00"], [("RT02", "23", "50")], ["86.25"], "828.75"),
    (["350.00", "300.00", "50.00", "50.00"], [("RT02", "23", "50"), ("RT04", "8.5", "100")], ["86.25", "63.75"], "765.00"),
    (["10.00"], [("RT02", "20", "100"), ("RT04", "8.25", "100")], ["2.00", "0.83"], "9.37"),
]


@pytest.mark.parametrize(("prices", "kinds", "withheld", "paid"), WITHHELD)
def test_withholdings(
    drafts: Drafts, world: World, desk: Desk, prices: list[str], kinds: list[tuple[str, str, str]], withheld: list[str], paid: str
) -> None:
    made = drafts.draft(world.customer("Mandante"), *({"price": price, "is_withheld": True} for price in prices))
    for place, (kind, rate, share) in enumerate(kinds, start=1):
        drafts.withhold(made, rate, kind=kind, share=share, reason="R", position=place)
    [document] = drafts.issue(desk, made)
    root = sent(document)
    assert amounts(root, "ImportoRitenuta") == numbers(*withheld) and amounts(root, "ImportoPagamento") == numbers(paid)
    assert [text.text for text in root.iterfind(".//DettaglioLinee/Ritenuta")] == ["SI"] * len(prices)
    assert_paid(world, made, paid)
    if len(kinds) == 2:  # ENASARCO: said line by line, never as a fund, which would be taxed
        blocks = [block for block in root.iterfind(".//AltriDatiGestionali") if block.findtext("TipoDato") == "CASSA-PREV"]
        assert len(blocks) == len(prices) and sum(amounts(root, "RiferimentoNumero")) == Decimal(withheld[1])
        assert blocks[0].findtext("RiferimentoTesto") == f"TC07 - ENASARCO ({kinds[1][1]}%)"
        assert root.find(".//DatiCassaPrevidenziale") is None


def test_cash_rounding_as_a_line_without_vat(drafts: Drafts, world: World, desk: Desk) -> None:
    world.owner.execute(
        "insert into base.vat_code (company_id, code, description, rate, nature) values (1, 'N2.2', 'Non soggetto', 0, 'N2.2')"
    )
    made = drafts.draft(world.customer("Alfa"), {"price": "100.02"}, {"price": "-0.02", "vat": "N2.2", "description": "Arrotondamento"})
    [document] = drafts.issue(desk, made)
    assert amounts(sent(document), "ImportoTotaleDocumento") == numbers("122.00")
    assert_paid(world, made, "122.00")


ROUNDED = [  # price, quantity, discount per cent, total
    ("20.5", "1", "0", "20.50"), ("13.4426", "2", "0", "26.89"), ("5.7377", "0.2", "0", "1.15"), ("12.235", "1", "0", "12.24"),
    ("0.865951", "98", "0", "84.86"), ("0.093", "200", "48", "9.67"), ("1.005", "1", "0", "1.01"), ("-1.005", "1", "0", "-1.01"),
]  # fmt: skip


def test_lines_round_halves_away_from_zero_and_pass_the_control(drafts: Drafts, world: World, desk: Desk) -> None:
    lines = ({"price": price, "quantity": quantity, "discount_percent": percent} for price, quantity, percent, _ in ROUNDED)
    made = drafts.draft(world.customer("Alfa"), *lines)
    [document] = drafts.issue(desk, made)
    assert amounts(sent(document), "PrezzoTotale") == numbers(*(total for *_, total in ROUNDED))


def test_the_tax_is_that_of_the_sum(drafts: Drafts, world: World, desk: Desk) -> None:
    """Three lines of 0.33: 22 per cent of 0.99 is 0.22, line by line it would be 0.21."""
    made = drafts.draft(world.customer("Alfa"), *({"price": "0.33"} for _ in range(3)))
    drafts.issue(desk, made)
    assert drafts.amounts(made) == numbers("0.99", "0.22", "1.21", "1.21")


# ---- due dates --------------------------------------------------------------------------------------------------------

D = datetime.date
TERMS: list[tuple[str, datetime.date, list[tuple[str, int, str, int | None]], list[tuple[datetime.date, str]]]] = [
    ("600.00", D(2025, 3, 30), [("33", 90, "NET", None), ("33", 180, "NET", None), ("34", 270, "NET", None)],
     [(D(2025, 6, 28), "198.00"), (D(2025, 9, 26), "198.00"), (D(2025, 12, 25), "204.00")]),
    ("100.00", D(2025, 1, 15), [("33.33", 30, "EOM", None), ("33.33", 60, "EOM", None), ("33.34", 90, "EOM", None)],
     [(D(2025, 2, 28), "33.33"), (D(2025, 3, 31), "33.33"), (D(2025, 4, 30), "33.34")]),
    ("99.99", D(2024, 1, 31), [("25", 30, "EOM", None)] * 3 + [("25", 60, "EOM", None)],
     [(D(2024, 2, 29), "25.00")] * 3 + [(D(2024, 3, 31), "24.99")]),
    ("100.00", D(2025, 3, 30), [("100", 0, "EOM", None)], [(D(2025, 3, 31), "100.00")]),
    ("100.00", D(2025, 3, 30), [("100", 90, "DAY", 15)], [(D(2025, 6, 15), "100.00")]),  # that day of the third month
    ("100.00", D(2025, 3, 30), [("100", 90, "NET", 15)], [(D(2025, 7, 15), "100.00")]),  # the next 15th after ninety days
    ("100.00", D(2024, 2, 1), [("100", 0, "DAY", 29)], [(D(2024, 2, 29), "100.00")]),
    ("100.00", D(2025, 2, 1), [("100", 0, "DAY", 29)], [(D(2025, 2, 28), "100.00")]),
]  # fmt: skip


@pytest.mark.parametrize(("net", "on", "installments", "dues"), TERMS)
def test_installments_fall_due_and_sum_to_what_is_due(
    drafts: Drafts, world: World, desk: Desk, net: str, on: datetime.date, installments: list[Any], dues: list[tuple[datetime.date, str]]
) -> None:
    term = world.value(
        "insert into base.payment_term (company_id, code, description, method) values (1, 'X', 'Prova', 'MP05') returning payment_term_id"
    )
    for place, (share, days, rule, day) in enumerate(installments, start=1):
        facts = {"payment_term_id": term, "position": place, "share": share, "days": days, "rule": rule, "fixed_day": day}
        drafts.insert("base.payment_installment", facts)
    made = drafts.draft(world.customer("Alfa"), {"price": net, "vat": "N6.9"}, on=on, payment_term_id=term)
    [document] = drafts.issue(desk, made, on=on)
    assert [(due.due_on, due.amount) for due in document.payments] == [(day, Decimal(amount)) for day, amount in dues]
    assert_paid(world, made, net)


@pytest.mark.parametrize(
    ("on", "months", "due"),
    [(D(2025, 7, 28), "{8}", D(2025, 9, 10)), (D(2025, 7, 15), "{8}", D(2025, 9, 10)), (D(2025, 11, 15), "{12}", D(2026, 1, 10))],
)
def test_nothing_falls_due_in_the_months_a_customer_is_closed(
    drafts: Drafts, world: World, desk: Desk, on: datetime.date, months: str, due: datetime.date
) -> None:
    customer = world.customer("Alfa")
    world.owner.execute(
        "update customers.customer set skipped_months = %s, row_version = row_version + 1 where customer_id = %s", (months, customer)
    )
    [document] = drafts.issue(desk, drafts.draft(customer, {"price": "100"}, on=on), on=on)
    assert [one.due_on for one in document.payments] == [due]
