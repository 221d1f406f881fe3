"""Lists that customers bring: each a target of the import engine."""

from .run import CUSTOMERS

TARGETS = (CUSTOMERS,)

__all__ = ["CUSTOMERS", "TARGETS"]
