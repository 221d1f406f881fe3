"""From the movements of a statement to proposals: whose money, and what it settles. One question for the customers, one for their items."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.money import ZERO
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.tables import DocumentSeries
from cms_desktop.modules.ledger import queries
from cms_desktop.modules.ledger.records import NewPayment, OpenItemRow
from cms_desktop.modules.ledger.rules import is_named, propose_allocation
from cms_desktop.modules.ledger.statements.records import LineProposal, Match, StatementLine
from cms_desktop.modules.registry.tables import Party

TRANSFER = "MP05"
ORDER: tuple[Match, ...] = ("iban", "document", "name")
MOST_NUMBERS = 12


def propose(unit: UnitOfWork, lines: Sequence[StatementLine]) -> list[LineProposal]:
    """A proposal for each movement that came in, in their order; what went out is the bank's affair."""
    incoming = [line for line in lines if line.amount > 0 and not line.is_reversal]
    if not incoming:
        return []
    hits, known = _hits(unit, incoming)
    chosen = [_chosen(found) for found in hits]
    ids = sorted({customer for customer, _ in chosen if customer is not None})
    debts, names = _debts(unit, ids), _names(unit, ids)
    return [
        _proposal(line, customer, match, is_known, debts, names)
        for line, (customer, match), is_known in zip(incoming, chosen, known, strict=True)
    ]


def payment_of(proposal: LineProposal, bank_account_id: int | None) -> NewPayment:
    """What is registered when the proposal is accepted."""
    assert proposal.customer_id is not None
    line = proposal.line
    return NewPayment(
        proposal.customer_id,
        line.booked_on,
        TRANSFER,
        line.amount,
        proposal.parts,
        bank_account_id,
        line.reference[:80],
        line.words[:200],
        line.key,
    )


def _hits(unit: UnitOfWork, lines: Sequence[StatementLine]) -> tuple[list[dict[Match, set[int]]], list[bool]]:
    series, texts = _series(unit), sa.ARRAY(sa.Text)
    asked = sa.func.ledger.match_lines(
        unit.company_id,
        sa.cast([line.key for line in lines], texts),
        sa.cast([line.iban for line in lines], texts),
        sa.cast(["|".join(documents_named(line.words, series)) for line in lines], texts),
        sa.cast([line.name for line in lines], texts),
    ).table_valued("place", "is_known", "customer_id", "how")
    hits: list[dict[Match, set[int]]] = [defaultdict(set) for _ in lines]
    known = [False] * len(lines)
    for place, is_known, customer, how in unit.rows(sa.select(*asked.c)):
        known[place - 1] = is_known
        if customer is not None:
            hits[place - 1][how].add(customer)
    return hits, known


def _chosen(found: dict[Match, set[int]]) -> tuple[int | None, Match]:
    """One customer by the strongest sign that names just one; a weaker sign may decide between several of a stronger one."""
    among: set[int] | None = None
    for match in ORDER:
        customers = found.get(match, set()) if among is None else found.get(match, set()) & among
        if len(customers) == 1:
            return next(iter(customers)), match
        if customers:
            among = customers
    return None, "none"


def documents_named(words: str, series: Sequence[str]) -> list[str]:
    """The document numbers a text may mean, as the house writes them: "saldo fatt. 12/2026" → "V 2026/12", …"""
    found: dict[str, None] = {}
    for first, second in re.findall(r"(?<!\d)(\d{1,7})\s*[/\-]\s*(\d{2,7})(?!\d)", words)[:MOST_NUMBERS]:
        for number, year in ((first, second), (second, first)):
            if re.fullmatch(r"20\d\d", year) and number.strip("0"):
                for code in series:
                    found[f"{code} {year}/{number.lstrip('0')}"] = None
    return list(found)


def _series(unit: UnitOfWork) -> list[str]:
    c = DocumentSeries.__table__.c
    return [row.code for row in unit.rows(sa.select(c.code).where(c.company_id == unit.company_id).order_by(c.code))]


def _debts(unit: UnitOfWork, customers: list[int]) -> dict[int, list[OpenItemRow]]:
    found: dict[int, list[OpenItemRow]] = defaultdict(list)
    for item in queries.list_debts_of(unit, customers):
        found[item.customer_id].append(item)
    return found


def _names(unit: UnitOfWork, customers: list[int]) -> dict[int, str]:
    c = Party.__table__.c
    wanted: Any = sa.bindparam("ids", customers, sa.ARRAY(sa.BigInteger))
    rows = unit.rows(sa.select(c.party_id, c.name).where(c.company_id == unit.company_id, c.party_id == sa.any_(wanted)))
    return {row.party_id: row.name for row in rows}


def _proposal(
    line: StatementLine, customer: int | None, match: Match, is_known: bool, debts: dict[int, list[OpenItemRow]], names: dict[int, str]
) -> LineProposal:
    """What an earlier movement of the statement settles is no longer there for a later one."""
    if is_known or customer is None:
        return LineProposal(line, match, is_known=is_known)
    items = debts[customer]
    found = propose_allocation(line.amount, items, words=line.words)
    left = [replace(item, open_amount=item.open_amount - found.parts.get(item.open_item_id, ZERO)) for item in items]
    debts[customer] = [item for item in left if item.open_amount]
    if match == "iban" and any(is_named(item.document, line.words) for item in items):
        match = "document"
    return LineProposal(line, match, customer, names.get(customer, ""), found.parts, found.reason)


def is_certain(proposal: LineProposal) -> bool:
    """Whether it is ticked beforehand: the customer is known by account or document, and every cent has its place."""
    settled = sum(proposal.parts.values(), Decimal(0))
    return (
        not proposal.is_known and proposal.match in ("iban", "document") and settled == proposal.line.amount and proposal.reason != "oldest"
    )
