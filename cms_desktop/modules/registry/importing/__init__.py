"""Lists of parties, as a target of the import engine."""

from .parties import PARTIES

TARGETS = (PARTIES,)

__all__ = ["PARTIES", "TARGETS"]
