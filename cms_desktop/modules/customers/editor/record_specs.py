"""Letters of intent, mandates, agents and collectors of a customer: columns, form and way of saving of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from cms_desktop.core import fiscal, formats
from cms_desktop.core.dates import local_today
from cms_desktop.modules.customers.actions import master as actions
from cms_desktop.modules.customers.columns import master as words
from cms_desktop.modules.customers.editor.areas import shown
from cms_desktop.modules.customers.editor.mandate_steps import MandateSteps
from cms_desktop.modules.customers.editor.record_spec import RecordSpec
from cms_desktop.modules.customers.importing import APPOINTMENTS, LETTERS, MANDATES
from cms_desktop.modules.customers.queries import master as queries
from cms_desktop.modules.customers.records import FormChoices
from cms_desktop.modules.customers.records.master import StoredRecord
from cms_desktop.modules.customers.rules.master import check_protocol
from cms_desktop.ui.fields import LookupChoice
from cms_desktop.ui.fields.lookup import Find
from cms_desktop.ui.form import FieldProblem, FieldSpec, FormSection, Values
from cms_desktop.ui.record_table import Noun
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("customers")
EVERYTHING = {"lowest": Decimal(0), "highest": Decimal(100)}


def _iban_problem(value: Any, _values: Values) -> FieldProblem | None:
    return shown(fiscal.check_iban(value))


def find_parties(workplace: Workplace) -> Find:
    """Parties for a look-up, asked in the background."""

    def find(text: str, show: Callable[[Sequence[LookupChoice]], None]) -> None:
        workplace.background.run(
            workplace, lambda unit: queries.find_party_choices(unit, text),
            then=lambda found: show([LookupChoice(one.party_id, one.name, one.detail) for one in found]), key="parties",
        )  # fmt: skip

    return find


# ---- letters of intent -----------------------------------------------------------------------------------------------------


def letters(choices: FormChoices) -> RecordSpec:
    def sections() -> Sequence[FormSection]:
        vat = [(one.choice_id, one.text) for one in choices.vat_codes if one.rate == 0]
        return [
            FormSection(
                tr("Dichiarazione d'intento"),
                [
                    [
                        (FieldSpec("number", tr("Numero"), required=True, options={"longest": 20}), 6),
                        (FieldSpec("issued_on", tr("Data"), "date", required=True), 6),
                    ],
                    [(FieldSpec("protocol", tr("Protocollo di ricezione"), "code", check=lambda value, _values: shown(check_protocol(value)),
                                note=tr("17 cifre, trattino, 6 cifre: senza, le fatture hanno l'IVA"), options={"longest": 24}), 8),
                     (FieldSpec("received_on", tr("Ricevuta dall'Agenzia il"), "date"), 4)],
                    [
                        (FieldSpec("plafond_amount", tr("Plafond €"), "amount", required=True, options={"lowest": Decimal("0.01")}), 6),
                        (FieldSpec("vat_code_id", tr("Codice IVA"), "choice", choices=vat, options={"empty": tr("Come i servizi")}), 6),
                    ],
                    [
                        (FieldSpec("valid_from", tr("Vale dal"), "date", required=True), 4),
                        (FieldSpec("valid_to", tr("al"), "date", required=True), 4),
                        (FieldSpec("revoked_on", tr("Revocata il"), "date"), 4),
                    ],
                ],
            )
        ]  # fmt: skip

    def defaults() -> Values:
        today = local_today()
        usual = next((one.choice_id for one in choices.vat_codes if one.code == "N3.5"), None)
        return {"issued_on": today, "valid_from": today, "valid_to": today.replace(month=12, day=31), "vat_code_id": usual}

    def title(record: StoredRecord) -> str:
        return tr("Dichiarazione {number}", number=record["number"])

    return RecordSpec(
        "letters", Noun(tr("dichiarazione"), tr("dichiarazioni"), feminine=True), "file-badge",
        tr("Con una dichiarazione d'intento il cliente compra senza IVA fino al plafond: scrivi qui numero, protocollo e importo."),
        words.letter_columns(), sections, queries.list_letters, _save_letter, _remove_letter, defaults, title, tr("Nuova dichiarazione"),
        "number", form_title=tr("Dichiarazione"), subject_table="customers.intent_letter",
        target=LETTERS, said=lambda owner: {"party_number": str(owner)},
    )  # fmt: skip


def _save_letter(unit: Any, owner: int, record_id: int, values: Values, row_version: int) -> int:
    return actions.save_letter(unit, owner, record_id, values, row_version=row_version)


def _remove_letter(unit: Any, record_id: int, row_version: int) -> None:
    actions.remove_letter(unit, record_id, row_version=row_version)


# ---- mandates -----------------------------------------------------------------------------------------------------------------


def mandates(workplace: Workplace, usual_iban: Callable[[], str]) -> RecordSpec:
    """`usual_iban` is that of the customer in view: the one a new mandate begins with."""
    states = words.mandate_states()

    def sections() -> Sequence[FormSection]:
        return [
            FormSection(
                tr("Mandato"),
                [
                    [
                        (FieldSpec("reference", tr("Riferimento (RUM)"), options={"hint": tr("automatico"), "longest": 35}), 6),
                        (FieldSpec("signed_on", tr("Firmato il"), "date", note=tr("vuoto: da firmare")), 6),
                    ],
                    [(FieldSpec("iban", tr("IBAN del debitore"), "code", check=_iban_problem, normalise=fiscal.compact, ok_text=tr("IBAN corretto")), 12)],
                    [
                        (FieldSpec("holder_name", tr("Intestatario del conto"), note=tr("se non è il cliente")), 8),
                        (FieldSpec("holder_tax_code", tr("Codice fiscale"), "code", options={"longest": 16}), 4),
                    ],
                    [
                        (FieldSpec("scheme", tr("Schema"), "choice", choices=words.schemes()), 6),
                        (FieldSpec("is_one_off", tr("Per un solo incasso"), "check"), 6),
                    ],
                    [(FieldSpec("creditor_identifier", tr("Identificativo del creditore"), "code", note=tr("vuoto: quello della banca di presentazione"),
                                check=lambda value, _values: shown(fiscal.check_creditor_identifier(value)), options={"longest": 35}), 12)],
                ],
            )
        ]  # fmt: skip

    def defaults() -> Values:
        return {"scheme": "CORE", "iban": usual_iban(), "signed_on": local_today(), "is_one_off": False}

    def save(unit: Any, owner: int, record_id: int, values: Values, row_version: int) -> int:
        signed = values.get("signed_on") and values.get("iban")
        more = {"state": "active" if signed else "draft"} if record_id == 0 else {}
        return actions.save_mandate(unit, owner, record_id, {**values, **more}, row_version=row_version)

    def remove(unit: Any, record_id: int, row_version: int) -> None:
        actions.remove_mandate(unit, record_id, row_version=row_version)

    return RecordSpec(
        "mandates", Noun(tr("mandato"), tr("mandati")), "landmark",
        tr("Con un mandato SEPA firmato gli incassi si presentano alla banca del cliente: scrivi qui IBAN e data di firma."),
        words.mandate_columns(), sections, queries.list_mandates, save, remove, defaults, lambda record: str(record["reference"]),
        tr("Nuovo mandato"), "reference", state=lambda record: states[words.state_of(record)], above=lambda: MandateSteps(workplace),
        form_title=tr("Mandato"), subject_table="customers.mandate",
        target=MANDATES, said=lambda owner: {"party_number": str(owner)},
    )  # fmt: skip


# ---- agents and collectors --------------------------------------------------------------------------------------------------------


def appointments(workplace: Workplace) -> RecordSpec:
    find = find_parties(workplace)

    def sections() -> Sequence[FormSection]:
        return [
            FormSection(
                tr("Incarico"),
                [
                    [
                        (FieldSpec("role", tr("Incarico"), "choice", choices=list(words.roles().items())), 5),
                        (FieldSpec("party_id", tr("Chi"), "lookup", required=True, find=find), 7),
                    ],
                    [
                        (FieldSpec("share", tr("Quota %"), "amount", required=True, options=EVERYTHING), 4),
                        (FieldSpec("starts_on", tr("Dal"), "date", required=True), 4),
                        (FieldSpec("ends_on", tr("al"), "date"), 4),
                    ],
                    [(FieldSpec("notes", tr("Annotazioni"), "multiline", options={"lines": 3}), 12)],
                ],
            )
        ]

    def to_form(record: StoredRecord) -> Values:
        return {**record.values, "party_id": LookupChoice(record["party_id"], record["party_name"])}

    def from_form(values: Values) -> Values:
        chosen = values["party_id"]
        return {**values, "party_id": chosen.key if isinstance(chosen, LookupChoice) else None}

    def save(unit: Any, owner: int, record_id: int, values: Values, row_version: int) -> int:
        return actions.save_appointment(unit, owner, record_id, values, row_version=row_version)

    def remove(unit: Any, record_id: int, row_version: int) -> None:
        actions.remove_appointment(unit, record_id, row_version=row_version)

    def title(record: StoredRecord) -> str:
        return tr("{name}, dal {date}", name=record["party_name"], date=formats.date(record["starts_on"]))

    return RecordSpec(
        "appointments", Noun(tr("incarico"), tr("incarichi")), "handshake",
        tr("Chi ha portato il cliente e chi va a incassare: provvigioni e giri degli esattori partono da qui."),
        words.appointment_columns(), sections, queries.list_appointments, save, remove,
        lambda: {"role": "agent", "share": Decimal(100), "starts_on": local_today()}, title, tr("Nuovo incarico"), "role", to_form, from_form,
        target=APPOINTMENTS, said=lambda owner: {"party_number": str(owner)},
    )  # fmt: skip
