"""Presentazione: parameters, preview of what is due with what stays out and why, confirmation, the file."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError, Cancelled
from cms_desktop.core.listing import ListQuery, Totals
from cms_desktop.core.money import ZERO
from cms_desktop.modules.bank_effects import actions, queries, rules
from cms_desktop.modules.bank_effects.columns import due_columns
from cms_desktop.modules.bank_effects.editor.result import PresentationResult
from cms_desktop.modules.bank_effects.records import BankChoice, BankFile, CreatedBatch, DueEffect, DuePreview
from cms_desktop.ui.basics import boxed, button, column, label, row
from cms_desktop.ui.cards import Card
from cms_desktop.ui.chips import Segmented
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage, ask
from cms_desktop.ui.fields import AmountField, ChoiceField, DateField, Field
from cms_desktop.ui.record_table import Noun, RecordTable
from cms_desktop.ui.steps import Stepper
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("bank_effects")
TYPING_PAUSE_MS = 300


class PresentationPage(QWidget):
    """The preview follows the parameters by itself; confirming writes batch and file together, or nothing."""

    presented = Signal(object)  # BankFile
    drafted = Signal(object)  # CreatedBatch
    batch_wanted = Signal(str)  # number
    loaded = Signal()
    tables = frozenset({"bank_effects.effect_batch", "ledger.open_item", "customers.customer", "registry.party", "base.bank_account"})

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.preview = DuePreview()
        self._banks: tuple[BankChoice, ...] = ()
        self._build_parameters()
        self._build_preview()
        self.result = PresentationResult(workplace)
        self.result.again_wanted.connect(self.start_again)
        self.result.batch_wanted.connect(self.batch_wanted)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._work_area())
        self._stack.addWidget(self.result)
        self.steps = Stepper([tr("Parametri e anteprima"), tr("File per la banca")])
        head = row(label(tr("Presentazione RiBa"), "title"), None, self.steps, margins=(16, 12, 16, 0))
        self.setLayout(column(head, self._stack, spacing=0))
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.reload)
        confirm = QShortcut(QKeySequence("Ctrl+Return"), self)
        confirm.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        confirm.activated.connect(self.confirm)
        self._set_busy(True)

    _refused = ""

    # -- making
    def _build_parameters(self) -> None:
        today = local_today()
        self.bank = ChoiceField(tr("Banca di presentazione"), (), required=True)
        self.due_from, self.due_to = DateField(tr("Scadenze dal"), required=True), DateField(tr("al"), required=True)
        self.minimum = AmountField(tr("Importo minimo dell'effetto"), lowest=ZERO, hint="0,00")
        self.due_from.set_value(today)
        self.due_to.set_value(today + rules.AHEAD)
        for field in (self.bank, self.due_from, self.due_to, self.minimum):
            field.changed.connect(self._on_parameter)
        self.bank_note = label("", "small", "3", wrap=True)

    def _build_preview(self) -> None:
        self.figures: dict[str, Any] = {}
        self.error = InlineMessage("negative", "")
        self.error.hide()
        self.shown = Segmented([tr("Da presentare"), tr("Esclusi")])
        self.shown.changed.connect(self._on_shown)
        noun = Noun(tr("effetto"), tr("effetti"))
        self.taken = RecordTable(due_columns(left_out=False), record_key=lambda r: r.key, noun=noun, filters=False)
        self.left_out = RecordTable(due_columns(left_out=True), record_key=lambda r: r.key, noun=noun, filters=False)
        for table in (self.taken, self.left_out):
            table.row_opened.connect(self._on_customer)
            table.query_changed.connect(lambda _query: self._show_rows())
        self.tables_stack = QStackedWidget()
        self.tables_stack.addWidget(self.taken)
        self.tables_stack.addWidget(self.left_out)
        self.note = label("", "small", "3")
        self.confirm_button = button(tr("Conferma e crea il file"), "primary", "file-check", tip=tr("Conferma e crea il file (Ctrl+Invio)"))
        self.confirm_button.clicked.connect(self.confirm)
        self.draft_button = button(
            tr("Salva la distinta senza file"), tip=tr("Gli effetti restano impegnati; il file si crea dopo, da «Distinte»")
        )
        self.draft_button.clicked.connect(self.save_draft)

    def _work_area(self) -> QWidget:
        fields = column(
            self.bank, self.bank_note, row(self.due_from, self.due_to, spacing=8), self.minimum, None, spacing=12, margins=(16, 0, 16, 16)
        )
        parameters = Card(tr("Parametri"), boxed(fields))
        parameters.setFixedWidth(320)
        summary = boxed(row(*self._summary(), spacing=24, margins=(16, 10, 16, 10)), card="true")
        rows = Card(tr("Anteprima"), self.tables_stack, self.shown)
        right = column(self.error, summary, rows, spacing=12)
        right.setStretchFactor(rows, 1)
        self.foot = boxed(row(self.note, None, self.draft_button, self.confirm_button, margins=(16, 12, 16, 12)), card="true")
        body = row(parameters, right, spacing=12)
        body.setStretchFactor(right, 1)
        result = QWidget()
        layout = column(body, self.foot, spacing=12, margins=(16, 12, 16, 16))
        layout.setStretchFactor(body, 1)
        result.setLayout(layout)
        return result

    def _summary(self) -> list[Any]:
        parts: list[Any] = []
        names = (("effects", tr("Effetti")), ("customers", tr("Clienti")), ("total", tr("Totale da presentare")), ("out", tr("Esclusi")))
        for key, title in names:
            self.figures[key] = label("–", "display")
            self.figures[f"{key}_detail"] = label("", "small", "3")
            parts.append(column(label(title, "small-medium", "2"), self.figures[key], self.figures[f"{key}_detail"], spacing=0))
            parts.append(None)
        return parts[:-1]

    # -- parameters
    def set_range(self, due_from: datetime.date, due_to: datetime.date, *, left_out: bool = False) -> None:
        """Look at another range, as a dashboard asks."""
        self._stack.setCurrentIndex(0)
        self.steps.set_active(0)
        self.due_from.set_value(due_from)
        self.due_to.set_value(due_to)
        self.minimum.set_value(None)
        self.shown.set_active(1 if left_out else 0)
        self._on_shown(1 if left_out else 0)
        self.reload()

    def start_again(self) -> None:
        """Back to the parameters."""
        self._stack.setCurrentIndex(0)
        self.steps.set_active(0)
        self.reload()
        self.due_from.editor.setFocus()

    def _on_parameter(self) -> None:
        self._set_busy(True)  # what is shown is no longer what would be written
        self._pause.start()

    def _range(self) -> tuple[datetime.date, datetime.date] | None:
        first, last = self.due_from.value(), self.due_to.value()
        self._mark(self.due_from, "" if first else self.due_from.entry_problem() or tr("Scrivi una data."))
        late = tr("Deve seguire la prima.") if first and last and last < first else ""
        self._mark(self.due_to, late or ("" if last else self.due_to.entry_problem() or tr("Scrivi una data.")))
        return (first, last) if first and last and last >= first else None

    def _mark(self, field: Field, problem: str) -> None:
        if problem:
            field.set_error(problem)
        elif field.state:
            field.set_plain()

    # -- preview
    def reload(self) -> None:
        between = self._range()
        if between is None:
            return
        minimum = self.minimum.value() or ZERO

        def work(unit: Any) -> tuple[tuple[BankChoice, ...], DuePreview]:
            return queries.list_banks(unit), queries.items_due(unit, *between, minimum_amount=minimum)

        self._workplace.background.run(self, work, then=self._show, failed=self._on_failed, key="preview")

    def _show(self, found: tuple[tuple[BankChoice, ...], DuePreview]) -> None:
        self._banks, self.preview = found
        chosen = self.bank.value()
        self.bank.set_choices([(bank.bank_account_id, bank.name) for bank in self._banks])
        self.bank.set_value(chosen if chosen is not None else next((bank.bank_account_id for bank in self._banks), None))
        self._show_bank()
        self.error.hide()
        if self._refused:
            self.error.set_message("negative", self._refused)
            self._refused = ""
        self._show_figures()
        self._show_rows()
        self.loaded.emit()

    def _show_bank(self) -> None:
        bank = next((one for one in self._banks if one.bank_account_id == self.bank.value()), None)
        if bank is None:
            self.bank_note.setText(tr("Nessun conto attivo: aggiungilo in Modulo Base, Tabelle fiscali."))
            return
        sia = tr("SIA {code}", code=bank.sia_code) if bank.sia_code else tr("manca il codice SIA")
        self.bank_note.setText(f"{bank.iban} · {sia}")
        self._mark(self.bank, "" if bank.sia_code else tr("Manca il codice SIA: completalo in Modulo Base, Tabelle fiscali."))

    def _show_figures(self) -> None:
        taken, out = self.preview.presentable, self.preview.left_out
        customers = len({effect.customer_id for effect in taken})
        self.figures["effects"].setText(formats.number(len(taken)))
        self.figures["effects_detail"].setText(tr("scadenze: {n}", n=formats.number(sum(effect.item_count for effect in taken))))
        self.figures["customers"].setText(formats.number(customers))
        self.figures["total"].setText(formats.money(self.preview.total))
        biggest = max((effect.amount for effect in taken), default=ZERO)
        self.figures["total_detail"].setText(tr("il maggiore {amount}", amount=formats.money(biggest)) if taken else "")
        self.figures["out"].setText(formats.number(len(out)))
        self.figures["out_detail"].setText(formats.money(self.preview.left_out_total) if out else tr("nessuno"))
        words = tr("Conferma {amount} · effetti: {n}", n=formats.number(len(taken)), amount=formats.money(self.preview.total))
        may = self._workplace.may("bank_effects.generate")
        self.confirm_button.setText("\u2004" + (words if taken else tr("Niente da presentare")))
        self.confirm_button.setAccessibleName(words)
        self.confirm_button.setEnabled(bool(taken) and may and self.bank.value() is not None)
        self.draft_button.setEnabled(self.confirm_button.isEnabled())
        nothing_written = tr("Nulla è ancora scritto: la conferma crea distinta e file insieme.")
        self.note.setText(nothing_written if may else tr("Per presentare serve il diritto «Creare distinte e file per la banca»."))

    def _show_rows(self) -> None:
        for table, rows in ((self.taken, self.preview.presentable), (self.left_out, self.preview.left_out)):
            amounts = {"amount": sum((r.amount for r in rows), ZERO), "item_count": Decimal(sum(r.item_count for r in rows))}
            table.set_rows(_sorted(rows, table.query()))
            table.set_totals(Totals(len(rows), amounts))

    def _on_shown(self, place: int) -> None:
        self.tables_stack.setCurrentIndex(place)

    def _on_customer(self, effect: DueEffect) -> None:
        self._workplace.go_to("customers", "customers", record=effect.customer_id)

    def _on_failed(self, error: AppError) -> None:
        if isinstance(error, Cancelled):  # meant for an older question and came late
            self.reload()
            return
        self.error.set_message("negative", error_text(error))
        self._set_busy(False)

    def _on_not_written(self, error: AppError) -> None:
        """Nothing was stored; the preview is read again, the message stays."""
        self._refused = error_text(error)
        self.reload()

    # -- doing
    def confirm(self) -> None:
        """Ask, then write batch and file in one transaction."""
        if not self.confirm_button.isEnabled() or self._stack.currentIndex() != 0:
            return
        count, total = formats.number(len(self.preview.presentable)), formats.money(self.preview.total)
        title = tr("Presentare la distinta di {amount} (effetti: {n})?", n=count, amount=total)
        text = tr("La distinta prende un numero e il file viene conservato com'è. Una distinta presentata non si annulla più.")
        if ask(self, title, text, tr("Presenta")):
            self._write(actions.present, self._on_presented)

    def save_draft(self) -> None:
        if self.draft_button.isEnabled():
            self._write(actions.create_batch, self._on_drafted)

    def _write(self, action: Callable[..., Any], then: Callable[[Any], None]) -> None:
        between = self._range()
        if between is None:
            return
        bank, minimum, expected = self.bank.value(), self.minimum.value() or ZERO, self.preview.total
        self._set_busy(True)
        self._workplace.background.run(
            self,
            lambda unit: action(unit, bank, due_from=between[0], due_to=between[1], minimum_amount=minimum, expected_total=expected),
            then=then,
            failed=self._on_not_written,
            key="write",
        )

    def _set_busy(self, busy: bool) -> None:
        may = bool(self.preview.presentable) and self._workplace.may("bank_effects.generate")
        self.confirm_button.setEnabled(may and not busy)
        self.draft_button.setEnabled(may and not busy)

    def _on_presented(self, file: BankFile) -> None:
        self.result.show_file(file)
        self._stack.setCurrentIndex(1)
        self.steps.set_active(1)
        self.presented.emit(file)
        self.result.save()

    def _on_drafted(self, made: CreatedBatch) -> None:
        self._workplace.say(
            "positive", tr("Distinta {number} creata", number=made.number), tr("effetti da presentare: {n}", n=made.effect_count)
        )
        self.drafted.emit(made)
        self.reload()


def _sorted(rows: tuple[DueEffect, ...], query: ListQuery) -> list[DueEffect]:
    """The rows in the order the table's header asks for."""
    if query.sort is None:
        return list(rows)
    key = "iban" if query.sort.key == "bank" else query.sort.key
    return sorted(rows, key=lambda effect: getattr(effect, key), reverse=query.sort.descending)
