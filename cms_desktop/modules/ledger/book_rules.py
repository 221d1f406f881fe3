"""Rules of the books without a database: order of the chart, sums of groups, the posting rule that wins, running differences."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from cms_desktop.core.money import ZERO

from .book_records import AccountRow, BalanceRow, NewLine

CONDITIONS = ("service_type_id", "vat_code_id", "customer_kind", "document_series_id")  # the first one counts most
UNCLOSED = "Risultato di esercizi precedenti, da chiudere"


def roll_up(accounts: Sequence[AccountRow], found: Mapping[int | None, tuple[Decimal, Decimal, Decimal]]) -> list[BalanceRow]:
    """The trial balance in the order of the chart: accounts that moved or stand, and their groups with the sums of what lies below."""
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO, ZERO])
    for account in accounts:
        figures = found.get(account.account_id)
        if figures is not None and any(figures):
            parts = account.code.split(".")
            for depth in range(1, len(parts) + 1):
                sums[".".join(parts[:depth])] = [a + b for a, b in zip(sums[".".join(parts[:depth])], figures, strict=True)]
    rows = [
        BalanceRow(one.account_id, one.code, one.name, one.kind, one.level, *sums[one.code])
        for one in sorted(accounts, key=lambda one: one.code)
        if one.code in sums
    ]
    if None in found:
        rows.append(BalanceRow(None, "", UNCLOSED, "equity", 0, *found[None]))
    return rows


def totals(rows: Iterable[BalanceRow]) -> tuple[Decimal, Decimal, Decimal]:
    """Opening, debit and credit of the first level; opening and closing sum to zero when the books balance."""
    first = [row for row in rows if row.level == 0]
    return sum((r.opening for r in first), ZERO), sum((r.debit for r in first), ZERO), sum((r.credit for r in first), ZERO)


def choose_rule(rules: Iterable[Mapping[str, Any]], line: Mapping[str, Any], on_date: datetime.date) -> Mapping[str, Any] | None:
    """The posting rule that holds for a line on a day, as the database chooses it (ledger.revenue_account)."""

    def holds(rule: Mapping[str, Any]) -> bool:
        if rule["valid_from"] > on_date or (rule["valid_to"] is not None and rule["valid_to"] < on_date):
            return False
        return all(not rule[name] or rule[name] == line.get(name) for name in CONDITIONS)

    def weight(rule: Mapping[str, Any]) -> tuple[Any, ...]:
        return (*(bool(rule[name]) for name in CONDITIONS), rule["valid_from"])

    return max((rule for rule in rules if holds(rule)), key=weight, default=None)


def difference(lines: Iterable[NewLine]) -> Decimal:
    """Debit minus credit."""
    return sum((line.debit - line.credit for line in lines), ZERO)
