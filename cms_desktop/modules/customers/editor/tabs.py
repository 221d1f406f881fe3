"""The tabs of a customer, and what a new one begins with."""

from __future__ import annotations

from decimal import Decimal

from cms_desktop.ui.translation import translator

tr = translator("customers")
USUAL = {  # what a new customer begins with
    "kind": "company", "country": "IT", "language": "it", "state": "active", "withholding_share": Decimal(100), "withholding_rate": Decimal(0),
    "skipped_months": [], "skipped_to_day": 10, "riba_fee_policy": "none", "dunning_class": "standard", "invoice_grouping": "",
    "invoice_delivery": "none",
}  # fmt: skip


def tab_titles() -> list[tuple[str, str]]:
    """Key and title of every tab, in order; Alt+1 … Alt+0 go to them."""
    return [
        ("overview", tr("Panoramica")), ("data", tr("Dati")), ("fiscal", tr("Fiscale")), ("payment", tr("Pagamenti")), ("sites", tr("Sedi")),
        ("contracts", tr("Contratti")), ("mandates", tr("Mandati")), ("people", tr("Incarichi")), ("life", tr("Storia")), ("notes", tr("Note")),
        ("letters", tr("Intento")), ("documents", tr("Documenti")),
    ]  # fmt: skip
