"""A contract with what stands around it, loaded in one piece of work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cms_desktop.modules.customers import queries
from cms_desktop.modules.customers.contracts.queries import list_happenings, list_prices_of_contract, list_sites, list_suspensions
from cms_desktop.modules.customers.contracts.records import Happening, PriceStep, Suspension
from cms_desktop.modules.customers.records import Choice, Contract


@dataclass(frozen=True)
class Loaded:
    """A contract with what stands around it."""

    contract: Contract
    sites: Sequence[Choice]
    suspensions: Sequence[Suspension]
    happenings: Sequence[Happening]
    prices: Mapping[int, Sequence[PriceStep]]


def load_whole(unit: Any, contract_id: int) -> Loaded:
    contract = queries.load_contract(unit, contract_id)
    return Loaded(
        contract, list_sites(unit, contract.customer_id), list_suspensions(unit, contract_id), list_happenings(unit, contract_id),
        list_prices_of_contract(unit, contract_id),
    )  # fmt: skip
