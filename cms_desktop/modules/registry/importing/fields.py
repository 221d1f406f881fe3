"""The fields of lists of parties and the titles by which such lists call them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cms_desktop.documents.importing import ImportField, ImportMapping, ImportOption

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
NOT_OF_EVERY_PARTY = ("code", "recipient_code", "iban", "bank_name", "since_on")
FIELDS = tuple(ImportField(key, title, SYNONYMS[key], is_required=key == "name") for key, title in FIELD_TITLES.items())
PARTY_FIELDS = tuple(field for field in FIELDS if field.key not in NOT_OF_EVERY_PARTY)
KIND = ImportOption(
    "kind",
    "Le righe sono di tipo",
    (
        ("company", "Società"),
        ("sole_trader", "Ditta individuale"),
        ("person", "Persona fisica"),
        ("public_body", "Ente pubblico"),
        ("condominium", "Condominio"),
    ),
    "company",
)
PREFIX = ImportOption("name_prefix", "Prefisso del nome", tick="Scrivi «{value}» prima di ogni nome")


def refine(mapping: ImportMapping, titles: Sequence[str]) -> ImportMapping:
    """The bare number beside the street is the number of the house; a list of towns is a list of town halls."""
    columns = dict(mapping.columns)
    beside_street = columns["street"] + 1 if "street" in columns else len(titles)
    if "street_number" not in columns and titles[beside_street : beside_street + 1] and titles[beside_street] in BARE_NUMBERS:
        columns["street_number"] = beside_street
    is_list_of_towns = "name" not in columns and "town" in columns and titles[columns["town"]] == "comune"
    if not is_list_of_towns:
        return replace(mapping, columns=columns)
    columns["name"] = columns["town"]
    return replace(mapping.with_options(kind="public_body"), columns=columns, offered={"name_prefix": TOWN_HALL})
