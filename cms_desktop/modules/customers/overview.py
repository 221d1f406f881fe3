"""What Customers itself shows on the screen with everything about a customer: contracts, sites, events."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.modules.customers import queries
from cms_desktop.modules.customers.columns import contract_states, customer_states
from cms_desktop.modules.customers.queries import master
from cms_desktop.modules.customers.queries.sites import list_plants, list_sites, sum_sites
from cms_desktop.modules.customers.records import ContractRow
from cms_desktop.modules.customers.records.master import CreditStanding, LifeCycleEvent, PlantRow, SiteRow
from cms_desktop.ui.overview import Fact, Figure, OverviewSection, Place, SectionContent
from cms_desktop.ui.translation import translator

tr = translator("customers")
MOST = 4  # lines of a section


@dataclass(frozen=True)
class CustomerContracts:
    customer_id: int
    rows: Sequence[ContractRow]
    credit: CreditStanding


def load_contracts(unit: Any, customer_id: int) -> CustomerContracts:
    return CustomerContracts(customer_id, queries.list_contracts_of(unit, customer_id), master.find_credit(unit, customer_id))


def show_contracts(found: CustomerContracts) -> SectionContent:
    states, number = contract_states(), found.customer_id
    living = [row for row in found.rows if row.state != "terminated"]
    fee = sum((row.monthly_fee for row in living), Decimal(0))
    every = Place("customers", "customers", {"record": number, "tab": "contracts"})
    figures = [
        Figure(
            tr("Canone mensile"), formats.money(fee),
            tr("1 contratto") if len(living) == 1 else tr("{n} contratti", n=formats.number(len(living))), place=every,
        )
    ]  # fmt: skip
    if found.credit.limit_amount is not None:
        left = found.credit.limit_amount - found.credit.open_amount
        figures.append(
            Figure(
                tr("Fido residuo"), formats.money(left), tr("su {amount}", amount=formats.money(found.credit.limit_amount)),
                "negative" if found.credit.is_exceeded else "", Place("customers", "customers", {"record": number, "tab": "payment"}),
            )
        )  # fmt: skip
    return SectionContent(
        [
            Fact(
                formats.date(row.starts_on), row.number, _title(row), tr("{fee}/mese", fee=formats.money(row.monthly_fee)), states[row.state],
                Place("customers", "customers", {"record": number, "contract": row.contract_id}),
            )
            for row in found.rows[:MOST]
        ],
        figures,
        place=every if found.rows else None,
        place_text=tr("1 contratto") if len(found.rows) == 1 else tr("Tutti i {n}", n=formats.number(len(found.rows))),
        empty=tr("Ancora nessun contratto: Maiusc+F2 ne scrive uno."),
    )  # fmt: skip


def _title(row: ContractRow) -> str:
    if row.ends_on is None or row.state == "terminated":
        return row.title
    return " · ".join(part for part in (row.title, tr("fino al {date}", date=formats.date(row.ends_on))) if part)


# ---- sites -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CustomerSites:
    customer_id: int
    sites: Sequence[SiteRow]
    site_count: int
    plants: Sequence[PlantRow]


def load_sites(unit: Any, customer_id: int) -> CustomerSites:
    query = ListQuery((Filter("customer_id", "=", (customer_id,)),))
    return CustomerSites(
        customer_id, list_sites(unit, query, limit=MOST).rows, sum_sites(unit, query).count, list_plants(unit, query, limit=60).rows
    )


def show_sites(found: CustomerSites) -> SectionContent:
    def codes(site: SiteRow) -> str:
        own = [plant.code for plant in found.plants if plant.site_id == site.site_id and plant.removed_on is None]
        words = [", ".join(part for part in (site.street, site.town) if part)]
        if own:
            words.append(tr("impianto {codes}", codes=own[0]) if len(own) == 1 else tr("impianti {codes}", codes=", ".join(own[:4])))
        if site.key_count:
            words.append(tr("1 mazzo di chiavi") if site.key_count == 1 else tr("{n} mazzi di chiavi", n=site.key_count))
        return " · ".join(part for part in words if part)

    every = Place("customers", "customers", {"record": found.customer_id, "tab": "sites"})
    return SectionContent(
        [
            Fact(
                site.code, site.name, codes(site), chip=None if site.is_active else (tr("Chiusa"), "neutral"),
                place=Place("customers", "customers", {"record": found.customer_id, "site": site.site_id}),
            )
            for site in found.sites
        ],
        place=every if found.site_count else None,
        place_text=tr("1 sede") if found.site_count == 1 else tr("Tutte le {n}", n=formats.number(found.site_count)),
        empty=tr("Ancora nessuna sede."),
    )  # fmt: skip


# ---- events -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CustomerEvents:
    customer_id: int
    events: Sequence[LifeCycleEvent]
    today: datetime.date


def load_events(unit: Any, customer_id: int) -> CustomerEvents:
    return CustomerEvents(customer_id, master.list_life_cycle(unit, customer_id), local_today())


def show_events(found: CustomerEvents) -> SectionContent:
    states = customer_states()
    every = Place("customers", "customers", {"record": found.customer_id, "tab": "life"})
    return SectionContent(
        [
            Fact(formats.date(one.on_date), step_text(one), " · ".join(part for part in (one.reason, one.person) if part), chip=states[one.to_state], place=every)
            for one in found.events[:MOST]
        ],
        place=every,
        place_text=tr("Storia"),
    )  # fmt: skip


def step_text(event: LifeCycleEvent) -> str:
    """An event of the life cycle in words."""
    return {
        ("prospect", "active"): tr("Diventa cliente"), ("suspended", "active"): tr("Servizi ripresi"),
        ("terminating", "active"): tr("Disdetta rientrata"), ("terminated", "active"): tr("Torna cliente"),
    }.get((event.from_state, event.to_state)) or {
        "prospect": tr("Scheda aperta") if not event.from_state else tr("Torna potenziale"), "active": tr("Scheda aperta"),
        "suspended": tr("Servizi sospesi"), "terminating": tr("Disdetta ricevuta"), "terminated": tr("Rapporto cessato"),
    }[event.to_state]  # fmt: skip


def sections() -> list[OverviewSection]:
    """Contracts before, sites and events after what other modules show."""
    return [
        OverviewSection("contracts", tr("Contratti"), "file-text", load_contracts, show_contracts),
        OverviewSection("sites", tr("Sedi e impianti"), "map-pin", load_sites, show_sites),
        OverviewSection("events", tr("Eventi"), "history", load_events, show_events),
    ]
