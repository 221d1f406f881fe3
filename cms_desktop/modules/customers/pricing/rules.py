"""How a price changes by a tariff or an index. Pure; server_schema/code/customers/41_terms.sql is the same."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

STEPS = (Decimal("0.01"), Decimal("0.05"), Decimal("0.10"), Decimal("1.00"))
RULES_OUT = frozenset(
    {"clause_missing", "line_excluded", "base_missing", "another_month", "too_early", "price_locked", "later_price", "unchanged"}
)  # what keeps a line out of a run by itself; any other reason was written by somebody


@dataclass(frozen=True)
class IndexValue:
    """A published index. `coefficient` makes values of different bases comparable."""

    value: Decimal
    coefficient: Decimal = Decimal(1)


def index_percent(
    base: IndexValue, now: IndexValue, share: Decimal = Decimal(100), floor: Decimal = Decimal(0), cap: Decimal | None = None
) -> Decimal:
    """Percent by which a clause changes a price: the variation with one decimal, as ISTAT publishes it, times the share, within floor and cap.

    >>> index_percent(IndexValue(Decimal("118.9")), IndexValue(Decimal("120.2")), Decimal(75))
    Decimal('0.825')
    """
    variation = (now.value * now.coefficient / (base.value * base.coefficient) - 1) * 100
    percent = max(variation.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP) * share / 100, floor)
    return percent if cap is None else min(percent, cap)


def adjusted_price(old: Decimal, percent: Decimal = Decimal(0), amount: Decimal = Decimal(0), step: Decimal = STEPS[0]) -> Decimal:
    """A price changed by percent, then by an amount, rounded half up to the step; never under zero.

    >>> adjusted_price(Decimal("47.50"), Decimal("1.4"), step=Decimal("0.05"))
    Decimal('48.15')
    """
    wanted = (old * (100 + percent) / 100 + amount) / step
    return max(wanted.quantize(Decimal(1), rounding=ROUND_HALF_UP) * step, Decimal(0))
