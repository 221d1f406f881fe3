"""Costi orari: what an hour of each person costs, from which day; the time spent on tasks is costed by it."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.modules.base.editor.table_specs import TableSpec
from cms_desktop.modules.base.editor.tables import TableEditor
from cms_desktop.modules.base.records import StoredRecord
from cms_desktop.modules.registry.actions.costs import remove_hourly_cost, save_hourly_cost
from cms_desktop.modules.registry.queries.costs import list_hourly_costs, people_with_costs
from cms_desktop.ui.basics import boxed, button, column, label, row, rule
from cms_desktop.ui.fields import ChoiceField
from cms_desktop.ui.form import FieldSpec
from cms_desktop.ui.record_table import Column, Noun
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("registry")
RIGHT = "registry.costs"


def _whose(record: StoredRecord) -> str:
    return str(record["person"]) or tr("Tutti gli altri")


def _state(record: StoredRecord) -> tuple[str, str]:
    today = local_today()
    if record["valid_from"] > today:
        return tr("Dal giorno indicato"), "info"
    return (tr("In vigore"), "positive") if record["until"] is None or record["until"] >= today else (tr("Superato"), "neutral")


def cost_spec() -> TableSpec:
    return TableSpec(
        "hourly_costs", tr("Costo di un'ora"), Noun(tr("costo"), tr("costi")), "registry.hourly_cost",
        [
            Column("person", tr("Persona"), _whose, kind="strong", width=220, stretch=True, sortable=False),
            Column("amount", tr("Costo orario €"), lambda record: record["amount"], kind="money", width=130, sortable=False),
            Column("valid_from", tr("Dal"), lambda record: record["valid_from"], kind="date", width=110, sortable=False),
            Column("until", tr("Al"), lambda record: record["until"], kind="date", width=110, sortable=False),
            Column("state", tr("Stato"), _state, kind="chip", width=160, sortable=False),
        ],
        [
            [(FieldSpec("person_id", tr("Persona"), "choice", options={"empty": tr("Tutti gli altri")}), 12)],
            [(FieldSpec("amount", tr("Costo orario €"), "amount", required=True, options={"lowest": Decimal(0)}), 6),
             (FieldSpec("valid_from", tr("Dal"), "date", required=True), 6)],
        ],
        list_hourly_costs, save_hourly_cost, {"valid_from": local_today()}, remove=remove_hourly_cost, required=RIGHT,
        note=lambda _values: tr("I tempi già registrati restano al costo che avevano quel giorno."),
        name=lambda record: tr("{person}, dal {day}", person=_whose(record), day=formats.date(record["valid_from"])),
    )  # fmt: skip


class CostsPage(QWidget):
    """F2 begins a new cost, F10 saves it."""

    tables = frozenset({"registry.hourly_cost"})
    loaded = Signal()
    dirty_changed = Signal(bool)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.editor = TableEditor(workplace, cost_spec())
        self.editor.loaded.connect(self.loaded)
        self.editor.dirty_changed.connect(self.dirty_changed)
        self.new_button = button(tr("Nuovo costo"), "", "plus", tip=tr("Nuovo costo (F2)"))
        self.new_button.clicked.connect(self.start_new)
        words = label(
            tr("Il tempo segnato sulle attività diventa un costo del cliente: ore per il costo di chi le ha fatte."), "small", "2"
        )
        bar = boxed(row(words, None, self.new_button, margins=(16, 6, 16, 6)))
        layout = column(bar, rule(), self.editor, spacing=0)
        layout.setStretchFactor(self.editor, 1)
        panel = boxed(layout, panel="true")
        self.setLayout(column(panel, spacing=0))
        self.setFocusProxy(self.editor.table)

    def reload(self) -> None:
        def show(people: list[tuple[int, str]]) -> None:
            field = self.editor.form.fields["person_id"]
            assert isinstance(field, ChoiceField)
            if not self.editor.form.is_dirty:
                field.set_choices(people)
            self.editor.reload()

        self._workplace.background.run(self, people_with_costs, then=show, key="people")

    def start_new(self) -> None:
        self.editor.start_new()
