"""Prestazioni: what was done by hours, passages and interventions; entered, corrected and voided before it is billed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError, InvalidInput
from cms_desktop.modules.billing.charging import actions, queries, rules
from cms_desktop.modules.billing.charging.bands import ROME
from cms_desktop.modules.billing.charging.records import ItemRow, LineChoice
from cms_desktop.modules.billing.columns.items import item_columns
from cms_desktop.modules.billing.columns.words import item_bands, item_kinds, item_states
from cms_desktop.ui.basics import button, column, label, row, rule
from cms_desktop.ui.chips import StatusChip
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage, Overlay
from cms_desktop.ui.feedback.reason import ReasonDialog
from cms_desktop.ui.fields import AmountField, ChoiceField, DateField, Field, LookupChoice, LookupField, TextField
from cms_desktop.ui.form import form_grid
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.record_table import Noun
from cms_desktop.ui.saved_views import SavedView
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

from .lists import list_page

tr = translator("billing")
WIDTH = 368


def items_page(workplace: Workplace, start: Callable[[], QWidget]) -> ListPage:
    """All items, the last first."""
    return list_page(
        workplace, item_columns(), queries.list_items, queries.sum_items, "items", lambda one: one.item_id,
        Noun(tr("prestazione"), tr("prestazioni"), feminine=True),
        lambda: EmptyState(
            "clock", tr("Nessuna prestazione"),
            tr("Ore, passaggi e interventi da fatturare compaiono qui: dalla sala operativa, da un file, o scritti a mano."), start(),
        ),
        views=[SavedView(tr("Tutte")), SavedView(tr("Da fatturare"), queries.OPEN), SavedView(tr("Da attribuire"), queries.UNASSIGNED)],
        tables={"billing.chargeable_item"}, search=True, filter_names={"service_id": tr("Riga di contratto"), "invoice_id": tr("Fattura")},
        checkable=True,
    )  # fmt: skip


class ItemDetail(QFrame):
    """The chosen item, or a new one; what is billed is only shown. `saved` when something was written."""

    saved = Signal()
    invoice_wanted = Signal(int)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.setFixedWidth(WIDTH)
        self._workplace = workplace
        self.row: ItemRow | None = None
        self.chosen: Sequence[ItemRow] = ()
        self._overlay: Overlay | None = None
        self.title, self.state = label("", "title"), StatusChip("", "neutral")
        self.kind = ChoiceField(tr("Tipo"), list(item_kinds().items()), required=True)
        self.line = LookupField(tr("Riga di contratto"), self._find_line, required=True)
        self.day = DateField(tr("Giorno"), required=True)
        self.start, self.end = TextField(tr("Dalle"), longest=5, hint="22:00"), TextField(tr("Alle"), longest=5, hint="06:00")
        self.quantity = AmountField(tr("Quantità"), lowest=Decimal(0))
        self.band = ChoiceField(tr("Fascia"), list(item_bands().items()))
        self.note = TextField(tr("Note"), longest=500)
        self.hint = label("", "small", "2", wrap=True)
        self.message = InlineMessage("negative", "")
        self.message.hide()
        self.save_button = button(tr("Salva"), "primary", "check", tip=tr("Salva (Ctrl+↵)"))
        self.void_button = button(tr("Non fatturare"), "quiet", "ban", tip=tr("Annulla la prestazione, dicendo perché"))
        self.restore_button = button(tr("Rimetti da fatturare"), "", "undo-2")
        self.open_button = button(tr("Apri la fattura"), "", "receipt-euro")
        self._arrange()
        self._connect()
        self.show_row(None)

    def _arrange(self) -> None:
        form = form_grid(
            [
                [(self.kind, 5), (self.day, 7)],
                [(self.line, 12)],
                [(self.start, 4), (self.end, 4), (self.quantity, 4)],
                [(self.band, 12)],
                [(self.note, 12)],
            ]
        )
        head = row(self.title, self.state, None, spacing=8)
        buttons = row(self.save_button, self.restore_button, self.open_button, None, self.void_button, spacing=8)
        body = column(head, form, self.hint, self.message, spacing=12, margins=(16, 12, 16, 12))
        foot = column(buttons, margins=(16, 10, 16, 12))
        self.setLayout(column(body, None, rule(), foot, spacing=0))

    def _connect(self) -> None:
        self.kind.changed.connect(self._on_kind)
        for field in (self.day, self.start, self.end, self.line):
            field.left.connect(self._show_split)
        self.save_button.clicked.connect(self.save)
        self.void_button.clicked.connect(self.ask_void)
        self.restore_button.clicked.connect(self.restore)
        self.open_button.clicked.connect(self._open_invoice)

    def _open_invoice(self) -> None:
        if self.row is not None and self.row.invoice_id is not None:
            self.invoice_wanted.emit(self.row.invoice_id)

    def _fields(self) -> list[Field]:
        return [self.kind, self.line, self.day, self.start, self.end, self.quantity, self.band, self.note]

    # -- what is shown
    def show_row(self, chosen: ItemRow | None) -> None:
        """An item of the list; None: a new one."""
        self.row = chosen
        self.message.hide()
        may = self._workplace.may("billing.charge")
        state = chosen.state if chosen is not None else "open"
        words, tone = item_states()[state]
        self.title.setText(tr("Nuova prestazione") if chosen is None else tr("Prestazione"))
        self.state.setVisible(chosen is not None)
        self.state.set_state(words, tone)
        self._show_values(chosen)
        is_open = may and state in ("open", "unassigned")
        for field in self._fields():
            field.set_plain()
            field.set_read_only(not is_open)
        self.save_button.setVisible(is_open)
        self.void_button.setVisible(is_open and chosen is not None)
        self.restore_button.setVisible(may and state == "void")
        self.open_button.setVisible(state == "billed" and chosen is not None and not chosen.document.startswith("L-"))
        self._on_kind()
        self._show_split()

    def _show_values(self, chosen: ItemRow | None) -> None:
        clock = lambda moment: "" if moment is None else f"{moment.astimezone(ROME):%H:%M}"
        self.kind.set_value(chosen.kind if chosen else "hourly")
        self.day.set_value(chosen.on_date if chosen else local_today())
        self.start.set_value(clock(chosen.starts_at) if chosen else "")
        self.end.set_value(clock(chosen.ends_at) if chosen else "")
        self.quantity.set_value(chosen.quantity if chosen else None)
        self.band.set_value(chosen.band if chosen else "")
        self.note.set_value(chosen.description if chosen else "")
        line = None
        if chosen is not None and chosen.service_id is not None:
            line = LookupChoice(chosen.service_id, f"{chosen.customer} · {chosen.service}", chosen.contract)
        self.line.set_value(line)

    def _on_kind(self) -> None:
        hourly = self.kind.value() == "hourly"
        self.quantity.set_title(tr("Ore") if hourly else tr("Quantità"))
        self.band.setVisible(hourly)

    def _show_split(self) -> None:
        """How the hours fall by day, night and holidays; of what is billed or void, why."""
        self.hint.setText("")
        if self.row is not None and self.row.state == "void":
            self.hint.setText(tr("Non si fattura: {reason}", reason=self.row.void_reason))
        elif self.row is not None and self.row.state == "billed":
            free = self.row.quantity - (self.row.charged_quantity or Decimal(0))
            words = tr("Addebitata in {document}.", document=self.row.document)
            if free >= Decimal("0.01"):
                words += " " + tr("Compresi nella franchigia o nel minimo: {n}.", n=formats.number(free, 2))
            self.hint.setText(words)
        if self.kind.value() != "hourly" or self.band.value():
            return
        try:
            values = self._values()
        except InvalidInput:
            return
        start, end = values["starts_at"], values["ends_at"]
        if start is None or end is None:
            return
        self.quantity.set_value(Decimal(int((end - start).total_seconds())) / 3600)
        work = lambda unit: queries.split_item(unit, start, end, values["service_id"])
        self._workplace.background.run(self, work, then=self._show_parts, key="split")

    def _show_parts(self, parts: dict[str, Any]) -> None:
        names = {"day": tr("diurne"), "night": tr("notturne"), "rest": tr("festive"), "rest_night": tr("festive notturne")}
        words = [f"{formats.number(Decimal(parts[key]) / 3600, 2)} {name}" for key, name in names.items() if parts.get(key)]
        if self.row is None or self.row.state in ("open", "unassigned"):
            self.hint.setText(tr("Ore: {parts}. Si fatturano ai prezzi che la riga ha per ogni fascia.", parts=", ".join(words)))

    def _find_line(self, text: str, show: Callable[[Sequence[LookupChoice]], None]) -> None:
        kind = self.kind.value() or "hourly"

        def shown(found: list[LineChoice]) -> None:
            show([LookupChoice(one.service_id, f"{one.customer} · {one.description}", one.contract, one) for one in found])

        self._workplace.background.run(self, lambda unit: queries.find_lines(unit, kind, text), then=shown, key="line")

    # -- what is done
    def start_new(self) -> None:
        self.show_row(None)
        self.line.setFocus()

    def _values(self) -> dict[str, Any]:
        day, line = self.day.value(), self.line.value()
        start, end = rules.parse_time(str(self.start.value())), rules.parse_time(str(self.end.value()))
        if (start is None) != (end is None):
            raise InvalidInput("Scrivi sia l'inizio sia la fine, o nessuno dei due.", field="end")
        begin = last = None
        if start is not None and end is not None and day is not None:
            begin, last = rules.moments(day, start, end)
        return {
            "kind": self.kind.value(), "service_id": line.key if isinstance(line, LookupChoice) else None, "on_date": day, "starts_at": begin,
            "ends_at": last, "quantity": self.quantity.value() or Decimal(0), "band": (self.band.value() or "") if self.kind.value() == "hourly" else "",
            "description": str(self.note.value()),
        }  # fmt: skip

    def save(self) -> None:
        """Write the item; what stands in the way is said at the fields."""
        missing = [field for field in (self.line, self.day) if field.value() is None or field.entry_problem()]
        for field in missing:
            field.set_error(field.entry_problem() or tr("Serve per fatturare la prestazione."))
        if missing:
            missing[0].setFocus()
            return
        try:
            values = self._values()
            actions.check_values(values)
        except InvalidInput as problem:
            self._show_error(problem)
            return
        if values["kind"] == "hourly" and values["starts_at"] is not None and not values["quantity"]:
            values["quantity"] = Decimal(1)  # the server counts them
        item, version = (self.row.item_id, self.row.row_version) if self.row is not None else (None, 0)
        self._do(lambda unit: actions.save_item(unit, item, version, values), new=item is None)

    def ask_void(self) -> None:
        """Why the item (or all that are ticked) will not be billed."""
        ids = [one.item_id for one in self.chosen if one.state in ("open", "unassigned")] or ([self.row.item_id] if self.row else [])
        if not ids:
            return
        what = tr("la prestazione") if len(ids) == 1 else tr("{n} prestazioni", n=len(ids))
        dialog = ReasonDialog(
            tr("Non fatturare {what}?", what=what), tr("Resta nell'elenco, con il motivo; si può rimettere da fatturare."), tr("Non fatturare"),
            usual=(tr("falso allarme"), tr("compresa nel canone"), tr("errore di registrazione")), missing=tr("Scrivi perché non si fattura."),
        )  # fmt: skip
        overlay = Overlay(self.window())
        self._overlay = overlay

        def done(reason: str) -> None:
            overlay.close_content()
            self._do(lambda unit: actions.void_items(unit, ids, reason))

        dialog.answered.connect(done)
        dialog.left.connect(overlay.close_content)
        overlay.closed.connect(overlay.deleteLater)
        overlay.open_content(dialog)

    def restore(self) -> None:
        if self.row is not None:
            item = self.row.item_id
            self._do(lambda unit: actions.restore_items(unit, [item]))

    def _do(self, work: Callable[[Any], Any], *, new: bool = False) -> None:
        def done(_answer: Any) -> None:
            self.message.hide()
            self.saved.emit()
            if new:
                self._go_on()

        self._workplace.background.run(self, work, then=done, failed=self._show_error, key="save")

    def _go_on(self) -> None:
        """The next one of the same line: most come in series."""
        line, kind, day = self.line.value(), self.kind.value(), self.day.value()
        self.show_row(None)
        self.kind.set_value(kind)
        self._on_kind()
        self.line.set_value(line)
        self.day.set_value(day)
        self.day.setFocus()

    def _show_error(self, error: AppError) -> None:
        self.message.set_message("negative", error_text(error))
