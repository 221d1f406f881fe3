"""What stands behind the tabs of a customer besides its form: each made when first shown, loaded when seen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from cms_desktop.modules.customers.editor.contract_pane import ContractPane
from cms_desktop.modules.customers.editor.life_pane import LifePane
from cms_desktop.modules.customers.editor.overview_pane import make_overview
from cms_desktop.modules.customers.editor.record_specs import appointments, letters, mandates
from cms_desktop.modules.customers.editor.records_pane import RecordsPane
from cms_desktop.modules.customers.editor.site_specs import sites
from cms_desktop.modules.customers.records import Customer, FormChoices
from cms_desktop.modules.registry.attachments.panel import AttachmentsPanel
from cms_desktop.modules.registry.notes.panel import NotesPanel
from cms_desktop.ui.later import BuiltLater
from cms_desktop.ui.workplace import Workplace

RECORDS = ("sites", "mandates", "letters", "people")


class CustomerParts(QObject):
    """`changed` after something was written in one of them; `counted(key, n)` how many records it holds."""

    changed = Signal()
    left = Signal()
    counted = Signal(str, int)
    dirty_changed = Signal(bool)

    def __init__(self, workplace: Workplace, parent: QWidget) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._customer: Customer | None = None
        self._choices = FormChoices((), ())
        self._shown: dict[str, int | None] = {}  # key: the customer it last loaded
        makers: dict[str, Callable[[], Any]] = {
            "overview": partial(make_overview, self._workplace),
            "contracts": self._make_contracts,
            "life": self._make_life,
        }
        makers |= {key: partial(self._make_records, key) for key in RECORDS}
        if workplace.may("registry.read"):
            makers |= {"notes": self._make_notes, "documents": self._make_documents}
        self.places = {key: BuiltLater(make) for key, make in makers.items()}
        for key, place in self.places.items():
            place.built.connect(lambda _pane, key=key: self.show(key))

    # making ---------------------------------------------------------------------------------------------------------------
    def _make_contracts(self) -> ContractPane:
        pane = ContractPane(self._workplace)
        pane.changed.connect(self.changed)
        pane.dirty_changed.connect(self.dirty_changed)
        pane.set_choices(self._choices)
        return pane

    def _make_life(self) -> LifePane:
        pane = LifePane(self._workplace)
        pane.changed.connect(self.changed)
        return pane

    def _make_notes(self) -> NotesPanel:
        panel = NotesPanel(self._workplace)
        panel.counted.connect(partial(self.counted.emit, "notes"))
        panel.dirty_changed.connect(self.dirty_changed)
        return panel

    def _make_documents(self) -> AttachmentsPanel:
        panel = AttachmentsPanel(self._workplace, "customers.customer")
        panel.counted.connect(partial(self.counted.emit, "documents"))
        return panel

    def _make_records(self, key: str) -> RecordsPane:
        spec = {
            "sites": lambda: sites(self._workplace), "mandates": lambda: mandates(self._workplace, self._usual_iban),
            "letters": lambda: letters(self._choices), "people": lambda: appointments(self._workplace),
        }[key]()  # fmt: skip
        pane = RecordsPane(self._workplace, spec, self._way)
        pane.changed.connect(self.changed)
        pane.left.connect(self.left)
        pane.dirty_changed.connect(self.dirty_changed)
        pane.counted.connect(partial(self.counted.emit, key))
        return pane

    def _way(self) -> dict[str, Any]:
        """What leads to the customer in view."""
        return {"record": self._customer.customer_id if self._customer else 0}

    def _usual_iban(self) -> str:
        return str(self._customer.values["iban"]) if self._customer else ""

    # which customer -------------------------------------------------------------------------------------------------------
    def set_choices(self, choices: FormChoices) -> None:
        self._choices = choices
        contracts = self.places["contracts"].found()
        if contracts is not None:
            contracts.set_choices(choices)

    def set_customer(self, customer: Customer | None, active: str) -> None:
        """Another customer, or the same one afresh: what is seen loads now, the rest when it is seen."""
        self._customer = customer
        self._shown = (
            {key: number for key, number in self._shown.items() if self.pane(key) is not None and self.pane(key).is_dirty()}
            if customer
            else {}
        )
        self.show(active)

    def pane(self, key: str) -> Any:
        """The pane when it is made, else None."""
        place = self.places.get(key)
        found = place.found() if place is not None else None
        return found if found is None or hasattr(found, "is_dirty") else _Clean(found)

    def show(self, key: str) -> None:
        """Load what a tab shows, once for each customer."""
        place = self.places.get(key)
        pane = place.found() if place is not None else None
        number = self._customer.customer_id if self._customer else None
        if pane is None or (key in self._shown and self._shown[key] == number):
            return
        self._shown[key] = number
        self.load(key)

    def load(self, key: str, **what: Any) -> None:
        """Load the records of the customer in view into a pane."""
        pane, number = self.places[key].widget(), self._customer.customer_id if self._customer else None
        self._shown[key] = number
        if isinstance(pane, RecordsPane):
            pane.show_owner(number, **what)
        elif isinstance(pane, NotesPanel):
            pane.show_party(number)
            pane.reload()
        elif isinstance(pane, AttachmentsPanel):
            pane.show_subject("customers.customer", number)
            pane.reload()
        elif isinstance(pane, LifePane):
            pane.show_customer(self._customer)
        else:
            cast(Any, pane).show_customer(number)

    def refresh_typed(self) -> None:
        """Where something is typed: what others changed beside it is taken over."""
        for key in (*RECORDS, "contracts"):
            pane = self.pane(key)
            if pane is not None and pane.is_dirty():
                pane.reload()

    def focus_target(self, key: str) -> QWidget:
        """Where the cursor goes when a tab is chosen by key."""
        place = self.places[key]
        contracts = place.found() if key == "contracts" else None
        if not isinstance(contracts, ContractPane) or contracts.is_dirty():
            return place
        return contracts.table if contracts.table.rows() else contracts.new_button

    def step_inside(self, key: str, by: int) -> bool:
        """Whether the pane of a tab has a record open with tabs of its own; then the next one is shown."""
        place = self.places.get(key)
        pane = place.found() if place is not None else None
        if isinstance(pane, ContractPane) and pane.is_editing():
            return pane.editor.parts.step()
        return isinstance(pane, RecordsPane) and pane.is_editing() and pane.editor.step_tab(by)

    def is_dirty(self) -> bool:
        return any(self.pane(key).is_dirty() for key in self.places if self.pane(key) is not None)


class _Clean:
    """A pane nothing is typed into."""

    def __init__(self, pane: QWidget) -> None:
        self.pane = pane

    def is_dirty(self) -> bool:
        return False
