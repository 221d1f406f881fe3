"""A few customers for the tests of lists and forms."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from cms_desktop.ui.record_table import Column

NAMES = (
    "Supermercati Valdarno S.p.A.",
    "Logistica Padana S.r.l.",
    "Oreficeria Bellini S.n.c.",
    "Hotel Belvedere S.a.s.",
    "Farmacia Centrale",
)
TOWNS = ("Empoli", "Prato", "Firenze", "Siena", "Lucca")
STATES = (("Attivo", "calm"), ("In disdetta", "negative"), ("Sospeso", "warning"), ("In avvio", "info"))


@dataclass(frozen=True)
class SampleCustomer:
    id: int
    code: str
    name: str
    town: str
    contracts: int
    fee: Decimal
    overdue: Decimal
    since: datetime.date
    state: tuple[str, str]


def sample_customers(count: int, start: int = 0) -> list[SampleCustomer]:
    return [
        SampleCustomer(
            id=number,
            code=f"{number:06}",
            name=f"{NAMES[number % 5]} {number}",
            town=TOWNS[number % 5],
            contracts=number % 7,
            fee=Decimal(number * 37 % 9000) + Decimal("0.50"),
            overdue=Decimal(number * 91 % 13000) if number % 3 else Decimal(0),
            since=datetime.date(2014, 1, 1) + datetime.timedelta(days=number % 4000),
            state=STATES[0] if number % 4 else STATES[number // 4 % 4],
        )
        for number in range(start, start + count)
    ]


def sample_columns() -> list[Column]:
    return [
        Column("code", "Codice", kind="code", width=86),
        Column("name", "Ragione sociale", kind="strong", width=200, stretch=True, filter_hint="contiene…", locked=True),
        Column("town", "Comune", width=96, tone=lambda record: "second"),
        Column("contracts", "Contratti", kind="int", width=88, filter="number", total=True),
        Column("fee", "Canone €", kind="money", width=112, filter="number", total=True),
        Column(
            "overdue",
            "Scaduto €",
            kind="money",
            width=108,
            filter="number",
            total=True,
            total_tone="negative",
            tone=lambda record: "negative" if record.overdue > 5000 else "off" if not record.overdue else "",
        ),
        Column("since", "Cliente dal", kind="date", width=104, filter="date", hidden=True),
        Column("state", "Stato", kind="chip", width=120, filter="choice", choices=tuple((name, name) for name, _ in STATES)),
    ]
