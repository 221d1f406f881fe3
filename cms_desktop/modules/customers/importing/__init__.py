"""Lists that customers bring: each a target of the import engine."""

from cms_desktop.modules.registry.importing import PARTIES

from .contacts import CONTACTS
from .contracts import CONTRACTS
from .mandates import MANDATES
from .papers import APPOINTMENTS, LETTERS
from .run import CUSTOMERS
from .service_types import SERVICE_TYPES
from .site_things import KEYS, PLANTS
from .sites import SITES

TARGETS = (CUSTOMERS, CONTRACTS, SERVICE_TYPES, SITES, PLANTS, KEYS, MANDATES, LETTERS, APPOINTMENTS, CONTACTS, PARTIES)

__all__ = [
    "APPOINTMENTS", "CONTACTS", "CONTRACTS", "CUSTOMERS", "KEYS", "LETTERS", "MANDATES", "PLANTS", "SERVICE_TYPES", "SITES", "TARGETS",
]  # fmt: skip
