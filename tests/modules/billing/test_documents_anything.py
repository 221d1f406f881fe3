"""Whatever a document consists of: the file made of what the database computed is valid and passes the controls; books and open items agree."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms_desktop.modules.billing import queries
from cms_desktop.modules.billing.fatturapa.checks import check_document
from cms_desktop.modules.billing.fatturapa.records import InvoiceDocument
from cms_desktop.modules.billing.fatturapa.write import invoice_xml
from tests.modules.billing.conftest import Desk
from tests.modules.billing.drafts import Drafts
from tests.modules.billing.schema import assert_valid
from tests.modules.billing.world import World

RATES = ("22", "10", "4", "N1", "N4", "N3.5", "N6.9", "22D", "22B", "22C", "22E", "22F")
WITHHELD = [
    ("RT01", "20", "100", "A"),
    ("RT02", "4", "100", "W"),
    ("RT02", "23", "50", "R"),
    ("RT04", "8.5", "100", "R"),
    ("RT06", "0.33", "33.33", "ZO"),
]

prices = (
    st.decimals("-9999", "99999", places=8)
    | st.decimals("0", "999", places=2)
    | st.sampled_from([Decimal(text) for text in ("0.005", "77.47", "77.48", "1.005", "0.00000001", "0")])
)
lines = st.fixed_dictionaries(
    {
        "price": prices,
        "quantity": st.decimals("0", "9999", places=3) | st.just(Decimal(1)),
        "vat": st.sampled_from(RATES),
        "discount_percent": st.just(Decimal(0)) | st.decimals("-100", "100", places=2),
        "discount_amount": st.just(Decimal(0)) | st.decimals("-50", "50", places=8),
        "is_withheld": st.booleans(),
        "line_kind": st.sampled_from(("", "", "SC", "AB", "AC")),
        "unit": st.sampled_from(("", "ore")),
        "description": st.text(max_size=30).map(lambda text: "Servizio " + text.replace("\x00", "")),
    }
)
documents = st.fixed_dictionaries(
    {
        "lines": st.lists(lines, min_size=1, max_size=5),
        "kind": st.sampled_from(("TD01", "TD01", "TD24", "TD05", "TD04")),
        "buyer": st.sampled_from(("company", "public", "split", "condominium", "exporter")),
        "withheld": st.lists(st.sampled_from(WITHHELD), max_size=2, unique=True),
        "fund": st.none() | st.tuples(st.sampled_from(("2", "4", "17.77")), st.sampled_from(("22", "10", "N4")), st.booleans()),
        "rounding": st.just(Decimal(0)) | st.decimals("-0.99", "0.99", places=2),
        "is_stamp_charged": st.booleans(),
        "term": st.sampled_from(("BB30", "RB306090")),
        "proposed": st.booleans(),
    }
)


@dataclasses.dataclass
class Office:
    """Where the documents of all examples are made."""

    drafts: Drafts
    desk: Desk
    buyers: dict[str, int]


@pytest.fixture
def office(world: World, desk: Desk) -> Office:
    codes = [("22D", 22, "D"), ("22B", 22, "I"), ("22C", 22, "I"), ("22E", 22, "I"), ("22F", 22, "I")]
    for code, rate, exigibility in codes:
        world.owner.execute(
            "insert into base.vat_code (company_id, code, description, rate, exigibility) values (1, %s, %s, %s, %s)",
            (code, code, rate, exigibility),
        )
    office = {"kind": "public_body", "recipient_code": "UFE0A1"}
    buyers = {
        "company": world.customer("Alfa"), "public": world.customer("Comune", **office), "split": world.customer("ASL", is_split_payment=True, **office),
        "condominium": world.customer("Condominio", kind="condominium", tax_code="97600000018"), "exporter": world.customer("Esportatore"),
    }  # fmt: skip
    drafts = Drafts(world)
    drafts.letter(buyers["exporter"], "999999999.00")
    return Office(drafts, desk, buyers)


def draft(office: Office, wanted: dict[str, Any]) -> int:
    drafts = office.drafts
    if wanted["kind"] == "TD04":  # a credit note gives back
        wanted = wanted | {"rounding": -abs(wanted["rounding"]), "lines": [gives_back(line) for line in wanted["lines"]]}
    head = {
        "rounding_amount": wanted["rounding"],
        "is_stamp_charged": wanted["is_stamp_charged"],
        "payment_term_id": drafts.world.term(wanted["term"]),
    }
    made = drafts.draft(office.buyers[wanted["buyer"]], *wanted["lines"], kind=wanted["kind"], **head)
    for position, (kind, rate, share, reason) in enumerate(wanted["withheld"], start=1):
        drafts.withhold(made, rate, kind=kind, share=share, reason=reason, position=position)
    if wanted["fund"]:
        rate, vat, is_withheld = wanted["fund"]
        drafts.fund(made, rate, vat=vat, is_withheld=is_withheld and bool(wanted["withheld"]))
    if not wanted["withheld"]:
        drafts.world.owner.execute("update billing.invoice_line set is_withheld = false where invoice_id = %s", (made,))
    drafts.tax(made, propose=wanted["proposed"])
    return made


def gives_back(line: dict[str, Any]) -> dict[str, Any]:
    """The line with a price that is not negative, whatever its discounts."""
    return line | {"price": abs(line["price"]), "discount_amount": -abs(line["discount_amount"])}


def texts(root: Any, path: str) -> Decimal:
    return sum((Decimal(element.text) for element in root.iterfind(".//" + path)), Decimal(0))


def assert_sound(document: InvoiceDocument) -> Any:
    """Valid by the official schema, nothing SdI would refuse, sums of the file agree with each other."""
    made = dataclasses.replace(document, transmission_number="00001")
    assert check_document(made) == []
    root = assert_valid(invoice_xml(made))
    net, vat = texts(root, "ImponibileImporto"), texts(root, "Imposta")
    assert net == texts(root, "PrezzoTotale") + texts(root, "ImportoContributoCassa")
    assert texts(root, "ImportoTotaleDocumento") == net + vat + texts(root, "DatiGeneraliDocumento/Arrotondamento")
    return root


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=documents)
def test_any_document_is_valid_and_agrees_with_itself(office: Office, wanted: dict[str, Any]) -> None:
    made = draft(office, wanted)
    facts = office.drafts.facts(made)
    [document] = office.desk.ask(lambda unit: queries.invoice_documents(unit, [made], drafts=True))
    document = dataclasses.replace(document, number=document.number or "1")
    assert_sound(document)
    side = -1 if wanted["kind"] == "TD04" else 1
    amounts = [document.net, document.vat, document.total, document.payable]
    assert amounts == [side * facts[f"{name}_amount"] for name in ("net", "vat", "total", "payable")]
    assert (document.stamp_duty or 0) == facts["stamp_amount"]
    withheld = sum((one.amount for one in document.withholdings), Decimal(0))
    assert side * facts["withholding_amount"] == withheld


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=documents.filter(lambda one: one["kind"] != "TD04"))
def test_any_issued_invoice_agrees_with_books_and_open_items(office: Office, wanted: dict[str, Any]) -> None:
    made = draft(office, wanted)
    world = office.drafts.world
    if office.drafts.facts(made)["net_amount"] <= 0 or any(row[3] < 0 for row in office.drafts.summary(made)):
        return  # what is not owed to us is credited by another document
    [document] = office.drafts.issue(office.desk, made)
    root = assert_sound(document)
    facts = office.drafts.facts(made)
    assert texts(root, "ImportoPagamento") == facts["payable_amount"]
    items = world.value("select coalesce(sum(amount), 0) from ledger.open_item where source_id = %s", made)
    assert items == facts["payable_amount"]
    posted = dict(
        world.owner.execute(
            "select role, sum(debit_amount - credit_amount) from ledger.journal_line join ledger.journal_entry using (company_id, journal_entry_id) "
            "join ledger.account using (company_id, account_id) where source = 'invoice' and source_id = %s group by role", (made,),
        ).fetchall()
    )  # fmt: skip
    split = sum((row.vat for row in document.summary if row.exigibility == "S"), Decimal(0))
    later = sum((row.vat for row in document.summary if row.exigibility == "D"), Decimal(0))
    assert posted.get("receivable", 0) == facts["payable_amount"] and posted.get("vat_split", 0) == split
    taxes = {"receivable", "vat_split", "vat_sales", "vat_suspended", "withholding", "rounding"}
    assert -sum(amount for role, amount in posted.items() if role not in taxes) == facts["net_amount"]
    assert -posted.get("vat_sales", Decimal(0)) == facts["vat_amount"] - later and -posted.get("vat_suspended", Decimal(0)) == later
    assert posted.get("withholding", 0) == facts["withholding_amount"]
    assert sum(posted.values()) == 0


@pytest.mark.parametrize(
    ("codes", "rows"), [(["22", "22B", "22C"], [("0.09", "0.03")]), (["22", "22B", "22C", "22E", "22F"], [("0.03", "0.01")] * 5)]
)
def test_codes_of_one_rate_are_one_row_while_it_stays_within_the_cent(
    office: Office, codes: list[str], rows: list[tuple[str, str]]
) -> None:
    """Each code's tax is rounded up (0.0066): the more there are, the further from the tax of their sum (00421)."""
    lines = [{"price": Decimal("0.03"), "quantity": Decimal(1), "vat": code} for code in codes]
    [document] = office.drafts.issue(office.desk, office.drafts.draft(office.buyers["company"], *lines))
    assert_sound(document)
    assert [(row.net, row.vat) for row in document.summary] == [(Decimal(net), Decimal(vat)) for net, vat in rows]
