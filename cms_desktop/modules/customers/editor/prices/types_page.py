"""Types of service: the list, and the fields of the one chosen beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from cms_desktop.core.errors import AppError, Conflict, InvalidInput
from cms_desktop.modules.customers.editor.prices.words import line_kinds, type_columns
from cms_desktop.modules.customers.pricing import actions, queries
from cms_desktop.modules.customers.pricing.records import ServiceTypeRow
from cms_desktop.modules.customers.queries import load_choices
from cms_desktop.modules.customers.records import FormChoices
from cms_desktop.ui.basics import boxed, button, column, row
from cms_desktop.ui.drafts import FormDraft
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage
from cms_desktop.ui.fields import ChoiceField
from cms_desktop.ui.form import FieldSpec, FormSection, RecordForm, merge_if_apart, resolve_conflict
from cms_desktop.ui.record_table import Noun, RecordTable
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("customers")
FORM_WIDTH = 420


@dataclass(frozen=True)
class _Shown:
    rows: Sequence[ServiceTypeRow]
    choices: FormChoices


def _sections() -> list[FormSection]:
    return [
        FormSection(
            tr("Tipo di servizio"),
            [
                [(FieldSpec("code", tr("Codice"), "code", required=True, options={"longest": 8}), 4), (FieldSpec("description", tr("Descrizione"), required=True), 8)],
                [(FieldSpec("kind", tr("Si conta"), "choice", choices=tuple(line_kinds().items()), required=True), 8), (FieldSpec("unit", tr("Unità")), 4)],
                [(FieldSpec("list_price", tr("Prezzo di listino €"), "amount"), 5), (FieldSpec("vat_code_id", tr("IVA"), "choice", options={"empty": tr("Nessuna")}), 7)],
                [(FieldSpec("night_starts_at", tr("Notte dalle"), required=True), 6), (FieldSpec("night_ends_at", tr("Notte alle"), required=True), 6)],
                [(FieldSpec("invoice_text", tr("Testo in fattura"), options={"longest": 500, "note": tr("{riga} {mese} {periodo} {sede} {cig}")}), 12)],
                [(FieldSpec("is_active", tr("Si offre ancora"), "check"), 12)],
            ],
        )
    ]  # fmt: skip


class TypesPage(QWidget):
    """Enter opens a type, F2 begins a new one, F10 saves."""

    loaded = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self._row: ServiceTypeRow | None = None
        self._choices = FormChoices((), ())
        self._may = workplace.may("customers.write")
        self.table = RecordTable(
            type_columns(), record_key=lambda one: one.service_type_id, noun=Noun(tr("tipo"), tr("tipi")), filters=False, totals=False
        )
        self.form = RecordForm(_sections())
        self.form.set_read_only(not self._may)
        self.draft = FormDraft(self.form, workplace, "customers.service_type", page="prices")
        self.message = InlineMessage("negative", "", closable=True)
        self.message.hide()
        self.new_button = button(tr("Nuovo tipo"), "", "plus", tip=tr("Nuovo tipo di servizio (Ins)"))
        self.new_button.setEnabled(self._may)
        usual = button(tr("Aggiungi i tipi usuali"), "primary", "plus")
        usual.setEnabled(self._may)
        empty = EmptyState(
            "tags", tr("Nessun tipo di servizio"),
            tr("I tipi dicono che cosa vendi e a quale listino: le righe dei contratti li prendono da qui."), usual,
        )  # fmt: skip
        self._lists = QStackedWidget()
        self._lists.addWidget(self.table)
        self._lists.addWidget(empty)
        bar = row(None, self.new_button, margins=(12, 8, 12, 8))
        card = boxed(column(bar, self._lists, spacing=0, margins=(1, 1, 1, 1)), card="true")
        side = boxed(column(self.message, self.draft.strip, self.form, spacing=0, margins=(1, 1, 1, 1)), card="true")
        side.setFixedWidth(FORM_WIDTH)
        layout = row(card, side, spacing=12, margins=(16, 12, 16, 16))
        layout.setStretchFactor(card, 1)
        self.setLayout(layout)
        self.setFocusProxy(self.table)
        self.table.selection_changed.connect(self._on_selection)
        self.table.row_opened.connect(lambda _one: self.form.fields["code"].editor.setFocus())
        self.new_button.clicked.connect(self.start_new)
        usual.clicked.connect(self._add_usual)
        self.form.save_wanted.connect(self._save)
        self.form.previous_wanted.connect(lambda: self.form.is_dirty or self.table.step(-1))
        self.form.next_wanted.connect(lambda: self.form.is_dirty or self.table.step(1))
        self.form.save_and_next_wanted.connect(self._save)

    def reload(self) -> None:
        work = lambda unit: _Shown(queries.list_service_types(unit), load_choices(unit))
        self._workplace.background.run(self, work, then=self._show, failed=self._on_failed, key="types")

    def _show(self, shown: _Shown) -> None:
        self._choices = shown.choices
        field = self.form.fields["vat_code_id"]
        assert isinstance(field, ChoiceField)
        field.set_choices([(one.choice_id, one.text) for one in shown.choices.vat_codes])
        self.table.set_rows(list(shown.rows))
        self._lists.setCurrentIndex(0 if shown.rows else 1)
        wanted = self._row.service_type_id if self._row else None
        chosen = next((one for one in shown.rows if one.service_type_id == wanted), shown.rows[0] if shown.rows else None)
        if self.form.is_dirty:
            if chosen is not None and chosen.service_type_id == wanted and merge_if_apart(self.form, self._values(chosen)):
                self._row = chosen
        else:
            if chosen is not None:
                self._open(chosen)
            else:
                self.start_new()
        self.loaded.emit()

    def _on_selection(self, rows: list[ServiceTypeRow]) -> None:
        if len(rows) == 1 and not self.form.is_dirty:
            self._open(rows[0])

    def _open(self, chosen: ServiceTypeRow) -> None:
        self._row = chosen
        self.message.hide()
        self.form.load(self._values(chosen))
        self.draft.follow(chosen.service_type_id, chosen.description, tab="types")

    def _values(self, chosen: ServiceTypeRow) -> dict[str, Any]:
        return {key: getattr(chosen, key) for key in self.form.fields}

    def start_new(self) -> None:
        """An empty type, with ordinary VAT."""
        self._row = None
        usual = next((one.choice_id for one in self._choices.vat_codes if one.code == "22"), None)
        self.form.load(
            {
                "kind": "recurring",
                "is_active": True,
                "unit": tr("mese"),
                "vat_code_id": usual,
                "night_starts_at": "22:00",
                "night_ends_at": "06:00",
            },
            is_new=True,
        )
        self.draft.follow(None, tr("Nuovo tipo"), tab="types")
        self.form.fields["code"].editor.setFocus()

    def _save(self) -> None:
        values, chosen = self.form.values(), self._row

        def work(unit: Any) -> int:
            number, version = (chosen.service_type_id, chosen.row_version) if chosen else (0, 0)
            return actions.save_service_type(unit, number, values, row_version=version)

        self._workplace.background.run(self, work, then=self._on_saved, failed=self._on_failed, key="save")

    def _on_saved(self, _number: int) -> None:
        self._workplace.say("positive", tr("Salvato il tipo {name}", name=str(self.form.value("description"))))
        self.form.load(self.form.values())
        self.reload()

    def _add_usual(self) -> None:
        vat = next((one.choice_id for one in self._choices.vat_codes if one.code == "22"), None)
        self._workplace.background.run(
            self, lambda unit: actions.add_usual_types(unit, vat), then=lambda _n: self.reload(), failed=self._on_failed, key="save"
        )

    def _on_failed(self, error: AppError) -> None:
        if isinstance(error, InvalidInput) and error.field in self.form.fields:
            self.form.show_problem(error.field, error_text(error))
        elif isinstance(error, Conflict) and self._row is not None and self.form.is_dirty:
            self._workplace.background.run(self, queries.list_service_types, then=self._on_conflict, key="merge")
        else:
            self.message.set_message("negative", error_text(error))

    def _on_conflict(self, rows: Sequence[ServiceTypeRow]) -> None:
        """A colleague was faster: merge what only one of us changed, ask for the rest."""
        now = next((one for one in rows if self._row is not None and one.service_type_id == self._row.service_type_id), None)
        if now is None:
            self.message.set_message("negative", tr("Un collega ha tolto questo record: copia quello che ti serve e torna alla lista."))
            return
        adopt = lambda: setattr(self, "_row", now)
        resolve_conflict(self, self.form, self._values(now), record=now.description, adopt=adopt, reload=lambda: self._open(now))
