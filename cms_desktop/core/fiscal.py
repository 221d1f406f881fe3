"""Codes of Italian fiscal and banking life: checks made while a person types, and generators for demonstration companies.

Every `check_…` takes what was typed and returns a `Problem` (what to do, and a proposed correction when there is one) or None.
An empty text is no problem here: whether a field must be filled is the form's business. Texts are Italian sources of the
translation, context ``fiscal``.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from stdnum import iban as _iban
from stdnum import luhn
from stdnum.eu import at_02, vat
from stdnum.exceptions import InvalidChecksum, InvalidComponent, ValidationError
from stdnum.it import codicefiscale, iva

EU_PREFIXES = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "EL",
        "ES",
        "FI",
        "FR",
        "HR",
        "HU",
        "IE",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
        "XI",
    ]
)
NO_RECIPIENT, FOREIGN_RECIPIENT = "0000000", "XXXXXXX"
ITALIAN_IBAN_LENGTH = 27


@dataclass(frozen=True)
class Problem:
    """What is wrong with a typed value: Italian text with `{names}` for `values`; `fix` is a value that would be right, if known."""

    text: str
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    fix: str = ""

    def __str__(self) -> str:
        return self.text.format(**self.values)


def compact(text: str) -> str:
    """The code without spaces, points and dashes, in capitals: the form in which it is stored."""
    return re.sub(r"[\s.\-\u00a0\u202f]+", "", text).upper()


# ---- partita IVA ------------------------------------------------------------------------------------------------------


def check_vat_number(text: str, country: str = "IT") -> Problem | None:
    """Partita IVA: 11 digits with check digit (Luhn) and office code; other EU countries by their own rules."""
    code = compact(text)
    if not code:
        return None
    if country != "IT":
        return _check_foreign_vat_number(code, country)
    if code.startswith("IT"):
        code = code[2:]
    if not code.isdigit():
        return Problem("La partita IVA ha solo cifre: togliere lettere e segni.", fix=_digits_that_pass(code))
    if len(code) == 10 and iva.is_valid("0" + code):
        return Problem("Manca lo zero iniziale: usare {fix}.", {"fix": "0" + code}, "0" + code)
    if len(code) != 11:
        return Problem("La partita IVA ha 11 cifre, qui sono {count}: completarla.", {"count": len(code)})
    if not luhn.is_valid(code):
        return _wrong_vat_digit(code)
    if not iva.is_valid(code):
        return Problem(
            "Le cifre dall'ottava alla decima ({office}) non sono un ufficio IVA: ricontrollare il numero.", {"office": code[7:10]}
        )
    return None


def _wrong_vat_digit(code: str) -> Problem:
    """The check digit cannot tell which digit is wrong: swapped neighbours are the likeliest, then the check digit itself."""
    candidates = [candidate for candidate in neighbour_swaps(code) if iva.is_valid(candidate)][:3]
    if not candidates and iva.is_valid(vat_number_from(code[:10])):
        fix = vat_number_from(code[:10])
        return Problem("La cifra di controllo non torna: se le prime dieci sono giuste, usare {fix}.", {"fix": fix}, fix)
    if not candidates:
        return Problem("La cifra di controllo non torna: ricontrollare il numero sul documento del cliente.")
    fix, others = candidates[0], ", ".join(candidates[1:])
    if others:
        text = "La cifra di controllo non torna, forse due cifre vicine sono scambiate: usare {fix}, oppure {others}?"
        return Problem(text, {"fix": fix, "others": others}, fix)
    return Problem("La cifra di controllo non torna, forse due cifre vicine sono scambiate: usare {fix}?", {"fix": fix}, fix)


def _check_foreign_vat_number(code: str, country: str) -> Problem | None:
    prefix = "EL" if country == "GR" else country
    if prefix not in EU_PREFIXES:
        return None if len(code) <= 28 else Problem("Il numero IVA estero ha al massimo 28 caratteri: abbreviarlo.")
    number = code if code.startswith(prefix) else prefix + code
    if vat.is_valid(number):
        return None
    return Problem("Il numero IVA non è valido per il paese {country}: ricontrollarlo o cambiare il paese.", {"country": country})


def _digits_that_pass(code: str) -> str:
    """The code with letters read as the digits they look like (O → 0, I → 1 …), if that gives a valid number."""
    candidate = re.sub(r"\D", "", code.translate(str.maketrans("OQDILZSB", "00011258")))
    return candidate if iva.is_valid(candidate) else ""


def neighbour_swaps(code: str) -> Iterator[str]:
    """Every code that differs from this one by two exchanged neighbours."""
    for place in range(len(code) - 1):
        if code[place] != code[place + 1]:
            yield code[:place] + code[place + 1] + code[place] + code[place + 2 :]


# ---- codice fiscale ---------------------------------------------------------------------------------------------------


def check_tax_code(text: str) -> Problem | None:
    """Codice fiscale: 16 characters for a person (omocodia accepted), 11 digits for a company or an association."""
    code = compact(text)
    if not code:
        return None
    return check_company_tax_code(code) if code.isdigit() else check_person_tax_code(code)


def check_company_tax_code(text: str) -> Problem | None:
    """Codice fiscale of a company: 11 digits, checked like a partita IVA (provisional ones of associations start with 8 or 9)."""
    code = compact(text)
    if not code:
        return None
    if not code.isdigit() or len(code) != 11:
        return Problem("Il codice fiscale di un ente ha 11 cifre: completarlo.")
    if luhn.is_valid(code):
        return None
    swaps = [candidate for candidate in neighbour_swaps(code) if luhn.is_valid(candidate)]
    fix = swaps[0] if len(swaps) == 1 else vat_number_from(code[:10])
    return Problem("La cifra di controllo del codice fiscale non torna: usare {fix}?", {"fix": fix}, fix)


def check_person_tax_code(text: str) -> Problem | None:
    """Codice fiscale of a person: six letters, date of birth, place, check character (DM 23/12/1976; omocodia letters accepted)."""
    code = compact(text)
    if not code:
        return None
    if len(code) != 16:
        return Problem("Il codice fiscale di una persona ha 16 caratteri, qui sono {count}: completarlo.", {"count": len(code)})
    try:
        codicefiscale.validate(code)
    except InvalidChecksum:
        return _wrong_check_character(code)
    except InvalidComponent:
        return Problem("La data di nascita nel codice fiscale non esiste: ricontrollare i caratteri da 7 a 11.")
    except ValidationError:
        fix = _unconfused(code)
        text_ = (
            "Il codice fiscale ha lettere e cifre fuori posto: usare {fix}?"
            if fix
            else ("Il codice fiscale ha lettere e cifre fuori posto: ricopiarlo dalla tessera sanitaria.")
        )
        return Problem(text_, {"fix": fix} if fix else {}, fix)
    return None


def _wrong_check_character(code: str) -> Problem:
    swaps = [candidate for candidate in neighbour_swaps(code) if codicefiscale.is_valid(candidate)]
    fix = swaps[0] if len(swaps) == 1 else code[:15] + codicefiscale.calc_check_digit(code[:15])
    if not codicefiscale.is_valid(fix):
        return Problem("Il codice fiscale non torna in più punti: ricopiarlo dalla tessera sanitaria.")
    return Problem("Il carattere di controllo non torna: usare {fix}?", {"fix": fix}, fix)


def _unconfused(code: str) -> str:
    """Letters where digits belong and the other way round, put right (O/0, I/1), if the result is valid."""
    letters, digits = str.maketrans("015", "OIS"), str.maketrans("OI", "01")
    places = "LLLLLLDDLDDLDDDL"
    candidate = "".join(sign.translate(letters if place == "L" else digits) for sign, place in zip(code, places, strict=True))
    return candidate if candidate != code and codicefiscale.is_valid(candidate) else ""


# ---- IBAN -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BankCoordinates:
    """The parts of an Italian (or San Marino) IBAN."""

    cin: str
    abi: str
    cab: str
    account: str


def bank_coordinates(iban: str) -> BankCoordinates | None:
    """CIN, ABI, CAB and account of an Italian or San Marino IBAN; None for another country or a wrong length."""
    code = compact(iban)
    if code[:2] not in ("IT", "SM") or len(code) != ITALIAN_IBAN_LENGTH:
        return None
    return BankCoordinates(code[4], code[5:10], code[10:15], code[15:])


def check_iban(text: str) -> Problem | None:
    """IBAN: country length and form, ISO 7064 check digits, and for Italy and San Marino the CIN; spaces are welcome."""
    code = compact(text)
    if not code:
        return None
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+", code):
        return Problem("L'IBAN comincia con due lettere del paese e due cifre, per esempio IT60: ricontrollarlo.")
    is_italian = code[:2] in ("IT", "SM")
    if is_italian and len(code) != ITALIAN_IBAN_LENGTH:
        return Problem("L'IBAN italiano ha 27 caratteri, qui sono {count}: completarlo.", {"count": len(code)})
    if _is_right_iban(code):
        return None
    candidates = [code[:2] + _iban.calc_check_digits(code) + code[4:]] if is_italian and _has_right_cin(code) else []
    candidates = [candidate for candidate in (*neighbour_swaps(code), *_look_alikes(code)) if _is_right_iban(candidate)] or candidates
    if len(set(candidates)) == 1:
        fix = candidates[0]
        return Problem("Le cifre di controllo dell'IBAN non tornano: usare {fix}?", {"fix": _iban.format(fix)}, fix)
    if is_italian and not _has_right_cin(code):
        return Problem("La lettera CIN non corrisponde ad ABI, CAB e conto: ricopiare l'IBAN dalla banca.")
    return Problem("Le cifre di controllo dell'IBAN non tornano: ricopiarlo dalla banca.")


def _is_right_iban(code: str) -> bool:
    return _iban.is_valid(code) and (code[:2] not in ("IT", "SM") or _has_right_cin(code))


def _has_right_cin(code: str) -> bool:
    return cin_of(code[5:]) == code[4]


def _look_alikes(code: str) -> Iterator[str]:
    """The code with one sign read as the one it looks like."""
    pairs = {"O": "0", "0": "O", "I": "1", "1": "I", "S": "5", "5": "S", "B": "8", "8": "B"}
    for place, sign in enumerate(code):
        if sign in pairs:
            yield code[:place] + pairs[sign] + code[place + 1 :]


def cin_of(bank_account: str) -> str:
    """CIN of the 22 characters ABI + CAB + account. The weights are those of the codice fiscale."""
    return str(codicefiscale.calc_check_digit(bank_account))


# ---- addresses, recipients, bank codes --------------------------------------------------------------------------------

_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
)


def check_email(text: str) -> Problem | None:
    """E-mail or PEC: name, one @, a domain with a point; no spaces, no accents."""
    address = text.strip()
    if not address or (_EMAIL.fullmatch(address) and len(address) <= 256):
        return None
    fix = re.sub(r"\s+", "", address).strip(".,;:<>").replace(",", ".")
    fix = fix.removeprefix("mailto:")
    fix = fix if fix != address and _EMAIL.fullmatch(fix) else ""
    if fix:
        return Problem("L'indirizzo ha segni di troppo: usare {fix}?", {"fix": fix}, fix)
    return Problem("L'indirizzo e-mail va scritto come nome@dominio.it: ricontrollarlo.")


def check_recipient_code(text: str, *, is_public_body: bool = False, country: str = "IT") -> Problem | None:
    """Codice destinatario SdI: 7 characters for private customers, 6 for public offices, XXXXXXX only for foreign customers."""
    code = text.strip()
    if not code:
        return None
    if code != compact(code):
        fix = compact(code)
        return Problem("Il codice destinatario ha solo lettere maiuscole e cifre: usare {fix}.", {"fix": fix}, fix)
    if not code.isascii() or not code.isalnum():
        return Problem("Il codice destinatario ha solo lettere maiuscole e cifre: ricontrollarlo.")
    if is_public_body:
        return None if len(code) == 6 else Problem("Il codice univoco di un ufficio pubblico ha 6 caratteri: cercarlo su indicepa.gov.it.")
    if set(code) == {"0"} and len(code) != 7:
        return Problem("Senza codice destinatario usare sette zeri.", fix=NO_RECIPIENT)
    if set(code) == {"X"} and country != "IT" and len(code) != 7:
        return Problem("Per i clienti esteri usare sette X.", fix=FOREIGN_RECIPIENT)
    if len(code) != 7:
        return Problem("Il codice destinatario di un privato ha 7 caratteri, qui sono {count}: completarlo.", {"count": len(code)})
    if code == FOREIGN_RECIPIENT and country == "IT":
        return Problem("XXXXXXX vale solo per clienti esteri: per un cliente italiano usare 0000000.", fix=NO_RECIPIENT)
    return None


def check_postcode(text: str, country: str = "IT") -> Problem | None:
    """CAP: five digits in Italy; a foreign post code is free."""
    code = text.strip()
    if not code or country != "IT" or re.fullmatch(r"[0-9]{5}", code):
        return None
    fix = code.zfill(5) if code.isdigit() and len(code) in (3, 4) else ""
    if fix:
        return Problem("Il CAP ha 5 cifre: usare {fix}?", {"fix": fix}, fix)
    return Problem("Il CAP ha 5 cifre: ricontrollarlo.")


def check_sia_code(text: str) -> Problem | None:
    """SIA code of the company in bank files: five letters or digits, given by the bank."""
    code = compact(text)
    if not code or re.fullmatch(r"[A-Z0-9]{5}", code):
        return None
    return Problem("Il codice SIA ha 5 lettere o cifre: chiederlo alla banca.")


def check_creditor_identifier(text: str) -> Problem | None:
    """SEPA creditor identifier: IT, two check digits, business code, 16 characters of tax code; other countries by the same rule."""
    code = compact(text)
    if not code:
        return None
    if code.startswith("IT") and len(code) != 23:
        return Problem("L'identificativo del creditore ha 23 caratteri, qui sono {count}: completarlo.", {"count": len(code)})
    if at_02.is_valid(code):
        return None
    if re.fullmatch(r"[A-Z]{2}[A-Z0-9]{2}[A-Z0-9]{4,31}", code):
        fix = code[:2] + at_02.calc_check_digits(code) + code[4:]
        return Problem("Le cifre di controllo dell'identificativo non tornano: usare {fix}?", {"fix": fix}, fix)
    return Problem("L'identificativo del creditore è scritto come IT19ZZZ0000000743110157: ricontrollarlo.")


# ---- generators -------------------------------------------------------------------------------------------------------


def vat_number_from(ten_digits: str) -> str:
    """The partita IVA of ten digits: their check digit is added."""
    return ten_digits + str(luhn.calc_check_digit(ten_digits))


def italian_iban(abi: str, cab: str, account: str) -> str:
    """The IBAN of an Italian account: CIN and check digits computed, the account filled with zeros to 12 characters."""
    bank_account = abi.zfill(5) + cab.zfill(5) + compact(account).zfill(12)
    bban = cin_of(bank_account) + bank_account
    return f"IT{_iban.calc_check_digits('IT00' + bban)}{bban}"


def creditor_identifier(tax_code: str, business_code: str = "ZZZ") -> str:
    """The Italian creditor identifier of a codice fiscale or partita IVA."""
    national = compact(tax_code).zfill(16)
    return f"IT{at_02.calc_check_digits('IT00' + business_code + national)}{business_code}{national}"


def tax_code_for(surname: str, name: str, birth: datetime.date, sex: str, cadastral_code: str) -> str:
    """Codice fiscale of a person (DM 23/12/1976); `sex` is M or F, `cadastral_code` the Belfiore code of the place of birth."""
    day = birth.day + (40 if sex.upper() == "F" else 0)
    month = "ABCDEHLMPRST"[birth.month - 1]
    first = (
        f"{_three_letters(surname)}{_three_letters(name, _name_consonants)}{birth.year % 100:02d}{month}{day:02d}{cadastral_code.upper()}"
    )
    return first + str(codicefiscale.calc_check_digit(first))


def _name_consonants(consonants: str) -> str:
    return consonants[0] + consonants[2:] if len(consonants) >= 4 else consonants


def _three_letters(text: str, choose: Callable[[str], str] = str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().upper()
    letters = [letter for letter in plain if letter.isalpha()]
    vowels = "".join(letter for letter in letters if letter in "AEIOU")
    return (choose("".join(letter for letter in letters if letter not in "AEIOU")) + vowels + "XXX")[:3]
