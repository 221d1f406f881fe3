"""Lists that customers bring: each a target of the import engine."""

from cms_desktop.modules.registry.importing import PARTIES

from .contacts import CONTACTS
from .contracts import CONTRACTS
from .mandates import MANDATES
from .run import CUSTOMERS
from .sites import SITES

TARGETS = (CUSTOMERS, CONTRACTS, SITES, MANDATES, CONTACTS, PARTIES)

__all__ = ["CONTACTS", "CONTRACTS", "CUSTOMERS", "MANDATES", "SITES", "TARGETS"]
