"""What happens to contracts: prices from a day on, suspensions, successors, renewals, takeovers."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from cms_desktop.core.errors import AppError, Conflict, InvalidInput
from cms_desktop.modules.customers import actions
from cms_desktop.modules.customers.contracts import queries
from cms_desktop.modules.customers.queries import load_contract
from tests.modules.customers.contracts.conftest import Clerk

D = datetime.date


def _steps(clerk: Clerk, service: int) -> list[tuple[str, D, Decimal, str]]:
    return [(one.band, one.valid_from, one.price, one.origin) for one in clerk.ask(queries.list_prices, service)]


def test_a_new_line_begins_its_price_history(clerk: Clerk) -> None:
    line = clerk.contract("100").services[0]
    assert _steps(clerk, line.service_id) == [("", D(2024, 1, 1), Decimal(100), "initial")]


def test_a_price_changed_on_the_line_holds_for_what_is_not_billed_yet(clerk: Clerk) -> None:
    contract = clerk.contract("100")
    clerk.bill(D(2024, 1, 1), D(2024, 3, 31))
    line = clerk.load(contract).services[0]
    assert line.billed_until == D(2024, 3, 31)
    clerk.owner.execute("update customers.service set monthly_price = 120, row_version = row_version + 1")
    assert _steps(clerk, line.service_id)[0] == ("", D(2024, 4, 1), Decimal(120), "manual")


def test_a_price_of_the_future_waits_for_its_day(clerk: Clerk) -> None:
    contract = clerk.contract("100")
    line = contract.services[0].service_id
    clerk.ask(actions.set_price, line, D(2040, 1, 1), Decimal(150))
    assert clerk.load(contract).services[0].monthly_price == 100
    clerk.owner.execute("update customers.service_price set valid_from = current_date where valid_from = '2040-01-01'")
    assert clerk.ask(actions.apply_due_prices) == 1
    assert clerk.load(contract).services[0].monthly_price == 150
    assert clerk.ask(actions.apply_due_prices) == 0


def test_a_price_is_not_set_for_days_that_are_billed(clerk: Clerk) -> None:
    line = clerk.contract("100").services[0].service_id
    clerk.bill(D(2024, 1, 1), D(2024, 3, 31))
    for day in (D(2024, 3, 31), D(2023, 12, 31)):
        with pytest.raises(InvalidInput, match="non ancora fatturato"):
            clerk.ask(actions.set_price, line, day, Decimal(150))
    clerk.ask(actions.set_price, line, D(2024, 4, 1), Decimal(150))


def test_an_hourly_line_has_prices_by_band(clerk: Clerk) -> None:
    bands = (("holiday", Decimal("31.5")), ("night", Decimal(27)))
    facts = {"kind": "hourly", "unit_price": Decimal(22), "monthly_price": Decimal(0), "minimum_quantity": Decimal(4), "bands": bands}
    contract = clerk.contract("0", lines=facts)
    line = contract.services[0]
    assert (line.unit_price, line.minimum_quantity, line.bands) == (22, 4, bands)
    clerk.ask(actions.set_bands, line.service_id, D(2024, 6, 1), {"night": Decimal(28), "holiday": None})
    assert clerk.load(contract).services[0].bands == (("night", Decimal(28)),)


def test_lines_are_suspended_for_days_or_until_further_notice_and_resume(clerk: Clerk) -> None:
    contract = clerk.contract("100", "50")
    ids = [one.service_id for one in contract.services]
    clerk.ask(actions.suspend_services, ids, {"starts_on": D(2024, 8, 1), "reason": "chiusura estiva"})
    found = clerk.ask(queries.list_suspensions, contract.contract_id)
    assert [(one.service_id, one.ends_on) for one in found] == [(ids[1], None), (ids[0], None)]
    clerk.ask(actions.resume_service, found[0].suspension_id, D(2024, 8, 20), row_version=found[0].row_version)
    clerk.ask(actions.resume_service, found[1].suspension_id, None, row_version=found[1].row_version)
    assert [one.ends_on for one in clerk.ask(queries.list_suspensions, contract.contract_id)] == [D(2024, 8, 20)]
    with pytest.raises(Conflict):
        clerk.ask(actions.resume_service, found[0].suspension_id, None, row_version=found[0].row_version)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "starts_on"), ({"starts_on": D(2024, 8, 2), "ends_on": D(2024, 8, 1)}, "ends_on"),
        ({"starts_on": D(2024, 8, 1), "is_yearly": True}, "ends_on"),
        ({"starts_on": D(2024, 8, 1), "ends_on": D(2025, 8, 1), "is_yearly": True}, "ends_on"),
    ],
)  # fmt: skip
def test_a_suspension_that_cannot_be_is_refused_at_its_field(clerk: Clerk, values: dict[str, Any], field: str) -> None:
    line = clerk.contract("100").services[0]
    with pytest.raises(InvalidInput) as caught:
        clerk.ask(actions.suspend_services, [line.service_id], values)
    assert caught.value.field == field


def test_a_successor_goes_on_where_the_line_ends(clerk: Clerk) -> None:
    contract = clerk.contract("100")
    old = contract.services[0]
    clerk.ask(actions.replace_service, old.service_id, D(2025, 7, 1), {"monthly_price": Decimal(140), "frequency_months": 3}, row_version=1)
    before, after = clerk.load(contract).services
    assert (before.ends_on, after.starts_on, after.replaces_service_id) == (D(2025, 6, 30), D(2025, 7, 1), old.service_id)
    assert (after.monthly_price, after.frequency_months, after.description) == (140, 3, old.description)
    with pytest.raises(AppError):
        clerk.ask(actions.replace_service, old.service_id, D(2025, 3, 1), {}, row_version=before.row_version)


def test_an_agreed_renewal_moves_the_end_of_contract_and_lines(clerk: Clerk) -> None:
    contract = clerk.contract("100", ends_on=D(2024, 12, 31), lines={"ends_on": D(2024, 12, 31)})
    clerk.ask(actions.renew_contract, contract.contract_id, D(2026, 12, 31), D(2024, 11, 3), "PEC del 2/11", row_version=1)
    after = clerk.load(contract)
    assert (after.ends_on, after.services[0].ends_on, after.state) == (D(2026, 12, 31), D(2026, 12, 31), "active")
    kinds = [one.kind for one in clerk.ask(queries.list_happenings, contract.contract_id)]
    assert kinds == ["renewed", "started"]


def test_a_takeover_ends_the_contract_and_begins_another_with_its_lines(clerk: Clerk) -> None:
    heir = clerk.customer("Beta S.r.l.", vat_number="01533030993")
    contract = clerk.contract("100", signed_on=D(2023, 12, 1), duration_months=12, renewal_months=12)
    clerk.ask(actions.set_price, contract.services[0].service_id, D(2040, 1, 1), Decimal(180))
    clerk.bill(D(2024, 1, 1), D(2024, 3, 31))
    made = clerk.ask(actions.transfer_contract, contract.contract_id, heir, D(2024, 7, 1), "Cessione d'azienda", row_version=1)
    old = clerk.load(contract)
    new = clerk.ask(load_contract, made)
    assert (old.state, old.ends_on, old.customer_id, old.services[0].ends_on) == (
        "terminated",
        D(2024, 6, 30),
        contract.customer_id,
        D(2024, 6, 30),
    )
    assert (new.customer_id, new.starts_on, new.replaces_contract_id, new.number) == (
        heir,
        D(2024, 7, 1),
        old.contract_id,
        f"{old.number}-S2",
    )
    assert (new.services[0].starts_on, new.services[0].monthly_price, new.services[0].replaces_service_id) == (
        D(2024, 7, 1),
        100,
        old.services[0].service_id,
    )
    assert [step[1:3] for step in _steps(clerk, new.services[0].service_id)] == [
        (D(2040, 1, 1), Decimal(180)),
        (D(2024, 7, 1), Decimal(100)),
    ]
    clerk.bill(D(2024, 4, 1), D(2024, 9, 30))
    billed = clerk.owner.execute(
        "select i.customer_id, min(l.period_start), max(l.period_end), sum(l.line_amount) from billing.invoice as i "
        "join billing.invoice_line as l using (company_id, invoice_id) group by 1 order by 2"
    ).fetchall()
    assert billed == [(contract.customer_id, D(2024, 1, 1), D(2024, 6, 30), 600), (heir, D(2024, 7, 1), D(2024, 9, 30), 300)]
    assert {one.kind for one in clerk.ask(queries.list_happenings, made)} == {"signed", "started", "taken_over"}
    assert {one.kind for one in clerk.ask(queries.list_happenings, contract.contract_id)} == {"passed_on", "ended", "signed", "started"}


def test_a_takeover_is_refused_where_it_was_billed_already(clerk: Clerk) -> None:
    heir = clerk.customer("Beta S.r.l.", vat_number="01533030993")
    contract = clerk.contract("100")
    clerk.bill(D(2024, 1, 1), D(2024, 7, 31))
    with pytest.raises(InvalidInput, match="fatturato fino al"):
        clerk.ask(actions.transfer_contract, contract.contract_id, heir, D(2024, 7, 1), row_version=1)
    for wrong in ((contract.customer_id, D(2025, 1, 1)), (heir, D(2024, 1, 1)), (999_999, D(2025, 1, 1))):
        with pytest.raises(InvalidInput, match="altro cliente attivo"):
            clerk.ask(actions.transfer_contract, contract.contract_id, *wrong, row_version=1)
    with pytest.raises(Conflict):
        clerk.ask(actions.transfer_contract, contract.contract_id, heir, D(2025, 1, 1), row_version=7)
