"""What Registry hands to the screens."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Town:
    """A municipality with its postal codes (several for a large one)."""

    istat_code: str
    name: str
    province_code: str
    postal_codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class KnownParty:
    """A party that has the same partita IVA or codice fiscale."""

    party_id: int
    name: str
    town: str
