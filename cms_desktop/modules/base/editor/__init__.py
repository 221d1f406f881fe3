"""Pages of base: company, persons, rights, fiscal tables, register of changes."""

from .audit import AuditPage
from .company import CompanyPage
from .persons import PersonPage
from .rights import RightsPage
from .security import SecurityPage
from .sessions import OpenSessionPage
from .tables import TablesPage

__all__ = ["AuditPage", "CompanyPage", "OpenSessionPage", "PersonPage", "RightsPage", "SecurityPage", "TablesPage"]
