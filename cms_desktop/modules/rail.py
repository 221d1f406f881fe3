"""The modules of the rail, in its order: name, title, icon, and the dock that is built when one is opened."""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Callable
from typing import Any

from cms_desktop.core import formats
from cms_desktop.modules.base import letters
from cms_desktop.ui.commands import Command, CommandRegistry
from cms_desktop.ui.main_window import ModuleEntry
from cms_desktop.ui.module_dock import ModuleDock
from cms_desktop.ui.palette import RecordHit
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("ui")
SEARCHED = ("customers", "registry", "billing")
FUNCTIONS = {  # what a person must at least hold to open the module
    "base": ("base.administer", "base.audit", "base.check"),
    "registry": ("registry.read",),
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
        ("registry", tr("Anagrafica e Rubrica"), "book-user", "RegistryDock"),
        ("customers", tr("Gestione Clienti"), "building-2", "CustomersDock"),
        ("billing", tr("Fatturazione Generale"), "receipt-euro", "BillingDock"),
        ("bank_effects", tr("Effetti RiBa/RID"), "landmark", "BankEffectsDock"),
    )
    mine = readable_modules(workplace.company.functions)
    if "customers" in mine and "base" in mine:
        letters.load_providers_later(lambda: importlib.import_module("cms_desktop.modules.customers.letters").register())
    provide_overviews(workplace)
    return [ModuleEntry(name, title, icon, _maker(workplace, name, dock)) for name, title, icon, dock in every if name in mine]


OVERVIEWS = (("ledger.read", "billing.overview", "ledger_sections"), ("billing.read", "billing.overview", "sections"),
             ("bank_effects.read", "bank_effects.overview", "sections"))  # fmt: skip


def provide_overviews(workplace: Workplace) -> None:
    """What the upper modules show about a customer, for persons who may read it."""

    def maker(path: str, function: str) -> Callable[[], Any]:
        return lambda: getattr(importlib.import_module(f"cms_desktop.modules.{path}"), function)()

    for wanted, path, function in OVERVIEWS:
        if workplace.may(wanted):
            workplace.provide_sections("customers.customer", maker(path, function))


def _maker(workplace: Workplace, name: str, dock: str) -> Callable[[], ModuleDock]:
    """A module's screens are imported when it is opened: the start stays short."""

    def make() -> ModuleDock:
        module = importlib.import_module(f"cms_desktop.modules.{name}.dock")
        made: ModuleDock = getattr(module, dock)(workplace)
        return made

    return make


class DockDoor:
    """Stands for a dock that may not be made yet: what is called on it opens the dock first. Calling the door opens it, too."""

    def __init__(self, open_dock: Callable[[], ModuleDock], find_dock: Callable[[], ModuleDock | None]) -> None:
        self._open_dock, self._find_dock = open_dock, find_dock

    def is_made(self) -> bool:
        return self._find_dock() is not None

    def __call__(self) -> ModuleDock:
        return self._open_dock()

    def __getattr__(self, name: str) -> Any:
        dock = self._find_dock()
        return _Later(self, (name,)) if dock is None else getattr(dock, name)


class _Later:
    """A method of a dock, looked up when it is called."""

    def __init__(self, door: DockDoor, path: tuple[str, ...]) -> None:
        self._door, self._path = door, path

    def __getattr__(self, name: str) -> _Later:
        return _Later(self._door, (*self._path, name))

    def __call__(self, *arguments: Any) -> Any:
        target: Any = self._door()
        for name in self._path:
            target = getattr(target, name)
        return target(*arguments)


class ModuleCommands(CommandRegistry):
    """All modules' commands from the start, for palette and F1; a dock that registers its own takes the place of the promised ones."""

    def __init__(self, holds: Callable[[str], bool]) -> None:
        super().__init__(holds)
        self._promised: set[str] = set()

    def promise(self, name: str, door: DockDoor) -> None:
        """Register the commands of a module whose dock is not made."""
        module = importlib.import_module(f"cms_desktop.modules.{name}.commands")
        for command in module.commands(door):
            self.register(dataclasses.replace(command, enabled=_once_made(door, command.enabled)))
            self._promised.add(command.id)

    def register(self, *commands: Command) -> None:
        for command in commands:
            if command.id in self._promised:
                self._promised.discard(command.id)
                del self._commands[command.id]
        super().register(*commands)


def _once_made(door: DockDoor, enabled: Callable[[], bool] | None) -> Callable[[], bool] | None:
    return None if enabled is None else lambda: door.is_made() and enabled()


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
    """`record` is a core.listing.FoundRecord, or a customer or contract found by customers.queries."""
    if module == "customers":
        return _customer_hit(workplace, record)
    return RecordHit(
        translator(module)(record.group), record.icon, record.text, record.detail, record.right,
        lambda: workplace.go_to(module, record.page, record=record.record_id),
    )  # fmt: skip


def _customer_hit(workplace: Workplace, record: Any) -> RecordHit:
    is_contract = record.kind == "contract"
    what = {"record": record.customer_id} | ({"contract": record.record_id} if is_contract else {})
    group, icon = (tr("Contratti"), "file-text") if is_contract else (tr("Clienti"), "building-2")
    amount = "" if record.amount is None else formats.money(record.amount)
    return RecordHit(group, icon, record.text, record.detail, amount, lambda: workplace.go_to("customers", "customers", **what))
