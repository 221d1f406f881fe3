"""The form of a customer, declared: sections, checks with one-key repairs, completion of CAP, comune and provincia."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cms_desktop.core import fiscal
from cms_desktop.core.banks import bank_name
from cms_desktop.core.fiscal import Problem
from cms_desktop.modules.customers import rules
from cms_desktop.modules.customers.columns import customer_states, kind_names
from cms_desktop.modules.customers.editor.areas import bank_words, fiscal_sections, payment_sections, shown
from cms_desktop.modules.customers.records import FormChoices
from cms_desktop.modules.registry.columns import language_names
from cms_desktop.modules.registry.rules import KINDS, NEED_VAT_NUMBER, check_tax_code_of
from cms_desktop.ui.basics import column, row
from cms_desktop.ui.chips import Segmented
from cms_desktop.ui.fields import ChoiceField, Field, Find
from cms_desktop.ui.form import FieldProblem, FieldSpec, FormSection, RecordForm, Values
from cms_desktop.ui.translation import translator

tr = translator("customers")
OWN_FIELDS = frozenset({
    "name", "first_name", "last_name", "vat_number", "tax_code", "code", "street_number", "phone", "email", "website", "pec", "iban", "notes",
})  # fmt: skip
Check = Callable[[Any, Values], FieldProblem | None]


class KindField(Field):
    """The kind of party as a segmented control; the drop list of narrow panes says the same."""

    def __init__(self, title: str) -> None:
        self.track = Segmented([tr("Società"), tr("Ditta"), tr("Persona"), tr("Ente pubblico"), tr("Condominio")])
        super().__init__(title, self.track)
        self.track.changed.connect(lambda _place: self.changed.emit())

    def _arrange(self, beside: QWidget | None) -> None:
        self.title_label.hide()
        self.setLayout(column(row(self.editor, None), None, spacing=4))

    def value(self) -> str:
        return KINDS[self.track.active()]

    def set_value(self, value: Any) -> None:
        self.track.set_active(KINDS.index(value) if value in KINDS else 0)

    def text_of(self, value: Any) -> str:
        return kind_names().get(value, "")


def _check_vat(value: Any, values: Values) -> FieldProblem | None:
    return shown(fiscal.check_vat_number(value, values.get("country") or "IT"))


def _check_tax(value: Any, values: Values) -> FieldProblem | None:
    return shown(check_tax_code_of(values["kind"], value)) if (values.get("country") or "IT") == "IT" else None


def _check_cap(value: Any, values: Values) -> FieldProblem | None:
    return shown(fiscal.check_postcode(value, values.get("country") or "IT"))


def _check_recipient(value: Any, values: Values) -> FieldProblem | None:
    return shown(rules.check_recipient(value, values["kind"], values.get("country") or "IT"))


def _simple(check: Callable[[str], Problem | None]) -> Check:
    return lambda value, _values: shown(check(value))


def _vat_number(value: str) -> str:
    code = fiscal.compact(value)
    return code[2:] if code.startswith("IT") else code


AREAS = ("data", "fiscal", "payment")
WIDEST = 860


def sections_of(area: str, choices: FormChoices, find_town: Find, find_cap: Find) -> Sequence[FormSection]:
    """The sections of an area of master data."""
    if area == "data":
        found: Sequence[FormSection] = [_subject(), _seat(find_town, find_cap), _contacts(), _electronic(), _notes()]
    else:
        found = fiscal_sections(choices) if area == "fiscal" else payment_sections(choices)
    return [replace(one, lines=[[(_repeating(spec), span) for spec, span in line] for line in one.lines]) for one in found]


def _repeating(spec: FieldSpec) -> FieldSpec:
    """What belongs to one customer alone is not copied from the one before (Maiusc+F7)."""
    return replace(spec, repeats=False) if spec.key in OWN_FIELDS else spec


def _subject() -> FormSection:
    states = [(key, words) for key, (words, _tone) in customer_states().items()]
    first = FieldSpec("first_name", tr("Nome"), visible=lambda values: values["kind"] in ("person", "sole_trader"))
    last = FieldSpec("last_name", tr("Cognome"), visible=lambda values: values["kind"] in ("person", "sole_trader"))
    vat = FieldSpec(
        "vat_number", tr("Partita IVA"), "code", check=_check_vat, normalise=_vat_number, ok_text=tr("Partita IVA corretta"),
        visible=lambda values: values["kind"] != "person",
    )  # fmt: skip
    tax = FieldSpec(
        "tax_code", tr("Codice fiscale"), "code", check=_check_tax, normalise=fiscal.compact, ok_text=tr("Codice fiscale corretto")
    )
    return FormSection(
        tr("Soggetto"),
        [
            [(FieldSpec("kind", tr("Tipo di soggetto"), make=lambda spec: KindField(spec.label)), 12)],
            [(FieldSpec("name", tr("Ragione sociale"), required=True, options={"longest": 200}), 12)],
            [(last, 6), (first, 6)],
            [(vat, 6), (tax, 6)],
            [
                (FieldSpec("code", tr("Codice cliente"), "code", options={"longest": 20, "hint": tr("automatico")}), 4),
                (FieldSpec("since_on", tr("Cliente dal"), "date"), 4),
                (FieldSpec("state", tr("Stato"), "choice", choices=states), 4),
            ],
        ],
    )


def _seat(find_town: Find, find_cap: Find) -> FormSection:
    cap = FieldSpec("postal_code", tr("CAP"), "lookup", find=find_cap, check=_check_cap, options={"free_text": True})
    town = FieldSpec("town", tr("Comune"), "lookup", find=find_town, options={"free_text": True})
    hidden = FieldSpec("istat_code", tr("Codice ISTAT"), "code", visible=lambda _values: False)
    return FormSection(
        tr("Sede legale"),
        [
            [(FieldSpec("street", tr("Indirizzo"), options={"longest": 60}), 9), (FieldSpec("street_number", tr("Civico"), options={"longest": 8}), 3)],
            [
                (cap, 3), (town, 5),
                (FieldSpec("province_code", tr("Prov."), "code", options={"longest": 2}), 2),
                (FieldSpec("country", tr("Nazione"), "code", options={"longest": 2}), 2),
            ],
            [(hidden, 12)],
        ],
    )  # fmt: skip


def _contacts() -> FormSection:
    return FormSection(
        tr("Contatti"),
        [
            [(FieldSpec("phone", tr("Telefono")), 4), (FieldSpec("email", tr("E-mail"), check=_simple(fiscal.check_email)), 8)],
            [
                (FieldSpec("website", tr("Sito web")), 8),
                (FieldSpec("language", tr("Lingua"), "choice", choices=list(language_names().items()), note=tr("di lettere e copie")), 4),
            ],
        ],
    )


def _electronic() -> FormSection:
    recipient = FieldSpec(
        "recipient_code", tr("Codice destinatario"), "code", note=tr("7 caratteri, 6 per la PA"), check=_check_recipient,
        normalise=fiscal.compact,
    )  # fmt: skip
    pec = FieldSpec("pec", tr("PEC"), check=_simple(fiscal.check_email), options={"hint": "nome@pec.it"})
    return FormSection(tr("Fatturazione elettronica"), [[(recipient, 5), (pec, 7)]])


def _notes() -> FormSection:
    return FormSection(tr("Note"), [[(FieldSpec("notes", tr("Annotazioni"), "multiline", options={"lines": 3}), 12)]])


class CustomerForm(RecordForm):
    """The declared form, an area of it at a time: all areas are one record with one save. Which fields are wanted follows the kind of
    party. `area_wanted` says that a field of another area needs to be seen."""

    area_wanted = Signal(str)

    def __init__(self, choices: FormChoices, find_town: Find, find_cap: Find) -> None:
        self._holders: dict[str, QWidget] = {}
        self._area, self._of_area = "data", dict[str, str]()
        super().__init__([])
        inner = self.scroller.widget()
        if inner is not None:
            inner.setMaximumWidth(WIDEST)  # the width of a field says how long its content is
        self._choices, self._find_town, self._find_cap = choices, find_town, find_cap
        self.make_area("data")
        self.edited.connect(self._on_edited)
        self.field_left.connect(self._on_field_left)

    # areas ----------------------------------------------------------------------------------------------------------------
    def make_area(self, area: str) -> None:
        """Build the fields of an area that are not there yet."""
        if area in self._holders:
            return
        known = set(self.fields)
        self._holders[area] = self.add_sections(sections_of(area, self._choices, self._find_town, self._find_cap))
        self._holders[area].setVisible(area == self._area)
        self._of_area |= {key: area for key in self.fields if key not in known}
        self._fit()

    def show_area(self, area: str) -> None:
        """Show the fields of one area; the others keep what is typed in them."""
        self.make_area(area)
        if area != self._area:
            self._area = area
            for key, holder in self._holders.items():
                holder.setVisible(key == area)
            self.scroller.verticalScrollBar().setValue(0)

    def area(self) -> str:
        return self._area

    def first_field(self) -> Field:
        """Where one begins to type in the area in view."""
        if self._area == "data":
            return self.fields["name"]
        return next(field for key, field in self.fields.items() if self._of_area[key] == self._area and not field.isHidden())

    def problems_by_area(self) -> dict[str, int]:
        wrong = [self._of_area[key] for key in self.shown_problems()]
        return {area: wrong.count(area) for area in AREAS}

    def _focus(self, key: str) -> None:
        if self._of_area[key] != self._area:
            self.area_wanted.emit(self._of_area[key])
        super()._focus(key)

    def restore_draft(self, draft: Values) -> None:
        for area in AREAS:
            self.make_area(area)
        super().restore_draft(draft)

    def load(self, values: Values, *, is_new: bool = False) -> None:
        super().load(values, is_new=is_new)
        self._fit()

    def rebase(self, now: Values, *, taken: Collection[str] = ()) -> None:
        super().rebase(now, taken=taken)
        self._fit()

    # what follows what ------------------------------------------------------------------------------------------------------
    def _on_edited(self, key: str) -> None:
        if key in ("kind", "is_withholding"):
            self._fit()

    def _on_field_left(self, key: str) -> None:
        """The bank of a fresh IBAN by its ABI; a name typed by hand stays."""
        if key == "iban" and "iban" in self.changes() and self.fields["iban"].state != "error":
            before, now = bank_name(str(self._loaded.get("iban") or "")), bank_name(str(self.value("iban") or ""))
            if now and str(self.value("bank_name") or "") in ("", before, str(self._loaded.get("bank_name") or "")):
                self.set_value("bank_name", now)
        if key == "iban":
            self.fields["iban"].set_note(bank_words(str(self.value("iban") or "")))

    def _fit(self) -> None:
        if "kind" not in self.fields:
            return
        kind = str(self.value("kind"))
        for key, wanted in (("vat_number", kind in NEED_VAT_NUMBER), ("tax_code", kind not in NEED_VAT_NUMBER)):
            self.fields[key].set_required(wanted)
        person = kind == "person"
        self.fields["name"].set_title(tr("Nome completo") if person else tr("Ragione sociale"))
        self.fields["state"].setVisible(self._is_new)  # later it changes by steps that say when and why
        if "iban" in self.fields:
            self.fields["iban"].set_note(bank_words(str(self.value("iban") or "")))
        if "withholding_kind" in self.fields:
            for key in ("withholding_kind", "withholding_rate", "withholding_reason"):
                self.fields[key].set_required(bool(self.value("is_withholding")))

    def show_choices(self, choices: FormChoices) -> None:
        """Fresh VAT codes and payment terms."""
        self._choices = choices
        for key, entries in (("vat_code_id", choices.vat_codes), ("payment_term_id", choices.payment_terms)):
            field = self.fields.get(key)
            if isinstance(field, ChoiceField):
                field.set_choices([(one.choice_id, one.text) for one in entries])
