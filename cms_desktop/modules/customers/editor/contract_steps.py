"""What is done to a contract besides changing its fields: suspend, resume, new price, successor, renewal, takeover. Each asks in a dialog."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError, InvalidInput
from cms_desktop.core.listing import ListQuery
from cms_desktop.modules.customers import actions, queries
from cms_desktop.modules.customers.contracts.records import Suspension
from cms_desktop.modules.customers.records import Contract, Service
from cms_desktop.ui.basics import Elevated, boxed, button, column, label, row, rule
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage, Overlay
from cms_desktop.ui.fields import AmountField, CheckField, ChoiceField, DateField, Field, LookupChoice, LookupField, TextField
from cms_desktop.ui.form import form_grid
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

if TYPE_CHECKING:
    from cms_desktop.modules.customers.editor.contract_editor import ContractEditor

tr = translator("customers")
Lines = Sequence[Sequence[tuple[str, int]]]


class StepDialog(Elevated):
    """A few fields and a button. `answered` carries the values; the owner closes the overlay or shows what was refused."""

    answered = Signal(dict)
    left = Signal()

    def __init__(self, title: str, text: str, fields: dict[str, Field], lines: Lines, confirm: str) -> None:
        super().__init__(radius=12)
        self.fields = fields
        next(iter(fields.values())).editor.setObjectName("first-focus")
        self.error = InlineMessage("negative", "")
        self.error.hide()
        self.confirm_button = button(confirm, "primary", tip=tr("Conferma (F10)"))
        self.confirm_button.setShortcut("F10")
        cancel = button(tr("Annulla"), tip=tr("Annulla (Esc)"))
        self.confirm_button.clicked.connect(self._on_confirm)
        cancel.clicked.connect(self.left)
        grid = form_grid([[(fields[key], span) for key, span in line] for line in lines])
        head = column(label(title, "title"), label(text, "body", "2", wrap=True), grid, self.error, spacing=12, margins=(24, 20, 24, 18))
        self.body.addLayout(column(head, rule(), boxed(row(None, cancel, self.confirm_button, margins=(24, 12, 24, 14))), spacing=0))
        self.setFixedWidth(600 + 2 * self.MARGIN)
        self.setAccessibleName(title)

    def _on_confirm(self) -> None:
        wrong = 0
        for field in self.fields.values():
            field.normalise()
            text = field.entry_problem() or (tr("Campo obbligatorio.") if field.is_required and field.value() in (None, "") else "")
            if text:
                field.set_error(text)
                wrong += 1
            elif field.state:
                field.set_plain()
        if not wrong:
            self.answered.emit({key: field.value() for key, field in self.fields.items()})

    def show_error(self, error: AppError) -> None:
        """At its field, or below them all."""
        if isinstance(error, InvalidInput) and error.field in self.fields:
            self.fields[error.field].set_error(error_text(error))
        else:
            self.error.set_message("negative", error_text(error))


def _service_names(contract: Contract, kinds: Sequence[str] = ()) -> list[tuple[int, str]]:
    return [(one.service_id, _name(one)) for one in contract.services if not kinds or one.kind in kinds]


def _name(service: Service) -> str:
    price = service.monthly_price or service.unit_price
    return f"{service.description} · {formats.money(price)} · {tr('dal {date}', date=formats.date(service.starts_on))}"


class ContractSteps(QObject):
    """The editor owns it; `dialog` is the one that is open."""

    def __init__(self, editor: ContractEditor, workplace: Workplace) -> None:
        super().__init__(editor)
        self._editor, self._workplace = editor, workplace
        self.dialog: StepDialog | None = None

    def _ask(self, dialog: StepDialog, act: Callable[[Any, Contract, dict[str, Any]], Any]) -> None:
        contract, overlay = self._editor.contract, Overlay(self._editor.window())
        if contract is None:
            return
        self.dialog = dialog

        def answered(values: dict[str, Any]) -> None:
            from cms_desktop.modules.customers.editor.contract_loading import load_whole

            def work(unit: Any) -> Any:
                act(unit, contract, values)
                return load_whole(unit, contract.contract_id)

            self._workplace.background.run(self._editor, work, then=done, failed=dialog.show_error, key="step")

        def done(loaded: Any) -> None:
            overlay.close_content()
            self._editor.show_written(loaded)

        def closed() -> None:
            overlay.deleteLater()
            self.dialog = None

        dialog.answered.connect(answered)
        dialog.left.connect(overlay.close_content)
        overlay.closed.connect(closed)
        overlay.open_content(dialog)

    # -- suspensions
    def suspend(self) -> None:
        contract = self._editor.contract
        if contract is None:
            return
        service = ChoiceField(tr("Servizio"), _service_names(contract, ("recurring",)), empty=tr("Tutti i servizi"))
        modes = (("days", tr("Non si fatturano i giorni")), ("period", tr("Non si fattura il periodo")))
        fields: dict[str, Field] = {
            "starts_on": DateField(tr("Dal"), required=True), "ends_on": DateField(tr("Al")), "service_id": service,
            "mode": ChoiceField(tr("Fatturazione"), modes, required=True), "reason": TextField(tr("Motivo"), longest=200),
            "is_yearly": CheckField(tr("Ogni anno negli stessi giorni")),
        }  # fmt: skip
        fields["starts_on"].set_value(local_today())
        fields["mode"].set_value("days")
        lines: Lines = [[("starts_on", 3), ("ends_on", 3), ("mode", 6)], [("service_id", 12)], [("reason", 12)], [("is_yearly", 12)]]
        text = tr("Nei giorni sospesi il servizio non si fattura. Senza fine resta sospeso finché non lo riprendi.")

        def act(unit: Any, on: Contract, values: dict[str, Any]) -> None:
            chosen = [values["service_id"]] if values["service_id"] else [one.service_id for one in on.services if one.kind == "recurring"]
            actions.suspend_services(unit, chosen, values)

        self._ask(StepDialog(tr("Sospendere il servizio"), text, fields, lines, tr("Sospendi")), act)

    def resume(self) -> None:
        found = {one.suspension_id: one for one in self._editor.suspensions}
        choices = [(number, _suspension_name(one)) for number, one in found.items()]
        fields: dict[str, Field] = {
            "suspension_id": ChoiceField(tr("Sospensione"), choices, required=True), "last_day": DateField(tr("Ultimo giorno sospeso")),
        }  # fmt: skip
        fields["last_day"].set_value(local_today() - datetime.timedelta(days=1))
        text = tr("Il servizio riprende il giorno dopo. Senza una data la sospensione si toglie del tutto.")
        if not found:
            text = tr("Nessun servizio di questo contratto è sospeso.")

        def act(unit: Any, _on: Contract, values: dict[str, Any]) -> None:
            one = found[values["suspension_id"]]
            actions.resume_service(unit, one.suspension_id, values["last_day"], row_version=one.row_version)

        dialog = StepDialog(tr("Riprendere il servizio"), text, fields, [[("suspension_id", 8), ("last_day", 4)]], tr("Riprendi"))
        dialog.confirm_button.setEnabled(bool(found))
        self._ask(dialog, act)

    # -- prices and successors
    def set_price(self) -> None:
        contract = self._editor.contract
        if contract is None:
            return
        fields: dict[str, Field] = {
            "service_id": ChoiceField(tr("Servizio"), _service_names(contract), required=True),
            "on_day": DateField(tr("Vale dal"), required=True), "price": AmountField(tr("Nuovo prezzo €"), required=True),
        }  # fmt: skip
        fields["on_day"].set_value((local_today().replace(day=28) + datetime.timedelta(days=4)).replace(day=1))
        text = tr("Il prezzo di oggi resta nello storico; quello che è già fatturato non cambia.")

        def act(unit: Any, _on: Contract, values: dict[str, Any]) -> None:
            actions.set_price(unit, values["service_id"], values["on_day"], values["price"])

        lines: Lines = [[("service_id", 12)], [("on_day", 4), ("price", 4)]]
        self._ask(StepDialog(tr("Nuovo prezzo"), text, fields, lines, tr("Cambia il prezzo")), act)

    def replace(self) -> None:
        contract = self._editor.contract
        if contract is None:
            return
        fields: dict[str, Field] = {
            "service_id": ChoiceField(tr("Servizio che finisce"), _service_names(contract, ("recurring",)), required=True),
            "starts_on": DateField(tr("Il nuovo inizia il"), required=True), "description": TextField(tr("Nuovo servizio"), required=True),
            "price": AmountField(tr("Prezzo al mese €"), required=True),
        }  # fmt: skip
        fields["starts_on"].set_value((local_today().replace(day=28) + datetime.timedelta(days=4)).replace(day=1))
        text = tr("Il vecchio servizio finisce il giorno prima; il nuovo prende cadenza, IVA e sede, e resta legato a lui.")

        def act(unit: Any, on: Contract, values: dict[str, Any]) -> None:
            old = next(one for one in on.services if one.service_id == values["service_id"])
            changes = {"description": values["description"], "monthly_price": values["price"]}
            actions.replace_service(unit, old.service_id, values["starts_on"], changes, row_version=old.row_version)

        lines: Lines = [[("service_id", 8), ("starts_on", 4)], [("description", 8), ("price", 4)]]
        self._ask(StepDialog(tr("Sostituire un servizio"), text, fields, lines, tr("Sostituisci")), act)

    # -- the contract
    def renew(self) -> None:
        contract = self._editor.contract
        if contract is None:
            return
        fields: dict[str, Field] = {
            "ends_on": DateField(tr("Nuova fine"), required=True), "agreed_on": DateField(tr("Concordato il"), required=True),
            "notes": TextField(tr("Come"), longest=200),
        }  # fmt: skip
        if contract.ends_on is not None:
            fields["ends_on"].set_value(contract.ends_on.replace(year=contract.ends_on.year + 1, day=min(contract.ends_on.day, 28)))
        fields["agreed_on"].set_value(local_today())
        text = tr("Il contratto e i servizi che finivano con lui vanno avanti fino alla nuova fine.")

        def act(unit: Any, on: Contract, values: dict[str, Any]) -> None:
            version = on.row_version
            actions.renew_contract(unit, on.contract_id, values["ends_on"], values["agreed_on"], values["notes"], row_version=version)

        lines: Lines = [[("ends_on", 4), ("agreed_on", 4)], [("notes", 12)]]
        self._ask(StepDialog(tr("Rinnovare il contratto {number}", number=contract.number), text, fields, lines, tr("Rinnova")), act)

    def transfer(self) -> None:
        contract = self._editor.contract
        if contract is None:
            return
        fields: dict[str, Field] = {
            "customer": LookupField(tr("Cliente che subentra"), self._find_customers, required=True),
            "on_day": DateField(tr("Dal"), required=True), "deed": TextField(tr("Atto"), longest=300, hint=tr("cessione d'azienda, voltura…")),
        }  # fmt: skip
        fields["on_day"].set_value((local_today().replace(day=28) + datetime.timedelta(days=4)).replace(day=1))
        text = tr(
            "Il contratto finisce il giorno prima e ne nasce uno uguale per l'altro cliente. Le fatture e i periodi di prima restano al vecchio."
        )

        def act(unit: Any, on: Contract, values: dict[str, Any]) -> None:
            who = values["customer"]
            if not isinstance(who, LookupChoice):
                raise InvalidInput("Scegli il cliente dall'elenco.", field="customer")
            number = int(who.key)
            actions.transfer_contract(unit, on.contract_id, number, values["on_day"], values["deed"], row_version=on.row_version)

        lines: Lines = [[("customer", 8), ("on_day", 4)], [("deed", 12)]]
        self._ask(
            StepDialog(tr("Subentro nel contratto {number}", number=contract.number), text, fields, lines, tr("Registra il subentro")), act
        )

    def _find_customers(self, text: str, answer: Callable[[Sequence[LookupChoice]], None]) -> None:
        def work(unit: Any) -> list[LookupChoice]:
            rows = queries.list_customers(unit, ListQuery(search=text), limit=8).rows
            return [LookupChoice(one.customer_id, one.name, f"{one.code} · {one.town}") for one in rows]

        self._workplace.background.run(self, work, then=answer, key="customers")


def _suspension_name(one: Suspension) -> str:
    end = formats.date(one.ends_on) if one.ends_on else tr("senza fine")
    return f"{one.service} · {formats.date(one.starts_on)} – {end}"
