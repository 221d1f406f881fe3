"""What the bank effects show about a customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cms_desktop.core import formats
from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.modules.bank_effects import queries
from cms_desktop.modules.bank_effects.columns import effect_state
from cms_desktop.modules.bank_effects.records import EffectRow
from cms_desktop.ui.overview import Fact, OverviewSection, Place, SectionContent
from cms_desktop.ui.translation import translator

tr = translator("bank_effects")
MOST = 4


@dataclass(frozen=True)
class CustomerEffects:
    customer_id: int
    rows: Sequence[EffectRow]
    count: int


def of_customer(customer_id: int) -> ListQuery:
    return ListQuery((Filter("customer_id", "=", (customer_id,)),))


def load_effects(unit: Any, customer_id: int) -> CustomerEffects:
    query = of_customer(customer_id)
    return CustomerEffects(customer_id, queries.list_effects(unit, query, limit=MOST).rows, queries.sum_effects(unit, query).count)


def show_effects(found: CustomerEffects) -> SectionContent:
    return SectionContent(
        [
            Fact(
                formats.date(row.due_on), row.reference, tr("distinta {number}", number=row.batch_number), formats.money(row.amount),
                effect_state(row.state, row.batch_state), Place("bank_effects", "batches", {"record": row.effect_batch_id}),
            )
            for row in found.rows
        ],
        place=Place("bank_effects", "effects", {"query": of_customer(found.customer_id)}) if found.count else None,
        place_text=tr("1 effetto") if found.count == 1 else tr("Tutti i {n}", n=formats.number(found.count)),
        empty=tr("Nessun effetto presentato."),
    )  # fmt: skip


def sections() -> list[OverviewSection]:
    return [OverviewSection("effects", tr("Effetti"), "landmark", load_effects, show_effects)]
