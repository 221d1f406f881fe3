"""Pages of base: company, persons, rights, tables, register of changes, checks of the books."""

from .audit import AuditPage
from .company import CompanyPage
from .integrity import IntegrityPage
from .persons import PersonPage
from .rights import RightsPage
from .security import SecurityPage
from .sessions import OpenSessionPage
from .tables import TablesPage

__all__ = ["AuditPage", "CompanyPage", "IntegrityPage", "OpenSessionPage", "PersonPage", "RightsPage", "SecurityPage", "TablesPage"]
