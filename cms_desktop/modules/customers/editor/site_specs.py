"""Sites of a customer with their plants and keys: columns, form and way of saving of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from cms_desktop.core import fiscal
from cms_desktop.core.dates import local_today
from cms_desktop.modules.customers.actions import master as actions
from cms_desktop.modules.customers.columns import master as words
from cms_desktop.modules.customers.editor.areas import shown
from cms_desktop.modules.customers.editor.places import PlaceCompletion
from cms_desktop.modules.customers.editor.record_spec import RecordSpec
from cms_desktop.modules.customers.importing import KEYS, PLANTS, SITES
from cms_desktop.modules.customers.queries import master as queries
from cms_desktop.modules.customers.records.master import StoredRecord
from cms_desktop.modules.customers.rules.master import PLANT_CODE
from cms_desktop.ui.fields import LookupChoice
from cms_desktop.ui.form import FieldProblem, FieldSpec, FormSection, RecordForm, Values
from cms_desktop.ui.record_table import Noun
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("customers")
DEGREES = {"decimals": 6}


def _check_cap(value: Any, values: Values) -> FieldProblem | None:
    return shown(fiscal.check_postcode(value, values.get("country") or "IT"))


def _check_code(value: Any, _values: Values) -> FieldProblem | None:
    if PLANT_CODE.fullmatch(str(value)):
        return None
    return FieldProblem(tr("Da 1 a 20 lettere, cifre, punti, barre o trattini."))


def sites(workplace: Workplace) -> RecordSpec:
    """The pane of the sites; plants and keys hang on each of them."""
    places = PlaceCompletion(workplace.background)

    def sections() -> Sequence[FormSection]:
        return [
            FormSection(
                tr("Sede"),
                [
                    [
                        (FieldSpec("code", tr("Codice"), "code", options={"hint": tr("automatico"), "longest": 20}), 4),
                        (FieldSpec("name", tr("Nome della sede"), required=True, options={"longest": 100}), 8),
                    ],
                    [(FieldSpec("street", tr("Indirizzo"), options={"longest": 60}), 9), (FieldSpec("street_number", tr("Civico"), options={"longest": 8}), 3)],
                    [
                        (FieldSpec("postal_code", tr("CAP"), "lookup", find=places.find_cap, check=_check_cap, options={"free_text": True}), 3),
                        (FieldSpec("town", tr("Comune"), "lookup", find=places.find_town, options={"free_text": True}), 5),
                        (FieldSpec("province_code", tr("Prov."), "code", options={"longest": 2}), 2),
                        (FieldSpec("country", tr("Nazione"), "code", options={"longest": 2}), 2),
                    ],
                    [(FieldSpec("istat_code", tr("Codice ISTAT"), "code", visible=lambda _values: False), 12)],
                    [
                        (FieldSpec("phone", tr("Telefono")), 4),
                        (FieldSpec("latitude", tr("Latitudine"), "amount", options={**DEGREES, "lowest": Decimal(-90), "highest": Decimal(90)}), 4),
                        (FieldSpec("longitude", tr("Longitudine"), "amount", options={**DEGREES, "lowest": Decimal(-180), "highest": Decimal(180)}), 4),
                    ],
                    [(FieldSpec("instructions", tr("Istruzioni per la pattuglia"), "multiline", note=tr("accessi, cani, pericoli, chi chiamare"), options={"lines": 4}), 12)],
                    [(FieldSpec("is_active", tr("Sede in uso"), "check"), 12)],
                ],
            )
        ]  # fmt: skip

    def prepare(form: RecordForm) -> None:
        places.attach(form)

    def save(unit: Any, owner: int, record_id: int, values: Values, row_version: int) -> int:
        return actions.save_site(unit, owner, record_id, values, row_version=row_version)

    def remove(unit: Any, record_id: int, row_version: int) -> None:
        actions.remove_site(unit, record_id, row_version=row_version)

    return RecordSpec(
        "sites", Noun(tr("sede"), tr("sedi"), feminine=True), "map-pin",
        tr("Una sede è un luogo da proteggere: indirizzo, istruzioni, impianti e chiavi stanno qui."),
        words.site_columns_of_customer(), sections, queries.list_sites_of, save, remove, lambda: {"country": "IT", "is_active": True},
        lambda record: str(record["name"]), tr("Nuova sede"), "name", state=_site_state, prepare=prepare,
        children=(plants(), contacts(workplace), keys()), form_title=tr("Sede"),
        subject_table="customers.site",
        target=SITES, said=lambda owner: {"party_number": str(owner)},
    )  # fmt: skip


def _site_state(record: StoredRecord) -> tuple[str, str]:
    return (tr("In uso"), "calm") if record["is_active"] else (tr("Chiusa"), "neutral")


def plants() -> RecordSpec:
    def sections() -> Sequence[FormSection]:
        return [
            FormSection(
                tr("Impianto"),
                [
                    [
                        (FieldSpec("code", tr("Codice impianto"), "code", required=True, check=_check_code, note=tr("unico in azienda"), options={"longest": 20}), 5),
                        (FieldSpec("kind", tr("Tipo"), "choice", choices=list(words.plant_kinds().items())), 7),
                    ],
                    [(FieldSpec("description", tr("Descrizione"), options={"longest": 200}), 7), (FieldSpec("maker", tr("Centrale")), 5)],
                    [(FieldSpec("installed_on", tr("Installato il"), "date"), 6), (FieldSpec("removed_on", tr("Rimosso il"), "date"), 6)],
                    [(FieldSpec("notes", tr("Annotazioni"), "multiline", options={"lines": 3}), 12)],
                ],
            )
        ]  # fmt: skip

    def save(unit: Any, owner: int, record_id: int, values: Values, row_version: int) -> int:
        return actions.save_plant(unit, owner, record_id, values, row_version=row_version)

    def remove(unit: Any, record_id: int, row_version: int) -> None:
        actions.remove_plant(unit, record_id, row_version=row_version)

    return RecordSpec(
        "plants", Noun(tr("impianto"), tr("impianti")), "cctv",
        tr("Il codice impianto è quello che arriva con le segnalazioni: la sala operativa riconosce la sede da lui."),
        words.plant_columns_of_site(), sections, _plants_of, save, remove, lambda: {"kind": "intrusion", "installed_on": local_today()},
        lambda record: str(record["code"]), tr("Nuovo impianto"), "code", form_title=tr("Impianto"), subject_table="customers.plant",
        target=PLANTS, said=lambda owner: {"site_number": str(owner)},
    )  # fmt: skip


def _plants_of(unit: Any, site_id: int) -> Sequence[StoredRecord]:
    return queries.load_site(unit, site_id).plants


def keys() -> RecordSpec:
    def sections() -> Sequence[FormSection]:
        return [
            FormSection(
                tr("Chiavi"),
                [
                    [
                        (FieldSpec("number", tr("Numero"), options={"hint": tr("automatico"), "longest": 20}), 4),
                        (FieldSpec("description", tr("Che cosa aprono"), options={"longest": 200}), 8),
                    ],
                    [
                        (FieldSpec("piece_count", tr("Pezzi"), "int", required=True, options={"lowest": 1, "highest": 999}), 3),
                        (FieldSpec("seal", tr("Sigillo"), "code", options={"longest": 20}), 4),
                        (FieldSpec("kept_at", tr("Dove sono")), 5),
                    ],
                    [(FieldSpec("received_on", tr("Ritirate il"), "date", required=True), 4), (FieldSpec("received_from", tr("Consegnate da")), 8)],
                    [(FieldSpec("is_receipt_signed", tr("Ricevuta firmata dal cliente"), "check"), 12)],
                    [(FieldSpec("returned_on", tr("Riconsegnate il"), "date"), 4), (FieldSpec("returned_to", tr("Riconsegnate a")), 8)],
                ],
            )
        ]  # fmt: skip

    def save(unit: Any, owner: int, record_id: int, values: Values, row_version: int) -> int:
        return actions.save_key(unit, owner, record_id, values, row_version=row_version)

    def remove(unit: Any, record_id: int, row_version: int) -> None:
        actions.remove_key(unit, record_id, row_version=row_version)

    return RecordSpec(
        "keys", Noun(tr("chiave"), tr("chiavi"), feminine=True), "key-round",
        tr("Le chiavi che l'istituto custodisce per questa sede, con sigillo, posto e ricevuta."),
        words.key_columns(), sections, _keys_of, save, remove, lambda: {"piece_count": 1, "received_on": local_today()},
        lambda record: str(record["number"]), tr("Nuove chiavi"), "number", form_title=tr("Chiavi"), subject_table="customers.held_key",
        target=KEYS, said=lambda owner: {"site_number": str(owner)},
    )  # fmt: skip


def _keys_of(unit: Any, site_id: int) -> Sequence[StoredRecord]:
    return queries.load_site(unit, site_id).keys


def contacts(workplace: Workplace) -> RecordSpec:
    """People of the rubrica, in the order in which they are called."""
    site: list[int] = []  # whose people the look-up offers

    def find(text: str, show: Callable[[Sequence[LookupChoice]], None]) -> None:
        if site:
            workplace.background.run(
                workplace, lambda unit: queries.find_contact_choices(unit, site[0], text),
                then=lambda found: show([LookupChoice(one.party_id, one.name, one.detail) for one in found]), key="contacts",
            )  # fmt: skip

    def load(unit: Any, site_id: int) -> Sequence[StoredRecord]:
        site[:] = [site_id]
        return queries.list_site_contacts(unit, site_id)

    def sections() -> Sequence[FormSection]:
        return [
            FormSection(
                tr("Contatto"),
                [
                    [(FieldSpec("contact_person_id", tr("Persona della rubrica"), "lookup", required=True, find=find, note=tr("F4: tutte")), 12)],
                    [
                        (FieldSpec("call_order", tr("Da chiamare per"), "int", required=True, note=tr("1: prima"), options={"lowest": 1, "highest": 99}), 4),
                        (FieldSpec("holds_keys", tr("Ha le chiavi della sede"), "check"), 8),
                    ],
                    [(FieldSpec("notes", tr("Annotazioni"), note=tr("orari, lingua, parentela"), options={"longest": 200}), 12)],
                ],
            )
        ]  # fmt: skip

    def to_form(record: StoredRecord) -> Values:
        return {**record.values, "contact_person_id": LookupChoice(record["contact_person_id"], record["person_name"])}

    def from_form(values: Values) -> Values:
        chosen = values["contact_person_id"]
        return {**values, "contact_person_id": chosen.key if isinstance(chosen, LookupChoice) else None}

    def save(unit: Any, owner: int, record_id: int, values: Values, row_version: int) -> int:
        return actions.save_site_contact(unit, owner, record_id, values, row_version=row_version)

    def remove(unit: Any, record_id: int, row_version: int) -> None:
        actions.remove_site_contact(unit, record_id, row_version=row_version)

    return RecordSpec(
        "contacts", Noun(tr("contatto"), tr("contatti")), "contact-round",
        tr("Chi si chiama per questa sede, e in che ordine. Le persone stanno nella rubrica del cliente, in Anagrafica."),
        words.contact_columns(), sections, load, save, remove, lambda: {"call_order": 1}, lambda record: str(record["person_name"]),
        tr("Nuovo contatto"), "contact_person_id", to_form, from_form,
    )  # fmt: skip
