"""What base shows: persons and rights, company and fiscal tables, the register of changes, the dashboard. SELECT only."""

from .audit import changes_of, changes_on, history_of, list_audit, sum_audit
from .figures import find_figures, opened_between, persons_expiring, persons_in_state, persons_never_in, persons_online
from .persons import (
    explain,
    find_matrix,
    find_person,
    list_admissible,
    list_persons,
    list_sessions,
    my_functions,
    sum_persons,
    sum_sessions,
)
from .security import find_screen_lock
from .settings import (
    find_company,
    find_parameter,
    list_bank_accounts,
    list_document_series,
    list_parameters,
    list_payment_terms,
    list_vat_codes,
)

__all__ = [
    "changes_of",
    "changes_on",
    "explain",
    "find_company",
    "find_figures",
    "find_matrix",
    "find_parameter",
    "find_person",
    "find_screen_lock",
    "history_of",
    "list_admissible",
    "list_audit",
    "list_bank_accounts",
    "list_document_series",
    "list_parameters",
    "list_payment_terms",
    "list_persons",
    "list_sessions",
    "list_vat_codes",
    "my_functions",
    "opened_between",
    "persons_expiring",
    "persons_in_state",
    "persons_never_in",
    "persons_online",
    "sum_audit",
    "sum_persons",
    "sum_sessions",
]
