"""Rules of a party: what must be filled by kind, which codes fit it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

from cms_desktop.core import fiscal
from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.fiscal import Problem

Kind = Literal["company", "sole_trader", "person", "public_body", "condominium"]
KINDS: tuple[str, ...] = get_args(Kind)
NEED_VAT_NUMBER = frozenset({"company", "sole_trader"})
PARTY_FIELDS = (
    "kind", "name", "first_name", "last_name", "vat_country", "vat_number", "tax_code", "street", "street_number", "postal_code",
    "town", "istat_code", "province_code", "country", "phone", "email", "pec", "website", "notes",
)  # fmt: skip
MAY_BE_NULL = frozenset({"vat_number", "tax_code", "istat_code"})


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
    return party


def refuse_problems(party: Mapping[str, Any]) -> None:
    """Raise InvalidInput for the first thing that cannot be stored."""
    if not str(party.get("name") or "").strip():
        raise InvalidInput("Manca la ragione sociale: scrivila.", field="name")
    for key, problem in find_problems(party).items():
        raise InvalidInput(problem.text, field=key, **problem.values)
