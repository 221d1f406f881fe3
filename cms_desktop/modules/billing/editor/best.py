"""The best of a period on the dashboard: customers, types of service; a row opens what it is the sum of."""

from __future__ import annotations

from cms_desktop.modules.billing.records import BestRow
from cms_desktop.ui.record_table import Column, Noun, RecordTable
from cms_desktop.ui.translation import translator

tr = translator("billing")


def best_table(title: str, unnamed: str) -> RecordTable:
    """A short table of names, net amounts and shares; `unnamed` stands where there is no name."""
    columns = [
        Column("name", title, lambda row: row.name or unnamed, kind="strong", width=140, stretch=True, sortable=False),
        Column("net_amount", tr("Imponibile €"), kind="money", width=124, sortable=False),
        Column("share", tr("Quota"), _share, width=70, sortable=False, tone=lambda _row: "second", gives_way=1),
    ]
    return RecordTable(
        columns, record_key=lambda row: row.key_id, noun=Noun(tr("riga"), tr("righe"), feminine=True), filters=False, totals=False
    )


def _share(row: BestRow) -> str:
    return f"{row.share:.1f} %".replace(".", ",")
