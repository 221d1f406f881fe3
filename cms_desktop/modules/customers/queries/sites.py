"""The lists of sites and plants of the whole company."""

from __future__ import annotations

from cms_desktop.core.listing import ListQuery, Page, Totals
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.customers.listings.sites import PLANTS, SITES
from cms_desktop.modules.customers.records.master import PlantRow, SiteRow


def list_sites(unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None = None, limit: int | None = None) -> Page[SiteRow]:
    """A page of sites, by name unless the query says otherwise."""
    page = SITES.page(unit, query, after, limit)
    rows = tuple(
        SiteRow(
            row._id, row.code, row.name, row.customer_id, row.customer_name, row.street, row.town, row.province_code, row.plant_count,
            row.key_count, row.is_active,
        )
        for row in page.rows
    )  # fmt: skip
    return Page(rows, page.after)


def sum_sites(unit: UnitOfWork, query: ListQuery) -> Totals:
    return SITES.totals(unit, query)


def list_plants(unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None = None, limit: int | None = None) -> Page[PlantRow]:
    """A page of plants, by code unless the query says otherwise."""
    page = PLANTS.page(unit, query, after, limit)
    rows = tuple(
        PlantRow(
            row._id, row.code, row.kind, row.description, row.site_id, row.site_name, row.customer_id, row.customer_name, row.town,
            row.installed_on, row.removed_on,
        )
        for row in page.rows
    )  # fmt: skip
    return Page(rows, page.after)


def sum_plants(unit: UnitOfWork, query: ListQuery) -> Totals:
    return PLANTS.totals(unit, query)
