"""One service of a contract on two lines of fields, with the amount of its first invoice."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from cms_desktop.core import formats
from cms_desktop.modules.customers import rules
from cms_desktop.modules.customers.columns import frequency_names
from cms_desktop.modules.customers.records import FormChoices, Service
from cms_desktop.ui.basics import boxed, button, column, label, row
from cms_desktop.ui.fields import AmountField, CheckField, ChoiceField, DateField, Field, TextField
from cms_desktop.ui.form import form_grid
from cms_desktop.ui.translation import translator

tr = translator("customers")


class ServiceLine(QFrame):
    """`service()` is what is typed; `problem()` says what is wrong, and marks the field."""

    changed = Signal()
    remove_wanted = Signal()

    def __init__(self, service: Service, choices: FormChoices) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._stored = service
        self.description = TextField(tr("Servizio"), required=True, longest=1000)
        self.quantity = AmountField(tr("Quantità"), decimals=2, required=True)
        self.price = AmountField(tr("Prezzo al mese €"), required=True)
        self.frequency = ChoiceField(tr("Fatturazione"), tuple(frequency_names().items()))
        self.in_advance = ChoiceField(tr("Periodo"), ((True, tr("Anticipata")), (False, tr("Posticipata"))))
        self.vat = ChoiceField(tr("IVA"), [(one.choice_id, one.text) for one in choices.vat_codes], required=True)
        self.starts_on = DateField(tr("Dal"), required=True)
        self.ends_on = DateField(tr("Al"))
        self.suspended = CheckField(tr("Sospeso"))
        self.hint = label("", "small", "2")
        self._remove = button(tr("Togli"), "link", "trash-2", tip=tr("Togli il servizio dal contratto"))
        self._remove.clicked.connect(self.remove_wanted)
        lines: list[list[tuple[QWidget, int]]] = [
            [(self.description, 6), (self.quantity, 2), (self.price, 4)],
            [(self.frequency, 4), (self.in_advance, 4), (self.vat, 4)],
            [(self.starts_on, 4), (self.ends_on, 4), (boxed(column(16, self.suspended, spacing=0)), 4)],
        ]
        foot = row(self.hint, None, self._remove, spacing=8)
        self.setLayout(column(form_grid(lines), foot, spacing=8, margins=(14, 12, 14, 10)))
        self._show(service)
        for field in self._fields():
            field.changed.connect(self._on_changed)
            field.left.connect(self._show_hint)

    def _fields(self) -> list[Field]:
        return [
            self.description, self.quantity, self.price, self.frequency, self.in_advance, self.vat, self.starts_on, self.ends_on,
            self.suspended,
        ]  # fmt: skip

    def _show(self, service: Service) -> None:
        self.description.set_value(service.description)
        self.quantity.set_value(service.quantity)
        self.price.set_value(service.monthly_price)
        self.frequency.set_value(service.frequency_months)
        self.in_advance.set_value(service.is_in_advance)
        self.vat.set_value(service.vat_code_id or None)
        self.starts_on.set_value(service.starts_on)
        self.ends_on.set_value(service.ends_on)
        self.suspended.set_value(service.is_suspended)
        self._show_hint()

    def service(self) -> Service | None:
        """What is typed; None while something required is missing."""
        texts = (self.description.value(), self.quantity.value(), self.price.value(), self.vat.value(), self.starts_on.value())
        if any(one in (None, "") for one in texts) or any(field.entry_problem() for field in self._fields()):
            return None
        return Service(
            self._stored.service_id, self.description.value(), self.quantity.value(), self.price.value(), self.vat.value(),
            self.frequency.value(), self._stored.anchor_month, bool(self.in_advance.value()), self.starts_on.value(), self.ends_on.value(),
            self.suspended.value(), self._stored.row_version,
        )  # fmt: skip

    def is_changed(self) -> bool:
        return self._stored.service_id == 0 or self.service() != self._stored

    def mark_problems(self) -> int:
        """Show what is wrong under each field; how many."""
        count = 0
        for field in self._fields():
            field.normalise()
            text = field.entry_problem() or (tr("Campo obbligatorio.") if field.is_required and field.value() in (None, "") else "")
            if text:
                field.set_error(text)
                count += 1
            elif field.state:
                field.set_plain()
        start, end = self.starts_on.value(), self.ends_on.value()
        if start and end and end < start:
            self.ends_on.set_error(tr("La fine del servizio deve seguire l'inizio."))
            count += 1
        if self.quantity.value() is not None and self.quantity.value() <= 0:
            self.quantity.set_error(tr("La quantità deve essere maggiore di zero."))
            count += 1
        return count

    def _on_changed(self) -> None:
        sender = self.sender()
        if isinstance(sender, Field) and sender.state:
            sender.set_plain()
        self._show_hint()
        self.changed.emit()

    def _show_hint(self) -> None:
        service = self.service()
        if service is None or (service.ends_on is not None and service.ends_on < service.starts_on):
            self.hint.setText("")
            return
        start, end = rules.first_period(service)
        amount = formats.money(rules.first_amount(service))
        if service.starts_on == start and (service.ends_on is None or service.ends_on >= end):
            self.hint.setText(tr("Prima fattura {amount} · {price} al mese", amount=amount, price=formats.money(self._monthly(service))))
        else:
            last = min(end, service.ends_on or end)
            words = tr(
                "Prima fattura {amount}, rateo dal {start} al {end}",
                amount=amount,
                start=formats.date(service.starts_on),
                end=formats.date(last),
            )
            self.hint.setText(words)

    def _monthly(self, service: Service) -> Decimal:
        return service.monthly_price * service.quantity
