"""Amounts of money: always Decimal, two decimals when stored, rounded half up as Italian fiscal practice wants."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def round_cents(amount: Decimal) -> Decimal:
    """Round to the cent, halves away from zero: 0.005 → 0.01, −0.005 → −0.01 (as PostgreSQL rounds numeric)."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def split_amount(total: Decimal, shares: Sequence[Decimal]) -> list[Decimal]:
    """Split `total` (euro, 2 decimals) by `shares` (percent, summing to 100); the last part takes the rounding remainder.

    >>> split_amount(Decimal("100.00"), [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")])
    [Decimal('33.33'), Decimal('33.33'), Decimal('33.34')]
    """
    parts = [round_cents(total * share / 100) for share in shares[:-1]]
    return [*parts, total - sum(parts, ZERO)]
