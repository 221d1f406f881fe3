"""One line of a contract: its fields by kind, with the amount of its first invoice."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.modules.customers import rules
from cms_desktop.modules.customers.columns import frequency_names
from cms_desktop.modules.customers.contracts.records import PriceStep
from cms_desktop.modules.customers.contracts.rules import PRO_RATA
from cms_desktop.modules.customers.editor.price_history import PriceHistory
from cms_desktop.modules.customers.editor.prices.words import band_names, line_kinds
from cms_desktop.modules.customers.records import Choice, FormChoices, Service
from cms_desktop.ui.basics import boxed, button, column, label, row
from cms_desktop.ui.feedback import ConflictField
from cms_desktop.ui.fields import AmountField, CheckField, ChoiceField, DateField, Field, IntField, TextField
from cms_desktop.ui.form import form_grid
from cms_desktop.ui.translation import translator

tr = translator("customers")
BANDS = ("night", "holiday", "overtime")
SHOWN = {  # fields that belong to a kind of line only
    "frequency": ("recurring",), "in_advance": ("recurring",), "pro_rata": ("recurring",), "minimum": ("hourly",), "night": ("hourly",),
    "holiday": ("hourly",), "overtime": ("hourly",), "planned": ("passages",), "free_quota": ("interventions",), "quota_months": ("interventions",),
    "suspended": ("recurring",), "advance": ("one_off",), "ends_on": ("recurring", "hourly", "passages", "interventions"),
    "index_excluded": ("recurring", "hourly", "passages", "interventions"), "locked": ("recurring", "hourly", "passages", "interventions"),
}  # fmt: skip


def pro_rata_names() -> dict[str, str]:
    return {
        "actual": tr("per giorni effettivi"), "thirtieths": tr("per trentesimi"), "whole_months": tr("per mesi interi"), "none": tr("nessun rateo"),
    }  # fmt: skip


def price_titles() -> dict[str, str]:
    """What the price of a kind of line is the price of."""
    return {
        "recurring": tr("Prezzo al mese €"), "hourly": tr("Prezzo all'ora €"), "passages": tr("A passaggio €"),
        "interventions": tr("A intervento €"), "one_off": tr("Importo €"), "deposit": tr("Importo €"),
    }  # fmt: skip


def field_values(service: Service) -> dict[str, Any]:
    """The service as the fields of its line have it, by their names."""
    bands = dict(service.bands)
    return {
        "description": service.description, "quantity": service.quantity, "price": service.monthly_price or service.unit_price,
        "type": service.service_type_id, "kind": service.kind, "vat": service.vat_code_id or None, "frequency": service.frequency_months,
        "in_advance": service.is_in_advance, "pro_rata": service.pro_rata, "minimum": service.minimum_quantity,
        "planned": service.planned_quantity, "free_quota": service.free_quota, "quota_months": service.quota_months,
        "starts_on": service.starts_on, "ends_on": service.ends_on, "locked": service.price_locked_until, "site": service.site_id,
        "agent_share": service.agent_share, "suspended": service.is_suspended, "index_excluded": service.is_index_excluded,
        "advance": service.is_advance,
        **{band: bands.get(band) for band in BANDS},
    }  # fmt: skip


class ServiceLine(QFrame):
    """`service()` is what is typed; `mark_problems()` says what is wrong, and marks the fields."""

    changed = Signal()
    remove_wanted = Signal()

    def __init__(self, service: Service, choices: FormChoices, sites: Sequence[Choice] = ()) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._stored, self._choices = service, choices
        self.description = TextField(tr("Servizio"), required=True, longest=1000)
        self.quantity = AmountField(tr("Quantità"), decimals=2, required=True)
        self.price = AmountField(tr("Prezzo al mese €"), required=True)
        self.type = ChoiceField(tr("Tipo"), [(one.service_type_id, one.text) for one in choices.service_types], empty=tr("Nessuno"))
        self.kind = ChoiceField(tr("Si conta"), tuple(line_kinds().items()), required=True)
        self.frequency = ChoiceField(tr("Fatturazione"), tuple(frequency_names().items()))
        self.in_advance = ChoiceField(tr("Periodo"), ((True, tr("Anticipata")), (False, tr("Posticipata"))))
        self.pro_rata = ChoiceField(tr("Rateo"), [(one, pro_rata_names()[one]) for one in PRO_RATA])
        self.minimum = AmountField(tr("Ore minime"), decimals=2)
        bands = band_names()
        self.bands = {band: AmountField(tr("{band} €", band=bands[band])) for band in BANDS}
        self.planned = AmountField(tr("Passaggi al mese"), decimals=0)
        self.free_quota = IntField(tr("Compresi nel canone"), lowest=0, highest=10_000)
        self.quota_months = ChoiceField(tr("In quanto tempo"), [(1, tr("al mese")), (3, tr("al trimestre")), (6, tr("al semestre")), (12, tr("all'anno"))])  # fmt: skip
        self.vat = ChoiceField(tr("IVA"), [(one.choice_id, one.text) for one in choices.vat_codes], required=True)
        self.starts_on = DateField(tr("Dal"), required=True)
        self.ends_on = DateField(tr("Al"))
        self.site = ChoiceField(tr("Sede"), (), empty=tr("Nessuna"))
        self.agent_share = AmountField(tr("Quota agente %"), decimals=2)
        self.locked = DateField(tr("Prezzo bloccato fino al"))
        self.suspended = CheckField(tr("Sospeso"))
        self.index_excluded = CheckField(tr("Escluso dall'ISTAT"))
        self.advance = CheckField(tr("Acconto, scalato dal saldo"))
        self.hint = label("", "small", "2")
        self._remove = button(tr("Togli"), "link", "trash-2", tip=tr("Togli il servizio dal contratto"))
        self._remove.clicked.connect(self.remove_wanted)
        self.prices = PriceHistory()
        self.prices.hide()
        self.prices_button = button(
            tr("Storia dei prezzi"), "link", "history", tip=tr("I prezzi di prima, quello in vigore e quelli futuri")
        )
        self.prices_button.clicked.connect(lambda: self.prices.setVisible(self.prices.isHidden()))
        self.prices_button.hide()
        self._arrange()
        self._show(service)
        self.set_sites(sites)
        self.note_loaded()
        for field in self._fields():
            field.changed.connect(self._on_changed)
            field.left.connect(self._show_hint)
        self.type.changed.connect(self._on_type)
        self.kind.changed.connect(self._fit)

    def _arrange(self) -> None:
        lines: list[list[tuple[QWidget, int]]] = [
            [(self.description, 6), (self.quantity, 2), (self.price, 4)],
            [(self.type, 4), (self.kind, 4), (self.vat, 4)],
            [(self.frequency, 4), (self.in_advance, 4), (self.pro_rata, 4)],
            [(self.minimum, 3), *((field, 3) for field in self.bands.values())],
            [(self.planned, 4)],
            [(self.free_quota, 4), (self.quota_months, 4)],
            [(self.starts_on, 4), (self.ends_on, 4), (self.locked, 4)],
            [(self.site, 4), (self.agent_share, 4), (boxed(column(8, self.suspended, self.index_excluded, self.advance, spacing=2)), 4)],
        ]
        foot = row(self.hint, None, self.prices_button, self._remove, spacing=8)
        self.setLayout(column(form_grid(lines), foot, self.prices, spacing=8, margins=(14, 12, 14, 10)))

    def named(self) -> dict[str, Field]:
        """The fields by the names under which drafts and merging know them."""
        return {
            "description": self.description, "quantity": self.quantity, "price": self.price, "type": self.type, "kind": self.kind,
            "vat": self.vat, "frequency": self.frequency, "in_advance": self.in_advance, "pro_rata": self.pro_rata, "minimum": self.minimum,
            **self.bands, "planned": self.planned, "free_quota": self.free_quota, "quota_months": self.quota_months,
            "starts_on": self.starts_on, "ends_on": self.ends_on, "locked": self.locked, "site": self.site, "agent_share": self.agent_share,
            "suspended": self.suspended, "index_excluded": self.index_excluded, "advance": self.advance,
        }  # fmt: skip

    def _fields(self) -> list[Field]:
        return list(self.named().values())

    def set_sites(self, sites: Sequence[Choice]) -> None:
        """The customer's sites; without any the field stays away."""
        typed = self.site.value() if self.site.value() is not None else self._typed_site
        self.site.set_choices([(one.choice_id, f"{one.code} · {one.text}") for one in sites])
        self.site.set_value(typed if typed is not None else self._stored.site_id)
        self.site.setVisible(bool(sites))

    _typed_site: int | None = None  # of a draft, until the sites are there

    @property
    def service_id(self) -> int:
        """0 while it is not stored."""
        return self._stored.service_id

    def show_prices(self, steps: Sequence[PriceStep]) -> None:
        """Prices to come are shown at once, those of before when asked for."""
        self.prices.show_steps(steps)
        self.prices_button.setVisible(bool(steps))
        self.prices_button.setText(tr("Storia dei prezzi ({n})", n=len(steps)) if len(steps) > 1 else tr("Storia dei prezzi"))
        self.prices.setVisible(any(step.is_future for step in steps))

    def _show(self, service: Service) -> None:
        values = field_values(service)
        for name, field in self.named().items():
            field.set_value(values[name])
        self._fit()

    # what is typed, and what a colleague wrote meanwhile ------------------------------------------------------------------
    @property
    def stored(self) -> Service:
        """The service as it was loaded."""
        return self._stored

    def note_loaded(self) -> None:
        """What the fields say now counts as not typed."""
        self._loaded = {name: field.value() for name, field in self.named().items()}

    def _typed(self) -> set[str]:
        return {name for name, field in self.named().items() if field.value() != self._loaded[name] or field.entry_problem()}

    def draft(self) -> dict[str, Any]:
        """What was typed and not saved, fit for JSON."""
        return {name: field.draft() for name, field in self.named().items() if name in self._typed()}

    def restore_draft(self, typed: Mapping[str, Any]) -> None:
        fields = self.named()
        for name, text in typed.items():
            if name in fields:
                fields[name].restore_draft(text)
        self._typed_site = typed.get("site")
        self._fit()

    def clashes(self, now: Service) -> list[ConflictField]:
        """Fields typed here that a colleague gave another value."""
        before, after = field_values(self._stored), field_values(now)
        found = []
        for name, field in self.named().items():
            if name in self._typed() and before[name] != after[name]:
                words = field.text_of(before[name]), field.text_of(after[name]), field.text_of(field.value())
                found.append(ConflictField(f"{now.service_id}.{name}", f"{now.description}: {field.title}", *words))
        return found

    def copy_focused(self, above: ServiceLine) -> bool:
        """The field with the focus takes what the line above has in it; False when the focus is elsewhere."""
        for name, field in self.named().items():
            if field.editor.hasFocus() and not field.is_read_only():
                field.set_value(above.named()[name].value())
                self._fit()
                return True
        return False

    def detach(self) -> None:
        """A colleague took the service away: what is typed becomes a new one."""
        self._stored = replace(self._stored, service_id=0, row_version=0)

    def rebase(self, now: Service, taken: Collection[str]) -> None:
        """Put the service as it is stored now under what is typed; of `taken` (see `clashes`) the colleague's value is kept."""
        typed = {name for name in self._typed() if f"{now.service_id}.{name}" not in taken}
        after = field_values(now)
        self._stored = now
        for name, field in self.named().items():
            if name not in typed:
                field.set_value(after[name])
                self._loaded[name] = field.value()
            else:
                self._loaded[name] = after[name]
        self._fit()

    def _fit(self) -> None:
        kind = self.kind.value() or "recurring"
        for name, kinds in SHOWN.items():
            field = self.bands[name] if name in self.bands else getattr(self, name)
            field.setVisible(kind in kinds)
        self.price.set_title(price_titles()[kind])
        self._show_hint()

    def _on_type(self) -> None:
        """A type brings its kind, VAT and list price, and its name where none is written."""
        chosen = next((one for one in self._choices.service_types if one.service_type_id == self.type.value()), None)
        if chosen is None:
            return
        self.kind.set_value(chosen.kind)
        if chosen.vat_code_id is not None:
            self.vat.set_value(chosen.vat_code_id)
        if not str(self.description.value()).strip():
            self.description.set_value(chosen.text)
        if chosen.list_price is not None and not self.price.value():
            self.price.set_value(chosen.list_price)
        self._fit()
        self.changed.emit()

    def service(self) -> Service | None:
        """What is typed; None while something required is missing."""
        texts = (self.description.value(), self.quantity.value(), self.price.value(), self.vat.value(), self.starts_on.value())
        if any(one in (None, "") for one in texts) or any(field.entry_problem() for field in self._fields()):
            return None
        kind, price, start = self.kind.value(), self.price.value(), self.starts_on.value()
        bands = tuple(sorted((band, field.value()) for band, field in self.bands.items() if kind == "hourly" and field.value() is not None))
        return replace(
            self._stored, description=self.description.value(), quantity=self.quantity.value(), kind=kind,
            monthly_price=price if kind == "recurring" else Decimal(0), unit_price=Decimal(0) if kind == "recurring" else price,
            service_type_id=self.type.value(), vat_code_id=self.vat.value(), frequency_months=self.frequency.value(),
            is_in_advance=bool(self.in_advance.value()), pro_rata=self.pro_rata.value(), minimum_quantity=self.minimum.value(), bands=bands,
            planned_quantity=self.planned.value(), free_quota=self.free_quota.value(), quota_months=self.quota_months.value(), starts_on=start,
            ends_on=start if kind in ("one_off", "deposit") else self.ends_on.value(), price_locked_until=self.locked.value(),
            site_id=self.site.value(), agent_share=self.agent_share.value(), is_suspended=self.suspended.value(),
            is_index_excluded=self.index_excluded.value(), is_advance=kind == "one_off" and bool(self.advance.value()),
        )  # fmt: skip

    def changed_bands(self) -> tuple[int, datetime.date, dict[str, Decimal | None]]:
        """Prices of bands that were changed in a line that is there already, and from when they hold: today, or its start."""
        service = self.service()
        if service is None or not self._stored.service_id:
            return 0, local_today(), {}
        before, now = dict(self._stored.bands), dict(service.bands)
        changes = {band: now.get(band) for band in BANDS if before.get(band) != now.get(band)}
        return service.service_id, max(local_today(), service.starts_on), changes

    def is_changed(self) -> bool:
        return self._stored.service_id == 0 or self.service() != replace(self._stored, bands=tuple(sorted(self._stored.bands)))

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
        if start and end and end < start and not self.ends_on.isHidden():
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
        elif service.kind != "recurring":
            words = {"one_off": tr("Si fattura una volta, il giorno dell'inizio."), "deposit": tr("Non si fattura.")}
            self.hint.setText(words.get(service.kind, tr("Si fattura a consuntivo.")))
        elif service.billed_until is not None:
            self.hint.setText(tr("Fatturato fino al {day} · {price} al mese", day=formats.date(service.billed_until), price=formats.money(self._monthly(service))))  # fmt: skip
        else:
            self._show_first(service)

    def _show_first(self, service: Service) -> None:
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
