"""Which column of the file fills which field; proposed from the titles, kept by the person who imports."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from cms_desktop.core.errors import InvalidInput

FIELD_TITLES: dict[str, str] = {  # in the order of the screen
    "name": "Ragione sociale", "kind": "Tipo di soggetto", "code": "Codice cliente", "vat_number": "Partita IVA",
    "tax_code": "Codice fiscale", "street": "Indirizzo", "street_number": "Civico", "postal_code": "CAP", "town": "Comune",
    "istat_code": "Codice ISTAT del comune", "province_code": "Provincia", "country": "Nazione", "phone": "Telefono", "email": "E-mail",
    "pec": "PEC", "website": "Sito web", "recipient_code": "Codice destinatario", "iban": "IBAN", "bank_name": "Banca",
    "since_on": "Cliente dal", "notes": "Note",
}  # fmt: skip
SYNONYMS: dict[str, tuple[str, ...]] = {
    "name": ("ragione sociale", "rag soc", "ragsoc", "denominazione", "cliente", "nome cliente", "nominativo", "intestazione", "nome", "azienda", "name"),
    "kind": ("tipo soggetto", "tipo", "tipologia", "natura giuridica", "kind"),
    "code": ("codice cliente", "codice", "cod cliente", "cod", "codcli", "cod cli", "id cliente", "code"),
    "vat_number": ("partita iva", "p iva", "piva", "part iva", "iva", "vat", "vat number", "partitaiva"),
    "tax_code": ("codice fiscale", "cod fiscale", "cf", "c f", "codfisc", "cod fisc", "codicefiscale", "tax code"),
    "street": ("indirizzo", "via", "sede", "indirizzo sede", "sede legale", "address", "ind"),
    "street_number": ("civico", "numero civico", "n civico", "nr civico", "num civico", "no civico"),
    "postal_code": ("cap", "codice postale", "c a p", "zip", "postal code"),
    "town": ("comune", "citta", "localita", "paese", "citta sede", "town", "city"),
    "istat_code": ("codice istat", "istat", "pro com t", "pro com", "codice comune", "cod istat"),
    "province_code": ("provincia", "prov", "sigla", "sigla provincia", "pr", "province"),
    "country": ("nazione", "stato", "country"),
    "phone": ("telefono", "tel", "cellulare", "phone", "recapito"),
    "email": ("email", "e mail", "mail", "posta elettronica", "indirizzo email"),
    "pec": ("pec", "indirizzo pec", "posta certificata", "email pec", "mail pec"),
    "website": ("sito web", "sito", "sito internet", "web", "website", "url"),
    "recipient_code": ("codice destinatario", "cod destinatario", "sdi", "codice sdi", "codice univoco", "cuu", "codice univoco ufficio"),
    "iban": ("iban", "codice iban", "coordinate bancarie"),
    "bank_name": ("banca", "banca appoggio", "istituto bancario", "bank"),
    "since_on": ("cliente dal", "data inizio", "dal", "data acquisizione"),
    "notes": ("note", "annotazioni", "osservazioni", "notes"),
}  # fmt: skip
BARE_NUMBERS = ("n", "nr", "no", "num")  # "N." is the number of the house only beside the street; elsewhere it counts the rows
TOWN_HALL = "Comune di"
OnDuplicate = Literal["skip", "fill"]


@dataclass(frozen=True)
class ImportMapping:
    """Field → place of its column (0 is the first). Nothing that is not in the file is made up: `kind` is said by the person for
    rows without a kind column, `name_prefix` is put before each name only when the person asks for it.

    `offered_prefix` is a prefix that would make sense ("Comune di" when names stand under the title `comune`); off by default.
    """

    columns: Mapping[str, int]
    kind: str = "company"
    name_prefix: str = ""
    offered_prefix: str = ""
    on_duplicate: OnDuplicate = "skip"
    leftover: tuple[str, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        return {
            "columns": dict(self.columns), "kind": self.kind, "name_prefix": self.name_prefix, "offered_prefix": self.offered_prefix,
            "on_duplicate": self.on_duplicate,
        }  # fmt: skip

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> ImportMapping:
        columns = {str(key): int(place) for key, place in stored["columns"].items() if key in FIELD_TITLES}
        return cls(columns, stored["kind"], stored["name_prefix"], stored.get("offered_prefix", ""), stored["on_duplicate"])


def plain_title(title: str) -> str:
    """A title without accents, capitals and signs: "P.IVA" → "p iva"."""
    letters = "".join(sign for sign in unicodedata.normalize("NFKD", title) if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters.lower()).split())


def signature(headers: Sequence[str]) -> str:
    """The same titles in the same order are the same kind of file: its mapping is used again."""
    return "|".join(plain_title(title) for title in headers)


def propose_mapping(headers: Sequence[str]) -> ImportMapping:
    """A mapping by the usual Italian titles. Titles nobody knows are left over, never guessed."""
    titles = [plain_title(title) for title in headers]
    columns: dict[str, int] = {}
    for key, synonyms in SYNONYMS.items():
        place = next((titles.index(one) for one in synonyms if one in titles and titles.index(one) not in columns.values()), None)
        if place is not None:
            columns[key] = place
    beside_street = columns["street"] + 1 if "street" in columns else len(titles)
    if "street_number" not in columns and titles[beside_street : beside_street + 1] and titles[beside_street] in BARE_NUMBERS:
        columns["street_number"] = beside_street
    is_list_of_towns = "name" not in columns and "town" in columns and titles[columns["town"]] == "comune"
    if is_list_of_towns:
        columns["name"] = columns["town"]
    used = set(columns.values())
    return ImportMapping(
        columns,
        kind="public_body" if is_list_of_towns else "company",
        offered_prefix=TOWN_HALL if is_list_of_towns else "",
        leftover=tuple(title for place, title in enumerate(headers) if place not in used),
    )


def check_mapping(mapping: ImportMapping, headers: Sequence[str]) -> None:
    """Raise InvalidInput when rows could not become customers."""
    if "name" not in mapping.columns:
        raise InvalidInput("Scegli la colonna della ragione sociale.", field="name")
    if any(not 0 <= place < len(headers) for place in mapping.columns.values()):
        raise InvalidInput("Le colonne scelte non sono quelle del file: rifai l'abbinamento.")
