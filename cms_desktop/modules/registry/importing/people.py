"""The people of parties (rubrica) as a target of imports."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from cms_desktop.core import fiscal
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.documents.importing import ImportField, ImportMapping, ImportOption, ImportTarget, Journal, WorkRow, batches
from cms_desktop.documents.importing.cells import read_text
from cms_desktop.documents.importing.engine import ask
from cms_desktop.documents.importing.records import RecordTable
from cms_desktop.modules.registry.importing.known import REFERENCE_FIELDS, find_parties

TEXTS = {
    "name": "Nome e cognome", "job": "Ruolo", "work_phone": "Telefono d'ufficio", "private_phone": "Telefono privato", "mobile": "Cellulare",
    "email": "E-mail", "pec": "PEC", "notes": "Note",
}  # fmt: skip
SYNONYMS: dict[str, tuple[str, ...]] = {
    "name": ("nome e cognome", "nome", "referente", "contatto", "persona", "nominativo", "cognome e nome"),
    "job": ("ruolo", "mansione", "qualifica", "funzione", "incarico", "reparto"),
    "work_phone": ("telefono d ufficio", "telefono ufficio", "telefono", "tel", "tel ufficio", "fisso"),
    "private_phone": ("telefono privato", "tel privato", "telefono casa", "casa"),
    "mobile": ("cellulare", "cell", "mobile", "tel cellulare"),
    "email": ("e mail", "email", "mail", "posta elettronica", "indirizzo email"),
    "pec": ("pec", "posta certificata"),
    "notes": ("note", "annotazioni"),
}
OWN_FIELDS = tuple(ImportField(key, title, SYNONYMS[key], is_required=key == "name") for key, title in TEXTS.items())
CONTACT = RecordTable("registry.contact_person", "contact_person_id", {"party_id": "bigint", **dict.fromkeys(TEXTS, "text")})
ON_DUPLICATE = ImportOption(
    "on_duplicate",
    "Persone già in rubrica",
    (("skip", "Lasciale come sono"), ("fill", "Completa solo i campi vuoti"), ("change", "Aggiornale con i valori del file")),
    "skip",
)
_FIND_KNOWN = """
select distinct on (r.n) r.n, c.contact_person_id
from jsonb_to_recordset(cast(:rows as jsonb)) as r(n int, party_id bigint, name text)
join registry.contact_person as c
  on c.company_id = :company and c.party_id = r.party_id and c.search_key = base.fold(r.name) and c.valid_to is null
order by r.n, c.contact_person_id
"""


def clean(row: WorkRow, _mapping: ImportMapping, _today: datetime.date) -> None:
    for key, title in TEXTS.items():
        read_text(row, key, title, is_required=key == "name")
    for key in ("party_vat_number", "party_tax_code"):
        row.values[key] = fiscal.compact(str(row.values.get(key) or ""))
    for key in ("email", "pec"):
        problem = fiscal.check_email(row.values[key])
        if problem is not None:
            row.warn("Indirizzo «{address}» non valido: lasciato vuoto.", address=row.values[key])
            row.values[key] = ""


def resolve(unit: UnitOfWork, rows: Sequence[WorkRow], mapping: ImportMapping) -> None:
    """Whose people they are, and who is in the rubrica already."""
    for batch in batches(rows):
        find_parties(unit, batch)
    meet_known(unit, rows, mapping)


def meet_known(unit: UnitOfWork, rows: Sequence[WorkRow], mapping: ImportMapping) -> None:
    """People that stand in the list twice, or are in the rubrica of their party already."""
    seen: dict[tuple[int, str], int] = {}
    for row in (one for one in rows if not one.errors):
        key = (row.values["party_id"], row.name.casefold())
        if key in seen:
            row.outcome = "duplicate"
            row.warn("Uguale alla riga {number} dello stesso file.", number=seen[key])
        seen.setdefault(key, row.number)
    for batch in batches(rows, "created"):
        wanted = [{"n": row.number, "party_id": row.values["party_id"], "name": row.name} for row in batch]
        found = {answer.n: answer.contact_person_id for answer in ask(unit, _FIND_KNOWN, wanted)}
        for row in (one for one in batch if one.number in found):
            row.record_id = found[row.number]
            row.outcome = "updated" if mapping.option("on_duplicate") in ("fill", "change") else "duplicate"
            row.warn("È già nella rubrica di «{name}».", name=row.values["party_name"])


def write(unit: UnitOfWork, rows: Sequence[WorkRow], mapping: ImportMapping, journal: Journal) -> None:
    fresh = [row for row in rows if row.outcome == "created"]
    for row, number in zip(
        fresh, CONTACT.add(unit, [(row, {"party_id": row.values["party_id"], **_texts(row)}) for row in fresh], journal), strict=True
    ):
        row.record_id = number
    known = [row for row in rows if row.outcome == "updated"]
    changed = CONTACT.change(
        unit,
        [(row, row.record_id or 0, {key: text for key, text in _texts(row).items() if key != "name"}) for row in known],
        journal,
        only_empty=mapping.option("on_duplicate") == "fill",
    )
    for row in known:
        row.outcome = "updated" if row.record_id in changed else "duplicate"


def _texts(row: WorkRow) -> dict[str, str]:
    return {key: row.values.get(key, "") for key in TEXTS}


CONTACTS = ImportTarget(
    key="contacts",
    context="registry",
    right="registry.import",
    title="Rubrica: persone di contatto",
    nouns=("persona", "persone"),
    fields=(*REFERENCE_FIELDS, *OWN_FIELDS),
    options=(ON_DUPLICATE,),
    clean=clean,
    resolve=resolve,
    write=write,
    name_title="Nome e cognome",
    code_title="Anagrafica",
    tables=frozenset({"registry.contact_person"}),
)
