"""Lists of parties, as a target of the import engine."""

from .parties import PARTIES
from .people import CONTACTS

TARGETS = (PARTIES, CONTACTS)

__all__ = ["CONTACTS", "PARTIES", "TARGETS"]
