"""Rules of a customer's master data: life cycle, withholding, mandates, letters of intent, plants. Pure."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from cms_desktop.core import fiscal
from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.fiscal import Problem

LIFE_CYCLE: dict[str, tuple[str, ...]] = {  # customers.guard_life_cycle says the same in SQL
    "prospect": ("active", "terminated"),
    "active": ("suspended", "terminating", "terminated"),
    "suspended": ("active", "terminating", "terminated"),
    "terminating": ("active", "suspended", "terminated"),
    "terminated": ("active", "prospect"),
}
MANDATE_STEPS: dict[str, tuple[str, ...]] = {  # customers.guard_mandate
    "draft": ("active", "revoked"),
    "active": ("suspended", "revoked"),
    "suspended": ("active", "revoked"),
    "revoked": (),
    "expired": (),
}
LAPSE_MONTHS = 36  # a mandate lapses after so many months without a collection (SEPA rulebook)
WITHHOLDING_KINDS = ("RT01", "RT02", "RT03", "RT04", "RT05", "RT06")
WITHHOLDING_REASONS = (
    "A", "B", "C", "D", "E", "G", "H", "I", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U", "V", "W", "X", "Y", "L1", "M1", "M2", "O1",
    "V1", "ZO",
)  # fmt: skip
RIBA_FEE_POLICIES = ("none", "effect", "due_month", "invoice", "invoice_month", "due_in_invoice_month")
DUNNING_CLASSES = ("standard", "gentle", "strict", "none")
GROUPINGS = ("", "customer", "site", "contract", "order")
DELIVERIES = ("none", "mail", "pec", "post", "portal")
PLANT_KINDS = ("intrusion", "hold_up", "video", "fire", "access", "technical", "rescue", "tracking", "other")
PLANT_CODE = re.compile(r"[A-Z0-9][A-Z0-9./-]{0,19}")
REFERENCE = re.compile(r"[A-Za-z0-9+?/:().,' -]{1,35}")  # the characters SEPA allows
PROTOCOL = re.compile(r"[0-9]{17}-?[0-9]{6}")
CODES = {"cig_code": 10, "cup_code": 15}


def refuse_codes(values: Mapping[str, Any]) -> None:
    """CIG has 10 letters or digits, CUP 15."""
    for key, length in CODES.items():
        code = str(values.get(key) or "")
        if code and (len(code) != length or not code.isalnum()):
            raise InvalidInput("Il codice ha {count} lettere o cifre: ricontrollalo.", field=key, count=length)


def withholding_problem(values: Mapping[str, Any]) -> str:
    """Key of the field a withholding still lacks; "" when complete or not wanted."""
    if not values.get("is_withholding"):
        return ""
    return next((key for key in ("withholding_kind", "withholding_rate", "withholding_reason") if not values.get(key)), "")


def refuse_step(before: str, after: str) -> None:
    """Raise InvalidInput when a customer cannot go from one state to the other."""
    if after not in LIFE_CYCLE[before]:
        raise InvalidInput("Da questo stato il cliente non passa a quello scelto: aggiorna e riprova.", field="state")


def later(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later, the last one of a shorter month."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    first_of_next = datetime.date(year + month // 12, month % 12 + 1, 1)
    return min(datetime.date(year, month, 1) + datetime.timedelta(days=day.day - 1), first_of_next - datetime.timedelta(days=1))


def lapses_on(signed_on: datetime.date | None, last_collected_on: datetime.date | None) -> datetime.date | None:
    """The day after which a mandate that is not collected by no longer holds."""
    since = last_collected_on or signed_on
    return later(since, LAPSE_MONTHS) if since else None


def mandate_state(state: str, lapses: datetime.date | None, today: datetime.date) -> str:
    """The state as it is today: a living mandate past its 36 months has expired, whether or not anybody wrote it down."""
    return "expired" if state in ("active", "suspended") and lapses is not None and lapses < today else state


def refuse_mandate_problems(values: Mapping[str, Any]) -> None:
    """Raise InvalidInput for the first thing a mandate cannot have."""
    if not REFERENCE.fullmatch(str(values.get("reference") or "").strip()):
        raise InvalidInput("Il riferimento ha da 1 a 35 lettere, cifre o segni + ? / : ( ) . , ' - e spazi.", field="reference")
    for key, problem in (
        ("iban", fiscal.check_iban(str(values.get("iban") or ""))),
        ("creditor_identifier", fiscal.check_creditor_identifier(str(values.get("creditor_identifier") or ""))),
    ):
        if problem is not None:
            raise InvalidInput(problem.text, field=key, **problem.values)
    if values.get("state") in ("active", "suspended"):
        for key in ("signed_on", "iban"):
            if not values.get(key):
                raise InvalidInput("Un mandato attivo vuole la data di firma e l'IBAN.", field=key)


def check_protocol(text: str) -> Problem | None:
    """Number under which the tax agency received a letter of intent: 17 digits, a hyphen, 6 digits."""
    if not text or PROTOCOL.fullmatch(text):
        return None
    return Problem("Il protocollo ha 17 cifre, un trattino e 6 cifre: ricopialo dalla ricevuta telematica.")


def refuse_letter_problems(values: Mapping[str, Any]) -> None:
    for key, words in (("number", "Manca il numero: scrivilo."), ("issued_on", "Manca la data: scrivila.")):
        if not values.get(key):
            raise InvalidInput(words, field=key)
    if (values.get("plafond_amount") or Decimal(0)) <= 0:
        raise InvalidInput("Il plafond deve essere maggiore di zero.", field="plafond_amount")
    if not values.get("valid_from") or not values.get("valid_to") or values["valid_to"] < values["valid_from"]:
        raise InvalidInput("La validità deve finire dopo l'inizio.", field="valid_to")
    problem = check_protocol(str(values.get("protocol") or ""))
    if problem is not None:
        raise InvalidInput(problem.text, field="protocol")


def refuse_plant_code(code: str) -> None:
    if not PLANT_CODE.fullmatch(code):
        raise InvalidInput("Il codice impianto ha da 1 a 20 lettere, cifre, punti, barre o trattini.", field="code")


def stored_texts(values: Mapping[str, Any], *, codes: Iterable[str] = ()) -> dict[str, Any]:
    """Texts without outer spaces, empty ones "", codes compact and in capitals."""
    stored = {key: value.strip() if isinstance(value, str) else value for key, value in values.items()}
    return stored | {key: fiscal.compact(stored[key] or "") for key in codes if key in stored}
