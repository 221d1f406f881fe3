"""Password rules: length, common passwords, personal data, no reuse. The clear text never leaves this process.

Length over composition follows NIST SP 800-63B (2017, revised 2024): at least 12 characters, any, no forced symbols.
"""

from __future__ import annotations

import functools
import secrets
import unicodedata
from collections.abc import Iterable

import bcrypt

from cms_desktop.core.errors import InvalidInput

SHORTEST = 12
TRADE_WORDS = (
    "vigilanza",
    "guardia",
    "guardiagiurata",
    "salaoperativa",
    "centrale",
    "allarme",
    "password",
    "benvenuto",
    "cambiami",
    "azienda",
)


@functools.lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """The 30,000 passwords most used in published leaks (list of the zxcvbn package) and the words of the trade."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(_plain(word) for word in FREQUENCY_LISTS["passwords"]) | frozenset(TRADE_WORDS)


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def password_problem(new: str, personal: Iterable[str], old_hashes: Iterable[str], *, shortest: int = SHORTEST) -> InvalidInput | None:
    """What is wrong with a new password, None if it may be used. `personal`: names and login that it must not contain."""
    shortest = max(shortest, SHORTEST)
    if len(new) < shortest:
        return InvalidInput(
            "La password ha {n} caratteri: ne servono almeno {shortest}. Una frase va benissimo.",
            field="new",
            n=len(new),
            shortest=shortest,
        )
    plain = _plain(new)
    if len(set(plain)) < 5:
        return InvalidInput("La password ripete sempre gli stessi caratteri: scegline una più varia.", field="new")
    stem = plain.strip("0123456789")
    if plain in _common() or stem in _common():
        return InvalidInput("La password è fra le più usate: scegline una meno comune.", field="new")
    for word in personal:
        if len(_plain(word)) >= 4 and _plain(word) in plain:
            return InvalidInput("La password contiene «{word}», che ti riguarda: scegline un'altra.", field="new", word=word)
    if any(matches(new, old) for old in old_hashes):
        return InvalidInput("Hai già usato questa password: scegline una nuova.", field="new")
    return None


def _bytes(password: str) -> bytes:
    return unicodedata.normalize("NFC", password).encode()[:72]


def hash_password(password: str) -> str:
    """bcrypt hash for the history (never for logging in)."""
    return bcrypt.hashpw(_bytes(password), bcrypt.gensalt(10)).decode()


def matches(password: str, hashed: str) -> bool:
    return bcrypt.checkpw(_bytes(password), hashed.encode())


def temporary_password() -> str:
    """A password to hand over once: five groups of four letters without look-alikes."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
