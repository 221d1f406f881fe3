"""Rules of a party: which codes fit it, what is suspicious about it; how a typed place is read; the queries behind the dashboard."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from cms_desktop.core import fiscal
from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.fiscal import Problem
from cms_desktop.core.latin import basic_text
from cms_desktop.core.listing import Filter, ListQuery, Sort

Kind = Literal["company", "sole_trader", "person", "public_body", "condominium"]
KINDS: tuple[str, ...] = get_args(Kind)
NEED_VAT_NUMBER = frozenset({"company", "sole_trader"})
PARTY_FIELDS = (
    "kind", "name", "first_name", "last_name", "vat_country", "vat_number", "tax_code", "street", "street_number", "postal_code",
    "town", "istat_code", "province_code", "country", "phone", "email", "pec", "website", "notes", "mobile", "fax",
    "language", "class_1", "class_2", "class_3", "class_4", "class_5", "class_6", "class_7",
)  # fmt: skip
CLASS_KEYS = tuple(f"class_{position}" for position in range(1, 8))
MAY_BE_NULL = frozenset({"vat_number", "tax_code", "istat_code", *CLASS_KEYS})
LANGUAGES = ("it", "en", "de", "fr")  # in which parties are written to
ROLES = ("customer", "supplier", "prospect")
CHANNELS = ("email", "letter", "fax", "phone")
ACTS = (
    "sign_contracts", "order_services", "receive_invoices", "administration", "alarm", "complaints", "site_access", "technical", "privacy",
)  # fmt: skip
CONTACT_FIELDS = ("name", "job", "work_phone", "private_phone", "mobile", "email", "pec", "notes", "acts_for", "valid_from", "valid_to")


def check_tax_code_of(kind: str, code: str) -> Problem | None:
    """Codice fiscale of this kind of party: 11 digits for bodies and condominiums, 16 characters for persons, either for the others."""
    if kind in ("public_body", "condominium"):
        return fiscal.check_company_tax_code(code)
    if kind == "person":
        return fiscal.check_person_tax_code(code)
    return fiscal.check_tax_code(code)


def find_problems(party: Mapping[str, Any]) -> dict[str, Problem]:
    """Field → what is wrong with the codes and addresses of a party. Missing values are no problem here."""
    country = party.get("country") or "IT"
    found = {
        "vat_number": fiscal.check_vat_number(party.get("vat_number") or "", party.get("vat_country") or "IT"),
        "tax_code": check_tax_code_of(party.get("kind") or "company", party.get("tax_code") or "") if country == "IT" else None,
        "postal_code": fiscal.check_postcode(party.get("postal_code") or "", country),
        "email": fiscal.check_email(party.get("email") or ""),
        "pec": fiscal.check_email(party.get("pec") or ""),
    }
    return {key: problem for key, problem in found.items() if problem is not None}


def stored_form(values: Mapping[str, Any]) -> dict[str, Any]:
    """The party's own values as the table wants them: codes compact, empty codes NULL, other empty texts ''."""
    party = {key: values[key] for key in PARTY_FIELDS if key in values}
    for key in ("vat_number", "tax_code"):
        if key in party:
            party[key] = fiscal.compact(party[key] or "")
    for key, value in party.items():
        text = value.strip() if isinstance(value, str) else value
        party[key] = (text or None) if key in MAY_BE_NULL else (text or "")
    for key in ("country", "vat_country"):
        if key in party:
            party[key] = party[key] or "IT"
    if "language" in party:
        party["language"] = party["language"] or "it"
    if "name" in party and not party["name"]:
        party["name"] = " ".join(word for word in (party.get("last_name", ""), party.get("first_name", "")) if word)
    return party


def refuse_problems(party: Mapping[str, Any]) -> None:
    """Raise InvalidInput for the first thing that cannot be stored."""
    if not str(party.get("name") or "").strip():
        raise InvalidInput("Manca la ragione sociale: scrivila.", field="name")
    for key, problem in find_problems(party).items():
        raise InvalidInput(problem.text, field=key, **problem.values)


def find_inconsistencies(party: Any) -> list[str]:
    """What does not fit together in a stored party (PartyRow or alike), as keys: vat_wrong, tax_wrong, tax_not_of_name, codes_differ."""
    found = []
    is_italian = party.country in ("IT", "")
    if party.vat_number and is_italian and fiscal.check_vat_number(party.vat_number) is not None:
        found.append("vat_wrong")
    if party.tax_code and is_italian:
        if check_tax_code_of(party.kind, party.tax_code) is not None:
            found.append("tax_wrong")
        elif len(party.tax_code) == 16 and party.last_name and party.first_name and not _is_of_name(party):
            found.append("tax_not_of_name")
        elif (
            party.kind == "company"
            and party.vat_number
            and len(party.tax_code) == 11
            and party.tax_code[0] not in "89"
            and party.tax_code != party.vat_number
        ):
            found.append("codes_differ")
    return found


def _is_of_name(party: Any) -> bool:
    """The first six letters of a codice fiscale come from surname and name (D.M. 23 December 1976)."""
    made = fiscal.tax_code_for(party.last_name, party.first_name, datetime.date(1970, 1, 1), "M", "L219")
    return bool(party.tax_code[:6] == made[:6])


@dataclass(frozen=True)
class PlaceWords:
    """What was typed as a place: a CAP (or its start), words of town and province, and the street before them."""

    postal_code: str
    words: tuple[str, ...]
    street: str = ""


def read_place(text: str) -> PlaceWords:
    """«Via Roma 12, 10121 torino» → street «Via Roma 12», CAP 10121, words (torino). A street is what stands before the last comma, or
    before a CAP of five digits."""
    street, rest = "", text.strip()
    if "," in rest:
        street, rest = (part.strip() for part in rest.rsplit(",", 1))
    else:
        match = re.match(r"(.*\S)\s+(\d{5}\b.*)$", rest)
        if match and re.search(r"\d|^(via|viale|corso|piazza|largo|vicolo|strada|borgo)\b", match[1], re.IGNORECASE):
            street, rest = match[1].strip(), match[2]
    tokens = [token for token in re.split(r"[\s()\-/]+", basic_text(rest).lower().replace("'", " ").replace("’", " ")) if token]
    codes = [token for token in tokens if token.isdigit() and len(token) <= 5]
    words = tuple(word for token in tokens if not token.isdigit() for word in token.split())
    return PlaceWords(codes[0] if codes else "", words, street)


# ---- the queries behind the figures ------------------------------------------------------------------------------------------


def in_section(role: str) -> ListQuery:
    """Parties that are customers, suppliers or prospects today; every party for ''."""
    return ListQuery((Filter("role", "=", (role,)),) if role else (), Sort("name"))


def created_in(year: int, month: int) -> ListQuery:
    last = calendar.monthrange(year, month)[1]
    between = (datetime.date(year, month, 1), datetime.date(year, month, last))
    return ListQuery((Filter("created_on", "between", between),), Sort("created_on", True))


INCOMPLETE = ListQuery((Filter("is_incomplete", "=", (True,)),), Sort("name"))


def refusing(channel: str) -> ListQuery:
    return ListQuery((Filter("refused", "=", (channel,)),), Sort("name"))
