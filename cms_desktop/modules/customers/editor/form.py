"""The form of a customer, declared: sections, checks with one-key repairs, completion of CAP, comune and provincia."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from cms_desktop.core import fiscal
from cms_desktop.core.fiscal import Problem
from cms_desktop.modules.customers import rules
from cms_desktop.modules.customers.columns import customer_states, kind_names
from cms_desktop.modules.customers.records import FormChoices
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


def shown(problem: Problem | None) -> FieldProblem | None:
    """A fiscal problem as the form says it, with its repair."""
    if problem is None:
        return None
    text = translator("fiscal")(problem.text, **problem.values)
    return FieldProblem(text, problem.fix, tr("Usa {fix}", fix=problem.fix)) if problem.fix else FieldProblem(text)


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


def sections(choices: FormChoices, find_town: Find, find_cap: Find) -> Sequence[FormSection]:
    found = [_subject(), _seat(find_town, find_cap), _contacts(), _electronic(), _payment(choices), _notes()]
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
            [(FieldSpec("website", tr("Sito web")), 12)],
        ],
    )


def _electronic() -> FormSection:
    recipient = FieldSpec(
        "recipient_code", tr("Codice destinatario"), "code", note=tr("7 caratteri, 6 per la PA"), check=_check_recipient,
        normalise=fiscal.compact,
    )  # fmt: skip
    pec = FieldSpec("pec", tr("PEC"), check=_simple(fiscal.check_email), options={"hint": "nome@pec.it"})
    return FormSection(tr("Fatturazione elettronica"), [[(recipient, 5), (pec, 7)]])


def _payment(choices: FormChoices) -> FormSection:
    vat = [(one.choice_id, one.text) for one in choices.vat_codes]
    terms = [(one.choice_id, one.text) for one in choices.payment_terms]
    return FormSection(
        tr("IVA e pagamenti"),
        [
            [
                (FieldSpec("vat_code_id", tr("Regime IVA"), "choice", choices=vat, options={"empty": tr("Come i servizi")}), 6),
                (FieldSpec("payment_term_id", tr("Pagamento"), "choice", choices=terms, options={"empty": tr("Da scegliere")}), 6),
            ],
            [
                (FieldSpec("iban", tr("IBAN"), "code", check=_simple(fiscal.check_iban), normalise=fiscal.compact, ok_text=tr("IBAN corretto")), 7),
                (FieldSpec("bank_name", tr("Banca d'appoggio")), 5),
            ],
            [
                (FieldSpec("is_split_payment", tr("Scissione dei pagamenti"), "check"), 6),
                (FieldSpec("is_stamp_charged", tr("Bollo a carico del cliente"), "check"), 6),
            ],
            [
                (FieldSpec("is_withholding", tr("Ritenuta d'acconto"), "check"), 6),
            ],
        ],
    )  # fmt: skip


def _notes() -> FormSection:
    return FormSection(tr("Note"), [[(FieldSpec("notes", tr("Annotazioni"), "multiline", options={"lines": 3}), 12)]])


class CustomerForm(RecordForm):
    """The declared form; which fields are wanted follows the kind of party."""

    def __init__(self, choices: FormChoices, find_town: Find, find_cap: Find) -> None:
        super().__init__(sections(choices, find_town, find_cap))
        self.edited.connect(self._on_edited)

    def load(self, values: Values, *, is_new: bool = False) -> None:
        super().load(values, is_new=is_new)
        self._fit_to_kind()

    def rebase(self, now: Values, *, taken: Collection[str] = ()) -> None:
        super().rebase(now, taken=taken)
        self._fit_to_kind()

    def _on_edited(self, key: str) -> None:
        if key == "kind":
            self._fit_to_kind()

    def _fit_to_kind(self) -> None:
        kind = str(self.value("kind"))
        for key, wanted in (("vat_number", kind in NEED_VAT_NUMBER), ("tax_code", kind not in NEED_VAT_NUMBER)):
            self.fields[key].set_required(wanted)
        person = kind == "person"
        self.fields["name"].set_title(tr("Nome completo") if person else tr("Ragione sociale"))

    def show_choices(self, choices: FormChoices) -> None:
        """Fresh VAT codes and payment terms."""
        for key, entries in (("vat_code_id", choices.vat_codes), ("payment_term_id", choices.payment_terms)):
            field = self.fields[key]
            assert isinstance(field, ChoiceField)
            field.set_choices([(one.choice_id, one.text) for one in entries])
