"""Which open items a payment settles, proposed. Pure: the clerk decides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from cms_desktop.core.money import ZERO
from cms_desktop.modules.ledger.records import OpenItemRow

Reason = Literal["document", "exact", "overdue", "oldest", "none"]
MOST_SUMMED = 12  # items among which a sum is looked for; more would be guessing


@dataclass(frozen=True)
class Proposal:
    """What to allocate (open item → euro) and why it is thought so."""

    reason: Reason
    parts: dict[int, Decimal]

    @property
    def amount(self) -> Decimal:
        return sum(self.parts.values(), ZERO)


def propose_allocation(amount: Decimal, items: Sequence[OpenItemRow], *, words: str = "") -> Proposal:
    """The most convincing allocation of `amount` to a customer's open items.

    In this order: items whose document number stands in the words of the payment and that sum to the amount; one item of exactly the
    amount; a run of the oldest items, or all overdue ones, that sum to it; else the oldest first until the money is used up.
    """
    debts = sorted((item for item in items if item.open_amount > 0), key=lambda item: (item.due_on, item.open_item_id))
    if amount <= 0 or not debts:
        return Proposal("none", {})
    named = [item for item in debts if is_named(item.document, words)]
    if named and _sum(named) == amount:
        return Proposal("document", _whole(named))
    exact = next((item for item in (*named, *debts) if item.open_amount == amount), None)
    if exact is not None:
        return Proposal("exact", {exact.open_item_id: amount})
    overdue = [item for item in debts if item.days_late > 0]
    for run in (overdue, *(debts[:count] for count in range(2, min(len(debts), MOST_SUMMED) + 1))):
        if run and _sum(run) == amount:
            return Proposal("overdue", _whole(run))
    first = named + [item for item in debts if item not in named]
    return Proposal("document" if named else "oldest", _oldest_first(amount, first))


def is_named(document: str, words: str) -> bool:
    """Whether a text names a document: «fatt. 123/2026», «V 2026/123», «123» as a word of its own beside «fatt»."""
    numbers = re.findall(r"\d+", document)
    if not numbers:
        return False
    own, said = numbers[-1].lstrip("0"), [number.lstrip("0") for number in re.findall(r"\d+", words)]
    if len(numbers) > 1 and all(number.lstrip("0") in said for number in numbers):
        return True
    return bool(re.search(rf"(?i)\b(?:fatt\w*|ft|doc\w*|n|nr|num\w*)\W{{0,4}}0*{own}\b", words)) if own else False


def _oldest_first(amount: Decimal, debts: Sequence[OpenItemRow]) -> dict[int, Decimal]:
    parts: dict[int, Decimal] = {}
    for item in debts:
        part = min(item.open_amount, amount)
        if part <= 0:
            break
        parts[item.open_item_id] = part
        amount -= part
    return parts


def _sum(items: Sequence[OpenItemRow]) -> Decimal:
    return sum((item.open_amount for item in items), ZERO)


def _whole(items: Sequence[OpenItemRow]) -> dict[int, Decimal]:
    return {item.open_item_id: item.open_amount for item in items}
