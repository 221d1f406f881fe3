"""Sedi and Impianti: the sites and plants of the whole company."""

from __future__ import annotations

from cms_desktop.modules.customers.columns import master as columns
from cms_desktop.modules.customers.editor import mass_fields
from cms_desktop.modules.customers.importing import PLANTS, SITES
from cms_desktop.modules.customers.queries import sites as queries
from cms_desktop.ui.feedback import EmptyState
from cms_desktop.ui.list_export import ListExport
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.paste_import import PasteImport
from cms_desktop.ui.record_table import Noun
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("customers")


def sites_page(workplace: Workplace) -> ListPage:
    text = tr("Le sedi nascono nella scheda del cliente, alla voce Sedi.")
    page = ListPage(
        workplace.background, columns.site_columns(), queries.list_sites, queries.sum_sites, name="customers.site",
        record_key=lambda row: row.site_id, noun=Noun(tr("sede"), tr("sedi"), feminine=True),
        empty=lambda: EmptyState("map-pin", tr("Nessuna sede"), text), settings=workplace.settings, views=columns.site_views(),
        filter_names=columns.site_filter_names(), tables=columns.SITE_TABLES, search=True,
    )  # fmt: skip
    ListExport(page, workplace)
    PasteImport(page, workplace, SITES)
    mass_fields.attach_sites(page, workplace)
    return page


def plants_page(workplace: Workplace) -> ListPage:
    text = tr("Gli impianti nascono nella sede del cliente: il codice è quello delle segnalazioni.")
    page = ListPage(
        workplace.background, columns.plant_columns(), queries.list_plants, queries.sum_plants, name="customers.plant",
        record_key=lambda row: row.plant_id, noun=Noun(tr("impianto"), tr("impianti")),
        empty=lambda: EmptyState("cctv", tr("Nessun impianto"), text), settings=workplace.settings, views=columns.plant_views(),
        filter_names=columns.plant_filter_names(), tables=columns.SITE_TABLES, search=True,
    )  # fmt: skip
    ListExport(page, workplace)
    PasteImport(page, workplace, PLANTS)
    mass_fields.attach_plants(page, workplace)
    return page
