"""The modules of the rail, in its order: name, title, icon, and the dock that is built when one is opened."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from cms_desktop.ui.main_window import ModuleEntry
from cms_desktop.ui.module_dock import ModuleDock
from cms_desktop.ui.palette import RecordHit
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("ui")
SEARCHED = ("customers", "billing")
FUNCTIONS = {  # what a person must at least hold to open the module
    "base": ("base.administer", "base.audit"),
    "customers": ("customers.read",),
    "billing": ("billing.read",),
    "bank_effects": ("bank_effects.read",),
}


def readable_modules(functions: frozenset[str]) -> frozenset[str]:
    """The modules that these functions open."""
    return frozenset(name for name, wanted in FUNCTIONS.items() if not functions.isdisjoint(wanted))


def module_entries(workplace: Workplace) -> list[ModuleEntry]:
    """Those modules in which the person may at least read."""
    every = (
        ("base", tr("Modulo Base"), "sliders-horizontal", "BaseDock"),
        ("customers", tr("Gestione Clienti"), "building-2", "CustomersDock"),
        ("billing", tr("Fatturazione Generale"), "receipt-euro", "BillingDock"),
        ("bank_effects", tr("Effetti RiBa/RID"), "landmark", "BankEffectsDock"),
    )
    mine = readable_modules(workplace.company.functions)
    return [ModuleEntry(name, title, icon, _maker(workplace, name, dock)) for name, title, icon, dock in every if name in mine]


def _maker(workplace: Workplace, name: str, dock: str) -> Callable[[], ModuleDock]:
    """A module's screens are imported when it is opened: the start stays short."""

    def make() -> ModuleDock:
        module = importlib.import_module(f"cms_desktop.modules.{name}.dock")
        made: ModuleDock = getattr(module, dock)(workplace)
        return made

    return make


def search_in_modules(workplace: Workplace) -> Callable[[str, Callable[[list[RecordHit]], None]], None]:
    """The search of the command palette over the records of all modules the person may read."""

    def work(unit: Any, text: str) -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = []
        for name in SEARCHED:
            if workplace.may(f"{name}.read"):
                queries = importlib.import_module(f"cms_desktop.modules.{name}.queries")
                found += [(name, record) for record in queries.find_records(unit, text)]
        return found

    def search(text: str, show: Callable[[list[RecordHit]], None]) -> None:
        def then(found: list[tuple[str, Any]]) -> None:
            show([_hit(workplace, name, record) for name, record in found])

        workplace.background.run(workplace, lambda unit: work(unit, text), then=then, key="palette")

    return search


def _hit(workplace: Workplace, module: str, record: Any) -> RecordHit:
    """`record` has group, icon, text, detail, right, page, record_id (core.listing.FoundRecord)."""
    return RecordHit(
        record.group, record.icon, record.text, record.detail, record.right,
        lambda: workplace.go_to(module, record.page, record=record.record_id),
    )  # fmt: skip
