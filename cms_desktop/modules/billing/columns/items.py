"""Columns of the list of items charged by use."""

from __future__ import annotations

from cms_desktop.modules.billing.charging.bands import ROME
from cms_desktop.modules.billing.charging.records import ItemRow
from cms_desktop.ui.record_table import Column
from cms_desktop.ui.translation import translator

from .words import item_bands, item_kinds, item_states

tr = translator("billing")


def item_columns() -> list[Column]:
    kinds, bands, states = item_kinds(), item_bands(), item_states()

    def hours(row: ItemRow) -> str:
        if row.starts_at is None or row.ends_at is None:
            return ""
        return f"{row.starts_at.astimezone(ROME):%H:%M}–{row.ends_at.astimezone(ROME):%H:%M}"

    def state(row: ItemRow) -> tuple[str, str]:
        return states[row.state]

    return [
        Column("on_date", tr("Giorno"), kind="date", width=104, filter="date"),
        Column("hours", tr("Orario"), hours, width=118, filter="none", sortable=False),
        Column("kind", tr("Tipo"), lambda row: kinds[row.kind], width=92, filter="choice", choices=list(kinds.items()), gives_way=1),
        Column("customer", tr("Cliente"), kind="strong", width=160, stretch=True),
        Column("contract", tr("Contratto"), kind="code", width=104, gives_way=2),
        Column("service", tr("Riga di contratto"), width=160),
        Column("site", tr("Sede"), width=140, gives_way=3),
        Column("quantity", tr("Quantità"), kind="money", width=84, filter="number", total=True),
        Column("band", tr("Fascia"), lambda row: bands[row.band], width=120, filter="choice", choices=list(bands.items()), gives_way=4),
        Column(
            "state",
            tr("Stato"),
            state,
            kind="chip",
            width=128,
            filter="choice",
            choices=[(key, words) for key, (words, _) in states.items()],
        ),
        Column("document", tr("Fattura o lancio"), kind="code", width=124, gives_way=5),
        Column("source", tr("Origine"), width=110, hidden=True),
    ]
