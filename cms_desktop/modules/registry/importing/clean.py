"""What every party has in a list: kind, name, place, fiscal codes, addresses. Pure; repairs are reported, nothing is invented."""

from __future__ import annotations

import re

from stdnum import luhn

from cms_desktop.core import fiscal
from cms_desktop.documents.importing import ImportMapping, WorkRow
from cms_desktop.modules.registry import rules

KIND_WORDS = {
    "company": ("societa", "azienda", "impresa", "srl", "spa", "company", "persona giuridica"),
    "sole_trader": ("ditta individuale", "ditta", "individuale", "sole trader"),
    "person": ("persona fisica", "privato", "persona", "person"),
    "public_body": ("ente pubblico", "pa", "pubblica amministrazione", "ente", "comune", "public body"),
    "condominium": ("condominio", "condominium"),
}
COUNTRIES = {"": "IT", "italia": "IT", "ita": "IT", "italy": "IT"}
LONGEST = 200


def clean_party(row: WorkRow, mapping: ImportMapping) -> None:
    """What every party has: kind, name, place, fiscal codes, addresses."""
    row.values["kind"] = _kind(row, row.values.get("kind", ""), mapping.option("kind"))
    _clean_name(row, mapping.option("name_prefix"))
    clean_place(row)
    _clean_codes(row)
    _clean_addresses(row)


def _kind(row: WorkRow, word: str, usual: str) -> str:
    plain = word.strip().lower().replace("à", "a")
    if not plain:
        return usual
    found = next((kind for kind, words in KIND_WORDS.items() if plain == kind or plain in words), None)
    if found is None:
        row.warn("Tipo di soggetto «{word}» sconosciuto: usato quello scelto per il file.", word=word)
    return found or usual


def _clean_name(row: WorkRow, prefix: str) -> None:
    name = str(row.values.get("name", ""))
    if not name:
        row.refuse("Manca la ragione sociale.")
    elif prefix and not name.lower().startswith(prefix.lower()):
        row.values["name"] = f"{prefix} {name}"
    if len(name) > LONGEST:
        row.refuse("La ragione sociale è più lunga di {count} caratteri.", count=LONGEST)


def clean_place(row: WorkRow) -> None:
    """CAP with its zeros, province by code or name, country by its two letters; what is wrong is left empty and said."""
    values = row.values
    country = str(values.get("country", ""))
    values["country"] = COUNTRIES.get(country.lower(), country.upper()[:2])
    if not re.fullmatch("[A-Z]{2}", values["country"]):
        row.refuse("La nazione «{country}» va scritta con la sigla di due lettere.", country=country)
        values["country"] = "IT"
    province = str(values.get("province_code", ""))
    values["province_code"] = province.upper() if len(province) == 2 else ""
    values["province_name"] = "" if len(province) == 2 else province
    cap = str(values.get("postal_code", "")).replace(" ", "")
    if values["country"] == "IT" and cap.isdigit() and len(cap) in (3, 4):
        values["postal_code"] = cap.zfill(5)
        row.warn("CAP {before} completato con lo zero iniziale: {after}.", before=cap, after=values["postal_code"])
    elif cap and fiscal.check_postcode(cap, values["country"]) is not None:
        row.warn("CAP «{cap}» non valido: lasciato vuoto.", cap=cap)
        values["postal_code"] = ""
    istat = str(values.get("istat_code", ""))
    if istat.isdigit() and len(istat) in (4, 5):
        values["istat_code"] = istat.zfill(6)
        row.warn("Codice ISTAT {before} completato con gli zeri iniziali: {after}.", before=istat, after=values["istat_code"])


def repaired_digits(code: str) -> str:
    """A code of 9 or 10 digits with the zeros a spreadsheet took away, if its check digit then fits; else as it is."""
    padded = code.zfill(11)
    return padded if code.isdigit() and len(code) in (9, 10) and luhn.is_valid(padded) else code


def _clean_codes(row: WorkRow) -> None:
    values = row.values
    for key, title in (("vat_number", "Partita IVA"), ("tax_code", "Codice fiscale")):
        code = fiscal.compact(str(values.get(key, "")))
        code = code[2:] if key == "vat_number" and re.fullmatch(r"IT[0-9]{9,11}", code) else code
        values[key] = repaired_digits(code)
        if values[key] != code:
            text = f"{title} {{before}} completata con lo zero iniziale: {{after}}." if key == "vat_number" else ""
            row.warn(text or "Codice fiscale {before} completato con lo zero iniziale: {after}.", before=code, after=values[key])
    values["vat_country"] = values["country"]
    refuse_problem(row, fiscal.check_vat_number(values["vat_number"], values["vat_country"]))
    if values["country"] == "IT":
        refuse_problem(row, rules.check_tax_code_of(values["kind"], values["tax_code"]))
    if not values["vat_number"] and not values["tax_code"]:
        row.warn("Mancano partita IVA e codice fiscale.")


def refuse_problem(row: WorkRow, problem: fiscal.Problem | None) -> None:
    """The row is refused for what a check found."""
    if problem is not None:
        row.refuse(problem.text, **problem.values)


def _clean_addresses(row: WorkRow) -> None:
    for key in ("email", "pec"):
        address = str(row.values.get(key, ""))
        problem = fiscal.check_email(address)
        if problem is None:
            continue
        if problem.fix:
            row.values[key] = problem.fix
            row.warn("Indirizzo «{before}» scritto come {after}.", before=address, after=problem.fix)
        else:
            row.values[key] = ""
            row.warn("Indirizzo «{address}» non valido: lasciato vuoto.", address=address)
